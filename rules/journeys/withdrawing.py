"""A team takes its request back: at once, or with the consents that leaving an agenda asks for (HAC-317 to HAC-319)."""

from datetime import datetime

from models.acts import MaybeReasoned
from models.errors import RefusalCode, Refused
from models.journey import JourneyState, Signature
from models.membership import WithdrawalStep
from models.people import Actor
from models.process import Notice
from models.vocabulary import JourneyAct, Outcome, Stage
from rules import clocks
from rules.authority import of_units, titles, unit_fits
from rules.eyes import is_among
from rules.form import plain_name
from rules.journeys.claiming import release_claim
from rules.journeys.common import CUT_OFF, move, notices, role_here, unit_of, waiting_on, withdrawal_left
from rules.journeys.listing import give_back
from rules.journeys.programmes import take_up_again
from rules.journeys.review import finish_or_review, stays_open
from rules.journeys.telling import tell_closed
from rules.process import note


def check_withdraw(state: JourneyState, _details: MaybeReasoned, actor: Actor, _now: datetime) -> None:
    """A case that has its place leaves with every consent that its forum asks for, each by somebody else, in order."""
    left = withdrawal_left(state)
    if not left:
        return
    step = left[0]
    if not _may(state, step, actor):
        code = RefusalCode.ILLEGAL_MOVE if any(_may(state, one, actor) for one in left) else RefusalCode.NOT_AUTHORISED
        raise Refused(
            code,
            f"Taking this case off its agenda is for the {titles(state.procedure, step.posts)} to ask for next.",
            f"Ask the {titles(state.procedure, step.posts)}{' of ' + ' or '.join(step.units) if step.units else ''}.",
            step.cites[0],
        )
    if is_among(actor, (signature.actor for signature in state.withdrawing)):
        raise Refused(
            RefusalCode.SAME_PERSON,
            "Each consent is another person's.",
            f"Ask another {titles(state.procedure, step.posts)}.",
            step.cites[0],
        )
    have = {plain_name(name) for name in state.documents}
    if step.document is not None and plain_name(step.document) not in have:
        raise Refused(
            RefusalCode.MISSING_DOCUMENT,
            f"This paper is missing: {step.document}.",
            "Attach it with supply_document, then withdraw.",
            step.cites[0],
        )


def _may(state: JourneyState, step: WithdrawalStep, actor: Actor) -> bool:
    return actor.post in step.posts and unit_fits(step.unit, actor, unit_of(state)) and of_units(actor, step.units)


def apply_withdraw(state: JourneyState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """Record a consent, and with the last of them give the place back and end the request.

    A matter that came back with actions of its decision still open goes back to them: they have to be carried out.
    """
    left = withdrawal_left(state)
    if len(left) > 1:
        state.withdrawing.append(Signature(act=JourneyAct.WITHDRAW, actor=actor, at=now, comments=details.reasons))
        said = {"reasons": details.reasons, "still_to_agree": len(left) - 1}
        told = notices("withdrawal_wanted", left[1].posts)
        note(state, now, "withdrawal_agreed", actor, cites=left[0].cites, details=said, notices=told)
        return
    told_of = [post for post in (waiting_on(state), role_here(state, "head")) if post]
    give_back(state, actor, now)
    state.wanted = None
    state.withdrawing = []
    release_claim(state)
    state.recommendation = None
    if state.open_actions or (state.decisions and stays_open(state)):
        clocks.stop(state, CUT_OFF, now)
        move(state, "go_back_to_actions", now)
        take_up_again(state, now)
    else:
        clocks.stop_all(state, now)
        move(state, JourneyAct.WITHDRAW, now)
        state.outcome = Outcome.WITHDRAWN
    note(
        state,
        now,
        JourneyAct.WITHDRAW,
        actor,
        cites=left[0].cites if left else (),
        details={"reasons": details.reasons},
        notices=tuple(Notice(post=post, subject="withdrawn") for post in dict.fromkeys(told_of)),
    )
    if state.stage is Stage.CLOSED:
        tell_closed(state, actor, now)
    finish_or_review(state, now)
