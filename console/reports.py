"""`report`: what panels did, how timely they were, and where children are placed, for a period."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console.errors import BadInput, command
from console.naming import council_named, one_of
from console.options import AsJson
from console.rendering import console, facts, heading, print_json, table
from console.session import quiet_logs
from register.database import open_register
from register.fold import catch_up
from reports.definitions import REPORTS
from reports.making import made, one_moment
from reports.notes import front
from reports.page import html_of
from reports.periods import chosen
from reports.plain import plain
from reports.shapes import Report, Section
from reports.workbook import workbook_of
from reports.writing import written
from rules.working_days import local

MOST_ROWS = 12
"""Rows of a section at a terminal; a file has all of them."""
MAKERS: dict[str, Callable[[Report], bytes]] = {
    ".xlsx": workbook_of,
    ".html": lambda report: html_of(report).encode(),
}


@command
async def report(  # noqa: PLR0913 - one an option
    name: Annotated[str, typer.Argument(metavar="REPORT", help=f"One of {', '.join(REPORTS)}")],
    *,
    council: Annotated[str, typer.Option(metavar="COUNCIL", help="Of which council")],
    quarter: Annotated[
        str | None, typer.Option(metavar="2026Q1", help="Of the financial year: 2026Q1 is April to June 2026")
    ] = None,
    month: Annotated[str | None, typer.Option(metavar="2026-05", help="A calendar month")] = None,
    year: Annotated[
        str | None, typer.Option(metavar="2026", help="A financial year: 2026 is April 2026 to March 2027")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first day of other periods")] = None,
    last: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Their last day, included")] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it to a file that ends in .xlsx or .html")
    ] = None,
    for_publication: Annotated[
        bool, typer.Option("--for-publication", help="Without single cases, and with small numbers hidden")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Report on a period: panel activity, placements, or timeliness. Without a period: the last quarter that is over.

    A report of a period that is over says the same whenever it is made. For what leaves the service, such as a public
    paper, use --for-publication.

    Examples:
      starter.py report activity --council hillingdon --quarter 2026Q1 --write activity.xlsx
      starter.py report timeliness --council hackney --month 2026-05
      starter.py report placements --council central_bedfordshire --write placements.html --for-publication
    """
    definition = REPORTS[one_of(name, REPORTS, "report")]
    procedure = council_named(council)
    maker = None if write is None else _maker(write)
    now = datetime.now(UTC)
    period = chosen(quarter=quarter, month=month, year=year, days=(first, last), today=local(now).date())
    settings = quiet_logs()
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        catch_up(engine)
        with one_moment(engine) as connection:
            found = made(connection, definition, procedure, period, now, published=for_publication)
    finally:
        engine.dispose()
    if write is not None and maker is not None:
        _keep(write, maker(found))
    if as_json:
        print_json(plain(found))
    elif write is not None:
        typer.echo(f"{found.title} of {found.council_title}, {found.period}: written to {write}.")
    else:
        _show(found)


def _maker(write: Path) -> Callable[[Report], bytes]:
    maker = MAKERS.get(write.suffix.casefold())
    if maker is None:
        raise BadInput(f"{write} is no kind of file that a report is written to: end its name in .xlsx or .html.")
    return maker


def _keep(write: Path, content: bytes) -> None:
    try:
        write.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{write} cannot be written ({error.strerror}): name another place.") from None


def _show(found: Report) -> None:
    out = console()
    out.print(heading(f"{found.title}: {found.council_title}"))
    out.print(facts(front(found)))
    for section in found.sections:
        out.print()
        out.print(heading(section.title))
        _table(section)


def _table(section: Section) -> None:
    out, shown = console(), section.table
    if not shown.rows:
        out.print(section.nothing)
        return
    rows = [*shown.rows[:MOST_ROWS], *([shown.total] if shown.total else [])]
    kinds = [column.kind for column in shown.columns]
    cells = [[written(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows]
    out.print(table([column.title for column in shown.columns], cells))
    more = len(shown.rows) - MOST_ROWS
    if more > 0:
        out.print(f"... and {more} more: write the report to a file to see them all.")
