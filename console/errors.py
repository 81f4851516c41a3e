"""What the command line says when something cannot be done: one sentence with the remedy, and an exit status."""

import asyncio
import json
import sys
import traceback
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import IntEnum
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import typer
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from models.errors import ProcedureFault, RefusalCode, Refused
from rehearsal.story import MalformedStory
from runtime.connection import Unreachable
from runtime.embedded_server import ServerAlreadyRunning
from runtime.gateway import NoAnswer
from runtime.server_process import ServerFailed
from runtime.settings import SettingsError, variable
from runtime.staff import UnknownStaff

P = ParamSpec("P")
Body = Callable[P, Coroutine[Any, Any, None]]


class ExitStatus(IntEnum):
    """How a command ends; anything but `DONE` was told on standard error."""

    DONE = 0
    NOT_AS_EXPECTED = 1
    BAD_INPUT = 2
    UNREACHABLE = 3
    OWN_FAULT = 70
    INTERRUPTED = 130


class BadInput(Exception):  # noqa: N818 - it names what came in
    """What a person typed cannot be used; the message is one sentence with the remedy."""


class NoWorker(Exception):  # noqa: N818 - it names what is missing
    """Nothing would answer; the message is one sentence with the remedy."""


@dataclass(frozen=True)
class Problem:
    """Why a command could not be done.

    Attributes:
        status: The exit status.
        sentences: What standard error says, one a line.
        body: What `--json` prints.
    """

    status: ExitStatus
    sentences: list[str]
    body: dict[str, Any]


def command(body: Body[P]) -> Callable[P, None]:
    """A Typer command of a coroutine whose every failure is told in a sentence, and never with a traceback.

    Args:
        body: The command; with `as_json` among its arguments, failures are printed as JSON too.
    """

    @wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            asyncio.run(body(*args, **kwargs))
        except KeyboardInterrupt:
            raise typer.Exit(ExitStatus.INTERRUPTED) from None
        except typer.Exit:
            raise
        except BrokenPipeError:  # whoever read the output has seen enough
            sys.stdout = None  # or Python complains again as it ends
        except Exception as error:  # noqa: BLE001 - the last line of defence against tracebacks
            problem = problem_of(error)
            tell(problem, as_json=bool(kwargs.get("as_json")))
            raise typer.Exit(problem.status) from None

    run.__doc__ = keep_lines(body.__doc__ or "")
    return run


def keep_lines(text: str) -> str:
    """A help text whose examples keep their lines: a backspace on a line of its own tells Typer so.

    Args:
        text: A docstring.
    """
    return text.replace("Examples:\n", "\b\n    Examples:\n")


def tell(problem: Problem, *, as_json: bool) -> None:
    """Say on standard error what is wrong, and as JSON on standard output where that is wanted.

    Args:
        problem: What is wrong.
        as_json: Whether somebody reads standard output as JSON.
    """
    for sentence in problem.sentences:
        typer.echo(sentence, err=True)
    if as_json:
        typer.echo(json.dumps(problem.body, indent=2))


def problem_of(error: Exception) -> Problem:
    """What an exception means to the person who typed a command.

    Args:
        error: Anything that a command may raise.
    """
    match error:
        case Refused():
            return _refusal(error)
        case ProcedureFault() | MalformedStory():
            return _bad(error.faults)
        case BadInput() | UnknownStaff() | SettingsError():
            return _bad([str(error)])
    sentence = _out_of_reach(error)
    return _own_fault(error) if sentence is None else _unreachable(sentence)


def _out_of_reach(error: Exception) -> str | None:
    match error:
        case Unreachable() | NoAnswer() | NoWorker() | ServerFailed() | ServerAlreadyRunning():
            return str(error)
        case RPCError():
            first = (error.message.splitlines() or ["no reason given"])[0]
            return (
                f"The Temporal server could not do this ({error.status.name.lower()}: {first}):"
                " see that it runs, then try again."
            )
        case SQLAlchemyError():
            return (
                f"The register cannot be used ({type(error).__name__}):"
                f" see that {variable('register_url')} names a database that runs and that you may write to."
            )
        case _:
            return None


def sentence_of(refused: Refused) -> str:
    """A refusal and its remedy as one sentence.

    Args:
        refused: What the rules said.
    """
    said, remedy = refused.sentence.rstrip("."), refused.remedy.rstrip(".")
    because = f" ({', '.join(filter(None, (str(refused.code), refused.rule)))})"
    if not remedy:
        return f"Refused{because}: {said}."
    starts_a_word = remedy[1:2].islower() or remedy[1:2] == " "
    return f"Refused{because}: {said}: {remedy[0].lower() + remedy[1:] if starts_a_word else remedy}."


def refusal_body(refused: Refused) -> dict[str, Any]:
    """A refusal as `--json` prints it.

    Args:
        refused: What the rules said.
    """
    return {
        "refused": str(refused.code),
        "sentence": refused.sentence,
        "remedy": refused.remedy,
        "rule": refused.rule,
    }


def _refusal(refused: Refused) -> Problem:
    return Problem(ExitStatus.BAD_INPUT, [sentence_of(refused)], refusal_body(refused))


def _bad(sentences: list[str]) -> Problem:
    body = {"refused": str(RefusalCode.INVALID), "sentence": " ".join(sentences), "remedy": "", "rule": None}
    return Problem(ExitStatus.BAD_INPUT, sentences, body)


def _unreachable(sentence: str) -> Problem:
    return Problem(ExitStatus.UNREACHABLE, [sentence], {"unreachable": sentence})


def _own_fault(error: Exception) -> Problem:
    last = traceback.extract_tb(error.__traceback__)[-1]
    sentence = (
        f"Waymark failed with a {type(error).__name__} at {Path(last.filename).name}:{last.lineno}:"
        " report that with the command that you typed."
    )
    return Problem(ExitStatus.OWN_FAULT, [sentence], {"fault": sentence})
