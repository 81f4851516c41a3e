"""Asks processes how they stand."""

from datetime import timedelta
from typing import Any

from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.identifiers import sitting_key
from models.views import JourneyView, SittingView
from models.watch import WatchView, watch_kind
from runtime.refusals import unknown_process

View = JourneyView | SittingView | WatchView
_NOBODY_ANSWERED = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION)


class NoAnswer(Exception):  # noqa: N818 - it names what did not come
    """No worker answered in time; the message is one sentence with the remedy."""


def view_shape(process_id: str) -> type[View]:
    """What a process shows, by its id.

    Args:
        process_id: The process.
    """
    if watch_kind(process_id) is not None:
        return WatchView
    return SittingView if sitting_key(process_id) else JourneyView


async def ask(client: Client, process_id: str, query: str, shape: type[Any], patience: timedelta) -> Any:  # noqa: ANN401 - of that shape
    """Ask a process something.

    Args:
        client: Connected.
        process_id: The process.
        query: What is asked.
        shape: The answer's.
        patience: How long to wait for it.

    Raises:
        Refused: `unknown` process.
        NoAnswer: No worker answered.
    """
    handle = client.get_workflow_handle(process_id)
    try:
        return await handle.query(query, result_type=shape, rpc_timeout=patience)
    except WorkflowQueryFailedError:
        raise NoAnswer(
            f"{process_id} cannot be shown, since it never began or its code fails: look at it in the Temporal UI."
        ) from None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise unknown_process(process_id) from None
        if error.status in _NOBODY_ANSWERED:
            raise NoAnswer(
                f"No worker answered for {process_id}: start one with `make up` or `python worker.py`."
            ) from None
        raise
