"""The gateway waits for a worker, but not for ever."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.register import Register, open_register
from models.errors import RefusalCode, Refused
from models.people import Actor
from procedures.calendars import working_calendar
from procedures.loader import load_council
from runtime.connection import connect
from runtime.embedded_server import in_memory_server
from runtime.gateway import Gateway, NoAnswer
from runtime.settings import Settings

PROCESS = "journey/hillingdon/R-1"
TOM = Actor(staff="tom", post="team_manager", council="hillingdon")


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with in_memory_server() as server:
        yield await connect(server.applied_to(Settings()))


@pytest.fixture
def gateway(client: Client, tmp_path: Path) -> Gateway:
    register = Register(open_register(f"sqlite:///{tmp_path}/register.db"))
    patience = timedelta(seconds=0.5)
    return Gateway(client, "nobody", register, load_council, working_calendar, lambda _: {}, patience)


async def test_an_act_that_no_worker_answers_says_how_to_send_it_again(client: Client, gateway: Gateway) -> None:
    await client.start_workflow("ChildJourney", id=PROCESS, task_queue="nobody")

    with pytest.raises(NoAnswer) as told:
        await gateway.act(PROCESS, "sign_off", TOM, {}, "m-7")

    assert "the act may still be done" in str(told.value)
    assert "send it again with --message-id m-7, to do it once." in str(told.value)


async def test_a_view_that_no_worker_answers_says_how_to_start_one(client: Client, gateway: Gateway) -> None:
    await client.start_workflow("ChildJourney", id=PROCESS, task_queue="nobody")

    with pytest.raises(NoAnswer) as told:
        await gateway.rested(PROCESS)

    assert str(told.value) == f"No worker answered for {PROCESS}: start one with `make up` or `python worker.py`."


async def test_what_does_not_exist_is_unknown_to_every_question(gateway: Gateway) -> None:
    for question in (gateway.view(PROCESS), gateway.start_of(PROCESS), gateway.act(PROCESS, "sign_off", TOM, {})):
        with pytest.raises(Refused) as refused:
            await question
        assert refused.value.code is RefusalCode.UNKNOWN
