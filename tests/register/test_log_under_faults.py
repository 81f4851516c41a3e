"""The log while databases stop, disks fill and processes die: nothing is missing, and nothing is there twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import OperationalError

from activities.register import Register
from register.database import open_register
from register.tables import EVENT
from register.verify import verify
from tests.conftest import opened
from tests.postgres import PostgresServer
from tests.register.entries import entry

ROOT = Path(__file__).parents[2]
EVENTS = 150
PATIENCE = 120
"""Seconds that processes may take on a busy machine."""
PAGE = 4096


class Appender:
    """A process that appends, and what it said."""

    def __init__(self, url: str, process_id: str, *, waits: bool) -> None:
        words = [sys.executable, "-m", "tests.register.appending", url, process_id, str(EVENTS)]
        self._running = subprocess.Popen(  # noqa: S603 - our own
            words,
            cwd=ROOT,
            stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []

    def hear(self, word: str) -> None:
        """Listen until it says something that begins so."""
        assert self._running.stdout is not None
        for line in self._running.stdout:
            self.said.append(line.strip())
            if line.startswith(word):
                return
        pytest.fail(f"it never said {word}: {self.said[-3:]}")

    def go_on(self) -> None:
        """Let it do its second half."""
        assert self._running.stdin is not None
        self._running.stdin.write("\n")
        self._running.stdin.flush()

    def kill(self) -> None:
        """End it in the midst of what it does."""
        self._running.kill()
        self._running.communicate(timeout=PATIENCE)

    def ends(self) -> list[str]:
        """Wait for its end; what it said."""
        rest, _ = self._running.communicate(timeout=PATIENCE)
        assert self._running.returncode == 0
        return [*self.said, *rest.split("\n")]


@contextmanager
def appending(url: str, *process_ids: str, wait: bool = False) -> Iterator[list[Appender]]:
    """Processes that append at once, each to its own journey; none is left behind.

    Those that `wait` do so halfway, so that none is done before what the test does to them.
    """
    found = [Appender(url, one, waits=wait) for one in process_ids]
    try:
        yield found
    finally:
        for one in found:
            one.kill()


def assert_each_once(engine: sql.Engine, process_ids: list[str]) -> None:
    """Every event of every process is there, once, in its order, and the chain holds."""
    report = verify(engine)
    assert report.faults == ()
    assert report.head.position == EVENTS * len(process_ids)
    with engine.connect() as connection:
        for one in process_ids:
            order = sql.select(EVENT.c.sequence).where(EVENT.c.process_id == one).order_by(EVENT.c.position)
            assert connection.scalars(order).all() == list(range(1, EVENTS + 1))


JOURNEYS = ["journey/hillingdon/A-1", "journey/hillingdon/B-1"]


def test_two_processes_append_to_one_register_at_once(register_url: str) -> None:
    with opened(register_url) as engine, appending(register_url, *JOURNEYS) as processes:
        for one in processes:
            one.ends()

        assert_each_once(engine, JOURNEYS)


def test_a_database_that_is_killed_and_started_again_misses_nothing(
    postgres_of_its_own: tuple[PostgresServer, str],
) -> None:
    server, url = postgres_of_its_own
    open_register(url).dispose()

    with appending(url, *JOURNEYS, wait=True) as processes:
        for one in processes:
            one.hear("recorded")
        server.kill()
        for one in processes:
            one.go_on()
            one.hear("failed")
        server.start()
        for one in processes:
            one.ends()

    with opened(url) as engine:
        assert_each_once(engine, JOURNEYS)


def test_a_writer_that_is_killed_leaves_nothing_half_written(register_url: str) -> None:
    with opened(register_url) as engine:
        with appending(register_url, *JOURNEYS, wait=True) as processes:
            for one in processes:
                one.hear("recorded 1")
                one.kill()

        assert verify(engine).faults == ()
        with appending(register_url, *JOURNEYS) as again:
            for one in again:
                one.ends()
        assert_each_once(engine, JOURNEYS)


def test_a_full_disk_refuses_whole_batches_and_takes_them_when_there_is_room_again(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        register = Register(engine)
        room: list[int] = []
        sql.event.listen(
            engine, "connect", lambda driver, _: [driver.execute(f"PRAGMA max_page_count={n}") for n in room]
        )
        register.write([entry(1)])
        with engine.connect() as connection:
            room.append(connection.scalar(sql.text("PRAGMA page_count")) or 0)
        engine.dispose()  # whoever connects from here on finds the disk full

        large = [entry(2, details={"reasons": "x" * PAGE * 4}), entry(3)]
        with pytest.raises(OperationalError, match="full"):
            register.write(large)
        assert [one.sequence for one in register.events(entry(1).process_id)] == [1]
        assert verify(engine).holds

        room[0] *= 2
        engine.dispose()
        register.write(large)
        assert [one.sequence for one in register.events(entry(1).process_id)] == [1, 2, 3]
        assert verify(engine).holds
