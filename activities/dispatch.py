"""What leaves a process at one moment: entries for the register, and messages to other processes.

Both go out together, and neither holds up the other: what one of them could not take is sent again by itself.
"""

import asyncio
from typing import Any

from temporalio import activity

from activities.messages import REGISTER_SECONDS, Messages
from activities.register import Register
from models.process import Delivery, Entry, Shape


class Outgoing(Shape):
    """What leaves a process.

    `entries` are in order. `standing` is what changed in how the process stands since the register heard of it, as a
    JSON merge patch. `deliveries` are in order too.
    """

    entries: tuple[Entry, ...] = ()
    standing: dict[str, Any] | None = None
    deliveries: tuple[Delivery, ...] = ()


class Dispatched(Shape):
    """What of it is done: all entries or none, and messages but for those that are left.

    `nobody`: the processes that are over, or that never were and had to be there. `left`: numbers of messages, from 0.
    """

    recorded: bool = False
    nobody: tuple[str, ...] = ()
    left: tuple[int, ...] = ()


class Dispatch:
    """Writes to the register and sends messages, both at once.

    Args:
        register: Where entries go.
        messages: How messages go.
    """

    def __init__(self, register: Register, messages: Messages) -> None:
        self._register = register
        self._messages = messages

    @activity.defn(name="dispatch")
    async def dispatch(self, outgoing: Outgoing) -> Dispatched:
        """Send out what leaves a process. Sent again, nothing is written or taken twice.

        Args:
            outgoing: Entries, messages, or both.

        Returns:
            What of it is done.

        Raises:
            Exception: Nothing of it is done; the register or the server said why.
        """
        if not outgoing.deliveries:
            await self._register.record(outgoing.entries, outgoing.standing)
            return Dispatched(recorded=True)
        if not outgoing.entries:
            nobody, left = await self._messages.deliver(outgoing.deliveries)
            return Dispatched(nobody=tuple(nobody), left=tuple(left))
        written, sent = await asyncio.gather(
            self._record(outgoing), self._messages.deliver(outgoing.deliveries), return_exceptions=True
        )
        if isinstance(sent, BaseException):
            if isinstance(written, BaseException):
                raise written
            return Dispatched(recorded=True, left=tuple(range(len(outgoing.deliveries))))
        nobody, left = sent
        return Dispatched(recorded=not isinstance(written, BaseException), nobody=tuple(nobody), left=tuple(left))

    async def _record(self, outgoing: Outgoing) -> None:
        async with asyncio.timeout(REGISTER_SECONDS):
            await self._register.record(outgoing.entries, outgoing.standing)
