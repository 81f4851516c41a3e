"""Folds meetings and their agendas."""

from models.identifiers import sitting_key
from models.vocabulary import CaseState
from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_day, as_instant, short
from register.read_models import AGENDA_LINE, SITTING

CALENDARED = ("on", "starts", "ends", "venue", "chair", "stage", "moved_to")
"""What calendars show of a meeting: its revision rises when any of them changes."""
OFF_THE_AGENDA = (CaseState.CARRIED_OVER, CaseState.RELEASED)


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the row of `sitting`; one of which too little is left on record has none.

    Args:
        matter: A sitting, its process row already brought up to date.
        event: The next event of it.
    """
    key, standing = sitting_key(matter.process_id), matter.standing
    starts = as_instant(standing.get("starts"))
    if key is None or starts is None or event.patch is None:
        return
    before = matter.table(SITTING).get(())
    lines = list(standing.get("agenda", {}).values())
    row = {
        "process_id": matter.process_id,
        "council": matter.council,
        "forum": matter.process["forum"] or key.forum,
        "on": as_day(standing.get("sitting")) or key.on,
        "starts": starts,
        "ends": as_instant(standing.get("ends")),
        "cut_off": as_instant(standing.get("cut_off")),
        "venue": short(standing.get("venue"), 200),
        "stage": matter.process["stage"],
        "chair": standing.get("chair"),
        "capacity": standing.get("capacity"),
        "listed": sum(1 for line in lines if line.get("slot") and line.get("state") not in OFF_THE_AGENDA),
        "reserved": sum(1 for line in lines if line.get("reserve")),
        "circulated_at": as_instant(standing.get("circulated_at")),
        "minutes": short(standing.get("minutes"), 20),
        "moved_to": as_day(standing.get("moved_to")),
        "revision": 0,
    }
    matter.table(SITTING)[()] = {**row, "revision": _revision(before, row)}


def _revision(before: Row | None, now: Row) -> int:
    if before is None:
        return 0
    changed = any(before[name] != now[name] for name in CALENDARED)
    revision: int = before["revision"]
    return revision + 1 if changed else revision


def finish(matter: Matter) -> None:
    """Make the lines of the agenda what the standing says; a line of which too little is left on record is left out.

    Args:
        matter: A sitting, after its events.
    """
    lines = matter.standing.get("agenda", {})
    matter.rows[AGENDA_LINE] = {
        (reference,): _line(matter, reference, line)
        for reference, line in lines.items()
        if {"number", "journey", "state"} <= line.keys()
    }


def _line(matter: Matter, reference: str, line: Row) -> Row:
    return {
        "process_id": matter.process_id,
        "referral_ref": reference,
        "number": line["number"],
        "journey": line["journey"],
        "child_ref": line.get("child_ref") or None,
        "state": line["state"],
        "slot": as_instant(line.get("slot")),
        "reserve": line.get("reserve"),
        **{name: bool(line.get(name)) for name in ("emergency", "carried_over", "late", "extra", "provisional")},
        "outcome": line.get("outcome"),
    }
