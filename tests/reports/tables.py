"""Tables of counts for tests, and what a reader could work out from them."""

from collections.abc import Iterator, Sequence
from itertools import product

from reports.shapes import Adds, Cell, Column, Hidden, Table, summed

MOST_BEHIND_A_HIDDEN_NUMBER = 12
"""The largest number that a reader of these tests thinks of behind one that is withheld."""
Rule = tuple[tuple[tuple[int, int], ...], tuple[int, int]]
"""Places that add up to another place."""


def table_of(counts: Sequence[Sequence[int]], adds: Adds) -> Table:
    """A table of counts with the sums that it shows.

    Args:
        counts: Row by row.
        adds: Which sums.
    """
    across = adds in ("across", "both")
    rows: list[tuple[Cell, ...]] = [
        (f"Row {number}", *row, *([sum(row)] if across else [])) for number, row in enumerate(counts)
    ]
    titles = [f"Column {number}" for number in range(len(counts[0]))] + (["All"] if across else [])
    columns = (Column(title="Of", kind="text"), *(Column(title=title) for title in titles))
    total = summed(rows, columns) if adds in ("down", "both") else None
    return Table(columns=columns, rows=tuple(rows), total=total, adds=adds)


def rules_of(table: Table) -> Iterator[Rule]:
    """Every sum that a table shows."""
    last_row, last = len(table.rows), len(table.columns) - 1
    if table.adds in ("across", "both"):
        for row in range(last_row):
            yield tuple((row, column) for column in range(1, last)), (row, last)
    if table.adds in ("down", "both"):
        for column in range(1, len(table.columns)):
            yield tuple((row, column) for row in range(last_row)), (last_row, column)
    if table.adds == "both":
        yield tuple((last_row, column) for column in range(1, last)), (last_row, last)


def what_fits(shown: Table) -> dict[tuple[int, int], set[int]]:
    """Every number that each hidden count may be, by trying all of them: what a patient reader could find out.

    Args:
        shown: A table as it is published.
    """
    rows = [*shown.rows, *([shown.total] if shown.total is not None else [])]
    cells = {(r, c): cell for r, row in enumerate(rows) for c, cell in enumerate(row) if c > 0}
    hidden = [place for place, cell in cells.items() if isinstance(cell, Hidden)]
    rules = list(rules_of(shown))
    sums = {place for _, place in rules}
    # A sum that is hidden follows from its parts, so only the single counts are tried.
    free = [place for place in hidden if place not in sums]
    blank = _blank(shown, set(hidden))
    may_be = {place: _may_be(cells[place], blank=place in blank) for place in hidden}
    ranges = [may_be[place] for place in free]
    found: dict[tuple[int, int], set[int]] = {place: set() for place in hidden}
    for tried in product(*ranges):
        values = {place: cell for place, cell in cells.items() if isinstance(cell, int)} | dict(
            zip(free, tried, strict=True)
        )
        if _agrees(values, rules, may_be):
            for place in hidden:
                found[place].add(values[place])
    return found


def _blank(shown: Table, hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Places in sums of which nothing at all is shown: only there a nought may be hidden too."""
    rows, columns = range(len(shown.rows) + (shown.total is not None)), range(1, len(shown.columns))
    match shown.adds:
        case "down":
            groups = [{(row, column) for row in rows} for column in columns]
        case "across":
            groups = [{(row, column) for column in columns} for row in rows]
        case _:
            groups = [{(row, column) for row in rows for column in columns}]
    return {place for group in groups if group <= hidden for place in group}


def _may_be(cell: Cell, *, blank: bool) -> range:
    assert isinstance(cell, Hidden)
    return range(0 if blank else 1, 5) if cell.small else range(5, MOST_BEHIND_A_HIDDEN_NUMBER)


def _agrees(values: dict[tuple[int, int], int], rules: Sequence[Rule], may_be: dict[tuple[int, int], range]) -> bool:
    # Sums of rows and columns come before the sum of everything.
    for parts, place in rules:
        total = sum(values[part] for part in parts)
        if place not in values:
            if total not in may_be[place] and total < MOST_BEHIND_A_HIDDEN_NUMBER:
                return False
            values[place] = total
        elif values[place] != total:
            return False
    return True
