"""What cannot wait for a panel (HIL-029, HIL-030, HIL-040 to HIL-044; decisions A10, A11, B2).

Who may authorise it, until when, for which measures, and whether the form follows or comes first, stands in the
procedure. Where it names two who agree a legal planning meeting outside the panel, that is a thing apart from the
authorisation. Either puts the case on the very next sitting.
"""

from datetime import date, datetime

from models.acts import AuthoriseEmergency
from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.journey import EmergencyRecord, JourneyState, WantedSitting
from models.membership import Emergency
from models.people import Actor
from models.vocabulary import EmergencyMeasure, JourneyAct, Priority
from rules import clocks
from rules.authority import clock_rule, emergency_of, same_unit, system, titles, unit_fits
from rules.conditions import Known
from rules.eyes import in_whose_place, is_among
from rules.form import require_at
from rules.journeys.authorising import give_for_now
from rules.journeys.common import (
    CUT_OFF,
    EMERGENCY_FORM,
    EMERGENCY_HEARING,
    move,
    notices,
    raise_priority,
    role_here,
    today,
    unit_of,
)
from rules.journeys.knowing import known, require_step
from rules.journeys.tasks import follow
from rules.papers import require_papers
from rules.process import note
from rules.schedule import next_sitting, panel_of
from rules.seating import may_chair
from rules.working_days import add_working_days, out_of_hours

FOLLOWS = "emergency"
"""What follows by rule from an authorisation."""
PROVISIONAL, LAPSED = "provisional", "lapsed"
NOT_RECORDED = "Director's authorisation of the act is not recorded yet"


def _route(state: JourneyState) -> Emergency:
    route = emergency_of(state.procedure, state.forum_key)
    if route is not None:
        return route
    if state.forum.no_emergency:
        raise Refused(
            RefusalCode.PROHIBITED,
            f"Nothing of {state.forum.title} is decided outside its meetings, in an emergency either.",
            "Refer to the panel that hears emergencies; tell the head of service and legal services.",
            state.forum.no_emergency[0],
        )
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        f"{state.procedure.title} has no emergency route for this forum.",
        "Ask the head of service what to do next.",
    )


def agrees_only(state: JourneyState, actor: Actor) -> bool:
    """Whether this actor agrees a legal planning meeting rather than authorises the act itself.

    Args:
        state: The journey.
        actor: Who acts.
    """
    route = emergency_of(state.procedure, state.forum_key)
    return route is not None and actor.post == route.agreed_by


def check_authorise(state: JourneyState, details: AuthoriseEmergency, actor: Actor, now: datetime) -> None:
    """Who may, in or out of hours; once; for a measure that the council has; and with its form where that is first."""
    route = _route(state)
    if state.emergency is not None and state.emergency.authorised_by and not agrees_only(state, actor):
        raise Refused(
            route.again,
            "This emergency is already authorised.",
            "The case is on the next sitting for ratification.",
            clock_rule(state.procedure, state.forum_key, EMERGENCY_HEARING).cites[0],
        )
    if agrees_only(state, actor):
        _check_agreement(state, details, actor, route)
    else:
        _require_post(state, actor, route, now)
    _require_measure(state, details, route)
    _require_form(state, route, now)


def _require_post(state: JourneyState, actor: Actor, route: Emergency, now: datetime) -> None:
    if actor.post in route.out_of_hours_posts:
        hours = route.working_hours
        if hours is not None and not out_of_hours(now, hours.starts, hours.ends, state.calendar):
            raise Refused(
                RefusalCode.NOT_AUTHORISED,
                f"The {titles(state.procedure, route.out_of_hours_posts)} authorises out of hours only.",
                f"In working hours ask the {titles(state.procedure, route.posts)}.",
                (*route.out_of_hours_cites, *route.cites)[0],
            )
        return
    of_case = _chairs_or_heads(state, actor, now) if route.unit == "own_or_chair" else _fits(state, actor, route)
    if actor.post not in route.posts or not of_case:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"An emergency of {unit_of(state)} is for the {titles(state.procedure, route.posts)} to authorise.",
            f"Ask the {titles(state.procedure, route.posts)}"
            f"{' who answers for that unit' if route.unit != 'any' else ''}.",
            route.cites[0],
        )


def _fits(state: JourneyState, actor: Actor, route: Emergency) -> bool:
    unit = route.unit if route.unit != "own_or_chair" else "any"
    return unit_fits(unit, actor, unit_of(state))


def _chairs_or_heads(state: JourneyState, actor: Actor, now: datetime) -> bool:
    """Whether somebody answers for the case's unit, or chairs the panel that will hear it."""
    if same_unit(actor.unit, unit_of(state)):
        return True
    panel = panel_of(state)
    if panel.body != "sitting":
        return actor.unit is None
    chair = state.rota.get(panel.key, {}).get(next_sitting(now, panel, state.calendar))
    return chair == in_whose_place(actor) if chair is not None else may_chair(actor, panel)


def _require_measure(state: JourneyState, details: AuthoriseEmergency, route: Emergency) -> None:
    if details.measure is not None and route.measures and details.measure not in route.measures:
        raise Refused(
            RefusalCode.PROHIBITED,
            f"{state.procedure.title} does not authorise {details.measure.replace('_', ' ')} outside the panel.",
            f"Outside the panel: {', '.join(words.replace('_', ' ') for words in route.measures)}.",
            route.cites[0],
        )


def _require_form(state: JourneyState, route: Emergency, now: datetime) -> None:
    """What the law and the forum ask for in an emergency; the whole form where that comes first."""
    require_step(state, "emergency", now)
    if route.form == "first":
        require_step(state, "refer", now)


def _check_agreement(state: JourneyState, details: AuthoriseEmergency, actor: Actor, route: Emergency) -> None:
    of_case = same_unit(actor.unit, unit_of(state))
    of_court = actor.unit is None or any(same_unit(actor.unit, unit) for unit in route.agreed_by_units)
    cite = (*route.agreed_cites, *route.cites)[0]
    if not (of_case or of_court):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "Only the case's own head of service and the head of service for court agree this outside the panel.",
            "Ask those two.",
            cite,
        )
    earlier = state.emergency.agreed_by if state.emergency else ()
    if is_among(actor, earlier) and not details.delegated:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Two heads of service have to agree: this one already has.",
            "Ask the other one, or record the Director's delegation.",
            cite,
        )
    first_of_case = any(same_unit(person.unit, unit_of(state)) for person in earlier)
    if earlier and not details.delegated and first_of_case is of_case:
        other = "for court" if of_case else f"for {unit_of(state)}"
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"The second agreement is the head of service {other}'s.",
            f"Ask the head of service {other}.",
            cite,
        )


def apply_authorise(state: JourneyState, details: AuthoriseEmergency, actor: Actor, now: datetime) -> None:
    """Record who authorised or agreed; the case goes on the very next sitting, past cut-off and limit."""
    route = _route(state)
    agreeing = agrees_only(state, actor)
    after = _agreed(state, details, actor) if agreeing else _authorised(state, details, actor, route, now)
    what = "legal_planning_meeting_agreed" if agreeing else JourneyAct.AUTHORISE_EMERGENCY
    state.emergency = after
    raise_priority(state, Priority.EMERGENCY)
    complete = after.authorised_by is not None or len(after.agreed_by) > 1 or after.delegated
    subject = "emergency_authorised" if complete else "emergency_agreement_wanted"
    parts = (role_here(state, "head"), role_here(state, "manager"), role_here(state, "administrator"))
    note(
        state,
        now,
        what,
        actor,
        cites=_cites(route, actor, agreeing=agreeing),
        details={"measure": after.measure, "reasons": details.reasons, "agreed": len(after.agreed_by)},
        notices=notices(subject, (*parts, state.referred_by.post, *(route.tells if complete else ()))),
        text=after.measure,
    )
    if after.agreed_by and after.authorised_by is None:
        state.flags = [*dict.fromkeys([*state.flags, NOT_RECORDED])]
    else:
        state.flags = [flag for flag in state.flags if flag != NOT_RECORDED]
    if complete and not after.listed:
        give_for_now(state)
        follow(state, (FOLLOWS,), known(state, today(now)), now, once=True)
        _list(state, after, now)
        _watch_form(state, route, now)


def _cites(route: Emergency, actor: Actor, *, agreeing: bool) -> tuple[str, ...]:
    if agreeing:
        return route.agreed_cites or route.cites
    return route.cites if actor.post in route.posts else route.out_of_hours_cites or route.cites


def _agreed(state: JourneyState, details: AuthoriseEmergency, actor: Actor) -> EmergencyRecord:
    before = state.emergency or EmergencyRecord(measure=details.measure)
    return before.model_copy(
        update={
            "agreed_by": (*before.agreed_by, actor),
            "measure": before.measure or EmergencyMeasure.LEGAL_PROCEEDINGS,
            "delegated": before.delegated or details.delegated,
        }
    )


def _authorised(
    state: JourneyState, details: AuthoriseEmergency, actor: Actor, route: Emergency, now: datetime
) -> EmergencyRecord:
    before = state.emergency or EmergencyRecord(measure=details.measure)
    only = EmergencyMeasure(route.measures[0]) if len(route.measures) == 1 else None
    return before.model_copy(
        update={
            "authorised_by": actor,
            "authorised_at": now,
            "measure": details.measure or before.measure or only,
        }
    )


def _list(state: JourneyState, record: EmergencyRecord, now: datetime) -> None:
    """Ask for the very next sitting. A place that it already has is given back once that sitting has answered."""
    state.emergency = record.model_copy(update={"listed": True})
    panel = panel_of(state)
    if panel.body != "sitting":
        return
    clocks.meet(state, CUT_OFF, now)
    move(state, "go_straight_to_panel", now)
    sitting = next_sitting(now, panel, state.calendar)
    state.wanted = WantedSitting(forum=panel.key, sitting=sitting, emergency=True)


def _watch_form(state: JourneyState, route: Emergency, now: datetime) -> None:
    """Watch the form that follows an emergency, where the procedure says by when."""
    if route.form_within_working_days is None or form_is_complete(state, now):
        return
    day: date = add_working_days(today(now), route.form_within_working_days, state.calendar)
    due = clocks.due_on(state, EMERGENCY_FORM, day)
    clocks.start(state, EMERGENCY_FORM, EMERGENCY_FORM, due, state.referred_by.post, now)


def form_is_complete(state: JourneyState, now: datetime) -> bool:
    """Whether the form of an emergency has by now all that it needs without one.

    Args:
        state: The journey.
        now: UTC.
    """
    met = [criterion.rule for criterion in state.criteria]
    facts = known(state, today(now))
    facts = Known(facts.referral, {**facts.more, "route.emergency": False})
    try:
        require_papers(state.referral, state.procedure, state.documents, today(now))
        require_at("refer", facts, state.procedure, state.forum_key, met, today(now))
        require_at("sign_off", facts, state.procedure, state.forum_key, met, today(now))
    except Refused:
        return False
    return True


def form_has_come(state: JourneyState, now: datetime) -> None:
    """Meet the clock of a form that followed its emergency, once nothing is missing any more.

    Args:
        state: The journey, amended or with a paper more.
        now: UTC.
    """
    clock = state.clocks.get(EMERGENCY_FORM)
    if clock is not None and clock.ticking and form_is_complete(state, now):
        clocks.meet(state, EMERGENCY_FORM, now)


def hearing_is_overdue(state: JourneyState, clock: Clock, now: datetime) -> None:
    """The sitting that should have heard an emergency has passed.

    Where the authorisation lasts only until then, it lapses. Nothing ends for the child: people are told (A11).

    Args:
        state: The journey.
        clock: The clock of the hearing.
        now: UTC.
    """
    clocks.breach(state, clock, now)
    route = emergency_of(state.procedure, state.forum_key)
    record = state.emergency
    if route is None or record is None or route.lasts != "next_sitting" or record.lapsed_at is not None:
        return
    state.emergency = record.model_copy(update={"lapsed_at": now})
    state.authorised = {key: LAPSED if said == PROVISIONAL else said for key, said in state.authorised.items()}
    told = (role_here(state, "head"), role_here(state, "administrator"), *route.tells, *route.lapse_tells)
    note(
        state,
        now,
        "emergency_authorisation_lapsed",
        system(state.procedure),
        cites=route.cites,
        notices=notices("emergency_authorisation_lapsed", told),
        text=record.measure,
    )
