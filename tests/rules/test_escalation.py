from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import RefusalCode
from models.process import ProcessState
from models.vocabulary import JourneyAct, Priority, Stage
from rules.escalation import NOTES_KEPT, read_signal
from tests.builders import (
    CAROL,
    DIANA,
    HILLINGDON,
    THURSDAY,
    TOM,
    do,
    escalate,
    journey,
    journey_at,
    refusal_of,
    sitting_with,
)

PLAIN = {"staff": "carol", "post": "head_of_service", "reason": "It takes long."}
WHOLE = {"actor": CAROL.model_dump(), "message_id": "m-1", "details": {"reasons": "It takes long."}}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(
    ["staff", "post", "council", "unit", "reason", "reasons", "circumstances", "actor", "details", "message_id"]
)
ALMOST = st.dictionaries(
    KEYS,
    JSON
    | st.sampled_from(["carol", "head_of_service", "hillingdon", "director", "unnumbered"])
    | st.dictionaries(KEYS, JSON | st.sampled_from(["carol", "head_of_service", "hillingdon"]), max_size=5),
)


def test_what_is_typed_into_the_temporal_ui_is_understood() -> None:
    act = read_signal(PLAIN, HILLINGDON)
    assert (act.actor, act.details) == (CAROL, {"reason": "It takes long."})


def test_what_the_command_line_sends_is_understood() -> None:
    act = read_signal(WHOLE, HILLINGDON)
    assert (act.actor, act.message_id, act.details) == (CAROL, "m-1", {"reasons": "It takes long."})


@pytest.mark.parametrize("state", [journey(), sitting_with(1)], ids=["journey", "sitting"])
def test_a_head_of_service_escalates_a_process(state: ProcessState) -> None:
    escalate(state, THURSDAY)
    note = state.escalations[-1]
    assert (note.staff, note.post, note.reasons, note.clock) == ("carol", "head_of_service", "It takes long.", None)
    assert state.escalated
    assert state.priority is Priority.HIGH
    assert state.unrecorded[-1].what == "escalated"
    assert state.unrecorded[-1].accepted


def test_the_post_whose_move_it_is_and_the_next_one_up_are_told() -> None:
    _, state, now = journey_at(Stage.AWAITING_ENDORSEMENT)
    escalate(state, now)
    assert state.escalations[-1].told == ("head_of_service", "director")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (None, "invalid"),
        ("", "invalid"),
        ("escalate please", "invalid"),
        (17, "invalid"),
        ([], "invalid"),
        ([PLAIN], "invalid"),
        ({}, "invalid"),
        ({"post": "head_of_service", "reason": "x"}, "invalid"),
        ({"staff": "carol"}, "invalid"),
        ({"staff": "carol", "post": "head_of_service"}, "incomplete"),
        ({**PLAIN, "reason": ""}, "invalid"),
        ({**PLAIN, "reason": "   "}, "invalid"),
        ({**PLAIN, "reason": {"why": "x"}}, "invalid"),
        ({**PLAIN, "extra": True}, "invalid"),
        ({**PLAIN, "staff": ""}, "invalid"),
        ({**PLAIN, "staff": "x" * 65}, "invalid"),
        ({**PLAIN, "message_id": 5}, "invalid"),
        ({**PLAIN, "message_id": "x" * 129}, "invalid"),
        ({**PLAIN, "post": "wizard"}, "unknown"),
        ({**PLAIN, "post": "social_worker"}, "not_authorised"),
        ({**PLAIN, "council": "camden"}, "not_authorised"),
        ({"actor": CAROL.model_dump()}, "incomplete"),
        ({**WHOLE, "details": []}, "invalid"),
        ({**WHOLE, "actor": "carol"}, "invalid"),
        ({**WHOLE, "details": {"reasons": "\ud800"}}, "invalid"),
    ],
)
def test_a_signal_that_is_malformed_or_not_entitled_is_recorded_as_refused(message: object, code: str) -> None:
    state = journey()
    before = state.sequence
    escalate(state, THURSDAY, message if message is not None else [None])
    assert not state.escalated
    assert state.priority is Priority.NORMAL
    assert state.sequence == before + 1
    assert (state.unrecorded[-1].what, state.unrecorded[-1].accepted, state.unrecorded[-1].code) == (
        "escalate",
        False,
        code,
    )


@given(JSON | ALMOST)
@settings(deadline=None, max_examples=120)
def test_no_signal_whatever_it_carries_raises_or_spoils_the_state(message: Any) -> None:  # noqa: ANN401 - any JSON
    state = journey()
    before = state.sequence
    escalate(state, THURSDAY, message if message is not None else [None])
    assert state.sequence == before + 1
    assert state.unrecorded[-1].accepted is state.escalated
    assert type(state).model_validate_json(state.model_dump_json()).sequence == state.sequence


def test_the_same_message_escalates_once() -> None:
    state = journey()
    escalate(state, THURSDAY, WHOLE)
    before = state.model_dump_json()
    escalate(state, THURSDAY, WHOLE)
    assert state.model_dump_json() == before


def test_messages_without_a_number_escalate_each_time() -> None:
    state = journey()
    escalate(state, THURSDAY)
    escalate(state, THURSDAY)
    assert len(state.escalations) == 2
    assert not state.answered


def test_somebody_takes_up_every_open_escalation_at_once() -> None:
    state = journey()
    escalate(state, THURSDAY)
    do(state, JourneyAct.ACKNOWLEDGE_ESCALATION, TOM, THURSDAY)
    escalate(state, THURSDAY)
    escalate(state, THURSDAY)
    do(state, JourneyAct.ACKNOWLEDGE_ESCALATION, DIANA, THURSDAY)
    assert [note.acknowledged_by for note in state.escalations] == ["tom", "diana", "diana"]


def test_only_the_latest_escalations_stay_in_sight() -> None:
    state = journey()
    for number in range(NOTES_KEPT + 5):
        escalate(state, THURSDAY, {**PLAIN, "reason": f"Reason {number}"})
    assert [note.reasons for note in state.escalations] == [f"Reason {n}" for n in range(5, NOTES_KEPT + 5)]


def test_an_escalation_never_lowers_a_priority() -> None:
    _, state, now = journey_at(Stage.AWAITING_SIGN_OFF)
    do(state, JourneyAct.AUTHORISE_EMERGENCY, DIANA, now, measure="accommodation")
    escalate(state, now)
    assert state.priority is Priority.EMERGENCY


def test_neither_form_of_signal_is_anything_else() -> None:
    assert refusal_of(lambda: read_signal("?", HILLINGDON)).code is RefusalCode.INVALID
