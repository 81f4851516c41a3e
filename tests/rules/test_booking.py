from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import RefusalCode
from models.process import Release
from models.sitting import SittingState
from models.vocabulary import CaseState, SittingStage
from rules.sittings.booking import book, release
from rules.sittings.order import agenda, case_of, reserves
from rules.working_days import local
from tests.builders import (
    AMIRA,
    CAROL,
    DEV,
    HILLINGDON,
    PANEL,
    PAST_NOON,
    PAT,
    THURSDAY,
    at,
    do,
    request,
    sitting,
    sitting_at,
    sitting_with,
)

DURING = at("2031-03-11 10:00")


def _times(state: SittingState) -> list[str]:
    return [f"{local(state.starts + timedelta(minutes=15 * (case.slot or 0))):%H:%M}" for case in agenda(state)]


def _refs(state: SittingState) -> list[str]:
    return [case.papers.referral_ref for case in agenda(state)]


def _reserves(state: SittingState) -> list[str]:
    return [case.papers.referral_ref for case in reserves(state)]


def _release(state: SittingState, ref: str, now: datetime = THURSDAY, message_id: str | None = None) -> None:
    release(state, Release(message_id=message_id or f"release-{ref}", referral_ref=ref, by=AMIRA), now)


def test_ten_cases_have_a_slot_of_a_quarter_of_an_hour_and_the_eleventh_is_a_reserve() -> None:
    state = sitting_with(9)
    assert book(state, request("N-10"), THURSDAY).slot == at("2031-03-11 11:45")
    answer = book(state, request("N-11"), THURSDAY)
    assert (answer.status, answer.slot, answer.reserve) == ("reserved", None, 1)
    assert _times(state)[:3] == ["09:30", "09:45", "10:00"]
    assert len(agenda(state)) == 10


def test_five_cases_have_half_an_hour_at_complex_harp_and_the_sixth_is_a_reserve() -> None:
    state = sitting_with(4, forum="complex_harp")
    assert book(state, request("N-5"), THURSDAY).slot == at("2031-03-11 15:30")
    assert book(state, request("N-6"), THURSDAY).reserve == 1


def test_asking_again_is_answered_with_the_same_place() -> None:
    state = sitting_with(11)
    for ref in ("N-3", "N-11"):
        before = state.model_dump_json()
        again = book(state, request(ref), PAST_NOON)
        assert again == book(state, request(ref), PAST_NOON)
        assert again.status in ("listed", "reserved")
        assert state.model_dump_json() == before


def test_a_free_slot_is_used_again() -> None:
    state = sitting_with(4)
    _release(state, "N-2")
    assert book(state, request("N-5"), THURSDAY).slot == at("2031-03-11 09:45")
    assert _refs(state) == ["N-1", "N-5", "N-3", "N-4"]
    assert book(state, request("N-6"), THURSDAY).slot == at("2031-03-11 10:30")


def test_a_place_that_is_given_back_goes_to_the_first_of_the_reserve_list() -> None:
    state = sitting_with(13)
    state.undelivered = []
    _release(state, "N-4")
    assert _refs(state)[3] == "N-11"
    assert _reserves(state) == ["N-12", "N-13"]
    news = [(one.news.kind, one.news.slot, one.news.reserve) for one in state.undelivered if one.news]
    assert news == [
        ("listed", at("2031-03-11 10:15"), None),
        ("reserved", None, 1),
        ("reserved", None, 2),
    ]


def test_a_reserve_that_leaves_moves_the_others_up() -> None:
    state = sitting_with(13)
    _release(state, "N-11")
    assert _reserves(state) == ["N-12", "N-13"]
    assert len(agenda(state)) == 10


def test_reserves_stand_in_order_of_asking_with_carried_over_cases_first() -> None:
    state = sitting_with(12)
    answer = book(state, request("C-1", carried_over=True), PAST_NOON)
    assert answer.reserve == 1
    assert _reserves(state) == ["C-1", "N-11", "N-12"]
    _release(state, "N-1")
    assert case_of(state, "C-1") in agenda(state)


def test_reserves_that_asked_at_the_same_moment_stand_in_order_of_their_references() -> None:
    state = sitting_with(10)
    for ref in ("R-9", "R-7", "R-8"):
        book(state, request(ref), THURSDAY + timedelta(minutes=5))
    assert _reserves(state) == ["R-7", "R-8", "R-9"]


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [("2031-03-07 12:00", True), ("2031-03-07 12:00:59", True), ("2031-03-07 12:01", False)],
)
def test_a_sitting_takes_cases_until_the_minute_of_its_cut_off(moment: str, *, in_time: bool) -> None:
    answer = book(sitting(), request(), at(moment))
    assert (answer.status == "listed") is in_time
    assert answer.code is (None if in_time else RefusalCode.PAST_CUT_OFF)


@pytest.mark.parametrize(
    ("changes", "taken"),
    [
        ({"late_agreed_by": CAROL}, True),
        ({"late_agreed_by": DEV}, False),
        ({"emergency": True}, True),
        ({"carried_over": True}, True),
        ({"extra_agreed_by": CAROL}, False),
        ({}, False),
    ],
)
def test_past_the_cut_off_only_the_chair_an_emergency_or_an_earlier_place_helps(
    changes: dict[str, object], *, taken: bool
) -> None:
    state = sitting(chair="carol")
    assert (book(state, request(**changes), PAST_NOON).status == "listed") is taken


def test_without_a_rota_whoever_was_entitled_to_agree_has_agreed() -> None:
    assert book(sitting(), request(late_agreed_by=CAROL), PAST_NOON).status == "listed"


def test_lateness_that_was_agreed_is_no_place_beyond_the_limit() -> None:
    state = sitting_with(10)
    assert book(state, request(late_agreed_by=CAROL), PAST_NOON).status == "reserved"


@pytest.mark.parametrize("changes", [{"emergency": True}, {"extra_agreed_by": CAROL}])
def test_an_emergency_or_the_chairs_agreement_adds_a_slot_at_the_end(changes: dict[str, object]) -> None:
    state = sitting_with(10)
    assert book(state, request(**changes), THURSDAY).slot == at("2031-03-11 12:00")
    case = case_of(state, "R-1")
    assert case is not None
    assert case.extra
    assert len(agenda(state)) == 11


def test_a_reserve_whose_extra_place_is_agreed_leaves_the_reserve_list() -> None:
    state = sitting_with(12)
    assert book(state, request("N-12", extra_agreed_by=CAROL), THURSDAY).slot == at("2031-03-11 12:00")
    assert _reserves(state) == ["N-11"]


def test_a_place_beyond_the_limit_is_not_filled_again() -> None:
    state = sitting_with(10)
    book(state, request("E-1", emergency=True), THURSDAY)
    book(state, request("N-11"), THURSDAY)
    _release(state, "N-1")
    assert len(agenda(state)) == 10
    assert _reserves(state) == ["N-11"]


def test_a_forum_without_a_reserve_list_refuses_when_it_is_full() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["capacity"]["overflow"] = "next_sitting"
    state = sitting_with(10, council=type(HILLINGDON).model_validate(whole), chair="carol")
    answer = book(state, request(), THURSDAY)
    assert (answer.status, answer.code, answer.chair) == ("refused", RefusalCode.SITTING_FULL, "carol")
    assert book(state, request(emergency=True), THURSDAY).status == "listed"


def test_a_forum_without_a_capacity_has_only_reserves() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["capacity"] = None
    state = sitting(council=type(HILLINGDON).model_validate(whole))
    assert book(state, request(), THURSDAY).status == "reserved"


@pytest.mark.parametrize("stage", [SittingStage.CLOSED, SittingStage.POSTPONED, SittingStage.CANCELLED])
def test_a_sitting_that_is_over_takes_nobody(stage: SittingStage) -> None:
    state, now = sitting_at(stage)
    before = state.model_dump_json()
    answer = book(state, request(emergency=True), now)
    assert (answer.status, answer.code) == ("refused", RefusalCode.ILLEGAL_MOVE)
    assert (answer.moved_to is not None) == (stage is SittingStage.POSTPONED)
    assert state.model_dump_json() == before


def test_the_same_release_arrives_once() -> None:
    state = sitting_with(2)
    _release(state, "N-1", message_id="r-1")
    before = state.model_dump_json()
    _release(state, "N-2", message_id="r-1")
    assert state.model_dump_json() == before


@pytest.mark.parametrize("ref", ["N-1", "N-2", "X-9"])
def test_a_case_that_is_being_heard_decided_or_not_here_is_not_released(ref: str) -> None:
    state, now = sitting_at(SittingStage.IN_SESSION)
    cases = list(state.cases)
    _release(state, ref, now)
    assert state.cases == cases


def test_nobody_moves_up_during_the_meeting() -> None:
    state = sitting_with(11)
    room = [{"staff": who, "post": "head_of_service", "council": "hillingdon"} for who in ("dev", "esi")]
    do(state, "open_sitting", PAT, DURING, chair=CAROL.model_dump(), present=room)
    _release(state, "N-1", DURING)
    assert _reserves(state) == ["N-11"]


def test_a_case_that_left_may_come_back() -> None:
    state = sitting_with(2)
    _release(state, "N-1")
    assert case_of(state, "N-1") is None
    book(state, request("N-1"), THURSDAY)
    assert [case.papers.referral_ref for case in state.cases].count("N-1") == 1


def test_a_place_that_is_carried_over_before_the_meeting_goes_to_the_reserve_list() -> None:
    state = sitting_with(11)
    do(state, "carry_over", PAT, THURSDAY, case="N-1")
    assert _reserves(state) == []


ASKS = st.lists(
    st.tuples(
        st.sampled_from(["book", "book", "book", "release"]),
        st.integers(1, 15),
        st.booleans(),
        st.sampled_from(["", "", "", "emergency", "extra", "late"]),
    ),
    max_size=40,
)


@given(ASKS)
@settings(deadline=None, max_examples=60)
def test_no_booking_exceeds_the_limit_without_a_waiver_or_doubles_a_case_or_a_slot(
    asks: list[tuple[str, int, bool, str]],
) -> None:
    state = sitting(PANEL)
    for step, (what, number, carried_over, waiver) in enumerate(asks):
        now = THURSDAY + timedelta(minutes=step)
        before = len(agenda(state))
        if what == "book":
            waived = {
                "emergency": waiver == "emergency",
                "extra_agreed_by": CAROL if waiver == "extra" else None,
                "late_agreed_by": CAROL if waiver == "late" else None,
            }
            answer = book(state, request(f"N-{number}", carried_over=carried_over, **waived), now)
            assert answer.status != "refused"
            assert len(agenda(state)) <= max(10, before + (waiver in ("emergency", "extra")))
        else:
            _release(state, f"N-{number}", now, f"release-{step}")
        refs = [case.papers.referral_ref for case in state.cases]
        slots = [case.slot for case in agenda(state)]
        assert len(refs) == len(set(refs))
        assert len(slots) == len(set(slots))
        assert None not in slots
        assert all(case.slot is None for case in state.cases if case.state is CaseState.RESERVED)
        assert not (reserves(state) and len(agenda(state)) < 10)
