"""The moves of a unit's weekly meeting."""

from models.unit_meeting import MeetingStage as At
from rules.moves import DO_NOT_MOVE, Move, Moves

OPEN = (At.PLANNED, At.IN_SESSION)

MOVES = Moves(
    At,
    At.PLANNED,
    (
        Move("prepare_agenda", (At.PLANNED,), DO_NOT_MOVE),
        Move("open_meeting", (At.PLANNED,), At.IN_SESSION),
        Move("record_discussion", (At.IN_SESSION,), DO_NOT_MOVE),
        Move("complete_task", (At.PLANNED, At.IN_SESSION), DO_NOT_MOVE),
        Move("act_on_absence", (At.PLANNED, At.IN_SESSION), DO_NOT_MOVE),
        Move("close_meeting", (At.IN_SESSION,), At.CLOSED),
        Move("answer_proposal", OPEN, DO_NOT_MOVE),
        Move("acknowledge_escalation", OPEN, DO_NOT_MOVE),
    ),
)
"""Discussions are recorded during the meeting, not before and not after (HAC-013, HAC-073)."""
