"""Every case is discussed and recorded while the unit meets; closing says what was not, and plans the next meeting."""

from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice, Starting, Word
from models.unit_meeting import AllocatedCase, Carried, CloseMeeting, RecordDiscussion, UnitMeetingState
from models.watch import watch_id
from rules.authority import system
from rules.process import note
from rules.units.agenda import require_reasons, rules, wants_depth
from rules.units.moves import MOVES
from rules.units.tasks import give, owner_of, watch_tasks
from rules.watches.words import tell
from rules.working_days import add_working_days, after_duration, is_working_day, local

CARRIED = "meeting_carried"
"""What a meeting tells the one after it, should that have been planned by hand."""


def _case(state: UnitMeetingState, reference: str) -> AllocatedCase:
    found = state.find(reference)
    if found is None:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{reference} is not on this meeting's list.",
            f"The list: {', '.join(one.case for one in state.cases) or 'no case'}.",
            rules(state).undiscussed.cites[0],
        )
    return found


def check_discussion(state: UnitMeetingState, said: RecordDiscussion, _actor: Actor, _now: datetime) -> None:
    """An entry says something, and new cases were read up on.

    A discussion in depth is expected (HAC-074 to HAC-076): what had none is shown, and asked for at the next meeting.
    """
    case = _case(state, said.case)
    if not (said.summary or said.no_activity or said.decisions or said.tasks):
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The entry says nothing.",
            "Type the summary; where nothing happened and nothing is needed, say no_activity = true.",
            rules(state).recording.cites[0],
        )
    _require_read(state, case, said)


def _require_read(state: UnitMeetingState, case: AllocatedCase, said: RecordDiscussion) -> None:
    """Everybody who is there has read the key papers of a newly allocated case (HAC-068)."""
    if not case.newly_allocated or said.read_by is True:
        return
    read = set() if isinstance(said.read_by, bool) else set(said.read_by)
    expected = {one for one in state.present if not state.members or one in state.members}
    if not read or not expected <= read:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The case is new to the unit, and not everybody has read its key papers.",
            "Let everybody who is there read chronology, assessments and care plans, and name them in read_by.",
            rules(state).read_first.cites[0],
        )


def apply_discussion(state: UnitMeetingState, said: RecordDiscussion, actor: Actor, now: datetime) -> None:
    """Count the entry, and give its tasks. Another entry of the same case adds to it."""
    case = _case(state, said.case)
    changed: dict[str, Any] = {"entries": case.entries + 1}
    if said.in_depth:
        changed |= {"in_depth": True, "last_in_depth": state.on}
    if said.not_in_depth_because is not None:
        changed["excused"] = True
    state.cases = tuple(one.model_copy(update=changed) if one.case == case.case else one for one in state.cases)
    tasks = [give(state, case.case, one, now) for one in said.tasks]
    told = tuple(
        Notice(post=owner_of(state, task), subject=f"unit_meeting_task:{case.case}", staff=_staff(task.owner))
        for task in tasks
    )
    note(
        state,
        now,
        "record_discussion",
        actor,
        cites=rules(state).recording.cites,
        details={**said.model_dump(mode="json"), "decided_by": rules(state).chairing.post},
        notices=told,
        text=f"{case.case}{' in depth' if said.in_depth else ''}",
    )


def _staff(owner: Any) -> str | None:  # noqa: ANN401 - an owner, or nobody
    return owner.staff if owner is not None else None


def check_close(state: UnitMeetingState, said: CloseMeeting, _actor: Actor, _now: datetime) -> None:
    """Every case was discussed, or is carried with a reason (HAC-065)."""
    cite = rules(state).undiscussed.cites[0]
    for one in said.carried:
        _case(state, one.case)
    named = {one.case for one in said.carried}
    left = [one.case for one in state.undiscussed if one.case not in named]
    if left and said.reasons is None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"Not discussed yet: {', '.join(left)}.",
            "Record a discussion of each, if only that there was no activity; or carry it, with a reason.",
            cite,
        )
    require_reasons(said.carried, cite, said.reasons)


def apply_close(state: UnitMeetingState, said: CloseMeeting, actor: Actor, now: datetime) -> None:
    """The meeting is over; the next one is planned, with what this one leaves."""
    left = tuple(one.case for one in state.undiscussed)
    state.outcome = "carried" if left else "discussed"
    chairing = rules(state).chairing
    posts = [chairing.post] if state.chair_post not in (None, chairing.post) else []
    told = [Notice(post=post, subject="decisions_of_the_unit_meeting") for post in posts]
    if left:
        told += [Notice(post=post, subject="cases_carried") for post in (chairing.post, rules(state).attendance_told)]
    note(
        state,
        now,
        "close_meeting",
        actor,
        cites=rules(state).undiscussed.cites,
        details=said.model_dump(mode="json"),
        notices=tuple(dict.fromkeys(told)),
        text=", ".join(left) or None,
    )
    if said.no_next_because is None:
        following = _next(state, now)
        state.starting = [*state.starting, following]
        left_over = {"carried": following.details["carried"]}
        after = watch_id("unit_meeting", state.procedure.key, following.reference)
        tell(state, after, CARRIED, left_over, actor, optional=True)
    MOVES.fire("close_meeting", state)
    state.stage_since = now


def take_carried(state: UnitMeetingState, word: Word, now: datetime) -> None:
    """What the meeting before leaves, for a meeting that somebody planned before that one ended; once.

    Args:
        state: The meeting.
        word: What happened there.
        now: UTC.
    """
    if word.what != CARRIED or word.sender == state.came_from:
        return
    try:
        carried = Carried.model_validate(word.facts.get("carried"))
    except ValidationError:
        return  # anybody may send anything; the note of it is on the record
    here = {one.case: one for one in state.cases}
    state.cases = tuple({**{one.case: one for one in carried.cases}, **here}.values())
    for task in carried.tasks:
        state.numbers += 1
        state.tasks = (*state.tasks, task.model_copy(update={"number": state.numbers}))
    watch_tasks(state, now)
    state.members = state.members or carried.members
    state.unexplained = tuple(dict.fromkeys((*state.unexplained, *carried.unexplained)))
    state.noted_at = state.noted_at or carried.noted_at


def next_days(state: UnitMeetingState, today: date) -> tuple[date, date]:
    """When the unit meets next: the day by the week, and the day on which it can (HAC-061).

    Off a day off it moves to the next working day; the week after it is back on its own day. Weeks that passed while
    nobody closed a meeting are not made up for.

    Args:
        state: The meeting that ends.
        today: Local date.
    """
    nominal = state.nominal
    while True:
        nominal = after_duration(nominal, rules(state).every)
        day = nominal
        if not is_working_day(day, state.calendar):
            day = add_working_days(day, 1, state.calendar)
        if day > state.on and day >= today:
            return nominal, day


def _next(state: UnitMeetingState, now: datetime) -> Starting:
    nominal, day = next_days(state, local(now).date())
    carried = Carried(
        cases=tuple(_left(state, one) for one in state.cases),
        tasks=state.tasks,
        members=state.members,
        unexplained=state.unexplained,
        noted_at=state.noted_at,
        numbers=state.numbers,
    )
    return Starting(
        kind="unit_meeting",
        council=state.procedure.key,
        reference=f"{'_'.join(state.unit.casefold().split())}/{day}",
        by=system(state.procedure),
        details={
            "unit": state.unit,
            "on": day.isoformat(),
            "nominal": nominal.isoformat(),
            "planned": True,
            "carried": carried.model_dump(mode="json"),
        },
    )


def _left(state: UnitMeetingState, case: AllocatedCase) -> AllocatedCase:
    """A case as the next meeting finds it: one that was not discussed is carried; one not in depth owes that."""
    missed = not case.entries
    owed = wants_depth(state, case)
    return case.model_copy(
        update={
            "entries": 0,
            "in_depth": False,
            "excused": False,
            "minutes": None,
            "newly_allocated": case.newly_allocated and missed,
            "owed": owed,
            "carried_over": missed,
        }
    )
