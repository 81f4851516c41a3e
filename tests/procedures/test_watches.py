"""What the checks of long-lived processes know is what the processes are, and the law's own files have no fault."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest

from models.deadlines import LawDeadline, WatchKind
from procedures.catalogue import laws
from procedures.checks.watches import EVERYWHERE, OF_KIND, faults_of_watches, happens, knows
from procedures.loader import HERE, council_folders
from procedures.watches import law_deadlines
from rules.watches.facts import BIRTHDAYS
from tests.builders import HILLINGDON
from workflows.watches import KINDS

LAW, FAULTS = law_deadlines(HERE / "law")
PARTS = {"worker", "manager", "head", "administrator"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_acts_that_a_file_may_name_are_those_of_the_kind(kind: WatchKind) -> None:
    known, real = OF_KIND[kind], KINDS[kind]
    assert known.starts == real.starts
    assert {known.starts, *known.acts} == {known.starts, *real.acts}


def test_of_every_kind_the_checks_know_something() -> None:
    assert set(OF_KIND) == set(get_args(WatchKind))
    assert "child.birthday_*" in EVERYWHERE
    assert all(knows(HILLINGDON, "placement", f"child.birthday_{years}") for years in BIRTHDAYS)


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("status.section_20.since", True),
        ("status.section_20.colour", False),
        ("placement.started_at", True),
        ("package.priority", False),
        ("panel.harp.next_review", True),
        ("panel.harp.colour", False),
        ("panel.camelot.on", False),
        ("held.record_status:section_20", True),
        ("held.told_heard:harp", True),
        ("held.file_viability", False),
        ("watch.started_on", True),
    ],
)
def test_a_path_is_known_or_not(path: str, *, there: bool) -> None:
    assert knows(HILLINGDON, "care_episode", path) is there


def test_what_happens_is_an_act_an_event_or_a_word() -> None:
    assert happens("care_episode", "attended:looked_after_review:leaving_care_worker")
    assert happens("care_episode", "open_episode")
    assert not happens("placement", "attended:looked_after_review:leaving_care_worker")


# The law


def test_the_laws_deadlines_have_no_fault_of_shape() -> None:
    assert FAULTS == ()
    assert {one.process for one in LAW} == {"care_episode", "placement"}


def test_the_law_cites_the_law_and_names_parts_that_every_council_fills() -> None:
    assert {cite for one in LAW for cite in one.cites} <= set(laws())
    assert {post for one in LAW for post in (one.owner, *one.tells, *one.warn_tells)} <= PARTS


def test_every_deadline_of_the_law_says_from_when_it_is_the_law() -> None:
    assert all(one.in_force_from is not None and one.in_force_from.isoformat() for one in LAW)


def test_no_deadline_of_the_law_ends_or_proposes_anything() -> None:
    assert {one.on_due for one in LAW} == {"late", "tell"}


@pytest.mark.parametrize("path", sorted(HERE.glob("*/processes/*.toml")), ids=lambda path: "-".join(path.parts[-3:]))
def test_no_council_attributes_to_itself_what_is_the_laws(path: Path) -> None:
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    cited = [cite for one in body.get("deadlines", []) for cite in _several(one["cites"])]
    assert not [cite for cite in cited if cite.startswith("LAW-")]


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_a_fault_of_the_law_is_named_as_the_laws() -> None:
    wrong = LawDeadline.model_validate(
        {
            **next(one for one in LAW if one.key == "police_protection").model_dump(exclude_defaults=True),
            "anchor": "status.police_protection.begun",
        }
    )
    council = HILLINGDON.model_copy(update={"law_deadlines": (wrong,)})
    (fault,) = faults_of_watches(council, "hillingdon")
    assert fault.startswith("law: police_protection.anchor: a care episode knows nothing called ")
    assert fault.endswith("status.police_protection.begun. Correct the path.")


def test_the_councils_as_they_are_have_no_fault() -> None:
    assert len(council_folders()) == 5
    assert faults_of_watches(HILLINGDON, "hillingdon") == []
