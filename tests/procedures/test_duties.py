"""Recurring duties that cannot come round are faults, named with file, key and remedy."""

from typing import Any

import pytest

from models.procedure import Duty
from procedures.checks.duties import duties
from procedures.loader import council_folders, load_council

WHERE = "hillingdon/council.toml"


def faults(*found: dict[str, Any], named: tuple[str, ...] = ()) -> list[str]:
    basis = {"key": "look", "title": "Look", "owner": "head_of_service", "cites": "HIL-108", "every": "P3M"}
    made = tuple(Duty.model_validate({**basis, **one}) for one in found)
    council = load_council("hillingdon").model_copy(update={"duties": made, "lists": {"duties": named}})
    return list(duties(council, WHERE))


@pytest.mark.parametrize(
    ("duty", "fault"),
    [
        ({"forum": "harbour"}, "duties.0.forum: there is no forum harbour. Correct the key."),
        ({"every": "PT6H"}, "duties.0.every: 'PT6H' is not an interval such as P3M or P1Y. Correct it."),
        ({"every": "P1M15D"}, "duties.0.every: 'P1M15D' is not an interval such as P3M or P1Y. Correct it."),
        ({"months": [0]}, "duties.0.months: months are 1 to 12. Correct them."),
        (
            {"months": [1, 2]},
            "duties.0.months: these months do not lie P3M apart. Name the first, or all of them in order.",
        ),
        (
            {"every": "sitting", "scheduled": True},
            "duties.0.scheduled: it comes with every sitting, and not by itself. Remove it, or give an interval.",
        ),
    ],
)
def test_a_duty_that_cannot_come_round_is_named(duty: dict[str, Any], fault: str) -> None:
    assert faults(duty) == [f"{WHERE}: {fault}"]


@pytest.mark.parametrize(
    "duty",
    [
        {"months": [2]},
        {"months": [1, 4, 7, 10]},
        {"every": "P18M", "counts_from": "2022-02-01"},
        {"every": "P6W"},
        {"every": "sitting", "forum": "harp"},
    ],
)
def test_a_duty_that_comes_round_is_none(duty: dict[str, Any]) -> None:
    assert faults(duty) == []


def test_one_key_stands_for_one_duty_of_a_forum() -> None:
    assert faults({"forum": "harp"}, {"forum": "complex_harp"}) == []
    assert faults({}, {}) == [f"{WHERE}: duties.1.key: look is there twice. Give one of them another key."]


def test_a_duty_that_is_switched_on_must_be_there() -> None:
    assert faults({}, named=("look",)) == []
    assert faults({}, named=("watch",)) == [
        "hillingdon/local.toml: lists.duties: there is no recurring duty watch. Use one of: look."
    ]
    assert faults({"every": "sitting"}, named=("look",))[0].endswith("Use one of: none.")


def test_duties_that_come_round_need_to_say_who_does_them() -> None:
    council = load_council("hillingdon").model_copy(update={"forum_duty": None})
    fault = "is missing, and duties come round by themselves. Write it: who may say that they are done."
    assert list(duties(council, WHERE)) == [f"hillingdon/processes/forum_duty.toml: {fault}"]
    assert list(duties(council.model_copy(update={"duties": (), "lists": {}}), WHERE)) == []


@pytest.mark.parametrize("key", list(council_folders()))
def test_the_duties_of_every_council_come_round(key: str) -> None:
    assert list(duties(load_council(key), f"{key}/council.toml")) == []
