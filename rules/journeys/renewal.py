"""Approvals for a time: when they are renewed and when they end. People are warned and told; nothing ends by itself."""

from datetime import datetime

from models.acts import Decided
from models.journey import JourneyState
from models.vocabulary import APPROVALS
from rules import clocks
from rules.journeys.common import role_here
from rules.working_days import add_working_days, instant, local

RENEWAL = "renewal"
APPROVAL_END = "approval_end"


def watch_period(state: JourneyState, decided: Decided, now: datetime) -> None:
    """Watch the renewal date and the end of what was approved; a new approval takes the place of an old one.

    Args:
        state: The journey, decided.
        decided: The decision.
        now: UTC.
    """
    if decided.decision not in APPROVALS:
        return
    for name in (RENEWAL, APPROVAL_END):
        clocks.meet(state, name, now)
    rule = state.forum.renewal
    if rule is None:
        return
    manager = role_here(state, "manager")
    for name, day in ((RENEWAL, decided.renew_by), (APPROVAL_END, decided.ends)):
        if day is None:
            continue
        clocks.start(state, name, name, clocks.due_on(state, name, day), manager, now)
        _warn(state, name, rule.warn_working_days, now)


def _warn(state: JourneyState, name: str, working_days: int, now: datetime) -> None:
    """Warn as many working days ahead as the forum says; a clock started inside that time warns no more."""
    clock = state.clocks[name]
    due = local(clock.due)
    warns = instant(add_working_days(due.date(), -working_days, state.calendar), due.time())
    ahead = warns if working_days and warns > now else None
    state.clocks[name] = clock.model_copy(update={"warns": ahead})


def runs(state: JourneyState) -> bool:
    """Whether an approval for a time is still watched.

    Args:
        state: The journey.
    """
    return any(name in state.clocks and state.clocks[name].ticking for name in (RENEWAL, APPROVAL_END))


def told_of(decided: Decided) -> str | None:
    """The subject under which worker and manager learn the renewal date; `None` when there is none.

    Args:
        decided: The decision.
    """
    return f"renewal_due:{decided.renew_by}" if decided.renew_by else None
