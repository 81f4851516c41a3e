"""Who is in the room: chairs who are entitled, seats that stay empty, and who presents a case (HIL-047 to HIL-067)."""

from collections.abc import Iterable, Sequence

from models.errors import RefusalCode, Refused
from models.membership import Presenter, Seat
from models.people import Actor
from models.procedure import Forum
from models.sitting import Case, SittingState
from rules.authority import titles
from rules.independence import require_turn
from rules.seating import chair_seats, lacks_outside_majority, may_chair, seated

ONLY_FOR_A_CASE = ("case", "invited")
"""Seats of people who come for one case: they are looked at when it is called."""


def forum_of(state: SittingState, case: Case) -> Forum:
    """The forum that a case goes to: the one that sits, or a part of its meeting with rules of its own.

    What a part leaves out of how it decides is the meeting's.

    Args:
        state: The sitting.
        case: The case.
    """
    forum = state.procedure.forums.get(case.papers.forum, state.forum)
    panels = ("options", "checkpoints", "disagreement")
    return forum.model_copy(update={part: getattr(forum, part) or getattr(state.forum, part) for part in panels})


def chair_seat(state: SittingState) -> Seat | None:
    """The first seat of the chair.

    Args:
        state: The sitting.
    """
    return next(iter(chair_seats(state.forum)), None)


def chair_seat_post(state: SittingState) -> str | None:
    """The post that chairs.

    Args:
        state: The sitting.
    """
    seat = chair_seat(state)
    return seat.post[0] if seat else None


def require_entitled_chair(state: SittingState, chair: Actor, present: Sequence[Actor]) -> None:
    """Refuse a chair who is not entitled to a seat of the chair, or not the one whom the rota names.

    Args:
        state: The sitting.
        chair: Who would chair.
        present: Who else is in the room.

    Raises:
        Refused: `not_authorised`.
    """
    seat = chair_seat(state)
    if seat is not None and not may_chair(chair, state.forum):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"{state.forum.title} is chaired by the {seat_titles(state.forum)}.",
            "Open it under that chair.",
            seat.cites[0],
        )
    excused = {apology.staff for apology in state.apologies}
    if state.rota_chair not in (None, chair.staff) and state.rota_chair not in excused:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "The rota names another chair for this sitting.",
            "Open it under that chair; another may take it once the chair has sent apologies.",
            seat.cites[0] if seat else None,
        )
    if state.rota_chair != chair.staff:
        require_turn(state.forum, chair, present)


def seat_titles(forum: Forum) -> str:
    """The seats of the chair, in words.

    Args:
        forum: The forum that sits.
    """
    return " or ".join(dict.fromkeys(seat.title for seat in chair_seats(forum)))


def require_own_staff(state: SittingState, people: Iterable[Actor]) -> None:
    """Refuse people who do not work for the council, or in no post of its procedure.

    Args:
        state: The sitting.
        people: Who is named.

    Raises:
        Refused: `not_authorised`.
    """
    council = state.procedure
    strangers = [p.staff for p in people if p.council != council.key or p.post not in council.posts]
    if strangers:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"These people hold no post of {council.title}: {', '.join(strangers)}.",
            "Name the council's own staff.",
        )


def empty_seats(state: SittingState) -> list[str]:
    """Seats that nobody in the room fills; people who sit for one case are looked at when it is called.

    Args:
        state: The sitting.
    """
    seats = [seat for seat in state.forum.seats if seat.role not in ONLY_FOR_A_CASE and not seat.stands_in]
    places = [seat for seat in seats for _ in range(seat.count)]
    taken = seated(state.present, seats)
    return [f"Absent: {seat.title} ({seat.cites[0]})" for number, seat in enumerate(places) if number not in taken]


def outside_flags(state: SittingState) -> list[str]:
    """A flag when those who decide are not mostly from outside the service, where the procedure wishes it.

    Args:
        state: The sitting, with who is present.
    """
    quorum = state.forum.quorum
    if quorum is None or quorum.outside_majority is None or not lacks_outside_majority(state.present, state.forum):
        return []
    return [f"No majority of members from outside the service ({quorum.cites[0]})"]


def with_newcomers(state: SittingState, people: Iterable[Actor]) -> list[Actor]:
    """Everybody in the room, with people who came after the opening.

    Args:
        state: The sitting.
        people: Who came.
    """
    room = {person.staff: person for person in state.present}
    for person in people:
        room.setdefault(person.staff, person)
    return list(room.values())


def presenting(state: SittingState, case: Case, room: Iterable[Actor]) -> list[Actor]:
    """Who presents a case: everybody there of a post that does (HRT-041, CBC-103).

    Args:
        state: The sitting.
        case: The case.
        room: Everybody who is there.
    """
    posts = {post for one in _presenters(state, case) for post in one.post}
    return [person for person in room if person.post in posts]


def taking_part(state: SittingState, case: Case, room: Iterable[Actor]) -> list[Actor]:
    """Of those who present a case, those who also take part in deciding it (CBC-107).

    Args:
        state: The sitting.
        case: The case.
        room: Everybody who is there.
    """
    posts = {post for one in _presenters(state, case) if one.takes_part for post in one.post}
    return [person for person in room if person.post in posts]


def _presenters(state: SittingState, case: Case) -> tuple[Presenter, ...]:
    return forum_of(state, case).presenters or state.forum.presenters


def absent_presenters(state: SittingState, case: Case, room: Iterable[Actor]) -> list[Presenter]:
    """Who should present a case and is not in the room.

    Args:
        state: The sitting.
        case: The case.
        room: Everybody who is there.
    """
    posts = {person.post for person in room}
    return [one for one in _presenters(state, case) if not posts.intersection(one.post)]


def require_presenters(state: SittingState, case: Case, room: Sequence[Actor]) -> None:
    """Refuse to call a case without those who must present it, the first time or always.

    Args:
        state: The sitting.
        case: The case.
        room: Everybody who is there.

    Raises:
        Refused: `incomplete`.
    """
    for one in absent_presenters(state, case, room):
        if one.must == "always" or (one.must == "first" and not case.papers.heard_before):
            who = titles(state.procedure, one.post)
            raise Refused(
                RefusalCode.INCOMPLETE,
                f"The {who} presents this case, and nobody of that post is in the room.",
                "Call the next case, and this one when they have come; hear takes newcomers as present.",
                one.cites[0],
            )


def presenter_flags(state: SittingState, case: Case, room: Sequence[Actor]) -> list[str]:
    """Who was expected to present a case and did not come.

    Args:
        state: The sitting.
        case: The case.
        room: Everybody who is there.
    """
    return [
        f"{case.papers.referral_ref}: not presented by the {titles(state.procedure, one.post)} ({one.cites[0]})"
        for one in absent_presenters(state, case, room)
    ]
