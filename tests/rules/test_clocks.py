from datetime import datetime, timedelta

import pytest

from models.clocks import Clock
from models.journey import JourneyState
from models.vocabulary import ClockState, Priority, Stage
from rules import clocks
from rules.journeys.acts import run_clocks
from tests.builders import (
    AMIRA,
    DIANA,
    HELEN,
    HILLINGDON,
    PAT,
    THURSDAY,
    TOM,
    at,
    do,
    escalate,
    journey,
    journey_at,
    refused,
)

DUE = at("2031-03-20 17:00")
PROMISE = "action:A9"


def _watched(due: datetime = DUE, owner: str = "team_manager", now: datetime = THURSDAY) -> JourneyState:
    """A journey with one clock and nothing else that rings."""
    state = journey()
    clocks.stop_all(state, now)
    clocks.start(state, PROMISE, "action", due, owner, now)
    return state


def _told(state: JourneyState, what: str) -> list[list[str]]:
    return [[notice.post for notice in entry.notices] for entry in state.unrecorded if entry.what == what]


def _run(state: JourneyState, until: datetime) -> list[datetime]:
    """Let the clocks run as a process does, and say when they rang."""
    rang = []
    while state.next_event is not None and state.next_event <= until:
        rang.append(state.next_event)
        assert clocks.run(state, state.next_event, {})
    return rang


def test_a_clock_warns_its_owner_so_many_working_days_ahead() -> None:
    state = _watched()
    assert state.clocks[PROMISE].warns == at("2031-03-18 17:00")
    assert not clocks.run(state, at("2031-03-18 16:59"), {})
    assert clocks.run(state, at("2031-03-18 17:00"), {})
    assert state.clocks[PROMISE].state is ClockState.WARNED
    assert _told(state, "clock_warned") == [["team_manager"]]
    assert not state.overdue


def test_a_warning_keeps_its_time_on_the_wall_across_a_clock_change() -> None:
    state = _watched(at("2031-04-01 17:00"))
    assert state.clocks[PROMISE].warns == at("2031-03-28 17:00")
    assert state.clocks[PROMISE].due - at("2031-03-28 17:00") == timedelta(days=4) - timedelta(hours=1)


def test_a_clock_that_starts_within_its_warning_warns_no_more() -> None:
    state = _watched(now=at("2031-03-18 17:00"))
    assert state.clocks[PROMISE].warns is None
    assert state.clocks[PROMISE].next_event == DUE


def test_a_breach_tells_the_owner_and_the_next_post_up_and_raises_the_priority() -> None:
    state = _watched()
    _run(state, DUE)
    assert state.clocks[PROMISE].state is ClockState.BREACHED
    assert state.overdue
    assert state.escalated
    assert state.priority is Priority.HIGH
    assert _told(state, "clock_breached") == [["team_manager", "head_of_service"]]


def test_a_breach_climbs_a_rung_every_two_working_days_to_the_top_and_no_further() -> None:
    state = _watched(owner="social_worker")
    rang = _run(state, at("2031-12-31 12:00"))
    assert rang == [
        at("2031-03-18 17:00"),
        DUE,
        at("2031-03-24 17:00"),
        at("2031-03-26 17:00"),
        at("2031-03-28 17:00"),
    ]
    assert _told(state, "clock_breached") == [
        ["social_worker", "team_manager"],
        ["head_of_service"],
        ["director"],
    ]
    assert state.clocks[PROMISE].next_event is None
    assert state.overdue


def test_the_breach_of_a_clock_of_the_director_tells_nobody_above() -> None:
    state = _watched(owner="director")
    _run(state, at("2031-12-31 12:00"))
    assert _told(state, "clock_breached") == [["director"]]


def test_a_clock_of_a_post_that_nobody_holds_still_breaches() -> None:
    state = _watched(owner="wizard")
    _run(state, at("2031-12-31 12:00"))
    assert _told(state, "clock_breached") == [["wizard"]]


@pytest.mark.parametrize(("end", "ends"), [("meet", ClockState.MET), ("stop", ClockState.STOPPED)])
def test_an_end_resolves_the_escalation_of_the_clock_and_no_other(end: str, ends: ClockState) -> None:
    state = _watched()
    _run(state, DUE)
    escalate(state, DUE)
    {"meet": clocks.meet, "stop": clocks.stop}[end](state, PROMISE, DUE)
    assert state.clocks[PROMISE].state is ends
    assert state.clocks[PROMISE].next_event is None
    assert not state.overdue
    by_clock, by_person = state.escalations
    assert (by_clock.clock, by_clock.acknowledged_by) == (PROMISE, "waymark")
    assert by_person.acknowledged_at is None


def test_the_end_of_a_clock_that_ended_or_never_was_changes_nothing() -> None:
    state = _watched()
    clocks.meet(state, PROMISE, THURSDAY)
    before = state.model_dump_json()
    clocks.stop(state, PROMISE, THURSDAY)
    clocks.meet(state, "no such clock", THURSDAY)
    assert state.model_dump_json() == before


def test_clocks_that_are_due_together_ring_in_order_of_their_names() -> None:
    state = _watched()
    clocks.start(state, "action:A8", "action", DUE, "director", THURSDAY)
    clocks.run(state, DUE, {})
    assert [entry.text_of for entry in _breaches(state)] == ["action:A8", PROMISE]


class _Breach:
    def __init__(self, text: str | None) -> None:
        self.text_of = text


def _breaches(state: JourneyState) -> list[_Breach]:
    return [_Breach(event.note) for event in state.recent if event.what == "clock_breached"]


def test_what_a_clock_does_instead_of_breaching_is_done_when_it_is_due() -> None:
    state = _watched()
    done: list[str] = []

    def instead(state: JourneyState, clock: Clock, now: datetime) -> None:
        done.append(clock.name)
        clocks.meet(state, clock.name, now)

    clocks.run(state, DUE, {"action": instead})
    assert done == [PROMISE]
    assert not state.escalated


def test_a_process_that_slept_too_long_catches_up_in_one_go() -> None:
    state = _watched()
    assert clocks.run(state, at("2031-06-02 09:00"), {})
    assert state.clocks[PROMISE].state is ClockState.BREACHED
    assert state.clocks[PROMISE].next_rung == at("2031-06-04 09:00")


def test_the_next_event_and_deadline_are_the_earliest_of_clocks_that_tick() -> None:
    state = _watched()
    clocks.start(state, "action:A8", "action", at("2031-03-19 17:00"), "director", THURSDAY)
    assert state.next_deadline == at("2031-03-19 17:00")
    assert state.next_event == at("2031-03-17 17:00")
    clocks.stop_all(state, THURSDAY)
    assert not any(one.next_event for one in state.clocks.values())
    assert [one for one in state.clocks.values() if one.ticking] == []


def test_only_the_latest_finished_clocks_stay_in_sight() -> None:
    state = _watched()
    for number in range(100):
        clocks.start(state, f"action:B{number}", "action", DUE, "director", THURSDAY)
        clocks.meet(state, f"action:B{number}", THURSDAY)
    clocks.start(state, "action:last", "action", DUE, "director", THURSDAY)
    finished = [name for name, clock in state.clocks.items() if not clock.ticking]
    assert len(finished) == clocks.FINISHED_KEPT
    assert finished[-1] == "action:B99"
    assert PROMISE in state.clocks


def test_close_of_business_is_counted_in_working_days() -> None:
    state = journey()
    assert clocks.due_after(state, "decision_sheet", at("2031-04-08 10:00")) == at("2031-04-17 17:00")
    assert clocks.due_after(state, "action", at("2031-04-08 10:00")) == at("2031-04-08 17:00")


def test_a_cut_off_that_passes_is_said_and_the_next_is_watched() -> None:
    _, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    assert state.clocks["cut_off"].due == at("2031-03-07 12:00")
    assert state.clocks["cut_off"].owner == "head_of_service"
    _ring(state, at("2031-03-07 12:00"))
    assert _told(state, "cut_off_missed") == []
    _ring(state, at("2031-03-07 12:01"))
    assert _told(state, "cut_off_missed") == [["head_of_service", "director"]]
    assert state.clocks["cut_off"].due == at("2031-03-14 12:00")
    assert not state.escalated


def test_the_second_cut_off_that_passes_is_brought_to_somebodys_eyes() -> None:
    _, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    _ring(state, at("2031-03-14 12:01"))
    assert state.escalated
    assert _told(state, "clock_breached") == [["head_of_service", "director"]]
    do(state, "endorse", HELEN, at("2031-03-17 10:00"))
    assert not state.escalated


def _ring(state: JourneyState, until: datetime) -> None:
    while state.next_event is not None and state.next_event <= until:
        run_clocks(state, state.next_event)


def test_no_clock_ends_or_moves_a_journey_that_waits_for_a_person() -> None:
    for stage in (Stage.AWAITING_SIGN_OFF, Stage.RETURNED, Stage.AWAITING_ENDORSEMENT, Stage.AWAITING_DECISION):
        _, state, _ = journey_at(stage)
        _ring(state, at("2031-12-01 12:00"))
        assert state.stage is stage


def test_an_action_that_is_not_done_in_time_climbs_from_its_owner() -> None:
    office, state, _ = journey_at(Stage.ACTIONS_OPEN)
    office.advance(at("2031-03-28 17:00"))
    assert state.overdue
    ours = [entry for entry in office.entries if entry.process_id == state.process_id]
    breached = [entry for entry in ours if entry.what == "clock_breached"]
    assert [notice.post for notice in breached[0].notices] == ["social_worker", "team_manager"]
    do(state, "complete_action", AMIRA, at("2031-03-28 18:00"), evidence="EV-1")
    assert not state.overdue


def test_everybody_whose_escalation_is_acknowledged_gets_to_know() -> None:
    _, state, now = journey_at(Stage.AWAITING_SIGN_OFF)
    assert "Nothing is escalated" in refused(state, "acknowledge_escalation", TOM, now).sentence
    escalate(state, now)
    do(state, "acknowledge_escalation", DIANA, now, reasons="Seen.")
    assert not state.escalated
    assert state.escalations[0].acknowledged_by == "diana"
    assert state.unrecorded[-1].notices[0].post == "head_of_service"
    assert refused(state, "acknowledge_escalation", PAT, now).code == "illegal_move"


def test_every_clock_of_the_council_is_cited() -> None:
    assert all(rule.cites for rule in HILLINGDON.clocks.values())
