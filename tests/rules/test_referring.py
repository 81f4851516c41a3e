from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.process import ProcessState
from models.vocabulary import Outcome, Stage
from rules.journeys.passing import may_be_decided_by_post
from rules.journeys.referring import begin, require_acceptable
from rules.journeys.views import view
from tests.builders import (
    AMIRA,
    CAROL,
    HELEN,
    HILLINGDON,
    PACKAGE,
    PANEL,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    do,
    journey,
    journey_at,
    person,
    referral,
    refusal_of,
    refused,
    start,
)


@pytest.mark.parametrize(
    ("changes", "actor", "code"),
    [
        ({"council": "camden"}, AMIRA, RefusalCode.UNKNOWN),
        ({"forum": "secure_panel"}, AMIRA, RefusalCode.UNKNOWN),
        ({"criteria": ["HIL-999"]}, AMIRA, RefusalCode.UNKNOWN),
        ({}, PAT, RefusalCode.NOT_AUTHORISED),
        ({}, person("x", "wizard"), RefusalCode.UNKNOWN),
        ({"costs": None}, AMIRA, RefusalCode.INCOMPLETE),
    ],
)
def test_a_referral_that_cannot_start_a_journey_is_refused(
    changes: dict[str, Any], actor: Actor, code: RefusalCode
) -> None:
    begins = start(referral(**changes), actor)
    assert refusal_of(lambda: require_acceptable(begins, THURSDAY)).code is code


def test_a_referral_that_another_panel_sent_on_was_judged_there() -> None:
    begins = start(referral(costs=None), PAT).model_copy(update={"came_from": "journey/hillingdon/R-0"})
    require_acceptable(begins, THURSDAY)


def test_a_new_journey_waits_for_the_team_manager_and_watches_the_cut_off() -> None:
    state = journey()
    assert (state.stage, state.clocks["cut_off"].owner) == (Stage.AWAITING_SIGN_OFF, "team_manager")
    assert [notice.post for notice in state.unrecorded[0].notices] == ["team_manager"]


@pytest.mark.parametrize("forum", ["high_cost_panel", "permanency_panel_14_plus", "placement_stability_meeting"])
def test_what_a_post_decides_waits_for_the_post_at_once(forum: str) -> None:
    state = journey(referral(forum=forum))
    assert state.stage is Stage.AWAITING_DECISION
    assert view(state, THURSDAY).waiting_on == HILLINGDON.forums[forum].decided_by
    assert list(state.clocks) == ["post_decision"]


def test_a_forum_without_signatures_lists_at_once() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["chain"] = []
    state = journey(council=type(HILLINGDON).model_validate(whole))
    assert state.stage is Stage.AWAITING_LISTING
    assert state.wanted is not None
    assert state.wanted.sitting == PANEL


def test_a_forum_may_ask_for_the_sign_off_alone() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["chain"] = whole["forums"]["harp"]["chain"][:1]
    state = journey(council=type(HILLINGDON).model_validate(whole))
    do(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.AWAITING_LISTING
    assert state.wanted is not None


def test_a_forum_that_lies_elsewhere_takes_no_referral_here() -> None:
    away = HILLINGDON.forums["harp"].model_copy(update={"body": "elsewhere"})
    council = HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "harp": away}})
    assert refusal_of(lambda: journey(council=council)).code is RefusalCode.ILLEGAL_MOVE


def test_a_referral_goes_to_the_forum_that_its_other_name_means() -> None:
    state = journey(referral(forum="complex", criteria=["HIL-020"]))
    assert (state.forum_key, state.referral.forum) == ("complex_harp", "complex_harp")


def test_a_paper_that_does_not_apply_is_missing_no_more_and_why_is_kept() -> None:
    whole = HILLINGDON.model_dump()
    for document in whole["forums"]["harp"]["documents"]:
        document["not_applicable"] = "with_reason"
    state = journey(referral(documents=[]), council=type(HILLINGDON).model_validate(whole))
    missing = view(state, THURSDAY).documents_missing
    for name in missing:
        do(state, "supply_document", AMIRA, THURSDAY, document=name, not_applicable="There is none.")
    assert len(missing) == 2
    assert view(state, THURSDAY).documents_missing == []
    assert state.not_applicable == dict.fromkeys(missing, "There is none.")
    do(state, "supply_document", AMIRA, THURSDAY, document=missing[0])
    assert missing[0] not in state.not_applicable
    do(state, "sign_off", TOM, THURSDAY)


def test_a_mismatch_with_the_recommended_forum_is_shown_and_stops_nothing() -> None:
    state = journey(referral(criteria=["HIL-004", "HIL-020"]))
    shown = view(state, THURSDAY)
    assert (shown.recommended_forum, shown.mismatch) == ("complex_harp", True)
    do(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.AWAITING_ENDORSEMENT


def test_a_forum_of_a_post_that_should_have_the_case_is_proposed() -> None:
    changes = {"request.kind": "permanence_decision", "circumstances.legal_status": "C2"}
    state = journey(referral(**changes, **{"child.date_of_birth": "2017-03-06"}))
    assert state.proposed == ["permanency_panel_14_plus"]


def test_a_journey_does_not_propose_the_same_forum_twice() -> None:
    changes = {"request.kind": "permanence_decision", "circumstances.legal_status": "C2"}
    state = journey(referral(**changes, **{"child.date_of_birth": "2017-03-06"}))
    do(state, "amend", AMIRA, THURSDAY, analysis="More.")
    assert state.proposed == ["permanency_panel_14_plus"]


def test_an_amendment_starts_the_signatures_again() -> None:
    _, state, now = journey_at(Stage.AWAITING_ENDORSEMENT)
    do(state, "return_for_changes", HELEN, now, reason="Say more.")
    assert (state.stage, state.signatures) == (Stage.RETURNED, [])
    do(state, "amend", AMIRA, now, **{"views.child": "Something else.", "documents": ["School report"]})
    assert state.stage is Stage.AWAITING_SIGN_OFF
    assert state.referral.views is not None
    assert state.referral.views.child == "Something else."
    assert state.documents == ["Access to resource panel form", "Section 20 checklist", "School report"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"referral_ref": "R-2"}, RefusalCode.PROHIBITED),
        ({"reference": "R-2"}, RefusalCode.INVALID),
        ({"council": "camden"}, RefusalCode.PROHIBITED),
        ({"forum": "complex_harp"}, RefusalCode.PROHIBITED),
        ({"child.reference": "C-2"}, RefusalCode.PROHIBITED),
        ({"shoe_size": 3}, RefusalCode.INVALID),
        ({"child.shoe_size": 3}, RefusalCode.INVALID),
        ({"analysis.more": "x"}, RefusalCode.INVALID),
        ({"analysis": ""}, RefusalCode.INVALID),
        ({"": "x"}, RefusalCode.INVALID),
        ({"views": {"child": "x"}}, RefusalCode.INCOMPLETE),
        ({"costs": None}, RefusalCode.INCOMPLETE),
        ({"criteria": ["HIL-999"]}, RefusalCode.UNKNOWN),
        ({"costs.difference": "1.00"}, RefusalCode.INVALID),
    ],
)
def test_an_amendment_leaves_a_whole_form_about_the_same_referral(changes: dict[str, Any], code: RefusalCode) -> None:
    assert refused(journey(), "amend", AMIRA, THURSDAY, **changes).code is code


@pytest.mark.parametrize(
    "changes",
    [
        {"child": {"reference": "C-2", "date_of_birth": "2019-05-14"}},
        {"child": {"child_ref": "C-2", "date_of_birth": "2019-05-14"}},
    ],
)
def test_an_amendment_never_changes_whose_case_it_is(changes: dict[str, Any]) -> None:
    assert refused(journey(), "amend", AMIRA, THURSDAY, **changes).code is RefusalCode.PROHIBITED


def test_a_sign_off_needs_every_paper() -> None:
    state = journey(referral(documents=["Access to resource panel form"]))
    refusal = refused(state, "sign_off", TOM, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.MISSING_DOCUMENT, "HIL-071")
    do(state, "supply_document", AMIRA, THURSDAY, name="section_20_checklist")
    do(state, "sign_off", TOM, THURSDAY)


def test_a_sign_off_needs_the_team_managers_comments_from_the_form_or_with_it() -> None:
    state = journey(referral(team_manager_comments=None))
    refusal = refused(state, "sign_off", TOM, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "HIL-078")
    do(state, "sign_off", TOM, THURSDAY, comment="Supported.")
    assert state.signatures[0].comments == "Supported."


def test_a_placement_move_is_signed_off_after_the_stability_meeting() -> None:
    state = journey(referral(**{"request.kind": "placement_move"}))
    assert refused(state, "sign_off", TOM, THURSDAY).rule == "HIL-038"
    do(state, "amend", AMIRA, THURSDAY, **{"discussions.placement_stability_meeting": "2031-03-05"})
    do(state, "sign_off", TOM, THURSDAY)


def test_the_same_paper_twice_is_one_paper() -> None:
    state = journey()
    do(state, "supply_document", AMIRA, THURSDAY, document="School report")
    do(state, "supply_document", AMIRA, THURSDAY, document="School report")
    assert state.documents.count("School report") == 1


@pytest.mark.parametrize(
    ("moment", "panel"),
    [("2031-03-07 12:00:59", PANEL), ("2031-03-07 12:01", SECOND_PANEL)],
)
def test_an_endorsement_submits_the_referral_for_the_sitting_that_it_is_in_time_for(moment: str, panel: Any) -> None:  # noqa: ANN401
    office, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    office.act(state, "endorse", HELEN, at(moment))
    assert state.booking is not None
    assert state.booking.sitting == panel
    assert state.clocks["cut_off"].state == "met"


def test_a_package_within_the_limit_goes_to_the_head_of_service() -> None:
    _, state, now = journey_at(Stage.AWAITING_DECISION)
    assert may_be_decided_by_post(state, now)
    assert view(state, now).waiting_on == "head_of_service"
    assert "Endorse instead of deciding when the panel should look at it too (HIL-018)" in view(state, now).prompts


@pytest.mark.parametrize(
    "changes",
    [
        {"costs": {"present": "0", "proposed": "500.01", "difference": "500.01"}},
        {"criteria": ["HIL-018"]},
    ],
)
def test_a_package_above_the_limit_or_that_the_team_wants_looked_at_goes_on_to_endorsement(
    changes: dict[str, Any],
) -> None:
    state = journey(referral(**PACKAGE, **changes))
    do(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.AWAITING_ENDORSEMENT


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.RESERVED, Stage.DEFERRED])
def test_a_withdrawal_gives_the_place_back(stage: Stage) -> None:
    office, state, now = journey_at(stage)
    booking = state.booking
    assert booking is not None
    office.act(state, "withdraw", AMIRA, now, reasons="The family found a way.")
    assert (state.stage, state.outcome, state.booking) == (Stage.CLOSED, Outcome.WITHDRAWN, None)
    there = office.sitting_on(booking.sitting, now)
    assert [c.state for c in there.cases if c.papers.referral_ref == "R-1"] == ["released"]
    assert not any(clock.ticking for clock in state.clocks.values())


def _all_quiet(state: ProcessState) -> bool:
    return not any(clock.ticking for clock in state.clocks.values())


def test_a_withdrawal_before_listing_stops_the_cut_off() -> None:
    state = journey()
    do(state, "withdraw", TOM, THURSDAY)
    assert _all_quiet(state)


def test_what_a_post_decides_is_not_endorsed_for_a_panel() -> None:
    state = journey(referral(forum="high_cost_panel"))
    assert refused(state, "endorse", HELEN, THURSDAY).code is RefusalCode.ILLEGAL_MOVE


def test_what_a_post_decides_comes_back_to_it_after_changes() -> None:
    state = journey(referral(forum="high_cost_panel"))
    do(state, "return_for_changes", TOM, THURSDAY, reasons="Say more.")
    do(state, "amend", AMIRA, THURSDAY, analysis="More.")
    assert state.stage is Stage.AWAITING_DECISION


def test_only_the_very_first_stage_begins_with_a_whole_form() -> None:
    begins = start(referral())
    assert begin(begins, THURSDAY).model_dump_json() == begin(begins, THURSDAY).model_dump_json()
    office = Office()
    assert office.refer(referral(), PAST_NOON, TOM).referred_by == TOM
    assert refused(journey(), "endorse", CAROL, THURSDAY).code is RefusalCode.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("moment", "in_force"),
    [("2031-03-05 12:00", False), ("2031-03-06 00:00", True), ("2031-03-07 23:59", True), ("2031-03-08 00:00", False)],
)
def test_a_referral_is_made_under_a_procedure_that_is_in_force(moment: str, *, in_force: bool) -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"].update(in_force_from="2031-03-06", in_force_until="2031-03-07")
    begins = start(referral(), council=type(HILLINGDON).model_validate(whole))
    if in_force:
        require_acceptable(begins, at(moment))
    else:
        assert refusal_of(lambda: require_acceptable(begins, at(moment))).code is RefusalCode.PROHIBITED
