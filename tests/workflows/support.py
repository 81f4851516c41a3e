"""A real server and a worker for tests of the workflows, and people who act."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client

from activities.register import Register, open_register
from models.acts import Answer
from models.people import Actor
from models.referral import Referral
from models.views import JourneyView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from runtime.connection import connect
from runtime.embedded_server import in_memory_server
from runtime.gateway import Gateway
from runtime.settings import Settings
from runtime.workers import build_worker

FORM = Path(__file__).parents[2] / "examples" / "hillingdon-harp.json"


def person(post: str, *, staff: str | None = None, unit: str | None = None) -> Actor:
    return Actor(staff=staff or post, post=post, council="hillingdon", unit=unit)


WORKER = person("social_worker")
MANAGER = person("team_manager")
CASE_HEAD = person("head_of_service", staff="case-head", unit="children in need")
OTHER_HEAD = person("head_of_service", staff="other-head")


def form(reference: str, **changes: object) -> Referral:
    return Referral.model_validate(
        {**json.loads(FORM.read_text(encoding="utf-8")), "referral_ref": reference, **changes}
    )


@dataclass
class Running:
    """A worker on a real server."""

    client: Client
    gateway: Gateway
    register: Register
    settings: Settings

    async def refer(self, reference: str) -> str:
        return (await self.gateway.refer(form(reference), WORKER, datetime.now(UTC)))[0]

    async def act(
        self, process: str, act: str, actor: Actor, details: dict[str, Any] | None = None, message_id: str | None = None
    ) -> Answer:
        return await self.gateway.act(process, act, actor, details or {}, message_id)

    async def journey(self, process: str) -> JourneyView:
        view = await self.gateway.view(process)
        assert isinstance(view, JourneyView)
        return view

    async def at_rest(self, process: str) -> JourneyView:
        """The journey once it has nothing left to write, send or book."""
        view = await self.journey(process)
        while not view.settled:
            view = await self.journey(process)
        return view

    async def events(self, process: str) -> int:
        return (await self.client.get_workflow_handle(process).describe()).history_length


@asynccontextmanager
async def running(folder: Path, *flags: str) -> AsyncIterator[Running]:
    """A real server of its own with a worker, gone afterwards."""
    async with running_on(f"sqlite:///{folder}/register.db", *flags) as found:
        yield found


@asynccontextmanager
async def running_on(register_url: str, *flags: str) -> AsyncIterator[Running]:
    """A real server of its own with a worker that writes to a given register, gone afterwards."""
    async with in_memory_server(flags=flags) as server:
        settings = server.applied_to(Settings(register_url=register_url, sandbox=True))
        client = await connect(settings)
        engine = open_register(settings.register_url)
        register = Register(engine)
        gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, lambda _: {})
        try:
            async with build_worker(client, settings, register, lambda _: {}):
                yield Running(client, gateway, register, settings)
        finally:
            engine.dispose()
