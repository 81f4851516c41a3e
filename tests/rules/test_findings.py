from typing import Any

import pytest
from pydantic import ValidationError

from models.acts import Decided, RecordDecision
from models.errors import RefusalCode
from rules.conditions import Known, fact
from rules.findings import with_decision
from rules.journeys.views import view
from tests.builders import CAROL, DEV, NEW_ACTION, PAT, refused
from tests.builders import referral as form_of
from tests.rules.boards import DAY, council_with, decided, heard

NEEDS = [
    {
        "outcome": "approved",
        "needs": ["starts", "ends", "renew_by", "budget_code", "findings.approved_what"],
        "cites": "X-1",
    },
    {"outcome": "approved", "needs": ["review_on"], "cites": "X-2"},
    {"outcome": "declined", "cites": "X-3"},
    {"outcome": "advised", "needs": ["actions", "missing"], "cites": "X-4"},
    {"outcome": "deferred", "cites": "X-5"},
    {"outcome": "referred_on", "cites": "X-6"},
]
PERIOD = {"starts": "2031-04-01", "renew_by": "2031-08-01", "ends": "2031-09-30", "budget_code": "B-1"}


def _refused(council: Any, **said: Any) -> Any:  # noqa: ANN401 - any decision
    _, _, there = heard(council, **said.pop("form", {}))
    whole = {"decision": "approve", "rationale": "Weighed.", **said}
    return refused(there, "record_decision", PAT, DAY, case="R-1", **whole)


def test_findings_are_text_yes_or_no_a_list_or_a_number_as_text() -> None:
    said = Decided.model_validate(
        {"decision": "note", "rationale": "Seen.", "findings": {"a": True, "b": ["x", "y"], "c": 3, "d": " so "}}
    )
    assert said.checkpoints == {"a": True, "b": ("x", "y"), "c": "3", "d": "so"}
    with pytest.raises(ValidationError):
        Decided.model_validate({"decision": "note", "rationale": "Seen.", "checkpoints": {"a": ""}})


def test_a_decision_is_read_by_the_words_that_people_use() -> None:
    said = RecordDecision.model_validate(
        {
            "case": "R-1",
            "decision": "approve",
            "rationale": "Weighed.",
            "from": "2031-04-01",
            "until": "2031-09-30",
            "renewal_date": "2031-08-01",
            "budget": "B-1",
            "services": ["Parenting course", {"name": "Mentor", "provider": "yot"}],
            "recommends": "harp",
        }
    )
    assert (str(said.starts), str(said.ends), str(said.renew_by), said.budget_code) == (
        "2031-04-01",
        "2031-09-30",
        "2031-08-01",
        "B-1",
    )
    assert [(one.service, one.agency) for one in said.services] == [("Parenting course", None), ("Mentor", "yot")]
    assert said.recommend == ("harp",)


def test_an_option_says_what_its_decision_must() -> None:
    council = council_with(options=NEEDS)
    refusal = _refused(council)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-1")
    assert "the budget code and approved what" in refusal.sentence
    decided(council, **PERIOD, findings={"approved_what": "A place"})
    decided(council, review_on="2031-06-10")
    decided(council, decision="decline")
    refusal = _refused(council, decision="advise")
    assert refusal.sentence == "The decision leaves out actions and what is missing."
    decided(council, decision="advise", actions=[NEW_ACTION], missing=["Report"])
    refusal = _refused(council, decision="ratify")
    assert "approved, declined, advised" in refusal.remedy


def test_a_case_may_be_referred_on_by_recommending_a_forum() -> None:
    council = council_with(options=NEEDS)
    assert "referred on to" in _refused(council, decision="refer_on").sentence
    _, state, _ = decided(council, decision="refer_on", recommend=["complex_harp"])
    assert state.proposed == ["complex_harp"]


@pytest.mark.parametrize(
    "period",
    [
        {"starts": "2031-04-01", "ends": "2031-04-01"},
        {"starts": "2031-04-01", "renew_by": "2031-03-31"},
        {"renew_by": "2031-05-02", "ends": "2031-05-01"},
        {"ends": "2031-03-10"},
    ],
)
def test_a_period_starts_is_renewed_and_ends_in_that_order(period: dict[str, str]) -> None:
    assert _refused(council_with(), **period).code is RefusalCode.INVALID
    decided(council_with(), renew_by="2031-05-02")


POINTS = [
    {"key": "seen", "prompt": "Seen?", "cites": "X-7"},
    {"key": "local", "prompt": "Local?", "needed": "decision", "outcomes": ["approved"], "cites": "X-8"},
    {"key": "child", "prompt": "The child?", "needed": "decision", "answered_by": "views.child", "cites": "X-9"},
    {
        "key": "risk",
        "prompt": "Risk?",
        "needed": "sheet",
        "choices": ["High", "not high"],
        "when": [{"path": "decision.outcome", "equals": "approved"}],
        "cites": "X-10",
    },
]


def test_a_checkpoint_is_needed_with_the_decision_that_it_is_about() -> None:
    council = council_with(checkpoints=POINTS)
    refusal = _refused(council)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-8")
    assert "local" in refusal.sentence
    decided(council, decision="decline")
    office, _, _ = decided(council, checkpoints={"local": "Yes"})
    entry = next(one for one in office.entries if one.what == "record_decision")
    assert entry.details["checkpoints_unanswered"] == ["seen", "risk"]


def test_a_finding_is_one_of_the_words_to_choose_from() -> None:
    council = council_with(checkpoints=POINTS)
    refusal = _refused(council, checkpoints={"local": True, "risk": "medium"})
    assert (refusal.code, refusal.rule) == (RefusalCode.INVALID, "X-10")
    decided(council, checkpoints={"local": True, "risk": ["HIGH", "not_high"]})


def test_a_sheet_is_approved_when_every_finding_is_on_it_and_may_be_completed_then() -> None:
    council = council_with(checkpoints=POINTS)
    office, state, there = decided(council, checkpoints={"local": "Yes"}, actions=[NEW_ACTION])
    refusal = refused(there, "approve_decision", CAROL, DAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-10")
    assert refused(there, "approve_decision", DEV, DAY).code is RefusalCode.NOT_AUTHORISED
    office.act(there, "approve_decision", CAROL, DAY, findings={"risk": "high", "local": "No"})
    assert state.decisions[-1].decided.checkpoints == {"risk": "high", "local": "Yes"}
    assert state.decisions[-1].sheet_approved_at == DAY


def test_requirements_are_asked_of_the_decision_and_flags_are_shown() -> None:
    need = {"at": "decision", "sentence": "No budget code is given.", "remedy": "Give it.", "cites": "X-11"}
    hard = {**need, "field": "decision.budget_code", "outcomes": ["approved"]}
    refusal = _refused(council_with(requirements=[hard]))
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-11")
    _, state, there = decided(council_with(requirements=[{**hard, "effect": "flag"}]))
    assert there.cases[0].flags == ("R-1: No budget code is given. (X-11)",)
    assert view(state, DAY).flags == ["No budget code is given. (X-11)"], "and the case keeps it with its decision"
    _, full, _ = decided(council_with(requirements=[{**hard, "effect": "flag"}]), budget_code="4711")
    assert view(full, DAY).flags == []


def test_a_decision_adds_to_what_is_known_of_a_case() -> None:
    said = Decided.model_validate({"decision": "note", "rationale": "Seen.", "checkpoints": {"risk": "high"}})
    referral = form_of()
    for facts in (referral, Known(referral, {"stage": "listed"}), {"child.in_custody": True}):
        known = with_decision(facts, said)
        assert fact(known, "decision.outcome") == "noted"
        assert fact(known, "decision.findings.risk") == "high"


def test_a_sheet_whose_decision_nobody_kept_is_approved_as_it_is() -> None:
    office, _, there = decided(council_with(checkpoints=POINTS), decision="decline")
    there.cases = [case.model_copy(update={"decision": None}) for case in there.cases]
    office.act(there, "approve_decision", CAROL, DAY)
    assert there.cases[0].state == "approved"


def test_a_review_that_the_panel_keeps_has_a_date() -> None:
    assert "keeps for itself" in _refused(council_with(), retain_review=True).sentence
