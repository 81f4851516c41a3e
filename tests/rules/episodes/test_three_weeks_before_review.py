"""The three weeks before a review, over every day of 2026 (CBC-061, CBC-076, F1).

The first review of a looked-after child is held within 20 working days of the entry. What needs the panel comes there
three weeks before, and reaches the administrator three working days before the panel. How many entries can do both?
"""

from datetime import date, time, timedelta

import pytest

from models.data import Weekday
from models.procedure import Forum, WorkingCalendar
from procedures.calendars import working_calendar
from procedures.loader import load_council
from rules.meetings import meetings_between, schedule_of
from rules.schedule import cut_off_for, in_time, next_sitting_in_time
from rules.watches.reckoning import wanted
from rules.working_days import DAY, before_duration, instant, local

CBC = load_council("central_bedfordshire")
PANEL = CBC.forums["access_to_resources_panel"]
CALENDAR = working_calendar("central_bedfordshire", 2025)
YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
NINE = time(9)
THREE_WEEKS = PANEL.hear_by[0].before
FIRST_REVIEW = next(one for one in CBC.law_deadlines if one.key == "looked_after_review")


def panel_on(weekday: Weekday) -> Forum:
    """The panel, on that day of the week."""
    return PANEL.model_copy(update={"schedule": schedule_of(PANEL).model_copy(update={"weekday": weekday})})


def first_review(entry: date) -> date:
    """The last day of the first review, by the law's own deadline."""
    found = wanted(FIRST_REVIEW, {"status.looked_after.since": entry}, {}, CBC, CALENDAR, entry)
    assert found is not None
    return local(found.due).date()


def in_reach(entry: date, panel: Forum, sits: WorkingCalendar) -> bool:
    """Whether a referral of nine o'clock on the day of entry reaches a panel three weeks before the first review."""
    latest = before_duration(first_review(entry), THREE_WEEKS)
    return any(
        in_time(instant(entry, NINE), cut_off_for(sitting, panel, CALENDAR))
        for sitting in meetings_between(entry, latest, panel, sits)
    )


@pytest.mark.parametrize(
    ("weekday", "on_its_weekday", "as_it_sits"),
    [
        (Weekday.MONDAY, 226, 219),
        (Weekday.TUESDAY, 206, 206),
        (Weekday.WEDNESDAY, 185, 185),
        (Weekday.THURSDAY, 273, 273),
        (Weekday.FRIDAY, 289, 268),
    ],
)
def test_51_to_79_per_cent_of_entries_can_reach_a_panel(weekday: Weekday, on_its_weekday: int, as_it_sits: int) -> None:
    """51 per cent for a Wednesday and 79 for a Friday panel, were every panel held; fewer as bank holidays move it."""
    every_week = CALENDAR.model_copy(update={"days_off": ()})
    panel = panel_on(weekday)
    assert sum(in_reach(entry, panel, every_week) for entry in YEAR) == on_its_weekday
    assert sum(in_reach(entry, panel, CALENDAR) for entry in YEAR) == as_it_sits
    assert 51 <= round(100 * on_its_weekday / len(YEAR)) <= 79


@pytest.mark.parametrize("weekday", [*Weekday][:5])
def test_an_entry_is_in_reach_exactly_where_the_next_panel_in_time_lies_early_enough(weekday: Weekday) -> None:
    """What a journey is given is what the counting finds: the next panel that it is in time for."""
    panel = panel_on(weekday)
    for entry in YEAR:
        sitting = next_sitting_in_time(instant(entry, NINE), panel, CALENDAR)
        early = sitting <= before_duration(first_review(entry), THREE_WEEKS)
        assert early is in_reach(entry, panel, CALENDAR)
        assert sitting - entry <= timedelta(days=23), "the next panel is never far, even over Christmas"


def test_later_reviews_can_always_be_reached() -> None:
    """The rule applies in full from the second review on: three months leave room whatever the weekday."""
    for weekday in [*Weekday][:5]:
        panel = panel_on(weekday)
        for entry in YEAR:
            second = first_review(entry) + 90 * DAY
            sitting = next_sitting_in_time(instant(first_review(entry), NINE), panel, CALENDAR)
            assert sitting <= before_duration(second, THREE_WEEKS)


def test_the_first_review_is_20_working_days_after_the_entry() -> None:
    """Over Christmas and Easter as well."""
    assert first_review(date(2026, 1, 5)) == date(2026, 2, 2)
    assert first_review(date(2026, 3, 20)) == date(2026, 4, 21)
    assert first_review(date(2026, 12, 14)) == date(2027, 1, 14)
