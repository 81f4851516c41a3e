"""Support packages: allocated, answered in time, reported on, reviewed, and ended only by people."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from models.procedure import Council
from models.referral import Referral
from models.support_package import Allocate, PackageStage, RecordReview, ReviewOutcome
from rules.packages.acts import ACTS, PACKAGE
from rules.packages.moves import TABLE
from rules.packages.services import UNNAMED
from rules.watches import kernel, views
from rules.watches.saying import moment
from rules.working_days import local
from tests.builders import at, form
from tests.rules.packages.hackney import (
    GROUP,
    HACKNEY,
    MENTORING,
    TUESDAY,
    act,
    package,
    refused,
    run_to,
    start,
)

WEDNESDAY = at("2031-04-09 10:00")
REVIEW_DAY = at("2031-05-20 10:15")


def without_scores() -> Council:
    """Hackney with forums that count no points."""
    forums = {key: one.model_copy(update={"scoring": None}) for key, one in HACKNEY.forums.items()}
    return HACKNEY.model_copy(update={"forums": forums})


# How it begins


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        ({"priority": 1}, "1"),
        ({"priority": "P2"}, "2"),
        ({"priority": "Priority 3"}, "3"),
        ({"priority": "urgent"}, "1"),
        ({"score": 20}, "1"),
        ({"score": 47}, "1"),
        ({"score": 11}, "1"),
        ({"score": 10}, "2"),
        ({"score": 7}, "2"),
        ({"score": 6}, "3"),
        ({"score": 0}, "3"),
        ({"score": 3, "priority": 1}, "1"),
        ({"direct": True}, "1"),
        ({"route": "direct"}, "1"),
        ({"route": "panel", "score": 8}, "2"),
        ({}, None),
    ],
)
def test_the_priority_is_what_was_said_or_follows_from_the_score(said: dict[str, Any], priority: str | None) -> None:
    state = package(**{"priority": None, **said})
    assert state.facts.get("package.priority") == priority


def test_where_no_forum_counts_points_a_score_says_nothing() -> None:
    assert "package.priority" not in package(council=without_scores(), priority=None, score=12).facts


@pytest.mark.parametrize("priority", [0, 4, "soon", True, 1.5])
def test_a_priority_that_there_is_not_is_refused(priority: object) -> None:
    with pytest.raises(ValueError, match="priority"):
        Allocate.model_validate({"priority": priority})


def test_services_may_be_said_in_several_ways() -> None:
    one = Allocate.model_validate({"service": "Mentoring", "agency": "yot"}).services
    assert one == Allocate.model_validate({"services": MENTORING}).services
    assert one == Allocate.model_validate({"service": {"service": "Mentoring"}, "agency": "yot"}).services
    assert [each.service for each in Allocate.model_validate({"services": "Mentoring"}).services] == ["Mentoring"]
    assert [each.service for each in Allocate.model_validate({"service": "Mentoring"}).services] == ["Mentoring"]
    with pytest.raises(ValueError, match="dictionary"):
        Allocate.model_validate("Mentoring")


def test_a_package_that_names_no_service_says_so() -> None:
    state = package(services=[])
    assert [one.service for one in state.services] == [UNNAMED]
    assert views.flags(state, TUESDAY) == ["The package names no service. (HAC-377)"]
    act(state, "start_service", WEDNESDAY)
    assert state.stage is PackageStage.IN_PLACE


def test_a_child_may_be_a_reference_or_more() -> None:
    assert package(child="C-1").child == package(child={"child_ref": "C-1"}).child
    known = package(child={"reference": "C-1", "date_of_birth": "2018-02-01"}).child
    assert known is not None
    assert known.date_of_birth == date(2018, 2, 1)
    assert package(child=None).child is None


def test_the_unit_is_that_of_the_referral_which_led_here_unless_another_is_said() -> None:
    referral = Referral.model_validate(form())
    led = start(child="C-1", services=["Mentoring"]).model_copy(update={"form": referral})
    assert kernel.begin(PACKAGE, led, TUESDAY).unit == referral.team.unit
    said = led.model_copy(update={"details": {**led.details, "unit": "family support"}})
    assert kernel.begin(PACKAGE, said, TUESDAY).unit == "family support"
    assert package().unit == ""


def test_it_keeps_references_and_days_and_no_narrative() -> None:
    state = package(
        forum="JARP", referral="R-1", starts=date(2031, 4, 9), ends=date(2031, 9, 1), reasons="The family asked."
    )
    assert (state.facts["package.forum"], state.forum_key) == ("jarp", "jarp")
    assert package(forum="The old panel").forum_key == ""
    assert views.view(PACKAGE, package(priority=None), TUESDAY).priority == "normal"
    assert state.facts["package.referral"] == "R-1"
    assert (state.facts["package.starts"], state.facts["package.ends"]) == ("2031-04-09", "2031-09-01")
    assert "The family asked." not in state.model_dump_json(exclude={"unrecorded"})


def test_people_write_the_same_in_different_words() -> None:
    plain = Allocate.model_validate({"child": "C-1", "decided_at": "2031-04-08"})
    assert plain == Allocate.model_validate({"child_ref": "C-1", "sitting": "2031-04-08"})
    assert plain == Allocate.model_validate({"child": {"child_ref": "C-1"}, "decided_on": date(2031, 4, 8)})
    review = RecordReview.model_validate({"outcome": "continue", "on": "2031-05-20", "reasons": "It helps."})
    assert review == RecordReview.model_validate(
        {"decision": "Continued", "held_on": "2031-05-20", "note": "It helps."}
    )


# The response and the notice


def test_priority_one_has_48_hours_that_elapse_and_the_notice_is_due_with_it() -> None:
    clocks = package(priority=1).clocks
    assert clocks["response"].due == TUESDAY + timedelta(hours=48)
    assert clocks["allocation_notice"].due == clocks["response"].due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2031-03-29 10:00", "2031-03-31 11:00"),  # the clocks go forward
        ("2031-10-25 10:00", "2031-10-27 09:00"),  # the clocks go back
        ("2031-12-24 16:00", "2031-12-26 16:00"),  # through Christmas
        ("2032-02-28 10:00", "2032-03-01 10:00"),  # a leap day
    ],
)
def test_48_hours_run_through_everything(received: str, due: str) -> None:
    state = package(at(received), priority=1, direct=True, received_at=local(at(received)).isoformat())
    assert state.clocks["response"].due == at(due)


@pytest.mark.parametrize(
    ("priority", "due"), [(2, "2031-04-17 17:00"), (3, "2031-04-24 17:00"), (None, "2031-04-24 17:00")]
)
def test_working_days_pass_over_easter(priority: int | None, due: str) -> None:
    clocks = package(priority=priority).clocks
    assert clocks["response"].due == at(due)
    assert clocks["allocation_notice"].due == at("2031-04-10 17:00")


def test_a_direct_referral_counts_from_its_receipt_and_another_from_the_decision() -> None:
    said: dict[str, Any] = {"priority": 1, "received_at": "2031-04-07T09:00:00", "decided_at": "2031-04-08T10:00:00"}
    assert package(**said).clocks["response"].due == at("2031-04-10 10:00")
    assert package(direct=True, **said).clocks["response"].due == at("2031-04-09 09:00")


def test_a_decision_of_which_only_the_day_is_known_counts_from_its_morning() -> None:
    assert package(priority=1, decided_on="2031-04-07").clocks["response"].due == at("2031-04-09 09:00")
    assert package(priority=1, decided_on="2031-04-08").clocks["response"].due == TUESDAY + timedelta(hours=48)


def test_every_service_has_to_respond() -> None:
    state = package(services=[MENTORING, GROUP])
    act(state, "start_service", WEDNESDAY, service="mentoring")
    assert (state.stage, state.clocks["response"].state) == (PackageStage.ALLOCATED, "running")
    act(state, "start_service", WEDNESDAY, agency="SUB19")
    assert (state.stage, state.clocks["response"].state) == (PackageStage.IN_PLACE, "met")
    assert state.stage_since == WEDNESDAY


def test_whoever_has_started_is_allocated_and_an_earlier_notice_stays() -> None:
    state = package(services=[MENTORING, GROUP])
    act(state, "confirm_allocation", WEDNESDAY, service="Mentoring", on="2031-04-08")
    assert state.clocks["allocation_notice"].state == "running"
    act(state, "start_service", at("2031-04-10 10:00"))
    assert state.clocks["allocation_notice"].state == "met"
    assert [one.allocated_on for one in state.services] == [date(2031, 4, 8), date(2031, 4, 10)]


def test_a_package_whose_allocation_is_known_needs_no_notice() -> None:
    state = package(allocated_on="2031-04-08")
    assert state.clocks["allocation_notice"].state == "met"
    assert refused(state, "confirm_allocation", WEDNESDAY).code == "illegal_move"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"service": "Horse riding"}, "unknown"),
        ({"service": "Mentoring", "agency": "somebody_else"}, "unknown"),
        ({"on": "2031-04-10"}, "invalid"),
        ({"on": "2031-04-09T12:00:00"}, "invalid"),
    ],
)
@pytest.mark.parametrize("name", ["start_service", "confirm_allocation", "submit_progress"])
def test_what_is_not_of_the_package_or_has_not_happened_is_refused(name: str, said: dict[str, str], code: str) -> None:
    assert refused(package(), name, WEDNESDAY, **said).code == code


def test_a_service_without_an_agency_answers_to_any() -> None:
    state = package(services=["Mentoring"])
    act(state, "start_service", WEDNESDAY, service="Mentoring", agency="yot")
    assert state.stage is PackageStage.IN_PLACE


def test_a_service_starts_once() -> None:
    state = package(services=[MENTORING, GROUP])
    act(state, "start_service", WEDNESDAY, service="Mentoring")
    refusal = refused(state, "start_service", WEDNESDAY, service="Mentoring")
    assert (refusal.code, refusal.remedy) == ("illegal_move", "Still to start: Group work.")
    act(state, "start_service", WEDNESDAY)
    assert refused(state, "start_service", WEDNESDAY).code == "illegal_move"


def test_a_late_response_climbs_and_ends_nothing() -> None:
    state = package(priority=1)
    run_to(state, at("2031-04-30 12:00"))
    assert state.overdue
    assert state.stage is PackageStage.ALLOCATED
    assert state.clocks["response"].climbed > 1
    act(state, "start_service", at("2031-04-30 12:00"))
    assert state.clocks["response"].state == "met"


# Progress every six weeks


def test_a_summary_is_whole_when_every_provider_has_reported() -> None:
    state = package(services=[MENTORING, GROUP])
    assert state.clocks["progress_summary"].due == at("2031-05-20 09:30")
    act(state, "submit_progress", at("2031-05-12 10:00"), service="Mentoring", summary="Goes well.")
    act(state, "submit_progress", at("2031-05-13 10:00"), service="Mentoring")
    assert state.clocks["progress_summary"].due == at("2031-05-20 09:30")
    act(state, "submit_progress", at("2031-05-14 10:00"), service="Group work", reference="DOC-1")
    assert state.clocks["progress_summary"].due == at("2031-06-25 09:30")
    assert not any(one.reported for one in state.services)


def test_the_next_summary_counts_from_the_day_on_which_the_last_was_given() -> None:
    state = package()
    run_to(state, at("2031-05-21 10:00"))
    assert state.clocks["progress_summary"].state == "breached"
    act(state, "submit_progress", at("2031-05-22 10:00"), on="2031-05-21")
    assert state.clocks["progress_summary"].due == at("2031-07-02 09:30")


# What it looks like


def test_whose_move_it_is_follows_the_clock_that_is_due_first() -> None:
    state = package()
    assert views.view(PACKAGE, state, TUESDAY).waiting_on == "jarp_representative"
    act(state, "start_service", WEDNESDAY)
    act(state, "submit_progress", WEDNESDAY)
    view = views.view(PACKAGE, state, WEDNESDAY)
    assert (view.waiting_on, view.stage, view.child_ref) == ("jarp_coordinator", "in_place", "C-1")
    assert (view.priority, view.forum) == ("2", "")
    assert set(view.next_acts) >= {"submit_progress", "record_review", "end_package"}
    assert "start_service" not in view.next_acts


def test_every_outcome_is_an_act_of_a_person_and_none_of_a_clock() -> None:
    ending = {move.trigger for move in TABLE if move.to is PackageStage.ENDED}
    assert ending == {"end_package"}
    assert ending < set(ACTS)
    assert set(ReviewOutcome) == {"continue", "add", "reduce", "transfer", "tier_2", "end"}


# What people say of time


def test_a_moment_may_be_now_a_day_or_an_instant() -> None:
    assert moment(None, TUESDAY) == TUESDAY
    assert moment(date(2031, 4, 8), TUESDAY) == TUESDAY
    assert moment(date(2031, 4, 7), TUESDAY) == at("2031-04-07 09:00")
    assert moment(datetime(2031, 4, 7, 15), TUESDAY) == at("2031-04-07 15:00")  # noqa: DTZ001 - as people write it
    assert moment(at("2031-04-07 15:00"), TUESDAY) == at("2031-04-07 15:00")


def test_only_services_that_the_file_asks_for_are_named_in_facts() -> None:
    state = package(services=["Mentoring with Jane Doe", "Group work", "Rapid Response"])
    assert state.facts["package.services"] == ["other", "rapid_response"]
    assert state.facts["package.waiting"] == ["other", "rapid_response"]
    assert "Jane" not in str(state.facts)
