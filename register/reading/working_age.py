"""For how many working days something has waited."""

from bisect import bisect_right
from datetime import date, datetime

from models.procedure import WorkingCalendar
from rules.working_days import DAY, is_working_day, local


class WorkingAge:
    """Counts working days up to today: the day of an event is not counted, today is where people work on it.

    Args:
        calendar: The council's days off.
        today: Local date.
    """

    def __init__(self, calendar: WorkingCalendar, today: date) -> None:
        self._calendar = calendar
        self._today = today
        self._first = today
        self._days: list[date] = [today] if is_working_day(today, calendar) else []

    def of(self, since: datetime) -> int:
        """Working days since a moment.

        Args:
            since: UTC.
        """
        day = local(since).date()
        if day < self._first:
            self._reach_back(day)
        return max(0, len(self._days) - bisect_right(self._days, day))

    def _reach_back(self, day: date) -> None:
        earlier = []
        one = day
        while one < self._first:
            if is_working_day(one, self._calendar):
                earlier.append(one)
            one += DAY
        self._days = [*earlier, *self._days]
        self._first = day
