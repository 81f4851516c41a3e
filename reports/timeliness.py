"""Sections on timeliness: every deadline, how it was met, how long it took, and what is overdue."""

from collections import Counter

from register.reading.timeliness import Timeliness, by_key, drift, timeliness
from reports.activity import PROCESSES
from reports.material import Material, title_of
from reports.shapes import Cell, Chart, Column, Section, Table, summed


def deadlines(material: Material) -> Section:
    """Every deadline that fell due, and how it was met."""
    found = [one for one in material.timeliness if _anything(one)]
    before = by_key(timeliness(material.connection, material.before, material.calendar))
    columns = (
        Column(title="Deadline", kind="text"),
        Column(title="Of", kind="text"),
        Column(title="Rules", kind="text"),
        Column(title="In time", kind="percent", about=True),
        Column(title="Change", kind="points", about=True),
        Column(title="Met in time"),
        Column(title="Met late"),
        Column(title="Not met, late"),
        Column(title="All that were due"),
        Column(title="Median days", kind="number", about=True),
        Column(title="90th percentile, days", kind="number", about=True),
        Column(title="Median working days", kind="number", about=True),
        Column(title="90th percentile, working days", kind="number", about=True),
    )
    due = [one for one in found if one.fell_due]
    due.sort(key=lambda one: (-(one.late + one.still_late), -one.fell_due, one.kind, one.name))
    rows = tuple(_row(material, one, drift(one, before)) for one in due)
    chart = Chart(kind="bar", title="Deadlines: met in time, met late, not met", columns=(5, 6, 7), stacked=True)
    return Section(
        key="deadlines",
        title="How timely things were",
        says="Deadlines that were due in the period. Change: of the share in time, against "
        "the period before. Days run from the start of a deadline to when it was met, and count those that were met. "
        "Percentiles are linear between neighbours, as a spreadsheet's PERCENTILE.INC.",
        table=Table(columns=columns, rows=rows, adds="across", ranked=True),
        charts=(chart,) if rows else (),
        cites=material.cites(("HIL-108", "HAC-223", "HAC-014", "CBC-094", "HRW-058")),
        published=True,
        nothing="No deadline was due.",
    )


def _anything(one: Timeliness) -> bool:
    return bool(one.fell_due or one.still_open)


def _row(material: Material, one: Timeliness, change: float | None) -> tuple[Cell, ...]:
    spreads: list[Cell] = []
    for found in (one.elapsed, one.working):
        spreads += [round(found.median, 1), round(found.ninth, 1)] if found else [None, None]
    return (
        material.deadline(one.kind, one.name),
        PROCESSES.get(one.kind, title_of(one.kind)),
        ", ".join(one.cites),
        one.share,
        change,
        one.in_time,
        one.late,
        one.still_late,
        one.fell_due,
        *spreads,
    )


def ahead(material: Material) -> Section:
    """Deadlines of the period that are not due yet, or were given up."""
    columns = (
        Column(title="Deadline", kind="text"),
        Column(title="Of", kind="text"),
        Column(title="Not due yet"),
        Column(title="No longer applied"),
    )
    rows = tuple(
        (
            material.deadline(one.kind, one.name),
            PROCESSES.get(one.kind, title_of(one.kind)),
            one.still_open,
            one.stopped,
        )
        for one in material.timeliness
        if one.still_open or one.stopped
    )
    return Section(
        key="ahead",
        title="Not due yet, and no longer needed",
        says="Deadlines that lie in the period and were not due when it was looked at, and those that stopped because "
        "what they watched came to an end.",
        table=Table(columns=columns, rows=rows),
        nothing="There was none.",
    )


def overdue(material: Material) -> Section:
    """Actions that nobody has done, by who owns them."""
    counts = Counter(one.owner for one in material.overdue)
    columns = (Column(title="Post", kind="text"), Column(title="Actions overdue"))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows: list[tuple[Cell, ...]] = [(title_of(owner), count) for owner, count in ordered]
    total = summed(rows, columns) if rows else None
    table = Table(columns=columns, rows=tuple(rows), total=total, adds="down", ranked=True)
    return Section(
        key="overdue",
        title="Overdue actions, by post",
        says="Actions of decisions that were open and past their day when the period ended.",
        table=table,
        charts=(Chart(kind="bar", title="Overdue actions by post", columns=(1,)),) if rows else (),
        cites=material.cites(("HIL-090", "CBC-094", "CBC-111")),
        published=True,
        nothing="No action was overdue.",
    )


def overdue_cases(material: Material) -> Section:
    """Actions that nobody has done, one by one."""
    columns = (
        Column(title="Referral", kind="text"),
        Column(title="Action", kind="text"),
        Column(title="Forum", kind="text"),
        Column(title="Owner", kind="text"),
        Column(title="Due", kind="date"),
        Column(title="Days late", kind="number"),
    )
    rows = tuple(
        (one.referral_ref, one.reference, material.forum(one.forum), title_of(one.owner), one.due, one.days)
        for one in material.overdue
    )
    return Section(
        key="overdue_cases",
        title="Overdue actions, one by one",
        says="The longest overdue first.",
        table=Table(columns=columns, rows=rows, cases=True),
        cites=material.cites(("HIL-090", "CBC-094", "CBC-111")),
        nothing="No action was overdue.",
    )
