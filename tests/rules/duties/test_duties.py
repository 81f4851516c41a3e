"""Recurring duties: when they come round, and one occurrence until it is done."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from models.acts import Act
from models.data import Weekday
from models.errors import Refused
from models.forum_duty import DutyStage, ForumDutyState, StartDuty
from models.people import Actor
from models.procedure import Council, Duty
from models.watch import WatchStart
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.authority import system
from rules.duties.acts import DUTY, duty_named
from rules.duties.recurring import Round, occurrences, rounds, scheduled
from rules.watches import kernel, kinds, views
from tests.builders import at, refusal_of

CALENDAR = working_calendar("hillingdon", 2030)
NEW_YEAR = at("2031-01-01 09:00")
HILLINGDON = slice_for_watch(load_council("hillingdon"), "forum_duty")
HACKNEY = slice_for_watch(load_council("hackney"), "forum_duty")


def duty(every: str, **said: Any) -> Duty:  # noqa: ANN401 - any part of a duty
    basis: dict[str, Any] = {"key": "look", "title": "Look", "owner": "head_of_service", "cites": "HIL-108"}
    return Duty.model_validate({**basis, "every": every, **said})


def days(one: Duty, first: str, last: str) -> list[str]:
    found = occurrences(one, date.fromisoformat(first), date.fromisoformat(last))
    return [day.isoformat() for day in found]


def person(post: str = "head_of_service", council: str = "hillingdon") -> Actor:
    return Actor(staff=post, post=post, council=council)


def begun(
    now: datetime = NEW_YEAR,
    council: Council = HILLINGDON,
    actor: Actor | None = None,
    **details: Any,  # noqa: ANN401 - any field
) -> ForumDutyState:
    said = WatchStart(
        kind="forum_duty",
        council=council.key,
        reference="activity_review",
        actor=actor or person(council=council.key),
        details={"duty": "activity_review", **details},
        procedure=council,
        calendar=CALENDAR,
    )
    return kernel.begin(DUTY, said, now)


def act(state: ForumDutyState, name: str, now: datetime, post: str = "head_of_service", **details: Any) -> None:  # noqa: ANN401
    message = Act(actor=person(post), message_id=f"{name}-{state.sequence}", details=details)
    kernel.perform(DUTY, state, name, message, now)


def refused(state: ForumDutyState, name: str, now: datetime, post: str = "head_of_service", **details: Any) -> Refused:  # noqa: ANN401
    before = state.model_dump_json()
    refusal = refusal_of(lambda: act(state, name, now, post, **details))
    assert state.model_dump_json() == before
    return refusal


def told(state: ForumDutyState, what: str) -> set[str]:
    return {notice.post for entry in state.unrecorded if entry.what == what for notice in entry.notices}


# When they come round


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (duty("P3M"), ["2031-01-01", "2031-04-01", "2031-07-01", "2031-10-01"]),
        (duty("P3M", months=[2]), ["2031-02-01", "2031-05-01", "2031-08-01", "2031-11-01"]),
        (duty("P3M", months=[3, 6, 9, 12], on_day=15), ["2031-03-15", "2031-06-15", "2031-09-15", "2031-12-15"]),
        (duty("P4M", counts_from="2029-11-20"), ["2031-03-01", "2031-07-01", "2031-11-01"]),
        (duty("P6M"), ["2031-01-01", "2031-07-01"]),
        (duty("P1Y", months=[11]), ["2031-11-01"]),
        (duty("P1Y"), ["2031-01-01"]),
        (duty("P12M", months=[9], on_day=28), ["2031-09-28"]),
    ],
)
def test_an_interval_that_fits_the_year_is_a_calendar_for_ever(one: Duty, found: list[str]) -> None:
    assert days(one, "2031-01-01", "2031-12-31") == found
    assert [each.every_years for each in rounds(one, 2031)] == [1]


def test_eighteen_months_come_round_in_the_same_months_every_third_year() -> None:
    one = duty("P18M", counts_from="2022-02-01")
    assert days(one, "2022-01-01", "2032-12-31") == [
        *("2022-02-01", "2023-08-01", "2025-02-01", "2026-08-01"),
        *("2028-02-01", "2029-08-01", "2031-02-01", "2032-08-01"),
    ]
    assert rounds(one, 2031) == rounds(one, 2040)
    assert days(duty("P18M"), "2031-01-01", "2033-12-31") == ["2031-07-01", "2033-01-01"]


def test_two_years_come_round_every_other_year() -> None:
    assert days(duty("P2Y", counts_from="2031-05-01"), "2030-01-01", "2035-12-31") == [
        *("2031-05-01", "2033-05-01", "2035-05-01"),
    ]


def test_a_month_has_its_day_and_every_month_has_one() -> None:
    assert len(days(duty("P1M", on_day=28), "2031-01-01", "2032-12-31")) == 24
    assert days(duty("P1M", on_day=28), "2032-02-01", "2032-02-29") == ["2032-02-28"]


def test_a_week_has_its_weekday_and_a_day_is_a_day_of_work() -> None:
    assert days(duty("P1W"), "2031-03-24", "2031-04-06") == ["2031-03-24", "2031-03-31"]
    assert days(duty("P1W", weekday="friday"), "2031-10-20", "2031-11-02") == ["2031-10-24", "2031-10-31"]
    assert days(duty("P1D"), "2031-03-28", "2031-04-01") == ["2031-03-28", "2031-03-31", "2031-04-01"]


def test_several_weeks_or_days_are_written_out_for_some_years() -> None:
    one = duty("P6W", counts_from="2026-01-05")
    assert days(one, "2031-01-01", "2031-03-31") == ["2031-01-27", "2031-03-10"]
    assert {each.first_year for each in rounds(one, 2031)} == set(range(2031, 2037))
    assert days(duty("P10D", counts_from="2031-12-20"), "2031-01-01", "2032-01-31") == [
        *("2031-12-20", "2031-12-30", "2032-01-09", "2032-01-19", "2032-01-29"),
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 9), st.sampled_from(list(Weekday)), st.integers(2026, 2060))
def test_several_weeks_keep_their_weekday_and_their_distance_over_the_turn_of_the_year(
    weeks: int, weekday: Weekday, year: int
) -> None:
    one = duty(f"P{weeks}W", weekday=weekday)
    found = list(occurrences(one, date(year, 1, 1), date(year + 2, 12, 31)))
    assert {day.weekday() for day in found} == {weekday.number}
    assert {(after - before).days for before, after in pairwise(found)} == {7 * weeks}
    assert list(occurrences(one, date(year + 1, 1, 1), date(year + 2, 12, 31))) == [
        day for day in found if day.year > year
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.dates(date(2001, 1, 1), date(2025, 12, 31)), st.integers(1, 28))
def test_months_keep_their_distance_for_ever(months: int, since: date, on_day: int) -> None:
    one = duty(f"P{months}M", counts_from=since, on_day=on_day)
    found = list(occurrences(one, date(2026, 1, 1), date(2036, 12, 31)))
    assert all(after == before + relativedelta(months=months) for before, after in pairwise(found))
    assert found[0] < date(2026, 1, 1) + relativedelta(months=months)


@pytest.mark.parametrize("every", ["sitting", "PT6H", "P1M15D", "often"])
def test_what_is_no_interval_is_a_fault(every: str) -> None:
    with pytest.raises(ValueError, match="interval"):
        rounds(duty(every), 2031)


def test_a_round_without_anything_is_every_day() -> None:
    assert Round().has(date(2031, 2, 28))


def test_those_come_round_that_always_do_and_those_that_a_council_switches_on() -> None:
    council = load_council("hillingdon")
    every = tuple(duty("P1M", key=key, scheduled=key == "always") for key in ("always", "named", "neither"))
    with_sitting = (*every, duty("sitting", key="shown", scheduled=True))
    changed = council.model_copy(update={"duties": with_sitting, "lists": {"duties": ("named", "shown")}})
    assert [one.key for one in scheduled(changed)] == ["always", "named"]
    assert [one.key for one in scheduled(changed.model_copy(update={"lists": {}}))] == ["always"]


def test_the_stated_rhythm_of_each_council_is_in_its_files() -> None:
    rhythm = {
        one.key: (one.every, one.cites[0])
        for key in ("hillingdon", "hackney", "harrow")
        for one in scheduled(load_council(key))
    }
    assert rhythm == {
        "activity_review": ("P3M", "HIL-108"),
        "arrangements_review": ("P18M", "HIL-110"),
        "staff_survey": ("P1Y", "HIL-107"),
        "panel_throughput": ("P1M", "HAC-223"),
        "adoption_timetable": ("P1Y", "HAC-302"),
        "fostering_timetable": ("P1Y", "HAC-332"),
        "fostering_business": ("P3M", "HAC-354"),
        "fostering_training": ("P1Y", "HAC-354"),
        "permanency_planning": ("P6W", "HRW-033"),
        "care_planning_tracking": ("P1M", "HRW-038"),
        "support_plans": ("P1Y", "HRW-048"),
    }


# One occurrence


def test_its_clock_has_the_files_days_and_its_owner_is_told() -> None:
    state = begun()
    clock = state.clocks["activity_review"]
    assert (clock.due, clock.warns, clock.owner) == (at("2031-01-29 17:00"), at("2031-01-27 17:00"), "head_of_service")
    assert told(state, "duty_has_come_round") == {"head_of_service"}
    assert views.view(DUTY, state, NEW_YEAR).waiting_on == "head_of_service"


def test_a_schedule_begins_it_without_any_authority_of_its_own() -> None:
    assert begun(actor=system(HILLINGDON)).stage is DutyStage.TO_DO
    assert refusal_of(lambda: begun(actor=person("social_worker"))).code == "not_authorised"


@pytest.mark.parametrize("name", ["activity_review", "Activity review", "activity-review", "HIL-108", "hil-109"])
def test_a_duty_is_known_by_its_key_its_title_or_a_rule(name: str) -> None:
    assert duty_named(HILLINGDON, name).key == "activity_review"
    title = HILLINGDON.duties[0].title
    assert duty_named(HILLINGDON, title).key == "activity_review"


def test_a_duty_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    refusal = refusal_of(lambda: begun(duty="flower_show"))
    assert refusal.code == "unknown"
    assert "activity_review" in refusal.remedy
    nothing = HILLINGDON.model_copy(update={"duties": ()})
    assert "it has none" in refusal_of(lambda: duty_named(nothing, "activity_review")).remedy


def test_of_several_duties_of_one_name_that_of_the_forum_is_meant() -> None:
    here, there = (duty("P1Y", key="timetable", forum=forum) for forum in ("adoption_panel", "fostering_panel"))
    council = HACKNEY.model_copy(update={"duties": (here, there)})
    assert duty_named(council, "timetable", "fostering_panel") is there
    assert duty_named(council, "timetable") is here
    assert duty_named(council, "timetable", "jarp") is here


def test_a_day_that_somebody_names_goes_before_the_files() -> None:
    state = begun(on="2031-04-01", due="2031-04-30")
    assert state.facts["duty.on"] == "2031-04-01"
    assert state.clocks["activity_review"].due == at("2031-04-30 17:00")


def test_a_warning_that_has_passed_or_that_nobody_wants_does_not_come() -> None:
    assert begun(due="2031-01-02").clocks["activity_review"].warns is None
    quiet = HILLINGDON.model_copy(
        update={"duties": tuple(one.model_copy(update={"warn_working_days": 0}) for one in HILLINGDON.duties)}
    )
    assert begun(council=quiet).clocks["activity_review"].warns is None


def test_done_in_time_it_is_over() -> None:
    state = begun()
    act(state, "complete_duty", at("2031-01-20 10:00"), evidence="QA-1", note="Waits are shorter.")
    assert (state.stage, state.outcome) == (DutyStage.DONE, "completed")
    assert state.clocks["activity_review"].state == "met"
    assert state.facts["duty.evidence"] == "QA-1"
    assert "shorter" not in state.model_dump_json(exclude={"unrecorded"})
    assert refused(state, "complete_duty", at("2031-01-21 10:00")).code == "illegal_move"
    assert views.view(DUTY, state, NEW_YEAR).waiting_on is None


def test_done_without_a_word_it_is_done_all_the_same() -> None:
    state = begun()
    act(state, "complete_duty", at("2031-01-20 10:00"), "director", on="2031-01-17")
    assert state.facts["duty.done_on"] == "2031-01-17"
    assert "duty.evidence" not in state.facts
    assert refused(begun(), "complete_duty", NEW_YEAR, on="2031-02-01").code == "invalid"


@pytest.mark.parametrize("name", ["complete_duty", "skip_duty"])
def test_only_its_owner_or_a_post_above_answers_for_it(name: str) -> None:
    refusal = refused(begun(), name, NEW_YEAR, "panel_administrator", **({"reasons": "No."} if "skip" in name else {}))
    assert (refusal.code, refusal.rule) == ("not_authorised", "HIL-108")


def test_skipped_with_reasons_the_post_above_hears_of_it() -> None:
    state = begun()
    assert refused(state, "skip_duty", NEW_YEAR).code == "incomplete"
    act(state, "skip_duty", NEW_YEAR, reasons="Done with the yearly review.")
    assert (state.stage, state.outcome) == (DutyStage.SKIPPED, "skipped")
    assert state.clocks["activity_review"].state == "stopped"
    assert told(state, "skip_duty") == {"director"}


def test_at_the_top_of_the_ladder_the_owner_is_told() -> None:
    state = begun(duty="arrangements_review", actor=person("director"))
    act(state, "skip_duty", NEW_YEAR, "director", reasons="Nothing has changed.")
    assert told(state, "skip_duty") == {"director"}


def test_overdue_it_climbs_until_somebody_answers_and_never_ends_by_itself() -> None:
    state = begun()
    while (due := state.next_event) is not None and due <= at("2031-06-01 12:00"):
        kernel.run_clocks(DUTY, state, due)
    assert state.overdue
    assert state.stage is DutyStage.TO_DO
    assert {post for one in state.escalations for post in one.told} == {"head_of_service", "director"}


def test_an_occurrence_is_known_by_its_forum_its_duty_and_its_day() -> None:
    said = StartDuty.model_validate({"key": "fostering_business", "forum": "fostering_panel", "date": "2031-03-01"})
    assert kinds.reference_of("forum_duty", said) == "fostering_panel/fostering_business/2031-03-01"
    assert kinds.reference_of("forum_duty", StartDuty(duty="activity_review")) == "activity_review"
