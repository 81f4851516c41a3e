"""A sitting as people see it: the live agenda with its times, the reserve list, who sits."""

from datetime import datetime

from models.sitting import Case, SittingState
from models.views import AgendaLine, SittingView
from models.vocabulary import CaseState, SittingAct
from rules.schedule import slot_at
from rules.sittings.acts import is_over, waiting_on
from rules.sittings.booking import agenda, limit, reserves
from rules.sittings.moves import SITTING_MOVES

ACTS = frozenset(SittingAct)
CASE_FACTS = {
    "circumstances.looked_after": "looked_after",
    "child.in_custody": "in_custody",
    "child.remand_expected": "remand_expected",
    "team.youth_justice": "youth_justice",
}
"""What a seat's condition may ask of a case's papers, by the form's path."""


def invited(state: SittingState, case: Case) -> list[str]:
    """Who is asked to come for one case (HIL-049, HIL-052, HIL-053, HIL-055, HIL-063 to HIL-065).

    Args:
        state: The sitting.
        case: The case.
    """
    return [
        seat.title
        for seat in state.forum.seats
        if seat.role == "case"
        and all(
            getattr(case.papers, CASE_FACTS[condition.path])
            == (condition.equals if condition.equals is not None else condition.present)
            for condition in seat.when
        )
    ]


def _line(state: SittingState, case: Case, position: int | None) -> AgendaLine:
    return AgendaLine(
        referral_ref=case.papers.referral_ref,
        child_ref=case.papers.child_ref,
        journey=case.papers.journey,
        state=case.state,
        slot=slot_at(case.slot, state.starts, state.forum) if case.slot is not None else None,
        reserve=position,
        emergency=case.emergency,
        carried_over=case.carried_over,
        late=case.late,
        extra=case.extra,
        documents=list(case.papers.documents),
        criteria=list(case.papers.criteria),
        invited=invited(state, case),
        outcome=case.decision.decision if case.decision else None,
    )


def view(state: SittingState, _now: datetime) -> SittingView:
    """What the sitting looks like now.

    Args:
        state: The sitting.
    """
    gone = [case for case in state.cases if case.state is CaseState.CARRIED_OVER]
    lines = [_line(state, case, None) for case in agenda(state)]
    lines += [_line(state, case, number) for number, case in enumerate(reserves(state), start=1)]
    lines += [_line(state, case, None) for case in gone]
    legal = [name for name in SITTING_MOVES.legal(state.stage) if name in ACTS]
    return SittingView(
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
        open=not is_over(state),
        next_deadline=state.next_deadline,
        clocks=state.clocks,
        next_acts=[name for name in legal if state.escalated or name != SittingAct.ACKNOWLEDGE_ESCALATION],
        escalations=state.escalations,
        flags=state.flags,
        recent=state.recent,
        settled=state.settled,
        sitting=state.on,
        starts=state.starts,
        cut_off=state.cut_off,
        chair=state.chair.staff if state.chair else state.rota_chair,
        capacity=limit(state),
        agenda=lines,
        seats=[f"{seat.title} ({seat.cites[0]})" for seat in state.forum.seats if seat.role != "case"],
        present=[f"{person.staff} ({person.post})" for person in state.present],
        apologies=[item.staff for item in state.apologies],
        learning=state.learning,
        moved_to=state.moved_to,
    )
