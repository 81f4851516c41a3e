"""When duties come round: calendars of years, months and days, at nine o'clock in Europe/London.

An interval of months that divides the year, or is divided by it, is a calendar for ever (HIL-108 quarterly, HAC-302
yearly). Eighteen months (HIL-110) come round in the same months every third year. Several weeks fit no calendar: their
days are written out for some years, and again when the schedules are brought up to date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from math import lcm

from models.procedure import Council, Duty
from rules.working_days import DAY

AT = time(9)
"""When a duty comes round, Europe/London: people find it when they begin work."""
MONTHS = 12
LAST_YEAR = 2099
WEEK = timedelta(days=7)
WRITTEN_OUT_YEARS = 5
"""For how many years days are written out that fit no calendar."""
SWITCHED_ON = "duties"
"""The list of `local.toml` that names the duties which a council switches on."""
EVERY_SITTING = "sitting"
FIRST_YEAR = 2000
WORKING_WEEK = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class Round:
    """Days on which a duty comes round. Empty months, days or weekdays mean all; Monday is 0.

    Attributes:
        first_year: From which year; with `every_years`, those so many years apart.
        last_year: Until which year, included.
        every_years: How many years apart.
        months: 1 is January.
        days: Of the month.
        weekdays: Of the week.
    """

    first_year: int = FIRST_YEAR
    last_year: int = LAST_YEAR
    every_years: int = 1
    months: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()

    def has(self, day: date) -> bool:
        """Whether a day is one of these.

        Args:
            day: Local date.
        """
        in_year = self.first_year <= day.year <= self.last_year and (day.year - self.first_year) % self.every_years == 0
        return (
            in_year
            and (not self.months or day.month in self.months)
            and (not self.days or day.day in self.days)
            and (not self.weekdays or day.weekday() in self.weekdays)
        )


def scheduled(council: Council) -> tuple[Duty, ...]:
    """The duties of a council that come round by themselves: always, or because its `local.toml` names them.

    Args:
        council: The procedure.
    """
    named = council.lists.get(SWITCHED_ON, ())
    return tuple(
        duty for duty in council.duties if duty.every != EVERY_SITTING and (duty.scheduled or duty.key in named)
    )


def rounds(duty: Duty, this_year: int) -> tuple[Round, ...]:
    """When a duty comes round.

    Args:
        duty: With an interval, not with every sitting.
        this_year: From where days are written out that fit no calendar.

    Raises:
        ValueError: Its interval is none of days, weeks, months or years.
    """
    found = re.fullmatch(r"P(\d+)([DWMY])", duty.every)
    if found is None:
        msg = f"{duty.every!r} is not an interval such as P3M or P1Y"
        raise ValueError(msg)
    count, unit = int(found[1]), found[2]
    if unit == "D":
        return (Round(weekdays=WORKING_WEEK),) if count == 1 else _written_out(duty, count * DAY, this_year)
    if unit == "W":
        return (Round(weekdays=(duty.weekday.number,)),) if count == 1 else _written_out(duty, count * WEEK, this_year)
    return _by_months(duty, count * (MONTHS if unit == "Y" else 1))


def _by_months(duty: Duty, months: int) -> tuple[Round, ...]:
    """One round for each year of the cycle after which the same months come again."""
    start = duty.counts_from
    month = start.month if start else (duty.months or (1,))[0]
    if len(duty.months) * months == MONTHS:
        return (Round(months=duty.months, days=(duty.on_day,)),)
    cycle = lcm(months, MONTHS)
    year = start.year if start else FIRST_YEAR
    of_year: dict[int, list[int]] = {}
    for number in range(cycle // months):
        years, at = divmod(month - 1 + number * months, MONTHS)
        of_year.setdefault(years % (cycle // MONTHS), []).append(at + 1)
    return tuple(
        Round(
            first_year=year + after,
            every_years=cycle // MONTHS,
            months=tuple(sorted(found)),
            days=(duty.on_day,),
        )
        for after, found in sorted(of_year.items())
    )


def _written_out(duty: Duty, step: timedelta, this_year: int) -> tuple[Round, ...]:
    first, last = date(this_year, 1, 1), date(this_year + WRITTEN_OUT_YEARS, 12, 31)
    day = duty.counts_from or _monday_of(FIRST_YEAR) + duty.weekday.number * DAY
    if day < first:
        day += -(-(first - day) // step) * step
    found = []
    while day <= last:
        found.append(Round(day.year, day.year, 1, (day.month,), (day.day,)))
        day += step
    return tuple(found)


def _monday_of(year: int) -> date:
    first = date(year, 1, 1)
    return first + ((7 - first.weekday()) % 7) * DAY


def occurrences(duty: Duty, first: date, last: date) -> Iterator[date]:
    """The days on which a duty comes round in a span of days, both included.

    Args:
        duty: With an interval, not with every sitting.
        first: Local date.
        last: Local date.
    """
    found = rounds(duty, first.year)
    day = first
    while day <= last:
        if any(one.has(day) for one in found):
            yield day
        day += DAY
