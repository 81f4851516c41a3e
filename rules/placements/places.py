"""How many places of a block contract are taken: counted across placements, shown to people, and never a refusal (E13).

HRW-097 to HRW-099. A placement claims one place under its block contract, and gives it up when somebody ends it.
"""

from decimal import Decimal

from models.journey import Claim
from models.placement import PlacementStage, PlacementState
from rules.placements.facts import put

BLOCK = "contract.block"
COUNTED = "contract.places_counted"
TOTAL = "block_contract"
PLACE = Decimal(1)


def claim_a_place(state: PlacementState) -> None:
    """Ask for a place under the block contract, for another one, or give it up.

    Args:
        state: The placement, started or changed.
    """
    block = state.facts.get(BLOCK)
    if block is None:
        return
    amount = Decimal(0) if state.stage is PlacementStage.ENDED else PLACE
    wanted = Claim(total=TOTAL, of=str(block), window="", amount=amount)
    if state.claim is None or state.claim.model_copy(update={"before": None}) != wanted:
        state.claim = wanted


def count_again(state: PlacementState) -> None:
    """Ask anew which place this is: others may have given up theirs.

    Args:
        state: The placement, after an act.
    """
    if state.claim is not None:
        state.claim = state.claim.model_copy(update={"before": None})


def place_counted(state: PlacementState, asked: Claim, before: Decimal) -> None:
    """Take the answer: the how manieth place it is, by the order of asking.

    Args:
        state: The placement.
        asked: What it had asked for; a claim that has changed since is asked for again.
        before: The places that others claimed earlier and still have.
    """
    if state.claim != asked:
        return
    state.claim = asked.model_copy(update={"before": before})
    put(state, {COUNTED: int(before + asked.amount)})
