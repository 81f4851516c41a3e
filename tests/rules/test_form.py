from datetime import date
from functools import partial
from typing import Any

import pytest

from models.deciding import Matter
from models.errors import RefusalCode, Refused
from models.intake import Document, Kind, LocalField, Requirement
from models.procedure import Council, Forum
from models.vocabulary import Outcome
from rules.conditions import Known
from rules.form import (
    known_form,
    require_at,
    require_known_facts,
    require_known_kind,
    require_whole,
    settled,
)
from rules.journeys.knowing import requirement_flags
from rules.papers import papers_missing, papers_needed, require_may_be_supplied, require_papers
from rules.requirements import is_filled
from tests.builders import HILLINGDON, THURSDAY, journey, referral, refusal_of

TODAY = date(2031, 3, 6)
FORM = "Access to resource panel form"
ALONE = "Stand-alone form"
CHECKLIST = "Section 20 checklist"


def _council(**changes: Any) -> Council:  # noqa: ANN401
    """Hillingdon with parts of its HARP changed."""
    body = HILLINGDON.forums["harp"].model_dump() | changes
    return HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "harp": Forum.model_validate(body)}})


def _needed(council: Council = HILLINGDON, /, **changes: Any) -> list[str]:  # noqa: ANN401
    return [paper.name for paper in papers_needed(referral(**changes), council, TODAY)]


def _at(step: Any, council: Council = HILLINGDON, criteria: tuple[str, ...] = (), **changes: Any) -> list[str]:  # noqa: ANN401
    form = referral(**changes)
    return require_at(step, form, council, form.forum, criteria, TODAY)


def _refused(step: Any, council: Council = HILLINGDON, criteria: tuple[str, ...] = (), **changes: Any) -> Refused:  # noqa: ANN401
    return refusal_of(lambda: _at(step, council, criteria, **changes))


def test_the_form_and_for_section_20_its_checklist_are_needed() -> None:
    assert _needed() == [FORM, CHECKLIST]
    assert _needed(**{"request.legal_section": "section 31"}) == [FORM]


def test_youth_justice_brings_its_own_form_instead_of_the_panels() -> None:
    assert _needed(**{"team.youth_justice": True}) == [ALONE, CHECKLIST]


def test_a_paper_is_recognised_however_its_name_is_written() -> None:
    supplied = ["access_to_resource_panel_form", " SECTION  20 checklist "]
    assert papers_missing(referral(), HILLINGDON, supplied, TODAY) == []
    assert [paper.name for paper in papers_missing(referral(), HILLINGDON, [], TODAY)] == [FORM, CHECKLIST]


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
    refusal = _refused(at, HILLINGDON, ("HIL-004",), **changes)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, rule)
    assert refusal.remedy


def test_each_step_asks_only_for_its_own() -> None:
    assert _at("refer", HILLINGDON, (), **{"request.kind": "placement_move"}) == []
    assert _at("sign_off", costs=None) == []


def test_some_things_are_asked_for_some_criteria_only() -> None:
    alone: dict[str, Any] = {"forum": "complex_harp", "discussions.team_manager_and_head_of_service": None}
    assert _at("refer", HILLINGDON, ("HIL-020",), **alone) == []
    assert _refused("refer", HILLINGDON, ("HIL-020", "HIL-022"), **alone).rule == "HIL-023"


def _need(**changes: Any) -> Requirement:  # noqa: ANN401
    return Requirement.model_validate({"sentence": "It lacks.", "remedy": "Add it.", "cites": "HIL-004", **changes})


def test_a_requirement_refuses_with_the_code_that_the_procedure_gives() -> None:
    stricter = _council(requirements=[_need(field="costs", code="prohibited")])
    refusal = _refused("refer", stricter, costs=None)
    assert (refusal.code, refusal.sentence, refusal.remedy) == (RefusalCode.PROHIBITED, "It lacks.", "Add it.")


@pytest.mark.parametrize(
    ("need", "changes", "broken"),
    [
        ({"field": "money.amount"}, {}, True),
        ({"field": "money.amount"}, {"money": {"amount": "0"}}, False),
        ({"field": "facts.asked"}, {"facts": {"asked": False}}, False),
        ({"field": "facts.asked"}, {"facts": {"asked": ""}}, True),
        ({"field": "documents"}, {"documents": []}, True),
        ({"fields": ["money", "costs"]}, {}, False),
        ({"fields": ["money", "proposal"]}, {}, True),
        ({"must": [{"path": "request.funding", "equals": True}]}, {}, False),
        ({"must": [{"path": "request.funding", "equals": False}]}, {}, True),
        ({"forbids": True}, {}, True),
        ({"forbids": True, "when": [{"path": "request.kind", "equals": "therapy"}]}, {}, False),
        ({"forbids": True, "unless": [{"path": "request.funding", "equals": True}]}, {}, False),
        ({"forbids": True, "unless": [{"path": "request.funding", "equals": False}]}, {}, True),
        ({"forbids": True, "at": ["sign_off", "endorse"]}, {}, False),
        ({"forbids": True, "at": ["sign_off", "refer"]}, {}, True),
        ({"forbids": True, "effect": "flag"}, {}, False),
    ],
)
def test_a_requirement_asks_for_a_field_one_of_several_conditions_or_forbids(
    need: dict[str, Any], changes: dict[str, Any], *, broken: bool
) -> None:
    council = _council(requirements=[_need(**need)])
    if broken:
        assert _refused("refer", council, **changes).rule == "HIL-004"
    else:
        _at("refer", council, **changes)


def test_a_matter_has_requirements_of_its_own() -> None:
    matter = Matter(key="passport", title="x", needs=(_need(field="money"),), cites=("HIL-004",))
    council = _council(matters=[matter])
    assert _at("refer", council) == []
    assert _refused("refer", council, (), **{"request.matter": "passport"}).rule == "HIL-004"


def test_what_is_only_flagged_passes_and_is_said() -> None:
    assert _at("refer", _council(requirements=[_need(field="money", effect="flag")])) == ["It lacks. (HIL-004)"]


def test_an_emergency_waives_what_the_procedure_lets_it() -> None:
    council = _council(requirements=[_need(field="money", waived_in_emergency=True)])
    facts = Known(referral(), {"route.emergency": True})
    assert require_at("refer", facts, council, "harp", (), TODAY) == ["Waived in an emergency: It lacks. (HIL-004)"]
    assert refusal_of(lambda: require_at("refer", referral(), council, "harp", (), TODAY)).rule == "HIL-004"


def test_a_decision_is_asked_for_the_outcomes_that_it_names() -> None:
    council = _council(requirements=[_need(forbids=True, at=["refer", "decision"], outcomes=["approved"])])
    form = referral()
    assert require_at("decision", form, council, "harp", (), TODAY, Outcome.DECLINED) == []
    assert refusal_of(lambda: require_at("decision", form, council, "harp", (), TODAY, Outcome.APPROVED)).rule
    assert _refused("refer", council).rule == "HIL-004"


@pytest.mark.parametrize(("value", "filled"), [(False, True), (0, True), ("", False), (None, False), ("x", True)])
def test_no_and_nought_are_answers_and_blanks_are_none(value: object, *, filled: bool) -> None:
    assert is_filled(value) is filled


def test_a_full_form_has_its_narratives() -> None:
    missing = {"views": None, "family_and_friends_options": None, "analysis": None}
    refusal = refusal_of(lambda: require_whole(referral(**missing), HILLINGDON))
    assert (refusal.code, refusal.sentence, refusal.remedy) == (
        RefusalCode.INCOMPLETE,
        "Missing: views: field required; family_and_friends_options: field required; analysis: field required.",
        "Correct these fields and send it again; `starter.py schema` prints what is expected.",
    )
    refusal = refusal_of(lambda: require_whole(referral(**{"views.child": None}), HILLINGDON))
    assert refusal.sentence == "Missing: views.child: field required."
    refusal = refusal_of(lambda: require_whole(referral(child=None), HILLINGDON))
    assert refusal.sentence == "Missing: child: field required."
    require_whole(referral(), HILLINGDON)


@pytest.mark.parametrize("subject", ["child", "applicants", "carers", "staff"])
def test_a_short_form_is_about_somebody(subject: str) -> None:
    short = _council(form="short")
    nobody = referral(child=None, views=None, analysis=None)
    assert refusal_of(lambda: require_whole(nobody, short)).sentence == "Missing: child: field required."
    said = {"reference": "A-1", **({"date_of_birth": "2019-05-14"} if subject == "child" else {})}
    somebody = referral(**{"child": None, "views": None, subject: said})
    require_whole(somebody, short)
    assert somebody.subject_reference == "A-1"


OWN = HILLINGDON.model_copy(update={"kinds": {"holiday": Kind(title="A holiday", cites=("HIL-004",))}})


def test_a_kind_of_request_is_a_common_one_or_the_councils_own() -> None:
    require_known_kind(referral(), OWN)
    require_known_kind(referral(**{"request.kind": "Holiday"}), OWN)
    refusal = refusal_of(lambda: require_known_kind(referral(**{"request.kind": "cruise"}), OWN))
    assert refusal.code is RefusalCode.INVALID
    assert "request.kind" in refusal.sentence
    assert "holiday" in refusal.remedy


def test_a_kind_that_the_forum_does_not_take_is_refused_with_one_that_does() -> None:
    council = _council(kinds=["therapy"])
    assert refusal_of(lambda: require_known_kind(referral(), council)).remedy == "Use one of therapy."
    takers = {
        **council.forums,
        "complex_harp": council.forums["complex_harp"].model_copy(update={"kinds": ("accommodation",)}),
    }
    council = council.model_copy(update={"forums": takers})
    refusal = refusal_of(lambda: require_known_kind(referral(), council))
    assert (refusal.code, refusal.remedy) == (RefusalCode.INVALID, "Refer to Complex HARP.")


FIELDS = {
    "flag": LocalField(title="x", type="flag", cites=("HIL-004",)),
    "day": LocalField(title="x", type="date", cites=("HIL-004",)),
    "text": LocalField(title="x", type="text", cites=("HIL-004",)),
    "number": LocalField(title="x", type="number", cites=("HIL-004",)),
    "amount": LocalField(title="x", type="amount", cites=("HIL-004",)),
    "choice": LocalField(title="x", type="choice", of=("a", "b"), cites=("HIL-004",)),
    "choices": LocalField(title="x", type="choices", of=("a", "b"), cites=("HIL-004",)),
}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("flag", [True, False, None], ["yes", 1]),
        ("day", ["2031-03-06", TODAY], ["soon", "9999-01-01", 7]),
        ("text", ["said"], ["  ", 7]),
        ("number", [7, "7.5", -1], ["many", True, "NaN"]),
        ("amount", ["12.50", 0], [-1, "lots"]),
        ("choice", ["a"], ["c", ["a"]]),
        ("choices", ["a", ["a", "b"], []], ["c", ["a", "c"], {"a": 1}]),
        ("unknown", [], ["anything"]),
    ],
)
def test_the_councils_own_fields_hold_what_they_should(name: str, right: list[Any], wrong: list[Any]) -> None:
    council = HILLINGDON.model_copy(update={"facts": FIELDS})
    for value in right:
        require_known_facts(referral(facts={name: value}), council)
    for value in wrong:
        refusal = refusal_of(partial(require_known_facts, referral(facts={name: value}), council))
        assert refusal.code is RefusalCode.INVALID
        assert f"facts.{name}" in refusal.sentence


def test_a_forum_is_understood_by_its_other_names() -> None:
    form = settled(referral(forum="complex", prior={"complex": "advised", "elsewhere": "noted"}), HILLINGDON)
    assert form.forum == "complex_harp"
    assert set(form.prior) == {"complex_harp", "elsewhere"}
    assert settled(referral(forum="moon"), HILLINGDON).forum == "moon"


def test_a_kind_or_a_matter_may_mean_a_sort_of_home_by_its_name() -> None:
    kinds = {"own": Kind(title="x", proposes="hostel", cites=("HIL-004",))}
    matter = Matter(key="lodge", title="x", proposes="supported_lodgings", cites=("HIL-004",))
    council = _council(matters=[matter.model_dump()]).model_copy(update={"kinds": kinds})

    def proposed(**changes: Any) -> object:  # noqa: ANN401
        return known_form(referral(**changes), council, TODAY).more.get("proposal.kind")

    assert proposed(**{"request.kind": "own"}) == "hostel"
    assert proposed(**{"request.matter": "lodge"}) == "supported_lodgings"
    assert proposed() is None
    assert proposed(forum="moon") is None
    assert proposed(proposal={"kind": "foster"}) is None


def _papers(*documents: dict[str, Any]) -> Council:
    return _council(documents=[Document.model_validate({"cites": "HIL-071", **one}) for one in documents])


def test_some_papers_are_for_some_kinds_and_cases_only() -> None:
    council = _papers(
        {"name": "A", "kinds": ["accommodation"]},
        {"name": "B", "kinds": ["therapy"]},
        {"name": "C", "unless": [{"path": "request.funding", "equals": True}]},
        {"name": "D", "unless": [{"path": "request.funding", "equals": False}]},
    )
    assert _needed(council) == ["A", "D"]


def test_the_papers_of_a_matter_are_asked_for_with_it() -> None:
    matter = Matter.model_validate(
        {"key": "passport", "title": "x", "cites": "HIL-004", "documents": [{"name": "P", "cites": "HIL-004"}]}
    )
    council = _council(matters=[matter], documents=[])
    assert _needed(council, **{"request.matter": "passport"}) == ["P"]
    assert _needed(council) == []
    refusal = refusal_of(lambda: require_papers(referral(**{"request.matter": "passport"}), council, [], TODAY))
    assert refusal.rule == "HIL-004"


def test_a_paper_that_becomes_an_action_stops_nothing_and_some_come_with_the_form() -> None:
    council = _papers({"name": "A", "at": "refer"}, {"name": "B"}, {"name": "C", "missing": "action"})
    form = referral()
    refusal = refusal_of(lambda: require_papers(form, council, [], TODAY, with_form_only=True))
    assert (refusal.code, refusal.sentence) == (RefusalCode.MISSING_DOCUMENT, "These papers are missing: A.")
    assert refusal.remedy == "Name each of them under documents, then refer."
    assert refusal_of(lambda: require_papers(form, council, [], TODAY)).sentence.endswith("A, B.")
    require_papers(form, council, ["a", "b"], TODAY)
    assert [paper.name for paper in papers_missing(form, council, ["A", "B"], TODAY)] == ["C"]


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("A", {"left_out": True, "original": False}, RefusalCode.PROHIBITED),
        ("B", {"left_out": True, "original": False}, None),
        ("B", {"left_out": False, "original": True}, RefusalCode.PROHIBITED),
        ("A", {"left_out": False, "original": True}, None),
        ("Z", {"left_out": True, "original": False}, RefusalCode.UNKNOWN),
        ("Z", {"left_out": False, "original": True}, None),
    ],
)
def test_a_paper_is_left_out_with_reasons_or_comes_as_a_copy_where_the_procedure_says_so(
    name: str, said: dict[str, bool], code: RefusalCode | None
) -> None:
    council = _papers({"name": "A"}, {"name": "B", "not_applicable": "with_reason", "copies_only": True})
    if code is None:
        require_may_be_supplied(name, referral(), council, TODAY, **said)
    else:
        assert refusal_of(lambda: require_may_be_supplied(name, referral(), council, TODAY, **said)).code is code


def test_what_is_lacking_before_the_decision_and_stops_nothing_is_shown() -> None:
    flagged = _need(field="money", effect="flag", at=["refer", "endorse"])
    waived = _need(field="analysis", waived_in_emergency=True)
    state = journey(council=_council(requirements=[flagged, waived]))
    assert requirement_flags(state, THURSDAY) == ["It lacks. (HIL-004)"]
    assert requirement_flags(journey(council=HILLINGDON.model_copy(update={"law": ()})), THURSDAY) == []
