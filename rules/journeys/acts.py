"""The acts of a journey in one table, and what its clocks do by themselves."""

from datetime import datetime
from typing import Any

from models.acts import JOURNEY_DETAILS as SHAPES
from models.acts import Act
from models.clocks import Clock
from models.journey import JourneyState
from models.vocabulary import JourneyAct
from rules import clocks, process
from rules.authority import next_up, system
from rules.escalation import apply_acknowledge, check_acknowledge, raise_by_clock, take_signal
from rules.journeys import (
    actions,
    agreements,
    ahead,
    authorising,
    deciding,
    emergency,
    listing,
    redirecting,
    referring,
    review,
    signing,
    watching,
    withdrawing,
)
from rules.journeys.common import CUT_OFF, EMERGENCY_HEARING, REVIEW, notices, unit_of, waiting_on, watch_cut_off
from rules.journeys.moves import JOURNEY_MOVES
from rules.journeys.renewal import APPROVAL_END
from rules.process import ActRule, note, nothing_more


def _decided_before(state: JourneyState) -> bool:
    """Whether there are actions of a decision, which stay people's to do while the matter is before a panel again."""
    return bool(state.actions)


def _nothing_put_forward(state: JourneyState) -> bool:
    """Whether no panel has recommended yet: after that its post decides, and nobody signs any more."""
    return state.recommendation is None


def _of_a_decision(act: JourneyAct, check: Any, apply: Any) -> ActRule[JourneyState, Any]:  # noqa: ANN401 - each act has its own shape
    return ActRule(details=SHAPES[act], check=check, apply=apply, possible=_decided_before)


def _rule(act: JourneyAct, check: Any, apply: Any) -> ActRule[JourneyState, Any]:  # noqa: ANN401 - each act has its own shape
    return ActRule(details=SHAPES[act], check=check, apply=apply)


A = JourneyAct
JOURNEY_ACTS: dict[str, ActRule[JourneyState, Any]] = {
    A.AMEND: ActRule(SHAPES[A.AMEND], referring.check_amend, referring.apply_amend, signing.may_be_changed),
    A.RETURN_FOR_CHANGES: ActRule(
        SHAPES[A.RETURN_FOR_CHANGES], signing.check_return, signing.apply_return, signing.may_be_returned
    ),
    A.SIGN_OFF: _rule(A.SIGN_OFF, signing.check_sign_off, signing.apply_sign_off),
    A.ENDORSE: ActRule(SHAPES[A.ENDORSE], signing.check_endorse, signing.apply_endorse, _nothing_put_forward),
    A.AGREE_LATE: _rule(A.AGREE_LATE, agreements.check_agree_late, agreements.apply_agree_late),
    A.AGREE_EXTRA: _rule(A.AGREE_EXTRA, agreements.check_agree_extra, agreements.apply_agree_extra),
    A.SUPPLY_DOCUMENT: _rule(A.SUPPLY_DOCUMENT, referring.check_supply, referring.apply_supply),
    A.REDIRECT: _rule(A.REDIRECT, redirecting.check_redirect, redirecting.apply_redirect),
    A.WITHDRAW: _rule(A.WITHDRAW, withdrawing.check_withdraw, withdrawing.apply_withdraw),
    A.AUTHORISE_EMERGENCY: _rule(A.AUTHORISE_EMERGENCY, emergency.check_authorise, emergency.apply_authorise),
    A.DECIDE_AS_POST: _rule(A.DECIDE_AS_POST, deciding.check_decide_as_post, deciding.apply_decide_as_post),
    A.COMPLETE_ACTION: _of_a_decision(A.COMPLETE_ACTION, actions.check_complete, actions.apply_complete),
    A.REPORT_ACTION_NOT_DONE: _of_a_decision(A.REPORT_ACTION_NOT_DONE, actions.check_not_done, actions.apply_not_done),
    A.APPROVE_ALTERNATIVE: _of_a_decision(A.APPROVE_ALTERNATIVE, actions.check_alternative, actions.apply_alternative),
    A.REQUEST_RENEWAL: _rule(A.REQUEST_RENEWAL, nothing_more, review.apply_renewal),
    A.CONFIRM: ActRule(SHAPES[A.CONFIRM], watching.check_confirm, watching.apply_confirm, watching.may_be_confirmed),
    A.CLOSE: _rule(A.CLOSE, review.check_close, review.apply_close),
    A.ACKNOWLEDGE_ESCALATION: _rule(A.ACKNOWLEDGE_ESCALATION, check_acknowledge, apply_acknowledge),
}
"""Every act that is an update. `refer` starts a journey; `escalate` is a signal."""


def check(state: JourneyState, name: str, act: Act, now: datetime) -> None:
    """Judge an act without doing it.

    Args:
        state: The journey; only read.
        name: The act.
        act: Who, and what it says.
        now: UTC.

    Raises:
        Refused: With code, sentence and remedy.
    """
    process.check_act(state, name, act, now, rules=JOURNEY_ACTS, moves=JOURNEY_MOVES, unit=unit_of(state))


def perform(state: JourneyState, name: str, act: Act, now: datetime, *, judged: bool = False) -> bool:
    """Do an act.

    Args:
        state: The journey.
        name: The act.
        act: Who, and what it says.
        now: UTC.
        judged: Whether `check` let it pass at this very moment.

    Returns:
        Whether anything was done; a repeated message does nothing.

    Raises:
        Refused: The state is as it was.
    """
    return process.perform(
        state, name, act, now, rules=JOURNEY_ACTS, moves=JOURNEY_MOVES, unit=unit_of(state), judged=judged
    )


def escalate(state: JourneyState, message: object, now: datetime) -> None:
    """Take an escalation signal; never raises.

    Args:
        state: The journey.
        message: Whatever came.
        now: UTC.
    """
    take_signal(state, message, now, unit_of(state), waiting_on(state))


def _cut_off_missed(state: JourneyState, clock: Clock, now: datetime) -> None:
    """The cut-off passed without the referral being submitted: say so, and watch the next (HIL-080, HIL-081)."""
    missed = clock.climbed + 1
    owner = waiting_on(state) or clock.owner
    told = notices("cut_off_missed", [post for post in (owner, next_up(state.procedure, owner)) if post])
    by = system(state.procedure)
    note(state, now, "cut_off_missed", by, cites=(clock.cites,), notices=told, text=f"{missed}")
    if missed >= listing.SLIPS_BEFORE_ESCALATION:
        raise_by_clock(state, clock, now, (owner, next_up(state.procedure, owner)))
    ahead.lose_what_came_too_late(state, now)
    watch_cut_off(state, now)
    state.clocks[CUT_OFF] = state.clocks[CUT_OFF].model_copy(update={"climbed": missed})


ON_DUE: dict[str, clocks.OnDue[JourneyState]] = {
    EMERGENCY_HEARING: emergency.hearing_is_overdue,
    CUT_OFF: _cut_off_missed,
    REVIEW: review.review_is_due,
    APPROVAL_END: authorising.approval_ran_out,
}


def run_clocks(state: JourneyState, now: datetime) -> bool:
    """Let every clock do what is due by now.

    Args:
        state: The journey.
        now: UTC.

    Returns:
        Whether any clock did anything.
    """
    return clocks.run(state, now, ON_DUE)
