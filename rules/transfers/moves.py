"""The moves of a case transfer. None of them rejects a case (HAC-084, HAC-103)."""

from models.case_transfer import TransferStage as At
from rules.moves import DO_NOT_MOVE, Move, Moves

OPEN = (At.REQUESTED, At.AWAITING_INFORMATION, At.IN_DISPUTE)
"""The sending unit still holds the case and works with the family (HAC-079)."""
MOVED = (At.TRANSFERRED, At.COVERED)
"""The receiving unit holds it."""
OVER = (At.STAYED, At.RETURNED, At.WITHDRAWN)

GO_ON = "go_on"
"""Information came, or its time is over; a dispute is settled."""
WAIT_AGAIN = "wait_again"
COVER = "cover"

MOVES = Moves(
    At,
    At.REQUESTED,
    (
        Move("ask_for_information", (At.REQUESTED, At.AWAITING_INFORMATION), At.AWAITING_INFORMATION),
        Move("ask_for_information", (At.IN_DISPUTE,), DO_NOT_MOVE),
        Move("supply_information", (*OPEN, *MOVED), DO_NOT_MOVE),
        Move("record_joint_visit", OPEN, DO_NOT_MOVE),
        Move("complete_transfer", OPEN, At.TRANSFERRED),
        Move("record_event", (*OPEN, *MOVED), DO_NOT_MOVE),
        Move("raise_dispute", OPEN, At.IN_DISPUTE),
        Move("settle_dispute", (At.IN_DISPUTE,), At.REQUESTED),
        Move("stay", OPEN, At.STAYED),
        Move("withdraw_request", OPEN, At.WITHDRAWN),
        Move("return_case", (At.COVERED,), At.RETURNED),
        Move("close_transfer", (At.TRANSFERRED,), DO_NOT_MOVE),
        Move("answer_proposal", (*OPEN, *MOVED), DO_NOT_MOVE),
        Move("acknowledge_escalation", (*OPEN, *MOVED), DO_NOT_MOVE),
        Move(GO_ON, (At.AWAITING_INFORMATION,), At.REQUESTED),
        Move(WAIT_AGAIN, (At.REQUESTED,), At.AWAITING_INFORMATION),
        Move(COVER, OPEN, At.COVERED),
    ),
)
"""`GO_ON`, `WAIT_AGAIN` and `COVER` are made by the acts and clocks themselves."""
