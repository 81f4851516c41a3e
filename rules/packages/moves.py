"""The legal moves of a support package. Acts of people carry their own names; the rest are events."""

from models.support_package import PackageStage as Stage
from rules.moves import DO_NOT_MOVE, Move, Moves

LIVE = (Stage.ALLOCATED, Stage.IN_PLACE)

TABLE = (
    Move("confirm_allocation", LIVE, DO_NOT_MOVE),
    Move("start_service", LIVE, DO_NOT_MOVE),
    Move("all_started", (Stage.ALLOCATED,), Stage.IN_PLACE),
    Move("wait_for_service", (Stage.IN_PLACE,), Stage.ALLOCATED),
    Move("submit_progress", LIVE, DO_NOT_MOVE),
    Move("record_review", LIVE, DO_NOT_MOVE),
    Move("end_package", LIVE, Stage.ENDED),
    Move("answer_proposal", LIVE, DO_NOT_MOVE),
    Move("acknowledge_escalation", LIVE, DO_NOT_MOVE),
    Move("escalate", LIVE, DO_NOT_MOVE),
)

PACKAGE_MOVES = Moves(Stage, Stage.ALLOCATED, TABLE)
"""The machine of every support package."""
