"""What a process has to do in the world: tell the register and other processes, start some, renew its calendar.

Each errand is run by one task at a time, for as long as it takes. What is not confirmed stays in the state.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json, to_json
from temporalio import workflow
from temporalio.common import RetryPolicy

from activities.calendars import Calendars, Years
from activities.dispatch import Dispatch, Dispatched, Outgoing
from activities.messages import Messages
from models.process import Delivery
from models.watch import id_of_starting
from rules.process import calendar_runs_out, not_taken, renew_calendar
from rules.standing import Standing, patch_between

if TYPE_CHECKING:
    from workflows.process import Process

RECORD_TIMEOUT = timedelta(seconds=20)
START_TIMEOUT = timedelta(seconds=30)
BATCH = 50
"""How much goes into one local activity: after an hour without a register, not everything at once."""
LOCAL_RETRIES = timedelta(seconds=5)
"""How long a local activity retries without a timer of its own: a register that is away must not hold a task."""
PATIENCE = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(minutes=1))
"""Outside effects are tried again for ever: nothing that happened may be missing from the register."""


@dataclass(frozen=True)
class Errand:
    """Something to do in the world whenever it is needed, one at a time: `run` does one batch and ends."""

    name: str
    needed: Callable[[], bool]
    run: Callable[[], Coroutine[Any, Any, None]]


class Errands:
    """The errands of one run of a process.

    Args:
        process: Whose they are.
    """

    def __init__(self, process: "Process[Any]") -> None:
        self._process = process
        self._running: dict[str, asyncio.Task[None]] = {}
        self._carrying = False
        """Whether messages are on their way together with entries: later ones must not overtake them."""
        self._register_away = False
        self._kept = b"{}"  # as JSON, since it rests for weeks; empty at first, so that a run's first record says all
        self._all = [
            Errand("record", self._has_to_record, self._record),
            Errand("deliver", self._has_to_deliver, self._deliver),
            Errand("start", lambda: bool(process.state.starting), self._start),
            Errand("renew", lambda: calendar_runs_out(process.state, workflow.now()), self._renew),
            *process.errands(),
        ]

    def stir(self) -> bool:
        """Whether one is done, or another is needed."""
        if any(task.done() for task in self._running.values()):
            return True
        return any(errand.name not in self._running and errand.needed() for errand in self._all)

    def run(self) -> None:
        """Begin those that are needed.

        Raises:
            Exception: The fault of one that failed: it must show as a failing task, not as a silence.
        """
        for errand in self._all:
            task = self._running.get(errand.name)
            if task is not None and task.done():
                del self._running[errand.name]
                task.result()
            if errand.name not in self._running and errand.needed():
                self._running[errand.name] = asyncio.create_task(errand.run())

    def cancel(self) -> None:
        """Let go of those that are on their way: what is not confirmed goes out again with the next run."""
        for task in self._running.values():
            task.cancel()

    def deliverable(self) -> list[Delivery]:
        """What can go out now: what is for a process that this one has yet to start waits until that is there."""
        state = self._process.state
        if not state.undelivered:
            return []
        yet_to_start = {id_of_starting(one) for one in state.starting}
        return [one for one in state.undelivered if one.to not in yet_to_start]

    def _has_to_record(self) -> bool:
        """Whether to write to the register now: one that waits for another's answer writes it down with the answer."""
        process = self._process
        if process.waits_for_answer():
            return False
        return process.state.has_to_record or (process.is_finished() and bool(process.state.unrecorded))

    def _has_to_deliver(self) -> bool:
        return not self._carrying and bool(self.deliverable())

    def _record(self) -> Coroutine[Any, Any, None]:
        """Write what waits; messages travel with it, unless others are on their way or the register is away."""
        apart = self._register_away or "deliver" in self._running
        carried = [] if apart else self.deliverable()[:BATCH]
        self._carrying = bool(carried)
        return self._write(carried)

    async def _write(self, carried: list[Delivery]) -> None:
        """Write entries, and with the last how the process stands, as far as the register has not heard of it."""
        state = self._process.state
        batch = state.unrecorded[:BATCH]
        before: Standing = from_json(self._kept)
        standing = self._process.standing_now() if len(batch) == len(state.unrecorded) else before
        patch = patch_between(before, standing) or None
        sent = await _dispatch(
            Outgoing(entries=tuple(batch), standing=patch, deliveries=tuple(carried)), batch[-1].what
        )
        self._carrying = False
        self._register_away = not sent.recorded
        if not sent.recorded:
            self._kept = b"{}"  # it may have heard it all the same
        else:
            if not workflow.unsafe.is_replaying():
                # What an earlier worker or release told the register is not certain: after a replay all is said.
                self._kept = to_json(standing)
            del state.unrecorded[: len(batch)]
        self._confirm(carried, sent)

    async def _deliver(self) -> None:
        batch = self.deliverable()[:BATCH]
        self._confirm(batch, await _dispatch(Outgoing(deliveries=tuple(batch)), f"{len(batch)} to other processes"))

    def _confirm(self, batch: list[Delivery], sent: Dispatched) -> None:
        process, now = self._process, workflow.now()
        out = [one for number, one in enumerate(batch) if number not in sent.left]
        if not out:
            return
        waiting = process.state.undelivered
        process.state.undelivered = [one for one in waiting if not any(one is gone for gone in out)]
        for delivery in not_taken(process.state, out, sent.nobody, now, process.standing()[1]):
            process.was_not_taken(delivery, now)

    async def _start(self) -> None:
        process = self._process
        batch = process.state.starting[:BATCH]
        refused = await workflow.execute_activity_method(
            Messages.start,
            args=[process.state.process_id, batch],
            start_to_close_timeout=START_TIMEOUT,
            retry_policy=PATIENCE,
            summary=", ".join(f"{one.kind} {one.reference}" for one in batch)[:200],
        )
        del process.state.starting[: len(batch)]
        for one in refused:
            process.was_not_started(one, workflow.now())

    async def _renew(self) -> None:
        """Fetch the days off of later years long before the carried calendar ends."""
        process = self._process
        calendar = await workflow.execute_local_activity_method(
            Calendars.days_off,
            Years(council=process.state.procedure.key, first_year=workflow.now().year - 1),
            start_to_close_timeout=RECORD_TIMEOUT,
            local_retry_threshold=LOCAL_RETRIES,
            retry_policy=PATIENCE,
            summary="days off",
        )
        renew_calendar(process.state, calendar, workflow.now())
        process.calendar_renewed(workflow.now())


async def _dispatch(outgoing: Outgoing, summary: str) -> Dispatched:
    return await workflow.execute_local_activity_method(
        Dispatch.dispatch,
        outgoing,
        start_to_close_timeout=RECORD_TIMEOUT,
        local_retry_threshold=LOCAL_RETRIES,
        retry_policy=PATIENCE,
        summary=summary,
    )
