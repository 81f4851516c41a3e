"""Booking a place at a sitting: starts the sitting when nobody asked for it before, and asks."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from temporalio import activity
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.errors import RefusalCode
from models.identifiers import sitting_id
from models.procedure import Council, WorkingCalendar
from models.process import Shape
from models.sitting import BookingAnswer, BookingRequest, SittingStart
from models.views import SittingView
from procedures.slices import slice_for
from rules.schedule import cut_off_for, starts_at

SITTING_WORKFLOW = "PanelSitting"
Rota = Mapping[str, Mapping[date, str]]
"""Who chairs which sitting: forum, local date, staff reference."""


class Ask(Shape):
    """Which sitting is asked, and for what."""

    council: str
    forum: str
    sitting: date
    request: BookingRequest


class Bookings:
    """Asks sittings for places.

    Args:
        client: A connected client.
        task_queue: Where sittings run.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
        rota: Who chairs, by council.
    """

    def __init__(
        self,
        client: Client,
        task_queue: str,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
        rota: Callable[[str], Rota],
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._council = council
        self._calendar = calendar
        self._rota = rota

    def start_of(self, council_key: str, forum_key: str, on: date) -> SittingStart:
        """What starts a sitting, under the procedure in force.

        Args:
            council_key: The council.
            forum_key: The forum.
            on: Local date.
        """
        council = self._council(council_key)
        calendar = self._calendar(council_key, on.year - 1)
        forum = council.forums[forum_key]
        return SittingStart(
            forum=forum_key,
            on=on,
            starts=starts_at(on, forum),
            cut_off=cut_off_for(on, forum, calendar),
            chair=self._rota(council_key).get(forum_key, {}).get(on),
            procedure=slice_for(council, forum_key, "sitting"),
            calendar=calendar,
        )

    @activity.defn(name="book")
    async def book(self, ask: Ask) -> BookingAnswer:
        """Ask for a place, starting the sitting if need be. Asking again is answered with the same place.

        Args:
            ask: Which sitting, and for what.
        """
        process_id = sitting_id(ask.council, ask.forum, ask.sitting)
        handle = self._client.get_workflow_handle(process_id)
        try:  # nearly always somebody asked before, and what starts a sitting need not be sent
            found: BookingAnswer = await handle.execute_update(
                "book", ask.request, id=ask.request.message_id, result_type=BookingAnswer
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return await self._start_with(process_id, ask)
        return found

    async def _start_with(self, process_id: str, ask: Ask) -> BookingAnswer:
        """Ask the sitting that this starts, or that somebody else started meanwhile; one that is over answers too."""
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            SITTING_WORKFLOW,
            self.start_of(ask.council, ask.forum, ask.sitting),
            id=process_id,
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            static_summary=f"{ask.forum} {ask.sitting}",
        )
        try:
            answer: BookingAnswer = await self._client.execute_update_with_start_workflow(
                "book",
                ask.request,
                start_workflow_operation=start,
                id=ask.request.message_id,
                result_type=BookingAnswer,
            )
        except (WorkflowAlreadyStartedError, RPCError) as error:
            with suppress(WorkflowAlreadyStartedError, RPCError):
                await start.workflow_handle()  # it holds the same error, which asyncio would report as never read
            # The time-skipping server says by its status what the real one says by the type.
            if isinstance(error, RPCError) and error.status is not RPCStatusCode.ALREADY_EXISTS:
                raise
            return await self._over(process_id)
        return answer

    async def _over(self, process_id: str) -> BookingAnswer:
        handle = self._client.get_workflow_handle(process_id)
        view = await handle.query("view", result_type=SittingView)
        return BookingAnswer(
            status="refused",
            chair=view.chair,
            code=RefusalCode.ILLEGAL_MOVE,
            sentence="This sitting is over.",
            moved_to=view.moved_to,
        )
