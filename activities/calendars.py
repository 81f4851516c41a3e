"""A new calendar for a process that outlives the one that it carries."""

from collections.abc import Callable

from temporalio import activity

from models.procedure import WorkingCalendar
from models.process import Shape


class Years(Shape):
    """Whose days off are asked for, and from which year on."""

    council: str
    first_year: int


class Calendars:
    """Looks up days off.

    Args:
        calendar: Loads a council's calendar by its key and first year.
    """

    def __init__(self, calendar: Callable[[str, int], WorkingCalendar]) -> None:
        self._calendar = calendar

    @activity.defn(name="days_off")
    def days_off(self, asked: Years) -> WorkingCalendar:
        """The council's days off for the next years.

        Args:
            asked: Whose, and from when.
        """
        return self._calendar(asked.council, asked.first_year)
