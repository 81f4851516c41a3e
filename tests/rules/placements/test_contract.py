"""Contracts end, are renewed and change; a placement ends by a person's act (CBC-012, CBC-039 to CBC-127, HRW-092)."""

from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode, Refused
from models.placement import ChangeTerms, PlacementState
from rules.placements.contract import terms_agreed
from tests.builders import at
from tests.rules.placements.homes import BEDFORDSHIRE, MONDAY, act, due, placed, run_to, standing, told, view, word

PANEL = "access_to_resources_panel"


def contracted(ends: str, **details: Any) -> PlacementState:  # noqa: ANN401 - any field
    """A placement of Central Bedfordshire's under a contract."""
    return placed(BEDFORDSHIRE, post="resources_team", contract={"ends": ends}, **details)


def refused(code: RefusalCode, rule: str | None, state: PlacementState, name: str, post: str, **details: Any) -> None:  # noqa: ANN401 - any field
    """An act is refused so, and changes nothing."""
    before = state.model_copy(deep=True)
    with pytest.raises(Refused) as found:
        act(state, name, at("2031-03-04 09:00"), post, **details)
    assert (found.value.code, found.value.rule) == (code, rule)
    assert state == before


def test_who_is_placed_is_told_to_finance_and_to_the_panel_administrator() -> None:
    assert {"finance_officer", "panel_administrator"} <= told(contracted("2031-12-31"))


def test_a_contract_comes_to_the_last_panel_that_is_eight_weeks_before_its_end() -> None:
    state = contracted("2031-07-01")  # eight weeks before is Tuesday 6 May, a panel day; Monday 5 May is a bank holiday
    assert due(state, "contract_listing") == "2031-04-29 09:00"
    assert due(state, "contract_end") == "2031-07-01 17:00"
    assert view(state, MONDAY).sitting == date(2031, 5, 6)
    run_to(state, at("2031-04-29 08:59"))
    assert state.proposals == []
    before = state.sequence
    run_to(state, at("2031-04-29 09:00"))
    assert [(one.forum, one.sitting) for one in state.proposals] == [(PANEL, date(2031, 5, 6))]
    assert view(state, at("2031-04-29 09:00")).sitting == date(2031, 5, 6)
    assert {"social_worker", "supervising_manager", "resources_team"} <= told(state, before)


def test_a_day_too_late_for_one_panel_is_the_panel_before() -> None:
    assert due(contracted("2031-06-30"), "contract_listing") == "2031-04-23 09:00"


def test_a_contract_with_fewer_than_eight_weeks_left_comes_to_the_next_panel() -> None:
    state = contracted("2031-04-20")
    assert due(state, "contract_listing") == "2031-02-26 09:00"
    run_to(state, MONDAY)
    assert [(one.forum, one.sitting) for one in state.proposals] == [(PANEL, date(2031, 3, 4))]


def test_a_renewal_withdraws_the_question_and_starts_the_clocks_anew() -> None:
    state = contracted("2031-04-20")
    run_to(state, MONDAY)
    act(state, "renew_contract", at("2031-03-04 09:00"), "commissioner", contract_ends="2032-04-25")
    assert standing(state, "referral:contract_listing") == "met"
    assert [one.answer for one in state.proposals] == ["not"]
    assert due(state, "contract_listing") == "2032-02-18 09:00"  # leap day lies between it and the end
    act(state, "renew_contract", at("2031-03-05 09:00"), "commissioner", ends="2033-04-25", weekly_cost=4_000)
    assert state.facts["contract.renewals"] == 2


def test_a_contract_that_runs_out_warns_and_climbs_and_ends_nothing() -> None:
    state = contracted("2031-07-01")
    run_to(state, at("2031-05-06 17:00"))
    assert standing(state, "contract_end") == "warned"
    run_to(state, at("2031-07-01 17:00"))
    assert standing(state, "contract_end") == "breached"
    assert "finance_officer" in told(state)
    run_to(state, at("2031-07-08 17:00"))
    assert "director" in told(state)
    assert (state.stage, state.outcome) == ("active", None)


def test_a_renewal_says_until_when_and_that_is_later() -> None:
    state = contracted("2031-07-01")
    refused(RefusalCode.INCOMPLETE, None, state, "renew_contract", "commissioner")
    refused(RefusalCode.INVALID, None, state, "renew_contract", "commissioner", ends="2031-07-01")
    act(placed(BEDFORDSHIRE, contract=None), "renew_contract", MONDAY, "commissioner", ends="2031-07-01")


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"terms": ["notice_period"]}, "CBC-122"),
        ({"notice_period": "28 days"}, "CBC-122"),
        ({"contract": {"notice_period": "four weeks"}}, "CBC-122"),
        ({"term": {"notice_period": "P4W"}, "summary": "Agreed."}, "CBC-122"),
        ({"terms": ["added_therapy"]}, "CBC-123"),
        ({"contract": {"extras": ["mentoring"]}}, "CBC-123"),
    ],
)
def test_social_workers_never_agree_notice_periods_or_extra_support(said: dict[str, Any], rule: str) -> None:
    state = contracted("2031-12-31")
    refused(RefusalCode.PROHIBITED, rule, state, "change_terms", "social_worker", **said)
    refused(RefusalCode.NOT_AUTHORISED, "CBC-124", state, "change_terms", "supervising_manager", **said)
    before = state.sequence
    act(state, "change_terms", MONDAY, "commissioner", **said)
    assert {"resources_team", "finance_officer"} <= told(state, before)


def test_a_therapy_that_the_panel_specified_may_be_put_in_place() -> None:
    act(contracted("2031-12-31"), "change_terms", MONDAY, terms=["added_therapy"], specified_by_panel=True)


def test_terms_by_the_words_that_people_use() -> None:
    said = ChangeTerms.model_validate({"terms": ["Notice", "school run"], "type": "u4", "contract_ends": "2032-01-01"})
    assert terms_agreed(said) == ("notice_period", "school_run", "contract_end", "long_term")


def test_a_change_stands_in_mosaic_by_the_next_working_day_and_a_second_does_not_put_it_off() -> None:
    state = contracted("2031-12-31")
    assert "mosaic_update" not in state.clocks
    act(state, "change_terms", at("2031-04-10 09:00"), contract={"weekly_cost": 900})
    assert due(state, "mosaic_update") == "2031-04-15 17:00"
    act(state, "change_terms", at("2031-04-15 09:00"), contract={"weekly_cost": 950})
    assert due(state, "mosaic_update") == "2031-04-15 17:00"
    run_to(state, at("2031-04-15 17:00"))
    assert standing(state, "mosaic_update") == "breached"
    act(state, "record_check", at("2031-04-16 09:00"), "resources_team", check="mosaic_updated")
    assert standing(state, "mosaic_update") == "met"


def test_an_end_is_told_at_once_and_only_mosaic_is_watched_after_it() -> None:
    state = contracted("2031-07-01")
    before = state.sequence
    act(state, "end_placement", at("2031-03-07 15:00"), ended_on="2031-03-06", outcome="returned_home")
    assert {"resources_team", "finance_officer"} <= told(state, before)
    assert (state.stage, state.outcome) == ("ended", "returned_home")
    assert [name for name, clock in state.clocks.items() if clock.ticking] == ["mosaic_update"]
    seen = view(state, at("2031-03-07 15:00"))
    assert (seen.open, seen.waiting_on, "record_check" in seen.next_acts) == (False, "resources_team", True)
    run_to(state, at("2031-03-10 17:00"))
    assert standing(state, "mosaic_update") == "breached"
    act(state, "record_check", at("2031-03-11 09:00"), "resources_team", check="mosaic")
    assert state.next_deadline is None
    assert "record_check" not in view(state, at("2031-03-11 09:00")).next_acts
    with pytest.raises(Refused):
        act(state, "record_check", at("2031-03-11 09:00"), "resources_team", check="mosaic")


@pytest.mark.parametrize("day", ["2031-03-05", "2031-03-02"])
def test_an_end_has_come_and_lies_after_the_beginning(day: str) -> None:
    refused(RefusalCode.INVALID, None, contracted("2031-07-01"), "end_placement", "social_worker", ended_on=day)


def planned() -> PlacementState:
    """A placement that begins in a fortnight."""
    return contracted("2031-12-31", started_at="2031-03-17T10:00:00")


def test_a_plan_that_falls_through_is_ended_before_its_day_and_never_starts() -> None:
    state = planned()
    before = state.sequence
    act(state, "end_placement", at("2031-03-07 15:00"), reasons="The home has no room.")
    assert (state.stage, state.outcome) == ("ended", "ended")
    assert {"resources_team", "finance_officer"} == told(state, before)
    assert [name for name, clock in state.clocks.items() if clock.ticking] == ["mosaic_update"]
    before = state.sequence
    act(state, "record_check", at("2031-03-10 09:00"), "resources_team", check="mosaic")
    run_to(state, at("2032-03-17 10:00"))
    assert (state.stage, state.episode_told, told(state, before)) == ("ended", False, set())
    assert state.undelivered == []
    assert "placement_started" not in {entry.what for entry in state.unrecorded}


def test_a_plan_that_falls_through_is_told_where_it_was_known() -> None:
    state = planned()
    act(state, "change_terms", at("2031-03-04 09:00"), contract={"weekly_cost": 900})
    act(state, "end_placement", at("2031-03-07 15:00"))
    assert [one.word.what for one in state.undelivered if one.word] == ["placement_changed", "placement_ended"]


def test_an_emergency_approval_lasts_until_the_next_panel_and_its_lapse_ends_nothing() -> None:
    state = contracted("2032-07-01", emergency=True)
    assert due(state, "emergency_approval") == "2031-03-04 17:00"
    before = state.sequence
    run_to(state, at("2031-03-04 17:00"))
    assert {"finance_officer", "head_of_service", "director"} <= told(state, before)
    assert standing(state, "emergency_approval") == "breached"
    assert (state.stage, state.escalated) == ("active", True)
    assert any("CBC-039" in flag for flag in state.flags)
    word(state, "decided", at("2031-03-11 11:00"), forum=PANEL, outcome="ratified", on="2031-03-11")
    assert standing(state, "emergency_approval") == "met"
    assert not any("CBC-039" in flag for flag in state.flags)
    act(state, "renew_contract", at("2031-03-12 11:00"), "commissioner", ends="2033-07-01")


def test_an_emergency_on_the_panel_day_after_it_began_waits_for_the_following_panel() -> None:
    after = contracted("2032-07-01", approval={"kind": "emergency", "since": "2031-03-04T09:31:00"})
    before = contracted("2032-07-01", approval={"kind": "emergency", "since": "2031-03-04T09:00:00"})
    assert due(after, "emergency_approval") == "2031-03-11 17:00"
    assert due(before, "emergency_approval") == "2031-03-04 17:00"


def test_an_interim_approval_counts_from_when_it_is_given_and_is_not_given_twice() -> None:
    state = contracted("2032-07-01")
    act(state, "grant_interim_approval", at("2031-03-05 10:00"), "head_of_service")
    assert due(state, "emergency_approval") == "2031-03-11 17:00"
    refused(RefusalCode.PROHIBITED, "CBC-041", state, "grant_interim_approval", "head_of_service", on="2031-03-04")
    act(state, "record_check", at("2031-03-11 12:00"), "panel_administrator", check="panel_decision", result="approved")
    assert standing(state, "emergency_approval") == "met"


def test_what_was_approved_between_panels_is_not_treated_as_permanent() -> None:
    state = contracted("2032-07-01", emergency=True)
    refused(RefusalCode.PROHIBITED, "CBC-040", state, "renew_contract", "commissioner", ends="2033-07-01")
    refused(RefusalCode.PROHIBITED, "CBC-040", state, "change_terms", "commissioner", terms=["long_term"])


def test_contracts_are_reviewed_every_six_months_counted_from_the_review_held() -> None:
    state = placed(now=at("2031-08-31 09:00"), contract={"signed": True, "sla": True, "ends": "2033-08-31"})
    assert due(state, "contract_review") == "2032-02-29 17:00"
    act(state, "record_check", at("2032-02-20 09:00"), "access_to_resources_officer", check="contract_review")
    assert due(state, "contract_review") == "2032-08-20 17:00"
    act(state, "renew_contract", at("2032-03-01 09:00"), "access_to_resources_officer", ends="2034-08-31")
    assert due(state, "contract_review") == "2032-09-01 17:00"
