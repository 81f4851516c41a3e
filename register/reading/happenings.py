"""What the log has of some processes, event by event, with what was said where that is still kept."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.log import replaced_by
from register.tables import EVENT, EVENT_CONTENT

AT_ONCE = 500
"""Processes in one query: databases take no more than so many parameters."""


class Happening(BaseModel):
    """One accepted event. `details` is empty where its content was erased."""

    model_config = ConfigDict(frozen=True)

    position: int
    process_id: str
    sequence: int
    at: datetime
    what: str
    staff: str
    post: str
    on_behalf_of: str | None
    cites: tuple[str, ...]
    procedure_version: str
    details: Mapping[str, Any]


def happenings(connection: sql.Connection, process_ids: Iterable[str]) -> dict[str, tuple[Happening, ...]]:
    """What happened to some processes, in order; refusals, and events that others stand instead of, are left out.

    Args:
        connection: To the register.
        process_ids: The processes.
    """
    wanted = list(dict.fromkeys(process_ids))
    found: dict[str, list[Happening]] = {process_id: [] for process_id in wanted}
    for some in (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)):
        rows = connection.execute(_QUERY.where(EVENT.c.process_id.in_(some))).mappings().all()
        replaced = {replaced_by(row["message_id"]) for row in rows}
        for row in rows:
            if row["position"] not in replaced:
                found[row["process_id"]].append(_happening(row))
    return {process_id: tuple(events) for process_id, events in found.items()}


_QUERY = (
    sql.select(EVENT, EVENT_CONTENT.c.details)
    .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
    .where(EVENT.c.accepted)
    .order_by(EVENT.c.process_id, EVENT.c.sequence, EVENT.c.position)
)


def _happening(row: sql.RowMapping) -> Happening:
    said = row["details"]
    return Happening.model_validate({**row, "details": {} if said is None else json.loads(said)})
