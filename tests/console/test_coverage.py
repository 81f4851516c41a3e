"""What the documents say of each rule and forum is what files, rehearsals and tests say; and every rule is proven."""

import json
from pathlib import Path

import pytest

from console.coverage import Covered, as_page, coverage, in_stories, in_tests, rules_in, timed
from console.forum_diagram import forum_diagram
from console.pages import pages_of, write_pages
from procedures.catalogue import catalogue, later, timers
from procedures.loader import council_folders, load_council
from tests.console.conftest import Run

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PROCESSES = {"Placement", "CareEpisode", "SupportPackage", "CaseTransfer", "UnitMeeting", "ForumDuty"}
REHEARSED_AT_LEAST = 0.95


@pytest.fixture(scope="module")
def rules() -> list[Covered]:
    return coverage()


def test_the_page_of_rules_is_not_stale(rules: list[Covered]) -> None:
    written = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert written == as_page(rules), "run `starter.py procedures coverage --write docs/rules.md`"


@pytest.mark.parametrize("council", council_folders())
def test_the_pages_and_diagrams_of_a_council_are_not_stale(council: str) -> None:
    stale = [
        name
        for name, text in pages_of(load_council(council)).items()
        if (DOCS / "procedures" / council / name).read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run `starter.py procedures pages`"


def test_no_page_is_kept_of_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "hillingdon" / "processes").mkdir(parents=True)
    gone = [tmp_path / "hillingdon" / "gone.md", tmp_path / "hillingdon" / "processes" / "gone.md"]
    for page in gone:
        page.write_text("", encoding="utf-8")
    written = {str(path.relative_to(tmp_path)) for path in write_pages(tmp_path)}
    assert not any(page.exists() for page in gone)
    kept = DOCS / "procedures"
    assert written == {str(path.relative_to(kept)) for path in kept.rglob("*.m*d")}


def test_every_rule_of_tier_a_is_proven_or_belongs_to_a_process_still_to_come(rules: list[Covered]) -> None:
    left = [rule.id for rule in rules if rule.tier == "A" and rule.state in ("open", "in place")]
    assert left == []


def test_nearly_every_rule_of_tier_a_is_proven_by_a_rehearsal(rules: list[Covered]) -> None:
    now = [rule for rule in rules if rule.tier == "A" and rule.state != "later"]
    assert sum(rule.state == "rehearsed" for rule in now) >= REHEARSED_AT_LEAST * len(now)


def test_every_rule_of_tier_a_that_time_is_part_of_is_proven_by_a_rehearsal(rules: list[Covered]) -> None:
    assert timers().keys() <= catalogue().keys()
    assert [rule.id for rule in timed(rules) if rule.state != "rehearsed"] == []


def test_every_rule_of_tier_b_has_a_place(rules: list[Covered]) -> None:
    assert [rule.id for rule in rules if rule.tier == "B" and rule.state == "open"] == []


def test_what_comes_later_is_known_and_belongs_to_a_process() -> None:
    assert later().keys() <= catalogue().keys()
    assert set(later().values()) <= PROCESSES


def test_rules_are_found_in_docstrings_spans_included() -> None:
    assert sorted(rules_in("Who sits (HIL-047 to HIL-050, HAC-001; A13).")) == [
        "HAC-001",
        "HIL-047",
        "HIL-048",
        "HIL-049",
        "HIL-050",
    ]


def test_stories_and_marked_tests_are_found(tmp_path: Path) -> None:
    (tmp_path / "story.toml").write_text('rules = ["HIL-001"]', encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        '@pytest.mark.proves("HIL-002", "HIL-003")\ndef test_it(): ...\n@fixture\ndef test_not(): ...\n',
        encoding="utf-8",
    )
    (tmp_path / "test_other.py").write_text("def test_other(): ...\n", encoding="utf-8")
    assert in_stories(tmp_path, tmp_path) == {"HIL-001": ["story.toml"]}
    assert in_tests(tmp_path, tmp_path) == {rule: ["test_it.py: test_it"] for rule in ("HIL-002", "HIL-003")}


def test_the_command_line_shows_counts_json_and_the_page(run: Run, tmp_path: Path) -> None:
    assert "Hillingdon" in run("procedures", "coverage").stdout
    told = json.loads(run("procedures", "coverage", "--json").stdout)
    assert {rule["id"] for rule in told["rules"]} == {key for key, rule in catalogue().items() if rule.tier in "AB"}
    assert run("procedures", "coverage", "--write", "rules.md").stdout == "Written: rules.md.\n"
    assert (tmp_path / "rules.md").read_text(encoding="utf-8").startswith("# Rules\n")


def test_a_forum_is_drawn_by_its_council_and_key(run: Run) -> None:
    council = load_council("hillingdon")
    drawn = run("procedures", "diagram", "hillingdon", "harp").stdout
    assert drawn == forum_diagram(council, council.forums["harp"])


@pytest.mark.parametrize("name", ["forum", "council", "local", "process", "law"])
def test_the_schema_of_a_file_is_printed(run: Run, name: str) -> None:
    assert json.loads(run("procedures", "schema", name).stdout)["$schema"].startswith("https://json-schema.org/")
