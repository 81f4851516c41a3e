"""Directions of the court and the hearings before which they are complied with (HAC-014, HAC-026)."""

from datetime import date, datetime

from models.care_episode import Direction, EpisodeState
from models.episode_acts import StatusSaid, moment
from models.episode_words import HEARING
from rules.episodes.facts import as_text
from rules.watches.reckoning import local_day
from rules.working_days import local

NEXT_HEARING = f"review.{HEARING}.next"


def direct(state: EpisodeState, said: StatusSaid, now: datetime) -> None:
    """The court directs something. Its hearing is the one that was said, else the next that is still to come.

    Args:
        state: The episode.
        said: With `due` and `hearing` where they are known, and a `reference`.
        now: UTC.
    """
    known = moment(state.said.get(NEXT_HEARING))
    coming = known if isinstance(known, date) and local_day(known) >= local(now).date() else None
    if said.hearing is not None and coming is None:
        set_hearing(state, said.hearing)
    reference = said.reference or str(len(state.directions) + 1)
    others = [one for one in state.directions if one.reference != reference]
    hearing = said.hearing or coming
    state.directions = [*others, Direction(reference=reference, due=said.due, hearing=hearing)]


def set_hearing(state: EpisodeState, on: date) -> None:
    """The next hearing has a date, or another: what was to be done before it moves with it.

    Args:
        state: The episode.
        on: Local day or instant.
    """
    before = state.said.get(NEXT_HEARING)
    state.said = {**state.said, NEXT_HEARING: as_text(on), f"review.{HEARING}.outstanding": True}
    state.directions = [
        one.model_copy(update={"hearing": on})
        if one.complied is None and (one.hearing is None or as_text(one.hearing) == before)
        else one
        for one in state.directions
    ]


def outstanding(state: EpisodeState, reference: str | None) -> list[Direction]:
    """Directions that nobody has complied with: the one named, or all.

    Args:
        state: The episode.
        reference: Which; `None` for all.
    """
    return [one for one in state.directions if one.complied is None and reference in (None, one.reference)]


def comply(state: EpisodeState, reference: str | None, on: date) -> None:
    """A direction was complied with; where none is named, the one that is due first.

    Args:
        state: The episode.
        reference: Which.
        on: Local day or instant.
    """
    found = outstanding(state, reference)
    done = found[0] if reference or len(found) == 1 else min(found, key=_by_due)
    state.directions = [one.model_copy(update={"complied": on}) if one is done else one for one in state.directions]


def _by_due(direction: Direction) -> tuple[str, str]:
    return as_text(direction.due or direction.hearing) or "9999", direction.reference
