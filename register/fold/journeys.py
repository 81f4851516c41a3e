"""Folds what only journeys have: the place at a sitting, the review, and how often what happened to it."""

from models.process import NewsKind
from models.vocabulary import JourneyAct, Outcome, Priority
from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_day, as_instant
from register.read_models import JOURNEY

DECIDED = "decided"
COUNTED: dict[str, str] = {JourneyAct.RETURN_FOR_CHANGES: "returned", NewsKind.CARRIED_OVER: "carried_over"}
"""Events that are counted, and where."""
MARKED: dict[str, str] = {JourneyAct.AGREE_LATE: "late", JourneyAct.AUTHORISE_EMERGENCY: "emergency"}
"""Events after which something is true of a journey for good, and what."""


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the row of `journey`.

    Args:
        matter: A journey, its process row already brought up to date.
        event: The next event of it.
    """
    row = matter.table(JOURNEY).get(()) or _new(matter, event)
    if event.accepted and event.is_deed:
        row = _counted(row, event)
    standing, process = matter.standing, matter.process
    row = {
        **row,
        "forum": process["forum"],
        "emergency": row["emergency"] or process["priority"] == Priority.EMERGENCY,
        "sitting": as_day(standing.get("sitting")),
        "slot": as_instant(standing.get("slot")),
        "reserve": standing.get("reserve"),
        "provisional": standing.get("provisional", False),
        "review_on": as_day(standing.get("review_on")),
        "actions_open": standing.get("actions_open", 0),
    }
    matter.table(JOURNEY)[()] = row


def _counted(row: Row, event: Happened) -> Row:
    if event.what == JourneyAct.REFER:
        return {**row, "referred_by": event.on_behalf_of or event.staff, "referred_at": event.at}
    count = "deferred" if event.what == DECIDED and _is_deferral(event) else COUNTED.get(event.what)
    if count is not None:
        return {**row, count: row[count] + 1}
    mark = MARKED.get(event.what)
    return row if mark is None else {**row, mark: True}


def _is_deferral(event: Happened) -> bool:
    return (event.details.get("decided") or {}).get("decision") == Outcome.DEFERRED


def _new(matter: Matter, event: Happened) -> Row:
    return {
        "process_id": matter.process_id,
        "council": matter.council,
        "forum": "",
        "referral_ref": matter.reference,
        "request_kind": "",
        "referred_by": event.on_behalf_of or event.staff,
        "referred_at": event.at,
        "sitting": None,
        "slot": None,
        "reserve": None,
        "provisional": False,
        "review_on": None,
        "actions_open": 0,
        "carried_over": 0,
        "deferred": 0,
        "returned": 0,
        "emergency": False,
        "late": False,
    }
