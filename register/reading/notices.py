"""Notices and their deliveries as people and the sending read them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from register.tables import NOTICE
from register.working_tables import DELIVERY, DELIVERY_MARK


class DeliveryState(StrEnum):
    """What became of a notice to one person.

    `joined`: this person was told of the same event already, under another post, or others are told in their place.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    JOINED = "joined"


class Noted(BaseModel):
    """One notice as rules made it, with the position of its event in the log. `at`: UTC."""

    model_config = ConfigDict(frozen=True)

    id: int
    position: int
    process_id: str
    sequence: int
    post: str
    staff: str | None
    subject: str
    at: datetime


class Delivery(BaseModel):
    """One notice to one person, and what became of it. Instants are UTC; no `recipient`: nobody holds the post."""

    model_config = ConfigDict(frozen=True)

    id: int
    notice: Noted
    recipient: str
    on_behalf_of: str | None
    channel: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime | None
    taken_at: datetime | None
    sent_at: datetime | None
    provider_reference: str | None
    fault: str | None


class Recipient(BaseModel):
    """Who is to be told of a notice: a staff reference, or nobody and why."""

    model_config = ConfigDict(frozen=True)

    notice_id: int
    recipient: str = ""
    on_behalf_of: str | None = None
    state: DeliveryState = DeliveryState.WAITING
    fault: str | None = None


def to_ask_about(engine: sql.Engine, channel: str, now: datetime, limit: int = 20) -> list[Delivery]:
    """What is unknown and went out by a channel that can be asked, the longest first.

    Args:
        engine: The register.
        channel: The channel.
        now: UTC.
        limit: At most so many.
    """
    unknown = (
        DELIVERY.c.state == DeliveryState.UNKNOWN,
        DELIVERY.c.channel == channel,
        DELIVERY.c.next_try_at <= now,
    )
    return _found(engine, sql.and_(*unknown), limit, DELIVERY.c.next_try_at)


def one(engine: sql.Engine, delivery_id: int) -> Delivery | None:
    """A delivery by its number.

    Args:
        engine: The register.
        delivery_id: Its number.
    """
    found = _found(engine, DELIVERY.c.id == delivery_id, 1)
    return found[0] if found else None


def deliveries(
    engine: sql.Engine,
    *,
    states: Sequence[DeliveryState] = (),
    recipient: str | None = None,
    process_id: str | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """Deliveries, the newest first.

    Args:
        engine: The register.
        states: Only these.
        recipient: Only to this person.
        process_id: Only about this process.
        limit: At most so many.
    """
    wanted = [
        *([DELIVERY.c.state.in_(states)] if states else []),
        *([DELIVERY.c.recipient == recipient] if recipient is not None else []),
        *([NOTICE.c.process_id == process_id] if process_id is not None else []),
    ]
    return _found(engine, sql.and_(sql.true(), *wanted), limit, DELIVERY.c.id.desc())


def counts(engine: sql.Engine) -> dict[str, int]:
    """How many deliveries are in each state that somebody may have to look at.

    Args:
        engine: The register.
    """
    open_states = [state for state in DeliveryState if state not in (DeliveryState.SENT, DeliveryState.JOINED)]
    query = (
        sql.select(DELIVERY.c.state, sql.func.count())
        .where(DELIVERY.c.state.in_(open_states))
        .group_by(DELIVERY.c.state)
    )
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def not_given(engine: sql.Engine, at_most: int = 1_000) -> int:
    """How many notices nobody was given yet: more than a few for long means that no worker gives them.

    Args:
        engine: The register.
        at_most: No more than so many are counted.
    """
    marked = sql.select(DELIVERY_MARK.c.position).scalar_subquery()
    new = sql.select(NOTICE.c.id).where(NOTICE.c.position > marked).limit(at_most)
    with engine.connect() as connection:
        return connection.scalar(sql.select(sql.func.count()).select_from(new.subquery())) or 0


def _found(
    engine: sql.Engine, where: sql.ColumnElement[bool], limit: int, order: sql.ColumnElement[Any] = DELIVERY.c.id
) -> list[Delivery]:
    noted = [NOTICE.c[name].label(f"notice_{name}") for name in Noted.model_fields]
    of = {str(column.name).removeprefix("notice_"): column.name for column in noted}
    query = (
        sql.select(*(column for column in DELIVERY.c if column is not DELIVERY.c.notice_id), *noted)
        .join_from(DELIVERY, NOTICE, NOTICE.c.id == DELIVERY.c.notice_id)
        .where(where)
        .order_by(order)
        .limit(limit)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Delivery.model_validate({**dict(row), "notice": {name: row[label] for name, label in of.items()}})
        for row in rows
    ]
