"""A home's grade falls: people are told and the risk is assessed. Nobody is moved by a rule (HRW-088 to HRW-090)."""

import pytest

from models.errors import RefusalCode, Refused
from rules.placements.provider import fell
from tests.builders import at
from tests.rules.placements.homes import MONDAY, act, due, placed, run_to, standing, told, view

OFFICER = "access_to_resources_officer"


@pytest.mark.parametrize("grade", ["requires_improvement", "inadequate", "RI"])
def test_a_child_is_not_newly_placed_in_a_home_below_good(grade: str) -> None:
    with pytest.raises(Refused) as refused:
        placed(provider={"reference": "HOME-7", "grade": grade})
    assert refused.value.code is RefusalCode.PROHIBITED


def test_a_home_without_a_grade_needs_the_divisional_director() -> None:
    with pytest.raises(Refused) as refused:
        placed(provider={"reference": "HOME-7", "grade": "unrated"})
    assert (refused.value.code, refused.value.rule) == (RefusalCode.NOT_AUTHORISED, "HRW-088")
    placed(provider={"grade": "not yet rated"}, approval={"kind": "full", "by": "divisional_director"})
    placed(provider={"grade": "unrated"}, post="divisional_director")


def test_a_grade_that_falls_brings_a_risk_assessment_within_two_working_days_and_moves_nobody() -> None:
    state = placed()
    before = state.sequence
    act(state, "record_provider_grade", at("2031-04-10 11:00"), OFFICER, grade="requires improvement")
    assert {"head_of_service", "divisional_director", "social_worker"} <= told(state, before)
    assert due(state, "risk_assessment") == "2031-04-16 17:00"  # Good Friday and Easter Monday lie between
    run_to(state, at("2031-04-16 17:00"))
    assert standing(state, "risk_assessment") == "breached"
    assert (state.stage, state.outcome) == ("active", None)
    assert any("HRW-089" in flag for flag in state.flags)
    act(state, "file_risk_assessment", at("2031-04-17 10:00"), plan="stay")
    assert standing(state, "risk_assessment") == "met"
    assert not any("HRW-089" in flag for flag in state.flags)


def test_the_same_grade_again_is_no_news() -> None:
    state = placed()
    act(state, "record_provider_grade", MONDAY, OFFICER, grade="inadequate")
    before = state.sequence
    act(state, "record_provider_grade", at("2031-03-04 09:00"), OFFICER, grade="inadequate")
    assert told(state, before) == set()
    assert due(state, "risk_assessment") == "2031-03-05 17:00"


def test_a_grade_that_falls_further_is_assessed_anew() -> None:
    state = placed()
    act(state, "record_provider_grade", MONDAY, OFFICER, grade="requires_improvement")
    act(state, "file_risk_assessment", at("2031-03-04 09:00"), OFFICER, filed_on="2031-03-04", plan="move")
    assert "head_of_service" in told(state)
    act(state, "record_provider_grade", at("2031-06-02 09:00"), OFFICER, grade="inadequate", published_on="2031-05-30")
    assert (standing(state, "risk_assessment"), due(state, "risk_assessment")) == ("running", "2031-06-04 17:00")


def test_a_home_that_is_good_again_needs_no_assessment() -> None:
    state = placed()
    act(state, "record_provider_grade", MONDAY, OFFICER, grade="requires_improvement")
    act(state, "record_provider_grade", at("2031-03-04 09:00"), OFFICER, grade="good")
    assert standing(state, "risk_assessment") == "stopped"


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ({"grade": "splendid"}, RefusalCode.INVALID),
        ({"grade": "good", "graded_on": "2031-03-04"}, RefusalCode.INVALID),
        ({}, RefusalCode.INCOMPLETE),
    ],
)
def test_a_grade_is_one_of_the_inspectorates_and_published(details: dict[str, str], code: RefusalCode) -> None:
    with pytest.raises(Refused) as refused:
        act(placed(), "record_provider_grade", MONDAY, OFFICER, **details)
    assert refused.value.code is code


def test_an_assessment_is_filed_when_it_is_written() -> None:
    with pytest.raises(Refused):
        act(placed(), "file_risk_assessment", MONDAY, OFFICER, filed_at="2031-03-05T09:00:00")


def test_what_counts_as_a_fall() -> None:
    assert fell("good", "requires_improvement")
    assert fell("requires_improvement", "inadequate")
    assert fell(None, "inadequate")
    assert not fell("outstanding", "good")
    assert not fell("inadequate", "requires_improvement")


def test_a_provider_outside_the_alliance_is_watched_first() -> None:
    state = placed(provider={"grade": "good", "framework": "none"})
    assert any("HRW-105" in flag for flag in view(state, MONDAY).flags)
