"""What leaves a process goes to the register and to other processes at once, and neither holds up the other."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError, RPCStatusCode

from activities import dispatch as dispatching
from activities.dispatch import Dispatch, Dispatched, Outgoing
from activities.messages import Delivered, Messages
from activities.register import Register
from models.people import Actor
from models.process import CaseNews, Delivery, Entry, NewsKind, Word
from tests.register.entries import JOURNEY, entry

BY = Actor(staff="amira", post="social_worker", council="hackney")
AWAY = OperationalError("", None, ConnectionError())
SERVER_AWAY = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


def delivery(to: str) -> Delivery:
    return Delivery(to=to, word=Word(message_id="m-1", what="heard", sender=JOURNEY, by=BY))


BOTH = Outgoing(entries=(entry(1),), deliveries=(delivery("package/hackney/P-1"), delivery("package/hackney/P-2")))


class Sender(Messages):
    """Answers what it is told to answer."""

    def __init__(self, answer: Delivered | Exception) -> None:
        self.answer = answer

    async def deliver(self, deliveries: Sequence[Delivery]) -> Delivered:
        assert deliveries
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Troubled(Register):
    """A register that is away, or does not answer."""

    def __init__(self, engine: sql.Engine, fault: Exception | None) -> None:
        super().__init__(engine)
        self.fault = fault

    async def record(self, entries: Sequence[Entry], standing: dict[str, Any] | None = None) -> None:
        assert entries
        assert standing is None
        if self.fault is None:
            await asyncio.Event().wait()
        else:
            raise self.fault


async def test_entries_and_messages_go_out_together(engine: sql.Engine) -> None:
    register = Register(engine)

    done = await Dispatch(register, Sender(Delivered(["package/hackney/P-2"], []))).dispatch(BOTH)

    assert done == Dispatched(recorded=True, nobody=("package/hackney/P-2",))
    assert register.events(JOURNEY) == [entry(1)]


async def test_a_register_that_is_away_holds_up_no_message(engine: sql.Engine) -> None:
    done = await Dispatch(Troubled(engine, AWAY), Sender(Delivered([], [1]))).dispatch(BOTH)

    assert done == Dispatched(recorded=False, left=(1,))


async def test_a_register_that_does_not_answer_holds_up_no_message_for_long(
    engine: sql.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatching, "REGISTER_SECONDS", 0.01)

    done = await Dispatch(Troubled(engine, None), Sender(Delivered([], []))).dispatch(BOTH)

    assert done == Dispatched(recorded=False)


async def test_a_server_that_is_away_holds_up_no_entry(engine: sql.Engine) -> None:
    register = Register(engine)

    done = await Dispatch(register, Sender(SERVER_AWAY)).dispatch(BOTH)

    assert done == Dispatched(recorded=True, left=(0, 1))
    assert register.events(JOURNEY) == [entry(1)]


async def test_where_nothing_could_be_done_temporal_tries_again(engine: sql.Engine) -> None:
    with pytest.raises(OperationalError):
        await Dispatch(Troubled(engine, AWAY), Sender(SERVER_AWAY)).dispatch(BOTH)
    with pytest.raises(OperationalError):
        await Dispatch(Troubled(engine, AWAY), Sender(SERVER_AWAY)).dispatch(Outgoing(entries=BOTH.entries))
    with pytest.raises(RPCError):
        await Dispatch(Register(engine), Sender(SERVER_AWAY)).dispatch(Outgoing(deliveries=BOTH.deliveries))


async def test_messages_alone_say_what_is_left(engine: sql.Engine) -> None:
    sender = Sender(Delivered(["package/hackney/P-1"], [1]))

    done = await Dispatch(Register(engine), sender).dispatch(Outgoing(deliveries=BOTH.deliveries))

    assert done == Dispatched(nobody=("package/hackney/P-1",), left=(1,))


class Logging(Messages):
    """Writes down when it begins and ends to send."""

    def __init__(self) -> None:
        self.log: list[str] = []

    async def _send(self, delivery: Delivery) -> bool:
        self.log.append(f"{delivery.to} begins")
        await asyncio.sleep(0)  # somebody else may go on here
        self.log.append(f"{delivery.to} ends")
        return True


def news(to: str, kind: NewsKind) -> Delivery:
    told = CaseNews(message_id=f"{to}:{kind}", kind=kind, forum="harp", sitting=date(2031, 3, 18), by=BY)
    return Delivery(to=to, news=told)


@pytest.mark.parametrize("kind", list(NewsKind))
async def test_whoever_is_first_in_line_hears_first_where_that_matters(kind: NewsKind) -> None:
    sender = Logging()

    assert await sender.deliver([news("journey/a", kind), news("journey/b", kind)]) == ([], [])

    in_order = ["journey/a begins", "journey/a ends", "journey/b begins", "journey/b ends"]
    assert (sender.log == in_order) == (kind not in {NewsKind.HEARD, NewsKind.DECIDED, NewsKind.APPROVED})
