"""`schema`: the JSON Schema of an act's `with`, and of the intake form."""

from typing import Annotated, Any

import typer

from console.errors import command
from console.naming import ACTS, one_of
from console.options import AsJson
from console.rendering import console, print_json, table
from models.acts import JOURNEY_DETAILS, SITTING_DETAILS
from models.referral import Referral
from models.vocabulary import JourneyAct, SittingAct

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFER = str(JourneyAct.REFER)
BY_REFERENCE = ("Actor", "Owner")
"""Shapes in whose place the command line takes a staff reference."""


@command
async def schema(
    act: Annotated[str | None, typer.Argument(metavar="[ACT]", help="An act, or `refer` for the intake form")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of what an act takes with --with; without ACT, list the acts.

    Examples:
      starter.py schema                                  the acts, and to which process each is done
      starter.py schema record_decision
      starter.py schema refer > referral.schema.json     the intake form
    """
    if act is None:
        _list(as_json=as_json)
        return
    print_json(schema_of(one_of(act, (REFER, *ACTS), "act")))


def schema_of(act: str) -> dict[str, Any]:
    """The JSON Schema of an act's `with`, or of the intake form.

    Args:
        act: Its name; `refer` for the form.
    """
    if act == REFER:
        shape: Any = Referral
    elif act in JOURNEY_DETAILS:
        shape = JOURNEY_DETAILS[JourneyAct(act)]
    else:
        shape = SITTING_DETAILS[SittingAct(act)]
    made: dict[str, Any] = {"$schema": DIALECT, **shape.model_json_schema()}
    for name in BY_REFERENCE:
        if name in made.get("$defs", {}):
            whole = made["$defs"][name]
            reference = {"type": "string", "description": "A staff reference of the staff directory"}
            made["$defs"][name] = {"title": name, "anyOf": [reference, whole]}
    return made


def _list(*, as_json: bool) -> None:
    done_to = {REFER: ["starts a journey"]}
    for act in ACTS:
        done_to[act] = [
            name for name, acts in (("journey", JOURNEY_DETAILS), ("sitting", SITTING_DETAILS)) if act in acts
        ]
    if as_json:
        print_json([{"act": act, "done_to": where} for act, where in done_to.items()])
        return
    rows = [(act, ", ".join(where), _meaning(act)) for act, where in done_to.items()]
    console().print(table(("Act", "Done to", "What it says"), rows))


def _meaning(act: str) -> str:
    return str(schema_of(act).get("description", "")).split("\n", maxsplit=1)[0]
