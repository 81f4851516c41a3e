"""`export`: a table of the register as CSV or Parquet."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from console.errors import BadInput, command
from console.options import AsJson
from console.rendering import print_json
from console.session import quiet_logs
from register.database import open_register
from register.exporting import FORMATS, NARRATIVE, Told, export, exportable, rows_of
from register.fold import catch_up


@command
async def export_table(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="Which table; `tables` lists them")],
    *,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="The file to write")] = None,
    kind: Annotated[
        str | None, typer.Option("--format", metavar="csv|parquet", help="As the file's name ends, when left out")
    ] = None,
    with_content: Annotated[
        bool, typer.Option("--with-content", help="Narrative too: what was said of children and families")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write a table of the register to a file: the log (event), or what is read in bulk (journey, clock, action ...).

    Instants are UTC in ISO form, days are local, money is in pence. In CSV a text that a spreadsheet would take for a
    formula begins with an apostrophe.

    Examples:
      starter.py register export tables
      starter.py register export journey --to journeys.csv
      starter.py register export clock --format parquet --to clocks.parquet
    """
    if table == "tables":
        _list(as_json=as_json)
        return
    known = exportable(with_content=with_content)
    if table not in known:
        raise _unknown(table)
    if to is None:
        raise BadInput(f"Nobody said where {table} goes: add --to {table}.csv or --to {table}.parquet.")
    chosen = _format(kind, to)
    settings = quiet_logs()
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        catch_up(engine)
        with _progress(table, rows_of(engine, table)) as told:
            rows = export(engine, known[table], chosen, to, told)
    except OSError as error:
        raise BadInput(f"{to} cannot be written ({error.strerror}): name another place.") from None
    finally:
        engine.dispose()
    if as_json:
        print_json({"table": table, "rows": rows, "file": str(to), "format": chosen, "with_content": with_content})
        return
    left_out = "" if with_content or table not in NARRATIVE else f", without {' and '.join(NARRATIVE[table])}"
    typer.echo(f"{rows:,} row{'' if rows == 1 else 's'} of {table} written to {to}{left_out}.")


def _unknown(table: str) -> BadInput:
    if table in NARRATIVE:
        return BadInput(f"{table} holds nothing but what was said of people: add --with-content to export it.")
    return BadInput(f"There is no table {table}: use one of {', '.join(exportable())}.")


def _format(kind: str | None, to: Path) -> Literal["csv", "parquet"]:
    wanted = (kind or to.suffix.removeprefix(".")).casefold()
    for known in FORMATS:
        if wanted == known:
            return known
    said = f"{kind} is no format" if kind else f"{to} does not say its format"
    raise BadInput(f"{said}: use --format csv or --format parquet.")


def _list(*, as_json: bool) -> None:
    rows = [
        {
            "table": name,
            "columns": [column.name for column in columns],
            "only_with_content": list(NARRATIVE.get(name, ())),
        }
        for name, columns in exportable(with_content=True).items()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        needs = row["only_with_content"]
        note = f" (only with --with-content: {', '.join(needs)})" if needs else ""
        typer.echo(f"{row['table']}{note}")


@contextmanager
def _progress(table: str, rows: int) -> Iterator[Told]:
    """A bar on a terminal, and nothing elsewhere; on standard error, so that standard output stays clean."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(table, total=rows)
        yield lambda more: bar.advance(task, more)
