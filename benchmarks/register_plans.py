"""Which index each query of a page uses, as the database itself says."""

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sql

SQLITE = re.compile(r"^(SEARCH|SCAN) (\S+)(?: USING (?:COVERING )?INDEX (\S+)| USING (INTEGER PRIMARY KEY))?")
POSTGRES = re.compile(r"(Seq Scan|Index Scan|Index Only Scan|Bitmap Index Scan)(?: using (\S+))? on (\S+)")


def plans_of(connection: sql.Connection, make: Callable[[], object]) -> list[str]:
    """What the database does for each table that a page reads, each thing once.

    Args:
        connection: On which the page is made.
        make: Makes the page.
    """
    seen: list[tuple[str, Any]] = []

    def heard(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:  # noqa: ANN401
        seen.append((statement, parameters))

    sql.event.listen(connection.engine, "before_cursor_execute", heard)
    try:
        make()
    finally:
        sql.event.remove(connection.engine, "before_cursor_execute", heard)
    lines: dict[str, None] = {}
    for statement, parameters in seen:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            lines |= dict.fromkeys(_explained(connection, statement, parameters))
    return list(lines)


def _explained(connection: sql.Connection, statement: str, parameters: Any) -> list[str]:  # noqa: ANN401 - a driver's
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        found = [SQLITE.match(str(row[-1])) for row in rows]
        return [f"{one[2]}: {one[3] or one[4] or 'the whole table'}" for one in found if one]
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
    reads = [POSTGRES.search(str(row[0])) for row in rows]
    return [_said(one[1], one[2], one[3]) for one in reads if one]


def _said(how: str, index: str | None, what: str) -> str:
    if how == "Seq Scan":
        return f"{what}: the whole table"
    return f"{what}: {index}" if index else f"bitmap: {what}"
