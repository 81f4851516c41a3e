"""The days off that a process carries: England's bank holidays and a council's closure days, frozen at the start."""

from datetime import date
from functools import cache
from pathlib import Path

import holidays

from models.errors import ProcedureFault
from models.procedure import WorkingCalendar
from procedures.loader import HERE, council_folders, read_local

YEARS_AHEAD = 3
"""How many years a calendar speaks of; a process that lives longer is given a new one, on the record."""


@cache
def bank_holidays(first_year: int, last_year: int) -> tuple[date, ...]:
    """England's bank holidays on weekdays, in order.

    Args:
        first_year: The first year.
        last_year: The last year, included.
    """
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    return tuple(sorted(day for day in found if day.weekday() < 5))  # noqa: PLR2004 - Monday to Friday


@cache
def working_calendar(council: str, first_year: int, root: Path = HERE) -> WorkingCalendar:
    """A council's days off from a year on.

    Args:
        council: The council's key.
        first_year: The first year.
        root: Where the councils' folders lie.

    Raises:
        ProcedureFault: The council's own file is at fault.
    """
    faults: list[str] = []
    closures = read_local(council_folders(root)[council], faults).closure_days
    if faults:
        raise ProcedureFault(faults)
    last_year = first_year + YEARS_AHEAD
    days = {*bank_holidays(first_year, last_year), *(d for d in closures if d.year >= first_year)}
    return WorkingCalendar(days_off=tuple(sorted(days)), until=date(last_year, 12, 31))
