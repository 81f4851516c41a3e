"""The contract of a placement: its terms change, it is renewed, and the placement ends by a person's act.

CBC-012, CBC-040, CBC-122 to CBC-127, HRW-091, HRW-092. A contract that runs out ends nothing for a child (A11).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.placement import ChangeTerms, EndPlacement, PlacementStage, PlacementState, RenewContract
from rules.conditions import as_day
from rules.placements.facts import contract_facts, day_of, put, require_past, terms_facts
from rules.placements.lawful import require_lawful_start
from rules.placements.moves import PLACEMENT_MOVES
from rules.process import ActRule
from rules.watches.deadlines import deadlines_of
from rules.watches.kinds import WatchAct
from rules.watches.proposals import answer
from rules.watches.words import PLACEMENT_CHANGED, PLACEMENT_ENDED, tell_episode

CONTRACT_ENDS = "contract.ends"
CHANGED_AT = "placement.changed_at"
RECORDED = "placement.mosaic"
"""Whether the council's own record knows of the change: `awaited` or `updated` (CBC-126)."""

TERMS = {
    "notice_period": ("notice",),
    "added_therapy": ("therap",),
    "added_support": ("support", "extra", "added_service", "additional_service"),
    "long_term": ("long_term", "permanent", "permanence"),
}
"""Terms that councils leave to one post, and the words that mean them."""
LONG_TERM_TYPES = ("long_term_fostering", "long_term_foster", "long_term_placement", "permanent", "u1", "u4")


def terms_agreed(details: ChangeTerms) -> tuple[str, ...]:
    """Which terms a change agrees, in the words of `TERMS`; other words stay as they are.

    Args:
        details: The change.
    """
    found = [_term(word) for word in details.terms]
    if details.contract is not None:
        found += ["notice_period"] if details.contract.notice_period else []
        found += [_extra(word) for word in details.contract.extras]
        found += ["contract_end"] if details.contract.ends else []
    if details.type in LONG_TERM_TYPES:
        found.append("long_term")
    return tuple(dict.fromkeys(found))


def _term(word: str) -> str:
    return next((term for term, parts in TERMS.items() if any(part in word.casefold() for part in parts)), word)


def _extra(word: str) -> str:
    """What is added to a placement is a therapy by its name, and support else."""
    return "added_therapy" if _term(word) == "added_therapy" else "added_support"


def changed(state: PlacementState, day: date, now: datetime) -> dict[str, Any]:
    """That the placement has changed or ended, and that the council's own record does not know yet.

    An update that is still awaited is not put off by another change.

    Args:
        state: The placement.
        day: Local date of the change.
        now: UTC.
    """
    said = {"placement.changed_on": day, RECORDED: "awaited"}
    return said if state.facts.get(RECORDED) == "awaited" else {**said, CHANGED_AT: now}


def check_change(state: PlacementState, details: ChangeTerms, _actor: Actor, now: datetime) -> None:
    """Nothing that the law forbids; who may agree which terms stands in the council's file."""
    require_lawful_start(state, now, terms_facts(details, state.facts))


def apply_change(state: PlacementState, details: ChangeTerms, actor: Actor, now: datetime) -> None:
    """Keep the new terms, and let the child's care episode know."""
    put(state, {**terms_facts(details, state.facts), **changed(state, day_of(details.on, now), now)})
    tell_episode(state, PLACEMENT_CHANGED, _told(state, day_of(details.on, now)), actor)


def _told(state: PlacementState, day: date) -> dict[str, Any]:
    return {
        "placement_ref": state.reference,
        "on": day,
        "kind": state.facts.get("placement.type"),
        "provider_ref": state.facts.get("provider.reference"),
        "ends": state.facts.get(CONTRACT_ENDS),
    }


def check_renewal(state: PlacementState, details: RenewContract, _actor: Actor, _now: datetime) -> None:
    """A renewal says until when, and that is later than before."""
    if details.ends is None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "A renewed contract says until when.",
            "Add the day on which it ends (ends).",
        )
    before = state.facts.get(CONTRACT_ENDS)
    if before is not None and details.ends <= as_day(before):
        raise Refused(
            RefusalCode.INVALID,
            "A renewed contract ends later than the one before.",
            "Correct the day on which it ends, or end the placement if it is over.",
        )


def apply_renewal(state: PlacementState, details: RenewContract, actor: Actor, now: datetime) -> None:
    """The contract goes on: its deadlines start anew, and nobody is asked any more about the old end."""
    renewals = int(state.facts.get("contract.renewals") or 0) + 1
    put(state, {**contract_facts(details), "contract.renewals": renewals})
    _withdraw_questions(state, actor, now)


def _withdraw_questions(state: PlacementState, actor: Actor, now: datetime) -> None:
    about_end = {one.key for one in deadlines_of(state) if CONTRACT_ENDS in one.anchor}
    for proposal in _open(state, about_end):
        answer(state, proposal, "not", "the contract is renewed", None, actor, now)


def _open(state: PlacementState, keys: Iterable[str]) -> list[Any]:
    return [one for one in state.open_proposals if one.deadline in set(keys)]


def check_end(state: PlacementState, details: EndPlacement, _actor: Actor, now: datetime) -> None:
    """An end that has come, after the beginning; what is only planned may fall through before its day."""
    require_past(details.ended_at, now)
    started = state.facts.get("placement.started_at")
    begun = state.stage is not PlacementStage.PLANNED
    if begun and started is not None and day_of(details.ended_at, now) < as_day(started):
        raise Refused(
            RefusalCode.INVALID,
            "A placement ends after it began.",
            "Correct the day on which it ended.",
        )


def apply_end(state: PlacementState, details: EndPlacement, actor: Actor, now: datetime) -> None:
    """The placement is over, because somebody says so: clocks stop, and the care episode knows.

    The episode hears nothing of a plan that fell through, unless it had heard of it before.
    """
    day = day_of(details.ended_at, now)
    said = {"placement.ended_on": day, "placement.exit": details.exit, "placement.next": details.next_placement}
    put(state, {**said, **changed(state, day, now)})
    state.outcome = details.exit or "ended"
    PLACEMENT_MOVES.fire("end_placement", state)
    state.stage_since = now
    if state.episode_told or "change_terms" in state.held:
        tell_episode(state, PLACEMENT_ENDED, {**_told(state, day), "reason": details.exit}, actor)


def _of_terms(details: ChangeTerms) -> tuple[str, ...]:
    return tuple(f"change_terms:{term}" for term in terms_agreed(details))


ACTS: dict[str, WatchAct[PlacementState]] = {
    "change_terms": WatchAct(
        ActRule(ChangeTerms, check_change, apply_change),
        also=_of_terms,
        on=lambda details, now: day_of(details.on, now),
        would_be=lambda details: {
            "change.specified_by_panel": details.specified_by_panel,
            "change.planned": details.planned,
        },
    ),
    "renew_contract": WatchAct(ActRule(RenewContract, check_renewal, apply_renewal)),
    "end_placement": WatchAct(
        ActRule(EndPlacement, check_end, apply_end),
        also=lambda details: (f"end_placement:{details.exit}",) if details.exit else (),
        on=lambda details, now: day_of(details.ended_at, now),
    ),
}
"""The acts about contract, terms and end."""
