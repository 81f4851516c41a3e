from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from models.journey import JourneyState
from models.procedure import Council
from models.vocabulary import Outcome, Stage
from rules.journeys.views import view
from tests.builders import (
    AMIRA,
    CAROL,
    HELEN,
    NEW_ACTION,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    person,
    referral,
    refused,
)
from tests.rules.boards import DAY, council_with, decided, forum_like, heard, listed, opened

DIRECTOR = person("diana", "director")
COURT = person("courtney", "director", "court")
NEXT = at("2031-03-12 09:00")


def _final(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of the rule
    return {"post": "director", "working_days": 3, "cites": "X-1", **more}


def _said(office: Office, what: str) -> list[str]:
    return [notice.subject for entry in office.entries if entry.what == what for notice in entry.notices]


def _put_forward(**said: Any) -> tuple[Office, JourneyState]:  # noqa: ANN401 - any decision
    office, state, _ = decided(council_with(final_decision=_final(**said.pop("final", {}))), **said)
    return office, state


def test_a_panel_recommends_and_a_post_decides() -> None:
    office, state = _put_forward(actions=[NEW_ACTION], review_on="2031-09-16")
    assert (state.stage, state.outcome, state.actions) == (Stage.AWAITING_DECISION, None, [])
    shown = view(state, DAY)
    assert shown.waiting_on == "director"
    assert shown.recommendation is not None
    assert shown.recommendation.recommends
    assert not {"endorse", "return_for_changes"} & set(shown.next_acts)
    assert state.clocks["post_decision"].due == at("2031-03-14 17:00")
    assert _said(office, "recommended")[0] == "recommended:approved"
    office.act(state, "decide_as_post", DIRECTOR, NEXT, decision="approve", rationale="Agreed.")
    assert (state.stage, state.outcome, state.recommendation) == (Stage.ACTIONS_OPEN, Outcome.APPROVED, None)
    assert (len(state.actions), state.review_on) == (1, date(2031, 9, 16))
    assert state.clocks["post_decision"].state == "met"
    assert view(state, NEXT).recommendation is None


def test_a_post_that_decides_otherwise_carries_nothing_over() -> None:
    office, state = _put_forward(actions=[NEW_ACTION])
    office.act(state, "decide_as_post", DIRECTOR, NEXT, decision="decline", rationale="Not needed.")
    assert (state.stage, state.outcome, state.actions) == (Stage.CLOSED, Outcome.DECLINED, [])


def test_only_the_post_and_its_unit_decide_after_the_panel() -> None:
    _, state = _put_forward(final={"units": ["children's resources"]})
    said = {"decision": "approve", "rationale": "Agreed."}
    assert refused(state, "decide_as_post", CAROL, NEXT, **said).code is RefusalCode.NOT_AUTHORISED
    assert refused(state, "decide_as_post", COURT, NEXT, **said).rule == "X-1"
    _, state = _put_forward(final={"post": "head_of_service"})
    refusal = refused(state, "decide_as_post", HELEN, NEXT, **said)
    assert (refusal.code, refusal.rule) == (RefusalCode.SAME_PERSON, "X-1")


def test_a_post_may_send_the_matter_back_to_its_panel() -> None:
    office, state = _put_forward()
    office.act(
        state, "decide_as_post", DIRECTOR, NEXT, decision="defer", rationale="Ask the school.", missing=["School"]
    )
    assert (state.stage, state.missing_information, state.recommendation) == (Stage.DEFERRED, ["School"], None)
    assert state.booking is not None
    assert state.booking.sitting == SECOND_PANEL


def test_other_outcomes_are_the_panels_own() -> None:
    _, state = _put_forward(decision="advise")
    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.ADVISED)
    _, state = _put_forward(final={"when": [{"path": "child.in_custody", "equals": True}]})
    assert state.outcome is Outcome.APPROVED


def test_a_post_decides_only_on_disagreement_unless_its_holder_chaired() -> None:
    _, state = _put_forward(final={"on_dissent": True}, dissent="The cost.")
    assert state.stage is Stage.AWAITING_DECISION
    _, state = _put_forward(final={"on_dissent": True})
    assert state.outcome is Outcome.APPROVED
    office, state = _put_forward(final={"on_dissent": True, "post": "head_of_service"}, dissent="The cost.")
    assert state.outcome is Outcome.APPROVED
    assert office.journeys[state.process_id].decisions[-1].decided.decided_by_chair


def test_a_deferral_after_disagreement_needs_no_post() -> None:
    council = council_with(disagreement={"decided_by": "director", "cites": "X-2"})
    _, state, _ = decided(council, decision="defer", dissent="The cost.")
    assert state.stage is Stage.DEFERRED


def test_two_posts_decide_one_after_the_other() -> None:
    place = forum_like("high_cost_panel", final_decision=_final(working_days=5))
    office = Office(council=council_with(place))
    state = office.refer(referral(forum="high_cost_panel"))
    said = {"decision": "approve", "rationale": "Agreed."}
    office.act(state, "decide_as_post", CAROL, THURSDAY, **said)
    assert (state.stage, state.outcome) == (Stage.AWAITING_DECISION, None)
    assert refused(state, "decide_as_post", DIRECTOR, NEXT, decision="defer", rationale="Later.").code == "illegal_move"
    office.act(state, "decide_as_post", DIRECTOR, NEXT, **said)
    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.APPROVED)


EXITS = [
    {"key": "home", "title": "Discharge from care", "cites": "X-3"},
    {"key": "adoption", "title": "Adoption", "onward": "high_cost_panel", "cites": "X-4"},
]


def test_a_case_leaves_a_forum_only_by_an_exit() -> None:
    council = council_with(exits=EXITS)
    _, _, there = heard(council)
    said = {"case": "R-1", "decision": "approve", "rationale": "Weighed."}
    refusal = refused(there, "record_decision", PAT, DAY, **said)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-3")
    assert refused(there, "record_decision", PAT, DAY, **said, exit="sale").code is RefusalCode.UNKNOWN
    office, state, _ = decided(council, review_on="2031-06-10")
    assert state.stage is Stage.UNDER_REVIEW
    refusal = refused(state, "close", TOM, DAY, reasons="Done.")
    assert (refusal.code, refusal.rule) == (RefusalCode.PROHIBITED, "X-3")
    office, state, _ = decided(council, exit="adoption")
    assert (state.stage, state.exit, view(state, DAY).exit) == (Stage.CLOSED, "adoption", "adoption")
    assert state.proposed == ["high_cost_panel"]
    assert "journey/hillingdon/R-1.high_cost_panel" in office.journeys
    assert refused(heard(council_with())[2], "record_decision", PAT, DAY, **said, exit="home").remedy.endswith("none.")


def test_a_case_that_is_referred_on_to_where_an_exit_leads_has_left_by_it() -> None:
    _, state, _ = decided(council_with(exits=EXITS), decision="refer_on", refer_to="high_cost_panel")
    assert (state.stage, state.exit, state.proposed) == (Stage.CLOSED, "adoption", ["high_cost_panel"])
    _, _, there = heard(council_with(exits=EXITS))
    said = {"case": "R-1", "decision": "refer_on", "rationale": "Weighed.", "refer_to": "complex_harp"}
    assert refused(there, "record_decision", PAT, DAY, **said).rule == "X-3"


def _reviewed(**rule: Any) -> tuple[Council, dict[str, Any]]:  # noqa: ANN401 - any part of the rule
    programme = {"forum": "harp", "outcomes": ["approved"], "cites": "X-5", **rule}
    return council_with(reviews=[programme]), programme


def test_an_approved_case_comes_back_at_every_sitting_until_a_decision_ends_it() -> None:
    council, _ = _reviewed(repeat="sitting", ends_on=["noted", "closed"])
    office, state, _ = decided(council, actions=[NEW_ACTION])
    assert (state.stage, state.review_on) == (Stage.ACTIONS_OPEN, SECOND_PANEL)
    refusal = refused(state, "close", TOM, DAY)
    assert refusal.code is RefusalCode.INCOMPLETE
    office.act(state, "complete_action", TOM, DAY, evidence="EV-1")
    assert state.stage is Stage.UNDER_REVIEW
    assert refused(state, "close", TOM, DAY).rule == "X-5"
    later = at("2031-03-18 10:00")
    office.advance(later)
    assert (state.stage, state.booking.sitting if state.booking else None) == (Stage.LISTED, SECOND_PANEL)
    there = opened(office, SECOND_PANEL, later)
    office.act(there, "hear", PAT, later, case="R-1")
    office.act(there, "record_decision", PAT, later, case="R-1", decision="advise", rationale="Go on.")
    assert (state.stage, state.review_on) == (Stage.UNDER_REVIEW, date(2031, 3, 25))
    office.act(state, "close", TOM, later, reasons="The child went home.")
    assert (state.stage, state.programme) == (Stage.CLOSED, None)


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ({"decision": "note"}, False),
        ({"decision": "approve", "findings": {"closed": True}}, False),
        ({"decision": "approve", "findings": {"closed": "yes"}}, False),
        ({"decision": "approve", "findings": {"closed": "No"}}, True),
        ({"decision": "approve", "findings": {"closed": ["no"]}}, True),
    ],
)
def test_a_programme_ends_on_its_outcomes_or_when_it_is_found_closed(said: dict[str, Any], *, goes_on: bool) -> None:
    council, _ = _reviewed(repeat="sitting", ends_on=["noted", "closed"])
    office, state, _ = decided(council)
    later = at("2031-03-18 10:00")
    office.advance(later)
    there = opened(office, SECOND_PANEL, later)
    office.act(there, "hear", PAT, later, case="R-1")
    office.act(there, "record_decision", PAT, later, case="R-1", rationale="Seen.", **said)
    assert (state.programme is not None) is goes_on
    assert (state.stage is Stage.UNDER_REVIEW) is goes_on


def test_a_review_at_another_forum_is_heard_there_once() -> None:
    council, _ = _reviewed(forum="complex_harp")
    office, state, _ = decided(council)
    assert state.review_on == date(2031, 3, 18)
    later = at("2031-03-18 14:00")
    office.advance(later)
    assert (state.forum_key, state.stage) == ("complex_harp", Stage.LISTED)
    court = person("courtney", "head_of_service", "court")
    there = opened(office, SECOND_PANEL, later, (court, CAROL, person("dev", "head_of_service"), PAT), "complex_harp")
    office.act(there, "hear", PAT, later, case="R-1")
    office.act(there, "record_decision", PAT, later, case="R-1", decision="note", rationale="Seen.")
    assert (state.stage, state.programme) == (Stage.CLOSED, None)


def test_a_renewal_goes_to_the_forum_that_approved() -> None:
    council, _ = _reviewed(forum="complex_harp", repeat="sitting")
    office, state, _ = decided(council)
    later = at("2031-03-17 13:00")
    office.advance(later)
    assert state.forum_key == "complex_harp"
    office.act(state, "withdraw", AMIRA, later)
    assert state.stage is Stage.UNDER_REVIEW
    office.act(state, "request_renewal", TOM, later)
    assert (state.forum_key, state.stage) == ("harp", Stage.AWAITING_SIGN_OFF)


def test_a_yearly_review_comes_after_a_year_and_the_panel_may_want_it_sooner() -> None:
    council, _ = _reviewed(repeat="P1Y")
    _, state, _ = decided(council)
    assert (state.stage, state.review_on, state.review_sitting) == (
        Stage.UNDER_REVIEW,
        date(2032, 3, 11),
        date(2032, 3, 9),
    )
    _, state, _ = decided(council, review_on="2031-09-16")
    assert state.review_on == date(2031, 9, 16)
    _, state, _ = decided(council, decision="advise")
    assert (state.stage, state.programme) == (Stage.CLOSED, None)
    only = council_with(
        reviews=[
            {
                "forum": "harp",
                "outcomes": ["approved"],
                "cites": "X-5",
                "when": [{"path": "child.in_custody", "equals": True}],
            }
        ]
    )
    _, state, _ = decided(only)
    assert state.stage is Stage.CLOSED


def test_a_review_that_a_post_keeps_comes_back_to_it() -> None:
    council, _ = _reviewed(forum="high_cost_panel")
    office, state, _ = decided(council)
    office.advance(at("2031-03-11 18:00"))
    assert (state.forum_key, state.stage) == ("high_cost_panel", Stage.AWAITING_DECISION)
    office.act(state, "decide_as_post", CAROL, at("2031-03-12 09:00"), decision="note", rationale="Seen.")
    assert state.stage is Stage.CLOSED


def test_an_exit_ends_the_reviews_too() -> None:
    council = council_with(
        exits=EXITS, reviews=[{"forum": "harp", "outcomes": ["approved"], "repeat": "P1Y", "cites": "X-5"}]
    )
    _, state, _ = decided(council, exit="home")
    assert (state.stage, state.programme) == (Stage.CLOSED, None)


PERIOD = {"starts": "2031-04-01", "renew_by": "2031-08-29", "ends": "2031-09-30"}
RENEWAL = {"warn_working_days": 10, "cites": "X-6"}


def test_an_approval_for_a_time_is_watched_and_never_ends_by_itself() -> None:
    council = council_with(renewal=RENEWAL, authorises=[{"key": "place", "title": "A place", "cites": "X-7"}])
    office, state, _ = decided(council, **PERIOD)
    assert (state.stage, view(state, DAY).authorised) == (Stage.UNDER_REVIEW, {"place": "authorised"})
    assert state.clocks["renewal"].warns == at("2031-08-14 17:00")
    assert state.clocks["approval_end"].due == at("2031-09-30 17:00")
    assert "renewal_due:2031-08-29" in _said(office, "decided")
    assert refused(state, "close", TOM, DAY).rule == "X-6"
    office.advance(at("2031-10-01 09:00"))
    assert state.clocks["renewal"].state == "breached"
    assert state.clocks["approval_end"].state == "breached"
    assert (state.stage, state.authorised, state.escalated) == (Stage.UNDER_REVIEW, {"place": "lapsed"}, True)
    office.act(state, "close", TOM, at("2031-10-01 10:00"), reasons="It ended well.")
    assert state.stage is Stage.CLOSED


def test_a_new_application_meets_the_renewal_and_a_new_approval_the_end() -> None:
    office, state, _ = decided(council_with(renewal={**RENEWAL, "warn_working_days": 0}), **PERIOD)
    assert state.clocks["renewal"].warns is None
    later = at("2031-08-20 09:00")
    office.advance(later)
    office.act(state, "request_renewal", TOM, later)
    assert (state.clocks["renewal"].state, state.clocks["approval_end"].state) == ("met", "running")
    office.act(state, "sign_off", TOM, later)
    office.act(state, "endorse", HELEN, later)
    day = at("2031-08-26 10:00")
    office.advance(day)
    there = opened(office, date(2031, 8, 26), day)
    office.act(there, "hear", PAT, day, case="R-1")
    office.act(there, "record_decision", PAT, day, case="R-1", decision="approve", rationale="On.", ends="2031-12-31")
    assert state.clocks["approval_end"].due == at("2031-12-31 17:00")
    assert state.clocks["renewal"].state == "met"


def test_an_end_without_anything_authorised_only_escalates() -> None:
    office, state, _ = decided(council_with(renewal=RENEWAL), ends="2031-03-12")
    assert state.clocks["approval_end"].warns is None
    office.advance(at("2031-03-13 09:00"))
    assert (state.authorised, state.escalated, state.stage) == ({}, True, Stage.UNDER_REVIEW)


def test_a_listed_case_may_not_be_decided_by_a_post() -> None:
    _, state = listed(council_with())
    said = {"decision": "approve", "rationale": "Agreed."}
    assert refused(state, "decide_as_post", CAROL, THURSDAY, **said).code is RefusalCode.ILLEGAL_MOVE


def test_a_panel_that_hears_an_emergency_again_speaks_anew() -> None:
    office, state = _put_forward()
    office.act(state, "authorise_emergency", DIRECTOR, NEXT, measure="accommodation")
    later = at("2031-03-18 10:00")
    office.advance(later)
    there = opened(office, SECOND_PANEL, later)
    office.act(there, "hear", PAT, later, case="R-1")
    office.act(there, "record_decision", PAT, later, case="R-1", decision="defer", rationale="Ask the school.")
    assert (state.stage, state.recommendation) == (Stage.DEFERRED, None)


def test_a_recommendation_is_forgotten_when_the_request_is_taken_back() -> None:
    office, state = _put_forward()
    office.act(state, "withdraw", AMIRA, NEXT)
    assert (state.stage, state.outcome, state.recommendation) == (Stage.CLOSED, Outcome.WITHDRAWN, None)
