from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.procedure import Forum, WorkingCalendar
from procedures.calendars import working_calendar
from rules.meetings import meetings_between
from rules.schedule import (
    cut_off_for,
    ends_at,
    in_time,
    is_sitting_day,
    last_sitting_by,
    next_sitting,
    next_sitting_in_time,
    sittings_from,
    slot_at,
    starts_at,
)
from rules.working_days import is_working_day, local
from tests.builders import CALENDAR, HILLINGDON, PANEL, SECOND_PANEL, THIRD_PANEL, at

HARP = HILLINGDON.forums["harp"]
COMPLEX = HILLINGDON.forums["complex_harp"]
CHRISTMAS = working_calendar("hillingdon", 2026)
MOMENTS = st.datetimes(datetime(2030, 2, 1), datetime(2033, 6, 30)).map(  # noqa: DTZ001 - `at` makes them aware
    lambda moment: at(moment.isoformat())
)


@pytest.mark.parametrize(
    ("moment", "panel"),
    [
        ("2031-03-07 11:59", PANEL),
        ("2031-03-07 12:00", PANEL),
        ("2031-03-07 12:00:59", PANEL),
        ("2031-03-07 12:01", SECOND_PANEL),
        ("2031-03-08 09:00", SECOND_PANEL),
        ("2031-03-11 09:30", SECOND_PANEL),
        ("2031-03-14 12:00", SECOND_PANEL),
    ],
)
def test_a_referral_at_one_minute_past_noon_waits_a_week(moment: str, panel: date) -> None:
    assert next_sitting_in_time(at(moment), HARP, CALENDAR) == panel


@pytest.mark.parametrize(
    ("panel", "cut_off", "calendar"),
    [
        (PANEL, "2031-03-07 12:00", CALENDAR),
        (date(2031, 4, 15), "2031-04-10 12:00", CALENDAR),
        (date(2026, 12, 29), "2026-12-24 12:00", CHRISTMAS),
        (date(2027, 1, 5), "2026-12-31 12:00", CHRISTMAS),
        (date(2031, 4, 1), "2031-03-28 12:00", CALENDAR),
        (date(2031, 10, 28), "2031-10-24 12:00", CALENDAR),
    ],
)
def test_a_cut_off_on_a_holiday_comes_forward_at_the_same_time(
    panel: date, cut_off: str, calendar: WorkingCalendar
) -> None:
    assert cut_off_for(panel, HARP, calendar) == at(cut_off)


def test_a_referral_after_noon_on_maundy_thursday_waits_a_week() -> None:
    assert next_sitting_in_time(at("2031-04-10 12:00"), HARP, CALENDAR) == date(2031, 4, 15)
    assert next_sitting_in_time(at("2031-04-10 12:01"), HARP, CALENDAR) == date(2031, 4, 22)


@pytest.mark.parametrize(
    ("tuesday", "meets", "first_year"),
    [
        (date(2027, 12, 28), date(2027, 12, 29), 2027),
        (date(2029, 12, 25), date(2029, 12, 27), 2029),
        (date(2030, 1, 1), date(2030, 1, 2), 2030),
        (date(2031, 3, 11), date(2031, 3, 11), 2030),
    ],
)
def test_a_panel_on_a_bank_holiday_sits_on_the_next_working_day_of_its_week(
    tuesday: date, meets: date, first_year: int
) -> None:
    calendar = working_calendar("hillingdon", first_year)
    assert next(sittings_from(tuesday, HARP, calendar)) == meets
    assert is_sitting_day(meets, HARP, calendar)
    assert is_sitting_day(tuesday, HARP, calendar) is (meets == tuesday)


def test_a_panel_that_moves_to_wednesday_keeps_its_cut_off_and_its_time() -> None:
    calendar = working_calendar("hillingdon", 2027)
    assert cut_off_for(date(2027, 12, 29), HARP, calendar) == at("2027-12-24 12:00")
    assert local(starts_at(date(2027, 12, 29), HARP)).time() == time(9, 30)


def _closed_week() -> WorkingCalendar:
    whole_week = tuple(PANEL + timedelta(days=day) for day in range(-1, 4))
    return WorkingCalendar(days_off=whole_week, until=date(2031, 12, 31))


def test_a_week_without_a_working_day_left_has_no_panel() -> None:
    closed = _closed_week()
    assert not is_sitting_day(PANEL, HARP, closed)
    assert next_sitting_in_time(at("2031-03-06 09:00"), HARP, closed) == SECOND_PANEL
    assert last_sitting_by(date(2031, 3, 14), HARP, closed) == date(2031, 3, 4)


def test_the_cut_off_after_a_week_that_was_closed_comes_forward_past_all_of_it() -> None:
    assert cut_off_for(SECOND_PANEL, HARP, _closed_week()) == at("2031-03-07 12:00")


def test_a_search_goes_on_for_as_long_as_the_calendar_leaves_no_day() -> None:
    closed = WorkingCalendar(
        days_off=tuple(date(2031, 1, 1) + timedelta(days=day) for day in range(800)), until=date(2033, 12, 31)
    )
    assert next_sitting_in_time(at("2031-03-06 09:00"), HARP, closed) == date(2033, 3, 15)
    assert next_sitting(at("2031-03-06 09:00"), HARP, closed) == date(2033, 3, 11)
    assert last_sitting_by(date(2033, 3, 1), HARP, closed) == date(2030, 12, 31)


def test_only_a_forum_that_sits_has_sittings() -> None:
    with pytest.raises(ValueError, match="has no sittings"):
        starts_at(PANEL, HILLINGDON.forums["high_cost_panel"])


def test_a_forum_without_a_cut_off_takes_referrals_until_it_starts() -> None:
    open_forum = HARP.model_copy(update={"cut_off": None})
    assert cut_off_for(PANEL, open_forum, CALENDAR) == at("2031-03-11 09:30")


def test_the_tenth_case_of_harp_ends_at_noon_and_the_fifth_of_complex_harp_at_four() -> None:
    assert local(slot_at(9, starts_at(PANEL, HARP), HARP)).time() == time(11, 45)
    assert local(ends_at(PANEL, HARP)).time() == time(12)
    assert local(slot_at(4, starts_at(PANEL, COMPLEX), COMPLEX)).time() == time(15, 30)
    assert local(ends_at(PANEL, COMPLEX)).time() == time(16)


def test_without_a_capacity_every_case_is_called_at_the_start() -> None:
    unlimited = HARP.model_copy(update={"capacity": None})
    assert ends_at(PANEL, unlimited) == starts_at(PANEL, unlimited)
    assert slot_at(3, starts_at(PANEL, unlimited), unlimited) == starts_at(PANEL, unlimited)


def test_the_last_sitting_by_a_day_is_that_day_or_before() -> None:
    assert last_sitting_by(PANEL, HARP, CALENDAR) == PANEL
    assert last_sitting_by(date(2031, 3, 16), HARP, CALENDAR) == PANEL


@given(st.dates(date(2030, 3, 1), date(2033, 10, 31)))
@settings(deadline=None)
def test_no_sitting_lies_between_the_last_one_and_its_day(day: date) -> None:
    last = last_sitting_by(day, HARP, CALENDAR)
    assert last <= day
    assert next(sittings_from(last + timedelta(days=1), HARP, CALENDAR)) > day


@pytest.mark.parametrize(
    ("moment", "panel"),
    [
        ("2031-03-11 09:29", PANEL),
        ("2031-03-11 11:59:59", PANEL),
        ("2031-03-11 12:00", SECOND_PANEL),
        ("2031-03-10 23:59", PANEL),
    ],
)
def test_an_emergency_goes_to_the_very_next_panel_that_is_not_over(moment: str, panel: date) -> None:
    assert next_sitting(at(moment), HARP, CALENDAR) == panel


def test_a_search_may_start_after_a_sitting() -> None:
    assert next_sitting(at("2031-03-06 09:00"), HARP, CALENDAR, PANEL) == SECOND_PANEL
    assert next_sitting_in_time(at("2031-03-06 09:00"), HARP, CALENDAR, SECOND_PANEL) == THIRD_PANEL


@given(MOMENTS, st.sampled_from([HARP, COMPLEX]))
@settings(deadline=None)
def test_the_next_sitting_in_time_is_a_sitting_day_whose_cut_off_is_not_past(moment: datetime, forum: Forum) -> None:
    panel = next_sitting_in_time(moment, forum, CALENDAR)
    assert is_sitting_day(panel, forum, CALENDAR)
    assert in_time(moment, cut_off_for(panel, forum, CALENDAR))
    earlier = meetings_between(local(moment).date(), panel - timedelta(days=1), forum, CALENDAR)
    assert not any(in_time(moment, cut_off_for(on, forum, CALENDAR)) for on in earlier)


@given(st.dates(date(2030, 3, 1), date(2033, 10, 31)))
@settings(deadline=None)
def test_a_cut_off_is_at_noon_on_a_working_day_before_its_sitting(day: date) -> None:
    panel = next(sittings_from(day, HARP, CALENDAR))
    cut_off = local(cut_off_for(panel, HARP, CALENDAR))
    assert cut_off.date() < panel
    assert is_working_day(cut_off.date(), CALENDAR)
    assert cut_off.time() == time(12)


@given(MOMENTS)
@settings(deadline=None)
def test_the_next_sitting_is_never_later_than_the_next_one_in_time(moment: datetime) -> None:
    assert next_sitting(moment, HARP, CALENDAR) <= next_sitting_in_time(moment, HARP, CALENDAR)
