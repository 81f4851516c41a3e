"""Opening actions: those of a decision, and those that follow from an event by rule (HIL-090)."""

from datetime import date, datetime

from models.acts import AgreedService
from models.deciding import FollowUp
from models.journey import Action, JourneyState
from models.people import Owner
from models.process import Notice
from models.vocabulary import ActionState
from rules import clocks
from rules.authority import clock_rule, system
from rules.conditions import Facts, all_hold
from rules.journeys.common import ACTION, owner_post, role_here, today
from rules.journeys.responding import RESPONSE
from rules.matters import matter_named
from rules.papers import papers_missing
from rules.process import note
from rules.working_days import add_working_days, local

ALLOCATION = "allocation"
"""The clock rule of a council whose panel agrees services: each is allocated by its agency in so many working days."""
PAPERS_WITHIN = 5
"""Working days within which a paper is supplied whose lack stopped nothing."""


def add_action(  # noqa: PLR0913 - an action has that many parts
    state: JourneyState,
    what: str,
    owner: Owner,
    due: date,
    now: datetime,
    kind: str = ACTION,
    replaces: str | None = None,
    follow_up: str | None = None,
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
        follow_up: The key of the rule that opens it.
    """
    reference = f"A{len(state.actions) + 1}"
    post = owner.post if owner.post in state.procedure.posts else None
    if owner.staff in state.procedure.posts and post is None:
        owner = Owner(post=owner.staff)
    state.actions.append(
        Action(reference=reference, what=what, owner=owner, due=due, replaces=replaces, follow_up=follow_up)
    )
    due_at = clocks.due_on(state, kind, due)
    clocks.start(state, f"{kind}:{reference}", kind, due_at, owner_post(state, owner.post), now)


def open_by_rule(  # noqa: PLR0913 - an action has that many parts
    state: JourneyState, key: str, what: str, post: str | None, working_days: int, now: datetime
) -> None:
    """Open an action that a rule names, unless it is open already.

    Args:
        state: The journey.
        key: The rule's key.
        what: What is to be done.
        post: By whom; the worker when no post is named.
        working_days: Until when.
        now: UTC.
    """
    if any(one.follow_up == key and one.state is ActionState.OPEN for one in state.actions):
        return
    owner = Owner(post=post or role_here(state, "worker"))
    due = add_working_days(today(now), working_days, state.calendar)
    add_action(state, what, owner, due, now, follow_up=key)


def ask_for_papers(state: JourneyState, now: datetime) -> None:
    """Turn gaps among the papers that stop nothing into actions (HAC-281).

    Args:
        state: The journey, decided.
        now: UTC.
    """
    supplied = (*state.documents, *state.not_applicable)
    for paper in papers_missing(state.referral, state.procedure, supplied, today(now)):
        if paper.missing == "action":
            open_by_rule(state, f"paper:{paper.name}", f"Supply {paper.name}", None, PAPERS_WITHIN, now)


def follow(  # noqa: PLR0913 - all that a rule may ask
    state: JourneyState,
    events: tuple[str, ...],
    facts: Facts,
    now: datetime,
    skips: dict[str, str] | None = None,
    *,
    once: bool = False,
) -> None:
    """Let everything happen that follows from an event by rule: actions, notices, or both.

    Args:
        state: The journey.
        events: What happened: an outcome and `decision`, or `listing`, or `emergency`.
        facts: What is known of the case.
        now: UTC.
        skips: Why some of it does not happen, by key; only where the rule allows it.
        once: Whether each rule follows only the first time.
    """
    for rule in rules_of(state):
        if not set(rule.on).intersection(events) or (once and rule.key in state.followed):
            continue
        if rule.kinds and state.referral.request.kind not in rule.kinds:
            continue
        if not all_hold(rule.when, facts, today(now), state.procedure):
            continue
        if once:
            state.followed.append(rule.key)
        _follow_one(state, rule, now, (skips or {}).get(rule.key) if rule.skippable else None)


def rules_of(state: JourneyState) -> tuple[FollowUp, ...]:
    """What follows at this forum, and for the matter that was asked.

    Args:
        state: The journey.
    """
    matter = matter_named(state.forum, state.referral)
    return (*state.forum.follow_ups, *(matter.follow_ups if matter else ()))


def _follow_one(state: JourneyState, rule: FollowUp, now: datetime, skipped: str | None) -> None:
    if skipped is None and rule.action is not None:
        open_by_rule(state, rule.key, rule.action, rule.owner, rule.due_working_days, now)
    note(
        state,
        now,
        "follow_up_skipped" if skipped else "followed_up",
        system(state.procedure),
        cites=rule.cites,
        details={"key": rule.key, "reasons": skipped},
        notices=() if skipped else tuple(Notice(post=post, subject=f"follow_up:{rule.key}") for post in rule.tells),
        text=rule.key,
    )


def allocate(state: JourneyState, services: tuple[AgreedService, ...], now: datetime) -> None:
    """Open one action for each service that was agreed, where the council has a clock for it.

    Args:
        state: The journey.
        services: What was agreed.
        now: UTC.
    """
    known = ALLOCATION in state.forum.clocks or ALLOCATION in state.procedure.clocks
    for service in services if known else ():
        days = clock_rule(state.procedure, state.forum_key, ALLOCATION).due_working_days or 0
        due = service.due or add_working_days(today(now), days, state.calendar)
        owner = Owner(post=service.agency if service.agency in state.procedure.posts else role_here(state, "worker"))
        response = state.clocks.get(RESPONSE)
        latest = local(response.due).date() if response is not None and response.ticking else due
        add_action(state, f"Allocate: {service.service}", owner, max(min(due, latest), today(now)), now, ALLOCATION)
