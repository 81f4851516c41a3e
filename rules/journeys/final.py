"""A panel recommends and a post decides: always, for some outcomes, or when the members did not agree.

The panel's word is kept with the decisions; nothing follows from it before the post has decided.
"""

from datetime import datetime

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.journey import DecisionRecord, JourneyState, Recommendation
from models.people import Actor
from models.vocabulary import APPROVALS, Outcome
from rules import clocks
from rules.authority import title
from rules.conditions import Facts, all_hold
from rules.eyes import is_among
from rules.journeys.common import everybody_so_far, move, notices, role_here, today, waiting_on
from rules.matters import deciders
from rules.process import note
from rules.working_days import add_working_days

POST_DECISION = "post_decision"
CHAIR = "chair"
CARRIED = (
    "actions",
    "legal_section",
    "conditions",
    "review_on",
    "refer_to",
    "retain_review",
    "checkpoints",
    "starts",
    "ends",
    "renew_by",
    "budget_code",
    "placement_ref",
    "services",
    "exit",
    "recommend",
    "skips",
)
"""What the panel said and the post need not say again when it decides the same."""


def final_decider(state: JourneyState, decided: Decided, facts: Facts, now: datetime) -> Recommendation | None:
    """Who decides after the panel; `None` when the panel's word is the decision.

    Args:
        state: The journey.
        decided: What the panel said.
        facts: What is known of the case, that word included.
        now: UTC.
    """
    disagreed = decided.dissent is not None and not decided.decided_by_chair
    rule = state.forum.final_decision
    if (
        rule is not None
        and decided.decision in rule.outcomes
        and (disagreed or not rule.on_dissent)
        and all_hold(rule.when, facts, today(now), state.procedure)
    ):
        return Recommendation(
            post=rule.post,
            units=rule.units,
            or_higher=rule.or_higher,
            cites=rule.cites,
            working_days=rule.working_days,
        )
    disagreement = state.forum.disagreement
    if disagreement is None or disagreement.decided_by == CHAIR or not disagreed:
        return None
    return (
        None
        if decided.decision is Outcome.DEFERRED
        else Recommendation(post=disagreement.decided_by, cites=disagreement.cites)
    )


def recommend(state: JourneyState, record: DecisionRecord, awaited: Recommendation, by: Actor, now: datetime) -> None:
    """Keep the panel's word, and put the matter to the post that decides.

    Args:
        state: The journey, heard.
        record: What the panel said.
        awaited: Who decides.
        by: Who recorded it.
        now: UTC.
    """
    state.decisions.append(record.model_copy(update={"recommends": True}))
    state.recommendation = awaited
    move(state, "recommend", now)
    due = clocks.due_after(state, POST_DECISION, now)
    if awaited.working_days is not None:
        day = add_working_days(today(now), awaited.working_days, state.calendar)
        due = clocks.due_on(state, POST_DECISION, day)
    clocks.start(state, POST_DECISION, POST_DECISION, due, awaited.post, now)
    told = (waiting_on(state) or awaited.post, awaited.post, state.referred_by.post, role_here(state, "manager"))
    note(
        state,
        now,
        "recommended",
        by,
        cites=awaited.cites,
        details=record.model_dump(mode="json"),
        notices=notices(f"recommended:{record.decided.decision}", told),
        text=record.decided.decision,
    )


def recommended(state: JourneyState) -> DecisionRecord | None:
    """The panel's word that a post has yet to decide on.

    Args:
        state: The journey.
    """
    if state.recommendation is None:
        return None
    return next((record for record in reversed(state.decisions) if record.recommends), None)


def with_recommended(state: JourneyState, decided: Decided) -> Decided:
    """A post's decision with what the panel said already, where both decide alike.

    Args:
        state: The journey.
        decided: What the post says.
    """
    record = recommended(state)
    if record is None:
        return decided
    said = record.decided
    alike = said.decision is decided.decision or (said.decision in APPROVALS and decided.decision in APPROVALS)
    if not alike:
        return decided
    left = {name: getattr(said, name) for name in CARRIED if not getattr(decided, name)}
    return decided.model_copy(update=left)


def require_final_decider(state: JourneyState, awaited: Recommendation, decided: Decided, actor: Actor) -> None:
    """Refuse anybody but the post that decides after the panel, and whoever referred or signed.

    Args:
        state: The journey, before that post.
        awaited: Who decides.
        decided: What the post says.
        actor: Who acts.

    Raises:
        Refused: `not_authorised`, `same_person`, or `illegal_move` for a deferral without a sitting.
    """
    post = title(state.procedure, awaited.post).lower()
    entitled = deciders(state)
    if entitled is None or not entitled.fits(state.procedure, actor):
        raise Refused(RefusalCode.NOT_AUTHORISED, f"This is for the {post} to decide.", "Ask them.", awaited.cites[0])
    if is_among(actor, everybody_so_far(state)):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The person who referred or signed a case cannot decide it: four eyes are needed.",
            f"Ask another {post}.",
            awaited.cites[0],
        )
    if decided.decision is Outcome.DEFERRED and state.forum.body != "sitting":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "A post has no next sitting to defer to.",
            "Approve or decline what was recommended.",
        )
