"""`duties`: what comes round by itself, and its schedules."""

import json
from typing import Any

import pytest

from console.errors import ExitStatus
from tests.console.conftest import Run

OWN = ["duty/hillingdon/activity_review", "duty/hillingdon/arrangements_review", "duty/hillingdon/staff_survey"]


def rows(run: Run, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("duties", *more, "--json").stdout)
    return found


@pytest.mark.usefixtures("serving")
def test_what_serves_has_brought_every_schedule_up_to_date(run: Run) -> None:
    assert {row["schedule"] for row in rows(run)} == {"as it should be"}
    assert [row["id"] for row in rows(run, "--council", "hillingdon")] == OWN
    assert [row["rules"] for row in rows(run, "--council", "hillingdon")] == ["HIL-108, HIL-109", "HIL-110", "HIL-107"]
    assert all(row["next"] for row in rows(run))


@pytest.mark.usefixtures("serving")
def test_applied_again_nothing_changes_and_people_can_read_it(run: Run) -> None:
    shown = run("duties", "--council", "hillingdon", "--apply")
    assert shown.exit_code == ExitStatus.DONE
    assert shown.output.count("as it should be") == len(OWN)
    assert "HIL-110" in shown.output


@pytest.mark.usefixtures("serving")
def test_a_council_in_which_nothing_comes_round_by_itself_says_so(run: Run) -> None:
    assert "No duty comes round by itself here." in run("duties", "--council", "hertfordshire").output


@pytest.mark.usefixtures("serving")
def test_a_council_that_there_is_not_is_refused(run: Run) -> None:
    assert run("duties", "--council", "wayford").exit_code == ExitStatus.BAD_INPUT


def test_without_a_server_it_says_how_to_start_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_TEMPORAL_ADDRESS", "127.0.0.1:1")
    found = run("duties")
    assert found.exit_code == ExitStatus.UNREACHABLE
    assert "make up" in found.output
