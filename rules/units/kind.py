"""The unit's weekly meeting: everything that its workflow needs, in one place."""

from models.unit_meeting import (
    ActOnAbsence,
    CloseMeeting,
    CompleteTask,
    MeetingStage,
    OpenMeeting,
    PrepareAgenda,
    RecordDiscussion,
    UnitMeetingState,
)
from rules.process import ActRule, nothing_more
from rules.units import discussing, opening, tasks
from rules.units.agenda import rules
from rules.units.moves import MOVES
from rules.watches.kinds import Kind, WatchAct, earliest_owner


def waiting_on(state: UnitMeetingState) -> str | None:
    """Whose move it is: who prepares, records or is late with something; else who chairs.

    Args:
        state: The meeting.
    """
    return earliest_owner(state, rules(state).chairing.post)


ACTS: dict[str, WatchAct[UnitMeetingState]] = {
    "prepare_agenda": WatchAct(ActRule(PrepareAgenda, nothing_more, opening.apply_prepare)),
    "open_meeting": WatchAct(ActRule(OpenMeeting, opening.check_open, opening.apply_open)),
    "record_discussion": WatchAct(ActRule(RecordDiscussion, discussing.check_discussion, discussing.apply_discussion)),
    "complete_task": WatchAct(
        ActRule(CompleteTask, tasks.check_complete, tasks.apply_complete, lambda state: bool(state.tasks))
    ),
    "act_on_absence": WatchAct(
        ActRule(ActOnAbsence, tasks.check_absence, tasks.apply_absence, lambda state: bool(state.unexplained))
    ),
    "close_meeting": WatchAct(ActRule(CloseMeeting, discussing.check_close, discussing.apply_close)),
}

UNIT_MEETING: Kind[UnitMeetingState] = Kind(
    kind="unit_meeting",
    starts="open_meeting",
    shape=OpenMeeting,
    begin=opening.begin,
    moves=MOVES,
    acts=ACTS,
    ended=lambda state: state.stage is MeetingStage.CLOSED,
    waiting_on=waiting_on,
    word=discussing.take_carried,
    after=opening.known_of,
)
