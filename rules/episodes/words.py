"""What a care episode takes of other processes, beside what every watch does."""

from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from models.care_episode import EpisodeState
from models.episode_acts import StatusSaid, moment
from models.episode_words import DISCUSSED, RECORDED, REVIEWED, TRANSFERRED, kind_word, status_word
from models.process import Word
from rules.episodes.facts import as_text, reckon
from rules.episodes.recording import record
from rules.episodes.statuses import change_team, running, stop
from rules.watches.deadlines import happened
from rules.watches.reckoning import local_day


def take(state: EpisodeState, word: Word, now: datetime) -> None:
    """Take a word of another process; one that says nothing of use here changes nothing.

    Args:
        state: The episode.
        word: What happened there.
        now: UTC.
    """
    on = _on(word.facts, now)
    if word.what == TRANSFERRED:
        _transferred(state, word.facts, on)
    elif word.what in (DISCUSSED, REVIEWED) and word.facts.get("kind"):
        _held(state, word.what, kind_word(word.facts["kind"]), on, now)
    elif word.what == RECORDED and word.facts.get("status"):
        _status(state, word.facts, now)
    reckon(state)


def _on(facts: dict[str, Any], now: datetime) -> date:
    said = moment(facts.get("on"))
    return said if isinstance(said, date) else now


def _transferred(state: EpisodeState, facts: dict[str, Any], on: date) -> None:
    """The case is open to another team from then on; a unit that only covers for another is none."""
    team = facts.get("team") or facts.get("service")
    if not team or facts.get("temporary"):
        return
    change_team(state, str(team), on)
    state.unit = str(facts.get("unit") or facts.get("service") or state.unit)


def _held(state: EpisodeState, what: str, kind: str, on: date, now: datetime) -> None:
    act, path = ("record_discussion", "discussion") if what == DISCUSSED else ("record_review_date", "review")
    known = {f"{path}.{kind}.on" if what == DISCUSSED else f"{path}.{kind}.held": as_text(on)}
    state.said = {**state.said, **known}
    happened(state, [f"{act}:{kind}"], local_day(on), now)


def _status(state: EpisodeState, facts: dict[str, Any], now: datetime) -> None:
    """A status that somebody else learnt of; one that cannot be read is left for a person to record."""
    ended = moment(facts.get("ended"))
    name = status_word(facts["status"])
    if isinstance(ended, date):
        if running(state, name) is not None:
            stop(state, name, ended)
        return
    try:
        said = StatusSaid.model_validate(
            {key: value for key, value in facts.items() if key in ("status", "since", "until", "team")}
        )
    except ValidationError:
        return
    record(state, said, now)
    happened(state, [f"record_status:{said.status}"], local_day(said.since or now), now)
