"""Figures of placements and of money for reports: where children are, what it costs, what ends soon, what drifts.

Everything is counted as it stood when the period ended, or now where it has not ended. Money is in pence a week.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sql

from register.read_models import CLOCK, COST, PLACEMENT, PROCESS
from register.reading.figures import CHUNK, Figure, Span, mine, within

EIGHT_WEEKS = timedelta(weeks=8)
"""How far ahead a contract's end is reported (CBC-116)."""
MOST = 20
"""How many of the most expensive placements are listed."""
TICKING = ("running", "warned", "breached")


class PlacementTally(Figure):
    """Placements of one type: how many were open at the end, began and ended in the period; their weekly cost."""

    type: str
    open: int
    began: int
    ended: int
    out_of_area: int
    priced: int
    weekly: int


class PlacementLine(Figure):
    """One placement that was open when the period ended; `weekly` is what it costs a week, where that is known."""

    process_id: str
    placement_ref: str
    child_ref: str | None
    type: str
    provider: str
    unit: str
    started_on: date | None
    contract_ends_on: date | None
    weekly: int | None


class Drifting(Figure):
    """A placement for which something is late: the names of those clocks, of its own or of the child's episode.

    `since` is the day of the oldest. `contract_over`: its contract had ended, and the placement had not.
    """

    placement: PlacementLine
    late: tuple[tuple[str, str], ...]
    since: date
    contract_over: bool


class CostLine(Figure):
    """Money of one kind that was asked for in the period, by what became of it; pence, a week and once."""

    forum: str
    kind: str
    decided: str | None
    count: int
    weekly: int
    once: int


def placements_by_type(connection: sql.Connection, span: Span) -> list[PlacementTally]:
    """Placements by type: those open at the end, and those that began and ended in the period.

    Args:
        connection: To the register.
        span: Council and period.
    """
    kind = sql.func.coalesce(PLACEMENT.c.type, "").label("type")
    held = sql.and_(*_open(span))
    columns = {
        "open": held,
        "began": PLACEMENT.c.started_on.between(span.first, span.day),
        "ended": PLACEMENT.c.ended_on.between(span.first, span.day),
        "out_of_area": sql.and_(held, PLACEMENT.c.out_of_area),
        "priced": sql.and_(held, PLACEMENT.c.weekly_pence.is_not(None)),
    }
    counts = [sql.func.sum(sql.case((condition, 1), else_=0)).label(name) for name, condition in columns.items()]
    weekly = sql.func.sum(sql.case((held, sql.func.coalesce(PLACEMENT.c.weekly_pence, 0)), else_=0)).label("weekly")
    query = sql.select(kind, *counts, weekly).where(PLACEMENT.c.council == span.council).group_by(kind).order_by(kind)
    found = [PlacementTally(**row) for row in connection.execute(query).mappings()]
    return [one for one in found if one.open or one.began or one.ended]


def contracts_ending(connection: sql.Connection, span: Span, ahead: timedelta = EIGHT_WEEKS) -> list[PlacementLine]:
    """Open placements whose contract ends from the last day on within some weeks, the first to end first.

    Args:
        connection: To the register.
        span: Council and period.
        ahead: How far; the last day included.
    """
    ends = PLACEMENT.c.contract_ends_on
    return _lines(connection, span, ends.between(span.day, span.day + ahead), order=(ends, PLACEMENT.c.process_id))


def most_expensive(connection: sql.Connection, span: Span, most: int = MOST) -> list[PlacementLine]:
    """The open placements that cost most a week, the dearest first.

    Args:
        connection: To the register.
        span: Council and period.
        most: How many.
    """
    weekly = PLACEMENT.c.weekly_pence
    order = (weekly.desc(), PLACEMENT.c.process_id)
    return _lines(connection, span, weekly.is_not(None), order=order, limit=most)


def drifting(connection: sql.Connection, span: Span) -> list[Drifting]:
    """Open placements that drift: a deadline of theirs or of the child's episode is late, or the contract is over.

    Args:
        connection: To the register.
        span: Council and period.
    """
    late = _late(connection, span)
    over = {line.process_id for line in _lines(connection, span, PLACEMENT.c.contract_ends_on < span.day, order=())}
    children = [key for key in late if not key.startswith("placement/")]
    own = [key for key in late if key.startswith("placement/")]
    lines: dict[str, PlacementLine] = {}
    for column, keys in (
        (PLACEMENT.c.child_ref, children),
        (PLACEMENT.c.process_id, sorted({*own, *over})),
    ):
        for start in range(0, len(keys), CHUNK):
            chosen = column.in_(keys[start : start + CHUNK])
            lines |= {line.process_id: line for line in _lines(connection, span, chosen, order=())}
    found = []
    for line in lines.values():
        clocks = sorted({*late.get(line.process_id, ()), *late.get(line.child_ref or "", ())})
        days = [day for day, _, _ in clocks]
        days += [line.contract_ends_on] if line.process_id in over and line.contract_ends_on else []
        names = tuple(dict.fromkeys((kind, name) for _, kind, name in clocks))
        found.append(Drifting(placement=line, late=names, since=min(days), contract_over=line.process_id in over))
    return sorted(found, key=lambda one: (one.since, one.placement.process_id))


def costs(connection: sql.Connection, span: Span) -> list[CostLine]:
    """Money that journeys asked for in the period, by forum, kind and what became of it.

    Args:
        connection: To the register.
        span: Council and period.
    """
    keys = (COST.c.forum, COST.c.kind, COST.c.decided)
    weekly, once = (sql.func.coalesce(sql.func.sum(column), 0) for column in (COST.c.weekly_pence, COST.c.once_pence))
    query = (
        sql.select(*keys, sql.func.count().label("count"), weekly.label("weekly"), once.label("once"))
        .where(mine(COST, span), COST.c.kind.in_(("proposed", "once")), *within(COST.c.at, span))
        .group_by(*keys)
        .order_by(COST.c.forum, COST.c.kind, COST.c.decided)
    )
    return [CostLine(**row) for row in connection.execute(query).mappings()]


def _late(connection: sql.Connection, span: Span) -> dict[str, list[tuple[date, str, str]]]:
    """Late clocks by placement, and those of episodes by child: since when, whose, and their names."""
    query = sql.select(CLOCK.c.process_id, CLOCK.c.child_ref, CLOCK.c.kind, CLOCK.c.name, CLOCK.c.due).where(
        CLOCK.c.council == span.council,
        CLOCK.c.kind.in_(("placement", "episode")),
        CLOCK.c.due <= span.as_of,
        sql.or_(
            sql.and_(CLOCK.c.ended_at.is_(None), CLOCK.c.state.in_(TICKING)),
            CLOCK.c.ended_at > span.as_of,
        ),
    )
    found: dict[str, list[tuple[date, str, str]]] = {}
    for process, child, kind, name, due in connection.execute(query):
        key = process if kind == "placement" else child
        if key:
            found.setdefault(key, []).append((due.date(), kind, name))
    return found


def _open(span: Span) -> tuple[sql.ColumnElement[bool], ...]:
    return (
        PLACEMENT.c.started_on <= span.day,
        sql.or_(PLACEMENT.c.ended_on.is_(None), PLACEMENT.c.ended_on > span.day),
    )


def _lines(
    connection: sql.Connection,
    span: Span,
    chosen: sql.ColumnElement[bool],
    *,
    order: Sequence[sql.ColumnElement[object]],
    limit: int | None = None,
) -> list[PlacementLine]:
    query = (
        sql.select(PLACEMENT)
        .join(PROCESS, PROCESS.c.process_id == PLACEMENT.c.process_id)
        .where(PLACEMENT.c.council == span.council, *_open(span), chosen)
        .order_by(*order)
        .limit(limit)
    )
    return [
        PlacementLine(
            process_id=row.process_id,
            placement_ref=row.placement_ref,
            child_ref=row.child_ref,
            type=row.type or "",
            provider=row.provider or "",
            unit=row.unit,
            started_on=row.started_on,
            contract_ends_on=row.contract_ends_on,
            weekly=row.weekly_pence,
        )
        for row in connection.execute(query)
    ]
