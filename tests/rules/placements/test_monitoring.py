"""Visits, reports and agreements while a placement lasts, and concerns about its provider (HRW-007 to HRW-120)."""

from typing import Any

import pytest

from models.errors import RefusalCode, Refused
from models.placement import RecordCheck
from rules.placements.monitoring import check_named, keys_of
from tests.builders import at
from tests.rules.placements.homes import MONDAY, act, due, placed, run_to, standing, told, view

OFFICER = "access_to_resources_officer"
IN_HOUSE: dict[str, Any] = {"type": "foster", "provider": {"in_house": True}, "contract": None}


def test_the_monthly_report_is_counted_from_the_last_one_and_months_clamp() -> None:
    state = placed(now=at("2031-12-31 09:00"), started_at="2031-12-31T09:00:00")
    assert due(state, "monthly_report") == "2032-01-31 17:00"
    act(state, "record_check", at("2032-01-30 10:00"), kind="monthly_report", child_views=True)
    assert due(state, "monthly_report") == "2032-02-29 17:00"


def test_a_report_without_the_childs_views_is_taken_and_shown() -> None:
    state = placed()
    act(state, "record_check", MONDAY, check="progress_report")
    assert any("HRW-017" in flag for flag in view(state, MONDAY).flags)
    act(state, "record_check", at("2031-03-04 09:00"), check="monthly_report", views="Likes it here.")
    assert not any("HRW-017" in flag for flag in view(state, at("2031-03-04 09:00")).flags)
    assert state.facts["check.monthly_report.views"] is True


def test_a_supervising_visit_is_due_four_weeks_after_the_last_across_the_clock_change() -> None:
    state = placed(**IN_HOUSE)
    assert due(state, "supervising_visit") == "2031-03-31 17:00"
    act(state, "record_check", at("2031-03-28 16:00"), "supervising_social_worker", check="supervising_visit")
    assert due(state, "supervising_visit") == "2031-04-25 17:00"
    run_to(state, at("2031-04-25 17:00"))
    assert standing(state, "supervising_visit") == "breached"
    assert "fostering_team_manager" in told(state)
    assert "monthly_report" not in state.clocks


@pytest.mark.parametrize(("ours", "when"), [(True, "2031-06-03 17:00"), (False, "2032-03-03 17:00")])
def test_harrows_own_provision_is_visited_every_quarter_and_other_every_year(ours: bool, when: str) -> None:  # noqa: FBT001 - a case
    state = placed(provider={"grade": "good", "commissioned_by_us": ours})
    assert due(state, "monitoring_visit") == when
    act(state, "record_check", at("2031-03-20 10:00"), OFFICER, check="extra_visit")
    assert due(state, "monitoring_visit") == ("2031-06-20 17:00" if ours else "2032-03-20 17:00")
    assert any("CarePlace" in prompt for prompt in view(state, MONDAY).prompts)


def test_both_sign_the_placement_agreement() -> None:
    state = placed()
    assert due(state, "placement_agreement") == "2031-03-10 17:00"
    act(state, "record_check", MONDAY, OFFICER, check="placement_agreement", signed_by="provider")
    assert standing(state, "placement_agreement") == "running"
    assert any("council's signature" in flag for flag in view(state, MONDAY).flags)
    act(state, "record_check", MONDAY, OFFICER, check="individual_placement_agreement", by="local_authority")
    assert standing(state, "placement_agreement") == "met"


def test_each_signature_may_be_a_check_of_its_own() -> None:
    state = placed()
    act(state, "record_check", MONDAY, OFFICER, check="provider_signature")
    assert standing(state, "placement_agreement") == "running"
    act(state, "record_check", MONDAY, OFFICER, check="authority_signature")
    assert standing(state, "placement_agreement") == "met"


@pytest.mark.parametrize("said", [{}, {"by": "both"}, {"provider": True, "authority": True}])
def test_both_signatures_may_come_in_one(said: dict[str, Any]) -> None:
    state = placed()
    act(state, "record_check", MONDAY, OFFICER, check="placement_agreement", **said)
    assert standing(state, "placement_agreement") == "met"


def test_a_refused_signature_is_none() -> None:
    state = placed()
    act(state, "record_check", MONDAY, OFFICER, check="placement_agreement", result="refused", by="provider")
    assert "agreement.signed_by_provider" not in state.facts
    assert keys_of(RecordCheck(check="placement_agreement", result="refused", by="provider")) == (
        "record_check:placement_agreement:refused",
        "record_check:placement_agreement:by:provider",
    )


def test_a_concern_is_met_about_until_somebody_records_that_it_is_resolved() -> None:
    state = placed()
    before = state.sequence
    act(state, "record_check", MONDAY, check="concern", about="staffing")
    assert "access_to_resources_team_manager" in told(state, before)
    assert due(state, "concern_meeting") == "2031-03-17 17:00"
    assert due(state, "agreement_review") == "2031-03-17 17:00"
    act(state, "record_check", at("2031-03-14 10:00"), OFFICER, check="provider_meeting")
    assert due(state, "concern_meeting") == "2031-03-28 17:00"
    act(state, "record_check", at("2031-03-14 11:00"), OFFICER, check="agreement_review")
    assert standing(state, "agreement_review") == "met"
    act(state, "record_check", at("2031-03-20 11:00"), OFFICER, check="concern_resolved")
    assert standing(state, "concern_meeting") == "stopped"
    act(state, "record_check", at("2031-03-25 11:00"), check="concern")
    assert (due(state, "concern_meeting"), standing(state, "agreement_review")) == ("2031-04-08 17:00", "running")


def test_a_concern_is_worked_on_with_the_alliance_or_a_lead_authority() -> None:
    state = placed()
    act(state, "record_check", MONDAY, check="concern")
    assert due(state, "joint_work") == "2031-03-10 17:00"
    act(state, "record_check", MONDAY, OFFICER, check="joint_work", lead_authority="brent")
    assert (standing(state, "joint_work"), state.facts["concern.lead_authority"]) == ("met", "brent")
    act(state, "record_check", MONDAY, check="concern", lead_authority="ealing")
    assert (state.facts["concern.lead_authority"], state.facts["concern.open"]) == ("ealing", True)


@pytest.mark.parametrize("said", [{"check": "underperformance"}, {"check": "concern", "kind": "under-performance"}])
def test_an_under_performing_provider_is_dealt_with_under_the_contract(said: dict[str, Any]) -> None:
    state = placed()
    act(state, "record_check", MONDAY, OFFICER, **said)
    assert due(state, "contract_action") == "2031-03-17 17:00"
    act(state, "record_check", MONDAY, OFFICER, check="contract_action")
    assert standing(state, "contract_action") == "met"


def test_information_is_given_before_a_planned_move() -> None:
    state = placed(started_at="2031-03-10T14:00:00")
    assert (due(state, "placement_information"), due(state, "pre_move_visit")) == ("2031-03-10 14:00",) * 2
    act(state, "record_check", at("2031-03-05 10:00"), check="information_given")
    act(state, "record_check", at("2031-03-06 10:00"), check="pre_placement_visit")
    assert {standing(state, name) for name in ("placement_information", "pre_move_visit")} == {"met"}


def test_a_planned_move_without_a_visit_is_shown() -> None:
    state = placed(started_at="2031-03-10T14:00:00")
    run_to(state, at("2031-03-10 14:00"))
    assert standing(state, "placement_information") == "breached"
    assert any("HRW-008" in flag for flag in view(state, at("2031-03-10 14:00")).flags)
    assert state.stage == "active"


def test_who_arrives_unplanned_is_informed_by_the_next_working_day() -> None:
    state = placed(now=at("2031-04-10 18:00"), emergency=True)
    assert due(state, "placement_information") == "2031-04-15 17:00"
    assert "pre_move_visit" not in state.clocks


def test_a_contract_that_was_brought_after_an_emergency_is_on_record() -> None:
    state = placed(emergency=True, contract=None)
    assert any("HRW-091" in flag for flag in view(state, MONDAY).flags)
    assert due(state, "contract_and_service_level_agreement") == "2031-03-10 17:00"
    act(state, "record_check", MONDAY, OFFICER, check="contract")
    act(state, "record_check", MONDAY, OFFICER, check="sla")
    assert standing(state, "contract_and_service_level_agreement") == "met"


def test_a_placement_made_before_panel_is_ratified_by_the_next_one_or_brings_people() -> None:
    state = placed(emergency=True)
    assert due(state, "emergency_approval") == "2031-03-05 17:00"
    run_to(state, at("2031-03-05 17:00"))
    assert (standing(state, "emergency_approval"), state.stage) == ("breached", "active")
    assert "divisional_director" in told(state)
    act(state, "record_check", at("2031-03-12 12:00"), "panel_administrator", check="panel_decision", result="declined")
    assert standing(state, "emergency_approval") == "met"


@pytest.mark.parametrize("contract", [None, {"signed": False}, {"reference": "K-1", "sla": False}])
def test_an_external_placement_does_not_start_without_contract_and_agreement(contract: Any) -> None:  # noqa: ANN401 - cases
    with pytest.raises(Refused) as refused:
        placed(contract=contract)
    assert (refused.value.code, refused.value.rule) == (RefusalCode.MISSING_DOCUMENT, "HRW-091")


@pytest.mark.parametrize(
    ("block", "taken", "rule"),
    [("roxeth_gate", 30, "HRW-097"), ("supported_lodgings", 9, "HRW-098"), ("gayton_house", 31, "HRW-099")],
)
def test_a_block_contract_that_is_full_is_shown_and_refuses_nobody(block: str, taken: int, rule: str) -> None:
    child = {"reference": "C-1", "date_of_birth": "2014-05-14", "unaccompanied_asylum_seeking": True}
    said: dict[str, Any] = {
        "type": "supported_accommodation",
        "provider": {"registration": "registered"},
        "child": child,
    }
    full = placed(**said, contract={"block": block, "sla": True, "places_taken": taken})
    assert any(rule in flag for flag in view(full, MONDAY).flags)
    room = placed(**said, contract={"block": block, "places_taken": taken - 1})
    assert not any(rule in flag for flag in view(room, MONDAY).flags)


def test_nothing_is_checked_that_lies_ahead() -> None:
    with pytest.raises(Refused) as refused:
        act(placed(), "record_check", MONDAY, check="monthly_report", on="2031-03-04")
    assert refused.value.code is RefusalCode.INVALID


def test_a_check_without_another_name_keeps_its_own() -> None:
    assert check_named("placement_plan") == "placement_plan"
    state = placed()
    act(state, "record_check", MONDAY, check="fire_drill", result="good", review_on="2031-04-01", on="2031-03-01")
    assert state.facts["check.fire_drill.on"] == "2031-03-01"
    assert state.facts["check.fire_drill.review_on"] == "2031-04-01"
    assert "record_check:fire_drill:good" in state.held
