"""Places at a sitting: slots, the limit, the reserve list, siblings in one slot.

Rules HIL-080 to HIL-087, HIL-044, HRT-037, HRT-038, HAC-321 to HAC-323, HAC-348 to HAC-350; decisions A10, B13, C1.
"""

from datetime import date, datetime

from models.errors import RefusalCode
from models.people import Actor
from models.process import CaseNews, Delivery, NewsKind, Notice, Release
from models.sitting import BookingAnswer, BookingRequest, Case, CasePapers, SittingState
from models.vocabulary import CaseState, SittingStage
from rules import clocks
from rules.authority import role, system
from rules.eyes import in_whose_place
from rules.process import note, remember
from rules.schedule import in_time, slot_at
from rules.sittings.moves import SITTING_MOVES
from rules.sittings.order import agenda, case_of, limit, members, place_key, precedence, replace, reserves, taken

OPENING = "sitting_opening"
CIRCULATION = "circulation"


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
    room = taken(state) < limit(state) or _sibling(state, request.papers) is not None
    overflow = state.forum.capacity.overflow if state.forum.capacity else "reserve"
    if not (room or waived) and (request.firm or overflow == "next_sitting"):
        return _no_place(state, RefusalCode.SITTING_FULL, "This sitting is full.")
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
        details={
            "case": case.papers.referral_ref,
            "state": case.state,
            "emergency": case.emergency,
            "late": case.late,
            "extra": case.extra,
        },
        notices=_whom_a_place_concerns(state, case),
        text=case.papers.referral_ref,
    )
    _watch_opening(state, now)
    watch_circulation(state, now)
    deal_slots(state, case)
    tell_reserves(state, case)
    return _answer(state, case_of(state, case.papers.referral_ref) or case)


def _whom_a_place_concerns(state: SittingState, case: Case) -> tuple[Notice, ...]:
    """Notices of what a new case means for the agenda: more than was meant, or papers that went out without it."""
    capacity, told = state.forum.capacity, []
    administrator = role(state.procedure, state.forum_key, "administrator")
    alone = sum(place_key(state, c.papers) == place_key(state, case.papers) for c in agenda(state)) == 1
    if capacity and capacity.target and alone and taken(state) == capacity.target + 1:
        told.append(Notice(post=administrator, subject="above_target"))
    waiting = len({place_key(state, item.papers) for item in reserves(state)})
    if case.slot is None and capacity and capacity.overflow == "reserve_and_next" and waiting * 2 > limit(state):
        told.append(Notice(post=administrator, subject="extra_sitting_wanted"))
    if state.circulated_at is not None:
        told += [Notice(post=post, subject="papers_added") for post in members(state)]
    return tuple(told)


def watch_circulation(state: SittingState, now: datetime) -> None:
    """Watch that the papers go out in time; cases that come to an empty sitting late, before it begins (HRT-044).

    Args:
        state: The sitting.
        now: UTC.
    """
    clock = state.clocks.get(CIRCULATION)
    if clock is not None and not clock.ticking and state.circulated_at is None and now < state.starts:
        clocks.start(state, CIRCULATION, CIRCULATION, state.starts, clock.owner, now)


def deal_slots(state: SittingState, but: Case | None = None) -> None:
    """Where cases have an order, give the slots out by it until the meeting begins, and tell whoever has another one.

    Args:
        state: The sitting.
        but: One that learns it in another way.
    """
    ordered = bool(state.order) or any(case.papers.rank is not None for case in agenda(state))
    if not ordered or state.stage is SittingStage.IN_SESSION:
        return
    places: dict[str, int] = {}
    for case in sorted(agenda(state), key=lambda case: (*precedence(state, case)[:2], case.slot or 0)):
        slot = places.setdefault(place_key(state, case.papers), len(places))
        dealt = case.model_copy(update={"slot": slot})
        replace(state, dealt)
        if slot != case.slot and (but is None or but.papers.referral_ref != case.papers.referral_ref):
            tell(state, dealt, NewsKind.LISTED, system(state.procedure))


def _keep(state: SittingState, known: Case, request: BookingRequest, now: datetime) -> BookingAnswer:
    """A case that is here already keeps its place, with its papers of today; an emergency is heard as one."""
    became = request.emergency and not known.emergency
    papers = request.papers.model_copy(update={"family": known.papers.family})  # a shared place stays shared
    changes = {"papers": papers, "emergency": known.emergency or became, "provisional": request.provisional}
    known = known.model_copy(update=changes)
    replace(state, known)
    if became:
        note(state, now, "became_emergency", system(state.procedure), text=known.papers.referral_ref)
    return _answer(state, known)


def _new_case(state: SittingState, request: BookingRequest, booked_at: datetime, *, room: bool, waived: bool) -> Case:
    placed = room or waived
    slot = request.kept_slot if _keeps_slot(state, request) else _free_slot(state, request.papers)
    return Case(
        papers=request.papers,
        state=CaseState.LISTED if placed else CaseState.RESERVED,
        slot=slot if placed else None,
        booked_at=booked_at,
        emergency=request.emergency,
        carried_over=request.carried_over,
        late=request.late_agreed_by is not None,
        extra=not room and waived,
        provisional=request.provisional,
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
    key = place_key(state, request.papers)
    others = {case.slot for case in agenda(state) if place_key(state, case.papers) != key}
    return request.kept_slot is not None and request.kept_slot not in others


def _no_place(state: SittingState, code: RefusalCode, sentence: str) -> BookingAnswer:
    return BookingAnswer(status="refused", chair=state.rota_chair, code=code, sentence=sentence)


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
        return _no_place(state, RefusalCode.ILLEGAL_MOVE, "This sitting has already heard the case.")
    if known is not None:
        return None
    waived = request.emergency or request.carried_over or request.firm or _late_agreed(state, request.late_agreed_by)
    if not waived and not in_time(request.submitted_at or now, state.cut_off):
        return _no_place(state, RefusalCode.PAST_CUT_OFF, "The cut-off of this sitting has passed.")
    return None


def _late_agreed(state: SittingState, agreed_by: Actor | None) -> bool:
    """Whether somebody let a late case in; the journey asked whether they may, the sitting knows its chair."""
    late = state.forum.cut_off.late if state.forum.cut_off else "chair"
    if agreed_by is None or late == "nobody":
        return False
    return late != "chair" or state.rota_chair in (None, in_whose_place(agreed_by))


def _sibling(state: SittingState, papers: CasePapers) -> Case | None:
    """A case on the agenda whose place this one shares."""
    key = place_key(state, papers)
    return next((case for case in agenda(state) if place_key(state, case.papers) == key), None)


def _free_slot(state: SittingState, papers: CasePapers) -> int:
    sibling = _sibling(state, papers)
    if sibling is not None and sibling.slot is not None:
        return sibling.slot
    used = {case.slot for case in agenda(state)}
    return next(number for number in range(len(used) + 1) if number not in used)


def _answer(state: SittingState, case: Case) -> BookingAnswer:
    if case.slot is not None:
        slot = slot_at(case.slot, state.starts, state.forum)
        return BookingAnswer(status="listed", slot=slot, chair=state.rota_chair)
    return BookingAnswer(status="reserved", reserve=_position(state, case), chair=state.rota_chair)


def _position(state: SittingState, case: Case) -> int:
    keys = dict.fromkeys(place_key(state, item.papers) for item in reserves(state))
    return list(keys).index(place_key(state, case.papers)) + 1


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
    note(state, now, "released", told.by, details={"case": told.referral_ref}, text=told.referral_ref)
    promote(state, now)


def promote(state: SittingState, now: datetime) -> None:
    """Fill free places from the reserve list, and tell everybody on it where they now stand.

    Args:
        state: The sitting.
        now: UTC.
    """
    if state.stage is SittingStage.IN_SESSION:
        return
    while taken(state) < limit(state) and reserves(state):
        key = place_key(state, reserves(state)[0].papers)
        for first in [case for case in reserves(state) if place_key(state, case.papers) == key]:
            moved_up = first.model_copy(update={"state": CaseState.LISTED, "slot": _free_slot(state, first.papers)})
            replace(state, moved_up)
            note(state, now, "moved_up_from_reserve", system(state.procedure), text=first.papers.referral_ref)
            tell(state, moved_up, NewsKind.LISTED, system(state.procedure))
    deal_slots(state)
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
    moved_to: date | None = None,
) -> None:
    """Tell a journey what happened to its case.

    Args:
        state: The sitting.
        case: The case as it is now.
        kind: What happened.
        by: Who did it.
        reasons: Why.
        kept_slot: The slot that the case keeps when its whole sitting moves.
        moved_to: Where this case alone goes, when not its whole sitting moves.
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
                decision=case.decision if kind in (NewsKind.DECIDED, NewsKind.APPROVED) else None,
                moved_to=moved_to or state.moved_to,
                kept_slot=kept_slot,
                asked_at=case.booked_at,
                reasons=reasons,
            ),
        )
    )
