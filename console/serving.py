"""Runs the server and a worker: `up`, and what `worker.py` does."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

import structlog
import typer
from temporalio.client import Client
from temporalio.worker import Worker

from activities.register import Register, open_register
from console.duties import up_to_date
from console.errors import NoWorker, command
from console.rendering import console, facts
from console.session import quiet_logs
from runtime.connection import connect, worker_is_polling
from runtime.embedded_server import embedded_server
from runtime.keeping_up import keeping_up
from runtime.logs import configure_logs
from runtime.notice_sending import NoticeSending
from runtime.paper_making import PaperMaking
from runtime.rota import RotaFile
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings, load_settings
from runtime.workers import build_worker, get_ready

POLL_TRIES = 200
POLL_PAUSE = 0.05
log = structlog.stdlib.get_logger(__name__)


def worker_identity() -> str:
    """How this machine's worker is called, the same after each restart."""
    return f"waymark@{socket.gethostname()}"


@asynccontextmanager
async def running_worker(settings: Settings, say: Callable[[str], None] | None = None) -> AsyncIterator[Worker]:
    """Runs a worker until the context ends; it registers the search attributes first.

    Beside it the register's read models are kept up, notices sent and agendas drafted.

    Args:
        settings: Pointed at a server that runs.
        say: Told of each notice that goes to the outbox, in a line.

    Raises:
        Unreachable: No server answers.
        ProcedureFault: The rota is at fault.
        SettingsError: Something that sending notices needs is not set.
    """
    rota = RotaFile(settings.rota)
    get_ready()
    client = await connect(settings)
    await register_search_attributes(client)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        sending, papers = NoticeSending.of(settings, engine, say), PaperMaking(engine)
        await sending.begin()
        async with build_worker(client, settings, Register(engine), rota, identity=worker_identity()) as worker:
            await _polls(client, settings)
            async with keeping_up(engine, (sending.round, papers.round)):
                yield worker
    finally:
        engine.dispose()


async def _polls(client: Client, settings: Settings) -> None:
    """Wait until the worker asks for work, so that whoever is told that it runs can rely on it."""
    for _ in range(POLL_TRIES):
        if await worker_is_polling(client, settings.task_queue, identity=worker_identity()):
            return
        await asyncio.sleep(POLL_PAUSE)
    log.warning("The worker was not seen asking for work yet", task_queue=settings.task_queue)


@contextmanager
def until_stopped() -> Iterator[asyncio.Event]:
    """An event that Ctrl-C or SIGTERM sets, instead of breaking off what runs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@command
async def up() -> None:
    """Start the Temporal server, its UI and a worker on this machine, until Ctrl-C.

    What they know stays in the state folder (.waymark, or WAYMARK_STATE_FOLDER). A server that already runs there
    is used and left running.

    Examples:
      starter.py up
      WAYMARK_TEMPORAL_ADDRESS=127.0.0.1:7300 starter.py up     on a port of your own
    """
    settings = load_settings()
    configure_logs(settings)
    with until_stopped() as stop:
        async with embedded_server(settings, reuse=True) as server:
            here = server.applied_to(settings)
            out = console()
            async with running_worker(here, say=typer.echo if out.is_terminal else None):
                recurring = await up_to_date(here)
                out.print(
                    facts(
                        [
                            (
                                "Temporal server",
                                f"{server.address}{'' if server.owned else ' (it was running already)'}",
                            ),
                            ("Temporal UI", server.ui or "none"),
                            ("Worker", f"{worker_identity()} on task queue {here.task_queue}"),
                            ("Duties", recurring),
                            ("State", str(here.state_folder.resolve())),
                            ("Server log", str(server.log_file)),
                        ]
                    )
                )
                out.print("\nRunning. Press Ctrl-C to stop.")
                sys.stdout.flush()
                await stop.wait()
                out.print("Stopping.")


@command
async def work(
    *, check: Annotated[bool, typer.Option("--check", help="Only say whether this machine's worker is well")] = False
) -> None:
    """Run a worker until SIGTERM or Ctrl-C.

    It connects to the Temporal server of WAYMARK_TEMPORAL_ADDRESS and registers Waymark's search attributes there by
    itself. With --check it runs nothing: exit status 0 when the server answers and the worker of this machine asks
    it for work, 3 otherwise.
    """
    if check:
        await _check(quiet_logs())
        return
    settings = load_settings()
    configure_logs(settings)
    with until_stopped() as stop:
        async with running_worker(settings):
            log.info("Worker runs", address=settings.temporal_address, task_queue=settings.task_queue)
            await stop.wait()
            log.info("Worker stops", task_queue=settings.task_queue)


async def _check(settings: Settings) -> None:
    client = await connect(settings)
    if not await worker_is_polling(client, settings.task_queue, identity=worker_identity()):
        raise NoWorker(
            f"The worker {worker_identity()} does not ask {settings.temporal_address} for work on"
            f" {settings.task_queue}: start it with `python worker.py`."
        )
    typer.echo(f"The worker {worker_identity()} runs.")
