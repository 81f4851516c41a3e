"""What a care episode tells its clocks: plain facts, reckoned anew from its statuses after every change."""

from datetime import date, datetime, timedelta
from typing import Any

from models.care_episode import Direction, EpisodeState
from models.episode_acts import Telling
from models.episode_words import LOOKED_AFTER, code_of
from rules.episodes.statuses import legal_status, running, start_of
from rules.episodes.thirteen_weeks import by_law, periods, reached_on
from rules.watches.reckoning import local_day

OWN = (
    *("status.", "legal_status.", "looked_after.", "review.", "discussion.", "court_direction.", "case.", "transfer."),
    *("pathway_plan.", "episode.", "care_leaver."),
)
"""How the paths begin that are reckoned here; all others belong to the kernel or to words of other processes."""
UNREAD = "Not understood and not used: "
OWN_PLAIN = ("statuses", "team", "unit")


def as_text(value: date | None) -> str | None:
    """A day or an instant as facts keep it: ISO text; `None` stays `None`.

    Args:
        value: A local day or an instant (UTC).
    """
    return value.isoformat() if value is not None else None


def show_unread(state: EpisodeState, *told: Telling) -> None:
    """Let people see which fields of the last act nobody here knows of: they start no clock.

    Args:
        state: The episode.
        told: What was said.
    """
    names = ", ".join(dict.fromkeys(name for one in told for name in one.unread))
    kept = [flag for flag in state.flags if not flag.startswith(UNREAD)]
    state.flags = [*kept, f"{UNREAD}{names}"] if names else kept


def reckon(state: EpisodeState) -> None:
    """Put the facts of an episode as they are now in place of those before.

    Args:
        state: The episode.
    """
    others = {path: value for path, value in state.facts.items() if not path.startswith(OWN) and path not in OWN_PLAIN}
    found = {**state.said, **_of_statuses(state), **_of_thirteen_weeks(state), **_of_directions(state)}
    found |= {"team": state.team, "unit": state.unit}
    state.facts = {**others, **{path: value for path, value in found.items() if value not in (None, "")}}


def _of_statuses(state: EpisodeState) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spell in state.spells.items():
        if spell.ended is None:
            found[f"status.{name}.since"] = as_text(spell.since)
            found[f"status.{name}.until"] = as_text(spell.until)
            found[f"status.{name}.extended"] = spell.extended or None
        else:
            found[f"status.{name}.ended"] = as_text(spell.ended)
    found["statuses"] = sorted(name for name in state.spells if running(state, name))
    legal = legal_status(state)
    if legal is not None:
        found |= {"legal_status.code": code_of(legal), "legal_status.since": as_text(state.spells[legal].since)}
    return found


def _of_thirteen_weeks(state: EpisodeState) -> dict[str, Any]:
    times = periods(state)
    if not times:
        return {}
    return {
        "looked_after.prior_days": state.prior_days + sum((o.until - o.since).days for o in times if o.until),
        "looked_after.thirteen_weeks_on": as_text(reached_on(times, state.prior_days)),
        "looked_after.law_thirteen_weeks_on": as_text(by_law(times, state.prior_days, state.child.date_of_birth)),
        "looked_after.first_since": as_text(times[0].since),
        "looked_after.now": running(state, LOOKED_AFTER) is not None,
    }


def due_by(direction: Direction) -> date | None:
    """By which local day a direction of the court is complied with: its own, and before the hearing (HAC-026).

    Args:
        direction: The direction.
    """
    days = [local_day(direction.due)] if direction.due else []
    if direction.hearing is not None:
        days.append(local_day(direction.hearing) - timedelta(days=1))
    return min(days, default=None)


def _of_directions(state: EpisodeState) -> dict[str, Any]:
    if not state.directions:
        return {}
    outstanding = [one for one in state.directions if one.complied is None]
    last = outstanding or state.directions[-1:]
    dues = [day for day in map(due_by, last) if day is not None]
    hearings: list[date | datetime] = [one.hearing for one in last if one.hearing is not None]
    return {
        "court_direction.outstanding": bool(outstanding),
        "court_direction.open": len(outstanding),
        "court_direction.due_by": as_text(min(dues, default=None)),
        "court_direction.hearing": as_text(min(hearings, key=start_of, default=None)),
    }
