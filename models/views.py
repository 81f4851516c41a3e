"""What people see of a process: the answers to the `view` query."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from models.clocks import Clock
from models.journey import Action, CriterionMet, DecisionRecord
from models.process import EscalationNote, Event
from models.vocabulary import CaseState, Outcome, Priority, SittingStage, Stage


class ProcessView(BaseModel):
    """What every process shows. Instants are UTC; `waiting_on` is a post of the council's procedure."""

    model_config = ConfigDict(frozen=True)

    process: str
    council: str
    forum: str
    procedure_version: str
    stage_since: datetime
    waiting_on: str | None
    priority: Priority | str
    overdue: bool
    escalated: bool
    open: bool
    next_deadline: datetime | None
    clocks: dict[str, Clock]
    next_acts: list[str]
    escalations: list[EscalationNote]
    flags: list[str]
    recent: list[Event]
    settled: bool


class JourneyView(ProcessView):
    """A child's journey as it stands. `reserve` is a position from 1.

    `score` is for forums that score: `priority` is then the band that it leads to.
    """

    stage: Stage
    referral_ref: str
    child_ref: str
    outcome: Outcome | None
    sitting: date | None
    slot: datetime | None
    reserve: int | None
    provisional: bool = False
    firm_place: date | None = None
    criteria: list[CriterionMet]
    recommended_forum: str
    mismatch: bool
    data_quality: list[str]
    documents_missing: list[str]
    missing_information: list[str]
    actions: list[Action]
    actions_open: int
    decisions: list[DecisionRecord]
    review_on: date | None
    proposed: list[str]
    prompts: list[str]
    score: int | None = None
    running_total: Decimal | None = None
    recommendation: DecisionRecord | None = None
    exit: str | None = None
    authorised: dict[str, str] = {}
    confirmed: list[str] = []
    holds: list[str] = []
    came_from: str | None = None
    begun: list[str] = Field(default=[], description="Processes that its decisions began")


class AgendaLine(BaseModel):
    """One line of a live agenda."""

    model_config = ConfigDict(frozen=True)

    referral_ref: str
    child_ref: str
    journey: str
    state: CaseState
    slot: datetime | None
    reserve: int | None
    emergency: bool
    carried_over: bool
    late: bool
    extra: bool
    provisional: bool = False
    forum: str = ""
    documents: list[str]
    criteria: list[str]
    invited: list[str]
    outcome: Outcome | None
    flags: list[str] = []


class SittingView(ProcessView):
    """One meeting as it stands: agenda with times, reserve list, attendance."""

    stage: SittingStage
    sitting: date
    starts: datetime
    cut_off: datetime
    chair: str | None
    capacity: int | None
    agenda: list[AgendaLine]
    seats: list[str]
    present: list[str]
    apologies: list[str]
    learning: list[str]
    moved_to: date | None
    ends: datetime | None = None
    venue: str | None = None
    chair_expected: list[str] = []
    circulated_at: datetime | None = None
    minutes: str | None = None
    prompts: list[str] = []
