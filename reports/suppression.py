"""Small numbers: what leaves the service tells no count from 1 to 4, and nothing from which one could be worked out.

A table of counts is a net: every sum that it shows ties the counts in it together. A hidden count can be worked out
exactly when no other numbers could stand in its place, and that is what is looked for: with a hidden count moved up or
down by one, can the others that are hidden give way around a circle of sums, each within what a reader knows of it?
Where they cannot, the least that opens such a circle is hidden too, until none can be worked out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heappop, heappush

from reports.shapes import Cell, Hidden, Report, Section, Table

SMALLEST_SHOWN = 5
"""Counts from here on are shown, and so is nought."""
Place = tuple[int, int]
"""Row and column; the row of totals comes after the last one."""
Node = tuple[str, int]
OUTSIDE: Node = ("outside", 0)
Arcs = dict[Node, list[tuple[Node, Place]]]
"""From each sum, to which others something may move, and by which count."""


def for_publication(report: Report) -> Report:
    """A report as it may leave the service: no single cases, one table of each quantity, and no small numbers.

    Args:
        report: As the service itself reads it.
    """
    kept = tuple(_published(section) for section in report.sections if section.published and not section.table.cases)
    return report.model_copy(update={"sections": kept, "for_publication": True})


def _published(section: Section) -> Section:
    table = section.table
    if table.ranked:
        table = table.model_copy(update={"rows": tuple(sorted(table.rows, key=lambda row: str(row[0])))})
    return section.model_copy(update={"table": suppressed(table)})


def suppressed(table: Table) -> Table:
    """A table without its small counts, and without what would tell them.

    Args:
        table: Of counts, with the sums that it shows.
    """
    hidden = hidden_places(table)
    rows = [list(row) for row in (*table.rows, *([table.total] if table.total is not None else []))]
    for number, column in hidden:
        count = rows[number][column]
        rows[number][column] = Hidden(small=isinstance(count, int) and count < SMALLEST_SHOWN)
    about = [number for number, column in enumerate(table.columns) if column.about]
    # A change tells the share of the period before, whose numbers nobody has looked at here.
    changes = [number for number, column in enumerate(table.columns) if column.kind == "points"]
    for row in rows:
        for column in changes:
            row[column] = None if row[column] is None else Hidden(small=False)
        if any(isinstance(row[column], Hidden) for column in table.counts):
            for column in about:
                row[column] = Hidden(small=False)
    shown = tuple(tuple(row) for row in rows[: len(table.rows)])
    total = tuple(rows[-1]) if table.total is not None else None
    return table.model_copy(update={"rows": shown, "total": _without_differences(shown, total, about)})


def _without_differences(
    rows: Sequence[tuple[Cell, ...]], total: tuple[Cell, ...] | None, about: Iterable[int]
) -> tuple[Cell, ...] | None:
    """A sum of amounts is not shown where one of them is not: the others taken from it would tell it."""
    if total is None:
        return None
    gone = {column for column in about if any(isinstance(row[column], Hidden) for row in rows)}
    return tuple(
        Hidden(small=False) if number in gone and cell is not None else cell for number, cell in enumerate(total)
    )


def hidden_places(table: Table) -> set[Place]:
    """The counts of a table that may not be shown.

    Args:
        table: Of counts, with the sums that it shows.
    """
    every = dict(_counts(table))
    edges = {place: _edge(table, place) for place in every}
    counts = {place: count for place, count in every.items() if count}
    hidden = {place for place, count in counts.items() if count < SMALLEST_SHOWN}
    blank: set[Place] = set()
    while told := [place for place in exposed(hidden, every, edges) if place not in blank]:
        more = _way_round(told[0], hidden, counts, edges, _sums(table))
        if more is None:
            # All but the noughts is hidden, and four ones below a sum of fewer than five are four ones still. With the
            # noughts hidden too, nobody knows which of them is one.
            more = _tied_to(told[0], edges)
            blank |= more
        hidden |= more
    return hidden


def _tied_to(told: Place, edges: Mapping[Place, tuple[Node, Node]]) -> set[Place]:
    """Every count that any chain of sums ties to one."""
    nodes = set(edges[told]) - {OUTSIDE}
    while True:
        tied = {place for place, ends in edges.items() if nodes & set(ends)}
        more = {node for place in tied for node in edges[place]} - {OUTSIDE}
        if more <= nodes:
            return tied
        nodes |= more


def exposed(hidden: set[Place], counts: Mapping[Place, int], edges: Mapping[Place, tuple[Node, Node]]) -> list[Place]:
    """The hidden counts that can be worked out from what is shown, in order.

    Args:
        hidden: Which are hidden.
        counts: All counts.
        edges: Between which two sums each count stands.
    """
    arcs = _arcs(hidden, counts, edges)
    return sorted(place for place in hidden if not _movable(place, counts[place], edges[place], arcs))


def _may_move(count: int) -> tuple[bool, bool]:
    """Whether a reader who sees how a count is hidden must think that it may be higher, and lower."""
    if count < SMALLEST_SHOWN:
        return count < SMALLEST_SHOWN - 1, count > 1
    return True, count > SMALLEST_SHOWN


def _movable(place: Place, count: int, edge: tuple[Node, Node], arcs: Arcs) -> bool:
    start, end = edge
    up, down = _may_move(count)
    return (up and _reaches(end, start, place, arcs)) or (down and _reaches(start, end, place, arcs))


def _reaches(start: Node, end: Node, without: Place, arcs: Arcs) -> bool:
    seen, ahead = {start}, [start]
    while ahead:
        node = ahead.pop()
        if node == end:
            return True
        for there, place in arcs.get(node, ()):
            if place != without and there not in seen:
                seen.add(there)
                ahead.append(there)
    return False


def _way_round(
    told: Place,
    hidden: set[Place],
    counts: Mapping[Place, int],
    edges: Mapping[Place, tuple[Node, Node]],
    sums: set[Place],
) -> set[Place] | None:
    """What else to hide, so that a count can no longer be worked out: the least that gives it a circle to move in.

    What is hidden already costs nothing; a single count as much as it is, and a sum more than all of them.
    """
    most = 1 + sum(counts.values())
    costs = {place: 0 if place in hidden else count + (most if place in sums else 0) for place, count in counts.items()}
    arcs = _arcs(counts, counts, edges)
    start, end = edges[told]
    up, down = _may_move(counts[told])
    ways = [_cheapest(end, start, told, arcs, costs)] if up else []
    ways += [_cheapest(start, end, told, arcs, costs)] if down else []
    found = [way for way in ways if way is not None]
    return min(found, key=lambda way: sum(costs[place] for place in way)) - hidden if found else None


def _cheapest(start: Node, end: Node, without: Place, arcs: Arcs, costs: Mapping[Place, int]) -> set[Place] | None:
    """The counts on the cheapest way from one sum to another."""
    ahead: list[tuple[int, int, Node, frozenset[Place]]] = [(0, 0, start, frozenset())]
    seen: set[Node] = set()
    tie = 0
    while ahead:
        cost, _, node, way = heappop(ahead)
        if node == end:
            return set(way)
        if node in seen:
            continue
        seen.add(node)
        for there, place in arcs.get(node, ()):
            if place != without and there not in seen:
                tie += 1
                heappush(ahead, (cost + costs[place], tie, there, way | {place}))
    return None


def _arcs(places: Iterable[Place], counts: Mapping[Place, int], edges: Mapping[Place, tuple[Node, Node]]) -> Arcs:
    """Between which sums something may move, were these counts hidden."""
    arcs: Arcs = {}
    for place in sorted(places):
        start, end = edges[place]
        up, down = _may_move(counts[place])
        if up:
            arcs.setdefault(start, []).append((end, place))
        if down:
            arcs.setdefault(end, []).append((start, place))
    return arcs


def _sums(table: Table) -> set[Place]:
    rows = len(table.rows)
    across = {(row, table.counts[-1]) for row in range(rows)} if table.adds in ("across", "both") else set()
    return across | {(rows, column) for column in table.counts}


def _counts(table: Table) -> Iterator[tuple[Place, int]]:
    rows = [*table.rows, *([table.total] if table.total is not None else [])]
    for number, row in enumerate(rows):
        for column in table.counts:
            cell = row[column]
            if isinstance(cell, int):
                yield (number, column), cell


def _edge(table: Table, place: Place) -> tuple[Node, Node]:
    """Between which two sums a count stands, so that one more of it adds to the second and takes from the first.

    A sum is a node: what is added up goes in, the sum itself comes out.
    """
    row, column = place
    last = table.counts[-1]
    in_total = table.total is not None and row == len(table.rows) and table.adds in ("down", "both")
    in_last = column == last and table.adds in ("across", "both")
    down = ("column", column)
    across = ("row", row)
    match table.adds:
        case "no":
            return OUTSIDE, OUTSIDE  # no sum tells it
        case "down":
            return (down, OUTSIDE) if in_total else (OUTSIDE, down)
        case "across":
            return (across, OUTSIDE) if in_last else (OUTSIDE, across)
        case "both":
            # Rows turned round: what is added up across comes out, and the sum goes in.
            return (across, down) if in_total == in_last else (down, across)
