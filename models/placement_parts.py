"""What may be said of the parts of a placement: provider, contract, approval, consents."""

from typing import Annotated

from pydantic import AliasChoices, Field

from models.acts import Details
from models.placement_phrasing import Grade, Moment, Notice
from models.referral import Day, Pounds, Reference, Short, Word, Words


class ProviderSaid(Details):
    """Who provides the home: by reference, never by name. `grade` is the inspectorate's last."""

    reference: Annotated[Reference | None, Field(validation_alias=AliasChoices("reference", "provider", "ref"))] = None
    kind: Annotated[Word | None, Field(validation_alias=AliasChoices("kind", "type", "source"))] = None
    grade: Annotated[Grade | None, Field(validation_alias=AliasChoices("grade", "rating", "provider_grade"))] = None
    graded_on: Day | None = None
    registration: Annotated[Word | None, Field(validation_alias=AliasChoices("registration", "registered"))] = None
    commissioned_by_us: Annotated[
        bool | None,
        Field(validation_alias=AliasChoices("commissioned_by_us", "commissioned", "commissioned_by_council")),
    ] = None
    in_house: bool | None = None
    framework: Annotated[Word | None, Field(validation_alias=AliasChoices("framework", "alliance"))] = None
    concerns: bool | None = None
    area: Short | None = None


class ContractSaid(Details):
    """The contract of a placement. `block` names a block contract; `notice_period` and `extras` are terms of it."""

    reference: Annotated[Reference | None, Field(validation_alias=AliasChoices("reference", "ref"))] = None
    block: Annotated[Word | None, Field(validation_alias=AliasChoices("block", "block_contract"))] = None
    places_taken: int | None = Field(default=None, ge=0, description="Of the block contract, this one included")
    starts: Annotated[Day | None, Field(validation_alias=AliasChoices("starts", "start", "from"))] = None
    ends: Annotated[Day | None, Field(validation_alias=AliasChoices("ends", "end", "until", "ends_on"))] = None
    weekly_cost: Annotated[Pounds | None, Field(validation_alias=AliasChoices("weekly_cost", "cost", "weekly"))] = None
    signed: Annotated[bool | None, Field(validation_alias=AliasChoices("signed", "contract_signed"))] = None
    service_level_agreement: Annotated[
        bool | None, Field(validation_alias=AliasChoices("service_level_agreement", "sla"))
    ] = None
    notice_period: Annotated[Notice | None, Field(description="ISO 8601, or so many days")] = None
    extras: Annotated[Words, Field(validation_alias=AliasChoices("extras", "therapies", "support"))] = ()


class ApprovalSaid(Details):
    """What the placement is approved as, and until when. `kind`: full, interim, temporary, emergency, time_limited."""

    kind: Word = "full"
    since: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("since", "at", "on", "from", "approved_on"))
    ] = None
    ends: Annotated[Day | None, Field(validation_alias=AliasChoices("ends", "until", "end", "expires"))] = None
    renew_by: Annotated[Day | None, Field(validation_alias=AliasChoices("renew_by", "renewal", "renewal_date"))] = None
    by: Annotated[Word | None, Field(validation_alias=AliasChoices("by", "approved_by", "forum"))] = None


class SuitabilitySaid(Details):
    """The first gate of a Regulation 24 placement: judged suitable and approved, before the child stays (HIL-102)."""

    approved: bool = True
    at: Annotated[Moment | None, Field(validation_alias=AliasChoices("at", "on", "judged_at", "approved_at"))] = None
    by: Annotated[Word | None, Field(validation_alias=AliasChoices("by", "approved_by"))] = None


class ResponsiblePerson(Details):
    """Somebody with parental responsibility, and whether they consent to section 20 with the capacity to (HIL-100)."""

    person: Annotated[Reference, Field(validation_alias=AliasChoices("person", "reference", "who", "parent"))]
    parental_responsibility: Annotated[
        bool,
        Field(validation_alias=AliasChoices("parental_responsibility", "has_parental_responsibility", "pr", "has_pr")),
    ] = True
    capacity: Annotated[bool | None, Field(validation_alias=AliasChoices("capacity", "has_capacity"))] = None
    consent: Annotated[bool | None, Field(validation_alias=AliasChoices("consent", "consents", "signed"))] = None
