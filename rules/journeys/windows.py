"""Dates of a case's own: the window that it is listed in, the day by which it should be heard, the sitting asked for.

Rules HAC-278 and HAC-280 (decision D13), CBC-061 and CBC-072. None of them refuses anything: people are told.
"""

from datetime import date, datetime

from models.journey import Booking, JourneyState
from models.process import Notice
from models.timetable import HearBy, ListBy
from rules import clocks
from rules.authority import role, system
from rules.conditions import all_hold, as_day, fact
from rules.process import note
from rules.schedule import ends_at, next_sitting_in_time, panel_of, sitting_by_date
from rules.working_days import DAY, after_duration, before_duration, local

LIST_BY = "list_by"
EXTRA_SITTING = "No sitting lies in this case's window: an extra sitting is wanted"
HEARD_TOO_LATE = "Its place is later than "


def day_of(state: JourneyState, path: str) -> date | None:
    """A day of the form; `None` when it is not filled in.

    Args:
        state: The journey.
        path: Where it stands.
    """
    value = fact(state.referral, path)
    return None if value is None else as_day(value)


def window(state: JourneyState) -> tuple[ListBy, date] | None:
    """The window that a case is listed by, and the day that it counts from; `None` once it was heard there.

    Args:
        state: The journey.
    """
    rule = state.forum.list_by or panel_of(state).list_by
    if rule is None or any(record.forum == state.forum_key for record in state.decisions):
        return None
    days = [day for day in (day_of(state, path) for path in rule.anchor) if day is not None]
    return (rule, max(days)) if days else None


def watch_window(state: JourneyState, now: datetime) -> None:
    """Watch the last day of a case's window, until it is heard.

    Args:
        state: The journey.
        now: UTC.
    """
    found = window(state)
    if found is None:
        return
    rule, anchor = found
    due = clocks.due_on(state, LIST_BY, after_duration(anchor, rule.latest))
    clock = state.clocks.get(LIST_BY)
    if clock is None or (clock.ticking and clock.due != due):
        clocks.start(state, LIST_BY, LIST_BY, due, role(state.procedure, state.forum_key, "administrator"), now)


def sitting_wanted(state: JourneyState, received: datetime, now: datetime, after: date | None) -> date:
    """The sitting to ask: of the case's window, the one that was wished for, or the next that it is in time for.

    Args:
        state: The journey, submitted or asking ahead of its papers.
        received: When it was submitted, in UTC.
        now: UTC.
        after: Only sittings after this date.
    """
    panel = panel_of(state)
    watch_window(state, now)
    asked = state.referral.request.sitting
    if asked is not None and (after is None or asked > after):
        after = max(asked, local(now).date()) - DAY
    sitting = _in_window(state, received, now, after)
    while now >= ends_at(sitting, panel):
        sitting = next_sitting_in_time(received, panel, state.calendar, sitting)
    return sitting


def _in_window(state: JourneyState, received: datetime, now: datetime, after: date | None) -> date:
    panel, found = panel_of(state), window(state)
    if found is None:
        return next_sitting_in_time(received, panel, state.calendar, after)
    rule, anchor = found
    by_date = sitting_by_date(anchor, rule, received, panel, state.calendar, after)
    if not by_date.fits and EXTRA_SITTING not in state.flags:
        state.flags = [*state.flags, EXTRA_SITTING]
        told = (Notice(post=role(state.procedure, state.forum_key, "administrator"), subject="extra_sitting_wanted"),)
        by = system(state.procedure)
        note(state, now, "extra_sitting_wanted", by, cites=rule.cites, notices=told, text=str(by_date.latest))
    return by_date.sitting


def heard_at_last(state: JourneyState, now: datetime) -> None:
    """The case is before its panel: its window is met.

    Args:
        state: The journey.
        now: UTC.
    """
    clocks.meet(state, LIST_BY, now)
    state.flags = [flag for flag in state.flags if flag != EXTRA_SITTING]


def look_at_date(state: JourneyState, booking: Booking, now: datetime) -> None:
    """Say whose business it is when a place is later than the day by which the case should be heard (CBC-061).

    Args:
        state: The journey.
        booking: Its place.
        now: UTC.
    """
    before = state.flags
    state.flags = [flag for flag in before if not flag.startswith(HEARD_TOO_LATE)]
    for rule in (*state.forum.hear_by, *(panel_of(state).hear_by if state.forum.sits_with else ())):
        flag = _too_late(state, rule, booking, now)
        if flag is None:
            continue
        state.flags = [*state.flags, flag]
        if flag not in before:
            told = tuple(Notice(post=post, subject="heard_too_late") for post in rule.tells)
            note(state, now, "heard_too_late", system(state.procedure), cites=rule.cites, notices=told, text=flag)


def _too_late(state: JourneyState, rule: HearBy, booking: Booking, now: datetime) -> str | None:
    day = day_of(state, rule.path)
    waived = bool(rule.unless) and all_hold(rule.unless, state.referral, local(now).date(), state.procedure)
    if day is None or waived:
        return None
    by = before_duration(day, rule.before)
    return f"{HEARD_TOO_LATE}{by} ({rule.cites[0]})" if booking.sitting > by else None
