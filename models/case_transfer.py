"""A case that moves between services: what starts a transfer, what each act says, and what it knows.

Rules HAC-079 to HAC-130, HAC-140, HAC-457 and HAC-458.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, model_validator

from models.acts import Details
from models.people import Actor
from models.phrasing import Label, MaybeWhy, Text, Texts, Why
from models.placement_phrasing import Moment, child_said, moment_said
from models.process import Shape
from models.referral import Day, Reference, Word
from models.watch import WatchedChild, WatchState


class TransferStage(StrEnum):
    """Where a transfer stands. Until it is transferred the sending unit works with the family (HAC-079).

    `covered`: with another unit for a time. No stage and no act stands for a rejection (HAC-084, HAC-103).
    """

    REQUESTED = "requested"
    AWAITING_INFORMATION = "awaiting_information"
    IN_DISPUTE = "in_dispute"
    TRANSFERRED = "transferred"
    COVERED = "covered"
    STAYED = "stayed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


PAIR = 2


def _day(value: object) -> object:
    said = moment_said(value)
    return said.date() if isinstance(said, datetime) else said


def _several(value: object) -> object:
    return (value,) if isinstance(value, str | Mapping | bool) else value


def _span(value: object) -> object:
    """A day, a pair of days, or a table of them."""
    if isinstance(value, list | tuple):
        return {"starts": value[0], "ends": value[-1]} if value else value
    return {"starts": value, "ends": value} if isinstance(value, str | date) else value


def _spans(value: object) -> object:
    """One span or several; a list of two days is one span."""
    if isinstance(value, str | Mapping | date):
        return (value,)
    if isinstance(value, list | tuple) and len(value) == PAIR and all(isinstance(one, str | date) for one in value):
        return (value,)
    return value


def _place(value: object) -> object:
    return {"service": value} if isinstance(value, str) else value


def _is_there(value: object) -> object:
    """A paper named by its reference or day is there."""
    return True if isinstance(value, str | date | Mapping) and value else value


AnyDay = Annotated[Day, BeforeValidator(_day)]
"""A local day; of an instant, its day."""
Present = Annotated[tuple[Actor | Label, ...], BeforeValidator(_several)]
"""People, whole or by their reference, or services that were there."""
OnFile = Annotated[bool | None, BeforeValidator(_is_there)]


class Place(Shape):
    """A service, and the unit in it where that is known."""

    service: Label
    unit: Label | None = None


class Span(Shape):
    """Days from one to another, both included."""

    starts: Annotated[AnyDay, Field(validation_alias=AliasChoices("starts", "start", "from", "on"))]
    ends: Annotated[AnyDay, Field(validation_alias=AliasChoices("ends", "end", "to", "until"))]
    what: Annotated[Text | None, Field(validation_alias=AliasChoices("what", "reason", "reasons"))] = None


Somewhere = Annotated[Place, BeforeValidator(_place)]


def _names(shape: type[BaseModel]) -> set[str]:
    found: set[str] = set(shape.model_fields)
    for field in shape.model_fields.values():
        choices = field.validation_alias
        found |= {str(one) for one in choices.choices} if isinstance(choices, AliasChoices) else set()
    return found


def _with_units(said: dict[str, Any]) -> dict[str, Any]:
    """A service and a unit of it that were said beside each other, as one place."""
    for side in ("from", "to"):
        service, unit = f"{side}_service", f"{side}_unit"
        if service in said and unit in said:
            place = {"service": said[service], "unit": said[unit]}
            said = {**{key: one for key, one in said.items() if key not in (service, unit)}, side: place}
    return said


def _is_day(value: object) -> bool:
    if isinstance(value, date):
        return True
    try:
        return isinstance(value, str) and isinstance(_day(value), date)
    except ValueError:
        return False


Note = Annotated[Text | None, Field(validation_alias=AliasChoices("note", "notes", "comments", "comment", "summary"))]
"""Whatever else somebody wants on record; it goes to the register only."""


class Telling(Details):
    """What an act may tell of a case beside its own fields.

    A field of another name that holds a day is an event (`first_review = 2031-03-10`), and one that holds yes or no a
    circumstance (`disabled = true`), by the names that the council's file gives them.
    """

    events: dict[Word, AnyDay] = {}
    circumstances: Annotated[
        dict[Word, bool], Field(validation_alias=AliasChoices("circumstances", "case", "facts"))
    ] = {}
    approvals: Annotated[
        dict[Word, AnyDay | bool],
        Field(validation_alias=AliasChoices("approvals", "prior", "approved_by", "panel_approvals", "approved")),
    ] = {}
    plan: Annotated[OnFile, Field(validation_alias=AliasChoices("plan", "clear_plan", "care_plan", "cin_plan"))] = None
    permanency_plan: Annotated[
        OnFile,
        Field(validation_alias=AliasChoices("permanency_plan", "permanence_plan", "plan_of_permanent_separation")),
    ] = None
    agreed_by: Annotated[
        Present, Field(validation_alias=AliasChoices("agreed_by", "agreement", "agreed", "group_managers"))
    ] = ()
    note: Note = None

    @model_validator(mode="before")
    @classmethod
    def _swept(cls, said: Any) -> Any:  # noqa: ANN401 - whatever came
        if not isinstance(said, dict):
            return said
        known = _names(cls)
        said = _with_units(said)
        kept = {key: value for key, value in said.items() if key in known}
        other = {key: value for key, value in said.items() if key not in known}
        flags = {key: value for key, value in other.items() if isinstance(value, bool)}
        days = {key: value for key, value in other.items() if _is_day(value)}
        rest = {key: value for key, value in other.items() if key not in flags and key not in days}
        panels = kept.get("approved_by")
        panels = [panels] if isinstance(panels, str) else panels
        if isinstance(panels, list) and all(isinstance(one, str) for one in panels):
            kept = {**kept, "approved_by": dict.fromkeys(panels, True)}
        case = next((key for key in ("circumstances", "case", "facts") if key in kept), "circumstances")
        for key, found in ((case, flags), ("events", days)):
            there = kept.get(key, {})
            if found and isinstance(there, dict):
                kept[key] = {**there, **found}
            else:
                rest |= found
        return {**kept, **rest}


class RequestTransfer(Telling):
    """A case is to move: from where, to where, and what is known of it.

    `identified_on` is when it came up, where that was before the request. `avoid` are days that a transfer must not
    fall on, such as exams. `reasons` say why it departs from what the protocol expects.
    """

    transfer_ref: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("transfer_ref", "transfer", "reference"))
    ] = None
    child: Annotated[
        WatchedChild, BeforeValidator(child_said), Field(validation_alias=AliasChoices("child", "child_ref"))
    ]
    date_of_birth: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("date_of_birth", "dob"))] = None
    leaves: Annotated[
        Somewhere | None,
        Field(
            validation_alias=AliasChoices(
                *("leaves", "from", "from_service", "from_unit", "sender", "sending_service", "sending_unit")
            )
        ),
    ] = None
    joins: Annotated[
        Somewhere | None,
        Field(
            validation_alias=AliasChoices(
                *("joins", "to", "to_service", "to_unit", "receiver", "receiving_service", "receiving_unit")
            )
        ),
    ] = None
    route: Annotated[
        Word | None,
        Field(validation_alias=AliasChoices("route", "point_of_transfer", "point", "kind", "type", "transfer_type")),
    ] = None
    requested_on: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("requested_on", "requested_at", "on", "at", "date"))
    ] = None
    identified_on: Annotated[
        AnyDay | None, Field(validation_alias=AliasChoices("identified_on", "identified_at", "identified"))
    ] = None
    legal_status: Label | None = None
    documents: Annotated[Texts, Field(validation_alias=AliasChoices("documents", "papers", "file"))] = ()
    avoid: Annotated[
        tuple[Annotated[Span, BeforeValidator(_span)], ...],
        BeforeValidator(_spans),
        Field(validation_alias=AliasChoices("avoid", "exams", "exam_dates", "blackout", "critical_events")),
    ] = ()
    young_person_view: Annotated[
        Text | None, Field(validation_alias=AliasChoices("young_person_view", "young_persons_view", "wishes"))
    ] = None
    returns_on: Annotated[
        AnyDay | None, Field(validation_alias=AliasChoices("returns_on", "return_by", "until", "ends", "ends_on"))
    ] = None
    sending_worker: Annotated[
        Actor | Label | None, Field(validation_alias=AliasChoices("sending_worker", "sending_csw", "from_csw"))
    ] = None
    receiving_worker: Annotated[
        Actor | Label | None,
        Field(validation_alias=AliasChoices("receiving_worker", "receiving_csw", "to_csw", "new_worker")),
    ] = None
    reasons: MaybeWhy = None

    @property
    def whole_child(self) -> WatchedChild:
        """The child, with a date of birth that was said beside it."""
        if self.date_of_birth is None:
            return self.child
        return self.child.model_copy(update={"date_of_birth": self.date_of_birth})


class AskForInformation(Details):
    """What the file lacks; nothing named: what the council's standards ask for, or the file's information as such."""

    missing: Annotated[
        Texts,
        Field(
            validation_alias=AliasChoices(
                "missing", "items", "information", "documents", "document", "needed", "what", "item"
            )
        ),
    ] = ()
    reasons: MaybeWhy = None


class SupplyInformation(Telling):
    """What was missing and is there now; nothing named: all of it. `reasons`: why the rest cannot be had."""

    items: Annotated[
        Texts,
        Field(
            validation_alias=AliasChoices(
                "items", "supplied", "information", "documents", "document", "missing", "what", "item"
            )
        ),
    ] = ()
    reasons: MaybeWhy = None


class RecordJointVisit(Details):
    """Both units visited the family together. `present` are people, or the services they came from."""

    on: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("on", "date", "at", "visited_on", "held_on"))] = (
        None
    )
    present: Annotated[
        Present, Field(validation_alias=AliasChoices("present", "attended_by", "attended", "by", "services", "units"))
    ] = ()
    both_units: Annotated[bool, Field(validation_alias=AliasChoices("both_units", "joint", "both", "both_present"))] = (
        True
    )
    note: Note = None


class CompleteTransfer(Telling):
    """The case is with the receiving unit from a local day on; today where it is left out.

    `joins`: which service that is, where the request did not say.
    """

    joins: Annotated[
        Somewhere | None,
        Field(validation_alias=AliasChoices("joins", "to", "to_service", "receiving_service", "service")),
    ] = None
    on: Annotated[
        AnyDay | None, Field(validation_alias=AliasChoices("on", "date", "at", "transferred_on", "completed_on"))
    ] = None
    reasons: MaybeWhy = None


class RecordEvent(Telling):
    """Something that happened, or a planned day that changed. `minutes_by` is who took the minutes."""

    event: Annotated[Word, Field(validation_alias=AliasChoices("event", "what", "kind", "key"))]
    on: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("on", "date", "at", "held_on"))] = None
    present: Annotated[Present, Field(validation_alias=AliasChoices("present", "attended_by", "attended"))] = ()
    minutes_by: Annotated[Actor | Label | None, Field(validation_alias=AliasChoices("minutes_by", "minutes"))] = None
    family_met: bool | None = None


class RaiseDispute(Details):
    """A difficulty between the units. `grounds`: the kind of it, where it is one that nobody may object with."""

    about: Annotated[Text, Field(validation_alias=AliasChoices("about", "what", "reasons", "reason", "difficulty"))]
    grounds: Word | None = None


class SettleDispute(Details):
    """What was agreed, and at which meeting, face to face."""

    met_on: Annotated[
        AnyDay | None, Field(validation_alias=AliasChoices("met_on", "meeting", "meeting_on", "on", "held_on"))
    ] = None
    how: Word | None = None
    present: Annotated[Present, Field(validation_alias=AliasChoices("present", "attended_by", "attended"))] = ()
    agreed: Annotated[Text, Field(validation_alias=AliasChoices("agreed", "agreement", "outcome", "decision"))]


class Stay(Details):
    """The young person asked to stay, and stays."""

    reasons: Why


class ReturnCase(Details):
    """A case that was with another unit for a time is back."""

    on: Annotated[AnyDay | None, Field(validation_alias=AliasChoices("on", "date", "returned_on"))] = None
    reasons: MaybeWhy = None


class Closing(Details):
    """Why a request is taken back, or why what is left over of a transfer needs nobody any more."""

    reasons: Why


class CaseTransferState(WatchState):
    """Everything that a transfer knows.

    Facts: `transfer.*` (route, services, when it is due), `events.*` (local days), `case.*` (yes or no),
    `information.*`, `visit.on`, `dispute.*`, `panel.FORUM.*`, `agreed.group_managers` (how many). `waited` are the
    seconds that information was waited for so far.
    """

    stage: TransferStage = TransferStage.REQUESTED
    avoid: tuple[Span, ...] = ()
    missing: tuple[str, ...] = ()
    waited: int = 0
    agreed: tuple[str, ...] = ()

    @property
    def actions_open(self) -> int:
        """What the sending unit still has to supply."""
        return len(self.missing)
