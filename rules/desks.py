"""Which waiting cases are for a post to move: by the chain of signatures, who decides, and the units of authority."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from models.errors import Refused
from models.membership import Authority, SignOffStep
from models.procedure import Council, Forum
from models.vocabulary import JourneyAct, Stage
from rules.authority import rule_for

SIGNED = {
    JourneyAct.SIGN_OFF: Stage.AWAITING_SIGN_OFF,
    JourneyAct.ENDORSE: Stage.AWAITING_ENDORSEMENT,
}
"""The acts that sign, and the stages in which a case waits for them."""


class Reach(NamedTuple):
    """Cases that a post may move on: of a forum, in a stage, said to wait for a post.

    `unit` binds who holds it to the unit of the case; `units` names the services whose people may. `four_eyes`: nobody
    may who referred or signed before, but for who referred where the signature is theirs (`by_referrer`).
    """

    forum: str
    stage: Stage
    waiting_on: str
    unit: Literal["any", "same", "own"]
    units: tuple[str, ...] = ()
    four_eyes: bool = False
    by_referrer: bool = False


def reaches(council: Council, post: str) -> list[Reach]:
    """Every stage of every forum in which a case waits for a post, or for another in whose place it may sign.

    Args:
        council: The procedure.
        post: The post.
    """
    found = [
        one
        for key, forum in council.forums.items()
        for one in (*_signed(council, key, forum, post), _decided(council, key, post))
    ]
    return list(dict.fromkeys(found))


def _decided(council: Council, forum_key: str, post: str) -> Reach:
    rule = _rule(council, forum_key, JourneyAct.DECIDE_AS_POST)
    return Reach(forum_key, Stage.AWAITING_DECISION, post, *_bound(rule), _decided_by_others(council.forums[forum_key]))


def _decided_by_others(forum: Forum) -> bool:
    """Whether nobody decides what they referred or signed, whatever the case is about."""
    tiers = [tier for matter in forum.matters for tier in matter.tiers]
    return all(matter.four_eyes for matter in forum.matters) and all(tier.four_eyes for tier in tiers)


def _signed(council: Council, forum_key: str, forum: Forum, post: str) -> Iterator[Reach]:
    for act, stage in SIGNED.items():
        rule = _rule(council, forum_key, act)
        chain = (*forum.chain, *(one for matter in forum.matters for one in matter.chain))
        # A step that several posts have to agree to waits for each in turn.
        steps = [step for step in chain if step.act == act and not step.agreed_by]
        if not any(post in _posts(step, rule) for step in steps):
            yield Reach(forum_key, stage, post, *_bound(rule), _four_eyes(rule))
        for step in steps:
            posts, (unit, units) = _posts(step, rule), _bound(rule)
            if post in posts:
                bound = step.unit or unit, step.units or units
                yield Reach(forum_key, stage, posts[0], *bound, _four_eyes(rule), step.by_referrer)


def _four_eyes(rule: Authority | None) -> bool:
    return rule is not None and rule.four_eyes


def _bound(rule: Authority | None) -> tuple[Literal["any", "same", "own"], tuple[str, ...]]:
    return ("any", ()) if rule is None else (rule.unit, rule.units)


def _posts(step: SignOffStep, rule: Authority | None) -> tuple[str, ...]:
    return step.posts or (rule.posts if rule is not None else ())


def _rule(council: Council, forum_key: str, act: JourneyAct) -> Authority | None:
    try:
        return rule_for(council, forum_key, act)
    except Refused:
        return None
