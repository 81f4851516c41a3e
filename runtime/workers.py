"""Wires a worker: which workflows it runs, with which activities, over which register."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.booking import Bookings, Rota
from activities.calendars import Calendars
from activities.claims import Claims
from activities.dispatch import Dispatch
from activities.messages import Messages
from activities.register import Register
from models.errors import ProcedureFault
from models.procedure import Council, WorkingCalendar
from procedures.calendars import working_calendar
from procedures.loader import council_folders, load_council
from runtime.settings import Settings
from workflows.child_journey import ChildJourney
from workflows.panel_sitting import PanelSitting
from workflows.signals import OneMessageASignal
from workflows.watches import KINDS, WATCHES

PASSED_THROUGH = (
    "activities",
    "dateutil",
    "models",
    "procedures",
    "pydantic",
    "pydantic_core",
    "rules",
    "runtime",
    "sqlalchemy",
    "structlog",
    "transitions",
    "workflows",
)
"""Modules that every workflow shares instead of loading its own: they hold no state that a workflow could change."""
WORKFLOWS: tuple[type[Any], ...] = (ChildJourney, PanelSitting, *WATCHES)
COLLECTED_AFTER = (10_000, 5, 2)
"""After how many new objects, and how many smaller rounds, the garbage collector looks at each generation.

A workflow that leaves memory is garbage of the last one: too few rounds of it cost more memory than they save time.
"""

SHARE_OF_NEW = 0.5
"""The share of pollers that listen for processes which are new or not in memory: in a burst they must not starve."""


def sandbox() -> SandboxedWorkflowRunner:
    """The sandbox that shows whether clocks, files and randomness stay out of workflows: the tests run in it."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


def runner(settings: Settings) -> WorkflowRunner:
    """How workflows are run: freely, or in the sandbox where the settings ask for it (decision 0011).

    Args:
        settings: Whether to use the sandbox.
    """
    return sandbox() if settings.sandbox else UnsandboxedWorkflowRunner()


def get_ready() -> None:
    """Load what a worker uses all the time, and let the garbage collector pass over it from here on.

    A collection that looks at every procedure and module takes a tenth of a second, for which all acts would wait.
    A council whose files are at fault is named when somebody refers there.
    """
    for key in council_folders():
        with suppress(ProcedureFault):
            load_council(key)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)


def build_worker(  # noqa: PLR0913 - a worker is made of that much
    client: Client,
    settings: Settings,
    register: Register,
    rota: Callable[[str], Rota],
    *,
    identity: str | None = None,
    council: Callable[[str], Council] = load_council,
    calendar: Callable[[str, int], WorkingCalendar] = working_calendar,
) -> Worker:
    """A worker, ready to run.

    Args:
        client: A connected client.
        settings: The task queue and the limits.
        register: Where entries are written.
        rota: Who chairs, by council.
        identity: How the worker is called in the Temporal UI.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
    """
    bookings = Bookings(client, settings.task_queue, council, calendar, rota)
    messages = Messages(client, settings.task_queue, council, calendar, KINDS, register)
    calendars = Calendars(calendar)
    claims = Claims(register.engine)
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=list(WORKFLOWS),
        activities=[
            Dispatch(register, messages).dispatch,
            messages.start,
            messages.start_onward,
            bookings.book,
            calendars.days_off,
            claims.claim,
        ],
        activity_executor=ThreadPoolExecutor(settings.max_concurrent_activities, thread_name_prefix="activity"),
        workflow_runner=runner(settings),
        interceptors=[OneMessageASignal()],
        max_cached_workflows=settings.max_cached_workflows,
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        nonsticky_to_sticky_poll_ratio=SHARE_OF_NEW,
        max_concurrent_activities=settings.max_concurrent_activities,
        max_concurrent_local_activities=settings.max_concurrent_local_activities,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=settings.sticky_queue_seconds),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        identity=identity,
    )
