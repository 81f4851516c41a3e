"""`schema`: the JSON Schema of an act's `with`, of the intake form, and of what starts a watch."""

from typing import Annotated, Any

import typer
from pydantic.json_schema import models_json_schema

from console.errors import command
from console.naming import one_of
from console.options import AsJson
from console.rendering import console, print_json, table, words
from console.shapes import ACTS, STARTS, shapes_of, takers_of
from models.referral import Referral
from models.vocabulary import JourneyAct
from workflows.watches import STARTING_ACTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFER = str(JourneyAct.REFER)
EVERY_ACT = tuple(dict.fromkeys((REFER, *ACTS, *STARTS)))
"""What may be asked for: the intake form, every act, and what starts a watch."""
BY_REFERENCE = ("Actor", "Owner")
"""Shapes in whose place the command line takes a staff reference."""


@command
async def schema(
    act: Annotated[
        str | None, typer.Argument(metavar="[ACT]", help="An act, `refer` for the intake form, or what starts a watch")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the JSON Schema of what an act takes with --with; without ACT, list the acts.

    An act that two kinds of process take in two shapes has both, under `anyOf`.

    Examples:
      starter.py schema                                  the acts, and to which process each is done
      starter.py schema record_decision
      starter.py schema refer > referral.schema.json     the intake form
      starter.py schema start_placement                  what a placement starts with
    """
    if act is None:
        _list(as_json=as_json)
        return
    print_json(schema_of(one_of(act, EVERY_ACT, "act")))


def schema_of(act: str) -> dict[str, Any]:
    """The JSON Schema of an act's `with`, of the intake form, or of what starts a watch.

    Args:
        act: Its name; `refer` for the form.
    """
    shapes: list[Any] = [Referral] if act == REFER else list(shapes_of(act))
    if len(shapes) == 1:
        made: dict[str, Any] = {"$schema": DIALECT, **shapes[0].model_json_schema()}
    else:
        each, whole = models_json_schema([(shape, "validation") for shape in shapes], title=act)
        told = "; ".join(_meaning_of(shape.__doc__) for shape in shapes)
        any_of = {"description": told, "anyOf": list(each.values())}
        made = {"$schema": DIALECT, **whole, **any_of}
    for name in BY_REFERENCE:
        if name in made.get("$defs", {}):
            actor = made["$defs"][name]
            reference = {"type": "string", "description": "A staff reference of the staff directory"}
            made["$defs"][name] = {"title": name, "anyOf": [reference, actor]}
    return made


def _list(*, as_json: bool) -> None:
    done_to = {REFER: ["starts a journey"]}
    for act in EVERY_ACT[1:]:
        starts = [f"starts a {words(STARTING_ACTS[act])}"] if act in STARTS else []
        done_to[act] = [*starts, *map(words, takers_of(act))]
    if as_json:
        print_json([{"act": act, "done_to": where} for act, where in done_to.items()])
        return
    rows = [(act, ", ".join(where), _meaning(act)) for act, where in done_to.items()]
    console().print(table(("Act", "Done to", "What it says"), rows))


def _meaning(act: str) -> str:
    return _meaning_of(schema_of(act).get("description"))


def _meaning_of(text: str | None) -> str:
    return str(text or "").strip().split("\n", maxsplit=1)[0]
