"""The legal moves of a child's journey. Acts of people carry their own names; the rest are events."""

from models.vocabulary import JourneyAct as Act
from models.vocabulary import Stage
from rules.moves import DO_NOT_MOVE, Move, Moves

BEFORE_PANEL = (
    Stage.AWAITING_SIGN_OFF,
    Stage.RETURNED,
    Stage.AWAITING_ENDORSEMENT,
    Stage.AWAITING_LISTING,
    Stage.LISTED,
    Stage.RESERVED,
    Stage.DEFERRED,
    Stage.AWAITING_DECISION,
)
BOOKED = (Stage.LISTED, Stage.RESERVED, Stage.DEFERRED)
PLACED = (Stage.AWAITING_LISTING, Stage.LISTED, Stage.RESERVED)
"""Where only a form that nobody signs, one that follows an emergency, or one whose papers are checked can change."""
PASSED_ON = (
    Stage.AWAITING_SIGN_OFF,
    Stage.AWAITING_ENDORSEMENT,
    Stage.AWAITING_DECISION,
    Stage.AWAITING_LISTING,
)
"""Where a form may stand when it is passed on along its chain."""
DECIDED = (Stage.ACTIONS_OPEN, Stage.UNDER_REVIEW)
NOT_CLOSED = tuple(stage for stage in Stage if stage is not Stage.CLOSED)

TABLE = (
    Move(Act.AMEND, (Stage.RETURNED, Stage.AWAITING_SIGN_OFF), Stage.AWAITING_SIGN_OFF),
    Move(Act.AMEND, (Stage.DEFERRED, *PLACED), DO_NOT_MOVE),
    Move(
        Act.RETURN_FOR_CHANGES,
        (Stage.AWAITING_SIGN_OFF, Stage.AWAITING_ENDORSEMENT, Stage.AWAITING_DECISION, *PLACED),
        Stage.RETURNED,
    ),
    Move(Act.SIGN_OFF, (Stage.AWAITING_SIGN_OFF,), DO_NOT_MOVE),
    Move(Act.ENDORSE, (Stage.AWAITING_ENDORSEMENT, Stage.AWAITING_DECISION), DO_NOT_MOVE),
    Move("pass_to_signer", PASSED_ON, Stage.AWAITING_SIGN_OFF),
    Move("pass_to_head_of_service", PASSED_ON, Stage.AWAITING_ENDORSEMENT),
    Move("pass_to_post", PASSED_ON, Stage.AWAITING_DECISION),
    Move("pass_to_panel", PASSED_ON, Stage.AWAITING_LISTING),
    Move(Act.SUPPLY_DOCUMENT, BEFORE_PANEL, DO_NOT_MOVE),
    Move("nothing_missing", (Stage.DEFERRED,), Stage.LISTED),
    Move(
        Act.AGREE_LATE,
        tuple(stage for stage in BEFORE_PANEL if stage is not Stage.AWAITING_DECISION),
        DO_NOT_MOVE,
    ),
    Move(Act.AGREE_EXTRA, (Stage.RESERVED, Stage.DEFERRED), DO_NOT_MOVE),
    Move(Act.REDIRECT, (Stage.AWAITING_SIGN_OFF, Stage.RETURNED, Stage.AWAITING_ENDORSEMENT), DO_NOT_MOVE),
    Move(Act.REDIRECT, (Stage.LISTED, Stage.RESERVED, Stage.DEFERRED), Stage.AWAITING_LISTING),
    Move("list", (Stage.AWAITING_LISTING, Stage.LISTED, Stage.RESERVED, Stage.UNDER_REVIEW), Stage.LISTED),
    Move("reserve", (Stage.AWAITING_LISTING, Stage.LISTED, Stage.RESERVED, Stage.UNDER_REVIEW), Stage.RESERVED),
    Move("hear", (Stage.AWAITING_LISTING, *BOOKED), Stage.AT_PANEL),
    Move("carry_over", (Stage.AT_PANEL, Stage.AWAITING_LISTING, *BOOKED), Stage.AWAITING_LISTING),
    Move("defer", (Stage.AT_PANEL,), Stage.DEFERRED),
    Move("recommend", (Stage.AT_PANEL, Stage.AWAITING_DECISION, Stage.AWAITING_ENDORSEMENT), Stage.AWAITING_DECISION),
    Move("send_back", (Stage.AWAITING_DECISION,), Stage.DEFERRED),
    Move("decide", (Stage.AT_PANEL, Stage.AWAITING_DECISION, Stage.AWAITING_ENDORSEMENT), Stage.ACTIONS_OPEN),
    Move(Act.AUTHORISE_EMERGENCY, BEFORE_PANEL, DO_NOT_MOVE),
    Move("go_straight_to_panel", BEFORE_PANEL, Stage.AWAITING_LISTING),
    Move(Act.DECIDE_AS_POST, (Stage.AWAITING_ENDORSEMENT, Stage.AWAITING_DECISION), DO_NOT_MOVE),
    Move(Act.COMPLETE_ACTION, NOT_CLOSED, DO_NOT_MOVE),
    Move(Act.REPORT_ACTION_NOT_DONE, NOT_CLOSED, DO_NOT_MOVE),
    Move(Act.APPROVE_ALTERNATIVE, NOT_CLOSED, DO_NOT_MOVE),
    Move(Act.CONFIRM, NOT_CLOSED, DO_NOT_MOVE),
    Move("keep_under_review", (Stage.ACTIONS_OPEN,), Stage.UNDER_REVIEW),
    Move("come_back", DECIDED, Stage.AWAITING_LISTING),
    Move("come_back_to_post", DECIDED, Stage.AWAITING_DECISION),
    Move(Act.REQUEST_RENEWAL, DECIDED, Stage.AWAITING_SIGN_OFF),
    Move("finish", (*DECIDED, Stage.AT_PANEL), Stage.CLOSED),
    Move(Act.CLOSE, DECIDED, Stage.CLOSED),
    Move("go_back_to_actions", BEFORE_PANEL, Stage.ACTIONS_OPEN),
    Move(Act.WITHDRAW, BEFORE_PANEL, Stage.CLOSED),
    Move(Act.ACKNOWLEDGE_ESCALATION, NOT_CLOSED, DO_NOT_MOVE),
    Move(Act.ESCALATE, NOT_CLOSED, DO_NOT_MOVE),
)

JOURNEY_MOVES = Moves(Stage, Stage.AWAITING_SIGN_OFF, TABLE)
"""The machine of every journey."""
