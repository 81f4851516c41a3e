"""Refusals as they come back from Temporal, and those that need no process to say them."""

from temporalio.exceptions import ApplicationError

from models.errors import RefusalCode, Refused


def unknown_process(process_id: str) -> Refused:
    """The refusal for a process that does not exist.

    Args:
        process_id: What was asked for.
    """
    return Refused(
        RefusalCode.UNKNOWN,
        f"There is no process {process_id}.",
        "Check the reference; `starter.py journeys` and `starter.py watches` list what is open.",
    )


def refusal_from(cause: BaseException | None) -> Refused:
    """A refusal as Temporal brought it back.

    Args:
        cause: The cause of a failed update.
    """
    if isinstance(cause, ApplicationError) and cause.type in set(RefusalCode):
        told = cause.details[0] if cause.details else {}
        extra = told if isinstance(told, dict) else {}
        return Refused(RefusalCode(cause.type), cause.message, str(extra.get("remedy", "")), extra.get("rule"))
    return Refused(
        RefusalCode.INVALID,
        "The process could not read this act.",
        "Check the act's name and its fields with `starter.py schema`.",
    )
