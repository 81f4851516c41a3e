"""A page of the planner: what is late, then what lies ahead week by week, from every council that is asked for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sql

from models.errors import RefusalCode, Refused
from models.procedure import Council, WorkingCalendar
from planner.asking import Asked, Counts, Placed
from planner.shapes import DAYS_OF_A_WEEK, Entry, Kind, Page, Rota, Wanted, Week, WeekNumber, monday_of, mondays
from procedures.calendars import working_calendar
from register.reading.planning_queries import Key, Part
from rules.working_days import DAY, local

Calendars = Callable[[str, int], WorkingCalendar]
SEPARATOR = "|"
PARTS: dict[str, Part] = {"late": "late", "ahead": "ahead"}


def page(  # noqa: PLR0913 - all that a page depends on
    connection: sql.Connection,
    councils: Iterable[Council],
    wanted: Wanted,
    now: datetime,
    *,
    calendars: Calendars = working_calendar,
    rotas: Callable[[str], Rota] | None = None,
) -> Page:
    """One page of the planner.

    Args:
        connection: To the register, folded as far as it goes.
        councils: Whose; one that does not have the forum that is asked for shows nothing.
        wanted: What is asked for.
        now: UTC.
        calendars: Days off, by council and first year.
        rotas: Who chairs, by council.

    Raises:
        Refused: `invalid`: `after` is not where a page ends.
    """
    asked = [
        Asked(
            connection,
            council,
            wanted,
            now,
            calendars(council.key, wanted.first.year - 1),
            rotas(council.key) if rotas else None,
        )
        for council in councils
        if wanted.forum is None or wanted.forum in council.forums
    ]
    with_late = wanted.first <= local(now).date()
    shown = _shown(asked, wanted, with_late=with_late)
    kept = shown[: wanted.limit]
    following = _written(*kept[-1]) if len(shown) > wanted.limit else None
    here = [one.entry for where, one in kept if where == "ahead"]
    late = [one.entry for where, one in kept if where == "late"]
    # What is on this page to its end has not to be counted by the database.
    all_late = wanted.after is None and (following is None or bool(here))
    late_counts = _counted(late) if all_late else _summed(each.late_counts() for each in asked) if with_late else {}
    all_ahead = wanted.after is None and following is None
    return Page(
        first=wanted.first,
        last=wanted.last,
        late=tuple(late),
        late_counts=late_counts,
        weeks=_weeks(wanted, here, None if all_ahead else [each.counts() for each in asked]),
        following=following,
    )


def _shown(asked: Sequence[Asked], wanted: Wanted, *, with_late: bool) -> list[tuple[Part, Placed]]:
    """What stands on the page in its order, and one more where there is more."""
    part, after = ("late", None) if wanted.after is None else _read(wanted.after)
    most = wanted.limit + 1
    late: list[Placed] = []
    if part == "late":
        late = _first(most, (one for each in asked for one in each.late(after, most))) if with_late else []
        after = None
    room = most - len(late)
    ahead = _first(room, (one for each in asked for one in each.ahead(after, room))) if room else []
    return [*(("late", one) for one in late), *(("ahead", one) for one in ahead)]


def _first(many: int, found: Iterable[Placed]) -> list[Placed]:
    return sorted(found, key=lambda one: one.key)[:many]


def _weeks(wanted: Wanted, entries: Sequence[Entry], counts: Sequence[dict[date, Counts]] | None) -> tuple[Week, ...]:
    made = []
    for monday in mondays(wanted.first, wanted.last):
        year, number = WeekNumber.of(monday)
        here = tuple(one for one in entries if monday_of(one.on) == monday)
        made.append(
            Week(
                year=year,
                number=number,
                monday=monday,
                sunday=monday + (DAYS_OF_A_WEEK - 1) * DAY,
                counts=_counted(here) if counts is None else _summed(one.get(monday, {}) for one in counts),
                entries=here,
            )
        )
    return tuple(made)


def _counted(entries: Iterable[Entry]) -> Counts:
    return _summed({one.kind: 1} for one in entries if one.meeting is None or one.meeting.stands)


def _summed(counts: Iterable[Counts]) -> Counts:
    found: Counts = {}
    for one in counts:
        for kind, many in one.items():
            found[kind] = found.get(kind, 0) + many
    return {kind: found[kind] for kind in Kind if kind in found}


def _written(part: Part, placed: Placed) -> str:
    moment, rank, process, name = placed.key
    return SEPARATOR.join((part, moment.isoformat(), str(rank), process, name))


def _read(after: str) -> tuple[Part, Key]:
    try:
        part, moment, rank, process, name = after.split(SEPARATOR)
        return PARTS[part], (datetime.fromisoformat(moment).astimezone(), int(rank), process, name)
    except (KeyError, ValueError):
        raise Refused(
            RefusalCode.INVALID,
            "No page of the planner ends there.",
            "Give what the page before says under `following`, or leave it out.",
        ) from None
