"""What the long-lived processes beside journeys and sittings have in common.

Placements, care episodes, support packages, transfers, unit meetings and duties each watch over one thing.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.deadlines import WatchKind
from models.identifiers import journey_id, reference_after
from models.people import Actor
from models.procedure import WorkingCalendar
from models.process import ProcessState, Shape, Starting
from models.referral import Day, Reference, Referral
from models.snapshot import Snapshot
from models.views import ProcessView

PREFIX: dict[WatchKind, str] = {
    "placement": "placement",
    "care_episode": "episode",
    "support_package": "package",
    "case_transfer": "transfer",
    "unit_meeting": "unit",
    "forum_duty": "duty",
}
"""What the ids of each kind begin with."""


def watch_id(kind: WatchKind, council: str, reference: str) -> str:
    """The durable process that watches over one thing.

    Args:
        kind: What it is.
        council: The council's key.
        reference: Of the placement, child, package or transfer; a unit's with its date, a duty's with its forum.
    """
    return f"{PREFIX[kind]}/{council}/{reference}"


def watch_kind(process_id: str) -> WatchKind | None:
    """What a process watches over; `None` for journeys, sittings and anything else.

    Args:
        process_id: Any process id.
    """
    first = process_id.split("/", maxsplit=1)[0]
    return next((kind for kind, prefix in PREFIX.items() if prefix == first), None)


def later_episode(process_id: str, number: int) -> str:
    """Where a child's second care episode is watched over, and each one after, since ids are never used again.

    Args:
        process_id: Of the child's first episode, which goes by the child's reference.
        number: 2 or more.
    """
    council, child = process_id.split("/")[1:]
    return watch_id("care_episode", council, reference_after(child, f"episode{number}"))


def id_of_starting(one: Starting) -> str:
    """The durable process that another begins: a watch, or a journey.

    Args:
        one: What it starts with.
    """
    kind = next((kind for kind in PREFIX if kind == one.kind), None)
    return journey_id(one.council, one.reference) if kind is None else watch_id(kind, one.council, one.reference)


class WatchStart(BaseModel):
    """What starts a watch: who, what they say, and the rules and calendar that it will carry.

    `details` are in the shape of the act that starts it. `came_from` is the process that began it, and `form` the
    referral that led to it, kept so that a later referral begins with it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: WatchKind
    council: str
    reference: str
    actor: Actor
    details: dict[str, Any] = {}
    procedure: Snapshot
    calendar: WorkingCalendar
    came_from: str | None = None
    form: Referral | None = None

    @property
    def process_id(self) -> str:
        """The id of the watch."""
        return watch_id(self.kind, self.council, self.reference)


class WatchedChild(Shape):
    """The child whom it concerns: no more identity than the work needs."""

    reference: Reference
    date_of_birth: Day | None = None
    unaccompanied_asylum_seeking: bool = False


class Held(Shape):
    """When something was last done, and how often so far. `on` is a local date; `days` are the last few, in order."""

    on: date
    at: datetime
    count: int = 1
    days: tuple[date, ...] = ()


class Proposal(Shape):
    """A referral that a deadline proposed, to whom, and what became of it."""

    deadline: str
    forum: str
    to: str
    at: datetime
    sitting: date | None = None
    cites: str
    answer: Literal["refer", "not"] | None = None
    because: str | None = None
    referral_ref: str | None = None
    answered_by: Actor | None = None


class WatchState(ProcessState):
    """Everything that a watch knows. Each kind has its own stages.

    `facts` are plain values under dotted paths: conditions and anchors ask for them. `held` says what was done, by act
    or `act:key`. `fired` says for which anchor a deadline that comes only once has come.
    """

    kind: WatchKind
    reference: str
    unit: str = ""
    child: WatchedChild | None = None
    started_by: Actor
    started_at: datetime
    came_from: str | None = None
    form: Referral | None = None
    facts: dict[str, Any] = {}
    held: dict[str, Held] = {}
    fired: dict[str, str] = {}
    proposals: list[Proposal] = []
    flags: list[str] = []
    outcome: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written, sent or started."""
        return not (self.has_to_record or self.undelivered or self.starting)

    @property
    def actions_open(self) -> int:
        """Actions that wait for somebody; kinds that have any say how many."""
        return 0

    @property
    def open_proposals(self) -> list[Proposal]:
        """Proposals that nobody has answered."""
        return [one for one in self.proposals if one.answer is None]


class WatchView(ProcessView):
    """A placement, episode, package, transfer, unit meeting or duty as it stands."""

    kind: WatchKind
    stage: str
    reference: str
    child_ref: str
    came_from: str | None
    outcome: str | None
    proposed: list[str]
    proposals: list[Proposal]
    held: dict[str, Held]
    facts: dict[str, Any] = Field(description="References, codes and days only")
    prompts: list[str] = []
    sitting: date | None = None
    actions_open: int = 0
    unit: str = Field(default="", description="The unit that answers for it")
