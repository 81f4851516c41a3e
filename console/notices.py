"""`notices`: who was told of what, what could not be sent, and sending it again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import sqlalchemy as sql
import typer

from console.errors import BadInput, ExitStatus, command
from console.options import AsJson
from console.rendering import console, facts, moment, print_json, table, words
from console.session import quiet_logs
from models.errors import ProcedureFault
from notices.facts import reference_of
from notices.outbox import Outbox
from notices.sending import SAYS, Ended, Sending
from notices.texts import default_texts, read_texts
from procedures.loader import HERE, council_folders, load_council, read_council
from register.database import open_register
from register.fold import catch_up
from register.reading import notices as reading
from register.reading.notices import Delivery, DeliveryState
from runtime.notice_sending import OUTBOX, NoticeSending, channel_of, sending_by
from runtime.settings import Settings, variable

SHOWN = 100
NEEDS_EYES = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
Number = Annotated[int, typer.Argument(metavar="ID", help="The number of a notice, as `notices` lists it")]


@dataclass(frozen=True)
class Open:
    """An open register and what sends from it.

    Attributes:
        settings: As the environment has them.
        engine: The register, its read models up to date.
        sending: As the settings say; to the outbox where nothing is sent.
    """

    settings: Settings
    engine: sql.Engine
    sending: Sending


@contextmanager
def opened() -> Iterator[Open]:
    """Open the register; no server is needed.

    Raises:
        SettingsError: A setting is wrong.
    """
    settings = quiet_logs()
    channel = channel_of(settings) or Outbox(settings.state_folder / OUTBOX)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        catch_up(engine)
        yield Open(settings, engine, sending_by(settings, engine, channel))
    finally:
        engine.dispose()


@app.callback()
@command
async def listed(  # noqa: PLR0913 - one a filter
    context: typer.Context,
    *,
    failed: Annotated[bool, typer.Option("--failed", help="Only what did not arrive, or may not have")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what is still to be sent")] = False,
    to: Annotated[str | None, typer.Option(metavar="STAFF", help="Only to this person")] = None,
    process: Annotated[str | None, typer.Option(metavar="ID", help="Only about this process, by its id")] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most so many")] = SHOWN,
    as_json: AsJson = False,
) -> None:
    """List who was told of what, the latest first; retry, send, show and check them.

    Examples:
      starter.py notices --failed
      starter.py notices --to tm-cin-1
      starter.py notices --process journey/hillingdon/HARP-2041 --json
      starter.py notices retry 12
    """
    if context.invoked_subcommand is not None:
        return
    if failed and waiting:
        raise BadInput("Choose one of --failed and --waiting, or neither for all.")
    states = NEEDS_EYES if failed else (DeliveryState.WAITING, DeliveryState.SENDING) if waiting else ()
    with opened() as here:
        found = reading.deliveries(here.engine, states=states, recipient=to, process_id=process, limit=limit)
        open_now = reading.counts(here.engine)
        not_given = reading.not_given(here.engine)
    rows = [_row(one) for one in found]
    if as_json:
        print_json(rows)
        return
    if rows:
        headings = ("Notice", "To", "Post", "About", "Subject", "When", "State", "Why")
        console().print(table(headings, map(_cells, found)))
    typer.echo(_summary(len(rows), open_now))
    if not_given:
        typer.echo(
            f"{not_given} {_notices(not_given)} more {'is' if not_given == 1 else 'are'} not given to anybody yet: a"
            " worker does so within seconds, where it runs and can read the staff directory."
        )


@app.command("show")
@command
async def show(number: Number, *, as_json: AsJson = False) -> None:
    """Show a notice as it goes out.

    Examples:
      starter.py notices show 12
    """
    with opened() as here:
        found = _named(here, number)
        message = here.sending.message(found)
    if as_json:
        print_json({**_row(found), "title": message.title, "text": list(message.sentences)})
        return
    pairs = [
        ("Notice", str(found.id)),
        ("To", found.recipient or "nobody"),
        ("Standing in for", found.on_behalf_of or ""),
        ("Post", words(found.notice.post)),
        ("About", found.notice.process_id),
        ("State", SAYS[found.state]),
        ("Tries", str(found.attempts)),
        ("Next try", moment(found.next_try_at) if found.state is DeliveryState.WAITING else ""),
        ("Sent", moment(found.sent_at)),
        ("Carried as", found.provider_reference or ""),
        ("Why", found.fault or ""),
    ]
    console().print(facts(pairs))
    typer.echo(f"\n{message.title}\n\n{message.body}", nl=False)


@app.command("retry")
@command
async def retry(
    numbers: Annotated[list[int], typer.Argument(metavar="ID...", help="Numbers, as `notices --failed` lists them")],
    *,
    as_json: AsJson = False,
) -> None:
    """Send notices again that failed or may not have arrived. What may have gone out may then arrive twice.

    Examples:
      starter.py notices retry 12 15
    """
    with opened() as here:
        for one in [_named(here, number) for number in numbers]:
            here.sending.retry(one)
        after = [_named(here, number) for number in numbers]
    if as_json:
        print_json([_row(one) for one in after])
        return
    typer.echo(
        f"{len(after)} {_notices(len(after))} will be sent: by the worker, or now with `starter.py notices send`."
    )


@app.command("send")
@command
async def send(*, as_json: AsJson = False) -> None:
    """Send what is due now, as a worker does about once a second; exit status 1 if anything could not be sent.

    Examples:
      starter.py notices send
      WAYMARK_NOTICES=outbox starter.py notices send
    """
    with opened() as here:
        if here.settings.notices == "none":
            raise BadInput(f"{variable('notices')} is none: set it to outbox, a mail server or notify first.")
        sending = NoticeSending(here.engine, here.sending)
        await sending.begin()
        ended: list[Ended] = []
        while part := await asyncio.to_thread(lambda: asyncio.run(here.sending.round())):
            ended += part
    rows = [{"id": e.delivery.id, "to": e.delivery.recipient, "state": str(e.state), "fault": e.fault} for e in ended]
    if as_json:
        print_json(rows)
    else:
        sent = sum(one.state is DeliveryState.SENT for one in ended)
        others = [one for one in ended if one.state is not DeliveryState.SENT]
        typer.echo(f"{sent} {_notices(sent)} sent.")
        for one in others:
            typer.echo(
                f"Notice {one.delivery.id} to {one.delivery.recipient} is {SAYS[one.state]}: {one.fault}.", err=True
            )
    raise typer.Exit(
        ExitStatus.DONE if all(one.state is DeliveryState.SENT for one in ended) else ExitStatus.NOT_AS_EXPECTED
    )


@app.command("check")
@command
async def check(
    *,
    folder: Annotated[Path, typer.Option(metavar="PATH", help="Where the councils' folders lie")] = HERE,
    as_json: AsJson = False,
) -> None:
    """Name every fault of the texts and of what the settings need, with file, key and remedy; exit status 2 if any.

    Examples:
      starter.py notices check
      starter.py notices check --folder ~/our-procedures
    """
    settings = quiet_logs()
    channel_of(settings)
    if not council_folders(folder):
        raise BadInput(f"No folder in {folder} holds a council.toml: name the folder that holds the councils' folders.")
    faults = text_faults(folder)
    if as_json:
        print_json({"faults": faults})
    elif not faults:
        typer.echo(f"{len(default_texts().entries)} texts and those of the councils have no faults.")
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(ExitStatus.BAD_INPUT if faults else ExitStatus.DONE)


def text_faults(folder: Path = HERE) -> list[str]:
    """Every fault of the texts of notices.

    Args:
        folder: Where the councils' folders lie. A council whose other files are at fault is left out.
    """
    faults: list[str] = []
    for one in council_folders(folder).values():
        try:
            council = read_council(one)
        except ProcedureFault:
            continue  # `procedures check` names these
        try:
            read_texts(council, one)
        except ProcedureFault as fault:
            faults += fault.faults
    return faults


def _named(here: Open, number: int) -> Delivery:
    found = reading.one(here.engine, number)
    if found is None:
        raise BadInput(f"There is no notice {number}: `starter.py notices` lists them.")
    return found


def _row(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.id,
        "process": one.notice.process_id,
        "subject": one.notice.subject,
        "post": one.notice.post,
        "at": one.notice.at,
        "to": one.recipient or None,
        "on_behalf_of": one.on_behalf_of,
        "channel": one.channel,
        "state": str(one.state),
        "attempts": one.attempts,
        "next_try_at": one.next_try_at,
        "sent_at": one.sent_at,
        "provider_reference": one.provider_reference,
        "fault": one.fault,
    }


def _cells(one: Delivery) -> tuple[str, ...]:
    council = load_council(one.notice.process_id.split("/")[1])
    return (
        str(one.id),
        one.recipient or "nobody",
        words(one.notice.post),
        reference_of(one.notice.process_id, council),
        words(one.notice.subject),
        moment(one.notice.at),
        SAYS[one.state],
        one.fault or "",
    )


def _summary(shown: int, open_now: dict[str, int]) -> str:
    failed = sum(open_now.get(state, 0) for state in NEEDS_EYES)
    waiting = sum(open_now.get(state, 0) for state in (DeliveryState.WAITING, DeliveryState.SENDING))
    return f"{shown} {_notices(shown)} shown. In all {waiting} to be sent, {failed} not arrived for sure."


def _notices(number: int) -> str:
    return "notice" if number == 1 else "notices"
