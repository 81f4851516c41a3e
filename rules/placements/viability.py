"""The second gate of a Regulation 24 placement: the written viability assessment (HIL-102, HIL-104)."""

from datetime import datetime

from models.people import Actor
from models.placement import FileViability, PlacementState
from rules.placements.facts import day_of, moment, put, require_past
from rules.process import ActRule
from rules.watches.kinds import WatchAct

RULE = "HIL-102"


def check_file(_state: PlacementState, details: FileViability, _actor: Actor, now: datetime) -> None:
    """It is written already."""
    require_past(details.filed_at, now, RULE)


def apply_file(state: PlacementState, details: FileViability, _actor: Actor, now: datetime) -> None:
    """Keep when it was written up, and what it found; carers who are not suitable are people's to answer, at once."""
    put(
        state,
        {
            "viability.filed_at": moment(details.filed_at, now),
            "viability.suitable": details.suitable,
            "viability.document": details.document,
        },
    )


FILE_VIABILITY: WatchAct[PlacementState] = WatchAct(
    ActRule(FileViability, check_file, apply_file),
    also=lambda details: (f"file_viability:{'suitable' if details.suitable else 'unsuitable'}",),
    on=lambda details, now: day_of(details.filed_at, now),
)
