"""A journey's place at a sitting: which one, late or beyond the limit with the chair's agreement, and its loss.

Rules HIL-080 to HIL-086 and HIL-044; decisions A3, A10, B1, B13.
"""

from datetime import date, datetime

from models.errors import RefusalCode
from models.journey import Booking, JourneyState, WantedSitting
from models.people import Actor
from models.procedure import Forum
from models.process import CaseNews, NewsKind
from models.sitting import BookingAnswer, BookingRequest, CasePapers
from models.vocabulary import ClockState, Stage
from rules import clocks
from rules.authority import system
from rules.chain import is_complete
from rules.conditions import fact, told
from rules.escalation import raise_by
from rules.eyes import references
from rules.form import would_be_looked_after
from rules.journeys import ahead
from rules.journeys.ahead import release_place
from rules.journeys.common import (
    CUT_OFF,
    EMERGENCY_HEARING,
    everybody_so_far,
    move,
    role_here,
    team,
    to_whose_move,
    today,
    unit_of,
)
from rules.journeys.emergency import hearing_is_overdue
from rules.journeys.knowing import is_direct, known, points, rank
from rules.journeys.tasks import follow
from rules.journeys.watching import waits_for
from rules.journeys.windows import look_at_date, sitting_wanted
from rules.process import note
from rules.schedule import cut_off_for, ends_at, in_time, next_sitting, next_sitting_in_time, panel_of

LISTING = "listing"
"""What follows by rule from the first place at a sitting."""
SLIPS_BEFORE_ESCALATION = 2
"""A case that loses its place twice is brought to somebody's eyes: a child waits."""


def want_next_sitting(state: JourneyState, now: datetime, after: date | None = None) -> None:
    """Ask for a place at the first sitting ahead that the journey was submitted in time for.

    A chair's agreement to lateness (HIL-081) that was given before the endorsement counts for its own sitting.

    Args:
        state: The journey.
        now: UTC.
        after: Only sittings after this date.
    """
    agreed, panel, held = state.wanted, panel_of(state), state.booking
    if is_direct(state, now):
        soonest = next_sitting(now, panel, state.calendar, after)
        state.wanted = WantedSitting(forum=panel.key, sitting=soonest, emergency=True)
        return
    received = submitted_at(state) or now
    sitting = sitting_wanted(state, received, now, after)
    if held is not None and held.provisional and in_time(received, cut_off_for(held.sitting, panel, state.calendar)):
        sitting = held.sitting  # its papers are in: the place that was held for it is its own
    state.wanted = WantedSitting(forum=panel.key, sitting=sitting)
    if agreed and agreed.late_agreed_by and agreed.forum == panel.key and after is None:
        still_ahead = now < ends_at(agreed.sitting, panel)
        if still_ahead and agreed.sitting < state.wanted.sitting:
            state.wanted = agreed


def submitted_at(state: JourneyState) -> datetime | None:
    """When the last signature before the panel was given: what a cut-off asks for (HIL-080). `None` before that.

    Where no signature is asked for, it is when the form came.

    Args:
        state: The journey.
    """
    return state.received_at if is_complete(state) else None


def _agreed_by(state: JourneyState) -> tuple[str, ...]:
    """Who else had a hand in an emergency: who agreed, and on whose behalf a deputy authorised it."""
    if state.emergency is None:
        return ()
    authoriser = state.emergency.authorised_by
    stood_in_for = (authoriser.on_behalf_of,) if authoriser is not None and authoriser.on_behalf_of else ()
    return (*references(state.emergency.agreed_by), *stood_in_for)


def papers_of(state: JourneyState) -> CasePapers:
    """What a sitting needs to know of the case.

    Args:
        state: The journey.
    """
    referral = state.referral
    as_of = state.received_at or state.stage_since
    authoriser = state.emergency.authorised_by if state.emergency else None
    return CasePapers(
        journey=state.process_id,
        referral_ref=referral.referral_ref,
        child_ref=referral.subject_reference or referral.referral_ref,
        unit=unit_of(state),
        signed_by=references(everybody_so_far(state)),
        looked_after=would_be_looked_after(referral, state.procedure),
        in_custody=bool(fact(referral, "child.in_custody")),
        remand_expected=bool(fact(referral, "child.remand_expected")),
        youth_justice=referral.team.youth_justice,
        authorised_by=authoriser.staff if authoriser else None,
        agreed_by=_agreed_by(state),
        legal_section=referral.request.legal_section,
        documents=tuple(state.documents),
        criteria=tuple(criterion.rule for criterion in state.criteria),
        facts=told(state.procedure, state.forum_key, known(state, today(as_of))),
        forum=state.forum_key,
        heard_before=bool(state.decisions),
        unconfirmed=waits_for(state, as_of),
        family=fact(referral, "child.family_reference"),
        rank=rank(state),
        score=points(state, as_of),
    )


def booking_request(state: JourneyState) -> BookingRequest:
    """What the journey asks the sitting that it wants.

    Args:
        state: The journey, with a wanted sitting.
    """
    wanted = state.wanted
    if wanted is None:
        msg = "no sitting is wanted"
        raise ValueError(msg)
    return BookingRequest(
        message_id=f"{state.process_id}#{state.sequence}",
        papers=papers_of(state),
        late_agreed_by=wanted.late_agreed_by,
        extra_agreed_by=wanted.extra_agreed_by,
        emergency=wanted.emergency,
        carried_over=wanted.carried_over,
        submitted_at=submitted_at(state),
        kept_slot=wanted.kept_slot,
        asked_at=wanted.asked_at,
        provisional=wanted.provisional,
        firm=wanted.firm,
    )


def answered(state: JourneyState, answer: BookingAnswer, now: datetime) -> None:
    """Take a sitting's answer: a slot, a reserve place, or a refusal, after which the next sitting is tried.

    Args:
        state: The journey.
        answer: What the sitting said.
        now: UTC.
    """
    wanted = state.wanted
    if wanted is None:
        return
    if wanted.refresh:
        state.wanted = None
        return
    if answer.chair:
        state.rota.setdefault(wanted.forum, {})[wanted.sitting] = answer.chair
    if answer.status == "refused":
        _try_another(state, wanted, answer, now)
        return
    state.wanted = None
    given = Booking(forum=wanted.forum, sitting=wanted.sitting, slot=answer.slot, reserve=answer.reserve)
    if wanted.firm:
        ahead.keep_fallback(state, given, now)
        return
    old = state.booking
    if old is not None and (old.forum, old.sitting) != (wanted.forum, wanted.sitting):
        release_place(state, old, system(state.procedure))
    if wanted.provisional:
        ahead.place_ahead(state, given.model_copy(update={"provisional": True}), now)
        return
    place(state, given, now)
    if wanted.emergency and not overdue_hearing(state):
        due = ends_at(wanted.sitting, state.procedure.forums[wanted.forum])
        clocks.start(state, EMERGENCY_HEARING, EMERGENCY_HEARING, due, role_here(state, "head"), now)


def overdue_hearing(state: JourneyState) -> bool:
    """Whether a panel already passed without the emergency: it stays overdue until it is heard (HIL-044).

    Args:
        state: The journey.
    """
    clock = state.clocks.get(EMERGENCY_HEARING)
    return clock is not None and clock.state is ClockState.BREACHED


def came_too_late(state: JourneyState, wanted: WantedSitting, answer: BookingAnswer) -> None:
    """Give back a place that a sitting gave after the journey had stopped wanting it.

    Args:
        state: The journey.
        wanted: What it had asked for.
        answer: What the sitting said.
    """
    here = (wanted.forum, wanted.sitting)
    places = (state.booking, state.fallback, state.asking)
    still = [(place.forum, place.sitting) for place in places if place is not None]
    if answer.status != "refused" and here not in still:
        release_place(state, Booking(forum=wanted.forum, sitting=wanted.sitting), system(state.procedure))


def place(state: JourneyState, booking: Booking, now: datetime) -> None:
    """Take a place. A deferred case stays deferred while something is missing or until its sitting.

    Args:
        state: The journey.
        booking: The place.
        now: UTC.
    """
    state.booking = booking
    clocks.meet(state, CUT_OFF, now)
    listed = booking.slot is not None
    if state.stage is not Stage.DEFERRED:
        move(state, "list" if listed else "reserve", now)
    if listed:
        ahead.let_go_of_fallback(state, system(state.procedure))
    else:
        ahead.want_firm_place(state, now)
    told = to_whose_move(state, "listed" if listed else "reserved", *team(state))
    note(
        state,
        now,
        "listed" if listed else "reserved",
        system(state.procedure),
        cites=_listing_rule(panel_of(state)),
        details={"forum": booking.forum, "sitting": booking.sitting.isoformat(), "reserve": booking.reserve},
        notices=told,
        text=f"{booking.forum} {booking.sitting}",
    )
    look_at_date(state, booking, now)
    follow(state, (LISTING,), known(state, today(now)), now, once=True)


def _listing_rule(forum: Forum) -> tuple[str, ...]:
    return forum.capacity.cites if forum.capacity else forum.cites


def _try_another(state: JourneyState, wanted: WantedSitting, answer: BookingAnswer, now: datetime) -> None:
    note(
        state,
        now,
        "place_refused",
        system(state.procedure),
        details={"sitting": wanted.sitting.isoformat(), "code": answer.code},
        text=f"{wanted.forum} {wanted.sitting}: {answer.code or 'closed'}",
    )
    if answer.code is RefusalCode.SITTING_FULL and not (wanted.firm or wanted.provisional):
        _count_slip(state, now)
    here = (wanted.forum, wanted.sitting)
    if state.booking is not None and here == (state.booking.forum, state.booking.sitting) and not answer.moved_to:
        state.wanted = None  # it is being heard there, or that sitting itself tells what becomes of it
        return
    if state.booking is not None and state.booking.sitting > wanted.sitting and not wanted.emergency:
        state.wanted = None  # it still has its later place
        return
    received, moved_to, panel = submitted_at(state) or now, answer.moved_to, panel_of(state)
    waived = wanted.emergency or wanted.carried_over or wanted.late_agreed_by is not None
    if moved_to is not None and (waived or in_time(received, cut_off_for(moved_to, panel, state.calendar))):
        state.wanted = wanted.model_copy(update={"sitting": moved_to})
        return
    find = next_sitting if wanted.emergency or wanted.carried_over or wanted.firm else next_sitting_in_time
    following = find(now, panel, state.calendar, wanted.sitting)
    keep = {
        "late_agreed_by": None,
        "extra_agreed_by": None,
        "kept_slot": None,
        "sitting": following,
    }
    state.wanted = wanted.model_copy(update=keep)


def _count_slip(state: JourneyState, now: datetime) -> None:
    """A sitting had no room: the second time that a case has to wait, the chair's post is told (C6)."""
    state.slips += 1
    if must_be_seen(state):
        raise_by(state, system(state.procedure), "no room again", now, chairs(state))


def chairs(state: JourneyState) -> str:
    """The post that chairs the sittings of a journey's panel.

    Args:
        state: The journey.
    """
    seat = next((seat for seat in panel_of(state).seats if seat.role == "chair"), None)
    return seat.post[0] if seat else role_here(state, "head")


def give_back(state: JourneyState, actor: Actor, now: datetime) -> None:
    """Give up the place at a sitting, if there is one, and any firm place behind it.

    Args:
        state: The journey.
        actor: On whose account.
        now: UTC.
    """
    ahead.let_go_of_fallback(state, actor)
    if state.booking is not None:
        release_place(state, state.booking, actor)
        state.booking = None
    clocks.stop(state, EMERGENCY_HEARING, now)


def _hearing_slipped(state: JourneyState, news: CaseNews, now: datetime) -> None:
    hearing = state.clocks.get(EMERGENCY_HEARING)
    if news.moved_to is not None:
        clocks.stop(state, EMERGENCY_HEARING, now)
    elif hearing is not None and hearing.ticking and not overdue_hearing(state):
        hearing_is_overdue(state, hearing, now)


def slipped(state: JourneyState, news: CaseNews, now: datetime) -> None:
    """A sitting passed without hearing the case, or moved: it goes on to the next.

    With a sitting that moves it keeps its slot, agreed beyond the limit or not (HIL-070). An emergency that a panel
    passed without hearing is overdue from then on (HIL-044).

    Args:
        state: The journey.
        news: What the sitting said.
        now: UTC.
    """
    emergency = state.emergency is not None and state.emergency.listed
    state.booking = None
    _hearing_slipped(state, news, now)
    move(state, "carry_over", now)
    firm = ahead.fall_back(state, news)
    panel = panel_of(state)
    sitting = news.moved_to or next_sitting(now, panel, state.calendar, news.sitting)
    if news.kind is NewsKind.CARRIED_OVER:
        state.carried_over += 1
        state.slips += 1
    state.wanted = WantedSitting(
        forum=panel.key,
        sitting=sitting,
        emergency=emergency,
        carried_over=True,
        kept_slot=news.kept_slot,
        asked_at=news.asked_at,
    )
    note(
        state,
        now,
        news.kind,
        news.by,
        cites=_listing_rule(panel),
        details={"sitting": news.sitting.isoformat(), "reasons": news.reasons},
        notices=to_whose_move(state, news.kind, *team(state)),
        text=f"{news.forum} {news.sitting}",
    )
    if firm is not None:
        state.wanted = None
        place(state, firm, now)


def must_be_seen(state: JourneyState) -> bool:
    """Whether a case has lost its place so often that somebody must look.

    Args:
        state: The journey.
    """
    return max(state.slips, state.carried_over) >= SLIPS_BEFORE_ESCALATION
