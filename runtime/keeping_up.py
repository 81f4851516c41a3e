"""Keeps the read models up with the log while a worker runs, and does what else has to be done now and then.

Readers catch up by themselves before they read; this keeps what is left for them to do small. It runs beside the
worker's acts in one thread, rests between two rounds, and what fails is logged and tried again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress

import sqlalchemy as sql
import structlog

from register.fold import CHUNK, fold_next

PAUSE_SECONDS = 1.0
"""How long to rest when there is nothing to do."""
LONGEST_PAUSE_SECONDS = 30.0
"""How long to rest at most while it keeps failing."""
log = structlog.stdlib.get_logger(__name__)

Round = Callable[[], Awaitable[object] | None]
"""Something that has to be done about once a second."""


@asynccontextmanager
async def keeping_up(
    engine: sql.Engine, rounds: Sequence[Round] = (), pause_seconds: float = PAUSE_SECONDS
) -> AsyncIterator[None]:
    """Keep up with the log until the context ends; what is under way then is finished first.

    Args:
        engine: The register's.
        rounds: What else is done about once a second, each in a task of its own, so that a slow one holds up nobody.
        pause_seconds: How long to rest when there is nothing to do.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="fold") as thread:

        async def fold() -> None:
            await _fold_what_is_new(engine, thread)

        tasks = [asyncio.create_task(_again_and_again(one, pause_seconds)) for one in (fold, *rounds)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task


async def _again_and_again(do: Round, pause: float) -> None:
    rest = pause
    while True:
        try:
            doing = do()
            if doing is not None:
                await doing
            rest = pause
        except Exception:  # whatever it is, it must not stop the worker, and may be over in a moment
            log.exception("Something that is done again and again has failed, and is tried again", seconds=rest)
            rest = min(rest * 2, LONGEST_PAUSE_SECONDS)
        await asyncio.sleep(rest)


async def _fold_what_is_new(engine: sql.Engine, thread: ThreadPoolExecutor) -> None:
    """Fold what waits, chunk by chunk; between two, rest as long as the first took: acts go before.

    After a chunk that was not full it comes back in a second: many events at once cost little more than one.
    """
    loop = asyncio.get_running_loop()
    full: int | None = CHUNK
    while full in (CHUNK, None):
        began = time.monotonic()
        full = await loop.run_in_executor(thread, fold_next, engine)
        await asyncio.sleep(time.monotonic() - began)
