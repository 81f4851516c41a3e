"""The embedded default: each message is a file that any mail program opens."""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from notices.channels import NotSentYet, Outgoing, Whereabouts

NOBODY = "nobody@example.invalid"
"""Stands for an address that the directory does not have."""


def as_email(outgoing: Outgoing, sender: str) -> EmailMessage:
    """A message as an email.

    Args:
        outgoing: The message.
        sender: The address that it comes from.
    """
    email = EmailMessage(policy=SMTP)
    email["From"] = sender
    email["To"] = outgoing.address or NOBODY
    email["Subject"] = outgoing.message.title
    email["Message-ID"] = f"<{outgoing.reference}@{sender.rpartition('@')[2].rstrip('>') or 'waymark.invalid'}>"
    email["Auto-Submitted"] = "auto-generated"
    email["X-Waymark-Notice"] = str(outgoing.number)
    email["X-Waymark-Staff"] = outgoing.staff
    email.set_content(outgoing.message.body)
    return email


class Outbox:
    """A folder with one file a message.

    Args:
        folder: It need not be there yet.
        sender: The address that they come from.
        say: Told of each message in a line.
    """

    name = "outbox"
    needs_address = False

    def __init__(
        self, folder: Path, sender: str = "waymark@example.invalid", say: Callable[[str], None] | None = None
    ) -> None:
        self.folder = folder
        self._sender = sender
        self._say = say

    async def send(self, outgoing: Outgoing) -> str | None:
        """Write the file, whole or not at all; the same message again replaces it.

        Args:
            outgoing: What, and to whom.

        Raises:
            NotSentYet: The folder cannot be written to.
        """
        file = self._file(outgoing)
        try:
            await asyncio.to_thread(_write, file, as_email(outgoing, self._sender).as_bytes())
        except OSError as error:
            raise NotSentYet(f"the outbox cannot be written to ({error.strerror})") from None
        if self._say is not None:
            self._say(f"Notice to {outgoing.staff}: {outgoing.message.title} ({file})")
        return file.name

    async def ask(self, outgoing: Outgoing) -> Whereabouts | None:
        """Whether the file is there.

        Args:
            outgoing: As it was sent.
        """
        return Whereabouts(went_out=self._file(outgoing).exists(), provider_reference=self._file(outgoing).name)

    def _file(self, outgoing: Outgoing) -> Path:
        return self.folder / f"{outgoing.number:06d}-{outgoing.staff}.eml"


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(file)
