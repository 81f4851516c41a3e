"""Messages between processes: signals that arrive at least once and are taken once; and journeys started onward."""

from collections.abc import Callable, Sequence

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.journey import JourneyStart
from models.procedure import Council
from models.process import Delivery
from procedures.slices import slice_for

JOURNEY_WORKFLOW = "ChildJourney"
NEWS_SIGNAL = "take_news"
RELEASE_SIGNAL = "take_release"


class Messages:
    """Sends messages to other processes.

    Args:
        client: A connected client.
        task_queue: Where journeys that are started onward run.
        council: Loads a council's procedure by its key.
    """

    def __init__(self, client: Client, task_queue: str, council: Callable[[str], Council]) -> None:
        self._client = client
        self._task_queue = task_queue
        self._council = council

    @activity.defn(name="deliver")
    async def deliver(self, deliveries: Sequence[Delivery]) -> None:
        """Send each message. A process that is over needs none: what it is told no longer matters to it.

        Args:
            deliveries: In order.
        """
        for delivery in deliveries:
            handle = self._client.get_workflow_handle(delivery.to)
            try:
                if delivery.news is not None:
                    await handle.signal(NEWS_SIGNAL, delivery.news)
                if delivery.release is not None:
                    await handle.signal(RELEASE_SIGNAL, delivery.release)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise

    @activity.defn(name="start_onward")
    async def start_onward(self, starts: Sequence[JourneyStart]) -> None:
        """Start journeys that a decision sent on to another forum, each exactly once, under that forum's procedure.

        Args:
            starts: What each of them starts with.
        """
        for start in starts:
            whole = self._council(start.referral.council)
            there = slice_for(whole, start.referral.forum)
            try:
                await self._client.start_workflow(
                    JOURNEY_WORKFLOW,
                    start.model_copy(update={"procedure": there}),
                    id=start.process_id,
                    task_queue=self._task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    static_summary=f"{start.referral.forum}: {start.referral.referral_ref}",
                )
            except WorkflowAlreadyStartedError:
                continue
