"""The log's statements as the driver takes them: an act is written by these, and every tenth of a millisecond counts.

SQLAlchemy writes them once for each kind of database; the values are then turned into the driver's own here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Dialect

from register.chain import canonical, instant
from register.tables import ANNOUNCED, EVENT, EVENT_CONTENT, NOTICE

Row = Mapping[str, Any]

_HEAD = sql.select(EVENT.c.position, EVENT.c.hash).order_by(EVENT.c.position.desc()).limit(1)
_RECORDED = sql.exists().where(EVENT.c.process_id == sql.bindparam("process_id"))
_EXPECTED = sql.exists().where(ANNOUNCED.c.process_id == sql.bindparam("process_id"))
_NOTICE_COLUMNS = [column.name for column in NOTICE.columns if not column.primary_key]


@dataclass(frozen=True)
class Statements:
    """What adding to the log takes, in the words of one kind of database.

    Attributes:
        head: Selects position and hash of the last event.
        known: Selects whether there is an event of the process `process_id`.
        expected: Selects whether the process `process_id` was announced.
        event: Inserts into `event`; a row is in the order of its columns.
        content: Inserts into `event_content`, likewise.
        notice: Inserts into `notice`, likewise without the id.
        named: Whether the driver takes values by name.
    """

    head: str
    known: str
    expected: str
    event: str
    content: str
    notice: str
    named: bool

    def add(self, connection: sql.Connection, statement: str, rows: Sequence[Row]) -> None:
        """Insert rows.

        Args:
            connection: In a transaction.
            statement: One of these.
            rows: One or more, their values in the order of the columns.
        """
        values: list[Any] = [_by_name(row) if self.named else tuple(map(_for_sqlite, row.values())) for row in rows]
        connection.exec_driver_sql(statement, values)


@lru_cache(maxsize=8)
def statements_for(dialect: Dialect) -> Statements:
    """The statements for an engine.

    Args:
        dialect: Its dialect.
    """
    notice = sql.insert(NOTICE).inline().compile(dialect=dialect, column_keys=_NOTICE_COLUMNS)
    event = sql.insert(EVENT).compile(dialect=dialect)
    return Statements(
        head=str(_HEAD.compile(dialect=dialect, compile_kwargs={"literal_binds": True})),
        known=str(sql.select(_RECORDED).compile(dialect=dialect)),
        expected=str(sql.select(_EXPECTED).compile(dialect=dialect)),
        event=str(event),
        content=str(sql.insert(EVENT_CONTENT).compile(dialect=dialect)),
        notice=str(notice),
        named=not event.positional,
    )


def _by_name(row: Row) -> dict[str, Any]:
    return {name: canonical(value) if isinstance(value, list) else value for name, value in row.items()}


def _for_sqlite(value: Any) -> Any:  # noqa: ANN401 - a column's value
    if isinstance(value, datetime):
        return instant(value)
    return canonical(value) if isinstance(value, list) else value
