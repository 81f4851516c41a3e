"""A journey as people see it."""

from datetime import datetime

from models.journey import JourneyState
from models.views import JourneyView
from models.vocabulary import JourneyAct, RequestKind, Stage
from rules.journeys.acts import JOURNEY_ACTS
from rules.journeys.common import missing_documents, waiting_on
from rules.journeys.moves import JOURNEY_MOVES
from rules.process import possible_acts

ACTS = frozenset(JourneyAct)


def next_acts(state: JourneyState) -> list[str]:
    """The acts that are legal in the present stage, whoever may do them.

    Args:
        state: The journey.
    """
    legal = [name for name in possible_acts(state, JOURNEY_MOVES, JOURNEY_ACTS) if name in ACTS]
    if not state.escalated:
        legal = [name for name in legal if name != JourneyAct.ACKNOWLEDGE_ESCALATION]
    return legal


def prompts(state: JourneyState) -> list[str]:
    """What people should look at now: the forum's prompts, and supervision while a decision is open (HIL-095).

    Args:
        state: The journey.
    """
    said = [prompt.prompt for prompt in state.forum.prompts]
    if state.decisions and state.stage in (Stage.ACTIONS_OPEN, Stage.UNDER_REVIEW):
        said.append("Supervision: discuss the panel's decision and its open actions (HIL-095)")
    if state.stage is Stage.AT_PANEL or state.stage is Stage.LISTED:
        said.extend(checkpoint.prompt for checkpoint in state.forum.checkpoints)
    if state.referral.request.kind is RequestKind.PACKAGE_AMENDMENT and state.stage is Stage.AWAITING_DECISION:
        said.append("Endorse instead of deciding when the panel should look at it too (HIL-018)")
    return said


def view(state: JourneyState, now: datetime) -> JourneyView:
    """What the journey looks like now.

    Args:
        state: The journey.
        now: UTC.
    """
    booking = state.booking
    return JourneyView(
        process=state.process_id,
        council=state.procedure.key,
        forum=state.forum_key,
        procedure_version=state.procedure.version,
        stage=state.stage,
        stage_since=state.stage_since,
        waiting_on=waiting_on(state),
        priority=state.priority,
        overdue=state.overdue,
        escalated=state.escalated,
        open=state.stage is not Stage.CLOSED,
        next_deadline=state.next_deadline,
        clocks=state.clocks,
        next_acts=next_acts(state),
        escalations=state.escalations,
        flags=[*state.flags, *(_decision_flags(state))],
        recent=state.recent,
        settled=state.settled,
        referral_ref=state.referral.referral_ref,
        child_ref=state.referral.child.reference,
        outcome=state.outcome,
        sitting=booking.sitting if booking else None,
        slot=booking.slot if booking else None,
        reserve=booking.reserve if booking else None,
        criteria=state.criteria,
        recommended_forum=state.recommended_forum,
        mismatch=state.recommended_forum != state.forum_key,
        data_quality=state.data_quality,
        documents_missing=missing_documents(state, now),
        missing_information=state.missing_information,
        actions=state.actions,
        actions_open=len(state.open_actions),
        decisions=state.decisions,
        review_on=state.review_on,
        proposed=state.proposed,
        prompts=prompts(state),
    )


def _decision_flags(state: JourneyState) -> list[str]:
    if any(record.same_person_flag for record in state.decisions):
        return ["The person who authorised the emergency also recorded its ratification"]
    return []
