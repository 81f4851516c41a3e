"""`planner` and `calendar`: what lies ahead, as people and as calendar programs read it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from icalendar import Calendar

from console.errors import ExitStatus
from register.read_models import ACTION, CLOCK
from rules.working_days import local
from tests.conftest import opened
from tests.console.conftest import Run
from tests.register.rows import a_clock, an_action, insert

TODAY = local(datetime.now(UTC)).date()


@pytest.fixture
def register(state: Path) -> Iterator[sql.Engine]:
    with opened(f"sqlite:///{state}/register.db") as engine:
        yield engine
        with engine.begin() as connection:
            for table in (ACTION, CLOCK):
                connection.execute(sql.delete(table))


def shown(run: Run, *more: str) -> dict[str, Any]:
    result = run("planner", *more, "--json")
    assert result.exit_code == ExitStatus.DONE, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_planner_shows_what_is_late_first_and_then_the_weeks(run: Run, register: sql.Engine) -> None:
    insert(
        register,
        ACTION,
        an_action(due=TODAY - timedelta(days=3), unit="court"),
        an_action(reference="A2", due=TODAY + timedelta(days=1), unit="court"),
    )
    result = run("planner", "--council", "hillingdon", "--weeks", "4")
    assert result.exit_code == ExitStatus.DONE
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == "Late: 1 action"
    assert "Action A1" in result.stdout
    assert result.stdout.index("Action A1") < result.stdout.index("Week ") < result.stdout.index("Action A2")
    assert "0 of 10" in result.stdout


def test_the_planner_as_json_says_where_the_next_page_begins(run: Run, register: sql.Engine) -> None:
    insert(
        register, CLOCK, *(a_clock(name=f"renewal:{n}", due=datetime.now(UTC) + timedelta(days=1)) for n in range(3))
    )
    first = shown(run, "--council", "hillingdon", "--kind", "renewal", "--limit", "2")
    second = shown(run, "--council", "hillingdon", "--kind", "renewal", "--limit", "2", "--after", first["following"])
    names = [[one["name"] for week in found["weeks"] for one in week["entries"]] for found in (first, second)]
    assert names == [["renewal:0", "renewal:1"], ["renewal:2"]]
    assert second["following"] is None
    text = run("planner", "--council", "hillingdon", "--kind", "renewal", "--limit", "2").stdout
    assert f"--after '{first['following']}'" in text.replace("\n", "")


@pytest.mark.usefixtures("register")
def test_a_planner_without_anything_says_so(run: Run) -> None:
    result = run("planner", "--kind", "action", "--weeks", "1")
    assert result.stdout.startswith("Nothing is late, and nothing lies ahead until Sun ")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (["--council", "atlantis"], "There is no council atlantis"),
        (["--forum", "senate"], "There is no forum senate"),
        (["--kind", "party"], "There is no kind party"),
        (["--post", "king"], "There is no post king"),
        (["--unit", "nowhere"], "There is no unit nowhere"),
        (["--from", "tomorrow"], "tomorrow is no date"),
        (["--after", "somewhere"], "No page of the planner ends there"),
    ],
)
@pytest.mark.usefixtures("register")
def test_what_the_planner_does_not_know_is_told_in_a_sentence(run: Run, asked: list[str], sentence: str) -> None:
    result = run("planner", *asked)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.usefixtures("register")
def test_a_feed_is_written_and_written_again_without_a_change(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "harp.ics"
    result = run("calendar", "--forum", "hillingdon", "harp", "--write", str(file))
    assert result.exit_code == ExitStatus.DONE
    first = file.read_bytes()
    many = len(Calendar.from_ical(first).walk("VEVENT"))
    assert result.stdout == f"{many} entries: written to {file}.\n"
    again = run("calendar", "--forum", "hillingdon", "harp", "--write", str(file), "--json")
    assert json.loads(again.stdout) == {"file": str(file), "entries": many, "cancelled": 0}
    assert file.read_bytes() == first


def test_a_person_sees_their_own_and_a_reminder_where_they_want_one(
    run: Run, register: sql.Engine, tmp_path: Path
) -> None:
    insert(register, ACTION, an_action(owner_staff="tm-cin-1", due=TODAY + timedelta(days=9)))
    for more, alarms in (((), 0), (("--remind", "2"), 1)):
        file = tmp_path / "mine.ics"
        run("calendar", "--as", "tm-cin-1", *more, "--write", str(file))
        (event,) = [
            one for one in Calendar.from_ical(file.read_bytes()).walk("VEVENT") if "Action" in str(one["summary"])
        ]
        assert len(event.walk("VALARM")) == alarms
    insert(register, CLOCK, a_clock(unit="court", due=datetime.now(UTC) + timedelta(days=3), name="listing"))
    assert "Place at a sitting" in run("calendar", "--unit", "hillingdon", "court").stdout


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ([], "Say whose calendar"),
        (["--as", "tm-cin-1", "--forum", "hillingdon", "harp"], "Say whose calendar"),
        (["--as", "nobody-1"], "nobody-1"),
        (["--forum", "hillingdon", "senate"], "senate"),
        (["--unit", "hillingdon", "nowhere"], "There is no unit nowhere"),
        (["--as", "tm-cin-1", "--json"], "name a file with --write"),
        (["--as", "tm-cin-1", "--write", "/nowhere/at/all.ics"], "cannot be written"),
    ],
)
@pytest.mark.usefixtures("register")
def test_a_calendar_that_cannot_be_written_is_told_in_a_sentence(run: Run, asked: list[str], sentence: str) -> None:
    result = run("calendar", *asked)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert sentence in result.stderr


NO_SUCH_DAYS = ["0001-01-01", "1989-12-31", "2201-01-01", "9999-12-30"]


@pytest.mark.parametrize(
    "words",
    [
        ("planner", "--from"),
        ("report", "activity", "--council", "hillingdon", "--from", "2026-01-01", "--until"),
        ("report", "activity", "--council", "hillingdon", "--until", "2026-01-01", "--from"),
        ("cover", "--as", "tm-cin-1", "--deputy", "tm-lac-1", "--until"),
        ("cover", "--as", "tm-cin-1", "--deputy", "tm-lac-1", "--until", "2099-12-31", "--from"),
        ("papers", "make", "hillingdon", "harp"),
        ("papers", "list", "hillingdon", "harp"),
        ("sitting", "hillingdon", "harp"),
    ],
    ids=" ".join,
)
def test_a_day_that_no_register_has_is_told_in_a_sentence(run: Run, words: tuple[str, ...]) -> None:
    for day in NO_SUCH_DAYS:
        for more in ((), ("--json",)):
            result = run(*words, day, *more)
            assert result.exit_code == ExitStatus.BAD_INPUT, day
            assert "is no date that a register has: write a year from 1990 to 2200." in result.stderr
            assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("day", ["1890-01-01", "9999-12-30"])
def test_a_death_that_no_register_has_is_told_in_a_sentence(run: Run, day: str) -> None:
    result = run("hold", "hillingdon", "C-1", "--as", "tm-cin-1", "--reason", "x", "--died-on", day)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert "is no date that a register has: write a year from 1900 to 2200." in result.stderr


@pytest.mark.parametrize("day", ["1990-01-01", "2200-12-31"])
@pytest.mark.usefixtures("register")
def test_the_first_and_the_last_day_that_a_register_has_can_be_planned_from(run: Run, day: str) -> None:
    assert len(shown(run, "--from", day, "--weeks", "104")["weeks"]) > 0
