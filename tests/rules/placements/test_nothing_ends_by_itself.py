"""No clock, lapse or refusal ends a placement: whatever runs out brings people, for years (A11)."""

from typing import Any

import pytest

from models.placement import PlacementState
from tests.builders import at
from tests.rules.placements.homes import run_to
from tests.rules.placements.kin import staying

EVERYTHING: dict[str, Any] = {
    "child": {"reference": "C-1", "date_of_birth": "2013-06-01"},
    "approval": {"kind": "emergency", "renew_by": "2031-04-30"},
    "contract_ends": "2031-06-30",
    "section_20": ["M-1"],
}


@pytest.mark.parametrize("council", ["hillingdon", "hackney", "hertfordshire"])
def test_a_placement_that_everybody_forgets_for_three_years_goes_on(council: str) -> None:
    state = staying(council, at("2031-03-07 18:30"), **EVERYTHING)
    run_to(state, at("2034-03-07 18:30"))
    assert (str(state.stage), state.outcome) == ("active", None)
    assert state.escalated
    assert state.overdue
    assert len(state.clocks) < 60


def test_a_placement_is_carried_whole_from_one_run_to_the_next() -> None:
    state = staying(**EVERYTHING)
    assert PlacementState.model_validate_json(state.model_dump_json()) == state
