"""Tasks that a meeting gives, and absences that it notes: open until somebody is done with them (HAC-064, HAC-072)."""

from datetime import datetime, time

from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.unit_meeting import ActOnAbsence, CompleteTask, NewTask, Task, UnitMeetingState
from rules import clocks
from rules.process import note
from rules.units.agenda import rules
from rules.working_days import instant

DONE_BY = time(17)
TASK = "task"
"""Clocks of tasks are called `task:` and their number."""


def give(state: UnitMeetingState, case: str, said: NewTask, now: datetime) -> Task:
    """Add a task, with a clock where it has a day.

    Args:
        state: The meeting.
        case: The case that it is for.
        said: The task.
        now: UTC.
    """
    state.numbers += 1
    task = Task(number=state.numbers, case=case, what=said.what, owner=said.owner, due=said.due)
    state.tasks = (*state.tasks, task)
    watch_tasks(state, now)
    return task


def owner_of(state: UnitMeetingState, task: Task) -> str:
    """The post that has a task: its owner's, else the chair's.

    Args:
        state: The meeting.
        task: The task.
    """
    return task.owner.post if task.owner is not None and task.owner.post else rules(state).chairing.post


def watch_tasks(state: UnitMeetingState, now: datetime) -> None:
    """Run a clock for every task that has a day: one that came from the meeting before runs on here.

    Args:
        state: The meeting.
        now: UTC.
    """
    for task in state.tasks:
        name = f"{TASK}:{task.number}"
        if task.due is None or name in state.clocks:
            continue
        due = instant(task.due, DONE_BY)
        cites = rules(state).undiscussed.cites[-1]
        clocks.put(state, Clock(name=name, cites=cites, started=now, warns=None, due=due, owner=owner_of(state, task)))


def _asked(state: UnitMeetingState, said: CompleteTask) -> list[Task]:
    if said.task is None:
        return list(state.tasks)
    return [one for one in state.tasks if str(said.task) in (str(one.number), one.what)]


def check_complete(state: UnitMeetingState, said: CompleteTask, _actor: Actor, _now: datetime) -> None:
    """Exactly one open task is meant."""
    found = _asked(state, said)
    if len(found) != 1:
        raise Refused(
            RefusalCode.INVALID if found else RefusalCode.UNKNOWN,
            "More than one task is meant." if found else "There is no such task.",
            "Give its number: one of those that are open.",
        )


def apply_complete(state: UnitMeetingState, said: CompleteTask, actor: Actor, now: datetime) -> None:
    """The task is done."""
    done = _asked(state, said)[0]
    note(state, now, "complete_task", actor, cites=rules(state).recording.cites, text=f"{done.case} {done.number}")
    state.tasks = tuple(one for one in state.tasks if one.number != done.number)
    clocks.meet(state, f"{TASK}:{done.number}", now)


def check_absence(state: UnitMeetingState, said: ActOnAbsence, _actor: Actor, _now: datetime) -> None:
    """The absence of this person is noted, and nobody has acted on it yet."""
    if said.staff not in state.unexplained:
        raise Refused(
            RefusalCode.UNKNOWN,
            "No absence of this person waits to be acted on.",
            "Use the staff reference that the meeting noted.",
            rules(state).attendance.cites[0],
        )


def apply_absence(state: UnitMeetingState, said: ActOnAbsence, _actor: Actor, _now: datetime) -> None:
    """It was acted on."""
    state.unexplained = tuple(one for one in state.unexplained if one != said.staff)
    if not state.unexplained:
        state.noted_at = None
