"""How quickly people read a register of many years: `python -m benchmarks.register_pages`.

The same made-up register is measured on SQLite and on PostgreSQL. A page is timed as a command makes it: a connection,
a look for what is new in the log, and the page itself; each time for another council, unit or day.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from rich.console import Console
from rich.table import Table

from benchmarks.register_beside import NOW, UNITS
from benchmarks.register_plans import plans_of
from benchmarks.register_seed import fill
from models.procedure import Council
from planner.pages import page
from planner.shapes import Wanted
from procedures.calendars import working_calendar
from procedures.loader import council_folders, load_council
from register.database import open_register
from register.fold import catch_up
from register.read_models import SITTING
from register.reading.desks import Desk
from register.reading.sittings import sitting_of
from register.reading.worklists import worklist
from register.tables import METADATA
from reports.definitions import REPORTS
from reports.making import made, one_moment
from reports.page import html_of
from reports.periods import quarter_named
from reports.workbook import workbook_of
from rules.desks import reaches
from tests.postgres import postgres_server

PAGE_MS = 50.0
"""What a page may take at the median."""
REPORT_SECONDS = 5.0
ROUNDS = 40
COPIED_AT_ONCE = 5000
QUARTER = quarter_named("2026Q2")
Page = Callable[[sql.Connection, int], object]


@dataclass(frozen=True)
class Timed:
    """What one page or report took: milliseconds for pages, seconds for reports.

    `processor` is the time that it kept processors busy, the database's own included: other work on the same machine
    does not add to it.
    """

    database: str
    what: str
    median: float
    p95: float
    processor: float
    reach: float
    unit: str

    @property
    def ok(self) -> bool:
        """Whether the median is as it should be."""
        return self.median <= self.reach


def councils() -> list[Council]:
    """Every council, in order."""
    return [load_council(key) for key in sorted(council_folders())]


def _desk(council: Council, post: str, number: int, *, bound: bool) -> Desk:
    unit = f"unit {number % UNITS}"
    units = [f"unit {other}" for other in range(UNITS)]
    return Desk(
        council=council.key,
        post=post,
        unit=unit if bound else None,
        staff=(f"{post[:3]}-{council.key}-{number % UNITS}",),
        reach=tuple(reaches(council, post)),
        taken=tuple(one for one in units if bound and one != unit),
        held={one: (f"{post[:3]}-{council.key}-{of_unit}",) for of_unit, one in enumerate(units)} if bound else {},
    )


def _worklist(role: str, connection: sql.Connection, number: int) -> object:
    known = councils()
    council = known[number % len(known)]
    post = getattr(council.roles, role)
    desk = _desk(council, post, number, bound=role != "administrator")
    return worklist(connection, desk, (), NOW, working_calendar(council.key, NOW.year - 3))


def _agenda(meetings: Sequence[tuple[str, str, Any]], connection: sql.Connection, number: int) -> object:
    council, forum, on = meetings[number % len(meetings)]
    return sitting_of(connection, council, forum, on)


def _planner(how: str, connection: sql.Connection, number: int) -> object:
    known = councils()
    council = known[number % len(known)]
    first = NOW.date() + timedelta(weeks=number % 8)
    wanted = Wanted(
        first=first if how == "later" else NOW.date(),
        unit=f"unit {number % UNITS}" if how == "unit" else None,
        post=council.roles.manager if how == "post" else None,
    )
    return page(connection, [council], wanted, NOW)


def pages(engine: sql.Engine) -> dict[str, Page]:
    """The pages that are measured, by name.

    Args:
        engine: Of a filled register.
    """
    columns = (SITTING.c.council, SITTING.c.forum, SITTING.c.on)
    fullest = sql.select(*columns).order_by(SITTING.c.listed.desc(), SITTING.c.process_id).limit(ROUNDS)
    with engine.connect() as connection:
        meetings = [(row[0], row[1], row[2]) for row in connection.execute(fullest)]
    return {
        "worklist of a social worker": partial(_worklist, "worker"),
        "worklist of a manager": partial(_worklist, "manager"),
        "worklist of a head of service": partial(_worklist, "head"),
        "worklist of an administrator": partial(_worklist, "administrator"),
        "agenda of a sitting": partial(_agenda, meetings),
        "planner of a council": partial(_planner, "council"),
        "planner of a unit": partial(_planner, "unit"),
        "planner of a post": partial(_planner, "post"),
        "planner, some weeks ahead": partial(_planner, "later"),
    }


def measure(engine: sql.Engine, name: str, rounds: int = ROUNDS) -> list[Timed]:
    """Every page and report on one database.

    Args:
        engine: Of a filled register.
        name: Of the kind of database.
        rounds: How often each page is made.
    """
    found = []
    for what, make in pages(engine).items():
        make_one = partial(_timed, engine, make)
        found.append(_measured(engine, name, what, [partial(make_one, number) for number in range(rounds)], "ms"))
    for key in REPORTS:
        makers = [partial(_report, engine, key, council) for council in councils()]
        found.append(_measured(engine, name, f"report: {key}", makers, "s"))
    return found


def _measured(engine: sql.Engine, name: str, what: str, makers: Sequence[Callable[[], float]], unit: str) -> Timed:
    makers[0]()  # what is made once, such as a statement's text, is made
    scale, reach = (1000, PAGE_MS) if unit == "ms" else (1, REPORT_SECONDS)
    busy = _busy(engine)
    took = [make() * scale for make in makers]
    return Timed(name, what, *_spread(took), (_busy(engine) - busy) * scale / len(makers), reach, unit)


def _busy(engine: sql.Engine) -> float:
    """For how many seconds processors were busy for us so far: this process, and the one that answers it."""
    if engine.dialect.name != "postgresql":
        return time.process_time()
    with engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    stat = Path(f"/proc/{number}/stat")
    if not stat.exists():  # only Linux tells
        return time.process_time()
    ticks = stat.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _spread(took: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(took)
    return statistics.median(ordered), ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def _timed(engine: sql.Engine, make: Page, number: int) -> float:
    began = time.perf_counter()
    catch_up(engine)
    with engine.connect() as connection:
        make(connection, number)
    return time.perf_counter() - began


def _report(engine: sql.Engine, key: str, council: Council) -> float:
    began = time.perf_counter()
    with one_moment(engine) as connection:
        report = made(connection, REPORTS[key], council, QUARTER, NOW)
    html_of(report)
    workbook_of(report)
    return time.perf_counter() - began


@contextmanager
def filled(journeys: int, keep: Path | None, told: Callable[[str], None]) -> Iterator[sql.Engine]:
    """A filled register on SQLite; one that is kept is filled once.

    Args:
        journeys: How many.
        keep: A file; none: it is thrown away afterwards.
        told: What hears how far it has come.
    """
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        file = keep or Path(folder) / "register.db"
        there = file.exists()
        engine = open_register(f"sqlite:///{file}")
        try:
            if not there:
                began = time.perf_counter()
                events = fill(engine, journeys, told)
                told(f"{events:,} events written and folded in {time.perf_counter() - began:.0f} s")
            with engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
            yield engine
        finally:
            engine.dispose()


@contextmanager
def copied(source: sql.Engine, told: Callable[[str], None]) -> Iterator[sql.Engine]:
    """The same rows on a PostgreSQL server of our own, gone afterwards.

    Args:
        source: The filled register.
        told: What hears how far it has come.
    """
    with postgres_server() as server:
        server.create_database("bench")
        engine = open_register(server.url("bench"))
        try:
            began = time.perf_counter()
            for table in METADATA.sorted_tables:
                _copy(source, engine, table)
            with engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
                connection.commit()
            told(f"copied to PostgreSQL in {time.perf_counter() - began:.0f} s")
            yield engine
        finally:
            engine.dispose()


def _copy(source: sql.Engine, target: sql.Engine, table: sql.Table) -> None:
    as_json = [isinstance(column.type, sql.JSON) for column in table.columns]
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    with source.connect() as here, target.connect() as there:
        rows = here.execution_options(yield_per=COPIED_AT_ONCE).execute(sql.select(table))
        cursor = there.connection.cursor()
        with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            while batch := list(islice(rows, COPIED_AT_ONCE)):
                for row in batch:
                    copy.write_row(
                        [
                            json.dumps(value) if is_json and value is not None else value
                            for value, is_json in zip(row, as_json, strict=True)
                        ]
                    )
        there.connection.commit()


def run(journeys: int, *, keep: Path | None = None, plans: bool = False) -> list[Timed]:
    """Fill, measure on both databases, and say how far it has come.

    Args:
        journeys: How many.
        keep: Where the filled register is kept.
        plans: Whether to print which index each query uses.
    """
    console = Console(stderr=True, highlight=False)
    with filled(journeys, keep, console.print) as here:
        found = measure(here, "SQLite")
        if plans:
            _print_plans(here, "SQLite")
        with copied(here, console.print) as there:
            found += measure(there, "PostgreSQL")
            if plans:
                _print_plans(there, "PostgreSQL")
    return found


def _print_plans(engine: sql.Engine, name: str) -> None:
    for what, make in pages(engine).items():
        with engine.connect() as connection:
            used = plans_of(connection, lambda make=make, here=connection: make(here, 0))  # type: ignore[misc]  # bound
        print(f"{name}: {what}")
        for line in used:
            print(f"  {line}")


def show(found: Sequence[Timed], journeys: int) -> None:
    """Print the table.

    Args:
        found: What was measured.
        journeys: How many the register has.
    """
    table = Table(title=f"Reading a register of {journeys:,} journeys", title_justify="left")
    for name in ("page", "database", "median", "95th percentile", "processor", "reach", ""):
        table.add_column(name, justify="left" if name in ("page", "database", "reach") else "right")
    for one in sorted(found, key=lambda one: (one.unit != "ms", one.what)):
        digits = 1 if one.unit == "ms" else 2
        table.add_row(
            one.what,
            one.database,
            f"{one.median:.{digits}f} {one.unit}",
            f"{one.p95:.{digits}f} {one.unit}",
            f"{one.processor:.{digits}f} {one.unit}",
            f"at most {one.reach:.0f} {one.unit}",
            "yes" if one.ok else "NO",
        )
    Console().print(table)


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.register_pages", description=__doc__)
    parser.add_argument("--journeys", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="fill this SQLite file once, and measure it again the next time")
    parser.add_argument("--plans", action="store_true", help="print which index each query uses")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    asked = parser.parse_args()
    found = run(asked.journeys, keep=asked.keep, plans=asked.plans)
    if asked.json:
        print(json.dumps([{**asdict(one), "ok": one.ok} for one in found], indent=2))
    else:
        show(found, asked.journeys)


if __name__ == "__main__":
    main()
