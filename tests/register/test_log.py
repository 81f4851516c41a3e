import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError

from activities.register import Register
from models.process import Notice
from register.appending import append_new
from register.database import writing
from register.log import erase, head, line_of, note_event, noted
from register.tables import ERASURE, EVENT, EVENT_CONTENT
from register.verify import verify
from rules.standing import merged
from tests.register.entries import AT, JOURNEY, entry

TOLD = Notice(post="team_manager", subject="referred")


def count(engine: sql.Engine, table: sql.Table) -> int:
    with engine.connect() as connection:
        return connection.scalar(sql.select(sql.func.count()).select_from(table)) or 0


def standing_of(engine: sql.Engine) -> dict[str, Any]:
    """What the patches of the one journey come to."""
    query = sql.select(EVENT_CONTENT.c.standing).order_by(EVENT_CONTENT.c.position)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        for patch in connection.scalars(query):
            found = merged(found, json.loads(patch or "{}"))
    return found


def test_what_was_recorded_comes_back_as_it_was(engine: sql.Engine) -> None:
    register = Register(engine)
    sent = [entry(1), entry(2, what="sign_off", staff="tom", post="team_manager", on_behalf_of="tessa", details={})]

    register.write(sent)

    assert register.events(JOURNEY) == sent
    assert asyncio.run(register.knows(JOURNEY))
    assert not asyncio.run(register.knows("journey/hillingdon/R-2"))


def test_what_is_recorded_again_stands_once_and_its_notices_too(engine: sql.Engine) -> None:
    register = Register(engine)

    for _ in range(2):
        register.write([entry(1, notices=(TOLD,)), entry(2)])
        asyncio.run(register.record_refusal(entry(0, accepted=False, code="same_person"), "m-1"))

    assert [one.sequence for one in register.events(JOURNEY)] == [0, 1, 2]
    assert register.notices() == [(JOURNEY, TOLD)]
    assert verify(engine).head.position == 3


def test_instants_come_back_in_utc_whatever_their_zone(engine: sql.Engine) -> None:
    summer = datetime(2031, 7, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    Register(engine).write([entry(1, at=summer)])

    assert Register(engine).events(JOURNEY)[0].at == summer
    assert verify(engine).holds


@pytest.mark.parametrize(
    "odd", ["a\x00b", "\ud800", "£ £", float("inf"), 10**30, {"1": [None, True, {"": ""}]}, "line\nline", "\u2028"]
)
def test_any_content_can_be_recorded(engine: sql.Engine, odd: object) -> None:
    Register(engine).write([entry(1, details={"odd": odd})])

    [found] = Register(engine).events(JOURNEY)
    assert found.details == {"odd": None if odd == float("inf") else odd}
    assert verify(engine).holds


@pytest.mark.parametrize("patch", [{"overdue": True}, {"stage": "closed"}, None])
def test_a_batch_that_comes_again_with_more_adds_what_is_new(engine: sql.Engine, patch: dict[str, Any] | None) -> None:
    register = Register(engine)
    register.write([entry(1)], {"process": JOURNEY, "stage": "awaiting_sign_off", "waiting_on": "team_manager"})
    # The process never heard that the first of these was recorded, and went back to where it was.
    register.write([entry(2)], {"stage": "returned", "waiting_on": "social_worker"})
    register.write([entry(2), entry(3)], patch)

    assert [one.sequence for one in register.events(JOURNEY)] == [1, 2, 3]
    before = {"process": JOURNEY, "stage": "awaiting_sign_off", "waiting_on": "team_manager"}
    assert standing_of(engine) == {**before, **(patch or {})}
    assert verify(engine).holds


def test_what_temporal_has_done_again_otherwise_stands_instead_of_what_was_recorded_first(engine: sql.Engine) -> None:
    register = Register(engine)
    before = {"process": JOURNEY, "stage": "awaiting_sign_off"}
    register.write([entry(1)], before)
    register.write([entry(2, what="sign_off", staff="tom")], {"stage": "awaiting_endorsement"})
    # The worker died before Temporal kept the sign-off. An escalation came in between, and the sign-off after it.
    late = AT + timedelta(hours=1)
    again = [entry(2, what="escalate"), entry(3, what="sign_off", staff="tom", at=late)]

    for _ in range(2):
        register.write(again, {"escalated": True, "stage": "awaiting_endorsement"})

    assert register.events(JOURNEY) == [entry(1), *again]
    assert standing_of(engine) == {**before, "stage": "awaiting_endorsement", "escalated": True}
    report = verify(engine)
    assert (report.holds, report.events) == (True, 4)


def test_an_event_may_be_put_right_more_than_once(engine: sql.Engine) -> None:
    register = Register(engine)
    for minute in (0, 1, 2, 2):
        register.write([entry(1, at=AT + timedelta(minutes=minute))], {"process": JOURNEY, "minute": minute})

    assert register.events(JOURNEY) == [entry(1, at=AT + timedelta(minutes=2))]
    assert standing_of(engine) == {"process": JOURNEY, "minute": 2}
    assert count(engine, EVENT) == 3


def test_the_same_event_twice_in_one_transaction_stands_once(engine: sql.Engine) -> None:
    with writing(engine) as connection:
        append_new(connection, [[line_of(entry(1))], [line_of(entry(1)), line_of(entry(2))]])

    assert count(engine, EVENT) == 2
    assert verify(engine).holds


def test_what_no_process_writes_is_numbered_by_what_it_is_about(engine: sql.Engine) -> None:
    about: dict[str, Any] = {"staff": "pat", "post": "panel_administrator", "at": AT}

    positions = [
        note_event(engine, process_id="cover/hillingdon/tom", what="cover_begun", details={"deputy": "tessa"}, **about),
        note_event(engine, process_id="import/hillingdon/0123", what="imported", **about),
        note_event(engine, process_id="cover/hillingdon/tom", what="cover_ended", notices=[TOLD], **about),
    ]

    assert positions == [1, 2, 3]
    found = Register(engine).events("cover/hillingdon/tom")
    assert [(one.sequence, one.what) for one in found] == [(1, "cover_begun"), (2, "cover_ended")]
    assert Register(engine).notices() == [("cover/hillingdon/tom", TOLD)]


def test_events_noted_at_the_same_moment_stand_one_after_another(engine: sql.Engine) -> None:
    def note(number: int) -> int:
        about: dict[str, Any] = {
            "process_id": f"cover/hillingdon/{number % 2}",
            "staff": "pat",
            "post": "panel_administrator",
        }
        return note_event(engine, what="cover_begun", at=AT, **about)

    with ThreadPoolExecutor(8) as pool:
        positions = list(pool.map(note, range(40)))

    assert sorted(positions) == list(range(1, 41))
    assert [one.sequence for one in Register(engine).events("cover/hillingdon/0")] == list(range(1, 21))
    assert verify(engine).holds


def test_what_is_not_committed_is_not_there(engine: sql.Engine) -> None:
    def note_and_fail() -> None:
        with writing(engine) as connection:
            noted(connection, process_id=JOURNEY, what="disclosed", staff="pat", post="panel_administrator", at=AT)
            raise LookupError

    with pytest.raises(LookupError):
        note_and_fail()

    with engine.connect() as connection:
        assert head(connection).position == 0


@pytest.mark.parametrize("table", [EVENT, EVENT_CONTENT, ERASURE])
@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_the_database_refuses_to_change_or_remove_what_was_recorded(
    engine: sql.Engine, table: sql.Table, verb: str
) -> None:
    Register(engine).write([entry(1), entry(2, details={"positions": [1]})])
    with writing(engine) as connection:
        assert erase(connection, [1], 2, AT) == 1
    statements: dict[str, sql.Executable] = {
        "update": sql.update(table).values(position=table.c.position + 10),
        "delete": sql.delete(table),
        "truncate": sql.text(f"TRUNCATE {table.name} CASCADE"),
    }
    if verb == "truncate" and engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")

    with pytest.raises(DBAPIError, match=r"only ever added to|only erased when"), writing(engine) as connection:
        connection.execute(statements[verb])

    assert verify(engine).holds


def test_content_can_be_erased_and_the_chain_still_verifies(engine: sql.Engine) -> None:
    register = Register(engine)
    register.write([entry(1), entry(2)], {"process": JOURNEY})

    with writing(engine) as connection:
        about: dict[str, Any] = {"staff": "pat", "post": "records", "at": AT, "details": {"positions": [1, 2]}}
        by = noted(connection, process_id="child/hillingdon/C-1", what="erased", **about)
        assert erase(connection, [1, 2], by, AT) == 2
        assert erase(connection, [1, 2], by, AT) == 0

    assert [one.details for one in register.events(JOURNEY)] == [{}, {}]
    report = verify(engine)
    assert (report.holds, report.events, report.erased) == (True, 3, 2)
