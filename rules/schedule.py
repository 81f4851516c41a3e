"""Until when a referral is in time for a meeting, which meeting it goes to, and when each case has its slot.

Rules HIL-080, HIL-084 and HIL-087, HRT-036, HRT-042, CBC-076, HAC-240, HAC-280, HAC-306 and HAC-373; decisions A2, A3
and D13: a cut-off on a day off comes forward to the last working day before, at the same time.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.journey import JourneyState
from models.procedure import Council, Forum, WorkingCalendar
from models.timetable import CutOff, ListBy, Papers
from rules.meetings import is_sitting_day as is_sitting_day  # noqa: PLC0414 - one place to ask about meetings
from rules.meetings import last_sitting_by as last_sitting_by  # noqa: PLC0414 - one place to ask about meetings
from rules.meetings import meetings_between, named_meeting, schedule_of
from rules.meetings import sittings_from as sittings_from  # noqa: PLC0414 - one place to ask about meetings
from rules.working_days import DAY, add_working_days, after_duration, instant, local, on_or_before, to_the_minute

A_MORNING = timedelta(hours=3)
"""How long a meeting without a limit and without a length of its own is taken to last."""


def panel_key(council: Council, forum: str) -> str:
    """The key of the forum that meets for a forum: its own, or that of the meeting that it is a part of.

    Args:
        council: The procedure.
        forum: The key of a forum.
    """
    return council.forums[forum].sits_with or forum


def panel_of(state: JourneyState) -> Forum:
    """The forum whose timetable, agenda and limit a journey goes by (HRT-037, HRT-038).

    Args:
        state: The journey.
    """
    return state.procedure.forums[panel_key(state.procedure, state.forum_key)]


def starts_at(on: date, forum: Forum) -> datetime:
    """The UTC instant at which a meeting starts.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits.
    """
    return instant(on, schedule_of(forum).starts)


def ends_at(on: date, forum: Forum) -> datetime:
    """The UTC instant at which a meeting ends: as long as its schedule says, else as its full agenda takes.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits.
    """
    return starts_at(on, forum) + _length(forum)


def _length(forum: Forum) -> timedelta:
    capacity, minutes = forum.capacity, schedule_of(forum).minutes
    if minutes is not None:
        return timedelta(minutes=minutes)
    if capacity is None:
        return timedelta(0)
    cases = capacity.cases or capacity.target
    return timedelta(minutes=cases * capacity.minutes) if cases else A_MORNING


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
    """Until when a referral is in time for a meeting: the instant itself is still in time. Never after it starts.

    A timetable's own deadline goes before the rule; it is taken as it stands, day off or not.

    Args:
        on: Local date of the meeting.
        forum: A forum that sits; one without a cut-off takes referrals until it starts.
        calendar: The days off that the process carries.
    """
    return min(_cut_off(on, forum, calendar), starts_at(on, forum))


def _cut_off(on: date, forum: Forum, calendar: WorkingCalendar) -> datetime:
    named = named_meeting(on, forum, calendar)
    if named is not None and named.papers_by is not None:
        by = named.papers_by
        return instant(by.date(), by.time()) if by.tzinfo is None else by
    rule: CutOff | None = forum.cut_off
    if rule is not None and rule.working_days_before is not None:
        return instant(add_working_days(on, -rule.working_days_before, calendar), rule.at)
    if rule is None or rule.weekday is None:
        return starts_at(on, forum)
    day = on - DAY
    while day.weekday() != rule.weekday.number:
        day -= DAY
    return instant(on_or_before(day, calendar), rule.at)


def papers_due(on: date, cut_off: datetime, papers: Papers, calendar: WorkingCalendar) -> datetime:
    """Until when the papers of a meeting go out: working days before it, or after its cut-off on the same day.

    Args:
        on: Local date of the meeting; not counted.
        cut_off: UTC.
        papers: The forum's rule (HRT-044, CBC-077, HAC-243, HAC-374).
        calendar: The days off that the process carries.
    """
    if papers.working_days_before is None:
        return max(cut_off, instant(local(cut_off).date(), papers.at))
    return instant(add_working_days(on, -papers.working_days_before, calendar), papers.at)


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
    return next(on for on in sittings_from(first, forum, calendar) if in_time(now, cut_off_for(on, forum, calendar)))


def next_sitting(now: datetime, forum: Forum, calendar: WorkingCalendar, after: date | None = None) -> date:
    """The very next meeting that is not over yet, whatever its cut-off (HIL-044).

    Args:
        now: UTC.
        forum: A forum that sits.
        calendar: The days off that the process carries.
        after: Only meetings after this date.
    """
    first = local(now).date() if after is None else max(local(now).date(), after + DAY)
    return next(on for on in sittings_from(first, forum, calendar) if now < ends_at(on, forum))


class ByDate(NamedTuple):
    """The sitting that a case with a date of its own goes to, and until when it should be heard.

    `fits` says that the sitting lies in its window; when it does not, an extra sitting is wanted.
    """

    sitting: date
    latest: date
    fits: bool


def sitting_by_date(  # noqa: PLR0913 - all that a window is judged by
    anchor: date, rule: ListBy, received: datetime, forum: Forum, calendar: WorkingCalendar, after: date | None = None
) -> ByDate:
    """The last meeting of a case's own window that it is in time for, even before the target; else the next one.

    Rules HAC-278 and HAC-280, decision D13.

    Args:
        anchor: The day that the window is counted from.
        rule: The window.
        received: UTC.
        forum: A forum that sits.
        calendar: The days off that the process carries.
        after: Only meetings after this date.
    """
    today = local(received).date()
    latest = after_duration(anchor, rule.latest)
    earliest = max(after_duration(anchor, rule.earliest), today, after + DAY if after else today)
    window = meetings_between(earliest, latest, forum, calendar) if earliest <= latest else []
    fitting = [on for on in window if in_time(received, cut_off_for(on, forum, calendar))]
    if fitting:
        return ByDate(fitting[-1], latest, fits=True)
    return ByDate(next_sitting_in_time(received, forum, calendar, after), latest, fits=False)
