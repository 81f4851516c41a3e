"""Actions of a decision: done with evidence, not done with reasons, or replaced with approval (HIL-090 to HIL-096)."""

from datetime import datetime

from models.acts import ActionNotDone, Alternative, CompleteAction, OneAction
from models.errors import RefusalCode, Refused
from models.journey import Action, JourneyState
from models.people import Actor
from models.vocabulary import ActionState, JourneyAct
from rules import clocks
from rules.authority import rule_for
from rules.eyes import in_whose_place
from rules.journeys.common import (
    ACTION,
    ALTERNATIVE_PLAN,
    NOT_DONE,
    notices,
    owners,
    role_here,
    today,
)
from rules.journeys.review import finish_or_review
from rules.journeys.tasks import ALLOCATION, add_action
from rules.process import note


def named_action(state: JourneyState, details: OneAction, *, closed_too: bool = False) -> Action:
    """The action that somebody means: by reference (`A1` or `1`), by its words, or the only open one.

    Args:
        state: The journey.
        details: What was said.
        closed_too: Whether actions reported as not done count.

    Raises:
        Refused: `unknown` when none or more than one fits; `illegal_move` when it is no longer open.
    """
    open_states = (ActionState.OPEN, ActionState.NOT_DONE) if closed_too else (ActionState.OPEN,)
    candidates = [action for action in state.actions if action.state in open_states]
    known = ", ".join(action.reference for action in candidates) or "none"
    if details.action is None:
        if len(candidates) == 1:
            return candidates[0]
        raise Refused(
            RefusalCode.INCOMPLETE,
            "It is not clear which action is meant.",
            f"Name one of the open actions: {known}.",
        )
    wanted = details.action.strip().casefold()
    meant = [a for a in state.actions if wanted in (a.reference.casefold(), a.reference[1:], a.what.casefold())]
    for action in meant:
        if action in candidates:
            return action
    for action in meant:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"Action {action.reference} is {action.state.replace('_', ' ')}.",
            f"Open actions: {known}.",
        )
    raise Refused(RefusalCode.UNKNOWN, "There is no such action.", f"Open actions: {known}.")


def _require_hand_in(state: JourneyState, action: Action, actor: Actor) -> None:
    whose = in_whose_place(actor)
    own = whose == action.owner.staff or actor.post == action.owner.post
    if (
        own
        or actor.post in (role_here(state, "manager"), role_here(state, "head"))
        or whose == in_whose_place(state.referred_by)
    ):
        return
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"Action {action.reference} is not this person's to report on.",
        "Its owner, the allocated worker or the team manager can.",
        state.procedure.roles.cites[0],
    )


def check_complete(state: JourneyState, details: CompleteAction, actor: Actor, _now: datetime) -> None:
    """The action is open and the actor's, and says where its evidence is (HIL-096)."""
    _require_hand_in(state, named_action(state, details, closed_too=True), actor)


def apply_complete(state: JourneyState, details: CompleteAction, actor: Actor, now: datetime) -> None:
    """Done, with evidence; the last one leads on to the review or the end."""
    action = named_action(state, details, closed_too=True)
    _replace(state, action, ActionState.COMPLETED, now, evidence=details.evidence)
    note(
        state,
        now,
        JourneyAct.COMPLETE_ACTION,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.COMPLETE_ACTION).cites,
        details={"action": action.reference, "evidence": details.evidence},
        notices=notices("action_completed", (role_here(state, "manager"),)),
        text=action.reference,
    )
    finish_or_review(state, now)


def check_not_done(state: JourneyState, details: ActionNotDone, actor: Actor, _now: datetime) -> None:
    """The action is open and the actor's."""
    _require_hand_in(state, named_action(state, details), actor)


def apply_not_done(state: JourneyState, details: ActionNotDone, actor: Actor, now: datetime) -> None:
    """Not done, with reasons; the Head of Service is told, since every decision has to be carried out (HIL-092)."""
    action = named_action(state, details)
    _replace(state, action, ActionState.NOT_DONE, now, reasons=details.reasons)
    due = clocks.due_after(state, NOT_DONE, now)
    clocks.start(state, f"{NOT_DONE}:{action.reference}", NOT_DONE, due, role_here(state, "head"), now)
    note(
        state,
        now,
        JourneyAct.REPORT_ACTION_NOT_DONE,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.REPORT_ACTION_NOT_DONE).cites,
        details={"action": action.reference, "reasons": details.reasons},
        notices=notices("action_not_done", (role_here(state, "manager"), role_here(state, "head"))),
        text=action.reference,
    )


def check_alternative(state: JourneyState, details: Alternative, _actor: Actor, _now: datetime) -> None:
    """There is an action that the alternative stands in for."""
    named_action(state, details, closed_too=True)


def apply_alternative(state: JourneyState, details: Alternative, actor: Actor, now: datetime) -> None:
    """The case's own Head of Service approves another action; it is noted on the child's file (HIL-093, HIL-094)."""
    action = named_action(state, details, closed_too=True)
    _replace(state, action, ActionState.REPLACED, now, reasons=details.reasons)
    due = max(details.due or action.due, today(now))
    add_action(state, details.alternative, details.owner or action.owner, due, now, replaces=action.reference)
    note(
        state,
        now,
        JourneyAct.APPROVE_ALTERNATIVE,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.APPROVE_ALTERNATIVE).cites,
        details={
            "action": action.reference,
            "alternative": details.alternative,
            "reasons": details.reasons,
            "case_note_for": state.referral.subject_reference,
        },
        notices=(
            *notices("alternative_approved", (role_here(state, "manager"), role_here(state, "worker"))),
            *owners(state, state.actions[-1:]),
        ),
        text=action.reference,
    )


def _replace(  # noqa: PLR0913 - one private place
    state: JourneyState,
    action: Action,
    to: ActionState,
    now: datetime,
    *,
    evidence: str | None = None,
    reasons: str | None = None,
) -> None:
    changed = action.model_copy(
        update={"state": to, "evidence": evidence or action.evidence, "reasons": reasons or action.reasons}
    )
    state.actions = [changed if item.reference == action.reference else item for item in state.actions]
    for kind in (ACTION, ALLOCATION, ALTERNATIVE_PLAN, NOT_DONE):
        clocks.meet(state, f"{kind}:{action.reference}", now)
