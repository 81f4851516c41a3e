"""Queries of Temporal's visibility that find open processes, and the addresses of the UI that show what they find."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from activities.messages import JOURNEY_WORKFLOW, WATCH_WORKFLOWS
from models.procedure import WorkingCalendar
from rules.working_days import add_working_days, instant, local
from runtime.settings import Settings

EVERY_WATCH = tuple(WATCH_WORKFLOWS.values())
"""The workflows beside journeys and sittings."""
IDLE_WORKING_DAYS = 5
"""How long nothing may move before somebody should look."""


@dataclass(frozen=True)
class Filter:
    """Which open processes are meant; everything left out does not matter.

    `workflows` are journeys, unless it says otherwise. `idle_since` says for each council when a process must have
    reached its stage to count as idle.
    """

    workflows: tuple[str, ...] = (JOURNEY_WORKFLOW,)
    overdue: bool = False
    escalated: bool = False
    waiting_on: str | None = None
    forum: str | None = None
    stage: str | None = None
    council: str | None = None
    child: str | None = None
    idle_since: Mapping[str, datetime] | None = None

    def query(self) -> str:
        """As Temporal's visibility understands it; every value was checked to be a known key."""
        one, *more = self.workflows
        several = f"IN ({', '.join(repr(name) for name in self.workflows)})" if more else f"= '{one}'"
        wanted = {
            "WaitingOn": self.waiting_on,
            "Forum": self.forum,
            "Stage": self.stage,
            "Council": self.council,
            "ChildRef": self.child,
        }
        parts = [f"WorkflowType {several} AND ExecutionStatus = 'Running'"]
        parts += [f"{name} = '{value}'" for name, value in wanted.items() if value is not None]
        parts += [
            name for name, asked in (("Overdue = true", self.overdue), ("Escalated = true", self.escalated)) if asked
        ]
        if self.idle_since:
            each = (f"(Council = '{key}' AND StageSince <= '{_stamp(at)}')" for key, at in self.idle_since.items())
            parts.append(f"({' OR '.join(each)})")
        return " AND ".join(parts)


def idle_since(now: datetime, working_days: int, calendar: WorkingCalendar) -> datetime:
    """The moment that lies so many working days back, at the same wall time.

    Args:
        now: UTC.
        working_days: How many.
        calendar: The council's days off.
    """
    here = local(now)
    return instant(add_working_days(here.date(), -working_days, calendar), here.time())


def saved_views(now: datetime, calendars: Mapping[str, WorkingCalendar]) -> dict[str, Filter]:
    """What people look for when a child waits too long, by its title.

    Args:
        now: UTC; a view of idle journeys counts from it.
        calendars: Of each council, by its key.
    """
    since = {key: idle_since(now, IDLE_WORKING_DAYS, calendar) for key, calendar in calendars.items()}
    return {
        "Overdue": Filter(overdue=True),
        "Waiting on a Head of Service": Filter(waiting_on="head_of_service"),
        "Escalated": Filter(escalated=True),
        "Nothing moved for five working days": Filter(idle_since=since),
    }


def ui_address(settings: Settings, query: str) -> str:
    """Where the Temporal UI shows what a query finds.

    Args:
        settings: With the UI's address and the namespace.
        query: For visibility.
    """
    ui = settings.temporal_ui.rstrip("/")
    return f"{ui}/namespaces/{settings.temporal_namespace}/workflows?{urlencode({'query': query}, quote_via=quote)}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
