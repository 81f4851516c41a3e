"""How a care episode is opened: with everything that is so already, and since when."""

from datetime import date, datetime
from typing import Any

from models.care_episode import EpisodeState
from models.episode_acts import StatusSaid
from models.episode_opening import OpenEpisode
from models.episode_words import LOOKED_AFTER, TEAM
from models.errors import RefusalCode, Refused
from models.watch import WatchedChild, WatchStart
from rules.episodes.courts import set_hearing
from rules.episodes.facts import as_text, reckon, show_unread
from rules.episodes.recording import record
from rules.episodes.statuses import change_team, running, start_of
from rules.watches.deadlines import happened
from rules.watches.kinds import started
from rules.watches.reckoning import local_day

REVIEW = "looked_after_review"


def begin_episode(start: WatchStart, details: OpenEpisode, now: datetime) -> EpisodeState:
    """The state that an episode begins with.

    Args:
        start: What starts it.
        details: What is so already.
        now: UTC.

    Raises:
        Refused: The child would be born after the episode was opened.
    """
    child = details.child
    if child.date_of_birth is not None and child.date_of_birth > local_day(now):
        raise Refused(RefusalCode.INVALID, "The child's date of birth is still to come.", "Correct date_of_birth.")
    whole = {**child.watched, "reference": child.reference or start.reference}
    state = EpisodeState(
        **started(start, now),
        child=WatchedChild.model_validate(whole),
        unit=details.unit or "",
        prior_days=details.prior_days,
        periods=[one for one in details.prior_periods if one.until is not None],
    )
    state.said = _said(details, now)
    if details.next_hearing is not None:
        set_hearing(state, details.next_hearing)
    for said in _in_order(details):
        record(state, said, now)
        happened(state, [f"record_status:{said.status}"], local_day(said.since or now), now)
    _open_to_team(state, details, now)
    _reviews(state, details, now)
    show_unread(state, details, child, *details.statuses)
    reckon(state)
    return state


def _said(details: OpenEpisode, now: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {
        "case.opened_on": as_text(details.opened_on or details.team_since or now),
        "transfer.planned_on": as_text(details.transfer_planned_on),
        "episode.disabled": details.child.disabled,
        **{f"episode.{name}": as_text(v) if isinstance(v, date) else v for name, v in details.more.items()},
    }
    return {path: value for path, value in found.items() if value is not None}


def _in_order(details: OpenEpisode) -> list[StatusSaid]:
    """What began first is recorded first, so that of two legal statuses the later one runs."""
    several = list(details.statuses)
    if details.looked_after_since is not None:
        several.append(StatusSaid(status=LOOKED_AFTER, since=details.looked_after_since))
    dated = sorted((one for one in several if one.since), key=lambda one: start_of(one.since or date.max))
    return [*dated, *(one for one in several if one.since is None)]


def _open_to_team(state: EpisodeState, details: OpenEpisode, now: datetime) -> None:
    """A case of a team is open to it since the day that was said, else from now; the child's own count runs anyway."""
    said = (details.team, details.unit, details.team_since, details.opened_on)
    if any(one is not None for one in said) and running(state, TEAM) is None:
        change_team(state, details.team or details.unit, details.team_since or details.opened_on or now)
    elif details.team is not None and state.spells[TEAM].team is None:
        change_team(state, details.team, state.spells[TEAM].since)


def _reviews(state: EpisodeState, details: OpenEpisode, now: datetime) -> None:
    path = f"review.{REVIEW}"
    if details.last_review is not None:
        state.said = {**state.said, f"{path}.held": as_text(details.last_review), f"{path}.outstanding": False}
        happened(state, [f"record_review_date:{REVIEW}"], local_day(details.last_review), now)
    if details.next_review is not None:
        state.said = {**state.said, f"{path}.next": as_text(details.next_review), f"{path}.outstanding": True}
    facts = {"placement.placement_ref": details.placement, "placement.kind": details.placement_kind}
    state.facts = {**state.facts, **{name: value for name, value in facts.items() if value is not None}}
