"""Who fills which seat of a forum: chairs, members who decide, and those from outside the service (decision A13)."""

from collections.abc import Iterable, Sequence

from models.membership import Seat
from models.people import Actor
from models.procedure import Forum
from rules.authority import holds_seat

DECIDING = ("chair", "independent", "member")
"""Roles of seats whose holders decide; people who come for one case, who are asked along or who support do not."""


def deciding_seats(forum: Forum) -> list[Seat]:
    """The seats whose holders take part in decisions.

    Args:
        forum: The forum that sits.
    """
    return [seat for seat in forum.seats if seat.role in DECIDING and seat.votes]


def chair_seats(forum: Forum) -> list[Seat]:
    """The seats from which a sitting is chaired, those that stand in last.

    Args:
        forum: The forum that sits.
    """
    return sorted((seat for seat in forum.seats if seat.role == "chair"), key=lambda seat: seat.stands_in)


def may_chair(actor: Actor, forum: Forum) -> bool:
    """Whether a person may chair; where no seat says who, anybody may.

    Args:
        actor: The person.
        forum: The forum that sits.
    """
    seats = chair_seats(forum)
    return not seats or any(holds_seat(actor, seat) for seat in seats)


def only_stands_in(actor: Actor, forum: Forum) -> bool:
    """Whether a person chairs only when no other chair is there.

    Args:
        actor: The person.
        forum: The forum that sits.
    """
    held = [seat for seat in chair_seats(forum) if holds_seat(actor, seat)]
    return bool(held) and all(seat.stands_in for seat in held)


def principal_chairs(people: Iterable[Actor], forum: Forum) -> list[Actor]:
    """The people in a room who chair before anybody stands in.

    Args:
        people: Who is there.
        forum: The forum that sits.
    """
    seats = [seat for seat in chair_seats(forum) if not seat.stands_in]
    return [person for person in people if any(holds_seat(person, seat) for seat in seats)]


def seated(people: Sequence[Actor], seats: Sequence[Seat]) -> dict[int, Actor]:
    """Seat as many people as can be, each in one place.

    Args:
        people: Who is there; earlier ones keep a seat once they have one.
        seats: The seats; one with a count has that many places.

    Returns:
        By place, counted through the seats in their order: who sits there.
    """
    places = [seat for seat in seats for _ in range(seat.count)]
    taken: dict[int, Actor] = {}
    for person in unique(people):
        _seat(person, places, taken, set())
    return taken


def _seat(person: Actor, places: Sequence[Seat], taken: dict[int, Actor], tried: set[int]) -> bool:
    """Find a place for a person, moving others along where they can sit elsewhere too."""
    for number, seat in enumerate(places):
        if number in tried or not holds_seat(person, seat):
            continue
        tried.add(number)
        if number not in taken or _seat(taken[number], places, taken, tried):
            taken[number] = person
            return True
    return False


def unique(people: Iterable[Actor]) -> list[Actor]:
    """Everybody once.

    Args:
        people: Who was named.
    """
    known: dict[str, Actor] = {}
    for person in people:
        known.setdefault(person.staff, person)
    return list(known.values())


def decides(actor: Actor, forum: Forum) -> bool:
    """Whether a person holds a seat that takes part in decisions; where a forum names no seats, everybody does.

    Args:
        actor: The person.
        forum: The forum that sits.
    """
    seats = deciding_seats(forum)
    return not seats or any(holds_seat(actor, seat) for seat in seats)


def lacks_outside_majority(people: Sequence[Actor], forum: Forum) -> bool:
    """Whether no more than half of those who decide come from outside the service.

    Args:
        people: Who decides.
        forum: The forum that sits.
    """
    seats = deciding_seats(forum)
    outside = [seat for seat in seats if seat.outside]
    return 2 * len(seated(people, outside)) <= len(seated(people, seats))
