"""A council's files with one thing wrong each: the fault is named with file, key and remedy."""

import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import ProcedureFault
from procedures.calendars import working_calendar
from procedures.catalogue import catalogue
from procedures.loader import HERE, council_folders, load_council, read_council
from tests.builders import HILLINGDON

Change = tuple[str, str, str]


@pytest.fixture
def council(tmp_path: Path) -> Path:
    """Hillingdon's folder, to be broken."""
    folder = tmp_path / "hillingdon"
    shutil.copytree(HERE / "hillingdon", folder)
    return folder


def _break(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _faults(read: Callable[[], object]) -> list[str]:
    with pytest.raises(ProcedureFault) as caught:
        read()
    return caught.value.faults


_HARP = (HERE / "hillingdon" / "harp.toml").read_text(encoding="utf-8")
SCHEDULE = _HARP[_HARP.index("[schedule]") : _HARP.index("[capacity]")]
BROKEN: list[tuple[str, Change, str, str, str]] = [
    ("unknown key", ("harp.toml", "[schedule]", "[shedule]"), "harp.toml", "shedule", "Remove it"),
    (
        "unknown key inside",
        ("harp.toml", "starts = 09:30:00", "starts = 09:30:00\nends = 12:00:00"),
        "harp.toml",
        "schedule.ends",
        "Remove it",
    ),
    (
        "unknown part of the council",
        ("council.toml", "[escalation]", "[escalating]"),
        "council.toml",
        "escalating",
        "Remove it",
    ),
    (
        "missing citation",
        (
            "harp.toml",
            'minutes = 15\nbeyond = "chair"\noverflow = "reserve"\ncites = ["HIL-082", "HIL-083", "HIL-084"]',
            'minutes = 15\nbeyond = "chair"\noverflow = "reserve"',
        ),
        "harp.toml",
        "capacity.cites",
        "Write it",
    ),
    ("no citation", ("harp.toml", 'cites = "HIL-054"', "cites = []"), "harp.toml", "seats.2.cites", "at least 1 item"),
    (
        "unknown rule",
        ("harp.toml", 'cites = "HIL-054"', 'cites = "HIL-954"'),
        "hillingdon",
        "forums.harp.seats.2.cites",
        "HIL-954",
    ),
    (
        "missing setting",
        ("local.toml", "high_cost_level = 5000", ""),
        "local.toml",
        "settings.high_cost_level",
        "Write `high_cost_level = ...`",
    ),
    (
        "unknown setting",
        ("local.toml", "high_cost_level = 5000", "high_cost_level = 5000\nlow_cost_level = 5"),
        "local.toml",
        "settings.low_cost_level",
        "Remove it",
    ),
    (
        "setting without a value",
        ("local.toml", "high_cost_level = 5000", 'high_cost_level = "much"'),
        "local.toml",
        "settings.high_cost_level",
        "valid",
    ),
    (
        "post nobody holds",
        ("council.toml", 'sign_off = { posts = ["team_manager"]', 'sign_off = { posts = ["wizard"]'),
        "council.toml",
        "authority.sign_off",
        "wizard",
    ),
    (
        "emergency post nobody holds",
        ("council.toml", 'out_of_hours_posts = ["head_of_service_on_duty"]', 'out_of_hours_posts = ["wizard"]'),
        "council.toml",
        "emergency.posts",
        "wizard",
    ),
    (
        "seat nobody holds",
        ("harp.toml", 'post = "virtual_school_head"', 'post = "wizard"'),
        "harp.toml",
        "seats",
        "wizard",
    ),
    (
        "ladder into nothing",
        (
            "council.toml",
            'director = { title = "Director of Social Care" }',
            'director = { title = "Director", next_up = "mayor" }',
        ),
        "council.toml",
        "posts.director.next_up",
        "mayor",
    ),
    (
        "ladder in a circle",
        (
            "council.toml",
            'director = { title = "Director of Social Care" }',
            'director = { title = "Director", next_up = "team_manager" }',
        ),
        "council.toml",
        "posts.director.next_up",
        "circle",
    ),
    (
        "missing authority",
        ("council.toml", "amend = {", "# amend = {"),
        "council.toml",
        "authority.amend",
        "Say which posts may",
    ),
    (
        "unknown act",
        ("council.toml", "amend = {", 'bless = { posts = ["director"], cites = "HIL-040" }\namend = {'),
        "council.toml",
        "authority.bless",
        "Remove it",
    ),
    (
        "missing clock",
        ("council.toml", "cut_off = { warn", "# cut_off = { warn"),
        "council.toml",
        "clocks.cut_off",
        "Write it",
    ),
    (
        "chain that cannot be walked",
        ("council.toml", '    { act = "sign_off", comments = true, cites = "HIL-078" },\n', ""),
        "harp.toml",
        "chain",
        "sign_off, or sign_off then endorse",
    ),
    (
        "onward to nowhere",
        ("council.toml", 'forum = "high_cost_panel"', 'forum = "higher_cost_panel"'),
        "harp.toml",
        "onward",
        "higher_cost_panel",
    ),
    (
        "outranks nobody",
        ("complex_harp.toml", 'outranks = ["harp"]', 'outranks = ["complex_harp"]'),
        "complex_harp.toml",
        "onward",
        "complex_harp",
    ),
    (
        "condition about nothing",
        ("harp.toml", 'path = "child.unaccompanied_asylum_seeking"', 'path = "child.shoe_size"'),
        "hillingdon",
        "criteria.1.when.0.",
        "child.shoe_size",
    ),
    (
        "requirement of nothing",
        ("complex_harp.toml", 'field = "discussions.supervision"', 'field = "discussions.lunch"'),
        "complex_harp.toml",
        "requirements",
        "discussions.lunch",
    ),
    (
        "condition about no setting",
        ("harp.toml", 'above_setting = "head_of_service_approval_level"', 'above_setting = "sky"'),
        "hillingdon",
        "criteria.11.when.1.",
        "sky",
    ),
    (
        "bad duration",
        ("harp.toml", 'longer_than = "P12M"', 'longer_than = "a year"'),
        "hillingdon",
        "longer_than",
        "P12M",
    ),
    (
        "quorum larger than its seats",
        ("council.toml", "independent = 2", "independent = 3"),
        "harp.toml",
        "quorum.independent",
        "lower the quorum",
    ),
    (
        "missing schedule",
        (
            "harp.toml",
            SCHEDULE,
            "",
        ),
        "harp.toml",
        "schedule",
        "Write [schedule]",
    ),
    ("nobody chairs", ("harp.toml", 'role = "chair"', 'role = "member"'), "harp.toml", "seats", "role chair"),
    (
        "nobody decides",
        ("high_cost_panel.toml", 'decided_by = "head_of_service"', 'decided_by = "wizard"'),
        "high_cost_panel.toml",
        "forum.decided_by",
        "wizard",
    ),
    (
        "nothing to decide",
        ("high_cost_panel.toml", 'includes = ["panel_lists"]', ""),
        "high_cost_panel.toml",
        "options",
        "List its options",
    ),
    (
        "in force backwards",
        ("harp.toml", "in_force_from = 2020-08-01", "in_force_from = 2020-08-01\nin_force_until = 2020-07-31"),
        "harp.toml",
        "forum.in_force_until",
        "Correct one",
    ),
    (
        "includes nothing",
        ("harp.toml", 'includes = ["panel", "panel_lists"]', 'includes = ["panel", "panel_list", "panel_lists"]'),
        "harp.toml",
        "includes",
        "shared.panel_list]",
    ),
    ("not TOML", ("harp.toml", "[schedule]", "[schedule"), "harp.toml", "not TOML", "Correct that line"),
    ("wrong kind", ("harp.toml", "cases = 10", 'cases = "ten"'), "harp.toml", "capacity.cases", "valid integer"),
    ("no cases", ("harp.toml", "cases = 10", "cases = 0"), "harp.toml", "capacity.cases", "greater than or equal to 1"),
    ("council without a title", ("council.toml", 'title = "Hillingdon"\n', ""), "council.toml", "title", "Write it"),
    (
        "closure that is no day",
        ("local.toml", "closure_days = []", 'closure_days = ["Christmas"]'),
        "local.toml",
        "closure_days.0",
        "valid date",
    ),
]


@pytest.mark.parametrize(
    ("change", "file", "key", "remedy"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_a_fault_is_named_with_file_key_and_remedy(
    council: Path, change: Change, file: str, key: str, remedy: str
) -> None:
    _break(council, *change)
    faults = _faults(lambda: read_council(council))
    assert any(file in fault and key in fault and remedy in fault for fault in faults), faults
    assert all(fault.startswith("hillingdon") and fault.endswith(".") for fault in faults)


def test_every_fault_is_named_at_once(council: Path) -> None:
    _break(council, "harp.toml", "cases = 10", "cases = 0")
    _break(council, "complex_harp.toml", "[schedule]", "[shedule]")
    _break(council, "local.toml", "high_cost_level = 5000", "")
    files = [fault.split(":")[0] for fault in _faults(lambda: read_council(council))]
    assert files == ["hillingdon/complex_harp.toml", "hillingdon/harp.toml", "hillingdon/local.toml"]


def test_every_fault_beyond_the_shape_is_named_at_once_too(council: Path) -> None:
    _break(council, "harp.toml", 'cites = "HIL-054"', 'cites = "HIL-954"')
    _break(council, "council.toml", "amend = {", "# amend = {")
    assert len(_faults(lambda: read_council(council))) == 2


@pytest.mark.parametrize("name", ["council.toml", "local.toml"])
def test_a_file_that_is_missing_is_asked_for(council: Path, name: str) -> None:
    (council / name).unlink()
    assert _faults(lambda: read_council(council))[0].startswith(f"hillingdon/{name}: the file is missing. Write it")


def test_a_post_that_nobody_holds_may_not_be_whom_two_agree_with(council: Path) -> None:
    _break(council, "council.toml", 'agreed_by = "head_of_service"', 'agreed_by = "wizard"')
    assert any("emergency.agreed_by" in fault for fault in _faults(lambda: read_council(council)))


def test_a_council_without_an_emergency_route_may_be_one(council: Path) -> None:
    text = (council / "council.toml").read_text(encoding="utf-8")
    without = re.sub(r"\[emergency\].*?(?=\n# Who may do what)", "", text, flags=re.DOTALL)
    (council / "council.toml").write_text(without, encoding="utf-8")
    assert read_council(council).emergency is None


def test_the_folder_as_it_is_has_no_fault_and_is_the_council_that_is_loaded(council: Path) -> None:
    assert read_council(council) == HILLINGDON
    assert council_folders(council.parent) == {"hillingdon": council}


def test_a_council_that_there_is_not_is_named_with_those_there_are(tmp_path: Path) -> None:
    assert _faults(lambda: load_council("camden")) == ["There is no council camden. Known councils: hillingdon."]
    assert _faults(lambda: load_council("camden", tmp_path)) == ["There is no council camden. Known councils: none."]


def test_a_calendar_is_not_made_from_a_file_with_a_fault(council: Path) -> None:
    _break(council, "local.toml", "closure_days = []", 'closure_days = ["Christmas"]')
    assert "local.toml" in _faults(lambda: working_calendar("hillingdon", 2031, council.parent))[0]


def _cited(part: Any) -> set[str]:  # noqa: ANN401 - any part of a TOML file
    if isinstance(part, dict):
        own = {key: value for key, value in part.items() if key.endswith("cites")}
        ids = {one for value in own.values() for one in ([value] if isinstance(value, str) else value)}
        return ids.union(*(_cited(value) for value in part.values()), set(part.get("unless_criteria", ())))
    if isinstance(part, list):
        return set().union(*(_cited(value) for value in part)) if part else set()
    return set()


@pytest.mark.parametrize("path", sorted((HERE / "hillingdon").glob("*.toml")), ids=lambda path: path.name)
def test_every_rule_that_a_file_cites_is_one_of_this_council_in_the_catalogue(path: Path) -> None:
    known = {key for key, rule in catalogue().items() if rule.council == "Hillingdon"}
    cited = _cited(tomllib.loads(path.read_text(encoding="utf-8")))
    assert cited <= known
    assert cited or path.name == "local.toml"


def test_what_is_cited_is_worth_citing() -> None:
    cited = set().union(
        *(_cited(tomllib.loads(p.read_text(encoding="utf-8"))) for p in (HERE / "hillingdon").glob("*.toml"))
    )
    assert {catalogue()[one].tier for one in cited} <= {"A", "B"}


def test_ids_of_the_catalogue_are_unique_and_their_tiers_known() -> None:
    lines = (HERE / "catalogue" / "rules.csv").read_text(encoding="utf-8").count("\nHIL-")
    rules = [rule for rule in catalogue().values() if rule.id.startswith("HIL-")]
    assert len(rules) == lines
    assert {rule.tier for rule in rules} <= {"A", "B", "C"}
    assert all(rule.rule and rule.source for rule in rules)
