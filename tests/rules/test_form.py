from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from models.procedure import Council
from rules.form import documents_missing, documents_needed, require_filled_in
from tests.builders import HILLINGDON, referral, refusal_of

TODAY = date(2031, 3, 6)
FORM = "Access to resource panel form"
ALONE = "Stand-alone form"
CHECKLIST = "Section 20 checklist"


def _needed(**changes: Any) -> list[str]:  # noqa: ANN401 - as `referral`
    return documents_needed(referral(**changes), HILLINGDON, TODAY)


def test_the_form_and_for_section_20_its_checklist_are_needed() -> None:
    assert _needed() == [FORM, CHECKLIST]
    assert _needed(**{"request.legal_section": "section 31"}) == [FORM]


def test_youth_justice_brings_its_own_form_instead_of_the_panels() -> None:
    assert _needed(**{"team.youth_justice": True}) == [ALONE, CHECKLIST]


def test_a_paper_is_recognised_however_its_name_is_written() -> None:
    supplied = ["access_to_resource_panel_form", " SECTION  20 checklist "]
    assert documents_missing(referral(), HILLINGDON, supplied, TODAY) == []
    assert documents_missing(referral(), HILLINGDON, [], TODAY) == [FORM, CHECKLIST]


@pytest.mark.parametrize(
    ("at", "changes", "rule"),
    [
        ("refer", {"costs": None}, "HIL-076"),
        ("refer", {"costs": None, "request.funding": False, "request.kind": "package_amendment"}, "HIL-077"),
        ("refer", {"request.kind": "package_amendment"}, "HIL-077"),
        ("sign_off", {"request.kind": "placement_move"}, "HIL-038"),
        ("refer", {"forum": "complex_harp", "discussions": {}}, "HIL-024"),
    ],
)
def test_what_a_form_lacks_is_named_with_its_rule(at: Any, changes: dict[str, Any], rule: str) -> None:  # noqa: ANN401
    refusal = refusal_of(lambda: require_filled_in(referral(**changes), HILLINGDON, ["HIL-004"], TODAY, at))
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, rule)
    assert refusal.remedy


def test_each_step_asks_only_for_its_own() -> None:
    require_filled_in(referral(**{"request.kind": "placement_move"}), HILLINGDON, [], TODAY, "refer")
    require_filled_in(referral(costs=None), HILLINGDON, [], TODAY, "sign_off")


def test_some_things_are_asked_for_some_criteria_only() -> None:
    alone = referral(forum="complex_harp", **{"discussions.team_manager_and_head_of_service": None})
    require_filled_in(alone, HILLINGDON, ["HIL-020"], TODAY, "refer")
    refusal = refusal_of(lambda: require_filled_in(alone, HILLINGDON, ["HIL-020", "HIL-022"], TODAY, "refer"))
    assert refusal.rule == "HIL-023"


def test_a_requirement_refuses_with_the_code_that_the_procedure_gives() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["requirements"][0]["code"] = "prohibited"
    stricter = Council.model_validate(whole)
    refusal = refusal_of(lambda: require_filled_in(referral(costs=None), stricter, [], TODAY, "refer"))
    assert refusal.code is RefusalCode.PROHIBITED
