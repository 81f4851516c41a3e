"""A forum that can decide nothing, or sends cases where there is nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from models.deciding import Matter, Tier
from models.procedure import Council, Forum
from models.vocabulary import Outcome
from rules.conditions import path_exists

MOMENTS = frozenset({"decision", "listing", "emergency"})
ENDS = frozenset({"closed"})
"""What ends a review programme beside an outcome."""


def decides(council: Council, forum: Forum, where: str) -> Iterator[str]:
    """What keeps a forum from deciding.

    Args:
        council: The procedure.
        forum: The forum.
        where: Its file.
    """
    if forum.body == "post" and forum.matrix is None and forum.decided_by not in council.posts:
        yield f"{where}: forum.decided_by: nobody can hold the post {forum.decided_by}. Name one under [posts]."
    if not forum.options and forum.body != "elsewhere" and forum.matrix is None:
        yield f"{where}: options: the forum could decide nothing. List its options."
    for number, option in enumerate(forum.options):
        for need in option.needs:
            if not path_exists(council, f"decision.{need}"):
                yield f"{where}: options.{number}.needs: a decision has no field {need}. Correct it, or findings.NAME."
    yield from repeated((" with ".join((one.outcome, *one.needs)) for one in forum.options), f"{where}: options")
    yield from _keys(forum, where)
    yield from _outcomes(forum, where)
    yield from _ways_on(council, forum, where)
    yield from _matrix(council, forum, where)


def repeated(names: Iterable[str], where: str) -> Iterator[str]:
    """Names that stand twice where each may stand once.

    Args:
        names: The names.
        where: File and key.
    """
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{where}: {name} stands there {times} times. Keep one."


def _keys(forum: Forum, where: str) -> Iterator[str]:
    for part in ("checkpoints", "follow_ups", "alerts", "confirmations", "exits", "authorises", "matters"):
        yield from repeated((one.key for one in getattr(forum, part)), f"{where}: {part}")


def _outcomes(forum: Forum, where: str) -> Iterator[str]:
    """Words that are no outcome."""
    named: list[tuple[str, tuple[str, ...], frozenset[str]]] = []
    for part in ("requirements", "checkpoints", "prompts", "onward", "reviews"):
        named += [(f"{part}.{n}.outcomes", one.outcomes, frozenset()) for n, one in enumerate(getattr(forum, part))]
    named += [(f"follow_ups.{n}.on", one.on, MOMENTS) for n, one in enumerate(forum.follow_ups)]
    named += [(f"reviews.{n}.ends_on", one.ends_on, ENDS) for n, one in enumerate(forum.reviews)]
    if forum.final_decision is not None:
        named.append(("final_decision.outcomes", forum.final_decision.outcomes, frozenset()))
    for key, words, others in named:
        for word in words:
            if word not in set(Outcome) | others:
                yield f"{where}: {key}: there is no outcome {word}. Use one of {', '.join(Outcome)}."


def _ways_on(council: Council, forum: Forum, where: str) -> Iterator[str]:
    targets = [(f"onward.{n}.forum", onward.forum) for n, onward in enumerate(forum.onward)]
    targets += [(f"exits.{n}.onward", one.onward) for n, one in enumerate(forum.exits) if one.onward]
    targets += [(f"matters.{one.key}.goes_to", one.goes_to) for one in forum.matters if one.goes_to]
    for key, target in targets:
        if target not in council.forums or target == forum.key:
            yield f"{where}: {key}: there is no other forum {target}. Write its file or correct the key."
    for number, review in enumerate(forum.reviews):
        found = council.forums.get(review.forum)
        if found is None or found.body == "elsewhere":
            yield f"{where}: reviews.{number}.forum: there is no forum {review.forum} to come back to. Correct the key."
    for number, onward in enumerate(forum.onward):
        if onward.on == "decision" and not onward.outcomes:
            yield f"{where}: onward.{number}.outcomes: is missing; it says on which decisions. Write it."
        matters = council.forums[onward.forum].matters if onward.forum in council.forums else ()
        if onward.matter is not None and onward.matter not in {matter.key for matter in matters}:
            yield f"{where}: onward.{number}.matter: {onward.forum} has no matter {onward.matter}. Correct the key."


def _matrix(council: Council, forum: Forum, where: str) -> Iterator[str]:
    if forum.matrix is None and forum.matters:
        yield f"{where}: matters: only a forum with a matrix has matters. Write [matrix]."
    if forum.matrix is not None and not forum.matters:
        yield f"{where}: matrix: there is nothing to decide in it. Write [[matters]]."
    for matter in forum.matters:
        key = f"{where}: matters.{matter.key}"
        ways = [name for name in ("lowest", "tiers", "goes_to") if getattr(matter, name)]
        if len(ways) != 1:
            yield f"{key}: needs exactly one of lowest, tiers and goes_to. Write one."
        if matter.total is not None and matter.total not in council.totals:
            yield f"{key}.total: there is no total {matter.total}. Declare it under [totals]."
        yield from _tiers(council, matter, key)


def _tiers(council: Council, matter: Matter, key: str) -> Iterator[str]:
    before: Decimal | None = Decimal(-1)
    for number, tier in enumerate(matter.tiers):
        if tier.up_to_setting is not None and tier.up_to_setting not in council.settings:
            yield f"{key}.tiers.{number}: there is no setting {tier.up_to_setting}. Declare it under [settings]."
            return
        limit = _limit(council, tier)
        if before is None or (limit is not None and limit <= before):
            yield f"{key}.tiers.{number}: is out of order. Go from the lowest limit up; only the last has none."
            return
        before = limit


def _limit(council: Council, tier: Tier) -> Decimal | None:
    if tier.up_to_setting is not None:
        return Decimal(str(council.settings[tier.up_to_setting].value))
    return tier.up_to
