"""Sections on placements and money: where children are, what it costs, which contracts end, and what drifts."""

from collections import Counter
from datetime import timedelta

from models.vocabulary import Outcome, PlacementType
from register.reading.placement_figures import (
    PlacementLine,
    costs,
    most_expensive,
    placements_by_type,
)
from reports.material import Material, title_of
from reports.shapes import Cell, Chart, Column, Section, Table, summed

TYPES = {str(kind): kind.name for kind in PlacementType}
MONEY = {"proposed": "A week", "once": "Once"}
A_MONTH = timedelta(days=30.44)
LINE = (
    Column(title="Placement", kind="text"),
    Column(title="Child", kind="text"),
    Column(title="Type", kind="text"),
    Column(title="Provider", kind="text"),
    Column(title="Team", kind="text"),
    Column(title="Began", kind="date"),
    Column(title="Contract ends", kind="date"),
    Column(title="A week", kind="money"),
)


def type_said(key: str) -> str:
    """A type of placement as people write it; a code of the SSDA903 return with what it means.

    Args:
        key: A code, or a word.
    """
    return f"{title_of(TYPES[key].lower())} ({key})" if key in TYPES else title_of(key)


def by_type(material: Material) -> Section:
    """Placements by type."""
    columns = (
        Column(title="Type", kind="text"),
        Column(title="Open at the end"),
        Column(title="Began"),
        Column(title="Ended"),
        Column(title="Out of area"),
        Column(title="With a price"),
        Column(title="Together a week", kind="money", about=True),
    )
    found = placements_by_type(material.connection, material.span)
    found.sort(key=lambda one: (-one.open, one.type))
    rows: list[tuple[Cell, ...]] = [
        (type_said(one.type), one.open, one.began, one.ended, one.out_of_area, one.priced, one.weekly) for one in found
    ]
    total = summed(rows, columns) if rows else None
    table = Table(columns=columns, rows=tuple(rows), total=total, adds="down", ranked=True)
    return Section(
        key="by_type",
        title="Placements by type",
        says="Open, out of area and the price: as it stood when the period ended. Began and ended: in the period.",
        table=table,
        charts=(Chart(kind="bar", title="Open placements by type", columns=(1,)),) if rows else (),
        cites=material.cites(("CBC-113", "CBC-141")),
        published=True,
        nothing="There was no placement.",
    )


def _line(line: PlacementLine) -> tuple[Cell, ...]:
    return (
        line.placement_ref,
        line.child_ref,
        type_said(line.type),
        line.provider,
        line.unit,
        line.started_on,
        line.contract_ends_on,
        line.weekly,
    )


def ending(material: Material) -> Section:
    """Contracts that end within eight weeks."""
    rows = tuple(_line(line) for line in material.ending)
    return Section(
        key="contracts_ending",
        title="Contracts that end within eight weeks",
        says="Open placements whose contract ends in the eight weeks after the period, the first to end first.",
        table=Table(columns=LINE, rows=rows, cases=True),
        cites=material.cites(("CBC-116", "HRW-092")),
        nothing="No contract ends in the next eight weeks.",
    )


def ending_by_week(material: Material) -> Section:
    """How many contracts end in each of the eight weeks."""
    day = material.span.day
    weeks = Counter((line.contract_ends_on - day).days // 7 for line in material.ending if line.contract_ends_on)
    columns = (Column(title="Week from", kind="text"), Column(title="Contracts that end"))
    rows: list[tuple[Cell, ...]] = [
        (f"{day + timedelta(weeks=week):%d %b %Y}", weeks[week]) for week in range(max(weeks, default=-1) + 1)
    ]
    table = Table(columns=columns, rows=tuple(rows), total=summed(rows, columns) if rows else None, adds="down")
    return Section(
        key="contracts_ending_by_week",
        title="Contracts that end, week by week",
        says="Open placements whose contract ends in the eight weeks after the period.",
        table=table,
        charts=(Chart(kind="column", title="Contracts that end, week by week", columns=(1,)),) if rows else (),
        cites=material.cites(("CBC-116", "HRW-092")),
        published=True,
        nothing="No contract ends in the next eight weeks.",
    )


def expensive(material: Material) -> Section:
    """The most expensive placements."""
    rows = tuple(_line(line) for line in most_expensive(material.connection, material.span))
    return Section(
        key="most_expensive",
        title="The most expensive placements",
        says="The twenty open placements that cost most a week when the period ended, by their contracts.",
        table=Table(columns=LINE, rows=rows, cases=True),
        charts=(Chart(kind="bar", title="Weekly cost of the most expensive placements", columns=(7,)),) if rows else (),
        cites=material.cites(("CBC-115", "CBC-141")),
        nothing="No open placement has a price.",
    )


def drift(material: Material) -> Section:
    """Placements that drift."""
    columns = (
        Column(title="Placement", kind="text"),
        Column(title="Child", kind="text"),
        Column(title="Type", kind="text"),
        Column(title="Team", kind="text"),
        Column(title="Months there", kind="number"),
        Column(title="Late since", kind="date"),
        Column(title="What is late", kind="text"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in material.drifting:
        line = one.placement
        late = [material.deadline(kind, name) for kind, name in one.late]
        late += ["The contract is over, and the placement is not"] if one.contract_over else []
        months = round((material.span.day - line.started_on) / A_MONTH, 1) if line.started_on else None
        rows.append(
            (line.placement_ref, line.child_ref, type_said(line.type), line.unit, months, one.since, "; ".join(late))
        )
    return Section(
        key="drift",
        title="Placements that drift",
        says="Open placements for which something is late: a deadline of the placement or of the child's care episode, "
        "such as a review or a plan for permanence, or the contract. Late for longest first.",
        table=Table(columns=columns, rows=tuple(rows), cases=True),
        cites=material.cites(("HRW-038", "HRW-057", "HRW-058", "HIL-045", "CBC-116")),
        nothing="No placement drifts.",
    )


def drift_by_deadline(material: Material) -> Section:
    """How many placements drift, by what is late."""
    counts = Counter((kind, name) for one in material.drifting for kind, name in one.late)
    columns = (Column(title="What is late", kind="text"), Column(title="Placements"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows: tuple[tuple[Cell, ...], ...] = tuple((material.deadline(*key), count) for key, count in ordered)
    return Section(
        key="drift_by_deadline",
        title="What is late for placements that drift",
        says="Open placements, by each deadline that was late when the period ended. One may count several times.",
        table=Table(columns=columns, rows=rows, ranked=True),
        charts=(Chart(kind="bar", title="Placements that drift, by what is late", columns=(1,)),) if rows else (),
        cites=material.cites(("HRW-038", "HRW-057", "HRW-058", "HIL-045")),
        published=True,
        nothing="No placement drifts.",
    )


def money(material: Material) -> Section:
    """What was asked for and what became of it."""
    columns = (
        Column(title="What became of it", kind="text"),
        Column(title="Paid", kind="text"),
        Column(title="Requests"),
        Column(title="Together", kind="money", about=True),
    )
    found: dict[tuple[str, str], list[int]] = {}
    for one in costs(material.connection, material.span):
        cell = found.setdefault((one.decided or "", one.kind), [0, 0])
        cell[0] += one.count
        cell[1] += one.once if one.kind == "once" else one.weekly
    order = [str(outcome) for outcome in Outcome]
    keys = sorted(found, key=lambda key: (key[1], order.index(key[0]) if key[0] in order else -1))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (title_of(key[0]) if key[0] else "Not decided yet", MONEY.get(key[1], title_of(key[1])), *found[key])
        for key in keys
    )
    return Section(
        key="money",
        title="Money asked for, and what became of it",
        says="Referrals of the period that ask for money, by what had been decided. Weekly and single amounts are not "
        "added up with each other.",
        table=Table(columns=columns, rows=rows),
        cites=material.cites(("CBC-141", "HIL-108")),
        published=True,
        nothing="No referral asked for money.",
    )
