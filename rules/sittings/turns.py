"""Whose turn in the chair a sitting is: heads of units who alternate by the week (HRT-046 to HRT-048, decision C3)."""

from datetime import date, timedelta

from models.procedure import Forum
from models.sitting import SittingState
from models.timetable import ChairTurn
from rules.authority import same_unit

WEEK = timedelta(days=7)


def units_due(forum: Forum, on: date) -> list[str]:
    """The units whose heads are to chair in the week of a day: one for each who take turns together.

    Weeks count, not meetings: a holiday or a cancelled meeting shifts nobody's turn.

    Args:
        forum: A forum that sits.
        on: Local date.
    """
    return [_due(turn, on) for turn in forum.chairing]


def _due(turn: ChairTurn, on: date) -> str:
    weeks = (_monday(on) - _monday(turn.anchor)) // WEEK
    return turn.units[weeks // turn.every_weeks % len(turn.units)]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def turn_flags(state: SittingState) -> list[str]:
    """What to say when somebody chairs out of turn; a rota goes before turns, and an unknown unit is in turn.

    Args:
        state: The sitting, with its chair.
    """
    due, chair = units_due(state.forum, state.on), state.chair
    if not due or chair is None or chair.unit is None or chair.staff == state.rota_chair:
        return []
    if any(same_unit(chair.unit, unit) for unit in due):
        return []
    cites = ", ".join(turn.cites[0] for turn in state.forum.chairing)
    return [f"Chaired out of turn: due was {' or '.join(due)} ({cites})"]
