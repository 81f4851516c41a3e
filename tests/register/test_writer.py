import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import partial

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError, OperationalError

from activities.register import Register
from models.process import Entry
from register.database import open_register, writing
from register.log import Line, is_known, line_of, lock_chain
from register.tables import EVENT
from register.verify import verify
from register.writer import Writer
from tests.postgres import PostgresServer
from tests.register.entries import entry

MANY = 200


def journey(number: int) -> str:
    return f"journey/hillingdon/R-{number}"


def spoilt(number: int) -> Line:
    """A line that no database takes: the program would have to be at fault."""
    fine = entry(1, journey(number))
    return line_of(Entry.model_construct(**{**dict(fine), "what": None, "notices": ()}))


@contextmanager
def gathered(engine: sql.Engine) -> Iterator[None]:
    """Nobody can write meanwhile: whatever is handed over gathers."""
    with writing(engine) as connection:
        lock_chain(connection)
        yield


def commits(engine: sql.Engine) -> list[None]:
    seen: list[None] = []
    sql.event.listen(engine, "commit", lambda _: seen.append(None))
    return seen


async def test_a_burst_is_written_in_few_transactions(engine: sql.Engine) -> None:
    register = Register(engine)
    seen = commits(engine)

    await asyncio.gather(*(register.record([entry(1, journey(number))]) for number in range(MANY)))

    assert len(seen) < MANY / 10
    report = verify(engine)
    assert (report.holds, report.head.position) == (True, MANY)


def test_a_batch_that_cannot_be_written_holds_up_no_other(engine: sql.Engine) -> None:
    writer = Writer(engine)
    with gathered(engine):
        fine = [writer.submit([line_of(entry(1, journey(number)))]) for number in range(3)]
        bad = writer.submit([spoilt(9)])
        fine += [writer.submit([line_of(entry(1, journey(number)))]) for number in range(3, 6)]

    assert [one.result() for one in fine] == [None] * 6
    assert bad.exception() is not None
    assert {row.process_id for row in _events(engine)} == {journey(number) for number in range(6)}
    assert verify(engine).holds


def test_a_batch_is_written_whole_or_not_at_all(engine: sql.Engine) -> None:
    writer = Writer(engine)

    bad = writer.submit([line_of(entry(1, journey(9))), spoilt(9)])

    assert bad.exception() is not None
    assert _events(engine) == []


def test_one_that_nobody_waits_for_any_more_is_not_written(engine: sql.Engine) -> None:
    writer = Writer(engine)
    with gathered(engine):
        first = writer.submit([line_of(entry(1, journey(1)))])
        while not first.running():
            pass
        late = writer.submit([line_of(entry(1, journey(2)))])
        assert late.cancel()
    writer.close()

    assert [row.process_id for row in _events(engine)] == [journey(1)]


def test_what_waits_is_written_before_the_engine_is_disposed_and_no_thread_stays(engine: sql.Engine) -> None:
    register = Register(engine)
    before = threading.active_count()
    writer = Writer(engine)
    asked = [writer.submit([line_of(entry(1, journey(number)))]) for number in range(MANY)]

    engine.dispose()

    assert all(one.done() for one in asked)
    assert threading.active_count() == before
    assert register.events(journey(MANY - 1)) == [entry(1, journey(MANY - 1))]


def test_a_writer_that_was_closed_starts_again(engine: sql.Engine) -> None:
    register = Register(engine)
    register.write([entry(1)])
    engine.dispose()

    register.write([entry(2)])

    assert verify(engine).head.position == 2


def test_two_writers_of_one_database_make_one_chain(engine: sql.Engine) -> None:
    writers = [Writer(engine), Writer(engine)]

    asked: list[Future[None]] = [
        writers[number % 2].submit([line_of(entry(1, journey(number)))]) for number in range(MANY)
    ]

    assert not wait(asked, timeout=60).not_done
    report = verify(engine)
    assert (report.holds, report.head.position) == (True, MANY)


def test_a_database_that_is_away_refuses_and_takes_it_when_it_is_back(
    postgres_of_its_own: tuple[PostgresServer, str],
) -> None:
    server, url = postgres_of_its_own
    engine = open_register(url)
    register = Register(engine)
    register.write([entry(1)])

    server.kill()
    with pytest.raises(OperationalError):
        register.write([entry(2)])
    server.start()
    register.write([entry(2)])

    assert [one.sequence for one in register.events(entry(1).process_id)] == [1, 2]
    engine.dispose()


def test_a_connection_that_broke_while_nobody_wrote_is_opened_again(
    postgres_of_its_own: tuple[PostgresServer, str],
) -> None:
    server, url = postgres_of_its_own
    engine = open_register(url)
    register = Register(engine)
    register.write([entry(1)])

    server.stop()
    server.start()
    register.write([entry(2)])

    assert verify(engine).head.position == 2
    engine.dispose()


def _events(engine: sql.Engine) -> list[sql.Row[tuple[str]]]:
    with engine.connect() as connection:
        return list(connection.execute(sql.select(EVENT.c.process_id).order_by(EVENT.c.position)))


def test_a_question_is_answered_by_what_was_written_before_it(engine: sql.Engine) -> None:
    writer = Writer(engine)
    with gathered(engine):
        writer.submit([line_of(entry(1, journey(1)))])
        asked = [writer.ask(partial(is_known, process_id=journey(number))) for number in (1, 2)]

    assert [one.result() for one in asked] == [True, False]


def test_a_question_that_fails_is_told_and_the_next_is_answered(engine: sql.Engine) -> None:
    writer = Writer(engine)

    assert isinstance(writer.ask(lambda connection: connection.scalar(sql.text("?"))).exception(), DBAPIError)
    assert not writer.ask(partial(is_known, process_id=journey(1))).result()


def test_questions_are_answered_again_after_the_database_was_away(
    postgres_of_its_own: tuple[PostgresServer, str],
) -> None:
    server, url = postgres_of_its_own
    engine = open_register(url)
    writer = Writer(engine)
    writer.submit([line_of(entry(1, journey(1)))]).result()

    server.kill()
    server.start()

    assert writer.ask(partial(is_known, process_id=journey(1))).result()
    engine.dispose()
