"""When a forum meets and how a case comes on its agenda, as data. Times are Europe/London wall time."""

from datetime import date, datetime, time
from typing import Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Cited, Data, Texts, Weekday


class MeetingDate(Data):
    """One meeting of a yearly timetable; `papers_by` is its own deadline."""

    on: date
    papers_by: datetime | None = None


class Schedule(Cited):
    """When a forum meets.

    `week`: every `interval` weeks, counted from a week with `anchor` in it. `month`: the `nth` such weekday, -1 the
    last. `dates` are meetings of a timetable: they are added, and replace the pattern in the months that they name.
    """

    every: Literal["week", "month"] = "week"
    interval: int = Field(default=1, ge=1)
    anchor: date | None = None
    nth: int | None = Field(default=None, ge=-1, le=5)
    weekday: Weekday
    starts: time
    minutes: int | None = Field(default=None, ge=1, description="How long it lasts; else as long as its slots")
    venue: str | None = None
    dates: tuple[MeetingDate, ...] = ()
    on_holiday: Literal["next_working_day_of_week"]


class CutOff(Cited):
    """Until when a referral is in time: the last such weekday and time before the sitting, or some working days before.

    The day of the sitting is not counted. A timetable's own deadline goes before. `late` says who may agree lateness:
    the sitting's chair, a head of service of the case's unit or the chair, whoever authority.agree_late names, or
    nobody.
    """

    weekday: Weekday | None = None
    working_days_before: int | None = Field(default=None, ge=0)
    at: time
    on_holiday: Literal["previous_working_day"] = "previous_working_day"
    late: Literal["chair", "chair_or_head", "posts", "nobody"] = "chair"


class Capacity(Cited):
    """How many cases a sitting hears and how long each has (minutes). No `cases`: as many as come.

    `reserve_and_next`: on the reserve list, with a firm place at the next sitting. Above `target` people are told.
    """

    cases: int | None = Field(default=None, ge=1)
    target: int | None = Field(default=None, ge=1)
    minutes: int = Field(ge=1)
    unit: Literal["case", "family"] = Field(default="family", description="Brothers and sisters share a slot, or not")
    beyond: Literal["chair", "nobody"]
    overflow: Literal["reserve", "next_sitting", "reserve_and_next"]


class Papers(Cited):
    """When the papers of a sitting go out to its members; left out of a file: nothing watches it."""

    working_days_before: int | None = Field(default=None, ge=0, description="None: at the cut-off itself")
    at: time = time(17)


class PapersCheck(Cited):
    """Who looks through the papers of a listed case before the sitting, and may return them."""

    posts: Texts


class Minutes(Cited):
    """The minutes of a sitting: a draft within so many working days, final with the chair's approval."""

    working_days: int = Field(ge=0)
    copies_to: Texts = Field(default=(), description="Posts that get them beside members and who is told of decisions")


class SheetCopies(Cited):
    """Approved decision sheets go to the members and to these posts; left out of a file: to nobody by themselves."""

    posts: Texts = ()


class BookingAhead(Cited):
    """A place may be asked for with the referral, before the papers are complete: provisional until they are."""

    form: str | None = Field(default=None, description="The paper that asks for it")
    hearing_on: str | None = Field(default=None, description="Path of a court date by which a place must be booked")


class ListBy(Cited):
    """A case is listed by a date of its own instead of the next sitting in time, counted from the later anchor."""

    anchor: Texts
    earliest: str
    target: str
    latest: str


class HearBy(Cited):
    """A case should be heard so long before a date of its own; when it is not, people are told. Never a refusal."""

    path: str
    before: str
    tells: Texts
    unless: Conditions = ()


class ChairTurn(Cited):
    """Heads of units who take turns in the chair, from the week with `anchor` in it. Out of turn is flagged."""

    units: Texts
    anchor: date
    every_weeks: int = Field(default=1, ge=1)
