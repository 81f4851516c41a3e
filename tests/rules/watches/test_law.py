"""The law's deadlines on real care episodes: whatever happens to a child, in any order, the arithmetic holds."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.acts import Act
from models.care_episode import EpisodeState
from models.errors import Refused
from models.people import Actor
from models.watch import WatchStart
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.episodes.kind import EPISODE
from rules.watches import kernel
from rules.watches.deadlines import sync
from rules.watches.reckoning import as_instant, local_day
from rules.working_days import add_working_days, after_duration, is_working_day, local
from tests.builders import at

COUNCIL = slice_for_watch(load_council("hertfordshire"), "care_episode")
CALENDAR = working_calendar("hertfordshire", 2030)
BEGINS = at("2031-03-03 09:00")
SAM = Actor(staff="sam", post="social_worker", council="hertfordshire")
IRIS = Actor(staff="iris", post="independent_reviewing_officer", council="hertfordshire")
STATUSES = ("V2", "L1", "L2", "C2", "care_proceedings", "strategy_discussion", "referral", "child_protection_plan")
KINDS = ("looked_after_review", "health_assessment", "pep", "care_plan", "icpc", "rcpc")
ENDS_A_POWER = {"police_protection": 72, "emergency_protection_order": 192}

Step = tuple[str, str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["record_status", "end_status"]), st.sampled_from(STATUSES)),
        st.tuples(st.just("record_review_date"), st.sampled_from(KINDS)),
    ).flatmap(lambda did: st.tuples(st.just(did[0]), st.just(did[1]), st.integers(0, 120), st.integers(0, 96))),
    max_size=10,
)


def opened(born: date) -> EpisodeState:
    """An episode of a child who has no status yet."""
    start = WatchStart(
        kind="care_episode",
        council="hertfordshire",
        reference="C-1",
        actor=SAM,
        details={"child": {"reference": "C-1", "date_of_birth": born.isoformat()}, "team": "north"},
        procedure=COUNCIL,
        calendar=CALENDAR,
    )
    return kernel.begin(EPISODE, start, BEGINS)


def run_to(state: EpisodeState, now: datetime) -> None:
    """Let the clocks do all that they do until then."""
    while (due := state.next_event) is not None and due <= now:
        kernel.run_clocks(EPISODE, state, due)


def lived(born: date, steps: list[Step]) -> tuple[EpisodeState, datetime]:
    """An episode after these steps: each some days after the one before, telling of some hours back."""
    state, now = opened(born), BEGINS
    for number, (name, word, days, hours) in enumerate(steps):
        now += timedelta(days=days, hours=1)
        run_to(state, now)
        when = max(now - timedelta(hours=hours), BEGINS)
        said: dict[str, Any] = {
            "record_status": {"status": word, "since": when.isoformat()},
            "end_status": {"status": word},
            "record_review_date": {"kind": word, "held_on": local(when).date().isoformat()},
        }[name]
        who = IRIS if name == "record_review_date" else SAM
        try:
            kernel.perform(EPISODE, state, name, Act(actor=who, message_id=str(number), details=said), now)
        except Refused:
            continue  # such as the end of a status that does not run
    return state, now


BORN = st.dates(date(2013, 1, 1), date(2031, 1, 1))


@settings(deadline=None, max_examples=50)
@given(BORN, STEPS)
def test_a_power_to_keep_a_child_ends_after_exactly_so_many_elapsed_hours(born: date, steps: list[Step]) -> None:
    state, _ = lived(born, steps)
    for name, hours in ENDS_A_POWER.items():
        since, clock = state.facts.get(f"status.{name}.since"), state.clocks.get(name)
        if since is None:
            assert clock is None or not clock.ticking
        else:
            assert clock is not None
            assert clock.due - as_instant(since, at("2031-01-01 00:00").time()) == timedelta(hours=hours)


@settings(deadline=None, max_examples=50)
@given(BORN, STEPS)
def test_a_review_is_due_within_twenty_working_days_three_months_or_six_and_never_before_the_child_is_looked_after(
    born: date, steps: list[Step]
) -> None:
    state, _ = lived(born, steps)
    since, clock = state.facts.get("status.looked_after.since"), state.clocks.get("looked_after_review")
    if since is None:
        assert clock is None or not clock.ticking
        return
    assert clock is not None
    assert clock.ticking
    began, due = local_day(since), local(clock.due).date()
    held = state.held.get("record_review_date:looked_after_review")
    if held is None or held.on < began:
        assert due == add_working_days(began, 20, CALENDAR)
        assert is_working_day(due, CALENDAR)
    else:
        number = len([day for day in held.days if day >= began])
        assert due == after_duration(held.on, "P3M" if number == 1 else "P6M")


@settings(deadline=None, max_examples=50)
@given(BORN, STEPS)
def test_whatever_happens_an_episode_stays_open_and_looking_again_changes_nothing(
    born: date, steps: list[Step]
) -> None:
    state, now = lived(born, steps)
    run_to(state, now)
    assert state.stage == "open"
    before = state.model_dump()
    sync(state, now)
    assert state.model_dump() == before
    breached = {name for name, clock in state.clocks.items() if clock.state == "breached"}
    assert state.overdue is bool(breached)
    assert all(clock.due <= now for clock in state.clocks.values() if clock.name in breached)
