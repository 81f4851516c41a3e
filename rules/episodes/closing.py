"""How a care episode is closed: by a person, with what was still open said to people and never ended for the child."""

from datetime import datetime

from models.care_episode import EpisodeState
from models.episode_acts import CloseEpisode
from models.people import Actor
from rules.episodes.facts import as_text, reckon, show_unread
from rules.episodes.moves import EPISODE_MOVES

CLOSED = "closed"


def apply_close(state: EpisodeState, details: CloseEpisode, _actor: Actor, now: datetime) -> None:
    """The watch over the child's care is over."""
    EPISODE_MOVES.fire("close_episode", state)
    state.stage_since = now
    state.outcome = details.outcome or CLOSED
    state.said = {**state.said, "case.closed_on": as_text(details.on or now)}
    show_unread(state, details)
    reckon(state)
