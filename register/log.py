"""The log: adding to it, in one chain and each event once, and reading it back.

Whoever adds holds the chain's lock until the transaction ends, so positions have no gap and every event names the hash
before it. Workflows' entries come through `register.writer`; `note_event` is for what no durable process writes.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sql

from models.process import Entry, Notice
from register.chain import GENESIS, canonical, digest_of, hash_of, new_salt
from register.database import writing
from register.statements import statements_for
from register.tables import ANNOUNCED, ERASURE, EVENT, EVENT_CONTENT

CHAIN_LOCK = 0x5741_594D_0002
"""PostgreSQL's advisory lock of the chain's head; on SQLite the one write lock does."""
ERASED_AT_ONCE = 500
INSTEAD = "instead/"
"""How the message id of an event begins that stands instead of an earlier one, whose position follows."""


class Head(NamedTuple):
    """The last event of the chain; position 0 and the genesis hash while there is none."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """An event that is ready to be chained: its content is written out and digested."""

    entry: Entry
    message_id: str
    salt: str
    details: str
    standing: str | None
    digest: str

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it the same event, however often it comes."""
        return self.entry.process_id, self.entry.sequence, self.message_id


def line_of(entry: Entry, message_id: str = "", standing: Mapping[str, Any] | None = None) -> Line:
    """Make an entry ready for the chain.

    Args:
        entry: What happened.
        message_id: The refused message, for a refusal with sequence 0.
        standing: What changed in how its process stands, as a JSON merge patch.
    """
    salt, details = new_salt(), canonical(entry.details)
    stands = None if standing is None else canonical(standing)
    return Line(entry, message_id, salt, details, stands, digest_of(salt, details, stands))


def head(connection: sql.Connection) -> Head:
    """The last event of the chain.

    Args:
        connection: To the register.
    """
    found = connection.exec_driver_sql(statements_for(connection.dialect).head).first()
    return Head(0, GENESIS) if found is None else Head(found[0], found[1])


def lock_chain(connection: sql.Connection) -> None:
    """Let nobody else add until the transaction ends.

    Args:
        connection: In a transaction from `register.database.writing`.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")


def append(connection: sql.Connection, lines: Sequence[Line]) -> Head:
    """Add events that are not in the log yet; the database refuses the whole transaction when one is.

    Args:
        connection: In a transaction from `register.database.writing`.
        lines: In order, at least one.

    Returns:
        The new head.

    Raises:
        IntegrityError: One of them is in the log already: `register.appending` looks first.
    """
    lock_chain(connection)
    position, previous = head(connection)
    now = datetime.now(UTC)
    events, contents, notices = [], [], []
    for line in lines:
        position += 1
        row = _event_row(position, line, now, previous)
        previous = row["hash"]
        events.append(row)
        contents.append({"position": position, "salt": line.salt, "details": line.details, "standing": line.standing})
        notices += [_notice_row(position, line.entry, number, one) for number, one in enumerate(line.entry.notices)]
    statements = statements_for(connection.dialect)
    statements.add(connection, statements.event, events)
    statements.add(connection, statements.content, contents)
    if notices:
        statements.add(connection, statements.notice, notices)
    return Head(position, previous)


def _event_row(position: int, line: Line, now: datetime, previous: str) -> dict[str, Any]:
    entry = line.entry
    row: dict[str, Any] = {
        "position": position,
        "process_id": entry.process_id,
        "sequence": entry.sequence,
        "message_id": line.message_id,
        "at": entry.at,
        "recorded_at": now,
        "what": entry.what,
        "staff": entry.staff,
        "post": entry.post,
        "on_behalf_of": entry.on_behalf_of,
        "accepted": entry.accepted,
        "code": entry.code,
        "cites": list(entry.cites),
        "procedure_version": entry.procedure_version,
        "content_digest": line.digest,
        "previous": previous,
    }
    row["hash"] = hash_of(row)
    return row


def _notice_row(position: int, entry: Entry, number: int, notice: Notice) -> dict[str, Any]:
    return {
        "position": position,
        "process_id": entry.process_id,
        "sequence": entry.sequence,
        "number": number,
        "post": notice.post,
        "staff": notice.staff,
        "subject": notice.subject,
        "at": entry.at,
    }


def note_event(  # noqa: PLR0913 - an event says that much
    engine: sql.Engine,
    *,
    process_id: str,
    what: str,
    staff: str,
    post: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    on_behalf_of: str | None = None,
    cites: Iterable[str] = (),
    procedure_version: str = "",
    notices: Iterable[Notice] = (),
    standing: Mapping[str, Any] | None = None,
) -> int:
    """Add an event that no durable process writes, in a transaction of its own.

    Args:
        engine: The register's.
        process_id: What it is about: `cover/...`, `papers/...`, `child/...`, `import/...`.
        what: What happened.
        staff: Who did it, by reference.
        post: In which post.
        at: When.
        details: What there is to say, as plain JSON.
        on_behalf_of: Whose work it was, by reference, where that is somebody else.
        cites: The rules under which it happened.
        procedure_version: Of the procedure, where one applied.
        notices: Who is to be told.
        standing: What changed in how it stands, as a JSON merge patch.

    Returns:
        Its position.
    """
    with writing(engine) as connection:
        return noted(
            connection,
            process_id=process_id,
            what=what,
            staff=staff,
            post=post,
            at=at,
            details=details,
            on_behalf_of=on_behalf_of,
            cites=cites,
            procedure_version=procedure_version,
            notices=notices,
            standing=standing,
        )


def noted(  # noqa: PLR0913 - an event says that much
    connection: sql.Connection,
    *,
    process_id: str,
    what: str,
    staff: str,
    post: str,
    at: datetime,
    details: Mapping[str, Any] | None = None,
    on_behalf_of: str | None = None,
    cites: Iterable[str] = (),
    procedure_version: str = "",
    notices: Iterable[Notice] = (),
    standing: Mapping[str, Any] | None = None,
) -> int:
    """Add an event that no durable process writes, together with what else its transaction writes: see `note_event`.

    Args:
        connection: In a transaction from `register.database.writing`.
        process_id: What it is about.
        what: What happened.
        staff: Who did it.
        post: In which post.
        at: When.
        details: What there is to say.
        on_behalf_of: Whose work it was.
        cites: The rules.
        procedure_version: Of the procedure.
        notices: Who is to be told.
        standing: What changed in how it stands.

    Returns:
        Its position.
    """
    lock_chain(connection)
    last = connection.scalar(sql.select(sql.func.max(EVENT.c.sequence)).where(EVENT.c.process_id == process_id))
    entry = Entry(
        process_id=process_id,
        sequence=(last or 0) + 1,
        at=at,
        what=what,
        staff=staff,
        post=post,
        on_behalf_of=on_behalf_of,
        cites=tuple(cites),
        procedure_version=procedure_version,
        details=dict(details or {}),
        notices=tuple(notices),
    )
    return append(connection, [line_of(entry, standing=standing)]).position


def erase(connection: sql.Connection, positions: Iterable[int], by_position: int, at: datetime) -> int:
    """Take the content of events away and keep on record that it was; the chain stays verifiable.

    Args:
        connection: In a transaction from `register.database.writing`.
        positions: Of the events; those that were erased before stay as they are.
        by_position: The event that says who erased them and why; its details name the positions under `positions`.
        at: When.

    Returns:
        How many were erased now.
    """
    wanted = iter(positions)
    erased = 0
    while some := list(islice(wanted, ERASED_AT_ONCE)):
        there = sql.select(EVENT_CONTENT.c.position).where(EVENT_CONTENT.c.position.in_(some))
        found = list(connection.scalars(there))
        if found:
            rows = [{"position": one, "erased_at": at, "by_position": by_position} for one in found]
            connection.execute(sql.insert(ERASURE), rows)
            connection.execute(sql.delete(EVENT_CONTENT).where(EVENT_CONTENT.c.position.in_(found)))
        erased += len(found)
    return erased


def is_known(connection: sql.Connection, process_id: str) -> bool:
    """Whether the log has anything of a process.

    Args:
        connection: To the register.
        process_id: The process.
    """
    return _exists(connection, statements_for(connection.dialect).known, process_id)


def is_expected(connection: sql.Connection, process_id: str) -> bool:
    """Whether a process was announced, or the log has anything of it.

    Args:
        connection: To the register.
        process_id: The process.
    """
    statements = statements_for(connection.dialect)
    return _exists(connection, statements.expected, process_id) or _exists(connection, statements.known, process_id)


def _exists(connection: sql.Connection, query: str, process_id: str) -> bool:
    value = {"process_id": process_id} if statements_for(connection.dialect).named else (process_id,)
    return bool(connection.exec_driver_sql(query, value).scalar())


def announce(connection: sql.Connection, process_id: str) -> None:
    """Keep that a process is about to start; once more is the same.

    Args:
        connection: In a transaction from `register.database.writing`.
        process_id: The process.
    """
    if not _exists(connection, statements_for(connection.dialect).expected, process_id):
        connection.execute(sql.insert(ANNOUNCED), {"process_id": process_id})


def entries_of(connection: sql.Connection, process_id: str) -> list[Entry]:
    """Everything that the log has of a process, by sequence; refusals that validators gave come first.

    Args:
        connection: To the register.
        process_id: The process.
    """
    query = (
        sql.select(EVENT, EVENT_CONTENT.c.details)
        .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .where(EVENT.c.process_id == process_id)
        .order_by(EVENT.c.sequence, EVENT.c.at, EVENT.c.position)
    )
    rows = connection.execute(query).mappings().all()
    replaced = {replaced_by(row["message_id"]) for row in rows}
    return [_entry(row) for row in rows if row["position"] not in replaced]


def replaced_by(message_id: str) -> int | None:
    """The position of the event that one stands instead of; `None` for nearly all, which stand for themselves.

    Args:
        message_id: The event's.
    """
    return int(message_id.removeprefix(INSTEAD)) if message_id.startswith(INSTEAD) else None


def _entry(row: Mapping[Any, Any]) -> Entry:
    return Entry(
        process_id=row["process_id"],
        sequence=row["sequence"],
        at=row["at"],
        what=row["what"],
        staff=row["staff"],
        post=row["post"],
        on_behalf_of=row["on_behalf_of"],
        accepted=row["accepted"],
        code=row["code"],
        cites=tuple(row["cites"]),
        procedure_version=row["procedure_version"],
        details={} if row["details"] is None else json.loads(row["details"]),
    )
