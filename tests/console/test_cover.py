"""Deputies, reassignment and worklists from the command line; the first tests need no server."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.errors import ExitStatus
from tests.console.conftest import Run
from tests.console.test_watches import PACKAGE

Form = Callable[..., str]
COVERS = ("--deputy", "tm-lac-1", "--until", "2099-12-31")


def answer(run: Run, *arguments: str) -> Any:  # noqa: ANN401 - any JSON value
    result = run(*arguments, "--json")
    assert result.exit_code == ExitStatus.DONE, result.stderr
    return json.loads(result.stdout)


def sentence(run: Run, *arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert len(result.stderr.splitlines()) == 1
    return str(result.stderr)


@pytest.fixture
def alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command line with an empty register of its own."""
    monkeypatch.setenv("WAYMARK_REGISTER_URL", f"sqlite:///{tmp_path}/own.db")
    return run


def test_a_deputy_is_named_listed_and_let_go(alone: Run) -> None:
    told = alone("cover", "--as", "tm-cin-1", *COVERS, "--reason", "leave")
    assert told.stdout.startswith("tm-lac-1 stands in for tm-cin-1 from ")
    (row,) = answer(alone, "cover", "--list", "--council", "hillingdon")
    assert (row["staff"], row["deputy"], row["reassigned"]) == ("tm-cin-1", "tm-lac-1", False)
    shown = alone("cover", "--list").stdout
    assert "everything" in shown
    assert " now" in shown
    assert answer(alone, "worklist", "--as", "tm-lac-1")["covering"] == ["tm-cin-1"]
    assert "does not stand in for tm-cin-1 any more" in alone("cover", "--end", "--as", "tm-cin-1").stdout
    assert "over" in alone("cover", "--list", "--as", "tm-cin-1").stdout
    (ended,) = answer(alone, "cover", "--list")
    assert ended["ended_at"] is not None


def test_nobody_stands_in_for_anybody_at_first_and_the_list_says_so(alone: Run) -> None:
    assert "Nobody stands in for anybody" in alone("cover", "--list").stdout
    assert answer(alone, "cover", "--list") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("cover", *COVERS), "Say who arranges it with --as STAFF."),
        (("cover", "--as", "tm-cin-1"), "Name the deputy with --deputy STAFF and the last day with --until DATE."),
        (("cover", "--list", "--end"), "Choose one of --list and --end."),
        (("cover", "--as", "tm-cin-1", "--deputy", "tm-lac-1", "--until", "31 December"), "is no date"),
        (("cover", "--as", "sw-cin-1", "--of", "tm-cin-1", *COVERS), "Ask tm-cin-1 or the head of service"),
        (
            ("cover", "--as", "tm-cin-1", "--deputy", "nobody", "--until", "2099-12-31"),
            "has the staff reference nobody",
        ),
        (("reassign", "--from", "sw-cin-1", "--to", "sw-cin-2", "--reason", "left"), "Say who arranges it"),
        (("worklist",), "Say whose worklist"),
        (("worklist", "--as", "tm-cin-1", "--unit", "x"), "Say either whose worklist"),
        (("worklist", "--post", "director"), "Say of which council"),
        (("worklist", "--post", "mayor", "--council", "hillingdon"), "There is no post mayor"),
        (("worklist", "--as", "nobody"), "has the staff reference nobody"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(alone: Run, arguments: tuple[str, ...], says: str) -> None:
    assert says.casefold() in sentence(alone, *arguments).casefold()


def test_one_case_changes_hands_by_its_whole_id(alone: Run) -> None:
    words = ("reassign", "--as", "tm-cin-1", "--from", "sw-cin-1", "--to", "sw-cin-2", "--reason", "moves")
    assert "write the whole id, such as journey/" in sentence(alone, *words, "--process", "HARP-1")
    assert "is not a process of hillingdon" in sentence(alone, *words, "--process", "journey/hackney/X-1")
    told = alone(*words, "--process", "journey/hillingdon/HARP-1").stdout
    assert told == "journey/hillingdon/HARP-1 of sw-cin-1 is sw-cin-2's from now on.\n"
    assert alone(*words).stdout == "What sw-cin-1 had to do is sw-cin-2's from now on.\n"
    assert [row["of_process"] for row in answer(alone, "cover", "--list")] == [None, "journey/hillingdon/HARP-1"]


def test_an_empty_worklist_says_so_kindly(alone: Run) -> None:
    assert "Nothing waits here just now." in alone("worklist", "--as", "vsh-1").stdout
    assert answer(alone, "worklist", "--post", "director", "--council", "hillingdon")["empty"] is True
    assert "Nothing waits here just now." in alone("worklist", "--unit", "court", "--council", "hillingdon").stdout


def test_who_has_left_acts_no_more_and_what_they_leave_is_found(
    alone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "staff.toml"
    path.write_text(
        '[hillingdon]\nsw-1 = { post = "social_worker", unit = "court", left = 2026-01-01 }\n'
        'tm-1 = { post = "team_manager", unit = "court" }\nsw-2 = { post = "social_worker", unit = "court" }\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("WAYMARK_STAFF_DIRECTORY", str(path))
    said = sentence(alone, "cover", "--as", "sw-1", "--deputy", "sw-2", "--until", "2099-12-31")
    assert "sw-1 left on 2026-01-01 and may not act any more: ask tm-1." in said
    answer(alone, "reassign", "--as", "tm-1", "--from", "sw-1", "--to", "sw-2", "--reason", "left")
    assert answer(alone, "worklist", "--as", "sw-2")["covering"] == ["sw-1"]


@pytest.mark.usefixtures("serving")
def test_a_deputy_acts_without_being_told_for_whom_where_only_one_cover_allows_it(run: Run, form: Form) -> None:
    answer(run, "refer", form("COVER-1"), "--as", "sw-cin-1")
    refused = run("act", "COVER-1", "sign_off", "--as", "tm-lac-1", "--on-behalf-of", "tm-cin-1")
    assert "tm-lac-1 does not stand in for tm-cin-1 today" in refused.stderr
    assert "--as" in sentence(run, "act", "COVER-1", "sign_off", "--on-behalf-of", "tm-cin-1")
    answer(run, "cover", "--as", "tm-cin-1", *COVERS)
    (line,) = [
        line
        for section in answer(run, "worklist", "--as", "tm-lac-1")["sections"]
        for line in section["lines"]
        if line["reference"] == "COVER-1"
    ]
    assert (line["part"], line["covering"]) == ("sign_off", "tm-cin-1")
    assert "COVER-1" in run("worklist", "--as", "tm-cin-1").stdout
    unit = run("worklist", "--unit", "children in need", "--council", "hillingdon").stdout
    assert "team manager" in unit.casefold()
    assert "sw-cin-1" in unit
    told = run("act", "COVER-1", "sign_off", "--as", "tm-lac-1").stdout
    assert told.startswith("Done, on behalf of tm-cin-1: sign off.")
    assert "tm-lac-1 on behalf of tm-cin-1 (team manager)" in run("show", "COVER-1").stdout
    own = answer(run, "act", "COVER-1", "endorse", "--as", "hos-cin-1")
    assert (own["staff"], own["on_behalf_of"]) == ("hos-cin-1", None)
    answer(run, "cover", "--end", "--as", "tm-cin-1")


@pytest.mark.usefixtures("serving")
def test_a_deputy_of_two_who_may_says_for_whom(run: Run, form: Form) -> None:
    answer(run, "refer", form("COVER-2"), "--as", "sw-cin-1")
    for head in ("hos-court-1", "hos-lac-1"):
        answer(run, "cover", "--as", head, "--deputy", "ptm-1", "--until", "2099-12-31")
    said = sentence(run, "act", "COVER-2", "agree_late", "--as", "ptm-1", "--with", '{"reasons": "x"}')
    assert "Say for whom with --on-behalf-of STAFF: ptm-1 stands in for" in said
    for head in ("hos-court-1", "hos-lac-1"):
        answer(run, "cover", "--end", "--as", head)


@pytest.mark.usefixtures("serving")
def test_a_referral_that_a_deputy_wrote_comes_back_to_whose_it_is(run: Run, form: Form) -> None:
    words = ("refer", form("COVER-3"), "--as", "sw-cin-2", "--on-behalf-of", "sw-cin-1")
    assert "sw-cin-2 does not stand in for sw-cin-1 today" in sentence(run, *words)
    answer(run, "cover", "--as", "sw-cin-1", "--deputy", "sw-cin-2", "--until", "2099-12-31")
    answer(run, *words)
    answer(run, "act", "COVER-3", "return_for_changes", "--as", "tm-cin-1", "--with", '{"reasons": "Say more."}')
    for who, covering in (("sw-cin-1", None), ("sw-cin-2", "sw-cin-1")):
        sections = answer(run, "worklist", "--as", who)["sections"]
        (line,) = [one for part in sections for one in part["lines"] if one["reference"] == "COVER-3"]
        assert (line["part"], line["covering"]) == ("returned", covering)
    answer(run, "cover", "--end", "--as", "sw-cin-1")


@pytest.mark.usefixtures("serving")
def test_a_deputy_starts_what_their_own_post_may_not(run: Run) -> None:
    said = json.dumps({**PACKAGE, "package_ref": "PK-COVER"})
    words = ("start", "allocate", "--with", said, "--on-behalf-of", "tm-cin-1")
    assert "--as" in sentence(run, *words)
    assert "vsh-1 does not stand in for tm-cin-1 today" in sentence(run, *words, "--as", "vsh-1")
    answer(run, "cover", "--as", "tm-cin-1", "--deputy", "vsh-1", "--until", "2099-12-31")
    assert answer(run, *words, "--as", "vsh-1")["started"] is True
    assert "vsh-1 on behalf of tm-cin-1" in run("show", "PK-COVER").stdout
    answer(run, "cover", "--end", "--as", "tm-cin-1")
