"""A workflow that logs in each of the ways that code may, on both sides of a wait."""

import logging
from datetime import timedelta

import structlog
from temporalio import activity, workflow

log = structlog.get_logger("tests.workflow")


@activity.defn
async def record(child: str) -> None:
    """Logs a reference and, wrongly, a name."""
    log.info("activity ran", referral_ref="R1", child_name=child)


@workflow.defn
class LoggingWorkflow:
    @workflow.run
    async def run(self, child: str) -> None:
        """Logs before and after each of two waits."""
        log.info("structlog before", stage="listed", child_name=child)
        workflow.logger.info("temporal before")
        logging.getLogger("tests.plain").info("plain before")
        await workflow.execute_activity(record, child, start_to_close_timeout=timedelta(seconds=10))
        log.info("structlog between", stage="at_panel")
        await workflow.sleep(timedelta(days=1))
        log.info("structlog after", stage="closed")
        workflow.logger.info("temporal after")
        logging.getLogger("tests.plain").info("plain after")
