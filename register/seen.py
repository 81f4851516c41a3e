"""What other tables have seen of the log: where they have seen more than there is, its end is missing."""

import sqlalchemy as sql

from register.read_models import FOLDED
from register.tables import ERASURE, EVENT_CONTENT, NOTICE

_SEEN = (FOLDED.c.position, NOTICE.c.position, ERASURE.c.by_position, EVENT_CONTENT.c.position)


def seen_until(connection: sql.Connection) -> int:
    """The highest position that read models, notices, erasures and content know of; 0 while there is none.

    Ask before the log's end is read: what is added in between has then been added to the log as well.

    Args:
        connection: To the register.
    """
    return max(connection.scalar(sql.select(sql.func.max(column))) or 0 for column in _SEEN)


def end_missing(end: int, seen: int) -> str | None:
    """A sentence when a log has no such end any more; `None` when nothing speaks against its end.

    Args:
        end: The position of the last event that is there.
        seen: From `seen_until`.
    """
    if seen <= end:
        return None
    return f"The log ends at {end}, and was read up to {seen} before: its end is missing."
