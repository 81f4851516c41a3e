"""`register`: whether the lasting record is whole, how far it is, and bringing its tables up to date."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import sqlalchemy as sql
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from console import exporting
from console.errors import BadInput, ExitStatus, command
from console.options import AsJson
from console.rendering import console, facts, moment, print_json
from console.session import quiet_logs, session
from register.comparing import Prints, differences, prints_of
from register.database import (
    VERSION,
    bring_up_to_date,
    connect_register,
    open_register,
    put_guards_back,
    version_of,
)
from register.fold import catch_up, rebuild
from register.log import Head, head
from register.state import state_of
from register.verify import Verified, verify
from runtime.comparing import compare

SHOWN = 20
"""Differences that are named."""

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The lasting record: verify it, see how far it is, bring it up to date, export it.",
)
app.command("export")(exporting.export_table)


@app.command("verify")
@command
async def verify_register(
    *,
    noted: Annotated[
        Path | None, typer.Option("--head", metavar="FILE", help="A head that `register head` printed before")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute the whole chain again: exit status 1 when an event is missing or is not as it was written.

    A chain alone cannot show that its end was cut off: that is seen where read models, notices or erasures know of
    later events. To be certain, keep what `register head` prints somewhere else, and give it with --head.
    A trigger of the log that is gone is named, and does not change the exit status.

    Examples:
      starter.py register verify
      starter.py register verify --head elsewhere/register-head.json --json
    """
    kept = None if noted is None else _read_head(noted)
    with _as_it_is() as engine:
        with engine.connect() as connection:
            end = head(connection).position
        with _progress("Verifying", end) as reached:
            report = verify(engine, kept, reached)
    if as_json:
        print_json(
            {"holds": report.holds, **report.model_dump(mode="json", exclude={"head"}), "head": _plain(report.head)}
        )
    else:
        _tell(report, kept)
    if not report.holds:
        raise typer.Exit(ExitStatus.NOT_AS_EXPECTED)


@app.command("head")
@command
async def head_of_register() -> None:
    """Print the last event's position and hash as JSON, to be kept outside of the register.

    Examples:
      starter.py register head > elsewhere/register-head.json
    """
    with _as_it_is() as engine, engine.connect() as connection:
        print_json(_plain(head(connection)))


@app.command("status")
@command
async def status(*, as_json: AsJson = False) -> None:
    """Say where the register is, which version its tables have, and how far the log and the read models are.

    Examples:
      starter.py register status
    """
    with _as_it_is(any_version=True) as engine:
        found = state_of(engine)
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    remedy = f": this release needs {found.needs}, `starter.py register migrate` makes it so"
    rows = [("Register", found.address), ("Tables", f"version {found.version}{'' if found.up_to_date else remedy}")]
    if found.up_to_date:
        behind = found.events - found.folded
        rows += [
            ("Events", f"{found.events:,}, {found.erased:,} of them erased"),
            ("Last event", moment(found.last_at)),
            ("Read models", found.end_missing or (f"{behind:,} events behind" if behind > 0 else "up to date")),
        ]
        if found.guards_gone:
            rows.append(("Guards", _guards_gone(found.guards_gone)))
    console().print(facts(rows))


@app.command("rebuild")
@command
async def rebuild_read_models(
    *,
    compare: Annotated[
        bool, typer.Option("--compare", help="Compare with what was there; exit status 1 if anything differs")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Empty what worklists, papers and reports read, and fold it anew from the log. The log itself stays as it is.

    People who read meanwhile see what is folded so far. With --compare do it while nobody acts: what happens in between
    differs too.

    Examples:
      starter.py register rebuild
      starter.py register rebuild --compare
    """
    with _opened() as engine:
        catch_up(engine)
        before = _prints(engine) if compare else {}
        events = rebuild(engine)
        found = differences(before, _prints(engine)) if compare else []
    if as_json:
        print_json({"events": events, "differences": [one.model_dump() for one in found] if compare else None})
    else:
        said = f"{events:,} events folded anew"
        typer.echo(f"{said}, with the same result." if compare and not found else f"{said}.")
        for one in found[:SHOWN]:
            typer.echo(f"{one.how}: {one.table} {one.key}", err=True)
        if len(found) > SHOWN:
            typer.echo(f"... and {len(found) - SHOWN:,} more", err=True)
    if found:
        raise typer.Exit(ExitStatus.NOT_AS_EXPECTED)


@app.command("compare")
@command
async def compare_with_temporal(
    *,
    query: Annotated[
        str | None, typer.Option(metavar="QUERY", help="Only these processes, as the Temporal UI's query has it")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare the register with every process that Temporal still has, event by event; exit status 1 if they differ.

    It needs a worker, and asks each process how it stands.

    Examples:
      starter.py register compare
      starter.py register compare --query "Council = 'hillingdon' AND ExecutionStatus = 'Running'"
    """
    async with session() as way_in:
        found = await compare(way_in.client, way_in.register.engine, query)
    if as_json:
        print_json([one.as_json() for one in found])
    elif not found:
        typer.echo("Temporal and the register say the same.")
    for one in found:
        typer.echo(one.sentence, err=True)
    if found:
        raise typer.Exit(ExitStatus.NOT_AS_EXPECTED)


@app.command("migrate")
@command
async def migrate(*, as_json: AsJson = False) -> None:
    """Bring the tables to the version of this release. Every command and worker does so when it opens the register.

    Triggers that keep the log as it was written, and are gone, are put up again: only here, and named.

    Examples:
      starter.py register migrate
    """
    settings = quiet_logs()
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = connect_register(settings.register_url)
    try:
        before = bring_up_to_date(engine)
        put_back = put_guards_back(engine)
    finally:
        engine.dispose()
    if as_json:
        print_json({"before": before, "version": VERSION, "guards_put_back": put_back})
        return
    if before == VERSION:
        typer.echo(f"The tables have version {VERSION} already.")
    else:
        typer.echo(
            f"The tables were {'made' if before is None else f'version {before}'} and are version {VERSION} now."
        )
    if put_back:
        typer.echo(f"Put back: {_guards(put_back)}.")


def _tell(report: Verified, kept: Head | None) -> None:
    for fault in report.faults:
        typer.echo(fault.sentence, err=True)
    if report.guards_gone:
        typer.echo(_guards_gone(report.guards_gone), err=True)
    if report.more:
        typer.echo("More is wrong than this.", err=True)
    if report.holds:
        erased = f", {report.erased:,} of them erased on record" if report.erased else ""
        typer.echo(f"{report.events:,} events, each as it was written{erased}. Head {report.head.hash}.")
        if kept is not None:
            typer.echo(f"The head that was kept, event {kept.position:,}, is part of it.")


def _guards(against: Sequence[str]) -> str:
    return f"the guard{'s' if len(against) > 1 else ''} against {', '.join(against)}"


def _guards_gone(against: Sequence[str]) -> str:
    found = _guards(against)
    are, them = ("are", "them") if len(against) > 1 else ("is", "it")
    return f"{found[0].upper()}{found[1:]} {are} gone or switched off: `starter.py register migrate` puts {them} back."


@contextmanager
def _opened() -> Iterator[sql.Engine]:
    settings = quiet_logs()
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _as_it_is(*, any_version: bool = False) -> Iterator[sql.Engine]:
    """The register, with nothing done to it: whoever verifies must not change what is verified."""
    engine = connect_register(quiet_logs().register_url)
    try:
        if engine.url.database and engine.dialect.name == "sqlite" and not Path(engine.url.database).exists():
            raise BadInput(f"There is no register at {engine.url.database} yet: it begins with the first worker.")
        with engine.connect() as connection:
            found = version_of(connection)
        if found != VERSION and not any_version:
            raise BadInput(
                f"The register's tables have {f'version {found}' if found else 'no version'}, and this release needs"
                f" {VERSION}: bring them up to date with `starter.py register migrate`."
            )
        yield engine
    finally:
        engine.dispose()


def _prints(engine: sql.Engine) -> Prints:
    with engine.connect() as connection:
        return prints_of(connection)


def _plain(found: Head) -> dict[str, object]:
    return {"position": found.position, "hash": found.hash}


def _read_head(file: Path) -> Head:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Head(int(said["position"]), str(said["hash"]))
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}): name what `register head` printed.") from None
    except (ValueError, TypeError, KeyError):
        raise BadInput(f"{file} holds no head: give what `starter.py register head` printed.") from None


@contextmanager
def _progress(doing: str, end: int) -> Iterator[Callable[[int], object]]:
    """A bar on a terminal, and nothing elsewhere; on standard error, so that standard output stays clean."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=end)
        yield lambda position: bar.update(task, completed=position)
