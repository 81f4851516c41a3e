"""Agendas of other kinds: no limit, a target, siblings in one slot, ranks, scores, priorities, extra dates."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import RefusalCode
from models.people import Actor
from models.process import Release
from models.sitting import BookingAnswer, SittingState
from models.vocabulary import CaseState
from rules.sittings.acts import run_clocks
from rules.sittings.booking import book, release
from rules.sittings.order import agenda, place_key, reserves, taken
from rules.sittings.turns import units_due
from rules.sittings.views import view
from tests.builders import (
    CAROL,
    DEV,
    ESI,
    HELEN,
    HILLINGDON,
    PANEL,
    PAT,
    THURSDAY,
    at,
    council_with,
    do,
    papers,
    person,
    refused,
    request,
    sitting,
)

HARP = HILLINGDON.model_dump()["forums"]["harp"]
MORNING = at("2031-03-11 09:30")


def meeting(now: datetime = THURSDAY, acts: tuple[str, ...] = (), **parts: Any) -> SittingState:  # noqa: ANN401
    """A sitting of a panel like HARP with parts of its own; `acts` that not every council has are the coordinator's."""
    own = {
        name: {**(HARP[name] or {"cites": ["HIL-068"]}), **said} if isinstance(said, dict) else said
        for name, said in parts.items()
    }
    mine = {act: {"posts": ["panel_administrator", "head_of_service"], "cites": ["HIL-068"]} for act in acts}
    return sitting(PANEL, now, "harp", None, council_with(harp={**own, "authority": mine}))


def _ask(state: SittingState, ref: str, now: datetime = THURSDAY, /, **changes: Any) -> BookingAnswer:  # noqa: ANN401
    own = {key: changes.pop(key) for key in ("family", "rank", "score", "forum") if key in changes}
    return book(state, request(ref, papers=papers(ref, **own), **changes), now)


def _on_agenda(state: SittingState) -> list[tuple[str, int | None]]:
    return [(case.papers.referral_ref, case.slot) for case in agenda(state)]


def _waiting(state: SittingState) -> list[str]:
    return [case.papers.referral_ref for case in reserves(state)]


def _told(state: SittingState) -> list[tuple[str, str]]:
    return [(notice.post, notice.subject) for entry in state.unrecorded for notice in entry.notices]


def _leave(state: SittingState, ref: str) -> None:
    release(state, Release(message_id=f"r-{ref}-{state.sequence}", referral_ref=ref, by=CAROL), THURSDAY)


FAMILIES = {"cases": 2, "target": 1, "minutes": 30, "unit": "family", "beyond": "nobody", "overflow": "next_sitting"}


def test_a_panel_without_a_limit_takes_as_many_as_come_and_shows_none() -> None:
    state = meeting(capacity={"cases": None})
    for number in range(30):
        assert _ask(state, f"N-{number}").status == "listed"
    assert view(state, THURSDAY).capacity is None


def test_siblings_share_one_slot_and_one_place() -> None:
    state = meeting(capacity=FAMILIES)
    first = _ask(state, "S-1", family="F")
    second = _ask(state, "S-2", family="F")
    other = _ask(state, "X")
    assert (first.slot, second.slot, other.slot) == (MORNING, MORNING, MORNING + timedelta(minutes=30))
    assert (taken(state), len(agenda(state))) == (2, 3)
    full = _ask(state, "Y")
    assert (full.status, full.code) == ("refused", RefusalCode.SITTING_FULL)
    assert _ask(state, "S-3", family="F").status == "listed"


def test_a_place_of_a_family_is_free_when_its_last_child_leaves() -> None:
    state = meeting(capacity={**FAMILIES, "cases": 1, "target": None, "overflow": "reserve"})
    for ref in ("S-1", "S-2"):
        _ask(state, ref, family="F")
    for ref in ("T-1", "T-2"):
        assert (_ask(state, ref, family="G").reserve) == 1
    assert _ask(state, "X").reserve == 2
    _leave(state, "S-1")
    assert _waiting(state) == ["T-1", "T-2", "X"]
    _leave(state, "S-2")
    assert _on_agenda(state) == [("T-1", 0), ("T-2", 0)]
    assert _waiting(state) == ["X"]


def test_children_without_a_family_reference_and_cases_of_a_panel_by_case_count_one_by_one() -> None:
    by_family, by_case = meeting(capacity=FAMILIES), meeting(capacity={**FAMILIES, "unit": "case"})
    assert place_key(by_family, papers("A")) != place_key(by_family, papers("B"))
    assert place_key(by_case, papers("A", family="F")) == "A"


def test_a_family_whose_sitting_moved_keeps_its_slot_together() -> None:
    state = meeting(capacity=FAMILIES)
    for ref in ("S-1", "S-2"):
        answer = _ask(state, ref, family="F", kept_slot=3, carried_over=True)
        assert answer.slot == MORNING + timedelta(minutes=90)
    assert _ask(state, "X", kept_slot=3, carried_over=True).slot == MORNING


def test_above_its_target_a_sitting_says_so_once_and_refuses_nobody() -> None:
    state = meeting(capacity={**FAMILIES, "cases": 3})
    _ask(state, "S-1", family="F")
    assert view(state, THURSDAY).flags == []
    _ask(state, "X")
    _ask(state, "X-2")
    _ask(state, "S-2", family="F")
    assert _told(state).count(("panel_administrator", "above_target")) == 1
    assert view(state, THURSDAY).flags == ["Above its target of 1: 3"]


def test_a_firm_place_is_a_slot_or_nothing_and_asks_no_cut_off() -> None:
    state = meeting(capacity={"cases": 1, "overflow": "reserve_and_next"})
    late = at("2031-03-10 09:00")
    assert _ask(state, "A", late, firm=True).status == "listed"
    assert _ask(state, "B", late, firm=True).code is RefusalCode.SITTING_FULL
    assert _ask(state, "C").reserve == 1


def test_when_more_than_half_as_many_wait_as_are_heard_an_extra_date_is_wanted() -> None:
    state = meeting(capacity={"cases": 2, "overflow": "reserve_and_next"})
    for ref in ("A", "B", "C"):
        _ask(state, ref)
    assert ("panel_administrator", "extra_sitting_wanted") not in _told(state)
    _ask(state, "D")
    assert ("panel_administrator", "extra_sitting_wanted") in _told(state)


def test_cases_with_a_rank_are_taken_in_its_order_and_told_when_their_slot_changes() -> None:
    state = meeting(capacity={"cases": None})
    assert _ask(state, "THIRD", rank=3).slot == MORNING
    assert _ask(state, "NONE").slot == MORNING + timedelta(minutes=15)
    assert _ask(state, "FIRST", rank=1).slot == MORNING
    assert _on_agenda(state) == [("FIRST", 0), ("THIRD", 1), ("NONE", 2)]
    assert {news.news.slot for news in state.undelivered if news.news and news.to.endswith("NONE")} == {
        MORNING + timedelta(minutes=30)
    }


def test_a_rank_deals_no_slots_once_the_meeting_has_begun() -> None:
    state = meeting(capacity={"cases": None})
    _ask(state, "THIRD", rank=3)
    _open(state, CAROL)
    assert _ask(state, "FIRST", at("2031-03-11 09:40"), rank=1, emergency=True).slot == MORNING + timedelta(minutes=15)


def test_a_reserve_list_of_scored_cases_takes_the_highest_score_first_then_who_waited_longest() -> None:
    state = meeting(capacity={"cases": 1, "overflow": "reserve"})
    _ask(state, "A", score=3)
    _ask(state, "LOW", score=2)
    _ask(state, "OLD", THURSDAY + timedelta(minutes=2), score=9)
    _ask(state, "NEW", THURSDAY + timedelta(minutes=3), score=9)
    assert _waiting(state) == ["OLD", "NEW", "LOW"]
    assert _on_agenda(state) == [("A", 0)]


def test_the_advisor_orders_the_agenda_and_the_reserve_list() -> None:
    state = meeting(acts=("set_priority",), capacity={"cases": 2, "overflow": "reserve_and_next"})
    for number in range(4):
        _ask(state, f"N-{number}", THURSDAY + timedelta(minutes=number))
    do(state, "set_priority", PAT, THURSDAY, order=["N-3", "N-1"])
    assert _on_agenda(state) == [("N-3", 0), ("N-1", 1)]
    assert _waiting(state) == ["N-0", "N-2"]
    kinds = {(said.to[-3:], said.news.kind) for said in state.undelivered if said.news}
    assert {("N-3", "listed"), ("N-0", "reserved")} <= kinds


def test_an_emergency_keeps_its_place_whatever_the_order() -> None:
    state = meeting(acts=("set_priority",), capacity={"cases": 1, "overflow": "reserve"})
    _ask(state, "A")
    _ask(state, "E", emergency=True)
    _ask(state, "B")
    do(state, "set_priority", PAT, THURSDAY, order="B")
    assert [ref for ref, _ in _on_agenda(state)] == ["B", "E"]
    assert _waiting(state) == ["A"]


def test_a_case_that_is_not_here_cannot_be_put_first() -> None:
    state = meeting(acts=("set_priority",))
    _ask(state, "A")
    assert refused(state, "set_priority", PAT, THURSDAY, order=["A", "X"]).code is RefusalCode.UNKNOWN


def test_siblings_move_together_in_an_order() -> None:
    state = meeting(acts=("set_priority",), capacity={**FAMILIES, "cases": 1, "overflow": "reserve"})
    _ask(state, "A")
    for ref in ("S-1", "S-2"):
        _ask(state, ref, family="F")
    do(state, "set_priority", PAT, THURSDAY, order=["S-2"])
    assert sorted(_on_agenda(state)) == [("S-1", 0), ("S-2", 0)]


def test_the_reserve_list_goes_to_an_extra_date_as_far_as_it_has_places() -> None:
    state = meeting(acts=("add_date",), capacity={"cases": 1, "overflow": "reserve_and_next"})
    for ref in ("A", "B", "C"):
        _ask(state, ref)
    state.undelivered = []
    do(state, "add_date", PAT, THURSDAY, to="2031-03-13", reasons="Two wait.")
    moved = [said.news for said in state.undelivered if said.news and said.news.kind == "moved"]
    assert [(news.moved_to, news.kept_slot) for news in moved] == [(date(2031, 3, 13), None)]
    assert (_on_agenda(state), _waiting(state)) == ([("A", 0)], ["C"])
    assert state.moved_to is None


@pytest.mark.parametrize("day", ["2031-03-06", "2031-03-05", "2031-03-11", "2031-03-15", "2031-04-14"])
def test_an_extra_date_is_a_working_day_ahead(day: str) -> None:
    state = meeting(acts=("add_date",), capacity={"cases": 1})
    for ref in ("A", "B"):
        _ask(state, ref)
    assert refused(state, "add_date", PAT, THURSDAY, to=day).code is RefusalCode.INVALID


@pytest.mark.parametrize("act", ["set_priority", "add_date", "circulate_papers", "record_minutes", "approve_minutes"])
def test_acts_of_other_councils_are_not_offered_where_the_procedure_has_none(act: str) -> None:
    state = meeting()
    _ask(state, "A")
    assert act not in view(state, THURSDAY).next_acts
    assert refused(state, act, PAT, THURSDAY).code is RefusalCode.ILLEGAL_MOVE


def test_a_date_is_added_though_nobody_waits_and_takes_the_cases_that_are_named() -> None:
    state = meeting(acts=("add_date",), capacity={"cases": 2, "overflow": "reserve_and_next"})
    do(state, "add_date", PAT, THURSDAY, to="2031-03-13")
    for ref in ("A", "B", "C"):
        _ask(state, ref)
    assert refused(state, "add_date", PAT, THURSDAY, to="2031-03-13", cases="X").code is RefusalCode.UNKNOWN
    do(state, "add_date", PAT, THURSDAY, to="2031-03-10", cases="A")
    assert (sorted(_on_agenda(state)), _waiting(state)) == ([("B", 1), ("C", 0)], [])


def test_without_cases_there_is_no_agenda_to_order() -> None:
    state = meeting(acts=("set_priority",))
    assert "set_priority" not in view(state, THURSDAY).next_acts
    assert refused(state, "set_priority", PAT, THURSDAY, order=["A"]).code is RefusalCode.ILLEGAL_MOVE


PAPERS = {"working_days_before": 2, "at": time(17)}


def _circulation(state: SittingState) -> tuple[str, datetime]:
    clock = state.clocks["circulation"]
    return clock.state, clock.due


def test_papers_go_round_two_working_days_before_to_whoever_sits_on_every_case() -> None:
    state = meeting(acts=("circulate_papers",), papers=PAPERS)
    assert _circulation(state) == ("running", at("2031-03-07 17:00"))
    assert "circulate_papers" not in view(state, THURSDAY).next_acts
    _ask(state, "A")
    do(state, "circulate_papers", PAT, at("2031-03-07 16:59"))
    assert _circulation(state)[0] == "met"
    assert ("virtual_school_head", "papers_circulated") in _told(state)
    assert ("social_worker", "papers_circulated") not in _told(state)


def test_papers_of_a_case_that_comes_after_them_are_told_of_at_once() -> None:
    state = meeting(acts=("circulate_papers",), papers=PAPERS)
    _ask(state, "A")
    do(state, "circulate_papers", PAT, at("2031-03-07 16:00"))
    _ask(state, "E", at("2031-03-10 10:00"), emergency=True)
    assert ("virtual_school_head", "papers_added") in _told(state)
    assert _circulation(state)[0] == "met"


def test_papers_that_did_not_go_out_escalate_until_the_meeting_begins() -> None:
    state = meeting(acts=("circulate_papers",), papers=PAPERS)
    _ask(state, "A")
    _ring(state, at("2031-03-07 17:00"))
    assert state.overdue
    _open(state, CAROL)
    assert _circulation(state)[0] == "stopped"
    assert not state.overdue


def test_nobody_waits_for_the_papers_of_an_empty_meeting_until_a_case_comes() -> None:
    state = meeting(acts=("circulate_papers",), papers=PAPERS)
    _ring(state, at("2031-03-07 17:00"))
    assert _circulation(state)[0] == "stopped"
    _ask(state, "E", at("2031-03-10 10:00"), emergency=True)
    assert _circulation(state) == ("running", MORNING)


MINUTES = {"working_days": 5}
WEST = person("west", "head_of_service", "family safeguarding west")


def _open(state: SittingState, chair: Actor, now: datetime = MORNING) -> None:
    others = [one for one in (CAROL, DEV, ESI) if one != chair]
    room = [one.model_dump() for one in (chair, *others, PAT)]
    do(state, "open_sitting", PAT, now, chair=chair.model_dump(), present=room)


def _ring(state: SittingState, now: datetime) -> None:
    run_clocks(state, now)


def _held(**parts: Any) -> SittingState:  # noqa: ANN401 - parts of a forum
    state = meeting(acts=("record_minutes", "approve_minutes"), **parts)
    _ask(state, "A")
    _open(state, CAROL)
    do(state, "hear", PAT, MORNING, case="A")
    do(state, "record_decision", PAT, MORNING, case="A", decision="noted", rationale="Heard.")
    do(state, "close_sitting", PAT, at("2031-03-11 12:00"))
    do(state, "approve_decision", CAROL, at("2031-03-11 12:00"), case="A")
    return state


def test_minutes_are_drafted_in_time_and_final_with_the_chair() -> None:
    state = _held(minutes=MINUTES)
    assert (state.clocks["minutes"].due, view(state, MORNING).open) == (at("2031-03-18 17:00"), True)
    assert view(state, MORNING).waiting_on == "panel_administrator"
    assert refused(state, "approve_minutes", CAROL, MORNING).code is RefusalCode.ILLEGAL_MOVE
    do(state, "record_minutes", PAT, at("2031-03-18 16:59"), minutes="DOC-7")
    assert (state.clocks["minutes"].state, view(state, MORNING).waiting_on) == ("met", "head_of_service")
    assert state.clocks["minutes_approval"].due == at("2031-03-25 17:00")
    assert refused(state, "approve_minutes", DEV, at("2031-03-19 09:00")).code is RefusalCode.NOT_AUTHORISED
    do(state, "record_minutes", PAT, at("2031-03-19 09:00"), minutes="DOC-8")
    do(state, "approve_minutes", CAROL, at("2031-03-19 09:00"))
    now_seen = view(state, MORNING)
    assert (now_seen.minutes, now_seen.open, now_seen.waiting_on) == ("final", False, None)
    assert ("director", "minutes_final") in _told(state)


def test_minutes_that_nobody_wrote_are_overdue_at_close_of_business_of_their_last_day() -> None:
    state = _held(minutes=MINUTES)
    _ring(state, at("2031-03-18 17:00"))
    assert state.clocks["minutes"].state == "breached"


def test_a_council_without_minutes_ends_its_sittings_without_them() -> None:
    assert not view(_held(), MORNING).open


def test_a_meeting_that_heard_nobody_has_no_minutes() -> None:
    state = meeting(minutes=MINUTES)
    _open(state, CAROL)
    do(state, "close_sitting", PAT, at("2031-03-11 12:00"))
    assert not view(state, MORNING).open


TURNS = (
    {
        "units": ["family safeguarding west", "family safeguarding east"],
        "anchor": date(2031, 3, 5),
        "cites": ["HIL-068"],
    },
    {"units": ["assessment", "sash"], "anchor": date(2031, 3, 3), "every_weeks": 2, "cites": ["HIL-068"]},
)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2031, 3, 5), ["family safeguarding west", "assessment"]),
        (date(2031, 3, 9), ["family safeguarding west", "assessment"]),
        (date(2031, 3, 10), ["family safeguarding east", "assessment"]),
        (date(2031, 3, 19), ["family safeguarding west", "sash"]),
        (date(2031, 2, 26), ["family safeguarding east", "sash"]),
        (date(2031, 1, 1), ["family safeguarding east", "sash"]),
    ],
)
def test_turns_in_the_chair_go_by_the_week_before_and_after_the_anchor(on: date, due: list[str]) -> None:
    forum = council_with(harp={"chairing": TURNS}).forums["harp"]
    assert units_due(forum, on) == due


def test_out_of_turn_is_said_and_never_refused() -> None:
    state = meeting(chairing=TURNS)
    assert view(state, THURSDAY).chair_expected == ["family safeguarding east", "assessment"]
    _open(state, WEST)
    assert any(flag.startswith("Chaired out of turn: due was family safeguarding east") for flag in state.flags)


@pytest.mark.parametrize("unit", [None, "Assessment", "family safeguarding east"])
def test_whoever_is_due_and_whoever_has_no_unit_chairs_in_turn(unit: str | None) -> None:
    state = meeting(chairing=TURNS)
    _open(state, person("somebody", "head_of_service", unit))
    assert not [flag for flag in state.flags if "out of turn" in flag]


def test_a_rota_goes_before_turns() -> None:
    state = meeting(chairing=TURNS)
    state.rota_chair = "west"
    _open(state, WEST)
    assert not [flag for flag in state.flags if "out of turn" in flag]


@pytest.mark.parametrize(
    ("late", "by", "rota", "taken_in"),
    [
        ("chair", CAROL, None, True),
        ("chair", CAROL, "dev", False),
        ("posts", CAROL, "dev", True),
        ("chair_or_head", HELEN, "dev", True),
        ("nobody", CAROL, None, False),
    ],
)
def test_a_sitting_lets_a_late_case_in_as_its_cut_off_says(
    late: str, by: Actor, rota: str | None, *, taken_in: bool
) -> None:
    state = meeting(cut_off={"late": late})
    state.rota_chair = rota
    answer = _ask(state, "A", at("2031-03-07 12:01"), late_agreed_by=by)
    assert (answer.status == "listed") is taken_in


def test_a_held_place_counts_and_is_not_heard_before_its_papers_are_in() -> None:
    state = meeting(capacity={"cases": 1, "overflow": "reserve"})
    _ask(state, "A", provisional=True)
    assert _ask(state, "B").reserve == 1
    _open(state, CAROL)
    assert refused(state, "hear", PAT, MORNING, case="A").code is RefusalCode.INCOMPLETE
    assert view(state, MORNING).agenda[0].provisional
    _ask(state, "A", MORNING)
    do(state, "hear", PAT, MORNING, case="A")


ASKS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "release", "order"]),
        st.integers(1, 9),
        st.sampled_from([None, "F", "G"]),
        st.booleans(),
    ),
    max_size=25,
)


@given(ASKS)
@settings(deadline=None, max_examples=60)
def test_families_never_share_a_slot_and_never_exceed_the_limit_unless_in_an_emergency(
    asks: list[tuple[str, int, str | None, bool]],
) -> None:
    state = meeting(acts=("set_priority",), capacity={**FAMILIES, "target": None, "overflow": "reserve"})
    emergencies: set[str] = set()
    for step, (what, number, family, emergency) in enumerate(asks):
        ref, now = f"N-{number}", THURSDAY + timedelta(minutes=step)
        if what == "book":
            _ask(state, ref, now, family=family, emergency=emergency)
            emergencies |= {ref} if emergency else set()
        elif what == "release":
            _leave(state, ref)
        elif agenda(state) or reserves(state):
            here = [case.papers.referral_ref for case in (*reserves(state), *agenda(state))]
            do(state, "set_priority", PAT, now, order=here[:3])
        slots: dict[int, set[str]] = {}
        for case in agenda(state):
            assert case.slot is not None
            slots.setdefault(case.slot, set()).add(place_key(state, case.papers))
        assert all(len(keys) == 1 for keys in slots.values())
        assert len(slots) == taken(state) <= 2 + len(emergencies)
        assert all(case.slot is None for case in state.cases if case.state is CaseState.RESERVED)
