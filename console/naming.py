"""Finds what people mean by the names that they type: processes, councils, acts, people and dates."""

import asyncio
import re
from collections.abc import Collection
from datetime import date

from temporalio.client import Client

from console.errors import BadInput
from console.shapes import ACTS, ACTS_OF, JOURNEY, SITTING, STARTS, kind_of, takers_of
from models.identifiers import REFERENCE, journey_id, sitting_key
from models.people import Actor
from models.procedure import Council
from models.watch import PREFIX, watch_id, watch_kind
from procedures.loader import council_folders, load_council
from procedures.slices import slice_for_watch
from rules.working_days import FIRST_YEAR, LAST_YEAR
from runtime.processes import status_of
from runtime.refusals import unknown_process
from runtime.staff import StaffDirectory
from workflows.watches import STARTING_ACTS

BY_REFERENCE = tuple(kind for kind in PREFIX if kind not in ("unit_meeting", "forum_duty"))
"""Watches that a bare reference may mean; unit meetings and duties are named in full."""
PATTERNS = {
    JOURNEY: "journey/COUNCIL/REFERENCE",
    SITTING: "sitting/COUNCIL/FORUM/DATE",
    **{str(kind): f"{PREFIX[kind]}/COUNCIL/REFERENCE" for kind in BY_REFERENCE},
    "unit_meeting": f"{PREFIX['unit_meeting']}/COUNCIL/UNIT/DATE",
    "forum_duty": f"{PREFIX['forum_duty']}/COUNCIL/FORUM/DUTY",
}
"""What the ids of each kind of process look like."""


def act_named(name: str, process: str | None = None) -> str:
    """An act by its name, with hyphens or underscores.

    Args:
        name: As typed.
        process: The process that it is meant for, as typed; it must have the act. A bare reference may mean a journey,
            a placement, an episode, a package or a transfer.

    Raises:
        BadInput: There is no such act, or not there.
    """
    act = name.replace("-", "_")
    if act == "refer":
        raise BadInput("A referral starts a process: use `starter.py refer FORM.json`.")
    if act in STARTS and act not in ACTS:
        begun = STARTING_ACTS[act].replace("_", " ")
        raise BadInput(f"{name} starts a {begun}: use `starter.py start {act}`.")
    if act not in ACTS:
        raise BadInput(f"There is no act {name}: use one that `starter.py schema` lists.")
    meant = () if process is None else (kind_of(process),) if "/" in process else (JOURNEY, *BY_REFERENCE)
    if process is None or any(act in ACTS_OF.get(kind, ()) for kind in meant):
        return act
    raise BadInput(f"{name} is not done to {process}: send it to a {_takers(act)}.")


def _takers(act: str) -> str:
    takers = takers_of(act)
    if takers == [SITTING]:
        return "sitting, such as sitting/hillingdon/harp/2026-12-01"
    return " or ".join(kind.replace("_", " ") for kind in takers)


def starting_act_named(name: str) -> str:
    """An act that starts a placement, an episode, a package, a transfer, a unit meeting or a duty.

    Args:
        name: As typed, with hyphens or underscores.

    Raises:
        BadInput: It starts none of them.
    """
    act = name.replace("-", "_")
    if act == "refer":
        raise BadInput("A journey starts with its intake form: use `starter.py refer FORM.json`.")
    if act in ACTS and act not in STARTS:
        raise BadInput(f"{name} is done to a {_takers(act)} that runs: use `starter.py act PROCESS {act}`.")
    return one_of(act, STARTS, "act that starts something called")


def processes_named(name: str) -> list[str]:
    """The processes that may be meant: the one of a whole id, or of a bare reference each that it may mean.

    Args:
        name: As typed.

    Raises:
        BadInput: It is neither, or names a council that is not known.
    """
    if "/" in name:
        council_of(name)
        return [name]
    if not re.match(REFERENCE, name):
        raise BadInput(f"{name!r} is no reference: use letters, digits, `-`, `_` and `.`, such as HARP-2041.")
    councils = list(council_folders())
    journeys = [journey_id(council, name) for council in councils]
    return journeys + [watch_id(kind, council, name) for kind in BY_REFERENCE for council in councils]


async def process_named(name: str, client: Client) -> str:
    """The process that is meant; a bare reference is that of the only process that has it.

    Args:
        name: As typed.
        client: Connected.

    Raises:
        BadInput: It names none, or several.
        Refused: `unknown`: there is no such process.
    """
    meant = processes_named(name)
    if len(meant) == 1:
        return meant[0]
    found_there = await asyncio.gather(*(status_of(client, one) for one in meant))
    found = [one for one, status in zip(meant, found_there, strict=True) if status is not None]
    if not found:
        raise unknown_process(name)
    if len(found) > 1:
        raise BadInput(f"{name} is the reference of several processes: write one of {', '.join(found)}.")
    return found[0]


def council_of(process_id: str) -> str:
    """The council that a process id names.

    Args:
        process_id: The process.

    Raises:
        BadInput: It is no process id, or names no council that is known.
    """
    first, _, rest = process_id.partition("/")
    council, _, reference = rest.partition("/")
    kind = watch_kind(process_id) or first
    if kind not in PATTERNS or not reference or (kind == SITTING and not sitting_key(process_id)):
        likely = {kind: PATTERNS[kind]} if kind in PATTERNS else PATTERNS
        raise BadInput(f"{process_id} is no process id: write {' or '.join(likely.values())}.")
    return council_named(council).key


def procedure_of(process_id: str) -> Council:
    """The procedure by which a process runs: for a watch, with who may do its own acts.

    Args:
        process_id: The process.

    Raises:
        BadInput: It names no council that is known.
        ProcedureFault: The council's files are at fault.
    """
    council = load_council(council_of(process_id))
    kind = watch_kind(process_id)
    return slice_for_watch(council, kind) if kind else council


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


def date_named(text: str, since: int = FIRST_YEAR) -> date:
    """A date that a register can have.

    Args:
        text: As typed.
        since: The first year that makes sense.

    Raises:
        BadInput: It is not one.
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is no date: write it like 2026-12-01.") from None
    if not since <= found.year <= LAST_YEAR:
        raise BadInput(f"{text} is no date that a register has: write a year from {since} to {LAST_YEAR}.")
    return found


def actor_for(
    staff: StaffDirectory, given: str | None, procedure: Council | None, act: str, unit: str | None = None
) -> Actor:
    """Who acts: as typed, or the only person who may.

    Args:
        staff: The directory.
        given: What `--as` says.
        procedure: The procedure that says who may; `None` where the council is not known yet.
        act: The act.
        unit: The unit that holds the case, where it is known.

    Raises:
        UnknownStaff: Nobody has that reference.
        BadInput: Nothing was typed, and not exactly one person may.
    """
    if given is not None:
        return staff.actor(given)
    may = staff.who_may(procedure, act, unit) if procedure else _who_may_start(staff, act)
    if len(may) == 1:
        return may[0]
    names = ", ".join(actor.staff for actor in may) or "nobody in the staff directory"
    raise BadInput(f"Say who acts with --as STAFF: {act.replace('_', ' ')} may be done by {names}.")


def _who_may_start(staff: StaffDirectory, act: str) -> list[Actor]:
    kind = STARTING_ACTS[act]
    parts = [slice_for_watch(load_council(council), kind) for council in council_folders()]
    return [actor for part in parts if act in part.authority for actor in staff.who_may(part, act)]
