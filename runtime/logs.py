"""Logs that a council may ship elsewhere: structured, said once, and without anything about a child.

Every event, Temporal's own included, passes the same processors. What a log may carry is a list of keys, so
that a field which nobody thought of is dropped and named, never printed.
"""

import logging
import sys
import traceback
from contextlib import suppress
from datetime import date, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Final, TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import activity, workflow
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from runtime.settings import Settings

ALLOWED_KEYS: Final = frozenset(
    # what happened, and where in the code
    {"event", "level", "logger", "timestamp", "code", "error_type", "traceback", "dropped"}
    # the process and its run
    | {"workflow_id", "run_id", "workflow_type", "activity", "attempt", "process", "kind", "sequence"}
    # references, which mean nothing without the council's own system
    | {"council", "reference", "referral_ref", "child_ref", "placement_ref", "package_ref", "transfer_ref"}
    | {"staff_id", "message_id", "unit", "team"}
    # the procedure
    | {"forum", "procedure", "version", "rule", "act", "outcome", "decision", "clock"}
    | {"stage", "previous_stage", "reserve", "priority", "overdue", "escalated"}
    | {"post", "waiting_on", "duty", "notice"}
    | {"due", "deadline", "since", "sitting", "sitting_date", "slot"}
    # the machine
    | {"address", "ui", "namespace", "task_queue", "environment"}
    | {"build_id", "pid", "path", "count", "seconds"}
)

# What another handler's formatter writes on a record that it saw first.
_LEFT_BY_OTHER_HANDLERS = frozenset({"message", "asctime"})
_PLAIN = (str, int, float, date, time, timedelta, Enum, Path, UUID, type(None))
# Below these levels they write whole payloads into their messages, where no list of keys can reach.
_TOO_TALKATIVE = {
    "temporalio": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "asyncio": logging.INFO,
    # What Notify answers may repeat an address.
    "notifications_python_client": logging.CRITICAL,
    "urllib3": logging.WARNING,
}


class _OwnHandler(logging.StreamHandler[TextIO]):
    """Ours, so that configuring twice replaces it and leaves a test runner's handlers alone."""

    def emit(self, record: logging.LogRecord) -> None:
        # Looked up at each event, since progress bars and test runners exchange it for a while.
        self.stream = sys.stderr
        super().emit(record)


def configure_logs(settings: Settings) -> None:
    """Sends every event of this process to standard error, as the settings say; safe to repeat.

    Events are JSON, one object a line, in production and wherever nobody watches a terminal.
    """
    as_json = settings.log_format == "json" or (
        settings.log_format == "auto" and (settings.environment == "production" or not sys.stderr.isatty())
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(default=str, sort_keys=True)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        add_process,
        describe_error,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = _OwnHandler()
    handler.addFilter(happens_now)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, keep_allowed, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if not isinstance(kept, _OwnHandler)] + [handler]
    root.setLevel(settings.log_level)
    for name, least in _TOO_TALKATIVE.items():
        logging.getLogger(name).setLevel(max(least, root.level))
    _quieten_temporal()


def happens_now(_record: logging.LogRecord) -> bool:
    """A logging filter: False while a workflow replays, when the event was logged already."""
    return not (workflow.in_workflow() and workflow.unsafe.is_replaying_history_events())


def add_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Adds which workflow and run an event comes from, inside a workflow or an activity of one."""
    if workflow.in_workflow():
        info = workflow.info()
        event.update(
            {
                "workflow_id": info.workflow_id,
                "run_id": info.run_id,
                "workflow_type": info.workflow_type,
            }
        )
    elif activity.in_activity():
        running = activity.info()
        event.update(
            {
                "workflow_id": running.workflow_id,
                "run_id": running.workflow_run_id,
                "activity": running.activity_type,
                "attempt": running.attempt,
            }
        )
    return event


def describe_error(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces an exception by its type and place; its message may repeat what a form says of a child."""
    found = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if found is True or (isinstance(found, tuple) and found[0] is None):
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__qualname__
        event["traceback"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
        ]
    return event


def keep_allowed(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drops every key that is not in `ALLOWED_KEYS` and every value that is not plain; lists their names."""
    kept = {key: value for key, value in event.items() if key in ALLOWED_KEYS and _is_plain(value)}
    if dropped := sorted(event.keys() - kept.keys() - _LEFT_BY_OTHER_HANDLERS):
        kept["dropped"] = dropped
    return kept


def _is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(isinstance(item, _PLAIN) for item in value)
    return isinstance(value, _PLAIN)


def _quieten_temporal() -> None:
    """Stops Temporal from writing its context into messages, and hands its core's logs to Python's."""
    workflow.logger.workflow_info_on_message = False
    workflow.logger.workflow_info_on_extra = False
    activity.logger.activity_info_on_message = False
    activity.logger.activity_info_on_extra = False
    forwarding = LogForwardingConfig(
        logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
        # They hold whatever the core had in hand, failures and their messages included.
        append_log_fields_to_message=False,
    )
    telemetry = TelemetryConfig(
        logging=LoggingConfig(TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding)
    )
    # Whoever has connected already keeps the core's own log.
    with suppress(RuntimeError):
        Runtime.set_default(Runtime(telemetry=telemetry))
