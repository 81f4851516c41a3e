"""`start`: starts a placement, a care episode, a package, a transfer, a unit meeting or a duty."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from console.deputies import deputy_named
from console.errors import command
from console.inputs import beginning_of, read_with
from console.naming import actor_for, starting_act_named
from console.options import As, AsJson, OnBehalfOf
from console.rendering import console, print_json, words
from console.session import session
from workflows.watches import STARTING_ACTS


@command
async def start(
    name: Annotated[
        str, typer.Argument(metavar="ACT", help="What starts it, such as start_placement; `schema` lists the acts")
    ],
    *,
    staff: As = None,
    on_behalf_of: OnBehalfOf = None,
    said: Annotated[
        str | None, typer.Option("--with", metavar="JSON|@FILE", help="What it starts with, as `schema ACT` describes")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Start something that is watched over: a placement, a care episode, a package, a transfer, a meeting, a duty.

    It belongs to the council of whoever starts it; a deputy says for whom with --on-behalf-of. The same again finds
    the same one and starts nothing; something else under a reference that is in use is refused.

    Examples:
      starter.py start start_placement --as sw-lac-1 --with @placement.json
      starter.py start open_episode --as sw-cin-1 --with '{"child": "C-50117"}'
      starter.py schema start_placement                  what it may start with
    """
    act = starting_act_named(name)
    given = read_with(said)
    async with session(acts=True) as way_in:
        if on_behalf_of is None:
            actor = actor_for(way_in.staff, staff, None, act)
        else:
            actor = deputy_named(way_in.staff, staff, on_behalf_of)
        details = beginning_of(act, given, way_in.staff, actor.council)
        process_id, started = await way_in.gateway.start(STARTING_ACTS[act], details, actor, datetime.now(UTC))
        view = await way_in.gateway.rested(process_id)
    if as_json:
        print_json({"process": process_id, "started": started, "stage": view.stage, "waiting_on": view.waiting_on})
        return
    how = "Started" if started else "Already under way:"
    where = f"{words(view.stage)}{', waiting on ' + words(view.waiting_on) if view.waiting_on else ''}"
    console().print(f"{how} {process_id}: {where}.", soft_wrap=True)
