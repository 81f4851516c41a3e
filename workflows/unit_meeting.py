"""The weekly meeting of a unit: no case of its list is forgotten, and closing one plans the next."""

from temporalio import workflow

from models.unit_meeting import UnitMeetingState
from models.watch import WatchStart
from rules.units.kind import UNIT_MEETING
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="UnitMeeting")
@takes_acts([*UNIT_MEETING.rules])
class UnitMeeting(Watch[UnitMeetingState]):
    """One meeting of one unit, from its plan to its end."""

    kind = UNIT_MEETING

    @workflow.init
    def __init__(self, start: WatchStart | UnitMeetingState) -> None:
        self.begin(start)

    @workflow.run
    async def run(self, start: WatchStart | UnitMeetingState) -> None:  # noqa: ARG002 - `__init__` took it
        """Live until it is over."""
        await self.keep()
