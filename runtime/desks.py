"""Whose worklist shows what: desks of people and posts, by the staff directory, the procedure and who stands in."""

from collections.abc import Iterable
from datetime import datetime

from models.cover import Cover, StandsInFor
from models.people import Actor
from models.procedure import Council
from procedures.loader import load_council
from register.reading.desks import Desk, unit_key
from rules.authority import same_unit
from rules.cover import in_force, stands_in_for
from rules.desks import reaches
from runtime.staff import StaffDirectory


def desk_of(staff: StaffDirectory, actor: Actor, covers: Iterable[Cover], now: datetime) -> Desk:
    """The desk of a person: what is theirs by post and unit, and by name unless it was reassigned.

    Args:
        staff: The directory.
        actor: The person, also who has left.
        covers: Covers that concern them.
        now: UTC.
    """
    given_away = [one for one in covers if one.staff == actor.staff and one.reassigned and in_force(one, now)]
    wholly = any(one.of_process is None for one in given_away)
    desk = desk_of_post(staff, load_council(actor.council), actor.post, actor.unit)
    return desk.model_copy(
        update={
            "staff": () if wholly else (actor.staff,),
            "eyes": actor.people,
            "colleagues": tuple(one for one in _everybody(staff, actor) if one != actor.staff),
            "without": tuple(one.of_process for one in given_away if one.of_process is not None),
        }
    )


def desk_of_post(staff: StaffDirectory, council: Council, post: str, unit: str | None = None) -> Desk:
    """The desk of a post, whoever holds it.

    Args:
        staff: The directory.
        council: The procedure.
        post: Its key.
        unit: Of this unit; of all when left out.
    """
    held: dict[str, list[str]] = {}
    units = set()
    for holder in staff.holders(council.key, post):
        if holder.unit is not None:
            units.add(holder.unit)
            held.setdefault(unit_key(holder.unit), []).append(holder.staff)
    return Desk(
        council=council.key,
        post=post,
        unit=unit,
        reach=tuple(reaches(council, post)),
        held={one: tuple(there) for one, there in held.items()},
        taken=tuple(sorted(one for one in units if unit is None or not same_unit(one, unit))),
    )


def desks_covered(staff: StaffDirectory, actor: Actor, covers: Iterable[Cover], now: datetime) -> list[Desk]:
    """The desks of those for whom a person stands in now; somebody whom the directory has lost is by name only.

    Args:
        staff: The directory.
        actor: The deputy.
        covers: Covers that concern them.
        now: UTC.
    """
    known = list(covers)
    given = [one for one in known if one.reassigned and one.of_process and in_force(one, now)]
    elsewhere = {(one.staff, one.of_process) for one in given if one.deputy != actor.staff}
    return [_covered(staff, actor, one, elsewhere) for one in stands_in_for(actor.staff, known, now)]


def _covered(staff: StaffDirectory, deputy: Actor, one: StandsInFor, elsewhere: set[tuple[str, str | None]]) -> Desk:
    member = staff.members.get(one.staff)
    if member is None:
        lost = Desk(council=deputy.council, post=deputy.post, unit=deputy.unit, staff=(one.staff,), covering=one.staff)
        return lost.model_copy(update={"eyes": (deputy.staff, one.staff)})
    principal = member.actor
    desk = desk_of_post(staff, load_council(principal.council), principal.post, principal.unit)
    return desk.model_copy(
        update={
            "staff": (principal.staff,),
            "eyes": (deputy.staff, principal.staff),
            "colleagues": tuple(it for it in _everybody(staff, principal) if it != principal.staff),
            "only": one.of_process,
            "without": tuple(sorted(process for whose, process in elsewhere if whose == one.staff and process)),
            "covering": principal.staff,
        }
    )


def _everybody(staff: StaffDirectory, actor: Actor) -> list[str]:
    """Whoever holds or held somebody's post."""
    return [one.staff for one in staff.actors.values() if one.council == actor.council and one.post == actor.post]
