"""How timely things were: every deadline that fell into a period, and how it was met.

A deadline belongs to the period in which it was due. How it stood is looked at when the period ended, or now where it
has not ended, so that a report of the past does not change. Durations and percentiles are reckoned here and not in the
database, so that every database gives the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

import sqlalchemy as sql

from models.procedure import WorkingCalendar
from register.read_models import ACTION, CLOCK, JOURNEY
from register.reading.figures import Figure, Span, mine
from rules.working_days import DAY, is_working_day, local

GRAIN = timedelta(minutes=1)
"""What is done in the minute in which it is due is in time, as for the processes themselves."""
OF_ITSELF = ("submissions",)
"""Clocks after which Waymark does something by itself: nobody can be late."""
ANSWER = "referral"
"""Clocks of this name keep what follows the colon: it is the deadline that proposed a referral."""
OPEN_ACTIONS = ("open", "not_done")
A_DAY = DAY.total_seconds()


class Spread(Figure):
    """How durations lie: how many, the median and the 90th percentile (linear, as a spreadsheet's PERCENTILE.INC)."""

    count: int
    median: float
    ninth: float


class Timeliness(Figure):
    """One deadline over a period.

    `kind` is the process that it belongs to, `name` the clock's without the part that numbers it. Of those that fell
    due: `in_time` and `late` were met, `still_late` were not, `stopped` no longer applied. `still_open` are due before
    the period ends, but not yet. `elapsed` is in days from the start to when it was met, `working` in working days,
    `beyond` in days from when it was due to when a late one was met.
    """

    kind: str
    name: str
    cites: tuple[str, ...]
    in_time: int = 0
    late: int = 0
    still_late: int = 0
    still_open: int = 0
    stopped: int = 0
    elapsed: Spread | None = None
    working: Spread | None = None
    beyond: Spread | None = None

    @property
    def fell_due(self) -> int:
        """Those that had to be met by now."""
        return self.in_time + self.late + self.still_late

    @property
    def share(self) -> float | None:
        """The share of those that had to be met by now which was met in time, from 0 to 1."""
        return self.in_time / self.fell_due if self.fell_due else None


class OverdueAction(Figure):
    """An action of a decision that was open and past its day when the period ended."""

    referral_ref: str
    reference: str
    forum: str
    owner: str
    due: date
    days: int


def percentile(ordered: Sequence[float], share: float) -> float:
    """A percentile, linear between the two nearest values; the median is that of 0.5.

    Args:
        ordered: Values in ascending order, at least one.
        share: From 0 to 1.
    """
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def spread(values: Sequence[float]) -> Spread | None:
    """How values lie; nothing of nothing.

    Args:
        values: In any order.
    """
    if not values:
        return None
    ordered = sorted(values)
    return Spread(count=len(ordered), median=percentile(ordered, 0.5), ninth=percentile(ordered, 0.9))


def deadline_of(clock: str) -> str:
    """A clock's name without the part that tells several of the same deadline apart: `action:A1` is an `action`.

    Args:
        clock: Its name.
    """
    name, _, rest = clock.partition(":")
    return clock if name == ANSWER and rest else name


def timeliness(connection: sql.Connection, span: Span, calendar: WorkingCalendar) -> list[Timeliness]:
    """Every deadline that fell into a period, by kind of process and name.

    Args:
        connection: To the register.
        span: Council and period.
        calendar: The council's days off, from the first year on in which a clock may have started.
    """
    columns = (CLOCK.c.kind, CLOCK.c.name, CLOCK.c.cites, CLOCK.c.started, CLOCK.c.due, CLOCK.c.state)
    query = (
        sql.select(*columns, CLOCK.c.ended_at)
        .where(CLOCK.c.council == span.council, CLOCK.c.due >= span.begins, CLOCK.c.due < span.ends)
        .where(CLOCK.c.started < span.as_of, CLOCK.c.name.not_in(OF_ITSELF))
        .execution_options(yield_per=5000)
    )
    groups: dict[tuple[str, str], _Gathered] = {}
    days = WorkingDays(calendar)
    for kind, name, cites, started, due, state, ended in connection.execute(query):
        group = groups.setdefault((kind, deadline_of(name)), _Gathered())
        group.add(cites, started, due, state, ended, span.as_of, days)
    return [group.figures(kind, name) for (kind, name), group in sorted(groups.items())]


def overdue_actions(connection: sql.Connection, span: Span) -> list[OverdueAction]:
    """Actions that were open and past their day when the period ended, the longest overdue first.

    Args:
        connection: To the register.
        span: Council and period.
    """
    query = (
        sql.select(ACTION, JOURNEY.c.referral_ref)
        .join(JOURNEY, JOURNEY.c.process_id == ACTION.c.process_id)
        .where(
            mine(ACTION, span),
            ACTION.c.due < span.day,
            ACTION.c.opened_at < span.as_of,
            sql.or_(
                sql.and_(ACTION.c.ended_at.is_(None), ACTION.c.state.in_(OPEN_ACTIONS)),
                ACTION.c.ended_at > span.as_of,
            ),
        )
        .order_by(ACTION.c.due, ACTION.c.process_id, ACTION.c.reference)
    )
    return [
        OverdueAction(
            referral_ref=row.referral_ref,
            reference=row.reference,
            forum=row.forum,
            owner=row.owner_post or row.owner_staff or "",
            due=row.due,
            days=(span.day - row.due).days,
        )
        for row in connection.execute(query)
    ]


class WorkingDays:
    """Counts working days between two days at once, however far apart they lie.

    Args:
        calendar: Days off.
    """

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar = calendar
        self._first: date | None = None
        self._until: list[int] = []

    def between(self, first: date, last: date) -> int:
        """The working days after a day, up to and with another; none where that lies before it.

        Args:
            first: Local date; not counted.
            last: Local date.
        """
        if last <= first:
            return 0
        if self._first is None or first < self._first or (last - self._first).days >= len(self._until):
            self._reach(first, last)
        assert self._first is not None  # noqa: S101 - just reached
        return self._until[(last - self._first).days] - self._until[(first - self._first).days]

    def _reach(self, first: date, last: date) -> None:
        begin = first if self._first is None else min(first, self._first)
        end = last if self._first is None else max(last, self._first + DAY * (len(self._until) - 1))
        # A year more on each side: durations of one report lie near each other.
        begin, end = begin - DAY * 366, end + DAY * 366
        days = (begin + DAY * number for number in range((end - begin).days + 1))
        self._first, self._until = begin, list(accumulate(int(is_working_day(day, self._calendar)) for day in days))


class _Gathered:
    def __init__(self) -> None:
        self.cites: dict[str, None] = {}
        self.counts: dict[str, int] = {}
        self.elapsed: list[float] = []
        self.working: list[float] = []
        self.beyond: list[float] = []

    def add(  # noqa: PLR0913 - the columns of a clock
        self,
        cites: str,
        started: datetime,
        due: datetime,
        state: str,
        ended: datetime | None,
        as_of: datetime,
        days: WorkingDays,
    ) -> None:
        self.cites[cites] = None
        how = _how(state, due, ended, as_of)
        self.counts[how] = self.counts.get(how, 0) + 1
        if how not in ("in_time", "late") or ended is None:
            return
        self.elapsed.append(max((ended - started).total_seconds(), 0) / A_DAY)
        self.working.append(days.between(local(started).date(), local(ended).date()))
        if how == "late":
            self.beyond.append((ended - due).total_seconds() / A_DAY)

    def figures(self, kind: str, name: str) -> Timeliness:
        return Timeliness(
            kind=kind,
            name=name,
            cites=tuple(sorted(self.cites)),
            **self.counts,
            elapsed=spread(self.elapsed),
            working=spread(self.working),
            beyond=spread(self.beyond),
        )


def _how(state: str, due: datetime, ended: datetime | None, as_of: datetime) -> str:
    if ended is None or ended > as_of:
        return "still_late" if due + GRAIN <= as_of else "still_open"
    if state == "stopped":
        return "stopped"
    return "late" if ended >= due + GRAIN else "in_time"


def drift(now: Timeliness, before: Mapping[tuple[str, str], Timeliness]) -> float | None:
    """By how much the share in time has changed since the period before, from -1 to 1.

    Args:
        now: This period's.
        before: Those of the period before, by kind and name.
    """
    then = before.get((now.kind, now.name))
    if then is None or then.share is None or now.share is None:
        return None
    return now.share - then.share


def by_key(found: Sequence[Timeliness]) -> dict[tuple[str, str], Timeliness]:
    """Timeliness by kind and name.

    Args:
        found: One a deadline.
    """
    return {(one.kind, one.name): one for one in found}
