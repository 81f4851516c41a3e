"""Deputies: who may stand in for whom, when, and for what.

Days are local (Europe/London) and both ends count: cover until Friday ends at midnight after Friday. Nobody covers for
somebody who is away themselves, and nobody who covers goes away before that work has another deputy: a chain would
hide who answers for a child. Work that was reassigned is different: it is its new owner's own, so that their deputy
does it too.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from models.cover import Cover, StandsInFor
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from rules.authority import next_up, same_unit, title
from rules.working_days import local

GIVE = "give_cover"
END = "end_cover"
REASSIGN = "reassign"
"""What these acts are called in the register."""


def in_force(cover: Cover, now: datetime) -> bool:
    """Whether a cover holds at a moment.

    Args:
        cover: The cover.
        now: UTC.
    """
    if cover.ended_at is not None and now >= cover.ended_at:
        return False
    today = local(now).date()
    return cover.from_on <= today and (cover.until is None or today <= cover.until)


def stands_in_for(deputy: str, covers: Iterable[Cover], now: datetime) -> list[StandsInFor]:
    """Whose work somebody does now, each person or process once: what they cover, and what was reassigned to them.

    What was reassigned to somebody whom they stand in for comes along, since it is that person's own.

    Args:
        deputy: Staff reference.
        covers: Any covers, also old ones.
        now: UTC.
    """
    held = [cover for cover in covers if in_force(cover, now)]
    found: dict[tuple[str, str | None], StandsInFor] = {}
    _follow(deputy, None, [one for one in held if one.deputy == deputy], held, found)
    return [one for (staff, _), one in found.items() if staff != deputy]


def _follow(
    deputy: str,
    only: str | None,
    links: Iterable[Cover],
    held: Sequence[Cover],
    found: dict[tuple[str, str | None], StandsInFor],
) -> None:
    for link in links:
        if only is not None and link.of_process not in (None, only):
            continue
        process = link.of_process or only
        if link.staff == deputy or (link.staff, process) in found:
            continue
        found[link.staff, process] = StandsInFor(
            staff=link.staff,
            of_process=process,
            from_on=link.from_on,
            until=link.until,
            reassigned=link.reassigned,
        )
        further = [one for one in held if one.deputy == link.staff and one.reassigned]
        _follow(deputy, process, further, held, found)


def may_stand_in(deputy: str, staff: str, process_id: str, covers: Iterable[Cover], now: datetime) -> bool:
    """Whether somebody may act on somebody's behalf on a process now.

    Args:
        deputy: Who acts.
        staff: On whose behalf.
        process_id: The process.
        covers: Any covers, also old ones.
        now: UTC.
    """
    return any(
        one.staff == staff and one.of_process in (None, process_id) for one in stands_in_for(deputy, covers, now)
    )


def acting_for(deputy: Actor, principal: Actor) -> Actor:
    """A deputy as they act on somebody's behalf: their own reference, the post and unit of the other.

    Args:
        deputy: Who acts.
        principal: On whose behalf.
    """
    return principal.model_copy(
        update={"staff": deputy.staff, "on_behalf_of": principal.staff, "own_unit": deputy.unit}
    )


def require_stands_in(actor: Actor, process_id: str, covers: Iterable[Cover], now: datetime) -> None:
    """Refuse whoever acts on somebody's behalf without a cover that is in force.

    Args:
        actor: Who acts.
        process_id: On what.
        covers: Any covers, also old ones.
        now: UTC.

    Raises:
        Refused: `not_authorised`.
    """
    staff = actor.on_behalf_of
    if staff is None or may_stand_in(actor.staff, staff, process_id, covers, now):
        return
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"{actor.staff} does not stand in for {staff} today.",
        f"Ask {staff} or their manager to name you: `starter.py cover --as STAFF --of {staff} --deputy {actor.staff}`.",
    )


def is_manager_of(council: Council, manager: Actor, staff: Actor) -> bool:
    """Whether somebody's post stands above another's on the ladder of posts, and answers for their unit.

    Args:
        council: The procedure.
        manager: Who may be the manager.
        staff: Whose manager.
    """
    if manager.council != council.key or staff.council != council.key or manager.post not in _ladder(council, staff):
        return False
    return manager.unit is None or staff.unit is None or same_unit(manager.unit, staff.unit)


def _ladder(council: Council, staff: Actor) -> Iterator[str]:
    seen = {staff.post}
    post = next_up(council, staff.post)
    while post is not None and post not in seen:
        yield post
        seen.add(post)
        post = next_up(council, post)


def require_may_arrange(council: Council, by: Actor, staff: Actor) -> None:
    """Refuse whoever is neither the person whose work it is nor above them.

    Args:
        council: The procedure.
        by: Who arranges it.
        staff: Whose work it is.

    Raises:
        Refused: `not_authorised`.
    """
    if by.on_behalf_of is None and (by.staff == staff.staff or is_manager_of(council, by, staff)):
        return
    above = next(_ladder(council, staff), None)
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"Who does the work of {staff.staff} is for them or their managers to say.",
        f"Ask {staff.staff}{f' or the {title(council, above).lower()}' if above else ''}.",
    )


def require_cover(  # noqa: PLR0913 - all that a cover is judged by
    council: Council, wanted: Cover, by: Actor, staff: Actor, deputy: Actor, covers: Iterable[Cover], now: datetime
) -> None:
    """Refuse a cover or a reassignment that cannot be.

    Args:
        council: The procedure.
        wanted: What is asked for.
        by: Who asks.
        staff: Whose work it is.
        deputy: Who is to do it.
        covers: What there is already, also of other people.
        now: UTC.

    Raises:
        Refused: `not_authorised`, `same_person`, `invalid`, or `illegal_move` where covers would overlap or chain.
    """
    require_may_arrange(council, by, staff)
    _require_colleague(council, staff, deputy)
    if wanted.reassigned:
        _require_no_circle(wanted, covers, now)
        return
    _require_days(wanted, now)
    others = [one for one in covers if not one.reassigned and _still(one, now) and _meet(one, wanted)]
    _require_no_overlap(wanted, others)
    _require_no_chain(wanted, others)


def _require_colleague(council: Council, staff: Actor, deputy: Actor) -> None:
    if deputy.staff == staff.staff:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Nobody stands in for themselves.",
            "Name a colleague.",
        )
    if deputy.council != council.key or staff.council != council.key:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Staff of {deputy.council} cannot do the work of {staff.council}.",
            "Name a colleague of the same council.",
        )


def _require_days(wanted: Cover, now: datetime) -> None:
    if wanted.until is None or wanted.until < wanted.from_on:
        raise Refused(
            RefusalCode.INVALID,
            "A cover has a last day, on or after its first.",
            "Give --until; work that is handed over for good is reassigned: `starter.py reassign`.",
        )
    if wanted.from_on < local(now).date():
        raise Refused(
            RefusalCode.INVALID,
            "A cover cannot begin in the past.",
            "Let it begin today or later: nobody may act on it for days gone by.",
        )


def _require_no_circle(wanted: Cover, covers: Iterable[Cover], now: datetime) -> None:
    given = [one for one in covers if one.reassigned and in_force(one, now) and one.of_process == wanted.of_process]
    if any(one.staff == wanted.deputy for one in stands_in_for(wanted.staff, given, now)):
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"The work of {wanted.deputy} was reassigned to {wanted.staff}: it cannot go round in a circle.",
            f"End that first: `starter.py cover --end --of {wanted.deputy}`.",
        )


def _still(cover: Cover, now: datetime) -> bool:
    """Whether a cover holds now or will; what is over hinders nobody."""
    return cover.ended_at is None and (cover.until is None or cover.until >= local(now).date())


def _meet(one: Cover, other: Cover) -> bool:
    """Whether two covers share a day."""
    return (one.until is None or other.from_on <= one.until) and (other.until is None or one.from_on <= other.until)


def _require_no_overlap(wanted: Cover, others: Iterable[Cover]) -> None:
    for one in others:
        if one.staff == wanted.staff and one.of_process == wanted.of_process:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                f"{one.deputy} already stands in for {one.staff} from {one.from_on} until {one.until}.",
                f"End that first: `starter.py cover --end --of {one.staff}`, or choose other days.",
            )


def _require_no_chain(wanted: Cover, others: Iterable[Cover]) -> None:
    for one in others:
        if one.staff == wanted.deputy:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                f"{wanted.deputy} is away from {one.from_on} until {one.until}, and {one.deputy} stands in for them.",
                "Name somebody who is there.",
            )
        if one.deputy == wanted.staff:
            raise Refused(
                RefusalCode.ILLEGAL_MOVE,
                f"{wanted.staff} stands in for {one.staff} from {one.from_on} until {one.until}.",
                f"Give {one.staff} another deputy first: `starter.py cover --end --of {one.staff}`, then name them.",
            )
