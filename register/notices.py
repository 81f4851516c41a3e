"""Who is told of what, and what became of it: the states of each delivery, and what people ask about them.

A delivery is `waiting` until somebody takes it, `sending` from before anything goes out, and then `sent`, `failed`,
`waiting` again, or `unknown`: it may have gone out. What is unknown is never sent again by itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict
from sqlalchemy.dialects import postgresql, sqlite

from register.database import writing
from register.log import INSTEAD, replaced_by
from register.read_models import FOLDED
from register.reading.notices import Delivery, DeliveryState, Noted, Recipient, one
from register.tables import EVENT, NOTICE
from register.working_tables import DELIVERY, DELIVERY_MARK

WINDOW = 200
"""How many events of the log are looked through at once."""
LONGEST_FAULT = 200


def begin(engine: sql.Engine, since: datetime) -> None:
    """Mark from where in the log notices are given to people, unless that is marked already.

    Args:
        engine: The register.
        since: UTC. What was recorded before is not sent.
    """
    last = sql.select(EVENT.c.position).where(EVENT.c.recorded_at < since).order_by(EVENT.c.position.desc()).limit(1)
    with writing(engine) as connection:
        position = connection.execute(last).scalar() or 0
        connection.execute(insert(engine)(DELIVERY_MARK).on_conflict_do_nothing(), {"id": 1, "position": position})


def pass_over(engine: sql.Engine) -> None:
    """Leave out what was noted while nothing is sent, so that switching a channel on again sends no burst.

    Args:
        engine: The register.
    """
    with engine.connect() as connection:
        last = connection.scalar(sql.select(sql.func.max(EVENT.c.position))) or 0
        marked = connection.scalar(sql.select(DELIVERY_MARK.c.position))
    if marked is not None and marked < last:
        with writing(engine) as connection:
            connection.execute(sql.update(DELIVERY_MARK).values(position=last))


class Unfolded(BaseModel):
    """Notices of the next stretch of the log that nobody was given yet, and where it begins and ends.

    `told_already`: ids of those that say again what was told of an event that did not stand.
    """

    model_config = ConfigDict(frozen=True)

    after: int
    upto: int
    notices: tuple[Noted, ...]
    told_already: frozenset[int] = frozenset()


def next_noted(engine: sql.Engine, window: int = WINDOW) -> Unfolded | None:
    """The notices of the next stretch of the log, as far as the read models have come; `None` at its end.

    Args:
        engine: The register.
        window: How many events to look through.
    """
    with engine.connect() as connection:
        after = connection.execute(sql.select(DELIVERY_MARK.c.position)).scalar()
        folded = connection.execute(sql.select(FOLDED.c.position)).scalar() or 0
        if after is None or after >= folded:
            return None
        upto = min(folded, after + window)
        query = (
            sql.select(NOTICE)
            .where(NOTICE.c.position > after, NOTICE.c.position <= upto)
            .order_by(NOTICE.c.position, NOTICE.c.number)
        )
        found = tuple(Noted.model_validate(dict(row)) for row in connection.execute(query).mappings())
        told = _told_already(connection, found, after, upto)
    return Unfolded(after=after, upto=upto, notices=found, told_already=told)


def _told_already(connection: sql.Connection, notices: Iterable[Noted], after: int, upto: int) -> frozenset[int]:
    """Notices of what was done again because a worker died: whoever is to be told has been, of the event as it was."""
    query = sql.select(EVENT.c.message_id).where(
        EVENT.c.position > after, EVENT.c.position <= upto, EVENT.c.message_id.startswith(INSTEAD, autoescape=True)
    )
    replaced = [replaced_by(message_id) for message_id in connection.scalars(query)]
    if not replaced:
        return frozenset()
    before = connection.execute(sql.select(NOTICE).where(NOTICE.c.position.in_(replaced))).mappings()
    told = Counter(_what(Noted.model_validate(dict(row))) for row in before)
    again = set()
    for notice in notices:
        if notice.position not in replaced and told[_what(notice)]:
            told[_what(notice)] -= 1
            again.add(notice.id)
    return frozenset(again)


def _what(notice: Noted) -> tuple[str, str, str | None, str]:
    return notice.process_id, notice.post, notice.staff, notice.subject


def give(engine: sql.Engine, stretch: Unfolded, to: Sequence[Recipient], channel: str, now: datetime) -> bool:
    """Write down who is told of a stretch of notices, in one transaction, unless another worker did.

    Args:
        engine: The register.
        stretch: From `next_noted`.
        to: Who is told of each.
        channel: How.
        now: UTC.

    Returns:
        Whether this worker was first.
    """
    moved = (
        sql.update(DELIVERY_MARK)
        .where(DELIVERY_MARK.c.id == 1, DELIVERY_MARK.c.position == stretch.after)
        .values(position=stretch.upto)
    )
    with writing(engine) as connection:
        if not connection.execute(moved).rowcount:
            return False
        add(connection, to, channel, now)
    return True


def add(connection: sql.Connection, to: Iterable[Recipient], channel: str, now: datetime) -> None:
    """Write deliveries down; one that is there already stays as it is.

    Args:
        connection: In a transaction.
        to: Who is told.
        channel: How.
        now: UTC.
    """
    rows = [
        {
            **one.model_dump(),
            "channel": channel,
            "attempts": 0,
            "next_try_at": now if one.state is DeliveryState.WAITING else None,
        }
        for one in to
    ]
    if rows:
        connection.execute(insert(connection.engine)(DELIVERY).on_conflict_do_nothing(), rows)


def take(engine: sql.Engine, channel: str, now: datetime) -> Delivery | None:
    """Take the delivery that has been due longest; from here on no other worker has it.

    Args:
        engine: The register.
        channel: How it is sent now.
        now: UTC.
    """
    due = (
        sql.select(DELIVERY.c.id)
        .where(DELIVERY.c.state == DeliveryState.WAITING, DELIVERY.c.next_try_at <= now)
        .order_by(DELIVERY.c.next_try_at, DELIVERY.c.id)
        .limit(1)
    )
    with engine.connect() as connection:
        if connection.scalar(due) is None:  # most of the time: nobody is kept from writing then
            return None
    taken = (
        sql.update(DELIVERY)
        .where(
            DELIVERY.c.id == due.with_for_update(skip_locked=True).scalar_subquery(),
            DELIVERY.c.state == DeliveryState.WAITING,
        )
        .values(
            state=DeliveryState.SENDING,
            channel=channel,
            taken_at=now,
            next_try_at=None,
            attempts=DELIVERY.c.attempts + 1,
        )
        .returning(DELIVERY.c.id)
    )
    with writing(engine) as connection:
        found = connection.execute(taken).scalar()
    return None if found is None else one(engine, found)


def end(  # noqa: PLR0913 - what became of it has that many parts
    engine: sql.Engine,
    delivery: Delivery,
    state: DeliveryState,
    *,
    sent_at: datetime | None = None,
    next_try_at: datetime | None = None,
    provider_reference: str | None = None,
    fault: str | None = None,
) -> bool:
    """Write down what became of a delivery, if it still is as it was seen, or was given up as unknown meanwhile.

    Args:
        engine: The register.
        delivery: As it was taken, or seen.
        state: What it is from now on.
        sent_at: When it went out, UTC.
        next_try_at: When it is tried, or asked about, again; UTC.
        provider_reference: What whoever carries it calls it.
        fault: Why it did not go out, without addresses.

    Returns:
        Whether it was written; not if another worker or a person came first.
    """
    ended = (
        sql.update(DELIVERY)
        .where(
            DELIVERY.c.id == delivery.id,
            DELIVERY.c.state.in_((delivery.state, DeliveryState.UNKNOWN)),
            DELIVERY.c.attempts == delivery.attempts,
        )
        .values(
            state=state,
            sent_at=sent_at,
            next_try_at=next_try_at,
            provider_reference=provider_reference or delivery.provider_reference,
            fault=fault[:LONGEST_FAULT] if fault else None,
        )
    )
    with writing(engine) as connection:
        return bool(connection.execute(ended).rowcount)


def lapse(engine: sql.Engine, taken_before: datetime, next_try_at: datetime, fault: str) -> int:
    """What a worker took and never ended may have gone out: from now on it is unknown.

    Args:
        engine: The register.
        taken_before: UTC. Longer than any sending takes.
        next_try_at: When a channel that can be asked is asked about them, UTC.
        fault: What people read.

    Returns:
        How many.
    """
    long_ago = (DELIVERY.c.state == DeliveryState.SENDING, DELIVERY.c.taken_at < taken_before)
    with engine.connect() as connection:
        if connection.scalar(sql.select(DELIVERY.c.id).where(*long_ago).limit(1)) is None:
            return 0
    lapsed = (
        sql.update(DELIVERY).where(*long_ago).values(state=DeliveryState.UNKNOWN, next_try_at=next_try_at, fault=fault)
    )
    with writing(engine) as connection:
        return connection.execute(lapsed).rowcount


def again(engine: sql.Engine, delivery: Delivery, now: datetime) -> bool:
    """Send a delivery again, because a person says so: its tries count anew.

    Args:
        engine: The register.
        delivery: As it was seen.
        now: UTC.

    Returns:
        Whether it still was as it was seen.
    """
    wanted = (
        sql.update(DELIVERY)
        .where(DELIVERY.c.id == delivery.id, DELIVERY.c.state == delivery.state)
        .values(state=DeliveryState.WAITING, attempts=0, next_try_at=now)
    )
    with writing(engine) as connection:
        return bool(connection.execute(wanted).rowcount)


def instead(engine: sql.Engine, delivery: Delivery, to: Sequence[Recipient], now: datetime) -> None:
    """Tell others in the place of nobody.

    Args:
        engine: The register.
        delivery: Of a notice that nobody could be told of.
        to: Who can be now.
        now: UTC.
    """
    with writing(engine) as connection:
        add(connection, to, delivery.channel, now)
        joined = sql.update(DELIVERY).where(DELIVERY.c.id == delivery.id)
        connection.execute(joined.values(state=DeliveryState.JOINED, fault=None))


def insert(engine: sql.Engine) -> Any:  # noqa: ANN401 - one of two constructors that share no type
    """The INSERT of this database that can leave alone what is there.

    Args:
        engine: The register.
    """
    return postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
