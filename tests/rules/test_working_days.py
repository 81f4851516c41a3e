from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.procedure import WorkingCalendar
from rules.working_days import (
    add_working_days,
    after_duration,
    instant,
    is_working_day,
    local,
    longer_than,
    on_or_before,
    out_of_hours,
    to_the_minute,
)
from tests.builders import CALENDAR, at

DAYS = st.dates(date(2030, 2, 1), date(2033, 11, 30))
GOOD_FRIDAY = date(2031, 4, 11)
EASTER_MONDAY = date(2031, 4, 14)
NINE, FIVE = time(9), time(17)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2031, 4, 10), True),
        (GOOD_FRIDAY, False),
        (date(2031, 4, 12), False),
        (date(2031, 4, 13), False),
        (EASTER_MONDAY, False),
        (date(2031, 4, 15), True),
        (date(2031, 12, 25), False),
        (date(2031, 12, 26), False),
        (date(2032, 2, 29), False),
        (date(2032, 3, 1), True),
    ],
)
def test_nobody_works_at_weekends_and_on_bank_holidays(day: date, *, works: bool) -> None:
    assert is_working_day(day, CALENDAR) is works


def test_a_closure_day_of_the_council_is_no_working_day() -> None:
    closed = WorkingCalendar(days_off=(date(2031, 3, 11),), until=date(2031, 12, 31))
    assert not is_working_day(date(2031, 3, 11), closed)
    assert is_working_day(date(2031, 3, 12), closed)


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2031, 4, 10), 1, date(2031, 4, 15)),
        (date(2031, 4, 15), -1, date(2031, 4, 10)),
        (GOOD_FRIDAY, 1, date(2031, 4, 15)),
        (GOOD_FRIDAY, -1, date(2031, 4, 10)),
        (date(2031, 4, 12), 2, date(2031, 4, 16)),
        (date(2031, 12, 24), 2, date(2031, 12, 30)),
        (date(2031, 3, 11), 5, date(2031, 3, 18)),
        (date(2031, 3, 11), 0, date(2031, 3, 11)),
        (GOOD_FRIDAY, 0, GOOD_FRIDAY),
    ],
)
def test_working_days_are_counted_over_bank_holidays_without_the_day_itself(day: date, count: int, then: date) -> None:
    assert add_working_days(day, count, CALENDAR) == then


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2031, 4, 10), date(2031, 4, 10)),
        (GOOD_FRIDAY, date(2031, 4, 10)),
        (EASTER_MONDAY, date(2031, 4, 10)),
        (date(2031, 12, 28), date(2031, 12, 24)),
    ],
)
def test_a_day_off_comes_forward_to_the_last_working_day_before(day: date, then: date) -> None:
    assert on_or_before(day, CALENDAR) == then


@given(DAYS, st.integers(0, 30))
@settings(deadline=None)
def test_as_many_working_days_forward_as_back_return_to_the_same_working_day(day: date, count: int) -> None:
    begins = on_or_before(day, CALENDAR)
    assert add_working_days(add_working_days(begins, count, CALENDAR), -count, CALENDAR) == begins


@given(DAYS, st.integers(1, 30))
@settings(deadline=None)
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    then = add_working_days(day, count, CALENDAR)
    passed = [day + timedelta(days=n) for n in range(1, (then - day).days + 1)]
    assert is_working_day(then, CALENDAR)
    assert sum(is_working_day(one, CALENDAR) for one in passed) == count


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2031, 3, 28), datetime(2031, 3, 28, 12, tzinfo=UTC)),
        (date(2031, 4, 4), datetime(2031, 4, 4, 11, tzinfo=UTC)),
        (date(2031, 10, 24), datetime(2031, 10, 24, 11, tzinfo=UTC)),
        (date(2031, 10, 31), datetime(2031, 10, 31, 12, tzinfo=UTC)),
    ],
)
def test_noon_stays_noon_across_both_clock_changes(day: date, utc: datetime) -> None:
    assert instant(day, time(12)) == utc
    assert local(utc).time() == time(12)


def test_the_hour_that_autumn_repeats_is_taken_the_first_time() -> None:
    assert instant(date(2031, 10, 26), time(1, 30)) == datetime(2031, 10, 26, 0, 30, tzinfo=UTC)


def test_the_hour_that_spring_skips_is_the_same_instant_after_it() -> None:
    assert instant(date(2031, 3, 30), time(1, 30)) == instant(date(2031, 3, 30), time(2, 30))


@given(st.datetimes(datetime(2030, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware
@settings(deadline=None)
def test_local_time_is_the_same_moment(moment: datetime) -> None:
    assert local(moment).astimezone(UTC) == moment


def test_seconds_do_not_count_to_the_minute() -> None:
    assert to_the_minute(datetime(2031, 3, 7, 12, 0, 59, 999_999, tzinfo=UTC)) == datetime(2031, 3, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "duration", "then"),
    [
        (date(2031, 8, 31), "P6M", date(2032, 2, 29)),
        (date(2030, 8, 31), "P6M", date(2031, 2, 28)),
        (date(2032, 2, 29), "P12M", date(2033, 2, 28)),
        (date(2032, 2, 29), "P1Y", date(2033, 2, 28)),
        (date(2032, 2, 29), "P4Y", date(2036, 2, 29)),
        (date(2031, 1, 31), "P1M", date(2031, 2, 28)),
        (date(2031, 3, 1), "P6W", date(2031, 4, 12)),
        (date(2031, 3, 1), "P10D", date(2031, 3, 11)),
        (date(2031, 3, 1), "P1Y1M1W1D", date(2032, 4, 9)),
    ],
)
def test_anniversaries_clamp_to_the_end_of_the_month(since: date, duration: str, then: date) -> None:
    assert after_duration(since, duration) == then


@pytest.mark.parametrize("said", ["", "P", "6M", "P6", "P6H", "PT6H", "six months", "P-6M", "P1.5M", "P6M "])
def test_what_is_not_a_duration_is_named(said: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        after_duration(date(2031, 1, 1), said)


@pytest.mark.parametrize(
    ("today", "longer"),
    [(date(2031, 9, 14), False), (date(2031, 9, 15), False), (date(2031, 9, 16), True)],
)
def test_longer_than_twelve_months_is_true_from_the_day_after_the_anniversary(today: date, *, longer: bool) -> None:
    assert longer_than(date(2030, 9, 15), "P12M", today) is longer


def test_six_months_from_the_end_of_august_are_over_on_the_first_of_march() -> None:
    assert not longer_than(date(2030, 8, 31), "P6M", date(2031, 2, 28))
    assert longer_than(date(2030, 8, 31), "P6M", date(2031, 3, 1))


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2031-03-11 08:59", True),
        ("2031-03-11 08:59:59", True),
        ("2031-03-11 09:00", False),
        ("2031-03-11 16:59", False),
        ("2031-03-11 16:59:59", False),
        ("2031-03-11 17:00", True),
        ("2031-03-11 23:30", True),
        ("2031-03-15 12:00", True),
        ("2031-03-16 12:00", True),
        ("2031-04-11 12:00", True),
        ("2031-04-14 12:00", True),
        ("2031-07-01 08:59", True),
        ("2031-07-01 09:00", False),
    ],
)
def test_working_hours_are_nine_to_five_on_working_days_by_the_clock_on_the_wall(moment: str, *, out: bool) -> None:
    assert out_of_hours(at(moment), NINE, FIVE, CALENDAR) is out
