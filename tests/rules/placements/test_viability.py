"""The two gates of a Regulation 24 placement, and what makes one (HIL-097 to HIL-104)."""

from typing import Any

import pytest

from models.errors import RefusalCode
from models.vocabulary import Priority
from tests.builders import at
from tests.rules.placements.homes import act, due, run_to, standing, told, view
from tests.rules.placements.kin import FRIDAY, not_started, refused, staying

CLOCK = "viability_assessment"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2031-03-07 18:30", "2031-03-08 18:30"),
        ("2031-03-29 18:00", "2031-03-30 19:00"),
        ("2031-10-25 18:00", "2031-10-26 17:00"),
        ("2031-12-31 23:59", "2032-01-01 23:59"),
        ("2032-02-28 12:00", "2032-02-29 12:00"),
        ("2032-02-29 12:00", "2032-03-01 12:00"),
    ],
)
def test_the_written_assessment_has_24_hours_that_elapse(start: str, end: str) -> None:
    state = staying(now=at(start))
    assert due(state, CLOCK) == end
    run_to(state, state.clocks[CLOCK].due)
    assert standing(state, CLOCK) == "breached"
    assert (str(state.stage), state.escalated) == ("active", True)


def test_a_day_alone_counts_from_its_midnight_and_today_from_now() -> None:
    assert due(staying(now=FRIDAY, started_at="2031-03-07"), CLOCK) == "2031-03-08 18:30"
    assert due(staying(now=at("2031-03-08 00:00"), started_at="2031-03-07"), CLOCK) == "2031-03-08 00:00"
    assert due(staying(now=at("2031-03-07 18:30"), started_at="2031-03-07T10:00:00+00:00"), CLOCK) == "2031-03-08 10:00"


def test_what_nobody_recorded_for_24_hours_counts_from_its_discovery() -> None:
    just = staying(started_at="2031-03-06T18:30:00")
    late = staying(started_at="2031-03-06T18:29:00")
    assert (due(just, CLOCK), due(late, CLOCK)) == ("2031-03-07 18:30", "2031-03-08 18:30")
    assert not any("Discovered late" in flag for flag in view(just, FRIDAY).flags)
    assert any("Discovered late" in flag for flag in view(late, FRIDAY).flags)


def test_what_was_identified_before_it_was_recorded_counts_from_then() -> None:
    state = staying(started_at="2031-03-01", identified_at="2031-03-07T12:00:00")
    assert due(state, CLOCK) == "2031-03-08 12:00"
    assert (
        due(staying(started_at="2031-03-07T10:00:00", identified_at="2031-03-07T12:00:00"), CLOCK) == "2031-03-08 10:00"
    )
    assert due(staying(started_at="2031-03-01", identified_at="2031-03-09"), CLOCK) == "2031-03-08 18:30"


def test_an_assessment_from_before_the_stay_meets_the_clock_at_once() -> None:
    state = staying(viability_filed_at="2031-03-07T12:00:00")
    assert standing(state, CLOCK) == "met"
    not_started(RefusalCode.INVALID, "HIL-102", viability_filed_at="2031-03-08T12:00:00")


def test_an_assessment_that_finds_carers_unsuitable_is_told_and_moves_nobody() -> None:
    state = staying()
    before = state.sequence
    act(state, "file_viability", at("2031-03-08 09:00"), suitable=False)
    assert standing(state, CLOCK) == "met"
    assert {"team_manager", "head_of_service"} <= told(state, before)
    assert str(state.stage) == "active"


@pytest.mark.parametrize("answer", ["refuse", "police_protection", "legal_advice"])
def test_what_the_service_would_refuse_the_parent_makes_it_regulation_24(answer: str) -> None:
    state = staying(regulation_24=None, if_parent_asked=["support", answer])
    assert state.facts["placement.regulation_24"] is True
    assert state.facts["child.looked_after"] is True
    assert state.facts["carer.connected_person"] is True


@pytest.mark.parametrize("field", ["would_refuse", "would_seek_police_protection", "would_seek_legal_advice"])
def test_each_answer_may_be_a_field_of_its_own(field: str) -> None:
    for said in (True, False):
        answer: dict[str, Any] = {"regulation_24": None, field: said}
        assert (CLOCK in staying(**answer).clocks) is said


def test_support_makes_it_the_familys_own_arrangement() -> None:
    state = staying(regulation_24=None, would_support_return=True)
    assert state.facts["child.looked_after"] is False
    assert CLOCK not in state.clocks
    assert staying(regulation_24=None, would_support_return=False).facts["placement.regulation_24"] is True


def test_the_question_is_asked_of_family_only() -> None:
    assert "placement.regulation_24" not in staying(type="u6", regulation_24=None, if_parent_asked="refuse").facts
    unknown = staying(type=None, regulation_24=None, if_parent_asked="refuse")
    assert unknown.facts["placement.regulation_24"] is True
    assert unknown.facts["proposal.kind"] == "connected_person"


def test_without_an_answer_the_question_stays_in_sight() -> None:
    state = staying(regulation_24=None)
    assert any("what would the service do" in flag for flag in view(state, FRIDAY).flags)
    act(state, "change_terms", at("2031-03-07 19:00"), if_parent_asked="support")
    assert not any("what would the service do" in flag for flag in view(state, FRIDAY).flags)


def test_the_written_assessment_names_the_carers_too() -> None:
    state = staying(carer=None)
    assert standing(state, "carers_identified") == "running"
    act(state, "file_viability", at("2031-03-08 09:00"))
    assert standing(state, "carers_identified") == "met"


def test_police_protection_makes_it_an_emergency() -> None:
    assert staying().priority is Priority.HIGH
    state = staying(police_protection=True)
    assert state.priority is Priority.EMERGENCY
    assert {"social_worker", "team_manager", "head_of_service", "director"} <= told(state)


def test_a_stay_that_lies_ahead_passes_the_first_gate_and_the_director() -> None:
    ahead: dict[str, Any] = {"started_at": "2031-03-10T12:00:00"}
    not_started(RefusalCode.INCOMPLETE, "HIL-102", **ahead)
    not_started(RefusalCode.INCOMPLETE, "HIL-102", suitability=False, **ahead)
    not_started(RefusalCode.INCOMPLETE, "HIL-099", suitability="2031-03-07", **ahead)
    state = staying(suitability={"approved": True}, director_consent={"by": "director_delegate"}, **ahead)
    assert str(state.stage) == "planned"
    assert str(staying(emergency=True, **ahead).stage) == "planned"


def test_a_child_who_is_there_already_is_recorded_and_the_first_gate_shown() -> None:
    state = staying()
    assert any("judged suitable and approved" in flag for flag in view(state, FRIDAY).flags)
    refused(
        RefusalCode.NOT_AUTHORISED,
        "HIL-102",
        state,
        "record_check",
        FRIDAY,
        "social_worker",
        check="suitability",
    )
    act(state, "record_check", FRIDAY, "team_manager", check="suitability", result="unsuitable")
    assert state.facts["suitability.approved"] is False
    act(state, "record_check", FRIDAY, "team_manager", check="initial_viability")
    assert not any("judged suitable and approved" in flag for flag in view(state, FRIDAY).flags)


def test_a_planned_stay_begins_when_its_time_comes_and_tells_the_episode_then() -> None:
    state = staying(started_at="2031-03-10T12:00:00", emergency=True)
    assert state.undelivered == []
    run_to(state, at("2031-03-10 12:00"))
    assert str(state.stage) == "active"
    said, status = [one.word for one in state.undelivered if one.word is not None]
    assert status.facts == {"status": "looked_after", "since": "2031-03-10"}
    assert (said.what, said.facts["regulation_24"], said.facts["looked_after_since"]) == (
        "placement_started",
        True,
        "2031-03-10",
    )
    refused(
        RefusalCode.ILLEGAL_MOVE,
        None,
        state,
        "change_terms",
        at("2031-03-10 13:00"),
        "social_worker",
        started_at="2031-03-12",
    )


def test_a_planned_stay_that_moves_takes_its_clocks_along() -> None:
    state = staying(started_at="2031-03-10T12:00:00", emergency=True)
    act(state, "change_terms", FRIDAY, started_at="2031-03-12T09:00:00")
    assert (due(state, "placement_start"), due(state, CLOCK)) == ("2031-03-12 09:00", "2031-03-13 09:00")
    act(state, "change_terms", FRIDAY, emergency=True)
    assert due(state, "placement_start") == "2031-03-12 09:00"


def test_somebody_waits_even_when_nothing_is_due() -> None:
    quiet = staying("hertfordshire", type="u6", regulation_24=None, looked_after=False)
    assert view(quiet, FRIDAY).waiting_on == "social_worker"
    assert view(staying(), FRIDAY).waiting_on == "social_worker"
    asked = staying(viability_filed_at="2031-03-07", section_20=[{"person": "M-1", "capacity": True, "consent": True}])
    assert view(asked, FRIDAY).waiting_on == "team_manager"
    act(quiet, "end_placement", FRIDAY)
    assert view(quiet, FRIDAY).waiting_on is None
