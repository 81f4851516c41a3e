"""When a deadline is due: hours that elapse, local days, working days, months that end early, sittings and repeats."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.deadlines import Deadline
from models.procedure import Council
from models.watch import Held
from rules.watches.reckoning import (
    Wanted,
    anchor_of,
    as_instant,
    elapsed,
    held_of,
    in_force,
    local_day,
    times_since,
    wanted,
)
from rules.working_days import add_working_days, after_duration, instant, is_working_day, local
from tests.builders import at
from tests.rules.watches.wayford import CALENDAR, deadline, forum, monthly, wayford

TODAY = date(2031, 3, 3)
DAYS = st.dates(date(2031, 1, 1), date(2036, 12, 31))
INSTANTS = st.datetimes(datetime(2031, 1, 1), datetime(2036, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
DURATIONS = st.sampled_from(["P0D", "P1D", "P8D", "P1W", "P6W", "P1M", "P3M", "P6M", "P11M", "P1Y", "P1Y1M", "P18Y"])


def reckoned(
    asked: Deadline,
    facts: dict[str, Any],
    held: dict[str, Held] | None = None,
    council: Council | None = None,
    today: date = TODAY,
) -> Wanted | None:
    """When a deadline is due."""
    return wanted(asked, facts, held or {}, council or wayford(), CALENDAR, today)


def due(since: Any, held: dict[str, Held] | None = None, council: Council | None = None, **said: Any) -> datetime:  # noqa: ANN401 - any part of a deadline
    """When a deadline from `loan.since` is due."""
    found = reckoned(deadline(**said), {"loan.since": since}, held, council)
    assert found is not None
    return found.due


def done(*days: date) -> Held:
    """Something that was done on these days."""
    return Held(on=max(days), at=instant(max(days), time(12)), count=len(days), days=tuple(sorted(days)))


@pytest.mark.parametrize(
    ("since", "said", "expected"),
    [
        ("2031-03-03", {"after": "P1W"}, "2031-03-10 17:00"),
        ("2031-03-03", {"after": "P1W", "at": "12:00"}, "2031-03-10 12:00"),
        ("2031-03-03", {"after": "P1W", "more_than": True}, "2031-03-11 17:00"),
        ("2031-03-03", {"before": "P1W"}, "2031-02-24 17:00"),
        ("2031-03-03", {"before": "P0D"}, "2031-03-03 17:00"),
        ("2031-03-03", {"working_days": 10}, "2031-03-17 17:00"),
        ("2031-03-03", {"working_days": 0}, "2031-03-03 17:00"),
        ("2031-03-03", {"working_days": -3}, "2031-02-26 17:00"),
        ("2031-12-22", {"working_days": 5}, "2031-12-31 17:00"),
        ("2031-12-22", {"working_days": 6}, "2032-01-02 17:00"),
        ("2031-04-08", {"working_days": 4}, "2031-04-16 17:00"),
        ("2031-12-25", {"working_days": 1}, "2031-12-29 17:00"),
        ("2031-08-31", {"after": "P6M"}, "2032-02-29 17:00"),
        ("2030-08-31", {"after": "P6M"}, "2031-02-28 17:00"),
        ("2032-02-29", {"after": "P1Y"}, "2033-02-28 17:00"),
        ("2032-02-29", {"after": "P1Y", "more_than": True}, "2033-03-01 17:00"),
        ("2031-05-31", {"before": "P3M"}, "2031-02-28 17:00"),
        ("2032-05-31", {"before": "P3M"}, "2032-02-29 17:00"),
        ("2031-03-29T09:00:00+00:00", {"after": "P1D"}, "2031-03-30 17:00"),
        ("2031-07-01T23:30:00+00:00", {"after": "P1D"}, "2031-07-03 17:00"),
    ],
)
def test_days_are_local_days_that_end_at_the_deadlines_own_time(
    since: str, said: dict[str, Any], expected: str
) -> None:
    assert due(since, **said) == at(expected)


@pytest.mark.parametrize(
    ("since", "hours", "expected"),
    [
        ("2031-03-29T18:00:00+00:00", 24, "2031-03-30 19:00"),  # spring: the night is an hour short
        ("2031-10-25T18:00:00+01:00", 24, "2031-10-26 17:00"),  # autumn: the night is an hour long
        ("2031-03-28T10:00:00+00:00", 72, "2031-03-31 11:00"),
        ("2031-10-24T10:00:00+01:00", 72, "2031-10-27 09:00"),
        ("2031-04-11T10:00:00+01:00", 72, "2031-04-14 10:00"),  # a bank holiday does not stop it
        ("2031-03-03T10:00:00", 48, "2031-03-05 10:00"),  # an instant without a zone is local
        ("2031-03-03", 24, "2031-03-04 00:00"),  # of a day only, from when it began
    ],
)
def test_hours_elapse_through_weekends_holidays_and_clock_changes(since: str, hours: int, expected: str) -> None:
    assert due(since, after=f"PT{hours}H") == at(expected)


def test_hours_before_an_instant_elapse_too_and_before_a_day_count_from_its_time() -> None:
    assert due("2031-03-30T12:00:00+01:00", before="PT24H") == at("2031-03-29 11:00")
    assert due("2031-03-10", before="PT24H") == at("2031-03-09 17:00")


@settings(deadline=None)
@given(INSTANTS, st.integers(0, 400))
def test_elapsed_hours_are_exact_across_every_clock_change(since: datetime, hours: int) -> None:
    assert due(since.isoformat(), after=f"PT{hours}H") - since == timedelta(hours=hours)
    assert since - due(since.isoformat(), before=f"PT{hours}H") == timedelta(hours=hours)


@settings(deadline=None)
@given(DAYS, DURATIONS, st.booleans())
def test_what_is_due_after_something_is_never_due_before_it(since: date, after: str, more: bool) -> None:  # noqa: FBT001
    assert local(due(since, after=after, more_than=more)).date() >= since
    assert local(due(since, after=after, more_than=more)).time() == time(17)


@settings(deadline=None)
@given(DAYS, DURATIONS)
def test_what_is_due_before_something_is_never_due_after_it(since: date, before: str) -> None:
    assert local(due(since, before=before)).date() <= since


@settings(deadline=None)
@given(DAYS, st.integers(1, 60))
def test_working_days_never_end_on_a_day_off_and_lie_that_many_apart(since: date, count: int) -> None:
    end = local(due(since, working_days=count)).date()
    assert is_working_day(end, CALENDAR)
    between = [since + timedelta(days=n) for n in range(1, (end - since).days + 1)]
    assert sum(is_working_day(day, CALENDAR) for day in between) == count
    assert add_working_days(end, -count, CALENDAR) <= max(since, end)


@settings(deadline=None)
@given(DAYS, st.integers(1, 60))
def test_months_clamp_to_their_end_and_never_spill_into_the_next(since: date, months: int) -> None:
    end = local(due(since, after=f"P{months}M")).date()
    assert (end.year - since.year) * 12 + end.month - since.month == months
    assert end.day <= since.day
    assert end.day == since.day or (end + timedelta(days=1)).day == 1


@settings(deadline=None)
@given(st.lists(st.none() | DAYS.map(date.isoformat) | INSTANTS.map(datetime.isoformat), min_size=1, max_size=4))
def test_a_deadline_counts_from_the_latest_of_its_anchors_that_is_known(values: list[str | None]) -> None:
    names = [f"a{n}" for n in range(len(values))]
    asked = deadline(anchor=names, after="P1D")
    found = anchor_of(asked, dict(zip(names, values, strict=True)))
    known = [as_instant(one, time(0)) for one in values if one is not None]
    assert (found is None) is (not known)
    assert found is None or as_instant(found, time(0)) == max(known)


def test_without_an_anchor_nothing_runs() -> None:
    assert reckoned(deadline(after="P1D"), {}) is None
    assert reckoned(deadline(after="P1D"), {"loan.since": None}) is None


def test_a_condition_that_does_not_hold_leaves_it_out() -> None:
    asked = deadline(after="P1D", when=[{"path": "loan.wet", "equals": True}])
    assert reckoned(asked, {"loan.since": "2031-03-03"}) is None
    assert reckoned(asked, {"loan.since": "2031-03-03", "loan.wet": True}) is not None


@pytest.mark.parametrize(
    ("since", "runs"), [("2031-03-31", False), ("2031-04-01", True), ("2031-12-31", True), ("2032-01-01", False)]
)
def test_a_regime_applies_by_the_day_of_the_anchor_both_ends_included(since: str, *, runs: bool) -> None:
    asked = deadline(after="P1D", in_force_from=date(2031, 4, 1), in_force_until=date(2031, 12, 31))
    assert (reckoned(asked, {"loan.since": since}) is not None) is runs


def test_a_regime_is_judged_on_another_day_where_it_says_so() -> None:
    asked = deadline(after="P1D", in_force_from=date(2031, 4, 1), judged_on="loan.signed")
    facts = {"loan.since": "2031-01-01"}
    assert not in_force(asked, facts, "2031-06-01")
    assert reckoned(asked, {**facts, "loan.signed": "2031-04-01T00:30:00+01:00"}) is not None
    assert reckoned(asked, {**facts, "loan.signed": "2031-03-31T22:59:00+00:00"}) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2031, 7, 1), date(2031, 7, 1)),
        ("2031-07-01", date(2031, 7, 1)),
        (datetime(2031, 6, 30, 23, 30, tzinfo=UTC), date(2031, 7, 1)),
        ("2031-06-30T23:30:00+00:00", date(2031, 7, 1)),
        ("2031-12-31T23:30:00+00:00", date(2031, 12, 31)),
    ],
)
def test_the_day_of_an_instant_is_the_local_one(value: object, expected: date) -> None:
    assert local_day(value) == expected


@pytest.mark.parametrize(("text", "hours"), [("PT24H", 24), ("PT0H", 0), ("P1D", None), ("PT30M", None)])
def test_only_hours_elapse(text: str, hours: int | None) -> None:
    assert elapsed(text) == (None if hours is None else timedelta(hours=hours))


# Repeats


REVIEWS: dict[str, Any] = {"working_days": 20, "repeat": ("P3M", "P6M")}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((), "2031-03-31 17:00"),
        ((date(2031, 3, 20),), "2031-06-20 17:00"),
        ((date(2031, 3, 20), date(2031, 6, 30)), "2031-12-30 17:00"),
        ((date(2031, 3, 20), date(2031, 6, 30), date(2031, 8, 31)), "2032-02-29 17:00"),
        ((date(2031, 3, 31), date(2031, 3, 31)), "2031-06-30 17:00"),
    ],
)
def test_a_repeat_counts_from_the_day_it_was_held_with_its_own_length_each_time(
    held: tuple[date, ...], expected: str
) -> None:
    assert due("2031-03-03", {"visit": done(*held)} if held else {}, **REVIEWS) == at(expected)


def test_what_was_held_before_the_anchor_is_forgotten_and_is_not_counted_either() -> None:
    earlier, later = date(2031, 1, 10), date(2031, 3, 20)
    assert due("2031-03-03", {"visit": done(earlier)}, **REVIEWS) == at("2031-03-31 17:00")
    assert due("2031-03-03", {"visit": done(earlier, later)}, **REVIEWS) == at("2031-06-20 17:00")


def test_what_was_held_on_the_day_of_the_anchor_counts() -> None:
    assert due("2031-03-03T16:00:00+00:00", {"visit": done(date(2031, 3, 3))}, **REVIEWS) == at("2031-06-03 17:00")


def test_of_several_ways_to_meet_it_the_latest_day_counts_however_late_it_was_recorded() -> None:
    asked = deadline(met_by=("visit", "say"), after="P1W", repeat="P6W")
    recorded_late = Held(on=date(2031, 3, 4), at=at("2031-03-20 09:00"), days=(date(2031, 3, 4),))
    last = held_of(asked, {"visit": done(date(2031, 3, 10)), "say": recorded_late}, "2031-03-03")
    assert last is not None
    assert last.on == date(2031, 3, 10)


def test_a_deadline_that_does_not_repeat_is_met_by_what_was_done_before_its_anchor_unless_it_counts_afresh() -> None:
    held = {"visit": done(date(2031, 3, 1))}
    assert held_of(deadline(after="PT24H"), held, "2031-03-03") is not None
    assert held_of(deadline(after="PT24H", counts_afresh=True), held, "2031-03-03") is None


@settings(deadline=None)
@given(DAYS, st.lists(DAYS, min_size=1, max_size=8, unique=True), st.sampled_from([("P3M", "P6M"), ("P6W",)]))
def test_no_gap_between_two_holdings_is_longer_than_the_repeat(
    since: date, days: list[date], repeat: tuple[str, ...]
) -> None:
    held = done(*days)
    then = local(due(since, {"visit": held}, after="P1W", repeat=repeat)).date()
    if held.on < since:
        assert then == after_duration(since, "P1W")
    else:
        assert held.on < then <= after_duration(held.on, repeat[-1])
        number = len([day for day in days if day >= since])
        assert then == after_duration(held.on, repeat[min(number, len(repeat)) - 1])


def test_how_often_is_taken_from_the_count_where_no_days_are_kept() -> None:
    assert times_since(Held(on=date(2031, 3, 3), at=at("2031-03-03 12:00"), count=3), "2031-03-01") == 3


# Sittings


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"after": "P1M", "sitting": "wheels"}, "2031-04-01 17:00"),
        ({"after": "P1M", "sitting": "wheels", "sitting_is": "on_or_after"}, "2031-04-08 17:00"),
        ({"after": "P29D", "sitting": "wheels"}, "2031-04-01 17:00"),
        ({"after": "P29D", "sitting": "wheels", "sitting_is": "on_or_after"}, "2031-04-01 17:00"),
    ],
)
def test_a_deadline_is_brought_to_a_sitting_of_its_forum(said: dict[str, Any], expected: str) -> None:
    found = reckoned(deadline(**said), {"loan.since": "2031-03-03"}, council=wayford(forums=(forum(),)))
    assert found is not None
    assert found.due == at(expected)
    assert found.sitting == at(expected).date()


@settings(deadline=None)
@given(DAYS, st.sampled_from(["on_or_before", "on_or_after"]), DURATIONS)
def test_the_sitting_lies_on_the_side_that_was_asked_for_and_less_than_a_fortnight_away(
    since: date, side: str, after: str
) -> None:
    council = wayford(forums=(forum(),))
    there = local(due(since, council=council, after=after, sitting="wheels", sitting_is=side)).date()
    day = after_duration(since, after)
    assert (there <= day) is (side == "on_or_before") or there == day
    assert abs((there - day).days) < 14


WINDOW = ("P21D", "P28D", "P42D")


@pytest.mark.parametrize(
    ("since", "expected", "fits"),
    [("2031-03-03", "2031-04-01 17:00", True), ("2031-03-12", "2031-04-23 17:00", False)],
)
def test_a_window_gives_its_last_sitting_or_its_last_day_with_a_wish_for_another(
    since: str, expected: str, *, fits: bool
) -> None:
    council = wayford(forums=(monthly(WINDOW),))
    found = reckoned(deadline(list_by="wheels"), {"loan.since": since}, council=council)
    assert found is not None
    assert (found.due, found.fits, found.sitting is not None) == (at(expected), fits, fits)


def test_a_forum_without_a_window_is_asked_for_the_day_itself() -> None:
    council = wayford(forums=(forum(),))
    found = reckoned(deadline(list_by="wheels"), {"loan.since": "2031-03-04"}, council=council)
    assert found is not None
    assert (found.due, found.fits) == (at("2031-03-04 17:00"), True)


def test_a_deadline_with_no_length_is_due_on_the_day_itself() -> None:
    assert due("2031-03-04") == at("2031-03-04 17:00")


def test_the_sitting_may_be_asked_for_some_working_days_before_it() -> None:
    council = wayford(forums=(forum(),))
    found = due("2031-03-18", council=council, after="P4W", sitting="wheels", sitting_working_days=2)
    assert found == at("2031-04-09 17:00")  # the sitting is on the 15th, the bank holidays are the 11th and 14th


def test_what_is_proposed_for_a_sitting_that_is_past_goes_to_the_next() -> None:
    council = wayford(forums=(forum(),))
    asked = deadline(after="P1W", sitting="wheels", on_due="propose", proposes="wheels")
    late = reckoned(asked, {"loan.since": "2031-03-03"}, council=council, today=date(2031, 4, 2))
    assert late is not None
    assert late.sitting == date(2031, 4, 8)
    only_late = asked.model_copy(update={"on_due": "late"})
    passed = reckoned(only_late, {"loan.since": "2031-03-03"}, council=council, today=date(2031, 4, 2))
    assert passed is not None
    assert passed.sitting == date(2031, 3, 4)


@pytest.mark.parametrize(
    ("since", "sitting"),
    [("2031-03-04T08:59:00+00:00", date(2031, 3, 4)), ("2031-03-04T09:01:00+00:00", date(2031, 3, 11))],
)
def test_a_sitting_that_had_begun_when_it_happened_is_not_the_next_one(since: str, sitting: date) -> None:
    council = wayford(forums=(forum(),))
    asked = deadline(after="P0D", sitting="wheels", sitting_is="on_or_after")
    found = reckoned(asked, {"loan.since": since}, council=council)
    assert found is not None
    assert found.sitting == sitting


# Heard meanwhile


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "2031-03-10 17:00"),
        ({"held.told_heard:saddles": date(2031, 3, 5)}, "2031-03-10 17:00"),
        ({"held.told_heard:wheels": date(2031, 3, 2)}, "2031-03-10 17:00"),
        ({"held.told_heard:wheels": date(2031, 3, 5)}, "2031-09-05 17:00"),
        (
            {"held.told_heard:wheels": date(2031, 3, 5), "held.told_decided:wheels": date(2031, 3, 31)},
            "2031-09-30 17:00",
        ),
        (
            {"held.told_heard:wheels": date(2031, 3, 5), "panel.wheels.next_review": "2031-05-06"},
            "2031-05-06 17:00",
        ),
        (
            {"held.told_heard:wheels": date(2031, 3, 5), "panel.wheels.next_review": "2031-03-01"},
            "2031-09-05 17:00",
        ),
        (
            {"held.told_heard:wheels": date(2031, 3, 5), "panel.wheels.next_review": "2031-03-07"},
            "2031-03-10 17:00",
        ),
    ],
)
def test_heard_by_its_forum_it_waits_for_the_forums_own_review_or_so_long(facts: dict[str, Any], expected: str) -> None:
    asked = deadline(after="P1W", on_due="propose", proposes="wheels", rearm="P6M")
    found = reckoned(asked, {"loan.since": "2031-03-03", **facts})
    assert found is not None
    assert found.due == at(expected)


def test_what_is_not_proposed_again_does_not_wait_for_anything() -> None:
    asked = deadline(after="P1W", on_due="propose", proposes="wheels")
    found = reckoned(asked, {"loan.since": "2031-03-03", "held.told_heard:wheels": date(2031, 3, 5)})
    assert found is not None
    assert (found.due, found.anchor) == (at("2031-03-10 17:00"), "2031-03-03")


# Due before the watch began


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"after": "P1W"}, None),
        ({"after": "P1W", "already_due": "late"}, "2029-05-21 17:00"),
        ({"after": "P1W", "repeat": "P6M"}, "2031-05-21 17:00"),
        ({"working_days": 20, "repeat": ("P3M", "P6M")}, "2031-03-11 17:00"),
        ({"after": "P2Y"}, "2031-05-14 17:00"),
    ],
)
def test_what_was_due_before_the_watch_began_is_late_or_only_shown_and_a_series_goes_on(
    said: dict[str, Any], expected: str | None
) -> None:
    asked = deadline(**{"already_due": "shown", **said})
    found = reckoned(asked, {"loan.since": "2029-05-14", "watch.started_on": TODAY})
    assert (found and found.due) == (at(expected) if expected else None)


def test_without_a_beginning_nothing_is_left_out() -> None:
    found = reckoned(deadline(after="P1W", already_due="shown"), {"loan.since": "2029-05-14"})
    assert found is not None


def test_a_series_of_which_no_part_comes_in_all_those_years_does_not_run() -> None:
    asked = deadline(after="P0D", repeat="P1D", already_due="shown")
    assert reckoned(asked, {"loan.since": "1901-01-01", "watch.started_on": TODAY}) is None
