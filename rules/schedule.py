"""When a forum meets, until when a referral is in time for it, and when each case has its slot.

Rules HIL-068 to HIL-070, HIL-080, HIL-084 and HIL-087; bank holidays as decision A3 says: a sitting moves to the next
working day of its week, a cut-off comes forward to the last working day before, at the same time.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.procedure import CutOff, Forum, Schedule, WorkingCalendar
from rules.working_days import DAY, instant, is_working_day, local, on_or_before, to_the_minute

WEEK = timedelta(days=7)
WEEKS_AHEAD = 60
"""How far a search for a sitting looks: more than any planner needs."""


def _schedule(forum: Forum) -> Schedule:
    if forum.schedule is None:
        msg = f"{forum.key} has no sittings"
        raise ValueError(msg)
    return forum.schedule


def sitting_in_week(day: date, forum: Forum, calendar: WorkingCalendar) -> date | None:
    """The forum's meeting in the week of a day; `None` when no working day of that week is left for it.

    Args:
        day: Any local date of the week.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    meeting = monday + timedelta(days=_schedule(forum).weekday.number)
    while meeting <= sunday:
        if is_working_day(meeting, calendar):
            return meeting
        meeting += DAY
    return None


def sittings_from(day: date, forum: Forum, calendar: WorkingCalendar) -> Iterator[date]:
    """The forum's meetings on or after a day, in order.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    for weeks in range(WEEKS_AHEAD):
        meeting = sitting_in_week(day + weeks * WEEK, forum, calendar)
        if meeting is not None and meeting >= day:
            yield meeting


def last_sitting_by(day: date, forum: Forum, calendar: WorkingCalendar) -> date:
    """The forum's last meeting on or before a day.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    week = day
    meeting = sitting_in_week(week, forum, calendar)
    while meeting is None or meeting > day:
        week -= WEEK
        meeting = sitting_in_week(week, forum, calendar)
    return meeting


def is_sitting_day(day: date, forum: Forum, calendar: WorkingCalendar) -> bool:
    """Whether the forum meets on a day by its pattern.

    Args:
        day: Local date.
        forum: A forum that sits.
        calendar: The days off that the process carries.
    """
    return sitting_in_week(day, forum, calendar) == day


def starts_at(on: date, forum: Forum) -> datetime:
    """The UTC instant at which a meeting starts.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits.
    """
    return instant(on, _schedule(forum).starts)


def ends_at(on: date, forum: Forum) -> datetime:
    """The UTC instant at which a full agenda would end.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits.
    """
    capacity = forum.capacity
    minutes = capacity.cases * capacity.minutes if capacity else 0
    return starts_at(on, forum) + timedelta(minutes=minutes)


def slot_at(number: int, starts: datetime, forum: Forum) -> datetime:
    """The UTC instant of a slot.

    Args:
        number: From 0.
        starts: When the meeting starts.
        forum: A forum that sits.
    """
    minutes = forum.capacity.minutes if forum.capacity else 0
    return starts + timedelta(minutes=number * minutes)


def cut_off_for(on: date, forum: Forum, calendar: WorkingCalendar) -> datetime:
    """Until when a referral is in time for a meeting: the instant itself is still in time.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits; one without a cut-off takes referrals until it starts.
        calendar: The days off that the process carries.
    """
    rule: CutOff | None = forum.cut_off
    if rule is None:
        return starts_at(on, forum)
    day = on - DAY
    while day.weekday() != rule.weekday.number:
        day -= DAY
    return instant(on_or_before(day, calendar), rule.at)


def in_time(now: datetime, cut_off: datetime) -> bool:
    """Whether something received now is in by a cut-off (HIL-080): noon is in time, one minute past is not.

    Args:
        now: UTC.
        cut_off: UTC.
    """
    return to_the_minute(now) <= cut_off


def next_sitting_in_time(now: datetime, forum: Forum, calendar: WorkingCalendar, after: date | None = None) -> date:
    """The first meeting that a referral received now is in time for.

    Args:
        now: UTC.
        forum: A forum that sits.
        calendar: The days off that the process carries.
        after: Only meetings after this date.
    """
    first = local(now).date() if after is None else max(local(now).date(), after + DAY)
    for on in sittings_from(first, forum, calendar):
        if in_time(now, cut_off_for(on, forum, calendar)):
            return on
    msg = f"{forum.key} does not meet within {WEEKS_AHEAD} weeks"
    raise ValueError(msg)


def next_sitting(now: datetime, forum: Forum, calendar: WorkingCalendar, after: date | None = None) -> date:
    """The very next meeting that is not over yet, whatever its cut-off (HIL-044).

    Args:
        now: UTC.
        forum: A forum that sits.
        calendar: The days off that the process carries.
        after: Only meetings after this date.
    """
    first = local(now).date() if after is None else max(local(now).date(), after + DAY)
    for on in sittings_from(first, forum, calendar):
        if now < ends_at(on, forum):
            return on
    msg = f"{forum.key} does not meet within {WEEKS_AHEAD} weeks"
    raise ValueError(msg)
