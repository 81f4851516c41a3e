"""What each act says: the shapes of its `with`, and the message that carries it.

Unknown fields are refused, and a person who writes `reason` for `reasons` is understood.
"""

from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints

from models.people import Actor, Owner
from models.referral import Day
from models.vocabulary import EmergencyMeasure, JourneyAct, Outcome, SittingAct


def _joined(value: object) -> object:
    """Several texts as one, without blanks around it: a text of blanks says nothing, and is refused as empty."""
    text = "; ".join(str(part) for part in value) if isinstance(value, list | tuple) else value
    return text.strip() if isinstance(text, str) else text


def _owner(value: object) -> object:
    return {"staff": value} if isinstance(value, str) else value


def _label(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _measure(value: object) -> object:
    """A measure as people say it: `immediate accommodation`, `legal planning meeting`."""
    said = value.casefold() if isinstance(value, str) else ""
    words = {"accommodat": "accommodation", "advice": "legal_advice", "proceeding": "legal_proceedings"}
    words |= {"planning": "legal_proceedings"}
    return next((measure for word, measure in words.items() if word in said), value)


DECISION_WORDS = {
    "approve": Outcome.APPROVED,
    "approve_with_conditions": Outcome.APPROVED_WITH_CONDITIONS,
    "decline": Outcome.DECLINED,
    "defer": Outcome.DEFERRED,
    "refer_on": Outcome.REFERRED_ON,
    "ratify": Outcome.RATIFIED,
    "not_ratify": Outcome.NOT_RATIFIED,
    "advise": Outcome.ADVISED,
    "note": Outcome.NOTED,
}
"""The verbs of a decision; the outcome itself (`approved`) is understood too."""


def _decision(value: object) -> object:
    return DECISION_WORDS.get(value, value) if isinstance(value, str) else value


Text = Annotated[
    str, BeforeValidator(_joined), StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)
]
Texts = Annotated[
    tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
]
Label = Annotated[str, BeforeValidator(_label), StringConstraints(min_length=1, max_length=200)]
Why = Annotated[Text, Field(validation_alias=AliasChoices("reasons", "reason", "circumstances"))]
MaybeWhy = Annotated[Text | None, Field(validation_alias=AliasChoices("reasons", "reason"))]
Owned = Annotated[Owner, BeforeValidator(_owner)]
CaseLabel = Annotated[Label, Field(description="The referral reference of the case")]


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
    """A signature with comments."""

    comments: Annotated[Text | None, Field(validation_alias=AliasChoices("comments", "comment"))] = None


class SupplyDocument(Details):
    """One paper, by its name in the procedure."""

    document: Annotated[Label, Field(validation_alias=AliasChoices("document", "name", "documents"))]


class Redirect(Details):
    """The forum that should hear the case instead."""

    forum: Annotated[Label, Field(validation_alias=AliasChoices("forum", "to", "to_forum"))]
    reasons: MaybeWhy = None


class AuthoriseEmergency(Details):
    """What cannot wait for a panel. `delegated` records the Director's delegation to this Head of Service."""

    measure: Annotated[
        EmergencyMeasure | None,
        BeforeValidator(_measure),
        Field(validation_alias=AliasChoices("measure", "kind", "what", "for")),
    ] = None
    reasons: MaybeWhy = None
    delegated: bool = False


class NewAction(Details):
    """One action of a decision: what, who and by when (local date, due at close of business)."""

    what: Text
    owner: Owned
    due: Day


class Decided(Details):
    """A decision with all that goes with it."""

    decision: Annotated[Outcome, BeforeValidator(_decision)]
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
    checkpoints: dict[str, Text] = {}
    learning: Text | None = None


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


class OpenSitting(Details):
    """Who is in the room. Each is a whole actor, so that posts and units are known."""

    chair: Actor
    present: tuple[Actor, ...]


class Apologies(Details):
    """Apologies; a substitute may be named."""

    substitute: Label | None = None
    reasons: MaybeWhy = None


class Postpone(Details):
    """The sitting moves to another date (local)."""

    to: Annotated[Day, Field(validation_alias=AliasChoices("to", "date", "to_date", "sitting"))]
    reasons: MaybeWhy = None


class CloseSitting(Details):
    """The end of a meeting, with what was learnt for the service."""

    learning: Texts = ()


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
    JourneyAct.ESCALATE: Reasoned,
    JourneyAct.ACKNOWLEDGE_ESCALATION: MaybeReasoned,
}
SITTING_DETAILS: dict[SittingAct, type[BaseModel]] = {
    SittingAct.SEND_APOLOGIES: Apologies,
    SittingAct.DECLARE_INTEREST: OneCase,
    SittingAct.OPEN_SITTING: OpenSitting,
    SittingAct.HEAR: Hear,
    SittingAct.RECORD_DECISION: RecordDecision,
    SittingAct.APPROVE_DECISION: MaybeOneCase,
    SittingAct.CARRY_OVER: OneCase,
    SittingAct.CLOSE_SITTING: CloseSitting,
    SittingAct.POSTPONE: Postpone,
    SittingAct.CANCEL: MaybeReasoned,
    SittingAct.ESCALATE: Reasoned,
    SittingAct.ACKNOWLEDGE_ESCALATION: MaybeReasoned,
}
