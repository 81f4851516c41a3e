"""Whose eyes an act has: a deputy and whom they stand in for count as one person wherever two are needed.

What forbids looks at both references: neither may whoever wrote a referral sign it through a deputy, nor may a deputy
who wrote it sign for somebody else. What is one person's own (a chair's approval, an owner's action) is theirs, and
that of a deputy who stands in for them; a deputy's own office does not come along.
"""

from collections.abc import Iterable

from models.people import Actor


def same_person(one: Actor, other: Actor) -> bool:
    """Whether two people who acted share a pair of eyes.

    Args:
        one: Who acted, for themselves or for somebody.
        other: Likewise.
    """
    return not set(one.people).isdisjoint(other.people)


def is_among(actor: Actor, earlier: Iterable[Actor]) -> bool:
    """Whether somebody, or the person whom they stand in for, had a hand in what was done before.

    Args:
        actor: Who acts.
        earlier: Who acted before.
    """
    return any(same_person(actor, person) for person in earlier)


def references(people: Iterable[Actor]) -> tuple[str, ...]:
    """The staff references of everybody who had a hand in something, deputies and those whom they stood in for.

    Args:
        people: Who acted.
    """
    return tuple(dict.fromkeys(reference for person in people for reference in person.people))


def in_whose_place(actor: Actor) -> str:
    """The staff reference of whose office an act is: the person's own, or that of whom they stand in for.

    Args:
        actor: Who acts.
    """
    return actor.on_behalf_of or actor.staff
