"""The stages of a care episode: it is open until a person closes it; no clock ever does."""

from models.care_episode import EpisodeStage
from rules.moves import DO_NOT_MOVE, Move, Moves

OPEN = EpisodeStage.OPEN
CLOSED = EpisodeStage.CLOSED

EPISODE_MOVES = Moves(
    EpisodeStage,
    OPEN,
    (
        Move("record_status", (OPEN,), DO_NOT_MOVE),
        Move("end_status", (OPEN,), DO_NOT_MOVE),
        Move("record_review_date", (OPEN,), DO_NOT_MOVE),
        Move("record_discussion", (OPEN,), DO_NOT_MOVE),
        Move("answer_proposal", (OPEN,), DO_NOT_MOVE),
        Move("close_episode", (OPEN,), CLOSED),
        Move("acknowledge_escalation", tuple(EpisodeStage), DO_NOT_MOVE),
    ),
)
