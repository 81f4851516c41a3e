"""Tables of the register as CSV or Parquet, row by row: a table may be larger than the memory.

What is narrative (the content of events, how processes stand, papers) is left out unless it is asked for.

In a CSV file a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line
break) gets an apostrophe in front, as spreadsheets themselves mark a text. Nothing and an empty text look the same
there; Parquet tells them apart and keeps every type.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import pyarrow as pa  # type: ignore[import-untyped]  # it has no types
import sqlalchemy as sql
from pyarrow import parquet

from register import read_models, working_tables  # noqa: F401 - their tables have to be known
from register.columns import Instant
from register.tables import EVENT_CONTENT, METADATA

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")
NARRATIVE = {
    EVENT_CONTENT.name: ("salt", "details", "standing"),
    "process": ("standing",),
    "paper": ("html", "pdf"),
    "calendar_entry": ("body",),
}
"""Columns that hold what was said of people, by table."""
AT_ONCE = 5000
"""Rows in memory at once."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
Told = Callable[[int], None]
Row = Sequence[Any]


def exportable(*, with_content: bool = False) -> dict[str, tuple[sql.Column[Any], ...]]:
    """The tables that can be exported, by name, each with its columns.

    Args:
        with_content: Narrative too. Without it, a table that holds nothing else is left out.
    """
    found = {}
    for name, table in sorted(METADATA.tables.items()):
        left_out = () if with_content else NARRATIVE.get(name, ())
        columns = tuple(column for column in table.columns if column.name not in left_out)
        if not all(column.primary_key for column in columns) or with_content:
            found[name] = columns
    return found


def export(
    engine: sql.Engine, columns: Sequence[sql.Column[Any]], kind: Format, to: Path, told: Told = lambda _: None
) -> int:
    """Write a table to a file. A file that is there is replaced once the new one is whole.

    Args:
        engine: The register's.
        columns: Of one table, from `exportable`.
        kind: Of file.
        to: The file.
        told: What hears how many rows more were written.

    Returns:
        How many rows were written.

    Raises:
        OSError: The file cannot be written.
    """
    beside = to.with_name(f".{to.name}.part")
    try:
        with beside.open("wb") as file:
            writer = _Csv(file, columns) if kind == "csv" else _Parquet(file, columns)
            written = 0
            for rows in _batches(engine, columns):
                writer.write(rows)
                written += len(rows)
                told(len(rows))
            writer.close()
        beside.replace(to)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    return written


def rows_of(engine: sql.Engine, name: str) -> int:
    """How many rows a table has.

    Args:
        engine: The register's.
        name: Of the table.
    """
    with engine.connect() as connection:
        return connection.scalar(sql.select(sql.func.count()).select_from(METADATA.tables[name])) or 0


def _batches(engine: sql.Engine, columns: Sequence[sql.Column[Any]]) -> Iterator[Sequence[Row]]:
    table = columns[0].table
    query = sql.select(*columns).order_by(*table.primary_key)
    with engine.connect() as connection:
        found = connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(query)
        for rows in found.partitions():
            yield [tuple(row) for row in rows]


class _File(Protocol):
    def write(self, content: bytes, /) -> int: ...


class _Csv:
    """UTF-8 with a mark at the start, so that spreadsheets take it for what it is."""

    def __init__(self, file: _File, columns: Sequence[sql.Column[Any]]) -> None:
        self._file = file
        file.write("\ufeff".encode())
        self._writer = csv.writer(_Encoding(file))
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows([[cell_of(value) for value in row] for row in rows])

    def close(self) -> None:
        """Nothing is left to be written."""


class _Encoding:
    """What the CSV writer writes to: text goes in, bytes come out."""

    def __init__(self, file: _File) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(text.encode())


def cell_of(value: Any) -> str:  # noqa: ANN401, PLR0911 - one for each kind of value
    """A value as a cell of a CSV file.

    Args:
        value: Of a row.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case int() | float():
            return str(value)
        case bytes():
            return value.hex()
        case str():
            return f"'{value}" if value.startswith(FORMULA) else value
        case _:
            return json.dumps(value, ensure_ascii=False, sort_keys=True)


class _Parquet:
    def __init__(self, file: _File, columns: Sequence[sql.Column[Any]]) -> None:
        self._as_json = [isinstance(column.type, sql.JSON) for column in columns]
        self._schema = pa.schema(
            [pa.field(column.name, _type_of(column), nullable=bool(column.nullable)) for column in columns]
        )
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        arrays = [
            pa.array([_plain(value) if as_json else value for value in values], field.type)
            for values, field, as_json in zip(zip(*rows, strict=True), self._schema, self._as_json, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _plain(value: Any) -> str | None:  # noqa: ANN401 - JSON
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _type_of(column: sql.Column[Any]) -> Any:  # noqa: ANN401 - a type of a library without types
    kind = column.type
    if isinstance(kind, Instant):
        return pa.timestamp("us", tz="UTC")
    if isinstance(kind, sql.Date):
        return pa.date32()
    if isinstance(kind, sql.Boolean):
        return pa.bool_()
    if isinstance(kind, sql.BigInteger):
        return pa.int64()
    if isinstance(kind, sql.Integer):
        return pa.int32()
    return pa.binary() if isinstance(kind, sql.LargeBinary) else pa.string()
