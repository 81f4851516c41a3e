"""Who is independent of a case, and whether enough people sit (HIL-047, HIL-048, HIL-051, decision A13).

What a forum asks stands in its `independence` and `quorum`. One that asks for independence nowhere shuts out only
whoever declared an interest.
"""

from collections.abc import Iterable, Sequence

from models.errors import RefusalCode, Refused
from models.membership import Quorum, Seat
from models.people import Actor
from models.procedure import Council, Forum
from models.sitting import CasePapers, Interest
from rules.authority import answers_for, holds_seat, title
from rules.seating import decides, deciding_seats, only_stands_in, principal_chairs, seated, unique


def independent_of(forum: Forum, actor: Actor, papers: CasePapers, interests: Iterable[Interest]) -> bool:
    """Whether a person may sit on a case.

    Nobody who declared an interest in it does. Where the forum asks for independence, neither does whoever referred or
    signed it, or answers for its unit.

    Args:
        forum: The forum that sits.
        actor: The person.
        papers: The case.
        interests: Interests declared at this sitting.
    """
    if any(i.staff in actor.people and i.referral_ref == papers.referral_ref for i in interests):
        return False
    if not asks_for_independence(forum):
        return True
    return not (not set(actor.people).isdisjoint(papers.signed_by) or answers_for(actor, papers.unit))


def asks_for_independence(forum: Forum) -> bool:
    """Whether a forum wants people without a hand in a case.

    Args:
        forum: The forum that sits.
    """
    if forum.independence is not None:
        return forum.independence.of == "all"
    return forum.quorum is not None and forum.quorum.independent > 0


def _others(people: Sequence[Actor], chair: Actor, quorum: Quorum, forum: Forum) -> list[Actor]:
    """The members who count beside the chair: of one post, or whoever holds a seat that decides."""
    others = [person for person in unique(people) if person.staff != chair.staff]
    if quorum.post is not None:
        return [person for person in others if person.post == quorum.post]
    return [person for person in others if decides(person, forum)]


def lacking(council: Council, forum: Forum, chair: Actor, people: Sequence[Actor]) -> list[str]:
    """What a quorum still lacks, in words; nothing when it is there.

    Args:
        council: The procedure, for the titles of posts.
        forum: The forum that sits.
        chair: Who chairs.
        people: Everybody who counts.
    """
    quorum = forum.quorum
    if quorum is None:
        return []
    said: list[str] = []
    if len(_others(people, chair, quorum, forum)) < quorum.independent:
        said.append(f"its chair and at least {quorum.independent} more: {_members(council, quorum)}")
    if quorum.seats is not None and filled(forum, chair, people) < quorum.seats:
        said.append(f"at least {quorum.seats} of its seats filled, the chair's among them")
    here = {person.post for person in (chair, *people)}
    said.extend(f"its {title(council, post)}" for post in quorum.each_of if post not in here)
    return said


def _members(council: Council, quorum: Quorum) -> str:
    return title(council, quorum.post) if quorum.post else "independent members"


def filled(forum: Forum, chair: Actor, people: Sequence[Actor]) -> int:
    """How many seats that decide are filled, the chair's included.

    Args:
        forum: The forum that sits.
        chair: Who chairs.
        people: Everybody who counts.
    """
    others = [person for person in unique(people) if person.staff != chair.staff]
    return 1 + len(seated(others, _seats_beside(forum, chair)))


def _seats_beside(forum: Forum, chair: Actor) -> list[Seat]:
    """The seats that decide beside the one that the chair takes; one who stands in takes the chair's own."""
    beside = [seat for seat in deciding_seats(forum) if not seat.stands_in]
    chairs = [seat for seat in beside if seat.role == "chair"]
    own = next((seat for seat in chairs if holds_seat(chair, seat)), next(iter(chairs), None))
    if own is None:
        return beside
    left = [own.model_copy(update={"count": own.count - 1})] if own.count > 1 else []
    return [*(seat for seat in beside if seat is not own), *left]


def require_quorum(council: Council, forum: Forum, chair: Actor, present: Sequence[Actor]) -> None:
    """Refuse to open a sitting without its quorum.

    Args:
        council: The procedure.
        forum: The forum that sits.
        chair: Who chairs.
        present: Everybody in the room.

    Raises:
        Refused: `inquorate`.
    """
    said = lacking(council, forum, chair, present)
    if said and forum.quorum is not None:
        raise Refused(
            RefusalCode.INQUORATE,
            f"{forum.title} needs {' and '.join(said)}.",
            "Wait for another member, find a substitute, or postpone the sitting.",
            forum.quorum.cites[0],
        )


def independent_panel(  # noqa: PLR0913 - all that a panel is judged by
    council: Council,
    forum: Forum,
    chair: Actor,
    present: Sequence[Actor],
    papers: CasePapers,
    interests: Sequence[Interest],
) -> tuple[Actor, ...]:
    """The people who may decide one case: the chair first, then the members.

    Args:
        council: The procedure.
        forum: The forum that sits.
        chair: Who chairs this case.
        present: Everybody in the room.
        papers: The case.
        interests: Interests declared at this sitting.

    Raises:
        Refused: `not_independent` when the chair, or so many members that too few are left, have a hand in the case;
            `inquorate` when too few are in the room at all; `not_authorised` when somebody only stands in as chair
            while a chair is there.
    """
    _require_independent_chair(council, forum, chair, papers, interests)
    free = [person for person in present if independent_of(forum, person, papers, interests)]
    require_turn(forum, chair, free)
    require_quorum(council, forum, chair, present)
    quorum = forum.quorum
    if quorum is None:
        return (chair, *(person for person in unique(free) if person.staff != chair.staff and decides(person, forum)))
    panel = (chair, *_others(free, chair, quorum, forum))
    if lacking(council, forum, chair, [chair, *free]):
        raise Refused(
            RefusalCode.NOT_INDEPENDENT,
            f"Only {len(panel) - 1} of the members present are independent of this case; that is too few.",
            "Find a substitute who is independent of the case, or carry it over.",
            quorum.cites[0],
        )
    return panel


def _require_independent_chair(
    council: Council, forum: Forum, chair: Actor, papers: CasePapers, interests: Sequence[Interest]
) -> None:
    if independent_of(forum, chair, papers, interests):
        return
    rule = forum.quorum or forum.independence
    raise Refused(
        RefusalCode.NOT_INDEPENDENT,
        "The chair has a hand or an interest in this case and cannot chair it.",
        f"Call the case under another {title(council, chair.post).lower()} as its chair, or carry it over.",
        rule.cites[0] if rule else None,
    )


def require_turn(forum: Forum, chair: Actor, people: Sequence[Actor]) -> None:
    """Refuse somebody who only stands in as chair while a chair is in the room.

    Args:
        forum: The forum that sits.
        chair: Who would chair.
        people: Who else is there and could.

    Raises:
        Refused: `not_authorised`.
    """
    if not only_stands_in(chair, forum):
        return
    before = [person for person in principal_chairs(people, forum) if person.staff != chair.staff]
    if before:
        seat = next(seat for seat in forum.seats if seat.stands_in and holds_seat(chair, seat))
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"The {seat.title} chairs only when no other chair is there.",
            "Let the chair who is present take it.",
            seat.cites[0],
        )
