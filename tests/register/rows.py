"""Rows of read models with sensible defaults, for tests that need a register without playing whole stories.

Every helper gives a row as a dict; keywords override its columns. Whatever follows from the process id (council,
forum, references) is taken from there unless it is given, so `a_journey("journey/hackney/CPRP-9", forum="cprp")`
agrees with itself.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sql

Row = dict[str, Any]

AT = datetime(2031, 3, 3, 10, tzinfo=UTC)
"""A Monday in March 2031: when things happen unless a test says otherwise."""
JOURNEY_ID = "journey/hillingdon/HARP-1"
SITTING_ID = "sitting/hillingdon/harp/2031-03-11"
PLACEMENT_ID = "placement/hillingdon/PL-1"
CHILD_REF = "C-1"
VERSION = "2031.1"
LASTS = timedelta(hours=2)
KINDS = {
    "journey": "journey",
    "sitting": "sitting",
    "placement": "placement",
    "episode": "episode",
    "package": "package",
    "transfer": "transfer",
    "unit": "unit",
    "duty": "duty",
}


def insert(engine: sql.Engine, table: sql.Table, *rows: Row) -> None:
    """Put rows into a table in one transaction.

    Args:
        engine: With the tables.
        table: Which.
        rows: From the helpers; rows may differ in their columns.
    """
    with engine.begin() as connection:
        for row in rows:
            connection.execute(sql.insert(table), row)


def a_process(process_id: str = JOURNEY_ID, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `process`: an open journey that waits for its endorsement, unless its id says another kind.

    Args:
        process_id: Its id.
        columns: What differs.
    """
    kind, council, reference = process_id.split("/", maxsplit=2)
    journey = kind == "journey"
    sitting = kind == "sitting"
    return {
        "process_id": process_id,
        "kind": KINDS.get(kind, kind),
        "council": council,
        "forum": "harp" if journey else reference.split("/")[0] if sitting else "",
        "reference": reference,
        "child_ref": None if sitting else CHILD_REF,
        "unit": "" if sitting else "mash",
        "team": "",
        "stage": "awaiting_endorsement" if journey else "planned" if sitting else "in_force",
        "stage_since": AT,
        "waiting_on": "head_of_service" if journey else "panel_administrator" if sitting else "team_manager",
        "priority": "normal",
        "overdue": False,
        "escalated": False,
        "open": True,
        "next_deadline": None,
        "outcome": None,
        "opened_at": AT,
        "closed_at": None,
        "last_at": AT,
        "sequence": 1,
        "procedure_version": VERSION,
        "came_from": None,
        "standing": {},
        **columns,
    }


def a_journey(process_id: str = JOURNEY_ID, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `journey`; `a_process` gives the row that goes beside it.

    Args:
        process_id: Its id.
        columns: What differs.
    """
    _, council, reference = process_id.split("/", maxsplit=2)
    return {
        "process_id": process_id,
        "council": council,
        "forum": "harp",
        "referral_ref": reference,
        "request_kind": "",
        "referred_by": "sw-1",
        "referred_at": AT,
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
        **columns,
    }


def a_sitting(process_id: str = SITTING_ID, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `sitting`: planned, at 09:30 UTC on the day that its id says, for two hours.

    Args:
        process_id: Its id: council, forum and day are taken from it.
        columns: What differs.
    """
    _, council, forum, day = process_id.split("/")
    on = date.fromisoformat(day)
    starts = columns.get("starts", datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC))
    return {
        "process_id": process_id,
        "council": council,
        "forum": forum,
        "on": on,
        "starts": starts,
        "ends": starts + LASTS,
        "cut_off": None,
        "venue": None,
        "stage": "planned",
        "chair": None,
        "capacity": 6,
        "listed": 0,
        "reserved": 0,
        "circulated_at": None,
        "minutes": None,
        "moved_to": None,
        "revision": 1,
        **columns,
    }


def an_agenda_line(process_id: str = SITTING_ID, referral_ref: str = "HARP-1", **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `agenda_line`: a case that is listed first.

    Args:
        process_id: The sitting's id.
        referral_ref: The case.
        columns: What differs.
    """
    council = process_id.split("/")[1]
    return {
        "process_id": process_id,
        "referral_ref": referral_ref,
        "number": 1,
        "journey": f"journey/{council}/{referral_ref}",
        "child_ref": CHILD_REF,
        "state": "listed",
        "slot": None,
        "reserve": None,
        "emergency": False,
        "carried_over": False,
        "late": False,
        "extra": False,
        "provisional": False,
        "outcome": None,
        **columns,
    }


def a_decision(process_id: str = JOURNEY_ID, number: int = 1, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `decision`: agreed by the chair.

    Args:
        process_id: The journey's id.
        number: From 1.
        columns: What differs.
    """
    return {
        "process_id": process_id,
        "number": number,
        "council": process_id.split("/")[1],
        "forum": "harp",
        "unit": "mash",
        "sitting": None,
        "outcome": "agreed",
        "at": AT,
        "staff": "chair-1",
        "post": "chair",
        "legal_section": None,
        "recommends": False,
        "dissent": False,
        "sheet_approved_at": None,
        "review_on": None,
        **columns,
    }


def an_action(process_id: str = JOURNEY_ID, reference: str = "A1", **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `action`: open, due a fortnight after `AT`, the team manager's.

    Args:
        process_id: The journey's id.
        reference: Of the action.
        columns: What differs.
    """
    return {
        "process_id": process_id,
        "reference": reference,
        "council": process_id.split("/")[1],
        "forum": "harp",
        "unit": "mash",
        "owner_post": "team_manager",
        "owner_staff": None,
        "due": AT.date() + timedelta(days=14),
        "state": "open",
        "opened_at": AT,
        "ended_at": AT if columns.get("state") in {"completed", "replaced"} else None,
        **columns,
    }


def a_clock(process_id: str = JOURNEY_ID, name: str = "review", **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `clock`: running, due a fortnight after `AT`, the team manager's.

    Args:
        process_id: Whose clock it is.
        name: Of the clock.
        columns: What differs.
    """
    kind, council, _ = process_id.split("/", maxsplit=2)
    return {
        "process_id": process_id,
        "name": name,
        "started": AT,
        "council": council,
        "kind": KINDS.get(kind, kind),
        "forum": "harp" if kind in {"journey", "sitting"} else "",
        "unit": "mash",
        "child_ref": CHILD_REF,
        "cites": "HIL-101",
        "owner": "team_manager",
        "warns": None,
        "due": AT + timedelta(days=14),
        "state": "running",
        "breached_at": None,
        "ended_at": AT if columns.get("state") in {"met", "stopped"} else None,
        **columns,
    }


def a_placement(process_id: str = PLACEMENT_ID, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `placement`: residential, begun on the day of `AT`, without an end.

    Args:
        process_id: Its id.
        columns: What differs.
    """
    _, council, reference = process_id.split("/", maxsplit=2)
    return {
        "process_id": process_id,
        "council": council,
        "placement_ref": reference,
        "child_ref": CHILD_REF,
        "unit": "mash",
        "type": "residential",
        "provider": "provider-1",
        "provider_grade": None,
        "legal_status": None,
        "out_of_area": False,
        "started_on": AT.date(),
        "contract_ends_on": None,
        "weekly_pence": 450_000,
        "ended_on": None,
        **columns,
    }


def a_cost(process_id: str = JOURNEY_ID, kind: str = "proposed", **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `cost`: so much a week, not decided yet.

    Args:
        process_id: Whose money it is.
        kind: `present`, `proposed`, `difference`, `once` or `contract`.
        columns: What differs.
    """
    return {
        "process_id": process_id,
        "kind": kind,
        "council": process_id.split("/")[1],
        "forum": "harp",
        "unit": "mash",
        "weekly_pence": None if kind == "once" else 450_000,
        "once_pence": 120_000 if kind == "once" else None,
        "heading": None,
        "decided": None,
        "at": AT,
        **columns,
    }


def a_child(child_ref: str = CHILD_REF, **columns: Any) -> Row:  # noqa: ANN401 - columns have many types
    """A row of `child`: one open process, not looked after as far as is known.

    Args:
        child_ref: The reference.
        columns: What differs.
    """
    return {
        "council": "hillingdon",
        "child_ref": child_ref,
        "date_of_birth": None,
        "looked_after": False,
        "first_at": AT,
        "last_at": AT,
        "open_processes": 1,
        **columns,
    }
