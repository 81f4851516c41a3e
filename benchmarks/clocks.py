"""Many clocks due at the same second, Waymark's and bare timers: how long until all of them are handled."""

import asyncio
import time
import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sql
from temporalio.client import Client

from activities.register import Register
from benchmarks.bare_timer import HANDLED, BareTimer
from benchmarks.kinds import COUNCIL, STARTS, starter
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.tables import EVENT
from runtime.gateway import Gateway

RESPONSE = timedelta(hours=48)
"""How long services have to respond to a priority 1 package (HAC-388): its clock is the one that is due."""
STARTED_AT_ONCE = 40
PAUSE = 0.05


async def breached_together(client: Client, register: Register, task_queue: str, clocks: int, ahead: float) -> float:
    """Seconds from the moment at which so many clocks are due until the register has the breach of each.

    Args:
        client: A connected client.
        register: The register of the worker.
        task_queue: Where the worker listens.
        clocks: How many.
        ahead: How many seconds from now they are due: long enough to start them all.
    """
    gateway = Gateway(client, task_queue, register, load_council, working_calendar, lambda _: {})
    run = uuid.uuid4().hex[:8]
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=ahead)
    gate = asyncio.Semaphore(STARTED_AT_ONCE)

    async def one(number: int) -> None:
        async with gate:
            said = STARTS["support_package"](f"{run}-{number}", due - RESPONSE)
            await gateway.start("support_package", said, starter("support_package"), due)

    await asyncio.gather(*(one(number) for number in range(clocks)))
    await _until(due)
    began = time.perf_counter()
    asked = sql.select(sql.func.count()).where(
        EVENT.c.what == "clock_breached", EVENT.c.process_id.like(f"package/{COUNCIL}/{run}-%")
    )
    while True:
        with register.engine.connect() as connection:
            if connection.execute(asked).scalar_one() >= clocks:
                return time.perf_counter() - began
        await asyncio.sleep(PAUSE)


async def bare_timers(client: Client, timers: int, ahead: float) -> float:
    """Seconds from the moment at which so many bare timers are due until each has done its activity.

    Args:
        client: A connected client.
        timers: How many.
        ahead: How many seconds from now they are due.
    """
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=ahead)
    gate = asyncio.Semaphore(STARTED_AT_ONCE)

    async def one() -> None:
        async with gate:
            await client.start_workflow(BareTimer.run, due, id=f"timer-{uuid.uuid4()}", task_queue="bare")

    before = HANDLED.count
    await asyncio.gather(*(one() for _ in range(timers)))
    await _until(due)
    began = time.perf_counter()
    while HANDLED.count - before < timers:  # noqa: ASYNC110 - a count, asked as the register is
        await asyncio.sleep(PAUSE)
    return time.perf_counter() - began


async def _until(moment: datetime) -> None:
    late = datetime.now(UTC) - moment
    if late > timedelta(0):
        msg = f"starting took {late.total_seconds():.0f} seconds longer than there was time: look further ahead"
        raise RuntimeError(msg)
    await asyncio.sleep(-late.total_seconds())
