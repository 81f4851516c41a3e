"""Discussions, the answers that they give, the words of others, and what an episode begins."""

from typing import Any

import pytest

from models.acts import Act
from models.care_episode import EpisodeState
from models.episode_acts import RecordDiscussion
from rules.episodes.discussing import kind_of
from rules.episodes.kind import EPISODE, waiting_on
from rules.watches import kernel
from tests.builders import at
from tests.rules.episodes.children import BORN, clock, do, due, later, not_done, opened, told, who

MONDAY = "2031-03-03 09:00"


def late(**more: Any) -> EpisodeState:  # noqa: ANN401 - fields of an opening
    """An episode with a plan of more than twelve months."""
    return opened(MONDAY, child_protection_plan_since="2030-02-01", **more)


def test_a_subject_in_words_of_its_own_goes_to_the_register_only() -> None:
    """No narrative among the facts."""
    assert kind_of(RecordDiscussion()) == "discussion"
    assert kind_of(RecordDiscussion(kind="PPM")) == "permanency_planning_meeting"
    assert kind_of(RecordDiscussion(kind="What the grandmother said, and what is to follow from it")) == "discussion"
    state = late()
    do(
        state,
        MONDAY,
        "record_discussion",
        subject="What is to be done, and by whom, before the summer",
        on="2031-03-01",
    )
    assert state.facts["discussion.discussion.on"] == "2031-03-01"
    assert not [value for value in state.facts.values() if "summer" in str(value)]


def test_a_decision_answers_what_was_proposed() -> None:
    """By the forum, the deadline, the rule, or without a name where there is one forum."""
    for named in ({}, {"forum": "harp"}, {"deadline": "plan_over_12_months"}, {"rule": "HIL-007"}, {"kind": "harp"}):
        state = late()
        do(state, MONDAY, "record_discussion", decision="refer", post="team_manager", referral="R-1", **named)
        assert [one.answer for one in state.proposals] == ["refer"]
        assert clock(state, "referral:plan_over_12_months") == "met"
        assert state.unrecorded[-2].what == "record_discussion"


def test_a_meeting_decides_what_it_likes_where_nothing_waits_for_an_answer() -> None:
    """Where a referral is proposed, it is referred or it is not."""
    assert not_done(late(), MONDAY, "record_discussion", "team_manager", decision="go on as planned") == "invalid"
    state = opened(MONDAY, council="harrow", legal_status="V2", since="2031-03-03")
    do(state, MONDAY, "record_discussion", kind="ppm", decision="go on as planned", actions=["Ask"])
    assert due(state, "permanency_planning_meeting") == "2031-04-14 17:00"


def test_one_discussion_answers_everything_that_goes_to_one_forum() -> None:
    """A plan over twelve months of a case open over nine."""
    state = late(team="one", case_opened_on="2030-02-01")
    assert len(state.open_proposals) == 2
    do(state, MONDAY, "record_discussion", decision="not", reasons="It ends in April", post="team_manager")
    assert not state.open_proposals


def test_a_decision_does_not_answer_for_two_forums() -> None:
    """Say which."""
    state = late(legal_status="V2", since="2030-02-01")
    assert not_done(state, MONDAY, "record_discussion", "team_manager", decision="refer") == "invalid"
    do(state, MONDAY, "record_discussion", decision="refer", forum="complex_harp")
    assert [one.forum for one in state.open_proposals] == ["harp"]


def test_a_no_says_why_and_is_for_who_was_asked() -> None:
    """Anybody may refer; a social worker does not settle for the team manager that nobody does."""
    state = late()
    assert not_done(state, MONDAY, "record_discussion", "team_manager", decision="not") == "incomplete"
    assert not_done(state, MONDAY, "record_discussion", decision="not", reasons="No need") == "not_authorised"
    assert not_done(state, MONDAY, "record_discussion", on="2031-03-04") == "invalid"
    do(state, MONDAY, "record_discussion", "head_of_service", decision="not", reasons="No need")
    assert not state.open_proposals


def test_a_decision_before_anything_was_proposed_is_recorded() -> None:
    """Nothing to answer; a no says why all the same."""
    state = opened(MONDAY, child_protection_plan_since="2031-02-01")
    assert not_done(state, MONDAY, "record_discussion", decision="not") == "incomplete"
    do(state, MONDAY, "record_discussion", decision="refer", forum="harp", next="2031-04-01")
    assert state.facts["review.discussion.next"] == "2031-04-01"
    assert not state.proposals


def test_whose_move_it_is() -> None:
    """Who answers a proposal, else who owns the first clock, else the worker."""
    state = late()
    assert waiting_on(state) == "team_manager"
    do(state, MONDAY, "answer_proposal", "team_manager", decision="refer")
    assert waiting_on(state) == "team_manager"
    assert waiting_on(opened(MONDAY, council="harrow")) == "social_worker"


def test_a_closed_episode_takes_no_more() -> None:
    """Its clocks stop."""
    state = late()
    do(state, MONDAY, "close_episode")
    view = later(state, MONDAY)
    assert (view.stage, view.outcome, view.open) == ("closed", "closed", False)
    assert view.facts["case.closed_on"] == "2031-03-03T09:00:00+00:00"
    assert not_done(state, MONDAY, "record_status", status="V2") == "illegal_move"
    assert clock(state, "referral:plan_over_12_months") == "stopped"


@pytest.mark.parametrize("what", ["heard", "decided"])
def test_what_a_panel_says_answers_the_proposal_and_waits_for_its_own_review(what: str) -> None:
    """A6, by word of the journey."""
    state = late()
    told(state, MONDAY, "referred", forum="harp", referral_ref="R-1", on="2031-03-03")
    assert not state.open_proposals
    told(state, "2031-03-11 10:00", what, forum="harp", referral_ref="R-1", on="2031-03-11", next_review="2031-06-10")
    assert (due(state, "plan_over_12_months"), clock(state, "plan_over_12_months")) == ("2031-06-10 00:00", "running")
    assert len(later(state, "2031-06-10 01:00").proposals) == 2


def test_words_of_transfers_meetings_and_others_are_taken() -> None:
    """Facts follow; what says nothing of use changes nothing."""
    state = opened(
        MONDAY, team="one", case_opened_on="2031-01-01", council="harrow", legal_status="V2", since="2031-03-03"
    )
    told(state, MONDAY, "transferred", team="two", unit="court", on="2031-03-02")
    assert (state.facts["status.open_to_team.since"], state.team, state.unit) == ("2031-03-02", "two", "court")
    told(state, MONDAY, "transferred", team="three")
    assert (state.team, state.unit) == ("three", "court")
    told(state, MONDAY, "transferred")
    told(state, MONDAY, "transferred", service="cover", temporary=True)
    assert state.team == "three"
    told(state, MONDAY, "transferred", service="looked after children", on="2031-03-03")
    assert (state.team, state.unit) == ("looked after children", "looked after children")
    told(state, MONDAY, "discussed", kind="ppm", on="2031-03-03")
    assert due(state, "permanency_planning_meeting") == "2031-04-14 17:00"
    told(state, MONDAY, "reviewed", kind="lac review", on="2031-03-03")
    assert state.facts["review.looked_after_review.held"] == "2031-03-03"
    assert due(state, "looked_after_review") == "2031-06-03 17:00"
    told(state, MONDAY, "discussed")
    told(state, MONDAY, "status_recorded")
    told(state, MONDAY, "status_recorded", status="care proceedings", since="2031-03-03")
    assert state.facts["status.care_proceedings.since"] == "2031-03-03"
    told(state, MONDAY, "status_recorded", status="care proceedings", ended="2031-03-03")
    told(state, MONDAY, "status_recorded", status="care proceedings", ended="2031-03-03")
    assert state.facts["status.care_proceedings.ended"] == "2031-03-03"
    told(state, MONDAY, "status_recorded", status="C1", since="some day")
    assert state.facts["legal_status.code"] == "V2"


def test_a_final_order_of_a_disabled_child_begins_a_transfer_once() -> None:
    """HAC-047: with the day of the order."""
    state = opened(
        MONDAY, council="hackney", child={"date_of_birth": BORN}, unit="CWD", legal_status="C1", since="2031-03-03"
    )
    assert not state.starting
    do(state, MONDAY, "record_status", status="C2", since="2031-03-03")
    do(state, MONDAY, "record_status", status="C2", since="2031-03-03")
    assert [one.reference for one in state.starting] == ["C-1.HAC-047"]
    started = state.starting[0]
    assert started.details["transfer_ref"] == "C-1.HAC-047"
    assert started.details["final_hearing"] == "2031-03-03"
    assert started.details["child"]["reference"] == "C-1"


def test_what_an_episode_with_a_long_reference_begins_has_a_reference_that_fits() -> None:
    state = opened(
        MONDAY, council="hackney", child={"date_of_birth": BORN}, unit="CWD", legal_status="C1", since="2031-03-03"
    )
    state.reference = "C" * 64
    do(state, MONDAY, "record_status", status="C2", since="2031-03-03")
    (one,) = state.starting
    assert len(one.reference) == 64
    assert one.reference.endswith(".HAC-047")


def test_a_plan_of_permanent_care_begins_a_transfer_where_the_service_is_another() -> None:
    """HAC-027: not of a child whom Looked After Children has already."""
    for unit, expected in (("children in need", ["C-1.HAC-027"]), ("looked after children", [])):
        state = opened(MONDAY, council="hackney", unit=unit, legal_status="V2", since="2031-03-03")
        do(state, MONDAY, "record_status", status="plan_permanence")
        assert [one.reference for one in state.starting] == expected


def test_an_act_that_comes_twice_is_done_once() -> None:
    """By its message."""
    state = late()
    act = Act(actor=who("team_manager"), message_id="one", details={"decision": "refer"})
    assert kernel.perform(EPISODE, state, "record_discussion", act, at(MONDAY))
    assert not kernel.perform(EPISODE, state, "record_discussion", act, at(MONDAY))
