"""`rehearse` by its contract: exit status, one JSON object a step, a timeline, faults with file, key and remedy."""

import json
from pathlib import Path
from typing import Any

import pytest

from console.errors import ExitStatus
from procedures.loader import council_folders
from rehearsal.story import read_story
from tests.console.conftest import ROOT, Run

HEAD = """
title = "{title}"
council = "hillingdon"
rules = ["HIL-078"]
starts = 2031-03-06T09:00:00

[cast]
amira = "social_worker"
tom = "team_manager"
"""
REFER = """
[[step]]
at = 2031-03-06T09:30:00
who = "amira"
does = "refer"
to = "J1"
with = { form = "form.json" }
"""
SIGN_OFF = """
[[step]]
at = 2031-03-07T10:00:00
who = "{who}"
does = "sign_off"
to = "J1"
"""
EXPECT = """
[[step]]
expect = {{ of = "J1", stage = "{stage}", waiting_on = "head_of_service" }}
"""
REFUSED = 'refused = "not_authorised"\n'


@pytest.fixture
def story(tmp_path: Path) -> Path:
    (tmp_path / "form.json").write_text(
        (ROOT / "examples" / "hillingdon-harp.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    return tmp_path / "story.toml"


def write(path: Path, *parts: str, title: str = "A form is signed off") -> str:
    path.write_text(HEAD.format(title=title) + "".join(parts), encoding="utf-8")
    return str(path)


def steps(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_story_that_goes_as_written_is_a_timeline_and_exit_status_0(run: Run, story: Path) -> None:
    file = write(
        story,
        REFER,
        SIGN_OFF.format(who="amira") + REFUSED,
        SIGN_OFF.format(who="tom"),
        EXPECT.format(stage="awaiting_endorsement"),
    )

    result = run("rehearse", file)

    assert result.exit_code == ExitStatus.DONE
    assert result.stdout.splitlines() == [
        "A form is signed off",
        f"{file}  proves HIL-078",
        "",
        "Thursday 6 March 2031",
        "   ok  09:30  amira: refer J1",
        "",
        "Friday 7 March 2031",
        (
            "   ok  10:00  amira: sign off J1 - refused (not_authorised): A social worker cannot sign off."
            " Ask the team manager."
        ),
        "   ok  10:00  tom: sign off J1",
        "   ok         J1: stage awaiting endorsement, waiting on head of service",
        "",
        "Went as written.",
        "",
    ]
    assert result.stderr == ""


def test_as_json_each_step_is_one_object(run: Run, story: Path) -> None:
    file = write(story, REFER, SIGN_OFF.format(who="tom"), EXPECT.format(stage="awaiting_endorsement"))

    result = run("rehearse", "--json", file)

    assert result.exit_code == ExitStatus.DONE
    act = {"file": file, "kind": "act", "ok": True, "expected": "accepted", "found": "accepted"}
    wanted = {"stage": "awaiting_endorsement", "waiting_on": "head_of_service"}
    assert steps(result.stdout) == [
        act | {"step": 1, "at": "2031-03-06T09:30:00+00:00"},
        act | {"step": 2, "at": "2031-03-07T10:00:00+00:00"},
        act | {"step": 3, "at": "2031-03-07T10:00:00+00:00", "kind": "expect", "expected": wanted, "found": wanted},
    ]


def test_an_expectation_that_does_not_hold_is_marked_and_ends_the_story_with_exit_status_1(
    run: Run, story: Path
) -> None:
    file = write(story, REFER, EXPECT.format(stage="awaiting_endorsement"), SIGN_OFF.format(who="tom"))

    told = run("rehearse", file)
    result = run("rehearse", "--json", file)

    assert told.exit_code == result.exit_code == ExitStatus.NOT_AS_EXPECTED
    assert told.stdout.splitlines()[5:] == [
        " FAIL         J1: stage awaiting endorsement, waiting on head of service",
        "              expected: stage awaiting endorsement, waiting_on head of service",
        "              found: stage awaiting sign off, waiting_on team manager",
        "",
        "Did not go as written: stopped at step 2.",
        "",
    ]
    _, failed = steps(result.stdout)
    assert (failed["step"], failed["ok"]) == (2, False)
    assert failed["found"] == {"stage": "awaiting_sign_off", "waiting_on": "team_manager"}


@pytest.mark.parametrize(
    ("who", "refused", "expected", "found"),
    [
        ("amira", "", "accepted", "not_authorised: A social worker cannot sign off."),
        ("amira", 'refused = "same_person"\n', "same_person", "not_authorised: A social worker cannot sign off."),
        ("tom", REFUSED, "not_authorised", "accepted"),
    ],
)
def test_an_act_that_is_answered_otherwise_than_written_is_exit_status_1(  # noqa: PLR0913 - one case a row
    run: Run, story: Path, who: str, refused: str, expected: str, found: str
) -> None:
    result = run("rehearse", "--json", write(story, REFER, SIGN_OFF.format(who=who) + refused))

    assert result.exit_code == ExitStatus.NOT_AS_EXPECTED
    failed = steps(result.stdout)[-1]
    assert (failed["step"], failed["kind"], failed["ok"]) == (2, "act", False)
    assert (failed["expected"], failed["found"]) == (expected, found)


def test_several_files_and_folders_are_played_and_printed_in_order(run: Run, story: Path) -> None:
    folder = story.parent / "folder"
    folder.mkdir()
    (folder / "form.json").write_text((story.parent / "form.json").read_text(encoding="utf-8"), encoding="utf-8")
    failing = write(folder / "1.toml", REFER, EXPECT.format(stage="listed"), title="First")
    fine = write(folder / "2.toml", REFER, title="Second")
    last = write(story, REFER, SIGN_OFF.format(who="tom"), title="Last")

    result = run("rehearse", str(folder), last)

    assert result.exit_code == ExitStatus.NOT_AS_EXPECTED
    titles = [line for line in result.stdout.splitlines() if line in {"First", "Second", "Last"}]
    assert titles == ["First", "Second", "Last"]
    assert result.stdout.endswith("3 rehearsals: NOT all went as written.\n")
    as_json = run("rehearse", "--json", last, str(folder))
    assert [step["file"] for step in steps(as_json.stdout)] == [last, last, failing, failing, fine]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ('[[step]]\nwho = "tom"\n', "step.1: Value error, a step either acts (`who`, `does`, `to`) or expects"),
        (REFER + "colour = 1\n", "step.1.colour: unknown key. Remove it or correct its spelling."),
        (REFER.replace("amira", "nobody"), "step.1.who: nobody is not in the cast. Add them under [cast]."),
        (REFER.replace("refer", "dance"), "step.1.does: there is no act dance. `starter.py schema` lists the acts."),
        (
            REFER.replace("form.json", "no.json"),
            "step.1.with.form: there is no no.json beside the rehearsal or here. Correct the path.",
        ),
        (
            REFER.replace("form.json", "story.toml"),
            "step.1.with.form: story.toml is not a JSON object. Correct that file.",
        ),
        (REFER.replace("2031", "2030"), "step.1.at: lies before the step before. Put the steps in order of time."),
        (SIGN_OFF.format(who="tom"), "step.1.to: no process is called J1 yet. Refer it first."),
        ("[[step", "cannot be read as TOML: "),
    ],
)
def test_a_malformed_file_is_named_with_key_and_remedy_and_exit_status_2(
    run: Run, story: Path, part: str, said: str
) -> None:
    file = write(story, part)

    result = run("rehearse", "--json", file)

    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stderr.startswith(f"{file}: {said}")


def test_an_unknown_council_is_named_before_anything_is_played(run: Run, story: Path) -> None:
    file = write(story, REFER)
    story.write_text(story.read_text(encoding="utf-8").replace('"hillingdon"', '"camden"'), encoding="utf-8")

    result = run("rehearse", file)

    assert result.stderr == f"{file}: council: there is no council camden. Use one of {', '.join(council_folders())}.\n"


def test_one_malformed_file_stops_all_before_the_first_is_played(run: Run, story: Path) -> None:
    fine = write(story, REFER)
    bad = write(story.parent / "bad.toml", "[[step]]\n")

    result = run("rehearse", fine, bad, "no.toml")

    assert result.exit_code == ExitStatus.BAD_INPUT
    assert result.stdout == ""
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [bad, "no.toml"]


def test_an_empty_folder_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert run("rehearse", "empty").stderr == (
        "The folder empty holds no .toml file: name the rehearsals or the folder that holds them.\n"
    )


def test_the_demos_own_story_goes_as_written(run: Run) -> None:
    file = ROOT / "rehearsals" / "demo" / "a_whole_journey.toml"

    result = run("rehearse", str(file))

    assert result.exit_code == ExitStatus.DONE, result.stdout
    weeks = (read_story(file).step[-2].at, read_story(file).starts)
    assert (weeks[0] - weeks[1]).days > 7 * 10  # type: ignore[operator]  # the last act has its moment
