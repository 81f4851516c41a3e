"""Which acts each kind of process takes, and what each says: journeys, sittings, and every watch beside them."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from models.acts import JOURNEY_DETAILS, SITTING_DETAILS, Reasoned
from models.identifiers import sitting_key
from models.vocabulary import JourneyAct
from models.watch import watch_kind
from workflows.watches import KINDS, STARTING_ACTS

JOURNEY, SITTING = "journey", "sitting"
ESCALATE = str(JourneyAct.ESCALATE)
Shape = type[BaseModel]


def _watch(kind: Any) -> dict[str, Shape]:  # noqa: ANN401 - any kind's state
    return {**{name: rule.details for name, rule in kind.rules.items()}, ESCALATE: Reasoned}


ACTS_OF: Mapping[str, Mapping[str, Shape]] = {
    JOURNEY: {str(act): shape for act, shape in JOURNEY_DETAILS.items()},
    SITTING: {str(act): shape for act, shape in SITTING_DETAILS.items()},
    **{str(name): _watch(kind) for name, kind in KINDS.items()},
}
"""The shape of each act's `with`, by the kind of process."""
ACTS = tuple(dict.fromkeys(act for acts in ACTS_OF.values() for act in acts))
"""Every act that is sent to a process; what starts one is not among them, unless it is done to it again."""
STARTS: Mapping[str, Shape] = {act: KINDS[kind].shape for act, kind in STARTING_ACTS.items()}
"""What starts a watch, and in what shape."""


def kind_of(process_id: str) -> str:
    """The kind of a process, by its id; a bare reference counts as a journey.

    Args:
        process_id: Any process id.
    """
    if sitting_key(process_id):
        return SITTING
    return watch_kind(process_id) or JOURNEY


def takers_of(act: str) -> list[str]:
    """The kinds of process that take an act.

    Args:
        act: Its name.
    """
    return [kind for kind, acts in ACTS_OF.items() if act in acts]


def shapes_of(act: str) -> list[Shape]:
    """What an act says, in each of the shapes that it has: those of its processes, and of what it starts.

    Args:
        act: Its name.
    """
    found = [ACTS_OF[kind][act] for kind in takers_of(act)]
    return list(dict.fromkeys([*found, *([STARTS[act]] if act in STARTS else [])]))
