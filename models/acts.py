"""What each act says: the shapes of its `with`, and the message that carries it.

Unknown fields are refused, and a person who writes `reason` for `reasons` is understood.
"""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, RootModel
from pydantic.json_schema import SkipJsonSchema

from models.people import Actor
from models.phrasing import (
    CaseLabel,
    Findings,
    Label,
    MaybeWhy,
    Owned,
    Text,
    Texts,
    Why,
    decision_said,
    keys_that_are_true,
    measure_said,
    service_said,
)
from models.referral import Day, Reference
from models.snapshot import Snapshot
from models.vocabulary import EmergencyMeasure, JourneyAct, Outcome, SittingAct


class Details(BaseModel):
    """The `with` of an act."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Nothing(Details):
    """An act that needs no more than who does it."""


class Amend(RootModel[dict[str, Any]]):
    """Fields of the intake form with their new values; dotted keys reach inside (`views.child`)."""

    model_config = ConfigDict(frozen=True)


class Reasoned(Details):
    """An act that must say why."""

    reasons: Why


class MaybeReasoned(Details):
    """An act that may say why."""

    reasons: MaybeWhy = None


class Commented(Details):
    """A signature with comments. `confirmed` says what it vouches for: `true` for all of it, or the keys.

    `attendees` are the posts that are to be at the meeting.
    """

    comments: Annotated[Text | None, Field(validation_alias=AliasChoices("comments", "comment"))] = None
    confirmed: Annotated[
        bool | Texts,
        BeforeValidator(keys_that_are_true),
        Field(validation_alias=AliasChoices("confirmed", "confirms", "confirm", "attests")),
    ] = ()
    attendees: Texts = ()


class SupplyDocument(Details):
    """One paper, by its name in the procedure; or why it does not apply to this case."""

    document: Annotated[Label, Field(validation_alias=AliasChoices("document", "name", "documents"))]
    not_applicable: Annotated[Text | None, Field(validation_alias=AliasChoices("not_applicable", "does_not_apply"))] = (
        None
    )
    original: bool = Field(default=False, description="An original and not a copy")


class Redirect(Details):
    """The forum that should hear the case instead."""

    forum: Annotated[Label, Field(validation_alias=AliasChoices("forum", "to", "to_forum"))]
    reasons: MaybeWhy = None
    procedure: SkipJsonSchema[Snapshot | None] = None
    """The procedure of that forum, which the way in adds: the case may carry no more than its name."""


class AuthoriseEmergency(Details):
    """What cannot wait for a panel. `delegated` records the Director's delegation to this Head of Service."""

    measure: Annotated[
        EmergencyMeasure | None,
        BeforeValidator(measure_said),
        Field(validation_alias=AliasChoices("measure", "kind", "what", "for")),
    ] = None
    reasons: MaybeWhy = None
    delegated: bool = False


class NewAction(Details):
    """One action of a decision: what, who and by when (local date, due at close of business)."""

    what: Text
    owner: Owned
    due: Day


class AgreedService(Details):
    """One service that a decision agrees, and who provides it."""

    service: Annotated[Text, Field(validation_alias=AliasChoices("service", "name", "what"))]
    agency: Annotated[Label | None, Field(validation_alias=AliasChoices("agency", "provider", "owner", "role"))] = None
    starts: Annotated[Day | None, Field(validation_alias=AliasChoices("starts", "start", "from"))] = None
    due: Annotated[Day | None, Field(validation_alias=AliasChoices("due", "timescale", "by"))] = None
    hours: Label | None = None
    weeks: Label | None = None
    tier: Label | None = None
    outcomes: Texts = ()


class Decided(Details):
    """A decision with all that goes with it.

    `starts`, `ends` and `renew_by` are local dates of what is approved for a time. `placement_ref` is the
    placement that begins with it, where it has one already. `exit` is the way in which a case leaves a forum that keeps
    it under review. `recommend` names other forums that the case should go to. `skips` says
    why what would follow by rule does not, by its key.
    """

    decision: Annotated[Outcome, BeforeValidator(decision_said)]
    rationale: Text
    actions: tuple[NewAction, ...] = ()
    legal_section: Text | None = None
    conditions: Texts = ()
    dissent: Annotated[Text | None, Field(validation_alias=AliasChoices("dissent", "disagreement"))] = None
    decided_by_chair: bool = False
    missing: Annotated[Texts, Field(validation_alias=AliasChoices("missing", "missing_information"))] = ()
    to_sitting: Annotated[
        Day | None, Field(validation_alias=AliasChoices("to_sitting", "sitting", "defer_to", "deferred_to"))
    ] = None
    refer_to: Annotated[
        Label | None, Field(validation_alias=AliasChoices("refer_to", "forum", "referred_to", "to_forum"))
    ] = None
    review_on: Annotated[
        Day | None, Field(validation_alias=AliasChoices("review_on", "review", "review_date", "review_due"))
    ] = None
    retain_review: bool = False
    checkpoints: Findings = {}
    learning: Text | None = None
    starts: Annotated[Day | None, Field(validation_alias=AliasChoices("starts", "start", "start_date", "from"))] = None
    ends: Annotated[Day | None, Field(validation_alias=AliasChoices("ends", "end", "end_date", "until"))] = None
    renew_by: Annotated[
        Day | None,
        Field(validation_alias=AliasChoices("renew_by", "renewal_by", "renew_on", "renewal", "renewal_date")),
    ] = None
    budget_code: Annotated[Label | None, Field(validation_alias=AliasChoices("budget_code", "budget", "code"))] = None
    placement_ref: Annotated[
        Reference | None, Field(validation_alias=AliasChoices("placement_ref", "placement", "placement_reference"))
    ] = None
    services: tuple[Annotated[AgreedService, BeforeValidator(service_said)], ...] = ()
    exit: Annotated[Label | None, Field(validation_alias=AliasChoices("exit", "exit_route", "leaves_by"))] = None
    recommend: Annotated[
        Texts, Field(validation_alias=AliasChoices("recommend", "recommends", "recommended", "recommend_to"))
    ] = ()
    skips: Annotated[dict[str, Text], Field(validation_alias=AliasChoices("skips", "skip", "skipped"))] = {}


class RecordDecision(Decided):
    """A decision of a sitting on one of its cases."""

    case: CaseLabel


class OneAction(Details):
    """Which action; may be left out when only one is open."""

    action: Annotated[Label | None, Field(validation_alias=AliasChoices("action", "what", "number"))] = None


class CompleteAction(OneAction):
    """An action done, with where its evidence is kept."""

    evidence: Annotated[Text, Field(validation_alias=AliasChoices("evidence", "evidence_reference", "evidence_ref"))]


class ActionNotDone(OneAction):
    """An action not done, and why."""

    reasons: Why


class Alternative(OneAction):
    """Another action in place of one that circumstances have overtaken."""

    alternative: Annotated[Text, Field(validation_alias=AliasChoices("alternative", "instead", "new_action"))]
    reasons: MaybeWhy = None
    owner: Owned | None = None
    due: Day | None = None


class OneCase(Details):
    """Which case of the sitting."""

    case: CaseLabel
    reasons: MaybeWhy = None


class Hear(OneCase):
    """The case that is called; `chair` when the sitting's chair is not independent of it.

    `present` are people who came after the sitting was opened, such as a substitute.
    """

    chair: Actor | None = None
    present: tuple[Actor, ...] = ()


class MaybeOneCase(Details):
    """Which case of the sitting; may be left out when only one waits."""

    case: Annotated[Label | None, Field(description="The referral reference of the case")] = None


class ApproveDecision(MaybeOneCase):
    """The chair's approval of a decision sheet; findings that it still lacked may come with it."""

    checkpoints: Findings = {}


class Confirm(Details):
    """Something that a post confirms on a case: which, since when (local date), and a note."""

    key: Annotated[Label, Field(validation_alias=AliasChoices("key", "what", "confirmation", "confirms"))]
    on: Annotated[Day | None, Field(validation_alias=AliasChoices("on", "date", "held_on"))] = None
    note: Annotated[
        Text | None, Field(validation_alias=AliasChoices("note", "comments", "comment", "reasons", "reason"))
    ] = None


class OpenSitting(Details):
    """Who is in the room. Each is a whole actor, so that posts and units are known."""

    chair: Actor
    present: tuple[Actor, ...]


class Apologies(Details):
    """Apologies; a substitute may be named. `absent` is whose they are, when the administrator finds the substitute."""

    absent: Annotated[Label | None, Field(validation_alias=AliasChoices("absent", "member", "for"))] = None
    substitute: Label | None = None
    reasons: MaybeWhy = None


class Postpone(Details):
    """The sitting moves to another date (local)."""

    to: Annotated[Day, Field(validation_alias=AliasChoices("to", "date", "to_date", "sitting"))]
    reasons: MaybeWhy = None


class AddDate(Postpone):
    """An extra date (local); the cases named go there, else those that wait."""

    cases: Annotated[
        tuple[CaseLabel, ...],
        BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
        Field(validation_alias=AliasChoices("cases", "case")),
    ] = ()


class CloseSitting(Details):
    """The end of a meeting, with what was learnt for the service."""

    learning: Texts = ()


class SetPriority(Details):
    """The order in which a sitting takes its cases, the first first; cases left out come after, as they stood."""

    order: Annotated[
        tuple[CaseLabel, ...],
        BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
        Field(min_length=1, validation_alias=AliasChoices("order", "cases", "priority")),
    ]
    reasons: MaybeWhy = None


class RecordMinutes(Details):
    """The draft minutes, by the reference of the paper that holds them."""

    minutes: Annotated[Text | None, Field(validation_alias=AliasChoices("minutes", "document", "reference"))] = None


class Act(BaseModel):
    """One act of one person on one process.

    `message_id` makes it idempotent: the same id again is answered with the first answer and does nothing more.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: Actor
    message_id: str = Field(min_length=1, max_length=128)
    details: dict[str, Any] = {}


class Answer(BaseModel):
    """What an accepted act is answered with."""

    model_config = ConfigDict(frozen=True)

    sequence: int
    stage: str
    waiting_on: str | None
    repeated: bool = False


JOURNEY_DETAILS: dict[JourneyAct, type[BaseModel]] = {
    JourneyAct.AMEND: Amend,
    JourneyAct.RETURN_FOR_CHANGES: Reasoned,
    JourneyAct.SIGN_OFF: Commented,
    JourneyAct.ENDORSE: Commented,
    JourneyAct.AGREE_LATE: Reasoned,
    JourneyAct.AGREE_EXTRA: Reasoned,
    JourneyAct.SUPPLY_DOCUMENT: SupplyDocument,
    JourneyAct.REDIRECT: Redirect,
    JourneyAct.WITHDRAW: MaybeReasoned,
    JourneyAct.AUTHORISE_EMERGENCY: AuthoriseEmergency,
    JourneyAct.DECIDE_AS_POST: Decided,
    JourneyAct.COMPLETE_ACTION: CompleteAction,
    JourneyAct.REPORT_ACTION_NOT_DONE: ActionNotDone,
    JourneyAct.APPROVE_ALTERNATIVE: Alternative,
    JourneyAct.REQUEST_RENEWAL: MaybeReasoned,
    JourneyAct.CLOSE: MaybeReasoned,
    JourneyAct.CONFIRM: Confirm,
    JourneyAct.ESCALATE: Reasoned,
    JourneyAct.ACKNOWLEDGE_ESCALATION: MaybeReasoned,
}
SITTING_DETAILS: dict[SittingAct, type[BaseModel]] = {
    SittingAct.SEND_APOLOGIES: Apologies,
    SittingAct.DECLARE_INTEREST: OneCase,
    SittingAct.OPEN_SITTING: OpenSitting,
    SittingAct.HEAR: Hear,
    SittingAct.RECORD_DECISION: RecordDecision,
    SittingAct.APPROVE_DECISION: ApproveDecision,
    SittingAct.CARRY_OVER: OneCase,
    SittingAct.CLOSE_SITTING: CloseSitting,
    SittingAct.POSTPONE: Postpone,
    SittingAct.CANCEL: MaybeReasoned,
    SittingAct.CIRCULATE_PAPERS: MaybeReasoned,
    SittingAct.SET_PRIORITY: SetPriority,
    SittingAct.ADD_DATE: AddDate,
    SittingAct.RECORD_MINUTES: RecordMinutes,
    SittingAct.APPROVE_MINUTES: MaybeReasoned,
    SittingAct.ESCALATE: Reasoned,
    SittingAct.ACKNOWLEDGE_ESCALATION: MaybeReasoned,
}
