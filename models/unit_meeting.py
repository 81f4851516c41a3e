"""The weekly meeting of a social work unit: who is there, which cases it discusses, and what each act says.

Rules HAC-013, HAC-015 and HAC-061 to HAC-078.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, StringConstraints, model_validator

from models.acts import Details
from models.case_transfer import AnyDay
from models.identifiers import REFERENCE
from models.people import Actor, Owner
from models.phrasing import Label, MaybeWhy, Owned, Text, Texts
from models.placement_phrasing import within_reason
from models.process import Shape
from models.referral import Day, Reference, Word
from models.watch import WatchState


class MeetingStage(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    IN_SESSION = "in_session"
    CLOSED = "closed"


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | Mapping) else value


def _staff(value: object) -> object:
    """A person by reference; of a whole actor, only the reference."""
    if isinstance(value, Mapping):
        return value.get("staff", value)
    return value.staff if isinstance(value, Actor) else value


def _case(value: object) -> object:
    return {"case": value} if isinstance(value, str) else value


def _absent(value: object) -> object:
    return {"staff": value} if isinstance(value, str) else value


def _reasons(value: Any) -> Any:  # noqa: ANN401 - whatever came
    """Cases with why, as a table of case and reason, a list of tables, or a list of names without any."""
    if isinstance(value, Mapping) and not {"case", "child", "child_ref"} & value.keys():
        return tuple({"case": case, "reasons": why} for case, why in value.items())
    several = (value,) if isinstance(value, str | Mapping) else value
    if not isinstance(several, list | tuple):
        return several
    return tuple({"case": one} if isinstance(one, str) else one for one in several)


Staff = Annotated[Label, BeforeValidator(_staff)]
UnitName = Annotated[Label, StringConstraints(pattern=r"^[\w .'&()\-]{1,60}$")]
"""A unit's name: it becomes part of an id, so nothing that would tear that apart."""
Everybody = Annotated[tuple[Staff, ...], BeforeValidator(_several)]
There = Annotated[tuple[Actor | Label, ...], BeforeValidator(_several)]
CASE_NAMES = AliasChoices("case", "child", "child_ref", "reference")


def _depth(value: object) -> object:
    """Depth as a word: `in depth` or `brief`."""
    if not isinstance(value, str):
        return value
    said = value.replace("_", " ").replace("-", " ").casefold().strip()
    return (
        True
        if said in ("in depth", "detailed", "full", "yes")
        else False
        if said in ("brief", "short", "no")
        else value
    )


class OneOnTheAgenda(Details):
    """A case that the unit holds, and how long it is to have (minutes)."""

    case: Annotated[Reference, Field(validation_alias=CASE_NAMES)]
    minutes: int | None = Field(default=None, ge=1, le=480)
    newly_allocated: Annotated[
        bool, Field(validation_alias=AliasChoices("newly_allocated", "new", "new_case", "newly_allocated_case"))
    ] = False
    incident_on: Annotated[
        AnyDay | None,
        Field(validation_alias=AliasChoices("incident_on", "critical_incident_on", "critical_incident", "incident")),
    ] = None
    last_in_depth: Annotated[
        AnyDay | None,
        Field(validation_alias=AliasChoices("last_in_depth", "last_in_depth_on", "last_in_depth_discussion")),
    ] = None
    since: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("since", "allocated_on"))] = None


class Absence(Details):
    """Somebody who is not there, and why."""

    staff: Annotated[Staff, Field(validation_alias=AliasChoices("staff", "who", "member", "person"))]
    reasons: Annotated[Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "because"))] = None


class Invitation(Details):
    """Somebody from outside the unit who comes for a case, and who asked for it."""

    staff: Annotated[Staff | None, Field(validation_alias=AliasChoices("staff", "who", "person"))] = None
    post: Annotated[Word | None, Field(validation_alias=AliasChoices("post", "role", "professional"))] = None
    case: Annotated[Reference | None, Field(validation_alias=CASE_NAMES)] = None
    asked_by: Annotated[Label, Field(validation_alias=AliasChoices("asked_by", "requested_by", "by"))] = (
        "consultant_social_worker"
    )
    confirmed: bool = False


class NotNow(Details):
    """A case, and why it is not discussed or no longer the unit's."""

    case: Annotated[Reference, Field(validation_alias=CASE_NAMES)]
    reasons: Annotated[Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "because", "why"))] = None


class NewTask(Details):
    """A task of a case: what, whose, and by when (local date, close of business)."""

    what: Annotated[Text, Field(validation_alias=AliasChoices("what", "task"))]
    owner: Annotated[Owned | None, Field(validation_alias=AliasChoices("owner", "who"))] = None
    due: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("due", "by", "due_on"))] = None


def _task(value: object) -> object:
    return {"what": value} if isinstance(value, str) else value


Agenda = Annotated[
    tuple[Annotated[OneOnTheAgenda, BeforeValidator(_case)], ...],
    BeforeValidator(_several),
    Field(validation_alias=AliasChoices("cases", "case", "agenda", "allocated_cases", "allocated")),
]
Absences = Annotated[
    tuple[Annotated[Absence, BeforeValidator(_absent)], ...],
    BeforeValidator(_several),
    Field(validation_alias=AliasChoices("absent", "absences", "apologies")),
]
Invited = Annotated[
    tuple[Annotated[Invitation, BeforeValidator(_absent)], ...],
    BeforeValidator(_several),
    Field(validation_alias=AliasChoices("invited", "invitations", "professionals", "guests")),
]
Tasks = Annotated[
    tuple[Annotated[NewTask, BeforeValidator(_task)], ...],
    BeforeValidator(_several),
    Field(validation_alias=AliasChoices("tasks", "actions", "task", "task_allocation")),
]
Papers = Annotated[
    bool | Texts, Field(validation_alias=AliasChoices("papers", "papers_ready", "papers_available", "documents"))
]


class AllocatedCase(Shape):
    """A case on the agenda. Days are local; `entries` counts what was recorded of it at this meeting.

    `owed`: it should have been discussed in depth at the meeting before. `carried_over`: it was not discussed there.
    `excused`: somebody said why it is not discussed in depth this time.
    """

    case: str = Field(pattern=REFERENCE)
    minutes: int | None = None
    newly_allocated: bool = False
    incident_on: Day | None = None
    last_in_depth: Day | None = None
    since: Day | None = None
    owed: bool = False
    entries: int = 0
    in_depth: bool = False
    excused: bool = False
    carried_over: bool = False


class Task(Shape):
    """A task that a meeting gave, by number within its unit's meetings."""

    number: int
    case: str
    what: str
    owner: Owner | None = None
    due: Day | None = None


class Carried(Shape):
    """What one meeting leaves to the next: the unit's cases and members, open tasks, absences not yet acted on."""

    cases: tuple[AllocatedCase, ...] = ()
    tasks: tuple[Task, ...] = ()
    members: tuple[str, ...] = ()
    unexplained: tuple[str, ...] = ()
    noted_at: Annotated[datetime, AfterValidator(within_reason)] | None = None
    numbers: int = 0


class OpenMeeting(Details):
    """A unit meets: who chairs, who is there, and which cases are allocated to it.

    `unit` and `on` (local date) give it its reference. `left` are cases that the unit no longer holds. `carried` is
    what the meeting before left; only Waymark itself says so, with `planned`.
    """

    unit: Annotated[
        UnitName | None, Field(validation_alias=AliasChoices("unit", "unit_name", "social_work_unit", "team"))
    ] = None
    on: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("on", "date", "meeting", "held_on"))] = None
    chair: Actor | Label | None = None
    chair_reason: Annotated[
        Text | None,
        Field(
            validation_alias=AliasChoices("chair_reason", "chair_reasons", "csw_absent_because", "reasons", "reason")
        ),
    ] = None
    members: Annotated[Everybody, Field(validation_alias=AliasChoices("members", "unit_members"))] = ()
    present: Annotated[There, Field(validation_alias=AliasChoices("present", "attended_by", "attendance"))] = ()
    absent: Absences = ()
    cases: Agenda = ()
    left: Annotated[
        tuple[NotNow, ...],
        BeforeValidator(_reasons),
        Field(validation_alias=AliasChoices("left", "no_longer_allocated", "closed_cases")),
    ] = ()
    invited: Invited = ()
    papers: Papers = False
    nominal: AnyDay | None = None
    planned: bool = False
    carried: Carried | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_or_more(cls, said: Any) -> Any:  # noqa: ANN401 - whatever came
        """`papers_missing` says that papers are not ready."""
        if isinstance(said, dict) and "papers_missing" in said:
            return {**{key: one for key, one in said.items() if key != "papers_missing"}, "papers": False}
        return said


class PrepareAgenda(Details):
    """The agenda before the meeting: minutes for each case, who was asked to come and has said yes, and the papers."""

    cases: Agenda = ()
    invited: Invited = ()
    papers: Papers = False


class RecordDiscussion(Details):
    """What was discussed of one case, as it is typed on its file during the meeting.

    `no_activity`: nothing happened and nothing is needed, which is an entry too. `read_by`: who had read the key papers
    of a new case; `true` for everybody.
    """

    case: Annotated[Reference, Field(validation_alias=CASE_NAMES)]
    summary: Annotated[
        Text | None,
        Field(validation_alias=AliasChoices("summary", "discussion", "entry", "note", "notes", "record", "text")),
    ] = None
    no_activity: Annotated[bool, Field(validation_alias=AliasChoices("no_activity", "nothing_happened"))] = False
    decisions: Annotated[
        Texts, Field(validation_alias=AliasChoices("decisions", "decision", "outcome", "decided"))
    ] = ()
    tasks: Tasks = ()
    in_depth: Annotated[
        bool | None,
        BeforeValidator(_depth),
        Field(validation_alias=AliasChoices("in_depth", "indepth", "detailed", "depth")),
    ] = None
    not_in_depth_because: Annotated[
        Text | None,
        Field(validation_alias=AliasChoices("not_in_depth_because", "why_not_in_depth", "reasons", "reason")),
    ] = None
    read_by: Annotated[
        bool | Everybody,
        Field(validation_alias=AliasChoices("read_by", "papers_read", "papers_read_by", "key_papers_read", "read")),
    ] = ()
    recommend_closure: Annotated[
        bool, Field(validation_alias=AliasChoices("recommend_closure", "closure_recommended", "recommends_closure"))
    ] = False


class CompleteTask(Details):
    """A task is done. May be left out when only one is open."""

    task: Annotated[int | Label | None, Field(validation_alias=AliasChoices("task", "number", "what", "action"))] = None


class ActOnAbsence(Details):
    """What was done about an absence without a good reason."""

    staff: Annotated[Staff, Field(validation_alias=AliasChoices("staff", "who", "member", "person"))]
    what: Annotated[Text, Field(validation_alias=AliasChoices("what", "action", "reasons", "reason"))]


class CloseMeeting(Details):
    """The end of a meeting. Each case that was not discussed is named with why, and is carried to the next.

    `no_next_because`: why the unit meets no more.
    """

    carried: Annotated[
        tuple[NotNow, ...],
        BeforeValidator(_reasons),
        Field(
            validation_alias=AliasChoices(
                *("carried", "carry", "carried_over", "not_discussed", "undiscussed", "carry_over", "left_over")
            )
        ),
    ] = ()
    reasons: MaybeWhy = None
    summary: Annotated[Text | None, Field(validation_alias=AliasChoices("summary", "note", "notes"))] = None
    no_next_because: Annotated[
        Text | None, Field(validation_alias=AliasChoices("no_next_because", "no_next_meeting_because"))
    ] = None


class UnitMeetingState(WatchState):
    """Everything that a meeting knows. `nominal` is the day on which it would be, were that not a day off."""

    stage: MeetingStage = MeetingStage.PLANNED
    on: date
    nominal: date
    chair: str | None = None
    chair_post: str | None = None
    members: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    cases: tuple[AllocatedCase, ...] = ()
    tasks: tuple[Task, ...] = ()
    unexplained: tuple[str, ...] = ()
    noted_at: datetime | None = None
    numbers: int = 0

    @property
    def actions_open(self) -> int:
        """Tasks that are not done, and absences that nobody has acted on."""
        return len(self.tasks) + len(self.unexplained)

    @property
    def undiscussed(self) -> tuple[AllocatedCase, ...]:
        """Cases of which nothing is recorded yet."""
        return tuple(one for one in self.cases if not one.entries)

    def find(self, case: str) -> AllocatedCase | None:
        """A case of the agenda.

        Args:
            case: Its reference.
        """
        return next((one for one in self.cases if one.case == case), None)
