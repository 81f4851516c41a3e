"""The care episode as a kind of watch: its machine, its acts, how it opens and whose move it is."""

from datetime import datetime
from typing import Any

from models.care_episode import EpisodeStage, EpisodeState
from models.episode_acts import CloseEpisode, EndStatus, RecordDiscussion, RecordReviewDate, RecordStatus
from models.episode_opening import OpenEpisode
from rules.episodes.beginning import begin_others
from rules.episodes.closing import apply_close
from rules.episodes.discussing import also_discussion, apply_discussion, check_discussion, on_discussion
from rules.episodes.facts import reckon
from rules.episodes.moves import EPISODE_MOVES
from rules.episodes.opening import begin_episode
from rules.episodes.recording import (
    also_end_status,
    also_record_status,
    apply_end_status,
    apply_record_status,
    check_end_status,
    check_record_status,
    on_end_status,
    on_record_status,
    would_be,
)
from rules.episodes.reviewing import also_review_date, apply_review_date, check_review_date, on_review_date
from rules.episodes.words import take
from rules.process import ActRule, nothing_more
from rules.watches.kinds import Kind, WatchAct, earliest_owner

ACTS: dict[str, WatchAct[Any]] = {
    "record_status": WatchAct(
        ActRule(RecordStatus, check_record_status, apply_record_status),
        also=also_record_status,
        on=on_record_status,
        would_be=would_be,
    ),
    "end_status": WatchAct(
        ActRule(EndStatus, check_end_status, apply_end_status), also=also_end_status, on=on_end_status
    ),
    "record_review_date": WatchAct(
        ActRule(RecordReviewDate, check_review_date, apply_review_date), also=also_review_date, on=on_review_date
    ),
    "record_discussion": WatchAct(
        ActRule(RecordDiscussion, check_discussion, apply_discussion), also=also_discussion, on=on_discussion
    ),
    "close_episode": WatchAct(ActRule(CloseEpisode, nothing_more, apply_close)),
}


def waiting_on(state: EpisodeState) -> str | None:
    """Whose move it is: who has to answer a proposal, else who owns the clock that is due first.

    Args:
        state: The episode.
    """
    first = next(iter(state.open_proposals), None)
    return first.to if first else earliest_owner(state, state.procedure.roles.worker)


def _after(state: EpisodeState, now: datetime) -> None:
    if state.stage is EpisodeStage.OPEN:
        reckon(state)
        begin_others(state, now)


EPISODE: Kind[EpisodeState] = Kind(
    kind="care_episode",
    starts="open_episode",
    shape=OpenEpisode,
    begin=begin_episode,
    moves=EPISODE_MOVES,
    acts=ACTS,
    ended=lambda state: state.stage is EpisodeStage.CLOSED,
    waiting_on=waiting_on,
    word=take,
    after=_after,
)
