"""Whatever happens to a package in whatever order: its clocks and what it knows stay sound, and only people end it."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from models.acts import Act
from models.errors import Refused
from models.support_package import PackageStage, SupportPackageState
from rules.packages.acts import PACKAGE
from rules.watches import kernel
from rules.watches.deadlines import sync
from tests.rules.packages.hackney import GROUP, MENTORING, TUESDAY, package, person, rapid, run_to

SERVICE = st.sampled_from([{}, {"service": "Mentoring"}, {"service": "Group work"}, {"service": "Horse riding"}])
OUTCOMES = ["continue", "add", "reduce", "transfer", "tier_2", "end"]
REVIEW = st.fixed_dictionaries(
    {"outcome": st.sampled_from(OUTCOMES)},
    optional={
        "services": st.lists(
            st.sampled_from([MENTORING, GROUP, {"service": "Mentoring", "agency": "other"}]), max_size=2
        ),
        "child_at_home": st.booleans(),
    },
)
STEP: st.SearchStrategy[tuple[str, dict[str, Any]]] = st.one_of(
    st.tuples(st.sampled_from(["start_service", "confirm_allocation", "submit_progress"]), SERVICE),
    st.tuples(st.just("record_review"), REVIEW),
    st.tuples(st.just("end_package"), st.just({})),
    st.tuples(st.just("acknowledge_escalation"), st.just({})),
)


def sound(state: SupportPackageState) -> None:
    """What must be so of every package at every moment."""
    waiting = [one for one in state.services if one.started_on is None]
    assert state.facts["package.all_started"] is not bool(waiting)
    if state.stage is not PackageStage.ENDED:
        assert (state.stage is PackageStage.ALLOCATED) is bool(waiting)
        assert state.outcome is None
    ticking = [clock for clock in state.clocks.values() if clock.ticking]
    assert not (state.stage is PackageStage.ENDED and ticking)
    assert all(clock.next_event is not None or clock.state == "breached" for clock in ticking)
    assert state.overdue is any(clock.state == "breached" for clock in ticking)
    assert len(state.starting) <= 1


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.lists(st.tuples(st.integers(0, 1_200), STEP), max_size=12))
def test_whatever_is_done_it_stays_sound_and_only_people_end_it(
    in_a_crisis: bool,  # noqa: FBT001 - drawn
    steps: list[tuple[int, tuple[str, dict[str, Any]]]],
) -> None:
    state = rapid() if in_a_crisis else package(services=[MENTORING, GROUP])
    now = TUESDAY
    for hours, (name, details) in steps:
        now += timedelta(hours=hours)
        before = state.stage
        run_to(state, now)
        assert state.stage is before  # no clock moves it
        whole = state.model_dump_json()
        try:
            kernel.perform(
                PACKAGE, state, name, Act(actor=person("group_manager"), message_id=f"{now}", details=details), now
            )
        except Refused:
            assert state.model_dump_json() == whole
        sound(state)
        if state.stage is PackageStage.ENDED:
            assert name in ("end_package", "record_review")
            break
        whole = state.model_dump_json()
        sync(state, now)
        assert state.model_dump_json() == whole
