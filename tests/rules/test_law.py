from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode, Refused
from models.intake import Kind, Law, LocalField
from models.journey import JourneyState
from models.vocabulary import Outcome, Stage
from procedures.catalogue import laws
from rules.conditions import Known
from rules.form import known_form
from rules.law import applies, require_lawful
from tests.builders import (
    DIANA,
    HELEN,
    HILLINGDON,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    at,
    journey,
    journey_at,
    referral,
    refusal_of,
    refused,
)

TODAY = date(2031, 3, 6)
LOOKED_AFTER = {"circumstances.legal_status": "C2", "request.kind": "placement_move"}
AGED = {15: "2016-01-01", 16: "2015-01-01", 18: "2013-01-01", 12: "2019-01-01", 13: "2018-03-06"}


def _known(age: int, **changes: Any) -> Known:  # noqa: ANN401
    form = referral(**{**LOOKED_AFTER, "child.date_of_birth": AGED[age], **changes})
    return known_form(form, HILLINGDON, TODAY)


def _law(step: Any, facts: Known, outcome: str | None = None) -> tuple[str, str | None] | list[str]:  # noqa: ANN401
    try:
        return require_lawful(step, facts, HILLINGDON, TODAY, outcome)
    except Refused as refused:
        return refused.code.value, refused.rule


@pytest.mark.parametrize(
    ("age", "kind", "rule"),
    [
        (15, "semi_independent", "LAW-001"),
        (15, "Supported accommodation", "LAW-001"),
        (15, "bed-and-breakfast", "LAW-001"),
        (15, "caravan", "LAW-001"),
        (15, "foster", None),
        (15, "childrens_home", None),
        (16, "bed_and_breakfast", "LAW-003"),
        (18, "bed_and_breakfast", None),
        (16, "caravan", None),
    ],
)
def test_where_a_looked_after_child_may_not_live_nobody_can_refer_them_to(
    age: int, kind: str, rule: str | None
) -> None:
    expected = ("prohibited", rule) if rule else []
    assert _law("refer", _known(age, proposal={"kind": kind})) == expected


@pytest.mark.parametrize(
    ("registration", "at_refer", "later"),
    [
        ({}, [], ("prohibited", "LAW-002")),
        ({"registration": "unregistered"}, ("prohibited", "LAW-002"), ("prohibited", "LAW-002")),
        ({"registration": "registered"}, [], []),
        ({"registration": "excepted"}, [], []),
    ],
)
def test_at_16_and_17_supported_accommodation_has_to_be_registered_or_excepted(
    registration: dict[str, str],
    at_refer: Any,  # noqa: ANN401
    later: Any,  # noqa: ANN401
) -> None:
    facts = _known(16, proposal={"kind": "supported_accommodation", **registration})
    assert _law("refer", facts) == at_refer
    for step in ("sign_off", "endorse", "emergency"):
        assert _law(step, facts) == later
    assert _law("decision", facts, Outcome.APPROVED) == later


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.DEFERRED, Outcome.NOT_RATIFIED, Outcome.REFERRED_ON])
def test_the_law_never_stands_in_the_way_of_saying_no(outcome: Outcome) -> None:
    assert _law("decision", _known(15, proposal={"kind": "hostel"}), outcome) == []
    assert _law("decision", _known(15, proposal={"kind": "hostel"}), Outcome.RATIFIED) == ("prohibited", "LAW-001")


@pytest.mark.parametrize(("starts", "rule"), [("2031-12-31", "LAW-001"), ("2032-01-01", None)])
def test_the_age_is_that_on_the_day_on_which_the_placement_starts(starts: str, rule: str | None) -> None:
    facts = _known(15, proposal={"kind": "hostel", "starts": starts})
    assert _law("refer", facts) == (("prohibited", rule) if rule else [])


@pytest.mark.parametrize(("starts", "rule"), [("2021-09-08", None), ("2021-09-09", "LAW-001")])
def test_a_placement_is_judged_by_the_law_of_the_day_on_which_it_starts(starts: str, rule: str | None) -> None:
    facts = _known(15, proposal={"kind": "hostel", "starts": starts}, **{"child.date_of_birth": "2010-01-01"})
    assert _law("refer", facts) == (("prohibited", rule) if rule else [])


def test_a_law_that_is_no_longer_in_force_applies_to_nobody() -> None:
    repealed = HILLINGDON.law[0].model_copy(update={"in_force_until": date(2030, 12, 31), "judged_on": None})
    assert not applies(repealed, {}, TODAY)
    assert applies(repealed, {}, date(2030, 12, 31))


def test_a_child_who_is_not_looked_after_and_would_not_be_is_not_caught() -> None:
    assert _law("refer", _known(15, proposal={"kind": "hostel"}, **{"circumstances.legal_status": None})) == []
    kinds = {"own": Kind(title="x", would_be_looked_after=True, proposes="bed_and_breakfast", cites=("HIL-004",))}
    council = HILLINGDON.model_copy(update={"kinds": kinds})
    form = referral(**{"request.kind": "own", "child.date_of_birth": AGED[16]})
    refusal = refusal_of(lambda: require_lawful("refer", known_form(form, council, TODAY), council, TODAY))
    assert refusal.rule == "LAW-003"


def test_a_field_of_the_councils_own_form_may_stand_for_a_common_one() -> None:
    field = LocalField(title="Home", type="choice", of=("hostel",), stands_for="proposal.kind", cites=("HIL-004",))
    council = HILLINGDON.model_copy(update={"facts": {"home": field, "other": field}})
    form = referral(**{**LOOKED_AFTER, "child.date_of_birth": AGED[15], "facts": {"home": "hostel"}})
    assert (
        refusal_of(lambda: require_lawful("refer", known_form(form, council, TODAY), council, TODAY)).rule == "LAW-001"
    )
    said = form.model_copy(
        update={"facts": {"home": "hostel"}, "proposal": referral(proposal={"kind": "foster"}).proposal}
    )
    assert require_lawful("refer", known_form(said, council, TODAY), council, TODAY) == []


@pytest.mark.parametrize(
    ("age", "proposal", "answer"),
    [
        (12, {}, ("prohibited", "LAW-004")),
        (12, {"secretary_of_state_approved_on": "2031-03-07"}, ("prohibited", "LAW-004")),
        (12, {"secretary_of_state_approved_on": "2031-03-06"}, []),
        (13, {}, []),
    ],
)
def test_under_13_secure_accommodation_needs_the_secretary_of_state(
    age: int,
    proposal: dict[str, str],
    answer: Any,  # noqa: ANN401
) -> None:
    facts = _known(age, proposal={"kind": "secure_childrens_home", **proposal})
    assert _law("refer", facts) == []
    assert _law("emergency", facts) == answer
    assert _law("decision", facts, Outcome.APPROVED) == answer


def test_a_childrens_home_has_to_be_registered() -> None:
    assert _law("refer", _known(15, proposal={"kind": "childrens_home", "registration": "unregistered"})) == (
        "prohibited",
        "LAW-024",
    )


def test_a_placement_out_of_the_area_is_flagged_where_the_council_says_what_its_area_is() -> None:
    form = referral(**LOOKED_AFTER, proposal={"kind": "foster", "area": "Kent", "key_stage_4_moves": True})
    council = HILLINGDON.model_copy(update={"lists": {"home_area": ("Hillingdon",)}})
    flags = require_lawful("refer", known_form(form, council, TODAY), council, TODAY)
    assert [flag[-9:] for flag in flags] == ["(LAW-006)", "(LAW-008)"]
    open_council = HILLINGDON.model_copy(update={"lists": {}})
    assert len(require_lawful("refer", known_form(form, open_council, TODAY), open_council, TODAY)) == 1


def _prohibited_after_referral() -> JourneyState:
    state = journey(referral(**LOOKED_AFTER, **{"child.date_of_birth": AGED[15]}))
    form = referral(**LOOKED_AFTER, **{"child.date_of_birth": AGED[15]}, proposal={"kind": "hostel"})
    return state.model_copy(update={"referral": form})


def test_no_post_can_sign_what_the_law_prohibits() -> None:
    refusal = refused(_prohibited_after_referral(), "sign_off", TOM, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.PROHIBITED, "LAW-001")
    assert refusal.remedy
    assert refused(_prohibited_after_referral(), "endorse", HELEN, THURSDAY).code is RefusalCode.ILLEGAL_MOVE


def _secure(decision: str) -> JourneyState:
    """An eleven-year-old for whom secure accommodation is asked for, without the Secretary of State, at panel."""
    day = at("2031-03-18 10:15")
    placed = journey_at(Stage.AT_PANEL, proposal={"kind": "secure_childrens_home"})
    there = placed.office.sitting_on(SECOND_PANEL, day)
    placed.office.act(there, "record_decision", PAT, day, case="R-1", decision=decision, rationale="Weighed.")
    return placed.journey


def test_a_sitting_cannot_approve_what_the_law_prohibits_and_can_decline_it() -> None:
    refusal = refusal_of(lambda: _secure("approve"))
    assert (refusal.code, refusal.rule) == (RefusalCode.PROHIBITED, "LAW-004")
    assert _secure("decline").stage is Stage.CLOSED


def test_no_emergency_passes_the_law() -> None:
    state = journey(referral(proposal={"kind": "secure_childrens_home"}))
    refusal = refused(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert (refusal.code, refusal.rule) == (RefusalCode.PROHIBITED, "LAW-004")


def test_every_law_cites_the_catalogue_which_asks_for_counsel() -> None:
    cited = {rule for law in HILLINGDON.law for rule in law.cites}
    assert cited <= laws().keys()
    assert {law.confirmed_by for law in laws().values()} == {"have counsel confirm"}
    for law in HILLINGDON.law:
        assert isinstance(law, Law)
        assert law.in_force_from.isoformat() == laws()[law.cites[0]].in_force_from
