"""What a decision must say to be one (HIL-105, HIL-106, decisions A14, A15 and B7). Sittings and posts share it."""

from datetime import date

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.procedure import Forum
from models.vocabulary import APPROVALS, Outcome

EMERGENCY_ONLY = (Outcome.RATIFIED, Outcome.NOT_RATIFIED)


def require_whole_decision(
    decided: Decided, forum: Forum, legal_section: str | None, today: date, *, emergency: bool
) -> None:
    """Refuse a decision that the forum cannot take, or that leaves out what it must say.

    Args:
        decided: The decision.
        forum: The forum that takes it.
        legal_section: What an approval would rest on: as decided, else as asked for.
        today: Local date.
        emergency: Whether the case came by the emergency route.

    Raises:
        Refused: `illegal_move` for an option that is not open, `incomplete` for what is left out, `invalid` for a
            date in the past.
    """
    option = next((o for o in forum.options if o.outcome is decided.decision), None)
    if option is None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{forum.title} cannot decide {decided.decision.replace('_', ' ')}.",
            f"Its options: {', '.join(o.outcome for o in forum.options)}.",
        )
    if decided.decision in EMERGENCY_ONLY and not emergency:
        _refuse(
            RefusalCode.ILLEGAL_MOVE,
            "Only what was authorised in an emergency is ratified or not.",
            "Approve or decline it instead.",
            option.cites[0],
        )
    gaps = {
        "the legal section that the approval rests on": decided.decision in APPROVALS and not legal_section,
        "the conditions": decided.decision is Outcome.APPROVED_WITH_CONDITIONS and not decided.conditions,
        "the forum that it is referred on to": decided.decision is Outcome.REFERRED_ON and not decided.refer_to,
        "the date of the review that the panel keeps for itself": decided.retain_review and decided.review_on is None,
        "the points of disagreement": decided.decided_by_chair and not decided.dissent,
    }
    left_out = [what for what, missing in gaps.items() if missing]
    if left_out:
        _refuse(
            RefusalCode.INCOMPLETE,
            f"The decision leaves out {' and '.join(left_out)}.",
            "Record it again with that.",
            forum.disagreement.cites[-1] if decided.decided_by_chair and forum.disagreement else None,
        )
    dates = [decided.review_on, decided.to_sitting, *(action.due for action in decided.actions)]
    if any(day is not None and day < today for day in dates):
        _refuse(RefusalCode.INVALID, "A date in the decision lies in the past.", "Give a date from today on.")


def _refuse(code: RefusalCode, sentence: str, remedy: str, rule: str | None = None) -> None:
    raise Refused(code, sentence, remedy, rule)
