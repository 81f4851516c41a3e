from datetime import date
from typing import Any

import pytest

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.vocabulary import Outcome
from rules.decisions import require_whole_decision
from tests.builders import HILLINGDON, NEW_ACTION, refusal_of

HARP = HILLINGDON.forums["harp"]
TODAY = date(2031, 3, 11)


def _require(said: str, legal: str | None = "section 20", *, emergency: bool = False, **more: Any) -> None:  # noqa: ANN401
    decided = Decided.model_validate({"decision": said, "rationale": "Weighed.", **more})
    require_whole_decision(decided, HARP, legal, TODAY, emergency=emergency)


def _refusal(said: str, legal: str | None = "section 20", *, emergency: bool = False, **more: Any) -> Refused:  # noqa: ANN401
    return refusal_of(lambda: _require(said, legal, emergency=emergency, **more))


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("approve", {}),
        ("approve_with_conditions", {"conditions": "Review in May"}),
        ("decline", {}),
        ("defer", {"missing": ["Risk assessment"], "to_sitting": "2031-03-25"}),
        ("refer_on", {"refer_to": "high_cost_panel"}),
        ("advise", {}),
        ("note", {}),
        ("approve", {"dissent": "Too dear.", "decided_by_chair": True}),
        ("approve", {"actions": [NEW_ACTION], "review_on": "2031-03-11"}),
    ],
)
def test_a_decision_that_says_all_it_must_is_one(said: str, more: dict[str, Any]) -> None:
    _require(said, **more)


@pytest.mark.parametrize("said", ["approve", "approve_with_conditions", "ratify"])
def test_an_approval_rests_on_a_legal_section(said: str) -> None:
    refusal = _refusal(said, None, emergency=True, conditions=["Review in May"])
    assert refusal.code is RefusalCode.INCOMPLETE
    assert "legal section" in refusal.sentence
    _require("decline", None)


@pytest.mark.parametrize(
    ("said", "more", "words"),
    [
        ("approve_with_conditions", {}, "the conditions"),
        ("refer_on", {}, "the forum that it is referred on to"),
        ("approve", {"decided_by_chair": True}, "the points of disagreement"),
    ],
)
def test_what_a_decision_leaves_out_is_named(said: str, more: dict[str, Any], words: str) -> None:
    refusal = _refusal(said, **more)
    assert refusal.code is RefusalCode.INCOMPLETE
    assert words in refusal.sentence


def test_a_decision_of_the_chair_without_the_disagreement_names_its_rule() -> None:
    assert _refusal("approve", decided_by_chair=True).rule == "HIL-106"
    assert _refusal("approve_with_conditions").rule is None


def test_everything_left_out_is_named_at_once() -> None:
    refusal = _refusal("approve_with_conditions", None, decided_by_chair=True)
    assert refusal.sentence.count(" and ") == 2


@pytest.mark.parametrize("said", ["ratify", "not_ratify"])
def test_only_an_emergency_is_ratified_or_not(said: str) -> None:
    refusal = _refusal(said)
    assert (refusal.code, refusal.rule) == (RefusalCode.ILLEGAL_MOVE, "HIL-044")
    _require(said, emergency=True)


@pytest.mark.parametrize(
    "more",
    [
        {"review_on": "2031-03-10"},
        {"to_sitting": "2031-03-10"},
        {"actions": [NEW_ACTION, {**NEW_ACTION, "due": "2031-03-10"}]},
    ],
)
def test_no_date_of_a_decision_lies_in_the_past(more: dict[str, Any]) -> None:
    assert _refusal("approve", **more).code is RefusalCode.INVALID


def test_a_forum_decides_only_what_its_procedure_lists() -> None:
    narrow = HARP.model_copy(update={"options": tuple(o for o in HARP.options if o.outcome is not Outcome.ADVISED)})
    advice = Decided(decision=Outcome.ADVISED, rationale="Talk to the school.")
    refusal = refusal_of(lambda: require_whole_decision(advice, narrow, None, TODAY, emergency=False))
    assert refusal.code is RefusalCode.ILLEGAL_MOVE
    assert "declined" in refusal.remedy
