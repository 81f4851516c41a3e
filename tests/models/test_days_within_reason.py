"""Days and instants lie between 1900 and 2199: what lies beyond is a slip of the keyboard, and is refused as such."""

from typing import Any

import pytest
from pydantic import BaseModel

from models.case_transfer import CompleteTransfer, RequestTransfer
from models.episode_acts import EndStatus, RecordStatus, moment
from models.episode_opening import LookedAfterPeriod, OpenEpisode
from models.errors import RefusalCode, Refused
from models.placement import (
    ChangeTerms,
    EndPlacement,
    ExtendApproval,
    GrantInterimApproval,
    RecordCheck,
    StartPlacement,
)
from models.support_package import Allocate, StartService
from models.unit_meeting import AllocatedCase, Carried, OpenMeeting, RecordDiscussion
from models.watch import WatchedChild
from rules.process import read_details

SAID: list[tuple[type[BaseModel], str, dict[str, Any]]] = [
    (StartPlacement, "started_at", {"child": "C-1"}),
    (StartPlacement, "contract_ends", {"child": "C-1"}),
    (StartPlacement, "dob", {"child": {"reference": "C-1"}}),
    (ChangeTerms, "on", {}),
    (GrantInterimApproval, "since", {}),
    (ExtendApproval, "ends", {}),
    (EndPlacement, "ended_at", {}),
    (RecordCheck, "on", {"check": "visit"}),
    (RecordStatus, "since", {"status": "looked_after"}),
    (RecordStatus, "due", {"status": "court_direction"}),
    (EndStatus, "on", {"status": "looked_after"}),
    (OpenEpisode, "looked_after_since", {"child": "C-1"}),
    (OpenEpisode, "opened_on", {"child": "C-1"}),
    (OpenEpisode, "colour_chosen_on", {"child": "C-1"}),
    (LookedAfterPeriod, "since", {}),
    (LookedAfterPeriod, "until", {"since": "2031-03-06"}),
    (Allocate, "decided_at", {}),
    (StartService, "on", {}),
    (RequestTransfer, "requested_on", {"child": "C-1"}),
    (RequestTransfer, "avoid", {"child": "C-1"}),
    (CompleteTransfer, "on", {}),
    (OpenMeeting, "on", {}),
    (AllocatedCase, "last_in_depth", {"case": "C-1"}),
    (Carried, "noted_at", {}),
    (WatchedChild, "date_of_birth", {"reference": "C-1"}),
]
BEYOND = [
    *("9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01"),
    *("9999-12-31T23:59:00", "9999-12-31T23:59:00-14:00", "0001-01-01T00:00:00+14:00", "2199-12-31T23:30:00-02:00"),
]


@pytest.mark.parametrize(("shape", "name", "more"), SAID)
def test_a_day_beyond_reason_is_refused_and_one_within_is_not(
    shape: type[BaseModel], name: str, more: dict[str, Any]
) -> None:
    for text in BEYOND[:4]:
        with pytest.raises(Refused) as found:
            read_details(shape, {**more, name: text})
        assert found.value.code is RefusalCode.INVALID
    assert read_details(shape, {**more, name: "2031-03-06"}) is not None
    assert read_details(shape, {**more, name: "2199-12-31"}) is not None


@pytest.mark.parametrize("text", BEYOND)
def test_an_instant_beyond_reason_overflows_nothing(text: str) -> None:
    with pytest.raises(Refused) as found:
        read_details(RecordStatus, {"status": "looked_after", "since": text})
    assert found.value.code is RefusalCode.INVALID
    assert moment(text) is not None


def test_a_task_is_due_within_reason() -> None:
    with pytest.raises(Refused) as found:
        read_details(RecordDiscussion, {"case": "C-1", "tasks": [{"what": "Visit", "due": "9999-12-31"}]})
    assert found.value.code is RefusalCode.INVALID
