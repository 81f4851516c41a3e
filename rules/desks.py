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

    `unit` binds who holds it to the unit of the case; `units` names the services whose people may.
    """

    forum: str
    stage: Stage
    waiting_on: str
    unit: Literal["any", "same", "own"]
    units: tuple[str, ...] = ()


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
    return Reach(forum_key, Stage.AWAITING_DECISION, post, *_bound(rule))


def _signed(council: Council, forum_key: str, forum: Forum, post: str) -> Iterator[Reach]:
    for act, stage in SIGNED.items():
        rule = _rule(council, forum_key, act)
        chain = (*forum.chain, *(one for matter in forum.matters for one in matter.chain))
        # A step that several posts have to agree to waits for each in turn.
        steps = [step for step in chain if step.act == act and not step.agreed_by]
        if not any(post in _posts(step, rule) for step in steps):
            yield Reach(forum_key, stage, post, *_bound(rule))
        for step in steps:
            posts, (unit, units) = _posts(step, rule), _bound(rule)
            if post in posts:
                yield Reach(forum_key, stage, posts[0], step.unit or unit, step.units or units)


def _bound(rule: Authority | None) -> tuple[Literal["any", "same", "own"], tuple[str, ...]]:
    return ("any", ()) if rule is None else (rule.unit, rule.units)


def _posts(step: SignOffStep, rule: Authority | None) -> tuple[str, ...]:
    return step.posts or (rule.posts if rule is not None else ())


def _rule(council: Council, forum_key: str, act: JourneyAct) -> Authority | None:
    try:
        return rule_for(council, forum_key, act)
    except Refused:
        return None
