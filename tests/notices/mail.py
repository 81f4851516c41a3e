"""A real mail server, which answers as a test tells it to."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from runtime.server_process import free_port

SECRET = "let-me-in"  # noqa: S105 - of a server that lives as long as its test


@dataclass
class Answers:
    """What the server says to each command in turn; after that it takes everything. `None` cuts the connection."""

    sender: list[str | None] = field(default_factory=list)
    address: list[str | None] = field(default_factory=list)
    message: list[str | None] = field(default_factory=list)
    taken: list[Envelope] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    arrived: Event | None = None
    """Set when a message has arrived, which is then never answered for."""

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del options
        self.encrypted.append(session.ssl is not None)
        envelope.mail_from = address
        return await _said(self.sender, server, "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        envelope.rcpt_tos.append(address)
        return await _said(self.address, server, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        if not self.message or self.message[0] is None:  # what is cut off has arrived
            self.taken.append(envelope)
        if self.arrived is not None:
            self.arrived.set()
            await asyncio.Event().wait()
        return await _said(self.message, server, "250 OK")

    def __call__(self, _server: SMTP, session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:  # noqa: ANN401
        """Who signs in: the authenticator of the server."""
        self.signed_in.append(f"{data.login.decode()} {session.ssl is not None}")
        return AuthResult(success=data.password.decode() == SECRET, handled=False)


async def _said(answers: list[str | None], server: SMTP, otherwise: str) -> str:
    if not answers:
        return otherwise
    answer = answers.pop(0)
    if answer is None:
        assert isinstance(server.transport, asyncio.Transport)
        server.transport.abort()
        await asyncio.sleep(0)
        return "250 nobody hears this"
    return answer


@contextmanager
def mail_server(answers: Answers, *, context: ssl.SSLContext | None = None, signs_in: bool = False) -> Iterator[int]:
    """A server on a port of its own.

    Yields:
        The port.
    """
    controller = Controller(
        answers,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        auth_required=signs_in,
        auth_require_tls=context is not None,
        authenticator=answers if signs_in else None,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
