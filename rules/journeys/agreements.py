"""What the chair of a sitting may agree to: a late case (HIL-081), and one beyond the limit (HIL-083, HIL-086).

Two separate permissions, each by that sitting's chair and each with a reason (decision B13).
"""

from datetime import date, datetime

from models.acts import Reasoned
from models.errors import RefusalCode, Refused
from models.journey import JourneyState, WantedSitting
from models.people import Actor
from models.vocabulary import JourneyAct
from rules.authority import same_unit
from rules.journeys.common import (
    everybody_so_far,
    notices,
    unit_of,
)
from rules.journeys.listing import team
from rules.process import note
from rules.schedule import next_sitting


def require_chair(state: JourneyState, act: JourneyAct, actor: Actor, sitting: date) -> None:
    """Refuse anybody but the chair of a sitting; without a rota, an entitled person who is independent of the case.

    Args:
        state: The journey.
        act: What is agreed.
        actor: Who agrees.
        sitting: The sitting concerned.

    Raises:
        Refused: `not_authorised` or `not_independent`.
    """
    rule = state.procedure.authority[act]
    chair = state.rota.get(state.forum_key, {}).get(sitting)
    if chair is not None and chair != actor.staff:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Only the chair of the sitting of {sitting} can agree to this.",
            "Ask that sitting's chair.",
            rule.cites[0],
        )
    hand_in_it = actor.staff in {person.staff for person in everybody_so_far(state)}
    if chair is None and (hand_in_it or same_unit(actor.unit, unit_of(state))):
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            "Somebody with a hand in the case cannot agree to this as its chair.",
            "Ask a head of service who is independent of the case.",
            rule.cites[0],
        )


def late_sitting(state: JourneyState, now: datetime) -> date:
    """The sitting that lateness is about: the very next one.

    Args:
        state: The journey.
        now: UTC.
    """
    return next_sitting(now, state.forum, state.calendar)


def check_agree_late(state: JourneyState, _details: Reasoned, actor: Actor, now: datetime) -> None:
    """Only that sitting's chair, and only for a case that would otherwise wait (HIL-081)."""
    sitting = late_sitting(state, now)
    require_chair(state, JourneyAct.AGREE_LATE, actor, sitting)
    if state.booking is not None and state.booking.sitting <= sitting:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"The case already has its place on {state.booking.sitting}.",
            "Nothing needs to be agreed.",
        )


def apply_agree_late(state: JourneyState, details: Reasoned, actor: Actor, now: datetime) -> None:
    """Remember the agreement, and ask for a place at that sitting once the case is endorsed."""
    sitting = late_sitting(state, now)
    state.wanted = WantedSitting(forum=state.forum_key, sitting=sitting, late_agreed_by=actor)
    note(
        state,
        now,
        JourneyAct.AGREE_LATE,
        actor,
        cites=state.procedure.authority[JourneyAct.AGREE_LATE].cites,
        details={"reasons": details.reasons, "sitting": sitting.isoformat()},
        notices=notices("late_agreed", team(state)),
        text=f"{state.forum_key} {sitting}",
    )


def check_agree_extra(state: JourneyState, _details: Reasoned, actor: Actor, _now: datetime) -> None:
    """Only the chair of the sitting on whose reserve list the case stands (HIL-083, HIL-086)."""
    booking = state.booking
    if booking is None or booking.reserve is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "The case is not on a reserve list, so no extra place is needed.",
            "Nothing needs to be agreed.",
        )
    capacity = state.forum.capacity
    if capacity is not None and capacity.beyond == "nobody":
        raise Refused(
            RefusalCode.SITTING_FULL,
            f"{state.forum.title} hears no more than {capacity.cases} cases, and nobody may agree to more.",
            "The case stays first in line for the next place.",
            capacity.cites[0],
        )
    require_chair(state, JourneyAct.AGREE_EXTRA, actor, booking.sitting)


def apply_agree_extra(state: JourneyState, details: Reasoned, actor: Actor, now: datetime) -> None:
    """Ask for a place beyond the limit."""
    if state.booking is None:
        return
    state.wanted = WantedSitting(forum=state.booking.forum, sitting=state.booking.sitting, extra_agreed_by=actor)
    note(
        state,
        now,
        JourneyAct.AGREE_EXTRA,
        actor,
        cites=state.procedure.authority[JourneyAct.AGREE_EXTRA].cites,
        details={"reasons": details.reasons, "sitting": state.booking.sitting.isoformat()},
        notices=notices("extra_agreed", team(state)),
    )
