"""A child's whole picture: from the command line on a real server, and put together from what is known."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from console.child import kind_of, picture, print_child
from console.errors import ExitStatus
from console.rendering import console
from models.clocks import Clock
from models.process import Entry
from models.views import JourneyView
from models.vocabulary import ClockState
from models.watch import Proposal, WatchView
from rules.journeys.views import view as journey_view
from tests.builders import THURSDAY, journey
from tests.console.conftest import Run

Form = Callable[..., str]
CLOCK = Clock(name="contract_end", cites="HIL-097", started=THURSDAY, warns=None, due=THURSDAY, owner="social_worker")
WATCH = WatchView.model_validate(
    {
        "process": "placement/hillingdon/P-7",
        "council": "hillingdon",
        "forum": "",
        "procedure_version": "1",
        "stage_since": THURSDAY,
        "waiting_on": "social_worker",
        "priority": "normal",
        "overdue": True,
        "escalated": False,
        "open": True,
        "next_deadline": THURSDAY,
        "next_acts": [],
        "escalations": [],
        "flags": ["Look again"],
        "recent": [],
        "settled": True,
        "kind": "placement",
        "stage": "active",
        "reference": "P-7",
        "child_ref": "C-1",
        "came_from": None,
        "outcome": None,
        "proposed": ["harp"],
        "clocks": {"contract_end": CLOCK, "old": CLOCK.model_copy(update={"state": ClockState.MET})},
        "proposals": [
            Proposal(deadline="contract_end", forum="harp", to="social_worker", at=THURSDAY, cites="HIL-097"),
            Proposal(deadline="x", forum="harp", to="director", at=THURSDAY, cites="HIL-097", answer="not"),
        ],
        "held": {},
        "facts": {},
    }
)


def a_journey() -> JourneyView:
    return journey_view(journey(), THURSDAY)


def entry(process: str, sequence: int, hours: int, what: str = "noted") -> Entry:
    at = THURSDAY + timedelta(hours=hours)
    return Entry(
        process_id=process,
        sequence=sequence,
        at=at,
        what=what,
        staff="amira",
        post="social_worker",
        procedure_version="1",
    )


def test_the_picture_has_every_process_its_moves_and_its_clocks_by_date() -> None:
    whole = picture("C-1", None, [a_journey(), WATCH], {})
    assert [row["process"] for row in whole["processes"]] == ["placement/hillingdon/P-7", "journey/hillingdon/R-1"]
    assert whole["moves"] == [
        {"post": "social_worker", "processes": ["placement/hillingdon/P-7"]},
        {"post": "team_manager", "processes": ["journey/hillingdon/R-1"]},
    ]
    assert next(clock["name"] for clock in whole["clocks"]) == "contract_end"
    assert "old" not in [clock["name"] for clock in whole["clocks"]]
    assert whole["processes"][0]["proposed"] == [
        {"forum": "harp", "to": "social_worker", "at": "2031-03-06T09:30:00+00:00"}
    ]


def test_the_timeline_joins_the_register_and_the_latest_events_in_order() -> None:
    seen = a_journey()
    first = seen.recent[0]
    entries = {
        seen.process: [entry(seen.process, first.sequence, 0), entry(seen.process, 0, 1, "sign_off")],
        "journey/hillingdon/R-0": [entry("journey/hillingdon/R-0", 1, -1)],
    }
    whole = picture("C-1", "hillingdon", [seen], entries)
    told = [(line["process"], line["what"]) for line in whole["timeline"]]
    assert told == [
        ("journey/hillingdon/R-0", "noted"),
        *((seen.process, event.what) for event in seen.recent),
        (seen.process, "sign_off"),
    ]
    assert whole["not_shown"] == ["journey/hillingdon/R-0"]


def test_what_is_printed_says_whose_move_it_is_and_what_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    many = {WATCH.process: [entry(WATCH.process, number, number) for number in range(1, 60)]}
    print_child(console(), picture("C-1", None, [WATCH, a_journey()], {**many, "episode/hillingdon/C-1": []}))
    told = capsys.readouterr().out
    assert "Child C-1: 2 open, 0 closed" in told
    assert "harp is proposed to the social worker: placement/hillingdon/P-7" in told
    assert "Look again: placement/hillingdon/P-7" in told
    assert "episode/hillingdon/C-1 cannot be shown" in told
    assert "OVERDUE" in told
    assert "--json has all" in told


@pytest.mark.parametrize(
    ("process", "kind"),
    [("journey/hillingdon/R-1", "journey"), ("package/hackney/P", "support_package"), ("sitting/a/b/c", "sitting")],
)
def test_a_process_says_by_its_id_what_it_is(process: str, kind: str) -> None:
    assert kind_of(process) == kind


@pytest.mark.usefixtures("serving")
class TestOnAServer:
    """From the command line."""

    def test_a_childs_journeys_are_found_by_the_childs_reference(self, run: Run, form: Form) -> None:
        child = {"reference": "CHILD-1", "date_of_birth": "2019-05-14"}
        for number in (1, 2):
            run("refer", form(f"CHILD-{number}-R", child=child), "--as", "sw-cin-1")
        whole: dict[str, Any] = {"processes": []}
        for _ in range(300):
            whole = json.loads(run("child", "CHILD-1", "--council", "hillingdon", "--json").stdout)
            if len(whole["processes"]) == 2:
                break
        assert [row["process"] for row in whole["processes"]] == [
            "journey/hillingdon/CHILD-1-R",
            "journey/hillingdon/CHILD-2-R",
        ]
        assert whole["moves"] == [{"post": "team_manager", "processes": [row["process"] for row in whole["processes"]]}]
        assert {line["what"] for line in whole["timeline"]} >= {"refer"}
        assert "Child CHILD-1: 2 open, 0 closed" in run("child", "CHILD-1").stdout

    def test_a_care_episode_stands_beside_the_journey_that_it_is_told_of(self, run: Run, form: Form) -> None:
        child = {"reference": "CHILD-2", "date_of_birth": "2019-05-14"}
        run("start", "open_episode", "--as", "sw-cin-1", "--with", json.dumps({"child": child}))
        run("refer", form("CHILD-3-R", child=child), "--as", "sw-cin-1")
        whole: dict[str, Any] = {"processes": []}
        for _ in range(300):
            whole = json.loads(run("child", "CHILD-2", "--json").stdout)
            if len(whole["processes"]) == 2 and "told_referred" in {line["what"] for line in whole["timeline"]}:
                break
        assert {row["kind"] for row in whole["processes"]} == {"care_episode", "journey"}
        assert {"open_episode", "refer", "told_referred"} <= {line["what"] for line in whole["timeline"]}
        assert "care episode" in run("child", "CHILD-2").stdout

    def test_a_child_of_whom_nothing_is_known_is_one_sentence(self, run: Run) -> None:
        assert run("child", "NOBODY-1", "--council", "hillingdon").stdout == (
            "Nothing is known of NOBODY-1 at hillingdon: a referral or a care episode for that child begins it.\n"
        )
        assert json.loads(run("child", "NOBODY-1", "--json").stdout)["processes"] == []

    @pytest.mark.parametrize("typed", ["no reference", "C'1", "C-1\n"])
    def test_what_cannot_be_a_reference_is_told_so(self, run: Run, typed: str) -> None:
        result = run("child", typed)
        assert result.exit_code == ExitStatus.BAD_INPUT
        assert len(result.stderr.splitlines()) == 1

    def test_a_council_that_there_is_not_is_told_so(self, run: Run) -> None:
        result = run("child", "C-1", "--council", "camden")
        assert result.exit_code == ExitStatus.BAD_INPUT
        assert result.stderr.startswith("There is no council camden")
