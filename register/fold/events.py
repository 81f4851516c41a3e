"""What the log says of a process, as the fold reads it: in the order of the log, with what was erased left out."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sql

from register.log import replaced_by
from register.tables import EVENT, EVENT_CONTENT
from rules.standing import Standing

COLUMNS = (
    EVENT.c.position,
    EVENT.c.process_id,
    EVENT.c.sequence,
    EVENT.c.message_id,
    EVENT.c.at,
    EVENT.c.what,
    EVENT.c.staff,
    EVENT.c.post,
    EVENT.c.on_behalf_of,
    EVENT.c.accepted,
    EVENT.c.procedure_version,
    EVENT_CONTENT.c.details,
    EVENT_CONTENT.c.standing,
)
IDS_AT_ONCE = 500
"""How many process ids go into one query."""


@dataclass(frozen=True)
class Happened:
    """One line of the log.

    Attributes:
        position: Its place in the log, from 1.
        process_id: Whose it is.
        sequence: Its number in that process; 0 for a refusal that a validator gave.
        message_id: Of a refused message; of what stands instead of an earlier event, its position; else empty.
        at: When it happened, UTC.
        what: The act or event.
        staff: Who did it.
        post: In which post.
        on_behalf_of: Whom a deputy stood in for.
        accepted: Whether it was done, and not refused.
        procedure_version: Of the procedure that applied.
        said: The details as JSON; `None` when they were erased.
        stood: What changed in the standing, as JSON; `None` when nothing did, or when it was erased.
        only_stands: Whether only what changed in the standing counts: what was done counts in its proper place.
    """

    position: int
    process_id: str
    sequence: int
    message_id: str
    at: datetime
    what: str
    staff: str
    post: str
    on_behalf_of: str | None
    accepted: bool
    procedure_version: str
    said: str | None
    stood: str | None
    only_stands: bool = False

    @property
    def instead_of(self) -> int | None:
        """The position of the event that this one stands instead of."""
        return replaced_by(self.message_id)

    @property
    def is_deed(self) -> bool:
        """Whether something was done, and not only said again after an erasure."""
        return not self.only_stands and (self.message_id == "" or self.instead_of is not None)

    @property
    def erased(self) -> bool:
        """Whether its content is gone."""
        return self.said is None

    @cached_property
    def details(self) -> dict[str, Any]:
        """What was said; nothing when it was erased."""
        found: dict[str, Any] = json.loads(self.said) if self.said else {}
        return found

    @cached_property
    def patch(self) -> Standing | None:
        """What changed in how the process stands; `None` when nothing did."""
        found: Standing | None = json.loads(self.stood) if self.stood else None
        return found


def _lines() -> sql.Select[Any]:
    return sql.select(*COLUMNS).join_from(
        EVENT, EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position, isouter=True
    )


def _read(connection: sql.Connection, query: sql.Select[Any]) -> list[Happened]:
    return [Happened(*row) for row in connection.execute(query.order_by(EVENT.c.position))]


def newest(connection: sql.Connection) -> int:
    """The position of the last event of the log; 0 when it is empty.

    Args:
        connection: To the register.
    """
    return connection.scalar(sql.select(sql.func.max(EVENT.c.position))) or 0


def after(connection: sql.Connection, position: int, limit: int) -> list[Happened]:
    """The next events of the log.

    Args:
        connection: To the register.
        position: The last that is known.
        limit: How many at most.
    """
    return _read(connection, _lines().where(EVENT.c.position > position).limit(limit))


def of_processes(connection: sql.Connection, process_ids: Collection[str], until: int) -> list[Happened]:
    """All events of some processes up to a position.

    Args:
        connection: To the register.
        process_ids: Which.
        until: The last position that counts.
    """
    found: list[Happened] = []
    for some in in_parts(process_ids):
        here = EVENT.c.process_id.in_(some) & (EVENT.c.position <= until)
        found += _read(connection, _lines().where(here))
    return found


def in_place(events: Sequence[Happened]) -> list[Happened]:
    """The events of whole processes, with what stands instead of an earlier event put in its place.

    What was done counts where it was first written down; what changed in the standing counts in the order of the log.

    Args:
        events: All events of some processes up to some position, in order.
    """
    first: dict[int, int] = {}
    final: dict[int, Happened] = {}
    for event in events:
        if event.instead_of is not None:
            first[event.position] = first.get(event.instead_of, event.instead_of)
            final[first[event.position]] = event
    return [_placed(event, final, first) for event in events] if final else list(events)


def _placed(event: Happened, final: Mapping[int, Happened], first: Mapping[int, int]) -> Happened:
    if event.position in first:
        return replace(event, only_stands=True)
    done = final.get(event.position)
    return event if done is None else replace(done, position=event.position, message_id="", stood=event.stood)


def named(connection: sql.Connection, process_id: str, whats: Collection[str], before: int) -> list[Happened]:
    """The accepted events of one process that are called something, before a position.

    Args:
        connection: To the register.
        process_id: Which.
        whats: What they are called.
        before: The first position that no longer counts.
    """
    every = in_place(of_processes(connection, [process_id], before - 1))
    return [event for event in every if event.what in whats and event.accepted and event.is_deed]


def in_parts(process_ids: Iterable[str]) -> list[list[str]]:
    """Process ids in parts of a size that any database takes in one query.

    Args:
        process_ids: Any number.
    """
    every = sorted(set(process_ids))
    return [every[start : start + IDS_AT_ONCE] for start in range(0, len(every), IDS_AT_ONCE)]
