"""Reviews of packages: flagged a week ahead, held at a sitting, and what they say of the services."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.deadlines import Beginning
from models.support_package import PackageStage, RecordReview
from rules.working_days import instant, local
from tests.builders import at
from tests.rules.packages.hackney import (
    CALENDAR,
    GROUP,
    HACKNEY,
    MENTORING,
    act,
    package,
    rapid,
    refused,
    run_to,
)

WEDNESDAY = at("2031-04-09 10:00")
REVIEW_DAY = at("2031-05-20 10:15")


def test_the_review_is_flagged_at_the_sitting_before_and_never_falls_after_six_weeks() -> None:
    clock = package().clocks["review"]
    assert (clock.due, clock.warns) == (at("2031-05-20 17:00"), at("2031-05-13 09:30"))
    assert set(clock.warn_tells) >= {"jarp_representative"}


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2031, 1, 2), date(2032, 10, 31)))
def test_whatever_day_it_was_agreed_the_review_is_a_sitting_of_the_last_week_of_six(agreed: date) -> None:
    clock = package(instant(agreed, datetime.min.time().replace(hour=11))).clocks["review"]
    due, warns = local(clock.due).date(), local(clock.warns or clock.due).date()
    assert timedelta(days=42) - timedelta(days=10) < due - agreed <= timedelta(days=42)
    assert due.weekday() == 1 or due - timedelta(days=due.weekday() - 1) in CALENDAR.days_off
    assert timedelta(days=5) <= due - warns <= timedelta(days=9)


def test_after_a_review_six_weeks_begin_anew_from_the_day_it_was_held() -> None:
    state = package()
    act(state, "record_review", at("2031-05-13 10:15"), outcome="continued")
    assert state.clocks["review"].due == at("2031-06-24 17:00")
    run_to(state, at("2031-06-24 18:00"))
    assert state.clocks["review"].state == "breached"
    act(state, "record_review", at("2031-07-01 10:00"), outcome="no change")
    assert state.clocks["review"].due == at("2031-08-12 17:00")
    assert state.facts["package.reviewed_after_months"] == 2


def test_what_a_review_adds_is_answered_in_its_own_time() -> None:
    state = package()
    act(state, "start_service", WEDNESDAY)
    assert refused(state, "record_review", REVIEW_DAY, outcome="add").code == "incomplete"
    act(state, "record_review", REVIEW_DAY, outcome="added", services=[GROUP])
    assert state.stage is PackageStage.ALLOCATED
    assert state.clocks["response"].due == at("2031-05-28 17:00")  # over the bank holiday of 26 May
    assert state.clocks["allocation_notice"].due == at("2031-05-22 17:00")


def test_what_is_added_never_puts_off_a_response_that_is_owed() -> None:
    state = package(allocated_on="2031-04-08")
    before = state.clocks["response"].due
    act(state, "record_review", at("2031-04-15 10:00"), outcome="increase", services=["Group work"])
    assert state.clocks["response"].due == before
    assert state.clocks["allocation_notice"].due == at("2031-04-17 17:00")
    act(state, "record_review", at("2031-04-16 10:00"), outcome="add", services=["Outreach"])
    assert state.clocks["response"].due == before
    assert state.clocks["allocation_notice"].due == at("2031-04-17 17:00")


@pytest.mark.parametrize(
    ("said", "reduced"), [(["Group work"], [False, True]), ([], [True, True]), (["sub19"], [False, True])]
)
def test_what_is_reduced_goes_on(said: list[str], reduced: list[bool]) -> None:
    state = package(services=[MENTORING, GROUP])
    act(state, "start_service", WEDNESDAY)
    act(state, "record_review", REVIEW_DAY, outcome="reduced", services=said)
    assert [one.reduced for one in state.services] == reduced
    assert state.stage is PackageStage.IN_PLACE


@pytest.mark.parametrize("outcome", ["reduce", "transfer"])
def test_what_is_not_of_the_package_is_neither_reduced_nor_transferred(outcome: str) -> None:
    assert refused(package(), "record_review", REVIEW_DAY, outcome=outcome, services=["Horse riding"]).code == "unknown"


def test_a_service_that_goes_to_another_agency_responds_anew() -> None:
    state = package(services=[MENTORING, GROUP])
    act(state, "start_service", WEDNESDAY)
    moved = [{**MENTORING, "agency": "youth_support_team"}, GROUP, "Group work"]
    act(state, "record_review", REVIEW_DAY, outcome="transferred", services=moved)
    assert state.facts["package.waiting"] == ["other"]
    assert [one.service for one in state.services if one.started_on is None] == ["Mentoring"]
    assert state.services[0].agency == "youth_support_team"
    assert state.clocks["response"].state == "running"
    assert not state.starting


@pytest.mark.parametrize("said", ["end", "ended", "close", "closed"])
def test_a_review_may_end_it_and_its_clocks_stop(said: str) -> None:
    state = package()
    act(state, "record_review", REVIEW_DAY, outcome=said)
    assert (state.stage, state.outcome) == (PackageStage.ENDED, "ended")
    assert not any(clock.ticking for clock in state.clocks.values())
    assert refused(state, "record_review", REVIEW_DAY, outcome="continue").code == "illegal_move"


def test_a_person_ends_it_and_says_how() -> None:
    state = package()
    act(state, "end_package", REVIEW_DAY, outcome="Moved away", reasons="They live elsewhere now.")
    assert (state.stage, state.outcome) == (PackageStage.ENDED, "moved_away")
    assert refused(package(), "end_package", WEDNESDAY, on="2031-04-20").code == "invalid"


def test_an_outcome_that_there_is_not_is_refused() -> None:
    assert refused(package(), "record_review", REVIEW_DAY, outcome="think about it").code == "invalid"
    with pytest.raises(ValueError, match="outcome"):
        RecordReview.model_validate({"outcome": 3})


def test_a_service_itself_does_not_review() -> None:
    assert (
        refused(package(), "record_review", REVIEW_DAY, "jarp_representative", outcome="end").code == "not_authorised"
    )


# Rapid Response


def test_rapid_response_has_its_own_two_clocks_and_months_end_early() -> None:
    state = rapid(at("2031-10-31 10:00"))
    assert set(state.clocks) == {"four_month_review", "exit_decision"}
    assert state.clocks["four_month_review"].due == at("2032-02-29 17:00")
    assert state.clocks["exit_decision"].due == at("2032-04-30 17:00")


@pytest.mark.parametrize(("held", "clock"), [("2031-07-07 10:00", "running"), ("2031-07-08 10:00", "met")])
def test_a_review_in_the_month_before_counts_as_that_at_four_months(held: str, clock: str) -> None:
    state = rapid()
    act(state, "record_review", at(held), outcome="continue")
    assert state.clocks["four_month_review"].state == clock
    assert state.clocks["exit_decision"].state == "running"


@pytest.mark.parametrize("outcome", ["end", "tier 2"])
def test_a_child_who_is_not_at_home_is_not_let_go(outcome: str) -> None:
    state = rapid()
    assert refused(state, "record_review", REVIEW_DAY, outcome=outcome, child_at_home=False).rule == "HAC-126"
    act(state, "record_review", REVIEW_DAY, outcome="continue", child_at_home=False)
    assert refused(state, "record_review", REVIEW_DAY, outcome=outcome).code == "prohibited"
    assert refused(state, "end_package", REVIEW_DAY).code == "prohibited"
    act(state, "record_review", REVIEW_DAY, outcome=outcome, child_at_home=True)
    assert state.outcome == {"end": "ended", "tier 2": "tier_2"}[outcome]


def test_its_transfer_begins_once_and_the_family_is_held_until_then() -> None:
    state = rapid(child={"reference": "C-1", "date_of_birth": "2018-02-01"})
    act(state, "record_review", REVIEW_DAY, outcome="transfer", to="looked after children", child_at_home=False)
    act(state, "record_review", REVIEW_DAY, outcome="transfer", to="looked after children")
    assert [(one.kind, one.reference, one.by.post) for one in state.starting] == [
        ("case_transfer", "PK1", "group_manager")
    ]
    details = state.starting[0].details
    assert (details["route"], details["to"]) == ("rapid_response", "looked after children")
    assert details["child"]["reference"] == "C-1"
    assert state.stage is PackageStage.ALLOCATED
    act(state, "end_package", REVIEW_DAY)
    assert state.outcome == "ended"


def test_a_transfer_for_which_nobody_is_named_begins_without_a_place_or_child() -> None:
    state = rapid(child=None)
    act(state, "record_review", REVIEW_DAY, outcome="transfer")
    assert state.starting[0].details == {"route": "rapid_response", "from": "rapid response"}


def test_only_what_the_file_names_begins() -> None:
    other = Beginning(process="care_episode", on=("record_review:end",), cites=("HAC-126",))
    rules = HACKNEY.support_package
    assert rules is not None
    council = HACKNEY.model_copy(
        update={"support_package": rules.model_copy(update={"begins": (other, *rules.begins)})}
    )
    state = package(council=council)
    act(state, "record_review", REVIEW_DAY, outcome="transfer")
    assert not state.starting
