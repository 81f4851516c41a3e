"""A case on a real server, from the command line: referred, signed, listed, escalated, shown."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from activities.register import Register
from console.errors import ExitStatus
from console.inputs import read_form
from models.journey import JourneyStart
from models.people import Actor
from procedures.calendars import working_calendar
from procedures.loader import load_council
from runtime.connection import connect
from runtime.settings import load_settings
from tests.conftest import opened
from tests.console.conftest import ROOT, Run

pytestmark = pytest.mark.usefixtures("serving")
Form = Callable[..., str]


def answer(run: Run, *arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == ExitStatus.DONE, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(run: Run, *arguments: str) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert len(result.stderr.splitlines()) == 1
    found: dict[str, Any] = json.loads(result.stdout)
    assert found.keys() == {"refused", "sentence", "remedy", "rule"}
    return found


def worklist(run: Run, *filters: str, until: Callable[[set[str]], bool]) -> list[dict[str, Any]]:
    """The worklist once visibility has caught up with the journeys."""
    rows: list[dict[str, Any]] = []
    for _ in range(100):
        rows = json.loads(run("journeys", *filters, "--json").stdout)
        if until({row["referral_ref"] for row in rows}):
            return rows
    pytest.fail(f"visibility never got there: {rows}")


def listed(run: Run, form: Form, reference: str) -> dict[str, Any]:
    answer(run, "refer", form(reference), "--as", "sw-cin-1")
    answer(run, "act", reference, "sign_off", "--as", "tm-cin-1")
    answer(run, "act", reference, "endorse", "--as", "hos-cin-1")
    return answer(run, "show", reference)


def test_a_form_starts_a_journey_once_however_often_it_is_referred(run: Run, form: Form) -> None:
    path = form("ONCE-1")

    first = answer(run, "refer", path, "--as", "sw-cin-1")
    again = answer(run, "refer", path, "--as", "sw-cin-2")

    assert first == {
        "process": "journey/hillingdon/ONCE-1",
        "started": True,
        "stage": "awaiting_sign_off",
        "waiting_on": "team_manager",
    }
    assert again == first | {"started": False}
    assert run("refer", path, "--as", "sw-cin-1").stdout == (
        "Already under way: journey/hillingdon/ONCE-1: awaiting sign off, waiting on team manager.\n"
    )


def test_another_form_under_a_used_reference_is_refused(run: Run, form: Form) -> None:
    answer(run, "refer", form("USED-1"), "--as", "sw-cin-1")

    told = refused(run, "refer", form("USED-1", analysis="Another child's case."), "--as", "sw-cin-1")

    assert (told["refused"], told["sentence"]) == ("invalid", "Another form was already referred under USED-1.")


def test_a_form_that_the_procedure_does_not_accept_is_refused_with_its_rule(run: Run, form: Form) -> None:
    told = refused(run, "refer", form("COSTS-1", costs=None), "--as", "sw-cin-1")

    assert (told["refused"], told["rule"]) == ("incomplete", "HIL-076")
    assert refused(run, "show", "COSTS-1")["refused"] == "unknown"


def test_who_refers_must_be_said_when_several_people_may(run: Run, form: Form) -> None:
    result = run("refer", form("WHO-1"))

    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stderr == (
        "Say who acts with --as STAFF: refer may be done by"
        " sw-cin-1, sw-cin-2, tm-cin-1, sw-lac-1, tm-lac-1, pa-1, yjw-1.\n"
    )


def test_who_acts_need_not_be_said_when_only_one_person_may(run: Run, form: Form) -> None:
    answer(run, "refer", form("ONLY-1"), "--as", "sw-cin-1")

    assert run("act", "ONLY-1", "sign-off").stdout == (
        "Done: sign off. journey/hillingdon/ONLY-1 is now awaiting endorsement, waiting on head of service.\n"
    )
    assert answer(run, "act", "journey/hillingdon/ONLY-1", "endorse")["stage"] == "listed"


def test_an_act_that_the_rules_refuse_says_code_sentence_remedy_and_rule(run: Run, form: Form) -> None:
    answer(run, "refer", form("RULE-1"), "--as", "sw-cin-1")

    assert refused(run, "act", "RULE-1", "sign_off", "--as", "sw-cin-1") == {
        "refused": "not_authorised",
        "sentence": "A social worker cannot sign off.",
        "remedy": "Ask the team manager.",
        "rule": "HIL-078",
    }
    assert run("act", "RULE-1", "sign_off", "--as", "sw-cin-1").stderr == (
        "Refused (not_authorised, HIL-078): A social worker cannot sign off: ask the team manager.\n"
    )
    with opened(load_settings().register_url) as engine:
        entries = Register(engine).events("journey/hillingdon/RULE-1")
    assert [entry.code for entry in entries if not entry.accepted] == ["not_authorised", "not_authorised"]


def test_what_an_act_says_comes_as_json_from_a_file_or_from_standard_input(
    run: Run, form: Form, tmp_path: Path
) -> None:
    answer(run, "refer", form("WITH-1"), "--as", "sw-cin-1")
    said = {"document": "Chronology"}
    (tmp_path / "said.json").write_text(json.dumps(said), encoding="utf-8")

    supply = ("act", "WITH-1", "supply_document", "--as", "sw-cin-1", "--with")
    answer(run, *supply, json.dumps(said))
    answer(run, *supply, "@said.json")
    assert run(*supply, "@-", given=json.dumps(said)).exit_code == ExitStatus.DONE

    events = [event["what"] for event in answer(run, "show", "WITH-1")["recent"]]
    assert events == ["refer", *["supply_document"] * 3]


def test_an_unknown_field_of_an_act_is_told_and_nothing_is_done(run: Run, form: Form) -> None:
    answer(run, "refer", form("FIELD-1"), "--as", "sw-cin-1")

    result = run("act", "FIELD-1", "withdraw", "--as", "sw-cin-1", "--with", '{"colour": 1}')

    assert (result.exit_code, result.stderr) == (
        ExitStatus.BAD_INPUT,
        "withdraw: colour is not a field that is known here: correct it, as `starter.py schema withdraw` shows.\n",
    )
    assert answer(run, "show", "FIELD-1")["stage"] == "awaiting_sign_off"


def test_an_unknown_person_is_told_with_whom_there_is(run: Run, form: Form) -> None:
    answer(run, "refer", form("STAFF-1"), "--as", "sw-cin-1")

    result = run("act", "STAFF-1", "sign_off", "--as", "tom")

    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stderr.startswith(f"Nobody in {ROOT}/examples/staff.toml has the staff reference tom: use one of sw-")


def test_the_same_message_is_done_once_and_said_to_have_been(run: Run, form: Form) -> None:
    answer(run, "refer", form("SAME-1"), "--as", "sw-cin-1")
    act = ("act", "SAME-1", "sign_off", "--as", "tm-cin-1", "--message-id", "m-1")

    first, second = answer(run, *act), answer(run, *act)

    assert first["stage"] == "awaiting_endorsement"
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["message_id"] == second["message_id"] == "m-1"
    assert run(*act).stdout.startswith("Was done before: sign off.")
    assert [event["what"] for event in answer(run, "show", "SAME-1")["recent"]] == ["refer", "sign_off"]


def test_an_unknown_process_is_refused_with_what_to_do(run: Run) -> None:
    unknown = {
        "refused": "unknown",
        "sentence": "There is no process NO-1.",
        "remedy": "Check the reference; `starter.py journeys` and `starter.py watches` list what is open.",
        "rule": None,
    }
    assert refused(run, "show", "NO-1") == unknown
    assert refused(run, "act", "NO-1", "sign_off", "--as", "tm-cin-1") == unknown
    assert refused(run, "act", "NO-1", "sign_off") == unknown
    assert refused(run, "escalate", "NO-1", "--as", "hos-cin-1", "--reason", "It waits") == unknown


def test_without_a_worker_nothing_waits_and_nothing_is_started(
    run: Run, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as other:
        other.setenv("WAYMARK_TASK_QUEUE", "nobody")
        for arguments in (("refer", form("IDLE-1"), "--as", "sw-cin-1"), ("show", "IDLE-1")):
            result = run(*arguments)
            assert result.exit_code == ExitStatus.UNREACHABLE
            assert result.stderr.startswith("No worker is running for the task queue nobody at 127.0.0.1:")
            assert result.stderr.endswith(": start one with `make up` or `python worker.py`.\n")

    assert refused(run, "show", "IDLE-1")["refused"] == "unknown"


def test_an_escalation_is_seen_taken_up_and_only_done_by_who_may(run: Run, form: Form) -> None:
    answer(run, "refer", form("STUCK-1"), "--as", "sw-cin-1")

    told = refused(run, "escalate", "STUCK-1", "--as", "sw-cin-1", "--reason", "It waits")
    assert (told["refused"], told["rule"]) == ("not_authorised", "HIL-113")
    again = ("--message-id", "e-1")
    assert not answer(run, "escalate", "STUCK-1", "--as", "hos-cin-1", "--reason", "It waits", *again)["repeated"]
    assert answer(run, "escalate", "STUCK-1", "--as", "hos-cin-1", "--reason", "It waits", *again)["repeated"]

    view = answer(run, "show", "STUCK-1")
    assert (view["escalated"], view["priority"], len(view["escalations"])) == (True, "high", 1)
    assert [row["referral_ref"] for row in worklist(run, "--escalated", until=bool)] == ["STUCK-1"]
    shown = run("show", "STUCK-1").stdout
    assert "high, ESCALATED" in shown
    assert "REFUSED: not_authorised" in shown
    answer(run, "act", "STUCK-1", "escalate", "--as", "hos-cin-1", "--with", '{"reason": "Still"}')
    answer(run, "act", "STUCK-1", "acknowledge_escalation", "--as", "tm-cin-1")
    assert not answer(run, "show", "STUCK-1")["escalated"]


def test_a_journey_is_shown_with_whose_move_it_is_and_who_may_do_what(run: Run, form: Form) -> None:
    answer(run, "refer", form("SHOW-1"), "--as", "sw-cin-1")

    shown = run("show", "SHOW-1").stdout

    for said in (
        "SHOW-1: child C-50117, HARP, Hillingdon",
        "awaiting sign off, since ",
        "Whose move     Team manager",
        "cut_off",
        "HIL-080",
        "sign_off",
        "team manager",
        "sw-cin-1 (social worker)",
        "Look at",
    ):
        assert said in shown
    assert "\x1b" not in shown


def test_the_procedure_that_a_journey_carries_can_be_read(run: Run, form: Form) -> None:
    answer(run, "refer", form("RULES-1"), "--as", "sw-cin-1")

    assert answer(run, "show", "RULES-1", "--procedure")["forums"]["harp"]["capacity"]["cases"] == 10
    assert "cases: 10; minutes: 15" in run("show", "RULES-1", "--procedure").stdout


def test_the_worklist_filters_and_puts_the_longest_waiting_first(run: Run, form: Form) -> None:
    answer(run, "refer", form("LIST-2"), "--as", "sw-cin-1")
    answer(run, "refer", form("LIST-1"), "--as", "sw-cin-1")
    both = {"LIST-1", "LIST-2"}

    rows = worklist(run, until=lambda found: both <= found)

    order = [row["referral_ref"] for row in rows if row["referral_ref"] in both]
    assert order == ["LIST-2", "LIST-1"]
    (row,) = [row for row in rows if row["referral_ref"] == "LIST-1"]
    assert {key: row[key] for key in ("process", "child_ref", "council", "forum", "stage", "waiting_on")} == {
        "process": "journey/hillingdon/LIST-1",
        "child_ref": "C-50117",
        "council": "hillingdon",
        "forum": "harp",
        "stage": "awaiting_sign_off",
        "waiting_on": "team_manager",
    }
    assert (row["priority"], row["overdue"], row["escalated"], row["sitting"]) == ("normal", False, False, None)
    every = ("--stage", "awaiting-sign-off", "--waiting-on", "team_manager", "--forum", "harp", "--idle-days", "0")
    worklist(run, *every, "--council", "hillingdon", until=lambda found: both <= found)
    table = run("journeys").stdout
    assert "Waiting on" in table
    assert "open journeys." in table


@pytest.mark.parametrize("filters", [("--idle-days", "5"), ("--overdue",), ("--stage", "closed")])
def test_a_worklist_without_a_journey_says_so(run: Run, filters: tuple[str, ...]) -> None:
    assert run("journeys", *filters).stdout == (
        "No open journey fits: `starter.py journeys` without options lists all of them.\n"
    )
    assert json.loads(run("journeys", *filters, "--json").stdout) == []


def test_a_listed_case_is_on_the_agenda_of_its_sitting(run: Run, form: Form) -> None:
    view = listed(run, form, "AGENDA-1")
    assert view["stage"] == "listed"

    sitting = answer(run, "sitting", "hillingdon", "harp", view["sitting"])

    assert answer(run, "show", f"sitting/hillingdon/harp/{view['sitting']}") == sitting
    (line,) = [line for line in sitting["agenda"] if line["referral_ref"] == "AGENDA-1"]
    assert line["documents"] == ["Access to resource panel form", "Section 20 checklist"]
    assert "Allocated worker" in line["invited"]
    shown = run("sitting", "hillingdon", "harp", view["sitting"]).stdout
    for said in ("AGENDA-1", "Access to resource panel form", "Allocated worker", "Seats", "Virtual School Head"):
        assert said in shown


def test_people_in_what_an_act_says_are_found_in_the_staff_directory(run: Run, form: Form) -> None:
    sitting = f"sitting/hillingdon/harp/{listed(run, form, 'PEOPLE-1')['sitting']}"
    opening = ("act", sitting, "open_sitting", "--as", "panel-admin-1", "--with")

    unknown = run(*opening, '{"chair": "carol", "present": []}')
    early = refused(run, *opening, '{"chair": "hos-court-1", "present": ["hos-regulated-1", "hos-safeguarding-1"]}')

    assert (unknown.exit_code, "has the staff reference carol" in unknown.stderr) == (ExitStatus.BAD_INPUT, True)
    assert early["refused"] == "illegal_move"
    assert "it cannot open before" in early["sentence"]


def test_a_sitting_that_nobody_booked_and_a_day_without_one_are_told(run: Run) -> None:
    assert run("sitting", "hillingdon", "harp", "2031-03-11").stderr == (
        "Nothing is booked for HARP on Tue 11 Mar 2031 yet: endorse a referral, or choose another date.\n"
    )
    wednesday = run("sitting", "hillingdon", "complex-harp", "2031-03-12")
    assert wednesday.exit_code == ExitStatus.BAD_INPUT
    assert wednesday.stderr == (
        "Complex HARP does not meet on Wed 12 Mar 2031:"
        " its next sitting after that is on Tue 18 Mar 2031 (2031-03-18).\n"
    )
    assert "Nothing is booked for Complex HARP on " in run("sitting", "hillingdon", "complex_harp", "next").stderr


def test_a_closed_journey_takes_no_more_acts_and_can_still_be_shown(run: Run, form: Form) -> None:
    answer(run, "refer", form("OVER-1"), "--as", "sw-cin-1")
    assert answer(run, "act", "OVER-1", "withdraw", "--as", "sw-cin-1")["stage"] == "closed"

    assert refused(run, "act", "OVER-1", "sign_off", "--as", "tm-cin-1")["refused"] == "illegal_move"
    assert refused(run, "escalate", "OVER-1", "--as", "hos-cin-1", "--reason", "Why")["refused"] == "illegal_move"
    assert "nobody's: it is closed" in run("show", "OVER-1").stdout


async def test_a_journey_that_never_began_is_told_in_a_sentence(run: Run, form: Form) -> None:
    settings = load_settings()
    client = await connect(settings)
    start = JourneyStart(
        referral=read_form(Path(form("BROKEN-1", costs=None))),
        actor=Actor(staff="sw-cin-1", post="social_worker", council="hillingdon"),
        procedure=load_council("hillingdon"),
        calendar=working_calendar("hillingdon", 2026),
    )
    await client.start_workflow("ChildJourney", start, id=start.process_id, task_queue=settings.task_queue)

    result = await asyncio.to_thread(run, "show", "BROKEN-1")

    assert (result.exit_code, result.stderr) == (
        ExitStatus.UNREACHABLE,
        (
            "journey/hillingdon/BROKEN-1 cannot be shown, since it never began or its code fails:"
            " look at it in the Temporal UI.\n"
        ),
    )


def test_after_a_case_the_register_is_whole_and_says_what_temporal_says(run: Run, form: Form) -> None:
    answer(run, "refer", form("WHOLE-1"), "--as", "sw-cin-1")
    answer(run, "act", "WHOLE-1", "sign_off", "--as", "tm-cin-1")

    assert run("register", "compare").stdout == "Temporal and the register say the same.\n"
    assert ", each as it was written. Head " in run("register", "verify").stdout
    assert run("register", "rebuild", "--compare").stdout.endswith("folded anew, with the same result.\n")
