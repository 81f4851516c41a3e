"""Thirteen weeks of being looked after, by the strategy's count and by the law's (E10)."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.episode_opening import LookedAfterPeriod
from rules.episodes.thirteen_weeks import THIRTEEN_WEEKS, by_law, reached_on
from tests.rules.episodes.children import do, due, later, opened

FIRST = date(2031, 1, 6)
DAYS = st.dates(date(2031, 1, 1), date(2033, 12, 31))


def time_of(since: date, days: int | None = None) -> LookedAfterPeriod:
    """A time of being looked after."""
    return LookedAfterPeriod(since=since, until=None if days is None else since + timedelta(days=days))


@settings(deadline=None)
@given(DAYS, st.integers(0, 200))
def test_days_before_count(since: date, prior: int) -> None:
    """Thirteen weeks or more: on the day itself, and at once where they were full before."""
    assert reached_on([time_of(since)], prior) == since + timedelta(days=max(THIRTEEN_WEEKS - prior, 0))


@settings(deadline=None)
@given(DAYS, st.integers(0, 90), st.integers(2, 400))
def test_times_add_up(since: date, first: int, gap: int) -> None:
    """Two times: the days between them do not count."""
    again = since + timedelta(days=first + gap)
    reached = reached_on([time_of(since, first), time_of(again)], 0)
    assert reached == again + timedelta(days=THIRTEEN_WEEKS - first)


def test_ninety_days_are_not_enough_and_ninety_one_are() -> None:
    """Of a time that is over."""
    assert reached_on([time_of(FIRST, 90)], 0) is None
    assert reached_on([time_of(FIRST, 91)], 0) == FIRST + timedelta(days=91)


def test_the_law_counts_from_fourteen_and_asks_for_sixteen() -> None:
    """Sixteen on 20 June 2031, fourteen two years before."""
    born = date(2015, 6, 20)
    assert by_law([time_of(FIRST)], 0, None) is None
    assert by_law([time_of(FIRST)], 0, born) == date(2031, 6, 20)
    assert by_law([time_of(FIRST, 120)], 0, born) is None
    assert by_law([time_of(date(2025, 1, 1), 1000), time_of(date(2031, 6, 1))], 0, born) == date(2031, 8, 31)
    assert by_law([time_of(date(2028, 1, 1), 1000), time_of(date(2031, 6, 1))], 0, born) == date(2031, 6, 20)
    assert by_law([time_of(date(2030, 1, 1), 200), time_of(date(2031, 7, 1), 1)], 0, born) == date(2031, 7, 1)
    assert by_law([time_of(date(2031, 6, 10))], 91, born) == date(2031, 6, 20)
    assert by_law([time_of(date(2024, 1, 1), 200)], 0, born) is None


def test_a_leap_day_child_is_sixteen_on_a_leap_day_and_fourteen_on_a_first_of_march() -> None:
    """29 February 2016."""
    assert by_law([time_of(date(2030, 2, 1))], 0, date(2016, 2, 29)) == date(2032, 2, 29)
    assert by_law([time_of(date(2032, 2, 1))], 0, date(2016, 2, 29)) == date(2032, 5, 2)


def test_both_tests_are_shown_and_the_duty_runs_to_25_after_the_end() -> None:
    """HRW-021."""
    state = opened(
        "2031-01-06 09:00",
        council="harrow",
        child={"date_of_birth": "2015-06-20"},
        legal_status="V2",
        since="2031-01-06",
        prior_periods=[{"from": "2030-01-01", "to": "2030-01-31"}, {"from": "2030-05-01"}],
    )
    assert state.facts["looked_after.prior_days"] == 30
    assert state.facts["looked_after.first_since"] == "2030-01-01"
    assert (due(state, "looked_after_13_weeks"), due(state, "looked_after_13_weeks_in_law")) == (
        "2031-03-08 00:00",
        "2031-06-20 00:00",
    )
    do(state, "2031-03-09 09:00", "end_status", status="V2", on="2031-03-09")
    assert state.facts["looked_after.now"] is False
    assert state.facts["looked_after.thirteen_weeks_on"] == "2031-03-08"
    do(state, "2031-04-09 09:00", "record_status", status="V2", since="2031-04-09")
    assert len(state.periods) == 2
    do(state, "2031-07-09 09:00", "close_episode", post="team_manager", outcome="at home")
    view = later(state, "2031-07-09 10:00")
    assert (view.stage, view.outcome, view.open, view.waiting_on) == ("closed", "at_home", False, "personal_adviser")
    assert due(state, "services_to_25") == "2040-06-20 09:00"
    assert state.clocks["services_to_25"].ticking
    assert "The young person is 25: nothing ends by itself (HRW-021)" in later(state, "2040-06-20 09:00").flags


def test_without_any_time_of_being_looked_after_nothing_is_counted() -> None:
    """No clock, no fact."""
    state = opened("2031-01-06 09:00", council="harrow", child={"date_of_birth": "2015-06-20"})
    assert not [path for path in state.facts if path.startswith("looked_after.")]
    assert "services_to_25" not in state.clocks
