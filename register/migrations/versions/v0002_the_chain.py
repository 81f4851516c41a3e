"""One chain of events with their content apart, read models, and what notices, papers and calendars remember.

What was recorded before is carried over in the order in which it was recorded, and chained.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sql
from alembic import op

from register import triggers
from register.chain import GENESIS, canonical, digest_of, hash_of, new_salt
from register.migrations.as_of_0002 import beside, log, read_models
from register.tables import EVENT, EVENT_CONTENT, NOTICE

revision = "0002"
down_revision = "0001"

AT_ONCE = 1_000


def upgrade() -> None:
    """Make the new tables, carry the old ones over, and put the triggers up."""
    connection = op.get_bind()
    for table in ("event", "notice"):
        # By copying: a table that is only renamed keeps the names of its indexes, which the new one needs.
        op.execute(f"CREATE TABLE {table}_as_it_was AS SELECT * FROM {table}")  # noqa: S608 - names of this file
        op.drop_table(table)
    for tables in (log, read_models, beside):
        tables.make()
    _carry_events(connection)
    _carry_notices(connection)
    for table in ("event", "notice"):
        op.drop_table(f"{table}_as_it_was")
    triggers.put_up(connection)


def downgrade() -> None:
    """Never: what was recorded stays.

    Raises:
        RuntimeError: Always.
    """
    msg = "The register's tables go forward only: restore a backup from before the upgrade."
    raise RuntimeError(msg)


def _carry_events(connection: sql.Connection) -> None:
    position, previous = 0, GENESIS
    for rows in _in_pages(connection, "event_as_it_was", "recorded_at, process_id, sequence, message_id"):
        events, contents = [], []
        for row in rows:
            position += 1
            salt, details = new_salt(), canonical(_plain(row["details"]))
            event: dict[str, Any] = {
                "position": position,
                "process_id": row["process_id"],
                "sequence": row["sequence"],
                "message_id": row["message_id"],
                "at": _instant(row["at"]),
                "recorded_at": _instant(row["recorded_at"]),
                "what": row["what"],
                "staff": row["staff"],
                "post": row["post"],
                "on_behalf_of": None,
                "accepted": bool(row["accepted"]),
                "code": row["code"],
                "cites": _plain(row["cites"]),
                "procedure_version": row["procedure_version"],
                "content_digest": digest_of(salt, details, None),
                "previous": previous,
            }
            event["hash"] = previous = hash_of(event)
            events.append(event)
            contents.append({"position": position, "salt": salt, "details": details, "standing": None})
        connection.execute(sql.insert(EVENT), events)
        connection.execute(sql.insert(EVENT_CONTENT), contents)


def _carry_notices(connection: sql.Connection) -> None:
    columns = [column.name for column in NOTICE.columns if column.name not in {"id", "position"}]
    of_event = (EVENT.c.process_id, EVENT.c.sequence)
    for rows in _in_pages(connection, "notice_as_it_was", "id"):
        keys = {(row["process_id"], row["sequence"]) for row in rows}
        query = sql.select(*of_event, EVENT.c.position).where(sql.tuple_(*of_event).in_(keys))
        found = connection.execute(query.order_by(EVENT.c.position.desc()))
        position = {(process, sequence): first for process, sequence, first in found}
        carried = [
            {
                **{name: row[name] for name in columns},
                "at": _instant(row["at"]),
                "position": position[row["process_id"], row["sequence"]],
            }
            for row in rows
        ]
        connection.execute(sql.insert(NOTICE), carried)


def _in_pages(connection: sql.Connection, table: str, order: str) -> Iterator[list[Any]]:
    query = sql.text(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608 - names of this file
    rows = connection.execute(query.execution_options(yield_per=AT_ONCE))
    found = iter(rows.mappings())
    while page := list(islice(found, AT_ONCE)):
        yield page


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON, as text or read already
    return json.loads(value) if isinstance(value, str) else value


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
