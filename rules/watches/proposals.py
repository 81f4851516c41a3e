"""A referral that a deadline proposed is answered: somebody refers, or says why not."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from models.acts import Details
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.phrasing import MaybeWhy
from models.referral import Reference
from models.watch import Proposal, WatchState
from rules import clocks
from rules.process import ActRule, note
from rules.watches.deadlines import ANSWER


class AnswerProposal(Details):
    """Whether a case that a deadline proposed for a panel is referred there. `reasons` where it is not.

    `proposal` is the forum or the deadline; left out where only one forum is proposed.
    """

    decision: Literal["refer", "not"]
    proposal: Annotated[str | None, Field(validation_alias=AliasChoices("proposal", "forum", "deadline"))] = None
    reasons: MaybeWhy = None
    referral_ref: Annotated[Reference | None, Field(validation_alias=AliasChoices("referral_ref", "referral"))] = None


def _asked(state: WatchState, details: AnswerProposal) -> list[Proposal]:
    return [one for one in state.open_proposals if details.proposal in (None, one.forum, one.deadline)]


def check_answer(state: WatchState, details: AnswerProposal, _actor: Actor, _now: datetime) -> None:
    """Open proposals to exactly one forum are meant, and a "not" says why."""
    found = _asked(state, details)
    if len({one.forum for one in found}) != 1:
        raise Refused(
            RefusalCode.INVALID if found else RefusalCode.UNKNOWN,
            "More than one referral is proposed here." if found else "No such referral is proposed here.",
            f"Name one of: {', '.join(dict.fromkeys(one.forum for one in state.open_proposals)) or 'none is open'}.",
        )
    if details.decision == "not" and not details.reasons:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "Somebody who does not refer says why.",
            "Add reasons, in a sentence.",
            found[0].cites,
        )


def apply_answer(state: WatchState, details: AnswerProposal, actor: Actor, now: datetime) -> None:
    """Write down the answer, for all that was proposed to the forum; nobody is asked again for this episode (A6)."""
    for one in _asked(state, details):
        answer(state, one, details.decision, details.reasons, details.referral_ref, actor, now)


def answer(  # noqa: PLR0913 - an answer has that many parts
    state: WatchState,
    proposal: Proposal,
    decision: Literal["refer", "not"],
    because: str | None,
    referral_ref: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Close a proposal with what was decided about it.

    Args:
        state: The watch.
        proposal: An open one.
        decision: Whether the case is referred.
        because: Why not.
        referral_ref: The referral.
        actor: Who decided.
        now: UTC.
    """
    said: dict[str, Any] = {"answer": decision, "because": because, "referral_ref": referral_ref, "answered_by": actor}
    state.proposals = [one.model_copy(update=said) if one is proposal else one for one in state.proposals]
    clocks.meet(state, f"{ANSWER}:{proposal.deadline}", now)
    note(
        state,
        now,
        "proposal_answered",
        actor,
        cites=(proposal.cites,),
        details={"decision": decision, "reasons": because, "referral_ref": referral_ref},
        text=f"{proposal.forum}: {decision}",
    )


ANSWER_PROPOSAL: ActRule[Any, Any] = ActRule(
    AnswerProposal, check_answer, apply_answer, lambda state: bool(state.open_proposals)
)
