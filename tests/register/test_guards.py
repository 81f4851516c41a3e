"""The triggers of the log: what they stop on SQLite besides, and that they are missed and put up again."""

from pathlib import Path

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError, IntegrityError

from activities.register import Register
from register import triggers
from register.database import put_guards_back, writing
from register.log import append, erase, line_of
from register.state import state_of
from register.verify import verify
from tests.conftest import opened
from tests.register.entries import AT, entry

EVENT_AS = """
INTO event ({position}, process_id, sequence, message_id, at, recorded_at, what, staff, post, accepted, cites,
    procedure_version, content_digest, previous, hash)
SELECT {value}, process_id, {sequence}, message_id, at, recorded_at, what, 'mallory', post, accepted, cites,
    procedure_version, content_digest, previous, hash FROM event WHERE position = 2
"""
OVER_AN_EVENT = {
    "its position": EVENT_AS.format(position="position", value=2, sequence=70),
    "its position as text": EVENT_AS.format(position="position", value="'2'", sequence=70),
    "its row": EVENT_AS.format(position="rowid", value=2, sequence=70),
    "what makes it the same event": EVENT_AS.format(position="position", value=70, sequence="sequence"),
    "that, at no position": EVENT_AS.format(position="position", value="NULL", sequence="CAST(sequence AS TEXT)"),
}
OVER_CONTENT = "INTO event_content (position, salt, details) VALUES (2, 's', '{}')"
OVER_AN_ERASURE = "INTO erasure (position, erased_at, by_position) VALUES (1, '2031-01-01 00:00:00', 1)"


def written(engine: sql.Engine) -> None:
    """Two events, the first without its content."""
    Register(engine).write([entry(1), entry(2, details={"positions": [1]})])
    with writing(engine) as connection:
        erase(connection, [1], 2, AT)


@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE"])
@pytest.mark.parametrize(
    "row",
    [*OVER_AN_EVENT.values(), OVER_CONTENT, OVER_AN_ERASURE],
    ids=[*OVER_AN_EVENT, "content", "an erasure"],
)
def test_sqlite_refuses_to_replace_what_was_recorded(tmp_path: Path, verb: str, row: str) -> None:
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        written(engine)

        with pytest.raises(IntegrityError, match=triggers.REFUSES), writing(engine) as connection:
            connection.exec_driver_sql(f"{verb} {row}")

        assert verify(engine).holds


def test_an_event_that_is_there_already_is_an_integrity_error_on_either_database(engine: sql.Engine) -> None:
    Register(engine).write([entry(1)])

    with pytest.raises(IntegrityError), writing(engine) as connection:
        append(connection, [line_of(entry(1))])


def test_a_register_has_all_its_guards(engine: sql.Engine) -> None:
    with engine.connect() as connection:
        assert triggers.gone(connection) == []

    assert put_guards_back(engine) == []


TAKEN_AWAY = {
    "sqlite": ("DROP TRIGGER event_UPDATE", "DROP TRIGGER event_content_DELETE"),
    "postgresql": (
        "ALTER TABLE event DISABLE TRIGGER event_update",
        "DROP TRIGGER event_content_delete ON event_content",
    ),
}
MADE_HARMLESS = {
    "sqlite": (
        "DROP TRIGGER event_UPDATE",
        "CREATE TRIGGER event_UPDATE BEFORE UPDATE ON event BEGIN SELECT 1; END",
        "DROP TRIGGER event_content_DELETE",
        "CREATE TRIGGER event_content_DELETE BEFORE DELETE ON event_content BEGIN SELECT 1; END",
    ),
    "postgresql": (
        "DROP TRIGGER event_update ON event",
        (
            "CREATE TRIGGER event_update BEFORE UPDATE ON event"
            " FOR EACH ROW WHEN (OLD.position = 0) EXECUTE FUNCTION register_refuses()"
        ),
        (
            "CREATE OR REPLACE FUNCTION register_content_erased() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN OLD; END'"
        ),
    ),
}


@pytest.mark.parametrize("done", [TAKEN_AWAY, MADE_HARMLESS], ids=["taken away", "made harmless"])
def test_guards_that_are_gone_are_named_and_put_back(engine: sql.Engine, done: dict[str, tuple[str, ...]]) -> None:
    written(engine)
    with writing(engine) as connection:
        for statement in done[engine.dialect.name]:
            connection.exec_driver_sql(statement)
    gone = ("UPDATE of event", "DELETE of event_content")

    report = verify(engine)

    assert (report.guards_gone, report.holds) == (gone, True)
    assert state_of(engine).guards_gone == gone
    assert put_guards_back(engine) == list(gone)
    assert verify(engine).guards_gone == ()
    for statement in ("UPDATE event SET staff = 'mallory'", "DELETE FROM event_content"):
        with pytest.raises(DBAPIError, match="only"), writing(engine) as connection:
            connection.exec_driver_sql(statement)
