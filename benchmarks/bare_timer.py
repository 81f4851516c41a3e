"""The bare workflow that a clock is measured against: one timer, then one trivial activity, nothing else."""

from datetime import datetime, timedelta

from temporalio import activity, workflow


class Handled:
    """Counts the timers that have rung and been handled, in the process of the worker."""

    def __init__(self) -> None:
        self.count = 0

    @activity.defn(name="handled")
    async def one_more(self, number: int) -> None:
        """Count one.

        Args:
            number: Any number.
        """
        del number
        self.count += 1


HANDLED = Handled()
"""The one that the measure asks: a client that waited for so many results would wait for the server's own limit."""


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
        await workflow.execute_activity_method(Handled.one_more, 1, start_to_close_timeout=timedelta(seconds=10))
