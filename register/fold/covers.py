"""Folds what the log says about deputies into the table of covers.

The number of a cover is the sequence of the event that gave it, so that two that are given at once stay two.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sql

from register.read_models import COVER
from rules.cover import GIVE, REASSIGN


def fold(  # noqa: PLR0913 - an event has that many parts
    connection: sql.Connection, process_id: str, sequence: int, what: str, at: datetime, details: Mapping[str, Any]
) -> None:
    """Take one event of a process id `cover/{council}/{staff}`; taken again, it changes nothing.

    Args:
        connection: In the fold's transaction.
        process_id: Whose cover.
        sequence: The event's.
        what: `give_cover`, `reassign` or `end_cover`.
        at: When, UTC.
        details: What was said; nothing is left of it once it was erased.
    """
    if not details:
        return
    _end(connection, process_id, details.get("ends", ()), at)
    if what in (GIVE, REASSIGN):
        _give(connection, process_id, sequence, details, reassigned=what == REASSIGN)


def _give(
    connection: sql.Connection, process_id: str, number: int, details: Mapping[str, Any], *, reassigned: bool
) -> None:
    _, council, staff = process_id.split("/", maxsplit=2)
    until = details.get("until")
    this = sql.and_(COVER.c.process_id == process_id, COVER.c.number == number)
    connection.execute(sql.delete(COVER).where(this))
    connection.execute(
        sql.insert(COVER).values(
            process_id=process_id,
            number=number,
            council=council,
            staff=staff,
            deputy=details["deputy"],
            from_on=date.fromisoformat(details["from"]),
            until_on=date.fromisoformat(until) if until else None,
            of_process=details.get("of_process"),
            reassigned=reassigned,
        )
    )


def _end(connection: sql.Connection, process_id: str, numbers: Any, at: datetime) -> None:  # noqa: ANN401 - any JSON value
    these = sql.and_(COVER.c.process_id == process_id, COVER.c.number.in_(list(numbers)), COVER.c.ended_at.is_(None))
    connection.execute(sql.update(COVER).where(these).values(ended_at=at))
