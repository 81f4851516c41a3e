"""A support package: the services that a panel agreed, from allocation to its end."""

from temporalio import workflow

from models.support_package import SupportPackageState
from models.watch import WatchStart
from rules.packages.acts import PACKAGE
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="SupportPackage")
@takes_acts([*PACKAGE.rules])
class SupportPackage(Watch[SupportPackageState]):
    """A support package: response, allocation, progress every six weeks and reviews."""

    kind = PACKAGE

    @workflow.init
    def __init__(self, start: WatchStart | SupportPackageState) -> None:
        self.begin(start)

    @workflow.run
    async def run(self, start: WatchStart | SupportPackageState) -> None:  # noqa: ARG002 - `__init__` has taken it
        """Live until it is ended."""
        await self.keep()
