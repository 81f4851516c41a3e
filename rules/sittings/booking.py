"""Places at a sitting: slots, the limit, the reserve list (HIL-080 to HIL-087, HIL-044, decisions A10, A16, B13)."""

from datetime import datetime

from models.errors import RefusalCode
from models.people import Actor
from models.process import CaseNews, Delivery, NewsKind, Release
from models.sitting import BookingAnswer, BookingRequest, Case, SittingState
from models.vocabulary import CaseState, SittingStage
from rules import clocks
from rules.authority import system
from rules.process import note, remember
from rules.schedule import in_time, slot_at
from rules.sittings.moves import SITTING_MOVES

OPENING = "sitting_opening"
ON_AGENDA = (CaseState.LISTED, CaseState.BEING_HEARD, CaseState.HEARD, CaseState.DECIDED, CaseState.APPROVED)
"""States in which a case takes one of the places."""


def case_of(state: SittingState, referral_ref: str) -> Case | None:
    """The case of a referral on this agenda; `None` when it is not here or left.

    Args:
        state: The sitting.
        referral_ref: The referral reference.
    """
    gone = (CaseState.RELEASED, CaseState.CARRIED_OVER)
    return next((c for c in state.cases if c.papers.referral_ref == referral_ref and c.state not in gone), None)


def reserves(state: SittingState) -> list[Case]:
    """The reserve list: carried-over cases first, then in order of asking.

    Args:
        state: The sitting.
    """
    waiting = [case for case in state.cases if case.state is CaseState.RESERVED]
    return sorted(waiting, key=lambda case: (not case.carried_over, case.booked_at, case.papers.referral_ref))


def agenda(state: SittingState) -> list[Case]:
    """The cases with a place, in order of their slots.

    Args:
        state: The sitting.
    """
    listed = [case for case in state.cases if case.state in ON_AGENDA]
    return sorted(listed, key=lambda case: case.slot or 0)


def limit(state: SittingState) -> int:
    """How many cases the sitting hears without its chair agreeing to more.

    Args:
        state: The sitting.
    """
    return state.forum.capacity.cases if state.forum.capacity else 0


def replace(state: SittingState, case: Case) -> None:
    """Put a changed case in the place of the old one.

    Args:
        state: The sitting.
        case: The case as it is now.
    """
    ref = case.papers.referral_ref
    state.cases = [case if item.papers.referral_ref == ref else item for item in state.cases]


def book(state: SittingState, request: BookingRequest, now: datetime) -> BookingAnswer:
    """Give a case a place, or say why not. Asking again improves a place; it never doubles a case.

    Args:
        state: The sitting.
        request: What the journey asks.
        now: UTC.
    """
    refusal = _refused(state, request, now)
    if refusal is not None:
        return refusal
    known = case_of(state, request.papers.referral_ref)
    waived = request.emergency or _extra_agreed(state, request)
    if known is not None and (known.slot is not None or not waived):
        return _keep(state, known, request, now)
    waived = waived or _keeps_slot(state, request)
    room = len(agenda(state)) < limit(state)
    if not (room or waived) and state.forum.capacity and state.forum.capacity.overflow == "next_sitting":
        return BookingAnswer(
            status="refused",
            chair=state.rota_chair,
            code=RefusalCode.SITTING_FULL,
            sentence="This sitting is full.",
        )
    case = _new_case(state, request, known.booked_at if known else request.asked_at or now, room=room, waived=waived)
    state.cases = [c for c in state.cases if c.papers.referral_ref != request.papers.referral_ref]
    state.cases.append(case)
    agreed = request.extra_agreed_by or request.late_agreed_by
    note(
        state,
        now,
        "booked",
        agreed or system(state.procedure),
        cites=state.forum.capacity.cites if state.forum.capacity else (),
        details={"state": case.state, "emergency": case.emergency, "late": case.late, "extra": case.extra},
        text=case.papers.referral_ref,
    )
    _watch_opening(state, now)
    tell_reserves(state, case)
    return _answer(state, case)


def _keep(state: SittingState, known: Case, request: BookingRequest, now: datetime) -> BookingAnswer:
    """A case that is here already keeps its place; what has become an emergency is heard as one."""
    if request.emergency and not known.emergency:
        known = known.model_copy(update={"papers": request.papers, "emergency": True})
        replace(state, known)
        note(state, now, "became_emergency", system(state.procedure), text=known.papers.referral_ref)
    return _answer(state, known)


def _new_case(state: SittingState, request: BookingRequest, booked_at: datetime, *, room: bool, waived: bool) -> Case:
    placed = room or waived
    slot = request.kept_slot if _keeps_slot(state, request) else _free_slot(state)
    return Case(
        papers=request.papers,
        state=CaseState.LISTED if placed else CaseState.RESERVED,
        slot=slot if placed else None,
        booked_at=booked_at,
        emergency=request.emergency,
        carried_over=request.carried_over,
        late=request.late_agreed_by is not None,
        extra=not room and waived,
    )


def _extra_agreed(state: SittingState, request: BookingRequest) -> bool:
    """Whether the chair agreed to a case beyond the limit, and may (HIL-083, HIL-086)."""
    capacity = state.forum.capacity
    return request.extra_agreed_by is not None and capacity is not None and capacity.beyond == "chair"


def _watch_opening(state: SittingState, now: datetime) -> None:
    """Watch the opening again when the first case comes after an empty sitting should have opened."""
    clock = state.clocks.get(OPENING)
    if clock is not None and not clock.ticking and state.stage is not SittingStage.IN_SESSION:
        clocks.start(state, OPENING, OPENING, max(now, state.starts) + clocks.MINUTE, clock.owner, now)


def _keeps_slot(state: SittingState, request: BookingRequest) -> bool:
    """Whether a case from a sitting that moved here finds its slot free: the agenda moves whole (HIL-070)."""
    return request.kept_slot is not None and request.kept_slot not in {case.slot for case in agenda(state)}


def _refused(state: SittingState, request: BookingRequest, now: datetime) -> BookingAnswer | None:
    if "book" not in SITTING_MOVES.legal(state.stage):
        return BookingAnswer(
            status="refused",
            chair=state.rota_chair,
            code=RefusalCode.ILLEGAL_MOVE,
            sentence=f"This sitting is {state.stage.replace('_', ' ')}.",
            moved_to=state.moved_to,
        )
    known = case_of(state, request.papers.referral_ref)
    if known is not None and known.state not in (CaseState.LISTED, CaseState.RESERVED):
        return BookingAnswer(
            status="refused",
            chair=state.rota_chair,
            code=RefusalCode.ILLEGAL_MOVE,
            sentence="This sitting has already heard the case.",
        )
    if known is not None:
        return None
    waived = request.emergency or request.carried_over or _chair_agreed(state, request.late_agreed_by)
    if not waived and not in_time(request.submitted_at or now, state.cut_off):
        return BookingAnswer(
            status="refused",
            chair=state.rota_chair,
            code=RefusalCode.PAST_CUT_OFF,
            sentence="The cut-off of this sitting has passed.",
        )
    return None


def _chair_agreed(state: SittingState, agreed_by: Actor | None) -> bool:
    return agreed_by is not None and state.rota_chair in (None, agreed_by.staff)


def _free_slot(state: SittingState) -> int:
    taken = {case.slot for case in agenda(state)}
    return next(number for number in range(len(taken) + 1) if number not in taken)


def _answer(state: SittingState, case: Case) -> BookingAnswer:
    if case.slot is not None:
        slot = slot_at(case.slot, state.starts, state.forum)
        return BookingAnswer(status="listed", slot=slot, chair=state.rota_chair)
    return BookingAnswer(status="reserved", reserve=_position(state, case), chair=state.rota_chair)


def _position(state: SittingState, case: Case) -> int:
    return [item.papers.referral_ref for item in reserves(state)].index(case.papers.referral_ref) + 1


def release(state: SittingState, told: Release, now: datetime) -> None:
    """A journey gives its place back; the first of the reserve list moves up.

    Args:
        state: The sitting.
        told: What the journey said.
        now: UTC.
    """
    if told.message_id in state.answered:
        return
    remember(state, told.message_id)
    case = case_of(state, told.referral_ref)
    if case is None or case.state not in (CaseState.LISTED, CaseState.RESERVED):
        return
    replace(state, case.model_copy(update={"state": CaseState.RELEASED, "slot": None}))
    note(state, now, "released", told.by, text=told.referral_ref)
    promote(state, now)


def promote(state: SittingState, now: datetime) -> None:
    """Fill free places from the reserve list, and tell everybody on it where they now stand.

    Args:
        state: The sitting.
        now: UTC.
    """
    if state.stage is SittingStage.IN_SESSION:
        return
    while len(agenda(state)) < limit(state) and reserves(state):
        first = reserves(state)[0]
        moved_up = first.model_copy(update={"state": CaseState.LISTED, "slot": _free_slot(state)})
        replace(state, moved_up)
        note(state, now, "moved_up_from_reserve", system(state.procedure), text=first.papers.referral_ref)
        tell(state, moved_up, NewsKind.LISTED, system(state.procedure))
    tell_reserves(state)


def tell_reserves(state: SittingState, but: Case | None = None) -> None:
    """Tell every case on the reserve list where it now stands.

    Args:
        state: The sitting.
        but: One that learns it in another way.
    """
    for case in reserves(state):
        if but is None or case.papers.referral_ref != but.papers.referral_ref:
            tell(state, case, NewsKind.RESERVED, system(state.procedure))


def tell(  # noqa: PLR0913 - news has that many parts
    state: SittingState,
    case: Case,
    kind: NewsKind,
    by: Actor,
    *,
    reasons: str | None = None,
    kept_slot: int | None = None,
) -> None:
    """Tell a journey what happened to its case.

    Args:
        state: The sitting.
        case: The case as it is now.
        kind: What happened.
        by: Who did it.
        reasons: Why.
        kept_slot: The slot that the case keeps when its whole sitting moves.
    """
    number = len(state.undelivered)
    state.undelivered.append(
        Delivery(
            to=case.papers.journey,
            news=CaseNews(
                message_id=f"{state.process_id}#{state.sequence}#{kind}#{case.papers.referral_ref}#{number}",
                kind=kind,
                forum=state.forum_key,
                sitting=state.on,
                by=by,
                slot=slot_at(case.slot, state.starts, state.forum) if case.slot is not None else None,
                reserve=_position(state, case) if case.state is CaseState.RESERVED else None,
                decision=case.decision if kind is NewsKind.DECIDED else None,
                moved_to=state.moved_to,
                kept_slot=kept_slot,
                asked_at=case.booked_at,
                reasons=reasons,
            ),
        )
    )
