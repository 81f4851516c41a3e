"""`import`: open journeys from the spreadsheet that a panel administrator kept so far."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from console.errors import BadInput, ExitStatus, command
from console.naming import actor_for, council_named, one_of
from console.options import As, AsJson
from console.rendering import console, day, print_json, table, words
from console.session import Session, session
from models.people import Actor
from models.procedure import Council
from models.vocabulary import JourneyAct
from procedures.records import records_of
from register.log import note_event
from rules.retention import require_may
from runtime.import_files import BadFile, open_table
from runtime.import_mapping import fitted, read_mapping
from runtime.import_rows import RowReader, facts_of
from runtime.importing import Effect, Importer, RowReport

MOST_ROWS = 60
"""How many rows are printed of each sort; `--json` has all of them."""
DIGEST = 12
BAD = (Effect.FAULTY, Effect.REFUSED)


@command
async def import_(  # noqa: PLR0913 - one a word of the command
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The spreadsheet, saved as CSV")],
    *,
    council: Annotated[str, typer.Option(metavar="COUNCIL", help="The council that the cases are of")],
    forum: Annotated[str, typer.Option(metavar="FORUM", help="The forum that every row is referred to")],
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Which column is which field; without it by the headings")
    ] = None,
    staff: As = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done, and every fault")] = False,
    good_rows: Annotated[bool, typer.Option("--good-rows", help="Bring in what is good though some is bad")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring open journeys in from a spreadsheet: every row is looked at first, and nothing starts while one is bad.

    The same file again starts nothing twice, and an import that broke off goes on where it stopped.

    Examples:
      starter.py import examples/import/panel-spreadsheet.csv --council hillingdon --forum harp
          --mapping examples/import/panel-spreadsheet.toml --as tm-cin-1 --dry-run
      starter.py import cases.csv --council hillingdon --forum harp --as panel-admin-1 --good-rows
    """
    procedure = council_named(council)
    reader = _reader(file, mapping, procedure, one_of(forum, procedure.forums, "forum"))
    async with session(acts=True) as way_in:
        actor = _importing(way_in, staff, procedure)
        importer = Importer(reader, actor, way_in.gateway, way_in.register, way_in.client, way_in.staff)
        now = datetime.now(UTC)
        with _read_to_its_end():
            looked = await _all(importer.look(now), "Looking", _count(reader))
            bad = sum(not report.good for report in looked)
            stops = dry_run or (bad > 0 and not good_rows)
            reports = looked if stops else await _brought(way_in, importer, reader, actor, looked, now)
    _tell(file, reader, reports, stops=stops, dry_run=dry_run, as_json=as_json)
    told = (Effect.REFUSED,) if not stops else BAD
    if any(report.effect in told for report in reports):
        raise typer.Exit(ExitStatus.BAD_INPUT)


def _reader(file: Path, mapping: Path | None, council: Council, forum: str) -> RowReader:
    facts = facts_of(council)
    try:
        said = read_mapping(mapping, facts) if mapping is not None else None
        notes = said.notes if said is not None else None
        opened = (
            open_table(file)
            if notes is None
            else open_table(file, notes.header_row, separator=notes.separator, encoding=notes.encoding)
        )
        return RowReader(opened, fitted(said, opened, facts), council, forum)
    except BadFile as bad:
        raise BadInput(str(bad)) from None


@contextmanager
def _read_to_its_end() -> Iterator[None]:
    try:
        yield
    except BadFile as bad:
        raise BadInput(str(bad)) from None


def _importing(way_in: Session, given: str | None, council: Council) -> Actor:
    actor = actor_for(way_in.staff, given, council, JourneyAct.REFER)
    require_may(actor, council, records_of(council.key), "import")
    return actor


def _count(reader: RowReader) -> int:
    with _read_to_its_end():
        return sum(1 for _ in reader.table.rows())


async def _all(reports: AsyncIterator[RowReport], what: str, total: int) -> list[RowReport]:
    """Every report, with a bar for whoever watches; it is not in the way of what is read by programs."""
    found: list[RowReport] = []
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        async for report in reports:
            found.append(report)
            progress.advance(task)
    return found


async def _brought(  # noqa: PLR0913 - what an import is made of
    way_in: Session, importer: Importer, reader: RowReader, actor: Actor, looked: list[RowReport], now: datetime
) -> list[RowReport]:
    """Bring the good rows in, and say in the log what was done, also when it broke off."""
    done: dict[int, RowReport] = {}
    finished = False

    async def remembered() -> AsyncIterator[RowReport]:
        async for report in importer.bring(now):
            done[report.row] = report
            yield report

    try:
        await _all(remembered(), "Bringing in", sum(report.good for report in looked))
        finished = True
    finally:
        reports = [done.get(report.row, report) for report in looked]
        note_event(
            way_in.register.engine,
            process_id=f"import/{reader.council.key}/{reader.table.digest[:DIGEST]}",
            what="imported",
            staff=actor.staff,
            post=actor.post,
            at=datetime.now(UTC),
            procedure_version=reader.council.version,
            details={
                "forum": reader.forum,
                "file": reader.table.digest,
                "finished": finished,
                "rows": dict(Counter(str(report.effect) for report in reports)),
            },
        )
    return reports


def _tell(  # noqa: PLR0913 - what there is to say
    file: Path, reader: RowReader, reports: list[RowReport], *, stops: bool, dry_run: bool, as_json: bool
) -> None:
    counts = Counter(str(report.effect) for report in reports)
    if as_json:
        rows = [_row(report) for report in reports]
        print_json(
            {"file": str(file), "brought_in": not stops, "counts": counts, "unused": reader.unused, "rows": rows}
        )
        return
    out = console()
    good = [report for report in reports if report.good]
    bad = [report for report in reports if not report.good]
    if good:
        shown = [_cells(report) for report in good[:MOST_ROWS]]
        out.print(table(["Row", "Journey", "Effect", "Stands at", "Done with it", "In time for", "Remark"], shown))
    if bad:
        faults = [
            (str(report.row), report.reference or "", fault.column, fault.sentence, fault.remedy)
            for report in bad[:MOST_ROWS]
            for fault in report.faults
        ]
        out.print(table(["Row", "Reference", "Column", "What is wrong", "What to do"], faults))
    left = max(0, len(good) - MOST_ROWS) + max(0, len(bad) - MOST_ROWS)
    if left:
        out.print(f"{left} more rows: --json lists all of them.")
    if reader.unused:
        out.print(f"Columns that go nowhere: {', '.join(reader.unused)}.", soft_wrap=True)
    out.print(_summary(good, bad, stops=stops, dry_run=dry_run), soft_wrap=True)


def _summary(good: list[RowReport], bad: list[RowReport], *, stops: bool, dry_run: bool) -> str:
    new = sum(report.effect in (Effect.STARTS, Effect.STARTED) for report in good)
    again = len(good) - new
    if not stops:
        return f"Started {new}, found again {again}, left out {len(bad)}."
    told = f"{new} would start, {again} were referred before, {len(bad)} are bad."
    if dry_run or not bad:
        return f"{told} Nothing was done."
    return f"{told} Nothing was done: correct the bad rows, or bring in the others with --good-rows."


def _cells(report: RowReport) -> tuple[str, ...]:
    return (
        str(report.row),
        report.process or "",
        words(report.effect),
        words(report.stage),
        ", ".join(map(words, report.acts)),
        day(report.sitting),
        report.remark or "",
    )


def _row(report: RowReport) -> dict[str, Any]:
    faults = [{"column": one.column, "sentence": one.sentence, "remedy": one.remedy} for one in report.faults]
    return {
        "row": report.row,
        "reference": report.reference,
        "effect": str(report.effect),
        "process": report.process,
        "stage": report.stage,
        "acts": list(report.acts),
        "sitting": report.sitting,
        "remark": report.remark,
        "faults": faults,
    }
