"""The register looks after itself, and says what it found."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from activities.register import Register
from console.errors import ExitStatus
from register import triggers
from register.database import VERSION, writing
from register.fold import catch_up
from register.read_models import PROCESS
from tests.conftest import opened
from tests.console.conftest import Run
from tests.register.entries import JOURNEY, entry


@pytest.fixture
def register(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[sql.Engine]:
    """A register of its own with three events, where the command line looks for it."""
    del run
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", str(tmp_path))
    with opened(f"sqlite:///{tmp_path}/register.db") as engine:
        Register(engine).write([entry(1), entry(2), entry(3)])
        yield engine


def tampered(engine: sql.Engine, statement: str) -> None:
    """What somebody does who owns the database, and puts the triggers back afterwards."""
    with writing(engine) as connection:
        for name in connection.scalars(sql.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)
        triggers.put_up(connection)


def test_a_register_that_holds_is_said_to_hold(run: Run, register: sql.Engine) -> None:
    del register

    told = run("register", "verify")

    assert told.exit_code == ExitStatus.DONE
    assert told.stdout.startswith("3 events, each as it was written. Head ")


def test_a_changed_event_is_named_and_the_exit_status_is_one(run: Run, register: sql.Engine) -> None:
    tampered(register, "UPDATE event SET staff = 'somebody' WHERE position = 2")

    told = run("register", "verify", "--json")

    assert told.exit_code == ExitStatus.NOT_AS_EXPECTED
    said = json.loads(told.stdout)
    assert said["holds"] is False
    assert said["faults"] == [{"position": 2, "kind": "changed", "sentence": "Event 2 is not as it was written."}]
    assert run("register", "verify").stderr == "Event 2 is not as it was written.\n"


def test_a_head_that_was_kept_elsewhere_shows_that_the_end_was_cut_off(
    run: Run, register: sql.Engine, tmp_path: Path
) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(run("register", "head").stdout, encoding="utf-8")
    assert "The head that was kept, event 3, is part of it." in run("register", "verify", "--head", str(kept)).stdout
    tampered(register, "DELETE FROM event_content WHERE position = 3")
    tampered(register, "DELETE FROM event WHERE position = 3")

    told = run("register", "verify", "--head", str(kept))

    assert run("register", "verify").exit_code == ExitStatus.DONE
    assert told.exit_code == ExitStatus.NOT_AS_EXPECTED
    assert told.stderr == "The register ends with event 2, and event 3 was noted: its end was cut off.\n"


@pytest.mark.parametrize("said", ["", "{}", '{"position": "x", "hash": ""}', "[1]"])
def test_what_is_no_head_is_refused_in_one_sentence(run: Run, register: sql.Engine, tmp_path: Path, said: str) -> None:
    del register
    (tmp_path / "head.json").write_text(said, encoding="utf-8")

    told = run("register", "verify", "--head", "head.json")

    assert told.exit_code == ExitStatus.BAD_INPUT
    assert told.stderr == "head.json holds no head: give what `starter.py register head` printed.\n"


def test_a_register_that_is_not_there_is_not_made_by_looking_at_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", str(tmp_path))

    for look in (("verify",), ("head",), ("status", "--json")):
        told = run("register", *look)
        assert told.exit_code == ExitStatus.BAD_INPUT
        assert told.stderr.startswith(f"There is no register at {tmp_path}/register.db yet")

    assert not (tmp_path / "register.db").exists()


def test_status_says_where_it_is_and_how_far(run: Run, register: sql.Engine, tmp_path: Path) -> None:
    del register

    said = json.loads(run("register", "status", "--json").stdout)

    assert said == {
        "address": f"sqlite:///{tmp_path}/register.db",
        "version": VERSION,
        "needs": VERSION,
        "events": 3,
        "erased": 0,
        "last_at": "2031-03-06T09:33:00Z",
        "folded": 0,
        "seen": 3,
        "guards_gone": [],
    }
    assert "3 events behind" in run("register", "status").stdout


def test_an_end_that_is_missing_is_said_by_verify_and_status(run: Run, register: sql.Engine) -> None:
    catch_up(register)
    assert "up to date" in run("register", "status").stdout
    for table in ("event_content", "event"):
        tampered(register, f"DELETE FROM {table} WHERE position = 3")  # noqa: S608 - names of this file
    sentence = "The log ends at 2, and was read up to 3 before: its end is missing."

    told = run("register", "verify")

    assert (told.exit_code, told.stderr) == (ExitStatus.NOT_AS_EXPECTED, f"{sentence}\n")
    status = " ".join(run("register", "status").stdout.split())
    assert sentence in status
    assert "up to date" not in status


def test_guards_that_are_gone_are_said_and_put_back_by_migrate(run: Run, register: sql.Engine) -> None:
    with writing(register) as connection:
        connection.exec_driver_sql("DROP TRIGGER event_UPDATE")
    sentence = "The guard against UPDATE of event is gone or switched off: `starter.py register migrate` puts it back."

    told = run("register", "verify")

    assert (told.exit_code, told.stderr) == (ExitStatus.DONE, f"{sentence}\n")
    assert sentence in " ".join(run("register", "status").stdout.split())
    assert json.loads(run("register", "verify", "--json").stdout)["guards_gone"] == ["UPDATE of event"]
    assert run("register", "migrate").stdout == (
        f"The tables have version {VERSION} already.\nPut back: the guard against UPDATE of event.\n"
    )
    assert run("register", "verify").stderr == ""


def test_a_rebuild_that_comes_out_otherwise_names_the_row(run: Run, register: sql.Engine) -> None:
    assert run("register", "rebuild", "--compare").stdout == "3 events folded anew, with the same result.\n"
    with writing(register) as connection:
        changed = connection.execute(sql.update(PROCESS).values(stage="somewhere")).rowcount
    told = run("register", "rebuild", "--compare")

    assert changed == 1
    assert told.exit_code == ExitStatus.NOT_AS_EXPECTED
    assert told.stderr == f"changed: process {JOURNEY}\n"


def test_tables_are_brought_up_to_date_once(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", str(tmp_path))

    assert run("register", "migrate").stdout == f"The tables were made and are version {VERSION} now.\n"
    assert run("register", "migrate").stdout == f"The tables have version {VERSION} already.\n"
