"""Places of a block contract are counted across placements, shown, and never refused (HRW-097 to HRW-099, E13)."""

from decimal import Decimal
from typing import Any

from models.placement import PlacementState
from rules.placements.places import count_again, place_counted
from tests.rules.placements.homes import MONDAY, act, placed, view

OFFICER = "access_to_resources_officer"
LODGED: dict[str, Any] = {
    "type": "supported_lodgings",
    "child": {"reference": "C-1", "date_of_birth": "2014-05-14"},
    "provider": {"registration": "registered"},
}


def lodged(block: str | None = "supported_lodgings") -> PlacementState:
    """A placement under a block contract, or under none."""
    return placed(**LODGED, contract={"block": block, "signed": True, "sla": True})


def test_a_placement_under_a_block_contract_claims_one_place() -> None:
    state = lodged()
    asked = state.claim
    assert asked is not None
    assert (asked.of, int(asked.amount), state.claiming, state.settled) == ("supported_lodgings", 1, True, False)
    place_counted(state, asked, Decimal(8))
    assert (state.claiming, state.facts["contract.places_counted"]) == (False, 9)
    assert any("HRW-098" in flag for flag in view(state, MONDAY).flags)
    act(state, "record_check", MONDAY, check="statutory_visit")
    assert not state.claiming


def test_which_place_it_is_is_counted_again_when_others_have_left() -> None:
    state = lodged()
    for before in (8, 7):
        count_again(state)
        assert state.claim is not None
        place_counted(state, state.claim, Decimal(before))
    assert not any("HRW-098" in flag for flag in view(state, MONDAY).flags)


def test_a_placement_under_no_block_contract_claims_nothing() -> None:
    state = lodged(None)
    count_again(state)
    assert (state.claim, state.claiming) == (None, False)


def test_another_block_contract_is_claimed_anew_and_an_old_answer_counts_no_more() -> None:
    state = lodged()
    first = state.claim
    assert first is not None
    act(state, "change_terms", MONDAY, contract={"block": "roxeth_gate"})
    assert state.claim is not None
    assert state.claim.of == "roxeth_gate"
    place_counted(state, first, Decimal(8))
    assert state.claiming


def test_an_ended_placement_gives_its_place_up() -> None:
    state = lodged()
    act(state, "end_placement", MONDAY)
    assert state.claim is not None
    assert (state.claim.of, int(state.claim.amount)) == ("supported_lodgings", 0)
