"""The chain of signatures before a panel or a post, as data: which steps a case has, and whose the next one is.

A step is done by the first signature of its act that fits it, in order. One with `agreed_by` is done when each of these
posts is among who referred and who signed: it belongs to the one that is still missing.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from models.journey import JourneyState, Signature
from models.membership import SignOffStep
from models.people import Actor
from models.procedure import Council
from models.referral import Referral
from rules.authority import rule_for
from rules.conditions import all_hold
from rules.form import known_form
from rules.working_days import local


def steps_for(referral: Referral, council: Council, forum_key: str, day: date) -> tuple[SignOffStep, ...]:
    """The steps that a referral has to take at a forum, those of its matter included.

    Args:
        referral: The form.
        council: The procedure.
        forum_key: The forum.
        day: Local date on which the conditions of steps are judged.
    """
    if referral.request.direct:
        return ()
    forum = council.forums[forum_key]
    facts = known_form(referral, council, day)
    of_matter = next((matter.chain for matter in forum.matters if matter.key == referral.request.matter), ())
    return tuple(step for step in (*forum.chain, *of_matter) if all_hold(step.when, facts, day, council))


def steps(state: JourneyState) -> tuple[SignOffStep, ...]:
    """The steps of a journey's chain, those that do not apply to it left out.

    Args:
        state: The journey.
    """
    day = local(state.received_at or state.stage_since).date()
    return steps_for(state.referral, state.procedure, state.forum_key, day)


def first_open(
    chain: Iterable[SignOffStep], referred_by: Actor, signatures: Sequence[Signature]
) -> tuple[SignOffStep, tuple[str, ...]] | None:
    """The first step that is not done, and the posts that its data still wants; `None` when all are.

    Args:
        chain: The steps.
        referred_by: Who referred.
        signatures: What was signed so far, in order.
    """
    left = list(signatures)
    for step in chain:
        of_act = [signature for signature in left if signature.act == step.act]
        if step.agreed_by:
            theirs = {post: next((sign for sign in of_act if sign.actor.post == post), None) for post in step.agreed_by}
            missing = tuple(post for post, sign in theirs.items() if sign is None and post != referred_by.post)
            if missing:
                return step, missing
            left = [sign for sign in left if sign not in theirs.values()]
            continue
        fits = next((sign for sign in of_act if not step.posts or sign.actor.post in step.posts), None)
        if fits is None:
            return step, step.posts
        left.remove(fits)
    return None


def current_step(state: JourneyState) -> SignOffStep | None:
    """The step whose turn it is; `None` when the chain is complete.

    Args:
        state: The journey.
    """
    found = first_open(steps(state), state.referred_by, state.signatures)
    return found[0] if found else None


def open_posts(state: JourneyState) -> tuple[str, ...]:
    """The posts that may do the step whose turn it is; none when the chain is complete.

    Args:
        state: The journey.
    """
    found = first_open(steps(state), state.referred_by, state.signatures)
    if found is None:
        return ()
    step, posts = found
    return posts or rule_for(state.procedure, state.forum_key, step.act).posts


def is_complete(state: JourneyState) -> bool:
    """Whether every signature that the chain asks for was given.

    Args:
        state: The journey.
    """
    return current_step(state) is None
