"""Whose eyes an act has: a deputy and whom they stand in for count as one person wherever two are needed.

What forbids looks at both references: neither may whoever wrote a referral sign it through a deputy, nor may a deputy
who wrote it sign for somebody else. What is one person's own (a chair's approval, an owner's action) is theirs, and
that of a deputy who stands in for them; a deputy's own office does not come along.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.people import Actor
from models.vocabulary import JourneyAct

BEGINS_ANEW = (JourneyAct.RETURN_FOR_CHANGES, JourneyAct.AMEND, JourneyAct.REQUEST_RENEWAL)
"""After these the chain of signatures starts again: who referred stays, who signed does not."""
HANDS = (JourneyAct.REFER, JourneyAct.SIGN_OFF, JourneyAct.ENDORSE)
"""By these somebody has a hand in a referral."""


class Deed(NamedTuple):
    """What somebody did to a case, and whose eyes they had: their reference, and that of whom they stood in for."""

    what: str
    people: tuple[str, ...]


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


def had_a_hand(
    people: Iterable[str], deeds: Sequence[Deed], *, by_referrer: bool = False, to_decide: bool = False
) -> bool:
    """Whether somebody referred or signed a case in its present round, by what is on record of it.

    Args:
        people: The references of whoever would act: the person, and whom they stand in for.
        deeds: What happened to the case, in order.
        by_referrer: The next signature may be that of who referred.
        to_decide: The case waits for a decision: it was amended in its place, where its signatures stay.
    """
    anew = [act for act in BEGINS_ANEW if not (to_decide and act == JourneyAct.AMEND)]
    referred, signed = set[str](), list[tuple[str, ...]]()
    for deed in deeds:
        if deed.what == JourneyAct.REFER:
            referred = set(deed.people)
        elif deed.what in HANDS:
            signed.append(deed.people)
        elif deed.what in anew:
            signed.clear()
    if by_referrer:
        signed = [one for one in signed if not referred.issuperset(one)]
    return not set(people).isdisjoint({*(() if by_referrer else referred), *(one for some in signed for one in some)})


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
