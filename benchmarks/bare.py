"""The bare workflow that Waymark is measured against: as many updates, one trivial activity each, nothing else."""

from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def trivial(number: int) -> int:
    """Do nothing.

    Args:
        number: Any number.
    """
    return number


@workflow.defn
class Bare:
    """Takes updates until it has had as many as it was told to expect."""

    @workflow.init
    def __init__(self, updates: int) -> None:
        """Expect so many updates.

        Args:
            updates: How many.
        """
        self._left = updates

    @workflow.run
    async def run(self, updates: int) -> None:
        """Wait for all of them.

        Args:
            updates: How many.
        """
        del updates
        await workflow.wait_condition(lambda: self._left == 0 and workflow.all_handlers_finished())

    @workflow.update
    async def act(self, number: int) -> int:
        """One update with one activity.

        Args:
            number: Any number.
        """
        answer = await workflow.execute_activity(trivial, number, start_to_close_timeout=timedelta(seconds=10))
        self._left -= 1
        return answer

    @act.validator
    def _check(self, number: int) -> None:
        if number < 0:
            msg = "negative"
            raise ValueError(msg)
