"""The acts of a sitting in one table, how one begins, and what its clocks do by themselves."""

from datetime import datetime, timedelta
from typing import Any, assert_never

from models.acts import SITTING_DETAILS as SHAPES
from models.acts import Act
from models.clocks import Clock
from models.sitting import SittingStart, SittingState
from models.vocabulary import CaseState, SittingAct, SittingStage
from rules import clocks, process
from rules.authority import keeper, system
from rules.escalation import apply_acknowledge, check_acknowledge, take_signal
from rules.process import ActRule, note, nothing_more
from rules.schedule import ends_at
from rules.sittings import apologies, deciding, meeting, ordering, papers
from rules.sittings.booking import CIRCULATION, OPENING
from rules.sittings.meeting import SITTING_END, move
from rules.sittings.moves import SITTING_MOVES
from rules.sittings.order import agenda, reserves
from rules.sittings.room import chair_seat_post

SUBMISSIONS = "submissions"
END_OF_DAY = timedelta(hours=8)
"""How long after a full agenda a sitting without cases ends itself: the evening of its day."""


def _rule(act: SittingAct, check: Any, apply: Any) -> ActRule[SittingState, Any]:  # noqa: ANN401 - each act has its own shape
    return ActRule(details=SHAPES[act], check=check, apply=apply)


A = SittingAct
SITTING_ACTS: dict[str, ActRule[SittingState, Any]] = {
    A.SEND_APOLOGIES: _rule(A.SEND_APOLOGIES, apologies.check_apologies, apologies.apply_apologies),
    A.DECLARE_INTEREST: _rule(A.DECLARE_INTEREST, meeting.check_interest, meeting.apply_interest),
    A.OPEN_SITTING: _rule(A.OPEN_SITTING, meeting.check_open, meeting.apply_open),
    A.HEAR: _rule(A.HEAR, meeting.check_hear, meeting.apply_hear),
    A.RECORD_DECISION: _rule(A.RECORD_DECISION, deciding.check_decision, deciding.apply_decision),
    A.APPROVE_DECISION: _rule(A.APPROVE_DECISION, deciding.check_approve, deciding.apply_approve),
    A.CARRY_OVER: _rule(A.CARRY_OVER, meeting.check_carry_over, meeting.apply_carry_over),
    A.CLOSE_SITTING: _rule(A.CLOSE_SITTING, meeting.check_close_sitting, meeting.apply_close_sitting),
    A.POSTPONE: _rule(A.POSTPONE, meeting.check_postpone, meeting.apply_postpone),
    A.CANCEL: _rule(A.CANCEL, nothing_more, meeting.apply_cancel),
    A.CIRCULATE_PAPERS: ActRule(SHAPES[A.CIRCULATE_PAPERS], nothing_more, papers.apply_circulate, papers.may_circulate),
    A.SET_PRIORITY: ActRule(
        SHAPES[A.SET_PRIORITY], ordering.check_set_priority, ordering.apply_set_priority, ordering.may_set_priority
    ),
    A.ADD_DATE: ActRule(SHAPES[A.ADD_DATE], ordering.check_add_date, ordering.apply_add_date, ordering.may_add_date),
    A.RECORD_MINUTES: ActRule(
        SHAPES[A.RECORD_MINUTES], nothing_more, papers.apply_record_minutes, papers.may_record_minutes
    ),
    A.APPROVE_MINUTES: ActRule(
        SHAPES[A.APPROVE_MINUTES],
        papers.check_approve_minutes,
        papers.apply_approve_minutes,
        papers.may_approve_minutes,
    ),
    A.ACKNOWLEDGE_ESCALATION: _rule(A.ACKNOWLEDGE_ESCALATION, check_acknowledge, apply_acknowledge),
}
"""Every act that is an update. `escalate` is a signal; `book` is a journey's, not a person's."""


def begin(start: SittingStart, now: datetime) -> SittingState:
    """The state of a new sitting, watched from its cut-off to its end.

    Args:
        start: Which meeting.
        now: UTC.
    """
    state = SittingState(
        process_id=start.process_id,
        procedure=start.procedure,
        calendar=start.calendar,
        stage_since=now,
        forum_key=start.forum,
        on=start.on,
        starts=start.starts,
        cut_off=start.cut_off,
        rota_chair=start.chair,
    )
    administrator = keeper(start.procedure, start.forum)
    clocks.start(state, SUBMISSIONS, SUBMISSIONS, start.cut_off, administrator, now, clocks.MINUTE)
    clocks.start(state, OPENING, OPENING, start.starts + clocks.MINUTE, administrator, now)
    end = ends_at(start.on, state.forum) + END_OF_DAY
    clocks.start(state, SITTING_END, SITTING_END, end, administrator, now)
    papers.watch_papers(state, now)
    note(state, now, "sitting_planned", system(state.procedure), text=f"{start.forum} {start.on}")
    return state


def check(state: SittingState, name: str, act: Act, now: datetime) -> None:
    """Judge an act without doing it.

    Args:
        state: The sitting; only read.
        name: The act.
        act: Who, and what it says.
        now: UTC.

    Raises:
        Refused: With code, sentence and remedy.
    """
    process.check_act(state, name, act, now, rules=SITTING_ACTS, moves=SITTING_MOVES, unit="")


def perform(state: SittingState, name: str, act: Act, now: datetime, *, judged: bool = False) -> bool:
    """Do an act.

    Args:
        state: The sitting.
        name: The act.
        act: Who, and what it says.
        now: UTC.
        judged: Whether `check` let it pass at this very moment.

    Returns:
        Whether anything was done; a repeated message does nothing.

    Raises:
        Refused: The state is as it was.
    """
    return process.perform(state, name, act, now, rules=SITTING_ACTS, moves=SITTING_MOVES, unit="", judged=judged)


def waiting_on(state: SittingState) -> str | None:
    """The post whose move it is; `None` when the sitting is over and every sheet approved.

    Args:
        state: The sitting.
    """
    match state.stage:
        case SittingStage.PLANNED | SittingStage.CLOSED_FOR_SUBMISSIONS | SittingStage.IN_SESSION:
            return keeper(state.procedure, state.forum_key)
        case SittingStage.CLOSED:
            return papers.whose_minutes(state) if not sheets_open(state) else chair_seat_post(state)
        case SittingStage.POSTPONED | SittingStage.CANCELLED:
            return None
        case _:
            assert_never(state.stage)


def sheets_open(state: SittingState) -> bool:
    """Whether a decision sheet still waits for the chair.

    Args:
        state: The sitting.
    """
    return any(case.state is CaseState.DECIDED for case in state.cases)


def is_over(state: SittingState) -> bool:
    """Whether nothing is left to do here.

    Args:
        state: The sitting.
    """
    match state.stage:
        case SittingStage.CLOSED:
            return not (sheets_open(state) or papers.minutes_open(state))
        case SittingStage.POSTPONED | SittingStage.CANCELLED:
            return True
        case SittingStage.PLANNED | SittingStage.CLOSED_FOR_SUBMISSIONS | SittingStage.IN_SESSION:
            return False
        case _:
            assert_never(state.stage)


def escalate(state: SittingState, message: object, now: datetime) -> None:
    """Take an escalation signal; never raises.

    Args:
        state: The sitting.
        message: Whatever came.
        now: UTC.
    """
    take_signal(state, message, now, "", waiting_on(state))


def _submissions_close(state: SittingState, _clock: Clock, now: datetime) -> None:
    clocks.meet(state, SUBMISSIONS, now)
    if state.stage is SittingStage.PLANNED:
        move(state, "close_submissions", now)
        note(state, now, "closed_for_submissions", system(state.procedure), cites=_cut_off_rule(state))


def _cut_off_rule(state: SittingState) -> tuple[str, ...]:
    return state.forum.cut_off.cites if state.forum.cut_off else ()


def _not_opened(state: SittingState, clock: Clock, now: datetime) -> None:
    if agenda(state) or reserves(state):
        clocks.breach(state, clock, now)
    else:
        clocks.stop(state, OPENING, now)


def _end_of_day(state: SittingState, clock: Clock, now: datetime) -> None:
    if state.stage is SittingStage.IN_SESSION:
        clocks.breach(state, clock, now)  # somebody forgot to close the meeting: its cases wait
        return
    clocks.meet(state, SITTING_END, now)
    before = state.stage in (SittingStage.PLANNED, SittingStage.CLOSED_FOR_SUBMISSIONS)
    if before and not (agenda(state) or reserves(state)):
        clocks.stop_all(state, now)
        move(state, "lapse", now)
        note(state, now, "nothing_to_hear", system(state.procedure))


ON_DUE: dict[str, clocks.OnDue[SittingState]] = {
    SUBMISSIONS: _submissions_close,
    OPENING: _not_opened,
    SITTING_END: _end_of_day,
    CIRCULATION: papers.papers_are_due,
}


def run_clocks(state: SittingState, now: datetime) -> bool:
    """Let every clock do what is due by now.

    Args:
        state: The sitting.
        now: UTC.

    Returns:
        Whether any clock did anything.
    """
    return clocks.run(state, now, ON_DUE)
