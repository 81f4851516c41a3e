"""Who stands in for whom, as the register has it."""

from collections.abc import Iterable

import sqlalchemy as sql

from models.cover import Cover
from register.read_models import COVER

ALL = 1_000
"""How many covers a list holds."""


def covers_around(connection: sql.Connection, staff: Iterable[str]) -> list[Cover]:
    """Every cover that concerns these people, those who stand in for them, and those for whom they do.

    Reassigned work is followed as far as it went on, so that `rules.cover` can see the whole way of it.

    Args:
        connection: To the register.
        staff: Staff references.
    """
    found: dict[tuple[str, int], Cover] = {}
    seen: set[str] = set()
    wanted = set(staff)
    while wanted:
        seen |= wanted
        both = (
            sql.select(COVER)
            .where(COVER.c.staff.in_(wanted))
            .union(sql.select(COVER).where(COVER.c.deputy.in_(wanted)))
        )
        new = [_cover(row) for row in connection.execute(both).mappings()]
        found |= {(one.process_id, one.number): one for one in new}
        wanted = {one.staff for one in new} - seen
    return sorted(found.values(), key=lambda one: (one.from_on, one.process_id, one.number))


def covers_of(connection: sql.Connection, council: str | None = None, staff: str | None = None) -> list[Cover]:
    """Covers as they were given, the latest first.

    Args:
        connection: To the register.
        council: Only of this council.
        staff: Only whose work this person's is, or who does it.
    """
    query = sql.select(COVER).order_by(COVER.c.from_on.desc(), COVER.c.process_id, COVER.c.number.desc()).limit(ALL)
    if council is not None:
        query = query.where(COVER.c.council == council)
    if staff is not None:
        query = query.where(sql.or_(COVER.c.staff == staff, COVER.c.deputy == staff))
    return [_cover(row) for row in connection.execute(query).mappings()]


def _cover(row: sql.RowMapping) -> Cover:
    return Cover(
        council=row["council"],
        staff=row["staff"],
        number=row["number"],
        deputy=row["deputy"],
        from_on=row["from_on"],
        until=row["until_on"],
        of_process=row["of_process"],
        reassigned=row["reassigned"],
        ended_at=row["ended_at"],
    )
