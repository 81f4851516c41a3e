"""Who is independent of a case, and whether enough independent people sit (HIL-047, HIL-048, HIL-051, decision A13)."""

from collections.abc import Iterable, Sequence

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Forum, Quorum
from models.sitting import CasePapers, Interest
from rules.authority import same_unit


def independent_of(actor: Actor, papers: CasePapers, interests: Iterable[Interest]) -> bool:
    """Whether a person has no hand or interest in a case.

    Not independent: whoever referred or signed it, a Head of Service who answers for its unit, and whoever declared
    an interest in it.

    Args:
        actor: The person.
        papers: The case.
        interests: Interests declared at this sitting.
    """
    declared = any(i.staff == actor.staff and i.referral_ref == papers.referral_ref for i in interests)
    return not (declared or actor.staff in papers.signed_by or same_unit(actor.unit, papers.unit))


def _counted(people: Sequence[Actor], chair: Actor, quorum: Quorum) -> list[Actor]:
    staff: set[str] = {chair.staff}
    counted: list[Actor] = []
    for person in people:
        if person.post == quorum.post and person.staff not in staff:
            staff.add(person.staff)
            counted.append(person)
    return counted


def require_quorum(forum: Forum, chair: Actor, present: Sequence[Actor]) -> None:
    """Refuse to open a sitting without its quorum: the chair and so many others of the post.

    Args:
        forum: The forum.
        chair: Who chairs.
        present: Everybody in the room.

    Raises:
        Refused: `inquorate`.
    """
    quorum = forum.quorum
    if quorum is None or len(_counted(present, chair, quorum)) >= quorum.independent:
        return
    raise Refused(
        RefusalCode.INQUORATE,
        f"{forum.title} needs its chair and at least {quorum.independent} more heads of service.",
        "Wait for another member, find a substitute, or postpone the sitting.",
        quorum.cites[0],
    )


def independent_panel(
    forum: Forum, chair: Actor, present: Sequence[Actor], papers: CasePapers, interests: Sequence[Interest]
) -> tuple[Actor, ...]:
    """The people who may decide one case: the chair first, then the independent members.

    Args:
        forum: The forum.
        chair: Who chairs this case.
        present: Everybody in the room.
        papers: The case.
        interests: Interests declared at this sitting.

    Raises:
        Refused: `not_independent` when the chair, or so many members that too few are left, have a hand in the case;
            `inquorate` when too few are in the room at all.
    """
    quorum = forum.quorum
    if not independent_of(chair, papers, interests):
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            "The chair has a hand or an interest in this case and cannot chair it.",
            "Call the case under another head of service as its chair, or carry it over.",
            forum.quorum.cites[0] if forum.quorum else None,
        )
    if quorum is None:
        return (chair, *present)
    require_quorum(forum, chair, present)
    independent = [p for p in _counted(present, chair, quorum) if independent_of(p, papers, interests)]
    if len(independent) < quorum.independent:
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            f"Only {len(independent)} of the members present are independent of this case; "
            f"{quorum.independent} are needed.",
            "Find a substitute who is independent of the case, or carry it over.",
            quorum.cites[0],
        )
    return (chair, *independent)
