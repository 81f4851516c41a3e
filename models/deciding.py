"""What a forum may decide, what a decision must hold, and what follows from it, as data."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Cited, Data, Texts
from models.intake import Document, Requirement
from models.membership import SignOffStep
from models.vocabulary import Outcome


class Option(Cited):
    """A decision that a forum may take, and what it must say: fields of the decision, or `findings.KEY`."""

    outcome: Outcome
    label: str | None = None
    needs: Texts = ()


class Disagreement(Cited):
    """Who decides when the members cannot agree; what they disagree on has to be noted."""

    decided_by: str = Field(default="chair", description="The chair, or a post that then decides")


class Checkpoint(Cited):
    """Something that the panel looks at, recorded with the decision.

    `prompt`: shown, and recorded as unanswered. `decision`: needed with the decision. `sheet`: needed before the chair
    approves its sheet. `answered_by`: a field of the form that answers it when the panel says nothing.
    """

    key: str
    prompt: str
    needed: Literal["prompt", "decision", "sheet"] = "prompt"
    when: Conditions = ()
    outcomes: Texts = ()
    answered_by: str | None = None
    choices: Texts = ()


class Onward(Cited):
    """Where a matter goes from here.

    `referral`: shown at once. `proposal`: proposed to people, nothing starts. `approval`: started when approved.
    `decision`: started on the outcomes named. `matter` is what is asked there, of a forum with a matrix.
    """

    forum: str
    on: Literal["referral", "proposal", "approval", "decision"]
    outcomes: Texts = ()
    when: Conditions = ()
    matter: str | None = None
    unless_retained: bool = False


class PostDecision(Cited):
    """A matter that a post decides alone, up to a limit."""

    post: str
    when: Conditions
    unless_criteria: Texts = ()


class FinalDecision(Cited):
    """The panel recommends, and a post decides: so many working days after."""

    post: str
    units: Texts = ()
    or_higher: bool = Field(default=False, description="A post above it on the ladder may decide too")
    outcomes: Texts = (Outcome.APPROVED, Outcome.APPROVED_WITH_CONDITIONS, Outcome.DECLINED)
    when: Conditions = ()
    on_dissent: bool = Field(default=False, description="Only when the members did not agree")
    working_days: int = Field(default=5, ge=1)


class Exit(Cited):
    """The only ways in which a case leaves a forum that keeps it under review."""

    key: str
    title: str
    onward: str | None = None


class ReviewProgramme(Cited):
    """Approved cases come back by themselves: at the first sitting of a forum, and again until a decision ends it.

    `repeat` is `sitting` (every sitting) or a duration (`P1Y`). `ends_on`: outcomes that end it, or finding `closed`.
    """

    forum: str
    outcomes: Texts
    when: Conditions = ()
    repeat: str | None = None
    ends_on: Texts = ()


class Renewal(Cited):
    """An approval for a time: the decision sets when it is renewed; warned so many working days before."""

    warn_working_days: int = Field(default=10, ge=0)


class FollowUp(Cited):
    """What follows from an event by rule: an action with an owner, or notices, or both."""

    key: str
    on: Texts = Field(description="Outcomes, or `decision`, `listing`, `emergency`")
    when: Conditions = ()
    kinds: Texts = ()
    action: str | None = None
    owner: str | None = None
    due_working_days: int = Field(default=5, ge=0)
    skippable: bool = True
    tells: Texts = ()


class Alert(Cited):
    """A fact of the case of which posts are told at once, when it first becomes true."""

    key: str
    when: Conditions
    tells: Texts
    action: str | None = None
    owner: str | None = None
    hold: str | None = Field(default=None, description="What may not happen until somebody confirms that this is done")


class Confirmation(Cited):
    """Something that a post confirms on a case."""

    key: str
    title: str
    posts: Texts
    when: Conditions = ()
    before_decision: Literal["flag", "required"] = "flag"


class Authorisation(Cited):
    """What an approval of this forum opens the way to, such as a placement: asked for by the process that needs it."""

    key: str
    title: str
    when: Conditions = ()


class Decider(Data):
    """A post that may decide a matter, in some cases or for some units."""

    post: str
    when: Conditions = ()
    units: Texts = ()


class Tier(Cited):
    """Up to which amount (pounds, inclusive) of the running total a post decides. No limit: the last tier."""

    up_to: Decimal | None = None
    up_to_setting: str | None = None
    lowest: tuple[Decider, ...] = Field(min_length=1)
    four_eyes: bool = True


class Matter(Cited):
    """One entry of a matrix of responsibility: the lowest post that decides it, or the panel that does (`goes_to`)."""

    key: str
    title: str
    also_known_as: Texts = ()
    group: str = ""
    lowest: tuple[Decider, ...] = ()
    tiers: tuple[Tier, ...] = ()
    total: str | None = Field(default=None, description="The running total that the tier is taken from")
    goes_to: str | None = None
    proposes: str | None = Field(default=None, description="The sort of home that it means, as in `proposal.kind`")
    needs: tuple[Requirement, ...] = ()
    documents: tuple[Document, ...] = ()
    chain: tuple[SignOffStep, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    prompts: tuple[Checkpoint, ...] = ()
    four_eyes: bool = True


class Matrix(Cited):
    """A forum whose matters posts decide. `or_higher`: also any post that the ladder reaches from the lowest."""

    or_higher: bool = False


class Total(Cited):
    """A running total of amounts asked for and not refused: of one family or child, in one financial year or ever."""

    title: str
    of: str
    window: Literal["financial_year", "open"] = "financial_year"
    limit: Decimal | None = None
    watch_above: Decimal | None = None
    tells: Texts = ()
