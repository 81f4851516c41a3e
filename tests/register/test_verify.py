import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.register import Register
from register.chain import GENESIS, canonical, digest_of, hash_of
from register.database import writing
from register.fold import catch_up
from register.log import Head, erase, head, noted
from register.read_models import FOLDED
from register.tables import ERASURE, EVENT, EVENT_CONTENT, NOTICE
from register.verify import AT_ONCE, FaultKind, Verified, verify, verify_on
from tests.register.entries import AT, JOURNEY, entry

EVENTS = 6
ERASED = 3
COLUMNS = [column for column in (*EVENT.columns, *EVENT_CONTENT.columns) if column.name != "position"]
positions = st.integers(1, EVENTS)


@pytest.fixture
def register(engine: sql.Engine) -> sql.Engine:
    """Six events, the third without its content."""
    kept = Register(engine)
    kept.write([entry(1), entry(2, code="overdue", on_behalf_of="tessa")], {"process": JOURNEY, "stage": "listed"})
    kept.write([entry(3, details={"reasons": "to be erased"}), entry(4, cites=())])
    asyncio.run(kept.record_refusal(entry(0, accepted=False, code="same_person"), "m-1"))
    with writing(engine) as connection:
        erased_by_pat(connection, [ERASED])
    assert verify(engine).holds
    return engine


def erased_by_pat(connection: sql.Connection, wanted: list[int]) -> None:
    about: dict[str, Any] = {"staff": "pat", "post": "records", "at": AT, "details": {"positions": wanted}}
    erase(connection, wanted, noted(connection, process_id="child/hillingdon/C-1", what="erased", **about), AT)


@contextmanager
def unguarded(engine: sql.Engine) -> Iterator[sql.Connection]:
    """Somebody who owns the database and has taken triggers and foreign keys away; undone afterwards."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            driver.execute("PRAGMA foreign_keys=OFF")  # which does nothing within a transaction
            for name in connection.scalars(sql.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.execute(sql.text("SET LOCAL session_replication_role = replica"))
        try:
            yield connection
        finally:
            connection.rollback()
            if engine.dialect.name == "sqlite":
                driver.execute("PRAGMA foreign_keys=ON")


class Change(NamedTuple):
    """Another value in one column of one event."""

    position: int
    column: sql.Column[Any]
    value: object


@st.composite
def changes(draw: st.DrawFn) -> Change:
    column = draw(st.sampled_from(COLUMNS))
    text = st.text(st.characters(codec="ascii", exclude_characters="\x00"), max_size=32)
    of_type: dict[type[Any], st.SearchStrategy[object]] = {
        sql.Integer: st.integers(-(2**31), 2**31 - 1),
        sql.Boolean: st.booleans(),
        sql.JSON: st.lists(text, max_size=3),
        sql.String: text,
    }
    if type(column.type) in of_type or isinstance(column.type, sql.String):
        values = of_type.get(type(column.type), text)
    else:
        values = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given its zone here
    if column.nullable:
        values = st.none() | values
    return Change(draw(positions), column, draw(values))


few = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@few
@given(changes())
def test_any_change_of_any_column_is_found(register: sql.Engine, change: Change) -> None:
    table = change.column.table
    with unguarded(register) as connection:
        of = table.c.position == change.position
        before = connection.execute(sql.select(table.c.position, change.column).where(of)).first()
        if before is None or before[1] == change.value:
            return
        connection.execute(sql.update(table).where(of).values({change.column.name: change.value}))

        report = verify_on(connection)

    assert change.position in {fault.position for fault in report.faults}


@few
@given(st.sets(positions, min_size=1, max_size=EVENTS - 1))
def test_any_events_that_are_missing_are_found(register: sql.Engine, missing: set[int]) -> None:
    with unguarded(register) as connection:
        end = head(connection)
        for table in (EVENT_CONTENT, ERASURE, EVENT):
            connection.execute(sql.delete(table).where(table.c.position.in_(missing)))

        without, with_head = verify_on(connection), verify_on(connection, end)

    assert not with_head.holds
    inner = {one for one in missing if any(later not in missing for later in range(one, EVENTS + 1))}
    assert {fault.position for fault in without.faults if fault.kind == FaultKind.GAP} == {
        one for one in inner if one - 1 not in inner
    }


@few
@given(st.lists(positions, min_size=2, max_size=2, unique=True))
def test_events_that_changed_places_are_found(register: sql.Engine, two: list[int]) -> None:
    with unguarded(register) as connection:
        for before, after in ((two[0], 1000), (two[1], two[0]), (1000, two[1])):
            for table in (EVENT, EVENT_CONTENT, ERASURE):
                connection.execute(sql.update(table).where(table.c.position == before).values(position=after))

        report = verify_on(connection)

    assert set(two) <= {fault.position for fault in report.faults}


@few
@given(positions)
def test_content_that_is_missing_without_an_erasure_is_found(register: sql.Engine, position: int) -> None:
    with unguarded(register) as connection:
        connection.execute(sql.delete(EVENT_CONTENT).where(EVENT_CONTENT.c.position == position))
        connection.execute(sql.delete(ERASURE).where(ERASURE.c.position == position))

        report = verify_on(connection)

    assert (position, FaultKind.CONTENT_MISSING) in {(fault.position, fault.kind) for fault in report.faults}


def test_content_that_came_back_after_its_erasure_is_found(register: sql.Engine) -> None:
    with unguarded(register) as connection:
        row = {"position": ERASED, "salt": "0" * 32, "details": "{}", "standing": None}
        connection.execute(sql.insert(EVENT_CONTENT).values(row))

        report = verify_on(connection)

    assert kinds(report) == [FaultKind.CONTENT_BACK]


@pytest.mark.parametrize("by", [2, 6], ids=["another event", "an erasure of something else"])
def test_content_that_no_event_says_was_to_be_erased_is_found(register: sql.Engine, by: int) -> None:
    with unguarded(register) as connection:
        connection.execute(sql.delete(EVENT_CONTENT).where(EVENT_CONTENT.c.position == 1))
        connection.execute(sql.insert(ERASURE).values(position=1, erased_at=AT, by_position=by))

        report = verify_on(connection)

    assert kinds(report) == [FaultKind.ERASURE]


def _folded(connection: sql.Connection) -> None:
    connection.execute(sql.insert(FOLDED).values(id=1, position=EVENTS, generation=0))


def _told(connection: sql.Connection) -> None:
    row = {"process_id": JOURNEY, "sequence": 5, "number": 0, "post": "team_manager", "subject": "referred", "at": AT}
    connection.execute(sql.insert(NOTICE).values(position=EVENTS, **row))


def _erased(connection: sql.Connection) -> None:
    connection.execute(sql.insert(ERASURE).values(position=1, erased_at=AT, by_position=EVENTS))


def _content_left(connection: sql.Connection) -> None:
    row = {"position": EVENTS, "salt": "0" * 32, "details": "{}", "standing": None}
    connection.execute(sql.insert(EVENT_CONTENT).values(row))


@pytest.mark.parametrize("seen", [_folded, _told, _erased, _content_left])
def test_an_end_that_was_cut_off_is_found_where_another_table_has_seen_it(
    register: sql.Engine, seen: Callable[[sql.Connection], None]
) -> None:
    with unguarded(register) as connection:
        for table in (EVENT_CONTENT, ERASURE, EVENT):
            connection.execute(sql.delete(table).where(table.c.position > ERASED - 1))
        seen(connection)

        report = verify_on(connection)

    assert report.faults[-1].kind == FaultKind.END
    assert report.faults[-1].position == EVENTS
    assert report.faults[-1].sentence == "The log ends at 2, and was read up to 6 before: its end is missing."


def test_read_models_that_are_behind_or_level_are_no_fault(register: sql.Engine) -> None:
    catch_up(register)
    assert verify(register).holds

    Register(register).write([entry(5)])

    assert verify(register).holds


def test_an_end_that_nobody_read_is_only_found_with_a_head_that_was_kept_elsewhere(register: sql.Engine) -> None:
    with unguarded(register) as connection:
        kept = head(connection)
        for table in (EVENT_CONTENT, ERASURE, EVENT):
            connection.execute(sql.delete(table).where(table.c.position > ERASED - 1))

        assert verify_on(connection).holds
        report = verify_on(connection, kept)

    assert [fault.sentence for fault in report.faults] == [
        "The register ends with event 2, and event 6 was noted: its end was cut off."
    ]


def test_a_chain_that_was_written_anew_is_only_found_with_a_head_that_was_kept_elsewhere(register: sql.Engine) -> None:
    with unguarded(register) as connection:
        kept = head(connection)
        _forge(connection, {4: {"staff": "somebody-else"}})

        assert verify_on(connection).holds
        report = verify_on(connection, kept)

    assert kinds(report) == [FaultKind.HEAD]


def _forge(connection: sql.Connection, changed: dict[int, dict[str, object]]) -> None:
    """Do what somebody with patience would do: change an event and compute all hashes after it again."""
    previous = GENESIS
    for row in connection.execute(sql.select(EVENT).order_by(EVENT.c.position)).mappings().all():
        new = {**row, **changed.get(row["position"], {}), "previous": previous}
        new["hash"] = previous = hash_of(new)
        connection.execute(sql.update(EVENT).where(EVENT.c.position == row["position"]).values(new))


def test_a_head_that_was_noted_earlier_is_part_of_a_longer_chain(register: sql.Engine) -> None:
    with register.connect() as connection:
        kept = head(connection)

    Register(register).write([entry(5)])

    assert verify(register, kept).holds
    assert verify(register, Head(0, GENESIS)).holds
    assert not verify(register, Head(kept.position, "0" * 64)).holds


def test_an_empty_register_holds(engine: sql.Engine) -> None:
    assert verify(engine) == Verified(events=0, erased=0, head=Head(0, GENESIS), faults=())


def test_a_long_chain_is_read_in_pages_and_says_how_far_it_is(engine: sql.Engine) -> None:
    Register(engine).write([entry(number) for number in range(1, AT_ONCE + 2)])
    reached: list[int] = []

    report = verify(engine, progress=reached.append)

    assert report.holds
    assert reached == [AT_ONCE, AT_ONCE + 1]


def test_a_register_that_is_wrong_all_over_names_a_hundred_faults(engine: sql.Engine) -> None:
    Register(engine).write([entry(number) for number in range(1, 150)])
    with unguarded(engine) as connection:
        connection.execute(sql.update(EVENT).values(staff="nobody"))

        report = verify_on(connection)

    assert (len(report.faults), report.more) == (100, True)


def test_the_chain_can_be_computed_as_the_documentation_says() -> None:
    row = {
        "position": 1,
        "process_id": JOURNEY,
        "sequence": 1,
        "message_id": "",
        "at": AT,
        "recorded_at": AT + timedelta(seconds=1, microseconds=5),
        "what": "refer",
        "staff": "amira",
        "post": "social_worker",
        "on_behalf_of": None,
        "accepted": True,
        "code": None,
        "cites": ["HIL-001"],
        "procedure_version": "2031.1",
        "content_digest": digest_of("00" * 16, canonical({"b": "ß", "a": 1}), None),
        "previous": GENESIS,
    }

    assert row["content_digest"] == DIGEST
    assert hash_of(row) == HASH


DIGEST = "33396f113601e5e101c6f48cfce299cfb6fde0efcaed6fc7d8129a7c5e2b8d72"
HASH = "72eef2cbdca88e5ecf4d812edc1319695ed54387785d9c09b31f996c0ba0e49c"


def kinds(report: Verified) -> list[FaultKind]:
    return [fault.kind for fault in report.faults]
