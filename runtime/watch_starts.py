"""Starts what is watched over: placements, episodes, packages, transfers, unit meetings and duties."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.messages import ANNOUNCED_KIND, WATCH_WORKFLOWS
from activities.processes import status_of
from activities.register import Register
from models.deadlines import WatchKind
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.process import Entry
from models.watch import WatchStart, later_episode
from procedures.slices import slice_for_watch
from rules.process import read_details
from rules.watches.kernel import begin
from rules.watches.kinds import reference_of
from workflows.watches import KINDS


class WatchStarts:
    """Starts each watch once.

    Args:
        client: A connected client.
        task_queue: Where they run.
        register: Knows what was started before.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
    """

    def __init__(
        self,
        client: Client,
        task_queue: str,
        register: Register,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._register = register
        self._council = council
        self._calendar = calendar

    def prepared(
        self, kind: WatchKind, details: Mapping[str, Any], actor: Actor, now: datetime, name: str | None
    ) -> WatchStart:
        """What it starts with, under the procedure in force.

        Args:
            kind: What to start.
            details: In the shape of the act that starts it, as JSON has it.
            actor: Who starts it.
            now: UTC.
            name: Its reference, where the details give none.

        Raises:
            Refused: The details are not in their shape, or nothing gives a reference.
            ProcedureFault: The council's files are at fault.
        """
        return WatchStart(
            kind=kind,
            council=actor.council,
            reference=reference_of(kind, read_details(KINDS[kind].shape, details), name),
            actor=actor,
            details=dict(details),
            procedure=slice_for_watch(self._council(actor.council), kind),
            calendar=self._calendar(actor.council, now.year - 1),
        )

    async def of_today(self, start: WatchStart) -> WatchStart:
        """The same start, under the next reference where a child's care episode of before is over.

        Args:
            start: What would start.
        """
        said = read_details(KINDS[start.kind].shape, start.details)
        if start.kind != "care_episode" or getattr(said, "episode_ref", None) is not None:
            return start
        first, found = start.process_id, start
        for number in count(2):
            if not await self._is_over(found):
                return found
            reference = later_episode(first, number).rsplit("/", 1)[1]
            found = start.model_copy(update={"reference": reference})
        raise AssertionError  # counting does not end

    async def _is_over(self, start: WatchStart) -> bool:
        """Whether it was there and ended; what starts it once more with the very same words is not a new one."""
        before = await self._before(start)
        if before is None or before.details == start.details:
            return False
        return await status_of(self._client, start.process_id) is not WorkflowExecutionStatus.RUNNING

    async def begin(self, start: WatchStart, now: datetime) -> bool:
        """Start it, or find that the same was started before.

        Args:
            start: What it starts with.
            now: UTC.

        Returns:
            Whether it was started now.

        Raises:
            Refused: It is not acceptable, or something else already has its reference.
        """
        begin(KINDS[start.kind], start, now)
        # Temporal forgets what is closed, and the register does not: what began anew would not be written there.
        if await self._before(start) is not None and await status_of(self._client, start.process_id) is None:
            raise Refused(
                RefusalCode.INVALID,
                f"{start.reference} was started before, and is long closed.",
                "Give this one a reference of its own; the register keeps the old one's history.",
            )
        if start.kind == ANNOUNCED_KIND:
            await self._register.announce(start.process_id)
        try:
            await self._client.start_workflow(
                WATCH_WORKFLOWS[start.kind],
                start,
                id=start.process_id,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=start.process_id,
            )
        except WorkflowAlreadyStartedError:
            await self._require_same(start)
            return False
        return True

    async def _require_same(self, start: WatchStart) -> None:
        before = await self._before(start)
        if before is None or before.details != start.details:
            raise Refused(
                RefusalCode.INVALID,
                f"Something else already has the reference {start.reference}.",
                "Give it a reference of its own, or act on the one that has it.",
            )

    async def _before(self, start: WatchStart) -> Entry | None:
        """What was accepted first under its reference."""
        return await self._register.first(start.process_id, KINDS[start.kind].starts)
