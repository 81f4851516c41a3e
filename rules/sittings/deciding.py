"""A sitting's decisions: recorded by the panel or its chair, their sheets approved by the chair.

Rules HIL-105, HIL-106, HIL-113, HIL-114; decisions A11, A12, A14, A15.
"""

from datetime import datetime

from models.acts import (
    MaybeOneCase,
    RecordDecision,
)
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import NewsKind
from models.sitting import Case, SittingState
from models.vocabulary import CaseState, Outcome, SittingAct
from rules import clocks
from rules.decisions import require_whole_decision
from rules.forums import forum_named
from rules.independence import independent_panel
from rules.process import note
from rules.sittings.booking import case_of, replace, tell
from rules.sittings.meeting import chair_seat_post, require_case
from rules.working_days import is_working_day, local

DECISION_SHEET = "decision_sheet"


def check_decision(state: SittingState, details: RecordDecision, actor: Actor, now: datetime) -> None:
    """The case was called, and the decision says all that it must."""
    case = require_case(state, details.case, CaseState.BEING_HEARD)
    # Somebody may have declared an interest since the case was called.
    independent_panel(state.forum, case.panel[0], state.present, case.papers, state.interests)
    legal = details.legal_section or case.papers.legal_section
    require_whole_decision(details, state.forum, legal, local(now).date(), emergency=case.emergency)
    if details.to_sitting is not None:
        _require_later_working_day(state, details)
    if details.refer_to is not None:
        forum_named(state.procedure, details.refer_to)
    emergency_by = {case.papers.authorised_by, *case.papers.agreed_by}
    if details.decision in (Outcome.RATIFIED, Outcome.NOT_RATIFIED) and actor.staff in emergency_by:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Who authorised or agreed an emergency does not also record its ratification.",
            "Let the panel administrator or another head of service record it.",
        )
    if details.dissent and case.panel and case.panel[0].staff in emergency_by:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The chair authorised or agreed this emergency and cannot decide its ratification alone.",
            "Call the case under another head of service as its chair.",
        )


def _require_later_working_day(state: SittingState, details: RecordDecision) -> None:
    day = details.to_sitting
    if day is not None and (day <= state.on or not is_working_day(day, state.calendar)):
        raise Refused(
            RefusalCode.INVALID,
            f"{day} cannot be the sitting that the case is deferred to.",
            "Name a later working day on which the forum can meet.",
        )


def apply_decision(state: SittingState, details: RecordDecision, actor: Actor, now: datetime) -> None:
    """Record the decision; with dissent it is the chair's (HIL-105, HIL-106). The journey learns it at once."""
    case = case_of(state, details.case)
    if case is None:
        return
    by_chair = details.decided_by_chair or details.dissent is not None
    decision = details.model_copy(update={"decided_by_chair": by_chair})
    decided = case.model_copy(update={"state": CaseState.DECIDED, "decision": decision, "decided_at": now})
    replace(state, decided)
    if details.learning:
        state.learning.append(details.learning)
    due = clocks.due_after(state, DECISION_SHEET, now)
    clocks.start(
        state,
        f"{DECISION_SHEET}:{details.case}",
        DECISION_SHEET,
        due,
        chair_seat_post(state) or actor.post,
        now,
    )
    unanswered = [point.key for point in state.forum.checkpoints if point.key not in details.checkpoints]
    note(
        state,
        now,
        SittingAct.RECORD_DECISION,
        actor,
        cites=state.forum.disagreement.cites if by_chair and state.forum.disagreement else (),
        details={**decision.model_dump(mode="json"), "checkpoints_unanswered": unanswered},
        text=f"{details.case} {details.decision}",
    )
    tell(state, decided, NewsKind.DECIDED, actor)


def check_approve(state: SittingState, details: MaybeOneCase, actor: Actor, _now: datetime) -> None:
    """The chair, of a case that was decided."""
    case = _to_approve(state, details)
    chairs = {case.panel[0].staff} if case.panel else set()
    if state.chair is not None:
        chairs.add(state.chair.staff)
    if actor.staff not in chairs:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "Only the chair of the sitting approves its decision sheets.",
            "Ask the chair.",
        )


def _to_approve(state: SittingState, details: MaybeOneCase) -> Case:
    if details.case is not None:
        return require_case(state, details.case, CaseState.DECIDED)
    waiting = [case for case in state.cases if case.state is CaseState.DECIDED]
    if len(waiting) == 1:
        return waiting[0]
    names = ", ".join(case.papers.referral_ref for case in waiting) or "none"
    raise Refused(RefusalCode.INCOMPLETE, "It is not clear which decision is meant.", f"Decisions to approve: {names}.")


def apply_approve(state: SittingState, details: MaybeOneCase, actor: Actor, now: datetime) -> None:
    """The chair approves the decision sheet."""
    case = _to_approve(state, details)
    approved = case.model_copy(update={"state": CaseState.APPROVED})
    replace(state, approved)
    clocks.meet(state, f"{DECISION_SHEET}:{case.papers.referral_ref}", now)
    note(state, now, SittingAct.APPROVE_DECISION, actor, text=case.papers.referral_ref)
    tell(state, approved, NewsKind.APPROVED, actor)
