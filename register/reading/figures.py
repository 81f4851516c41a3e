"""Figures of a period for reports: what was referred, heard, decided, deferred and left open in one council.

Everything is counted as it stood when the period ended, or now where it has not ended: what was done since does not
change a report of the past. Days are local (Europe/London), instants UTC.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.vocabulary import CaseState, Outcome, SittingStage
from register.read_models import AGENDA_LINE, CLOCK, DECISION, FOLDED, JOURNEY, PROCESS, SITTING
from register.tables import EVENT
from rules.working_days import DAY, instant, local

HEARD = (CaseState.HEARD, CaseState.DECIDED, CaseState.APPROVED)
EMERGENCY_EVENTS = ("authorise_emergency", "legal_planning_meeting_agreed", "became_emergency")
"""What makes a journey an emergency: the first of them is when it became one."""
CHUNK = 500
"""Process ids in one query: SQLite takes 32,000 parameters, and older ones 999."""


class Figure(BaseModel):
    """A frozen figure."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Figure):
    """Which council, from which day to which, both included; and the instant at which it is looked at (UTC)."""

    council: str
    first: date
    last: date
    at: datetime

    @property
    def begins(self) -> datetime:
        """The first instant of the period."""
        return instant(self.first, time())

    @property
    def ends(self) -> datetime:
        """The first instant after the period."""
        return instant(self.last + DAY, time())

    @property
    def as_of(self) -> datetime:
        """When things are counted as they stood: at the end of the period, or now while it runs."""
        return min(self.at, self.ends)

    @property
    def day(self) -> date:
        """The day of `as_of`: the last of the period, or today."""
        return min(local(self.at).date(), self.last)


class Tally(Figure):
    """How many, under two keys; the second may be empty."""

    key: str
    by: str = ""
    count: int


class ForumActivity(Figure):
    """What one forum did in the period.

    `held`, `postponed` and `cancelled` count sittings; the others cases. `open_at_end` are its journeys that were open
    when the period ended.
    """

    forum: str
    referred: int = 0
    held: int = 0
    postponed: int = 0
    cancelled: int = 0
    heard: int = 0
    carried_over: int = 0
    late: int = 0
    missed_cut_off: int = 0
    returned: int = 0
    deferred: int = 0
    emergencies: int = 0
    escalated: int = 0
    open_at_end: int = 0

    @property
    def a_sitting(self) -> float | None:
        """Cases heard a sitting that was held; nothing when none was."""
        return self.heard / self.held if self.held else None


def position(connection: sql.Connection) -> int:
    """The position of the log up to which the read models have come: 0 when nothing was folded.

    Args:
        connection: To the register.
    """
    return connection.scalar(sql.select(FOLDED.c.position)) or 0


def activity(connection: sql.Connection, span: Span) -> list[ForumActivity]:
    """What each forum did; forums in which nothing happened are left out.

    Args:
        connection: To the register.
        span: Council and period.
    """
    found: dict[str, dict[str, int]] = {}
    for name, tallies in (
        ("referred", by_forum(referrals(connection, span))),
        *_meetings(connection, span),
        *_agendas(connection, span),
        ("missed_cut_off", events(connection, span, ("cut_off_missed",))),
        ("returned", events(connection, span, ("return_for_changes",))),
        ("escalated", events(connection, span, ("escalate",))),
        ("deferred", by_forum(t for t in decisions(connection, span) if t.by == Outcome.DEFERRED)),
        ("emergencies", by_forum(emergencies(connection, span))),
        ("open_at_end", _open_at_end(connection, span)),
    ):
        for forum, count in tallies.items():
            found.setdefault(forum, {})[name] = count
    return [ForumActivity(forum=forum, **found[forum]) for forum in sorted(found) if any(found[forum].values())]


def by_forum(tallies: Iterable[Tally]) -> Counter[str]:
    """Tallies summed under their first key.

    Args:
        tallies: Any.
    """
    counts: Counter[str] = Counter()
    for tally in tallies:
        counts[tally.key] += tally.count
    return counts


def referrals(connection: sql.Connection, span: Span) -> list[Tally]:
    """Referrals by forum and kind of request.

    Args:
        connection: To the register.
        span: Council and period.
    """
    columns = (JOURNEY.c.forum, JOURNEY.c.request_kind)
    return _tallies(connection, columns, mine(JOURNEY, span), *within(JOURNEY.c.referred_at, span))


def decisions(connection: sql.Connection, span: Span, *, recommends: bool = False) -> list[Tally]:
    """Decisions by forum and outcome.

    Args:
        connection: To the register.
        span: Council and period.
        recommends: Those that only recommend, instead of those that decide.
    """
    columns = (DECISION.c.forum, DECISION.c.outcome)
    kept = DECISION.c.recommends == sql.literal(recommends)
    return _tallies(connection, columns, mine(DECISION, span), kept, *within(DECISION.c.at, span))


def deferrals(connection: sql.Connection, span: Span) -> list[Tally]:
    """Deferrals by forum, and by whether the panel named information that was missing: `missing_information`, `other`.

    Args:
        connection: To the register.
        span: Council and period.
    """
    query = (
        sql.select(DECISION.c.forum, DECISION.c.number, PROCESS.c.standing)
        .join(PROCESS, PROCESS.c.process_id == DECISION.c.process_id)
        .where(mine(DECISION, span), DECISION.c.outcome == Outcome.DEFERRED, *within(DECISION.c.at, span))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for forum, number, standing in connection.execute(query):
        decided = standing.get("decisions", {}).get(str(number), {}).get("decided", {})
        counts[forum, "missing_information" if decided.get("missing") else "other"] += 1
    return [Tally(key=forum, by=why, count=count) for (forum, why), count in sorted(counts.items())]


def emergencies(connection: sql.Connection, span: Span) -> list[Tally]:
    """Cases that became emergencies in the period, by forum and by what became of them until it ended.

    `ratified`, `not_ratified`, `decided` (otherwise than by ratifying), `closed` (without a decision) or `waiting`.

    Args:
        connection: To the register.
        span: Council and period.
    """
    became = sql.func.min(EVENT.c.at).label("became")
    query = (
        sql.select(EVENT.c.process_id, PROCESS.c.forum, PROCESS.c.closed_at, became)
        .join(PROCESS, PROCESS.c.process_id == EVENT.c.process_id)
        .where(EVENT.c.what.in_(EMERGENCY_EVENTS), EVENT.c.accepted, mine(PROCESS, span), EVENT.c.at < span.as_of)
        .group_by(EVENT.c.process_id, PROCESS.c.forum, PROCESS.c.closed_at)
        .having(became >= span.begins)
    )
    cases = connection.execute(query).all()
    outcomes = _outcomes(connection, [case.process_id for case in cases], span.as_of)
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases:
        taken = [outcome for at, outcome in outcomes.get(case.process_id, ()) if at >= case.became]
        counts[case.forum, _became_of(taken, case.closed_at, span)] += 1
    return [Tally(key=forum, by=what, count=count) for (forum, what), count in sorted(counts.items())]


def _became_of(outcomes: Sequence[str], closed_at: datetime | None, span: Span) -> str:
    for outcome in reversed(outcomes):
        if outcome in (Outcome.RATIFIED, Outcome.NOT_RATIFIED):
            return outcome
    if any(outcome != Outcome.DEFERRED for outcome in outcomes):
        return "decided"
    return "closed" if closed_at is not None and closed_at <= span.as_of else "waiting"


def _outcomes(
    connection: sql.Connection, processes: Sequence[str], until: datetime
) -> dict[str, list[tuple[datetime, str]]]:
    found: dict[str, list[tuple[datetime, str]]] = {}
    for start in range(0, len(processes), CHUNK):
        query = (
            sql.select(DECISION.c.process_id, DECISION.c.at, DECISION.c.outcome)
            .where(DECISION.c.process_id.in_(processes[start : start + CHUNK]), DECISION.c.at < until)
            .order_by(DECISION.c.process_id, DECISION.c.number)
        )
        for process, at, outcome in connection.execute(query):
            found.setdefault(process, []).append((at, outcome))
    return found


def events(connection: sql.Connection, span: Span, what: Sequence[str]) -> dict[str, int]:
    """How often something happened to processes of each forum, refusals left out.

    Args:
        connection: To the register.
        span: Council and period.
        what: Acts or events.
    """
    query = (
        sql.select(PROCESS.c.forum, sql.func.count())
        .select_from(sql.join(EVENT, PROCESS, PROCESS.c.process_id == EVENT.c.process_id))
        .where(EVENT.c.what.in_(what), EVENT.c.accepted, mine(PROCESS, span), *within(EVENT.c.at, span))
        .group_by(PROCESS.c.forum)
    )
    return {forum: count for forum, count in connection.execute(query)}  # noqa: C416 - rows are no pairs to mypy


def breaches(connection: sql.Connection, span: Span) -> list[Tally]:
    """Deadlines that were missed in the period, by kind of process.

    Args:
        connection: To the register.
        span: Council and period.
    """
    return _tallies(connection, (CLOCK.c.kind,), mine(CLOCK, span), *within(CLOCK.c.breached_at, span))


def by_month(connection: sql.Connection, span: Span) -> list[tuple[date, dict[str, int]]]:
    """Cases referred, heard and decided in each month of the period, each by the first day of its month.

    Args:
        connection: To the register.
        span: Council and period.
    """
    months: dict[date, dict[str, int]] = {}
    day = span.first.replace(day=1)
    while day <= span.last:
        months[day] = {"referred": 0, "heard": 0, "decided": 0}
        day = (day + 32 * DAY).replace(day=1)
    heard = (
        sql.select(SITTING.c.on)
        .join(AGENDA_LINE, AGENDA_LINE.c.process_id == SITTING.c.process_id)
        .where(mine(SITTING, span), AGENDA_LINE.c.state.in_(HEARD), SITTING.c.on.between(span.first, span.day))
    )
    days = {
        "referred": _days(connection, JOURNEY.c.referred_at, mine(JOURNEY, span), span),
        "decided": _days(
            connection, DECISION.c.at, sql.and_(mine(DECISION, span), DECISION.c.recommends == sql.false()), span
        ),
        "heard": connection.scalars(heard).all(),
    }
    for name, found in days.items():
        for one in found:
            months[one.replace(day=1)][name] += 1
    return sorted(months.items())


def _days(
    connection: sql.Connection, column: sql.Column[Any], where: sql.ColumnElement[bool], span: Span
) -> list[date]:
    found = connection.scalars(sql.select(column).where(where, *within(column, span)))
    return [local(at).date() for at in found]


def _meetings(connection: sql.Connection, span: Span) -> list[tuple[str, dict[str, int]]]:
    """A sitting that nobody was on is closed too: only one that was opened was held."""
    opened = SITTING.c.process_id.in_(
        sql.select(EVENT.c.process_id).where(
            EVENT.c.what == "open_sitting", EVENT.c.accepted, *within(EVENT.c.at, span)
        )
    )
    on = SITTING.c.on.between(span.first, span.day)
    found = []
    for name, kept in (
        ("held", sql.and_(SITTING.c.stage.in_((SittingStage.IN_SESSION, SittingStage.CLOSED)), opened)),
        ("postponed", SITTING.c.stage == SittingStage.POSTPONED),
        ("cancelled", SITTING.c.stage == SittingStage.CANCELLED),
    ):
        tallies = _tallies(connection, (SITTING.c.forum,), mine(SITTING, span), on, kept)
        found.append((name, dict(by_forum(tallies))))
    return found


def _agendas(connection: sql.Connection, span: Span) -> list[tuple[str, dict[str, int]]]:
    def counted(condition: sql.ColumnElement[bool], label: str) -> sql.Label[int]:
        return sql.func.coalesce(sql.func.sum(sql.case((condition, 1), else_=0)), 0).label(label)

    query = (
        sql.select(
            SITTING.c.forum,
            counted(AGENDA_LINE.c.state.in_(HEARD), "heard"),
            counted(AGENDA_LINE.c.state == CaseState.CARRIED_OVER, "carried_over"),
            counted(sql.and_(AGENDA_LINE.c.late, AGENDA_LINE.c.state != CaseState.RELEASED), "late"),
        )
        .join(AGENDA_LINE, AGENDA_LINE.c.process_id == SITTING.c.process_id)
        .where(mine(SITTING, span), SITTING.c.on.between(span.first, span.day))
        .group_by(SITTING.c.forum)
    )
    rows = connection.execute(query).mappings().all()
    return [(name, {row["forum"]: row[name] for row in rows}) for name in ("heard", "carried_over", "late")]


def _open_at_end(connection: sql.Connection, span: Span) -> dict[str, int]:
    where = (
        mine(PROCESS, span),
        PROCESS.c.kind == "journey",
        PROCESS.c.opened_at < span.as_of,
        sql.or_(PROCESS.c.closed_at.is_(None), PROCESS.c.closed_at > span.as_of),
    )
    return dict(by_forum(_tallies(connection, (PROCESS.c.forum,), *where)))


def _tallies(
    connection: sql.Connection, columns: Sequence[sql.Column[Any]], *where: sql.ColumnElement[bool]
) -> list[Tally]:
    query = sql.select(*columns, sql.func.count()).where(*where).group_by(*columns).order_by(*columns)
    rows = [tuple(row) for row in connection.execute(query)]
    return [Tally(key=row[0], by=row[1] if len(columns) > 1 else "", count=row[-1]) for row in rows]


def mine(table: sql.Table, span: Span) -> sql.ColumnElement[bool]:
    """Whether a row is of the council that is asked about.

    Args:
        table: With a column `council`.
        span: Council and period.
    """
    return table.c.council == span.council


def within(column: sql.Column[Any], span: Span) -> tuple[sql.ColumnElement[bool], ...]:
    """Whether an instant lies in the period, as far as it has come.

    Args:
        column: Of instants.
        span: Council and period.
    """
    return (column >= span.begins, column < span.as_of)
