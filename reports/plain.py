"""A report as plain values, for other programs."""

from typing import Any

from reports.shapes import Cell, Hidden, Report, Section

PENCE = 100


def plain(report: Report) -> dict[str, Any]:
    """A report as JSON has it: numbers as numbers, money in pounds, hidden numbers as their words.

    Args:
        report: Any.
    """
    return {
        "report": report.key,
        "title": report.title,
        "council": report.council,
        "period": {"name": report.period, "from": report.span.first, "until": report.span.last},
        "made_at": report.made_at.isoformat(),
        "position": report.position,
        "for_publication": report.for_publication,
        "asked_by": [rule for rule, _ in report.cites],
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    table = section.table
    kinds = [column.kind for column in table.columns]

    def values(row: tuple[Cell, ...]) -> dict[str, Any]:
        names = [column.title for column in table.columns]
        return {name: _value(cell, money=kind == "money") for name, cell, kind in zip(names, row, kinds, strict=True)}

    return {
        "key": section.key,
        "title": section.title,
        "says": section.says,
        "asked_by": list(section.cites),
        "rows": [values(row) for row in table.rows],
        "total": values(table.total) if table.total else None,
    }


def _value(cell: Cell, *, money: bool) -> Any:  # noqa: ANN401 - plain values
    if isinstance(cell, Hidden):
        return str(cell)
    return cell / PENCE if money and isinstance(cell, int | float) else cell
