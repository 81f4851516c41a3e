"""What else a change of terms may tell: that this is a Regulation 24 placement, consents, and a start that moves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.placement import ChangeTerms, PlacementStage, PlacementState
from rules.placements.consents import require_responsible, take_answers, take_director
from rules.placements.contract import ACTS as CONTRACT
from rules.placements.facts import moment, not_understood, put, terms_facts
from rules.placements.start import CLASSIFIED_AT, start_facts
from rules.process import ActRule
from rules.watches.kinds import WatchAct

ABOUT_THE_ACT = frozenset({"on", "terms", "facts", "reasons", "not_understood", "specified_by_panel"})
CHANGED: WatchAct[PlacementState] = CONTRACT["change_terms"]


def check_change(state: PlacementState, details: ChangeTerms, actor: Actor, now: datetime) -> None:
    """A consent that somebody can give; a new start only while the child is not there yet."""
    require_responsible(details.section_20)
    if details.started_at is not None and state.stage is not PlacementStage.PLANNED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "The placement has started: its start cannot move any more.",
            "End it, and start the placement that takes its place.",
        )
    CHANGED.rule.check(state, details, actor, now)


def apply_change(state: PlacementState, details: ChangeTerms, actor: Actor, now: datetime) -> None:
    """Keep it; what follows from it is looked at after every change."""
    CHANGED.rule.apply(state, details, actor, now)
    not_understood(state, details)
    put(state, {"child.looked_after_said": details.looked_after, "placement.planned": details.planned})
    take_answers(state, details.section_20)
    take_director(state, details.director_consent, now)
    if details.started_at is not None:
        at = moment(details.started_at, now)
        state.facts = {path: value for path, value in state.facts.items() if path != CLASSIFIED_AT}
        put(state, {**start_facts(at), "placement.ahead": at > now})


def would_be(details: ChangeTerms) -> Mapping[str, Any]:
    """The facts that a change would set.

    Args:
        details: The change.
    """
    return {**terms_facts(details, {}), **CHANGED.would_be(details)}


def keys_of(details: ChangeTerms) -> tuple[str, ...]:
    """By which keys a change is known: the terms that it agrees, and everything that it tells by its name.

    Args:
        details: The change.
    """
    told = sorted(details.model_fields_set - ABOUT_THE_ACT)
    if details.if_parent_asked:
        told.append("regulation_24")
    return tuple(dict.fromkeys([*CHANGED.also(details), *(f"change_terms:{name}" for name in told)]))


CHANGE_TERMS: WatchAct[PlacementState] = replace(
    CHANGED, rule=ActRule(ChangeTerms, check_change, apply_change), also=keys_of, would_be=would_be
)
