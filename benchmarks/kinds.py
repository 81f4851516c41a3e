"""One ordinary start of each kind of watch, for measuring."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from benchmarks.council import staff
from models.deadlines import WatchKind
from models.people import Actor
from procedures.loader import load_council
from workflows.watches import KINDS

COUNCIL = "hackney"


def _child(reference: str) -> dict[str, str]:
    return {"reference": f"C-{reference}", "date_of_birth": "2015-05-05"}


def _placement(reference: str, at: datetime) -> dict[str, Any]:
    return {
        "placement_ref": reference,
        "child": _child(reference),
        "type": "U6",
        "started_at": at.isoformat(),
        "provider": {"reference": "H-1", "in_house": True, "grade": "good"},
    }


def _episode(reference: str, at: datetime) -> dict[str, Any]:
    return {"child": _child(reference), "team": "children in need", "looked_after_since": str(at.date())}


def _package(reference: str, at: datetime) -> dict[str, Any]:
    return {
        "package_ref": reference,
        "child": _child(reference),
        "priority": 1,
        "decided_at": at.isoformat(),
        "services": [{"service": "family support", "agency": "family_support"}],
    }


def _transfer(reference: str, at: datetime) -> dict[str, Any]:
    return {
        "transfer_ref": reference,
        "child": _child(reference),
        "route": "child_in_need",
        "requested_at": at.isoformat(),
        "from": "access and assessment",
        "to": "children in need",
    }


def _meeting(reference: str, at: datetime) -> dict[str, Any]:
    return {"unit": f"unit {reference}", "on": str(at.date()), "cases": [f"C-{reference}"]}


def _duty(reference: str, at: datetime) -> dict[str, Any]:
    of_its_own = int(reference[1:]) + (1_000 if reference.startswith("k") else 0)
    return {"duty": "fostering_business", "on": str(at.date() + timedelta(days=of_its_own))}


STARTS: dict[WatchKind, Callable[[str, datetime], dict[str, Any]]] = {
    "placement": _placement,
    "care_episode": _episode,
    "support_package": _package,
    "case_transfer": _transfer,
    "unit_meeting": _meeting,
    "forum_duty": _duty,
}
"""What starts each kind: its reference, and the moment that it counts from (UTC)."""


def starter(kind: WatchKind) -> Actor:
    """Somebody who may start a watch of a kind.

    Args:
        kind: Its kind.
    """
    rules = getattr(load_council(COUNCIL), kind)
    return staff(COUNCIL, rules.authority[KINDS[kind].starts].posts[0])
