"""The intake form: one referral of one child to one forum, as JSON that a person or a system fills in."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from models.identifiers import REFERENCE
from models.vocabulary import LegalStatus, PlacementType, RequestKind

Reference = Annotated[str, StringConstraints(pattern=REFERENCE)]
Narrative = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A date of this or the neighbouring centuries: what lies beyond is a slip of the keyboard."""
Pounds = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]


class FormPart(BaseModel):
    """A part of the form: unknown fields are refused, so that nothing typed is silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Child(FormPart):
    """The child: a reference and a date of birth, no more identity than the work needs."""

    reference: Reference = Field(validation_alias=AliasChoices("reference", "child_ref"))
    date_of_birth: Day
    unaccompanied_asylum_seeking: bool = Field(
        default=False, validation_alias=AliasChoices("unaccompanied_asylum_seeking", "uasc")
    )
    in_custody: bool = False
    remand_expected: bool = Field(
        default=False, description="Remand to local authority or youth detention accommodation is expected"
    )


class Team(FormPart):
    """The team that holds the case. The case's own Head of Service answers for its `unit`."""

    name: str = Field(min_length=1, max_length=80)
    unit: str = Field(min_length=1, max_length=80)
    youth_justice: bool = Field(default=False, description="Presented by the Youth Justice Service")
    case_opened_on: Day | None = None


class Circumstances(FormPart):
    """What is true of the child today, with the dates that duration criteria count from."""

    legal_status: LegalStatus | None = Field(default=None, description="SSDA903 code; none: not looked after")
    legal_status_since: Day | None = None
    placement: PlacementType | None = Field(default=None, description="SSDA903 code; none: at home")
    placement_since: Day | None = None
    child_protection_plan_since: Day | None = None
    supervision_order_since: Day | None = None

    @property
    def looked_after(self) -> bool:
        """Whether the child is looked after: every SSDA903 legal status means so."""
        return self.legal_status is not None

    @property
    def section_20_since(self) -> date | None:
        """When the present section 20 arrangement began; `None` without one."""
        return self.legal_status_since if self.legal_status is LegalStatus.SECTION_20 else None


class Request(FormPart):
    """What is asked for."""

    kind: RequestKind
    summary: Narrative
    legal_section: str | None = Field(
        default=None, max_length=80, description="Legal section that an approval would rest on"
    )
    funding: bool = Field(default=False, description="Whether money is asked for")
    service_difference: Narrative | None = Field(
        default=None, description="For a change of package: how the service would differ"
    )


class Costs(FormPart):
    """Pounds a week: now, as proposed, and the difference."""

    present: Pounds
    proposed: Pounds
    difference: Annotated[Decimal, Field(max_digits=10, decimal_places=2)]

    @model_validator(mode="after")
    def difference_adds_up(self) -> Self:
        """The difference is what it says."""
        if self.proposed - self.present != self.difference:
            msg = "difference must be proposed less present"
            raise ValueError(msg)
        return self


class Views(FormPart):
    """What the child and the parents say."""

    child: Narrative
    parents: Narrative


class Discussions(FormPart):
    """Conversations that must come before a panel."""

    supervision: Day | None = None
    team_manager_and_head_of_service: Day | None = None
    placement_stability_meeting: Day | None = None


class Referral(FormPart):
    """A whole intake form. Dates are local; costs are pounds a week.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or of the wrong type.
    """

    referral_ref: Reference = Field(validation_alias=AliasChoices("referral_ref", "referral_reference", "reference"))
    council: Reference
    forum: Reference
    child: Child
    team: Team
    request: Request
    criteria: tuple[str, ...] = Field(default=(), description="Rule ids of the criteria that the team sees met")
    circumstances: Circumstances = Circumstances()
    views: Views
    family_and_friends_options: Narrative
    alternatives_tried: Narrative
    desired_outcomes: Annotated[tuple[Narrative, ...], Field(min_length=1)]
    analysis: Narrative
    costs: Costs | None = None
    discussions: Discussions = Discussions()
    documents: tuple[str, ...] = ()
    team_manager_comments: Narrative | None = Field(
        default=None, description="The comments section of the form; the sign-off may bring them instead"
    )
