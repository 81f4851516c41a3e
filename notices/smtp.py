"""Email by SMTP. Whether a message went out is unknown only between its last line and the server's answer."""

import re
import ssl
from contextlib import suppress
from typing import NoReturn

import aiosmtplib

from notices.channels import CannotBeSent, MayHaveGoneOut, NotSentYet, Outgoing, Whereabouts
from notices.outbox import as_email

TIMEOUT_SECONDS = 20.0
ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
"""Mail servers to which mail may go unencrypted."""
PERMANENT = 500
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
"""The part of an answer that says what is wrong and names nobody (RFC 3463)."""


class Smtp:
    """A mail server.

    Args:
        host: Its name.
        port: Its port.
        sender: The address that messages come from.
        user: Who signs in; nobody when left out.
        password: With what.
        tls: Encrypted from the first byte; else by STARTTLS, which only a server on this machine may lack.
        context: What certificates are trusted; those of the system when left out.
        timeout: Seconds for each step.
    """

    name = "smtp"
    needs_address = True

    def __init__(  # noqa: PLR0913 - a mail server is described by that much
        self,
        host: str,
        port: int,
        sender: str,
        *,
        user: str | None = None,
        password: str | None = None,
        tls: bool = False,
        context: ssl.SSLContext | None = None,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._sender = sender
        self._user = user
        self._password = password
        self._tls = tls
        self._context = context
        self._timeout = timeout

    def __repr__(self) -> str:
        """Without user and password."""
        return f"Smtp({self._host}:{self._port})"

    async def send(self, outgoing: Outgoing) -> str | None:
        """Send a message on a connection of its own.

        Args:
            outgoing: What, and to whom.

        Raises:
            NotSentYet: The server is away, or asks to come again.
            CannotBeSent: The server refuses the address or the message.
            MayHaveGoneOut: The connection broke before the server had answered for the message.
        """
        client = await self._connected()
        try:
            await self._introduce(client, outgoing)
            await self._hand_over(client, outgoing)
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit()
        finally:
            client.close()
        return None

    async def ask(self, outgoing: Outgoing) -> Whereabouts | None:  # noqa: ARG002 - no mail server answers that
        """Nobody can be asked."""
        return None

    async def _connected(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._tls,
            start_tls=None if self._tls or self._host in ON_THIS_MACHINE else True,
            tls_context=self._context,
            timeout=self._timeout,
        )
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise NotSentYet(f"the mail server accepts neither user nor password ({error.code})") from None
        except aiosmtplib.SMTPResponseException as error:
            raise NotSentYet(f"the mail server turns us away ({_said(error)})") from None
        except ssl.SSLError as error:
            raise NotSentYet(f"the mail server cannot be trusted ({error.reason})") from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise NotSentYet(f"the mail server cannot be reached ({type(error).__name__})") from None
        return client

    async def _introduce(self, client: aiosmtplib.SMTP, outgoing: Outgoing) -> None:
        try:
            await client.mail(self._sender)
        except (aiosmtplib.SMTPException, OSError) as error:
            # Whatever it answers is about us and not about this message, so that it may go out once that is mended.
            said = _said(error) if isinstance(error, aiosmtplib.SMTPResponseException) else type(error).__name__
            raise NotSentYet(f"the mail server does not take mail from this sender ({said})") from None
        try:
            await client.rcpt(outgoing.address or "")
        except aiosmtplib.SMTPResponseException as error:
            _refused(error, "the address")
        except UnicodeError:
            raise CannotBeSent("the address has letters that the mail server does not know") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotSentYet(f"the connection broke before the message ({type(error).__name__})") from None

    async def _hand_over(self, client: aiosmtplib.SMTP, outgoing: Outgoing) -> None:
        try:
            await client.data(as_email(outgoing, self._sender).as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            _refused(error, "the message")
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MayHaveGoneOut(
                f"the connection broke before the mail server had answered ({type(error).__name__})"
            ) from None


def _refused(error: aiosmtplib.SMTPResponseException, what: str) -> NoReturn:
    if error.code >= PERMANENT:
        raise CannotBeSent(f"the mail server refuses {what} ({_said(error)})") from None
    raise NotSentYet(f"the mail server does not take {what} now ({_said(error)})") from None


def _said(error: aiosmtplib.SMTPResponseException) -> str:
    """The numbers of an answer: its words may repeat an address."""
    found = ENHANCED.search(error.message)
    return f"{error.code} {found[0]}" if found else str(error.code)
