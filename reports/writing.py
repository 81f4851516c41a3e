"""How a report writes numbers, dates and money."""

from datetime import date, datetime

from reports.shapes import Cell, Kind
from rules.working_days import local

PENCE = 100


def written(cell: Cell, kind: Kind) -> str:
    """A cell as people read it; nothing for nothing.

    Args:
        cell: Of a table.
        kind: Of its column.
    """
    if isinstance(cell, date):
        return f"{cell:%d %b %Y}"
    if cell is None or isinstance(cell, str) or not isinstance(cell, int | float):
        return "" if cell is None else str(cell)
    match kind:
        case "money":
            return f"£{cell / PENCE:,.2f}"
        case "percent":
            return f"{cell:.0%}"
        case "points":
            return f"{cell * 100:+.0f} points" if round(cell * 100) else "no change"
        case _:
            return f"{cell:,}"


def moment(at: datetime) -> str:
    """An instant as people read it, Europe/London.

    Args:
        at: Aware.
    """
    return f"{local(at):%d %B %Y, %H:%M}"
