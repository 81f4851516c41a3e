from datetime import date

import pytest
from pydantic import ValidationError

from models.case_transfer import RequestTransfer
from rules.working_days import add_working_days, is_working_day, local
from tests.rules.transfers.moving import (
    AA,
    ALMA,
    CALENDAR,
    CARL,
    CIN,
    CORA,
    GARY,
    MONDAY,
    code,
    do,
    due,
    later,
    not_started,
    refusal,
    requested,
    seen,
    stood,
    who,
    whole,
)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        pytest.param(MONDAY, "2031-03-06", id="an ordinary week"),
        pytest.param("2031-03-03 23:30", "2031-03-06", id="late in the evening"),
        pytest.param("2031-04-10 09:00", "2031-04-17", id="over Easter"),
        pytest.param("2031-03-28 09:00", "2031-04-02", id="over the end of the month and into summer time"),
        pytest.param("2031-10-24 09:00", "2031-10-29", id="into winter time"),
        pytest.param("2032-02-26 09:00", "2032-03-02", id="over leap day, a Sunday"),
        pytest.param("2031-12-24 09:00", "2031-12-31", id="over Christmas"),
        pytest.param("2031-03-01 09:00", "2031-03-05", id="asked on a Saturday"),
    ],
)
def test_a_case_is_due_three_working_days_after_the_request_at_five(when: str, day: str) -> None:
    assert due(requested(when)) == f"{day} 17:00"


def test_a_request_may_be_written_down_a_day_later_but_not_dated_ahead() -> None:
    assert due(requested("2031-03-04 09:00", requested_on="2031-03-03")) == "2031-03-06 17:00"
    refused = not_started(requested_on="2031-03-04T10:00:00")
    assert (refused.code, refused.rule) == ("invalid", "HAC-083")


def test_the_sending_unit_holds_the_case_until_it_is_transferred() -> None:
    state = requested()
    assert (state.facts["transfer.held_by"], state.unit) == (AA, CIN)
    assert any("HAC-079" in prompt for prompt in seen(state, MONDAY).prompts)
    do(state, "2031-03-05 10:00", CARL, "record_joint_visit", present=[whole(ALMA), whole(CARL)])
    do(state, "2031-03-06 10:00", CARL, "complete_transfer")
    assert (state.stage, stood(state), state.facts["transfer.held_by"]) == ("transferred", "met", CIN)
    view = seen(state, "2031-03-06 10:00")
    assert (view.open, view.outcome, view.waiting_on) == (False, "transferred", None)


def test_a_late_transfer_climbs_and_ends_nothing() -> None:
    state = requested()
    later(state, "2031-03-06 17:00")
    view = seen(state, "2031-03-06 17:00")
    assert (view.overdue, view.escalated, view.open, view.stage) == (True, True, True, "requested")
    assert view.waiting_on == "consultant_social_worker"


def test_nobody_can_reject_a_case() -> None:
    acts = seen(requested(), MONDAY).next_acts
    assert acts == [
        "ask_for_information",
        "supply_information",
        "record_joint_visit",
        "complete_transfer",
        "record_event",
        "raise_dispute",
        "stay",
        "withdraw_request",
    ]
    refused = refusal(requested(), MONDAY, CARL, "withdraw_request", reasons="Below our line.")
    assert refused is not None
    assert (refused.code, refused.rule) == ("not_authorised", "HAC-103")


def test_the_sender_takes_a_request_back() -> None:
    state = requested()
    do(state, MONDAY, ALMA, "withdraw_request", reasons="The family moved away.")
    assert (state.stage, state.outcome, stood(state)) == ("withdrawn", "withdrawn", "stopped")


def test_only_the_receiving_unit_completes() -> None:
    state = requested()
    do(state, MONDAY, CARL, "record_joint_visit")
    assert code(state, MONDAY, ALMA, "complete_transfer") == "not_authorised"
    assert code(state, MONDAY, who("sam", "social_worker", CIN), "complete_transfer") == "not_authorised"
    assert code(state, MONDAY, CORA, "complete_transfer") is None, "whose unit nobody knows may be of either"
    assert code(state, MONDAY, GARY, "complete_transfer") is None
    assert code(state, MONDAY, CARL, "complete_transfer", on="2031-03-04") == "invalid", "it lies ahead"


@pytest.mark.parametrize(
    ("visited", "moved", "expected"),
    [
        pytest.param("2031-03-03", "2031-03-03 10:00", None, id="on the day"),
        pytest.param("2031-03-03", "2031-03-10 10:00", None, id="a week before"),
        pytest.param("2031-03-03", "2031-03-11 10:00", "incomplete", id="eight days before"),
    ],
)
def test_the_visit_lies_in_the_week_before(visited: str, moved: str, expected: str | None) -> None:
    state = requested()
    do(state, f"{visited} 09:30", CARL, "record_joint_visit")
    assert code(state, moved, CARL, "complete_transfer") == expected


def test_a_visit_is_judged_on_the_day_of_the_transfer() -> None:
    state = requested()
    do(state, "2031-03-04 09:30", CARL, "record_joint_visit", on="2031-03-04T09:00:00")
    do(state, "2031-03-05 09:30", CARL, "record_joint_visit", on="2031-03-03")
    assert state.facts["visit.on"] == "2031-03-04", "the latest counts"
    assert code(state, "2031-03-20 10:00", CARL, "complete_transfer", on="2031-03-05") is None
    assert code(state, "2031-03-20 10:00", CARL, "complete_transfer", on="2031-03-03") == "incomplete"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({}, None, id="nobody named"),
        pytest.param({"present": [whole(ALMA), whole(CARL)]}, None, id="one of each"),
        pytest.param({"present": ["alma", "carl"]}, None, id="two of whom no unit is known"),
        pytest.param({"present": [whole(ALMA), "carl"]}, None, id="one known, one not"),
        pytest.param({"units": [AA, "cin"]}, None, id="services"),
        pytest.param({"present": [whole(CARL)]}, "incomplete", id="one unit only"),
        pytest.param({"present": "carl"}, "incomplete", id="one person"),
        pytest.param({"both_units": False}, "incomplete", id="not together, as somebody says"),
        pytest.param({"on": "2031-03-04"}, "invalid", id="ahead"),
    ],
)
def test_a_joint_visit_is_one_of_both_units(said: dict[str, object], expected: str | None) -> None:
    assert code(requested(), MONDAY, CARL, "record_joint_visit", **said) == expected


def test_units_of_one_service_are_told_apart() -> None:
    four, seven = {"service": CIN, "unit": "unit 4"}, {"service": CIN, "unit": "unit 7"}
    state = requested(from_=four, to=seven, temporary=True)
    assert code(state, MONDAY, who("cleo", unit="unit 4"), "complete_transfer") == "not_authorised"
    assert code(state, MONDAY, who("cleo", unit="Unit 7"), "complete_transfer") is None


def test_services_go_by_other_names_and_units_may_stand_beside_them() -> None:
    state = requested(from_="Access & Assessment", to="CIN", plan=True)
    assert (state.facts["transfer.leaves"], state.facts["transfer.joins"]) == (AA, CIN)
    assert state.facts["transfer.route"] == "child_in_need"
    said = RequestTransfer.model_validate({"child": "C-1", "from_service": "aa", "from_unit": "unit 1", "to": "cin"})
    assert said.leaves is not None
    assert (said.leaves.service, said.leaves.unit) == ("aa", "unit 1")


def test_days_come_as_text_or_as_days_and_a_request_is_a_table() -> None:
    said = RequestTransfer.model_validate({"child": "C-1", "first_review": date(2031, 3, 10), "seen": True})
    assert (said.events, said.circumstances) == ({"first_review": date(2031, 3, 10)}, {"seen": True})
    with pytest.raises(ValidationError):
        RequestTransfer.model_validate("C-1")


def test_working_days_are_what_the_calendar_says() -> None:
    for day in range(1, 28):
        state = requested(f"2031-05-{day:02} 10:00")
        at = local(state.clocks["transfer"].due)
        assert is_working_day(at.date(), CALENDAR)
        asked = local(state.started_at).date()
        assert at.date() == add_working_days(asked, 3, CALENDAR)
