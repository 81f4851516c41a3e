"""What a journey opens the way to: asked for, given for the moment, given, refused, or run out.

Other processes ask for it before a placement starts or a package is allocated. None of it ever ends anything.
"""

from datetime import datetime

from models.clocks import Clock
from models.journey import JourneyState
from models.vocabulary import APPROVALS, Outcome
from rules import clocks
from rules.authority import system
from rules.conditions import all_hold
from rules.journeys.common import notices, role_here, today
from rules.journeys.knowing import known
from rules.process import note

PENDING, PROVISIONAL, AUTHORISED = "pending", "provisional", "authorised"
REFUSED, LAPSED, NOT_RATIFIED = "refused", "lapsed", "not_ratified"


def ask(state: JourneyState, now: datetime) -> None:
    """What the form asks to be authorised, as far as nothing was said about it yet.

    Args:
        state: The journey: referred, or amended.
        now: UTC.
    """
    facts = known(state, today(now))
    wanted = [one.key for one in state.forum.authorises if all_hold(one.when, facts, today(now), state.procedure)]
    settled = {key: said for key, said in state.authorised.items() if said != PENDING}
    state.authorised = {**dict.fromkeys(wanted, PENDING), **settled}


def give_for_now(state: JourneyState) -> None:
    """An emergency authorises until the panel has seen it.

    Args:
        state: The journey.
    """
    _set(state, PROVISIONAL)


def settle(state: JourneyState, outcome: Outcome) -> None:
    """What a decision authorises or refuses; one that says neither changes nothing.

    Args:
        state: The journey.
        outcome: What was decided.
    """
    if outcome in APPROVALS:
        _set(state, AUTHORISED)
    elif outcome is Outcome.DECLINED:
        _set(state, REFUSED)
    elif outcome is Outcome.NOT_RATIFIED:
        _set(state, NOT_RATIFIED)


def lapse(state: JourneyState, now: datetime) -> None:
    """What was authorised for a time has run out: people are told, and the child stays where they are.

    Args:
        state: The journey.
        now: UTC.
    """
    if not any(said in (PROVISIONAL, AUTHORISED) for said in state.authorised.values()):
        return
    _set(state, LAPSED)
    note(
        state,
        now,
        "authorisation_lapsed",
        system(state.procedure),
        cites=state.forum.cites,
        notices=notices("authorisation_lapsed", (role_here(state, "manager"), role_here(state, "head"))),
        text=", ".join(state.authorised),
    )


def approval_ran_out(state: JourneyState, clock: Clock, now: datetime) -> None:
    """An approval for a time ends without a new one: it escalates, and nothing that was agreed stops by itself.

    Args:
        state: The journey.
        clock: The clock that watched it.
        now: UTC.
    """
    clocks.breach(state, clock, now)
    lapse(state, now)


def _set(state: JourneyState, to: str) -> None:
    state.authorised = dict.fromkeys(state.authorised, to)
