"""A journey as people see it."""

from datetime import datetime
from typing import Any

from models.conditions import Conditions
from models.deciding import Checkpoint
from models.journey import JourneyState
from models.views import JourneyView
from models.vocabulary import JourneyAct, Priority, Stage
from rules.conditions import Known, all_hold
from rules.journeys.acts import JOURNEY_ACTS
from rules.journeys.common import missing_documents, today, waiting_on
from rules.journeys.final import recommended
from rules.journeys.knowing import band, known, points, requirement_flags, score_flags
from rules.journeys.moves import JOURNEY_MOVES
from rules.matters import matter_of, running_total
from rules.process import possible_acts, shown
from rules.schedule import panel_of

ACTS = frozenset(JourneyAct)


def next_acts(state: JourneyState) -> list[str]:
    """The acts that are legal in the present stage, whoever may do them.

    Args:
        state: The journey.
    """
    legal = [name for name in possible_acts(state, JOURNEY_MOVES, JOURNEY_ACTS) if name in ACTS]
    if not state.escalated:
        legal = [name for name in legal if name != JourneyAct.ACKNOWLEDGE_ESCALATION]
    nobodys = _nobodys(state)
    return [name for name in legal if name not in nobodys]


def _nobodys(state: JourneyState) -> set[str]:
    """What the procedure lets nobody agree to: they are refused with its reason, and offered to nobody."""
    panel = panel_of(state)
    late = {JourneyAct.AGREE_LATE} if panel.cut_off is not None and panel.cut_off.late == "nobody" else set()
    extra = {JourneyAct.AGREE_EXTRA} if panel.capacity is not None and panel.capacity.beyond == "nobody" else set()
    return {*late, *extra}


def prompts(state: JourneyState, now: datetime) -> list[str]:
    """What people should look at now: the forum's prompts for this stage, and its checkpoints once a place is found.

    Args:
        state: The journey.
        now: UTC.
    """
    day = today(now)
    facts = known(state, day)
    facts = Known(facts.referral, {**facts.more, "stage": state.stage})
    matter = matter_of(state)
    points = [*state.forum.prompts, *(matter.prompts if matter else ())]
    if state.stage in (Stage.AT_PANEL, Stage.LISTED):
        points.extend(state.forum.checkpoints)
    return [point.prompt for point in points if all_hold(_before_decision(point), facts, day, state.procedure)]


def _before_decision(point: Checkpoint) -> Conditions:
    """What can be asked before anything is decided."""
    return tuple(condition for condition in point.when if not condition.path.startswith("decision."))


def view(state: JourneyState, now: datetime) -> JourneyView:
    """What the journey looks like now.

    Args:
        state: The journey.
        now: UTC.
    """
    return JourneyView(
        **shown(state),
        stage=state.stage,
        settled=state.settled,
        waiting_on=waiting_on(state),
        priority=_priority(state, now),
        open=state.stage is not Stage.CLOSED,
        next_acts=next_acts(state),
        flags=[*state.flags, *_decision_flags(state), *requirement_flags(state, now), *score_flags(state, now)],
        referral_ref=state.referral.referral_ref,
        child_ref=state.referral.subject_reference or "",
        outcome=state.outcome,
        **_place(state),
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
        prompts=prompts(state, now),
        recommendation=recommended(state),
        exit=state.exit,
        authorised=state.authorised,
        confirmed=[one.key for one in state.confirmed],
        holds=state.holds,
        came_from=state.came_from,
        begun=state.begun,
        score=points(state, now),
        running_total=running_total(state),
    )


def _place(state: JourneyState) -> dict[str, Any]:
    booking = state.booking
    return {
        "sitting": booking.sitting if booking else None,
        "slot": booking.slot if booking else None,
        "reserve": booking.reserve if booking else None,
        "provisional": booking.provisional if booking else False,
        "firm_place": state.fallback.sitting if state.fallback else None,
    }


def _priority(state: JourneyState, now: datetime) -> str:
    """An emergency, whatever it scores; else the band of the score, where the forum counts points."""
    found = band(state, now)
    return state.priority if found is None or state.priority is Priority.EMERGENCY else found.key


def _decision_flags(state: JourneyState) -> list[str]:
    latest = state.decisions[-1:]
    left_out = [flag for record in latest for flag in record.flags]
    if any(record.same_person_flag for record in state.decisions):
        return ["The person who authorised the emergency also recorded its ratification", *left_out]
    return left_out
