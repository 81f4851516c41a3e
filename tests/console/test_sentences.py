"""Whatever is typed wrongly, or cannot be reached, is told in one sentence with its remedy."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError
from temporalio.service import RPCError, RPCStatusCode

from console.errors import ExitStatus, command, problem_of, sentence_of
from models.errors import RefusalCode, Refused
from procedures.loader import council_folders
from runtime.server_process import free_port
from tests.console.conftest import Run

COUNCILS = ", ".join(council_folders())
REACHING = (
    ("show", "HARP-1"),
    ("act", "HARP-1", "sign_off", "--as", "tm-cin-1"),
    ("escalate", "HARP-1", "--as", "hos-cin-1", "--reason", "It waits"),
    ("journeys",),
    ("watches",),
    ("start", "allocate", "--as", "tm-cin-1"),
    ("child", "C-20417"),
    ("sitting", "hillingdon", "harp", "2031-03-11"),
)


@pytest.fixture(autouse=True)
def _nobody_serves(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    del run
    monkeypatch.setenv("WAYMARK_TEMPORAL_ADDRESS", f"127.0.0.1:{free_port()}")


@pytest.mark.parametrize("arguments", REACHING)
def test_a_server_that_does_not_answer_is_one_sentence_with_its_address(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)

    assert result.exit_code == ExitStatus.UNREACHABLE
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("No Temporal server answers at 127.0.0.1:")
    assert sentence.endswith("start it with `make up` or set WAYMARK_TEMPORAL_ADDRESS.")


def test_a_server_that_does_not_answer_leaves_no_register_behind(
    run: Run, form: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", str(tmp_path / "new"))

    result = run("refer", form("HARP-1"), "--as", "sw-cin-1", "--json")

    assert result.exit_code == ExitStatus.UNREACHABLE
    assert json.loads(result.stdout).keys() == {"unreachable"}
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "is not JSON (line 1, column 2: Expecting property name enclosed in double quotes): correct it there."),
        ("[]", "holds a JSON list: write an object, such as {}."),
        ('"form"', "holds a JSON text: write an object, such as {}."),
        ("7", "holds a JSON number: write an object, such as {}."),
        ("true", "holds a JSON word: write an object, such as {}."),
    ],
)
def test_a_form_that_is_no_json_object_is_told(run: Run, tmp_path: Path, body: str, said: str) -> None:
    path = tmp_path / "form.json"
    path.write_text(body, encoding="utf-8")

    result = run("refer", str(path), "--as", "sw-cin-1")

    assert (result.exit_code, result.stderr) == (ExitStatus.BAD_INPUT, f"{path} {said}\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"colour": "red"}, "colour is not a field that is known here"),
        ({"team": {"name": "East"}}, "team.unit is missing"),
        ({"criteria": 7}, "criteria: should be a valid array"),
        ({"desired_outcomes": []}, "desired_outcomes: Tuple should have at least 1 item after validation, not 0"),
        (
            {"costs": {"present": "1.00", "proposed": "3.00", "difference": "1.00"}},
            "costs: difference must be proposed less present",
        ),
    ],
)
def test_a_form_with_a_wrong_field_is_told_by_the_fields_name(
    run: Run, form: Callable[..., str], changes: dict[str, object], said: str
) -> None:
    path = form("HARP-1", **changes)

    result = run("refer", path, "--as", "sw-cin-1", "--json")

    sentence = f"{path}: {said}: correct it, as `starter.py schema refer` shows."
    assert (result.exit_code, result.stderr) == (ExitStatus.BAD_INPUT, f"{sentence}\n")
    assert json.loads(result.stdout) == {"refused": "invalid", "sentence": sentence, "remedy": "", "rule": None}


def test_a_form_with_many_faults_names_the_first_and_counts_the_rest(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "form.json"
    path.write_text('{"child": {}, "team": {}, "request": {}}', encoding="utf-8")

    result = run("refer", str(path), "--as", "sw-cin-1")

    assert "referral_ref is missing; council is missing; " in result.stderr
    assert " and 4 more: correct it" in result.stderr


def test_a_form_that_is_not_there_or_not_text_is_told(run: Run, tmp_path: Path) -> None:
    assert run("refer", "no.json").stderr == "There is no form at no.json: check the path.\n"
    assert run("refer", ".").stderr == "The form . cannot be read (Is a directory): name another.\n"
    (tmp_path / "form.json").write_bytes(b"\xff\xfe{")
    assert run("refer", "form.json").stderr == "The form form.json is not text in UTF-8: save it as UTF-8.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("act", "HARP-1", "dance"), "There is no act dance: use one that `starter.py schema` lists."),
        (("act", "HARP-1", "refer"), "A referral starts a process: use `starter.py refer FORM.json`."),
        (
            ("act", "HARP-1", "hear"),
            ("hear is not done to HARP-1: send it to a sitting, such as sitting/hillingdon/harp/2026-12-01."),
        ),
        (
            ("act", "sitting/hillingdon/harp/2031-03-11", "sign-off"),
            "sign-off is not done to sitting/hillingdon/harp/2031-03-11: send it to a journey.",
        ),
        (
            ("act", "HARP-1", "sign_off", "--with", "{"),
            (
                "--with is not JSON (line 1, column 2: Expecting property name enclosed in double quotes):"
                " correct it there."
            ),
        ),
        (("act", "HARP-1", "sign_off", "--with", "@no.json"), "There is no file at no.json: check the path."),
        (
            ("act", "HARP-1", "sign_off", "--message-id", "m" * 129),
            "The message id has 129 characters: use 1 to 128.",
        ),
        (
            ("show", "HARP 1"),
            "'HARP 1' is no reference: use letters, digits, `-`, `_` and `.`, such as HARP-2041.",
        ),
        (("show", "journey/camden/HARP-1"), f"There is no council camden: use one of {COUNCILS}."),
        (("show", "package/camden/P-1"), f"There is no council camden: use one of {COUNCILS}."),
        (
            ("show", "parcel/hillingdon/P-1"),
            (
                "parcel/hillingdon/P-1 is no process id: write journey/COUNCIL/REFERENCE or sitting/COUNCIL/FORUM/DATE"
                " or placement/COUNCIL/REFERENCE or episode/COUNCIL/REFERENCE or package/COUNCIL/REFERENCE or"
                " transfer/COUNCIL/REFERENCE or unit/COUNCIL/UNIT/DATE or duty/COUNCIL/FORUM/DUTY."
            ),
        ),
        (
            ("show", "package/hillingdon"),
            "package/hillingdon is no process id: write package/COUNCIL/REFERENCE.",
        ),
        (
            ("show", "sitting/hillingdon/harp/tuesday"),
            "sitting/hillingdon/harp/tuesday is no process id: write sitting/COUNCIL/FORUM/DATE.",
        ),
        (
            ("show", "package/hillingdon/PK-1", "--procedure"),
            "package/hillingdon/PK-1 is a support package: name a journey to see the procedure that it carries.",
        ),
        (("act", "PK-1", "allocate"), "allocate starts a support package: use `starter.py start allocate`."),
        (
            ("act", "package/hillingdon/PK-1", "sign_off"),
            "sign_off is not done to package/hillingdon/PK-1: send it to a journey.",
        ),
        (
            ("act", "HARP-1", "hold"),
            "There is no act hold: use one that `starter.py schema` lists.",
        ),
        (("start", "refer"), "A journey starts with its intake form: use `starter.py refer FORM.json`."),
        (
            ("start", "endorse"),
            "endorse is done to a journey that runs: use `starter.py act PROCESS endorse`.",
        ),
        (("start", "dance"), "There is no act that starts something called dance: use one of "),
        (
            ("start", "allocate", "--as", "tm-cin-1", "--with", "{"),
            "--with is not JSON (line 1, column 2: Expecting property name enclosed in double quotes):",
        ),
        (("watches", "--kind", "parcel"), "There is no kind parcel: use one of placement, episode, package, transfer,"),
        (("watches", "--stage", "lost"), "There is no stage lost: use one of "),
        (("watches", "--waiting-on", "mayor"), "There is no post mayor: use one of social_worker,"),
        (
            ("watches", "--child", "C 1"),
            "'C 1' is no reference of a child: use letters, digits, `-`, `_` and `.`, such as C-50117.",
        ),
        (
            ("show", "sitting/hillingdon/harp/2031-03-11", "--procedure"),
            "sitting/hillingdon/harp/2031-03-11 is a sitting: name a journey to see the procedure that it carries.",
        ),
        (("sitting", "hillingdon", "harp", "soon"), "soon is no date: write it like 2026-12-01."),
        (
            ("sitting", "hillingdon", "high_cost_panel", "next"),
            "There is no panel of Hillingdon that sits called high_cost_panel: use one of complex_harp, harp.",
        ),
        (("journeys", "--stage", "lost"), "There is no stage lost: use one of awaiting_sign_off,"),
        (("journeys", "--waiting-on", "mayor"), "There is no post mayor: use one of social_worker,"),
        (("journeys", "--forum", "magistrates"), "There is no forum magistrates: use one of "),
        (("journeys", "--council", "camden"), f"There is no council camden: use one of {COUNCILS}."),
        (("schema", "dance"), "There is no act dance: use one of refer, amend,"),
    ],
)
def test_what_is_typed_wrongly_is_told_before_anything_is_done(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)

    assert result.exit_code == ExitStatus.BAD_INPUT
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith(said)


def test_a_wrong_setting_and_a_missing_staff_directory_are_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_STAFF_DIRECTORY", "nowhere.toml")
    result = run("act", "HARP-1", "sign_off")
    assert (result.exit_code, result.stderr) == (
        ExitStatus.BAD_INPUT,
        "There is no staff directory at nowhere.toml: write it, or set WAYMARK_STAFF_DIRECTORY to where it is.\n",
    )

    monkeypatch.setenv("WAYMARK_LOG_LEVEL", "loud")
    result = run("show", "HARP-1")
    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stderr.startswith("WAYMARK_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR: correct it")


def test_a_refusal_and_its_remedy_are_one_sentence_with_code_and_rule() -> None:
    refused = Refused(RefusalCode.NOT_AUTHORISED, "A social worker cannot endorse.", "Ask another.", "HIL-079")
    assert sentence_of(refused) == ("Refused (not_authorised, HIL-079): A social worker cannot endorse: ask another.")
    refused = Refused(RefusalCode.UNKNOWN, "There is no such panel.", "HARP meets on Tuesdays.")
    assert sentence_of(refused) == "Refused (unknown): There is no such panel: HARP meets on Tuesdays."
    refused = Refused(RefusalCode.UNKNOWN, "There is no such panel.", "")
    assert sentence_of(refused) == "Refused (unknown): There is no such panel."


def test_a_server_or_register_that_fails_on_the_way_is_unreachable() -> None:
    lost = problem_of(RPCError("connection lost\nmore", RPCStatusCode.UNAVAILABLE, b""))
    assert (lost.status, lost.sentences) == (
        ExitStatus.UNREACHABLE,
        ["The Temporal server could not do this (unavailable: connection lost): see that it runs, then try again."],
    )
    away = problem_of(OperationalError("INSERT", {"secret": "words"}, Exception("secret")))
    assert away.status is ExitStatus.UNREACHABLE
    assert "secret" not in away.sentences[0]
    assert "WAYMARK_REGISTER_URL" in away.sentences[0]


def test_a_fault_of_waymarks_own_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    @command
    async def broken() -> None:
        raise KeyError("the name of a child")

    with pytest.raises(typer.Exit) as ending:
        broken()

    assert ending.value.exit_code == ExitStatus.OWN_FAULT
    told = capsys.readouterr().err
    assert told.startswith("Waymark failed with a KeyError at test_sentences.py:")
    assert "child" not in told


def test_ctrl_c_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    @command
    async def interrupted() -> None:
        await asyncio.sleep(0)
        raise KeyboardInterrupt

    with pytest.raises(typer.Exit) as ending:
        interrupted()

    assert ending.value.exit_code == ExitStatus.INTERRUPTED
    assert capsys.readouterr() == ("", "")


def test_a_reader_that_has_seen_enough_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)

    @command
    async def much() -> None:
        await asyncio.sleep(0)
        raise BrokenPipeError

    much()


def test_every_command_teaches_with_examples(run: Run) -> None:
    for name in (
        "refer",
        "start",
        "act",
        "escalate",
        "show",
        "journeys",
        "watches",
        "child",
        "sitting",
        "schema",
        "rehearse",
        "up",
        "demo",
    ):
        told = run(name, "--help").stdout
        assert f"starter.py {name}" in told.partition("Examples:")[2], name
    for name in ("check", "show", "diagram"):
        assert f"procedures {name}" in run("procedures", name, "--help").stdout.partition("Examples:")[2]
