"""The legal moves of one occurrence of a duty."""

from models.forum_duty import DutyStage as Stage
from rules.moves import DO_NOT_MOVE, Move, Moves

OPEN = (Stage.TO_DO,)

TABLE = (
    Move("complete_duty", OPEN, Stage.DONE),
    Move("skip_duty", OPEN, Stage.SKIPPED),
    Move("answer_proposal", OPEN, DO_NOT_MOVE),
    Move("acknowledge_escalation", OPEN, DO_NOT_MOVE),
    Move("escalate", OPEN, DO_NOT_MOVE),
)

DUTY_MOVES = Moves(Stage, Stage.TO_DO, TABLE)
"""The machine of every occurrence of a duty."""
