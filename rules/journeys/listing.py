"""A journey's place at a sitting: which one, late or beyond the limit with the chair's agreement, and its loss.

Rules HIL-080 to HIL-086 and HIL-044; decisions A3, A10, B1, B13.
"""

from datetime import date, datetime

from models.acts import Redirect
from models.errors import RefusalCode, Refused
from models.identifiers import sitting_id
from models.journey import Booking, JourneyState, WantedSitting
from models.people import Actor
from models.procedure import Forum
from models.process import CaseNews, Delivery, Release
from models.sitting import BookingAnswer, BookingRequest, CasePapers
from models.vocabulary import ClockState, JourneyAct, RequestKind, Stage
from rules import clocks
from rules.authority import system
from rules.form import require_filled_in
from rules.forums import forum_named
from rules.journeys.common import (
    CUT_OFF,
    EMERGENCY_HEARING,
    everybody_so_far,
    move,
    reassess,
    to_whose_move,
    today,
    unit_of,
    watch_cut_off,
)
from rules.process import note
from rules.schedule import cut_off_for, ends_at, in_time, next_sitting, next_sitting_in_time

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
    agreed = state.wanted
    received = submitted_at(state) or now
    sitting = next_sitting_in_time(received, state.forum, state.calendar, after)
    while now >= ends_at(sitting, state.forum):
        sitting = next_sitting_in_time(received, state.forum, state.calendar, sitting)
    state.wanted = WantedSitting(forum=state.forum_key, sitting=sitting)
    if agreed and agreed.late_agreed_by and agreed.forum == state.forum_key and after is None:
        still_ahead = now < ends_at(agreed.sitting, state.forum)
        if still_ahead and agreed.sitting < state.wanted.sitting:
            state.wanted = agreed


def submitted_at(state: JourneyState) -> datetime | None:
    """When the last signature before the panel was given: what a cut-off asks for (HIL-080). `None` before that.

    Args:
        state: The journey.
    """
    last = state.forum.chain[-1].act if state.forum.chain else None
    return next((signature.at for signature in reversed(state.signatures) if signature.act == last), None)


def papers_of(state: JourneyState) -> CasePapers:
    """What a sitting needs to know of the case.

    Args:
        state: The journey.
    """
    referral = state.referral
    facts = referral.circumstances
    authoriser = state.emergency.authorised_by if state.emergency else None
    return CasePapers(
        journey=state.process_id,
        referral_ref=referral.referral_ref,
        child_ref=referral.child.reference,
        unit=unit_of(state),
        signed_by=tuple(dict.fromkeys(person.staff for person in everybody_so_far(state))),
        looked_after=facts.looked_after or referral.request.kind is RequestKind.ACCOMMODATION,
        in_custody=referral.child.in_custody,
        remand_expected=referral.child.remand_expected,
        youth_justice=referral.team.youth_justice,
        authorised_by=authoriser.staff if authoriser else None,
        agreed_by=tuple(person.staff for person in state.emergency.agreed_by) if state.emergency else (),
        legal_section=referral.request.legal_section,
        documents=tuple(state.documents),
        criteria=tuple(criterion.rule for criterion in state.criteria),
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
    if answer.chair:
        state.rota.setdefault(wanted.forum, {})[wanted.sitting] = answer.chair
    if answer.status == "refused":
        _try_another(state, wanted, answer, now)
        return
    state.wanted = None
    old = state.booking
    if old is not None and (old.forum, old.sitting) != (wanted.forum, wanted.sitting):
        _release(state, old, system(state.procedure))
    place(
        state,
        Booking(forum=wanted.forum, sitting=wanted.sitting, slot=answer.slot, reserve=answer.reserve),
        now,
    )
    if wanted.emergency and not overdue_hearing(state):
        due = ends_at(wanted.sitting, state.procedure.forums[wanted.forum])
        clocks.start(state, EMERGENCY_HEARING, EMERGENCY_HEARING, due, state.procedure.roles.head, now)


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
    still = [(place.forum, place.sitting) for place in (state.booking, state.asking) if place is not None]
    if answer.status != "refused" and here not in still:
        _release(state, Booking(forum=wanted.forum, sitting=wanted.sitting), system(state.procedure))


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
    told = to_whose_move(state, "listed" if listed else "reserved", *team(state))
    note(
        state,
        now,
        "listed" if listed else "reserved",
        system(state.procedure),
        cites=_listing_rule(state.forum),
        details={"forum": booking.forum, "sitting": booking.sitting.isoformat(), "reserve": booking.reserve},
        notices=told,
        text=f"{booking.forum} {booking.sitting}",
    )


def team(state: JourneyState) -> tuple[str, str]:
    """The posts that present the case: they are told of whatever happens to its place.

    Args:
        state: The journey.
    """
    return state.referred_by.post, state.procedure.authority[JourneyAct.SIGN_OFF].posts[0]


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
    if state.booking is not None and state.booking.sitting > wanted.sitting and not wanted.emergency:
        state.wanted = None  # it still has its later place
        return
    received, moved_to = submitted_at(state) or now, answer.moved_to
    waived = wanted.emergency or wanted.carried_over or wanted.late_agreed_by is not None
    if moved_to is not None and (waived or in_time(received, cut_off_for(moved_to, state.forum, state.calendar))):
        state.wanted = wanted.model_copy(update={"sitting": moved_to})
        return
    find = next_sitting if wanted.emergency or wanted.carried_over else next_sitting_in_time
    following = find(now, state.forum, state.calendar, wanted.sitting)
    keep = {
        "late_agreed_by": None,
        "extra_agreed_by": None,
        "kept_slot": None,
        "sitting": following,
    }
    state.wanted = wanted.model_copy(update=keep)


def give_back(state: JourneyState, actor: Actor, now: datetime) -> None:
    """Give up the place at a sitting, if there is one.

    Args:
        state: The journey.
        actor: On whose account.
        now: UTC.
    """
    if state.booking is not None:
        _release(state, state.booking, actor)
        state.booking = None
    clocks.stop(state, EMERGENCY_HEARING, now)


def _release(state: JourneyState, booking: Booking, actor: Actor) -> None:
    state.undelivered.append(
        Delivery(
            to=sitting_id(state.procedure.key, booking.forum, booking.sitting),
            release=Release(
                message_id=f"{state.process_id}#{state.sequence}#release#{booking.sitting}",
                referral_ref=state.referral.referral_ref,
                by=actor,
            ),
        )
    )


def check_redirect(state: JourneyState, details: Redirect, _actor: Actor, now: datetime) -> None:
    """The other forum must exist, be another one, and have what it requires (B1)."""
    forum = forum_named(state.procedure, details.forum)
    if forum.key == state.forum_key:
        raise Refused(RefusalCode.ILLEGAL_MOVE, f"The case already goes to {forum.title}.", "Name another forum.")
    if forum.body != "sitting":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{forum.title} takes cases by referral only.",
            "Refer to it, or let the panel refer the case on.",
        )
    there = state.referral.model_copy(update={"forum": forum.key})
    met = [criterion.rule for criterion in state.criteria]
    require_filled_in(there, state.procedure, met, today(now), "refer")


def apply_redirect(state: JourneyState, details: Redirect, actor: Actor, now: datetime) -> None:
    """Another forum hears the case; a place at the first one is given back."""
    forum = forum_named(state.procedure, details.forum)
    came_from = state.forum_key
    give_back(state, actor, now)
    state.forum_key = forum.key
    state.referral = state.referral.model_copy(update={"forum": forum.key})
    reassess(state, now)
    move(state, JourneyAct.REDIRECT, now)
    note(
        state,
        now,
        JourneyAct.REDIRECT,
        actor,
        cites=state.procedure.authority[JourneyAct.REDIRECT].cites,
        details={"forum": forum.key, "reasons": details.reasons},
        notices=to_whose_move(state, "redirected", *team(state)),
        text=f"{came_from} to {forum.key}",
    )
    if state.stage is Stage.AWAITING_LISTING:
        want_next_sitting(state, now)
    else:
        watch_cut_off(state, now)


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
    hearing = state.clocks.get(EMERGENCY_HEARING)
    if news.moved_to is not None:
        clocks.stop(state, EMERGENCY_HEARING, now)
    elif hearing is not None and hearing.ticking and not overdue_hearing(state):
        clocks.breach(state, hearing, now)
    move(state, "carry_over", now)
    if news.moved_to is not None:
        sitting = news.moved_to
    else:
        state.carried_over += 1
        sitting = next_sitting(now, state.forum, state.calendar, news.sitting)
    state.wanted = WantedSitting(
        forum=state.forum_key,
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
        cites=_listing_rule(state.forum),
        details={"sitting": news.sitting.isoformat(), "reasons": news.reasons},
        notices=to_whose_move(state, news.kind, *team(state)),
        text=f"{news.forum} {news.sitting}",
    )


def must_be_seen(state: JourneyState) -> bool:
    """Whether a case has lost its place so often that somebody must look.

    Args:
        state: The journey.
    """
    return state.carried_over >= SLIPS_BEFORE_ESCALATION
