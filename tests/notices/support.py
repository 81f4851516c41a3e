"""Notices in a register, people who are told, and channels that say what they are asked to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sql

from models.people import Actor
from models.procedure import Council
from models.process import Notice
from notices.channels import Channel, Outgoing, Whereabouts
from notices.sending import Sending
from notices.texts import texts_for
from procedures.loader import load_council
from register.fold import catch_up
from register.log import note_event
from register.notices import begin
from register.read_models import PROCESS
from register.reading.notices import Delivery, deliveries
from runtime.staff import Member, StaffDirectory
from tests.register.rows import Row, a_process, insert

NOW = datetime(2031, 3, 3, 10, tzinfo=UTC)
"""A Monday in March 2031."""
JOURNEY = "journey/hillingdon/HARP-1"
CHILDREN_IN_NEED = "children in need"


def member(
    staff: str, post: str, unit: str | None = None, *, email: bool = True, left: date | None = None
) -> tuple[str, Member]:
    actor = Actor(staff=staff, post=post, council="hillingdon", unit=unit)
    return staff, Member(actor, email=f"{staff}@example.org" if email else None, left=left)


def directory(*more: tuple[str, Member]) -> StaffDirectory:
    """Two social workers and a manager of one unit, a manager of another, and an administrator for all."""
    members = dict(
        (
            member("sw-1", "social_worker", CHILDREN_IN_NEED),
            member("sw-2", "social_worker", CHILDREN_IN_NEED),
            member("tm-1", "team_manager", CHILDREN_IN_NEED),
            member("tm-9", "team_manager", "court"),
            member("admin-1", "panel_administrator"),
            *more,
        )
    )
    return StaffDirectory(Path("staff.toml"), members, NOW.date)


def note(  # a test says who is told, and no more
    engine: sql.Engine, *notices: Notice, process_id: str = JOURNEY, **columns: object
) -> None:
    """An event with notices as a process writes it, folded, about a case whose row says what the test needs."""
    note_event(engine, process_id=process_id, what="noted", staff="waymark", post="waymark", at=NOW, notices=notices)
    catch_up(engine)
    stands(engine, a_process(process_id, **{"unit": CHILDREN_IN_NEED, **columns}))


def stands(engine: sql.Engine, row: Row, table: sql.Table = PROCESS) -> None:
    """Put a row of a read model in the place of what was folded."""
    with engine.begin() as connection:
        connection.execute(sql.delete(table).where(table.c.process_id == row["process_id"]))
    insert(engine, table, row)


@dataclass
class Clock:
    """A clock that a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def moves(self, by: timedelta) -> None:
        self.now += by


@dataclass
class Carrier:
    """A channel that keeps what it is given; for each message in turn it may be told what to raise instead."""

    faults: list[Exception] = field(default_factory=list)
    carried: list[Outgoing] = field(default_factory=list)
    known: Whereabouts | None = None
    ask_fault: Exception | None = None
    name: str = "carrier"
    needs_address: bool = True

    async def send(self, outgoing: Outgoing) -> str | None:
        if self.faults:
            raise self.faults.pop(0)
        self.carried.append(outgoing)
        return f"carried-{len(self.carried)}"

    async def ask(self, outgoing: Outgoing) -> Whereabouts | None:
        del outgoing
        if self.ask_fault:
            raise self.ask_fault
        return self.known


def sending(  # noqa: PLR0913 - a test says what differs
    engine: sql.Engine,
    channel: Channel,
    clock: Clock | None = None,
    people: Callable[[], StaffDirectory] = directory,
    link: Callable[[str], str | None] = lambda _: None,
    council: Callable[[str], Council] = load_council,
) -> Sending:
    """Sending that began before anything was noted."""
    begin(engine, datetime.fromtimestamp(0, UTC))
    return Sending(engine, channel, people, council=council, texts=texts_for, link=link, clock=clock or Clock())


def told(engine: sql.Engine) -> list[tuple[str, str]]:
    """Who is told under which post, in the order of writing."""
    return [(one.recipient, one.notice.post) for one in all_of(engine)]


def all_of(engine: sql.Engine) -> list[Delivery]:
    return deliveries(engine)[::-1]


def the_only(found: Iterable[Delivery]) -> Delivery:
    (one,) = found
    return one
