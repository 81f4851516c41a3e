"""How what lies ahead is asked of the database: a query for each index that it goes by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Literal

import sqlalchemy as sql

from models.vocabulary import ActionState, ClockState
from register.read_models import ACTION, CLOCK, JOURNEY, PLACEMENT, PROCESS
from rules.working_days import DAY, instant, local

Source = Literal["action", "review", "contract", "clock"]
Part = Literal["late", "ahead"]
SOURCES: tuple[Source, ...] = ("action", "review", "contract", "clock")
"""In the order in which what falls on the same moment is shown."""
Key = tuple[datetime, int, str, str]
"""Where something stands in the order of a page: moment, number of its source, process, name."""
REVIEW = "review"
"""The clock of a journey's own review; the review itself is on a day of its own."""
OF_ACTIONS = ("action:%", "alternative_plan:%")
"""Clocks of actions, by their names: the actions themselves are shown."""
OF_THE_ENGINE = ("sitting_opening", "sitting_end", "placement_start")
"""Clocks that nobody plans by: they are shown when they are late."""
ENDS = "approval_end"
CLOCKS = frozenset({"review", "renewal", "deadline"})
"""The sorts that clocks are told by."""
MIDNIGHT = time(0)


@dataclass(frozen=True)
class Scope:
    """What somebody asks for, of one council.

    Attributes:
        council: Its key.
        now: UTC: what was due before is late.
        first: First local day of what lies ahead; today, or later.
        last: Last local day, included; `None`: all that is known.
        forums: Only of these forums; `None`: of any, and what belongs to none.
        unit: Only of this unit.
        team: Only of this team.
        post: Only what this post owns.
        named: Only what names this person, beside what their post owns in their unit.
        ends: Clocks of placements that watch the end of a contract: shown as that.
    """

    council: str
    now: datetime
    first: date
    last: date | None = None
    forums: tuple[str, ...] | None = None
    unit: str | None = None
    team: str | None = None
    post: str | None = None
    named: str | None = None
    ends: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The local date of now."""
        return local(self.now).date()


@dataclass(frozen=True)
class Query:
    """One way into the register by an index: what it selects, and by what it is ordered."""

    source: Source
    select: sql.Select[tuple[object, ...]]
    due: sql.ColumnElement[datetime] | sql.ColumnElement[date]
    ties: tuple[sql.ColumnElement[str], ...]
    sort: sql.ColumnElement[str]
    instants: bool

    def beyond(self, after: Key) -> sql.ColumnElement[bool]:
        """What stands behind a key in the order of a page."""
        moment, rank, process, name = after
        own = SOURCES.index(self.source)
        at: datetime | date = moment if self.instants else local(moment).date()
        # On the first instant of a day stands what is due on that day; later on the day, nothing of it is left.
        same = self.instants or instant(local(moment).date(), MIDNIGHT) == moment
        if not same or own < rank:
            return self.due > at
        if own > rank:
            return self.due >= at
        if len(self.ties) == 1:
            return sql.or_(self.due > at, sql.and_(self.due == at, self.ties[0] > process))
        tied = sql.or_(self.ties[0] > process, sql.and_(self.ties[0] == process, self.ties[1] > name))
        return sql.or_(self.due > at, sql.and_(self.due == at, tied))

    def week(self, weeks: Sequence[date]) -> sql.ColumnElement[int]:
        """The number of the week that it falls into."""
        ends: list[datetime] | list[date] = (
            [instant(monday, MIDNIGHT) for monday in weeks[1:]] if self.instants else list(weeks[1:])
        )
        cases = [(self.due < end, sql.literal(number)) for number, end in enumerate(ends)]
        last = sql.literal(len(weeks) - 1)
        return sql.case(*cases, else_=last) if cases else last


@lru_cache(maxsize=32)
def queries(scope: Scope, part: Part, sorts: tuple[str, ...], *, by_code_point: bool) -> list[Query]:
    """The queries that together give what somebody asks for, kept for as long as one page is made of them.

    Args:
        scope: What is asked for.
        part: What lies ahead, or what is late.
        sorts: Which sorts.
        by_code_point: Whether text has to be told to sort by code points: PostgreSQL else sorts as its locale does, and
            the pages of several queries would not fit together.
    """
    found = []
    if "action" in sorts:
        found.append(_actions(scope, part))
    if "review" in sorts and part == "ahead":
        found.append(_reviews(scope))
    if "contract_end" in sorts:
        found.append(_contracts(scope, part))
    if CLOCKS & set(sorts):
        found.append(_clocks(scope, part, sorts))
    if by_code_point:
        return [replace(one, ties=tuple(tie.collate("C") for tie in one.ties)) for one in found]
    return found


def _days(scope: Scope, part: Part, column: sql.Column[date]) -> list[sql.ColumnElement[bool]]:
    if part == "late":
        return [column < scope.today]
    return [column >= scope.first, *([] if scope.last is None else [column <= scope.last])]


def _instants(scope: Scope, part: Part, column: sql.Column[datetime]) -> list[sql.ColumnElement[bool]]:
    if part == "late":
        return [column < scope.now]
    found: list[sql.ColumnElement[bool]] = [column >= max(scope.now, instant(scope.first, MIDNIGHT))]
    return found if scope.last is None else [*found, column < instant(scope.last + DAY, MIDNIGHT)]


def _narrowed(
    scope: Scope, process: sql.Column[str], unit: sql.Column[str], forum: sql.Column[str] | None
) -> list[sql.ColumnElement[bool]]:
    found: list[sql.ColumnElement[bool]] = []
    if scope.unit is not None:
        own = scope.unit.strip().casefold()
        # What belongs to no unit is everybody's of the post, where a post is asked for.
        found.append(unit == own if scope.post is None else unit.in_((own, "")))
    if scope.forums is not None and forum is not None:
        found.append(forum.in_(scope.forums))
    if scope.team is not None:
        open_ones = (PROCESS.c.council == scope.council, PROCESS.c.team == scope.team, PROCESS.c.open.is_(sql.true()))
        teams = sql.select(PROCESS.c.process_id).where(*open_ones)
        found.append(process.in_(teams))
    return found


def _actions(scope: Scope, part: Part) -> Query:
    a = ACTION.c
    # An action of a journey that was closed may still be called open: it has ended all the same.
    wanted = [a.council == scope.council, a.ended_at.is_(None), *_days(scope, part, a.due)]
    wanted.append(a.state == str(ActionState.OPEN))
    narrowed = _narrowed(scope, a.process_id, a.unit, a.forum)
    if scope.post is not None:
        of_post = sql.and_(a.owner_post == scope.post, *narrowed)
        own = sql.and_(of_post, a.owner_staff.is_(None)) if scope.named else of_post
        narrowed = [sql.or_(own, a.owner_staff == scope.named)] if scope.named else [own]
    chosen = sql.select(
        a.process_id.label("process"),
        sql.literal("journey").label("kind"),
        a.reference.label("name"),
        a.due.label("moment"),
        a.forum,
        a.unit,
        a.owner_post.label("owner"),
        a.owner_staff.label("staff"),
        a.state,
    ).where(*wanted, *narrowed)
    return Query("action", chosen, a.due, (a.process_id, a.reference), sql.literal("action"), instants=False)


def _reviews(scope: Scope) -> Query:
    """Reviews of journeys that are still to be listed: on their own day, not on that of their clock."""
    j, c = JOURNEY.c, CLOCK.c
    ticking = sql.and_(c.ended_at.is_(None), c.state != str(ClockState.BREACHED))
    chosen = (
        sql.select(
            j.process_id.label("process"),
            sql.literal("journey").label("kind"),
            c.name,
            j.review_on.label("moment"),
            j.forum,
            c.unit,
            c.owner,
            c.cites,
            c.state,
            c.due.label("warns"),
        )
        .join_from(JOURNEY, CLOCK, sql.and_(c.process_id == j.process_id, c.name == REVIEW, ticking))
        .where(j.council == scope.council, *_days(scope, "ahead", j.review_on))
        .where(*_narrowed(scope, j.process_id, c.unit, j.forum))
    )
    if scope.post is not None:
        chosen = chosen.where(c.owner == scope.post)
    return Query("review", chosen, j.review_on, (j.process_id, c.name), sql.literal("review"), instants=False)


def _contracts(scope: Scope, part: Part) -> Query:
    p, c = PLACEMENT.c, CLOCK.c
    watched = sql.and_(c.process_id == p.process_id, c.name.in_(scope.ends), c.ended_at.is_(None))
    chosen = (
        sql.select(
            p.process_id.label("process"),
            sql.literal("placement").label("kind"),
            sql.literal("contract").label("name"),
            p.contract_ends_on.label("moment"),
            p.unit,
            c.owner,
            sql.func.coalesce(c.cites, "").label("cites"),
            sql.func.coalesce(c.state, "").label("state"),
            c.warns,
        )
        .join_from(PLACEMENT, CLOCK, watched, isouter=True)
        .where(p.council == scope.council, p.ended_on.is_(None), *_days(scope, part, p.contract_ends_on))
        .where(*_narrowed(scope, p.process_id, p.unit, None))
    )
    if scope.post is not None:
        chosen = chosen.where(c.owner == scope.post)
    return Query("contract", chosen, p.contract_ends_on, (p.process_id,), sql.literal("contract_end"), instants=False)


def _sort(name: sql.Column[str]) -> sql.ColumnElement[str]:
    """`sort_of` of a clock, by the database."""
    return sql.case(
        (name.contains(REVIEW), "review"),
        (sql.or_(name.contains("renewal"), name == ENDS), "renewal"),
        else_="deadline",
    )


def _clocks(scope: Scope, part: Part, sorts: Collection[str]) -> Query:
    c = CLOCK.c
    wanted = [c.council == scope.council, c.ended_at.is_(None), *_instants(scope, part, c.due)]
    wanted += [c.name.not_like(pattern) for pattern in OF_ACTIONS]
    if scope.ends:
        wanted.append(c.name.not_in(scope.ends))
    if part == "ahead":
        wanted.append(c.name.not_in(OF_THE_ENGINE))
        wanted.append(sql.or_(c.name != REVIEW, c.kind != "journey"))
    sort = _sort(c.name)
    if not set(sorts) >= CLOCKS:
        wanted.append(sort.in_(sorted(sorts)))
    if scope.post is not None:
        wanted.append(c.owner == scope.post)
    chosen = sql.select(
        c.process_id.label("process"),
        c.kind,
        c.name,
        c.due.label("moment"),
        c.forum,
        c.unit,
        c.owner,
        c.cites,
        c.state,
        c.warns,
    ).where(*wanted, *_narrowed(scope, c.process_id, c.unit, c.forum))
    return Query("clock", chosen, c.due, (c.process_id, c.name), sort, instants=True)
