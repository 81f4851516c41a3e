"""`demo`, as `make demo` runs it: from nothing, and again from what it left."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from activities.register import Register, open_register
from console.demo import CASES, EXAMPLES
from console.inputs import read_form
from models.identifiers import journey_id
from models.process import Entry
from runtime.server_process import free_port
from tests.console.conftest import ROOT, STARTER, environment

REFERENCES = [read_form(EXAMPLES / case.form).referral_ref for case in CASES]


def demo(state: Path) -> str:
    places = {
        "WAYMARK_TEMPORAL_ADDRESS": f"127.0.0.1:{free_port()}",
        "WAYMARK_TEMPORAL_UI": f"http://127.0.0.1:{free_port()}",
    }
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(STARTER), "demo"],
        env=environment(state, **places),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def accepted(state: Path) -> dict[str, list[str]]:
    register = Register(open_register(f"sqlite:///{state}/register.db"))
    entries: dict[str, list[Entry]] = {ref: register.events(journey_id("hillingdon", ref)) for ref in REFERENCES}
    return {ref: [entry.what for entry in found if entry.accepted] for ref, found in entries.items()}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, dict[str, list[str]]]:
    state = tmp_path_factory.mktemp("demo")
    told = demo(state)
    return state, told, accepted(state)


def test_the_demo_carries_its_examples_as_far_as_the_date_allows(
    played: tuple[Path, str, dict[str, list[str]]],
) -> None:
    _, told, _ = played

    stands = dict(re.findall(r"^  (\w+-\d+): (.+)$", told, re.MULTILINE))
    assert list(stands) == REFERENCES
    # The first Tuesday that it is in time for; after a bank holiday another day of that week.
    assert re.search(r"endorse by hos-cin-1: listed for harp on \w{3} \d\d \w{3} \d{4}, 09:30", stands["HARP-2041"])
    assert re.search(r"endorse by hos-cin-1: listed for complex harp on .*, 13:30", stands["CHARP-1109"])
    assert stands["HARP-2042"].endswith("awaiting endorsement, waiting on head of service.")
    assert stands["HARP-2043"].endswith("returned, waiting on social worker.")
    assert stands["HARP-2044"] == "referred: awaiting sign off, waiting on team manager."
    assert "refused (missing_document, HIL-071): These papers are missing: Section 20 checklist" in stands["HARP-2045"]
    assert "escalate by hos-lac-1" in stands["HARP-2046"]


def test_the_demo_shows_the_worklist_the_stuck_cases_and_a_whole_journey(
    played: tuple[Path, str, dict[str, list[str]]],
) -> None:
    _, told, _ = played

    assert f"{len(CASES)} open journeys." in told
    assert re.search(r"HARP-2046 .* ESCALATED", told)
    for view in ("Overdue: 0", "Waiting on a Head of Service: 2", "Escalated: 1", "five working days: 0"):
        assert view in told
    address = r"http://127\.0\.0\.1:\d+/namespaces/default/workflows\?query=WorkflowType%20%3D%20%27ChildJourney%27"
    assert len(re.findall(address, told)) == 4
    assert "J1: stage closed, outcome noted" in told
    assert "FAIL" not in told


def test_run_again_the_demo_goes_on_from_the_same_state_and_does_nothing_twice(
    played: tuple[Path, str, dict[str, list[str]]],
) -> None:
    state, first, before = played

    again = demo(state)

    assert before["HARP-2041"] == ["refer", "sign_off", "endorse", "listed"]
    assert before["HARP-2046"] == ["refer", "sign_off", "escalated"]
    assert accepted(state) == before
    assert again.count("already under way") == len(CASES)
    assert "referred" not in again.partition("The worklist")[0].partition("Example referrals")[2]
    assert again.count(" open journeys.") == first.count(" open journeys.") == 1
    assert f"{len(CASES)} open journeys." in again
