"""The read models keep up with the log beside a worker, whatever goes wrong there for a moment."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sql

from register.database import connect_register
from register.fold import folded_until
from register.fold.events import newest
from runtime.keeping_up import keeping_up
from tests.conftest import opened
from tests.register.cases import some_cases, write

OFTEN = 0.01
TRIES = 2_000


async def until(condition: Callable[[], bool]) -> None:
    """Come back when it is so; it has to be so before long."""
    for _ in range(TRIES):
        if condition():
            return
        await asyncio.sleep(OFTEN)
    raise TimeoutError


def behind(engine: sql.Engine) -> int:
    """How many events are not folded yet."""
    with engine.connect() as connection:
        return newest(connection) - folded_until(connection).position


async def test_what_is_recorded_while_it_runs_is_folded_and_nothing_after_it_has_stopped(tmp_path: Path) -> None:
    batches = some_cases().batches
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        async with keeping_up(engine, pause_seconds=OFTEN):
            write(engine, batches[:20])
            await until(lambda: behind(engine) == 0)
            write(engine, batches[20:30])
            await until(lambda: behind(engine) == 0)
        write(engine, batches[30:])
        assert behind(engine) > 0


async def test_a_fault_is_tried_again_and_holds_up_nothing_else(tmp_path: Path) -> None:
    done: list[str] = []

    async def fails_at_first() -> None:
        done.append("tried")
        if len(done) < 3:
            raise OSError

    def never_waits() -> None:
        done.append("plain")

    async def never_ends() -> None:
        await asyncio.Event().wait()

    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        write(engine, some_cases().batches[:3])
        async with keeping_up(engine, (fails_at_first, never_waits, never_ends), pause_seconds=OFTEN):
            await until(lambda: done.count("tried") > 3 and done.count("plain") > 3)
            await until(lambda: behind(engine) == 0)


async def test_a_register_that_is_away_is_waited_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    early = connect_register(url)  # without its tables
    try:
        async with keeping_up(early, pause_seconds=OFTEN):
            with opened(url) as engine:
                write(engine, some_cases().batches[:5])
                await until(lambda: behind(engine) == 0)
    finally:
        early.dispose()
