"""What is watched over beside the journeys, from the command line, on a real server: started, acted on, listed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from console.errors import ExitStatus
from tests.console.conftest import Run
from tests.console.test_a_case import answer, refused

pytestmark = pytest.mark.usefixtures("serving")

PACKAGE: dict[str, object] = {"child": "C-50117", "services": [{"service": "family_support", "agency": "EARLY-HELP"}]}


def start(run: Run, act: str, staff: str, said: dict[str, object]) -> dict[str, Any]:
    return answer(run, "start", act, "--as", staff, "--with", json.dumps(said))


def package(run: Run, reference: str, **more: object) -> dict[str, Any]:
    return start(run, "allocate", "tm-cin-1", {**PACKAGE, "package_ref": reference, **more})


def placement(run: Run, reference: str, **more: object) -> dict[str, Any]:
    said = {"child": {"reference": "C-50231", "date_of_birth": "2020-01-31"}, "type": "residential_home"}
    return start(run, "start_placement", "sw-lac-1", {"placement_ref": reference, **said, **more})


def listed(run: Run, *filters: str, until: Callable[[set[str]], bool]) -> list[dict[str, Any]]:
    """What is watched over, once visibility has caught up."""
    rows: list[dict[str, Any]] = []
    for _ in range(100):
        rows = json.loads(run("watches", *filters, "--json").stdout)
        if until({row["reference"] for row in rows}):
            return rows
    pytest.fail(f"visibility never got there: {rows}")


def test_a_package_starts_once_however_often_it_is_started(run: Run) -> None:
    first = package(run, "PK-ONCE")
    again = package(run, "PK-ONCE")

    assert first == {
        "process": "package/hillingdon/PK-ONCE",
        "started": True,
        "stage": "allocated",
        "waiting_on": first["waiting_on"],
    }
    assert again == first | {"started": False}
    said = json.dumps({**PACKAGE, "package_ref": "PK-ONCE"})
    told = run("start", "allocate", "--as", "tm-cin-1", "--with", said).stdout
    assert told.startswith("Already under way: package/hillingdon/PK-ONCE: allocated")


def test_something_else_under_a_used_reference_is_refused(run: Run) -> None:
    package(run, "PK-USED")

    other = json.dumps({**PACKAGE, "child": "C-50231", "package_ref": "PK-USED"})
    told = refused(run, "start", "allocate", "--as", "tm-cin-1", "--with", other)

    assert (told["refused"], told["sentence"]) == ("invalid", "Something else already has the reference PK-USED.")


def test_what_starts_nothing_is_told_by_its_field(run: Run) -> None:
    wrong = run("start", "allocate", "--as", "tm-cin-1", "--with", json.dumps({**PACKAGE, "colour": "red"}))
    assert wrong.exit_code == ExitStatus.BAD_INPUT
    assert "colour is not a field that is known here" in wrong.stderr
    assert wrong.stderr.endswith(": correct it, as `starter.py schema allocate` shows.\n")

    nameless = refused(run, "start", "allocate", "--as", "tm-cin-1", "--with", json.dumps(PACKAGE))
    assert (nameless["refused"], nameless["sentence"]) == ("incomplete", "It has no reference.")


def test_who_may_not_start_it_is_refused_with_the_rule(run: Run) -> None:
    said = json.dumps({**PACKAGE, "package_ref": "PK-WHO"})
    told = refused(run, "start", "allocate", "--as", "vsh-1", "--with", said)

    assert told["refused"] == "not_authorised"
    assert told["rule"].startswith("HIL-")
    assert refused(run, "show", "PK-WHO")["refused"] == "unknown"


def test_who_starts_must_be_said_when_several_people_may(run: Run) -> None:
    result = run("start", "allocate", "--with", json.dumps(PACKAGE))

    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stderr.startswith("Say who acts with --as STAFF: allocate may be done by sw-cin-1, ")


def test_without_a_worker_nothing_waits_and_nothing_is_started(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.dumps({**PACKAGE, "package_ref": "PK-IDLE"})
    with monkeypatch.context() as other:
        other.setenv("WAYMARK_TASK_QUEUE", "nobody")
        result = run("start", "allocate", "--as", "tm-cin-1", "--with", said)
        assert result.exit_code == ExitStatus.UNREACHABLE
        assert result.stderr.startswith("No worker is running for the task queue nobody at 127.0.0.1:")

    assert refused(run, "show", "PK-IDLE")["refused"] == "unknown"


def test_a_watch_is_found_by_its_bare_reference_acted_on_and_shown(run: Run) -> None:
    package(run, "PK-SHOW")

    done = run("act", "PK-SHOW", "start_service", "--as", "tm-cin-1", "--with", '{"service": "family_support"}')
    assert done.stdout.startswith("Done: start service. package/hillingdon/PK-SHOW is now in place")
    shown = run("show", "PK-SHOW").stdout

    for said in (
        "Support package PK-SHOW: child C-50117, Hillingdon",
        "package/hillingdon/PK-SHOW",
        "in place, since ",
        "Known",
        "Done",
        "Possible now",
        "end_package",
        "team manager",
        "start service",
        "tm-cin-1 (team manager)",
        "Look at",
    ):
        assert said in shown, said
    view = answer(run, "show", "package/hillingdon/PK-SHOW")
    assert (view["kind"], view["stage"], view["open"]) == ("support_package", "in_place", True)


def test_the_clocks_and_flags_of_a_placement_are_shown(run: Run) -> None:
    placement(run, "PL-SHOW", regulation_24=True, carer="CP-7", emergency=True)

    shown = run("show", "PL-SHOW").stdout

    for said in (
        "Placement PL-SHOW: child C-50231",
        "Clocks",
        "viability",
        "HIL-102",
        "Social worker",
        "Next deadline",
    ):
        assert said in shown, said


def test_an_act_of_another_kind_of_process_is_told_once_it_is_known_which_is_meant(run: Run) -> None:
    package(run, "PK-KIND")

    result = run("act", "PK-KIND", "sign_off", "--as", "tm-cin-1")

    assert (result.exit_code, result.stderr) == (
        ExitStatus.BAD_INPUT,
        "sign_off is not done to package/hillingdon/PK-KIND: send it to a journey.\n",
    )
    procedure = run("show", "PK-KIND", "--procedure")
    assert "is a support package: name a journey" in procedure.stderr


def test_a_reference_that_two_processes_share_asks_for_the_whole_id(run: Run, form: Callable[..., str]) -> None:
    answer(run, "refer", form("BOTH-1"), "--as", "sw-cin-1")
    package(run, "BOTH-1")

    assert run("show", "BOTH-1").stderr == (
        "BOTH-1 is the reference of several processes: write one of"
        " journey/hillingdon/BOTH-1, package/hillingdon/BOTH-1.\n"
    )
    assert answer(run, "show", "package/hillingdon/BOTH-1")["reference"] == "BOTH-1"


def test_who_may_act_is_asked_of_the_file_of_its_kind(run: Run) -> None:
    placement(run, "PL-ONLY")

    result = run("act", "PL-ONLY", "renew_contract", "--with", '{"ends": "2031-03-31"}')

    assert "Say who acts with --as STAFF: renew contract may be done by" in result.stderr
    assert "sw-lac-1" not in result.stderr


def test_a_watch_is_escalated_taken_up_and_found_by_the_filters(run: Run) -> None:
    package(run, "PK-STUCK")

    told = refused(run, "escalate", "PK-STUCK", "--as", "sw-cin-1", "--reason", "It waits")
    assert told["refused"] == "not_authorised"
    assert not answer(run, "escalate", "PK-STUCK", "--as", "hos-cin-1", "--reason", "It waits")["repeated"]

    rows = listed(run, "--escalated", "--kind", "package", until=lambda found: "PK-STUCK" in found)
    (row,) = [row for row in rows if row["reference"] == "PK-STUCK"]
    assert {key: row[key] for key in ("process", "kind", "child_ref", "council", "stage", "escalated")} == {
        "process": "package/hillingdon/PK-STUCK",
        "kind": "support_package",
        "child_ref": "C-50117",
        "council": "hillingdon",
        "stage": "allocated",
        "escalated": True,
    }
    assert "ESCALATED" in run("watches", "--escalated").stdout
    answer(run, "act", "PK-STUCK", "acknowledge_escalation", "--as", "tm-cin-1")
    assert not answer(run, "show", "PK-STUCK")["escalated"]


def test_the_list_is_in_order_of_what_is_due_and_filters(run: Run) -> None:
    placement(run, "PL-LIST", regulation_24=True, carer="CP-7", emergency=True)
    package(run, "PK-LIST")

    rows = listed(run, until=lambda found: {"PL-LIST", "PK-LIST"} <= found)

    due = [row["next_deadline"] for row in rows]
    assert due == sorted((one for one in due if one), key=str) + [None] * due.count(None)
    assert {row["kind"] for row in listed(run, "--kind", "placement", until=bool)} == {"placement"}
    found = listed(run, "--child", "C-50231", "--council", "hillingdon", until=lambda found: "PL-LIST" in found)
    assert {row["child_ref"] for row in found} == {"C-50231"}
    every = ("--stage", "active", "--idle-days", "0", "--kind", "placement")
    listed(run, *every, until=lambda found: "PL-LIST" in found)
    assert run("watches", "--kind", "transfer").stdout == (
        "Nothing that is watched over fits: `starter.py watches` without options lists all of it.\n"
    )
