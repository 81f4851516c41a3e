"""What every durable process has: its stage, clocks, escalation, and what it still has to tell the world."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from models.acts import Decided
from models.clocks import Clock
from models.errors import RefusalCode
from models.people import Actor
from models.procedure import WorkingCalendar
from models.referral import Referral
from models.snapshot import Snapshot
from models.vocabulary import Priority


class Shape(BaseModel):
    """A frozen value inside a process."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Notice(Shape):
    """A notice to a post: what it is about and why, never narrative. `staff` where one person is meant."""

    post: str
    subject: str
    staff: str | None = None


class Entry(Shape):
    """One line of the register: who did what, when, under which rules, accepted or refused.

    `sequence` numbers the entries of a process from 1 without a gap; refusals that validators gave carry 0. One that
    only `repeats` what another process has on its own record is written together with the next. `on_behalf_of` is whom
    a deputy stood in for.
    """

    process_id: str
    sequence: int
    at: datetime
    what: str
    staff: str
    post: str
    accepted: bool = True
    code: str | None = None
    cites: tuple[str, ...] = ()
    procedure_version: str
    details: dict[str, Any] = {}
    notices: tuple[Notice, ...] = ()
    repeats: bool = False
    on_behalf_of: str | None = None


class Event(Shape):
    """The short form of an entry, for timelines: references and codes only."""

    sequence: int
    at: datetime
    what: str
    post: str
    staff: str
    accepted: bool = True
    code: str | None = None
    note: str | None = None
    on_behalf_of: str | None = None


class EscalationNote(Shape):
    """One escalation: by whom (or by which clock), when, and whether somebody took it up."""

    at: datetime
    post: str
    staff: str
    reasons: str
    told: tuple[str, ...]
    clock: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None


class NewsKind(StrEnum):
    """What a sitting tells a journey."""

    LISTED = "listed"
    RESERVED = "reserved"
    HEARD = "heard"
    DECIDED = "decided"
    APPROVED = "approved"
    CARRIED_OVER = "carried_over"
    MOVED = "moved"


class CaseNews(Shape):
    """What a sitting tells a journey about its case. `message_id` makes it arrive once.

    `kept_slot` (from 0) is the slot that a case keeps when its whole sitting moves; `asked_at` is since when it asked.
    """

    message_id: str
    kind: NewsKind
    forum: str
    sitting: date
    by: Actor
    slot: datetime | None = None
    reserve: int | None = None
    decision: Decided | None = None
    moved_to: date | None = None
    kept_slot: int | None = None
    asked_at: datetime | None = None
    reasons: str | None = None


class Release(Shape):
    """What a journey tells a sitting that need not hold its place any more."""

    message_id: str
    referral_ref: str
    by: Actor


class Word(Shape):
    """What one process lets another know: something that happened there, by act or event, and facts of it."""

    message_id: str
    what: str = Field(max_length=60)
    sender: str
    by: Actor
    facts: dict[str, Any] = {}


class Delivery(Shape):
    """A message from one process to another, sent at least once and taken once.

    `optional`: the other process need not exist; one that is over is told of all the same.
    """

    to: str
    news: CaseNews | None = None
    release: Release | None = None
    word: Word | None = None
    optional: bool = False


class NotStarted(Shape):
    """A process that could not begin, and why: a refusal's code and sentence."""

    process_id: str
    code: RefusalCode
    sentence: str


class Starting(Shape):
    """A process that this one begins: a watch with its details, or a journey with its form. Started exactly once."""

    kind: str
    council: str
    reference: str
    by: Actor
    details: dict[str, Any] = {}
    form: Referral | None = None


class ProcessState(BaseModel):
    """The state that every process carries whole across continue-as-new.

    It is changed only by `rules`: an act is first checked (which reads), then applied (which cannot fail).
    """

    model_config = ConfigDict(extra="forbid")

    process_id: str
    procedure: Snapshot
    calendar: WorkingCalendar
    forum_key: str = ""
    stage_since: datetime
    priority: Priority = Priority.NORMAL
    sequence: int = 0
    answered: dict[str, int] = {}
    clocks: dict[str, Clock] = {}
    escalations: list[EscalationNote] = []
    recent: list[Event] = []
    unrecorded: list[Entry] = []
    undelivered: list[Delivery] = []
    starting: list[Starting] = []

    @property
    def has_to_record(self) -> bool:
        """Whether something waits for the register that is on no other process's record."""
        return any(not entry.repeats for entry in self.unrecorded)

    @property
    def escalated(self) -> bool:
        """Whether an escalation waits to be acknowledged."""
        return any(note.acknowledged_at is None for note in self.escalations)

    @property
    def overdue(self) -> bool:
        """Whether any clock is breached and nobody has met it yet. The one definition of overdue."""
        return any(clock.ticking and clock.state == "breached" for clock in self.clocks.values())

    @property
    def next_event(self) -> datetime | None:
        """The next instant at which a clock does something by itself."""
        instants = [clock.next_event for clock in self.clocks.values()]
        return min((instant for instant in instants if instant is not None), default=None)

    @property
    def next_deadline(self) -> datetime | None:
        """The earliest due date among the clocks that still tick."""
        return min((clock.due for clock in self.clocks.values() if clock.ticking), default=None)
