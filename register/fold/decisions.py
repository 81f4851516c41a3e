"""Folds the decisions of a journey, and the actions that follow from them."""

from datetime import datetime

from models.vocabulary import ActionState
from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_day, as_instant, short
from register.read_models import ACTION, DECISION

DONE = (ActionState.COMPLETED, ActionState.REPLACED)
"""States of an action that nobody has to do anything about."""
CONCERNS = frozenset({"actions", "open"})
"""What of a standing is in the rows of actions; a whole standing has `open`."""


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the rows of `action`: when each was opened, and when it ended.

    Args:
        matter: A journey, its process row already brought up to date.
        event: The next event of it.
    """
    if event.patch is None or CONCERNS.isdisjoint(event.patch):
        return
    rows, closed = matter.table(ACTION), not matter.process["open"]
    for reference, action in matter.standing.get("actions", {}).items():
        due = as_day(action.get("due"))
        if due is None or "state" not in action:  # too little is left on record
            rows.pop((reference,), None)
            continue
        before = rows.get((reference,), {})
        owner = action.get("owner", {})
        over = closed or action["state"] in DONE
        rows[reference,] = {
            "process_id": matter.process_id,
            "reference": reference,
            "council": matter.council,
            "forum": matter.process["forum"],
            "unit": matter.process["unit"],
            "owner_post": owner.get("post"),
            "owner_staff": owner.get("staff"),
            "due": due,
            "state": action["state"],
            "opened_at": before.get("opened_at", event.at),
            "ended_at": (before.get("ended_at") or event.at) if over else None,
        }


def finish(matter: Matter) -> None:
    """Make the decisions what the standing says, and bring actions in line with forum and unit of today.

    Args:
        matter: A journey, after its events.
    """
    where = {"forum": matter.process["forum"], "unit": matter.process["unit"]}
    rows = matter.table(ACTION)
    for key, row in rows.items():
        rows[key] = {**row, **where}
    found: dict[tuple[int], Row] = {}
    for number, record in matter.standing.get("decisions", {}).items():
        at = as_instant(record.get("at"))
        if at is not None and "decision" in record.get("decided", {}) and "by" in record:
            found[int(number),] = {**_decision(matter, int(number), record, at), "unit": where["unit"]}
    matter.rows[DECISION] = dict(found)


def _decision(matter: Matter, number: int, record: Row, at: datetime) -> Row:
    decided, by = record["decided"], record["by"]
    return {
        "process_id": matter.process_id,
        "number": number,
        "council": matter.council,
        "forum": record.get("forum") or matter.process["forum"],
        "sitting": as_day(record.get("sitting")),
        "outcome": decided["decision"],
        "at": at,
        "staff": by.get("staff", ""),
        "post": by.get("post", ""),
        "legal_section": short(record.get("legal_section")),
        "recommends": bool(record.get("recommends")),
        "dissent": bool(decided.get("dissent")),
        "sheet_approved_at": as_instant(record.get("sheet_approved_at")),
        "review_on": as_day(decided.get("review_on")),
    }
