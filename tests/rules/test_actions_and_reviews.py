from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.process import Notice
from models.vocabulary import ActionState, Outcome, Stage
from rules.journeys.review import review_is_due
from tests.builders import (
    AMIRA,
    DEV,
    HELEN,
    NEW_ACTION,
    PAT,
    SECOND_PANEL,
    TOM,
    Placed,
    at,
    do,
    journey_at,
    person,
    refused,
)

DAY = at("2031-03-18 10:15")
LATER = at("2031-03-20 10:00")


def _decided(**decision: Any) -> Placed:  # noqa: ANN401 - any decision
    placed = journey_at(Stage.AT_PANEL)
    said = {"decision": "approve", "rationale": "Weighed.", **decision}
    placed.office.act(placed.office.sitting_on(SECOND_PANEL, DAY), "record_decision", PAT, DAY, case="R-1", **said)
    return placed._replace(now=LATER)


def _two_actions() -> Placed:
    return _decided(actions=[NEW_ACTION, {"what": "Tell the school", "owner": "director", "due": "2031-04-01"}])


def test_whoever_has_something_to_do_learns_of_it_with_the_decision_and_once() -> None:
    pay = {"what": "Pay", "owner": "director", "due": "2031-04-01"}
    office, state, _ = _decided(actions=[NEW_ACTION, NEW_ACTION, pay])
    decided = next(entry for entry in office.entries if entry.what == "decided" and entry.notices)
    given = [(one.post, one.staff) for one in decided.notices if one.subject == "actions_given"]
    assert given == [(state.actions[0].owner.post, state.actions[0].owner.staff), ("director", None)]


def test_whoever_has_to_do_another_action_instead_learns_of_it() -> None:
    _, state, now = _two_actions()
    said = {"action": "A2", "alternative": "Write to the school", "owner": "director", "reasons": "It is closed"}
    do(state, "approve_alternative", HELEN, now, **said)
    assert state.unrecorded[-1].notices[-1] == Notice(post="director", subject="actions_given")


def test_the_last_action_done_ends_the_journey() -> None:
    _, state, now = _two_actions()
    do(state, "complete_action", AMIRA, now, action="A1", evidence="EV-1")
    assert (state.stage, state.clocks["action:A1"].state) == (Stage.ACTIONS_OPEN, "met")
    do(state, "complete_action", TOM, now, what="tell the SCHOOL", evidence="EV-2")
    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.COMPLETED)


@pytest.mark.parametrize("name", ["A1", "a1", "1", " A1 ", "Find a carer", "FIND A CARER", 1])
def test_an_action_goes_by_its_reference_its_number_or_its_words(name: object) -> None:
    _, state, now = _two_actions()
    do(state, "complete_action", TOM, now, action=name, evidence="EV-1")
    assert state.actions[0].state is ActionState.COMPLETED


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({}, RefusalCode.INCOMPLETE),
        ({"action": "A9"}, RefusalCode.UNKNOWN),
        ({"action": "A1", "evidence": ""}, RefusalCode.INVALID),
    ],
)
def test_it_must_be_clear_which_action_is_meant(details: dict[str, Any], code: RefusalCode) -> None:
    _, state, now = _two_actions()
    assert refused(state, "complete_action", TOM, now, **{"evidence": "EV-1", **details}).code is code


def test_evidence_is_never_left_out() -> None:
    _, state, now = _two_actions()
    assert refused(state, "complete_action", TOM, now, action="A1").code is RefusalCode.INCOMPLETE


def test_an_action_is_done_once() -> None:
    _, state, now = _two_actions()
    do(state, "complete_action", TOM, now, action="A1", evidence="EV-1")
    assert refused(state, "complete_action", TOM, now, action="A1", evidence="EV-2").code is RefusalCode.ILLEGAL_MOVE
    do(state, "complete_action", TOM, now, evidence="EV-2")


def test_words_that_two_actions_share_name_the_one_that_is_open() -> None:
    _, state, now = _decided(actions=[NEW_ACTION, NEW_ACTION])
    do(state, "complete_action", TOM, now, action="Find a carer", evidence="EV-1")
    do(state, "complete_action", TOM, now, action="Find a carer", evidence="EV-2")


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (TOM, True),
        (HELEN, True),
        (AMIRA, True),
        (person("someone", "director"), True),
        (person("other", "social_worker"), False),
        (PAT, False),
    ],
)
def test_an_action_is_reported_on_by_its_owner_or_the_team(who: Actor, *, allowed: bool) -> None:
    _, state, now = _two_actions()
    details = {"action": "A2", "evidence": "EV-1"}
    if allowed:
        do(state, "complete_action", who, now, **details)
    else:
        refusal = refused(state, "complete_action", who, now, **details)
        assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, "HIL-090")


def test_an_action_that_was_not_done_keeps_the_journey_open_and_reaches_the_head_of_service() -> None:
    _, state, now = _decided(actions=[NEW_ACTION])
    do(state, "report_action_not_done", AMIRA, now, reasons="No carer was free.")
    assert (state.stage, state.actions[0].state) == (Stage.ACTIONS_OPEN, ActionState.NOT_DONE)
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["team_manager", "head_of_service"]
    assert refused(state, "report_action_not_done", AMIRA, now, reasons="x").code is RefusalCode.INCOMPLETE
    do(state, "complete_action", AMIRA, now, evidence="EV-1")
    assert (state.stage, state.actions[0].reasons) == (Stage.CLOSED, "No carer was free.")


def test_an_action_that_was_not_done_may_be_accounted_for_by_closing() -> None:
    _, state, now = _decided(actions=[NEW_ACTION])
    refusal = refused(state, "close", TOM, now)
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "HIL-091")
    do(state, "report_action_not_done", AMIRA, now, reasons="x")
    do(state, "close", TOM, now, reasons="The family moved.")
    assert (state.stage, state.outcome) == (Stage.CLOSED, Outcome.COMPLETED)


def test_the_cases_own_head_of_service_approves_an_alternative() -> None:
    _, state, now = _decided(actions=[NEW_ACTION])
    assert refused(state, "approve_alternative", DEV, now, instead="x").code is RefusalCode.NOT_AUTHORISED
    do(state, "approve_alternative", HELEN, now, instead="Ask an agency", reason="No carer was free.")
    old, new = state.actions
    assert (old.state, old.reasons) == (ActionState.REPLACED, "No carer was free.")
    assert (new.what, new.replaces, new.due, new.owner) == ("Ask an agency", "A1", date(2031, 3, 28), old.owner)
    assert (state.clocks["action:A1"].state, state.clocks["action:A2"].state) == ("met", "running")
    assert state.unrecorded[-1].details["case_note_for"] == "C-1"


def test_an_alternative_is_never_due_in_the_past() -> None:
    _, state, _ = _decided(actions=[NEW_ACTION])
    do(state, "approve_alternative", HELEN, at("2031-05-06 10:00"), instead="x", owner="director", due="2031-05-01")
    assert (state.actions[1].due, state.actions[1].owner.post) == (date(2031, 5, 6), "director")


def test_an_alternative_after_midnight_is_due_on_the_local_day() -> None:
    _, state, _ = _decided(actions=[NEW_ACTION])
    do(state, "approve_alternative", HELEN, at("2031-05-06 00:30"), instead="x")
    assert state.actions[1].due == date(2031, 5, 6)


def test_with_its_actions_done_a_journey_waits_for_its_review() -> None:
    _, state, now = _decided(actions=[NEW_ACTION], review_on="2031-09-16")
    do(state, "complete_action", AMIRA, now, evidence="EV-1")
    assert (state.stage, state.outcome, state.review_sitting) == (
        Stage.UNDER_REVIEW,
        Outcome.APPROVED,
        date(2031, 9, 16),
    )


@pytest.mark.parametrize(
    ("review_on", "sitting", "list_at"),
    [
        ("2031-09-16", date(2031, 9, 16), "2031-08-29 12:00"),
        ("2031-09-19", date(2031, 9, 16), "2031-08-29 12:00"),
        ("2031-04-15", date(2031, 4, 15), "2031-03-27 12:00"),
        ("2031-03-25", date(2031, 3, 25), "2031-03-18 12:00"),
        ("2031-03-19", date(2031, 3, 25), "2031-03-18 12:00"),
        ("2031-03-18", date(2031, 3, 25), "2031-03-18 12:00"),
        ("2031-09-15", date(2031, 9, 9), "2031-08-22 12:00"),
    ],
)
def test_a_review_is_listed_two_weeks_before_the_cut_off_of_the_last_sitting_by_its_date(
    review_on: str, sitting: date, list_at: str
) -> None:
    _, state, _ = _decided(review_on=review_on)
    assert (state.review_on, state.review_sitting) == (date.fromisoformat(review_on), sitting)
    assert state.clocks["review"].due == at(list_at)


def test_a_review_brings_the_matter_back_with_its_history() -> None:
    office, state, _ = _decided(review_on="2031-09-16")
    office.advance(at("2031-08-29 12:00"))
    assert state.booking is not None
    assert (state.stage, state.booking.sitting) == (Stage.LISTED, date(2031, 9, 16))
    assert len(state.decisions) == 1
    assert state.clocks["review"].state == "met"


def test_a_review_comes_back_even_while_actions_are_open() -> None:
    office, state, _ = _decided(actions=[NEW_ACTION], review_on="2031-04-15")
    office.advance(at("2031-04-01 12:00"))
    assert state.stage is Stage.LISTED


def test_a_review_that_nobody_waits_for_any_more_changes_nothing() -> None:
    _, state, now = _decided(review_on="2031-09-16")
    state.stage = Stage.LISTED
    review_is_due(state, state.clocks["review"], now)
    assert state.stage is Stage.LISTED


def test_closing_by_hand_ends_the_review_too() -> None:
    _, state, now = _decided(review_on="2031-09-16")
    do(state, "close", PAT, now)
    assert (state.stage, state.outcome, state.clocks["review"].state) == (
        Stage.CLOSED,
        Outcome.APPROVED,
        "stopped",
    )


def test_a_renewal_is_a_new_round_of_signatures() -> None:
    _, state, now = _decided(review_on="2031-09-16")
    do(state, "request_renewal", AMIRA, now)
    assert (state.stage, state.signatures, state.review_sitting) == (Stage.AWAITING_SIGN_OFF, [], None)
    assert state.clocks["review"].state == "stopped"
    do(state, "sign_off", TOM, now)
    do(state, "endorse", HELEN, now)
    assert len(state.decisions) == 1


@pytest.mark.parametrize("way", ["renewal", "review"])
def test_a_matter_that_came_back_is_not_closed_over_its_open_actions(way: str) -> None:
    office, state, now = _decided(actions=[NEW_ACTION], review_on="2031-03-25")
    if way == "renewal":
        office.act(state, "request_renewal", AMIRA, now)
    else:
        office.advance(now)
    office.act(state, "withdraw", AMIRA, now)
    assert state.stage is not Stage.CLOSED or not state.open_actions


def test_an_open_action_may_be_done_while_the_matter_is_before_the_panel_again() -> None:
    office, state, now = _decided(actions=[NEW_ACTION])
    office.act(state, "request_renewal", AMIRA, now)
    do(state, "complete_action", AMIRA, now, evidence="EV-1")
