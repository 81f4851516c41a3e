"""What a journey lets other processes know: the watch that proposed it, the child's care episode, and what it began."""

from datetime import datetime
from typing import Final

from models.journey import DecisionRecord, JourneyState
from models.people import Actor
from models.process import Word
from models.watch import watch_id, watch_kind
from rules.journeys.common import today
from rules.process import message_key, note, remember
from rules.watches.words import CLOSED, DECIDED, HEARD, PLACEMENT_STARTED, REFERRED, tell

EPISODE: Final = "care_episode"


def watchers(state: JourneyState) -> dict[str, bool]:
    """The processes that are told what becomes of this case, and whether each need not exist.

    They are the child's care episode where the council keeps any, the watch that the journey came from, and the one
    that its form names.

    Args:
        state: The journey.
    """
    kept, child = state.procedure.watches, state.referral.child
    found: dict[str, bool] = {}
    if EPISODE in kept and child is not None:
        found[watch_id(EPISODE, state.procedure.key, child.reference)] = True
    named = state.referral.came_from
    if named is not None and watch_kind(named) in kept and named.split("/")[1] == state.procedure.key:
        found[named] = False
    if state.came_from is not None and watch_kind(state.came_from) is not None:
        found[state.came_from] = False
    return found


def tell_referred(state: JourneyState, by: Actor, now: datetime) -> None:
    """The case is referred to its forum: whoever proposed that has their answer.

    Args:
        state: The journey, begun or redirected.
        by: Who referred it.
        now: UTC.
    """
    state.referred_at = now
    _tell(state, REFERRED, by, {"on": today(now)})


def tell_heard(state: JourneyState, by: Actor, now: datetime) -> None:
    """The case is heard.

    Args:
        state: The journey, at panel.
        by: Who called it.
        now: UTC.
    """
    sitting = state.booking.sitting if state.booking else None
    _tell(state, HEARD, by, {"on": today(now), "sitting": sitting}, *state.begun)


def tell_decided(state: JourneyState, record: DecisionRecord, by: Actor, now: datetime, begun: tuple[str, ...]) -> None:
    """The case is decided, or deferred.

    Args:
        state: The journey.
        record: The decision.
        by: Who recorded it.
        now: UTC.
        begun: What earlier decisions of this journey began.
    """
    said = record.decided
    facts = {
        "outcome": str(said.decision),
        "on": today(now),
        "sitting": record.sitting,
        "next_review": said.review_on or state.review_on,
        "starts": said.starts,
        "ends": said.ends,
        "renew_by": said.renew_by,
        "exit": said.exit,
    }
    _tell(state, DECIDED, by, facts, *begun)


def tell_closed(state: JourneyState, by: Actor, now: datetime) -> None:
    """The journey is over.

    Args:
        state: The journey, closed or withdrawn.
        by: Who closed it.
        now: UTC.
    """
    outcome = str(state.outcome) if state.outcome else None
    _tell(state, CLOSED, by, {"outcome": outcome, "on": today(now)})


def take_placed(state: JourneyState, word: Word, now: datetime) -> None:
    """A child was placed on the word of this case before its panel decided: the placement is told what it decides.

    Args:
        state: The journey.
        word: What happened; anything but the start of a placement of this council is left alone.
        now: UTC.
    """
    council = word.sender.split("/")[1:2]
    mine = watch_kind(word.sender) == "placement" and council == [state.procedure.key]
    key = message_key("word", word.message_id)
    if word.what != PLACEMENT_STARTED or not mine or key in state.answered:
        return
    state.begun = list(dict.fromkeys([*state.begun, word.sender]))
    note(state, now, f"told_{word.what}", word.by, text=word.sender)
    remember(state, key)


def _tell(state: JourneyState, what: str, by: Actor, facts: dict[str, object], *more: str) -> None:
    everybody = {**watchers(state), **dict.fromkeys(more, False)}
    told = [process for process, optional in everybody.items() if not optional]
    child = state.referral.child
    whole: dict[str, object] = {
        "forum": state.forum_key,
        "referral_ref": state.referral.referral_ref,
        "child_ref": child.reference if child else None,
        "referred_at": state.referred_at,
        "told": told or None,
        **facts,
    }
    for process, optional in everybody.items():
        tell(state, process, what, whole, by, optional=optional)
