"""Folds which processes are about which child, and adds up what each child has: what retention counts from."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sql

from register.fold.events import Happened, in_parts
from register.fold.matters import Matter, Row, as_day
from register.read_models import CHILD, CHILD_PROCESS, PROCESS
from rules.standing import Standing

Child = tuple[str, str]
"""A council's key, and the reference of a child."""
BORN = ("date_of_birth", "dob", "born")
"""How whoever starts a watch may write it."""
AT_THE_START = 5
"""Whom a watch is about is said when it starts, in one of its first events."""
LOOKED_AFTER = ("child.looked_after", "looked_after.now", "looked_after.first_since")
"""Facts of watches that say that a child is, or was, looked after."""


def fold(matter: Matter, event: Happened) -> None:
    """Take what a watch says of its child.

    Args:
        matter: A watch, its process row already brought up to date.
        event: The next event of it.
    """
    before = matter.table(CHILD_PROCESS).get((), {})
    child, born = matter.process["child_ref"], before.get("date_of_birth") or _born(event)
    if child is None and born is None:
        return
    matter.table(CHILD_PROCESS)[()] = {
        "process_id": matter.process_id,
        "council": matter.council,
        "child_ref": child or "",  # the standing that names the child comes with the last event of a batch
        "date_of_birth": born,
        "looked_after": before.get("looked_after", False) or _looked_after(matter.standing),
    }


def _born(event: Happened) -> date | None:
    if event.sequence > AT_THE_START:
        return None
    child = event.details.get("child")
    said = {**event.details, **child} if isinstance(child, dict) else event.details
    return next((day for day in (as_day(said.get(name)) for name in BORN) if day is not None), None)


def _looked_after(standing: Standing) -> bool:
    facts = standing.get("facts", {})
    return any(bool(facts.get(path)) for path in LOOKED_AFTER)


def children_of(rows: Iterable[Row]) -> set[Child]:
    """Whom rows of `child_process` are about.

    Args:
        rows: Any.
    """
    return {(row["council"], row["child_ref"]) for row in rows if row["child_ref"]}


def add_up(connection: sql.Connection, children: Collection[Child]) -> None:
    """Make the rows of `child` of these children what their processes say; one with none left is gone.

    Args:
        connection: In a transaction that writes, after the processes' own rows.
        children: Whose processes changed.
    """
    for council in sorted({council for council, _ in children}):
        for some in in_parts(child for key, child in children if key == council):
            _replace(connection, council, some)


def _replace(connection: sql.Connection, council: str, children: list[str]) -> None:
    mine = (CHILD_PROCESS.c.council == council) & CHILD_PROCESS.c.child_ref.in_(children)
    query = (
        sql.select(CHILD_PROCESS, PROCESS.c.opened_at, PROCESS.c.last_at, PROCESS.c.open)
        .join_from(CHILD_PROCESS, PROCESS, PROCESS.c.process_id == CHILD_PROCESS.c.process_id)
        .where(mine)
        .order_by(PROCESS.c.last_at, CHILD_PROCESS.c.process_id)
    )
    by_child: dict[str, list[Any]] = {}
    for row in connection.execute(query).mappings():
        by_child.setdefault(row["child_ref"], []).append(row)
    connection.execute(sql.delete(CHILD).where((CHILD.c.council == council) & CHILD.c.child_ref.in_(children)))
    if by_child:
        connection.execute(sql.insert(CHILD), [_child(council, *one) for one in sorted(by_child.items())])


def _child(council: str, child: str, processes: list[Any]) -> Row:
    """What the processes of one child add up to; of two dates of birth, the one that was used last counts."""
    born = [one["date_of_birth"] for one in processes if one["date_of_birth"] is not None]
    return {
        "council": council,
        "child_ref": child,
        "date_of_birth": born[-1] if born else None,
        "looked_after": any(one["looked_after"] for one in processes),
        "first_at": min(one["opened_at"] for one in processes),
        "last_at": max(one["last_at"] for one in processes),
        "open_processes": sum(1 for one in processes if one["open"]),
    }
