"""Who may do what: posts, units, four eyes, and who is independent of a case."""

from collections.abc import Iterable, Iterator
from typing import Literal

from models.errors import RefusalCode, Refused
from models.membership import Authority, Emergency, Seat
from models.people import SYSTEM, Actor
from models.procedure import ClockRule, Council, Forum
from rules.eyes import is_among

CONFIRM = "confirm"
"""The one act whose posts stand with what is confirmed, not in the table of authority."""


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


def _from_the_nearest(council: Council, forum_key: str | None) -> Iterator[Forum]:
    """The forum, then the one that it sits with: where a rule is looked for before the council's own."""
    forum = council.forums.get(forum_key) if forum_key else None
    if forum is not None:
        yield forum
        panel = council.forums.get(forum.sits_with) if forum.sits_with else None
        if panel is not None:
            yield panel


def rule_for(council: Council, forum_key: str | None, act: str) -> Authority:
    """Who may do an act at a forum: the forum's own rule, else that of the panel it sits with, else the council's.

    Args:
        council: The procedure.
        forum_key: The forum; `None` where no forum is concerned.
        act: The act's name.

    Raises:
        Refused: `illegal_move` when the council does not have this act.
    """
    for forum in _from_the_nearest(council, forum_key):
        if act in forum.authority:
            return _with_who_decides_last(forum, act, forum.authority[act])
    if act == CONFIRM and forum_key and council.forums[forum_key].confirmations:
        asked = council.forums[forum_key].confirmations
        return Authority(posts=tuple(dict.fromkeys(post for one in asked for post in one.posts)), cites=asked[0].cites)
    if act not in council.authority:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{council.title} has nothing like {act.replace('_', ' ')} in its procedure.",
            "Use one of the acts that it has.",
        )
    here = council.forums.get(forum_key) if forum_key else None
    return _with_who_decides_last(here, act, council.authority[act])


def _with_who_decides_last(forum: Forum | None, act: str, rule: Authority) -> Authority:
    """The posts that decide after a panel of their forum decide as posts, whether or not the table says so too."""
    if forum is None or act != "decide_as_post":
        return rule
    after = [forum.final_decision.post] if forum.final_decision else []
    if forum.disagreement and forum.disagreement.decided_by != "chair":
        after.append(forum.disagreement.decided_by)
    return rule.model_copy(update={"posts": tuple(dict.fromkeys((*rule.posts, *after)))}) if after else rule


def role(council: Council, forum_key: str | None, name: Literal["worker", "manager", "head", "administrator"]) -> str:
    """The post that plays a part at a forum.

    Args:
        council: The procedure.
        forum_key: The forum; `None` where no forum is concerned.
        name: The part.
    """
    for forum in _from_the_nearest(council, forum_key):
        here: str | None = getattr(forum.roles, name) if forum.roles else None
        if here is not None:
            return here
    whole: str = getattr(council.roles, name)
    return whole


def post_playing(council: Council, name: str) -> str:
    """The post that a rule above the councils means: one of theirs, or the part that it plays everywhere.

    Args:
        council: The procedure.
        name: A post, or `worker`, `manager`, `head` or `administrator`.
    """
    if name in council.posts:
        return name
    parts = {"worker", "manager", "head", "administrator"}
    return str(getattr(council.roles, name)) if name in parts else name


def keeper(council: Council, forum_key: str) -> str:
    """The post that calls the cases of a forum: its administrator, where that post may; else the first that may.

    Args:
        council: The procedure.
        forum_key: The forum.
    """
    posts = rule_for(council, forum_key, "hear").posts
    administrator = role(council, forum_key, "administrator")
    return administrator if administrator in posts else posts[0]


def informed(council: Council, forum_key: str | None) -> tuple[str, ...]:
    """The posts that get to know every decision of a forum.

    Args:
        council: The procedure.
        forum_key: The forum; `None` where no forum is concerned.
    """
    for forum in _from_the_nearest(council, forum_key):
        if forum.roles is not None and forum.roles.informed is not None:
            return forum.roles.informed
    return council.roles.informed


def clock_rule(council: Council, forum_key: str | None, name: str) -> ClockRule:
    """How a clock runs at a forum. One that nobody wrote down runs without warning: it never stops a journey.

    Args:
        council: The procedure.
        forum_key: The forum; `None` where no forum is concerned.
        name: The clock rule.
    """
    for forum in _from_the_nearest(council, forum_key):
        if name in forum.clocks:
            return forum.clocks[name]
    return council.clocks.get(name) or ClockRule(cites=council.escalation.cites)


def emergency_of(council: Council, forum_key: str | None) -> Emergency | None:
    """The emergency route of a forum; `None` when it has none.

    Args:
        council: The procedure.
        forum_key: The forum; `None` where no forum is concerned.
    """
    for forum in _from_the_nearest(council, forum_key):
        if forum.emergency is not None or forum.no_emergency:
            return forum.emergency
    return council.emergency


def same_unit(one: str | None, other: str | None) -> bool:
    """Whether two units are the same, however they are written; an unknown unit is nobody's.

    Args:
        one: A unit.
        other: A unit.
    """
    return one is not None and other is not None and one.strip().casefold() == other.strip().casefold()


def answers_for(actor: Actor, unit: str) -> bool:
    """Whether somebody, or a deputy in a post of their own, is of the unit that answers for a case.

    Args:
        actor: Who acts.
        unit: The case's.
    """
    return same_unit(actor.unit, unit) or same_unit(actor.own_unit, unit)


def _require_post(council: Council, actor: Actor) -> None:
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


def require_authority(council: Council, act: str, actor: Actor, unit: str, forum_key: str | None = None) -> None:
    """Refuse an act that the actor's post may not do on a case of a unit.

    Args:
        council: The procedure, with its table of authority.
        act: The act's name.
        actor: Who acts.
        unit: The unit that answers for the case.
        forum_key: The forum, whose own rule goes before the council's.

    Raises:
        Refused: `unknown` for a post that the council does not have; `not_authorised` otherwise.
    """
    _require_post(council, actor)
    rule = rule_for(council, forum_key, act)
    if actor.post not in rule.posts:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"A {title(council, actor.post).lower()} cannot {act.replace('_', ' ')}.",
            f"Ask the {titles(council, rule.posts)}.",
            rule.cites[0],
        )
    if not unit_fits(rule.unit, actor, unit):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This {title(council, actor.post).lower()} does not answer for the unit that holds the case.",
            f"Ask the {titles(council, rule.posts)} for {unit}.",
            rule.cites[0],
        )
    if not of_units(actor, rule.units):
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This {title(council, actor.post).lower()} is not of a service that may {act.replace('_', ' ')}.",
            f"Ask the {titles(council, rule.posts)} of {' or '.join(rule.units)}.",
            rule.cites[0],
        )


def may_do(council: Council, act: str, actor: Actor, unit: str, forum_key: str | None = None) -> bool:
    """Whether an actor's post may do an act on a case of a unit; four eyes are another matter.

    Args:
        council: The procedure.
        act: The act's name.
        actor: Who acts.
        unit: The unit that answers for the case.
        forum_key: The forum, whose own rule goes before the council's.
    """
    try:
        require_authority(council, act, actor, unit, forum_key)
    except Refused:
        return False
    return True


def unit_fits(rule: Literal["any", "same", "own"] | None, actor: Actor, unit: str) -> bool:
    """Whether an actor's unit is one that may act on a case of a unit.

    Args:
        rule: `own`: known, and the case's; `same`: the case's where it is known; else no matter.
        actor: Who acts.
        unit: The unit that answers for the case.
    """
    same = same_unit(actor.unit, unit)
    return not ((rule == "own" and not same) or (rule == "same" and actor.unit is not None and not same))


def of_units(actor: Actor, units: Iterable[str]) -> bool:
    """Whether an actor is of one of several units; none named, or a unit that is not known, turns nobody away.

    Args:
        actor: Who acts.
        units: The units.
    """
    named = tuple(units)
    return not named or actor.unit is None or any(same_unit(actor.unit, unit) for unit in named)


def require_other_eyes(
    council: Council, act: str, actor: Actor, earlier: Iterable[Actor], forum_key: str | None = None
) -> None:
    """Refuse a signature by somebody who already referred or signed.

    Args:
        council: The procedure.
        act: The act's name.
        actor: Who acts.
        earlier: Everybody who acted on this referral before.
        forum_key: The forum, whose own rule goes before the council's.

    Raises:
        Refused: `same_person`.
    """
    rule = rule_for(council, forum_key, act)
    if rule.four_eyes and is_among(actor, earlier):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The person who referred or signed a case cannot sign it again: four eyes are needed.",
            f"Ask another {titles(council, rule.posts)}.",
            rule.cites[0],
        )


def holds_seat(actor: Actor, seat: Seat) -> bool:
    """Whether a person can take a seat. A person whose unit the directory does not say is not turned away.

    Args:
        actor: The person.
        seat: The seat.
    """
    return actor.post in seat.post and of_units(actor, seat.units)


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
