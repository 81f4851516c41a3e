"""How the command line looks: rich tables at a terminal, plain text everywhere else."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rules.working_days import local

PLAIN_WIDTH = 160
"""Columns for output that nobody watches: a script or a file has no edge to wrap at."""


def console() -> Console:
    """Where a command writes; made anew each time, since a test may have exchanged standard output."""
    watched = sys.stdout.isatty()
    return Console(width=None if watched else PLAIN_WIDTH, highlight=False, emoji=False, markup=False)


def print_json(value: Any) -> None:  # noqa: ANN401 - plain values
    """Print plain values as JSON, dates in ISO form.

    Args:
        value: What to print.
    """
    sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")


def print_json_line(value: Any) -> None:  # noqa: ANN401 - plain values
    """Print plain values as JSON on one line, as soon as they are known.

    Args:
        value: What to print.
    """
    sys.stdout.write(json.dumps(value, default=str, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> Table:
    """A table with a line under its headings.

    Args:
        headings: One a column.
        rows: Cells as text.
        title: What it shows.
    """
    made = Table(box=SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    return made


def facts(pairs: Iterable[tuple[str, str]]) -> Table:
    """Names and values in two columns; pairs without a value are left out.

    Args:
        pairs: Name and value.
    """
    made = Table.grid(padding=(0, 2))
    made.add_column(style="bold", no_wrap=True)
    made.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            made.add_row(Text(name), Text(value))
    return made


def heading(text: str) -> Text:
    """A heading.

    Args:
        text: What it says.
    """
    return Text(text, style="bold")


def words(value: object) -> str:
    """A key such as `head_of_service` as people write it; nothing for nothing.

    Args:
        value: A key, or `None`.
    """
    return "" if value is None else str(value).replace("_", " ")


def day(value: date | None) -> str:
    """A date as people write it.

    Args:
        value: Local date.
    """
    return "" if value is None else f"{value:%a %d %b %Y}"


def moment(value: datetime | None) -> str:
    """A moment as people write it, Europe/London.

    Args:
        value: An aware datetime.
    """
    return "" if value is None else f"{local(value):%a %d %b %Y %H:%M}"


def clock_time(value: datetime | None) -> str:
    """The time of a moment, Europe/London.

    Args:
        value: An aware datetime.
    """
    return "" if value is None else f"{local(value):%H:%M}"
