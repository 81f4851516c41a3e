from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data import Weekday
from models.procedure import Forum, WorkingCalendar
from models.timetable import ListBy
from procedures.calendars import working_calendar
from rules.meetings import is_sitting_day, last_sitting_by, meetings_between, sittings_from
from rules.schedule import (
    cut_off_for,
    ends_at,
    in_time,
    next_sitting_in_time,
    papers_due,
    sitting_by_date,
    starts_at,
)
from rules.working_days import add_working_days, is_working_day, local
from tests.builders import CALENDAR, at, council_with

DAY = timedelta(days=1)
IN_2026 = working_calendar("hillingdon", 2025)
EASTER_2024 = working_calendar("hillingdon", 2023)


def forum(**parts: Any) -> Forum:  # noqa: ANN401 - parts of a forum
    """A forum that meets otherwise than HARP."""
    own = {name: {**_own(name), **said} if isinstance(said, dict) else said for name, said in parts.items()}
    return council_with(panel=own).forums["panel"]


def _own(name: str) -> dict[str, Any]:
    needed: dict[str, dict[str, Any]] = {
        "schedule": {"weekday": "wednesday", "starts": time(9, 30), "on_holiday": "next_working_day_of_week"},
        "cut_off": {"at": time(17)},
        "capacity": {"cases": None, "minutes": 30, "beyond": "nobody", "overflow": "next_sitting"},
    }
    return {"cites": ["HIL-068"], **needed.get(name, {})}


def monthly(nth: int | None, weekday: str, **more: Any) -> Forum:  # noqa: ANN401 - parts of a schedule
    """A forum that meets once a month."""
    return forum(schedule={"every": "month", "nth": nth, "weekday": weekday, **more}, cut_off=None)


def _dates(panel: Forum, first: date, count: int, calendar: WorkingCalendar = CALENDAR) -> list[date]:
    found = sittings_from(first, panel, calendar)
    return [next(found) for _ in range(count)]


def test_a_panel_of_every_six_weeks_is_counted_from_the_week_of_its_anchor() -> None:
    panel = forum(schedule={"interval": 6, "anchor": date(2031, 1, 8)})
    meets = [date(2031, 1, 8), date(2031, 2, 19), date(2031, 4, 2), date(2031, 5, 14)]
    assert _dates(panel, date(2031, 1, 1), 4) == meets
    assert last_sitting_by(date(2031, 4, 1), panel, CALENDAR) == date(2031, 2, 19)
    assert last_sitting_by(date(2031, 1, 7), panel, CALENDAR) == date(2030, 11, 27)


@pytest.mark.parametrize("anchor", [date(2031, 1, 6), date(2031, 1, 12), date(2032, 1, 7)])
def test_any_day_of_a_week_of_meeting_may_be_the_anchor_before_or_after(anchor: date) -> None:
    interval = 2 if anchor.year == 2032 else 6
    panel = forum(schedule={"interval": interval, "anchor": anchor})
    assert is_sitting_day(date(2031, 1, 8), panel, CALENDAR)


def test_without_an_anchor_weeks_are_still_counted_the_same_way_every_time() -> None:
    panel = forum(schedule={"interval": 2})
    first, second = _dates(panel, date(2031, 1, 1), 2)
    assert second - first == timedelta(days=14)


def test_a_weekly_panel_loses_a_week_without_a_day_left_and_a_rarer_one_moves_into_the_next() -> None:
    good_friday = date(2031, 4, 11)
    weekly = forum(schedule={"weekday": "friday"})
    rarely = forum(schedule={"weekday": "friday", "interval": 6, "anchor": good_friday})
    assert meetings_between(date(2031, 4, 7), date(2031, 4, 20), weekly, CALENDAR) == [date(2031, 4, 18)]
    assert meetings_between(date(2031, 4, 7), date(2031, 4, 20), rarely, CALENDAR) == [date(2031, 4, 15)]


def test_a_weekday_on_which_nobody_works_gives_the_next_working_day() -> None:
    panel = forum(schedule={"weekday": "saturday"})
    assert _dates(panel, date(2031, 3, 8), 2) == [date(2031, 3, 10), date(2031, 3, 17)]


@pytest.mark.parametrize(
    ("nth", "weekday", "month", "meets"),
    [
        (1, "thursday", date(2031, 3, 1), date(2031, 3, 6)),
        (2, "thursday", date(2031, 3, 1), date(2031, 3, 13)),
        (None, "saturday", date(2031, 3, 1), date(2031, 3, 3)),
        (-1, "monday", date(2031, 3, 1), date(2031, 3, 31)),
        (-1, "saturday", date(2028, 2, 5), date(2028, 2, 28)),
        (5, "tuesday", date(2028, 2, 1), date(2028, 2, 29)),
        (5, "tuesday", date(2031, 1, 1), date(2031, 4, 29)),
        (1, "thursday", date(2026, 1, 1), date(2026, 1, 2)),
        (-1, "friday", date(2024, 3, 1), date(2024, 4, 2)),
        (1, "monday", date(2031, 5, 1), date(2031, 5, 6)),
    ],
)
def test_a_monthly_panel_meets_on_its_weekday_or_the_next_working_day(
    nth: int | None, weekday: str, month: date, meets: date
) -> None:
    calendar = working_calendar("hillingdon", month.year - 1)
    assert next(sittings_from(month, monthly(nth, weekday), calendar)) == meets
    assert is_sitting_day(meets, monthly(nth, weekday), calendar)


def test_a_meeting_that_moved_into_the_next_month_is_found_from_there_too() -> None:
    last_friday = monthly(-1, "friday")
    assert next(sittings_from(date(2024, 4, 1), last_friday, EASTER_2024)) == date(2024, 4, 2)
    assert last_sitting_by(date(2024, 4, 25), last_friday, EASTER_2024) == date(2024, 4, 2)


def test_a_panel_of_every_third_month_is_counted_from_its_anchor() -> None:
    quarterly = monthly(1, "wednesday", interval=3, anchor=date(2031, 2, 1))
    assert _dates(quarterly, date(2031, 1, 1), 2) == [date(2031, 2, 5), date(2031, 5, 7)]


TIMETABLE = (
    {"on": date(2031, 3, 20), "papers_by": datetime(2031, 3, 6, 12)},  # noqa: DTZ001 - wall time, as files have it
    {"on": date(2031, 4, 14)},
)


def test_the_dates_of_a_timetable_replace_the_pattern_in_their_months_and_only_there() -> None:
    panel = monthly(2, "thursday", dates=TIMETABLE)
    meets = [date(2031, 2, 13), date(2031, 3, 20), date(2031, 4, 15), date(2031, 5, 8)]
    assert _dates(panel, date(2031, 2, 1), 4) == meets  # Easter Monday moves to Tuesday


def test_the_deadline_of_a_timetable_goes_before_the_rule_and_holds_to_the_minute() -> None:
    panel = monthly(2, "thursday", dates=TIMETABLE).model_copy(
        update={"cut_off": forum(cut_off={"working_days_before": 10}).cut_off}
    )
    assert cut_off_for(date(2031, 3, 20), panel, CALENDAR) == at("2031-03-06 12:00")
    assert cut_off_for(date(2031, 4, 15), panel, CALENDAR) == at("2031-03-28 17:00")
    assert next_sitting_in_time(at("2031-03-06 12:00"), panel, CALENDAR) == date(2031, 3, 20)
    assert next_sitting_in_time(at("2031-03-06 12:01"), panel, CALENDAR) == date(2031, 4, 15)


def test_a_deadline_with_an_offset_is_that_instant() -> None:
    dates = ({"on": date(2031, 7, 10), "papers_by": at("2031-07-01 17:00")},)
    assert cut_off_for(date(2031, 7, 10), monthly(2, "thursday", dates=dates), CALENDAR) == at("2031-07-01 17:00")


def test_a_timetable_that_ran_out_falls_back_on_the_pattern() -> None:
    panel = monthly(2, "thursday", dates=TIMETABLE)
    assert next_sitting_in_time(at("2033-01-01 09:00"), panel, CALENDAR) == date(2033, 1, 13)


@pytest.mark.parametrize(
    ("on", "days", "cut_off"),
    [
        (date(2031, 3, 12), 3, "2031-03-07 17:00"),
        (date(2031, 4, 16), 3, "2031-04-09 17:00"),
        (date(2031, 5, 7), 3, "2031-05-01 17:00"),
        (date(2031, 3, 12), 1, "2031-03-11 17:00"),
        (date(2031, 3, 12), 0, "2031-03-12 09:30"),
        (date(2031, 4, 2), 3, "2031-03-28 17:00"),
        (date(2031, 10, 29), 3, "2031-10-24 17:00"),
        (date(2028, 3, 1), 1, "2028-02-29 17:00"),
        (date(2031, 1, 2), 3, "2030-12-27 17:00"),
    ],
)
def test_working_days_before_a_meeting_leave_out_its_own_day_and_holidays(on: date, days: int, cut_off: str) -> None:
    panel = forum(cut_off={"working_days_before": days})
    calendar = working_calendar("hillingdon", on.year - 1)
    assert cut_off_for(on, panel, calendar) == at(cut_off)


def test_the_worked_case_of_easter_2026_has_its_cut_off_on_the_day_of_the_panel_before() -> None:
    panel = forum(schedule={}, cut_off={"working_days_before": 3}, papers={"working_days_before": 2})
    easter = date(2026, 4, 8)
    cut_off = cut_off_for(easter, panel, IN_2026)
    assert cut_off == at("2026-04-01 17:00")
    assert is_sitting_day(date(2026, 4, 1), panel, IN_2026)
    assert panel.papers is not None
    assert papers_due(easter, cut_off, panel.papers, IN_2026) == at("2026-04-02 17:00")


@pytest.mark.parametrize(("moment", "meets"), [("2031-03-07 17:00", 12), ("2031-03-07 17:01", 19)])
def test_one_minute_past_close_of_business_waits_a_week(moment: str, meets: int) -> None:
    panel = forum(schedule={}, cut_off={"working_days_before": 3})
    assert next_sitting_in_time(at(moment), panel, CALENDAR) == date(2031, 3, meets)


@pytest.mark.parametrize(("time_of_papers", "due"), [(time(17), "2031-03-07 17:00"), (time(9), "2031-03-07 12:00")])
def test_papers_without_days_are_due_on_the_day_of_the_cut_off_and_not_before_it(
    time_of_papers: time, due: str
) -> None:
    panel = forum(papers={"at": time_of_papers})
    assert panel.papers is not None
    assert papers_due(date(2031, 3, 12), at("2031-03-07 12:00"), panel.papers, CALENDAR) == at(due)


def test_a_meeting_lasts_as_long_as_it_says_else_as_its_cases_else_a_morning() -> None:
    on, begins = date(2031, 3, 12), time(9, 30)
    known = forum(schedule={"minutes": 180})
    aims = forum(capacity={"target": 4})
    open_ended = forum(capacity={})
    ends = [local(ends_at(on, panel)).time() for panel in (known, aims, open_ended)]
    assert ends == [time(12, 30), time(11, 30), time(12, 30)]
    assert local(starts_at(on, open_ended)).time() == begins


def test_a_meeting_begins_at_its_wall_time_on_both_sides_of_a_clock_change() -> None:
    panel = forum(schedule={})
    assert [starts_at(date(2031, 3, day), panel).hour for day in (26,)] == [9]
    assert [starts_at(date(2031, month, day), panel).hour for month, day in ((4, 2), (10, 22), (10, 29))] == [8, 8, 9]


SCHEDULES = st.one_of(
    st.builds(
        lambda weekday, interval, anchor: {"weekday": weekday, "interval": interval, "anchor": anchor},
        st.sampled_from(Weekday),
        st.integers(1, 8),
        st.dates(date(2030, 1, 1), date(2032, 12, 31)),
    ),
    st.builds(
        lambda weekday, nth, interval: {"every": "month", "weekday": weekday, "nth": nth, "interval": interval},
        st.sampled_from(Weekday),
        st.sampled_from([-1, 1, 2, 3, 4, 5]),
        st.integers(1, 3),
    ),
)
CUT_OFFS = st.one_of(
    st.none(),
    st.builds(
        lambda weekday, hour: {"weekday": weekday, "at": time(hour)}, st.sampled_from(Weekday), st.integers(0, 23)
    ),
    st.builds(
        lambda days, hour: {"working_days_before": days, "at": time(hour)}, st.integers(0, 15), st.integers(0, 23)
    ),
)
DAYS = st.dates(date(2030, 3, 1), date(2033, 6, 30))


@given(SCHEDULES, DAYS)
@settings(deadline=None, max_examples=60)
def test_every_sitting_is_on_a_working_day_in_order_and_found_from_every_side(said: dict[str, Any], day: date) -> None:
    panel = forum(schedule=said)
    meets = _dates(panel, day, 3)
    assert day <= meets[0] < meets[1] < meets[2]
    for on in meets:
        assert is_working_day(on, CALENDAR)
        assert is_sitting_day(on, panel, CALENDAR)
        assert last_sitting_by(on, panel, CALENDAR) == on
    assert last_sitting_by(meets[1] - DAY, panel, CALENDAR) == meets[0]
    assert meetings_between(meets[0] + DAY, meets[1] - DAY, panel, CALENDAR) == []


@given(SCHEDULES, CUT_OFFS, DAYS)
@settings(deadline=None, max_examples=60)
def test_a_cut_off_never_lies_after_the_start_of_its_sitting(
    said: dict[str, Any], cut_off: dict[str, Any] | None, day: date
) -> None:
    panel = forum(schedule=said, cut_off=cut_off)
    on = next(sittings_from(day, panel, CALENDAR))
    last = cut_off_for(on, panel, CALENDAR)
    assert last <= starts_at(on, panel)
    if panel.cut_off is not None and panel.cut_off.working_days_before:
        assert local(last).date() == add_working_days(on, -panel.cut_off.working_days_before, CALENDAR)
    elif panel.cut_off is not None:
        assert is_working_day(local(last).date(), CALENDAR)


KINSHIP = ListBy(
    anchor=("circumstances.looked_after_since",), earliest="P21D", target="P28D", latest="P42D", cites=("HAC-280",)
)
FIRST_TUESDAY = monthly(1, "tuesday")
STARTS_OF_2026 = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def _listed(start: date, panel: Forum = FIRST_TUESDAY) -> tuple[date, bool]:
    found = sitting_by_date(start, KINSHIP, at(f"{start} 09:00"), panel, IN_2026)
    assert found.latest == start + timedelta(days=42)
    return found.sitting, found.fits


def test_only_half_of_all_start_dates_have_a_monthly_panel_between_day_28_and_day_42() -> None:
    four_weeks = [
        meetings_between(start + timedelta(days=28), start + timedelta(days=42), FIRST_TUESDAY, IN_2026)
        for start in STARTS_OF_2026
    ]
    assert sum(bool(found) for found in four_weeks) == 181
    first = [next(sittings_from(start + timedelta(days=28), FIRST_TUESDAY, IN_2026)) for start in STARTS_OF_2026]
    assert max((on - start).days for on, start in zip(first, STARTS_OF_2026, strict=True)) == 62


def test_from_day_21_on_most_start_dates_have_a_panel_and_the_others_want_an_extra_one() -> None:
    listed = [_listed(start) for start in STARTS_OF_2026]
    assert sum(fits for _, fits in listed) == 265


def test_a_case_goes_to_the_last_panel_of_its_window_even_before_its_fourth_week() -> None:
    for start in STARTS_OF_2026:
        sitting, fits = _listed(start)
        window = meetings_between(start + timedelta(days=21), start + timedelta(days=42), FIRST_TUESDAY, IN_2026)
        assert fits is bool(window)
        assert sitting == (window[-1] if window else next(sittings_from(start, FIRST_TUESDAY, IN_2026)))


def test_a_window_that_has_passed_gives_the_next_panel_and_says_so() -> None:
    found = sitting_by_date(date(2026, 1, 1), KINSHIP, at("2026-06-01 09:00"), FIRST_TUESDAY, IN_2026)
    assert (found.sitting, found.fits) == (date(2026, 6, 2), False)


def test_a_panel_of_the_window_whose_cut_off_has_passed_does_not_count() -> None:
    panel = FIRST_TUESDAY.model_copy(update={"cut_off": forum(cut_off={"working_days_before": 5}).cut_off})
    start = date(2026, 1, 13)  # its window has the 3rd of February only
    found = sitting_by_date(start, KINSHIP, at("2026-01-27 17:01"), panel, IN_2026)
    assert (found.sitting, found.fits) == (date(2026, 3, 3), False)
    in_hand = sitting_by_date(start, KINSHIP, at("2026-01-27 17:00"), panel, IN_2026)
    assert (in_hand.sitting, in_hand.fits) == (date(2026, 2, 3), True)


def test_a_search_of_the_window_may_start_after_a_sitting() -> None:
    found = sitting_by_date(date(2026, 1, 1), KINSHIP, at("2026-01-05 09:00"), FIRST_TUESDAY, IN_2026, date(2026, 2, 3))
    assert (found.sitting, found.fits) == (date(2026, 3, 3), False)
    assert in_time(at("2026-01-05 09:00"), cut_off_for(found.sitting, FIRST_TUESDAY, IN_2026))
