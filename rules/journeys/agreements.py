"""Who may agree to a late case (HIL-081, CBC-079, HAC-307), and to one beyond the limit (HIL-083, HIL-086).

Two separate permissions, each with a reason (decision B13). The limit is the chair's to exceed; lateness is the
chair's, or whoever else the forum's cut-off names, or nobody's (HRT-043, HAC-242): decisions C5, D23 and F7.
"""

from datetime import date, datetime
from typing import assert_never

from models.acts import Reasoned
from models.errors import RefusalCode, Refused
from models.journey import JourneyState, WantedSitting
from models.people import Actor
from models.vocabulary import JourneyAct
from rules.authority import answers_for, holds_seat, rule_for, same_unit
from rules.eyes import in_whose_place, is_among
from rules.journeys.common import (
    everybody_so_far,
    notices,
    role_here,
    team,
    unit_of,
)
from rules.process import note
from rules.schedule import next_sitting, panel_of


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
    rule = rule_for(state.procedure, state.forum_key, act)
    chair = rota_chair(state, sitting)
    if chair is not None and chair != in_whose_place(actor):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Only the chair of the sitting of {sitting} can agree to this.",
            "Ask that sitting's chair.",
            rule.cites[0],
        )
    hand_in_it = is_among(actor, everybody_so_far(state))
    # The rota vouches for the chair whom it names, and for nobody who stands in for them.
    vouched = chair is not None and actor.on_behalf_of is None
    if not vouched and (hand_in_it or answers_for(actor, unit_of(state))):
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            "Somebody with a hand in the case cannot agree to this as its chair.",
            "Ask a head of service who is independent of the case.",
            rule.cites[0],
        )


def rota_chair(state: JourneyState, sitting: date) -> str | None:
    """Who chairs a sitting by the rota, as far as is known.

    Args:
        state: The journey.
        sitting: Local date.
    """
    own, panel = state.rota.get(state.forum_key, {}), state.rota.get(panel_of(state).key, {})
    return panel.get(sitting) or own.get(sitting)


def require_may_agree_late(state: JourneyState, actor: Actor, sitting: date) -> None:
    """Refuse whoever may not let a late case in; where the procedure lets nobody, everybody.

    Args:
        state: The journey.
        actor: Who agrees.
        sitting: The sitting concerned.

    Raises:
        Refused: `past_cut_off`, `not_authorised` or `not_independent`.
    """
    rule = panel_of(state).cut_off
    late = rule.late if rule is not None else "chair"
    match late:
        case "nobody":
            raise Refused(
                RefusalCode.PAST_CUT_OFF,
                f"Nobody may let a late case into {panel_of(state).title}.",
                "It is heard at the next sitting that it is in time for; what cannot wait is an emergency.",
                rule.cites[-1] if rule else None,
            )
        case "posts":
            return
        case "chair_or_head":
            _require_chair_or_head(state, actor, sitting)
        case "chair":
            require_chair(state, JourneyAct.AGREE_LATE, actor, sitting)
        case _:
            assert_never(late)


def _require_chair_or_head(state: JourneyState, actor: Actor, sitting: date) -> None:
    """That sitting's chair, or the case's own head of service: nobody asks whether they are independent (F7)."""
    own_head = actor.post == role_here(state, "head") and same_unit(actor.unit, unit_of(state))
    chair = rota_chair(state, sitting)
    seats = [seat for seat in panel_of(state).seats if seat.role == "chair"]
    chairs = in_whose_place(actor) == chair if chair is not None else any(holds_seat(actor, seat) for seat in seats)
    if not (own_head or chairs):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Only the chair of the sitting of {sitting} or the case's own head of service can agree to this.",
            "Ask one of them.",
            rule_for(state.procedure, state.forum_key, JourneyAct.AGREE_LATE).cites[0],
        )


def late_sitting(state: JourneyState, now: datetime) -> date:
    """The sitting that lateness is about: the very next one.

    Args:
        state: The journey.
        now: UTC.
    """
    return next_sitting(now, panel_of(state), state.calendar)


def check_agree_late(state: JourneyState, _details: Reasoned, actor: Actor, now: datetime) -> None:
    """Only who may let it in, and only for a case that would otherwise wait (HIL-081)."""
    sitting = late_sitting(state, now)
    require_may_agree_late(state, actor, sitting)
    if state.booking is not None and state.booking.sitting <= sitting:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"The case already has its place on {state.booking.sitting}.",
            "Nothing needs to be agreed.",
        )


def apply_agree_late(state: JourneyState, details: Reasoned, actor: Actor, now: datetime) -> None:
    """Remember the agreement, and ask for a place at that sitting once the case is endorsed."""
    sitting = late_sitting(state, now)
    state.wanted = WantedSitting(forum=panel_of(state).key, sitting=sitting, late_agreed_by=actor)
    note(
        state,
        now,
        JourneyAct.AGREE_LATE,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.AGREE_LATE).cites,
        details={"reasons": details.reasons, "sitting": sitting.isoformat()},
        notices=notices("late_agreed", team(state)),
        text=f"{panel_of(state).key} {sitting}",
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
    capacity = panel_of(state).capacity
    if capacity is not None and capacity.beyond == "nobody":
        raise Refused(
            RefusalCode.SITTING_FULL,
            f"{panel_of(state).title} hears no more than {capacity.cases} cases, and nobody may agree to more.",
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
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.AGREE_EXTRA).cites,
        details={"reasons": details.reasons, "sitting": state.booking.sitting.isoformat()},
        notices=notices("extra_agreed", team(state)),
    )
