"""Whether there is a process, asked of the server itself: also of one that is over, and without a worker."""

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode


async def status_of(client: Client, process_id: str) -> WorkflowExecutionStatus | None:
    """How a process stands with the server; `None` when there is none.

    Args:
        client: Connected.
        process_id: The process.
    """
    # Not by the handle's describe: the time-skipping server tells unset dates in a way that it cannot read.
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=WorkflowExecution(workflow_id=process_id)
    )
    try:
        described = await client.workflow_service.describe_workflow_execution(request)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return WorkflowExecutionStatus(described.workflow_execution_info.status)
