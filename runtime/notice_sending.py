"""Sends notices as the settings say: one of these runs in each worker, and behind `notices send`."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self
from urllib.parse import quote, unquote, urlsplit

import sqlalchemy as sql
import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.errors import ProcedureFault
from notices.channels import Channel
from notices.outbox import Outbox
from notices.sending import Ended, Sending
from notices.smtp import Smtp
from notices.texts import texts_for
from procedures.loader import load_council
from register.notices import begin, pass_over
from register.reading.notices import DeliveryState
from runtime.settings import Settings, SettingsError, variable
from runtime.staff import StaffDirectory, read_staff

OUTBOX = "outbox"
"""The folder for messages, in the state folder."""
PORTS = {"smtp": 587, "smtps": 465}
PLACE = "{process}"
log = structlog.stdlib.get_logger(__name__)


def channel_of(
    settings: Settings, say: Callable[[str], None] | None = None, context: ssl.SSLContext | None = None
) -> Channel | None:
    """The channel that the settings name; `None` where nothing is sent.

    Args:
        settings: As the environment has them.
        say: Told of each message that goes to the outbox, in a line.
        context: What certificates a mail server may have; those of the system when left out.

    Raises:
        SettingsError: Something that the channel needs is not set.
    """
    match settings.notices:
        case "none":
            return None
        case "outbox":
            sender = {"sender": settings.notices_from} if settings.notices_from else {}
            return Outbox(settings.state_folder / OUTBOX, say=say, **sender)
        case "notify":
            # Loaded here: a worker that sends no notices by Notify need not carry its libraries.
            from notices.notify import Notify  # noqa: PLC0415

            key = _needed(settings, "notify_key")
            return Notify(key, _needed(settings, "notify_template"), settings.notify_address)
        case _:
            return _mail_server(settings, context)


def _mail_server(settings: Settings, context: ssl.SSLContext | None) -> Smtp:
    url = urlsplit(settings.notices)
    try:
        port = url.port or PORTS[url.scheme]
    except ValueError:
        raise SettingsError(f"{variable('notices')} has a port above 65535: correct it.") from None
    user = unquote(url.username) if url.username else None
    return Smtp(
        url.hostname or "",
        port,
        _needed(settings, "notices_from"),
        user=user,
        password=_needed(settings, "notices_password") if user else None,
        tls=url.scheme == "smtps",
        context=context,
    )


def _needed(settings: Settings, field: str) -> str:
    value = getattr(settings, field)
    if value is None:
        shown = settings.notices.partition(":")[0]
        raise SettingsError(
            f"{variable('notices')} is {shown} and needs {variable(field)}: set it, or set {variable('notices')}=none."
        )
    return value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)


def link_of(settings: Settings) -> Callable[[str], str | None]:
    """Where people look a process up, by its id. In development that is the Temporal UI; nothing elsewhere.

    Args:
        settings: As the environment has them.
    """
    template = settings.link
    if template is None and settings.environment == "development":
        template = f"{settings.temporal_ui}/namespaces/{quote(settings.temporal_namespace)}/workflows/{PLACE}"

    def link(process_id: str) -> str | None:
        return template.replace(PLACE, quote(process_id, safe="")) if template else None

    return link


class DirectoryFile:
    """The staff directory, read again when its file has changed.

    Args:
        settings: Where it lies.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.staff_directory
        self._seen: tuple[float, int] | None = None
        self._read: StaffDirectory | None = None

    def __call__(self) -> StaffDirectory:
        """The directory as it is now.

        Raises:
            ProcedureFault: It is at fault.
        """
        try:
            about = self._path.stat()
            seen = (about.st_mtime, about.st_size)
        except OSError:
            seen = None
        if self._read is None or seen is None or seen != self._seen:
            self._read = read_staff(self._path)
            self._seen = seen
        return self._read


class NoticeSending:
    """Gives notices to people and sends them, one round after another.

    Args:
        engine: The register.
        sending: By which channel; `None` where nothing is sent.
    """

    def __init__(self, engine: sql.Engine, sending: Sending | None) -> None:
        self._engine = engine
        self._sending = sending
        self._said = ""

    @classmethod
    def of(
        cls,
        settings: Settings,
        engine: sql.Engine,
        say: Callable[[str], None] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Self:
        """Sending as the settings say.

        Args:
            settings: As the environment has them.
            engine: The register.
            say: Told of each message that goes to the outbox, in a line.
            context: What certificates a mail server may have.

        Raises:
            SettingsError: Something that the channel needs is not set.
        """
        channel = channel_of(settings, say, context)
        return cls(engine, None if channel is None else sending_by(settings, engine, channel))

    async def begin(self) -> None:
        """Mark from where in the log notices are sent: what was recorded before the very first start is not."""
        if self._sending is not None:
            await asyncio.to_thread(begin, self._engine, datetime.now(UTC))

    async def round(self) -> list[Ended]:
        """Give and send what is due, and log what could not be sent. A register or directory that is away waits.

        It runs in a thread of its own, since a mail server or a database may be slow. Whoever is cancelled waits until
        the message that is on its way has ended, so that nobody has to guess whether it went out.
        """
        at_work = asyncio.ensure_future(asyncio.to_thread(self._round))
        try:
            ended = await asyncio.shield(at_work)
        except asyncio.CancelledError:
            if self._sending is not None:
                self._sending.stop()
            await at_work
            raise
        for one in ended:
            _log(one)
        return ended

    def _round(self) -> list[Ended]:
        ended: list[Ended] = []
        try:
            if self._sending is None:
                pass_over(self._engine)
            else:
                ended = asyncio.run(self._sending.round())
        except (SQLAlchemyError, ProcedureFault, OSError) as error:
            self._say_once(type(error).__name__)
        else:
            self._said = ""
        return ended

    def _say_once(self, kind: str) -> None:
        if kind != self._said:
            self._said = kind
            log.warning("Notices wait: the register or the staff directory cannot be used", error_type=kind)


def sending_by(settings: Settings, engine: sql.Engine, channel: Channel) -> Sending:
    """Sending by a channel, with the directory, texts and link of these settings.

    Args:
        settings: As the environment has them.
        engine: The register.
        channel: How.
    """
    return Sending(
        engine, channel, DirectoryFile(settings), council=load_council, texts=texts_for, link=link_of(settings)
    )


def _log(ended: Ended) -> None:
    if ended.state is ended.delivery.state:
        return  # asked about, and nobody knows more
    about = {"notice": ended.delivery.id, "process": ended.delivery.notice.process_id, "outcome": str(ended.state)}
    match ended.state:
        case DeliveryState.FAILED | DeliveryState.UNKNOWN:
            log.warning("A notice did not arrive for sure: see `starter.py notices --failed`", **about)
        case DeliveryState.WAITING:
            log.info("A notice waits to be sent again", **about)
        case _:
            log.debug("A notice was sent", **about)
