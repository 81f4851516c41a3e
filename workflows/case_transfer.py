"""A case that moves between services: late, disputed or short of papers, it never falls between two units."""

from temporalio import workflow

from models.case_transfer import CaseTransferState
from models.watch import WatchStart
from rules.transfers.kind import CASE_TRANSFER
from workflows.process import takes_acts
from workflows.watch import Watch


@workflow.defn(name="CaseTransfer")
@takes_acts([*CASE_TRANSFER.rules])
class CaseTransfer(Watch[CaseTransferState]):
    """The transfer of one case, until nothing about it waits for anybody."""

    kind = CASE_TRANSFER

    @workflow.init
    def __init__(self, start: WatchStart | CaseTransferState) -> None:
        self.begin(start)

    @workflow.run
    async def run(self, start: WatchStart | CaseTransferState) -> None:  # noqa: ARG002 - `__init__` took it
        """Live until it is over."""
        await self.keep()
