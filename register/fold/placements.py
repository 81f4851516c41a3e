"""Folds placements, with the price of their contract."""

from datetime import datetime

from register.fold.events import Happened
from register.fold.matters import Matter, Row, as_day, as_pence, short
from register.read_models import COST, PLACEMENT

CONTRACT = "contract"
"""The kind of the cost of a placement."""


def fold(matter: Matter, event: Happened) -> None:
    """Take one event into the row of `placement`.

    Args:
        matter: A placement, its process row already brought up to date.
        event: The next event of it.
    """
    if event.patch is None:
        return
    facts, process = matter.standing.get("facts", {}), matter.process
    weekly = as_pence(facts.get("contract.weekly_cost"))
    matter.table(PLACEMENT)[()] = {
        "process_id": matter.process_id,
        "council": matter.council,
        "placement_ref": matter.reference,
        "child_ref": process["child_ref"],
        "unit": process["unit"],
        "type": short(facts.get("placement.type")),
        "provider": short(facts.get("provider.reference"), 200),
        "provider_grade": short(facts.get("provider.grade")),
        "legal_status": short(facts.get("legal.status")),
        "out_of_area": facts.get("placement.out_of_area"),
        "started_on": as_day(facts.get("placement.starts_on")),
        "contract_ends_on": as_day(facts.get("contract.ends")),
        "weekly_pence": weekly,
        "ended_on": as_day(facts.get("placement.ended_on")),
    }
    before = matter.table(COST).get((CONTRACT,))
    if weekly is None:
        matter.table(COST).pop((CONTRACT,), None)
    else:
        matter.table(COST)[CONTRACT,] = _cost(matter, weekly, before, event.at)


def _cost(matter: Matter, weekly: int, before: Row | None, at: datetime) -> Row:
    same = before is not None and before["weekly_pence"] == weekly
    return {
        "process_id": matter.process_id,
        "kind": CONTRACT,
        "council": matter.council,
        "forum": "",
        "unit": matter.process["unit"],
        "weekly_pence": weekly,
        "once_pence": None,
        "heading": None,
        "decided": None,
        "at": before["at"] if before is not None and same else at,
    }
