"""The intake form: one referral of one child to one forum, as JSON that a person or a system fills in."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from models.identifiers import REFERENCE
from models.vocabulary import LegalStatus, PlacementType

Reference = Annotated[str, StringConstraints(pattern=REFERENCE)]
Narrative = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A date of this or the neighbouring centuries: what lies beyond is a slip of the keyboard."""
Pounds = Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2)]


def _key(value: object) -> object:
    """A word as files write it: `Bed and breakfast` is `bed_and_breakfast`."""
    if not isinstance(value, str):
        return value
    return "_".join(value.replace("-", " ").replace("'", "").replace("\u2019", "").casefold().split())


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Word = Annotated[str, BeforeValidator(_key), StringConstraints(pattern=REFERENCE)]
"""A word that a procedure gives a meaning: a kind of request, of placement, an outcome."""
Words = Annotated[tuple[Word, ...], BeforeValidator(_several)]
Process = Annotated[str, StringConstraints(pattern=r"^[a-z]+(/[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}){2,3}$")]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class FormPart(BaseModel):
    """A part of the form: unknown fields are refused, so that nothing typed is silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    always: ClassVar[frozenset[str]] = frozenset()
    """Fields that a full form always fills in, though the shape leaves them open."""


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
    disabled: bool = False
    care_leaver: bool = False
    family_reference: Reference | None = Field(default=None, description="What the child's family is kept under")


class Subject(FormPart):
    """Applicants or carers whom a referral is about, by the reference that they are kept under."""

    reference: Reference
    kind: Word | None = None


class StaffMember(FormPart):
    """Somebody who works for the council, whom a matter of personnel is about."""

    reference: Reference
    post: Short | None = None
    grade: Short | None = None


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
    looked_after_since: Day | None = Field(default=None, description="When the present looked-after episode began")
    kinship_placement_since: Day | None = Field(default=None, description="When the stay with a connected person began")
    next_review_on: Day | None = Field(default=None, description="The child's next statutory or protection review")
    child_in_need: bool = False

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

    kind: Word = Field(description="A common kind of request, or one of the council's own")
    summary: Narrative
    matter: Word | None = Field(default=None, description="The entry of the council's matrix that is asked for")
    services: Words = Field(default=(), description="The services that are wanted")
    sitting: Day | None = Field(default=None, description="The sitting that is wished for, where one can choose")
    direct: bool = Field(default=False, description="Goes straight to a forum's services, where its procedure lets it")
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


class Money(FormPart):
    """An amount asked for once, in pounds, and the heading that it is paid under."""

    amount: Pounds
    heading: Short | None = None


class Proposal(FormPart):
    """The placement that is proposed. What is left open is not known yet."""

    kind: Word | None = Field(default=None, description="What sort of home it is, such as `childrens_home`")
    placement_ref: Reference | None = Field(default=None, description="Its reference, where it has one already")
    starts: Day | None = None
    ends: Day | None = None
    planned: bool | None = None
    area: Short | None = Field(default=None, description="The local authority area that the home lies in")
    out_of_area_reason: Narrative | None = None
    distance_miles: Annotated[Decimal, Field(ge=0, max_digits=6)] | None = Field(
        default=None, description="From the child's home"
    )
    source: Word | None = Field(default=None, description="Where it was found, such as `in_house`")
    search_reasons: Narrative | None = Field(default=None, description="Why nearer or earlier sources did not do")
    provider: Short | None = None
    provider_grade: Word | None = Field(default=None, description="The inspectorate's last grade of the home")
    registration: Word | None = Field(default=None, description="`registered`, `excepted` or what else is known of it")
    support_24_7: bool | None = None
    support_reasons: Narrative | None = Field(default=None, description="Why less than round-the-clock support does")
    therapeutic: bool | None = None
    matching: Narrative | None = Field(default=None, description="How the home meets the child's needs")
    key_stage_4_moves: bool | None = Field(default=None, description="Whether schooling in Key Stage 4 is disrupted")
    nominated_officer_approved_on: Day | None = None
    director_approved_on: Day | None = None
    secretary_of_state_approved_on: Day | None = None


class Prior(FormPart):
    """What another forum said of the matter before."""

    outcome: Word
    on: Day | None = None
    reference: Short | None = None


class Views(FormPart):
    """What the child and the parents say."""

    child: Narrative | None = None
    parents: Narrative | None = None

    always: ClassVar[frozenset[str]] = frozenset({"child", "parents"})


class Discussions(FormPart):
    """Conversations that must come before a panel."""

    supervision: Day | None = None
    team_manager_and_head_of_service: Day | None = None
    placement_stability_meeting: Day | None = None
    legal_planning_meeting: Day | None = None


def _prior(value: object) -> object:
    return {"outcome": value} if isinstance(value, str) else value


class Referral(FormPart):
    """A whole intake form. Dates are local; costs are pounds a week.

    It is about a child, or about applicants, carers or staff. What a forum asks for beyond the common parts is a matter
    of its procedure: the narratives are asked for by every forum with the full form.

    Raises:
        pydantic.ValidationError: A field is missing, unknown or of the wrong type.
    """

    referral_ref: Reference = Field(validation_alias=AliasChoices("referral_ref", "referral_reference", "reference"))
    council: Reference
    forum: Reference
    child: Child | None = None
    applicants: Subject | None = None
    carers: Subject | None = None
    staff: StaffMember | None = None
    team: Team
    request: Request
    criteria: tuple[str, ...] = Field(default=(), description="Rule ids of the criteria that the team sees met")
    circumstances: Circumstances = Circumstances()
    proposal: Proposal | None = None
    views: Views | None = None
    family_and_friends_options: Narrative | None = None
    alternatives_tried: Narrative | None = None
    desired_outcomes: Annotated[tuple[Narrative, ...], Field(min_length=1)] | None = None
    analysis: Narrative | None = None
    costs: Costs | None = None
    money: Money | None = None
    discussions: Discussions = Discussions()
    documents: tuple[str, ...] = ()
    prior: dict[str, Annotated[Prior, BeforeValidator(_prior)]] = Field(
        default={}, description="What other forums said before, by the forum's key"
    )
    came_from: Process | None = Field(
        default=None, description="The process that proposed this referral, such as a placement or a package"
    )
    facts: dict[str, Any] = Field(default={}, description="The fields that the council's own form has beside these")
    team_manager_comments: Narrative | None = Field(
        default=None, description="The comments section of the form; the sign-off may bring them instead"
    )

    @property
    def subject_reference(self) -> str | None:
        """The reference that whoever this is about is kept under; `None` when the form names nobody."""
        subject = self.child or self.applicants or self.carers or self.staff
        return subject.reference if subject else None
