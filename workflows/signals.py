"""What comes in beside updates: signals that carry too much or too little, and what starts a run.

Anybody may send a signal from the Temporal UI, and none may stop a process.
"""

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.worker import (
    ExecuteWorkflowInput,
    HandleSignalInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

NOTHING = RawValue(Payload())
"""What a handler gets in place of a signal that did not carry exactly one message."""


class _OneMessage(WorkflowInboundInterceptor):
    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - the name that Temporal gives it
        """Hand over the one message, or `NOTHING`: a handler with the wrong number of arguments would raise."""
        if len(input.args) != 1:
            input.args = [NOTHING]
        await super().handle_signal(input)

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> object:  # noqa: A002 - the name that Temporal gives it
        """Let go of the headers: they keep the whole first message in memory for as long as the run lives."""
        input.headers = {}
        return await super().execute_workflow(input)


class OneMessageASignal(Interceptor):
    """Sees to it that every signal's handler gets exactly one argument."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the name that Temporal gives it
    ) -> type[WorkflowInboundInterceptor]:
        """The part that runs beside each workflow."""
        del input
        return _OneMessage


def plain_message(message: Any, payloads: Any) -> object:  # noqa: ANN401 - of any kind, and a converter
    """What a signal carried, as JSON says it; `None` when it carried nothing, too much, or something else.

    Args:
        message: What came.
        payloads: The workflow's payload converter.
    """
    if message is NOTHING or not isinstance(message, RawValue):
        return None
    try:
        return payloads.from_payload(message.payload)
    except Exception:  # noqa: BLE001 - of any encoding, and none of it may stop the process
        return None
