"""A log of some cases as the rules make them, without a server: what the fold is tried on.

Each batch is what one process hands to the register at once: its entries, and what changed in how it stands.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sql

from models.process import Entry, ProcessState
from models.sitting import SittingState
from models.views import ProcessView
from models.vocabulary import JourneyAct, SittingAct
from models.watch import WatchState
from register.log import line_of, note_event
from register.writer import Writer
from rules.journeys import views as journeys
from rules.sittings import views as sittings
from rules.standing import Standing, patch_between, standing_of
from tests.builders import (
    AMIRA,
    CAROL,
    HELEN,
    NEW_ACTION,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THIRD_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    escalate,
    open_sitting,
    referral,
)
from tests.register.entries import entry
from tests.rules.placements import homes

Batch = tuple[list[Entry], Standing | None]
R_1, R_2, R_3 = (f"journey/hillingdon/R-{number}" for number in (1, 2, 3))
SITTING = f"sitting/hillingdon/harp/{SECOND_PANEL}"
PLACEMENT = "placement/central_bedfordshire/P-1"
HEARING = at("2031-03-18 10:00")
LATER = at("2031-04-03 12:00")


def view_of(state: ProcessState, now: datetime) -> ProcessView:
    """What a process shows."""
    if isinstance(state, WatchState):
        return homes.view(state, now)  # type: ignore[arg-type]  # the only kind here
    return sittings.view(state, now) if isinstance(state, SittingState) else journeys.view(state, now)  # type: ignore[arg-type]


@dataclass
class WrittenOffice(Office):
    """An office that hands everything to the register, a batch a process whenever nobody has anything left to say."""

    batches: list[Batch] = field(default_factory=list)
    kept: dict[str, Standing] = field(default_factory=dict)
    views: dict[str, ProcessView] = field(default_factory=dict)
    handed_over: int = 0

    def settle(self, now: datetime) -> None:
        """Come to rest, and hand over what was said."""
        super().settle(now)
        said, self.handed_over = self.entries[self.handed_over :], len(self.entries)
        for state in self.everything():
            self.hand_over(state, [one for one in said if one.process_id == state.process_id], now)

    def hand_over(self, state: ProcessState, entries: list[Entry], now: datetime) -> None:
        """One batch of one process."""
        if not entries:
            return
        self.views[state.process_id] = view = view_of(state, now)
        standing = standing_of(view)
        patch = patch_between(self.kept.get(state.process_id, {}), standing)
        self.kept[state.process_id] = standing
        self.batches.append((entries, patch or None))


@cache
def some_cases() -> WrittenOffice:
    """Three referrals, their sittings and a placement, over some weeks."""
    office = WrittenOffice()
    first = office.refer(referral())
    office.act(first, JourneyAct.RETURN_FOR_CHANGES, TOM, THURSDAY, reasons="Say more.")
    changes = {"team.unit": " Court ", "costs": {"present": "10", "proposed": "500.50", "difference": "490.50"}}
    office.act(first, JourneyAct.AMEND, AMIRA, THURSDAY, **changes)
    office.act(first, JourneyAct.AMEND, AMIRA, THURSDAY, **{"team.unit": "Children in Need"})
    office.act(first, JourneyAct.SIGN_OFF, TOM, THURSDAY)
    second = office.refer(referral(referral_ref="R-2"))
    office.refer(referral(referral_ref="R-3", **{"circumstances.legal_status": "C2", "child.reference": "C-3"}))
    escalate(first, PAST_NOON)
    office.settle(PAST_NOON)
    office.act(first, JourneyAct.ENDORSE, HELEN, PAST_NOON)
    office.act(second, JourneyAct.WITHDRAW, AMIRA, PAST_NOON, reasons="Not needed.")
    office.advance(HEARING)
    _hear(office, HEARING, decision="defer", missing=["Risk assessment"], to_sitting=str(THIRD_PANEL))
    office.act(first, JourneyAct.SUPPLY_DOCUMENT, AMIRA, HEARING, document="Risk assessment")
    third_panel = at("2031-03-25 10:00")
    office.advance(third_panel)
    _hear(office, third_panel, THIRD_PANEL, decision="approve", actions=[NEW_ACTION, {**NEW_ACTION, "what": "Tell."}])
    office.act(first, JourneyAct.COMPLETE_ACTION, TOM, third_panel, action="A1", evidence="EV-1")
    office.advance(LATER)
    _place(office)
    return office


def _hear(office: WrittenOffice, now: datetime, on: date = SECOND_PANEL, **decision: Any) -> None:  # noqa: ANN401 - any decision
    there = office.sitting_on(on, now)
    open_sitting(office, there, now, CAROL)
    office.act(there, SittingAct.HEAR, PAT, now, case="R-1")
    office.act(there, SittingAct.RECORD_DECISION, PAT, now, case="R-1", rationale="Weighed.", **decision)
    office.act(there, SittingAct.CLOSE_SITTING, PAT, now, learning="Ask earlier.")


def _place(office: WrittenOffice) -> None:
    contract = {"ends": "2031-07-01", "weekly_cost": "3100.25"}
    state = homes.placed(homes.BEDFORDSHIRE, post="resources_team", contract=contract, legal_status="C2")

    def hand_over(now: datetime) -> None:
        office.hand_over(state, state.unrecorded, now)
        state.unrecorded = []

    hand_over(homes.MONDAY)
    later = at("2031-05-20 09:00")
    homes.run_to(state, later)
    hand_over(later)
    homes.act(state, "change_terms", later, "resources_team", contract={"weekly_cost": "3200"})
    hand_over(later)


def write(engine: sql.Engine, batches: list[Batch], *, standings: bool = True) -> None:
    """Write batches to the log, with a refusal and a line of no process between them."""
    writer = Writer(engine)
    for number, (entries, patch) in enumerate(batches):
        lines = [line_of(one) for one in entries[:-1]]
        writer.submit([*lines, line_of(entries[-1], standing=patch if standings else None)]).result()
        if number == 3:
            writer.submit([line_of(entry(0, accepted=False, code="same_person"), "m-1")]).result()
            note_event(
                engine,
                process_id="papers/hillingdon/harp/2031-03-18",
                what="paper_made",
                staff="pat",
                post="panel_administrator",
                at=THURSDAY,
            )
