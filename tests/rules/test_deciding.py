from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from models.vocabulary import Outcome, Stage
from rules.journeys import acts
from rules.journeys.views import view
from tests.builders import (
    CAROL,
    HELEN,
    NEW_ACTION,
    PACKAGE,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Placed,
    act,
    at,
    do,
    journey,
    journey_at,
    person,
    referral,
    refused,
)

DAY = at("2031-03-18 10:15")


def _decided(**decision: Any) -> Placed:  # noqa: ANN401 - any decision
    """A case that was heard on the 18th and decided."""
    changes = decision.pop("form", {})
    placed = journey_at(Stage.AT_PANEL, **changes)
    there = placed.office.sitting_on(SECOND_PANEL, DAY)
    said = {"decision": "approve", "rationale": "Weighed.", **decision}
    placed.office.act(there, "record_decision", PAT, DAY, case="R-1", **said)
    return placed._replace(now=DAY)


def test_a_decision_opens_its_actions_each_with_its_clock() -> None:
    _, state, _ = _decided(actions=[NEW_ACTION, {**NEW_ACTION, "owner": "director", "due": "2031-04-11"}])
    assert (state.stage, state.outcome, state.booking) == (Stage.ACTIONS_OPEN, Outcome.APPROVED, None)
    assert [(a.reference, a.owner.post) for a in state.actions] == [("A1", "social_worker"), ("A2", "director")]
    assert state.clocks["action:A1"].due == at("2031-03-28 17:00")
    assert state.clocks["action:A2"].due == at("2031-04-11 17:00")


@pytest.mark.parametrize(
    ("owner", "post"),
    [
        ({"post": "director"}, "director"),
        ("director", "director"),
        ("amira", "team_manager"),
        ({"staff": "amira", "post": "social_worker"}, "social_worker"),
        ({"post": "school"}, "team_manager"),
        ({}, "team_manager"),
    ],
)
def test_the_clock_of_an_action_is_its_owners_or_the_team_managers(owner: object, post: str) -> None:
    _, state, now = _decided(actions=[{**NEW_ACTION, "owner": owner}])
    assert state.clocks["action:A1"].owner == post
    assert view(state, now).waiting_on == post


def test_without_actions_or_a_review_the_journey_is_over() -> None:
    _, state, _ = _decided(decision="decline")
    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.DECLINED)
    assert not any(clock.ticking for clock in state.clocks.values())


def test_everybody_who_must_know_of_a_decision_does() -> None:
    placed = _decided(actions=[NEW_ACTION])
    told = next(entry for entry in placed.office.entries if entry.what == "decided")
    assert {notice.post for notice in told.notices} == {
        "social_worker",
        "team_manager",
        "head_of_service",
        "director",
    }
    assert told.cites == ("HIL-092",)


def test_a_deferred_case_is_booked_for_the_next_sitting_or_the_one_named() -> None:
    _, state, _ = _decided(decision="defer", missing="School report")
    assert state.booking is not None
    assert (state.stage, state.booking.sitting) == (Stage.DEFERRED, date(2031, 3, 25))
    _, state, _ = _decided(decision="defer", to_sitting="2031-04-02")
    assert state.booking is not None
    assert state.booking.sitting == date(2031, 4, 2)


def test_a_case_that_is_referred_on_starts_a_journey_of_its_own() -> None:
    placed = _decided(decision="refer_on", refer_to="14+ permanency panel")
    assert placed.journey.proposed == ["permanency_panel_14_plus"]
    onward = placed.office.journeys["journey/hillingdon/R-1.permanency_panel_14_plus"]
    assert (onward.stage, onward.came_from) == (Stage.AWAITING_DECISION, placed.journey.process_id)


def test_a_placement_above_the_level_goes_on_to_the_high_cost_panel() -> None:
    costs = {"present": "0", "proposed": "5000.01", "difference": "5000.01"}
    assert _decided(form={"costs": costs}).journey.proposed == ["high_cost_panel"]
    at_level = {"present": "0", "proposed": "5000", "difference": "5000"}
    assert _decided(form={"costs": at_level}).journey.proposed == []
    assert _decided(form={"costs": costs}, decision="decline").journey.proposed == []


def test_a_review_after_18_goes_to_the_high_cost_panel_unless_the_panel_keeps_it() -> None:
    after_18 = {"request.kind": "post_18_accommodation"}
    assert _decided(form=after_18).journey.proposed == ["high_cost_panel"]
    kept = _decided(form=after_18, retain_review=True, review_on="2031-09-16")
    assert (kept.journey.proposed, kept.journey.stage) == ([], Stage.UNDER_REVIEW)


def test_the_approval_of_its_sheet_reaches_the_journey() -> None:
    placed = _decided(actions=[NEW_ACTION])
    assert placed.journey.decisions[0].sheet_approved_at is None
    later = at("2031-03-19 09:00")
    placed.office.act(placed.office.sitting_on(SECOND_PANEL, later), "approve_decision", CAROL, later)
    assert placed.journey.decisions[0].sheet_approved_at == later


def test_the_approval_of_one_sheet_is_not_that_of_an_earlier_one() -> None:
    placed = _decided(decision="defer")
    office, state, _ = placed
    then = at("2031-03-25 10:00")
    there = office.sitting_on(date(2031, 3, 25), then)
    room = [one.model_dump() for one in (person("dev", "head_of_service"), person("esi", "head_of_service"))]
    office.act(there, "open_sitting", PAT, then, chair=CAROL.model_dump(), present=room)
    office.act(there, "hear", PAT, then, case="R-1")
    office.act(
        there, "record_decision", PAT, then, case="R-1", decision="approve", rationale="Now.", actions=[NEW_ACTION]
    )
    office.act(there, "approve_decision", CAROL, then, case="R-1")
    assert [record.sheet_approved_at for record in state.decisions] == [None, then]


def test_a_head_of_service_decides_a_package_within_the_limit_alone() -> None:
    _, state, now = journey_at(Stage.AWAITING_DECISION)
    do(state, "decide_as_post", CAROL, now, decision="approve", rationale="Needed.", actions=[NEW_ACTION])
    assert (state.stage, state.decisions[0].by) == (Stage.ACTIONS_OPEN, CAROL)
    assert state.clocks["cut_off"].state == "met"


@pytest.mark.parametrize(
    ("who", "details", "code"),
    [
        ("tom", {}, RefusalCode.SAME_PERSON),
        ("carol", {"decision": "approve_with_conditions"}, RefusalCode.INCOMPLETE),
        ("carol", {"decision": "ratify"}, RefusalCode.ILLEGAL_MOVE),
        ("carol", {"decision": "refer_on", "refer_to": "secure panel"}, RefusalCode.UNKNOWN),
    ],
)
def test_a_post_decides_as_carefully_as_a_panel(who: str, details: dict[str, Any], code: RefusalCode) -> None:
    _, state, now = journey_at(Stage.AWAITING_DECISION)
    said = {"decision": "approve", "rationale": "Needed.", **details}
    assert refused(state, "decide_as_post", person(who, "head_of_service"), now, **said).code is code


def test_a_decision_is_for_its_own_post() -> None:
    state = journey(referral(forum="placement_stability_meeting"))
    refusal = refused(state, "decide_as_post", CAROL, THURSDAY, decision="approve", rationale="x")
    assert refusal.code is RefusalCode.NOT_AUTHORISED
    assert "placement team manager" in refusal.sentence
    paul = person("paul", "placement_team_manager")
    do(state, "decide_as_post", paul, THURSDAY, decision="approve", rationale="x", refer_to="harp")
    assert state.stage is Stage.CLOSED
    assert state.onward[0].referral.referral_ref == "R-1.harp"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({**PACKAGE, "costs": {"present": "0", "proposed": "501", "difference": "501"}}, RefusalCode.OVER_LIMIT),
        ({**PACKAGE, "criteria": ["HIL-018"]}, RefusalCode.OVER_LIMIT),
        ({}, RefusalCode.ILLEGAL_MOVE),
        ({"forum": "complex_harp"}, RefusalCode.ILLEGAL_MOVE),
    ],
)
def test_above_its_limit_a_post_decides_nothing_alone(changes: dict[str, Any], code: RefusalCode) -> None:
    state = journey(referral(**changes))
    do(state, "sign_off", TOM, THURSDAY)
    refusal = refused(state, "decide_as_post", CAROL, THURSDAY, decision="approve", rationale="x")
    assert (refusal.code, refusal.remedy) == (code, "Endorse it, so that the panel hears it.")


@pytest.mark.parametrize("forum", ["harp", "high_cost_panel"])
def test_a_post_does_not_defer(forum: str) -> None:
    placed = journey_at(Stage.AWAITING_DECISION) if forum == "harp" else None
    state = placed.journey if placed else journey(referral(forum=forum))
    said = {"decision": "defer", "rationale": "x", "missing": ["School report"]}
    assert refused(state, "decide_as_post", CAROL, THURSDAY, **said).code is RefusalCode.ILLEGAL_MOVE


def test_a_journey_onward_has_a_reference_of_its_own() -> None:
    long = "R" * 64
    state = journey(referral(referral_ref=long, forum="placement_stability_meeting"))
    paul = person("paul", "placement_team_manager")
    do(state, "decide_as_post", paul, THURSDAY, decision="approve", rationale="x", refer_to="harp")
    assert state.onward[0].process_id != state.process_id


def test_the_decision_of_a_redirected_package_may_be_a_posts() -> None:
    state = journey(referral(forum="complex_harp", **PACKAGE))
    do(state, "sign_off", TOM, THURSDAY)
    do(state, "redirect", HELEN, THURSDAY, forum="harp")
    acts.check(state, "decide_as_post", act(CAROL, {"decision": "approve", "rationale": "x"}), THURSDAY)


def test_a_journey_after_its_decision_asks_for_supervision_and_at_panel_for_the_checkpoints() -> None:
    _, open_state, now = journey_at(Stage.ACTIONS_OPEN)
    assert any("HIL-095" in prompt for prompt in view(open_state, now).prompts)
    for stage in (Stage.AT_PANEL, Stage.LISTED):
        _, state, now = journey_at(stage)
        assert any("HIL-114" in prompt for prompt in view(state, now).prompts)


@pytest.mark.parametrize(
    ("stage", "post"),
    [
        (Stage.AWAITING_SIGN_OFF, "team_manager"),
        (Stage.RETURNED, "social_worker"),
        (Stage.AWAITING_ENDORSEMENT, "head_of_service"),
        (Stage.AWAITING_LISTING, "panel_administrator"),
        (Stage.LISTED, "panel_administrator"),
        (Stage.RESERVED, "panel_administrator"),
        (Stage.AT_PANEL, "panel_administrator"),
        (Stage.DEFERRED, "social_worker"),
        (Stage.AWAITING_DECISION, "head_of_service"),
        (Stage.ACTIONS_OPEN, "social_worker"),
        (Stage.UNDER_REVIEW, "social_worker"),
        (Stage.CLOSED, None),
    ],
)
def test_every_stage_waits_for_a_post(stage: Stage, post: str | None) -> None:
    _, state, now = journey_at(stage)
    shown = view(state, now)
    assert (shown.waiting_on, shown.stage, shown.open) == (post, stage, stage is not Stage.CLOSED)


def test_a_view_shows_only_acts_that_are_legal_now() -> None:
    _, state, now = journey_at(Stage.AWAITING_SIGN_OFF)
    shown = view(state, now)
    assert {"amend", "sign_off", "withdraw", "escalate"} <= set(shown.next_acts)
    assert not {"endorse", "pass_to_post", "acknowledge_escalation"} & set(shown.next_acts)
