"""Some processes at once: loads their rows, folds events into them, and writes what changed."""

from collections.abc import Callable, Collection, Iterable
from functools import cache, partial
from typing import Any

import sqlalchemy as sql
import structlog

from register.fold import children, clocks, covers, decisions, forms, journeys, placements, processes, sittings
from register.fold.children import Child, children_of
from register.fold.events import Happened, in_parts, named
from register.fold.matters import KINDS, WATCHES, Matter, Row
from register.read_models import (
    ACTION,
    AGENDA_LINE,
    CHILD_PROCESS,
    CLOCK,
    COST,
    DECISION,
    JOURNEY,
    PLACEMENT,
    PROCESS,
    SITTING,
)

log = structlog.stdlib.get_logger(__name__)
Fold = Callable[[Matter, Happened], None]
Finish = Callable[[Matter], None]

FOLDS: dict[str, tuple[Fold, ...]] = {
    "journey": (processes.fold, journeys.fold, forms.fold, decisions.fold, clocks.fold),
    "sitting": (processes.fold, sittings.fold, clocks.fold),
    **dict.fromkeys(WATCHES, (processes.fold, children.fold, clocks.fold)),
    "placement": (processes.fold, children.fold, clocks.fold, placements.fold),
}
"""What takes each event of a process, by the first word of its id: the process's own row first."""
FINISHES: dict[str, tuple[Finish, ...]] = {
    "journey": (forms.finish, decisions.finish, clocks.finish),
    "sitting": (sittings.finish, clocks.finish),
    **dict.fromkeys(WATCHES, (clocks.finish,)),
}
"""What brings the rows of a process in line with each other after its events."""
TABLES: dict[str, tuple[sql.Table, ...]] = {
    "journey": (PROCESS, JOURNEY, DECISION, ACTION, CLOCK, COST, CHILD_PROCESS),
    "sitting": (PROCESS, SITTING, AGENDA_LINE, CLOCK),
    **dict.fromkeys(WATCHES, (PROCESS, CLOCK, CHILD_PROCESS)),
    "placement": (PROCESS, PLACEMENT, COST, CLOCK, CHILD_PROCESS),
}
"""Where the rows of a process are."""
EVERY_TABLE = tuple(dict.fromkeys(table for tables in TABLES.values() for table in tables))
COVER = "cover"


def kind_of(process_id: str) -> str:
    """The first word of a process id.

    Args:
        process_id: Any.
    """
    return process_id.split("/", maxsplit=1)[0]


class Batch:
    """The read models of the processes of some events.

    Args:
        connection: To read from.
        process_ids: Whose rows are loaded; of kinds without read models there are none.
        anew: Those of them whose events are folded from the first on: what was folded before is replaced.
    """

    def __init__(
        self, connection: sql.Connection, process_ids: Iterable[str], anew: Collection[str] = frozenset()
    ) -> None:
        self._connection = connection
        ids = {one for one in process_ids if kind_of(one) in KINDS}
        self._matters = {one: Matter(one, {}, self._earlier_of(one)) for one in sorted(ids)}
        self._covers: list[Happened] = []
        for table in EVERY_TABLE:
            self._load(table, [one for one in ids if table in TABLES[kind_of(one)]])
        self._before = {
            one: {table: dict(rows) for table, rows in matter.rows.items()} for one, matter in self._matters.items()
        }
        for one in ids.intersection(anew):
            self._matters[one].rows = {}

    def _earlier_of(self, process_id: str) -> Callable[[tuple[str, ...], int], list[Happened]]:
        return lambda whats, before: named(self._connection, process_id, whats, before)

    def _load(self, table: sql.Table, ids: list[str]) -> None:
        keys = _keys(table)
        for some in in_parts(ids):
            for row in self._connection.execute(_select(table), {"ids": some}).mappings():
                key = tuple(row[name] for name in keys)
                self._matters[row["process_id"]].table(table)[key] = dict(row)

    def fold(self, events: Iterable[Happened]) -> None:
        """Take events, in order. What a validator refused never happened to its process, and changes nothing.

        Args:
            events: Of the processes of this batch; others change nothing.
        """
        touched: dict[str, Matter] = {}
        for event in events:
            matter = self._matters.get(event.process_id)
            if event.sequence == 0:
                continue
            if matter is not None:
                touched[event.process_id] = matter
                _try(matter, event.sequence, [partial(fold, matter, event) for fold in FOLDS[matter.kind]])
            elif event.accepted and kind_of(event.process_id) == COVER:
                self._covers.append(event)
        for matter in touched.values():
            if PROCESS in matter.rows:
                _try(matter, None, [partial(finish, matter) for finish in FINISHES[matter.kind]])

    def write(self, connection: sql.Connection) -> None:
        """Write what changed, and add up the children whom it is about.

        Args:
            connection: In a transaction that writes.
        """
        about: set[Child] = set()
        for table in EVERY_TABLE:
            new, changed, gone = self._changes(table)
            _delete(connection, table, gone)
            _update(connection, table, changed)
            if new:
                connection.execute(_insertion(table), new)
            if table is CHILD_PROCESS:
                about |= children_of([*new, *changed, *gone])
        for one, matter in self._matters.items():
            if matter.rows.get(PROCESS) != self._before[one].get(PROCESS):
                about |= children_of(matter.table(CHILD_PROCESS).values())
                about |= children_of(self._before[one].get(CHILD_PROCESS, {}).values())
        children.add_up(connection, about)
        for event in self._covers:
            covers.fold(connection, event.process_id, event.sequence, event.what, event.at, event.details)

    def _changes(self, table: sql.Table) -> tuple[list[Row], list[Row], list[Row]]:
        new: list[Row] = []
        changed: list[Row] = []
        gone: list[Row] = []
        for one, matter in self._matters.items():
            before, now = self._before[one].get(table, {}), matter.rows.get(table, {})
            new += [row for key, row in now.items() if key not in before]
            changed += [row for key, row in now.items() if key in before and before[key] != row]
            gone += [row for key, row in before.items() if key not in now]
        return new, changed, gone


def _try(matter: Matter, sequence: int | None, steps: Iterable[Callable[[], None]]) -> None:
    """Do all of some steps, or none: an event that nobody can make sense of must not hold up all other processes.

    It is logged, `register compare` shows that the process stands otherwise, and a rebuild by mended code mends it.
    """
    before = {table: dict(rows) for table, rows in matter.rows.items()}
    try:
        for step in steps:
            step()
    except Exception:
        matter.rows = before
        log.exception("An event could not be folded", process=matter.process_id, sequence=sequence)


@cache
def _keys(table: sql.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key if column.name != "process_id")


def _this(table: sql.Table) -> sql.ColumnElement[bool]:
    return sql.and_(*(column == sql.bindparam(f"the_{column.name}") for column in table.primary_key))


# Statements are built once: that takes longer than the database takes over them.


@cache
def _select(table: sql.Table) -> sql.Select[Any]:
    return sql.select(table).where(table.c.process_id.in_(sql.bindparam("ids", expanding=True)))


@cache
def _deletion(table: sql.Table) -> sql.Delete:
    return sql.delete(table).where(_this(table))


@cache
def _changing(table: sql.Table) -> sql.Update:
    return sql.update(table).where(_this(table)).values({name: sql.bindparam(f"new_{name}") for name in _others(table)})


@cache
def _insertion(table: sql.Table) -> sql.Insert:
    return sql.insert(table)


@cache
def _others(table: sql.Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if not column.primary_key)


def _named(table: sql.Table, row: Row) -> dict[str, Any]:
    return {f"the_{column.name}": row[column.name] for column in table.primary_key}


def _delete(connection: sql.Connection, table: sql.Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(_deletion(table), [_named(table, row) for row in rows])


def _update(connection: sql.Connection, table: sql.Table, rows: list[Row]) -> None:
    if rows:
        others = _others(table)
        values = [{**_named(table, row), **{f"new_{name}": row[name] for name in others}} for row in rows]
        connection.execute(_changing(table), values)
