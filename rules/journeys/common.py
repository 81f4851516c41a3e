"""What the acts of a journey share: whose move it is, how a stage is entered, who is told."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, assert_never

from models.errors import RefusalCode, Refused
from models.journey import Action, JourneyState
from models.membership import WithdrawalStep
from models.people import Actor
from models.process import Notice
from models.vocabulary import Priority, Stage
from rules import clocks
from rules.authority import clock_rule, keeper, role, rule_for
from rules.chain import open_posts
from rules.criteria import assess
from rules.journeys.moves import JOURNEY_MOVES
from rules.matters import deciders
from rules.papers import papers_missing
from rules.schedule import cut_off_for, next_sitting_in_time, panel_of
from rules.working_days import local

CUT_OFF = "cut_off"
NOT_DONE = "not_done"
WATCHED = {Stage.AWAITING_DECISION: "post_decision", Stage.AWAITING_LISTING: "listing"}
"""Stages that a clock of their own watches."""
ACTION = "action"
REVIEW = "review"
EMERGENCY_HEARING = "emergency_hearing"
EMERGENCY_FORM = "emergency_form"
ALTERNATIVE_PLAN = "alternative_plan"


def today(now: datetime) -> date:
    """The local date of a moment.

    Args:
        now: UTC.
    """
    return local(now).date()


def role_here(state: JourneyState, part: Literal["worker", "manager", "head", "administrator"]) -> str:
    """The post that plays a part at the journey's forum.

    Args:
        state: The journey.
        part: The part.
    """
    return role(state.procedure, state.forum_key, part)


def unit_of(state: JourneyState) -> str:
    """The unit that answers for the case.

    Args:
        state: The journey.
    """
    return state.referral.team.unit


def team(state: JourneyState) -> tuple[str, str]:
    """The posts that present the case: they are told of whatever happens to its place.

    Args:
        state: The journey.
    """
    return state.referred_by.post, role_here(state, "manager")


def owner_post(state: JourneyState, post: str | None) -> str:
    """The post that answers for an action: the named one, else the team manager (HIL-090).

    Args:
        state: The journey.
        post: The owner's post, where it is known.
    """
    return (
        post
        if post in state.procedure.posts
        else clock_rule(state.procedure, state.forum_key, ACTION).owner or state.referred_by.post
    )


def withdrawal_left(state: JourneyState) -> tuple[WithdrawalStep, ...]:
    """The consents that a case with a place still needs to leave its agenda; none where it has no place.

    Args:
        state: The journey.
    """
    if state.booking is None:
        return ()
    return (state.forum.withdrawal or panel_of(state).withdrawal)[len(state.withdrawing) :]


def waiting_on(state: JourneyState) -> str | None:  # noqa: PLR0911 - one answer a stage
    """The post whose move it is; `None` when the journey is closed.

    Args:
        state: The journey.
    """
    match state.stage:
        case Stage.AWAITING_SIGN_OFF:
            return next(iter(open_posts(state)), rule_for(state.procedure, state.forum_key, "sign_off").posts[0])
        case Stage.RETURNED | Stage.DEFERRED | Stage.UNDER_REVIEW:
            return state.referred_by.post
        case Stage.AWAITING_ENDORSEMENT:
            return next(iter(open_posts(state)), rule_for(state.procedure, state.forum_key, "endorse").posts[0])
        case Stage.AWAITING_DECISION:
            entitled = deciders(state)
            return entitled.posts[0] if entitled and entitled.posts else role_here(state, "head")
        case Stage.AWAITING_LISTING | Stage.LISTED | Stage.RESERVED | Stage.AT_PANEL:
            if state.withdrawing and (left := withdrawal_left(state)):
                return left[0].posts[0]
            return keeper(state.procedure, state.forum_key)
        case Stage.ACTIONS_OPEN:
            first = next(iter(state.open_actions), None)
            return owner_post(state, first.owner.post if first else None)
        case Stage.CLOSED:
            return None
        case _:
            assert_never(state.stage)


def move(state: JourneyState, trigger: str, now: datetime) -> None:
    """Make a move that was checked to be legal, and note since when the journey is where it is.

    Args:
        state: The journey.
        trigger: The move.
        now: UTC.
    """
    before = state.stage
    JOURNEY_MOVES.fire(trigger, state)
    if state.stage is not before:
        state.stage_since = now
        if state.stage is Stage.AT_PANEL:
            state.withdrawing = []  # it is heard: nobody takes it off the agenda any more
        _watch_stage(state, before, now)


def _watch_stage(state: JourneyState, before: Stage, now: datetime) -> None:
    """Watch the stages in which nothing else would say that a child waits."""
    left = WATCHED.get(before)
    if left is not None:
        clocks.meet(state, left, now)
    entered = WATCHED.get(state.stage)
    if entered is not None:
        due = clocks.due_after(state, entered, now)
        clocks.start(state, entered, entered, due, waiting_on(state) or state.referred_by.post, now)


def to_whose_move(state: JourneyState, subject: str, *more: str | None) -> tuple[Notice, ...]:
    """Notices to the post whose move it now is, and to others.

    Args:
        state: The journey.
        subject: What for.
        more: Other posts.
    """
    posts = dict.fromkeys(post for post in (waiting_on(state), *more) if post)
    return tuple(Notice(post=post, subject=subject) for post in posts)


def notices(subject: str, posts: Iterable[str]) -> tuple[Notice, ...]:
    """Notices to several posts.

    Args:
        subject: What for.
        posts: To whom.
    """
    return tuple(Notice(post=post, subject=subject) for post in dict.fromkeys(posts))


def owners(state: JourneyState, actions: Iterable[Action]) -> tuple[Notice, ...]:
    """Notices to whoever has to do actions that were just given, one each: nobody learns of theirs when it is late.

    Args:
        state: The journey.
        actions: Just given.
    """
    given = dict.fromkeys((owner_post(state, action.owner.post), action.owner.staff) for action in actions)
    return tuple(Notice(post=post, staff=staff, subject="actions_given") for post, staff in given)


def everybody_so_far(state: JourneyState) -> list[Actor]:
    """Whoever referred or signed this referral in its present round.

    Args:
        state: The journey.
    """
    return [state.referred_by, *(signature.actor for signature in state.signatures)]


def missing_documents(state: JourneyState, now: datetime) -> list[str]:
    """The papers that are still missing.

    Args:
        state: The journey.
        now: UTC.
    """
    supplied = (*state.documents, *state.not_applicable)
    return [one.name for one in papers_missing(state.referral, state.procedure, supplied, today(now))]


def reassess(state: JourneyState, now: datetime) -> None:
    """Find the criteria that the form meets now, and the forum that they recommend.

    Args:
        state: The journey.
        now: UTC.
    """
    found = assess(state.referral, state.procedure, today(now))
    state.criteria = found.met
    state.recommended_forum = found.recommended
    state.data_quality = found.data_quality
    if found.recommended != state.forum_key and state.procedure.forums[found.recommended].body == "post":
        propose(state, found.recommended)


def propose(state: JourneyState, forum: str) -> None:
    """Remember that this case should go to another forum.

    Args:
        state: The journey.
        forum: Its key.
    """
    if forum not in state.proposed:
        state.proposed.append(forum)


def require_known_criteria(unknown: list[str]) -> None:
    """Refuse a form that names criteria which the council does not have.

    Args:
        unknown: Rule ids that no forum of the council has as a criterion.

    Raises:
        Refused: `unknown`.
    """
    if unknown:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"These are not criteria of this council's panels: {', '.join(sorted(unknown))}.",
            "Choose from the criteria that `starter.py procedures show` lists.",
        )


def watch_cut_off(state: JourneyState, now: datetime) -> None:
    """Watch the next cut-off while the journey is not booked for a sitting (HIL-080).

    Args:
        state: The journey.
        now: UTC.
    """
    panel = panel_of(state)
    if panel.body == "sitting" and panel.cut_off is not None:
        on = next_sitting_in_time(now, panel, state.calendar)
        due = cut_off_for(on, panel, state.calendar)
        owner = waiting_on(state) or state.referred_by.post
        clocks.start(state, CUT_OFF, CUT_OFF, due, owner, now, clocks.MINUTE)
    else:
        clocks.stop(state, CUT_OFF, now)


def raise_priority(state: JourneyState, to: Priority) -> None:
    """Raise the priority; it never falls by itself.

    Args:
        state: The journey.
        to: The least priority from now on.
    """
    order = list(Priority)
    state.priority = max(state.priority, to, key=order.index)
