"""What a command needs before it can do anything: settings, a connection, the register and the staff directory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.client import Client

from activities.register import Register, open_register
from console.errors import NoWorker
from procedures.calendars import working_calendar
from procedures.loader import load_council
from runtime.connection import connect, worker_is_polling
from runtime.gateway import Gateway
from runtime.logs import configure_logs
from runtime.rota import RotaFile
from runtime.settings import Settings, load_settings
from runtime.staff import StaffDirectory, read_staff


@dataclass(frozen=True)
class Session:
    """An open way in.

    Attributes:
        settings: As the environment has them.
        client: Connected.
        gateway: For acts and views.
        register: What happened, for longer than the server remembers.
        staff: Who may act; nobody when nothing is to be done.
    """

    settings: Settings
    client: Client
    gateway: Gateway
    register: Register
    staff: StaffDirectory


@asynccontextmanager
async def session(*, settings: Settings | None = None, acts: bool = False) -> AsyncIterator[Session]:
    """Open a way in; everything that may be missing is asked for before anything is done.

    Args:
        settings: Those of the environment when left out.
        acts: Whether somebody acts, so that the staff directory is needed.

    Raises:
        SettingsError: A setting is wrong.
        ProcedureFault: The staff directory or the rota is at fault.
        Unreachable: No server answers.
        NoWorker: No worker runs.
    """
    settings = settings or quiet_logs()
    staff = read_staff(settings.staff_directory) if acts else StaffDirectory(settings.staff_directory, {})
    rota = RotaFile(settings.rota)
    client = await connect(settings)
    await require_worker(client, settings)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        register = Register(engine)
        gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, rota)
        yield Session(settings, client, gateway, register, staff)
    finally:
        engine.dispose()


async def require_worker(client: Client, settings: Settings) -> None:
    """Refuse to wait for what nobody would answer.

    Args:
        client: Connected.
        settings: With the task queue.

    Raises:
        NoWorker: No worker runs.
    """
    if not await worker_is_polling(client, settings.task_queue):
        raise NoWorker(
            f"No worker is running for the task queue {settings.task_queue} at {settings.temporal_address}:"
            " start one with `make up` or `python worker.py`."
        )


def quiet_logs() -> Settings:
    """Settings of the environment, with logs for a person at a prompt: errors only, unless it asks for more."""
    settings = load_settings()
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "ERROR"})
    configure_logs(settings)
    return settings
