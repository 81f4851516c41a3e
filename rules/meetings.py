"""The days on which a forum meets: a pattern of weeks or months, and the dates of a yearly timetable.

Rules HIL-068 to HIL-070, HRT-035, CBC-066, HAC-227, HAC-267, HAC-287, HAC-296, HAC-302, HAC-326, HAC-332 and HAC-355;
decision A3: a meeting on a bank holiday moves to the next working day of its week. A forum that meets more seldom than
every week moves on into the next week rather than lose its meeting.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from models.procedure import Forum, WorkingCalendar
from models.timetable import MeetingDate, Schedule
from rules.working_days import DAY, is_working_day

WEEK = timedelta(days=7)
SUNDAY = 6
LONGEST_SHIFT = timedelta(days=35)
"""Further than any meeting moves because of days off: a closed month."""
PERIODS_AT_ONCE = 4
"""How many weeks of meeting, or months, a search looks at in one go."""
SOME_MONDAY = date(2001, 1, 1)
"""From where weeks are counted when a file names no anchor."""


def schedule_of(forum: Forum) -> Schedule:
    """When a forum sits.

    Args:
        forum: A forum that sits.

    Raises:
        ValueError: It does not sit: a fault of the program.
    """
    if forum.schedule is None:
        msg = f"{forum.key} has no sittings"
        raise ValueError(msg)
    return forum.schedule


def meetings_between(first: date, last: date, forum: Forum, calendar: WorkingCalendar) -> list[date]:
    """The forum's meetings in a span of days, both ends included, in order.

    Args:
        first: Local date.
        last: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    schedule = schedule_of(forum)
    named = {(meeting.on.year, meeting.on.month) for meeting in schedule.dates}
    pattern = (day for day in _nominal(first - LONGEST_SHIFT, last, schedule) if (day.year, day.month) not in named)
    found = {_moved(day, schedule, calendar) for day in pattern}
    found |= {_moved(meeting.on, schedule, calendar, lost=False) for meeting in schedule.dates}
    return sorted(day for day in found if day is not None and first <= day <= last)


def sittings_from(day: date, forum: Forum, calendar: WorkingCalendar) -> Iterator[date]:
    """The forum's meetings on or after a day, in order, without an end.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    span = _span(schedule_of(forum))
    while True:
        yield from meetings_between(day, day + span - DAY, forum, calendar)
        day += span


def last_sitting_by(day: date, forum: Forum, calendar: WorkingCalendar) -> date:
    """The forum's last meeting on or before a day.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    span = _span(schedule_of(forum))
    found: list[date] = []
    while not found:
        found = meetings_between(day - span + DAY, day, forum, calendar)
        day -= span
    return found[-1]


def is_sitting_day(day: date, forum: Forum, calendar: WorkingCalendar) -> bool:
    """Whether the forum meets on a day by its pattern or timetable.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    return bool(meetings_between(day, day, forum, calendar))


def named_meeting(on: date, forum: Forum, calendar: WorkingCalendar) -> MeetingDate | None:
    """The entry of the yearly timetable that a meeting stands under; `None` when it is of the pattern or moved.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    schedule = schedule_of(forum)
    return next((named for named in schedule.dates if _moved(named.on, schedule, calendar, lost=False) == on), None)


def _span(schedule: Schedule) -> timedelta:
    return (WEEK if schedule.every == "week" else timedelta(days=31)) * schedule.interval * PERIODS_AT_ONCE


def _nominal(first: date, last: date, schedule: Schedule) -> Iterator[date]:
    """The days that the pattern names, before days off are looked at."""
    if schedule.every == "week":
        yield from _weekly(first, last, schedule)
    else:
        yield from _monthly(first, last, schedule)


def _weekly(first: date, last: date, schedule: Schedule) -> Iterator[date]:
    anchor = schedule.anchor or SOME_MONDAY
    anchor -= timedelta(days=anchor.weekday())
    week = first - timedelta(days=first.weekday())
    while week <= last:
        day = week + timedelta(days=schedule.weekday.number)
        if (week - anchor) // WEEK % schedule.interval == 0 and first <= day <= last:
            yield day
        week += WEEK


def _monthly(first: date, last: date, schedule: Schedule) -> Iterator[date]:
    anchor = schedule.anchor or SOME_MONDAY
    month = first.replace(day=1)
    while month <= last:
        months = (month.year - anchor.year) * 12 + month.month - anchor.month
        day = _nth(month, schedule) if months % schedule.interval == 0 else None
        if day is not None and first <= day <= last:
            yield day
        month += relativedelta(months=1)


def _nth(month: date, schedule: Schedule) -> date | None:
    """The nth such weekday of a month, -1 the last; a month without a fifth has none."""
    weekday, nth = schedule.weekday.number, schedule.nth or 1
    if nth < 0:
        end = month + relativedelta(months=1) - DAY
        return end - timedelta(days=(end.weekday() - weekday) % 7)
    day = month + timedelta(days=(weekday - month.weekday()) % 7) + (nth - 1) * WEEK
    return day if day.month == month.month else None


def _moved(day: date, schedule: Schedule, calendar: WorkingCalendar, *, lost: bool | None = None) -> date | None:
    """Where a meeting lies once days off are looked at; a weekly one falls out when its week has no day left."""
    if lost is None:
        every_week = schedule.every == "week" and schedule.interval == 1
        lost = every_week and schedule.weekday.number not in calendar.weekend
    latest = day + timedelta(days=SUNDAY - day.weekday()) if lost else day + LONGEST_SHIFT
    while day <= latest:
        if is_working_day(day, calendar):
            return day
        day += DAY
    return None
