"""Folds clocks: every one that ever ran, and how it ended. They stay when their process has forgotten them."""

from datetime import datetime
from typing import Any

from models.vocabulary import ClockState
from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_instant
from register.read_models import CLOCK
from rules.standing import Standing

OVER = (ClockState.MET, ClockState.STOPPED)
CONCERNS = frozenset({"clocks", "forum", "child_ref"})
"""What of a standing is in the rows of clocks; a whole standing has it all."""


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the rows of `clock`.

    A clock that ended stays as it ended. One that ran and is there no more, or runs anew from another moment, no longer
    applies: it is `stopped`.

    Args:
        matter: The process, its process row already brought up to date.
        event: The next event of it.
    """
    if event.patch is None or CONCERNS.isdisjoint(event.patch):
        return
    rows = matter.table(CLOCK)
    now_there: set[tuple[Any, ...]] = set()
    for name, clock in matter.standing.get("clocks", {}).items():
        started, due = as_instant(clock.get("started")), as_instant(clock.get("due"))
        if started is None or due is None:  # too little is left on record
            continue
        now_there.add((name, started))
        before = rows.get((name, started))
        if before is None or before["state"] not in OVER or clock["state"] != before["state"]:
            rows[name, started] = _row(matter, event, name, clock, started, due, before or {})
    for key, row in rows.items():
        if key not in now_there and row["state"] not in OVER:
            stopped = {"state": ClockState.STOPPED.value, "ended_at": event.at, "unit": matter.process["unit"]}
            rows[key] = {**row, **stopped}


def _row(  # noqa: PLR0913 - a clock has that many parts
    matter: Matter, event: Happened, name: str, clock: Standing, started: datetime, due: datetime, before: Row
) -> Row:
    process = matter.process
    breached = before.get("breached_at")
    if breached is None and clock["state"] == ClockState.BREACHED:
        breached = _breached(matter.standing, name, started) or event.at
    return {
        "process_id": matter.process_id,
        "name": name,
        "started": started,
        "council": matter.council,
        "kind": matter.kind,
        "forum": process["forum"],
        "unit": process["unit"],
        "child_ref": process["child_ref"],
        "cites": clock.get("cites", ""),
        "owner": clock.get("owner", ""),
        "warns": as_instant(clock.get("warns")),
        "due": due,
        "state": clock["state"],
        "breached_at": breached,
        "ended_at": (before.get("ended_at") or event.at) if clock["state"] in OVER else None,
    }


def _breached(standing: Standing, name: str, started: datetime) -> datetime | None:
    """When a clock's breach was raised, to the moment, however late it was written down."""
    raised = [as_instant(one.get("at")) for one in standing.get("escalations", ()) if one.get("clock") == name]
    return min((at for at in raised if at is not None and at >= started), default=None)


def finish(matter: Matter) -> None:
    """Bring the clocks that still tick in line with the unit of today.

    Args:
        matter: The process, after its events.
    """
    rows = matter.table(CLOCK)
    for key, row in rows.items():
        if row["state"] not in OVER:
            rows[key] = {**row, "unit": matter.process["unit"]}
