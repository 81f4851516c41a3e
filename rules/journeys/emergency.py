"""What cannot wait for a panel (HIL-029, HIL-030, HIL-040 to HIL-044; decisions A10, A11, B2).

Two separate things: the Director, a delegate or the Head of Service on duty authorises the act; two Heads of Service
agree the legal planning meeting outside the panel. Either puts the case on the very next sitting.
"""

from datetime import datetime

from models.acts import AuthoriseEmergency
from models.errors import RefusalCode, Refused
from models.journey import EmergencyRecord, JourneyState, WantedSitting
from models.people import Actor
from models.procedure import Emergency
from models.vocabulary import EmergencyMeasure, JourneyAct, Priority
from rules import clocks
from rules.authority import same_unit, titles
from rules.journeys.common import (
    CUT_OFF,
    EMERGENCY_HEARING,
    move,
    notices,
    raise_priority,
    unit_of,
)
from rules.process import note
from rules.schedule import next_sitting
from rules.working_days import out_of_hours


def _route(state: JourneyState) -> Emergency:
    route = state.procedure.emergency
    if route is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{state.procedure.title} has no emergency route for this forum.",
            "Ask the head of service what to do next.",
        )
    return route


def agrees_only(state: JourneyState, actor: Actor) -> bool:
    """Whether this actor agrees a legal planning meeting rather than authorises the act itself.

    Args:
        state: The journey.
        actor: Who acts.
    """
    route = state.procedure.emergency
    return route is not None and actor.post == route.agreed_by


def check_authorise(state: JourneyState, details: AuthoriseEmergency, actor: Actor, now: datetime) -> None:
    """In hours the Director or a delegate; out of hours the Head of Service on duty too; two to agree a meeting."""
    route = _route(state)
    if state.emergency is not None and state.emergency.authorised_by and not agrees_only(state, actor):
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "This emergency is already authorised.",
            "The case is on the next sitting for ratification.",
            state.procedure.clocks[EMERGENCY_HEARING].cites[0],
        )
    if actor.post in route.out_of_hours_posts:
        hours = route.working_hours
        if not out_of_hours(now, hours.starts, hours.ends, state.calendar):
            raise Refused(
                RefusalCode.NOT_AUTHORISED,
                "The head of service on duty authorises out of hours only.",
                f"In working hours ask the {titles(state.procedure, route.posts)}.",
                route.out_of_hours_cites[0],
            )
    elif agrees_only(state, actor):
        _check_agreement(state, details, actor, route)


def _check_agreement(state: JourneyState, details: AuthoriseEmergency, actor: Actor, route: Emergency) -> None:
    of_case = same_unit(actor.unit, unit_of(state))
    of_court = actor.unit is None or any(same_unit(actor.unit, unit) for unit in route.agreed_by_units)
    if not (of_case or of_court):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "Only the case's own head of service and the head of service for court agree this outside the panel.",
            "Ask those two.",
            route.agreed_cites[0],
        )
    earlier = state.emergency.agreed_by if state.emergency else ()
    if actor.staff in {person.staff for person in earlier} and not details.delegated:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Two heads of service have to agree: this one already has.",
            "Ask the other one, or record the Director's delegation.",
            route.agreed_cites[0],
        )
    _require_the_pair(state, earlier, details, route, of_case=of_case)


def _require_the_pair(
    state: JourneyState,
    earlier: tuple[Actor, ...],
    details: AuthoriseEmergency,
    route: Emergency,
    *,
    of_case: bool,
) -> None:
    """The two who agree are the case's own Head of Service and the Head of Service for Court (HIL-030)."""
    first_of_case = any(same_unit(person.unit, unit_of(state)) for person in earlier)
    if not earlier or details.delegated or first_of_case is not of_case:
        return
    other = "for court" if of_case else f"for {unit_of(state)}"
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"The second agreement is the head of service {other}'s.",
        f"Ask the head of service {other}.",
        route.agreed_cites[0],
    )


def apply_authorise(state: JourneyState, details: AuthoriseEmergency, actor: Actor, now: datetime) -> None:
    """Record who authorised or agreed; the case goes on the very next sitting, past cut-off and limit."""
    route, roles = _route(state), state.procedure.roles
    before = state.emergency or EmergencyRecord(measure=details.measure)
    if agrees_only(state, actor):
        after = before.model_copy(
            update={
                "agreed_by": (*before.agreed_by, actor),
                "measure": before.measure or EmergencyMeasure.LEGAL_PROCEEDINGS,
                "delegated": before.delegated or details.delegated,
            }
        )
        what, cites = "legal_planning_meeting_agreed", route.agreed_cites
    else:
        after = before.model_copy(
            update={
                "authorised_by": actor,
                "authorised_at": now,
                "measure": details.measure or before.measure,
            }
        )
        in_hours = actor.post in route.posts
        what, cites = JourneyAct.AUTHORISE_EMERGENCY, route.cites if in_hours else route.out_of_hours_cites
    state.emergency = after
    raise_priority(state, Priority.EMERGENCY)
    complete = after.authorised_by is not None or len(after.agreed_by) > 1 or after.delegated
    note(
        state,
        now,
        what,
        actor,
        cites=cites,
        details={"measure": after.measure, "reasons": details.reasons, "agreed": len(after.agreed_by)},
        notices=notices(
            "emergency_authorised" if complete else "emergency_agreement_wanted",
            (roles.head, roles.manager, roles.administrator, state.referred_by.post),
        ),
        text=after.measure,
    )
    if after.agreed_by and after.authorised_by is None:
        state.flags = [*dict.fromkeys([*state.flags, "Director's authorisation of the act is not recorded yet"])]
    else:
        state.flags = [flag for flag in state.flags if not flag.startswith("Director's authorisation")]
    if complete and not after.listed:
        _list(state, after, now)


def _list(state: JourneyState, record: EmergencyRecord, now: datetime) -> None:
    """Ask for the very next sitting. A place that it already has is given back once that sitting has answered."""
    state.emergency = record.model_copy(update={"listed": True})
    if state.forum.body != "sitting":
        return
    clocks.meet(state, CUT_OFF, now)
    move(state, "go_straight_to_panel", now)
    sitting = next_sitting(now, state.forum, state.calendar)
    state.wanted = WantedSitting(forum=state.forum_key, sitting=sitting, emergency=True)
