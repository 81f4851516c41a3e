"""A support package: the services that a panel agreed for a child, who provides them, and what each act says.

Rules HAC-379 to HAC-385, HAC-388 to HAC-390, HAC-125 and HAC-126.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, StringConstraints, model_validator

from models.acts import AgreedService, Details
from models.phrasing import Label, MaybeWhy, Text, service_said
from models.placement_phrasing import within_reason
from models.process import Shape
from models.referral import Day, Reference
from models.watch import WatchedChild, WatchState


class PackageStage(StrEnum):
    """Where a package stands: agreed, with a service that has not started; all services in place; over."""

    ALLOCATED = "allocated"
    IN_PLACE = "in_place"
    ENDED = "ended"


class ReviewOutcome(StrEnum):
    """What a review of a package may say (HAC-385; D40 for Rapid Response)."""

    CONTINUE = "continue"
    ADD = "add"
    REDUCE = "reduce"
    TRANSFER = "transfer"
    TIER_2 = "tier_2"
    END = "end"


OUTCOME_WORDS = {
    "continued": ReviewOutcome.CONTINUE,
    "no_change": ReviewOutcome.CONTINUE,
    "added": ReviewOutcome.ADD,
    "increase": ReviewOutcome.ADD,
    "reduced": ReviewOutcome.REDUCE,
    "decrease": ReviewOutcome.REDUCE,
    "transferred": ReviewOutcome.TRANSFER,
    "tier2": ReviewOutcome.TIER_2,
    "close": ReviewOutcome.END,
    "closed": ReviewOutcome.END,
    "ended": ReviewOutcome.END,
}
PRIORITY_WORDS = {"urgent": "1", "p1": "1", "p2": "2", "p3": "3"}


def _word(value: object) -> object:
    return "_".join(value.replace("-", " ").casefold().split()) if isinstance(value, str) else value


def _outcome(value: object) -> object:
    said = _word(value)
    return OUTCOME_WORDS.get(said, said) if isinstance(said, str) else value


def _priority(value: object) -> object:
    said = _word(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else value
    if not isinstance(said, str):
        return value
    return PRIORITY_WORDS.get(said, said.removeprefix("priority_"))


def _child(value: object) -> object:
    if isinstance(value, str):
        return {"reference": value}
    if isinstance(value, Mapping) and "child_ref" in value:
        return {"reference": value["child_ref"], **{key: one for key, one in value.items() if key != "child_ref"}}
    return value


def _several(value: object) -> object:
    return [value] if isinstance(value, str | Mapping) else value


When = Annotated[date | datetime, AfterValidator(within_reason)]
"""A moment, or a day of which no more is known; without an offset it is Europe/London wall time."""
Services = Annotated[
    tuple[Annotated[AgreedService, BeforeValidator(service_said)], ...],
    BeforeValidator(_several),
]
OnDay = Annotated[
    When | None,
    Field(
        validation_alias=AliasChoices(
            *("on", "at", "date", "started_on", "started_at", "starts", "start_date", "submitted_on", "submitted_at"),
            *("reviewed_on", "reviewed_at", "review_date", "held_on", "ended_on", "ended_at", "ends", "end_date"),
        )
    ),
]


BecauseOf = Annotated[
    Text | None, Field(validation_alias=AliasChoices("reasons", "reason", "rationale", "note", "notes", "summary"))
]


class ServiceActs(Details):
    """An act on one service, or on all of them where none is named."""

    service: Annotated[Label | None, Field(validation_alias=AliasChoices("service", "services"))] = None
    agency: Annotated[Label | None, Field(validation_alias=AliasChoices("agency", "provider"))] = None
    on: OnDay = None


class Allocate(Details):
    """What a package begins with.

    `decided_at` is the panel's decision and `received_at` the receipt of a direct referral; left out, now. With
    `allocated_on` the unit knows already who does the work. `score` stands for the priority where no priority is said.
    """

    package_ref: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("package_ref", "reference", "package"))
    ] = None
    child: Annotated[
        WatchedChild | None,
        BeforeValidator(_child),
        Field(validation_alias=AliasChoices("child", "child_ref", "child_reference")),
    ] = None
    unit: str = Field(default="", max_length=80)
    services: Services = ()
    priority: Annotated[Annotated[str, StringConstraints(pattern="^[1-3]$")] | None, BeforeValidator(_priority)] = None
    score: int | None = Field(default=None, ge=0)
    direct: Annotated[
        bool, Field(validation_alias=AliasChoices("direct", "direct_referral", "direct_route", "is_direct"))
    ] = False
    decided_at: Annotated[
        When | None,
        Field(
            validation_alias=AliasChoices(
                *("decided_at", "decided_on", "decided", "decision_at", "decision_on", "decision_date"),
                *("agreed_at", "agreed_on", "sitting", "meeting"),
            )
        ),
    ] = None
    received_at: Annotated[
        When | None, Field(validation_alias=AliasChoices("received_at", "received_on", "received"))
    ] = None
    allocated_on: Annotated[
        When | None, Field(validation_alias=AliasChoices("allocated_on", "allocated_at", "allocated"))
    ] = None
    referral_ref: Annotated[
        Reference | None,
        Field(validation_alias=AliasChoices("referral_ref", "referral_reference", "referral", "journey")),
    ] = None
    forum: Label | None = None
    starts: Day | None = None
    ends: Day | None = None
    child_at_home: bool | None = None
    reasons: MaybeWhy = None

    @model_validator(mode="before")
    @classmethod
    def one_service(cls, said: Any) -> Any:  # noqa: ANN401 - whatever came
        """One service with its agency may be said without a list; a route by its name."""
        if not isinstance(said, Mapping):
            return said
        found = dict(said)
        if "service" in found and "services" not in found:
            agency = {"agency": found.pop("agency")} if "agency" in found else {}
            one = found.pop("service")
            found["services"] = [{**one, **agency} if isinstance(one, Mapping) else {"service": one, **agency}]
        if "route" in found:
            found["direct"] = _word(found.pop("route")) in ("direct", "direct_referral")
        return found


class ConfirmAllocation(ServiceActs):
    """A service has given the work to somebody, and tells the unit (HAC-380)."""

    on: Annotated[When | None, Field(validation_alias=AliasChoices("on", "at", "allocated_on", "allocated_at"))] = None


class StartService(ServiceActs):
    """A service responds: its work with the family begins."""


class SubmitProgress(ServiceActs):
    """A provider's summary of progress, or where it is kept (HAC-382)."""

    summary: Annotated[
        Text | None, Field(validation_alias=AliasChoices("summary", "progress", "note", "notes", "report", "text"))
    ] = None
    reference: Annotated[
        Label | None, Field(validation_alias=AliasChoices("reference", "document", "evidence", "document_reference"))
    ] = None


class RecordReview(Details):
    """A review, and what it says of the services (HAC-384, HAC-385).

    `services` are those added, reduced or transferred; none named: all. `to` is where a case is transferred.
    """

    outcome: Annotated[
        ReviewOutcome, BeforeValidator(_outcome), Field(validation_alias=AliasChoices("outcome", "decision", "result"))
    ]
    services: Annotated[Services, Field(validation_alias=AliasChoices("services", "service"))] = ()
    to: Annotated[Label | None, Field(validation_alias=AliasChoices("to", "to_unit", "to_service", "receiving"))] = None
    on: OnDay = None
    child_at_home: Annotated[
        bool | None, Field(validation_alias=AliasChoices("child_at_home", "at_home", "child_home"))
    ] = None
    reasons: BecauseOf = None


class EndPackage(Details):
    """The end of a package, which only a person brings about."""

    outcome: Label | None = None
    on: OnDay = None
    child_at_home: Annotated[
        bool | None, Field(validation_alias=AliasChoices("child_at_home", "at_home", "child_home"))
    ] = None
    reasons: BecauseOf = None


class PackageService(Shape):
    """One service of a package, and what was done about it. Local dates; `reported` since the last round was whole."""

    service: str
    agency: str | None = None
    allocated_on: date | None = None
    started_on: date | None = None
    reported: bool = False
    reduced: bool = False


class SupportPackageState(WatchState):
    """Everything that a package knows."""

    stage: PackageStage = PackageStage.ALLOCATED
    services: list[PackageService] = []
    began: list[str] = Field(default=[], description="Kinds of process that it has begun by itself")
