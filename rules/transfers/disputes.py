"""Disagreements about a transfer: first between the Consultant Social Workers, then their Group Managers.

HAC-103, HAC-128 to HAC-130. They are settled face to face. A dispute does not stop the clock of the transfer (HAC-079).
"""

from datetime import datetime

from models.case_transfer import CaseTransferState, RaiseDispute, SettleDispute, TransferStage
from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice
from rules.authority import next_up, system, title
from rules.process import note
from rules.transfers.acts import move
from rules.transfers.moves import GO_ON, OPEN, WAIT_AGAIN
from rules.transfers.naming import named, rules
from rules.watches.deadlines import fall_due
from rules.working_days import local

LEVEL = "dispute.level"
BY_LETTER = ("email", "e_mail", "mail", "letter", "message", "in_writing", "writing")


def level(state: CaseTransferState) -> int:
    """How far a dispute has climbed: 0 for the first posts, as an index into the council's list.

    Args:
        state: The transfer.
    """
    return min(int(state.facts.get(LEVEL, 0)), len(rules(state).disputes.posts) - 1)


def check_raise(state: CaseTransferState, said: RaiseDispute, _actor: Actor, _now: datetime) -> None:
    """Thresholds and a perceived lack of a role are no grounds (HAC-103)."""
    asked = rules(state).disputes
    grounds = (said.grounds, said.about)
    if any(named(asked.no_grounds, one) is not None for one in grounds if one is not None):
        raise Refused(
            RefusalCode.PROHIBITED,
            "A case is not rejected on thresholds, or because no role for a social worker is seen.",
            "Take the case, and plan with the family and the sending unit what it needs.",
            asked.no_grounds_cites[0],
        )


def apply_raise(state: CaseTransferState, said: RaiseDispute, actor: Actor, now: datetime) -> None:
    """Start with the Consultant Social Workers; raised again, it goes to their Group Managers."""
    again = bool(state.facts.get("dispute.open"))
    reached = level(state) + 1 if again else 0
    state.facts = {**state.facts, "dispute.open": True, LEVEL: reached}
    if not again:
        state.facts = {**state.facts, "dispute.raised_at": now.isoformat()}
    asked = rules(state).disputes
    told = (Notice(post=asked.posts[level(state)], subject="transfer_dispute"),)
    details = said.model_dump(mode="json", exclude_none=True)
    where = f"level {reached + 1}"
    note(state, now, "raise_dispute", actor, cites=asked.cites, details=details, notices=told, text=where)
    move(state, "raise_dispute", now)


def check_settle(state: CaseTransferState, said: SettleDispute, actor: Actor, now: datetime) -> None:
    """Settled at a meeting, by those with whom it lies or somebody above them (HAC-129, HAC-130)."""
    asked = rules(state).disputes
    if said.how is not None and said.how in BY_LETTER:
        raise Refused(
            RefusalCode.PROHIBITED,
            "A disagreement is settled face to face, not by an exchange of email.",
            "Meet, and record the day of the meeting in met_on.",
            asked.meeting_cites[0],
        )
    if said.met_on is None or said.met_on > local(now).date():
        raise Refused(
            RefusalCode.INCOMPLETE,
            "There is no meeting yet at which this was settled face to face.",
            "Meet, and record the day of the meeting in met_on.",
            asked.meeting_cites[0],
        )
    lowest = asked.posts[level(state)]
    if actor.post not in _from(state, lowest):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This lies with the {title(state.procedure, lowest)} now.",
            f"Ask the {title(state.procedure, lowest)} of either unit to record what was agreed.",
            asked.cites[-1],
        )


def _from(state: CaseTransferState, post: str) -> tuple[str, ...]:
    """A post, and those above it."""
    found, here = [post], next_up(state.procedure, post)
    while here is not None and here not in found:
        found.append(here)
        here = next_up(state.procedure, here)
    return tuple(found)


def apply_settle(state: CaseTransferState, said: SettleDispute, _actor: Actor, now: datetime) -> None:
    """Go on where the transfer was; information that is still waited for is waited for again."""
    met_on = said.met_on.isoformat() if said.met_on else None
    state.facts = {**state.facts, "dispute.open": False, LEVEL: 0, "dispute.settled_at_meeting": met_on}
    move(state, "settle_dispute", now)
    clock = state.clocks.get("missing_information")
    if state.missing and clock is not None and clock.ticking and clock.due > now:
        move(state, WAIT_AGAIN, now)


def end_with_transfer(state: CaseTransferState, now: datetime) -> None:
    """A dispute ends, on the record, when the case has moved or stays: it held nothing up (HAC-079).

    Runs after every change, and twice changes nothing. Who had it to settle is told.

    Args:
        state: The transfer.
        now: UTC.
    """
    if state.stage in OPEN or not state.facts.get("dispute.open"):
        return
    asked = rules(state).disputes
    told = (Notice(post=asked.posts[level(state)], subject="transfer_dispute_ended"),)
    by, where = system(state.procedure), str(state.stage)
    note(state, now, "dispute_ended", by, cites=asked.cites, notices=told, text=where)
    state.facts = {**state.facts, "dispute.open": False, LEVEL: 0, "dispute.ended_by": where}


def not_settled(state: CaseTransferState, clock: Clock, now: datetime) -> None:
    """The Consultant Social Workers did not agree in time: their Group Managers step in (HAC-129).

    Args:
        state: The transfer.
        clock: The clock of the dispute.
        now: UTC.
    """
    fall_due(state, clock, now)
    state.facts = {**state.facts, LEVEL: level(state) + 1}


def information_late(state: CaseTransferState, clock: Clock, now: datetime) -> None:
    """The day that missing information may take is over: the transfer proceeds, and the list stays the sender's.

    Args:
        state: The transfer.
        clock: The clock of the information.
        now: UTC.
    """
    fall_due(state, clock, now)
    if state.stage is TransferStage.AWAITING_INFORMATION:
        move(state, GO_ON, now)
