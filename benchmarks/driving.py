"""Drives journeys, Waymark's and bare ones, and times every act."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from activities.register import Register
from benchmarks.bare import Bare
from benchmarks.council import CASES_A_SITTING, calendar, council, form, staff
from models.errors import RefusalCode, Refused
from models.identifiers import sitting_id
from models.people import Actor
from procedures.slices import Process, slice_for
from rules.working_days import local
from runtime.gateway import Gateway

UPDATES = 6
"""Acts of a whole journey that are updates: sign-off, endorsement, hearing, decision, approval, action completed."""
PROCESSES: tuple[Process, ...] = ("journey", "sitting")
UNTIL_LISTED = 0.01
"""Seconds between two tries of an act that waits for another process, as a person would look again."""


@dataclass
class Drive:
    """What one drive took."""

    journeys: int
    seconds: float = 0.0
    acts: list[float] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    sittings: list[str] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        """Journeys a second."""
        return self.journeys / self.seconds

    def percentile(self, share: float) -> float:
        """How long an act took at a percentile, in milliseconds.

        Args:
            share: 0.5 for the median.
        """
        ordered = sorted(self.acts)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


async def _timed(drive: Drive, act: Awaitable[object]) -> None:
    began = time.perf_counter()
    await act
    drive.acts.append(time.perf_counter() - began)


class WaymarkDriver:
    """Whole journeys through sittings of ten.

    Args:
        client: A connected client.
        register: Where refusals go.
        task_queue: Where the worker listens.
    """

    def __init__(self, client: Client, register: Register, task_queue: str) -> None:
        self._gateway = Gateway(client, task_queue, register, council, calendar, lambda _: {})

    async def drive(self, journeys: int, at_once: int) -> Drive:
        """Take journeys from referral to closure.

        Args:
            journeys: How many; a multiple of ten fills its sittings.
            at_once: How many at the same time.
        """
        drive = Drive(journeys)
        run = uuid.uuid4().hex[:8]
        gate = asyncio.Semaphore(at_once)
        sittings = [_Sitting(self._gateway, f"bench-{run}-{n}", drive) for n in range(-(-journeys // CASES_A_SITTING))]
        began = time.perf_counter()

        async def one(number: int) -> None:
            async with gate:
                await self._journey(drive, sittings[number // CASES_A_SITTING], run, number)

        await asyncio.gather(*(one(number) for number in range(journeys)))
        drive.seconds = time.perf_counter() - began
        return drive

    async def _journey(self, drive: Drive, sitting: "_Sitting", run: str, number: int) -> None:
        key = sitting.key
        act = self._gateway.act
        worker, manager = staff(key, "social_worker"), staff(key, "team_manager")
        process, _ = await self._gateway.refer(form(key, number, run), worker, datetime.now(UTC))
        drive.processes.append(process)
        await _timed(drive, act(process, "sign_off", manager, {}))
        await _timed(drive, act(process, "endorse", staff(key, "head_of_service", unit="children in need"), {}))
        ref = process.rsplit("/", 1)[1]
        await sitting.hear(ref)
        decision = {
            "case": ref,
            "decision": "approved",
            "rationale": "The plan is safe and proportionate.",
            "actions": [{"what": "Start the plan", "owner": {"post": "social_worker"}, "due": str(_in_a_week())}],
        }
        await _timed(drive, act(sitting.process, "record_decision", sitting.administrator, decision))
        await _timed(drive, act(sitting.process, "approve_decision", sitting.chair, {"case": ref}))
        await _until_accepted(
            drive, lambda: act(process, "complete_action", worker, {"action": "A1", "evidence": "note 1"})
        )
        await sitting.one_done()


def _in_a_week() -> object:
    return local(datetime.now(UTC)).date() + timedelta(days=7)


async def _until_accepted(drive: Drive, send: Callable[[], Awaitable[object]]) -> None:
    """Send an act that another process first has to make possible; only the accepted one is timed."""
    while True:
        began = time.perf_counter()
        try:
            await send()
        except Refused as refused:
            if refused.code not in (RefusalCode.UNKNOWN, RefusalCode.ILLEGAL_MOVE):
                raise
            await asyncio.sleep(UNTIL_LISTED)
        else:
            drive.acts.append(time.perf_counter() - began)
            return


class _Sitting:
    """Today's sitting of one council, opened by its first case and closed by its last."""

    def __init__(self, gateway: Gateway, key: str, drive: Drive) -> None:
        self.key = key
        self.process = sitting_id(key, "harp", local(datetime.now(UTC)).date())
        self.chair = staff(key, "head_of_service", name="chair")
        self.administrator = staff(key, "panel_administrator")
        self._gateway = gateway
        self._drive = drive
        self._opening = asyncio.Lock()
        self._open = False
        self._done = 0
        for process in PROCESSES:  # a worker has met its councils' procedures long before, and not every ten cases
            slice_for(council(key), "harp", process)

    async def hear(self, ref: str) -> None:
        """Call a case as soon as it is listed.

        Args:
            ref: Its reference.
        """
        async with self._opening:
            if not self._open:
                await self._open_it()
        await _until_accepted(
            self._drive, lambda: self._gateway.act(self.process, "hear", self.administrator, {"case": ref})
        )

    async def _open_it(self) -> None:
        present = [self.chair, *(staff(self.key, "head_of_service", name=name) for name in ("second", "third"))]
        details = {"chair": _plain(self.chair), "present": [_plain(person) for person in present]}
        uncounted = Drive(0)
        await _until_accepted(
            uncounted, lambda: self._gateway.act(self.process, "open_sitting", self.administrator, details)
        )
        self._open = True
        self._drive.sittings.append(self.process)

    async def one_done(self) -> None:
        """Count a finished journey; the last closes the sitting."""
        self._done += 1
        if self._done == CASES_A_SITTING:
            await self._gateway.act(self.process, "close_sitting", self.administrator, {"learning": ["noted"]})


def _plain(actor: Actor) -> dict[str, object]:
    return actor.model_dump(mode="json", exclude_none=True)


class BareDriver:
    """As many updates on a bare workflow.

    Args:
        client: A connected client.
        task_queue: Where the worker listens.
    """

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def drive(self, journeys: int, at_once: int) -> Drive:
        """Take bare workflows from start to end.

        Args:
            journeys: How many.
            at_once: How many at the same time.
        """
        drive = Drive(journeys)
        gate = asyncio.Semaphore(at_once)
        began = time.perf_counter()

        async def one() -> None:
            async with gate:
                handle = await self._client.start_workflow(
                    Bare.run, UPDATES, id=f"bare-{uuid.uuid4()}", task_queue=self._task_queue
                )
                drive.processes.append(handle.id)
                for number in range(UPDATES):
                    await _timed(drive, handle.execute_update(Bare.act, number))

        await asyncio.gather(*(one() for _ in range(journeys)))
        drive.seconds = time.perf_counter() - began
        return drive
