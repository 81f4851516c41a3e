"""What one council has ahead: sittings and duties by its files and the register, everything else from the register."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal

import sqlalchemy as sql

from models.procedure import Council, Duty, WorkingCalendar
from models.watch import watch_id
from planner.shapes import Entry, Kind, Rota, Wanted, monday_of, mondays
from planner.sittings import link_to, sitting_forums, sittings_ahead
from planner.titles import Titles, ends_of_contracts, listings_of_contracts
from register.reading import planning
from register.reading.planning import Ahead, sort_of
from register.reading.planning_queries import Key, Part, Scope
from rules.duties.recurring import AT, occurrences, scheduled
from rules.working_days import instant, local

SITTING, DUTY = -2, -1
"""Where sittings and duties stand among what falls on the same moment: before everything else."""
ACTION_CLOCKS = ("action", "alternative_plan")
PLAIN = {Kind.ACTION: "Action {name}", Kind.REVIEW: "Review", Kind.CONTRACT_END: "Contract ends"}

Counts = dict[Kind, int]


@dataclass(frozen=True)
class Placed:
    """An entry, and where it stands in the order of a page."""

    key: Key
    entry: Entry


@dataclass(frozen=True)
class Asked:
    """What somebody wants of one council.

    Attributes:
        connection: To the register.
        council: The whole procedure.
        wanted: What is asked for.
        now: UTC.
        calendar: The council's days off.
        rota: Who chairs what nobody has booked yet.
    """

    connection: sql.Connection
    council: Council
    wanted: Wanted
    now: datetime
    calendar: WorkingCalendar
    rota: Rota | None = None

    @cached_property
    def scope(self) -> Scope:
        """The same for the register."""
        today = local(self.now).date()
        return Scope(
            council=self.council.key,
            now=self.now,
            first=max(self.wanted.first, today),
            last=self.wanted.last,
            forums=self._forums(),
            unit=self.wanted.unit,
            team=self.wanted.team,
            post=self.wanted.post,
            ends=ends_of_contracts(self.council),
        )

    def _forums(self) -> tuple[str, ...] | None:
        """The forum that is asked for, with those that are a part of its meetings."""
        if self.wanted.forum is None:
            return None
        parts = [key for key, one in self.council.forums.items() if one.sits_with == self.wanted.forum]
        return self.wanted.forum, *parts

    @cached_property
    def _sorts(self) -> tuple[str, ...]:
        sorts = [str(kind) for kind in self.wanted.kinds if kind not in (Kind.SITTING, Kind.DUTY)]
        listed_at = listings_of_contracts(self.council).values()
        if self.wanted.forum is not None and self.wanted.forum not in listed_at and Kind.CONTRACT_END in sorts:
            sorts.remove(Kind.CONTRACT_END)  # no contract comes to that forum because it ends
        return tuple(sorts)

    def late(self, after: Key | None, limit: int) -> list[Placed]:
        """What is late, the oldest first.

        Args:
            after: The key of the last one that was seen.
            limit: How many at most.
        """
        return self._placed("late", after, limit)

    def ahead(self, after: Key | None, limit: int) -> list[Placed]:
        """What lies ahead, in order.

        Args:
            after: The key of the last one that was seen.
            limit: How many at most.
        """
        own = [Placed((one.at or instant(one.on, AT), rank, one.process, ""), one) for rank, one in self._by_files]
        own = [one for one in own if after is None or one.key > after]
        return sorted([*own, *self._placed("ahead", after, limit)], key=lambda one: one.key)[:limit]

    def counts(self) -> dict[date, Counts]:
        """How much of each kind there is in each week, by its Monday. Sittings that were called off do not count."""
        found: dict[date, Counts] = {}
        weeks = mondays(self.scope.first, self.wanted.last) if self.scope.first <= self.wanted.last else []
        if weeks and self._sorts:
            for one in planning.counted(self.connection, self.scope, "ahead", self._sorts, weeks):
                if one.week is not None:
                    _add(found.setdefault(one.week, {}), Kind(one.sort), one.count)
        for _, entry in self._by_files:
            if entry.meeting is None or entry.meeting.stands:
                _add(found.setdefault(monday_of(entry.on), {}), entry.kind, 1)
        return found

    def late_counts(self) -> Counts:
        """How much of each kind is late."""
        found: Counts = {}
        for one in planning.counted(self.connection, self.scope, "late", self._sorts, ()):
            _add(found, Kind(one.sort), one.count)
        return found

    @cached_property
    def _by_files(self) -> list[tuple[int, Entry]]:
        return [
            *((SITTING, one) for one in self._sittings()),
            *(
                (DUTY, one)
                for one in duties_ahead(self.council, self.scope.first, self.wanted.last, self.wanted.forum)
                if Kind.DUTY in self.wanted.kinds and self.wanted.post in (None, one.owner)
            ),
        ]

    def _sittings(self) -> list[Entry]:
        if Kind.SITTING not in self.wanted.kinds:
            return []
        found = sittings_ahead(
            self.connection,
            self.council,
            self.calendar,
            sitting_forums(self.council, self.wanted.forum),
            self.wanted.first,
            self.wanted.last,
            scheduled_from=local(self.now).date(),
            rota=self.rota,
        )
        return [one for one in found if self.wanted.post in (None, one.owner)]

    def _placed(self, part: Part, after: Key | None, limit: int) -> list[Placed]:
        if not self._sorts or (part == "ahead" and self.scope.first > self.wanted.last):
            return []
        found = planning.ahead(self.connection, self.scope, part, self._sorts, after=after, limit=limit)
        made = entries_of(self.council, part, found)
        return [
            Placed(one.key, entry)
            for one, entry in zip(found, completed(self.connection, self.council, made), strict=True)
        ]


def _add(counts: Counts, kind: Kind, many: int) -> None:
    counts[kind] = counts.get(kind, 0) + many


def duties_ahead(council: Council, first: date, last: date, forum: str | None = None) -> list[Entry]:
    """The recurring duties that come round in a span of days.

    Args:
        council: The whole procedure.
        first: Local date.
        last: Local date, included.
        forum: Only of this forum.
    """
    wanted = [duty for duty in scheduled(council) if forum is None or duty.forum == forum]
    return [_duty(council, duty, day) for duty in wanted for day in occurrences(duty, first, last)]


def _duty(council: Council, duty: Duty, day: date) -> Entry:
    reference = "/".join(part for part in (duty.forum, duty.key) if part)
    process = watch_id("forum_duty", council.key, reference)
    return Entry(
        on=day,
        at=instant(day, AT),
        kind=Kind.DUTY,
        council=council.key,
        forum=duty.forum or "",
        reference=reference,
        process=process,
        name=day.isoformat(),
        owner=duty.owner,
        title=duty.title,
        cites=duty.cites,
        link=link_to(process),
    )


def entries_of(council: Council, part: Part, found: Iterable[Ahead]) -> list[Entry]:
    """Entries of what the register holds.

    Args:
        council: The whole procedure.
        part: Whether it is late.
        found: From the register.
    """
    titles = Titles(council)
    return [_entry(council, titles, part, one) for one in found]


def _entry(council: Council, titles: Titles, part: Part, one: Ahead) -> Entry:
    kind = Kind(sort_of(one.source, one.name))
    plain = one.source != "clock"
    title = PLAIN[kind].format(name=one.name) if plain else titles.of(one.kind, one.name)
    state: Literal["ahead", "warned", "late"] = "warned" if one.state == "warned" else "ahead"
    reminded = local(one.warns).date() if one.warns else None
    return Entry(
        on=local(one.moment).date(),
        at=None if one.whole_day else one.moment,
        kind=kind,
        council=council.key,
        forum=one.forum,
        unit=one.unit,
        reference=one.process.split("/", maxsplit=2)[-1],
        process=one.process,
        name=one.name,
        owner=one.owner,
        staff=one.staff,
        title=title,
        cites=(one.cites,) if one.cites else (),
        state="late" if part == "late" else state,
        warns=None if one.source == "review" else reminded,
        list_by=reminded if one.source == "review" and reminded != local(one.moment).date() else None,
        link=link_to(one.process),
    )


def completed(connection: sql.Connection, council: Council, entries: Sequence[Entry]) -> list[Entry]:
    """Entries with what other clocks say: of actions when people are reminded, of contracts until when they are listed.

    Args:
        connection: To the register.
        council: The whole procedure.
        entries: From `entries_of`.
    """
    actions = [one for one in entries if one.kind is Kind.ACTION]
    contracts = [one for one in entries if one.kind is Kind.CONTRACT_END]
    names = [f"{clock}:{one.name}" for one in actions for clock in ACTION_CLOCKS]
    known = planning.clocks_of(connection, [one.process for one in actions], names) if actions else []
    watched = {(one.process, one.name.partition(":")[2]): one for one in known}
    listings = listings_of_contracts(council)
    known = planning.clocks_of(connection, [one.process for one in contracts], listings) if contracts else []
    listed = {one.process: local(one.due).date() for one in known}
    return [
        one.model_copy(update={"list_by": listed.get(one.process)})
        if one.kind is Kind.CONTRACT_END
        else _reminded(one, watched.get((one.process, one.name)))
        if one.kind is Kind.ACTION
        else one
        for one in entries
    ]


def _reminded(entry: Entry, clock: planning.Watched | None) -> Entry:
    if clock is None:
        return entry
    state = "warned" if clock.state == "warned" and entry.state == "ahead" else entry.state
    warns = local(clock.warns).date() if clock.warns else None
    return entry.model_copy(update={"cites": (clock.cites,), "warns": warns, "state": state})
