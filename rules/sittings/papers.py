"""What goes round before and after a meeting: the papers of its cases, and its minutes.

Rules HRT-044, CBC-077, CBC-082, CBC-083, CBC-096, HAC-225, HAC-243 and HAC-374.
"""

from datetime import datetime

from models.acts import MaybeReasoned, RecordMinutes
from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice
from models.sitting import Case, SittingState
from models.vocabulary import SittingAct, SittingStage
from rules import clocks
from rules.authority import informed, role, rule_for
from rules.eyes import in_whose_place
from rules.process import note
from rules.schedule import papers_due
from rules.sittings.booking import CIRCULATION
from rules.sittings.order import agenda, members, reserves
from rules.working_days import add_working_days, local

MINUTES = "minutes"
MINUTES_APPROVAL = "minutes_approval"


def administrator(state: SittingState) -> str:
    """The post that runs the sitting.

    Args:
        state: The sitting.
    """
    return role(state.procedure, state.forum_key, "administrator")


def watch_papers(state: SittingState, now: datetime) -> None:
    """Watch that the papers of a new sitting go out in time.

    Args:
        state: The sitting.
        now: UTC.
    """
    rule = state.forum.papers
    if rule is not None:
        due = papers_due(state.on, state.cut_off, rule, state.calendar)
        clocks.start(state, CIRCULATION, CIRCULATION, due, administrator(state), now)


def papers_are_due(state: SittingState, clock: Clock, now: datetime) -> None:
    """The papers should be out: nobody waits for those of a meeting without cases.

    Args:
        state: The sitting.
        clock: The one that rings.
        now: UTC.
    """
    if agenda(state) or reserves(state):
        clocks.breach(state, clock, now)
    else:
        clocks.stop(state, CIRCULATION, now)


def may_circulate(state: SittingState) -> bool:
    """Whether there are papers to send round.

    Args:
        state: The sitting.
    """
    return state.forum.papers is not None and bool(agenda(state) or reserves(state))


def apply_circulate(state: SittingState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """The papers of every case go to whoever sits on them all."""
    state.circulated_at = now
    clocks.meet(state, CIRCULATION, now)
    note(
        state,
        now,
        SittingAct.CIRCULATE_PAPERS,
        actor,
        cites=state.forum.papers.cites if state.forum.papers else (),
        details={"reasons": details.reasons, "cases": [c.papers.referral_ref for c in agenda(state)]},
        notices=tuple(Notice(post=post, subject="papers_circulated") for post in members(state)),
    )


def require_papers_in(case: Case) -> None:
    """Refuse a case whose place is held ahead of its papers (D35).

    Args:
        case: The case that is called.

    Raises:
        Refused: `incomplete`.
    """
    if case.provisional:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"The papers of {case.papers.referral_ref} are not complete: its place is only held.",
            "Have the form signed, or carry the case over.",
        )


def watch_minutes(state: SittingState, now: datetime) -> None:
    """Watch the draft minutes of a meeting that is over.

    Args:
        state: The sitting, closed.
        now: UTC.
    """
    if state.forum.minutes is not None and any(case.heard_at for case in state.cases):
        _watch(state, MINUTES, administrator(state), now)


def _watch(state: SittingState, name: str, owner: str, now: datetime) -> None:
    days = state.forum.minutes.working_days if state.forum.minutes else 0
    due = clocks.due_on(state, MINUTES, add_working_days(local(now).date(), days, state.calendar))
    clocks.start(state, name, MINUTES, due, owner, now)


def minutes_open(state: SittingState) -> bool:
    """Whether a meeting's minutes still wait for somebody.

    Args:
        state: The sitting.
    """
    return state.stage is SittingStage.CLOSED and MINUTES in state.clocks and state.minutes != "final"


def may_record_minutes(state: SittingState) -> bool:
    """Whether minutes are wanted; a draft may be replaced until the chair approved it.

    Args:
        state: The sitting.
    """
    return minutes_open(state)


def may_approve_minutes(state: SittingState) -> bool:
    """Whether there is a draft to approve.

    Args:
        state: The sitting.
    """
    return minutes_open(state) and state.minutes == "draft"


def whose_minutes(state: SittingState) -> str | None:
    """The post that the minutes of a closed meeting wait for; `None` when they wait for nobody.

    Args:
        state: The sitting, closed.
    """
    if not minutes_open(state):
        return None
    return _chair_post(state) if state.minutes == "draft" else administrator(state)


def _chair_post(state: SittingState) -> str:
    return state.chair.post if state.chair is not None else administrator(state)


def apply_record_minutes(state: SittingState, details: RecordMinutes, actor: Actor, now: datetime) -> None:
    """A draft is there; the chair is to approve it."""
    state.minutes = "draft"
    clocks.meet(state, MINUTES, now)
    _watch(state, MINUTES_APPROVAL, _chair_post(state), now)
    note(
        state,
        now,
        SittingAct.RECORD_MINUTES,
        actor,
        cites=state.forum.minutes.cites if state.forum.minutes else (),
        details={"minutes": details.minutes},
        notices=(Notice(post=_chair_post(state), subject="minutes_to_approve"),),
    )


def check_approve_minutes(state: SittingState, _details: MaybeReasoned, actor: Actor, _now: datetime) -> None:
    """The chair of this meeting makes its minutes final (CBC-096)."""
    if state.chair is not None and in_whose_place(actor) != state.chair.staff:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "Only the chair of the sitting approves its minutes.",
            "Ask the chair.",
            rule_for(state.procedure, state.forum_key, SittingAct.APPROVE_MINUTES).cites[0],
        )


def apply_approve_minutes(state: SittingState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """The minutes are final, and go to whoever sat and whoever is told of decisions."""
    state.minutes = "final"
    clocks.meet(state, MINUTES_APPROVAL, now)
    copies = state.forum.minutes.copies_to if state.forum.minutes else ()
    told = dict.fromkeys([*members(state), *copies, *informed(state.procedure, state.forum_key)])
    note(
        state,
        now,
        SittingAct.APPROVE_MINUTES,
        actor,
        cites=state.forum.minutes.cites if state.forum.minutes else (),
        details={"reasons": details.reasons},
        notices=tuple(Notice(post=post, subject="minutes_final") for post in told),
    )
