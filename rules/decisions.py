"""What a decision must say to be one (HIL-105, HIL-106, decisions A14, A15 and B7). Sittings and posts share it."""

from datetime import date

from models.acts import Decided
from models.deciding import Option
from models.errors import RefusalCode, Refused
from models.procedure import Forum
from models.vocabulary import Outcome

EMERGENCY_ONLY = (Outcome.RATIFIED, Outcome.NOT_RATIFIED)
WORDS = {
    "legal_section": "the legal section that the approval rests on",
    "conditions": "the conditions",
    "refer_to": "the forum that it is referred on to",
    "review_on": "the date of its review",
    "missing": "what is missing",
    "starts": "the date from which it is approved",
    "ends": "the date until which it is approved",
    "renew_by": "the date by which it is renewed",
    "budget_code": "the budget code",
    "exit": "how the case leaves the panel",
}
"""How a field of a decision is called in a sentence; any other goes by its own name."""


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
        Refused: `illegal_move` for an option that is not open, `incomplete` for what is left out, `unknown` for an
            exit that the forum does not have, `invalid` for dates that cannot be.
    """
    option = _option(decided, forum, legal_section)
    if decided.decision in EMERGENCY_ONLY and not emergency:
        _refuse(
            RefusalCode.ILLEGAL_MOVE,
            "Only what was authorised in an emergency is ratified or not.",
            "Approve or decline it instead.",
            option.cites[0],
        )
    left_out = _left_out(decided, forum, option, legal_section)
    if left_out:
        _refuse(
            RefusalCode.INCOMPLETE,
            f"The decision leaves out {' and '.join(left_out)}.",
            "Record it again with that.",
            _rule_left_out(decided, forum, option, legal_section),
        )
    _require_known_exit(decided, forum)
    _require_possible_dates(decided, today)


def _option(decided: Decided, forum: Forum, legal_section: str | None) -> Option:
    """The option that was taken: of several with one outcome the first whose needs are met, else the first."""
    options = [option for option in forum.options if option.outcome is decided.decision]
    for option in options:
        if not _needs_open(decided, option, legal_section):
            return option
    for option in options:
        return option
    raise Refused(
        RefusalCode.ILLEGAL_MOVE,
        f"{forum.title} cannot decide {decided.decision.replace('_', ' ')}.",
        f"Its options: {', '.join(dict.fromkeys(o.outcome for o in forum.options))}.",
    )


def _needs_open(decided: Decided, option: Option, legal_section: str | None) -> list[str]:
    return [need for need in option.needs if not said(decided, need, legal_section)]


def said(decided: Decided, need: str, legal_section: str | None) -> bool:
    """Whether a decision says what an option needs.

    Args:
        decided: The decision.
        need: A field of the decision, or `findings.KEY`.
        legal_section: As decided, else as asked for.
    """
    if need == "legal_section":
        return bool(legal_section)
    first, _, key = need.partition(".")
    if first in ("findings", "checkpoints"):
        return key in decided.checkpoints
    return bool(getattr(decided, need, None))


def _left_out(decided: Decided, forum: Forum, option: Option, legal_section: str | None) -> list[str]:
    needs = dict.fromkeys(_needs_open(decided, option, legal_section))
    if decided.decision is Outcome.APPROVED_WITH_CONDITIONS and not decided.conditions:
        needs["conditions"] = None
    if decided.decision is Outcome.REFERRED_ON and not (decided.refer_to or decided.recommend):
        needs["refer_to"] = None
    if _stays_without_date(decided, forum):
        needs["review_on"] = None
    left = [WORDS.get(need, need.rpartition(".")[2].replace("_", " ")) for need in needs]
    if decided.retain_review and decided.review_on is None:
        left.append("the date of the review that the panel keeps for itself")
    if decided.decided_by_chair and not decided.dissent:
        left.append("the points of disagreement")
    return left


def _stays_without_date(decided: Decided, forum: Forum) -> bool:
    """Whether a case stays with a forum that only an exit ends, and nobody said when it comes back."""
    waits = decided.decision is Outcome.DEFERRED
    return bool(forum.exits) and not (waits or way_out(decided, forum) or decided.review_on)


def way_out(decided: Decided, forum: Forum) -> str | None:
    """The exit by which a case leaves its forum: as said, or as the forum means that it is referred to.

    Args:
        decided: The decision.
        forum: The forum that takes it.
    """
    meant = (way.key for way in forum.exits if way.onward is not None and way.onward == decided.refer_to)
    return decided.exit or next(meant, None)


def _rule_left_out(decided: Decided, forum: Forum, option: Option, legal_section: str | None) -> str | None:
    if decided.decided_by_chair and forum.disagreement:
        return forum.disagreement.cites[-1]
    if _stays_without_date(decided, forum):
        return forum.exits[0].cites[0]
    return option.cites[0] if _needs_open(decided, option, legal_section) else None


def _require_known_exit(decided: Decided, forum: Forum) -> None:
    if decided.exit is not None and decided.exit not in {way.key for way in forum.exits}:
        _refuse(
            RefusalCode.UNKNOWN,
            f"{forum.title} has no such way out of its review.",
            f"Name one of: {', '.join(way.key for way in forum.exits) or 'none'}.",
        )


def _require_possible_dates(decided: Decided, today: date) -> None:
    ahead = [decided.review_on, decided.to_sitting, decided.ends, decided.renew_by]
    ahead += [action.due for action in decided.actions]
    if any(day is not None and day < today for day in ahead):
        _refuse(RefusalCode.INVALID, "A date in the decision lies in the past.", "Give a date from today on.")
    if not _in_order(decided.starts, decided.renew_by, decided.ends):
        _refuse(
            RefusalCode.INVALID,
            "What is approved for a time starts, is renewed and ends in that order.",
            "Give an end after the start, and a renewal date between them.",
        )


def _in_order(starts: date | None, renew_by: date | None, ends: date | None) -> bool:
    if starts is not None and ends is not None and ends <= starts:
        return False
    if renew_by is None:
        return True
    return (starts is None or starts <= renew_by) and (ends is None or renew_by <= ends)


def _refuse(code: RefusalCode, sentence: str, remedy: str, rule: str | None = None) -> None:
    raise Refused(code, sentence, remedy, rule)
