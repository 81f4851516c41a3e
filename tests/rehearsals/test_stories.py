"""The rehearsals of every council, each played as a test; and the contract of the files themselves."""

import tomllib
from pathlib import Path

import pytest

from console.coverage import in_docstrings, placed
from procedures.catalogue import catalogue, laws
from procedures.loader import council_folders, load_council
from rehearsal.play import StepResult, all_went_well, play_and_trace, play_story
from rehearsal.story import MalformedStory, read_story

REPOSITORY = Path(__file__).parents[2]
REHEARSALS = REPOSITORY / "rehearsals"
HILLINGDON = sorted((REHEARSALS / "hillingdon").glob("*.toml"))
STORIES = sorted(REHEARSALS.glob("*/*.toml"))
EVERY_FILE = sorted(REHEARSALS.rglob("*.toml"))

CODE_ALONE = (
    in_docstrings(REPOSITORY / "rules", REPOSITORY).keys() - placed(map(load_council, council_folders())).keys()
)
"""Rules that the code names and no file: which of them a story comes by, nobody can tell."""

WHOLE = """
title = "A story"
council = "hillingdon"
rules = ["HIL-080"]
starts = 2031-03-06T09:00:00

[cast]
amira = "social_worker"

[[step]]
at = 2031-03-06T10:00:00
who = "amira"
does = "refer"
to = "J1"
with = { form = "examples/hillingdon-harp.json", forum = "harp" }

[[step]]
at = 2031-03-06T11:00:00
expect = { of = "J1", stage = "awaiting_sign_off" }
"""


@pytest.fixture(autouse=True)
def _from_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)


def readable(results: list[StepResult]) -> str:
    """The timeline of a story, with what was expected and found where it went wrong."""
    lines = []
    for result in results:
        lines.append(f"{'ok ' if result.ok else 'NOT'} step {result.step} {result.at:%Y-%m-%d %H:%M} {result.told}")
        if not result.ok:
            lines.append(f"    expected {result.expected}\n    found    {result.found}")
    return "\n".join(lines)


def malformed(tmp_path: Path, text: str) -> str:
    file = tmp_path / "story.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(MalformedStory) as caught:
        read_story(file)
    assert "story.toml" in str(caught.value), "a fault names its file"
    return str(caught.value)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_the_story_goes_as_it_says_and_comes_by_every_rule_that_it_proves(path: Path) -> None:
    story = read_story(path)
    results, exercised = await play_and_trace(path, story)
    assert results
    assert all_went_well(results), f"{path.name}\n{readable(results)}"
    assert sorted(set(story.rules) - exercised - CODE_ALONE) == [], (
        "it says that it proves rules that it never comes by"
    )


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: path.stem)
def test_every_rule_that_a_story_names_is_in_the_catalogue(path: Path) -> None:
    story = read_story(path)
    assert story.rules
    assert sorted(set(story.rules)) == sorted(story.rules), "a rule is named once"
    assert [rule for rule in story.rules if rule not in {**catalogue(), **laws()}] == []


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: path.stem)
def test_a_story_lies_in_the_future_under_a_name_of_its_own(path: Path) -> None:
    story = read_story(path)
    assert story.starts.year >= 2031
    assert story.title
    assert path.stem.islower()
    assert path.stem.isidentifier()


def test_no_two_stories_share_a_title() -> None:
    titles = [read_story(path).title for path in EVERY_FILE]
    assert sorted(set(titles)) == sorted(titles)


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(WHOLE, encoding="utf-8")
    assert [step.does for step in read_story(file).step] == ["refer", None]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MalformedStory, match=r"nowhere\.toml"):
        read_story(tmp_path / "nowhere.toml")


def test_bad_toml_is_named_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in malformed(tmp_path, 'title = "A story"\ncouncil = hillingdon\n')


@pytest.mark.parametrize(
    ("there", "instead", "named"),
    [
        pytest.param('title = "A story"', 'titel = "A story"', "titel", id="unknown key of a story"),
        pytest.param('who = "amira"', 'whom = "amira"', "step.1.whom", id="unknown key of a step"),
        pytest.param('stage = "awaiting_sign_off"', 'state = "x"', "step.2.expect.state", id="unknown key of expect"),
        pytest.param('title = "A story"', "", "title", id="no title"),
        pytest.param("starts = 2031-03-06T09:00:00", "", "starts", id="no start"),
        pytest.param('council = "hillingdon"', "", "council", id="no council"),
        pytest.param('[cast]\namira = "social_worker"', "", "cast", id="no cast"),
        pytest.param('who = "amira"', 'who = "nobody"', "step.1.who", id="somebody who is not in the cast"),
        pytest.param("[cast]", '[rota]\nharp = { 2031-03-11 = "nobody" }\n\n[cast]', "rota.harp", id="unknown chair"),
        pytest.param("at = 2031-03-06T11:00:00", "at = 2031-03-06T09:59:00", "step.2.at", id="a step out of order"),
        pytest.param("at = 2031-03-06T10:00:00", "at = 2031-03-05T10:00:00", "step.1.at", id="before the start"),
        pytest.param('does = "refer"', 'does = "applaud"', "step.1.does", id="unknown act"),
        pytest.param('of = "J1"', 'of = "J2"', "step.2.expect.of", id="a process that nobody started"),
        pytest.param('to = "J1"\n', "", "step.1", id="an act on nothing"),
        pytest.param('does = "refer"', 'does = "hear"', "step.1.to", id="an act of a sitting on a journey"),
        pytest.param("starts = 2031-03-06T09:00:00", 'starts = "soon"', "starts", id="a start that is no date"),
    ],
)
def test_a_malformed_file_names_file_and_key(tmp_path: Path, there: str, instead: str, named: str) -> None:
    assert there in WHOLE
    assert named in malformed(tmp_path, WHOLE.replace(there, instead, 1))


def test_every_fault_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = WHOLE.replace('who = "amira"', 'who = "nobody"').replace("T11:00:00", "T09:59:00")
    said = malformed(tmp_path, text)
    assert "step.1.who" in said
    assert "step.2.at" in said


async def test_a_story_that_goes_otherwise_says_what_was_found_and_ends(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    more = '\n[[step]]\nexpect = { of = "J1", open = true }\n'
    file.write_text(WHOLE.replace('"awaiting_sign_off"', '"listed"') + more, encoding="utf-8")
    results = await play_story(file, read_story(file))
    assert [result.ok for result in results] == [True, False]
    assert results[-1].expected == {"stage": "listed"}
    assert results[-1].found == {"stage": "awaiting_sign_off"}
    assert set(results[-1].as_json()) == {"file", "step", "at", "kind", "ok", "expected", "found"}


async def test_an_act_that_should_have_been_refused_fails_the_story(tmp_path: Path) -> None:
    file = tmp_path / "story.toml"
    file.write_text(WHOLE.replace('to = "J1"\n', 'to = "J1"\nrefused = "unknown"\n'), encoding="utf-8")
    results = await play_story(file, read_story(file))
    assert [(result.ok, result.expected, result.found) for result in results] == [(False, "unknown", "accepted")]


def test_forms_beside_the_rehearsals_are_used() -> None:
    forms = {str(path.relative_to(REHEARSALS / "hillingdon")) for path in (REHEARSALS / "hillingdon").rglob("*.json")}
    used = {
        step["with"]["form"]
        for path in HILLINGDON
        for step in tomllib.loads(path.read_text(encoding="utf-8"))["step"]
        if step.get("does") == "refer" and "form" in step.get("with", {})
    }
    assert sorted(forms - used) == []
