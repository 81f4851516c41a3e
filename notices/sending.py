"""Gives notices to people and sends what is due: tried again while it certainly did not go out, and never twice."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import sqlalchemy as sql
from sqlalchemy.exc import SQLAlchemyError

from models.errors import RefusalCode, Refused
from models.procedure import Council
from notices.channels import CannotBeSent, Channel, MayHaveGoneOut, NotSentYet, Outgoing
from notices.facts import case_of
from notices.recipients import Directory, of_notice, recipients
from notices.texts import Texts
from notices.wording import Message, worded
from register import notices as kept
from register.reading import notices as reading
from register.reading.notices import Delivery, DeliveryState

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MOST_TRIES = 20
"""About three days: by then somebody has to look."""
TAKEN_FOR = timedelta(minutes=10)
"""Longer than any sending takes: whoever took it then has died."""
ASK_AGAIN = timedelta(minutes=5)
ASKED_FOR = timedelta(days=3)
MOST_A_ROUND = 200
"""Messages that one round sends at most, so that whoever waits for it is not kept for long."""
NO_ADDRESS = "the staff directory has no address for them"
DIED = "whoever sent it died before they knew whether it had gone out"

SAYS = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.SENDING: "being sent",
    DeliveryState.SENT: "sent",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNKNOWN: "unknown: it may have gone out",
    DeliveryState.JOINED: "told with another",
}
"""Each state as people read it."""


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time.

    Args:
        tries: So far, from 1.
    """
    pause: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, MOST_TRIES)
    return min(pause, LONGEST_PAUSE)


@dataclass(frozen=True)
class Ended:
    """What became of one delivery in a round."""

    delivery: Delivery
    state: DeliveryState
    fault: str | None = None


class Sending:
    """Sends notices by one channel.

    Args:
        engine: The register.
        channel: How.
        directory: Who is who, asked anew each round.
        council: A council's procedure by its key.
        texts: A council's texts by its key.
        link: Where to look, by process id.
        clock: The time, UTC.
    """

    def __init__(  # noqa: PLR0913 - what is told to whom, how and when
        self,
        engine: sql.Engine,
        channel: Channel,
        directory: Callable[[], Directory],
        *,
        council: Callable[[str], Council],
        texts: Callable[[str], Texts],
        link: Callable[[str], str | None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.channel = channel
        self._engine = engine
        self._directory = directory
        self._council = council
        self._texts = texts
        self._link = link
        self._clock = clock
        self._stopped = False
        self._unwritten: list[Callable[[], object]] = []

    async def round(self) -> list[Ended]:
        """Give new notices to people, ask about what is unknown, and send what is due.

        After each message it rests as long as it worked: people's acts, in the same process, go before.
        """
        self._write_what_is_left()
        now = self._clock()
        kept.lapse(self._engine, now - TAKEN_FOR, now, DIED)
        self.give()
        ended = [await self._ask(one) for one in reading.to_ask_about(self._engine, self.channel.name, now)]
        while len(ended) < MOST_A_ROUND and not self._stopped:
            began = time.thread_time()
            taken = kept.take(self._engine, self.channel.name, self._clock())
            if taken is None:
                break
            ended.append(await self._send(taken))
            await asyncio.sleep(time.thread_time() - began)
        return ended

    def stop(self) -> None:
        """Take nothing more in this round; from any thread."""
        self._stopped = True

    def give(self) -> int:
        """Write down who is told of every notice that is new; returns how many lines that were."""
        lines = 0
        while (stretch := kept.next_noted(self._engine)) is not None:
            to, began = [], time.thread_time()
            if stretch.notices:
                directory = self._directory()
                with self._engine.connect() as connection:
                    to = recipients(connection, stretch, directory, self._clock())
            if kept.give(self._engine, stretch, to, self.channel.name, self._clock()):
                lines += len(to)
            time.sleep(time.thread_time() - began)
        return lines

    def retry(self, delivery: Delivery) -> None:
        """Send a delivery again, because a person says so. Where nobody could be told, look again who holds the post.

        Args:
            delivery: As that person saw it.

        Raises:
            Refused: `illegal_move`, where it was sent or is on its way; `unknown`, where still nobody can be told.
        """
        if delivery.state in (DeliveryState.SENT, DeliveryState.JOINED, DeliveryState.SENDING):
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                f"Notice {delivery.id} is {SAYS[delivery.state]}: it is not sent twice.",
                "Look at it: `starter.py notices show`.",
            )
        now = self._clock()
        if delivery.recipient:
            kept.again(self._engine, delivery, now)
            return
        with self._engine.connect() as connection:
            found = of_notice(connection, delivery.notice, self._directory(), now)
        if not found[0].recipient:
            raise Refused(
                RefusalCode.UNKNOWN,
                f"Notice {delivery.id}: {found[0].fault}.",
                "Put somebody into that post in the staff directory, then try again.",
            )
        kept.instead(self._engine, delivery, found, now)

    def message(self, delivery: Delivery) -> Message:
        """A delivery as it goes out.

        Args:
            delivery: The delivery.
        """
        with self._engine.connect() as connection:
            case = case_of(connection, delivery.notice)
        return worded(delivery, case, self._council(case.council), self._texts(case.council), self._link)

    async def _send(self, taken: Delivery) -> Ended:
        tries = taken.attempts
        try:
            reference = await self.channel.send(self._ready(taken))
        except NotSentYet as why:
            if tries >= MOST_TRIES:
                return self._end(taken, DeliveryState.FAILED, f"given up after {tries} tries: {why}")
            return self._end(taken, DeliveryState.WAITING, str(why), again=self._clock() + pause_after(tries))
        except CannotBeSent as why:
            return self._end(taken, DeliveryState.FAILED, str(why))
        except MayHaveGoneOut as why:
            return self._end(taken, DeliveryState.UNKNOWN, str(why), again=self._clock() + FIRST_PAUSE)
        except Exception as error:  # noqa: BLE001 - a channel's fault that nobody foresaw must not send it twice
            return self._end(taken, DeliveryState.UNKNOWN, f"the {self.channel.name} failed ({type(error).__name__})")
        return self._end(taken, DeliveryState.SENT, reference=reference)

    def _ready(self, taken: Delivery) -> Outgoing:
        """What is sent; nothing has gone out while it is made ready, whatever goes wrong.

        Raises:
            NotSentYet: It cannot be worded now.
            CannotBeSent: Nobody knows where to send it.
        """
        try:
            outgoing = self._outgoing(taken)
        except Exception as error:
            raise NotSentYet(f"it could not be worded ({type(error).__name__})") from error
        if outgoing.address is None and self.channel.needs_address:
            raise CannotBeSent(NO_ADDRESS)
        return outgoing

    async def _ask(self, unknown: Delivery) -> Ended:
        now = self._clock()
        try:
            found = await self.channel.ask(self._ready(unknown))
        except (NotSentYet, CannotBeSent) as why:
            return self._ask_later(unknown, str(why), now)
        except Exception as error:  # noqa: BLE001 - one that cannot be asked about must not keep the others from going out
            return self._ask_later(unknown, f"the {self.channel.name} could not be asked ({type(error).__name__})", now)
        if found is None:
            return self._end(unknown, unknown.state, unknown.fault)
        if not found.went_out:
            return self._end(unknown, DeliveryState.WAITING, again=now)
        state = DeliveryState.FAILED if found.fault else DeliveryState.SENT
        return self._end(unknown, state, found.fault, reference=found.provider_reference)

    def _ask_later(self, unknown: Delivery, why: str, now: datetime) -> Ended:
        asked_for_long = unknown.taken_at is None or now - unknown.taken_at > ASKED_FOR
        return self._end(unknown, unknown.state, why, again=None if asked_for_long else now + ASK_AGAIN)

    def _outgoing(self, delivery: Delivery) -> Outgoing:
        return Outgoing(
            number=delivery.id,
            reference=reference_of(delivery),
            staff=delivery.recipient,
            address=self._directory().email(delivery.recipient),
            message=self.message(delivery),
        )

    def _end(
        self,
        delivery: Delivery,
        state: DeliveryState,
        fault: str | None = None,
        *,
        again: datetime | None = None,
        reference: str | None = None,
    ) -> Ended:
        sent = self._clock() if state is DeliveryState.SENT else None
        write = partial(
            kept.end,
            self._engine,
            delivery,
            state,
            sent_at=sent,
            next_try_at=again,
            provider_reference=reference,
            fault=fault,
        )
        try:
            write()
        except SQLAlchemyError:
            self._unwritten.append(write)  # what is known now must not become unknown because the register is away
            raise
        return Ended(delivery, state, fault)

    def _write_what_is_left(self) -> None:
        while self._unwritten:
            self._unwritten[0]()
            self._unwritten.pop(0)


def reference_of(delivery: Delivery) -> str:
    """What a message is called outside, at every try the same; it names nobody.

    The number alone would come again in a register that was made anew.

    Args:
        delivery: The delivery.
    """
    notice = delivery.notice
    parts = (notice.process_id, str(notice.sequence), notice.subject, notice.post, delivery.recipient, f"{notice.at}")
    return f"waymark-{delivery.id}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"
