from datetime import date
from typing import Any

import pytest

from models.procedure import Council, Forum, Setting
from rules.criteria import Assessment, assess
from tests.builders import HILLINGDON, form, referral

TODAY = date(2031, 3, 6)


def _assess(today: date = TODAY, /, **changes: Any) -> Assessment:  # noqa: ANN401 - as `referral`
    return assess(referral(**changes), HILLINGDON, today)


def _met(today: date = TODAY, /, **changes: Any) -> list[str]:  # noqa: ANN401 - as `referral`
    return [criterion.rule for criterion in _assess(today, **changes).met]


def test_what_the_team_declares_and_what_the_facts_show_both_count() -> None:
    found = _assess(criteria=["HIL-004"], **{"circumstances.child_protection_plan_since": "2030-01-01"})
    assert [(one.rule, one.found, one.forum) for one in found.met] == [
        ("HIL-004", False, "harp"),
        ("HIL-007", True, "harp"),
    ]


@pytest.mark.parametrize(
    ("today", "met"),
    [(date(2031, 3, 6), ["HIL-004"]), (date(2031, 3, 7), ["HIL-004", "HIL-007"])],
)
def test_a_plan_counts_from_the_day_after_its_twelve_months(today: date, met: list[str]) -> None:
    assert _met(today, **{"circumstances.child_protection_plan_since": "2030-03-06"}) == met


@pytest.mark.parametrize(
    ("today", "met"),
    [(date(2031, 2, 28), ["HIL-004"]), (date(2031, 3, 1), ["HIL-004", "HIL-025"])],
)
def test_section_20_since_the_end_of_august_counts_from_the_first_of_march(today: date, met: list[str]) -> None:
    since = {"circumstances.legal_status": "V2", "circumstances.legal_status_since": "2030-08-31"}
    assert _met(today, **since) == met


def test_another_legal_status_is_not_section_20_however_long_it_lasts() -> None:
    since = {"circumstances.legal_status": "C2", "circumstances.legal_status_since": "2020-08-31"}
    assert _met(**since) == ["HIL-004"]


def test_an_unaccompanied_child_is_excepted_even_when_the_team_declares_it() -> None:
    since = {"circumstances.legal_status": "V2", "circumstances.legal_status_since": "2030-01-01"}
    assert "HIL-025" in _met(**since)
    assert "HIL-025" not in _met(criteria=["HIL-025"], **since, **{"child.uasc": True})


def test_a_declared_duration_without_its_date_is_met_and_named_as_a_gap() -> None:
    found = _assess(criteria=["HIL-007"])
    assert [one.rule for one in found.met] == ["HIL-007"]
    assert found.data_quality == [
        "HIL-007: circumstances.child_protection_plan_since is not filled in, so it cannot be checked"
    ]
    assert _assess(criteria=["HIL-004"]).data_quality == []


def test_criteria_that_no_forum_has_are_unknown() -> None:
    assert _assess(criteria=["HIL-004", "HIL-999", "made up"]).unknown == ["HIL-999", "made up"]


def test_any_complex_criterion_recommends_complex_harp_which_takes_the_rest_along() -> None:
    assert _assess(criteria=["HIL-004", "HIL-020"]).recommended == "complex_harp"
    assert _assess(criteria=["HIL-004"]).recommended == "harp"


def test_without_any_criterion_the_declared_forum_stands() -> None:
    assert _assess(criteria=[]).recommended == "harp"
    assert _assess(criteria=[], forum="complex_harp").recommended == "complex_harp"


def test_a_case_that_belongs_elsewhere_is_pointed_there() -> None:
    assert _assess(criteria=["HIL-004"], forum="complex_harp").recommended == "harp"


@pytest.mark.parametrize(("born", "recommended"), [("2017-03-06", "permanency_panel_14_plus"), ("2017-03-07", "harp")])
def test_permanence_of_a_looked_after_child_goes_to_the_14_plus_panel_from_the_birthday(
    born: str, recommended: str
) -> None:
    asked = {"request.kind": "permanence_decision", "circumstances.legal_status": "C2"}
    assert _assess(criteria=["HIL-004"], **asked, **{"child.date_of_birth": born}).recommended == recommended


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"child.uasc": True}, "HIL-005"),
        ({"circumstances.supervision_order_since": "2030-06-05"}, "HIL-008"),
        ({"request.kind": "placement_move"}, "HIL-012"),
        (
            {"request.kind": "package_amendment", "costs": {"present": "0", "proposed": "501", "difference": "501"}},
            "HIL-017",
        ),
        ({"child.in_custody": True, "child.remand_expected": True}, "HIL-032"),
        ({"child.in_custody": True, "request.kind": "custody_plan"}, "HIL-033"),
    ],
)
def test_a_criterion_is_found_from_the_facts_alone(changes: dict[str, Any], rule: str) -> None:
    assert rule in _met(criteria=[], **changes)


def _council(**criterion: Any) -> Council:  # noqa: ANN401
    """Hillingdon, whose HARP has one criterion of this sort, and Complex HARP its own."""
    body = HILLINGDON.forums["harp"].model_dump()
    oversight = criterion.pop("oversight", False)
    body |= {"criteria": [{"title": "x", "cites": "HIL-004", **criterion}], "oversight": oversight}
    return HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "harp": Forum.model_validate(body)}})


@pytest.mark.parametrize(("note", "met"), [(None, []), ("", []), ("EQ-7", ["HIL-004"])])
def test_some_criteria_are_used_only_where_the_council_says_so(note: str | None, met: list[str]) -> None:
    council = _council(in_use="equality_note")
    if note is not None:
        setting = Setting(title="Equality note", value=note, cites=("HIL-004",))
        council = council.model_copy(update={"settings": {**council.settings, "equality_note": setting}})
    found = assess(referral(), council, TODAY)
    assert ([one.rule for one in found.met], found.unknown) == (met, [])


def test_a_forum_of_oversight_is_never_recommended() -> None:
    form = referral(forum="complex_harp")
    assert assess(form, _council(), TODAY).recommended == "harp"
    assert assess(form, _council(oversight=True), TODAY).recommended == "complex_harp"


def test_a_forum_that_does_not_take_the_kind_of_request_is_not_recommended() -> None:
    council = _council()
    harp = council.forums["harp"].model_copy(update={"kinds": ("therapy",)})
    council = council.model_copy(update={"forums": {**council.forums, "harp": harp}})
    assert assess(referral(forum="complex_harp"), council, TODAY).recommended == "complex_harp"


def test_where_several_others_are_pointed_to_the_forum_that_was_chosen_stands() -> None:
    other = _council().forums["harp"]
    council = HILLINGDON.model_copy(
        update={
            "forums": {
                "here": other.model_copy(update={"key": "here", "criteria": ()}),
                "one": other.model_copy(update={"key": "one", "outranks": ()}),
                "two": other.model_copy(update={"key": "two", "outranks": ()}),
            }
        }
    )
    assert assess(referral(forum="here"), council, TODAY).recommended == "here"
    assert [one.forum for one in assess(referral(forum="two"), council, TODAY).met] == ["two"]


def test_every_example_form_has_only_known_criteria() -> None:
    assert _assess(**form()).unknown == []
