"""How an episode is opened: whatever people know already is understood, however they write it."""

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from models.episode_acts import RecordDiscussion, RecordReviewDate, RecordStatus, moment
from models.episode_opening import OpenEpisode
from models.episode_words import code_of, kind_word, status_word
from models.errors import RefusalCode
from rules.episodes.kind import EPISODE
from rules.watches import kernel
from tests.builders import at, refusal_of
from tests.rules.episodes.children import BORN, clock, do, due, later, opened, starting, who

MONDAY = "2031-03-03 09:00"


@pytest.mark.parametrize(
    "said",
    [
        {"legal_status": "V2", "since": "2031-03-01"},
        {"legal_status": "s20", "legal_status_since": "2031-03-01"},
        {"status": "Section 20", "since": date(2031, 3, 1)},
        {"status": ["V2"], "since": "2031-03-01"},
        {"code": "v2", "since": "2031-03-01"},
        {"section_20_since": "2031-03-01"},
        {"s20_start_date": "2031-03-01"},
        {"statuses": {"V2": "2031-03-01"}},
        {"statuses": {"V2": {"since": "2031-03-01"}}},
        {"statuses": [{"status": "section-20", "from": "2031-03-01"}]},
        {"statuses": [{"code": "V2", "started_on": "2031-03-01"}]},
        {"statuses": [{"kind": "legal_status", "code": "V2", "since": "2031-03-01"}]},
        {"statuses": [{"status": "V2", "code": "V2", "since": "2031-03-01", "from": "2031-03-01"}]},
        {"statuses": ["V2"], "since": "2031-03-01"},
        {"legal_status": "V2", "looked_after_since": "2031-03-01"},
        {"section_20": {"since": "2031-03-01"}},
    ],
)
def test_a_status_is_understood_however_it_is_written(said: dict[str, Any]) -> None:
    """Codes, words, lists and fields of its name say the same."""
    state = opened(MONDAY, **said)
    assert state.facts["status.section_20.since"] == "2031-03-01"
    assert state.facts["status.looked_after.since"] == "2031-03-01"
    assert state.facts["legal_status.code"] == "V2"
    assert state.facts["statuses"][:2] == ["looked_after", "section_20"] or "section_20" in state.facts["statuses"]


def test_a_child_is_a_reference_or_more() -> None:
    """The reference of the process stands in where nobody gives one."""
    assert opened(MONDAY, child="C-9").child.reference == "C-9"
    assert opened(MONDAY).child.reference == "C-1"
    whole = opened(MONDAY, child={"reference": "C-2", "dob": BORN, "uasc": True, "disabled": True})
    assert (whole.child.date_of_birth, whole.child.unaccompanied_asylum_seeking) == (date(2020, 6, 30), True)
    assert whole.facts["episode.disabled"] is True
    beside = opened(MONDAY, child="C-2", date_of_birth=BORN, unaccompanied=True)
    assert (beside.child.date_of_birth, beside.child.unaccompanied_asylum_seeking) == (date(2020, 6, 30), True)
    assert opened(MONDAY, child_ref="C-3", dob=BORN).child.reference == "C-3"


def test_days_numbers_and_yes_or_no_of_other_names_are_kept_as_facts_and_words_are_not() -> None:
    """No name and no narrative gets into the facts."""
    state = opened(MONDAY, in_custody=True, weekly_cost=100, seen_on="2031-03-01", homeless=False)
    assert state.facts["episode.in_custody"] is True
    assert state.facts["episode.weekly_cost"] == 100
    assert state.facts["episode.seen_on"] == "2031-03-01"
    assert "status.homeless_16_17.since" not in state.facts
    state = opened(MONDAY, surname="Somebody", child={"name": "Somebody"}, status={"status": "V2", "court": "there"})
    assert "Somebody" not in str(state.facts)
    assert "Not understood and not used: surname, name, court" in state.flags
    do(state, MONDAY, "record_status", status="cp_plan", category="neglect")
    assert "Not understood and not used: category" in state.flags
    do(state, MONDAY, "end_status", status="cp_plan")
    assert not state.flags
    assert refusal_of(lambda: opened(MONDAY, **{"What she said": "that"})).code is RefusalCode.INVALID


def test_a_status_that_is_only_true_runs_from_now() -> None:
    """Yes is a status without a day."""
    state = opened(MONDAY, child_protection_plan=True)
    assert state.facts["status.child_protection_plan.since"] == "2031-03-03T09:00:00+00:00"


def test_an_episode_knows_its_team_its_case_its_placement_and_its_reviews() -> None:
    """All that was so already."""
    state = opened(
        MONDAY,
        team="looked after 1",
        unit="children in need",
        case_opened_on="2031-01-10",
        placement="P-1",
        placement_type="foster_care",
        next_hearing="2031-04-01",
        next_review="2031-05-01",
        last_review="2031-02-01",
        transfer_planned_on="2033-07-01",
        looked_after_since="2031-01-20",
    )
    facts = state.facts
    assert (facts["team"], facts["unit"]) == ("looked after 1", "children in need")
    assert facts["case.opened_on"] == facts["status.open_to_team.since"] == "2031-01-10"
    assert (facts["placement.placement_ref"], facts["placement.kind"]) == ("P-1", "foster_care")
    assert facts["review.hearing.next"] == "2031-04-01"
    assert facts["review.looked_after_review.next"] == "2031-05-01"
    assert facts["review.looked_after_review.outstanding"] is True
    assert facts["transfer.planned_on"] == "2033-07-01"
    assert facts["status.looked_after.since"] == "2031-01-20"
    assert due(state, "looked_after_review") == "2031-05-01 17:00"


def test_a_placement_and_a_team_are_understood_in_other_shapes() -> None:
    """A table for the placement, the name of the team for what it is open to."""
    said: dict[str, Any] = {
        "placement": {"reference": "P-1", "type": "Foster care"},
        "open_to_team": "one",
        "opened_on": "2031-02-01",
    }
    state = opened(MONDAY, **said)
    assert (state.facts["placement.placement_ref"], state.facts["placement.kind"]) == ("P-1", "foster_care")
    assert (state.team, state.facts["status.open_to_team.since"]) == ("one", "2031-02-01")
    state = opened(MONDAY, placement={"placement_ref": "P-1"}, open_to_team="2031-02-01")
    assert "placement.kind" not in state.facts
    assert state.facts["status.open_to_team.since"] == "2031-02-01"


def test_a_case_of_no_team_has_only_its_own_count() -> None:
    """Nobody said which team: the child's own nine months run."""
    state = opened(MONDAY)
    assert "open_over_9_months" not in state.clocks
    assert due(state, "open_over_9_months_in_all") == "2031-12-04 00:00"
    assert opened(MONDAY, team="a", team_since="2031-02-01").facts["status.open_to_team.since"] == "2031-02-01"
    named = opened(MONDAY, team="a", statuses={"open_to_team": "2031-02-02"})
    assert named.facts["status.open_to_team.since"] == "2031-02-02"
    assert named.spells["open_to_team"].team == "a"
    same = opened(MONDAY, team="a", statuses=[{"status": "team", "team": "a", "since": "2031-02-02"}])
    assert same.facts["status.open_to_team.since"] == "2031-02-02"
    assert opened(MONDAY, since="2031-02-03").facts["case.opened_on"] == "2031-02-03"


def test_of_two_legal_statuses_the_later_one_runs() -> None:
    """In whatever order they were written."""
    state = opened(
        MONDAY,
        statuses=[{"status": "C2", "since": "2031-02-01"}, "child_in_need", {"status": "V2", "since": "2030-05-01"}],
    )
    assert state.facts["legal_status.code"] == "C2"
    assert state.facts["status.section_20.ended"] == "2031-02-01"
    assert state.facts["status.looked_after.since"] == "2030-05-01"
    assert "status.child_in_need.since" in state.facts


def test_what_was_due_before_the_record_began_is_seen_and_no_breach() -> None:
    """A child who is long looked after: the next of each series is watched, the rest is shown."""
    state = opened(
        MONDAY, council="hertfordshire", child={"date_of_birth": BORN}, legal_status="C2", since="2029-05-14"
    )
    view = later(state, MONDAY)
    assert not view.overdue
    assert due(state, "looked_after_review") == "2031-03-11 17:00"
    assert "care_plan" not in state.clocks
    assert "Was due on 2029-05-28, before this was opened: care plan (LAW-026)" in view.flags
    state = opened(
        MONDAY,
        council="hertfordshire",
        child={"date_of_birth": BORN},
        statuses=[{"status": "C2", "since": "2029-05-14"}, {"status": "care_plan", "since": "2029-05-20"}],
    )
    assert not any("care plan" in flag for flag in later(state, MONDAY).flags)


def test_a_child_is_not_born_after_the_opening() -> None:
    """A slip of the keyboard."""
    refused = refusal_of(lambda: opened(MONDAY, child={"date_of_birth": "2031-03-04"}))
    assert refused.code is RefusalCode.INVALID


def test_whoever_may_not_open_an_episode_is_refused_and_the_system_is_not() -> None:
    """The council's own table says who may."""
    start = starting("hillingdon", {}, who("virtual_school_head"))
    assert refusal_of(lambda: kernel.begin(EPISODE, start, at(MONDAY))).code is RefusalCode.NOT_AUTHORISED


def test_words_of_statuses_and_reviews_are_known_by_code_and_by_other_names() -> None:
    """SSDA903 codes and what people say."""
    assert [status_word(said) for said in ("C1", "ICO", "CP plan", "looked-after", "a word of its own")] == [
        "interim_care_order",
        "interim_care_order",
        "child_protection_plan",
        "looked_after",
        "a_word_of_its_own",
    ]
    assert (code_of("remand"), code_of("looked_after")) == ("J1", None)
    assert (kind_word("LAC review"), kind_word("PPM")) == ("looked_after_review", "permanency_planning_meeting")


def test_moments_are_days_or_instants() -> None:
    """An instant without an offset is wall time; what is neither is left to be refused."""
    assert moment("2031-07-01") == date(2031, 7, 1)
    assert moment("2031-07-01T10:00:00") == datetime.fromisoformat("2031-07-01T09:00:00+00:00")
    assert moment("2031-07-01T10:00:00+02:00") == datetime.fromisoformat("2031-07-01T08:00:00+00:00")
    assert moment("some time") == "some time"
    assert moment(3) == 3


def test_shapes_take_what_people_write() -> None:
    """Several statuses at once, one by its name, decisions in words, attendees as one or many."""
    said = RecordStatus.model_validate({"status": ["C1", {"status": "care_proceedings"}], "since": "2031-03-01"})
    assert [one.status for one in said.statuses] == ["interim_care_order", "care_proceedings"]
    assert RecordStatus.model_validate({"statuses": ["V2"]}).statuses[0].status == "section_20"
    with pytest.raises(ValidationError):
        RecordStatus.model_validate("V2")
    with pytest.raises(ValidationError):
        OpenEpisode.model_validate("V2")
    with pytest.raises(ValidationError):
        OpenEpisode.model_validate({"child": 3})
    with pytest.raises(ValidationError):
        OpenEpisode.model_validate({"statuses": "?"})
    for word, read in (("refer", "refer"), ("do not refer", "not"), ("no", "not"), (True, "refer"), (False, "not")):
        assert RecordDiscussion.model_validate({"decision": word}).decision == read
    with pytest.raises(ValidationError):
        RecordDiscussion.model_validate({"decision": 3})
    assert RecordDiscussion.model_validate({"decision": "go on as planned"}).decision == "other"
    assert RecordReviewDate.model_validate({"attended": "Leaving care worker"}).attended == ("leaving_care_worker",)
    assert str(RecordReviewDate.model_validate({"on": "2031-03-01", "held": True}).held_on) == "2031-03-01"
    assert RecordReviewDate.model_validate({"on": "2031-03-01", "held": False}).held_on is None
    assert RecordDiscussion.model_validate({"actions": "Ask"}).actions == ("Ask",)
    assert RecordReviewDate.model_validate({"attended": ["iro"]}).attended == ("iro",)
    with pytest.raises(ValidationError):
        RecordReviewDate.model_validate({"attended": 3})


def test_an_opening_of_before_meets_what_it_brings() -> None:
    """A status that is recorded with the opening counts as recorded."""
    state = opened(
        MONDAY,
        council="hackney",
        child={"date_of_birth": "2013-06-10"},
        statuses=["leaving_care", "pathway_plan"],
        prior_periods=[{"since": "2025-01-10", "until": "2031-01-10"}],
    )
    assert clock(state, "leaving_care_takeover") == "met"
    assert not later(state, MONDAY).overdue
