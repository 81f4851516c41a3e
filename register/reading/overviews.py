"""A unit or a team as whoever answers for it sees it: how much waits for which post, and what each person has."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.vocabulary import Stage
from register.read_models import ACTION, JOURNEY, PROCESS
from register.reading.desks import unit_key
from register.reading.worklist_queries import TO_DO


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class OfPost(_Shape):
    """What waits for a post. `since` is since when the longest of it waits, UTC."""

    post: str
    waiting: int
    overdue: int
    escalated: int
    since: datetime | None


class OfPerson(_Shape):
    """What somebody has by name: referrals that are open, those of them that came back, and actions."""

    staff: str
    referrals: int = 0
    returned: int = 0
    actions: int = 0
    actions_overdue: int = 0


class Overview(_Shape):
    """How much there is to do in a unit or a team."""

    council: str
    unit: str | None
    team: str | None
    posts: tuple[OfPost, ...]
    people: tuple[OfPerson, ...]


def overview(
    connection: sql.Connection, council: str, today: date, *, unit: str | None = None, team: str | None = None
) -> Overview:
    """How much there is to do in a unit, or in a team.

    Args:
        connection: To the register, caught up.
        council: The council's key.
        today: Local date, for what is overdue.
        unit: The unit.
        team: The team; with a unit, of that unit.
    """
    here = _here(council, unit, team)
    people: dict[str, OfPerson] = {}
    for row in connection.execute(_referrals(here)):
        people[row.staff] = OfPerson(staff=row.staff, referrals=row.referrals, returned=row.returned)
    for row in connection.execute(_actions(here, today)):
        before = people.get(row.staff, OfPerson(staff=row.staff))
        people[row.staff] = before.model_copy(update={"actions": row.actions, "actions_overdue": row.late})
    return Overview(
        council=council,
        unit=unit,
        team=team,
        posts=tuple(_post(row) for row in connection.execute(_posts(here))),
        people=tuple(people[staff] for staff in sorted(people)),
    )


def _here(council: str, unit: str | None, team: str | None) -> Sequence[sql.ColumnElement[bool]]:
    conditions = [PROCESS.c.council == council, PROCESS.c.open.is_(sql.true())]
    if unit is not None:
        conditions.append(PROCESS.c.unit == unit_key(unit))
    if team is not None:
        conditions.append(PROCESS.c.team == team)
    return conditions


def _posts(here: Sequence[sql.ColumnElement[bool]]) -> sql.Select[Any]:
    return (
        sql.select(
            PROCESS.c.waiting_on,
            sql.func.count().label("waiting"),
            _how_many(PROCESS.c.overdue.is_(sql.true())).label("overdue"),
            _how_many(PROCESS.c.escalated.is_(sql.true())).label("escalated"),
            sql.func.min(PROCESS.c.stage_since).label("since"),
        )
        .where(*here, PROCESS.c.waiting_on.is_not(None))
        .group_by(PROCESS.c.waiting_on)
        .order_by(sql.func.min(PROCESS.c.stage_since))
    )


def _post(row: Any) -> OfPost:  # noqa: ANN401 - a row
    return OfPost(
        post=row.waiting_on, waiting=row.waiting, overdue=row.overdue, escalated=row.escalated, since=row.since
    )


def _referrals(here: Sequence[sql.ColumnElement[bool]]) -> sql.Select[Any]:
    back = PROCESS.c.stage.in_((Stage.RETURNED, Stage.DEFERRED))
    return (
        sql.select(
            JOURNEY.c.referred_by.label("staff"),
            sql.func.count().label("referrals"),
            _how_many(back).label("returned"),
        )
        .join(PROCESS, PROCESS.c.process_id == JOURNEY.c.process_id)
        .where(*here)
        .group_by(JOURNEY.c.referred_by)
    )


def _actions(here: Sequence[sql.ColumnElement[bool]], today: date) -> sql.Select[Any]:
    return (
        sql.select(
            ACTION.c.owner_staff.label("staff"),
            sql.func.count().label("actions"),
            _how_many(ACTION.c.due < today).label("late"),
        )
        .join(PROCESS, PROCESS.c.process_id == ACTION.c.process_id)
        .where(*here, ACTION.c.owner_staff.is_not(None), ACTION.c.state.in_(TO_DO), ACTION.c.ended_at.is_(None))
        .group_by(ACTION.c.owner_staff)
    )


def _how_many(holds: sql.ColumnElement[bool]) -> sql.ColumnElement[int]:
    return sql.func.coalesce(sql.func.sum(sql.case((holds, 1), else_=0)), 0)
