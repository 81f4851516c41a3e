"""Points: how urgent a case is among others, and what that leads to (HAC-369 to HAC-371, HAC-387 to HAC-410).

The criteria that a case meets at its forum are added up; the score is frozen on the day on which the papers are in, so
that a case which waits does not lose what counted then.
"""

from collections.abc import Collection, Mapping
from datetime import date

from models.errors import RefusalCode, Refused
from models.intake import Band, Scoring
from models.procedure import Council, Forum
from models.referral import Referral
from rules.conditions import Facts, fact
from rules.criteria import met_at


def counted(forum: Forum, met: Collection[str]) -> dict[str, int]:
    """The points that count, by rule id: of those that may not stand together only the highest, the first on a tie.

    Args:
        forum: A forum.
        met: Rule ids of the criteria that the case meets there.
    """
    points = {one.cites[0]: one.points for one in forum.criteria if one.points and one.cites[0] in met}
    for group in forum.scoring.not_together if forum.scoring else ():
        here = [rule for rule in group if rule in points]
        for rule in here:
            if rule != max(here, key=lambda one: points[one]):
                points[rule] = 0
    return {rule: number for rule, number in points.items() if number}


def score(referral: Referral, facts: Facts, council: Council, day: date, *, carried_over: bool = False) -> int | None:
    """The points of a case at its forum; `None` where the forum does not count any.

    Args:
        referral: The intake form.
        facts: What is known of the case.
        council: The procedure.
        day: Local date on which the papers were in, or today.
        carried_over: Whether a sitting passed without hearing it. That counts once, however often.
    """
    forum = council.forums[referral.forum]
    if forum.scoring is None:
        return None
    points: Mapping[str, int] = counted(forum, met_at(forum, facts, referral.criteria, council, day))
    extra = forum.scoring.on_carry_over if carried_over and forum.scoring.counts_as not in points else 0
    return sum(points.values()) + extra


def band(scoring: Scoring, points: int, *, direct: str | None = None) -> Band:
    """What a score leads to. There is no upper limit.

    Args:
        scoring: The forum's scoring.
        points: The score.
        direct: The band of cases that came by the direct route, whatever they score.
    """
    if direct is not None:
        return next(one for one in scoring.bands if one.key == direct)
    return next((one for one in scoring.bands if points >= one.at_least), scoring.bands[-1])


def require_threshold(referral: Referral, facts: Facts, council: Council, today: date) -> None:
    """Refuse a case that meets none of the criteria of which a forum asks for one.

    Args:
        referral: The intake form.
        facts: What is known of the case.
        council: The procedure.
        today: Local date.

    Raises:
        Refused: `incomplete`, naming them.
    """
    forum = council.forums[referral.forum]
    asked = [one for one in forum.criteria if one.threshold]
    if not asked or fact(facts, "route.direct"):
        return
    if not met_at(forum, facts, referral.criteria, council, today).keys() & {one.cites[0] for one in asked}:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"{forum.title} takes a case only for one of these: {'; '.join(one.title for one in asked)}.",
            "Name under criteria the one that the assessment shows, or what counts towards it.",
            asked[0].cites[0],
        )
