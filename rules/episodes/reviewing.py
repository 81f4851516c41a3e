"""Reviews, visits, hearings and panels: when they were held and when the next one is. `record_review_date`."""

from datetime import date, datetime
from typing import Any

from models.care_episode import EpisodeState
from models.episode_acts import RecordReviewDate
from models.episode_words import HEARING, PANEL
from models.errors import RefusalCode, Refused
from models.people import Actor
from rules.episodes import courts
from rules.episodes.facts import as_text, reckon, show_unread
from rules.watches.deadlines import deadlines_of, happened
from rules.watches.reckoning import local_day
from rules.watches.words import HEARD
from rules.working_days import local


def held(details: RecordReviewDate, now: datetime) -> date | None:
    """When it was held; `None` when it is only planned. A day that has come is taken to be the day it was held.

    Args:
        details: What was recorded.
        now: UTC.
    """
    if details.held_on is not None:
        return details.held_on
    if details.on is None:
        return now if details.next is None else None
    return details.on if _has_come(details.on, now) else None


def planned(details: RecordReviewDate, now: datetime) -> date | None:
    """When the next is to be held; `None` when nobody said.

    Args:
        details: What was recorded.
        now: UTC.
    """
    if details.next is not None:
        return details.next
    return details.on if details.on is not None and not _has_come(details.on, now) else None


def _has_come(on: date, now: datetime) -> bool:
    return on <= now if isinstance(on, datetime) else on <= local(now).date()


def panel_of(state: EpisodeState, details: RecordReviewDate) -> str | None:
    """The panel that heard the case, where a panel is meant: the forum named, or a kind that is a forum.

    Args:
        state: The episode.
        details: What was recorded.
    """
    if details.forum is not None:
        return details.forum
    known = {one.proposes for one in deadlines_of(state) if one.proposes}
    return details.kind if details.kind in known else None


def check_review_date(state: EpisodeState, details: RecordReviewDate, _actor: Actor, now: datetime) -> None:
    """Nothing was held that is still to come, and a panel that heard the case is named."""
    if details.held_on is not None and not _has_come(details.held_on, now):
        raise Refused(
            RefusalCode.INVALID,
            "What is still to come was not held yet.",
            "Give the day as next, or wait until it was held.",
        )
    if details.kind == PANEL and panel_of(state, details) is None:
        raise Refused(RefusalCode.INCOMPLETE, "Nobody says which panel it was.", "Add forum: the panel's key.")


def apply_review_date(state: EpisodeState, details: RecordReviewDate, _actor: Actor, now: datetime) -> None:
    """Remember when it was held, and when the next one is."""
    panel, done, coming = panel_of(state, details), held(details, now), planned(details, now)
    if panel is not None:
        _heard(state, panel, done, coming, now)
    elif details.kind == HEARING and coming is not None:
        courts.set_hearing(state, coming)
    path = f"review.{details.kind}"
    said: dict[str, Any] = {}
    if done is not None:
        said |= {f"{path}.held": as_text(done), f"{path}.outstanding": False}
        keys = [f"record_review_date:{details.kind}", *(f"attended:{details.kind}:{post}" for post in details.attended)]
        happened(state, keys, local_day(done), now)
    if coming is not None:
        said |= {f"{path}.next": as_text(coming), f"{path}.outstanding": True}
    state.said = {**state.said, **said}
    show_unread(state, details)
    reckon(state)


def _heard(state: EpisodeState, panel: str, done: date | None, coming: date | None, now: datetime) -> None:
    """A panel heard the case, as its own journey would have told: what was proposed to it waits (A6)."""
    facts = {f"panel.{panel}.on": as_text(done), f"panel.{panel}.next_review": as_text(coming)}
    state.facts = {**state.facts, **{path: value for path, value in facts.items() if value is not None}}
    if done is not None:
        happened(state, [f"told_{HEARD}", f"told_{HEARD}:{panel}"], local_day(done), now)


def also_review_date(details: RecordReviewDate) -> tuple[str, ...]:
    """By which name it is known: held or planned, `review_date:KIND`; planned for sure, `set_review_date:KIND`."""
    known = (f"review_date:{details.kind}",)
    return (*known, f"set_review_date:{details.kind}") if details.next is not None else known


def on_review_date(details: RecordReviewDate, now: datetime) -> date:
    """The local day that it tells of."""
    done = held(details, now)
    return local_day(done) if done is not None else local(now).date()
