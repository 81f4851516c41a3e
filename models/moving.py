"""What a council's files say of cases that move between services, and of the weekly meeting of a unit."""

from datetime import time
from typing import Annotated, Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Citations, Cited, Data, Texts
from models.deadlines import WatchRules
from models.errors import RefusalCode


class Named(Data):
    """Something with a key, and the other names that people give it."""

    key: str
    also_known_as: Texts = ()


class TransferDue(Cited):
    """How soon a case is transferred: working days from the later of the request and the point of transfer.

    Information that is missing adds the hours that it is waited for, and no more than so many. `carries_on`: deadlines
    that go on after the transfer. `receiver`: the post of the receiving unit that is to complete it.
    """

    working_days: int = Field(ge=0)
    at: time = time(17)
    information_hours: int = Field(ge=0)
    carries_on: Texts = ()
    receiver: str


class BeforeBirth(Data):
    """A transfer that is due so long before the expected birth (ISO 8601).

    A case that came up no longer than `stays_within` before it stays where it is until an event: a path.
    """

    expected: str
    born: str
    target: str
    stays_within: str
    until: str


class Route(Named, Cited):
    """One kind of transfer.

    `leaves` and `joins` are services; none named: any. Where people do not name the route, the first whose services
    and conditions (`when`) fit is meant. `point`: paths of days; the first of those known is the point of transfer, or
    the last.
    `point_needed = false`: only where such a day is known. `same_day`: due on that very day. `visit`: after a joint
    visit. `temporary`: the case comes back. `may_stay`: the young person may ask to stay.
    """

    title: str
    leaves: Texts = ()
    joins: Texts = ()
    when: Conditions = ()
    point: Texts = ()
    point_is: Literal["first", "last"] = "first"
    point_needed: bool = True
    same_day: bool = False
    visit: bool = True
    temporary: bool = False
    may_stay: bool = False
    before_birth: BeforeBirth | None = None


class Holder(Cited):
    """Which service holds a case: the first whose conditions hold. Another needs reasons, or is refused with `code`.

    `jointly`: the Group Managers of both services decide together, and that is recorded.
    """

    service: str
    when: Conditions = ()
    unless: Conditions = ()
    jointly: bool = False
    code: RefusalCode = RefusalCode.INCOMPLETE


class BackPlanned(Cited):
    """Something that has to happen so long before a planned event; where less time is left, at once.

    `due` is the path under which the engine keeps when, for a deadline; with less time left, `short` is set.
    """

    event: str
    before: str
    due: str
    short: str


class Avoided(Cited):
    """What is said when a transfer would fall into days that are to be avoided."""

    code: RefusalCode = RefusalCode.PROHIBITED
    sentence: str
    remedy: str


class Disputes(Cited):
    """How a disagreement about a transfer is settled: by these posts in turn, at a meeting.

    `no_grounds`: what nobody may object with.
    """

    posts: Texts = Field(min_length=1)
    no_grounds: tuple[Named, ...] = ()
    no_grounds_cites: Citations
    meeting_cites: Citations


class TransferRules(WatchRules):
    """Case transfer: its points of transfer are routes.

    `events`, `circumstances` and `panels` are what people may tell of a case. `standards`: the named list of what a
    file holds by the council's own standards.
    """

    services: tuple[Named, ...] = ()
    events: tuple[Named, ...] = ()
    circumstances: tuple[Named, ...] = ()
    panels: tuple[Named, ...] = ()
    due: TransferDue
    routes: tuple[Route, ...] = ()
    holding: tuple[Holder, ...] = ()
    back_planned: tuple[BackPlanned, ...] = ()
    avoided: Avoided
    disputes: Disputes
    standards: str | None = None


class InDepth(Cited):
    """When a case is discussed in depth.

    `new`: newly allocated. `incident_within`: days since a critical incident, inclusive. `longer_than`: more than so
    long since the last time.
    """

    new: Cited
    incident_within: str
    incident: Cited
    longer_than: str
    long_ago: Cited


class Chairing(Cited):
    """Who chairs a unit's meeting: this post; in its absence, and with a reason, one of the others."""

    post: str
    in_absence: Texts = ()


class Professionals(Cited):
    """Posts that are asked to come, or ask to come, for the discussion of certain cases."""

    posts: Texts = ()


class UnitMeetingRules(WatchRules):
    """The weekly meeting of a unit.

    `every`: from one meeting's day to the next (ISO 8601); moved off a day off to the next working day.
    """

    every: Annotated[str, Field(description="ISO 8601")]
    chairing: Chairing
    in_depth: InDepth
    read_first: Cited
    attendance: Cited
    attendance_told: str
    recording: Cited
    undiscussed: Cited
    professionals: Professionals
