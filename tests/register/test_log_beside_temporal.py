"""The register beside a real Temporal server: what goes on while one of them is away is in both afterwards."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sql

from activities.register import Register
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.log import INSTEAD
from register.tables import EVENT
from register.verify import verify
from runtime.comparing import compare
from runtime.connection import connect
from runtime.embedded_server import in_memory_server
from runtime.gateway import Gateway
from runtime.settings import Settings
from runtime.workers import build_worker
from tests.conftest import opened
from tests.postgres import PostgresServer
from tests.register.dying_worker import READY
from tests.workflows import test_between as between
from tests.workflows.support import CASE_HEAD, MANAGER, Running, running_on

ROOT = Path(__file__).parents[2]


async def test_acts_go_on_while_the_register_is_away_and_all_are_in_it_afterwards(
    postgres_of_its_own: tuple[PostgresServer, str],
) -> None:
    server, url = postgres_of_its_own
    async with running_on(url) as run:
        journeys = [await run.refer(f"R-{number}") for number in range(3)]
        for one in journeys:
            await run.at_rest(one)

        server.kill()
        for one in journeys:
            await run.act(one, "sign_off", MANAGER)
            assert (await run.act(one, "endorse", CASE_HEAD)).stage == "awaiting_listing"
        server.start()
        for one in journeys:
            await run.at_rest(one)

        for one in journeys:
            said = [entry.what for entry in run.register.events(one)]
            assert said[:3] == ["refer", "sign_off", "endorse"]
        assert await compare(run.client, run.register.engine) == []
        assert verify(run.register.engine).holds


async def test_messages_go_out_while_the_register_is_away(postgres_of_its_own: tuple[PostgresServer, str]) -> None:
    server, url = postgres_of_its_own
    async with running_on(url) as run:
        await run.at_rest(await between.refer(run, "R-1"))
        await run.act("journey/hackney/R-1", "decide_as_post", between.MANAGER, between.APPROVE)
        package = (await between.package(run, "package/hackney/R-1.package")).process
        other = await between.refer(run, "R-2", came_from=package)
        await run.at_rest(other)

        server.kill()
        await run.act(other, "withdraw", between.WORKER, {})
        while (await between.package(run, package)).facts.get("panel.rapid_response.stage") != "closed":
            continue
        server.start()
        await run.client.get_workflow_handle(other).result()
        await between.written(run, package, "told_closed")

        assert between.whats(run, other).count("withdraw") == 1
        assert between.whats(run, package).count("told_closed") == 1
        assert await compare(run.client, run.register.engine) == []


@asynccontextmanager
async def a_doomed_worker(settings: Settings, deadly: str) -> AsyncIterator["subprocess.Popen[str]"]:
    """A worker in a process of its own, which dies as soon as an act stands in the register."""
    words = ["-m", "tests.register.dying_worker", settings.temporal_address, settings.register_url, deadly]
    doomed = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220, S603 - our own
    assert doomed.stdout is not None
    try:
        assert await asyncio.to_thread(doomed.stdout.readline) == f"{READY}\n"
        yield doomed
    finally:
        doomed.kill()
        await asyncio.to_thread(doomed.wait)
        doomed.stdout.close()


async def test_an_act_whose_worker_died_before_temporal_kept_it_stands_as_temporal_has_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    async with in_memory_server() as server:
        settings = server.applied_to(Settings(register_url=url))
        client = await connect(settings)
        with opened(url) as engine:
            register = Register(engine)
            gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, lambda _: {})
            run = Running(client, gateway, register, settings)

            async with a_doomed_worker(settings, "sign_off") as doomed:
                journey = await run.refer("R-1")
                await run.at_rest(journey)  # Temporal has kept the referral, and will not have it done again
                signing = asyncio.create_task(run.act(journey, "sign_off", MANAGER))
                await asyncio.to_thread(doomed.wait)
            recorded = register.events(journey)[-1]

            async with build_worker(client, settings, register, lambda _: {}):
                await signing
                await run.at_rest(journey)
                assert await compare(client, engine) == []

            kept = register.events(journey)[1]
            assert [recorded.what, kept.what] == ["sign_off", "sign_off"]
            assert recorded.at < kept.at
            with engine.connect() as connection:
                again = sql.select(EVENT.c.sequence).where(EVENT.c.message_id.startswith(INSTEAD))
                assert connection.scalars(again).all() == [kept.sequence]
            assert verify(engine).holds
