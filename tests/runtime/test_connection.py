import asyncio
import socket
import time
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from runtime.connection import Unreachable, connect, worker_is_polling
from runtime.embedded_server import in_memory_server
from runtime.server_process import EmbeddedServer, free_port
from runtime.settings import Settings


@workflow.defn
class Nothing:
    @workflow.run
    async def run(self) -> None:
        """Ends at once, so that a worker must have polled."""


async def test_a_port_where_nothing_listens_is_told_in_one_sentence(settings: Settings) -> None:
    address = f"127.0.0.1:{free_port()}"

    with pytest.raises(Unreachable) as error:
        await connect(settings.model_copy(update={"temporal_address": address}))

    assert str(error.value) == (
        f"No Temporal server answers at {address}: start it with `make up` or set WAYMARK_TEMPORAL_ADDRESS."
    )


async def test_something_that_listens_but_never_answers_is_given_up_in_about_three_seconds(
    settings: Settings,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()

        with pytest.raises(Unreachable, match=address):
            await connect(settings.model_copy(update={"temporal_address": address}))

    assert time.monotonic() - began < 4


async def test_a_worker_counts_as_polling_once_it_works_and_only_under_its_own_name(
    settings: Settings,
) -> None:
    async with in_memory_server() as server:
        client = await connect(server.applied_to(settings))
        queue = f"queue-{uuid4()}"
        assert not await worker_is_polling(client, queue)

        async with Worker(
            client,
            task_queue=queue,
            workflows=[Nothing],
            workflow_runner=UnsandboxedWorkflowRunner(),
            identity="worker-of-this-test",
        ):
            await client.execute_workflow(Nothing.run, id=f"nothing-{uuid4()}", task_queue=queue)

            assert await worker_is_polling(client, queue)
            assert await worker_is_polling(client, queue, identity="worker-of-this-test")
            assert not await worker_is_polling(client, queue, identity="another")


async def test_two_servers_in_memory_run_side_by_side() -> None:
    async def address_of(server: EmbeddedServer, settings: Settings) -> str:
        return (await connect(server.applied_to(settings))).service_client.config.target_host

    settings = Settings()
    async with in_memory_server() as one, in_memory_server() as other:
        reached = await asyncio.gather(address_of(one, settings), address_of(other, settings))

    assert list(reached) == [one.address, other.address]
    assert one.address != other.address
