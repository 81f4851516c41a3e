"""How a process stands reaches the register with what happened: whole at first, and again after every replay."""

import json
from pathlib import Path

import sqlalchemy as sql

from activities.register import Register
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.reading.processes import process
from register.tables import EVENT, EVENT_CONTENT
from rules.standing import WHOLE, standing_of
from runtime.connection import connect
from runtime.embedded_server import in_memory_server
from runtime.gateway import Gateway
from runtime.settings import Settings
from runtime.workers import build_worker
from tests.conftest import opened
from tests.workflows.support import MANAGER, WORKER, Running, running


def patches(engine: sql.Engine) -> list[dict[str, object]]:
    """What each event of the log said of how its process stands."""
    query = sql.select(EVENT_CONTENT.c.standing).join(EVENT, EVENT.c.position == EVENT_CONTENT.c.position)
    with engine.connect() as connection:
        return [json.loads(found or "{}") for found in connection.scalars(query.order_by(EVENT.c.position))]


async def test_the_first_record_says_all_and_the_next_what_changed(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        journey = await run.refer("R-1")
        await run.at_rest(journey)
        await run.act(journey, "sign_off", MANAGER)
        view = await run.at_rest(journey)
        first, *_, last = patches(run.register.engine)
        assert first[WHOLE] == journey
        assert WHOLE not in last
        assert last["stage"] == "awaiting_endorsement"
        found = process(run.register.engine, journey)
        assert found is not None
        assert found.standing == standing_of(view)


async def test_a_register_that_never_heard_how_a_process_stood_hears_it_with_the_next_act(tmp_path: Path) -> None:
    async with in_memory_server() as server:
        settings = server.applied_to(Settings(register_url=f"sqlite:///{tmp_path}/first.db", sandbox=True))
        client = await connect(settings)
        for name in ("first", "second"):
            with opened(f"sqlite:///{tmp_path}/{name}.db") as engine:
                register = Register(engine)
                gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, lambda _: {})
                run = Running(client, gateway, register, settings)
                async with build_worker(client, settings, register, lambda _: {}):
                    if name == "first":
                        journey = await run.refer("R-1")
                    else:
                        await run.act(journey, "supply_document", WORKER, {"document": "Genogram"})
                    view = await run.at_rest(journey)
                found = process(engine, journey)
                assert found is not None
                assert found.standing == standing_of(view)
                assert (found.stage, found.waiting_on) == (view.stage, view.waiting_on)
