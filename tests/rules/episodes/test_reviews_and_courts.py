"""Reviews, visits, hearings, panels and directions of the court: held, planned, moved."""

from models.episode_acts import RecordReviewDate
from rules.episodes.reviewing import held, planned
from tests.builders import at
from tests.rules.episodes.children import clock, do, due, later, not_done, opened

MONDAY = "2031-03-03 09:00"


def said(**more: object) -> RecordReviewDate:
    """What was recorded of a review."""
    return RecordReviewDate.model_validate(more)


def test_a_day_that_has_come_was_held_and_one_that_has_not_is_planned() -> None:
    """Days by Europe/London, instants to the minute."""
    now = at(MONDAY)
    assert held(said(), now) == now
    assert held(said(next="2031-04-01"), now) is None
    assert str(held(said(on="2031-03-03"), now)) == "2031-03-03"
    assert held(said(on="2031-03-04"), now) is None
    assert held(said(on="2031-03-03T09:01"), now) is None
    assert str(held(said(held_on="2031-03-01", on="2031-03-02"), now)) == "2031-03-01"
    assert str(planned(said(on="2031-03-04"), now)) == "2031-03-04"
    assert planned(said(on="2031-03-03"), now) is None
    assert planned(said(), now) is None
    assert str(planned(said(held_on="2031-03-01", next_review="2031-06-01"), now)) == "2031-06-01"


def test_a_review_that_was_held_meets_its_day_and_the_next_day_is_watched() -> None:
    """HAC-014: the unit co-ordinator's list."""
    state = opened(MONDAY, council="hackney", legal_status="V2", since="2031-03-03")
    do(state, MONDAY, "record_review_date", kind="review", on="2031-03-20")
    assert (due(state, "review_date"), clock(state, "review_date")) == ("2031-03-20 17:00", "running")
    assert "record_review_date:looked_after_review" not in state.held
    do(state, "2031-03-20 16:00", "record_review_date", kind="review", held_on="2031-03-20", next="2031-06-10")
    assert (due(state, "review_date"), clock(state, "review_date")) == ("2031-06-10 17:00", "running")
    assert due(state, "looked_after_review") == "2031-06-20 17:00"
    do(state, "2031-06-10 16:00", "record_review_date", kind="review")
    assert clock(state, "review_date") == "met"


def test_what_is_still_to_come_was_not_held() -> None:
    """A day ahead is planned, not held."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-03")
    assert not_done(state, MONDAY, "record_review_date", kind="review", held_on="2031-03-04") == "invalid"


def test_a_panel_is_named_by_its_key_or_as_a_forum() -> None:
    """And one that nobody names is asked for."""
    state = opened(MONDAY, child_protection_plan_since="2030-06-01")
    assert not_done(state, MONDAY, "record_review_date", kind="panel", held_on="2031-03-03") == "incomplete"
    do(state, MONDAY, "record_review_date", kind="harp", held_on="2031-03-03", next="2031-09-01")
    assert (state.facts["panel.harp.on"], state.facts["panel.harp.next_review"]) == ("2031-03-03", "2031-09-01")
    assert due(state, "plan_over_12_months") == "2031-09-01 00:00"
    do(state, MONDAY, "record_review_date", forum="harp", next="2031-10-01")
    assert due(state, "plan_over_12_months") == "2031-10-01 00:00"


def test_heard_before_it_was_due_waits_for_six_months_and_no_longer_than_the_anniversary_asks() -> None:
    """A6: the later of the two days."""
    state = opened(MONDAY, child_protection_plan_since="2030-06-01")
    do(state, MONDAY, "record_review_date", kind="harp", held_on="2030-07-01")
    assert due(state, "plan_over_12_months") == "2031-06-02 00:00"
    do(state, "2031-05-31 09:00", "record_review_date", kind="harp", held_on="2031-05-31")
    assert due(state, "plan_over_12_months") == "2031-11-30 00:00"
    assert len(later(state, "2031-11-30 00:00").proposals) == 1


def test_a_hearing_before_the_episode_of_the_status_counts_for_nothing() -> None:
    """Another plan, another hearing."""
    state = opened(MONDAY, child_protection_plan_since="2031-03-01")
    do(state, MONDAY, "record_review_date", kind="harp", held_on="2031-02-01")
    assert due(state, "plan_over_12_months") == "2032-03-02 00:00"


def test_a_review_of_the_panel_that_has_passed_is_none() -> None:
    """Set by an earlier sitting, before the last: six months count from the last."""
    state = opened(MONDAY, child_protection_plan_since="2030-03-01")
    do(state, MONDAY, "record_review_date", kind="harp", held_on="2031-03-03", next="2031-05-01")
    do(state, "2031-05-05 09:00", "record_review_date", kind="harp", held_on="2031-05-05")
    assert due(state, "plan_over_12_months") == "2031-11-05 00:00"


def test_directions_are_due_before_the_hearing_and_on_their_own_day() -> None:
    """HAC-026: the nearer one, and they move with the hearing."""
    state = opened(MONDAY, council="hackney", legal_status="C1", since="2031-03-03")
    do(state, MONDAY, "record_status", status="court_direction")
    assert "court_direction" not in state.clocks
    do(state, MONDAY, "record_status", status="court_direction", hearing="2031-04-10T10:00")
    assert due(state, "court_direction") == "2031-04-09 17:00"
    do(state, MONDAY, "record_status", status="hearing", on="2031-04-17")
    assert due(state, "court_direction") == "2031-04-16 17:00"
    do(state, MONDAY, "record_status", status="court_direction", ref="C", due="2031-04-01")
    assert due(state, "court_direction") == "2031-04-01 17:00"
    do(state, MONDAY, "end_status", status="court_direction", on="2031-03-03")
    assert due(state, "court_direction") == "2031-04-16 17:00"
    do(state, MONDAY, "end_status", status="court_direction", ref="1")
    do(state, MONDAY, "end_status", status="court_direction")
    assert clock(state, "court_direction") == "met"
    assert state.facts["court_direction.outstanding"] is False
    assert not_done(state, MONDAY, "end_status", status="court_direction") == "unknown"
    do(state, MONDAY, "record_status", status="court_direction", ref="D", due="2031-05-01")
    assert (due(state, "court_direction"), clock(state, "court_direction")) == ("2031-04-16 17:00", "running")
    do(state, MONDAY, "record_status", status="court_direction", ref="D", due="2031-05-01", hearing="2031-05-10")
    assert due(state, "court_direction") == "2031-05-01 17:00"


def test_a_direction_takes_the_next_hearing_that_is_known_by_its_instant() -> None:
    """The hearing at ten is the day before, close of business."""
    state = opened(MONDAY, council="harrow", care_proceedings_since="2031-03-03", next_hearing="2031-04-10T10:00")
    do(state, MONDAY, "record_status", status="court_direction", ref="A")
    assert due(state, "court_direction") == "2031-04-09 17:00"
    do(state, MONDAY, "record_review_date", kind="next hearing", on="2031-04-24")
    assert due(state, "court_direction") == "2031-04-23 17:00"


def test_a_hearing_that_has_passed_is_no_hearing_to_come() -> None:
    """A direction after it waits for the next."""
    state = opened(MONDAY, council="harrow", care_proceedings_since="2031-03-03", next_hearing="2031-03-04")
    do(state, "2031-03-05 09:00", "record_status", status="court_direction", ref="A")
    assert "court_direction" not in state.clocks
    do(state, "2031-03-05 09:00", "record_status", status="court_direction", ref="B", hearing="2031-04-04")
    assert due(state, "court_direction") == "2031-04-03 17:00"
    assert [str(one.hearing) for one in state.directions] == ["2031-04-04", "2031-04-04"]


def test_a_pathway_plan_shows_what_it_lacks() -> None:
    """HAC-031 and HAC-032: recorded all the same."""
    child = {"date_of_birth": "2016-02-29"}
    state = opened(MONDAY, council="hackney", child=child, legal_status="C2", since="2031-01-03")
    do(state, MONDAY, "record_status", status="pathway_plan", sections=["targets"], contributors="mother")
    assert [flag[-9:] for flag in later(state, MONDAY).flags if "pathway plan does" in flag] == [
        "(HAC-031)",
        "(HAC-032)",
    ]
    whole = ["assessment_of_needs", "targets", "responsibilities", "resources"]
    do(state, MONDAY, "record_status", status="pathway_plan", sections=whole, contributors=["young person", "carer"])
    assert not [flag for flag in later(state, MONDAY).flags if "pathway plan does" in flag]
    assert clock(state, "pathway_plan") == "met"
