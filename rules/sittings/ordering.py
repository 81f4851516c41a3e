"""Powers over an agenda that has more cases than places: an order of its own, and an extra date (HAC-297, HAC-323).

Rules HAC-297, HAC-323, HAC-327 and HAC-350; decision D34.
"""

from collections.abc import Iterable
from datetime import datetime

from models.acts import AddDate, SetPriority
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import NewsKind
from models.sitting import Case, SittingState
from models.vocabulary import CaseState, SittingAct
from rules.authority import rule_for, system
from rules.process import note
from rules.sittings.booking import deal_slots, promote, tell, tell_reserves
from rules.sittings.order import agenda, limit, place_key, precedence, replace, reserves
from rules.working_days import is_working_day, local


def has_act(state: SittingState, act: SittingAct) -> bool:
    """Whether the procedure has an act that not every council has.

    Args:
        state: The sitting.
        act: The act.
    """
    try:
        rule_for(state.procedure, state.forum_key, act)
    except Refused:
        return False
    return True


def may_set_priority(state: SittingState) -> bool:
    """Whether somebody may order this agenda, and there is one.

    Args:
        state: The sitting.
    """
    return has_act(state, SittingAct.SET_PRIORITY) and bool(agenda(state) or reserves(state))


def may_add_date(state: SittingState) -> bool:
    """Whether somebody may add a date.

    Args:
        state: The sitting.
    """
    return has_act(state, SittingAct.ADD_DATE)


def check_set_priority(state: SittingState, details: SetPriority, _actor: Actor, _now: datetime) -> None:
    """Every case that is named is here."""
    _require_here(state, details.order)


def _require_here(state: SittingState, named: Iterable[str]) -> None:
    here = [case.papers.referral_ref for case in (*agenda(state), *reserves(state))]
    strangers = [ref for ref in named if ref not in here]
    if strangers:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"Not on this sitting's agenda or reserve list: {', '.join(strangers)}.",
            f"Name cases that are: {', '.join(here) or 'there are none'}.",
        )


def apply_set_priority(state: SittingState, details: SetPriority, actor: Actor, now: datetime) -> None:
    """The first cases of the order have the places, the others wait; an emergency keeps its place."""
    state.order = list(dict.fromkeys(details.order))
    note(
        state,
        now,
        SittingAct.SET_PRIORITY,
        actor,
        cites=rule_for(state.procedure, state.forum_key, SittingAct.SET_PRIORITY).cites,
        details=details.model_dump(mode="json"),
    )
    _give_places(state)
    deal_slots(state)
    tell_reserves(state)


def _give_places(state: SittingState) -> None:
    """Give the places out anew: emergencies first, then by the order, as many as there were."""
    everybody = [*agenda(state), *reserves(state)]
    places = max(limit(state), len({place_key(state, case.papers) for case in agenda(state)}))
    in_order = sorted(everybody, key=lambda case: (not case.emergency, precedence(state, case)[0]))
    keys = list(dict.fromkeys(place_key(state, case.papers) for case in in_order))
    placed = keys[:places]
    for case in everybody:
        key = place_key(state, case.papers)
        if key in placed and case.slot is None:
            _take_up(state, case.model_copy(update={"state": CaseState.LISTED, "slot": placed.index(key)}))
        elif key not in placed and case.slot is not None:
            replace(state, case.model_copy(update={"state": CaseState.RESERVED, "slot": None, "extra": False}))


def _take_up(state: SittingState, case: Case) -> None:
    replace(state, case)
    tell(state, case, NewsKind.LISTED, system(state.procedure))


def check_add_date(state: SittingState, details: AddDate, _actor: Actor, now: datetime) -> None:
    """A working day that is still ahead, and not this sitting's own; the cases that are named are here."""
    _require_here(state, details.cases)
    past = details.to <= local(now).date() or details.to == state.on
    if past or not is_working_day(details.to, state.calendar):
        raise Refused(
            RefusalCode.INVALID,
            f"No sitting can be added on {details.to}.",
            "Name another working day that is still ahead.",
            rule_for(state.procedure, state.forum_key, SittingAct.ADD_DATE).cites[0],
        )


def apply_add_date(state: SittingState, details: AddDate, actor: Actor, now: datetime) -> None:
    """The cases that are named go to an extra date, else the reserve list, as many as it has places for."""
    note(
        state,
        now,
        SittingAct.ADD_DATE,
        actor,
        cites=rule_for(state.procedure, state.forum_key, SittingAct.ADD_DATE).cites,
        details={"to": details.to.isoformat(), "reasons": details.reasons},
        text=str(details.to),
    )
    for case in _who_goes(state, details):
        gone = case.model_copy(update={"state": CaseState.CARRIED_OVER, "slot": None})
        replace(state, gone)
        tell(state, gone, NewsKind.MOVED, actor, reasons=details.reasons, moved_to=details.to)
    promote(state, now)


def _who_goes(state: SittingState, details: AddDate) -> list[Case]:
    if details.cases:
        return [case for case in (*agenda(state), *reserves(state)) if case.papers.referral_ref in details.cases]
    waiting = reserves(state)
    keys = list(dict.fromkeys(place_key(state, case.papers) for case in waiting))[: limit(state)]
    return [case for case in waiting if place_key(state, case.papers) in keys]
