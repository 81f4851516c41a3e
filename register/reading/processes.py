"""Reading processes: one, those of a kind or of a child, whether Temporal still has them or not."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.columns import Instant
from register.fold import catch_up
from register.read_models import PROCESS

PAGE = 100
"""How many processes a page has, unless somebody asks for more."""


class StoodAt(BaseModel):
    """Where a page ended: the next one begins after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opened_at: datetime
    process_id: str


class ProcessRow(BaseModel):
    """A process as the register has it. Instants are UTC; `standing` is in its whole only where one is asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    process_id: str
    kind: str
    council: str
    forum: str
    reference: str
    child_ref: str | None
    unit: str
    team: str
    stage: str
    stage_since: datetime | None
    waiting_on: str | None
    priority: str
    overdue: bool
    escalated: bool
    open: bool
    next_deadline: datetime | None
    outcome: str | None
    opened_at: datetime
    closed_at: datetime | None
    last_at: datetime
    sequence: int
    procedure_version: str
    came_from: str | None
    standing: dict[str, Any] = {}

    @property
    def place(self) -> StoodAt:
        """Where it stands in the order of a page."""
        return StoodAt(opened_at=self.opened_at, process_id=self.process_id)


_SHORT = [column for column in PROCESS.columns if column.name != "standing"]


def process(engine: sql.Engine, process_id: str) -> ProcessRow | None:
    """One process with its standing; `None` when the register has nothing of it.

    Args:
        engine: The register's.
        process_id: Which.
    """
    catch_up(engine)
    with engine.connect() as connection:
        row = connection.execute(sql.select(PROCESS).where(PROCESS.c.process_id == process_id)).mappings().first()
    return ProcessRow(**row) if row is not None else None


def processes(  # noqa: PLR0913 - each is one thing that people look for
    engine: sql.Engine,
    *,
    council: str,
    kind: str,
    forum: str | None = None,
    stage: str | None = None,
    waiting_on: str | None = None,
    unit: str | None = None,
    still_open: bool | None = None,
    overdue: bool | None = None,
    escalated: bool | None = None,
    after: StoodAt | None = None,
    limit: int = PAGE,
) -> list[ProcessRow]:
    """Processes of one kind of a council without their standings, those that were opened first at first.

    Args:
        engine: The register's.
        council: Its key.
        kind: The first word of their ids, such as `journey`.
        forum: A forum's key.
        stage: A stage.
        waiting_on: The post whose move it is.
        unit: A unit, however it is written.
        still_open: Only those that are open, or only those that are not.
        overdue: Only those with a breached clock, or only those without.
        escalated: Only those with an open escalation, or only those without.
        after: Where the page before ended.
        limit: How many at most.
    """
    wanted: dict[str, object] = {
        "forum": forum,
        "stage": stage,
        "waiting_on": waiting_on,
        "unit": unit.strip().casefold() if unit is not None else None,
        "open": still_open,
        "overdue": overdue,
        "escalated": escalated,
    }
    query = sql.select(*_SHORT).where((PROCESS.c.council == council) & (PROCESS.c.kind == kind))
    for name, value in wanted.items():
        if value is not None:
            query = query.where(PROCESS.c[name] == value)
    if after is not None:
        here = sql.tuple_(sql.literal(after.opened_at, Instant()), sql.literal(after.process_id))
        query = query.where(sql.tuple_(PROCESS.c.opened_at, PROCESS.c.process_id) > here)
    return _read(engine, query.order_by(PROCESS.c.opened_at, PROCESS.c.process_id).limit(limit))


def of_child(engine: sql.Engine, council: str, child_ref: str) -> list[ProcessRow]:
    """Every process about a child, open or not, without standings, in the order in which they were opened.

    Args:
        engine: The register's.
        council: Its key.
        child_ref: The child's reference.
    """
    about = (PROCESS.c.council == council) & (PROCESS.c.child_ref == child_ref)
    return _read(engine, sql.select(*_SHORT).where(about).order_by(PROCESS.c.opened_at, PROCESS.c.process_id))


def _read(engine: sql.Engine, query: sql.Select[Any]) -> list[ProcessRow]:
    catch_up(engine)
    with engine.connect() as connection:
        rows: Sequence[Any] = connection.execute(query).mappings().all()
    return [ProcessRow(**row) for row in rows]
