"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An instant: goes in with any zone, comes out in UTC. SQLite keeps no zones, so it is given UTC without one."""

    impl = sql.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database.

        Raises:
            ValueError: An instant without a zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "an instant needs its zone"
            raise ValueError(msg)
        here = value.astimezone(UTC)
        return here.replace(tzinfo=None) if dialect.name == "sqlite" else here

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - a driver's value
        """From the database."""
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


REFERENCE = sql.String(200)
"""References, process ids and message ids."""
KEY = sql.String(80)
"""Keys of a procedure: posts, forums, acts, stages."""
JSON = sql.JSON()
BIG = sql.BigInteger().with_variant(sql.Integer(), "sqlite")
"""Positions and counters: SQLite numbers rows by itself only in a column that is called INTEGER."""
