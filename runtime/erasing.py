"""What Temporal still has of a child whose record is erased: open processes stand in the way, closed ones go.

The register's part is one transaction (`disclosure.erasure`). Temporal's comes after it, is tried again, and may be
asked for again at any time: what is gone is gone.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.errors import RefusalCode, Refused
from runtime.processes import status_of

TRIES = 5
FIRST_PAUSE = 0.2
PATIENCE = timedelta(seconds=10)
_PASSING = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.RESOURCE_EXHAUSTED)


@dataclass(frozen=True)
class Deletion:
    """What became of the histories.

    Attributes:
        deleted: Processes whose histories are gone, or were gone before.
        left: Processes whose histories are still there, with why.
    """

    deleted: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


async def processes_at_temporal(client: Client, council: str, child_ref: str) -> dict[str, bool]:
    """Every process of a child that the server knows by its search attribute, and whether it is open.

    Args:
        client: Connected.
        council: The council's key.
        child_ref: The child's reference.
    """
    query = f"ChildRef = '{child_ref}' AND Council = '{council}'"
    found: dict[str, bool] = {}
    async for execution in client.list_workflows(query):
        running = execution.status is WorkflowExecutionStatus.RUNNING
        found[execution.id] = running or found.get(execution.id, False)
    return found


async def require_over(client: Client, process_ids: Iterable[str]) -> None:
    """Refuse while any of these processes runs.

    Args:
        client: Connected.
        process_ids: Which.

    Raises:
        Refused: `illegal_move`, naming them.
    """
    still = [one for one in process_ids if await status_of(client, one) is WorkflowExecutionStatus.RUNNING]
    if still:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"Still open at the Temporal server: {', '.join(sorted(still))}.",
            "Close them first: nothing of what is under way is erased.",
        )


async def delete_histories(client: Client, process_ids: Iterable[str]) -> Deletion:
    """Delete what the server keeps of closed processes, every run of each.

    Args:
        client: Connected.
        process_ids: Which; those that it does not know count as deleted.
    """
    deleted: list[str] = []
    left: list[tuple[str, str]] = []
    for process_id in sorted(set(process_ids)):
        try:
            for run_id in await _runs_of(client, process_id):
                await _delete(client, process_id, run_id)
            await _delete(client, process_id, "")
        except RPCError as error:
            left.append((process_id, error.status.name.lower()))
        else:
            deleted.append(process_id)
    return Deletion(tuple(deleted), tuple(left))


async def _runs_of(client: Client, process_id: str) -> list[str]:
    """Its runs, also those before it continued as new; none where the server cannot list."""
    found: list[str] = []
    try:
        async for execution in client.list_workflows(f"WorkflowId = '{process_id}'"):
            found.append(execution.run_id)  # noqa: PERF401 - an async comprehension hides the error
    except RPCError as error:
        if error.status is not RPCStatusCode.UNIMPLEMENTED:
            raise
    return found


async def _delete(client: Client, process_id: str, run_id: str) -> None:
    request = DeleteWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=process_id, run_id=run_id),
    )
    pause = FIRST_PAUSE
    for left in range(TRIES - 1, -1, -1):
        try:
            await client.workflow_service.delete_workflow_execution(request, timeout=PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return
            if error.status not in _PASSING or not left:
                raise
            await asyncio.sleep(pause)
            pause *= 2
        else:
            return
