"""What a report is made of: sections with a table each, and charts of their columns. Every output is made from this."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from register.reading.figures import Span

Kind = Literal["text", "count", "number", "percent", "points", "money", "date"]
"""How a column is written: `percent` and `points` are shares from 0 to 1, `money` is in pence."""
Adds = Literal["no", "down", "across", "both"]
"""Which sums a table shows: none, each column's, each row's (its last column of counts), or both."""


class Part(BaseModel):
    """A frozen part of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Hidden(Part):
    """A number that is not shown: fewer than five, or one that would tell such a number."""

    small: bool

    def __str__(self) -> str:
        """As it is written."""
        return "fewer than 5" if self.small else "withheld"


Cell = str | int | float | date | Hidden | None


class Column(Part):
    """A column of a table. `about`: a number that must not be shown where one of the counts of its row is hidden."""

    title: str
    kind: Kind = "count"
    about: bool = False


class Chart(Part):
    """A chart of a table: its first column names, each of `columns` (from 0) is a series."""

    kind: Literal["bar", "column", "line"]
    title: str
    columns: tuple[int, ...]
    stacked: bool = False


class Table(Part):
    """A table. `total` is its last row, where there is one. `cases`: its rows are single cases, by reference.

    `ranked`: its rows stand by size. Where numbers are hidden they stand by name, or their order would tell.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    adds: Adds = "no"
    cases: bool = False
    ranked: bool = False

    @property
    def counts(self) -> tuple[int, ...]:
        """The columns that hold counts of cases or children."""
        return tuple(number for number, column in enumerate(self.columns) if column.kind == "count")


class Section(Part):
    """A table under a heading, with what it counts and the rules that ask for it.

    `published`: it may leave the service. Only one table of each quantity may, so that no two give a number away.
    """

    key: str
    title: str
    says: str
    table: Table
    cites: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    published: bool = False
    nothing: str = "Nothing to report."


class Report(Part):
    """A report of one council and period, as it was made from the log up to a position."""

    key: str
    title: str
    council: str
    council_title: str
    period: str
    span: Span
    made_at: datetime
    position: int
    cites: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    for_publication: bool = False


def summed(rows: Sequence[tuple[Cell, ...]], columns: Sequence[Column]) -> tuple[Cell, ...]:
    """The row of totals: counts and money added up, other cells empty.

    Args:
        rows: Of a table.
        columns: Of the table.
    """
    total: list[Cell] = ["Total"]
    for number, column in enumerate(columns[1:], start=1):
        cells = [row[number] for row in rows]
        adds = column.kind in ("count", "money")
        total.append(sum(cell for cell in cells if isinstance(cell, int)) if adds else None)
    return tuple(total)
