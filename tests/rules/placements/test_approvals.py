"""Approvals for a time: what they make longer, and what not (LAW-009 to LAW-011, D15, G1)."""

from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from tests.builders import at
from tests.rules.placements.homes import act, due, run_to, standing, told, view
from tests.rules.placements.kin import refused, staying

START = at("2031-03-06 10:00")
JUNE = at("2031-06-20 10:00")
WHOLE: dict[str, Any] = {"nominated_officer": "2031-06-20", "panel_views": "2031-06-18", "iro_told": True}
CLOCK = "temporary_approval"


def hackney(**details: Any) -> Any:  # noqa: ANN401 - a placement, from any field
    """A child with a connected person in Hackney since 6 March 2031."""
    return staying("hackney", details.pop("now", START), **{"regulation_24": None, "legal_status": "V2", **details})


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2011-03-31", "2011-05-12 17:00"),
        ("2011-04-01", "2011-07-22 17:00"),
        ("2031-03-06", "2031-06-26 17:00"),
        ("2031-11-09", "2032-02-29 17:00"),
    ],
)
def test_the_period_is_that_of_the_law_on_the_day_of_the_start(start: str, end: str) -> None:
    state = hackney(now=at(f"{max(start, '2031-03-06')} 10:00"), started_at=start, looked_after_since=start)
    assert due(state, CLOCK) == end


def test_it_warns_and_then_comes_to_the_head_of_service_and_the_child_stays() -> None:
    state = hackney()
    run_to(state, at("2031-05-29 17:00"))
    assert standing(state, CLOCK) == "warned"
    before = state.sequence
    run_to(state, at("2031-06-26 17:00"))
    assert standing(state, CLOCK) == "breached"
    assert "head_of_service" in told(state, before)
    assert (str(state.stage), state.outcome) == ("active", None)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ({}, "2031-08-21 17:00"),
        ({"weeks": 8}, "2031-08-21 17:00"),
        ({"weeks": 1}, "2031-07-03 17:00"),
        ({"ends": "2031-06-27"}, "2031-06-27 17:00"),
        ({"until": "2031-08-21"}, "2031-08-21 17:00"),
    ],
)
def test_an_extension_moves_the_end_by_eight_weeks_at_most(said: dict[str, Any], end: str) -> None:
    state = hackney()
    act(state, "extend_approval", JUNE, "head_of_service", **WHOLE, **said)
    assert (due(state, CLOCK), standing(state, CLOCK)) == (end, "running")


@pytest.mark.parametrize("said", [{"weeks": 9}, {"ends": "2031-08-22"}, {"ends": "2031-06-26"}])
def test_more_or_less_than_that_is_refused(said: dict[str, Any]) -> None:
    refused(RefusalCode.OVER_LIMIT, "LAW-010", hackney(), "extend_approval", JUNE, "head_of_service", **WHOLE, **said)


@pytest.mark.parametrize("missing", list(WHOLE))
def test_each_condition_of_an_extension_is_asked(missing: str) -> None:
    said = {key: value for key, value in WHOLE.items() if key != missing}
    refused(RefusalCode.INCOMPLETE, "LAW-010", hackney(), "extend_approval", JUNE, "head_of_service", **said)


def test_the_nominated_officer_who_extends_it_approves_it_by_that() -> None:
    state = hackney()
    said = {key: value for key, value in WHOLE.items() if key != "nominated_officer"}
    act(state, "extend_approval", JUNE, "agency_decision_maker", **said)
    assert due(state, CLOCK) == "2031-08-21 17:00"
    other = hackney()
    act(other, "extend_approval", JUNE, "head_of_service", approved_by="nominated_officer", by_weeks=8, **said)
    assert due(other, CLOCK) == "2031-08-21 17:00"


def test_it_is_extended_once_and_not_when_it_has_run_out() -> None:
    state = hackney()
    act(state, "extend_approval", JUNE, "head_of_service", weeks=2, **WHOLE)
    refused(RefusalCode.PROHIBITED, "LAW-010", state, "extend_approval", JUNE, "head_of_service", **WHOLE)
    late = hackney()
    run_to(late, at("2031-06-26 17:00"))
    refused(
        RefusalCode.PROHIBITED, "LAW-010", late, "extend_approval", at("2031-06-26 17:01"), "head_of_service", **WHOLE
    )


def test_the_six_weeks_of_2002_and_what_is_no_temporary_approval_cannot_be_extended() -> None:
    old = hackney(started_at="2011-03-31", looked_after_since="2011-03-31")
    refused(RefusalCode.PROHIBITED, "LAW-011", old, "extend_approval", START, "head_of_service", **WHOLE)
    full = hackney(approval={"kind": "full"})
    refused(RefusalCode.ILLEGAL_MOVE, "LAW-010", full, "extend_approval", JUNE, "head_of_service", **WHOLE)


def test_an_interim_approval_makes_nothing_longer_and_counts_as_a_review() -> None:
    state = hackney()
    before = due(state, CLOCK)
    act(state, "grant_interim_approval", at("2031-04-16 12:00"), "panel_manager", ends=date(2031, 12, 31).isoformat())
    assert due(state, CLOCK) == before
    assert any("does not make the period" in flag for flag in view(state, at("2031-04-16 12:00")).flags)
    assert due(state, "kinship_review") == "2031-05-21 17:00"
    act(state, "grant_interim_approval", at("2031-04-16 13:00"), "panel_manager", review_on="2031-06-30", note="Kept.")
    assert due(state, "kinship_review") == "2031-06-18 17:00"
    ahead = {"since": "2031-04-18"}
    refused(
        RefusalCode.INVALID,
        "HAC-282",
        state,
        "grant_interim_approval",
        at("2031-04-16 12:00"),
        "panel_manager",
        **ahead,
    )


def test_a_carer_who_is_approved_needs_no_temporary_approval_any_more() -> None:
    state = hackney()
    act(state, "record_check", JUNE, check="carer_approval", result="refused")
    assert state.clocks[CLOCK].ticking
    act(state, "record_check", JUNE, check="carer_approval")
    assert standing(state, CLOCK) == "met"


def test_an_emergency_approval_lapses_at_the_next_panel_into_people_and_a_flag_for_finance() -> None:
    approval = {"kind": "emergency", "since": "2031-03-06T18:00:00"}
    state = staying(now=at("2031-03-06 18:00"), type="u6", regulation_24=None, approval=approval)
    assert due(state, "emergency_approval") == "2031-03-11 17:00"
    run_to(state, at("2031-03-11 17:00"))
    assert any(flag.startswith("Finance") for flag in state.flags)
    assert (str(state.stage), state.escalated) == ("active", True)
    act(state, "grant_interim_approval", at("2031-03-12 09:00"), "head_of_service", kind="full")
    assert standing(state, "emergency_approval") == "stopped"
    assert not any(flag.startswith("Finance") for flag in state.flags)
