"""What each iCalendar feed said last: so SEQUENCE rises with every change, and what is gone is said to be cancelled.

Whoever subscribes to a feed reads it again and again. What is offered there is compared with what was published before:
a feed in which nothing changed is published again as it was, to the byte.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.database import writing
from register.working_tables import CALENDAR_ENTRY
from rules.working_days import local

KEPT = timedelta(days=31)
"""How long after its day something is still published: by then every subscriber has seen that it was cancelled."""


class Offered(BaseModel):
    """Something that belongs into a feed now. `until` is its local day, its last one where it has several."""

    model_config = ConfigDict(frozen=True)

    uid: str
    body: str
    until: date


class Published(BaseModel):
    """Something as a feed has it. `changed_at` (UTC, whole seconds) is when it last became different."""

    model_config = ConfigDict(frozen=True)

    uid: str
    sequence: int
    changed_at: datetime
    cancelled: bool
    until: date
    body: str


Gather = Callable[[sql.Connection], Sequence[Offered]]


def published(engine: sql.Engine, feed: str, gather: Gather, now: datetime) -> list[Published]:
    """Bring a feed up to date, and give what it has now, by day.

    Several may do so at once: what belongs into the feed is gathered again by whoever holds it, so that nobody who read
    earlier overwrites who read later.

    Args:
        engine: The register's.
        feed: Which feed.
        gather: What belongs into it, asked of the same connection; every uid once.
        now: UTC.
    """
    today = local(now).date()
    with engine.connect() as connection:
        known, offered = _known(connection, feed), gather(connection)
    if _changes(known, offered, now, today):
        with writing(engine) as connection:
            _hold(connection, feed)
            known, offered = _known(connection, feed), gather(connection)
            changed = _changes(known, offered, now, today)
            _write(connection, feed, known, changed)
            known |= {one.uid: one for one in changed}
    here = {one.uid for one in offered}
    shown = (one for one in known.values() if one.uid in here or (one.cancelled and one.until >= today - KEPT))
    return sorted(shown, key=lambda one: (one.until, one.uid))


def _hold(connection: sql.Connection, feed: str) -> None:
    """Wait for whoever writes this feed. SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"calendar {feed}".encode()).digest()[:8], signed=True)
        connection.execute(sql.select(sql.func.pg_advisory_xact_lock(number)))


def _known(connection: sql.Connection, feed: str) -> dict[str, Published]:
    columns = (CALENDAR_ENTRY.c[name] for name in Published.model_fields)
    rows = connection.execute(sql.select(*columns).where(CALENDAR_ENTRY.c.feed == feed)).mappings()
    return {row["uid"]: Published.model_validate(dict(row)) for row in rows}


def _changes(known: dict[str, Published], offered: Sequence[Offered], now: datetime, today: date) -> list[Published]:
    found = []
    for one in offered:
        before = known.get(one.uid)
        if before is None or before.cancelled or before.body != one.body:
            found.append(_changed(before, one, now, cancelled=False))
    here = {one.uid for one in offered}
    for uid, before in known.items():
        # What is long past has only left the feed; it stays known, so that its numbers go on if it comes back.
        if uid not in here and not before.cancelled and before.until >= today - KEPT:
            found.append(_changed(before, before, now, cancelled=True))
    return found


def _changed(before: Published | None, one: Offered | Published, now: datetime, *, cancelled: bool) -> Published:
    at = now.replace(microsecond=0)
    return Published(
        uid=one.uid,
        sequence=0 if before is None else before.sequence + 1,
        changed_at=at if before is None else max(at, before.changed_at),
        cancelled=cancelled,
        until=one.until,
        body=one.body,
    )


def _write(connection: sql.Connection, feed: str, known: dict[str, Published], changed: Sequence[Published]) -> None:
    c = CALENDAR_ENTRY.c
    for one in changed:
        values = {**one.model_dump(), "digest": hashlib.sha256(one.body.encode()).hexdigest()}
        if one.uid in known:
            here = sql.and_(c.feed == feed, c.uid == one.uid)
            connection.execute(sql.update(CALENDAR_ENTRY).where(here).values(**values))
        else:
            connection.execute(sql.insert(CALENDAR_ENTRY).values(feed=feed, **values))
