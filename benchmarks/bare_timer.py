"""The bare workflow that a clock is measured against: one timer, then one trivial activity, nothing else."""

from datetime import datetime, timedelta

from temporalio import workflow

from benchmarks.bare import trivial


@workflow.defn
class BareTimer:
    """Sleeps until an instant, does one activity and ends."""

    @workflow.run
    async def run(self, until: datetime) -> None:
        """Sleep, then act.

        Args:
            until: UTC.
        """
        await workflow.sleep(until - workflow.now())
        await workflow.execute_activity(trivial, 1, start_to_close_timeout=timedelta(seconds=10))
