"""Who may do what: posts, units, four eyes, and who is independent of a case."""

from collections.abc import Iterable

from models.errors import RefusalCode, Refused
from models.people import SYSTEM, Actor
from models.procedure import Council, Seat


def title(council: Council, post: str) -> str:
    """The title of a post, in words.

    Args:
        council: The procedure.
        post: Its key.
    """
    known = council.posts.get(post)
    return known.title if known else post.replace("_", " ")


def titles(council: Council, posts: Iterable[str]) -> str:
    """Several posts, in words.

    Args:
        council: The procedure.
        posts: Their keys.
    """
    return " or ".join(title(council, post).lower() for post in posts)


def same_unit(one: str | None, other: str | None) -> bool:
    """Whether two units are the same, however they are written; an unknown unit is nobody's.

    Args:
        one: A unit.
        other: A unit.
    """
    return one is not None and other is not None and one.strip().casefold() == other.strip().casefold()


def require_authority(council: Council, act: str, actor: Actor, unit: str) -> None:
    """Refuse an act that the actor's post may not do on a case of a unit.

    Args:
        council: The procedure, with its table of authority.
        act: The act's name.
        actor: Who acts.
        unit: The unit that answers for the case.

    Raises:
        Refused: `unknown` for a post that the council does not have; `not_authorised` otherwise.
    """
    if actor.council != council.key:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"Staff of {actor.council} cannot act on a case of {council.key}.",
            "Ask a colleague of the council that holds the case.",
        )
    if actor.post not in council.posts:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{council.title} has no post {actor.post}.",
            f"Use one of its posts: {', '.join(council.posts)}.",
        )
    rule = council.authority[act]
    if actor.post not in rule.posts:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"A {title(council, actor.post).lower()} cannot {act.replace('_', ' ')}.",
            f"Ask the {titles(council, rule.posts)}.",
            rule.cites[0],
        )
    same = same_unit(actor.unit, unit)
    if (rule.unit == "own" and not same) or (rule.unit == "same" and actor.unit is not None and not same):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This {title(council, actor.post).lower()} does not answer for the unit that holds the case.",
            f"Ask the {titles(council, rule.posts)} for {unit}.",
            rule.cites[0],
        )


def require_other_eyes(council: Council, act: str, actor: Actor, earlier: Iterable[Actor]) -> None:
    """Refuse a signature by somebody who already referred or signed.

    Args:
        council: The procedure.
        act: The act's name.
        actor: Who acts.
        earlier: Everybody who acted on this referral before.

    Raises:
        Refused: `same_person`.
    """
    if council.authority[act].four_eyes and actor.staff in {person.staff for person in earlier}:
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The person who referred or signed a case cannot sign it again: four eyes are needed.",
            f"Ask another {titles(council, council.authority[act].posts)}.",
            council.authority[act].cites[0],
        )


def holds_seat(actor: Actor, seat: Seat) -> bool:
    """Whether a person can take a seat. A person whose unit the directory does not say is not turned away.

    Args:
        actor: The person.
        seat: The seat.
    """
    if actor.post != seat.post:
        return False
    return not seat.units or actor.unit is None or any(same_unit(actor.unit, unit) for unit in seat.units)


def next_up(council: Council, post: str) -> str | None:
    """The post that answers for a post; `None` at the top of the ladder.

    Args:
        council: The procedure.
        post: Its key.
    """
    known = council.posts.get(post)
    return known.next_up if known else None


def system(council: Council) -> Actor:
    """The actor under which clocks act.

    Args:
        council: The procedure.
    """
    return Actor(staff=SYSTEM, post=SYSTEM, council=council.key)
