"""A council's procedure as data: the shapes of the TOML files, and the snapshot that a journey carries.

Every value that a rule uses cites its source: an id of `procedures/catalogue/rules.csv`. A value that the
council's document leaves open says in `assumed` who chose it and why.
"""

from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.conditions import Conditions
from models.errors import RefusalCode
from models.vocabulary import Outcome


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Citations = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Data(BaseModel):
    """A part of a procedure file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Data):
    """A part that names its source."""

    cites: Citations
    assumed: str | None = None


class Weekday(StrEnum):
    """Days that a panel may meet on."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """Monday is 0, as in `date.weekday()`."""
        return list(Weekday).index(self)


class Post(Data):
    """A post that people hold, and the post that answers for it."""

    title: str
    next_up: str | None = None


class Authority(Cited):
    """Who may do an act.

    `unit = "same"`: a person whose unit is known must answer for the case's unit. `unit = "own"`: the person's unit
    must be known and be the case's. `unit = "any"`: no matter.
    """

    posts: Texts
    unit: Literal["any", "same", "own"] = "any"
    four_eyes: bool = Field(default=False, description="Nobody who already referred or signed this referral")


class Schedule(Cited):
    """When a forum meets: every week on one day, Europe/London wall time."""

    every: Literal["week"] = "week"
    weekday: Weekday
    starts: time
    on_holiday: Literal["next_working_day_of_week"]


class CutOff(Cited):
    """Until when a referral is in time: the last such weekday and time before the sitting, Europe/London."""

    weekday: Weekday
    at: time
    on_holiday: Literal["previous_working_day"]


class Capacity(Cited):
    """How many cases a sitting hears and how long each has (minutes)."""

    cases: int = Field(ge=1)
    minutes: int = Field(ge=1)
    beyond: Literal["chair", "nobody"]
    overflow: Literal["reserve", "next_sitting"]


class Seat(Cited):
    """A seat at a forum, and for which cases it is filled."""

    title: str
    role: Literal["chair", "independent", "member", "case", "invited"]
    post: str
    units: Texts = ()
    count: int = Field(default=1, ge=1)
    when: Conditions = ()


class Quorum(Cited):
    """The fewest people with whom a forum may decide: the chair and so many independent members."""

    independent: int = Field(ge=0)
    post: str


class SignOffStep(Cited):
    """One step of the chain before listing."""

    act: Literal["sign_off", "endorse"]
    comments: bool = False


class Criterion(Cited):
    """A reason to come to a forum. With `when` it is found from the form's facts; else the team declares it."""

    title: str
    when: Conditions = ()
    unless: Conditions = ()
    needs: str | None = Field(default=None, description="The date without which it cannot be checked")


class Requirement(Cited):
    """Something that a form must hold in some cases. `field` is a dotted path that must be filled."""

    field: str
    when: Conditions = ()
    criteria: Texts = Field(default=(), description="Only for these criteria")
    at: Literal["refer", "sign_off"] = "refer"
    code: RefusalCode = RefusalCode.INCOMPLETE
    sentence: str
    remedy: str


class Document(Cited):
    """A paper that must be attached, in some cases."""

    name: str
    when: Conditions = ()
    instead_of: str | None = None


class Option(Cited):
    """A decision that a forum may take."""

    outcome: Outcome


class Disagreement(Cited):
    """Who decides when the members cannot agree; what they disagree on has to be noted."""

    decided_by: Literal["chair"]


class Checkpoint(Cited):
    """Something that the panel looks at in every case, recorded with the decision."""

    key: str
    prompt: str


class Onward(Cited):
    """Where a matter goes from here. `on = "referral"`: shown at once; `on = "approval"`: started when approved."""

    forum: str
    on: Literal["referral", "approval"]
    when: Conditions
    unless_retained: bool = False


class PostDecision(Cited):
    """A matter that a post decides alone, up to a limit."""

    post: str
    when: Conditions
    unless_criteria: Texts = ()


class Forum(Data):
    """One panel or other place of decision."""

    key: str
    title: str
    version: str
    in_force_from: date
    in_force_until: date | None = None
    also_known_as: Texts = ()
    body: Literal["sitting", "post"]
    decided_by: str | None = None
    cites: Citations
    assumed: str | None = None
    outranks: Texts = Field(default=(), description="Forums whose cases this one takes over when both match")
    schedule: Schedule | None = None
    cut_off: CutOff | None = None
    capacity: Capacity | None = None
    quorum: Quorum | None = None
    seats: tuple[Seat, ...] = ()
    chain: tuple[SignOffStep, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    documents: tuple[Document, ...] = ()
    options: tuple[Option, ...] = ()
    disagreement: Disagreement | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    onward: tuple[Onward, ...] = ()
    by_post: PostDecision | None = None
    prompts: tuple[Checkpoint, ...] = ()


class WorkingHours(Cited):
    """When the ordinary route to a director is open, on working days, Europe/London."""

    starts: time
    ends: time


class Emergency(Cited):
    """Who may authorise what cannot wait."""

    posts: Texts
    out_of_hours_posts: Texts
    out_of_hours_cites: Citations
    agreed_by: str
    agreed_by_units: Texts
    agreed_cites: Citations
    working_hours: WorkingHours
    alternative_plan_working_days: int = Field(ge=1)
    alternative_plan_cites: Citations
    alternative_plan_assumed: str


class Escalation(Cited):
    """How fast a breach climbs the ladder of posts: working days a rung. Who may escalate stands under authority."""

    rung_working_days: int = Field(ge=1)


class ClockRule(Cited):
    """A clock of the engine as this council runs it. Working days; due at `at`, Europe/London."""

    warn_working_days: int = Field(default=0, ge=0)
    due_working_days: int | None = Field(default=None, ge=0)
    at: time = time(17)
    owner: str | None = None


class Roles(Cited):
    """Which posts play the parts that every procedure has, whatever a council calls them.

    `worker` presents the case, `manager` answers for its actions, `head` for its unit; `administrator` runs the
    sittings; `informed` get to know every decision.
    """

    worker: str
    manager: str
    head: str
    administrator: str
    informed: Texts


class Setting(Cited):
    """A value that the council's document leaves to the council: it must be set, there is no default."""

    title: str
    value: Decimal


class Council(Data):
    """All of one council that a journey needs: this is the snapshot that it carries."""

    key: str
    title: str
    version: str
    posts: dict[str, Post]
    roles: Roles
    authority: dict[str, Authority]
    escalation: Escalation
    emergency: Emergency | None = None
    clocks: dict[str, ClockRule]
    settings: dict[str, Setting] = {}
    forums: dict[str, Forum]


class WorkingCalendar(Data):
    """Days on which nobody works, frozen: England's bank holidays and the council's closure days.

    `until` is the last day that the table speaks of; `weekend` are days of the week, Monday 0.
    """

    days_off: tuple[date, ...]
    until: date
    weekend: tuple[int, ...] = (5, 6)
