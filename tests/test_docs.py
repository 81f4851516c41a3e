"""The documents say what is there: links, commands, settings, diagrams and examples."""

import re
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from pydantic import BaseModel

from activities.booking import SITTING_WORKFLOW
from activities.messages import JOURNEY_WORKFLOW, WATCH_WORKFLOWS
from console.diagram import MACHINES, diagram
from console.shapes import ACTS, STARTS
from console.stuck import EVERY_WATCH, Filter, saved_views
from models import deadlines, moving, procedure
from models.conditions import Condition
from models.data import Data
from models.deadlines import WatchRules
from models.procedure import Council, Setting, WorkingCalendar
from procedures.calendars import working_calendar
from procedures.checks import CLOCKS
from procedures.loader import HERE, read_council
from procedures.watches import law_deadlines
from rehearsal.story import Expected, Step, Story, read_story
from runtime.settings import Settings, variable
from workflows.search_attributes import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
DECISIONS = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
IMAGES = sorted((DOCS / "images").glob("*.png"))
MOST_BYTES = 300_000
LONGEST_RECORD = 25

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?<!papers )\bmake ([a-z]+)\b")
ASSUMED = re.compile(r"\b([A-H]\d{1,2})\b")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in FENCE.findall(text_of(page)) if kind == language]


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def example(page: str, holding: str) -> str:
    (found,) = [block for block in blocks(DOCS / page, "toml") if holding in block]
    return found


def names_of(page: Path) -> set[str]:
    return set(re.findall(r"`\[*([\w.]+)\]*`", text_of(page)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_the_documents_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(text_of(page)):
        target = urlsplit(link)
        if target.scheme:
            continue
        file = (page.parent / unquote(target.path)).resolve() if target.path else page
        assert file.exists(), link
        if target.fragment:
            assert target.fragment in anchors(file), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_is_shown_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.MULTILINE))
    shown = "\n".join([*blocks(page, "sh"), *blocks(page, "console"), *re.findall(r"`(make [a-z]+)`", text_of(page))])
    assert set(MAKE.findall(shown)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_of_the_command_line_examples_exists(page: Path) -> None:
    for command in re.findall(r"^\$ (.+starter\.py .+)$", "\n".join(blocks(page, "console")), re.MULTILINE):
        for word in command.split():
            if word.startswith(("examples/", "rehearsals/", "docs/")):
                assert (ROOT / word).exists(), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_document_names_a_place_on_the_machine_that_it_was_written_on(page: Path) -> None:
    text = text_of(page)
    assert not re.search(r"(?<![\w./~-])/(?:home|root|Users|opt|srv|mnt|work|tmp)(?:/|\b)", text)
    for host in re.findall(r"https?://([^/\s)\"'`]+)", text):
        assert host in {"127.0.0.1:8233", "temporal.io", "keepachangelog.com", "semver.org"} or host.endswith(
            (".notifications.service.gov.uk", "waymark.example.org")
        )


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(WAYMARK_\w+)` \| (.+?) \|", text_of(DOCS / "operations.md"), re.MULTILINE))
    assert rows.keys() == {variable(name) for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if not field.default_factory:
            assert rows[variable(name)] == f"`{field.default}`"


def test_no_other_variable_is_documented() -> None:
    known = {variable(name) for name in Settings.model_fields} | {"WAYMARK_WORKER_REPLICAS"}
    for page in PAGES:
        assert set(re.findall(r"\bWAYMARK_[A-Z_]+\b", text_of(page))) <= known


def test_the_diagram_of_the_readme_is_the_generated_one() -> None:
    assert blocks(ROOT / "README.md", "mermaid") == [diagram("journey")]


@pytest.mark.parametrize("name", MACHINES)
def test_the_diagrams_are_drawn_from_the_tables(name: str) -> None:
    assert text_of(DOCS / "diagrams" / f"{name}.mmd") == diagram(name)


def test_every_decision_has_a_line_in_the_index() -> None:
    index = LINK.findall(text_of(DOCS / "decisions" / "README.md"))
    assert sorted(index) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("record", DECISIONS, ids=lambda record: record.stem)
def test_a_decision_is_short_and_says_context_decision_and_consequence(record: Path) -> None:
    lines = text_of(record).splitlines()
    assert lines[0].startswith(f"# {record.name[:4]}: ")
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequence"]
    assert len(lines) < LONGEST_RECORD


def test_every_picture_is_small_and_shown_somewhere() -> None:
    shown = {link.rsplit("/", 1)[-1] for page in PAGES for link in LINK.findall(text_of(page)) if link.endswith(".png")}
    assert {image.name for image in IMAGES} == shown
    assert all(image.stat().st_size < MOST_BYTES for image in IMAGES)


def test_the_documented_queries_are_those_that_the_demo_prints() -> None:
    operations = text_of(DOCS / "operations.md")
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    views = saved_views(now, {"hillingdon": working_calendar("hillingdon", 2025)})
    assert [name for name, view in views.items() if f"`{view.query()}`" not in operations] == []
    assert f"`{Filter(stage='awaiting_listing').query()}`" in operations


def test_the_queries_for_what_is_watched_over_are_those_of_the_command_line() -> None:
    operations = text_of(DOCS / "operations.md")
    every = (Filter(workflows=EVERY_WATCH, overdue=True), Filter(workflows=EVERY_WATCH, escalated=True))
    placements = Filter(workflows=("Placement",), waiting_on="social_worker")
    assert [one.query() for one in (*every, placements) if f"`{one.query()}`" not in operations] == []


def test_every_link_to_the_temporal_ui_holds_the_query_beside_it() -> None:
    text = text_of(DOCS / "operations.md")
    links = [link for link in LINK.findall(text) if link.startswith("http://127.0.0.1:8233")]
    assert links
    for link in links:
        assert f"`{unquote(urlsplit(link).query.removeprefix('query='))}`" in text


def test_the_queries_ask_for_search_attributes_that_there_are() -> None:
    operations = text_of(DOCS / "operations.md")
    temporals_own = {"WorkflowType", "ExecutionStatus", "WorkflowId", "TemporalReportedProblems"}
    for query in re.findall(r"`([^`\n]* (?:=|IN) [^`\n]*'[^`\n]*)`", operations):
        asked = set(re.findall(r"\b([A-Z]\w+) (?:=|IN|<=|>=|<)", query))
        assert asked <= temporals_own | SEARCH_ATTRIBUTES.keys()


def test_the_worked_example_of_a_procedure_has_no_faults(tmp_path: Path) -> None:
    folder = tmp_path / "hillingdon"
    shutil.copytree(HERE / "hillingdon", folder)
    (folder / "thursday_trial.toml").write_text(example("procedures.md", 'key = "thursday_trial"'), encoding="utf-8")

    council = read_council(folder)

    assert council.forums["thursday_trial"].title == "Thursday trial panel"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_toml_example_can_be_read(page: Path) -> None:
    for block in blocks(page, "toml"):
        tomllib.loads(block)


def test_the_page_on_procedures_names_every_clock_and_every_key() -> None:
    made = ("forums", "stubs", "law_deadlines", "watches")
    loader_makes = {*((Council, name) for name in made), (Setting, "value")}
    modules = (procedure, deadlines, moving)
    classes = [one for module in modules for one in vars(module).values() if isinstance(one, type)]
    shapes: list[type[BaseModel]] = [
        Condition,
        *(one for one in classes if issubclass(one, Data) and one is not WorkingCalendar),
    ]
    keys = {key for shape in shapes for key in shape.model_fields if (shape, key) not in loader_makes}
    assert {*CLOCKS, *keys} <= {*names_of(DOCS / "procedures.md"), "settings"}


def test_the_example_of_a_long_lived_process_is_well_formed() -> None:
    rules = WatchRules.model_validate(tomllib.loads(example("procedures.md", 'key = "viability_assessment"')))
    known, _ = law_deadlines(HERE / "law")
    assert set(rules.law) <= {one.key for one in known if one.process == "placement"}
    assert [one.key for one in rules.deadlines] == ["viability_assessment"]


def test_the_page_on_architecture_names_every_kind_of_process() -> None:
    named = names_of(DOCS / "architecture.md")
    assert {*WATCH_WORKFLOWS.values(), JOURNEY_WORKFLOW, SITTING_WORKFLOW} <= named


def test_the_example_of_a_rehearsal_is_well_formed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    story = tmp_path / "example.toml"
    story.write_text(example("rehearsals.md", "title ="), encoding="utf-8")
    assert read_story(story).title == "A referral is signed off and endorsed in time"


def test_the_page_on_rehearsals_names_every_key() -> None:
    named = names_of(DOCS / "rehearsals.md")
    keys = {info.alias or key for shape in (Story, Step, Expected) for key, info in shape.model_fields.items()}
    assert keys - {"step"} <= named | {"cast", "rota"}


def test_every_assumption_of_the_procedures_is_explained() -> None:
    used = {
        number
        for file in [*HERE.glob("*/*.toml"), *HERE.glob("*/processes/*.toml")]
        for said in re.findall(r'assumed = "([^"]+)"', text_of(file))
        for number in ASSUMED.findall(said)
    }
    explained = set(re.findall(r"^\| ([A-H]\d+) \|", text_of(DOCS / "assumptions.md"), re.MULTILINE))
    assert used <= explained


def test_no_act_is_documented_that_is_not_there() -> None:
    acts = set(ACTS)
    for page in PAGES:
        for act in re.findall(r"starter\.py act \S+ (\w+)", text_of(page)):
            assert act in acts
        for act in re.findall(r"starter\.py start (\w+)", text_of(page)):
            assert act in STARTS
