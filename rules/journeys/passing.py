"""Where a form goes next: to the next signature, to a post that decides, or to the panel."""

from datetime import datetime

from models.journey import JourneyState
from models.vocabulary import JourneyAct, Stage
from rules.chain import current_step
from rules.conditions import all_hold
from rules.journeys.common import move, today

SIGNED_IN = {"sign_off": Stage.AWAITING_SIGN_OFF, "endorse": Stage.AWAITING_ENDORSEMENT}
TO = {
    Stage.AWAITING_SIGN_OFF: "pass_to_signer",
    Stage.AWAITING_ENDORSEMENT: "pass_to_head_of_service",
    Stage.AWAITING_DECISION: "pass_to_post",
    Stage.AWAITING_LISTING: "pass_to_panel",
}


def pass_on(state: JourneyState, now: datetime) -> None:
    """Pass a form on to the next step of its chain, or past it: to the post that decides, or to the panel.

    Args:
        state: The journey: referred, signed, amended, or asked for again.
        now: UTC.
    """
    step = current_step(state)
    if step is None and state.received_at is None:
        state.received_at = now
    if (step is None or step.act == "endorse") and not _endorsed(state) and may_be_decided_by_post(state, now):
        to = Stage.AWAITING_DECISION
    elif step is None:
        to = Stage.AWAITING_DECISION if state.forum.body == "post" else Stage.AWAITING_LISTING
    else:
        to = SIGNED_IN[step.act]
    if state.stage is not to:
        move(state, TO[to], now)


def _endorsed(state: JourneyState) -> bool:
    return any(signature.act == JourneyAct.ENDORSE for signature in state.signatures)


def may_be_decided_by_post(state: JourneyState, now: datetime) -> bool:
    """Whether a post may decide this alone, within its limit (HIL-019), unless more scrutiny was asked for (HIL-018).

    Args:
        state: The journey.
        now: UTC.
    """
    rule = state.forum.by_post
    if rule is None or any(criterion.rule in rule.unless_criteria for criterion in state.criteria):
        return False
    return all_hold(rule.when, state.referral, today(now), state.procedure)


def start_again(state: JourneyState) -> None:
    """Let the chain of signatures start again: what was signed counts no more.

    Args:
        state: The journey.
    """
    state.signatures = []
    state.received_at = None
