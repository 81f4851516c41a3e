"""Comparing the read models before and after they were rebuilt: they come from the log alone, so nothing may differ."""

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sql

from models.process import Shape
from register.chain import canonical
from register.read_models import READ_MODELS

AT_ONCE = 2_000
Prints = Mapping[str, Mapping[str, bytes]]
"""By table and key: a digest of each row."""


class RowDifference(Shape):
    """A row that came out otherwise: `gone`, `new` or `changed`."""

    table: str
    key: str
    how: str


def prints_of(connection: sql.Connection) -> Prints:
    """What the read models say, row by row.

    Args:
        connection: To the register.
    """
    return {table.name: _rows(connection, table) for table in READ_MODELS}


def _rows(connection: sql.Connection, table: sql.Table) -> dict[str, bytes]:
    keys = [column.name for column in table.primary_key]
    rows = connection.execute(sql.select(table).execution_options(yield_per=AT_ONCE)).mappings()
    return {" ".join(str(row[key]) for key in keys): _print(row) for row in rows}


def _print(row: Mapping[Any, Any]) -> bytes:
    return hashlib.sha256(canonical(dict(row)).encode()).digest()


def differences(before: Prints, after: Prints) -> list[RowDifference]:
    """Where the read models came out otherwise.

    Args:
        before: From `prints_of`.
        after: Likewise.
    """
    found = []
    for table, rows in before.items():
        now = after[table]
        found += [RowDifference(table=table, key=key, how="gone") for key in sorted(rows.keys() - now.keys())]
        found += [RowDifference(table=table, key=key, how="new") for key in sorted(now.keys() - rows.keys())]
        changed = sorted(key for key in rows.keys() & now.keys() if rows[key] != now[key])
        found += [RowDifference(table=table, key=key, how="changed") for key in changed]
    return found
