"""The meeting itself: apologies, opening with a quorum, hearing, deciding, and what happens to cases not heard.

Rules HIL-047 to HIL-067, HIL-088, HIL-105, HIL-106, HIL-113, HIL-114; decisions A11 to A15, B10, B15.
"""

from datetime import datetime

from models.acts import (
    CloseSitting,
    Hear,
    MaybeReasoned,
    OneCase,
    OpenSitting,
    Postpone,
)
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import NewsKind, Notice
from models.sitting import Case, Interest, SittingState
from models.vocabulary import CaseState, SittingAct
from rules import clocks
from rules.authority import role, rule_for
from rules.independence import independent_panel, require_quorum
from rules.process import note
from rules.seating import may_chair
from rules.sittings import apologies
from rules.sittings.booking import CIRCULATION, OPENING, promote, tell
from rules.sittings.moves import SITTING_MOVES
from rules.sittings.order import agenda, case_of, replace, reserves
from rules.sittings.papers import require_papers_in, watch_minutes
from rules.sittings.room import (
    chair_seat,
    chair_seat_post,
    empty_seats,
    outside_flags,
    presenter_flags,
    presenting,
    require_entitled_chair,
    require_own_staff,
    require_presenters,
    seat_titles,
    taking_part,
    with_newcomers,
)
from rules.sittings.turns import turn_flags
from rules.working_days import is_working_day, local

SITTING_END = "sitting_end"


def move(state: SittingState, trigger: str, now: datetime) -> None:
    """Make a move that was checked to be legal, and note since when the sitting is where it is.

    Args:
        state: The sitting.
        trigger: The move.
        now: UTC.
    """
    before = state.stage
    SITTING_MOVES.fire(trigger, state)
    if state.stage is not before:
        state.stage_since = now


def require_case(state: SittingState, referral_ref: str, *states: CaseState) -> Case:
    """The case that somebody means, in a state that allows what they want.

    Args:
        state: The sitting.
        referral_ref: The referral reference.
        states: What the case may be.

    Raises:
        Refused: `unknown` or `illegal_move`.
    """
    case = case_of(state, referral_ref)
    if case is None:
        on = ", ".join(item.papers.referral_ref for item in agenda(state)) or "no case"
        raise Refused(RefusalCode.UNKNOWN, f"{referral_ref} is not on this sitting's agenda.", f"On the agenda: {on}.")
    if case.state not in states:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{referral_ref} is {case.state.replace('_', ' ')}.",
            f"This needs it to be {' or '.join(s.replace('_', ' ') for s in states)}.",
        )
    return case


def check_interest(state: SittingState, details: OneCase, _actor: Actor, _now: datetime) -> None:
    """The case is here and not decided yet."""
    require_case(state, details.case, CaseState.LISTED, CaseState.RESERVED, CaseState.BEING_HEARD)


def apply_interest(state: SittingState, details: OneCase, actor: Actor, now: datetime) -> None:
    """Somebody has an interest in a case: they do not count as independent on it."""
    state.interests.extend(Interest(staff=staff, referral_ref=details.case) for staff in actor.people)
    told = (Notice(post=role(state.procedure, state.forum_key, "administrator"), subject="interest_declared"),)
    said = {"case": details.case, "reasons": details.reasons}
    note(state, now, SittingAct.DECLARE_INTEREST, actor, details=said, notices=told, text=details.case)


def check_open(state: SittingState, details: OpenSitting, _actor: Actor, now: datetime) -> None:
    """On its day, under the chair whom rota or seat name, with a quorum (HIL-047, HIL-048, HIL-050, HIL-059)."""
    if local(now).date() < state.on:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"The sitting is on {state.on}; it cannot open before.",
            "Open it on its day.",
        )
    require_own_staff(state, (details.chair, *details.present))
    require_entitled_chair(state, details.chair, details.present)
    require_quorum(state.procedure, state.forum, details.chair, details.present)


def apply_open(state: SittingState, details: OpenSitting, actor: Actor, now: datetime) -> None:
    """Open: who is here is recorded, and which seats are empty."""
    state.chair = details.chair
    people: dict[str, Actor] = {details.chair.staff: details.chair}
    for person in details.present:
        people.setdefault(person.staff, person)
    state.present = list(people.values())
    empty = empty_seats(state)
    state.flags = [*state.flags, *empty, *outside_flags(state), *turn_flags(state)]
    clocks.meet(state, OPENING, now)
    clocks.stop(state, CIRCULATION, now)
    apologies.stop_looking(state, now)
    move(state, SittingAct.OPEN_SITTING, now)
    note(
        state,
        now,
        SittingAct.OPEN_SITTING,
        actor,
        cites=state.forum.quorum.cites if state.forum.quorum else (),
        details={"chair": details.chair.staff, "present": list(people), "empty": empty},
    )


def check_hear(state: SittingState, details: Hear, _actor: Actor, _now: datetime) -> None:
    """The case is listed, and enough people independent of it are in the room (HIL-051, B10)."""
    case = require_case(state, details.case, CaseState.LISTED)
    require_papers_in(case)
    chair = details.chair or state.chair
    if chair is None:
        return
    require_own_staff(state, details.present)
    seat = chair_seat(state)
    if details.chair is not None and seat is not None and not may_chair(details.chair, state.forum):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "This person cannot chair a case here.",
            f"Name one who may: {seat_titles(state.forum)}.",
            seat.cites[0],
        )
    room = with_newcomers(state, details.present)
    if chair.staff not in {person.staff for person in room}:
        raise Refused(
            RefusalCode.NOT_AUTHORISED, "This person is not in the room.", "Name somebody who is recorded as present."
        )
    independent_panel(state.procedure, state.forum, chair, room, case.papers, state.interests)
    require_presenters(state, case, room)


def apply_hear(state: SittingState, details: Hear, actor: Actor, now: datetime) -> None:
    """Call a case: the live agenda shows it, with the panel that may decide it (HIL-088)."""
    case = case_of(state, details.case)
    chair = details.chair or state.chair
    if case is None or chair is None:
        return
    state.present = with_newcomers(state, details.present)
    panel = independent_panel(state.procedure, state.forum, chair, state.present, case.papers, state.interests)
    panel = (*panel, *(person for person in taking_part(state, case, state.present) if person not in panel))
    unpresented = presenter_flags(state, case, state.present)
    flags = (*case.flags, *unpresented)
    heard = case.model_copy(update={"state": CaseState.BEING_HEARD, "heard_at": now, "panel": panel, "flags": flags})
    replace(state, heard)
    state.flags = [*state.flags, *unpresented]
    told = {chair_seat_post(state) or actor.post: "presenter_absent"} if unpresented else {}
    note(
        state,
        now,
        SittingAct.HEAR,
        actor,
        cites=rule_for(state.procedure, state.forum_key, SittingAct.HEAR).cites,
        details={
            "case": details.case,
            "chair": chair.staff,
            "panel": [person.staff for person in panel],
            "presented_by": [person.staff for person in presenting(state, case, state.present)],
            "absent": unpresented,
        },
        notices=tuple(Notice(post=post, subject=subject) for post, subject in told.items()),
        text=details.case,
    )
    tell(state, heard, NewsKind.HEARD, actor)


def check_carry_over(state: SittingState, details: OneCase, _actor: Actor, _now: datetime) -> None:
    """The case is here and not decided."""
    require_case(state, details.case, CaseState.LISTED, CaseState.RESERVED, CaseState.BEING_HEARD)


def apply_carry_over(state: SittingState, details: OneCase, actor: Actor, now: datetime) -> None:
    """The case goes on to the next sitting, first on its reserve list if that is full; a reserve here moves up."""
    case = case_of(state, details.case)
    if case is not None:
        said = {"case": details.case, "reasons": details.reasons}
        note(state, now, SittingAct.CARRY_OVER, actor, details=said, text=details.case)
        send_on(state, case, NewsKind.CARRIED_OVER, actor, details.reasons)
        promote(state, now)


def send_on(state: SittingState, case: Case, kind: NewsKind, actor: Actor, reasons: str | None) -> None:
    """Take a case off this agenda and tell its journey to find another sitting.

    Args:
        state: The sitting.
        case: The case.
        kind: Carried over, or moved with the sitting.
        actor: Who did it.
        reasons: Why.
    """
    gone = case.model_copy(update={"state": CaseState.CARRIED_OVER, "slot": None})
    replace(state, gone)
    kept = case.slot if kind is NewsKind.MOVED else None
    tell(state, gone, kind, actor, reasons=reasons, kept_slot=kept)


def check_close_sitting(state: SittingState, _details: CloseSitting, _actor: Actor, _now: datetime) -> None:
    """Every case that was called has its decision."""
    undecided = [case.papers.referral_ref for case in state.cases if case.state is CaseState.BEING_HEARD]
    if undecided:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"These cases were called and have no decision: {', '.join(undecided)}.",
            "Record a decision for each, or carry it over.",
        )


def apply_close_sitting(state: SittingState, details: CloseSitting, actor: Actor, now: datetime) -> None:
    """Close: what was not heard goes on to the next sitting; what was learnt is shared (HIL-003)."""
    move(state, SittingAct.CLOSE_SITTING, now)
    clocks.meet(state, SITTING_END, now)
    watch_minutes(state, now)
    state.learning.extend(details.learning)
    decided = any(case.decision is not None for case in state.cases)
    seat = chair_seat_post(state)
    told = [Notice(post=role(state.procedure, state.forum_key, "administrator"), subject="sitting_closed")]
    if decided and not state.learning and seat:
        told.append(Notice(post=seat, subject="learning_wanted"))
    note(
        state,
        now,
        SittingAct.CLOSE_SITTING,
        actor,
        cites=rule_for(state.procedure, state.forum_key, SittingAct.CLOSE_SITTING).cites,
        details={"learning": state.learning},
        notices=tuple(told),
    )
    for case in [*(c for c in agenda(state) if c.state is CaseState.LISTED), *reserves(state)]:
        send_on(state, case, NewsKind.CARRIED_OVER, actor, "not heard")


def check_postpone(state: SittingState, details: Postpone, _actor: Actor, now: datetime) -> None:
    """To a later working day that is still ahead (HIL-070).

    Never to an earlier one: a case that looks for a place goes from each sitting to a later one, and so finds an end.
    """
    if details.to <= max(local(now).date(), state.on) or not is_working_day(details.to, state.calendar):
        raise Refused(
            RefusalCode.INVALID,
            f"The sitting cannot move to {details.to}.",
            "Name a later working day that is still ahead.",
            rule_for(state.procedure, state.forum_key, SittingAct.POSTPONE).cites[0],
        )


def apply_postpone(state: SittingState, details: Postpone, actor: Actor, now: datetime) -> None:
    """The sitting moves with its whole agenda, and its cut-off with it (HIL-070)."""
    state.moved_to = details.to
    _call_off(state, SittingAct.POSTPONE, NewsKind.MOVED, actor, now, details.reasons)


def apply_cancel(state: SittingState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """The sitting falls away: every case goes on to the next."""
    _call_off(state, SittingAct.CANCEL, NewsKind.CARRIED_OVER, actor, now, details.reasons)


def _call_off(  # noqa: PLR0913 - one private place
    state: SittingState, act: SittingAct, kind: NewsKind, actor: Actor, now: datetime, reasons: str | None
) -> None:
    move(state, act, now)
    clocks.stop_all(state, now)
    told = tuple(Notice(post=post, subject=act) for post in _whom_a_change_concerns(state))
    note(
        state,
        now,
        act,
        actor,
        details={"reasons": reasons, "to": state.moved_to.isoformat() if state.moved_to else None},
        notices=told,
    )
    for case in [*agenda(state), *reserves(state)]:
        send_on(state, case, kind, actor, reasons)


def _whom_a_change_concerns(state: SittingState) -> list[str]:
    return list(dict.fromkeys(post for seat in state.forum.seats if seat.role != "invited" for post in seat.post))
