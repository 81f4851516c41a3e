"""What belongs into a calendar feed: of a forum, a person or a unit. References of cases and forums, never a child's.

Sittings and duties are there for half a year ahead, and for a month after their day; what is due is there until it is
done. What is done or falls away is cancelled by `register.calendars`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import sqlalchemy as sql

from models.identifiers import journey_id
from models.people import Actor
from models.procedure import Council
from planner.asking import duties_ahead, entries_of
from planner.icalendars import DOMAIN, Item, icalendar
from planner.pages import Calendars
from planner.shapes import Entry, Kind, Rota
from planner.sittings import sitting_forums, sittings_ahead
from planner.titles import BIRTHDAY, case_of, ends_of_contracts
from procedures.calendars import working_calendar
from register.calendars import KEPT, Gather, Offered, published
from register.reading import planning
from register.reading.planning_queries import Part, Scope
from rules.authority import holds_seat, title
from rules.seating import chair_seats, deciding_seats
from rules.working_days import local

AHEAD = timedelta(weeks=26)
"""How far ahead sittings and duties are published."""
NAMES = UUID("6f1c2b7e-5f0c-4f0e-9a53-2f7f1d1d8c11")
"""From what uids are made: they hold no reference, since a care episode's is its child's."""
DUE = tuple(str(kind) for kind in Kind if kind not in (Kind.SITTING, Kind.DUTY))
BOTH: tuple[Part, ...] = ("late", "ahead")
EPISODE = "episode"
Links = Callable[[str], str | None]
CUT_OFF = "cut_off"


@dataclass(frozen=True)
class Feeds:
    """The feeds of one council.

    Attributes:
        engine: The register's, folded as far as it goes.
        council: The whole procedure.
        now: UTC.
        rota: Who chairs what nobody has booked yet.
        calendars: Days off, by council and first year.
        remind_days: How many days before a deadline people are reminded; not at all when left out.
        links: Where a process is shown; nowhere when left out.
    """

    engine: sql.Engine
    council: Council
    now: datetime
    rota: Rota | None = None
    calendars: Calendars = working_calendar
    remind_days: int | None = None
    links: Links | None = None

    def of_forum(self, forum: str) -> bytes:
        """A forum's sittings with their cut-offs, and its duties.

        Args:
            forum: The key of a forum that sits, or of a part of another's meeting.
        """

        def gather(connection: sql.Connection) -> Sequence[Offered]:
            sittings = self._sittings(connection, sitting_forums(self.council, forum))
            duties = duties_ahead(self.council, self._today - KEPT, self._today + AHEAD, forum)
            cut_offs = (self._cut_off(one) for one in sittings)
            return _offered([*self._items(connection, [*sittings, *duties]), *(one for one in cut_offs if one)])

        named = f"{self.council.forums[forum].title}, {self.council.title}"
        return self._made(f"forum/{self.council.key}/{forum}", named, gather)

    def of_person(self, actor: Actor, stands_in_for: Sequence[tuple[Actor, str | None]] = ()) -> bytes:
        """The sittings that a person chairs or is a member of, their actions, and what their post has to do.

        Args:
            actor: Somebody of this council.
            stands_in_for: Whose work they do now too: all of it, or that of one process.
        """

        def gather(connection: sql.Connection) -> Sequence[Offered]:
            found = []
            for person, only in ((actor, None), *stands_in_for):
                mine = [*self._sittings_of(connection, person), *self._due(connection, person)]
                found += [one for one in mine if only in (None, one.process)]
            return _offered(self._items(connection, found))

        return self._made(f"staff/{self.council.key}/{actor.staff}", f"Waymark: {actor.staff}", gather)

    def of_unit(self, unit: str) -> bytes:
        """Everything that is due in the cases of a unit.

        Args:
            unit: As people write it.
        """

        def gather(connection: sql.Connection) -> Sequence[Offered]:
            scope = Scope(self.council.key, self.now, self._today, unit=unit, ends=ends_of_contracts(self.council))
            return _offered(self._items(connection, self._all(connection, scope)))

        own = unit.strip().casefold()
        return self._made(f"unit/{self.council.key}/{own}", f"{unit.strip()}, {self.council.title}", gather)

    @property
    def _today(self) -> date:
        return local(self.now).date()

    def _made(self, feed: str, name: str, gather: Gather) -> bytes:
        return icalendar(name, published(self.engine, feed, gather, self.now), self.remind_days)

    def _sittings(self, connection: sql.Connection, forums: Iterable[str]) -> list[Entry]:
        found = sittings_ahead(
            connection,
            self.council,
            self.calendars(self.council.key, self._today.year - 1),
            forums,
            self._today - KEPT,
            self._today + AHEAD,
            scheduled_from=self._today,
            rota=self.rota,
            beyond=True,
        )
        return [one for one in found if one.meeting and one.meeting.stands]

    def _sittings_of(self, connection: sql.Connection, actor: Actor) -> list[Entry]:
        return [one for one in self._sittings(connection, sitting_forums(self.council)) if self._sits(actor, one)]

    def _sits(self, actor: Actor, sitting: Entry) -> bool:
        """By name; else by a seat of theirs, unless that is the chair and somebody else is named for it."""
        named = sitting.meeting.chair if sitting.meeting else None
        if named is not None and named in actor.people:
            return True
        forum = self.council.forums[sitting.forum]
        chairs = chair_seats(forum)
        seats = [seat for seat in (*chairs, *deciding_seats(forum)) if holds_seat(actor, seat)]
        return any(seat not in chairs for seat in seats) or (bool(seats) and named is None)

    def _due(self, connection: sql.Connection, actor: Actor) -> list[Entry]:
        scope = Scope(
            self.council.key,
            self.now,
            self._today,
            unit=actor.unit,
            post=actor.post,
            named=actor.staff,
            ends=ends_of_contracts(self.council),
        )
        return self._all(connection, scope)

    def _all(self, connection: sql.Connection, scope: Scope) -> list[Entry]:
        return [
            entry
            for part in BOTH
            for entry in entries_of(self.council, part, planning.ahead(connection, scope, part, DUE))
            if not entry.name.startswith(BIRTHDAY)
        ]

    def _items(self, connection: sql.Connection, entries: Sequence[Entry]) -> list[Item]:
        children = planning.children_of(connection, [_process_of_case(one) for one in entries])
        return [self._item(one, children.get(_process_of_case(one))) for one in entries]

    def _item(self, one: Entry, child: str | None) -> Item:
        uid = uid_of(one.kind, one.process, one.name)
        link = (self.links(one.process) or "") if self.links and not _tells(one, one.process, child) else ""
        if one.meeting is not None:
            return Item(
                uid=uid,
                category=one.kind,
                summary=one.title,
                description=_lines(f"Chair: {one.meeting.chair}" if one.meeting.chair else "", _rules(one)),
                location=one.meeting.venue or "",
                starts=one.at,
                ends=one.meeting.ends,
                tentative=one.meeting.stage is None,
                link=link,
            )
        forum = self.council.forums[one.forum].title if one.forum in self.council.forums else ""
        by = f"by {local(one.at):%H:%M}" if one.at is not None and one.kind is not Kind.DUTY else ""
        case = "" if one.kind is Kind.DUTY else _case(one, child)
        return Item(
            uid=uid,
            category=one.kind,
            summary=", ".join(part for part in (one.title, case, forum, by) if part),
            description=_lines(f"Owner: {title(self.council, one.owner)}" if one.owner else "", _rules(one)),
            on=one.on,
            deadline=one.kind is not Kind.DUTY,
            link=link,
        )

    def _cut_off(self, sitting: Entry) -> Item | None:
        cut_off = sitting.meeting.cut_off if sitting.meeting else None
        if cut_off is None or cut_off == sitting.at:
            return None
        here = local(cut_off)
        rule = self.council.forums[sitting.forum].cut_off
        return Item(
            uid=uid_of(CUT_OFF, sitting.process),
            category=CUT_OFF,
            summary=f"Cut-off, {sitting.title} of {sitting.on:%a} {sitting.on.day} {sitting.on:%b}, by {here:%H:%M}",
            description=f"Rule {rule.cites[0]}" if rule else "",
            on=here.date(),
            deadline=True,
        )


def uid_of(kind: str, process: str, name: str = "") -> str:
    """The uid of something, the same in every feed for as long as it lasts, wherever it moves.

    Args:
        kind: What it is.
        process: Whose.
        name: Which, where one process has several.
    """
    return f"{uuid5(NAMES, f'{kind}|{process}|{name}')}@{DOMAIN}"


def _process_of_case(one: Entry) -> str:
    """The journey of the case that a sitting's clock is about, else the process itself."""
    case = case_of(one.name)
    return one.process if case is None else journey_id(one.council, case)


def _case(one: Entry, child: str | None) -> str:
    """The case's reference, unless it would tell the child's."""
    reference = case_of(one.name) or one.reference
    return "" if _tells(one, reference, child) else reference


def _tells(one: Entry, text: str, child: str | None) -> bool:
    return one.process.startswith(f"{EPISODE}/") or (child is not None and child in text)


def _rules(one: Entry) -> str:
    return f"Rule {', '.join(one.cites)}" if one.cites else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _offered(items: Iterable[Item]) -> list[Offered]:
    found = {one.uid: Offered(uid=one.uid, body=one.body, until=one.day) for one in items}
    return list(found.values())
