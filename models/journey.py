"""The state of a child's journey, and what starts one."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from models.acts import Decided
from models.identifiers import journey_id
from models.people import Actor, Owner
from models.procedure import Forum, WorkingCalendar
from models.process import ProcessState, Shape
from models.referral import Referral
from models.snapshot import Snapshot
from models.vocabulary import ActionState, EmergencyMeasure, Outcome, Stage

BOOKABLE = (Stage.AWAITING_LISTING, Stage.LISTED, Stage.RESERVED, Stage.DEFERRED, Stage.UNDER_REVIEW)
"""Stages in which a journey may ask a sitting for a place."""


class JourneyStart(BaseModel):
    """What starts a journey: the form, who refers, and the rules and calendar that it will carry.

    `rota` says who chairs which sitting of which forum, as far as is known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    referral: Referral
    actor: Actor
    procedure: Snapshot
    calendar: WorkingCalendar
    rota: dict[str, dict[date, str]] = {}
    came_from: str | None = None

    @property
    def process_id(self) -> str:
        """The id of the journey."""
        return journey_id(self.referral.council, self.referral.referral_ref)


class CriterionMet(Shape):
    """A criterion that the case meets: declared on the form, or found from its facts."""

    rule: str
    forum: str
    found: bool


class Signature(Shape):
    """One step of the sign-off chain, done."""

    act: str
    actor: Actor
    at: datetime
    comments: str | None = None


class Booking(Shape):
    """A place at a sitting: a slot, or a position on the reserve list (from 1)."""

    forum: str
    sitting: date
    slot: datetime | None = None
    reserve: int | None = None


class WantedSitting(Shape):
    """A place that the journey is asking a sitting for. Two overrides, each by that sitting's chair."""

    forum: str
    sitting: date
    late_agreed_by: Actor | None = None
    extra_agreed_by: Actor | None = None
    emergency: bool = False
    carried_over: bool = False
    kept_slot: int | None = None
    asked_at: datetime | None = None


class EmergencyRecord(Shape):
    """What was authorised or agreed outside the panel."""

    measure: EmergencyMeasure | None
    authorised_by: Actor | None = None
    authorised_at: datetime | None = None
    agreed_by: tuple[Actor, ...] = ()
    delegated: bool = False
    listed: bool = False


class Action(Shape):
    """One action of a decision. `due` is a local date: close of business."""

    reference: str
    what: str
    owner: Owner
    due: date
    state: ActionState = ActionState.OPEN
    evidence: str | None = None
    reasons: str | None = None
    replaces: str | None = None


class DecisionRecord(Shape):
    """A decision taken, by whom and when, and whether the chair has approved its sheet."""

    decided: Decided
    legal_section: str | None
    by: Actor
    at: datetime
    forum: str
    sitting: date | None
    sheet_approved_at: datetime | None = None
    same_person_flag: bool = False


class JourneyState(ProcessState):
    """Everything that a journey knows."""

    referral: Referral
    forum_key: str
    stage: Stage = Stage.AWAITING_SIGN_OFF
    outcome: Outcome | None = None
    referred_by: Actor
    rota: dict[str, dict[date, str]] = {}
    came_from: str | None = None
    signatures: list[Signature] = []
    criteria: list[CriterionMet] = []
    recommended_forum: str = ""
    data_quality: list[str] = []
    documents: list[str] = []
    booking: Booking | None = None
    wanted: WantedSitting | None = None
    carried_over: int = 0
    missing_information: list[str] = []
    emergency: EmergencyRecord | None = None
    decisions: list[DecisionRecord] = []
    actions: list[Action] = []
    review_on: date | None = None
    review_sitting: date | None = None
    proposed: list[str] = []
    onward: list[JourneyStart] = []
    flags: list[str] = []

    @property
    def forum(self) -> Forum:
        """The forum that the case goes to now, from the snapshot."""
        return self.procedure.forums[self.forum_key]

    @property
    def open_actions(self) -> list[Action]:
        """Actions that still have to be done, or accounted for, in order of due date."""
        return sorted((a for a in self.actions if a.state is ActionState.OPEN), key=lambda a: (a.due, a.reference))

    @property
    def asking(self) -> WantedSitting | None:
        """The place to ask for now; one that was agreed before the endorsement waits for it."""
        return self.wanted if self.stage in BOOKABLE else None

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written, sent, booked or started."""
        return not (self.unrecorded or self.undelivered or self.onward or self.asking)
