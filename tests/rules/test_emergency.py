from datetime import date
from typing import Any

import pytest

from models.acts import Decided
from models.errors import RefusalCode
from models.people import Actor
from models.vocabulary import EmergencyMeasure, Outcome, Priority, Stage
from rules.journeys.deciding import decide
from rules.journeys.emergency import agrees_only
from rules.journeys.views import view
from tests.builders import (
    AMIRA,
    CAROL,
    COURTNEY,
    DIANA,
    DUTY,
    ESI,
    HELEN,
    HILLINGDON,
    PANEL,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    Office,
    Placed,
    at,
    do,
    journey,
    journey_at,
    open_sitting,
    person,
    referral,
    refused,
)

SATURDAY = at("2031-03-08 11:00")


@pytest.mark.parametrize(
    ("who", "moment", "code"),
    [
        (DIANA, "2031-03-06 10:00", None),
        (person("del", "director_delegate"), "2031-03-06 10:00", None),
        (DIANA, "2031-03-08 03:00", None),
        (DUTY, "2031-03-06 08:59", None),
        (DUTY, "2031-03-06 09:00", RefusalCode.NOT_AUTHORISED),
        (DUTY, "2031-03-06 16:59:59", RefusalCode.NOT_AUTHORISED),
        (DUTY, "2031-03-06 17:00", None),
        (DUTY, "2031-03-08 12:00", None),
        (DUTY, "2031-04-11 12:00", None),
        (AMIRA, "2031-03-08 12:00", RefusalCode.NOT_AUTHORISED),
    ],
)
def test_the_head_of_service_on_duty_authorises_out_of_hours_only(
    who: Actor, moment: str, code: RefusalCode | None
) -> None:
    state = journey()
    if code is not None:
        assert refused(state, "authorise_emergency", who, at(moment)).code is code
        return
    do(state, "authorise_emergency", who, at(moment), measure="accommodation", reasons="At risk tonight.")
    assert state.emergency is not None
    assert (state.emergency.authorised_by, state.priority) == (who, Priority.EMERGENCY)


def test_an_emergency_goes_straight_to_the_very_next_panel_past_cut_off_and_limit() -> None:
    office = Office()
    there = office.sitting_on(PANEL, THURSDAY)
    state = office.refer(referral())
    full = [office.refer(referral(referral_ref=f"E-{n}")) for n in range(10)]
    for one in full:
        office.act(one, "authorise_emergency", DIANA, THURSDAY)
    office.act(state, "authorise_emergency", DUTY, SATURDAY, measure="accommodation")
    assert state.booking is not None
    assert (state.stage, state.booking.sitting, state.booking.slot) == (Stage.LISTED, PANEL, at("2031-03-11 12:00"))
    assert there.cases[-1].emergency
    assert state.clocks["emergency_hearing"].due == at("2031-03-11 12:00")
    assert state.clocks["cut_off"].state == "met"


def test_an_emergency_on_the_panels_day_goes_to_it_until_it_ends() -> None:
    for moment, panel in (("2031-03-11 11:59", PANEL), ("2031-03-11 12:00", SECOND_PANEL)):
        office = Office()
        state = office.refer(referral(), at(moment))
        office.act(state, "authorise_emergency", DIANA, at(moment))
        assert state.booking is not None
        assert state.booking.sitting == panel


@pytest.mark.parametrize("stage", [Stage.LISTED, Stage.RESERVED, Stage.DEFERRED])
def test_a_case_that_has_a_later_place_gives_it_back_for_the_next(stage: Stage) -> None:
    office, state, now = journey_at(stage)
    first = state.booking
    assert first is not None
    office.act(state, "authorise_emergency", DIANA, now)
    assert state.booking is not None
    if state.booking.sitting != first.sitting:
        there = office.sitting_on(first.sitting, now)
        assert [case.state for case in there.cases if case.papers.referral_ref == "R-1"] == ["released"]
    assert state.booking.slot is not None


def test_what_a_post_decides_is_authorised_without_a_panel() -> None:
    state = journey(referral(forum="high_cost_panel"))
    do(state, "authorise_emergency", DIANA, THURSDAY)
    assert (state.stage, state.wanted) == (Stage.AWAITING_DECISION, None)


def test_an_emergency_is_authorised_once() -> None:
    state = journey()
    do(state, "authorise_emergency", DIANA, THURSDAY)
    refusal = refused(state, "authorise_emergency", person("del", "director_delegate"), THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.ILLEGAL_MOVE, "HIL-044")


def test_two_heads_of_service_agree_a_legal_planning_meeting() -> None:
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", HELEN, THURSDAY, measure="legal_advice")
    assert (state.stage, state.booking) == (Stage.AWAITING_SIGN_OFF, None)
    assert state.flags == ["Director's authorisation of the act is not recorded yet"]
    office.act(state, "authorise_emergency", COURTNEY, THURSDAY)
    assert state.emergency is not None
    assert [one.staff for one in state.emergency.agreed_by] == ["helen", "courtney"]
    assert state.emergency.measure is EmergencyMeasure.LEGAL_ADVICE
    assert state.stage is Stage.LISTED
    office.act(state, "authorise_emergency", DIANA, THURSDAY)
    assert state.flags == []
    assert agrees_only(state, HELEN)
    assert not agrees_only(state, DIANA)


@pytest.mark.parametrize(
    ("second", "details", "code"),
    [
        (HELEN, {}, RefusalCode.SAME_PERSON),
        (person("hal", "head_of_service", "children in need"), {}, RefusalCode.NOT_AUTHORISED),
        (person("reg", "head_of_service", "regulated services"), {}, RefusalCode.NOT_AUTHORISED),
        (HELEN, {"delegated": True}, None),
        (CAROL, {}, None),
    ],
)
def test_the_two_who_agree_are_the_cases_own_and_the_one_for_court(
    second: Actor, details: dict[str, Any], code: RefusalCode | None
) -> None:
    state = journey()
    do(state, "authorise_emergency", HELEN, THURSDAY)
    if code is None:
        do(state, "authorise_emergency", second, THURSDAY, **details)
        assert state.stage is Stage.AWAITING_LISTING
    else:
        refusal = refused(state, "authorise_emergency", second, THURSDAY, **details)
        assert (refusal.code, refusal.rule) == (code, "HIL-030")


def test_the_second_of_the_two_is_not_for_court_again() -> None:
    state = journey()
    do(state, "authorise_emergency", COURTNEY, THURSDAY)
    other = person("cora", "head_of_service", "courts")
    assert refused(state, "authorise_emergency", other, THURSDAY).code is RefusalCode.NOT_AUTHORISED
    do(state, "authorise_emergency", HELEN, THURSDAY)


def test_the_directors_delegation_lets_one_person_do_for_both() -> None:
    state = journey()
    do(state, "authorise_emergency", HELEN, THURSDAY, delegated=True)
    assert state.stage is Stage.AWAITING_LISTING
    assert state.emergency is not None
    assert state.emergency.measure is EmergencyMeasure.LEGAL_PROCEEDINGS


def test_agreement_may_follow_an_authorisation() -> None:
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", DIANA, THURSDAY, measure="legal_proceedings")
    booking = state.booking
    office.act(state, "authorise_emergency", HELEN, THURSDAY)
    assert (state.booking, state.flags) == (booking, [])


def test_a_council_without_an_emergency_route_says_so() -> None:
    whole = HILLINGDON.model_dump()
    whole["emergency"] = None
    state = journey(council=type(HILLINGDON).model_validate(whole))
    assert refused(state, "authorise_emergency", DIANA, THURSDAY).code is RefusalCode.ILLEGAL_MOVE
    assert not agrees_only(state, HELEN)


def _at_panel(authoriser: Actor = DIANA) -> Placed:
    """An emergency that is being heard on the 11th."""
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", authoriser, SATURDAY, measure="accommodation")
    now = at("2031-03-11 10:00")
    open_sitting(office, office.sitting_on(PANEL, now), now)
    office.act(office.sitting_on(PANEL, now), "hear", PAT, now, case="R-1")
    return Placed(office, state, now)


def test_an_emergency_that_is_heard_meets_its_clock() -> None:
    _, state, _ = _at_panel()
    assert state.clocks["emergency_hearing"].state == "met"


def test_an_emergency_that_is_ratified_is_decided() -> None:
    office, state, now = _at_panel()
    there = office.sitting_on(PANEL, now)
    office.act(there, "record_decision", PAT, now, case="R-1", decision="ratify", rationale="Right.")
    assert (state.stage, state.outcome) == (Stage.CLOSED, "ratified")


def test_an_emergency_that_is_not_ratified_leaves_the_child_where_it_is_and_asks_for_another_plan() -> None:
    office, state, now = _at_panel(DUTY)
    there = office.sitting_on(PANEL, now)
    office.act(there, "record_decision", PAT, now, case="R-1", decision="not_ratify", rationale="No.")
    assert (state.stage, state.outcome) == (Stage.ACTIONS_OPEN, "not_ratified")
    plan = state.actions[0]
    assert (plan.owner.staff, plan.due) == ("duty", date(2031, 3, 12))
    assert state.clocks["alternative_plan:A1"].due == at("2031-03-12 17:00")
    office.advance(at("2031-06-02 12:00"))
    assert state.stage is Stage.ACTIONS_OPEN
    assert state.overdue
    do(state, "complete_action", DUTY, at("2031-06-02 12:00"), evidence="EV-1")
    assert state.clocks["alternative_plan:A1"].state == "met"


def test_what_two_agreed_and_the_panel_does_not_ratify_is_for_the_head_of_service() -> None:
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", HELEN, THURSDAY, delegated=True)
    now = at("2031-03-11 10:00")
    there = office.sitting_on(PANEL, now)
    open_sitting(office, there, now)
    office.act(there, "hear", PAT, now, case="R-1")
    office.act(there, "record_decision", PAT, now, case="R-1", decision="not_ratify", rationale="No.")
    assert state.actions[0].owner.post == "head_of_service"


def test_a_ratification_recorded_by_who_authorised_it_is_flagged() -> None:
    _, state, now = _at_panel(DIANA)
    decide(state, Decided(decision=Outcome.RATIFIED, rationale="x"), DIANA, now, PANEL)
    assert state.decisions[0].same_person_flag
    assert "also recorded its ratification" in view(state, now).flags[-1]


def test_a_case_that_is_carried_over_stays_an_emergency() -> None:
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", DIANA, PAST_NOON)
    office.act(office.sitting_on(PANEL, PAST_NOON), "cancel", PAT, PAST_NOON)
    assert state.booking is not None
    assert state.booking.sitting == SECOND_PANEL
    assert office.sitting_on(SECOND_PANEL, PAST_NOON).cases[0].emergency
    assert ESI.unit is None


def test_a_council_without_an_emergency_route_asks_for_no_other_plan() -> None:
    _, state, now = journey_at(Stage.AT_PANEL)
    whole = HILLINGDON.model_dump()
    whole["emergency"] = None
    state.procedure = type(HILLINGDON).model_validate(whole)
    decide(state, Decided(decision=Outcome.NOT_RATIFIED, rationale="x"), PAT, now, SECOND_PANEL)
    assert (state.actions, state.stage) == ([], Stage.CLOSED)
