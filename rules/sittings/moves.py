"""The legal moves of a sitting. Acts of people carry their own names; the rest are events."""

from models.vocabulary import SittingAct as Act
from models.vocabulary import SittingStage as Stage
from rules.moves import DO_NOT_MOVE, Move, Moves

BEFORE = (Stage.PLANNED, Stage.CLOSED_FOR_SUBMISSIONS)
LIVE = (*BEFORE, Stage.IN_SESSION)

TABLE = (
    Move("book", LIVE, DO_NOT_MOVE),
    Move("release", LIVE, DO_NOT_MOVE),
    Move("close_submissions", (Stage.PLANNED,), Stage.CLOSED_FOR_SUBMISSIONS),
    Move(Act.SEND_APOLOGIES, LIVE, DO_NOT_MOVE),
    Move(Act.DECLARE_INTEREST, LIVE, DO_NOT_MOVE),
    Move(Act.OPEN_SITTING, BEFORE, Stage.IN_SESSION),
    Move(Act.HEAR, (Stage.IN_SESSION,), DO_NOT_MOVE),
    Move(Act.RECORD_DECISION, (Stage.IN_SESSION,), DO_NOT_MOVE),
    Move(Act.APPROVE_DECISION, (Stage.IN_SESSION, Stage.CLOSED), DO_NOT_MOVE),
    Move(Act.CARRY_OVER, LIVE, DO_NOT_MOVE),
    Move(Act.CLOSE_SITTING, (Stage.IN_SESSION,), Stage.CLOSED),
    Move(Act.POSTPONE, BEFORE, Stage.POSTPONED),
    Move(Act.CANCEL, BEFORE, Stage.CANCELLED),
    Move(Act.CIRCULATE_PAPERS, BEFORE, DO_NOT_MOVE),
    Move(Act.SET_PRIORITY, BEFORE, DO_NOT_MOVE),
    Move(Act.ADD_DATE, BEFORE, DO_NOT_MOVE),
    Move(Act.RECORD_MINUTES, (Stage.CLOSED,), DO_NOT_MOVE),
    Move(Act.APPROVE_MINUTES, (Stage.CLOSED,), DO_NOT_MOVE),
    Move("lapse", BEFORE, Stage.CLOSED),
    Move(Act.ACKNOWLEDGE_ESCALATION, (*LIVE, Stage.CLOSED), DO_NOT_MOVE),
    Move(Act.ESCALATE, (*LIVE, Stage.CLOSED), DO_NOT_MOVE),
)

SITTING_MOVES = Moves(Stage, Stage.PLANNED, TABLE)
"""The machine of every sitting."""
