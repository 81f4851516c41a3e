"""Verifying the log: whether every event is as it was written, and none is missing.

The whole chain is computed again. A fault says where it is and what it looks like; there may be more than one.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import sqlalchemy as sql

from models.process import Shape
from register import triggers
from register.chain import GENESIS, digest_of, hash_of
from register.columns import Instant
from register.log import Head
from register.seen import end_missing, seen_until
from register.tables import ERASURE, EVENT, EVENT_CONTENT

AT_ONCE = 2_000
MOST_FAULTS = 100
"""A register that was tampered with wholesale need not name every event."""


class FaultKind(StrEnum):
    """What is wrong at a position."""

    GAP = "gap"
    CHANGED = "changed"
    LINK = "link"
    CONTENT_CHANGED = "content_changed"
    CONTENT_MISSING = "content_missing"
    CONTENT_BACK = "content_back"
    ERASURE = "erasure"
    HEAD = "head"
    END = "end"


class ChainFault(Shape):
    """Something that is not as it was written, and where."""

    position: int
    kind: FaultKind
    sentence: str


class Verified(Shape):
    """What verifying found.

    Attributes:
        events: How many were read.
        erased: How many of them have no content any more, as their erasure says.
        head: The last of them.
        faults: What is wrong, in order; the first hundred.
        more: Whether there is more wrong than that.
        guards_gone: What the triggers stopped that are not up any more, such as "UPDATE of event". The chain may hold
            all the same.
    """

    events: int
    erased: int
    head: Head
    faults: tuple[ChainFault, ...]
    more: bool = False
    guards_gone: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether all is as it was written."""
        return not self.faults


def verify(
    engine: sql.Engine, noted: Head | None = None, progress: Callable[[int], object] = lambda _: None
) -> Verified:
    """Compute the chain again.

    Args:
        engine: The register's.
        noted: A head that was kept elsewhere: it has to be part of the chain.
        progress: Told the position that was reached, now and then.
    """
    with engine.connect() as connection:
        return verify_on(connection, noted, progress)


def verify_on(
    connection: sql.Connection, noted: Head | None = None, progress: Callable[[int], object] = lambda _: None
) -> Verified:
    """Compute the chain again as a connection sees it: see `verify`.

    Args:
        connection: To the register.
        noted: A head that was kept elsewhere.
        progress: Told the position that was reached.
    """
    check = _Check(connection)
    seen = seen_until(connection)  # before the last page is read: the log may grow meanwhile
    for rows in _pages(connection):
        for row in rows:
            check.take(row)
        progress(check.position)
        if len(check.faults) > MOST_FAULTS:
            break
    else:
        if (missing := end_missing(check.position, seen)) is not None:
            check.faults.append(ChainFault(position=seen, kind=FaultKind.END, sentence=missing))
        if noted is not None:
            check.faults += _against(connection, noted, check.position)
    return Verified(
        events=check.events,
        erased=check.erased,
        head=Head(check.position, check.previous),
        faults=tuple(check.faults[:MOST_FAULTS]),
        more=len(check.faults) > MOST_FAULTS,
        guards_gone=tuple(guard.against for guard in triggers.gone(connection)),
    )


class _Check:
    """What was seen so far: the position and hash that the next event has to follow."""

    def __init__(self, connection: sql.Connection) -> None:
        self._connection = connection
        self._named: dict[int, frozenset[int]] = {}
        self.position = 0
        self.previous = GENESIS
        self.events = 0
        self.erased = 0
        self.faults: list[ChainFault] = []

    def take(self, row: Mapping[str, Any]) -> None:
        position: int = row["position"]
        gap = position != self.position + 1
        if gap:
            self._gap(position)
        elif row["previous"] != self.previous:
            self._say(
                position,
                FaultKind.LINK,
                f"Event {position} does not follow the one before it: one of the two was exchanged.",
            )
        if _hash(row) != row["hash"]:
            self._say(position, FaultKind.CHANGED, f"Event {position} is not as it was written.")
        self._look_at_content(position, row)
        self.events += 1
        self.position, self.previous = position, row["hash"]

    def _gap(self, position: int) -> None:
        first, last = self.position + 1, position - 1
        missing = f"Event {first} is missing." if first >= last else f"Events {first} to {last} are missing."
        self._say(min(first, position), FaultKind.GAP, missing)

    def _look_at_content(self, position: int, row: Mapping[str, Any]) -> None:
        erased, there = row["by_position"] is not None, row["salt"] is not None
        if not there and not erased:
            self._say(
                position,
                FaultKind.CONTENT_MISSING,
                f"The content of event {position} is missing, and no erasure is on record.",
            )
        elif there and erased:
            self._say(
                position,
                FaultKind.CONTENT_BACK,
                f"The content of event {position} is there, and its erasure is on record.",
            )
        elif there and digest_of(row["salt"], row["details"], row["standing"]) != row["content_digest"]:
            self._say(position, FaultKind.CONTENT_CHANGED, f"The content of event {position} is not as it was written.")
        self.erased += erased
        if erased and position not in self._named_by(row["by_position"]):
            self._say(position, FaultKind.ERASURE, f"Event {position} was erased, and no event says that it was to be.")

    def _named_by(self, position: int) -> frozenset[int]:
        """The positions that an event names as those that it erased."""
        if position not in self._named:
            query = sql.select(EVENT_CONTENT.c.details).where(EVENT_CONTENT.c.position == position)
            self._named[position] = _positions(self._connection.scalar(query))
        return self._named[position]

    def _say(self, position: int, kind: FaultKind, sentence: str) -> None:
        self.faults.append(ChainFault(position=position, kind=kind, sentence=sentence))


def _positions(details: str | None) -> frozenset[int]:
    """Those that an erasing event names; none where its details are no more what they were."""
    try:
        said = json.loads(details or "{}")
        return frozenset(said["positions"])
    except (ValueError, TypeError, LookupError):
        return frozenset()


def _hash(row: Mapping[str, Any]) -> str | None:
    """The hash that a row should have; `None` when something in it is no value of its column at all."""
    cites, accepted = row["cites"], row["accepted"]
    try:
        plain = json.loads(cites) if isinstance(cites, str) else cites
    except ValueError:
        return None
    return hash_of({**row, "cites": plain, "accepted": bool(accepted)}) if accepted in {0, 1} else None


def _pages(connection: sql.Connection) -> Iterator[Sequence[Mapping[str, Any]]]:
    query, last = _query(connection.dialect.name), 0
    while rows := connection.execute(query, {"last": last}).mappings().all():
        yield [dict(row) for row in rows]
        last = rows[-1]["position"]


def _query(dialect: str) -> sql.Select[Any]:
    """Everything of a page of events, as the database holds it: also what a column's type could not read."""
    return (
        sql.select(
            *(_raw(column, dialect) for column in EVENT.columns),
            EVENT_CONTENT.c.salt,
            EVENT_CONTENT.c.details,
            EVENT_CONTENT.c.standing,
            ERASURE.c.by_position,
        )
        .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .outerjoin(ERASURE, ERASURE.c.position == EVENT.c.position)
        .where(EVENT.c.position > sql.bindparam("last"))
        .order_by(EVENT.c.position)
        .limit(AT_ONCE)
    )


def _raw(column: sql.Column[Any], dialect: str) -> sql.ColumnElement[Any]:
    if dialect != "postgresql":
        return sql.type_coerce(column, sql.types.NULLTYPE).label(column.name)
    if isinstance(column.type, Instant):
        utc = sql.func.timezone("UTC", column)
        return sql.func.to_char(utc, "YYYY-MM-DD HH24:MI:SS.US", type_=sql.Text).label(column.name)
    return (sql.cast(column, sql.Text) if isinstance(column.type, sql.JSON) else column).label(column.name)


def _against(connection: sql.Connection, noted: Head, end: int) -> list[ChainFault]:
    """What a head that was kept elsewhere says of the chain."""
    if noted.position == 0 and noted.hash == GENESIS:
        return []
    found = connection.scalar(sql.select(EVENT.c.hash).where(EVENT.c.position == noted.position))
    if found == noted.hash:
        return []
    if noted.position > end:
        sentence = f"The register ends with event {end}, and event {noted.position} was noted: its end was cut off."
    else:
        sentence = f"Event {noted.position} is not the one that was noted: the chain was written anew."
    return [ChainFault(position=noted.position, kind=FaultKind.HEAD, sentence=sentence)]
