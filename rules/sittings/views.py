"""A sitting as people see it: the live agenda with its times, the reserve list, who sits."""

from datetime import datetime

from models.sitting import Case, SittingState
from models.views import AgendaLine, SittingView
from models.vocabulary import CaseState, SittingAct
from rules.conditions import all_hold, known_of
from rules.process import possible_acts, shown
from rules.schedule import ends_at, slot_at
from rules.sittings.acts import SITTING_ACTS, is_over, waiting_on
from rules.sittings.moves import SITTING_MOVES
from rules.sittings.order import NO_LIMIT, agenda, limit, reserves, taken
from rules.sittings.turns import units_due

ACTS = frozenset(SittingAct)


def invited(state: SittingState, case: Case) -> list[str]:
    """Who is asked to come for one case (HIL-049, HIL-052, HIL-053, HIL-055, HIL-063 to HIL-065).

    Args:
        state: The sitting.
        case: The case.
    """
    return [
        seat.title
        for seat in state.forum.seats
        if seat.role == "case" and all_hold(seat.when, known_of(case.papers), state.on, state.procedure)
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
        provisional=case.provisional,
        forum=case.papers.forum,
        documents=list(case.papers.documents),
        criteria=list(case.papers.criteria),
        invited=invited(state, case),
        outcome=case.decision.decision if case.decision else None,
        flags=list(case.flags),
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
    legal = [name for name in possible_acts(state, SITTING_MOVES, SITTING_ACTS) if name in ACTS]
    return SittingView(
        **shown(state),
        stage=state.stage,
        settled=state.settled,
        waiting_on=waiting_on(state),
        priority=state.priority,
        open=not is_over(state),
        next_acts=[name for name in legal if state.escalated or name != SittingAct.ACKNOWLEDGE_ESCALATION],
        flags=[*state.flags, *_above_target(state)],
        sitting=state.on,
        starts=state.starts,
        cut_off=state.cut_off,
        chair=state.chair.staff if state.chair else state.rota_chair,
        capacity=limit(state) if limit(state) < NO_LIMIT else None,
        agenda=lines,
        seats=[f"{seat.title} ({seat.cites[0]})" for seat in state.forum.seats if seat.role != "case"],
        present=[f"{person.staff} ({person.post})" for person in state.present],
        apologies=[item.staff for item in state.apologies],
        learning=state.learning,
        moved_to=state.moved_to,
        ends=ends_at(state.on, state.forum),
        venue=state.forum.schedule.venue if state.forum.schedule else None,
        chair_expected=units_due(state.forum, state.on),
        circulated_at=state.circulated_at,
        minutes=state.minutes,
        prompts=_duties(state),
    )


def _duties(state: SittingState) -> list[str]:
    """What recurs with every sitting of this forum, and whose it is."""
    posts = state.procedure.posts
    return [
        f"{duty.title}: {posts[duty.owner].title} ({duty.cites[0]})"
        for duty in state.procedure.duties
        if duty.every == "sitting" and duty.forum in (None, state.forum_key)
    ]


def _above_target(state: SittingState) -> list[str]:
    """More cases than a meeting is meant to hear, and still within its limit (C1)."""
    target = state.forum.capacity.target if state.forum.capacity else None
    return [f"Above its target of {target}: {taken(state)}"] if target and taken(state) > target else []
