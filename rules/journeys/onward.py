"""Where a matter goes from here: to a journey of its own at another forum, or put to people to take there.

Rules HIL-014, HIL-036 to HIL-039. A forum that lies elsewhere has no procedure here: nothing starts, somebody refers.
"""

from collections.abc import Iterable
from datetime import datetime

from models.acts import Decided
from models.deciding import Onward
from models.errors import Refused
from models.identifiers import reference_after
from models.journey import JourneyStart, JourneyState
from models.people import Actor
from models.referral import Prior
from models.vocabulary import APPROVALS
from rules.authority import system
from rules.conditions import Facts, all_hold
from rules.forums import forum_named
from rules.journeys.common import notices, propose, role_here, today
from rules.journeys.tasks import open_by_rule
from rules.process import note

REFER_WITHIN = 5
"""Working days in which somebody takes a matter to a forum elsewhere (assumed: no procedure says)."""


def go_on(state: JourneyState, decided: Decided, facts: Facts, by: Actor, now: datetime) -> None:
    """Send a decided matter on: where the decision says, and where the forum's procedure does.

    Args:
        state: The journey, decided.
        decided: The decision.
        facts: What is known of the case, the decision included.
        by: Who decided.
        now: UTC.
    """
    targets: dict[str, str | None] = {}
    if decided.refer_to:
        targets |= dict.fromkeys(_known(state, decided.refer_to))
    for onward in state.forum.onward:
        if _follows(state, onward, decided, facts, now):
            targets[onward.forum] = onward.matter
    targets |= dict.fromkeys(way.onward for way in state.forum.exits if way.key == decided.exit and way.onward)
    for target, matter in targets.items():
        if state.procedure.forums[target].body == "elsewhere":
            _take_there(state, target, by, now)
        else:
            _refer_onward(state, target, matter, by, now)
    for name in decided.recommend:
        for target in _known(state, name):
            _recommend(state, target, by, now)
    propose_by_rule(state, facts, now)


def _follows(state: JourneyState, onward: Onward, decided: Decided, facts: Facts, now: datetime) -> bool:
    if onward.unless_retained and decided.retain_review:
        return False
    if onward.outcomes and decided.decision not in onward.outcomes:
        return False
    if onward.on not in ("approval", "decision") or (onward.on == "approval" and decided.decision not in APPROVALS):
        return False
    return all_hold(onward.when, facts, today(now), state.procedure)


def _known(state: JourneyState, name: str) -> list[str]:
    """The forum's key; nothing when the sitting's newer procedure has a forum that this journey's has not.

    The case is then proposed to it, and people see a flag: a decision that was taken is never lost to a file's age.
    """
    try:
        return [forum_named(state.procedure, name).key]
    except Refused:
        propose(state, name)
        state.flags = [*state.flags, f"Refer to {name} by hand: this case's procedure is older than that forum"]
        return []


def propose_by_rule(state: JourneyState, facts: Facts, now: datetime) -> None:
    """Propose the case to other forums where the procedure wishes it: people are told, and nothing starts.

    Args:
        state: The journey: referred, amended or decided.
        facts: What is known of the case.
        now: UTC.
    """
    said = facts_outcome(state)
    for onward in state.forum.onward:
        fits = not onward.outcomes or said in onward.outcomes
        if onward.on != "proposal" or onward.forum in state.proposed or not fits:
            continue
        if all_hold(onward.when, facts, today(now), state.procedure):
            _propose(state, onward.forum, system(state.procedure), onward.cites, now)


def facts_outcome(state: JourneyState) -> str | None:
    """What was decided last, as far as anything was.

    Args:
        state: The journey.
    """
    return state.decisions[-1].decided.decision if state.decisions else None


def _propose(state: JourneyState, target: str, by: Actor, cites: Iterable[str], now: datetime) -> None:
    propose(state, target)
    told = notices(f"proposed:{target}", (state.referred_by.post, role_here(state, "manager")))
    note(state, now, "proposed", by, cites=tuple(cites), notices=told, text=target)


def _recommend(state: JourneyState, target: str, by: Actor, now: datetime) -> None:
    forum = state.procedure.forums[target]
    if forum.body == "elsewhere":
        _take_there(state, target, by, now)
    else:
        _propose(state, target, by, forum.cites, now)


def _take_there(state: JourneyState, target: str, by: Actor, now: datetime) -> None:
    """A forum without a procedure here: the case is proposed to it, and its worker takes it there."""
    forum = state.procedure.forums[target]
    open_by_rule(state, f"refer:{target}", f"Refer to {forum.title}", None, REFER_WITHIN, now)
    _propose(state, target, by, forum.cites, now)


def onward_reference(reference: str, target: str) -> str:
    """The reference of the journey at another forum: this one's with the forum's key, kept apart where it is cut.

    Args:
        reference: The referral reference.
        target: The other forum's key.
    """
    return reference_after(reference, target)


def _refer_onward(state: JourneyState, target: str, matter: str | None, by: Actor, now: datetime) -> None:
    """Start the journey at the other forum, once: its reference is this one's with the forum's key."""
    propose(state, target)
    reference = onward_reference(state.referral.referral_ref, target)
    said = Prior(outcome=state.decisions[-1].decided.decision, on=today(now)) if state.decisions else None
    prior = {**state.referral.prior, state.forum_key: said} if said else state.referral.prior
    request = state.referral.request.model_copy(update={"matter": matter or state.referral.request.matter})
    whole = {"referral_ref": reference, "forum": target, "prior": prior, "request": request}
    referral = state.referral.model_copy(update=whole)
    state.onward.append(
        JourneyStart(
            referral=referral,
            actor=state.referred_by,
            procedure=state.procedure,
            calendar=state.calendar,
            rota=state.rota,
            came_from=state.process_id,
            from_forum=state.forum_key,
        )
    )
    told = (state.referred_by.post, role_here(state, "manager"))
    note(
        state,
        now,
        "referred_onward",
        by,
        cites=state.procedure.forums[target].cites,
        notices=notices("referred_onward", told),
        text=target,
    )
