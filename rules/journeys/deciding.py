"""A decision is taken: by a panel, by a post alone, or by a post after its panel; and what opens with it.

Rules HIL-001, HIL-014, HIL-015, HIL-019, HIL-090 to HIL-092, HIL-105, HIL-106, HIL-113; decisions A11, A14, B6, B7.
"""

from datetime import date, datetime

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.journey import DecisionRecord, JourneyState, WantedSitting
from models.people import Actor, Owner
from models.process import Notice
from models.vocabulary import APPROVALS, Outcome, Priority
from rules import clocks
from rules.authority import emergency_of, informed
from rules.conditions import Facts, all_hold
from rules.decisions import require_whole_decision, way_out
from rules.eyes import in_whose_place, same_person
from rules.findings import require_sound, with_decision
from rules.journeys import authorising, programmes
from rules.journeys.beginning import begin_what_was_decided
from rules.journeys.claiming import settle_claim
from rules.journeys.common import (
    ALTERNATIVE_PLAN,
    CUT_OFF,
    EMERGENCY_HEARING,
    everybody_so_far,
    move,
    notices,
    owners,
    raise_priority,
    role_here,
    to_whose_move,
    today,
)
from rules.journeys.final import final_decider, recommend, require_final_decider, with_recommended
from rules.journeys.knowing import decision_flags, known
from rules.journeys.onward import go_on
from rules.journeys.passing import may_be_decided_by_post
from rules.journeys.renewal import told_of, watch_period
from rules.journeys.responding import watch_response
from rules.journeys.review import finish_or_review, plan_review
from rules.journeys.tasks import add_action, allocate, ask_for_papers, follow
from rules.journeys.telling import tell_decided
from rules.journeys.watching import flag_unconfirmed, unconfirmed
from rules.matters import require_below_limit, require_decider
from rules.process import note
from rules.schedule import next_sitting_in_time, panel_of
from rules.working_days import add_working_days

DECISION = "decision"
"""Every decision but a deferral, for what follows by rule."""


def check_decide_as_post(state: JourneyState, details: Decided, actor: Actor, now: datetime) -> None:
    """A post decides alone only what its procedure leaves to it, up to its limit (HIL-019)."""
    if state.recommendation is not None:
        require_final_decider(state, state.recommendation, details, actor)
        _require_sound(state, with_recommended(state, details), now)
        return
    if state.forum.decided_by is None and state.forum.matrix is None:
        _require_within_limit(state, now)
    require_decider(state, actor, everybody_so_far(state))
    if details.decision is Outcome.DEFERRED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "A post has no next sitting to defer to.",
            "Return the form for changes and say what is missing.",
        )
    if details.decision in APPROVALS:
        require_below_limit(state)
    _require_sound(state, details, now)


def _require_sound(state: JourneyState, decided: Decided, now: datetime) -> None:
    """Refuse what a post says for the same reasons as what a panel says."""
    legal = decided.legal_section or state.referral.request.legal_section
    emergency = state.emergency is not None and state.emergency.listed
    require_whole_decision(decided, state.forum, legal, today(now), emergency=emergency)
    facts, met = known(state, today(now)), [criterion.rule for criterion in state.criteria]
    require_sound(state.procedure, state.forum, decided, facts, met, today(now))
    wanted = [one for one in unconfirmed(state, now) if one.before_decision == "required"]
    if wanted and decided.decision is not Outcome.DEFERRED:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"Not confirmed yet: {', '.join(one.title or one.key for one in wanted)}.",
            "Have it confirmed on the case first.",
            wanted[0].cites[0],
        )


def _require_within_limit(state: JourneyState, now: datetime) -> None:
    rule = state.forum.by_post
    if rule is not None and may_be_decided_by_post(state, now):
        return
    about_money = rule is not None and all_hold(rule.when[:1], state.referral, today(now), state.procedure)
    if about_money:
        raise Refused(
            RefusalCode.OVER_LIMIT,
            "This is above what a head of service may approve alone, or more scrutiny was asked for.",
            "Endorse it, so that the panel hears it.",
            rule.cites[0] if rule else None,
        )
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        f"{state.forum.title} decides this; no post may decide it alone.",
        "Endorse it, so that the panel hears it.",
    )


def apply_decide_as_post(state: JourneyState, details: Decided, actor: Actor, now: datetime) -> None:
    """A post's decision counts like a panel's."""
    clocks.meet(state, CUT_OFF, now)
    decide(state, with_recommended(state, details), actor, now, None)


def decide(state: JourneyState, decided: Decided, by: Actor, now: datetime, sitting: date | None) -> None:
    """Take a decision: a post may have to decide on it first; deferral waits for its sitting, all else opens actions.

    Args:
        state: The journey, at panel or before a post.
        decided: The decision.
        by: Who recorded it.
        now: UTC.
        sitting: The sitting; `None` when a post decided.
    """
    authoriser = state.emergency.authorised_by if state.emergency else None
    facts = with_decision(known(state, today(now)), decided)
    record = DecisionRecord(
        decided=decided,
        legal_section=decided.legal_section or state.referral.request.legal_section,
        by=by,
        at=now,
        forum=state.forum_key,
        sitting=sitting,
        same_person_flag=authoriser is not None and same_person(authoriser, by),
        flags=decision_flags(state, facts, decided.decision, now),
    )
    state.booking = None
    state.wanted = None
    if sitting is not None:
        state.recommendation = None  # a panel that heard it again speaks anew
    awaited = final_decider(state, decided, facts, now) if state.recommendation is None else None
    if awaited is not None:
        recommend(state, record, awaited, by, now)
        return
    _take(state, record, facts, now)


def _take(state: JourneyState, record: DecisionRecord, facts: Facts, now: datetime) -> None:
    decided, by = record.decided.model_copy(update={"exit": way_out(record.decided, state.forum)}), record.by
    begun, before = tuple(state.begun), len(state.actions)
    state.decisions.append(record)
    state.outcome = decided.decision
    if decided.decision is Outcome.DEFERRED:
        _defer(state, decided, now)
        state.recommendation = None
    else:
        state.recommendation = None
        settle_claim(state)
        _open_actions(state, decided, facts, now)
        go_on(state, decided, facts, by, now)
        begin_what_was_decided(state, record, facts, by, now)
    _tell_decision(state, record, by, now, owners(state, state.actions[before:]))
    tell_decided(state, record, by, now, begun)
    if decided.decision is not Outcome.DEFERRED:
        finish_or_review(state, now)


def _tell_decision(
    state: JourneyState, record: DecisionRecord, by: Actor, now: datetime, given: tuple[Notice, ...]
) -> None:
    team = (state.referred_by.post, role_here(state, "manager"))
    renewal = told_of(record.decided)
    told = to_whose_move(
        state, f"decided:{record.decided.decision}", *team, *informed(state.procedure, state.forum_key)
    )
    note(
        state,
        now,
        "decided",
        by,
        cites=next((o.cites for o in state.forum.options if o.outcome is record.decided.decision), ()),
        details=record.model_dump(mode="json"),
        notices=(*told, *given, *(notices(renewal, team) if renewal else ())),
        text=record.decided.decision,
    )


def _defer(state: JourneyState, decided: Decided, now: datetime) -> None:
    state.missing_information = list(decided.missing)
    move(state, "send_back" if state.recommendation else "defer", now)
    named = decided.to_sitting
    state.wanted = WantedSitting(
        forum=panel_of(state).key,
        sitting=named or next_sitting_in_time(now, panel_of(state), state.calendar, today(now)),
        emergency=state.emergency is not None and state.emergency.listed,
        carried_over=True,
    )


def _open_actions(state: JourneyState, decided: Decided, facts: Facts, now: datetime) -> None:
    move(state, "decide", now)
    if decided.decision in (Outcome.RATIFIED, Outcome.NOT_RATIFIED):
        clocks.meet(state, EMERGENCY_HEARING, now)
    for action in decided.actions:
        add_action(state, action.what, action.owner, action.due, now)
    if decided.decision is Outcome.NOT_RATIFIED:
        _plan_alternative(state, now)
    if decided.decision in APPROVALS:
        watch_response(state, now)
    allocate(state, decided.services, now)
    follow(state, (decided.decision, DECISION), facts, now, decided.skips)
    ask_for_papers(state, now)
    flag_unconfirmed(state, now)
    authorising.settle(state, decided.decision)
    watch_period(state, decided, now)
    if decided.exit is not None:
        state.exit = decided.exit
        programmes.stop(state, now)
    if decided.review_on is not None:
        state.review_forum = None
    plan_review(state, decided.review_on, now)
    programmes.carry_on(state, decided, facts, now)


def _plan_alternative(state: JourneyState, now: datetime) -> None:
    """The panel does not ratify: the child stays, and who authorised finds a safe alternative (A11)."""
    route = emergency_of(state.procedure, state.forum_key)
    if route is None:
        return
    authoriser = state.emergency.authorised_by if state.emergency else None
    owner = Owner(post=role_here(state, "head"))
    if authoriser is not None:
        owner = Owner(post=authoriser.post, staff=in_whose_place(authoriser))
    due = add_working_days(today(now), route.alternative_plan_working_days, state.calendar)
    raise_priority(state, Priority.EMERGENCY)
    add_action(
        state,
        "Safe alternative plan; the child stays where they are meanwhile",
        owner,
        due,
        now,
        ALTERNATIVE_PLAN,
    )
