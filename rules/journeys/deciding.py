"""A decision arrives: at a sitting, or by a post alone; its actions, its review, and where the matter goes on.

Rules HIL-001, HIL-014, HIL-015, HIL-019, HIL-090 to HIL-092, HIL-105, HIL-106, HIL-113; decisions A11, A14, B6, B7.
"""

from datetime import date, datetime
from typing import Literal, assert_never
from zlib import crc32

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.journey import Action, Booking, DecisionRecord, JourneyStart, JourneyState, WantedSitting
from models.people import Actor, Owner
from models.process import CaseNews, NewsKind
from models.sitting import BookingAnswer
from models.vocabulary import APPROVALS, JourneyAct, Outcome, Priority
from rules import clocks
from rules.authority import system, title
from rules.conditions import all_hold
from rules.decisions import require_whole_decision
from rules.escalation import raise_by
from rules.forums import forum_named
from rules.journeys.common import (
    ACTION,
    ALTERNATIVE_PLAN,
    CUT_OFF,
    EMERGENCY_HEARING,
    everybody_so_far,
    move,
    notices,
    owner_post,
    propose,
    raise_priority,
    to_whose_move,
    today,
)
from rules.journeys.listing import answered, must_be_seen, place, slipped
from rules.journeys.moves import JOURNEY_MOVES
from rules.journeys.referring import may_be_decided_by_post
from rules.journeys.review import finish_or_review, plan_review
from rules.process import note, remember
from rules.schedule import next_sitting_in_time
from rules.working_days import add_working_days

NEEDS_MOVE: dict[NewsKind, tuple[str, ...]] = {
    NewsKind.LISTED: ("list", "hear"),
    NewsKind.RESERVED: ("reserve", "hear"),
    NewsKind.HEARD: ("hear",),
    NewsKind.DECIDED: ("defer",),
    NewsKind.APPROVED: tuple(move.trigger for move in JOURNEY_MOVES.table),
    NewsKind.CARRIED_OVER: ("carry_over",),
    NewsKind.MOVED: ("carry_over",),
}
"""Of these moves, one must be legal for news to make sense; news that does not is recorded, and harms nothing."""
LONGEST_REFERENCE = 64


def take_news(state: JourneyState, news: CaseNews, now: datetime) -> None:  # noqa: C901 - one case a kind of news
    """What a sitting tells about the case. News that was taken before, or is about a place long given up, does nothing.

    Args:
        state: The journey.
        news: What the sitting says.
        now: UTC.
    """
    if news.message_id in state.answered:
        return
    _catch_up(state, news, now)
    here = state.booking
    ours = here is not None and (here.forum, here.sitting) == (news.forum, news.sitting)
    decided_there = any(record.sitting == news.sitting for record in state.decisions)
    if not (ours or (news.kind is NewsKind.APPROVED and decided_there)):
        return
    remember(state, news.message_id)
    if not set(NEEDS_MOVE[news.kind]).intersection(JOURNEY_MOVES.legal(state.stage)):
        note(state, now, news.kind, news.by, code=RefusalCode.ILLEGAL_MOVE, text=f"{news.forum} {news.sitting}")
        return
    match news.kind:
        case NewsKind.LISTED | NewsKind.RESERVED:
            booking = Booking(forum=news.forum, sitting=news.sitting, slot=news.slot, reserve=news.reserve)
            if booking != here:
                place(state, booking, now)
        case NewsKind.HEARD:
            _heard(state, news, now)
        case NewsKind.DECIDED:
            if news.decision is not None:
                decide(state, news.decision, news.by, now, news.sitting)
        case NewsKind.APPROVED:
            _sheet_approved(state, news, now)
        case NewsKind.CARRIED_OVER | NewsKind.MOVED:
            slipped(state, news, now)
            if must_be_seen(state):
                raise_by(state, system(state.procedure), "carried over again", now, state.procedure.roles.head)
        case _:
            assert_never(news.kind)


def _catch_up(state: JourneyState, news: CaseNews, now: datetime) -> None:
    """News of a sitting that was asked for says that it gave a place, even before its own answer arrives.

    A journey that already has a place there asks for a better one: only the answer itself tells of that.
    """
    wanted, here = state.asking, state.booking
    has_place = here is not None and (here.forum, here.sitting) == (news.forum, news.sitting)
    if wanted is not None and not has_place and (wanted.forum, wanted.sitting) == (news.forum, news.sitting):
        status: Literal["listed", "reserved"] = "reserved" if news.reserve is not None else "listed"
        answered(state, BookingAnswer(status=status, slot=news.slot, reserve=news.reserve), now)


def _heard(state: JourneyState, news: CaseNews, now: datetime) -> None:
    move(state, "hear", now)
    clocks.meet(state, EMERGENCY_HEARING, now)
    note(state, now, "heard", news.by, text=f"{news.forum} {news.sitting}")


def _sheet_approved(state: JourneyState, news: CaseNews, now: datetime) -> None:
    state.decisions = [
        record.model_copy(update={"sheet_approved_at": now}) if record.sitting == news.sitting else record
        for record in state.decisions
    ]
    note(state, now, "decision_sheet_approved", news.by, text=f"{news.forum} {news.sitting}")


def check_decide_as_post(state: JourneyState, details: Decided, actor: Actor, now: datetime) -> None:
    """A post decides alone only what its procedure leaves to it, up to its limit (HIL-019)."""
    decider = state.forum.decided_by
    if decider is None:
        _require_within_limit(state, now)
        decider = state.forum.by_post.post if state.forum.by_post else None
    if actor.post != decider:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This is for the {title(state.procedure, decider or '').lower()} to decide.",
            "Ask them.",
        )
    if actor.staff in {person.staff for person in everybody_so_far(state)}:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The person who referred or signed a case cannot decide it: four eyes are needed.",
            f"Ask another {title(state.procedure, actor.post).lower()}.",
        )
    if details.decision is Outcome.DEFERRED:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "A post has no next sitting to defer to.",
            "Return the form for changes and say what is missing.",
        )
    legal = details.legal_section or state.referral.request.legal_section
    require_whole_decision(details, state.forum, legal, today(now), emergency=False)
    if details.refer_to:
        forum_named(state.procedure, details.refer_to)


def _require_within_limit(state: JourneyState, now: datetime) -> None:
    rule = state.forum.by_post
    if rule is not None and may_be_decided_by_post(state, now):
        return
    about_money = rule is not None and all_hold(rule.when[:1], state.referral, today(now), state.procedure.settings)
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
    decide(state, details, actor, now, None)


def decide(state: JourneyState, decided: Decided, by: Actor, now: datetime, sitting: date | None) -> None:
    """Take a decision: deferral waits for its sitting, everything else opens its actions.

    Args:
        state: The journey, at panel or before a post.
        decided: The decision.
        by: Who recorded it.
        now: UTC.
        sitting: The sitting; `None` when a post decided.
    """
    authoriser = state.emergency.authorised_by if state.emergency else None
    record = DecisionRecord(
        decided=decided,
        legal_section=decided.legal_section or state.referral.request.legal_section,
        by=by,
        at=now,
        forum=state.forum_key,
        sitting=sitting,
        same_person_flag=authoriser is not None and authoriser.staff == by.staff,
    )
    state.decisions.append(record)
    state.outcome = decided.decision
    state.booking = None
    state.wanted = None
    if decided.decision is Outcome.DEFERRED:
        _defer(state, decided, now)
    else:
        _open_actions(state, decided, now)
        _onward(state, decided, by, now)
    _tell_decision(state, record, by, now)
    if decided.decision is not Outcome.DEFERRED:
        finish_or_review(state, now)


def _tell_decision(state: JourneyState, record: DecisionRecord, by: Actor, now: datetime) -> None:
    team = (state.referred_by.post, state.procedure.authority[JourneyAct.SIGN_OFF].posts[0])
    note(
        state,
        now,
        "decided",
        by,
        cites=next((o.cites for o in state.forum.options if o.outcome is record.decided.decision), ()),
        details=record.model_dump(mode="json"),
        notices=to_whose_move(state, f"decided:{record.decided.decision}", *team, *state.procedure.roles.informed),
        text=record.decided.decision,
    )


def _defer(state: JourneyState, decided: Decided, now: datetime) -> None:
    state.missing_information = list(decided.missing)
    move(state, "defer", now)
    named = decided.to_sitting
    state.wanted = WantedSitting(
        forum=state.forum_key,
        sitting=named or next_sitting_in_time(now, state.forum, state.calendar, today(now)),
        emergency=state.emergency is not None and state.emergency.listed,
        carried_over=True,
    )


def _open_actions(state: JourneyState, decided: Decided, now: datetime) -> None:
    move(state, "decide", now)
    if decided.decision in (Outcome.RATIFIED, Outcome.NOT_RATIFIED):
        clocks.meet(state, EMERGENCY_HEARING, now)
    for action in decided.actions:
        add_action(state, action.what, action.owner, action.due, now)
    if decided.decision is Outcome.NOT_RATIFIED:
        _plan_alternative(state, now)
    plan_review(state, decided.review_on, now)


def _plan_alternative(state: JourneyState, now: datetime) -> None:
    """The panel does not ratify: the child stays, and who authorised finds a safe alternative (A11)."""
    route = state.procedure.emergency
    if route is None:
        return
    authoriser = state.emergency.authorised_by if state.emergency else None
    owner = (
        Owner(post=authoriser.post, staff=authoriser.staff) if authoriser else Owner(post=state.procedure.roles.head)
    )
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


def add_action(  # noqa: PLR0913 - an action has that many parts
    state: JourneyState,
    what: str,
    owner: Owner,
    due: date,
    now: datetime,
    kind: str = ACTION,
    replaces: str | None = None,
) -> None:
    """Open an action and its clock (HIL-090).

    Args:
        state: The journey.
        what: What is to be done.
        owner: By whom.
        due: Local date: close of business.
        now: UTC.
        kind: The clock rule that it follows.
        replaces: The action that it stands in for.
    """
    reference = f"A{len(state.actions) + 1}"
    post = owner.post if owner.post in state.procedure.posts else None
    if owner.staff in state.procedure.posts and post is None:
        owner = Owner(post=owner.staff)
    state.actions.append(Action(reference=reference, what=what, owner=owner, due=due, replaces=replaces))
    due_at = clocks.due_on(state, kind, due)
    clocks.start(state, f"{kind}:{reference}", kind, due_at, owner_post(state, owner.post), now)


def _onward(state: JourneyState, decided: Decided, by: Actor, now: datetime) -> None:
    targets: list[str] = []
    if decided.refer_to:
        targets += _known(state, decided.refer_to)
    if decided.decision in APPROVALS:
        for onward in state.forum.onward:
            kept = onward.unless_retained and decided.retain_review
            applies = all_hold(onward.when, state.referral, today(now), state.procedure.settings)
            if onward.on == "approval" and applies and not kept:
                targets.append(onward.forum)
    for target in dict.fromkeys(targets):
        _refer_onward(state, target, by, now)


def _known(state: JourneyState, name: str) -> list[str]:
    """The forum's key; nothing when the sitting's newer procedure has a forum that this journey's has not.

    The case is then proposed to it, and people see a flag: a decision that was taken is never lost to a file's age.
    """
    try:
        return [forum_named(state.procedure, name).key]
    except Refused:
        propose(state, name)
        state.flags = [*state.flags, f"Refer to {name} by hand: this case's procedure is older than that forum"]
        return []


def onward_reference(reference: str, target: str) -> str:
    """The reference of the journey at another forum: this one's with the forum's key, kept apart where it is cut.

    Args:
        reference: The referral reference.
        target: The other forum's key.
    """
    whole = f"{reference}.{target}"
    if len(whole) <= LONGEST_REFERENCE:
        return whole
    tail = f"-{crc32(reference.encode()):08x}.{target}"
    return f"{reference[: LONGEST_REFERENCE - len(tail)]}{tail}"


def _refer_onward(state: JourneyState, target: str, by: Actor, now: datetime) -> None:
    """Start the journey at the other forum, once: its reference is this one's with the forum's key."""
    propose(state, target)
    reference = onward_reference(state.referral.referral_ref, target)
    referral = state.referral.model_copy(update={"referral_ref": reference, "forum": target})
    state.onward.append(
        JourneyStart(
            referral=referral,
            actor=state.referred_by,
            procedure=state.procedure,
            calendar=state.calendar,
            rota=state.rota,
            came_from=state.process_id,
        )
    )
    told = (state.referred_by.post, state.procedure.authority[JourneyAct.SIGN_OFF].posts[0])
    note(
        state,
        now,
        "referred_onward",
        by,
        cites=state.procedure.forums[target].cites,
        notices=notices("referred_onward", told),
        text=target,
    )
