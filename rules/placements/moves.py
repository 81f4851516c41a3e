"""The legal moves of a placement. Only a person's act ends one; a planned one begins when its time comes."""

from models.placement import PlacementStage as Stage
from rules.moves import DO_NOT_MOVE, Move, Moves

OPEN = (Stage.PLANNED, Stage.ACTIVE)
BEGIN = "begin_stay"
"""The child has arrived: the time of a planned start has come."""

TABLE = (
    Move("file_viability", OPEN, DO_NOT_MOVE),
    Move("record_check", (*OPEN, Stage.ENDED), DO_NOT_MOVE),
    Move("grant_interim_approval", OPEN, DO_NOT_MOVE),
    Move("extend_approval", OPEN, DO_NOT_MOVE),
    Move("change_terms", OPEN, DO_NOT_MOVE),
    Move("renew_contract", OPEN, DO_NOT_MOVE),
    Move("record_provider_grade", OPEN, DO_NOT_MOVE),
    Move("file_risk_assessment", OPEN, DO_NOT_MOVE),
    Move("answer_proposal", OPEN, DO_NOT_MOVE),
    Move(BEGIN, (Stage.PLANNED,), Stage.ACTIVE),
    Move("end_placement", OPEN, Stage.ENDED),
    Move("acknowledge_escalation", (*OPEN, Stage.ENDED), DO_NOT_MOVE),
    Move("escalate", OPEN, DO_NOT_MOVE),
)

PLACEMENT_MOVES = Moves(Stage, Stage.ACTIVE, TABLE)
"""The machine of every placement."""
