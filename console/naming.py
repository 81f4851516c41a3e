"""Finds what people mean by the names that they type: processes, councils, acts, people and dates."""

import re
from collections.abc import Collection
from datetime import date

from temporalio.client import Client

from console.errors import BadInput
from models.acts import JOURNEY_DETAILS, SITTING_DETAILS
from models.identifiers import REFERENCE, journey_id, sitting_key
from models.people import Actor
from models.procedure import Council
from procedures.loader import council_folders, load_council
from runtime.processes import status_of
from runtime.refusals import unknown_process
from runtime.staff import StaffDirectory

ACTS = tuple(dict.fromkeys(str(act) for act in (*JOURNEY_DETAILS, *SITTING_DETAILS)))
"""Every act that is sent to a process; `refer` starts one instead."""


def act_named(name: str, process: str | None = None) -> str:
    """An act by its name, with hyphens or underscores.

    Args:
        name: As typed.
        process: The process that it is meant for, as typed; it must have the act.

    Raises:
        BadInput: There is no such act, or not there.
    """
    act = name.replace("-", "_")
    if act == "refer":
        raise BadInput("A referral starts a process: use `starter.py refer FORM.json`.")
    if act not in ACTS:
        raise BadInput(f"There is no act {name}: use one that `starter.py schema` lists.")
    if process is None or act in _acts_of(process):
        return act
    other = "journey" if sitting_key(process) else "sitting, such as sitting/hillingdon/harp/2026-12-01"
    raise BadInput(f"{name} is not done to {process}: send it to a {other}.")


def _acts_of(process_id: str) -> set[str]:
    return {str(act) for act in (SITTING_DETAILS if sitting_key(process_id) else JOURNEY_DETAILS)}


def processes_named(name: str) -> list[str]:
    """The processes that may be meant: the one of a whole id, or each council's journey of a bare referral reference.

    Args:
        name: As typed.

    Raises:
        BadInput: It is neither, or names a council that is not known.
    """
    if "/" in name:
        council_of(name)
        return [name]
    if not re.match(REFERENCE, name):
        raise BadInput(f"{name!r} is no referral reference: use letters, digits, `-`, `_` and `.`, such as HARP-2041.")
    return [journey_id(council, name) for council in council_folders()]


async def process_named(name: str, client: Client) -> str:
    """The process that is meant; a bare referral reference is that of the council that has such a case.

    Args:
        name: As typed.
        client: Connected.

    Raises:
        BadInput: It names none, or cases of several councils.
        Refused: `unknown`: no council has such a case.
    """
    meant = processes_named(name)
    found = meant if len(meant) == 1 else [one for one in meant if await status_of(client, one) is not None]
    if not found:
        raise unknown_process(name)
    if len(found) > 1:
        raise BadInput(f"{name} is a case of several councils: write one of {', '.join(found)}.")
    return found[0]


def council_of(process_id: str) -> str:
    """The council that a process id names.

    Args:
        process_id: The process.

    Raises:
        BadInput: It names none that is known.
    """
    kind, _, rest = process_id.partition("/")
    council = rest.split("/")[0]
    if kind not in ("journey", "sitting") or (kind == "sitting" and not sitting_key(process_id)):
        raise BadInput(f"{process_id} is no process id: write journey/COUNCIL/REFERENCE or sitting/COUNCIL/FORUM/DATE.")
    return council_named(council).key


def council_named(key: str) -> Council:
    """A council's procedure.

    Args:
        key: As typed.

    Raises:
        BadInput: There is no such council.
        ProcedureFault: Its files are at fault.
    """
    if key not in council_folders():
        raise BadInput(f"There is no council {key}: use one of {', '.join(council_folders())}.")
    return load_council(key)


def one_of(value: str, known: Collection[str], what: str) -> str:
    """A value that must be one of several.

    Args:
        value: As typed.
        known: What it may be.
        what: What it is, for the sentence.

    Raises:
        BadInput: It is none of them.
    """
    plain = value.replace("-", "_")
    found = next((one for one in (value, plain) if one in known), None)
    if found is None:
        raise BadInput(f"There is no {what} {value}: use one of {', '.join(known)}.")
    return found


def date_named(text: str) -> date:
    """A date.

    Args:
        text: As typed.

    Raises:
        BadInput: It is not one.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is no date: write it like 2026-12-01.") from None


def actor_for(staff: StaffDirectory, given: str | None, council: str, act: str, unit: str | None = None) -> Actor:
    """Who acts: as typed, or the only person who may.

    Args:
        staff: The directory.
        given: What `--as` says.
        council: The council of the process.
        act: The act.
        unit: The unit that holds the case, where it is known.

    Raises:
        UnknownStaff: Nobody has that reference.
        BadInput: Nothing was typed, and not exactly one person may.
    """
    if given is not None:
        return staff.actor(given)
    may = staff.who_may(load_council(council), act, unit)
    if len(may) == 1:
        return may[0]
    names = ", ".join(actor.staff for actor in may) or "nobody in the staff directory"
    raise BadInput(f"Say who acts with --as STAFF: {act.replace('_', ' ')} may be done by {names}.")
