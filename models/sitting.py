"""The state of one meeting of a forum, and the messages between it and the journeys on its agenda."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from models.acts import Decided
from models.errors import RefusalCode
from models.identifiers import sitting_id
from models.people import Actor
from models.procedure import Forum, WorkingCalendar
from models.process import ProcessState, Shape
from models.snapshot import Snapshot
from models.vocabulary import CaseState, SittingStage


class SittingStart(BaseModel):
    """What starts a sitting: which meeting, the rules in force for it, and its chair by the rota.

    `starts` and `cut_off` are instants in UTC that the rules gave for the date.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    forum: str
    on: date
    starts: datetime
    cut_off: datetime
    chair: str | None
    procedure: Snapshot
    calendar: WorkingCalendar

    @property
    def process_id(self) -> str:
        """The id of the sitting."""
        return sitting_id(self.procedure.key, self.forum, self.on)


class CasePapers(Shape):
    """What a sitting needs to know of a case: references, who signed, and who has an interest by their work.

    `forum` is the part of the meeting that decides it, where the meeting has parts; siblings share `family`; cases are
    taken by `rank`, 1 first, and wait by `score`, the highest first.
    """

    journey: str
    referral_ref: str
    child_ref: str
    unit: str
    signed_by: tuple[str, ...]
    looked_after: bool
    in_custody: bool
    remand_expected: bool
    youth_justice: bool
    authorised_by: str | None = None
    agreed_by: tuple[str, ...] = ()
    legal_section: str | None = None
    documents: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    family: str | None = None
    rank: int | None = None
    score: int | None = None
    facts: dict[str, Any] = {}
    forum: str = ""
    heard_before: bool = False
    unconfirmed: tuple[str, ...] = ()


class BookingRequest(Shape):
    """A journey asks for a place. Asking again for the same case changes its place, never doubles it.

    `submitted_at` is when its last signature was given: a cut-off asks for that, not for when the message arrives.
    `kept_slot` and `asked_at` come with a case from a sitting that moved or did not reach it.
    """

    message_id: str
    papers: CasePapers
    late_agreed_by: Actor | None = None
    extra_agreed_by: Actor | None = None
    emergency: bool = False
    carried_over: bool = False
    submitted_at: datetime | None = None
    kept_slot: int | None = None
    asked_at: datetime | None = None
    provisional: bool = False
    firm: bool = False


class BookingAnswer(Shape):
    """What the sitting answers: a slot, a position on the reserve list, or a refusal with its code."""

    status: Literal["listed", "reserved", "refused"]
    slot: datetime | None = None
    reserve: int | None = None
    chair: str | None = None
    code: RefusalCode | None = None
    sentence: str | None = None
    moved_to: date | None = None


class Case(Shape):
    """One case on the live agenda. `slot` counts from 0; a reserve has none. `provisional`: its papers are to come."""

    papers: CasePapers
    state: CaseState
    slot: int | None
    booked_at: datetime
    emergency: bool = False
    carried_over: bool = False
    late: bool = False
    extra: bool = False
    provisional: bool = False
    heard_at: datetime | None = None
    panel: tuple[Actor, ...] = ()
    flags: tuple[str, ...] = ()
    decision: Decided | None = None
    decided_at: datetime | None = None


class Apology(Shape):
    """Apologies sent, with a substitute where one is named."""

    staff: str
    post: str
    at: datetime
    substitute: str | None = None


class Interest(Shape):
    """An interest that somebody declared in a case."""

    staff: str
    referral_ref: str


class SittingState(ProcessState):
    """Everything that a sitting knows."""

    forum_key: str
    on: date
    starts: datetime
    cut_off: datetime
    rota_chair: str | None
    stage: SittingStage = SittingStage.PLANNED
    cases: list[Case] = []
    chair: Actor | None = None
    present: list[Actor] = []
    apologies: list[Apology] = []
    interests: list[Interest] = []
    learning: list[str] = []
    moved_to: date | None = None
    circulated_at: datetime | None = None
    order: list[str] = []
    minutes: Literal["draft", "final"] | None = None
    flags: list[str] = []

    @property
    def forum(self) -> Forum:
        """The forum that meets, from the snapshot."""
        return self.procedure.forums[self.forum_key]

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written or sent."""
        return not (self.has_to_record or self.undelivered)
