"""Deadlines become clocks: they start, move, are met, warn, breach, climb and stop, and none of them ends anything."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.deadlines import Deadline
from models.watch import Held
from rules.watches.deadlines import DAYS_KEPT, deadlines_of, due_before, happened, sync
from rules.watches.kernel import run_clocks
from rules.working_days import local
from tests.builders import at
from tests.rules.watches.wayford import (
    LOAN,
    MONDAY,
    LoanState,
    act,
    deadline,
    entries,
    forum,
    law,
    lend,
    monthly,
    run_to,
    say,
    told_posts,
    wayford,
)

LATER = at("2031-03-05 10:00")
DUE = at("2031-03-10 17:00")


def lent(*deadlines: Deadline, now: datetime = MONDAY, **details: Any) -> LoanState:  # noqa: ANN401 - any field
    """A loan with these deadlines."""
    return lend(wayford(*deadlines), now, **details)


# Which run


def test_a_council_runs_its_own_deadlines_and_those_of_the_law_that_it_switched_on() -> None:
    laws = (law(key="plan"), law(key="visit"), law(key="other", process="placement"))
    council = wayford(deadline(), laws=laws, switched_on=("visit",))
    assert [one.key for one in deadlines_of(lend(council))] == ["look", "visit"]
    assert [one.key for one in deadlines_of(lend(wayford(laws=laws)))] == ["plan", "visit"]


def test_a_council_that_has_no_file_of_the_kind_runs_none() -> None:
    state = lend(wayford(deadline()))
    state.procedure = state.procedure.model_copy(update={"support_package": None})
    assert deadlines_of(state) == ()


# Starting, moving, meeting and stopping


def test_a_clock_starts_with_its_anchor_and_carries_owner_and_source() -> None:
    clock = lent(deadline(after="P1W")).clocks["look"]
    assert (clock.state, clock.due, clock.owner, clock.cites) == ("running", DUE, "clerk", "WAY-001")


def test_it_starts_when_its_anchor_becomes_known() -> None:
    state = lent(deadline(after="P1W", anchor="loan.crashed"))
    assert not state.clocks
    say(state, LATER, loan__crashed=date(2031, 3, 4))
    assert state.clocks["look"].due == at("2031-03-11 17:00")


def test_it_moves_with_its_anchor_and_never_stands_still_at_the_old_day() -> None:
    state = lent(deadline(after="P1W", met_by=()))
    say(state, LATER, loan__since=date(2031, 3, 5))
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", at("2031-03-12 17:00"))


def test_it_stops_when_it_no_longer_applies_and_starts_again_when_it_does() -> None:
    state = lent(deadline(after="P1W", when=[{"path": "loan.dry", "not_equals": True}]))
    say(state, LATER, loan__dry=True)
    assert state.clocks["look"].state == "stopped"
    say(state, LATER, loan__dry=False)
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", DUE)


def test_it_is_met_by_an_act_and_stays_so() -> None:
    state = lent(deadline(after="P1W"))
    act(state, "visit", LATER)
    assert state.clocks["look"].state == "met"
    run_to(state, at("2031-12-01 17:00"))
    assert not state.overdue


def test_it_is_met_by_one_sort_of_an_act_and_not_by_another() -> None:
    state = lent(deadline(after="P1W", met_by="visit:brakes"))
    act(state, "visit", LATER, sort="bell")
    assert state.clocks["look"].state == "running"
    act(state, "visit", LATER, sort="brakes")
    assert state.clocks["look"].state == "met"


def test_what_was_done_before_the_clock_could_start_shows_as_met() -> None:
    state = lent(deadline(after="PT24H", anchor="loan.crashed"))
    act(state, "visit", LATER)
    say(state, LATER, loan__crashed="2031-03-05T09:00:00+00:00")
    assert state.clocks["look"].state == "met"


def test_where_it_counts_afresh_what_was_done_before_its_anchor_does_not_meet_it() -> None:
    state = lent(deadline(after="P1W", counts_afresh=True))
    act(state, "visit", LATER)
    assert state.clocks["look"].state == "met"
    say(state, at("2031-04-01 09:00"), loan__since=date(2031, 4, 1))
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", at("2031-04-08 17:00"))


def test_it_is_met_when_something_is_so_whoever_did_it_and_runs_again_when_it_is_not() -> None:
    state = lent(deadline(after="P1W", met_by=(), met_when=[{"path": "loan.signed", "equals": True}]))
    say(state, LATER, loan__signed=True)
    assert state.clocks["look"].state == "met"
    say(state, LATER, loan__signed=False)
    assert state.clocks["look"].state == "running"


def test_what_is_over_when_its_anchor_is_gone_is_met_where_the_file_says_so() -> None:
    over = [{"path": "loan.loud", "present": False}]
    state = lent(deadline(anchor="loan.loud", after="PT72H", met_when=over))
    say(state, MONDAY, loan__loud="2031-03-03T09:00:00+00:00")
    assert state.clocks["look"].state == "running"
    say(state, LATER, loan__loud=None)
    assert state.clocks["look"].state == "met"
    say(state, LATER, loan__loud="2031-03-05T10:00:00+00:00")
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", at("2031-03-08 10:00"))


def test_a_met_clock_whose_escalation_stood_open_has_none_any_more() -> None:
    state = lent(deadline(after="P1W"))
    run_to(state, DUE)
    assert (state.overdue, state.escalated) == (True, True)
    act(state, "visit", at("2031-03-11 09:00"))
    assert state.clocks["look"].state == "met"
    assert (state.overdue, state.escalated) == (False, False)


def test_several_deadlines_of_one_key_are_one_clock_the_first_that_applies() -> None:
    council = wayford(
        deadline(after="P1W", when=[{"path": "loan.racing", "equals": True}]),
        deadline(after="P6W"),
    )
    state = lend(council)
    assert state.clocks["look"].due == at("2031-04-14 17:00")
    say(state, LATER, loan__racing=True)
    assert state.clocks["look"].due == DUE


def test_it_is_never_due_after_the_deadline_that_limits_it() -> None:
    council = wayford(deadline(after="P6W", no_later_than="end"), deadline(key="end", after="P2W", met_by=()))
    state = lend(council)
    assert state.clocks["look"].due == state.clocks["end"].due == at("2031-03-17 17:00")
    nearer = lend(wayford(deadline(after="P1W", no_later_than="end"), deadline(key="end", after="P2W", met_by=())))
    assert nearer.clocks["look"].due == DUE


# Repeats


def test_a_repeat_counts_from_the_day_it_was_held_and_not_from_when_it_was_due() -> None:
    state = lent(deadline(after="P1W", repeat="P6W"))
    run_to(state, DUE)
    act(state, "visit", at("2031-03-20 09:00"), on=date(2031, 3, 19))
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", at("2031-04-30 17:00"))
    assert not state.overdue


def test_the_second_and_later_times_have_their_own_length() -> None:
    state = lent(deadline(working_days=20, repeat=("P3M", "P6M")))
    assert state.clocks["look"].due == at("2031-03-31 17:00")
    for day, due in (
        (date(2031, 3, 31), "2031-06-30 17:00"),
        (date(2031, 8, 31), "2032-02-29 17:00"),
        (date(2032, 2, 29), "2032-08-29 17:00"),
    ):
        act(state, "visit", at(f"{day} 12:00"), on=day)
        assert state.clocks["look"].due == at(due)


def test_the_same_day_told_twice_is_one_time_and_an_earlier_day_told_late_counts_in_its_place() -> None:
    state = lent(deadline(working_days=20, repeat=("P3M", "P6M")))
    twice = (date(2031, 6, 30), date(2031, 6, 30))
    for day in twice:
        act(state, "visit", at("2031-07-01 12:00"), on=day)
    assert state.clocks["look"].due == at("2031-09-30 17:00")
    act(state, "visit", at("2031-07-02 12:00"), on=date(2031, 3, 20))
    assert state.clocks["look"].due == at("2031-12-30 17:00")
    assert state.held["visit"] == Held(
        on=date(2031, 6, 30), at=at("2031-07-02 12:00"), count=3, days=(date(2031, 3, 20), date(2031, 6, 30))
    )


def test_of_what_was_done_often_only_the_last_days_are_kept() -> None:
    state = lent()
    first = date(2031, 3, 3)
    for week in range(20):
        happened(state, ("visit",), first + timedelta(weeks=week), MONDAY)
    assert state.held["visit"].count == 20
    assert len(state.held["visit"].days) == DAYS_KEPT
    assert state.held["visit"].days[-1] == state.held["visit"].on == first + timedelta(weeks=19)


def test_a_new_anchor_begins_the_repeats_from_the_first() -> None:
    state = lent(deadline(working_days=20, repeat=("P3M", "P6M")))
    for day in (date(2031, 3, 20), date(2031, 6, 20)):
        act(state, "visit", at(f"{day} 12:00"), on=day)
    say(state, at("2031-09-01 09:00"), loan__since=date(2031, 9, 1))
    assert state.clocks["look"].due == at("2031-09-29 17:00")
    act(state, "visit", at("2031-09-20 12:00"), on=date(2031, 9, 20))
    assert state.clocks["look"].due == at("2031-12-20 17:00")


# Warnings, breaches and the ladder


@pytest.mark.parametrize(
    ("said", "warns"),
    [
        ({"warn": "P3D"}, "2031-03-07 17:00"),
        ({"warn": "PT24H"}, "2031-03-09 17:00"),
        ({"warn_working_days": 2}, "2031-03-06 17:00"),
        ({}, None),
        ({"warn": "P2W"}, None),
        ({"warn_sittings": 1}, None),
    ],
)
def test_it_warns_its_owner_so_long_before_and_not_where_that_has_passed(
    said: dict[str, Any], warns: str | None
) -> None:
    assert lent(deadline(after="P1W", **said)).clocks["look"].warns == (at(warns) if warns else None)


def test_it_warns_some_sittings_of_its_forum_before() -> None:
    council = wayford(deadline(after="P6W", sitting="wheels", warn_sittings=2), forums=(forum(),))
    clock = lend(council).clocks["look"]
    assert (clock.due, clock.warns) == (at("2031-04-08 17:00"), at("2031-03-25 09:00"))


def test_a_warning_across_the_clock_change_keeps_its_wall_time_and_one_in_hours_does_not() -> None:
    monday = at("2031-03-24 09:00")
    days = lent(deadline(after="P1W", warn="P3D"), now=monday, since="2031-03-24")
    hours = lent(deadline(after="P1W", warn="PT72H"), now=monday, since="2031-03-24")
    assert days.clocks["look"].warns == at("2031-03-28 17:00")
    assert hours.clocks["look"].warns == at("2031-03-28 16:00")


def test_a_warning_comes_before_the_breach_and_tells_who_is_named() -> None:
    state = lent(deadline(after="P1W", warn="P3D", warn_tells="head", tells="manager", flag="Look!"))
    run_to(state, at("2031-03-07 17:00"))
    assert state.clocks["look"].state == "warned"
    assert not state.overdue
    assert told_posts(state) == {"clerk", "head"}
    run_to(state, DUE)
    assert state.clocks["look"].state == "breached"
    assert state.flags == ["Look!"]
    assert "manager" in told_posts(state)
    act(state, "visit", at("2031-03-11 09:00"))
    assert state.flags == []


def test_a_breach_without_anybody_to_tell_climbs_from_its_owner_to_the_top() -> None:
    state = lent(deadline(after="P1W"))
    run_to(state, at("2031-06-01 09:00"))
    assert {"clerk", "manager", "head", "director"} <= told_posts(state)
    assert not entries(state, "deadline_passed")
    assert state.clocks["look"].state == "breached"
    assert state.stage == "out"


def test_a_breach_whose_anchor_moves_starts_again() -> None:
    state = lent(deadline(after="P1W", met_by=(), flag="Look!"))
    run_to(state, DUE)
    say(state, at("2031-03-11 09:00"), loan__since=date(2031, 3, 11))
    assert (state.clocks["look"].state, state.flags) == ("running", [])
    assert not state.escalated


def test_what_stops_to_apply_leaves_no_flag() -> None:
    state = lent(deadline(after="P1W", flag="Look!", when=[{"path": "loan.dry", "not_equals": True}]))
    run_to(state, DUE)
    say(state, at("2031-03-11 09:00"), loan__dry=True)
    assert (state.clocks["look"].state, state.flags) == ("stopped", [])


def test_an_age_that_is_reached_meanwhile_changes_what_is_due_before_anything_is_late() -> None:
    young = deadline(after="P1W", repeat="P6M", when=[{"path": "child.date_of_birth", "years_not_reached": 5}])
    older = deadline(after="P1W", repeat="P12M", when=[{"path": "child.date_of_birth", "years_reached": 5}])
    state = lend(wayford(young, older), born="2026-05-14")
    act(state, "visit", LATER, on=date(2031, 3, 5))
    assert state.clocks["look"].due == at("2031-09-05 17:00")
    run_to(state, at("2031-09-05 17:00"))
    assert (state.clocks["look"].state, state.clocks["look"].due) == ("running", at("2032-03-05 17:00"))
    assert not entries(state, "clock_breached")


# What else may happen when it is due


def test_people_may_only_be_told_and_that_once() -> None:
    state = lent(deadline(after="P1W", on_due="tell", tells="head", flag="Look!"))
    run_to(state, at("2031-12-01 09:00"))
    assert state.clocks["look"].state == "stopped"
    assert told_posts(state) == {"clerk", "head"}
    assert len(entries(state, "deadline_reached")) == 1
    assert state.flags == ["Look!"]
    assert not state.overdue
    act(state, "visit", at("2031-12-01 09:00"))
    assert state.flags == []


def test_a_referral_is_proposed_once_for_each_anchor() -> None:
    asked = deadline(after="P1W", on_due="propose", proposes="wheels", met_by=(), tells="head")
    state = lend(wayford(asked, forums=(forum(),)))
    run_to(state, DUE)
    sync(state, DUE)
    run_clocks(LOAN, state, DUE)
    (proposal,) = state.proposals
    assert (proposal.forum, proposal.to, proposal.deadline, proposal.cites) == ("wheels", "clerk", "look", "WAY-001")
    assert told_posts(state) == {"clerk", "head"}
    assert state.clocks["referral:look"].due == at("2031-03-17 17:00")
    assert state.clocks["look"].state == "stopped"


def test_another_anchor_proposes_anew_and_not_twice_while_nobody_has_answered() -> None:
    asked = deadline(after="P1W", on_due="propose", proposes="wheels", met_by=(), answer_working_days=0)
    state = lend(wayford(asked, forums=(forum(),)))
    run_to(state, DUE)
    say(state, at("2031-03-11 09:00"), loan__since=date(2031, 3, 11))
    run_to(state, at("2031-03-18 17:00"))
    assert len(state.proposals) == 1
    assert len(entries(state, "referral_proposed")) == 2
    act(state, "answer_proposal", at("2031-03-19 09:00"), decision="not", reasons="Not yet.")
    say(state, at("2031-03-19 09:00"), loan__since=date(2031, 3, 19))
    run_to(state, at("2031-03-26 17:00"))
    assert [one.answer for one in state.proposals] == ["not", None]


def test_what_is_proposed_again_and_again_waits_for_the_next_time_and_never_floods() -> None:
    asked = deadline(after="P1W", repeat="P6W", on_due="propose", proposes="wheels")
    state = lend(wayford(asked, forums=(forum(),)))
    act(state, "visit", LATER, on=date(2031, 3, 5))
    run_to(state, at("2031-04-30 17:00"))
    assert len(entries(state, "referral_proposed")) == 1
    act(state, "visit", at("2031-05-01 09:00"), on=date(2031, 5, 1))
    run_to(state, at("2031-08-01 17:00"))
    assert len(entries(state, "referral_proposed")) == 2


def test_a_window_without_a_sitting_asks_for_another_sitting_once() -> None:
    council = wayford(deadline(list_by="wheels"), forums=(monthly(("P21D", "P28D", "P42D")),))
    state = lend(council, since="2031-03-12")
    sync(state, LATER)
    assert len(entries(state, "extra_sitting_wanted")) == 1
    assert entries(state, "extra_sitting_wanted")[0].notices[0].post == "clerk"


def test_what_is_done_already_asks_for_no_sitting() -> None:
    council = wayford(deadline(list_by="wheels", anchor="loan.crashed"), forums=(monthly(("P21D", "P28D", "P42D")),))
    state = lend(council)
    act(state, "visit", LATER)
    say(state, LATER, loan__crashed=date(2031, 3, 12))
    assert state.clocks["look"].state == "met"
    assert not entries(state, "extra_sitting_wanted")


# The end


def test_at_the_end_every_clock_stops_but_one_that_is_to_run_on() -> None:
    council = wayford(deadline(after="P1W"), deadline(key="bill", after="P2W", met_by="bill", after_end=True))
    state = lend(council)
    act(state, "end", LATER)
    assert {name: clock.state for name, clock in state.clocks.items()} == {"look": "stopped", "bill": "running"}
    run_to(state, at("2031-03-17 17:00"))
    assert state.clocks["bill"].state == "breached"
    assert state.clocks["look"].state == "stopped"


def test_what_the_last_act_meets_is_met_and_not_only_stopped() -> None:
    state = lent(deadline(after="P1W", met_by="end"), deadline(key="other", after="P1W"))
    act(state, "end", LATER)
    assert {name: clock.state for name, clock in state.clocks.items()} == {"look": "met", "other": "stopped"}


def test_an_end_that_takes_the_anchor_away_stops_what_counted_from_it() -> None:
    state = lent(deadline(after="P1W", counts_afresh=True), since="2031-03-10")
    act(state, "visit", LATER)
    assert state.clocks["look"].state == "running"
    state.facts = {}
    sync(state, LATER, ended=True)
    assert state.clocks["look"].state == "stopped"


# Due before the watch began


def test_what_was_due_before_it_began_is_shown_until_somebody_records_it_and_never_late() -> None:
    state = lent(deadline(after="P1W", already_due="shown"), since="2030-05-14")
    assert not state.clocks
    assert due_before(state, LATER) == ["Was due on 2030-05-21, before this was opened: look (WAY-001)"]
    act(state, "visit", LATER)
    assert due_before(state, LATER) == []


@pytest.mark.parametrize(
    "said",
    [
        {"already_due": "late"},
        {"already_due": "shown", "on_due": "tell"},
        {"already_due": "shown", "after": "P6Y"},
        {"already_due": "shown", "anchor": "loan.crashed"},
        {"already_due": "shown", "met_by": (), "met_when": [{"path": "loan.since", "present": True}]},
    ],
)
def test_only_what_was_due_and_is_not_done_is_shown(said: dict[str, Any]) -> None:
    assert due_before(lent(deadline(**{"after": "P1W", **said}), since="2030-05-14"), LATER) == []


# Properties

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["visit", "since", "dry", "wet", "wait", "brakes"]), st.integers(0, 90), st.integers(0, 20)
    ),
    max_size=10,
)
EVERY = (
    deadline(key="one", after="P1W", warn="P2D"),
    deadline(key="hours", after="PT48H", met_by="visit:brakes", counts_afresh=True),
    deadline(key="often", working_days=20, repeat=("P3M", "P6M"), warn_working_days=3, flag="Look!"),
    deadline(key="told", after="P2W", on_due="tell", flag="Told", met_by=(), tells="head"),
    deadline(key="panel", after="P1M", repeat="P6W", on_due="propose", proposes="wheels", sitting="wheels"),
    deadline(key="before", before="P1D", when=[{"path": "loan.dry", "not_equals": True}]),
    deadline(key="signed", after="P1D", met_by=(), met_when=[{"path": "loan.dry", "equals": True}]),
    deadline(key="limited", after="P6W", no_later_than="one", met_by="visit:bell"),
)


def played(steps: list[tuple[str, int, int]]) -> tuple[LoanState, datetime]:
    """A loan after these steps, each some days after the one before and telling of some days back."""
    state, now = lend(wayford(*EVERY, forums=(forum(),))), MONDAY
    for what, days, back in steps:
        now = max(now + timedelta(days=days), now)
        run_to(state, now)
        day = max((local(now) - timedelta(days=back)).date(), date(2031, 3, 3))
        match what:
            case "since":
                say(state, now, loan__since=day)
            case "dry" | "wet":
                say(state, now, loan__dry=what == "dry")
            case "visit" | "brakes":
                act(state, "visit", now, on=day, **({"sort": "brakes"} if what == "brakes" else {}))
    run_to(state, now)
    return state, now


@settings(deadline=None, max_examples=40)
@given(STEPS)
def test_doing_it_again_changes_nothing(steps: list[tuple[str, int, int]]) -> None:
    state, now = played(steps)
    before = state.model_dump()
    sync(state, now)
    sync(state, now)
    assert state.model_dump() == before
    assert not run_clocks(LOAN, state, now)


@settings(deadline=None, max_examples=40)
@given(STEPS)
def test_whatever_happens_nothing_ends_and_every_ticking_clock_has_something_to_wait_for(
    steps: list[tuple[str, int, int]],
) -> None:
    state, now = played(steps)
    assert state.stage == "out"
    for name, clock in state.clocks.items():
        if not clock.ticking:
            assert clock.next_event is None
        elif clock.state == "breached":
            assert clock.due <= now
        else:
            assert clock.next_event is not None
            assert clock.next_event > now, name
    assert len({one.deadline for one in state.open_proposals}) == len(state.open_proposals)


@settings(deadline=None, max_examples=40)
@given(STEPS)
def test_a_watch_is_late_exactly_while_a_clock_is_breached(steps: list[tuple[str, int, int]]) -> None:
    state, _ = played(steps)
    breached = [name for name, clock in state.clocks.items() if clock.state == "breached"]
    assert state.overdue is bool(breached)
    assert {note.clock for note in state.escalations if note.acknowledged_at is None} <= set(breached)
