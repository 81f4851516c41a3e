"""A forum to which nothing can come: chains that cannot be walked, criteria and papers that contradict each other."""

from collections.abc import Iterator
from itertools import pairwise

from models.membership import Emergency, SignOffStep
from models.procedure import Council, Forum
from procedures.checks.deciding import repeated


def refers(council: Council, forum: Forum, where: str) -> Iterator[str]:
    """What keeps a case from coming to a forum.

    Args:
        council: The procedure.
        forum: The forum.
        where: Its file.
    """
    yield from chain(council, forum, forum.chain, f"{where}: chain")
    for matter in forum.matters:
        yield from chain(council, forum, matter.chain, f"{where}: matters.{matter.key}.chain")
    yield from _criteria(forum, where)
    yield from _scoring(forum, where)
    yield from _documents(forum, where)
    yield from _emergency(forum, where)
    for target in forum.outranks:
        if target not in council.forums or target == forum.key:
            yield f"{where}: forum.outranks: there is no other forum {target}. Write its file or correct the key."


def chain(council: Council, forum: Forum, steps: tuple[SignOffStep, ...], where: str) -> Iterator[str]:
    """A chain of signatures that nobody could walk to its end.

    Args:
        council: The procedure.
        forum: The forum.
        steps: The chain.
        where: Its file and key.
    """
    acts = [step.act for step in steps]
    always = [step.act for step in steps if not step.when]
    if acts != sorted(acts, reverse=True) or ("endorse" in always and "sign_off" not in acts):
        yield f"{where}: {' then '.join(acts)} cannot be walked. Use sign_off, or sign_off then endorse."
    refer = _may(council, forum, "refer")
    for number, step in enumerate(steps):
        may = _may(council, forum, step.act)
        if step.posts and not set(step.posts) & may:
            yield (
                f"{where}.{number}.posts: cannot be walked: none of them may {step.act}. "
                f"Name them under authority.{step.act}."
            )
        for post in step.agreed_by:
            if post not in may | refer:
                yield (
                    f"{where}.{number}.agreed_by: cannot be walked: a {post} neither refers nor may {step.act}. "
                    f"Name it under authority.{step.act}."
                )
        yield from repeated((one.key for one in step.attests), f"{where}.{number}.attests")


def _may(council: Council, forum: Forum, act: str) -> set[str]:
    panel = council.forums.get(forum.sits_with) if forum.sits_with else None
    for source in (forum, panel, council):
        if source is not None and act in source.authority:
            return set(source.authority[act].posts)
    return set()


def _criteria(forum: Forum, where: str) -> Iterator[str]:
    own = {rule for criterion in forum.criteria for rule in criterion.cites}
    for number, criterion in enumerate(forum.criteria):
        for rule in criterion.implied_by:
            if rule not in own:
                yield f"{where}: criteria.{number}.implied_by: {rule} is no criterion of this forum. Add or correct it."
    named = [("requirements", need.criteria) for need in forum.requirements]
    if forum.by_post is not None:
        named.append(("by_post.unless_criteria", forum.by_post.unless_criteria))
    for key, rules in named:
        for rule in rules:
            if rule not in own:
                yield f"{where}: {key}: {rule} is no criterion of this forum. Add it or correct the id."


def _scoring(forum: Forum, where: str) -> Iterator[str]:
    scoring = forum.scoring
    if scoring is None:
        if any(criterion.points for criterion in forum.criteria):
            yield f"{where}: criteria: points are given, and nothing adds them up. Write [scoring]."
        return
    if not any(criterion.points for criterion in forum.criteria):
        yield f"{where}: scoring: no criterion has points. Give points or remove [scoring]."
    if any(lower.at_least >= upper.at_least for upper, lower in pairwise(scoring.bands)):
        yield f"{where}: scoring.bands: are out of order. Put them from the highest to the lowest at_least."
    yield from repeated((band.key for band in scoring.bands), f"{where}: scoring.bands")
    for number, band in enumerate(scoring.bands):
        if band.elapsed_hours is not None and band.working_days is not None:
            yield f"{where}: scoring.bands.{number}: has hours and working days. Keep one."
    own = {rule for criterion in forum.criteria for rule in criterion.cites}
    named = {scoring.counts_as} if scoring.counts_as else set()
    for rule in sorted(named.union(*scoring.not_together) - own):
        yield f"{where}: scoring: {rule} is no criterion of this forum. Add or correct it."
    if forum.direct is not None and forum.direct.band not in {None, *(band.key for band in scoring.bands)}:
        yield f"{where}: direct.band: there is no band {forum.direct.band}. Name one of [[scoring.bands]]."


def _documents(forum: Forum, where: str) -> Iterator[str]:
    names = {document.name for document in forum.documents}
    for number, document in enumerate(forum.documents):
        if document.instead_of is not None and document.instead_of not in names:
            yield (
                f"{where}: documents.{number}.instead_of: there is no document {document.instead_of}. "
                f"Add it or correct the name."
            )


def _emergency(forum: Forum, where: str) -> Iterator[str]:
    if forum.emergency is not None and forum.no_emergency:
        yield f"{where}: forum.no_emergency: contradicts [emergency]. Remove one of them."
    yield from hours(forum.emergency, where)


def hours(emergency: Emergency | None, where: str) -> Iterator[str]:
    """Working hours that end before they start.

    Args:
        emergency: The route.
        where: Its file.
    """
    open_hours = emergency.working_hours if emergency is not None else None
    if open_hours is not None and open_hours.ends <= open_hours.starts:
        yield f"{where}: emergency.working_hours: ends before it starts. Correct one of them."
