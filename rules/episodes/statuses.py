"""Statuses of a child: since when each has run, what a change of legal status ends, and which breaks count (A7).

The clock of a status runs per episode of that status. A move of placement does not start it again; another legal status
does, and so does a break of more than 24 hours. A shorter break does not.
"""

from datetime import UTC, date, datetime, time, timedelta

from models.care_episode import EpisodeState, Spell
from models.episode_acts import StatusSaid
from models.episode_opening import LookedAfterPeriod
from models.episode_words import LOOKED_AFTER, SHORT_BREAKS, TEAM, code_of
from rules.watches.reckoning import as_instant, local_day

SHORT_BREAK = timedelta(hours=24)
"""A break of a status of no more than this is none (elapsed; between days without a time, one day)."""


def start_of(value: date) -> datetime:
    """The instant (UTC) at which something began: a day begins at midnight, Europe/London.

    Args:
        value: A local day or an instant.
    """
    return as_instant(value, time(0))


def is_short(ended: date, resumed: date) -> bool:
    """Whether a break is of 24 hours or less.

    Args:
        ended: Local day or instant at which the status ended.
        resumed: Local day or instant at which it began again.
    """
    if isinstance(ended, datetime) or isinstance(resumed, datetime):
        return start_of(resumed) - start_of(ended) <= SHORT_BREAK
    return resumed - ended <= timedelta(days=1)


def running(state: EpisodeState, name: str) -> Spell | None:
    """The spell of a status that runs now; `None` when it does not run.

    Args:
        state: The episode.
        name: The word of the status.
    """
    spell = state.spells.get(name)
    return spell if spell is not None and spell.ended is None else None


def legal_status(state: EpisodeState) -> str | None:
    """The word of the legal status that runs; a child has one at a time.

    Args:
        state: The episode.
    """
    return next((name for name in state.spells if code_of(name) and running(state, name)), None)


def start(state: EpisodeState, said: StatusSaid, now: datetime) -> None:
    """Begin a status, or go on with it.

    Args:
        state: The episode.
        said: Which status and since when; now, where nobody said.
        now: UTC.
    """
    name, since = said.status, said.since or now.astimezone(UTC)
    code = code_of(name)
    before = legal_status(state) if code is not None else None
    if before is not None and before != name:
        if start_of(since) < start_of(state.spells[before].since):
            _recorded_late(state, name, since, before)
            return
        _end(state, before, since)
    _run(state, name, since, said)
    if code is not None:
        if name in SHORT_BREAKS:
            _end(state, LOOKED_AFTER, since)
        else:
            _run(state, LOOKED_AFTER, since, None)
    if said.ended is not None:
        stop(state, name, said.ended)


def _recorded_late(state: EpisodeState, name: str, since: date, after: str) -> None:
    """A legal status that lay before the one that runs: it ended when that began."""
    until = state.spells[after].since
    state.spells = {**state.spells, name: Spell(since=since, ended=until)}
    if name not in SHORT_BREAKS and after not in SHORT_BREAKS:
        _run(state, LOOKED_AFTER, since, None)


def _run(state: EpisodeState, name: str, since: date, said: StatusSaid | None) -> None:
    spell = state.spells.get(name)
    team = said.team if said else None
    if spell is None or not _goes_on(spell, since, team):
        if spell is not None and name == LOOKED_AFTER:
            _keep(state, spell, since)
        kept = Spell(since=since, team=team)
    elif spell.ended is not None:
        kept = spell.model_copy(update={"ended": None})
    else:
        kept = spell.model_copy(update={"since": min(spell.since, since, key=start_of)})
    if said is not None:
        said_of_it = {"until": said.until, "extended": said.extended or None, "team": team}
        kept = kept.model_copy(update={part: value for part, value in said_of_it.items() if value is not None})
    state.spells = {**state.spells, name: kept}


def _goes_on(spell: Spell, since: date, team: str | None) -> bool:
    """Whether what begins now is the spell that was there; a case open to another team is not (HIL-045)."""
    if team is not None and spell.team is not None and team.casefold() != spell.team.casefold():
        return False
    if spell.ended is None:
        return True
    return start_of(since) >= start_of(spell.since) and is_short(spell.ended, since)


def _keep(state: EpisodeState, spell: Spell, since: date) -> None:
    """Keep a time in which the child was looked after: what counts towards 13 weeks adds up."""
    state.periods = [
        *state.periods,
        LookedAfterPeriod(since=local_day(spell.since), until=local_day(spell.ended or since)),
    ]


def stop(state: EpisodeState, name: str, ended: date) -> None:
    """End a status. With the last legal status the child is looked after no more, and the other way round.

    Args:
        state: The episode.
        name: The word of the status.
        ended: Local day or instant.
    """
    _end(state, name, ended)
    if code_of(name) and legal_status(state) is None:
        _end(state, LOOKED_AFTER, ended)
    if name == LOOKED_AFTER and (legal := legal_status(state)) is not None and legal not in SHORT_BREAKS:
        _end(state, legal, ended)


def _end(state: EpisodeState, name: str, ended: date) -> None:
    spell = running(state, name)
    if spell is not None:
        state.spells = {**state.spells, name: spell.model_copy(update={"ended": ended})}


def change_team(state: EpisodeState, team: str | None, since: date) -> None:
    """The case is open to a team: to another than before, its clock starts again; the child's own does not (HIL-045).

    Args:
        state: The episode.
        team: The team; `None` where nobody says which.
        since: Local day or instant.
    """
    _run(state, TEAM, since, StatusSaid(status=TEAM, since=since, team=team))
    state.team = team or state.team
