"""A placement as a durable workflow: where a child lives, and what must not be forgotten meanwhile."""

from datetime import datetime

from temporalio import workflow

from activities.claims import Claimed, Claims
from models.acts import Act
from models.placement import PlacementState
from models.watch import WatchStart
from rules.placements.acts import PLACEMENT
from rules.placements.places import count_again, place_counted
from workflows.errands import LOCAL_RETRIES, PATIENCE, RECORD_TIMEOUT, Errand
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="Placement")
@takes_acts([*PLACEMENT.rules])
class Placement(Watch[PlacementState]):
    """One placement, `placement/{council}/{placement_ref}`. Only a person's act ends it."""

    kind = PLACEMENT

    @workflow.init
    def __init__(self, start: WatchStart | PlacementState) -> None:
        """Begin, or go on where the run before left off."""
        self.begin(start)

    @workflow.run
    async def run(self, start: WatchStart | PlacementState) -> None:  # noqa: ARG002 - `__init__` has it
        """Live until somebody ends it."""
        await self.keep()

    def perform(self, name: str, act: Act, now: datetime, *, judged: bool) -> bool:
        """Do an act; which place of a block contract it has is counted again."""
        done = super().perform(name, act, now, judged=judged)
        if done:
            count_again(self.state)
        return done

    def is_finished(self) -> bool:
        """Over, and its place given up."""
        return super().is_finished() and not self.state.claiming

    def errands(self) -> list[Errand]:
        """Counting the places of a block contract."""
        return [Errand("claim", lambda: self.state.claiming, self._claim)]

    async def _claim(self) -> None:
        asked = self.state.claim
        if asked is None:
            return
        before = await workflow.execute_local_activity_method(
            Claims.claim,
            Claimed(process_id=self.state.process_id, council=self.state.procedure.key, claim=asked),
            start_to_close_timeout=RECORD_TIMEOUT,
            local_retry_threshold=LOCAL_RETRIES,
            retry_policy=PATIENCE,
            summary=f"{asked.total} {asked.of}",
        )
        place_counted(self.state, asked, before)
