"""Folds what every process has: stage, whose move it is, deadline, and the standing as a whole."""

from register.fold.events import Happened
from register.fold.matters import WATCHES, Matter, Row, as_instant, as_unit, short
from register.read_models import PROCESS
from rules.standing import Standing, merged

UNKNOWN = "unknown"
"""The stage of a process of which no standing is on record: it ended before there were any, or they were erased."""
ENDINGS = frozenset({"closed", "withdraw", "postpone", "cancel", "nothing_to_hear", "end_placement"})
"""Events after which a process without a standing on record is taken to be over."""


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the row of `process`.

    Args:
        matter: The process.
        event: The next event of it.
    """
    row = matter.table(PROCESS).get(()) or _new(matter, event)
    standing: Standing = row["standing"]
    if event.patch is not None:
        standing = merged(standing, event.patch)
    row = {
        **row,
        "last_at": max(row["last_at"], event.at),
        "sequence": max(row["sequence"], event.sequence),
        "procedure_version": event.procedure_version or row["procedure_version"],
        "standing": standing,
    }
    is_open = standing.get("open", not (event.erased or event.what in ENDINGS))
    row |= {
        "open": is_open,
        "closed_at": None if is_open else row["closed_at"] or event.at,
    }
    if event.patch is not None:
        row |= _standing_columns(matter, standing)
    matter.table(PROCESS)[()] = row


def _new(matter: Matter, event: Happened) -> Row:
    return {
        "process_id": matter.process_id,
        "kind": matter.kind,
        "council": matter.council,
        "forum": "",
        "reference": matter.reference,
        "child_ref": None,
        "unit": "",
        "team": "",
        "stage": UNKNOWN,
        "stage_since": None,
        "waiting_on": None,
        "priority": "normal",
        "overdue": False,
        "escalated": False,
        "open": True,
        "next_deadline": None,
        "outcome": None,
        "opened_at": event.at,
        "closed_at": None,
        "last_at": event.at,
        "sequence": 0,
        "procedure_version": event.procedure_version,
        "came_from": None,
        "standing": {},
    }


def _standing_columns(matter: Matter, standing: Standing) -> Row:
    columns: Row = {
        "forum": standing.get("forum", ""),
        "child_ref": standing.get("child_ref") or None,
        "stage": short(standing.get("stage")) or UNKNOWN,
        "stage_since": as_instant(standing.get("stage_since")),
        "waiting_on": standing.get("waiting_on"),
        "priority": short(standing.get("priority"), 40) or "normal",
        "overdue": standing.get("overdue", False),
        "escalated": standing.get("escalated", False),
        "next_deadline": as_instant(standing.get("next_deadline")),
        "outcome": short(standing.get("outcome")),
        "came_from": standing.get("came_from"),
    }
    if matter.kind in WATCHES:
        columns["unit"] = as_unit(standing.get("unit"))
    return columns
