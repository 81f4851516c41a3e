"""Catching up with the log, folding it all anew, and folding some processes anew.

A chunk is read and reckoned outside any transaction that writes, so that acts are not held up by it. Then it is written
in one: `folded` is moved on only from where the chunk began, so that of several processes that fold the same events at
once, one writes and the others begin again from there.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sql

from register.database import writing
from register.fold.batches import Batch
from register.fold.children import add_up, children_of
from register.fold.events import Happened, after, in_parts, in_place, newest, of_processes
from register.read_models import CHILD, CHILD_PROCESS, FOLDED, READ_MODELS

CHUNK = 200
"""Events that are folded at once while others wait to write: some hundredths of a second."""
REBUILT_AT_ONCE = 2_000
"""Events that are folded at once when everything is folded anew."""


class Mark(NamedTuple):
    """How far the read models have come, and how often rows were folded from the beginning."""

    position: int
    generation: int


def folded_until(connection: sql.Connection) -> Mark:
    """How far the read models have come.

    Args:
        connection: To the register.
    """
    row = connection.execute(sql.select(FOLDED.c.position, FOLDED.c.generation).where(FOLDED.c.id == 1)).first()
    return Mark(row.position, row.generation) if row is not None else Mark(0, 0)


def catch_up(engine: sql.Engine, limit: int = CHUNK) -> int:
    """Fold what is in the log by now. Nothing new costs a few look-ups.

    Args:
        engine: The register's.
        limit: How many events are folded in one transaction.

    Returns:
        How many events this call folded; what another process folded meanwhile is not counted.
    """
    with engine.connect() as connection:
        until = newest(connection)  # what comes in meanwhile is not waited for
    folded = 0
    while True:
        done = fold_next(engine, limit)
        folded += done or 0
        if done == 0 or _is_folded(engine, until):
            return folded


def _is_folded(engine: sql.Engine, until: int) -> bool:
    with engine.connect() as connection:
        return folded_until(connection).position >= until


def fold_next(engine: sql.Engine, limit: int = CHUNK) -> int | None:
    """Fold the next events of the log, in one transaction.

    Args:
        engine: The register's.
        limit: How many at most.

    Returns:
        How many events were folded, 0 when there were none; `None` when another process was quicker.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # all of one moment, as SQLite reads by itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        mark = folded_until(connection)
        if newest(connection) <= mark.position:
            return 0
        events = after(connection, mark.position, limit)
        batch = _folded(connection, events)
    with writing(engine) as connection:
        if not _moved(connection, mark, Mark(events[-1].position, mark.generation)):
            return None
        batch.write(connection)
    return len(events)


def _folded(connection: sql.Connection, events: Sequence[Happened]) -> Batch:
    """The next events, folded. A process where one stands instead of an earlier one is folded from its beginning."""
    anew = {event.process_id for event in events if event.instead_of is not None}
    batch = Batch(connection, {event.process_id for event in events}, anew)
    batch.fold(event for event in events if event.process_id not in anew)
    batch.fold(in_place(of_processes(connection, anew, events[-1].position)))
    return batch


def _moved(connection: sql.Connection, before: Mark, to: Mark) -> bool:
    """Whether the mark still stood where it was, and stands now where it should."""
    if before == Mark(0, 0):
        _have_mark(connection)
    here = sql.and_(FOLDED.c.id == 1, FOLDED.c.position == before.position, FOLDED.c.generation == before.generation)
    moved = connection.execute(sql.update(FOLDED).where(here).values(position=to.position, generation=to.generation))
    return moved.rowcount == 1


def _have_mark(connection: sql.Connection) -> None:
    start = sql.select(sql.literal(1), sql.literal(0), sql.literal(0)).where(~sql.exists().where(FOLDED.c.id == 1))
    if connection.dialect.name == "postgresql":
        connection.execute(sql.text("LOCK TABLE folded IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(sql.insert(FOLDED).from_select(["id", "position", "generation"], start))


def _begin_anew(connection: sql.Connection, position: int | None) -> int:
    """Raise the generation, so that nobody writes what was reckoned before; and say how far the fold has come."""
    _have_mark(connection)
    raised: dict[str, object] = {"generation": FOLDED.c.generation + 1}
    if position is not None:
        raised["position"] = position
    connection.execute(sql.update(FOLDED).where(FOLDED.c.id == 1).values(raised))
    return folded_until(connection).position


def rebuild(engine: sql.Engine) -> int:
    """Empty the read models and fold the whole log anew. Whoever reads meanwhile sees what is folded so far.

    Args:
        engine: The register's.

    Returns:
        How many events are folded, by this process or by others that catch up at the same time.
    """
    with writing(engine) as connection:
        _begin_anew(connection, 0)
        for table in reversed(READ_MODELS):
            connection.execute(sql.delete(table))
    catch_up(engine, REBUILT_AT_ONCE)
    with engine.connect() as connection:
        return connection.scalar(sql.select(FOLDED.c.position)) or 0


def refold_processes(engine: sql.Engine, process_ids: Collection[str]) -> None:
    """Fold some processes anew from their first event, as far as the fold has come: after content was erased.

    Args:
        engine: The register's.
        process_ids: Which; those that the register does not know change nothing.
    """
    with writing(engine) as connection:
        refold(connection, process_ids)


def refold(connection: sql.Connection, process_ids: Collection[str]) -> None:
    """As `refold_processes`, in a transaction of the caller's.

    Args:
        connection: In a transaction that writes.
        process_ids: Which.
    """
    until = _begin_anew(connection, None)
    about = set()
    for some in in_parts(process_ids):
        mine = CHILD_PROCESS.c.process_id.in_(some)
        about |= children_of(dict(row) for row in connection.execute(sql.select(CHILD_PROCESS).where(mine)).mappings())
        for table in reversed(READ_MODELS):
            if table is not CHILD:
                connection.execute(sql.delete(table).where(table.c.process_id.in_(some)))
        batch = Batch(connection, some, some)
        batch.fold(in_place(of_processes(connection, some, until)))
        batch.write(connection)
    add_up(connection, about)
