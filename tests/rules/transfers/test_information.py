import pytest

from tests.rules.transfers.moving import ALMA, CARL, CIN, MONDAY, code, do, due, later, requested, seen, stood


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        pytest.param("2031-03-29 10:00", "2031-03-30 11:00", id="the clocks go forward"),
        pytest.param("2031-10-25 10:00", "2031-10-26 09:00", id="the clocks go back"),
        pytest.param("2031-04-11 10:00", "2031-04-12 10:00", id="Good Friday"),
        pytest.param("2032-02-28 10:00", "2032-02-29 10:00", id="leap day"),
    ],
)
def test_information_may_take_24_elapsed_hours(asked: str, by: str) -> None:
    state = requested(asked)
    do(state, asked, CARL, "ask_for_information", missing=["chronology"])
    assert due(state, "missing_information") == by


def test_what_is_missing_moves_the_transfer_by_a_day_at_most() -> None:
    state = requested()
    do(state, "2031-03-04 10:00", CARL, "ask_for_information", missing=["chronology", "Genogram"])
    assert (state.stage, due(state)) == ("awaiting_information", "2031-03-07 17:00")
    assert state.facts["information.missing"] == ["chronology", "other"]
    do(state, "2031-03-04 12:00", ALMA, "supply_information", items=["Chronology"])
    assert (state.stage, state.actions_open) == ("awaiting_information", 1)
    do(state, "2031-03-04 15:00", ALMA, "supply_information")
    assert (state.stage, due(state), stood(state, "missing_information")) == ("requested", "2031-03-06 22:00", "met")
    do(state, "2031-03-05 10:00", CARL, "ask_for_information")
    assert state.missing == ("assessment", "case summary"), "what the standards still ask for"
    assert due(state) == "2031-03-07 17:00", "no more than a day in all"
    do(state, "2031-03-06 20:00", ALMA, "supply_information", reasons="There is no more on the file.")
    assert due(state) == "2031-03-07 17:00"


def test_after_24_hours_the_transfer_proceeds_without_it() -> None:
    state = requested()
    do(state, "2031-03-03 10:00", CARL, "ask_for_information", missing=["chronology"])
    do(state, "2031-03-03 11:00", CARL, "ask_for_information", missing="report")
    assert due(state, "missing_information") == "2031-03-04 10:00", "asking again adds no time"
    later(state, "2031-03-04 10:00")
    view = seen(state, "2031-03-04 10:00")
    assert (view.stage, view.overdue, view.actions_open) == ("requested", True, 2)
    assert any("HAC-081" in flag for flag in view.flags)
    assert any("HAC-082" in flag for flag in view.flags)
    do(state, "2031-03-04 11:00", CARL, "record_joint_visit")
    do(state, "2031-03-04 12:00", CARL, "complete_transfer")
    view = seen(state, "2031-03-04 12:00")
    assert (view.stage, view.open, view.actions_open) == ("transferred", True, 2)
    assert view.waiting_on == "consultant_social_worker"
    do(state, "2031-03-05 12:00", ALMA, "supply_information")
    assert not seen(state, "2031-03-05 12:00").open


def test_what_is_left_over_may_be_closed_with_reasons() -> None:
    state = requested()
    do(state, MONDAY, CARL, "ask_for_information")
    do(state, MONDAY, CARL, "record_joint_visit")
    do(state, MONDAY, CARL, "complete_transfer")
    assert "close_transfer" in seen(state, MONDAY).next_acts
    do(state, "2031-03-05 12:00", CARL, "close_transfer", reasons="The paper is lost; written anew.")
    assert (seen(state, "2031-03-05 12:00").open, state.missing) == (False, ())


def test_only_the_receiver_asks_and_only_the_sender_supplies() -> None:
    state = requested()
    assert code(state, MONDAY, ALMA, "ask_for_information") == "not_authorised"
    assert code(state, MONDAY, CARL, "supply_information") == "not_authorised"


def test_the_file_is_held_against_the_councils_own_standards() -> None:
    whole_file = requested(documents=["chronology", "assessment", "case summary"])
    assert not any("HAC-458" in flag for flag in seen(whole_file, MONDAY).flags)
    do(whole_file, MONDAY, CARL, "ask_for_information")
    assert whole_file.missing == ("information",)
    state = requested(documents="chronology")
    assert any("HAC-458" in flag for flag in seen(state, MONDAY).flags)
    do(state, MONDAY, ALMA, "supply_information", items=["assessment", "case summary"])
    assert not any("HAC-458" in flag for flag in seen(state, MONDAY).flags)


def test_in_a_dispute_information_may_be_asked_for_as_well() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Dates.")
    do(state, "2031-03-03 10:00", CARL, "ask_for_information", missing="report")
    assert state.stage == "in_dispute"
    do(state, "2031-03-03 11:00", CARL, "settle_dispute", met_on="2031-03-03", agreed="So be it.")
    assert state.stage == "awaiting_information"
    do(state, "2031-03-03 12:00", CARL, "raise_dispute", about="Dates again.")
    later(state, "2031-03-04 10:00")
    assert (state.stage, stood(state, "missing_information")) == ("in_dispute", "breached")
    do(state, "2031-03-04 11:00", CARL, "settle_dispute", met_on="2031-03-04", agreed="So be it.")
    assert state.stage == "requested"
    assert state.facts["transfer.joins"] == CIN


def test_only_papers_that_the_data_knows_are_named_in_facts_keys_and_the_timeline() -> None:
    letter = "Letter from Jane Doe"
    state = requested(documents=["Chronology", letter], first_hearing="2031-03-20")
    assert state.facts["documents"] == ["chronology", "other"]
    do(state, MONDAY, CARL, "ask_for_information", missing=[letter, "Report on Jane Doe", "Case summary"])
    assert state.facts["information.missing"] == ["other", "case summary"]
    do(state, MONDAY, ALMA, "supply_information", items=[letter, "Court papers", "Case summary"])
    assert [key for key in state.held if ":" in key] == [
        "supply_information:other",
        "supply_information:court_paperwork",
        "supply_information:case_summary",
    ]
    assert (state.missing, stood(state, "court_paperwork")) == (("Report on Jane Doe",), "met")
    assert state.facts["documents"] == ["chronology", "other", "court_paperwork", "case summary"]
    assert state.recent[-1].note == "other, court_paperwork, case_summary"
    assert "Jane" not in seen(state, MONDAY).model_dump_json()
    supplied = next(entry for entry in state.unrecorded if entry.what == "supply_information")
    assert supplied.details["items"] == [letter, "Court papers", "Case summary"]


def test_papers_are_bounded_however_many_come() -> None:
    state = requested(documents=[f"paper {number}" for number in range(500)])
    do(state, MONDAY, ALMA, "supply_information", items=[f"paper {number}" for number in range(500, 900)])
    assert state.facts["documents"] == ["other"]
