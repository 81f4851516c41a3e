"""`act` and `escalate`: what people do to a process."""

import uuid
from typing import Annotated, Any

import typer

from console.deputies import who_acts
from console.errors import BadInput, command
from console.inputs import details_of, read_with
from console.naming import act_named, council_of, process_named, processes_named
from console.options import As, AsJson, OnBehalfOf
from console.rendering import console, print_json, words
from console.session import Session, session
from console.shapes import ESCALATE
from models.people import Actor
from runtime.gateway import View

LONGEST_ID = 128

Process = Annotated[
    str,
    typer.Argument(
        metavar="PROCESS",
        help="A reference such as HARP-2041, or a process id such as sitting/hillingdon/harp/2026-12-01",
    ),
]
MessageId = Annotated[
    str | None,
    typer.Option("--message-id", metavar="ID", help="The same id again is answered again and done once"),
]


@command
async def act(  # noqa: PLR0913 - one a word of the command
    process: Process,
    name: Annotated[str, typer.Argument(metavar="ACT", help="What is done, such as sign_off; `schema` lists the acts")],
    *,
    staff: As = None,
    on_behalf_of: OnBehalfOf = None,
    said: Annotated[
        str | None, typer.Option("--with", metavar="JSON|@FILE", help="What the act says, as `schema ACT` describes it")
    ] = None,
    message_id: MessageId = None,
    as_json: AsJson = False,
) -> None:
    """Do something to a process: sign off, endorse, record a decision, file a viability assessment, close a meeting.

    A refusal says which rule refuses, and what to do instead. People (chair, present, owner) are written by their
    staff references. A deputy acts with --on-behalf-of, or without it where their own post may not do the act and
    exactly one of those whom they cover for may.

    Examples:
      starter.py act HARP-2041 sign_off --as tm-cin-1
      starter.py act HARP-2041 return_for_changes --as tm-cin-1 --with '{"reasons": "Views of the child are missing"}'
      starter.py act sitting/hillingdon/harp/2026-12-01 open_sitting --as panel-admin-1
          --with '{"chair": "hos-court-1", "present": ["hos-regulated-1", "hos-safeguarding-1"]}'
      starter.py act sitting/hillingdon/harp/2026-12-01 record_decision --as panel-admin-1 --with @decision.json
      starter.py act placement/hillingdon/PL-7 file_viability --as sw-lac-1
      starter.py act HARP-2041 endorse --as hos-lac-1 --on-behalf-of hos-cin-1
    """
    processes_named(process)
    wanted = act_named(name, process)
    given = read_with(said)
    sent = _message_id(message_id)
    async with session(acts=True) as way_in:
        process_id = await process_named(process, way_in.client)
        act_named(name, process_id)
        details = details_of(process_id, wanted, given, way_in.staff, council_of(process_id))
        actor = await who_acts(way_in, staff, on_behalf_of, process_id, wanted)
        if wanted == ESCALATE:
            view, repeated = await _escalated(way_in, process_id, actor, details, sent)
        else:
            known = await way_in.gateway.view(process_id) if message_id else None
            answer = await way_in.gateway.act(process_id, wanted, actor, details, sent)
            repeated = answer.repeated or (
                known is not None and bool(known.recent) and answer.sequence <= known.recent[-1].sequence
            )
            view = await way_in.gateway.rested(process_id)
    _tell(view, wanted, actor, sent, repeated=repeated, as_json=as_json)


@command
async def escalate(  # noqa: PLR0913 - one a word of the command
    process: Process,
    *,
    staff: As = None,
    on_behalf_of: OnBehalfOf = None,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it goes to the register")],
    message_id: MessageId = None,
    as_json: AsJson = False,
) -> None:
    """Bring a stuck case to people's eyes: its priority rises, and whose move it is and the next post up are told.

    Examples:
      starter.py escalate HARP-2041 --as hos-cin-1 --reason "The child has waited for two weeks"
      starter.py act HARP-2041 acknowledge_escalation --as tm-cin-1
    """
    processes_named(process)
    sent = _message_id(message_id)
    async with session(acts=True) as way_in:
        process_id = await process_named(process, way_in.client)
        details = details_of(process_id, ESCALATE, {"reasons": reason}, way_in.staff, council_of(process_id))
        actor = await who_acts(way_in, staff, on_behalf_of, process_id, ESCALATE)
        view, repeated = await _escalated(way_in, process_id, actor, details, sent)
    _tell(view, ESCALATE, actor, sent, repeated=repeated, as_json=as_json)


async def _escalated(
    way_in: Session, process_id: str, actor: Actor, details: dict[str, Any], message_id: str
) -> tuple[View, bool]:
    before = await way_in.gateway.view(process_id)
    await way_in.gateway.escalate(process_id, actor, details, message_id)
    view = await way_in.gateway.rested(process_id)
    return view, len(view.escalations) == len(before.escalations) and view.recent == before.recent


def _message_id(given: str | None) -> str:
    if given is None:
        return str(uuid.uuid4())
    if not 0 < len(given) <= LONGEST_ID:
        raise BadInput(f"The message id has {len(given)} characters: use 1 to {LONGEST_ID}.")
    return given


def _tell(view: View, name: str, actor: Actor, message_id: str, *, repeated: bool, as_json: bool) -> None:  # noqa: PLR0913 - all that is told
    if as_json:
        print_json(
            {
                "process": view.process,
                "act": name,
                "staff": actor.staff,
                "on_behalf_of": actor.on_behalf_of,
                "stage": view.stage,
                "waiting_on": view.waiting_on,
                "repeated": repeated,
                "message_id": message_id,
            }
        )
        return
    how = "Was done before" if repeated else "Done"
    waits = f", waiting on {words(view.waiting_on)}" if view.waiting_on else ""
    whose = f", on behalf of {actor.on_behalf_of}" if actor.on_behalf_of else ""
    console().print(f"{how}{whose}: {words(name)}. {view.process} is now {words(view.stage)}{waits}.", soft_wrap=True)
