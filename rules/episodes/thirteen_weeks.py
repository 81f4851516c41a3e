"""When a child has been looked after for 13 weeks in all: by the plain count, and by the test of the law (E10).

The plain count adds up every day ever looked after. The law counts from the 14th birthday on and asks that the child is
looked after on or after the 16th. Days that were told as a number alone count for both.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from models.care_episode import EpisodeState
from models.episode_opening import LookedAfterPeriod
from models.episode_words import LOOKED_AFTER
from rules.watches.facts import birthday
from rules.watches.reckoning import local_day

THIRTEEN_WEEKS = 13 * 7
"""Days. "13 weeks or more": reached on the day itself (A5)."""
LAW_COUNTS_FROM = 14
LAW_ASKS_PAST = 16


def periods(state: EpisodeState) -> list[LookedAfterPeriod]:
    """Every time in which the child was looked after, the present one last and without an end.

    Args:
        state: The episode.
    """
    spell = state.spells.get(LOOKED_AFTER)
    found = list(state.periods)
    if spell is not None:
        until = local_day(spell.ended) if spell.ended is not None else None
        found.append(LookedAfterPeriod(since=local_day(spell.since), until=until))
    return sorted(found, key=lambda one: one.since)


def reached_on(times: Iterable[LookedAfterPeriod], prior_days: int) -> date | None:
    """The day on which all these times make 13 weeks; a day to come while the last still runs, `None` when they do not.

    Args:
        times: In order; only the last may run on.
        prior_days: Days looked after before.
    """
    days = prior_days
    for one in times:
        reached = one.since + timedelta(days=max(THIRTEEN_WEEKS - days, 0))
        if one.until is None or reached <= one.until:
            return reached
        days += (one.until - one.since).days
    return None


def by_law(times: Iterable[LookedAfterPeriod], prior_days: int, born: date | None) -> date | None:
    """The day on which the law's test is met: 13 weeks since the 14th birthday, and care past the 16th (LAW-021).

    Args:
        times: In order; only the last may run on.
        prior_days: Days looked after before, all taken to be since the 14th birthday.
        born: Date of birth; `None` where nobody said.
    """
    if born is None:
        return None
    counts, past = birthday(born, LAW_COUNTS_FROM), birthday(born, LAW_ASKS_PAST)
    later = [
        one.model_copy(update={"since": max(one.since, counts)})
        for one in times
        if one.until is None or one.until > counts
    ]
    days = prior_days
    for one in later:
        reached = max(one.since + timedelta(days=max(THIRTEEN_WEEKS - days, 0)), past)
        if one.until is None or reached < one.until:
            return reached
        days += (one.until - one.since).days
    return None
