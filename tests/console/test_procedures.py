"""`procedures` and `schema`: what the councils' files and the acts look like, for people and for editors."""

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from console.diagram import MACHINES, arrows, diagram
from console.errors import ExitStatus
from console.schemas import EVERY_ACT
from console.shapes import shapes_of
from procedures.catalogue import catalogue
from procedures.loader import HERE, council_folders
from rules.moves import DO_NOT_MOVE
from tests.console.conftest import ROOT, Run

EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
STARTED_BY = {"hillingdon-placement": "start_placement"}


@pytest.fixture
def councils(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "hillingdon", tmp_path / "councils" / "hillingdon")
    return tmp_path / "councils"


def test_the_councils_of_this_checkout_have_no_fault(run: Run) -> None:
    result = run("procedures", "check")

    assert (result.exit_code, result.stderr) == (ExitStatus.DONE, "")
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == list(council_folders())
    assert "hillingdon: 5 forums, version " in result.stdout
    assert json.loads(run("procedures", "check", "hillingdon", "--json").stdout) == {"faults": []}


def test_every_fault_of_a_procedure_is_named_with_exit_status_2(run: Run, councils: Path) -> None:
    harp = councils / "hillingdon" / "harp.toml"
    harp.write_text(harp.read_text(encoding="utf-8") + "\n[colour]\nred = 1\n", encoding="utf-8")
    local = councils / "hillingdon" / "local.toml"
    local.write_text("[settings]\nhigh_cost_level = 5000\n", encoding="utf-8")

    result = run("procedures", "check", "--folder", str(councils))

    assert result.exit_code == ExitStatus.BAD_INPUT
    unknown, missing = result.stderr.splitlines()
    assert unknown == "hillingdon/harp.toml: colour: unknown key. Remove it or move it where it belongs."
    assert missing.startswith("hillingdon/local.toml: settings.head_of_service_approval_level: is not set")
    as_json = run("procedures", "check", "--folder", str(councils), "--json")
    assert as_json.exit_code == ExitStatus.BAD_INPUT
    assert json.loads(as_json.stdout) == {"faults": [unknown, missing]}


def test_faults_of_rota_and_staff_directory_are_found_too(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rota = tmp_path / "rota.toml"
    rota.write_text('[hillingdon.harp]\n2031-03-11 = "hos-cuort-1"\n', encoding="utf-8")
    monkeypatch.setenv("WAYMARK_ROTA", str(rota))
    staff = ROOT / "examples" / "staff.toml"
    assert run("procedures", "check").stderr == (
        f"{rota}: hillingdon.harp.2031-03-11: hos-cuort-1 is not in {staff}. Add or correct them.\n"
    )

    monkeypatch.setenv("WAYMARK_STAFF_DIRECTORY", "nowhere.toml")
    assert run("procedures", "check").stderr.startswith("There is no staff directory at nowhere.toml")
    rota.write_text("[hillingdon", encoding="utf-8")
    assert len(run("procedures", "check").stderr.splitlines()) == 2


def test_a_council_or_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("procedures", "check", "camden").stderr.startswith("There is no council camden in ")
    assert run("procedures", "check", "--folder", str(tmp_path)).stderr == (
        f"No folder in {tmp_path} holds a council.toml: name the folder that holds the councils' folders.\n"
    )
    assert run("procedures", "show", "hillingdon", "jarp").stderr.startswith(
        "There is no forum of Hillingdon called jarp: use one of complex_harp,"
    )


@pytest.mark.parametrize("forum", ["harp", "complex_harp", "high_cost_panel"])
def test_a_forums_page_gives_every_rule_that_it_cites_in_our_words(run: Run, forum: str) -> None:
    page = run("procedures", "show", "hillingdon", forum).stdout

    values, _, rules = page.partition("The rules in our words")
    cited = set(re.findall(r"HIL-\d{3}", values))
    explained = set(re.findall(r"^ (HIL-\d{3})", rules, re.MULTILINE))
    assert cited - explained <= set(re.findall(r"\((HIL-\d{3})\)", values))
    assert explained <= catalogue().keys()
    assert json.loads(run("procedures", "show", "hillingdon", forum, "--json").stdout)["key"] == forum


@pytest.mark.parametrize("name", MACHINES)
def test_the_diagram_in_the_docs_is_the_one_that_the_tables_give(run: Run, name: str) -> None:
    current = diagram(name)

    assert (ROOT / "docs" / "diagrams" / f"{name}.mmd").read_text(encoding="utf-8") == current, (
        "run `starter.py procedures diagram --write docs/diagrams`"
    )
    assert run("procedures", "diagram", name).stdout == current
    assert json.loads(run("procedures", "diagram", "--json").stdout)[name] == current


@pytest.mark.parametrize("name", MACHINES)
def test_the_diagram_draws_every_move_to_another_stage_and_no_other(name: str) -> None:
    table = {
        (source, move.to, str(move.trigger).replace("_", " "))
        for move in MACHINES[name].table
        for source in move.sources
        if move.to not in (DO_NOT_MOVE, source)
    }

    drawn = re.findall(r"^    (\w+) --> (\w+) : (.+)$", diagram(name), re.MULTILINE)

    assert {(source, to, how) for source, to, labels in drawn for how in labels.split(", ")} == table
    assert len(drawn) == len(arrows(MACHINES[name]))


def test_diagrams_are_written_where_they_are_wanted(run: Run, tmp_path: Path) -> None:
    names = [f"new/folder/{name}.mmd" for name in MACHINES]
    assert run("procedures", "diagram", "--write", "new/folder").stdout == f"Written: {', '.join(names)}.\n"
    assert (tmp_path / "new" / "folder" / "journey.mmd").read_text(encoding="utf-8") == diagram("journey")
    written = json.loads(run("procedures", "diagram", "--write", "new", "--json").stdout)
    assert written == {"written": [f"new/{name}.mmd" for name in MACHINES]}


@pytest.mark.parametrize("act", EVERY_ACT)
def test_every_act_has_a_json_schema(run: Run, act: str) -> None:
    schema = json.loads(run("schema", act).stdout)

    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_form_fits_the_published_schema(run: Run, example: Path) -> None:
    schema = json.loads(run("schema", STARTED_BY.get(example.stem, "refer")).stdout)

    jsonschema.validate(json.loads(example.read_text(encoding="utf-8")), schema)


def test_the_schema_takes_staff_references_where_the_command_line_does(run: Run) -> None:
    opening = {"chair": "hos-court-1", "present": ["hos-regulated-1"]}
    jsonschema.validate(opening, json.loads(run("schema", "open_sitting").stdout))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(opening | {"colour": 1}, json.loads(run("schema", "open-sitting").stdout))


def test_without_an_act_the_acts_are_listed(run: Run) -> None:
    listed = {line["act"]: line["done_to"] for line in json.loads(run("schema", "--json").stdout)}

    assert listed.keys() == set(EVERY_ACT)
    assert listed["escalate"][:2] == ["journey", "sitting"]
    assert listed["allocate"] == ["starts a support package"]
    assert "A decision of a sitting on one of its cases." in run("schema").stdout


def test_an_act_that_two_kinds_of_process_take_in_two_shapes_has_both(run: Run) -> None:
    schema = json.loads(run("schema", "record_discussion").stdout)

    assert len(schema["anyOf"]) == len(shapes_of("record_discussion")) > 1


def test_a_long_lived_process_and_the_duties_are_shown_as_pages(run: Run) -> None:
    shown = run("procedures", "show", "hackney", "support_package").stdout
    assert "Deadlines" in shown
    assert "HAC-388" in shown.partition("The rules in our words")[2]
    as_json = json.loads(run("procedures", "show", "hackney", "support-package", "--json").stdout)
    assert "response" in {deadline["key"] for deadline in as_json["deadlines"]}
    assert "Duties" in run("procedures", "show", "hackney", "duties").stdout
    assert {duty["owner"] for duty in json.loads(run("procedures", "show", "hackney", "duties", "--json").stdout)}
