"""The command line, put together."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import typer

from console import (
    acts,
    calendars,
    child,
    cover,
    demo,
    disclosing,
    duties,
    importing,
    lists,
    notices,
    papers,
    planner,
    procedures,
    referrals,
    register_commands,
    rehearsals,
    reports,
    schemas,
    serving,
    showing,
    sittings,
    starting,
    worklist,
)
from console.errors import keep_lines

app = typer.Typer(
    name="starter.py",
    add_completion=False,
    no_args_is_help=True,
    context_settings={"max_content_width": 110},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def waymark() -> None:
    """Waymark carries children's cases through the panels that decide on care, placements and support.

    Examples:
      starter.py demo                                     start everything and fill it with examples
      starter.py worklist --as tm-cin-1                   what is for somebody to do
      starter.py journeys                                 all that is open
      starter.py watches --overdue                        placements, packages and more with a deadline that passed
      starter.py show HARP-2041                           one journey: whose move it is, what is due
      starter.py child C-20417                            all that runs for one child

    Every command has --help with examples. Exit status: 0 done, 1 a rehearsal did not go as written, 2 bad input
    or refused by the rules, 3 no server or worker.
    """


app.callback(help=keep_lines(waymark.__doc__ or ""))(waymark)
app.command()(referrals.refer)
app.command()(starting.start)
app.command()(acts.act)
app.command()(acts.escalate)
app.command()(showing.show)
app.command()(lists.journeys)
app.command()(child.child)
app.command()(lists.watches)
app.command()(sittings.sitting)
app.command()(duties.duties)
app.command()(planner.planner)
app.command()(calendars.calendar)
app.command()(worklist.worklist)
app.command()(cover.cover)
app.command()(cover.reassign)
app.command()(reports.report)
app.command("import")(importing.import_)
app.command()(disclosing.disclose)
app.command()(disclosing.retention)
app.command()(disclosing.hold)
app.command()(disclosing.erase)
app.command()(schemas.schema)
app.add_typer(notices.app, name="notices")
app.add_typer(procedures.app, name="procedures")
app.add_typer(papers.app, name="papers")
app.add_typer(register_commands.app, name="register")
app.command()(rehearsals.rehearse)
app.command()(serving.up)
app.command()(demo.demo)


def main() -> None:
    """Run the command line of this process."""
    _end_with(app)


def main_of(body: Callable[..., None]) -> None:
    """Run one command as a program of its own.

    Args:
        body: The command.
    """
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.command()(body)
    _end_with(alone)


def _end_with(program: Callable[[], object]) -> NoReturn:
    status = 0
    try:
        program()
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else 1
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(BrokenPipeError):
                stream.flush()
    # Everything is closed by now. Leaving the interpreter the usual way can crash while threads of Temporal's core
    # still hand over their last logs.
    os._exit(status)
