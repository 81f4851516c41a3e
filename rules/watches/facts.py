"""What a watch knows, as plain values under dotted paths: conditions and deadlines ask for them."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from models.watch import WatchState
from rules.conditions import BEFORE_YEAR_ONE, SCHOOL_YEAR_STARTS
from rules.working_days import local

BIRTHDAYS = (14, 16, 18, 21, 24, 25)
"""Birthdays that procedures count from."""
LAST_SCHOOL_YEAR = 11


def birthday(born: date, years: int) -> date:
    """A birthday; somebody born on 29 February has it on 1 March in other years.

    Args:
        born: Date of birth.
        years: Which birthday.
    """
    there = born + relativedelta(years=years)
    return there if there.day == born.day else there + relativedelta(days=1)


def leaves_school(born: date) -> date:
    """The last day of the school year in which a child is in Year 11: 31 August.

    Args:
        born: Date of birth.
    """
    starts = born.year + (1 if born.month >= SCHOOL_YEAR_STARTS else 0) + BEFORE_YEAR_ONE - 1
    return date(starts + LAST_SCHOOL_YEAR + 1, 8, 31)


def known(state: WatchState, today: date) -> dict[str, Any]:
    """Everything that a watch knows.

    Beside its own facts: `stage`, `today`, `watch.started_on`, `child.*` with birthdays (`child.birthday_16`), the end
    of the exams and of Year 11 (`child.exams_over` 1 July, `child.year_11_ends` 31 July), and the day an act was last
    done (`held.ACT`).

    Args:
        state: The watch.
        today: Local date.
    """
    facts: dict[str, Any] = {**state.facts, "stage": str(getattr(state, "stage", "")), "today": today}
    facts["watch.started_on"] = local(state.started_at).date()
    facts |= {f"held.{key}": one.on for key, one in state.held.items()}
    child = state.child
    if child is None:
        return facts
    facts |= {
        "child.reference": child.reference,
        "child.unaccompanied_asylum_seeking": child.unaccompanied_asylum_seeking,
        "child.date_of_birth": child.date_of_birth,
    }
    if child.date_of_birth is not None:
        end = leaves_school(child.date_of_birth)
        facts |= {f"child.birthday_{years}": birthday(child.date_of_birth, years) for years in BIRTHDAYS}
        facts |= {"child.exams_over": date(end.year, 7, 1), "child.year_11_ends": date(end.year, 7, 31)}
    return facts
