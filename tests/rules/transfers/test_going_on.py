"""A transfer and a meeting go on as they are when their history is cut: their whole state travels as JSON."""

from models.case_transfer import CaseTransferState
from models.unit_meeting import UnitMeetingState
from tests.rules.transfers import moving
from tests.rules.units import meeting


def test_a_transfer_goes_on_as_it_was() -> None:
    state = moving.requested(avoid=["2031-05-05", "2031-05-09"], rcpc="2031-06-05", dob="2016-02-29")
    moving.do(state, "2031-03-03 10:00", moving.CARL, "ask_for_information", missing=["chronology"])
    moving.do(state, "2031-03-03 11:00", moving.CARL, "raise_dispute", about="Dates.")
    again = CaseTransferState.model_validate_json(state.model_dump_json())
    assert again == state
    moving.do(again, "2031-03-03 12:00", moving.CARL, "settle_dispute", met_on="2031-03-03", agreed="So be it.")
    assert again.stage == "awaiting_information"


def test_a_meeting_goes_on_as_it_was() -> None:
    state = meeting.opened({"case": "C-1", "newly_allocated": True, "incident_on": "2031-03-01"}, absent=["cleo"])
    task = {"what": "Call", "owner": {"staff": "sam", "post": "social_worker"}, "due": "2031-03-12"}
    said = {"case": "C-1", "summary": "x", "read_by": True, "in_depth": True, "tasks": [task]}
    meeting.do(state, meeting.MONDAY, meeting.UMA, "record_discussion", **said)
    again = UnitMeetingState.model_validate_json(state.model_dump_json())
    assert again == state
    meeting.do(again, meeting.MONDAY, meeting.UMA, "close_meeting")
    assert again.stage == "closed"
