"""What the planner shows: entries with a day, the weeks that they fall into, and what somebody asks for."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from rules.working_days import DAY

DAYS_OF_A_WEEK = 7
Rota = Mapping[str, Mapping[date, str]]
"""Who chairs, of one council: forum, local date, staff reference."""


class Kind(StrEnum):
    """What lies ahead."""

    SITTING = "sitting"
    REVIEW = "review"
    RENEWAL = "renewal"
    CONTRACT_END = "contract_end"
    ACTION = "action"
    DEADLINE = "deadline"
    DUTY = "duty"


class Meeting(BaseModel):
    """A sitting: whether it stands, who chairs, and how full it is. Instants are UTC.

    `stage` is `None` for one that the schedule brings and that nobody has booked yet. No `capacity`: as many as come.
    """

    model_config = ConfigDict(frozen=True)

    stage: str | None
    ends: datetime
    cut_off: datetime | None
    venue: str | None
    chair: str | None
    capacity: int | None
    listed: int = 0
    reserved: int = 0
    moved_to: date | None = None

    @property
    def stands(self) -> bool:
        """Whether it takes place, as far as is known."""
        return self.stage not in ("postponed", "cancelled")


class Entry(BaseModel):
    """Something with a day, of whatever kind.

    `at` is the instant (UTC) where it has one. `owner` is a post. `reference` is the case's; `name` tells apart what is
    due in one process. `warns` is the day on which somebody is or was reminded, `list_by` the last day on which a
    matter should be brought to its panel.
    """

    model_config = ConfigDict(frozen=True)

    on: date
    at: datetime | None = None
    kind: Kind
    council: str
    forum: str = ""
    unit: str = ""
    reference: str
    process: str
    name: str = ""
    owner: str | None = None
    staff: str | None = None
    title: str
    cites: tuple[str, ...] = ()
    state: Literal["ahead", "warned", "late"] = "ahead"
    warns: date | None = None
    list_by: date | None = None
    link: str
    meeting: Meeting | None = None


class WeekNumber(NamedTuple):
    """A week by ISO 8601: it belongs to the year that has its Thursday."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "WeekNumber":
        """The week that a day lies in.

        Args:
            day: Local date.
        """
        year, number, _ = day.isocalendar()
        return cls(year, number)


class Week(BaseModel):
    """One week, Monday to Sunday: how much of each kind there is in it, and the entries of it that are on this page."""

    model_config = ConfigDict(frozen=True)

    year: int
    number: int
    monday: date
    sunday: date
    counts: dict[Kind, int]
    entries: tuple[Entry, ...]


class Page(BaseModel):
    """A page of the planner: what is late, the oldest first, then what lies ahead by weeks.

    `late_counts` and the weeks' counts are of everything that was asked for; `following` asks for the next page.
    """

    model_config = ConfigDict(frozen=True)

    first: date
    last: date
    late: tuple[Entry, ...]
    late_counts: dict[Kind, int]
    weeks: tuple[Week, ...]
    following: str | None


class Wanted(BaseModel):
    """What somebody wants to see.

    `first` is the first day, `weeks` how many weeks, the one with the first day included. What belongs to no unit or
    team, such as a sitting, is shown whatever unit or team is asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    forum: str | None = None
    unit: str | None = None
    team: str | None = None
    post: str | None = None
    kinds: tuple[Kind, ...] = tuple(Kind)
    first: date
    weeks: int = Field(default=8, ge=1, le=104)
    after: str | None = None
    limit: int = Field(default=100, ge=1, le=2_000)

    @property
    def last(self) -> date:
        """The Sunday of the last week."""
        return monday_of(self.first) + (self.weeks * DAYS_OF_A_WEEK - 1) * DAY


def monday_of(day: date) -> date:
    """The Monday of a day's week.

    Args:
        day: Local date.
    """
    return day - day.weekday() * DAY


def mondays(first: date, last: date) -> list[date]:
    """The Mondays of the weeks that a span of days touches.

    Args:
        first: Local date.
        last: Local date, included.
    """
    monday = monday_of(first)
    return [monday + number * DAYS_OF_A_WEEK * DAY for number in range((last - monday).days // DAYS_OF_A_WEEK + 1)]
