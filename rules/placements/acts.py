"""Every act of a placement in one table, and what is looked at after each: `PLACEMENT`."""

from datetime import datetime

from models.clocks import Clock
from models.episode_words import LOOKED_AFTER, RECORDED
from models.identifiers import journey_id
from models.placement import PlacementStage, PlacementState, StartPlacement
from rules import clocks
from rules.authority import role, system
from rules.placements.approvals import EXTEND_APPROVAL, GRANT_INTERIM_APPROVAL
from rules.placements.changing import CHANGE_TERMS
from rules.placements.checks import RECORD_CHECK
from rules.placements.contract import ACTS as CONTRACT
from rules.placements.lawful import BIRTHDAY, await_birthdays, look_at_the_law, on_birthday
from rules.placements.moves import BEGIN, PLACEMENT_MOVES
from rules.placements.places import claim_a_place
from rules.placements.provider import ACTS as PROVIDER
from rules.placements.start import STARTS, begin, settle, tell_classified
from rules.placements.viability import FILE_VIABILITY
from rules.process import note
from rules.watches.kinds import Kind, WatchAct, rules_of
from rules.watches.words import PLACEMENT_STARTED, tell, tell_episode

STATUS_TOLD = "child.status_told"
START_CLOCK = "placement_start"

ACTS: dict[str, WatchAct[PlacementState]] = {
    "file_viability": FILE_VIABILITY,
    "record_check": RECORD_CHECK,
    "grant_interim_approval": GRANT_INTERIM_APPROVAL,
    "extend_approval": EXTEND_APPROVAL,
    **CONTRACT,
    "change_terms": CHANGE_TERMS,
    **PROVIDER,
}
"""The acts; who may do them, and what they meet, stands in the council's file."""


def is_over(state: PlacementState) -> bool:
    """Whether somebody has ended it.

    Args:
        state: The placement.
    """
    return state.stage is PlacementStage.ENDED


def waiting_on(state: PlacementState) -> str | None:
    """The post that owns what is due first; the child's worker where nothing is.

    Args:
        state: The placement.
    """
    ticking = [clock for name, clock in state.clocks.items() if clock.ticking and not name.startswith(BIRTHDAY)]
    first = min(ticking, key=lambda clock: (clock.due, clock.name), default=None)
    return first.owner if first else role(state.procedure, None, "worker")


def look_after(state: PlacementState, now: datetime) -> None:
    """What is looked at after every change: the start, what follows from the facts, and the law.

    Args:
        state: The placement.
        now: UTC.
    """
    claim_a_place(state)
    if is_over(state):
        return
    _await_start(state, now)
    settle(state, now)
    tell_classified(state, now)
    await_birthdays(state, now)
    look_at_the_law(state, now)
    _tell_episode(state)
    _tell_status(state)


def _await_start(state: PlacementState, now: datetime) -> None:
    """A planned placement begins when its time comes."""
    at = datetime.fromisoformat(state.facts["placement.started_at"])
    clock = state.clocks.get(START_CLOCK)
    if state.stage is not PlacementStage.PLANNED or (clock is not None and clock.due == at and clock.ticking):
        return
    owner, cites = role(state.procedure, None, "worker"), rules_of(state).cites[0]
    clocks.put(state, Clock(name=START_CLOCK, cites=cites, started=now, warns=None, due=at, owner=owner))


def on_start(state: PlacementState, clock: Clock, now: datetime) -> None:
    """The time of a planned start has come: the child is there, unless somebody ends or moves it.

    Args:
        state: The placement.
        clock: Its clock.
        now: UTC.
    """
    clocks.meet(state, clock.name, now)
    PLACEMENT_MOVES.fire(BEGIN, state)
    state.stage_since = now
    note(state, now, "placement_started", system(state.procedure), cites=(clock.cites,))


def _tell_episode(state: PlacementState) -> None:
    """The child's care episode learns once where the child lives now, and by which status (HIL-098)."""
    if state.episode_told or state.stage is not PlacementStage.ACTIVE:
        return
    facts = state.facts
    state.episode_told = True
    said = {
        "placement_ref": state.reference,
        "on": facts["placement.starts_on"],
        "kind": facts.get("placement.type"),
        "provider_ref": facts.get("provider.reference"),
        "connected_person": facts.get("placement.connected_person"),
        "regulation_24": facts.get("placement.regulation_24"),
        "looked_after": facts.get("child.looked_after"),
        "looked_after_since": facts.get("child.looked_after_since"),
        "legal_status": facts.get("legal.status"),
        "ends": facts.get("contract.ends"),
    }
    tell_episode(state, PLACEMENT_STARTED, said, state.started_by)
    journey = facts.get("placement.authorised_by")
    if journey is not None and state.came_from is None:
        tell(state, journey_id(state.procedure.key, journey), PLACEMENT_STARTED, said, state.started_by, optional=True)


def _tell_status(state: PlacementState) -> None:
    """A child who becomes looked after through a Regulation 24 placement is so in the care episode too (HIL-098)."""
    facts = state.facts
    known = facts.get("child.already_looked_after") or facts.get(STATUS_TOLD)
    if known or not facts.get("placement.regulation_24") or state.stage is not PlacementStage.ACTIVE:
        return
    state.facts = {**facts, STATUS_TOLD: True}
    status = facts.get("legal.status", LOOKED_AFTER)
    tell_episode(state, RECORDED, {"status": status, "since": facts["child.looked_after_since"]}, state.started_by)


PLACEMENT: Kind[PlacementState] = Kind(
    kind="placement",
    starts=STARTS,
    shape=StartPlacement,
    begin=begin,
    moves=PLACEMENT_MOVES,
    acts=ACTS,
    ended=is_over,
    waiting_on=waiting_on,
    after=look_after,
    on_due={START_CLOCK: on_start, BIRTHDAY: on_birthday},
)
"""Placements."""
