"""Connects to Temporal, and asks whether a worker is there."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from runtime.payloads import DATA_CONVERTER
from runtime.settings import Settings

CONNECT_SECONDS = 3.0
# A poll ends after a minute at the latest, so a poller that was last seen before that is gone. The server
# itself lists it for five minutes.
POLL_FRESHNESS = timedelta(seconds=75)


class Unreachable(Exception):  # noqa: N818 - it names a state of affairs that the caller tells a person
    """No Temporal server answers; the message is one sentence with the address and the remedy."""


async def connect(settings: Settings) -> Client:
    """Connects to the settings' Temporal server; pydantic models travel as they are.

    Raises:
        Unreachable: Nothing answered within three seconds.
    """
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await Client.connect(
                settings.temporal_address,
                namespace=settings.temporal_namespace,
                data_converter=DATA_CONVERTER,
                connect_timeout=timedelta(seconds=CONNECT_SECONDS),
            )
    except (RuntimeError, TimeoutError) as error:
        raise Unreachable(
            f"No Temporal server answers at {settings.temporal_address}:"
            " start it with `make up` or set WAYMARK_TEMPORAL_ADDRESS."
        ) from error


async def worker_is_polling(client: Client, task_queue: str, *, identity: str | None = None) -> bool:
    """Whether a worker asks this task queue for workflow tasks now.

    Args:
        client: A connection to the server that has the queue.
        task_queue: The queue's name.
        identity: Count only the worker of this identity; any worker when left out.
    """
    described = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    return any(_counts(poller, identity) for poller in described.pollers)


def _counts(poller: PollerInfo, identity: str | None) -> bool:
    seen = poller.last_access_time.ToDatetime(tzinfo=UTC)
    return identity in (None, poller.identity) and datetime.now(UTC) - seen < POLL_FRESHNESS
