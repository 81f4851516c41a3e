"""What the sections of a worklist ask the read models."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Literal, NamedTuple

import sqlalchemy as sql

from models.vocabulary import ActionState, CaseState, SittingStage, Stage
from register.read_models import ACTION, AGENDA_LINE, CLOCK, JOURNEY, PROCESS, SITTING
from register.reading.desks import Desk, Found, is_mine, of_units, unit_key
from register.reading.other_eyes import instead, seen, touched_by
from rules.authority import same_unit
from rules.desks import Reach

TICKING = ("running", "warned", "breached")
TO_DO = (ActionState.OPEN, ActionState.NOT_DONE)
TO_LIST = (Stage.AWAITING_LISTING, Stage.RESERVED, Stage.AT_PANEL)
TO_MEET = (SittingStage.PLANNED, SittingStage.CLOSED_FOR_SUBMISSIONS, SittingStage.IN_SESSION)
PROPOSAL = "referral:"
NOT_WATCHES = ("journey", "sitting")
MANY = 500
"""Processes that are looked through where the answer stands in each: who was told, or whose eyes it needs."""


class Wanted(NamedTuple):
    """Who asks, and for how much."""

    connection: sql.Connection
    desk: Desk
    page: int


Answer = tuple[list[Found], int]
_PROCESS = (
    PROCESS.c.process_id,
    PROCESS.c.reference,
    PROCESS.c.kind,
    PROCESS.c.forum,
    PROCESS.c.child_ref,
    PROCESS.c.unit,
    PROCESS.c.stage,
    PROCESS.c.stage_since,
    PROCESS.c.next_deadline,
    PROCESS.c.overdue,
    PROCESS.c.escalated,
    PROCESS.c.priority,
)


def _answer(wanted: Wanted, query: sql.Select[Any], *order: sql.ColumnElement[Any]) -> tuple[Sequence[Any], int]:
    rows = wanted.connection.execute(query.order_by(*order).limit(wanted.page + 1)).all()
    if len(rows) <= wanted.page:
        return rows, len(rows)
    total = wanted.connection.scalar(sql.select(sql.func.count()).select_from(query.order_by(None).subquery()))
    return rows[: wanted.page], total or 0


def _found(row: Any, **more: Any) -> Found:  # noqa: ANN401 - a row, and fields of `Found`
    return Found(*row[: len(_PROCESS)])._replace(**more)


def _waiting(desk: Desk, post: str) -> tuple[sql.ColumnElement[bool], ...]:
    return PROCESS.c.council == desk.council, PROCESS.c.waiting_on == post, PROCESS.c.open.is_(sql.true())


def to_sign(wanted: Wanted, stage: Stage) -> Answer:
    """Cases that wait for a signature or a decision that is the desk's to give, the longest waiting first.

    Args:
        wanted: Who asks.
        stage: In which stage.
    """
    desk = wanted.desk
    there = sorted((one for one in desk.reach if one.stage is stage), key=_alike)
    found: list[Found] = []
    total = 0
    for (post, unit, units), alike in groupby(there, _alike):
        some = list(alike)
        if units and desk.unit is not None and not any(same_unit(desk.unit, one) for one in units):
            continue
        query = sql.select(*_PROCESS).where(
            *_waiting(desk, post),
            PROCESS.c.stage == stage,
            PROCESS.c.forum.in_([one.forum for one in some]),
            sql.true() if units and unit == "any" else of_units(desk, PROCESS.c.unit, unit),
            is_mine(desk, PROCESS.c.process_id),
        )
        rows, count = _answer(wanted, query, PROCESS.c.stage_since, PROCESS.c.process_id)
        guarded = [one.forum for one in some if one.four_eyes]
        everywhere = bool(units) and unit == "any"
        others = [] if everywhere else _of_other_units(wanted, stage, post, unit, guarded)
        found += [*seen(wanted.connection, desk, stage, [_found(row) for row in rows]), *others]
        total += count + len(others)
    return found, total


def _of_other_units(
    wanted: Wanted, stage: Stage, post: str, unit: Literal["any", "same", "own"], forums: Sequence[str]
) -> list[Found]:
    """Cases of units whose holders of the post all had a hand in them: else nobody would see that they stand still."""
    desk = wanted.desk
    own = None if desk.unit is None else unit_key(desk.unit)
    # Whoever's unit is not known sees every unit's, unless the procedure binds an act to its own.
    held = {key: staff for key, staff in desk.held.items() if key != own}
    if not (desk.adopts and held and forums) or (own is None and unit != "own"):
        return []
    query = (
        sql.select(*_PROCESS)
        .where(
            *_waiting(desk, post),
            PROCESS.c.stage == stage,
            PROCESS.c.forum.in_(forums),
            PROCESS.c.unit.in_(held),
            touched_by(one for staff in held.values() for one in staff),
            is_mine(desk, PROCESS.c.process_id),
        )
        .order_by(PROCESS.c.stage_since, PROCESS.c.process_id)
        .limit(MANY)
    )
    found = [_found(row) for row in wanted.connection.execute(query)]
    return instead(wanted.connection, desk, stage, found, bound=unit != "any")


def _alike(one: Reach) -> tuple[str, Literal["any", "same", "own"], tuple[str, ...]]:
    return one.waiting_on, one.unit, one.units


def returned(wanted: Wanted) -> Answer:
    """Referrals that came back to whoever referred.

    Args:
        wanted: Who asks.
    """
    query = _referred(wanted.desk).where(PROCESS.c.stage.in_((Stage.RETURNED, Stage.DEFERRED)))
    rows, total = _answer(wanted, query, PROCESS.c.stage_since)
    return [_found(row, what=row.stage) for row in rows], total


def reviews(wanted: Wanted, until: date) -> Answer:
    """Cases under review whose referrer has the review to prepare.

    Args:
        wanted: Who asks.
        until: Reviews up to this local day.
    """
    query = _referred(wanted.desk).where(PROCESS.c.stage == Stage.UNDER_REVIEW, JOURNEY.c.review_on <= until)
    rows, total = _answer(wanted, query, JOURNEY.c.review_on)
    return [_found(row, what="review", on=row.review_on) for row in rows], total


def _referred(desk: Desk) -> sql.Select[Any]:
    return (
        sql.select(*_PROCESS, JOURNEY.c.review_on)
        .join(JOURNEY, JOURNEY.c.process_id == PROCESS.c.process_id)
        .where(
            JOURNEY.c.referred_by.in_(desk.staff),
            PROCESS.c.open.is_(sql.true()),
            is_mine(desk, PROCESS.c.process_id),
        )
    )


def actions(wanted: Wanted) -> Answer:
    """Open actions: those that name the person, and those of the post in its unit that are no colleague's case.

    Args:
        wanted: Who asks.
    """
    desk = wanted.desk
    named = ACTION.c.owner_staff.in_(desk.staff)
    of_post = sql.and_(
        ACTION.c.council == desk.council,
        ACTION.c.owner_post == desk.post,
        ACTION.c.owner_staff.is_(None),
        of_units(desk, ACTION.c.unit),
        JOURNEY.c.referred_by.not_in(desk.colleagues) if desk.colleagues else sql.true(),
    )
    found: list[Found] = []
    total = 0
    for whose in (named, of_post):
        rows, count = _answer(wanted, _actions(desk).where(whose), ACTION.c.due, ACTION.c.process_id)
        found += [_action(row) for row in rows]
        total += count
    return found, total


def _actions(desk: Desk) -> sql.Select[Any]:
    return (
        sql.select(*_PROCESS, ACTION.c.reference.label("action"), ACTION.c.due, ACTION.c.opened_at)
        .join(ACTION, ACTION.c.process_id == PROCESS.c.process_id)
        .join(JOURNEY, JOURNEY.c.process_id == PROCESS.c.process_id)
        .where(ACTION.c.state.in_(TO_DO), ACTION.c.ended_at.is_(None), is_mine(desk, ACTION.c.process_id))
    )


def _action(row: Any) -> Found:  # noqa: ANN401 - a row
    return _found(row, what=row.action, on=row.due, since=row.opened_at, due=None)


def proposals(wanted: Wanted) -> Answer:
    """What is watched over proposes a referral, and the post is to say whether.

    Args:
        wanted: Who asks.
    """
    desk = wanted.desk
    query = (
        sql.select(*_PROCESS, CLOCK.c.name, CLOCK.c.started, CLOCK.c.due.label("answer_due"), CLOCK.c.state)
        .join(CLOCK, CLOCK.c.process_id == PROCESS.c.process_id)
        .where(
            CLOCK.c.council == desk.council,
            CLOCK.c.owner == desk.post,
            CLOCK.c.ended_at.is_(None),
            CLOCK.c.state.in_(TICKING),
            CLOCK.c.name.startswith(PROPOSAL, autoescape=True),
            of_units(desk, CLOCK.c.unit),
            is_mine(desk, CLOCK.c.process_id),
        )
    )
    rows, total = _answer(wanted, query, CLOCK.c.started)
    found = [
        _found(
            row,
            what=row.name.removeprefix(PROPOSAL),
            since=row.started,
            due=row.answer_due,
            overdue=row.state == "breached",
        )
        for row in rows
    ]
    return found, total


def to_administer(wanted: Wanted) -> Answer:
    """Cases that wait for a place, for one to become free, or for what their panel says.

    Args:
        wanted: Who asks.
    """
    desk = wanted.desk
    query = sql.select(*_PROCESS).where(
        *_waiting(desk, desk.post),
        PROCESS.c.stage.in_(TO_LIST),
        of_units(desk, PROCESS.c.unit),
        is_mine(desk, PROCESS.c.process_id),
    )
    rows, total = _answer(wanted, query, PROCESS.c.stage_since)
    return [_found(row, what=row.stage) for row in rows], total


def watches(wanted: Wanted, until: datetime) -> Answer:
    """What is watched over and waits for the post, with a deadline that is near or gone.

    Args:
        wanted: Who asks.
        until: Deadlines up to this moment, UTC.
    """
    desk = wanted.desk
    query = sql.select(*_PROCESS).where(
        *_waiting(desk, desk.post),
        PROCESS.c.kind.not_in(NOT_WATCHES),
        PROCESS.c.next_deadline <= until,
        of_units(desk, PROCESS.c.unit),
        is_mine(desk, PROCESS.c.process_id),
    )
    rows, total = _answer(wanted, query, PROCESS.c.next_deadline)
    return [_found(row, what=row.stage) for row in rows], total


def escalated(wanted: Wanted) -> Answer:
    """Escalations that the post was told of and nobody took up.

    Args:
        wanted: Who asks.
    """
    desk = wanted.desk
    query = (
        sql.select(*_PROCESS, PROCESS.c.standing["escalations"].label("escalations"))
        .where(
            PROCESS.c.council == desk.council,
            PROCESS.c.escalated.is_(sql.true()),
            PROCESS.c.open.is_(sql.true()),
            of_units(desk, PROCESS.c.unit),
            is_mine(desk, PROCESS.c.process_id),
        )
        .order_by(PROCESS.c.stage_since)
        .limit(MANY)
    )
    found = []
    for row in wanted.connection.execute(query):
        told = [note for note in _values(row.escalations) if not note.get("acknowledged_at")]
        mine = [note for note in told if desk.post in note.get("told", ())]
        if mine:
            what = mine[0].get("clock") or "escalated"
            found.append(_found(row, since=datetime.fromisoformat(mine[0]["at"]), what=what))
    return found, len(found)


def _values(notes: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401 - any JSON value
    return notes.values() if isinstance(notes, dict) else notes or ()


def sheets(wanted: Wanted) -> Answer:
    """Decision sheets of sittings that the person chaired.

    Args:
        wanted: Who asks.
    """
    query = _chaired(wanted.desk, AGENDA_LINE.c.referral_ref.label("case")).join(
        AGENDA_LINE, AGENDA_LINE.c.process_id == SITTING.c.process_id
    )
    rows, total = _answer(wanted, query.where(AGENDA_LINE.c.state == CaseState.DECIDED), SITTING.c.on)
    return [_found(row, what=row.case, since=row.starts, on=row.on) for row in rows], total


def minutes(wanted: Wanted) -> Answer:
    """Minutes of sittings that the person chaired.

    Args:
        wanted: Who asks.
    """
    rows, total = _answer(wanted, _chaired(wanted.desk).where(SITTING.c.minutes == "draft"), SITTING.c.on)
    return [_found(row, what="minutes", since=row.starts, on=row.on) for row in rows], total


def chairing(wanted: Wanted, today: date) -> Answer:
    """Sittings that the person chairs, the next one first.

    Args:
        wanted: Who asks.
        today: Local date.
    """
    query = _chaired(wanted.desk).where(SITTING.c.on >= today, SITTING.c.stage.in_(TO_MEET))
    rows, total = _answer(wanted, query, SITTING.c.on)
    return [_sitting(row) for row in rows], total


def meetings(wanted: Wanted, until: date) -> Answer:
    """Sittings that wait for the post, up to a day.

    Args:
        wanted: Who asks.
        until: Local date.
    """
    desk = wanted.desk
    query = _sittings().where(
        PROCESS.c.council == desk.council,
        PROCESS.c.kind == "sitting",
        PROCESS.c.open.is_(sql.true()),
        sql.func.coalesce(PROCESS.c.waiting_on, "") == desk.post,  # found by kind: there are few open sittings
        SITTING.c.on <= until,
        is_mine(desk, PROCESS.c.process_id),
    )
    rows, total = _answer(wanted, query, SITTING.c.on)
    return [_sitting(row) for row in rows], total


def _sitting(row: Any) -> Found:  # noqa: ANN401 - a row
    cases = f"{row.listed} {'case' if row.listed == 1 else 'cases'}"
    return _found(row, what=cases, due=row.starts, on=row.on)


def _sittings(*more: sql.ColumnElement[Any]) -> sql.Select[Any]:
    return sql.select(*_PROCESS, SITTING.c.starts, SITTING.c.on, SITTING.c.listed, *more).join(
        SITTING, SITTING.c.process_id == PROCESS.c.process_id
    )


def _chaired(desk: Desk, *more: sql.ColumnElement[Any]) -> sql.Select[Any]:
    return _sittings(*more).where(SITTING.c.chair.in_(desk.staff), is_mine(desk, SITTING.c.process_id))
