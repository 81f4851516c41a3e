"""Sittings ahead: those that exist, and those that a forum's schedule brings though nobody has booked one yet."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sql

from models.identifiers import sitting_id
from models.procedure import Council, Forum, WorkingCalendar
from planner.shapes import Entry, Kind, Meeting, Rota
from register.reading import planning
from register.reading.planning import MeetingHeld
from rules.authority import keeper
from rules.meetings import meetings_between
from rules.schedule import cut_off_for, ends_at, panel_key, starts_at
from rules.working_days import local


def sitting_forums(council: Council, forum: str | None = None) -> list[str]:
    """The forums that have sittings of their own, or the one that a forum is a part of.

    Args:
        council: The whole procedure.
        forum: The key of a forum; all when left out.
    """
    keys = council.forums if forum is None else [panel_key(council, forum)]
    return [
        key
        for key in keys
        if (one := council.forums[key]).body == "sitting" and one.schedule is not None and one.sits_with is None
    ]


def sittings_ahead(  # noqa: PLR0913 - where, whose, when and who chairs
    connection: sql.Connection,
    council: Council,
    calendar: WorkingCalendar,
    forums: Iterable[str],
    first: date,
    last: date,
    *,
    scheduled_from: date,
    rota: Rota | None = None,
    beyond: bool = False,
) -> list[Entry]:
    """The sittings of forums in a span of days, in order.

    Args:
        connection: To the register.
        council: The whole procedure.
        calendar: Its days off; they reach as far as the last day.
        forums: Whose.
        first: Local date.
        last: Local date, included.
        scheduled_from: From which day on the schedule brings sittings: what nobody booked before did not take place.
        rota: Who chairs those that nobody has booked yet.
        beyond: Whether those that exist after the last day are wanted too.
    """
    found: list[Entry] = []
    keys = list(forums)
    known = planning.meetings(connection, council.key, keys, first, None if beyond else last)
    for key in keys:
        forum = council.forums[key]
        held = [one for one in known if one.forum == key]
        there = {one.on for one in held}
        found += [_held(one, council, forum) for one in held if one.on >= first]
        moved = {one.moved_to for one in held if one.moved_to is not None and first <= one.moved_to <= last}
        by_schedule = {
            day
            for day in meetings_between(max(first, scheduled_from), last, forum, calendar)
            if forum.in_force_from <= day and (forum.in_force_until is None or day <= forum.in_force_until)
        }
        to_come = {day for day in by_schedule | moved if day not in there and day >= scheduled_from}
        chairs = (rota or {}).get(key, {})
        found += [_to_come(day, council, forum, calendar, chairs.get(day)) for day in sorted(to_come)]
    return sorted(found, key=lambda one: (one.at or starts_at(one.on, council.forums[one.forum]), one.process))


def _held(one: MeetingHeld, council: Council, forum: Forum) -> Entry:
    meeting = Meeting(
        stage=one.stage,
        ends=one.ends or ends_at(one.on, forum),
        cut_off=one.cut_off,
        venue=one.venue,
        chair=one.chair,
        capacity=one.capacity,
        listed=one.listed,
        reserved=one.reserved,
        moved_to=one.moved_to,
    )
    return _entry(one.process, council, forum, local(one.starts).date(), meeting).model_copy(update={"at": one.starts})


def _to_come(day: date, council: Council, forum: Forum, calendar: WorkingCalendar, chair: str | None) -> Entry:
    meeting = Meeting(
        stage=None,
        ends=ends_at(day, forum),
        cut_off=cut_off_for(day, forum, calendar),
        venue=forum.schedule.venue if forum.schedule else None,
        chair=chair,
        capacity=forum.capacity.cases if forum.capacity else None,
    )
    process = sitting_id(council.key, forum.key, day)
    return _entry(process, council, forum, day, meeting).model_copy(update={"at": starts_at(day, forum)})


def _entry(process: str, council: Council, forum: Forum, on: date, meeting: Meeting) -> Entry:
    return Entry(
        on=on,
        kind=Kind.SITTING,
        council=council.key,
        forum=forum.key,
        reference=f"{forum.key}/{on.isoformat()}",
        process=process,
        owner=keeper(council, forum.key),
        title=forum.title,
        cites=forum.schedule.cites if forum.schedule else (),
        link=link_to(process),
        meeting=meeting,
    )


def link_to(process: str) -> str:
    """Where a process is shown, below the address of a deployment.

    Args:
        process: Its id.
    """
    return f"/{process}"
