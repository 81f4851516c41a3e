"""Since when a status runs (A5, A7): breaks, moves of placement, changes of legal status and of team."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.care_episode import EpisodeState
from models.episode_acts import StatusSaid
from models.process import Entry
from rules.episodes.statuses import SHORT_BREAK, is_short, start_of
from tests.rules.episodes.children import clock, do, due, later, not_done, opened

MONDAY = "2031-03-03 09:00"


def instant(text: str) -> datetime:
    """An instant."""
    found = StatusSaid.model_validate({"status": "V2", "since": text}).since
    assert isinstance(found, datetime)
    return found


@pytest.mark.parametrize(
    ("ended", "resumed", "short"),
    [
        ("2031-03-03", "2031-03-03", True),
        ("2031-03-03", "2031-03-04", True),
        ("2031-03-03", "2031-03-05", False),
        ("2031-03-29", "2031-03-30", True),
        ("2031-10-26", "2031-10-27", True),
        ("2031-03-03T09:00", "2031-03-04T09:00", True),
        ("2031-03-03T09:00", "2031-03-04T09:01", False),
        ("2031-03-29T12:00", "2031-03-30T13:00", True),
        ("2031-03-29T12:00", "2031-03-30T13:01", False),
        ("2031-10-25T12:00", "2031-10-26T11:00", True),
        ("2031-10-25T12:00", "2031-10-26T12:00", False),
        ("2031-03-03T09:00", "2031-03-04", True),
        ("2031-03-03", "2031-03-04T00:01", False),
    ],
)
def test_a_break_of_24_hours_is_none(ended: str, resumed: str, short: bool) -> None:  # noqa: FBT001 - expected
    """Elapsed hours between instants, across both clock changes; one day between days."""
    first, second = (StatusSaid.model_validate({"status": "x", "since": one}).since for one in (ended, resumed))
    assert first is not None
    assert second is not None
    assert is_short(first, second) is short


@settings(deadline=None)
@given(st.datetimes(datetime(2031, 1, 1), datetime(2032, 12, 31)), st.integers(0, 48 * 60))  # noqa: DTZ001
def test_hours_of_a_break_elapse(ended: datetime, minutes: int) -> None:
    """Whatever the clocks do."""
    since = start_of(instant(f"{ended:%Y-%m-%dT%H:%M}"))
    assert is_short(since, since + timedelta(minutes=minutes)) is (timedelta(minutes=minutes) <= SHORT_BREAK)


def test_a_longer_break_starts_again_and_the_same_time_is_not_proposed_twice() -> None:
    """Once for each episode of a status (A6)."""
    state = opened("2031-03-04 09:00", child_protection_plan_since="2030-03-03")
    assert [one.deadline for one in state.proposals] == ["plan_over_12_months"]
    do(state, "2031-03-05 09:00", "end_status", status="cp", on="2031-03-05")
    do(state, "2031-03-06 09:00", "record_status", status="cp", since="2031-03-06")
    assert state.facts["status.child_protection_plan.since"] == "2030-03-03"
    assert len(state.proposals) == 1
    do(state, "2031-04-01 09:00", "end_status", status="cp", on="2031-04-01")
    do(state, "2031-04-03 09:00", "record_status", status="cp", since="2031-04-03")
    assert due(state, "plan_over_12_months") == "2032-04-04 00:00"


def test_recording_a_running_status_again_moves_it_back_but_never_on() -> None:
    """Somebody learns that it began sooner; a move of placement does not make it begin later."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    do(state, MONDAY, "record_status", status="V2", since="2031-04-01", reason="placement_change")
    assert state.facts["status.section_20.since"] == "2031-03-01"
    do(state, MONDAY, "record_status", status="V2", since="2031-02-20")
    assert state.facts["status.section_20.since"] == "2031-02-20"
    assert state.facts["status.looked_after.since"] == "2031-02-20"


def test_a_status_that_ran_before_the_one_that_is_known_is_an_episode_of_its_own() -> None:
    """Recorded late, out of order."""
    state = opened(MONDAY)
    do(state, MONDAY, "record_status", status="cp", since="2030-06-01", ended="2030-09-01")
    do(state, MONDAY, "record_status", status="cp", since="2029-06-01", ended="2029-09-01")
    assert state.facts["status.child_protection_plan.ended"] == "2029-09-01"


def test_another_legal_status_ends_the_one_before_and_being_looked_after_goes_on() -> None:
    """A child has one legal status at a time."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    do(state, "2031-04-01 09:00", "record_status", status="C1", since="2031-04-01")
    assert state.facts["legal_status.code"] == "C1"
    assert state.facts["status.section_20.ended"] == "2031-04-01"
    assert state.facts["status.looked_after.since"] == "2031-03-01"
    assert clock(state, "section_20_over_6_months") == "stopped"
    do(state, "2031-05-01 09:00", "end_status", status="C1")
    assert "status.looked_after.since" not in state.facts
    assert "legal_status.code" not in state.facts


def test_a_legal_status_that_is_recorded_late_ended_when_the_present_one_began() -> None:
    """The present one goes on; being looked after began with the first."""
    state = opened(MONDAY, legal_status="C1", since="2031-03-01")
    do(state, MONDAY, "record_status", status="V2", since="2031-01-01")
    assert state.facts["legal_status.code"] == "C1"
    assert state.facts["status.section_20.ended"] == "2031-03-01"
    assert state.facts["status.looked_after.since"] == "2031-01-01"
    do(state, MONDAY, "record_status", status="V4", since="2030-12-01")
    assert state.facts["status.looked_after.since"] == "2031-01-01"
    assert not_done(state, MONDAY, "record_status", status="cp", since="2031-03-01", ended="2031-02-28") == "invalid"
    assert not_done(state, MONDAY, "record_status", status="cp", ended="2031-03-03") == "invalid"


def test_who_is_looked_after_no_more_has_no_legal_status_of_it() -> None:
    """Said the other way round."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    do(state, MONDAY, "end_status", status="looked_after", on="2031-03-03")
    assert "legal_status.code" not in state.facts
    state = opened(MONDAY, looked_after_since="2031-03-01")
    do(state, MONDAY, "end_status", status="looked_after", on="2031-03-03")
    assert state.facts["status.looked_after.ended"] == "2031-03-03"


def test_short_breaks_are_no_time_of_being_looked_after() -> None:
    """V3 and V4 run under their own words."""
    assert "status.looked_after.since" not in opened(MONDAY, legal_status="V3", since="2031-03-01").facts
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    do(state, MONDAY, "record_status", status="V4", since="2031-03-03")
    assert state.facts["status.looked_after.ended"] == "2031-03-03"
    do(state, MONDAY, "record_status", status="looked_after", since="2031-03-03")
    do(state, MONDAY, "end_status", status="looked_after")
    assert state.facts["legal_status.code"] == "V4"


def test_an_order_keeps_until_when_it_runs_and_that_it_was_extended() -> None:
    """For the clocks of the law."""
    state = opened(MONDAY, legal_status="L2", since="2031-03-03T08:00")
    do(state, MONDAY, "record_status", status="EPO", until="2031-03-11T08:00", extended=True)
    assert state.facts["status.emergency_protection_order.until"] == "2031-03-11T08:00:00+00:00"
    assert state.facts["status.emergency_protection_order.extended"] is True


def test_a_team_starts_its_own_count_and_the_child_keeps_one() -> None:
    """HIL-045: drift is not hidden by a change of team."""
    state = opened(MONDAY, team="one", case_opened_on="2031-03-03")
    do(state, MONDAY, "record_status", status="open_to_team", team="ONE", since="2031-05-01")
    assert state.facts["status.open_to_team.since"] == "2031-03-03"
    do(state, MONDAY, "record_status", status="change_of_team", team="two", unit="court", since="2031-05-01")
    assert state.facts["status.open_to_team.since"] == "2031-05-01"
    assert state.facts["case.opened_on"] == "2031-03-03"
    assert (state.facts["team"], state.unit) == ("two", "court")
    assert (due(state, "open_over_9_months"), due(state, "open_over_9_months_in_all")) == (
        "2032-02-02 00:00",
        "2031-12-04 00:00",
    )
    assert "team_manager" in {n.post for e in later_entries(state, "2031-12-04 01:00") for n in e.notices}


def later_entries(state: EpisodeState, when: str) -> list[Entry]:
    """What the register gets by then."""
    before = len(state.unrecorded)
    later(state, when)
    return state.unrecorded[before:]


@pytest.mark.parametrize(
    ("since", "clock_name", "status", "on"),
    [
        ("2031-08-31", "section_20_over_6_months", "V2", "2032-03-01 00:00"),
        ("2030-08-31", "section_20_over_6_months", "V2", "2031-03-01 00:00"),
        ("2031-05-31", "supervision_order_over_9_months", "supervision_order", "2032-03-01 00:00"),
        ("2032-02-29", "plan_over_12_months", "child_protection_plan", "2033-03-01 00:00"),
        ("2031-03-31", "section_20_over_6_months", "V2", "2031-10-01 00:00"),
        ("2030-09-30", "section_20_over_6_months", "V2", "2031-03-31 00:00"),
    ],
)
def test_more_than_is_the_day_after_the_anniversary_and_months_end_early(
    since: str, clock_name: str, status: str, on: str
) -> None:
    """31 August and six months is the last of February; the clocks may change in between (A5)."""
    state = opened("2030-08-01 09:00")
    do(state, "2030-08-01 10:00", "record_status", status=status, since=since)
    assert due(state, clock_name) == on


@settings(deadline=None)
@given(st.dates(date(2031, 1, 1), date(2031, 12, 31)))
def test_no_unaccompanied_child_comes_to_the_panel_by_section_20_alone(since: date) -> None:
    """HIL-025."""
    child = {"date_of_birth": "2015-01-01", "unaccompanied_asylum_seeking": True}
    state = opened("2031-01-01 09:00", child=child, legal_status="V2", since=since.isoformat())
    assert "section_20_over_6_months" not in state.clocks


def test_only_what_runs_ends_and_not_before_it_began() -> None:
    """Refused with what runs."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    assert not_done(state, MONDAY, "end_status", status="cp_plan") == "unknown"
    assert not_done(state, MONDAY, "end_status", status="V2", on="2031-02-28") == "invalid"


def test_an_episode_goes_on_as_it_was_when_its_history_is_long() -> None:
    """Days stay days and instants stay instants, through JSON."""
    state = opened(
        MONDAY, council="hackney", team="one", prior_periods=[{"since": "2030-01-01", "until": "2030-02-01"}]
    )
    do(state, MONDAY, "record_status", status="L1", since="2031-03-02T23:30")
    do(state, MONDAY, "record_status", status="V2", since="2031-03-03")
    do(state, MONDAY, "record_status", status="court_direction", due="2031-03-20", hearing="2031-03-27T10:00")
    again = EpisodeState.model_validate_json(state.model_dump_json())
    assert again == state
    assert again.spells == state.spells


def test_a_placement_that_moves_is_known_and_starts_nothing() -> None:
    """A7: a placement move does not restart a clock."""
    state = opened(MONDAY, legal_status="V2", since="2031-03-01")
    do(state, MONDAY, "record_status", status="placement_move", reference="P-2", since="2031-03-03", type="residential")
    assert state.facts["placement.placement_ref"] == "P-2"
    assert state.facts["placement.kind"] == "residential"
    assert "status.placement.since" not in state.facts
    do(state, MONDAY, "record_status", status="transfer_planned", on="2031-09-01")
    assert state.facts["transfer.planned_on"] == "2031-09-01"
