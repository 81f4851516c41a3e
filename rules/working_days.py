"""Days and times: working days, Europe/London wall time, months that end early.

"Noon" and "close of business" are wall time in Europe/London; "24 hours" is elapsed time. Instants are UTC.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from models.procedure import WorkingCalendar

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 1990, 2200
"""The years that children's records are of; past them the calendar itself comes to an end sooner or later."""


def on_record(year: int) -> bool:
    """Whether a register can have days of a year.

    Args:
        year: Calendar year.
    """
    return FIRST_YEAR <= year <= LAST_YEAR


def is_working_day(day: date, calendar: WorkingCalendar) -> bool:
    """Whether people work on a day: not a weekend, a bank holiday or a closure day of the council.

    Args:
        day: Local date.
        calendar: The days off that the process carries.
    """
    return day.weekday() not in calendar.weekend and day not in calendar.days_off


def on_or_before(day: date, calendar: WorkingCalendar) -> date:
    """The day itself when people work on it, else the last working day before it.

    Args:
        day: Local date.
        calendar: The days off that the process carries.
    """
    while not is_working_day(day, calendar):
        day -= DAY
    return day


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """The working day that lies `count` working days after (or, negative, before) a day, that day not counted.

    Args:
        day: Local date; need not be a working day.
        count: Working days, forward or back.
        calendar: The days off that the process carries.
    """
    step = DAY if count > 0 else -DAY
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, calendar):
            day += step
    return day


def instant(day: date, at: time) -> datetime:
    """The UTC instant of a wall time in Europe/London.

    In the hour that the autumn change repeats, the first; in the hour that spring skips, the same instant after it.

    Args:
        day: Local date.
        at: Local time.
    """
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def local(moment: datetime) -> datetime:
    """A moment as Europe/London wall time.

    Args:
        moment: An aware datetime.
    """
    return moment.astimezone(LONDON)


def to_the_minute(moment: datetime) -> datetime:
    """A moment without its seconds: a form that arrives in the minute of noon is in by noon.

    Args:
        moment: An aware datetime.
    """
    return moment.replace(second=0, microsecond=0)


def after_duration(since: date, duration: str) -> date:
    """The anniversary of a day; month ends clamp (31 August and six months is the last day of February).

    Args:
        since: Local date.
        duration: ISO 8601, of years, months, weeks or days (`P12M`, `P6W`).

    Raises:
        ValueError: The duration is not of that form.
    """
    return since + _length(duration)


def before_duration(day: date, duration: str) -> date:
    """The day that lies a duration before another; month ends clamp.

    Args:
        day: Local date.
        duration: ISO 8601, of years, months, weeks or days (`P3W`).

    Raises:
        ValueError: The duration is not of that form.
    """
    return day - _length(duration)


def _length(duration: str) -> relativedelta:
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", duration)
    if not found or duration == "P":
        msg = f"{duration!r} is not a duration such as P12M or P6W"
        raise ValueError(msg)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return relativedelta(years=years, months=months, weeks=weeks, days=days)


def longer_than(since: date, duration: str, today: date) -> bool:
    """Whether something has lasted strictly more than a duration: true from the day after the anniversary.

    Args:
        since: Its first day.
        duration: ISO 8601.
        today: Local date.
    """
    return today > after_duration(since, duration)


def out_of_hours(moment: datetime, starts: time, ends: time, calendar: WorkingCalendar) -> bool:
    """Whether a moment lies outside working hours (HIL-043): before they start, from their end on, or on a day off.

    Args:
        moment: An aware datetime.
        starts: Local time at which working hours start.
        ends: Local time at which they end.
        calendar: The days off that the process carries.
    """
    here = local(moment)
    return not (is_working_day(here.date(), calendar) and starts <= here.time() < ends)
