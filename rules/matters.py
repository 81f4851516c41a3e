"""A matrix of responsibility: which matter is asked for, its running total, and which posts may decide it.

The matrix names the lowest post that decides; where the council says so, any post above it on the ladder may too. Money
is decided by the tier that the running total falls in, so that splitting a sum lowers nobody's limit.
"""

from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import NamedTuple

from models.deciding import Decider, Matter, Tier
from models.errors import RefusalCode, Refused
from models.journey import JourneyState
from models.people import Actor
from models.procedure import Council, Forum
from models.referral import Referral
from rules.authority import next_up, of_units, title, titles
from rules.conditions import all_hold
from rules.eyes import is_among
from rules.form import known_form
from rules.working_days import local

NAMED = 8
"""How many matters a refusal lists."""


class Entitled(NamedTuple):
    """Who may decide: the lowest posts, whether any post above them may too, and what says so."""

    lowest: tuple[Decider, ...]
    or_higher: bool
    cites: tuple[str, ...]
    four_eyes: bool = True

    @property
    def posts(self) -> tuple[str, ...]:
        """The lowest posts."""
        return tuple(dict.fromkeys(decider.post for decider in self.lowest))

    def fits(self, council: Council, actor: Actor) -> bool:
        """Whether somebody is one of them.

        Args:
            council: The procedure, with its ladder.
            actor: Who wants to decide.
        """
        return any(
            (actor.post == decider.post and of_units(actor, decider.units))
            or (self.or_higher and actor.post in above(council, decider.post))
            for decider in self.lowest
        )


def above(council: Council, post: str) -> tuple[str, ...]:
    """The posts that the ladder reaches from a post, the nearest first.

    Args:
        council: The procedure.
        post: Its key.
    """
    reached: list[str] = []
    up = next_up(council, post)
    while up is not None and up not in reached:
        reached.append(up)
        up = next_up(council, up)
    return tuple(reached)


def matter_named(forum: Forum, referral: Referral) -> Matter | None:
    """The matter that a form asks for; `None` where it names none that the forum has.

    Args:
        forum: The forum.
        referral: The form.
    """
    wanted = referral.request.matter or referral.request.kind
    return next((matter for matter in forum.matters if matter.key == wanted), None)


def require_matter(referral: Referral, council: Council) -> None:
    """Refuse a form to a matrix of responsibility that asks for none of its matters, or for one that a panel decides.

    Args:
        referral: The form.
        council: The procedure.

    Raises:
        Refused: `incomplete` without a matter, or without what its running total is counted by; `unknown`;
            `illegal_move` for what a panel decides.
    """
    forum = council.forums[referral.forum]
    if forum.matrix is None:
        return
    matter, asked = matter_named(forum, referral), referral.request.matter
    keys = [one.key for one in forum.matters]
    if matter is None and asked is None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "Missing: request.matter: which matter is to be decided.",
            f"Name one of the matters that `starter.py procedures show` lists, such as {', '.join(keys[:NAMED])}.",
            forum.matrix.cites[0],
        )
    if matter is None:
        close = get_close_matches(str(asked), keys, NAMED, 0.4) or keys[:NAMED]
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{forum.title} has no such matter.",
            f"Close to it: {', '.join(close)}.",
            forum.matrix.cites[0],
        )
    if matter.goes_to is not None:
        panel = council.forums.get(matter.goes_to)
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{matter.title or matter.key} is for {panel.title if panel else matter.goes_to} to decide.",
            f"Refer to {matter.goes_to}.",
            matter.cites[0],
        )
    _require_countable(matter, referral, council)


def _require_countable(matter: Matter, referral: Referral, council: Council) -> None:
    missing = ["money.amount"] if matter.tiers and amount_of(referral) is None else []
    total = council.totals.get(matter.total) if matter.total else None
    if total is not None and whose(total.of, referral) is None:
        missing.append(total.of)
    if missing:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"Missing: {', '.join(missing)}.",
            "Fill in what this sum is counted by.",
            matter.cites[0],
        )


def amount_of(referral: Referral) -> Decimal | None:
    """The sum that a form asks for, in pounds; the proposed weekly cost where it names no other.

    Args:
        referral: The form.
    """
    if referral.money is not None:
        return referral.money.amount
    return referral.costs.proposed if referral.costs is not None else None


EVERYBODY = "council"
"""What a total of the whole council is counted by, such as places in a residence."""


def whose(path: str, referral: Referral) -> str | None:
    """Whose running total a form counts in; a family that is not named is the child's own.

    Args:
        path: What the total is counted by.
        referral: The form.
    """
    if path == EVERYBODY:
        return EVERYBODY
    part: object = referral
    for step in path.split("."):
        part = getattr(part, step, None)
    if part is None and path == "child.family_reference":
        part = referral.subject_reference
    return str(part) if part is not None else None


def matter_of(state: JourneyState) -> Matter | None:
    """The matter of a journey; `None` outside a matrix of responsibility.

    Args:
        state: The journey.
    """
    return matter_named(state.forum, state.referral) if state.forum.matrix is not None else None


def running_total(state: JourneyState) -> Decimal | None:
    """The total that the tier of a matter is taken from: as far as it is known, at least the sum itself.

    Args:
        state: The journey.
    """
    matter = matter_of(state)
    own = amount_of(state.referral)
    if matter is None or not (matter.tiers or matter.total):
        return None
    if state.claim is not None and state.claim.before is not None:
        return state.claim.before + state.claim.amount
    return own


def tier_limit(tier: Tier, council: Council) -> Decimal | None:
    """The most that a tier decides, in pounds, inclusive; `None` without a limit.

    Args:
        tier: The tier.
        council: The procedure, with its settings.
    """
    if tier.up_to_setting is not None:
        return Decimal(str(council.settings[tier.up_to_setting].value))
    return tier.up_to


def _tiers_up_to(state: JourneyState, matter: Matter) -> tuple[Tier, ...]:
    """The tiers below the running total, and the one that it falls in, which comes last."""
    total = running_total(state) or Decimal(0)
    limits = [tier_limit(tier, state.procedure) for tier in matter.tiers]
    below = sum(limit is not None and total > limit for limit in limits)
    return matter.tiers[: below + 1]


def _day(state: JourneyState) -> date:
    return local(state.received_at or state.stage_since).date()


def _first_that_holds(state: JourneyState, several: tuple[Decider, ...]) -> tuple[Decider, ...]:
    """The first decider whose conditions hold, with those that stand beside it under the same conditions."""
    facts = known_form(state.referral, state.procedure, _day(state))
    first = next((one for one in several if all_hold(one.when, facts, _day(state), state.procedure)), None)
    return tuple(one for one in several if first is not None and one.when == first.when)


def deciders(state: JourneyState) -> Entitled | None:
    """Who may decide now, when it is for a post: after a recommendation, in a matrix, or at a forum that does not sit.

    Args:
        state: The journey.
    """
    forum, put_forward = state.forum, state.recommendation
    if put_forward is not None:
        decider = Decider(post=put_forward.post, units=put_forward.units)
        return Entitled((decider,), or_higher=put_forward.or_higher, cites=put_forward.cites)
    matter = matter_of(state)
    if matter is not None and forum.matrix is not None:
        higher = forum.matrix.or_higher
        if matter.tiers:
            return _of_tier(state, _tiers_up_to(state, matter)[-1], or_higher=higher)
        lowest = _first_that_holds(state, matter.lowest)
        return Entitled(lowest, higher, matter.cites, matter.four_eyes) if lowest else None
    if forum.decided_by is not None:
        return Entitled((Decider(post=forum.decided_by),), or_higher=forum.or_higher, cites=forum.cites)
    if forum.by_post is not None:
        return Entitled((Decider(post=forum.by_post.post),), or_higher=False, cites=forum.by_post.cites)
    return None


def _of_tier(state: JourneyState, tier: Tier, *, or_higher: bool) -> Entitled:
    return Entitled(_first_that_holds(state, tier.lowest), or_higher, tier.cites, tier.four_eyes)


def require_decider(state: JourneyState, actor: Actor, earlier: list[Actor]) -> None:
    """Refuse whoever may not decide this alone, now.

    Args:
        state: The journey.
        actor: Who wants to decide.
        earlier: Who referred or signed.

    Raises:
        Refused: `incomplete` while the running total is looked up, `over_limit` for who decides smaller sums,
            `not_authorised`, `same_person`.
    """
    council = state.procedure
    if state.claiming is not None:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The running total is being looked up.",
            "Send it again in a moment.",
        )
    entitled = deciders(state)
    if entitled is None or not entitled.fits(council, actor):
        _refuse(state, actor, entitled)
    elif entitled.four_eyes and is_among(actor, earlier):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "The person who referred or signed a case cannot decide it: four eyes are needed.",
            f"Ask another {title(council, actor.post).lower()}.",
            entitled.cites[0],
        )


def _refuse(state: JourneyState, actor: Actor, entitled: Entitled | None) -> None:
    council, matter = state.procedure, matter_of(state)
    posts = entitled.posts if entitled else ()
    higher = " or a post above" if entitled and entitled.or_higher else ""
    cite = entitled.cites[0] if entitled else None
    if matter is not None and matter.tiers and state.forum.matrix is not None:
        lower = _tiers_up_to(state, matter)[:-1]
        if any(_of_tier(state, tier, or_higher=state.forum.matrix.or_higher).fits(council, actor) for tier in lower):
            raise Refused(
                RefusalCode.OVER_LIMIT,
                f"With what was asked for before this comes to {running_total(state)} pounds: above this post's limit.",
                f"Ask the {titles(council, posts)}{higher}.",
                cite,
            )
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"This is for the {titles(council, posts)}{higher} to decide.",
        "Ask them.",
        cite,
    )


def require_below_limit(state: JourneyState) -> None:
    """Refuse an approval that would pass a ceiling which nobody may pass.

    Args:
        state: The journey.

    Raises:
        Refused: `sitting_full`.
    """
    matter = matter_of(state)
    total = state.procedure.totals.get(matter.total) if matter and matter.total else None
    reached = running_total(state)
    if total is not None and total.limit is not None and reached is not None and reached > total.limit:
        raise Refused(
            RefusalCode.SITTING_FULL,
            f"{total.title}: with this it would be {reached}, and {total.limit} is the most.",
            "Wait until something is given up, or decline it.",
            total.cites[0],
        )
