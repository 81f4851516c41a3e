"""Periods of reports: quarters and years of the financial year (April to March), months, and any days."""

import re
from collections.abc import Callable
from datetime import date

from dateutil.relativedelta import relativedelta

from models.errors import RefusalCode, Refused
from reports.shapes import Part
from rules.working_days import DAY, FIRST_YEAR, LAST_YEAR, on_record

APRIL = 4
QUARTER = relativedelta(months=3)
MONTH = relativedelta(months=1)
YEAR = relativedelta(years=1)


class Period(Part):
    """From a day to a day, both included, under the name that people give it."""

    name: str
    first: date
    last: date

    @property
    def before(self) -> "Period":
        """The period before: of the same length, a calendar length where it is one."""
        for length in (MONTH, QUARTER, YEAR):
            if self.first + length == self.last + DAY:
                return _days(self.first - length, self.first - DAY)
        return _days(self.first - (self.last - self.first) - DAY, self.first - DAY)


def financial_year(day: date) -> int:
    """The calendar year in which a day's financial year began.

    Args:
        day: Any.
    """
    return day.year if day.month >= APRIL else day.year - 1


def quarter_named(name: str) -> Period:
    """A quarter of the financial year: `2026Q1` is April to June 2026, `2026Q4` January to March 2027.

    Args:
        name: As typed.

    Raises:
        Refused: `invalid`: it is no quarter.
    """
    found = re.fullmatch(r"(\d{4})-?[Qq]([1-4])", name.strip())
    if not found or not on_record(int(found[1])):
        raise _refused(f"{name!r} is no quarter", "Write the year in which the financial year begins, as in 2026Q1.")
    return _quarter(int(found[1]), int(found[2]))


def month_named(name: str) -> Period:
    """A calendar month: `2026-05`.

    Args:
        name: As typed.

    Raises:
        Refused: `invalid`: it is no month.
    """
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", name.strip())
    if not found or not on_record(int(found[1])):
        raise _refused(f"{name!r} is no month", "Write year and month, as in 2026-05.")
    first = date(int(found[1]), int(found[2]), 1)
    return Period(name=f"{first:%B %Y}", first=first, last=first + MONTH - DAY)


def year_named(name: str) -> Period:
    """A financial year: `2026` is April 2026 to March 2027.

    Args:
        name: As typed.

    Raises:
        Refused: `invalid`: it is no year.
    """
    found = re.fullmatch(r"(\d{4})(?:[-/]\d{2})?", name.strip())
    if not found or not on_record(int(found[1])):
        raise _refused(f"{name!r} is no year", "Write the year in which the financial year begins, as in 2026.")
    year = int(found[1])
    first = date(year, APRIL, 1)
    return Period(name=f"Financial year {_years(year)}", first=first, last=first + YEAR - DAY)


def days_named(first: str, last: str) -> Period:
    """Any days, both included.

    Args:
        first: ISO date.
        last: ISO date.

    Raises:
        Refused: `invalid`: one is no date, or they are the wrong way round.
    """
    begin, end = (_day(text) for text in (first, last))
    if end < begin:
        raise _refused(f"{last} lies before {first}", "Write the first day after --from and the last after --until.")
    return _days(begin, end)


def last_quarter(today: date) -> Period:
    """The last quarter that is over.

    Args:
        today: Local date.
    """
    quarter = (today.month - APRIL) % 12 // 3
    begun = date(financial_year(today), APRIL, 1) + quarter * QUARTER
    before = begun - QUARTER
    return _quarter(financial_year(before), (before.month - APRIL) % 12 // 3 + 1)


def chosen(
    *, quarter: str | None, month: str | None, year: str | None, days: tuple[str | None, str | None], today: date
) -> Period:
    """The period that somebody asks for; the last quarter that is over where nobody says.

    Args:
        quarter: `2026Q1`.
        month: `2026-05`.
        year: `2026`.
        days: First and last, ISO dates.
        today: Local date.

    Raises:
        Refused: `invalid`: it is none, there are several, or it has not begun.
    """
    first, last = days
    if (first is None) != (last is None):
        raise _refused("A period of days needs both its ends", "Write --from and --until, both included.")
    names: list[tuple[str | None, Callable[[str], Period]]] = [
        (quarter, quarter_named),
        (month, month_named),
        (year, year_named),
    ]
    found = [read(name) for name, read in names if name is not None]
    found += [days_named(first, last)] if first is not None and last is not None else []
    if len(found) > 1:
        raise _refused("Several periods were given", "Give one of --quarter, --month, --year, or --from and --until.")
    period = found[0] if found else last_quarter(today)
    if period.first > today:
        raise _refused(f"{period.name} has not begun", "Name a period that has.")
    return period


def _quarter(year: int, number: int) -> Period:
    first = date(year, APRIL, 1) + (number - 1) * QUARTER
    last = first + QUARTER - DAY
    return Period(name=f"Quarter {number} of {_years(year)} ({first:%B} to {last:%B %Y})", first=first, last=last)


def _years(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02}"


def _days(first: date, last: date) -> Period:
    return Period(name=f"{first:%d %B %Y} to {last:%d %B %Y}", first=first, last=last)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise _refused(f"{text!r} is no date", "Write year, month and day, as in 2026-05-01.") from None
    if not on_record(found.year):
        raise _refused(f"{text!r} is no date that a register has", f"Write a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return found


def _refused(sentence: str, remedy: str) -> Refused:
    return Refused(RefusalCode.INVALID, f"{sentence}.", remedy)
