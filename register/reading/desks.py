"""Desks: whose worklist it is, and what of the read models is theirs."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, NamedTuple

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.read_models import PROCESS
from rules.desks import Reach


class Desk(BaseModel):
    """Whose worklist it is.

    `staff` are the references under which work is theirs by name; none for a post that nobody holds. `taken` are the
    units that others of this post hold: what is of no such unit is everybody's of the post. `held` says who holds it in
    each unit, by its key. `colleagues` are the others who hold it. `eyes` are the references of whoever acts from this
    desk, and of whom they stand in for: four eyes look at both; none for a post's, whoever holds it. `only` narrows it
    to one process, `without` leaves processes out that are somebody else's by now. One that `adopts` also has
    `orphans`: where nothing binds, what is of units that nobody of the post holds.
    """

    model_config = ConfigDict(frozen=True)

    council: str
    post: str
    unit: str | None = None
    staff: tuple[str, ...] = ()
    reach: tuple[Reach, ...] = ()
    taken: tuple[str, ...] = ()
    held: dict[str, tuple[str, ...]] = {}
    colleagues: tuple[str, ...] = ()
    eyes: tuple[str, ...] = ()
    only: str | None = None
    without: tuple[str, ...] = ()
    covering: str | None = None
    adopts: bool = True
    orphans: tuple[str, ...] = ()


class Eyes(StrEnum):
    """Whose eyes a case needs. `mine`: nothing is against it. `others`: the desk had a hand in it.

    Where everybody of the post in the case's unit had, it is shown elsewhere: `instead` to who may sign in their place,
    `told` to who holds the post but is bound to another unit.
    """

    MINE = "mine"
    OTHERS = "others"
    INSTEAD = "instead"
    TOLD = "told"


class Found(NamedTuple):
    """One thing to do, as the read models have it."""

    process: str
    reference: str
    kind: str
    forum: str
    child_ref: str | None
    unit: str
    stage: str
    since: datetime | None
    due: datetime | None
    overdue: bool
    escalated: bool
    priority: str
    what: str = ""
    on: date | None = None
    eyes: Eyes = Eyes.MINE


def unit_key(unit: str) -> str:
    """A unit as the read models have it.

    Args:
        unit: As anybody wrote it.
    """
    return unit.strip().casefold()


def with_orphans(connection: sql.Connection, desk: Desk) -> Desk:
    """A desk with the units of cases that nobody else of its post holds: where nothing binds, they are everybody's.

    Args:
        connection: To the register.
        desk: The desk.
    """
    if desk.unit is None or not desk.adopts:
        return desk
    mine = {unit_key(one) for one in (desk.unit, *desk.taken)}
    orphans = tuple(one for one in units_of(connection, desk.council) if one not in mine)
    return desk.model_copy(update={"orphans": orphans})


def units_of(connection: sql.Connection, council: str) -> list[str]:
    """The units of a council's processes, each found by one look into an index.

    Args:
        connection: To the register.
        council: Its key.
    """
    first = sql.select(sql.func.min(PROCESS.c.unit).label("unit")).where(PROCESS.c.council == council)
    found = first.cte("units", recursive=True)
    after = sql.select(sql.func.min(PROCESS.c.unit)).where(PROCESS.c.council == council, PROCESS.c.unit > found.c.unit)
    found = found.union_all(sql.select(after.scalar_subquery()).where(found.c.unit.is_not(None)))
    return [unit for unit in connection.scalars(sql.select(found.c.unit)) if unit is not None]


def of_units(desk: Desk, unit: sql.Column[Any], rule: Literal["any", "same", "own"] = "any") -> sql.ColumnElement[bool]:
    """Cases of units that are the desk's: its own; where nothing binds, also those that nobody of the post holds.

    Args:
        desk: Whose.
        unit: The column that has the unit of a case.
        rule: How the act is bound to a unit.
    """
    if desk.unit is None:
        return sql.false() if rule == "own" else sql.true()
    own = unit_key(desk.unit)
    if rule != "any":
        return unit == own
    return unit.in_(dict.fromkeys((own, "", *desk.orphans)))


def is_mine(desk: Desk, process: sql.Column[Any]) -> sql.ColumnElement[bool]:
    """Processes that are the desk's by name: the one that it is narrowed to, and none that is somebody else's by now.

    Args:
        desk: Whose.
        process: The column that has the process id.
    """
    conditions = [process == desk.only] if desk.only else []
    if desk.without:
        conditions.append(process.not_in(desk.without))
    return sql.and_(sql.true(), *conditions)
