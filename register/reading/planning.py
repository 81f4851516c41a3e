"""What lies ahead, and what is late: actions, reviews, contract ends, clocks and sittings, a page at a time.

Limits and order are the database's, by its indexes: a page costs the same however much the register holds. Days are
local (Europe/London), instants UTC. An action that is due on a day is late from the next day on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.read_models import CLOCK, PROCESS, SITTING
from register.reading.planning_queries import ENDS, MIDNIGHT, REVIEW, SOURCES, Key, Part, Query, Scope, Source, queries
from rules.working_days import DAY, instant

AT_ONCE = 500
"""How many processes are asked for in one go."""
LONGEST_MOVE = 183 * DAY
"""How far back a meeting is looked for that was moved onto a later day."""


class Ahead(BaseModel):
    """Something with a day. `moment` is when it is due; what has a day only, at its first instant.

    `owner` is a post. `kind` is that of the process, `name` that of the clock or action. `warns` is when somebody is or
    was reminded; `list_by` the day by which the matter is brought to its panel.
    """

    model_config = ConfigDict(frozen=True)

    source: Source
    process: str
    kind: str
    name: str
    moment: datetime
    whole_day: bool
    forum: str = ""
    unit: str = ""
    owner: str | None = None
    staff: str | None = None
    cites: str = ""
    state: str = ""
    warns: datetime | None = None

    @property
    def key(self) -> Key:
        """Where it stands in the order of a page."""
        return self.moment, SOURCES.index(self.source), self.process, self.name


class MeetingHeld(BaseModel):
    """A sitting that exists."""

    model_config = ConfigDict(frozen=True)

    process: str
    council: str
    forum: str
    on: date
    starts: datetime
    ends: datetime | None
    cut_off: datetime | None
    venue: str | None
    stage: str
    chair: str | None
    capacity: int | None
    listed: int
    reserved: int
    moved_to: date | None


class Counted(BaseModel):
    """How many of one source and sort fall into the week that begins on a Monday; `None` for what is late."""

    model_config = ConfigDict(frozen=True)

    week: date | None
    source: Source
    sort: str
    count: int


def ahead(  # noqa: PLR0913 - a page has that many sides
    connection: sql.Connection,
    scope: Scope,
    part: Part,
    sorts: Collection[str],
    *,
    after: Key | None = None,
    limit: int | None = None,
) -> list[Ahead]:
    """What lies ahead or is late, in order.

    Args:
        connection: To the register.
        scope: What is asked for.
        part: Which.
        sorts: Of `action`, `review`, `renewal`, `contract_end`, `deadline`: the others are left out.
        after: The key of the last one that was seen; from the beginning else.
        limit: How many at most.
    """
    found: list[tuple[Key, Source, dict[str, Any]]] = []
    for query in _asked(connection, scope, part, sorts):
        statement = query.select
        if after is not None:
            statement = statement.where(query.beyond(after))
        statement = statement.order_by(query.due, *query.ties)
        rank = SOURCES.index(query.source)
        for row in connection.execute(statement if limit is None else statement.limit(limit)).mappings():
            due = row["moment"]
            moment: datetime = due if query.instants else instant(due, MIDNIGHT)
            values = {**row, "moment": moment, "whole_day": not query.instants}
            found.append(((moment, rank, row["process"], row["name"]), query.source, values))
    found.sort(key=lambda one: one[0])
    # Each query gives as many as are wanted, so most of them are not: only the first are looked at closely.
    return [Ahead(source=source, **values) for _, source, values in found[:limit]]


def counted(
    connection: sql.Connection, scope: Scope, part: Part, sorts: Collection[str], weeks: Sequence[date]
) -> list[Counted]:
    """How much of each sort falls into each week.

    Args:
        connection: To the register.
        scope: What is asked for; with a last day.
        part: What lies ahead by its weeks, or all that is late at once.
        sorts: As in `ahead`.
        weeks: The Mondays of the weeks, in order.
    """
    found = []
    for query in _asked(connection, scope, part, sorts):
        week = query.week(weeks) if part == "ahead" else sql.literal(-1)
        inner = query.select.with_only_columns(week.label("week"), query.sort.label("sort")).subquery()
        count = sql.select(inner.c.week, inner.c.sort, sql.func.count()).group_by(inner.c.week, inner.c.sort)
        for number, sort, many in connection.execute(count):
            monday = weeks[number] if number >= 0 else None
            found.append(Counted(week=monday, source=query.source, sort=sort, count=many))
    return found


def _asked(connection: sql.Connection, scope: Scope, part: Part, sorts: Collection[str]) -> list[Query]:
    return queries(scope, part, tuple(sorts), by_code_point=connection.dialect.name == "postgresql")


def meetings(
    connection: sql.Connection, council: str, forums: Iterable[str], first: date, last: date | None
) -> list[MeetingHeld]:
    """The sittings of forums on days, in order; also those that were moved onto these days from earlier ones.

    Args:
        connection: To the register.
        council: Its key.
        forums: Whose.
        first: Local date.
        last: Local date, included; `None`: all that are known.
    """
    s = SITTING.c
    here = s.on >= first if last is None else s.on.between(first, last)
    moved = s.moved_to >= first if last is None else s.moved_to.between(first, last)
    # A meeting moves to a later day, so what came onto these days lies not far before them.
    mine = (s.council == council, s.forum.in_(list(forums)), s.on >= first - LONGEST_MOVE)
    until = () if last is None else (s.on <= last,)
    columns = (s[name] for name in MeetingHeld.model_fields if name != "process")
    chosen = sql.select(s.process_id.label("process"), *columns).where(*mine, *until, sql.or_(here, moved))
    found = [MeetingHeld.model_validate(dict(row)) for row in connection.execute(chosen).mappings()]
    return sorted(found, key=lambda one: (one.starts, one.process))


class Watched(BaseModel):
    """A clock of a process, for what is shown beside something else."""

    model_config = ConfigDict(frozen=True)

    process: str
    name: str
    cites: str
    state: str
    warns: datetime | None
    due: datetime


def clocks_of(connection: sql.Connection, processes: Collection[str], names: Collection[str]) -> list[Watched]:
    """Clocks of processes by their names, the latest of each.

    Args:
        connection: To the register.
        processes: Whose.
        names: Which.
    """
    c = CLOCK.c
    known = sorted(set(processes))
    found: dict[tuple[str, str], Watched] = {}
    for start in range(0, len(known), AT_ONCE):
        chosen = (
            sql.select(c.process_id.label("process"), c.name, c.cites, c.state, c.warns, c.due)
            .where(c.process_id.in_(known[start : start + AT_ONCE]), c.name.in_(sorted(set(names))))
            .order_by(c.process_id, c.name, c.started)
        )
        for row in connection.execute(chosen).mappings():
            found[row["process"], row["name"]] = Watched.model_validate(dict(row))
    return list(found.values())


def children_of(connection: sql.Connection, processes: Collection[str]) -> dict[str, str]:
    """The references of the children whom processes are about, so that they can be left out where they may not stand.

    Args:
        connection: To the register.
        processes: Their ids.
    """
    p = PROCESS.c
    known = sorted(set(processes))
    found: dict[str, str] = {}
    for start in range(0, len(known), AT_ONCE):
        chosen = sql.select(p.process_id, p.child_ref).where(
            p.process_id.in_(known[start : start + AT_ONCE]), p.child_ref.is_not(None)
        )
        found |= {row.process_id: row.child_ref for row in connection.execute(chosen)}
    return found


def units_of(connection: sql.Connection, council: str) -> list[str]:
    """The units that hold open processes of a council.

    Args:
        connection: To the register.
        council: Its key.
    """
    p = PROCESS.c
    chosen = sql.select(p.unit).where(p.council == council, p.unit != "", p.open.is_(sql.true())).distinct()
    return sorted(connection.scalars(chosen))


def sort_of(source: Source, name: str) -> str:
    """What people call something that is due: an action, a review, a renewal, the end of a contract, or a deadline.

    Args:
        source: Where it stands.
        name: Of its clock.
    """
    if source == "clock":
        if REVIEW in name:
            return "review"
        return "renewal" if "renewal" in name or name == ENDS else "deadline"
    return {"action": "action", "review": "review", "contract": "contract_end"}[source]
