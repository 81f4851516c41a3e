"""The durable process of a child's care episode."""

from temporalio import workflow

from models.care_episode import EpisodeState
from models.watch import WatchStart
from rules.episodes.kind import EPISODE
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="CareEpisode")
@takes_acts([*EPISODE.rules])
class CareEpisode(Watch[EpisodeState]):
    """A child's statuses, reviews and discussions, and the clocks that run on them."""

    kind = EPISODE

    @workflow.init
    def __init__(self, start: WatchStart | EpisodeState) -> None:
        self.begin(start)

    @workflow.run
    async def run(self, start: WatchStart | EpisodeState) -> None:  # noqa: ARG002 - taken when it was made
        """Live until the episode is closed.

        Args:
            start: What opens it, or the whole state.
        """
        await self.keep()
