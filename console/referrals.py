"""`refer`: starts a journey from an intake form, or finds the one that the same form started."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from console.deputies import deputy_named
from console.errors import command
from console.inputs import read_form
from console.naming import actor_for, council_named
from console.options import As, AsJson, OnBehalfOf
from console.rendering import console, print_json, words
from console.session import session
from models.vocabulary import JourneyAct


@command
async def refer(
    form: Annotated[Path, typer.Argument(metavar="FORM.json", help="The intake form, as `schema refer` describes it")],
    *,
    staff: As = None,
    on_behalf_of: OnBehalfOf = None,
    as_json: AsJson = False,
) -> None:
    """Refer a child: start the journey of an intake form.

    The same form again finds the same journey and starts nothing; another form under a reference that is in use is
    refused.

    Examples:
      starter.py refer examples/hillingdon-harp.json --as sw-cin-1
      starter.py schema refer                            what a form may hold
    """
    referral = read_form(form)
    procedure = council_named(referral.council)
    async with session(acts=True) as way_in:
        if on_behalf_of is not None:
            actor = deputy_named(way_in.staff, staff, on_behalf_of)
        else:
            actor = actor_for(way_in.staff, staff, procedure, JourneyAct.REFER, referral.team.unit)
        process_id, started = await way_in.gateway.refer(referral, actor, datetime.now(UTC))
        view = await way_in.gateway.rested(process_id)
    if as_json:
        print_json({"process": process_id, "started": started, "stage": view.stage, "waiting_on": view.waiting_on})
        return
    how = "Started" if started else "Already under way:"
    where = f"{words(view.stage)}{', waiting on ' + words(view.waiting_on) if view.waiting_on else ''}"
    console().print(f"{how} {process_id}: {where}.", soft_wrap=True)
