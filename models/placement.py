"""A placement: where a child lives away from home, under which approval, contract and consents.

Days and instants are given either way: an instant without an offset is Europe/London wall time, and what is left out is
now. Narrative (`reasons`, `conditions`) goes to the register only.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, model_validator

from models.acts import Details
from models.journey import Claim
from models.phrasing import MaybeWhy, Texts
from models.placement_parts import ApprovalSaid, ContractSaid, ProviderSaid, ResponsiblePerson, SuitabilitySaid
from models.placement_phrasing import (
    Facts,
    Grade,
    MaybeSaid,
    Moment,
    and_besides,
    checked,
    child_said,
    contract_said,
    key_said,
    kind_said,
    laid_out,
    not_of_the_check,
    persons_said,
    reference_said,
    verdict_said,
    yes_said,
)
from models.referral import Day, Reference, Short, Word, Words
from models.watch import WatchedChild, WatchState


class PlacementStage(StrEnum):
    """Where a placement stands."""

    PLANNED = "planned"
    ACTIVE = "active"
    ENDED = "ended"


class Lenient(Details):
    """An act of which fields that have no meaning here are kept as facts, and named in `not_understood`.

    `facts` have plain names: one with dots is refused, since what it would say has a field of the act.
    """

    facts: Facts = {}
    not_understood: tuple[str, ...] = Field(default=(), description="Fields of no meaning here")

    @model_validator(mode="before")
    @classmethod
    def in_their_places(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        """Fields that people write at the top are put where they belong."""
        return and_besides(value, cls)


class PlacementTerms(Lenient):
    """What may be said of a placement when it starts, and again when it changes.

    `type` is an SSDA903 code or a word. `if_parent_asked`: what the service would do if the parent wanted the child
    back (`support`, `refuse`, `police_protection`, `legal_advice`): it says whether this is a Regulation 24 placement
    (HIL-097). `facts` are what the council's own file asks besides: plain values, never narrative. Fields that have no
    meaning here are kept there too, and people see that nobody understood them.
    """

    type: Annotated[
        Word | None, Field(validation_alias=AliasChoices("type", "kind", "placement_type", "placement"))
    ] = None
    regulation_24: Annotated[bool | None, Field(validation_alias=AliasChoices("regulation_24", "reg_24", "reg24"))] = (
        None
    )
    connected_person: Annotated[
        bool | None, Field(validation_alias=AliasChoices("connected_person", "connected_persons", "kinship"))
    ] = None
    if_parent_asked: Words = ()
    police_protection: bool | None = None
    carer: Annotated[
        Reference | None,
        BeforeValidator(reference_said),
        Field(validation_alias=AliasChoices("carer", "carers", "carer_ref", "carer_reference")),
    ] = None
    provider: Annotated[
        ProviderSaid | None, BeforeValidator(lambda said: {"reference": said} if isinstance(said, str) else said)
    ] = None
    contract: Annotated[ContractSaid | None, BeforeValidator(contract_said)] = None
    legal_status: Annotated[Word | None, Field(validation_alias=AliasChoices("legal_status", "status"))] = None
    looked_after: bool | None = None
    looked_after_since: Annotated[
        Day | None, Field(validation_alias=AliasChoices("looked_after_since", "looked_after_from", "lac_since"))
    ] = None
    out_of_area: bool | None = None
    area: Short | None = Field(default=None, description="The local authority area that the home lies in")
    key_stage_4_moves: bool | None = None
    nominated_officer_approved_on: Annotated[
        Day | None, Field(validation_alias=AliasChoices("nominated_officer_approved_on", "nominated_officer"))
    ] = None
    director_approved_on: Day | None = None
    secretary_of_state_approved_on: Day | None = None
    emergency: bool | None = None
    director_consent: Annotated[SuitabilitySaid | None, BeforeValidator(yes_said)] = None
    section_20: Annotated[
        tuple[ResponsiblePerson, ...],
        BeforeValidator(persons_said),
        Field(validation_alias=AliasChoices("section_20", "section_20_consent", "parental_responsibility")),
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def in_their_places(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        """Fields that people write at the top are put where they belong."""
        return and_besides(laid_out(value), cls)


class StartPlacement(PlacementTerms):
    """A child is placed. `started_at` lies ahead for a placement that is planned and not there yet."""

    placement_ref: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("placement_ref", "placement_reference", "reference"))
    ] = None
    child: Annotated[WatchedChild, BeforeValidator(child_said)]
    unit: Annotated[str, Field(max_length=80)] = ""
    identified_at: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("identified_at", "identified_on", "classified_at", "discovered_at")),
    ] = None
    started_at: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                *("started_at", "starts_at", "started_on", "starts_on", "started", "starts", "start", "start_date"),
                *("from", "placed_at", "placed_on", "placed", "starting_at", "begins", "began_at", "at", "on"),
                *("placement_start", "placement_starts", "start_at", "start_time", "date"),
            )
        ),
    ] = None
    planned: bool | None = None
    already_looked_after: bool | None = Field(default=None, description="Looked after before this placement began")
    approval: Annotated[ApprovalSaid | None, BeforeValidator(kind_said)] = None
    suitability: Annotated[
        SuitabilitySaid | None,
        BeforeValidator(yes_said),
        Field(validation_alias=AliasChoices("suitability", "suitability_approved", "initial_viability")),
    ] = None
    viability_filed_at: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                *("viability_filed_at", "viability_filed_on", "viability", "viability_on"),
                *(
                    "viability_assessment",
                    "viability_assessment_on",
                    "viability_completed_on",
                    "viability_completed_at",
                ),
            )
        ),
    ] = None
    source: Word | None = None
    authorised_by: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("authorised_by", "referral_ref", "journey"))
    ] = None
    reasons: MaybeWhy = None


class FileViability(Details):
    """The written viability assessment: when it was written up, and whether the carers are suitable."""

    filed_at: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                *("filed_at", "filed_on", "completed_at", "completed_on", "written_at", "written_on", "written_up_at"),
                *("filed", "at", "on", "date"),
            )
        ),
    ] = None
    suitable: Annotated[
        bool,
        BeforeValidator(verdict_said),
        Field(validation_alias=AliasChoices("suitable", "viable", "positive", "outcome", "result", "recommendation")),
    ] = True
    document: Annotated[
        Short | None, Field(validation_alias=AliasChoices("document", "reference", "document_ref", "assessment"))
    ] = None
    reasons: MaybeWhy = None


class RecordCheck(Details):
    """Something was checked, visited, received, signed or asked: which, on which day, with which result.

    It is known to deadlines as `record_check:KEY`, and as `record_check:KEY:RESULT` and `record_check:KEY:by:BY`; a bad
    result (`failed`, `refused` ...) is known as that only. Its parts become the facts `check.KEY.on`,
    `check.KEY.result`, `check.KEY.by`, and `check.KEY.NAME` for each of `facts`.
    """

    check: Annotated[
        Word,
        BeforeValidator(key_said),
        Field(validation_alias=AliasChoices("check", "key", "what", "kind", "name", "type")),
    ]
    on: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("on", "at", "held_on", "done_on", "date", "received_on"))
    ] = None
    result: Annotated[Word | None, Field(validation_alias=AliasChoices("result", "outcome", "finding"))] = None
    by: Annotated[Word | None, Field(validation_alias=AliasChoices("by", "party", "signed_by"))] = None
    person: Annotated[Reference | None, Field(validation_alias=AliasChoices("person", "who", "parent"))] = None
    parental_responsibility: Annotated[
        bool, Field(validation_alias=AliasChoices("parental_responsibility", "has_parental_responsibility", "pr"))
    ] = True
    capacity: Annotated[bool | None, Field(validation_alias=AliasChoices("capacity", "has_capacity"))] = None
    consent: Annotated[bool | None, Field(validation_alias=AliasChoices("consent", "consents", "signed"))] = None
    review_on: Annotated[Day | None, Field(validation_alias=AliasChoices("review_on", "next_on", "next"))] = None
    document: Short | None = None
    facts: Annotated[Facts, AfterValidator(not_of_the_check)] = {}
    reasons: Annotated[MaybeWhy, Field(validation_alias=AliasChoices("reasons", "reason", "note", "notes"))] = None

    @model_validator(mode="before")
    @classmethod
    def more_in_facts(cls, value: Any) -> Any:  # noqa: ANN401 - whatever came
        """What else a check says becomes a fact of it, as a plain value."""
        return checked(value, cls)


class GrantInterimApproval(ApprovalSaid, Lenient):
    """An approval for a time: recorded, and no period of the law becomes longer by it (D15)."""

    kind: Word = "interim"
    review_on: Annotated[Day | None, Field(validation_alias=AliasChoices("review_on", "next_review", "review"))] = None
    conditions: Texts = ()
    reasons: MaybeWhy = None


class ExtendApproval(Details):
    """The one extension of a connected person's temporary approval (regulation 25), with its conditions."""

    ends: Annotated[Day | None, Field(validation_alias=AliasChoices("ends", "until", "to", "end"))] = None
    weeks: Annotated[
        int | None,
        Field(ge=1, le=52, validation_alias=AliasChoices("weeks", "by_weeks", "extension_weeks", "for_weeks")),
    ] = None
    approved_by: Word | None = None
    nominated_officer_approved_on: Annotated[
        Day | bool | None,
        Field(
            validation_alias=AliasChoices(
                *("nominated_officer_approved_on", "nominated_officer", "approved_on", "nominated_officer_approval"),
                *("nominated_officer_approved", "approved_by_nominated_officer"),
            )
        ),
    ] = None
    panel_views_on: Annotated[
        Day | bool | None,
        Field(
            validation_alias=AliasChoices(
                *("panel_views_on", "panel_views", "panels_views", "fostering_panel_views", "panel_consulted"),
                *("panel_consulted_on", "panel_views_sought", "views_of_panel"),
            )
        ),
    ] = None
    reviewing_officer_told_on: Annotated[
        Day | bool | None,
        Field(
            validation_alias=AliasChoices(
                "reviewing_officer_told_on", "iro_told_on", "iro_told", "iro_informed", "iro_notified", "iro"
            )
        ),
    ] = None
    reasons: MaybeWhy = None


class ChangeTerms(PlacementTerms):
    """Something about the placement changes, from a day on; what is left out stays as it is.

    `terms` says which terms are agreed, for councils that leave some of them to one post; it is worked out otherwise.
    """

    on: Annotated[Moment | None, Field(validation_alias=AliasChoices("on", "from", "since", "at", "changed_on"))] = None
    terms: Annotated[
        Words,
        BeforeValidator(lambda said: tuple(said) if isinstance(said, dict) else said),
        Field(validation_alias=AliasChoices("terms", "term", "change", "changes", "what")),
    ] = ()
    specified_by_panel: Annotated[
        bool | None,
        Field(validation_alias=AliasChoices("specified_by_panel", "agreed_by_panel", "panel_specified")),
    ] = None
    started_at: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("started_at", "starts_at", "starts_on", "new_start"))
    ] = None
    planned: bool | None = None
    reasons: MaybeSaid = None


class RenewContract(ContractSaid):
    """The contract goes on, until another day."""

    ends: Annotated[
        Day | None,
        Field(
            validation_alias=AliasChoices(
                "ends", "end", "until", "ends_on", "contract_ends", "contract_end", "new_end", "new_ends", "to"
            )
        ),
    ] = None
    renew_by: Day | None = None
    reasons: MaybeSaid = None


class RecordProviderGrade(Details):
    """What the inspectorate found of the home: its grade, and the day on which that was published."""

    grade: Annotated[Grade, Field(validation_alias=AliasChoices("grade", "rating", "provider_grade", "result"))]
    graded_on: Annotated[
        Moment | None,
        Field(validation_alias=AliasChoices("graded_on", "published_on", "on", "at", "date", "inspected_on")),
    ] = None
    provider: Reference | None = None
    reasons: MaybeSaid = None


class FileRiskAssessment(Details):
    """How the risk to the child is assessed and managed. `plan` says what is meant to happen: `stay`, `move`."""

    filed_at: Annotated[
        Moment | None, Field(validation_alias=AliasChoices("filed_at", "filed_on", "completed_on", "at", "on"))
    ] = None
    plan: Annotated[Word | None, Field(validation_alias=AliasChoices("plan", "outcome", "result"))] = None
    document: Annotated[Short | None, Field(validation_alias=AliasChoices("document", "reference"))] = None
    reasons: MaybeSaid = None


class EndPlacement(Lenient):
    """The placement ends, by a person's act and never by a clock. `exit` is the permanent outcome, where it is one."""

    ended_at: Annotated[
        Moment | None,
        Field(
            validation_alias=AliasChoices(
                "ended_at", "ended_on", "ends", "ended", "end_date", "ends_on", "date", "at", "on"
            )
        ),
    ] = None
    exit: Annotated[
        Word | None,
        Field(validation_alias=AliasChoices("exit", "outcome", "permanent_outcome", "result")),
    ] = None
    planned: bool | None = None
    next_placement: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("next_placement", "moves_to", "next"))
    ] = None
    reasons: MaybeSaid = None


class PlacementState(WatchState):
    """All that a placement knows.

    `responsible` are the people with parental responsibility. `unlawful` holds the keys of the prohibitions that it
    breaks today, `law_flags` what people see of the law. `episode_told`: the child's care episode knows that it began.
    `claim`: its place under a block contract.
    """

    kind: Literal["placement"] = "placement"
    stage: PlacementStage
    responsible: tuple[ResponsiblePerson, ...] = ()
    unlawful: tuple[str, ...] = ()
    law_flags: tuple[str, ...] = ()
    episode_told: bool = False
    claim: Claim | None = None

    @property
    def claiming(self) -> bool:
        """Whether a place under a block contract is asked for, or given up, and nobody has answered yet."""
        return self.claim is not None and self.claim.before is None

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written, sent, started or counted."""
        return super().settled and not self.claiming
