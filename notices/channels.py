"""What every way of sending has in common: what it is given, and how it says what became of it."""

from dataclasses import dataclass
from typing import Protocol

from notices.wording import Message


@dataclass(frozen=True)
class Outgoing:
    """One message to one person.

    Attributes:
        number: Of the delivery.
        reference: The same at every try, and no other message's: it says whether this one went out before.
        staff: Staff reference.
        address: Where to; `None` where the directory has none.
        message: What it says.
    """

    number: int
    reference: str
    staff: str
    address: str | None
    message: Message


class NotSentYet(Exception):  # noqa: N818 - it names what happened
    """It certainly did not go out, and may the next time; the message says why, without addresses."""


class CannotBeSent(Exception):  # noqa: N818 - it names what happened
    """It did not go out and never will as it stands; the message says why, without addresses."""


class MayHaveGoneOut(Exception):  # noqa: N818 - it names what happened
    """Nobody knows whether it went out; the message says why, without addresses."""


@dataclass(frozen=True)
class Whereabouts:
    """What a channel knows of a message that may have gone out.

    Attributes:
        went_out: Whether it did.
        provider_reference: What whoever carries it calls it.
        fault: Why it did not arrive, where that is known.
    """

    went_out: bool
    provider_reference: str | None = None
    fault: str | None = None


class Channel(Protocol):
    """A way of sending."""

    @property
    def name(self) -> str:
        """What it is called in the register."""

    @property
    def needs_address(self) -> bool:
        """Whether somebody without an address cannot be reached by it."""

    async def send(self, outgoing: Outgoing) -> str | None:
        """Send a message.

        Args:
            outgoing: What, and to whom.

        Returns:
            What whoever carries it calls it, where they say so.

        Raises:
            NotSentYet: It did not go out.
            CannotBeSent: It never will.
            MayHaveGoneOut: Nobody knows.
        """

    async def ask(self, outgoing: Outgoing) -> Whereabouts | None:
        """Ask whether a message went out before; `None` where nobody can be asked.

        Args:
            outgoing: As it was sent.

        Raises:
            NotSentYet: Nobody answers now.
        """
