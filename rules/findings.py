"""What a panel looks at and records with its decision: checkpoints, by how firmly each is needed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from models.acts import Decided
from models.deciding import Checkpoint
from models.errors import RefusalCode, Refused
from models.procedure import Council, Forum
from rules.conditions import Facts, Known, all_hold, fact
from rules.form import plain_name, require_at
from rules.forums import forum_named
from rules.requirements import is_filled

Level = Literal["prompt", "decision", "sheet"]


def with_decision(facts: Facts, decided: Decided) -> Facts:
    """The facts of a case together with the decision that is being recorded, as `decision.` paths.

    Args:
        facts: What is known of the case.
        decided: The decision.
    """
    said = {f"decision.{name}": getattr(decided, name) for name in type(decided).model_fields}
    said |= {f"decision.findings.{key}": value for key, value in decided.checkpoints.items()}
    said["decision.outcome"] = decided.decision
    if isinstance(facts, Mapping):
        return {**facts, **said}
    if isinstance(facts, Known):
        return Known(facts.referral, {**facts.more, **said})
    return Known(facts, said)


def asked(council: Council, forum: Forum, decided: Decided, facts: Facts, today: date) -> list[Checkpoint]:
    """The checkpoints that this decision on this case is asked about.

    Args:
        council: The procedure.
        forum: The forum that decides.
        decided: The decision.
        facts: What is known of the case.
        today: Local date.
    """
    known = with_decision(facts, decided)
    return [
        point
        for point in forum.checkpoints
        if (not point.outcomes or decided.decision in point.outcomes) and all_hold(point.when, known, today, council)
    ]


def unanswered(points: Sequence[Checkpoint], decided: Decided, facts: Facts) -> list[Checkpoint]:
    """Of these checkpoints, those to which neither the panel nor the form has an answer.

    Args:
        points: What is asked.
        decided: The decision.
        facts: What is known of the case.
    """
    return [
        point
        for point in points
        if point.key not in decided.checkpoints
        and not (point.answered_by and is_filled(fact(facts, point.answered_by)))
    ]


def require_findings(points: Sequence[Checkpoint], decided: Decided, facts: Facts, *levels: Level) -> None:
    """Refuse what was recorded when it leaves out a finding that is needed by now, or uses a word that is not one.

    Args:
        points: What is asked.
        decided: The decision.
        facts: What is known of the case.
        levels: Which checkpoints are needed by now.

    Raises:
        Refused: `incomplete` or `invalid`.
    """
    for point in points:
        require_choice(point, decided)
    left = [point for point in unanswered(points, decided, facts) if point.needed in levels]
    if left:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"The decision leaves out what was found on {', '.join(point.key for point in left)}.",
            "Record it under checkpoints, by these keys.",
            left[0].cites[0],
        )


def require_choice(point: Checkpoint, decided: Decided) -> None:
    """Refuse an answer that is none of the words to choose from.

    Args:
        point: What is asked.
        decided: The decision.

    Raises:
        Refused: `invalid`.
    """
    said = decided.checkpoints.get(point.key)
    if said is None or not point.choices:
        return
    words = [str(word) for word in (said if isinstance(said, tuple) else (said,))]
    known = {plain_name(choice) for choice in point.choices}
    if not all(plain_name(word) in known for word in words):
        raise Refused(
            RefusalCode.INVALID,
            f"The finding {point.key} is none of the words to choose from.",
            f"Choose from: {', '.join(point.choices)}.",
            point.cites[0],
        )


def require_sound(  # noqa: PLR0913 - all that a decision is judged by
    council: Council,
    forum: Forum,
    decided: Decided,
    facts: Facts,
    criteria: Iterable[str],
    today: date,
) -> list[str]:
    """Refuse a decision for what the law, the forum's requirements or its checkpoints ask of this case.

    Args:
        council: The procedure.
        forum: The forum that decides.
        decided: The decision.
        facts: What is known of the case.
        criteria: Rule ids of the criteria that the case meets.
        today: Local date.

    Returns:
        What people should see although the decision stands, one sentence each.

    Raises:
        Refused: With the code of the law or requirement; `incomplete` or `invalid` for findings; `unknown` forums.
    """
    for name in filter(None, (decided.refer_to, *decided.recommend)):
        forum_named(council, name)
    points = asked(council, forum, decided, facts, today)
    require_findings(points, decided, facts, "decision")
    known = with_decision(facts, decided)
    return require_at("decision", known, council, forum.key, criteria, today, decided.decision)
