"""A council's procedure as data: the shapes of the TOML files, and the snapshot that a journey carries.

Every value that a rule uses cites its source: an id of `procedures/catalogue/rules.csv`. A value that the
council's document leaves open says in `assumed` who chose it and why. The parts of a forum lie in `intake`,
`timetable`, `membership` and `deciding`.
"""

from contextlib import suppress
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.data import Citations, Cited, Data, Texts, Weekday
from models.deadlines import Beginning, LawDeadline, WatchRules
from models.deciding import (
    Alert,
    Authorisation,
    Checkpoint,
    Confirmation,
    Disagreement,
    Exit,
    FinalDecision,
    FollowUp,
    Matrix,
    Matter,
    Onward,
    Option,
    PostDecision,
    Renewal,
    ReviewProgramme,
    Total,
)
from models.intake import Criterion, DirectRoute, Document, Kind, Law, LocalField, Requirement, Scoring
from models.membership import (
    Authority,
    Cover,
    Emergency,
    Independence,
    Post,
    Presenter,
    Quorum,
    Seat,
    SignOffStep,
    WithdrawalStep,
)
from models.moving import TransferRules, UnitMeetingRules
from models.timetable import (
    BookingAhead,
    Capacity,
    ChairTurn,
    CutOff,
    HearBy,
    ListBy,
    Minutes,
    Papers,
    PapersCheck,
    Schedule,
    SheetCopies,
)


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


class RolesHere(Data):
    """Parts that other posts play at one forum."""

    worker: str | None = None
    manager: str | None = None
    head: str | None = None
    administrator: str | None = None
    informed: Texts | None = None


class Forum(Data):
    """One panel or other place of decision.

    `body`: it sits, or a post decides, or it lies `elsewhere` and has no procedure here. `sits_with`: a part of another
    forum's meeting: timetable, agenda, seats and quorum are that forum's. `form`: how much of the intake form it asks
    for. `authority`, `roles`, `clocks` and `emergency` go before the council's own.
    """

    key: str
    title: str
    version: str
    in_force_from: date
    in_force_until: date | None = None
    also_known_as: Texts = ()
    body: Literal["sitting", "post", "elsewhere"]
    sits_with: str | None = None
    form: Literal["full", "short"] = "full"
    oversight: bool = Field(default=False, description="Never recommended by its criteria: cases come by other ways")
    decided_by: str | None = None
    or_higher: bool = Field(default=False, description="A post above `decided_by` on the ladder may decide too")
    cites: Citations
    assumed: str | None = None
    outranks: Texts = Field(default=(), description="Forums whose cases this one takes over when both match")
    schedule: Schedule | None = None
    cut_off: CutOff | None = None
    capacity: Capacity | None = None
    papers: Papers | None = None
    papers_check: PapersCheck | None = None
    minutes: Minutes | None = None
    sheet_copies: SheetCopies | None = None
    booking: BookingAhead | None = None
    list_by: ListBy | None = None
    hear_by: tuple[HearBy, ...] = ()
    chairing: tuple[ChairTurn, ...] = ()
    quorum: Quorum | None = None
    independence: Independence | None = None
    seats: tuple[Seat, ...] = ()
    presenters: tuple[Presenter, ...] = ()
    cover: Cover | None = None
    chain: tuple[SignOffStep, ...] = ()
    withdrawal: tuple[WithdrawalStep, ...] = ()
    kinds: Texts = Field(default=(), description="The kinds of request that it takes; none named: all")
    criteria: tuple[Criterion, ...] = ()
    scoring: Scoring | None = None
    direct: DirectRoute | None = None
    requirements: tuple[Requirement, ...] = ()
    documents: tuple[Document, ...] = ()
    options: tuple[Option, ...] = ()
    disagreement: Disagreement | None = None
    final_decision: FinalDecision | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    exits: tuple[Exit, ...] = ()
    reviews: tuple[ReviewProgramme, ...] = ()
    renewal: Renewal | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    alerts: tuple[Alert, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    authorises: tuple[Authorisation, ...] = ()
    onward: tuple[Onward, ...] = ()
    begins: tuple[Beginning, ...] = Field(default=(), description="Processes that its decisions begin")
    by_post: PostDecision | None = None
    matrix: Matrix | None = None
    matters: tuple[Matter, ...] = ()
    prompts: tuple[Checkpoint, ...] = ()
    authority: dict[str, Authority] = {}
    roles: RolesHere | None = None
    clocks: dict[str, ClockRule] = {}
    emergency: Emergency | None = None
    no_emergency: Texts = Field(default=(), description="Rule ids that say that this forum has no emergency route")


class Escalation(Cited):
    """How fast a breach climbs the ladder of posts: working days a rung. Who may escalate stands under authority."""

    rung_working_days: int = Field(ge=1)


class Duty(Cited):
    """Something that recurs, shown on every sitting of a forum or at an interval (`P3M`)."""

    key: str
    title: str
    every: str = Field(description="`sitting`, or a duration")
    forum: str | None = None
    owner: str
    scheduled: bool = Field(default=False, description="Begins by itself, without being named in `local.toml`")
    months: tuple[int, ...] = Field(default=(), description="In which months; a duration counts from the first")
    on_day: int = Field(default=1, ge=1, le=28, description="On which day of the month")
    weekday: Weekday = Field(default=Weekday.MONDAY, description="Of what recurs in weeks")
    counts_from: date | None = Field(default=None, description="From when longer intervals are counted")
    within_working_days: int = Field(default=10, ge=0, description="How long the owner has")
    warn_working_days: int = Field(default=2, ge=0, description="How long before that the owner is reminded")


def _as_set(value: object) -> object:
    """A setting's value as its file has it: JSON writes amounts and days as text."""
    if not isinstance(value, str):
        return value
    with suppress(InvalidOperation):
        return Decimal(value)
    with suppress(ValueError):
        return date.fromisoformat(value)
    return value


class Setting(Cited):
    """A value that the council's document leaves to the council: it must be set, there is no default."""

    title: str
    value: Annotated[Decimal | bool | str | date | tuple[str, ...], BeforeValidator(_as_set)]


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
    lists: dict[str, Texts] = Field(default={}, description="Named lists that the council sets for itself")
    facts: dict[str, LocalField] = {}
    kinds: dict[str, Kind] = {}
    totals: dict[str, Total] = {}
    duties: tuple[Duty, ...] = ()
    law: tuple[Law, ...] = Field(default=(), description="Above the council: from procedures/law, never from its files")
    placement: WatchRules | None = None
    care_episode: WatchRules | None = None
    support_package: WatchRules | None = None
    case_transfer: TransferRules | None = None
    unit_meeting: UnitMeetingRules | None = None
    forum_duty: WatchRules | None = None
    law_deadlines: tuple[LawDeadline, ...] = Field(default=(), description="From procedures/law, never from its files")
    watches: Texts = Field(default=(), description="Long-lived processes that a snapshot knows to be there")
    forums: dict[str, Forum]
    stubs: Texts = Field(default=(), description="Forums of which a snapshot carries names and criteria only")


class WorkingCalendar(Data):
    """Days on which nobody works, frozen: England's bank holidays and the council's closure days.

    `until` is the last day that the table speaks of; `weekend` are days of the week, Monday 0.
    """

    days_off: tuple[date, ...]
    until: date
    weekend: tuple[int, ...] = (5, 6)
