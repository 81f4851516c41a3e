"""After the decision: nothing is left, or a review is set and brings the matter back to panel (decisions A6, B7)."""

from datetime import date, datetime, timedelta

from models.acts import MaybeReasoned
from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.journey import JourneyState, WantedSitting
from models.people import Actor
from models.vocabulary import APPROVALS, ActionState, JourneyAct, Outcome, Stage
from rules import clocks
from rules.authority import clock_rule, rule_for, system
from rules.journeys import renewal
from rules.journeys.claiming import claim
from rules.journeys.common import REVIEW, move, to_whose_move, today
from rules.journeys.passing import pass_on, start_again
from rules.journeys.responding import RESPONSE
from rules.journeys.signing import go_on, sign_with_the_form
from rules.journeys.telling import tell_closed, tell_referred
from rules.process import note
from rules.schedule import cut_off_for, last_sitting_by, next_sitting_in_time, panel_key, panel_of
from rules.working_days import instant, local

NOTICE_BEFORE_CUT_OFF = timedelta(days=14)
"""How long before its sitting's cut-off a review is listed, so that the worker can write it (assumed)."""
NOTICE_OF_PROGRAMME = timedelta(days=1)
"""The same for reviews that come back by themselves: until then the actions of the decision are what people see."""


def plan_review(state: JourneyState, review_on: date | None, now: datetime, at: str | None = None) -> None:
    """Set the review: it comes back at the last sitting of its forum on or before its date.

    Args:
        state: The journey.
        review_on: Local date; `None` leaves an earlier review as it is.
        now: UTC.
        at: The forum whose reviews come back by themselves; else the one that the review was planned for, or its own.
    """
    if review_on is None:
        return
    state.review_on = review_on
    state.review_forum = at or state.review_forum
    council = state.procedure
    panel = council.forums[panel_key(council, state.review_forum or state.forum_key)]
    if panel.body != "sitting":
        state.review_sitting = None
        clocks.start(state, REVIEW, REVIEW, clocks.due_on(state, REVIEW, review_on), state.referred_by.post, now)
        return
    sitting = last_sitting_by(review_on, panel, state.calendar)
    if now >= cut_off_for(sitting, panel, state.calendar):
        sitting = next_sitting_in_time(now, panel, state.calendar)
    state.review_sitting = sitting
    cut_off = local(cut_off_for(sitting, panel, state.calendar))
    notice = NOTICE_OF_PROGRAMME if at else NOTICE_BEFORE_CUT_OFF
    list_at = instant(max(cut_off.date() - notice, today(now)), cut_off.time())
    clocks.start(state, REVIEW, REVIEW, list_at, state.referred_by.post, now)


def review_is_due(state: JourneyState, _clock: Clock, now: datetime) -> None:
    """The time has come to list the review: the matter comes back with its history attached.

    Args:
        state: The journey.
        now: UTC.
    """
    clocks.meet(state, REVIEW, now)
    if state.stage not in (Stage.ACTIONS_OPEN, Stage.UNDER_REVIEW):
        return
    sitting = state.review_sitting
    state.review_sitting = None
    state.emergency = None
    state.forum_key = state.review_forum or state.forum_key
    state.review_forum = None
    if sitting is None:
        move(state, "come_back_to_post", now)
    else:
        move(state, "come_back", now)
        state.wanted = WantedSitting(forum=panel_of(state).key, sitting=sitting)
    note(
        state,
        now,
        "review_due",
        system(state.procedure),
        cites=clock_rule(state.procedure, state.forum_key, REVIEW).cites,
        notices=to_whose_move(state, "review_coming", state.referred_by.post),
        text=f"{state.forum_key} {sitting or state.review_on}",
    )
    tell_referred(state, state.referred_by, now)


def finish_or_review(state: JourneyState, now: datetime) -> None:
    """With every action done, the journey waits for its review, or is closed.

    One that was reported as not done keeps it open: the decision has to be carried out, replaced or closed by a person
    (HIL-092).

    Args:
        state: The journey, decided.
        now: UTC.
    """
    unfinished = any(a.state in (ActionState.OPEN, ActionState.NOT_DONE) for a in state.actions)
    if state.stage is not Stage.ACTIONS_OPEN or unfinished:
        return
    clocks.meet(state, RESPONSE, now)
    if stays_open(state):
        move(state, "keep_under_review", now)
        note(state, now, "under_review", system(state.procedure), text=str(state.review_on))
    else:
        _close(state, "finish", system(state.procedure), now, None)


def stays_open(state: JourneyState) -> bool:
    """Whether a decided matter is still watched: a review comes, an approval runs, or only an exit may end it.

    Args:
        state: The journey.
    """
    review = state.clocks.get(REVIEW)
    waits = review is not None and review.ticking
    return waits or state.programme is not None or renewal.runs(state) or lacks_exit(state)


def lacks_exit(state: JourneyState) -> bool:
    """Whether the forum keeps its cases until they leave by an exit, and this one has not.

    Args:
        state: The journey.
    """
    return bool(state.forum.exits) and state.exit is None


def check_close(state: JourneyState, details: MaybeReasoned, _actor: Actor, _now: datetime) -> None:
    """Nothing is closed while an action is neither done nor accounted for (HIL-091, HIL-092)."""
    if state.open_actions:
        still = ", ".join(action.reference for action in state.open_actions)
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"These actions are neither done nor accounted for: {still}.",
            "Complete each with its evidence, or report why it was not done.",
            rule_for(state.procedure, state.forum_key, JourneyAct.CLOSE).cites[0],
        )

    if lacks_exit(state):
        raise Refused(
            RefusalCode.PROHIBITED,
            f"{state.forum.title} keeps a case until it leaves by one of the exits.",
            f"Have the panel decide one of: {', '.join(way.key for way in state.forum.exits)}.",
            state.forum.exits[0].cites[0],
        )
    if (state.programme is not None or renewal.runs(state)) and not details.reasons:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "What was approved is still reviewed or has an end of its own: closing it earlier needs reasons.",
            "Close it with reasons, or let its review or renewal decide.",
            (state.programme or state.forum.renewal or state.forum).cites[0],
        )


def apply_close(state: JourneyState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """Close by hand: the review, if one was set, is not needed any more."""
    _close(state, JourneyAct.CLOSE, actor, now, details.reasons)


def _close(state: JourneyState, trigger: str, actor: Actor, now: datetime, reasons: str | None) -> None:
    clocks.stop_all(state, now)
    state.programme = None
    move(state, trigger, now)
    if state.outcome in APPROVALS and state.actions:
        state.outcome = Outcome.COMPLETED
    told = to_whose_move(state, "closed", state.referred_by.post)
    note(state, now, "closed", actor, details={"reasons": reasons}, notices=told, text=state.outcome)
    tell_closed(state, actor, now)


def apply_renewal(state: JourneyState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """Ask again for what was decided: a new round of signatures, with the history attached."""
    clocks.stop(state, REVIEW, now)
    clocks.meet(state, renewal.RENEWAL, now)
    state.review_sitting = None
    state.review_forum = None
    state.forum_key = state.referral.forum
    start_again(state)
    state.emergency = None
    move(state, JourneyAct.REQUEST_RENEWAL, now)
    sign_with_the_form(state, actor, now)
    pass_on(state, now)
    claim(state, now)
    told = to_whose_move(state, "renewal_requested")
    note(state, now, JourneyAct.REQUEST_RENEWAL, actor, details={"reasons": details.reasons}, notices=told)
    tell_referred(state, actor, now)
    go_on(state, now)
