"""What follows from a check for consents, suitability and a carer's approval, and who may record it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from models.people import Actor
from models.placement import PlacementState, RecordCheck
from rules.authority import require_authority
from rules.placements.consents import (
    DIRECTOR_CONSENT,
    SECTION_20,
    person_of,
    require_whole_answer,
    take_answers,
    take_director_check,
)
from rules.placements.facts import moment, put, require_past
from rules.placements.monitoring import ACTS as MONITORING
from rules.placements.monitoring import BAD
from rules.process import ActRule
from rules.watches.kinds import WatchAct

RECORDED: WatchAct[PlacementState] = MONITORING["record_check"]
APPROVED_CARER = ("carer_approval", "foster_carer_approval", "full_approval", "carer_approved")
SUITABILITY = ("suitability", "initial_viability", "suitability_approved")
NAMES = {**dict.fromkeys(DIRECTOR_CONSENT, "director_consent"), **dict.fromkeys(SECTION_20, "section_20_consent")}
NAMES |= {**dict.fromkeys(APPROVED_CARER, "carer_approval"), **dict.fromkeys(SUITABILITY, "suitability")}


def _named(details: RecordCheck) -> RecordCheck:
    """The same check, by the name that procedures use."""
    return details.model_copy(update={"check": NAMES.get(details.check, details.check)})


def check_check(state: PlacementState, details: RecordCheck, actor: Actor, now: datetime) -> None:
    """It is done, by a post that may; an answer about section 20 is whole (HIL-099, HIL-100)."""
    named = _named(details)
    act = f"record_check:{named.check}"
    if act in state.procedure.authority:
        require_authority(state.procedure, act, actor, state.unit)
    require_past(named.on, now)
    if named.check == "section_20_consent":
        require_whole_answer(named)
    RECORDED.rule.check(state, named, actor, now)


def apply_check(state: PlacementState, details: RecordCheck, actor: Actor, now: datetime) -> None:
    """Keep it, and what follows from it."""
    named = _named(details)
    RECORDED.rule.apply(state, named, actor, now)
    bad = named.result in BAD
    if named.check == "director_consent":
        take_director_check(state, named, actor.post, now)
    elif named.check == "section_20_consent" and (person := person_of(named)) is not None:
        take_answers(state, (person,))
    elif named.check == "carer_approval" and not bad:
        put(state, {"approval.kind": "full"})
    elif named.check == "suitability":
        put(state, {"suitability.approved": not bad, "suitability.at": moment(named.on, now)})


def would_be(details: RecordCheck) -> dict[str, Any]:
    """The facts of a check, for what its procedure asks of it.

    Args:
        details: The check.
    """
    named = _named(details)
    return {f"check.{named.check}.{name}": getattr(named, name) for name in ("result", "by")} | {
        f"check.{named.check}.{name}": value for name, value in named.facts.items()
    }


RECORD_CHECK: WatchAct[PlacementState] = replace(
    RECORDED,
    rule=ActRule(RecordCheck, check_check, apply_check, RECORDED.rule.possible),
    also=lambda details: RECORDED.also(_named(details)),
    would_be=would_be,
)
