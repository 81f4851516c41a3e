"""Finds who acts for whom: as typed, or picked where exactly one cover would allow what somebody's own post may not."""

import asyncio
from dataclasses import dataclass

from console.errors import BadInput
from console.naming import actor_for, procedure_of
from console.session import Session
from console.shapes import JOURNEY, kind_of
from models.people import Actor
from models.procedure import Council
from models.watch import WatchView
from rules.authority import may_do
from rules.cover import acting_for
from runtime.cover import Covers
from runtime.staff import StaffDirectory


@dataclass(frozen=True)
class Concerned:
    """What decides who may do something to a process.

    Attributes:
        process_id: The process.
        procedure: By which it runs.
        forum: Its forum; empty where it has none.
        unit: The unit that holds the case; `None` where nobody knows.
    """

    process_id: str
    procedure: Council
    forum: str
    unit: str | None


async def who_acts(way_in: Session, given: str | None, on_behalf_of: str | None, process_id: str, name: str) -> Actor:
    """Who acts, and for whom.

    Args:
        way_in: An open way in.
        given: What `--as` says.
        on_behalf_of: What `--on-behalf-of` says.
        process_id: The process.
        name: The act.

    Raises:
        UnknownStaff: Nobody has such a reference, or they have left.
        BadInput: It is not clear who acts, or for which of several.
        Refused: `unknown` process.
    """
    if on_behalf_of is not None:
        return deputy_named(way_in.staff, given, on_behalf_of)
    procedure = procedure_of(process_id)
    if given is None:
        unit = (await concerned(way_in, process_id)).unit if kind_of(process_id) == JOURNEY else None
        return actor_for(way_in.staff, None, procedure, name, unit)
    actor = way_in.staff.actor(given)
    return await _picked(way_in, actor, process_id, name) or actor


def deputy_named(staff: StaffDirectory, given: str | None, on_behalf_of: str) -> Actor:
    """A deputy as they act on somebody's behalf; the gateway asks whether they stand in for them.

    Args:
        staff: The directory.
        given: What `--as` says.
        on_behalf_of: What `--on-behalf-of` says.

    Raises:
        UnknownStaff: Nobody has such a reference, or the deputy has left.
        BadInput: It is not said who acts.
    """
    if given is None:
        raise BadInput("Say who acts on their behalf with --as STAFF.")
    return acting_for(staff.actor(given), staff.known(on_behalf_of))


async def concerned(way_in: Session, process_id: str) -> Concerned:
    """What decides who may do something to a process.

    Args:
        way_in: An open way in.
        process_id: The process.

    Raises:
        Refused: `unknown` process.
    """
    procedure = procedure_of(process_id)
    if kind_of(process_id) == JOURNEY:
        start = await way_in.gateway.start_of(process_id)
        return Concerned(process_id, procedure, start.referral.forum, start.referral.team.unit)
    view = await way_in.gateway.view(process_id)
    return Concerned(process_id, procedure, view.forum, view.unit or None if isinstance(view, WatchView) else None)


async def _picked(way_in: Session, actor: Actor, process_id: str, name: str) -> Actor | None:
    """The one whom a deputy stands in for with this act; `None` when their own post may do it, or no cover would."""
    principals = await asyncio.to_thread(Covers(way_in.register.engine).principals, actor.staff)
    theirs = [one.staff for one in principals if one.of_process in (None, process_id)]
    if not theirs:
        return None
    case = await concerned(way_in, process_id)
    if _may(case, name, actor):
        return None
    may = [one for one in _acting(way_in.staff, actor, theirs) if _may(case, name, one)]
    if len(may) > 1:
        names = ", ".join(str(one.on_behalf_of) for one in may)
        raise BadInput(f"Say for whom with --on-behalf-of STAFF: {actor.staff} stands in for {names}.")
    return may[0] if may else None


def _acting(staff: StaffDirectory, actor: Actor, theirs: list[str]) -> list[Actor]:
    return [acting_for(actor, staff.known(one)) for one in dict.fromkeys(theirs) if one in staff.members]


def _may(case: Concerned, name: str, actor: Actor) -> bool:
    unit = case.unit if case.unit is not None else actor.unit or ""
    return may_do(case.procedure, name, actor, unit, case.forum or None)
