"""A report as a spreadsheet: a front sheet, then a sheet a section, with charts that Excel draws from its cells."""

from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reports.charts import COLOURS, MOST_BARS
from reports.notes import definitions, front
from reports.shapes import Cell, Chart, Hidden, Kind, Report, Section, Table
from reports.writing import PENCE, written
from rules.working_days import local

NAME_LIMIT = 31
"""Characters of a sheet's name, by Excel."""
HEADING_ROW = 3
"""Rows above the table: title, what it counts, and one that is empty."""
WIDEST = 60
NARROWEST = 11
CHART_WIDTH = 760
ROW_PIXELS = 20
FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "#,##0",
    "number": "#,##0.0",
    "percent": "0%",
    "points": '+0" points";-0" points";0" points"',
    "money": "£#,##0.00",
    "date": "dd mmm yyyy",
}


def workbook_of(report: Report) -> bytes:
    """A report as an XLSX file; the same report gives the same bytes.

    Args:
        report: Any.
    """
    buffer = BytesIO()
    # Texts stay texts: what looks like a formula or an address is never one.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {
                "title": f"{report.title}: {report.council_title}",
                "subject": report.period,
                "author": "Waymark",
                "company": report.council_title,
                "category": "For publication" if report.for_publication else "For the service itself",
                "comments": f"From the log up to position {report.position}",
                "created": local(report.made_at).replace(tzinfo=None),
            }
        )
        sheets = _names(report)
        _Front(book, report, sheets).write()
        for section, name in zip(report.sections, sheets, strict=True):
            _Sheet(book, section, name, report).write()
    return buffer.getvalue()


def _names(report: Report) -> list[str]:
    """Names of sheets: short, without what Excel forbids, each once."""
    names: list[str] = []
    for section in report.sections:
        plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in section.title).strip("' ")
        name, number = plain[:NAME_LIMIT].rstrip(), 2
        while name.casefold() in {known.casefold() for known in ("About", *names)}:
            name, number = f"{plain[: NAME_LIMIT - 4].rstrip()} {number}", number + 1
        names.append(name)
    return names


class _Front:
    """The first sheet: what the report is, how to read it, and where each section stands."""

    def __init__(self, book: Workbook, report: Report, sheets: list[str]) -> None:
        self._report, self._sheets = report, sheets
        self._sheet: Worksheet = book.add_worksheet("About")
        self._title = book.add_format({"bold": True, "font_size": 18})
        self._bold = book.add_format({"bold": True, "valign": "top"})
        self._plain = book.add_format({"text_wrap": True, "valign": "top"})
        self._link = book.add_format({"font_color": "#1d70b8", "underline": 1, "valign": "top"})

    def write(self) -> None:
        sheet, report = self._sheet, self._report
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, report.title, self._title)
        row = 2
        for name, value in front(report):
            row = self._pair(row, name, value)
        row = self._heading(row + 1, "Sheets")
        for section, name in zip(report.sections, self._sheets, strict=True):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", self._link, section.title)
            sheet.write_string(row, 1, section.says, self._plain)
            row += 1
        row = self._heading(row + 1, "How to read it")
        for said in definitions(report):
            sheet.write_string(row, 1, said, self._plain)
            row += 1
        row = self._heading(row + 1, "Rules that ask for it")
        for rule, says in report.cites or (("None", "No rule of this council's procedure asks for this report."),):
            row = self._pair(row, rule, says)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def _pair(self, row: int, name: str, value: str) -> int:
        self._sheet.write_string(row, 0, name, self._bold)
        self._sheet.write_string(row, 1, value, self._plain)
        return row + 1

    def _heading(self, row: int, text: str) -> int:
        self._sheet.write_string(row, 0, text, self._bold)
        return row + 1


class _Sheet:
    """One section: its table, then its charts."""

    def __init__(self, book: Workbook, section: Section, name: str, report: Report) -> None:
        self._book, self._section, self._name, self._report = book, section, name, report
        self._sheet: Worksheet = book.add_worksheet(name)
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._note = book.add_format({"font_color": "#505a5f"})
        self._formats = {
            (kind, bold): book.add_format(
                {"num_format": shown, "valign": "top", **({"bold": True, "top": 1} if bold else {})}
            )
            for kind, shown in FORMATS.items()
            for bold in (False, True)
        }
        self._hidden = book.add_format({"align": "right", "italic": True, "font_color": "#505a5f"})

    def write(self) -> None:
        sheet, section, table = self._sheet, self._section, self._section.table
        sheet.write_string(0, 0, section.title, self._title)
        asked = f" Asked for by {', '.join(section.cites)}." if section.cites else ""
        sheet.write_string(1, 0, f"{section.says}{asked}", self._note)
        for number, column in enumerate(table.columns):
            bold = self._book.add_format(
                {"bold": True, "bottom": 2, "text_wrap": True, "align": "left" if column.kind == "text" else "right"}
            )
            sheet.write_string(HEADING_ROW, number, column.title, bold)
            sheet.set_column(number, number, _width(table, number))
        rows = [(row, False) for row in table.rows] + ([(table.total, True)] if table.total else [])
        for number, (row, bold) in enumerate(rows, start=HEADING_ROW + 1):
            for place, cell in enumerate(row):
                self._cell(number, place, cell, table.columns[place].kind, bold=bold)
        if not table.rows:
            sheet.write_string(HEADING_ROW + 1, 0, section.nothing, self._note)
        sheet.freeze_panes(HEADING_ROW + 1, 1)
        if table.rows:
            sheet.autofilter(HEADING_ROW, 0, HEADING_ROW + len(table.rows), len(table.columns) - 1)
        self._print()
        below = HEADING_ROW + len(rows) + 3
        for chart in section.charts if table.rows else ():
            below += self._chart(chart, below)

    def _print(self) -> None:
        self._sheet.repeat_rows(HEADING_ROW)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer(f"&L{self._report.council_title}: {self._report.period}&RPage &P of &N")

    def _cell(self, row: int, column: int, cell: Cell, kind: Kind, *, bold: bool) -> None:
        shape = self._formats[kind, bold]
        match cell:
            case None:
                self._sheet.write_blank(row, column, None, shape)
            case Hidden():
                self._sheet.write_string(row, column, str(cell), self._hidden)
            case str():
                self._sheet.write_string(row, column, cell, shape)
            case int() | float():
                self._sheet.write_number(row, column, cell / PENCE if kind == "money" else cell, shape)
            case _:
                self._sheet.write_datetime(row, column, cell, shape)

    def _chart(self, chart: Chart, below: int) -> int:
        """Put a chart under the table.

        Returns:
            How many rows it takes.
        """
        shape: dict[str, Any] = {"type": chart.kind}
        if chart.stacked:
            shape["subtype"] = "stacked"
        drawn = self._book.add_chart(shape)
        table = self._section.table
        last = HEADING_ROW + (len(table.rows) if chart.kind == "line" else min(len(table.rows), MOST_BARS))
        for place, column in enumerate(chart.columns):
            colour = COLOURS[place % len(COLOURS)]
            drawn.add_series(
                {
                    "name": [self._name, HEADING_ROW, column],
                    "categories": [self._name, HEADING_ROW + 1, 0, last, 0],
                    "values": [self._name, HEADING_ROW + 1, column, last, column],
                    "fill": {"color": colour},
                    "line": {"color": colour, "width": 2.25 if chart.kind == "line" else 0.75},
                    **({"marker": {"type": "automatic"}} if chart.kind == "line" else {"gap": 60}),
                }
            )
        drawn.set_title({"name": chart.title, "name_font": {"size": 13}})
        drawn.set_legend({"none": True} if len(chart.columns) == 1 else {"position": "bottom"})
        drawn.show_blanks_as("gap")
        if chart.kind == "bar":
            drawn.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
            drawn.set_x_axis({"num_format": self._axis(chart), "crossing": "max", "label_position": "low"})
        else:
            drawn.set_y_axis({"num_format": self._axis(chart), "min": 0})
        bars = (last - HEADING_ROW) * (1 if chart.stacked else len(chart.columns))
        height = max(320, 120 + 24 * bars) if chart.kind == "bar" else 360
        drawn.set_size({"width": CHART_WIDTH, "height": height})
        alternative = f"{chart.title}. The table above has every number."
        self._sheet.insert_chart(below, 0, drawn, {"description": alternative, "object_position": 2})
        return height // ROW_PIXELS + 2

    def _axis(self, chart: Chart) -> str:
        kind = self._section.table.columns[chart.columns[0]].kind
        return "£#,##0" if kind == "money" else "#,##0"


def _width(table: Table, column: int) -> float:
    kind = table.columns[column].kind
    rows = [*table.rows, *([table.total] if table.total else [])]
    longest = max((len(written(row[column], kind)) for row in rows), default=0)
    # Headings wrap, so only their longest word counts.
    heading = max(len(word) for word in table.columns[column].title.split())
    return float(min(max(longest + 2, heading + 4, NARROWEST), WIDEST))
