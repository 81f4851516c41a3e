"""A sitting's decisions: recorded by the panel or its chair, their sheets approved by the chair.

Rules HIL-105, HIL-106, HIL-113, HIL-114; decisions A11, A12, A14, A15.
"""

from datetime import datetime

from models.acts import ApproveDecision, Decided, MaybeOneCase, RecordDecision
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import NewsKind, Notice
from models.sitting import Case, SittingState
from models.vocabulary import CaseState, Outcome, SittingAct
from rules import clocks
from rules.conditions import known_of
from rules.decisions import require_whole_decision
from rules.eyes import in_whose_place
from rules.findings import asked, require_findings, require_sound, unanswered
from rules.independence import independent_of, independent_panel
from rules.process import note
from rules.sittings.booking import tell
from rules.sittings.meeting import require_case
from rules.sittings.order import case_of, members, replace
from rules.sittings.room import chair_seat_post, forum_of
from rules.working_days import is_working_day, local

DECISION_SHEET = "decision_sheet"
CHAIR = "chair"


def check_decision(state: SittingState, details: RecordDecision, actor: Actor, now: datetime) -> None:
    """The case was called, and the decision says all that it must."""
    case = require_case(state, details.case, CaseState.BEING_HEARD)
    forum, day = forum_of(state, case), local(now).date()
    # Somebody may have declared an interest since the case was called.
    independent_panel(state.procedure, state.forum, case.panel[0], state.present, case.papers, state.interests)
    legal = details.legal_section or case.papers.legal_section
    require_whole_decision(details, forum, legal, day, emergency=case.emergency)
    require_sound(state.procedure, forum, details, known_of(case.papers), case.papers.criteria, day)
    _require_confirmed(case, details)
    if details.to_sitting is not None:
        _require_later_working_day(state, details)
    emergency_by = {case.papers.authorised_by, *case.papers.agreed_by}
    if details.decision in (Outcome.RATIFIED, Outcome.NOT_RATIFIED) and not emergency_by.isdisjoint(actor.people):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Who authorised or agreed an emergency does not also record its ratification.",
            "Let somebody else record it.",
        )
    if details.dissent and case.panel and not emergency_by.isdisjoint(case.panel[0].people):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The chair authorised or agreed this emergency and cannot decide its ratification alone.",
            "Call the case under another chair.",
        )


def _require_confirmed(case: Case, details: RecordDecision) -> None:
    """What a post has to confirm before a decision is confirmed; a deferral waits for it."""
    if case.papers.unconfirmed and details.decision is not Outcome.DEFERRED:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"Not confirmed yet: {', '.join(case.papers.unconfirmed)}.",
            "Have it confirmed on the case, or defer it.",
        )


def _by_chair(state: SittingState, case: Case, details: RecordDecision) -> bool:
    """Whether the decision is the chair's: after disagreement, unless another post than the chair's decides then."""
    forum = forum_of(state, case)
    decider = forum.disagreement.decided_by if forum.disagreement else CHAIR
    if forum.final_decision is not None and forum.final_decision.on_dissent:
        decider = forum.final_decision.post
    posts = {person.post for person in case.panel[:1]}
    return (details.decided_by_chair or details.dissent is not None) and (decider == CHAIR or decider in posts)


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
    by_chair = _by_chair(state, case, details)
    forum, facts, day = forum_of(state, case), known_of(case.papers), local(now).date()
    decision = details.model_copy(update={"decided_by_chair": by_chair})
    found = require_sound(state.procedure, forum, details, facts, case.papers.criteria, day)
    decided = case.model_copy(
        update={
            "state": CaseState.DECIDED,
            "decision": decision,
            "decided_at": now,
            "flags": (*case.flags, *(f"{details.case}: {flag}" for flag in found)),
        }
    )
    replace(state, decided)
    if details.learning:
        state.learning.append(details.learning)
    sheet, due = f"{DECISION_SHEET}:{details.case}", clocks.due_after(state, DECISION_SHEET, now)
    clocks.start(state, sheet, DECISION_SHEET, due, chair_seat_post(state) or actor.post, now)
    open_points = unanswered(asked(state.procedure, forum, details, facts, day), details, facts)
    note(
        state,
        now,
        SittingAct.RECORD_DECISION,
        actor,
        cites=forum.disagreement.cites if by_chair and forum.disagreement else (),
        details={
            **decision.model_dump(mode="json"),
            "checkpoints_unanswered": [point.key for point in open_points],
            "flags": found,
        },
        text=f"{details.case} {details.decision}",
    )
    tell(state, decided, NewsKind.DECIDED, actor)


def check_approve(state: SittingState, details: ApproveDecision, actor: Actor, now: datetime) -> None:
    """The chair, of a case that was decided, whose sheet has every finding that the forum wants by now."""
    case = _to_approve(state, details)
    chairs = {case.panel[0].staff} if case.panel else set()
    if state.chair is not None:
        chairs.add(state.chair.staff)
    if in_whose_place(actor) not in chairs:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "Only the chair of the sitting approves its decision sheets.",
            "Ask the chair.",
        )
    _require_independent_deputy(state, case, actor)
    sheet = _completed(case, details)
    if sheet is not None:
        facts, day = known_of(case.papers), local(now).date()
        points = asked(state.procedure, forum_of(state, case), sheet, facts, day)
        require_findings(points, sheet, facts, "decision", "sheet")


def _require_independent_deputy(state: SittingState, case: Case, actor: Actor) -> None:
    """Whoever approves for the chair has no more of a hand in the case than the chair may have."""
    if actor.on_behalf_of is not None and not independent_of(
        forum_of(state, case), actor, case.papers, state.interests
    ):
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            "Somebody with a hand or an interest in this case cannot approve its sheet on the chair's behalf.",
            "Ask the chair, or a deputy who is independent of the case.",
        )


def _completed(case: Case, details: ApproveDecision) -> Decided | None:
    """The decision with the findings that come with its approval; a finding that is there already stays."""
    if case.decision is None:
        return None
    return case.decision.model_copy(update={"checkpoints": {**details.checkpoints, **case.decision.checkpoints}})


def _to_approve(state: SittingState, details: MaybeOneCase) -> Case:
    if details.case is not None:
        return require_case(state, details.case, CaseState.DECIDED)
    waiting = [case for case in state.cases if case.state is CaseState.DECIDED]
    if len(waiting) == 1:
        return waiting[0]
    names = ", ".join(case.papers.referral_ref for case in waiting) or "none"
    raise Refused(RefusalCode.INCOMPLETE, "It is not clear which decision is meant.", f"Decisions to approve: {names}.")


def apply_approve(state: SittingState, details: ApproveDecision, actor: Actor, now: datetime) -> None:
    """The chair approves the decision sheet."""
    case = _to_approve(state, details)
    approved = case.model_copy(update={"state": CaseState.APPROVED, "decision": _completed(case, details)})
    replace(state, approved)
    clocks.meet(state, f"{DECISION_SHEET}:{case.papers.referral_ref}", now)
    found = {
        "case": case.papers.referral_ref,
        **({"checkpoints": dict(details.checkpoints)} if details.checkpoints else {}),
    }
    copies = state.forum.sheet_copies
    told = dict.fromkeys([*members(state), *copies.posts]) if copies else {}
    note(
        state,
        now,
        SittingAct.APPROVE_DECISION,
        actor,
        cites=copies.cites if copies else (),
        details=found,
        notices=tuple(Notice(post=post, subject="decision_sheet") for post in told),
        text=case.papers.referral_ref,
    )
    tell(state, approved, NewsKind.APPROVED, actor)
