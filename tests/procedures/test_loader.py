"""A council's files with one thing wrong each: the fault is named with file, key and remedy."""

import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from models.errors import ProcedureFault
from procedures.calendars import working_calendar
from procedures.catalogue import catalogue
from procedures.loader import HERE, council_folders, load_council, read_council
from tests.builders import HILLINGDON


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


BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
"""What can be wrong: one change of Hillingdon's files each, and what is said of it."""


def _change(folder: Path, change: dict[str, str]) -> None:
    if "add" in change:
        path = folder / change["file"]
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\n{change['add']}", encoding="utf-8")
    else:
        _break(folder, change["file"], change["find"], change["put"])


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_fault_is_named_with_file_key_and_remedy(council: Path, path: Path) -> None:
    story = tomllib.loads(path.read_text(encoding="utf-8"))
    for change in story["change"]:
        _change(council, change)
    faults = _faults(lambda: read_council(council))
    said = story["says"]
    assert any(
        fault.startswith(f"hillingdon/{said['file']}: ") and said["key"] in fault and said["remedy"] in fault
        for fault in faults
    ), faults
    assert all(fault.startswith("hillingdon/") and fault.endswith(".") for fault in faults)


def test_a_timetable_of_the_council_adds_meetings_with_their_own_deadlines(council: Path) -> None:
    local = council / "local.toml"
    more = "\n[[timetables.harp]]\non = 2031-06-19\npapers_by = 2031-06-03T12:00:00\n"
    local.write_text(local.read_text(encoding="utf-8") + more, encoding="utf-8")
    schedule = read_council(council).forums["harp"].schedule
    assert schedule is not None
    assert [(one.on, one.papers_by) for one in schedule.dates] == [(date(2031, 6, 19), datetime(2031, 6, 3, 12))]  # noqa: DTZ001


def test_every_fault_is_named_at_once(council: Path) -> None:
    _break(council, "harp.toml", "cases = 10", "cases = 0")
    _break(council, "complex_harp.toml", "[schedule]", "[shedule]")
    _break(council, "local.toml", "high_cost_level = 5000", "")
    _break(council, "council.toml", "amend = {", "# amend = {")
    files = {fault.split(":")[0] for fault in _faults(lambda: read_council(council))}
    assert files == {f"hillingdon/{name}.toml" for name in ("complex_harp", "harp", "local", "council")}


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
    assert _faults(lambda: load_council("camden")) == [
        f"There is no council camden. Known councils: {', '.join(council_folders())}."
    ]
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
