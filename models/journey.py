"""The state of a child's journey, and what starts one."""

from datetime import date, datetime
from decimal import Decimal

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
AHEAD_OF_PAPERS = (Stage.AWAITING_SIGN_OFF, Stage.RETURNED, Stage.AWAITING_ENDORSEMENT)
"""Stages in which a journey may ask for a provisional place, where its forum books ahead of the papers."""


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
    from_forum: str | None = None

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
    """One step of the sign-off chain, done. `confirmed` are the keys of what it vouches for."""

    act: str
    actor: Actor
    at: datetime
    comments: str | None = None
    confirmed: tuple[str, ...] = ()


class Booking(Shape):
    """A place at a sitting: a slot, or a position on the reserve list (from 1).

    `provisional`: asked for ahead of the papers, and given back when they are not in by the cut-off.
    """

    forum: str
    sitting: date
    slot: datetime | None = None
    reserve: int | None = None
    provisional: bool = False


class WantedSitting(Shape):
    """A place that the journey is asking a sitting for. Two overrides, each by that sitting's chair.

    `provisional`: ahead of the papers. `firm`: a slot and no reserve place, kept beside a reserve place elsewhere.
    `refresh`: it has this place, and its form has changed: the sitting gets the papers of today.
    """

    forum: str
    sitting: date
    late_agreed_by: Actor | None = None
    extra_agreed_by: Actor | None = None
    emergency: bool = False
    carried_over: bool = False
    kept_slot: int | None = None
    asked_at: datetime | None = None
    provisional: bool = False
    firm: bool = False
    refresh: bool = False


class EmergencyRecord(Shape):
    """What was authorised or agreed outside the panel."""

    measure: EmergencyMeasure | None
    authorised_by: Actor | None = None
    authorised_at: datetime | None = None
    agreed_by: tuple[Actor, ...] = ()
    delegated: bool = False
    listed: bool = False
    lapsed_at: datetime | None = None


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
    follow_up: str | None = None


class DecisionRecord(Shape):
    """A decision taken, by whom and when, and whether the chair has approved its sheet.

    One that `recommends` is a panel's word on what another post then decides. `flags` is what was asked of it and left
    out, where that stops nothing.
    """

    decided: Decided
    legal_section: str | None
    by: Actor
    at: datetime
    forum: str
    sitting: date | None
    sheet_approved_at: datetime | None = None
    same_person_flag: bool = False
    recommends: bool = False
    flags: tuple[str, ...] = ()


class Recommendation(Shape):
    """What a panel, or a post, put forward and another post has yet to decide."""

    post: str
    units: tuple[str, ...] = ()
    or_higher: bool = False
    cites: tuple[str, ...]
    working_days: int | None = None


class Programme(Shape):
    """Reviews that come back by themselves: where, how often, and what ends them."""

    forum: str
    repeat: str | None = None
    ends_on: tuple[str, ...] = ()
    cites: tuple[str, ...]


class Confirmed(Shape):
    """Something that a post confirmed."""

    key: str
    by: Actor
    at: datetime
    on: date | None = None
    note: str | None = None


class Claim(Shape):
    """A claim on a running total: which, whose, in which window, and how much (pounds).

    `round` counts the decisions before it: what was approved stays claimed. `before` is what others claimed earlier;
    `None` while it is looked up. An amount of nothing gives the claim up.
    """

    total: str
    of: str
    window: str
    amount: Decimal
    round: int = 0
    before: Decimal | None = None


class JourneyState(ProcessState):
    """Everything that a journey knows."""

    referral: Referral
    forum_key: str
    stage: Stage = Stage.AWAITING_SIGN_OFF
    outcome: Outcome | None = None
    referred_by: Actor
    referred_at: datetime | None = None
    rota: dict[str, dict[date, str]] = {}
    came_from: str | None = None
    from_forum: str | None = None
    signatures: list[Signature] = []
    received_at: datetime | None = None
    withdrawing: list[Signature] = []
    claim: Claim | None = None
    criteria: list[CriterionMet] = []
    recommended_forum: str = ""
    data_quality: list[str] = []
    documents: list[str] = []
    not_applicable: dict[str, str] = {}
    booking: Booking | None = None
    wanted: WantedSitting | None = None
    fallback: Booking | None = None
    carried_over: int = 0
    slips: int = 0
    missing_information: list[str] = []
    emergency: EmergencyRecord | None = None
    decisions: list[DecisionRecord] = []
    actions: list[Action] = []
    review_on: date | None = None
    review_sitting: date | None = None
    proposed: list[str] = []
    onward: list[JourneyStart] = []
    flags: list[str] = []
    recommendation: Recommendation | None = None
    programme: Programme | None = None
    review_forum: str | None = None
    exit: str | None = None
    authorised: dict[str, str] = {}
    confirmed: list[Confirmed] = []
    alerted: list[str] = []
    holds: list[str] = []
    followed: list[str] = []
    begun: list[str] = []

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
        ahead = self.wanted is not None and self.wanted.provisional and self.stage in AHEAD_OF_PAPERS
        return self.wanted if ahead or self.stage in BOOKABLE else None

    @property
    def claiming(self) -> Claim | None:
        """The claim on a running total that waits for its answer."""
        return self.claim if self.claim is not None and self.claim.before is None else None

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written, sent, booked or started."""
        waits_to_go_out = self.has_to_record or self.undelivered or self.onward or self.starting
        return not (waits_to_go_out or self.asking or self.claiming)
