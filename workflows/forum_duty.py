"""One occurrence of a recurring duty, begun by a schedule or by a person."""

from temporalio import workflow

from models.forum_duty import ForumDutyState
from models.watch import PREFIX, WatchStart
from rules.duties.acts import DUTY
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="ForumDuty")
@takes_acts([*DUTY.rules])
class ForumDuty(Watch[ForumDutyState]):
    """A duty that has come round, until it is done or somebody says why not."""

    kind = DUTY

    @workflow.init
    def __init__(self, start: WatchStart | ForumDutyState) -> None:
        self.begin(_named(start))

    @workflow.run
    async def run(self, start: WatchStart | ForumDutyState) -> None:  # noqa: ARG002 - `__init__` has taken it
        """Live until it is done or skipped."""
        await self.keep()


def _named(start: WatchStart | ForumDutyState) -> WatchStart | ForumDutyState:
    """A schedule adds the moment to the id of what it starts: that is the occurrence's reference."""
    if not isinstance(start, WatchStart):
        return start
    own = workflow.info().workflow_id
    return start.model_copy(update={"reference": own.removeprefix(f"{PREFIX['forum_duty']}/{start.council}/")})
