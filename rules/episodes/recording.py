"""Statuses that begin and end: `record_status` and `end_status`."""

from datetime import date, datetime
from typing import Any

from models.care_episode import EpisodeState
from models.episode_acts import EndStatus, RecordStatus, StatusSaid
from models.episode_words import DIRECTION, HEARING, PATHWAY_PLAN, PLACED, TEAM, TRANSFER
from models.errors import RefusalCode, Refused
from models.people import Actor
from rules.episodes import courts
from rules.episodes.facts import as_text, reckon, show_unread
from rules.episodes.statuses import change_team, running, start, stop
from rules.watches.reckoning import local_day
from rules.working_days import local

PLAN_PARTS = ("need", "target", "responsib", "resource")
"""What the sections of a pathway plan are about."""
YOUNG_PERSON = ("young_person", "child", "young")


def record(state: EpisodeState, said: StatusSaid, now: datetime) -> None:
    """Take one status down, each in its own way.

    Args:
        state: The episode.
        said: Which status, since when, and what goes with it.
        now: UTC.
    """
    since: date = said.since or now
    match said.status:
        case word if word == DIRECTION:
            courts.direct(state, said, now)
        case word if word == HEARING:
            courts.set_hearing(state, said.hearing or since)
        case word if word == TRANSFER:
            _say(state, {"transfer.planned_on": as_text(since)})
        case word if word == PLACED:
            _place(state, said, since)
        case word if word == TEAM:
            change_team(state, said.team, since)
            state.unit = said.unit or state.unit
        case _:
            start(state, said, now)
    if said.status == PATHWAY_PLAN:
        _say(state, _of_pathway_plan(said))


def _of_pathway_plan(said: StatusSaid) -> dict[str, Any]:
    """What a pathway plan sets out and who contributed, and whether what must not be missing is there."""
    found: dict[str, Any] = {}
    if said.sections:
        every = all(any(part in section for section in said.sections) for part in PLAN_PARTS)
        found |= {"pathway_plan.sections": list(said.sections), "pathway_plan.assessed": every}
    if said.contributors:
        heard = any(word in contributor for word in YOUNG_PERSON for contributor in said.contributors)
        found |= {"pathway_plan.contributors": list(said.contributors), "pathway_plan.young_person_heard": heard}
    return found


def _say(state: EpisodeState, facts: dict[str, Any]) -> None:
    state.said = {**state.said, **facts}


def _place(state: EpisodeState, said: StatusSaid, since: date) -> None:
    """A placement move: it starts no clock of a status again (A7)."""
    facts = {"placement.placement_ref": said.reference, "placement.kind": said.type, "placement.since": as_text(since)}
    state.facts = {**state.facts, **{path: value for path, value in facts.items() if value is not None}}


def check_record_status(_state: EpisodeState, details: RecordStatus, _actor: Actor, _now: datetime) -> None:
    """Nothing ends before it began."""
    for said in details.statuses:
        if said.ended is not None and (said.since is None or local_day(said.ended) < local_day(said.since)):
            raise Refused(
                RefusalCode.INVALID,
                "A status cannot end before it began.",
                "Correct since and ended; a status that only ends now is recorded with end_status.",
            )


def apply_record_status(state: EpisodeState, details: RecordStatus, _actor: Actor, now: datetime) -> None:
    """Statuses begin; facts follow."""
    for said in details.statuses:
        record(state, said, now)
    show_unread(state, *details.statuses)
    reckon(state)


def also_record_status(details: RecordStatus) -> tuple[str, ...]:
    """By which names it is known: `record_status:NAME`."""
    return tuple(dict.fromkeys(f"record_status:{said.status}" for said in details.statuses))


def on_record_status(details: RecordStatus, now: datetime) -> date:
    """The local day that it tells of: since when the first status runs."""
    since = details.statuses[0].since
    return local_day(since) if since is not None else local(now).date()


def would_be(details: RecordStatus) -> dict[str, Any]:
    """Facts that it would set, for what is asked before it."""
    found: dict[str, Any] = {}
    for said in details.statuses:
        found[f"status.{said.status}.since"] = as_text(said.since) or True
    return found


def check_end_status(state: EpisodeState, details: EndStatus, _actor: Actor, _now: datetime) -> None:
    """Only what runs ends, and never before it began."""
    if details.status == DIRECTION:
        if not courts.outstanding(state, details.reference):
            raise _not_there("No such direction of the court is outstanding here.", state)
        return
    spell = running(state, details.status)
    if spell is None:
        raise _not_there(f"The child has no status {details.status.replace('_', ' ')} now.", state)
    if details.on is not None and local_day(details.on) < local_day(spell.since):
        raise Refused(
            RefusalCode.INVALID,
            "A status cannot end before it began.",
            f"It began on {local_day(spell.since)}: give a later day.",
        )


def _not_there(sentence: str, state: EpisodeState) -> Refused:
    now = [name for name in state.spells if running(state, name)]
    now += [DIRECTION for one in courts.outstanding(state, None)]
    return Refused(RefusalCode.UNKNOWN, sentence, f"What runs: {', '.join(sorted(now)) or 'nothing'}.")


def apply_end_status(state: EpisodeState, details: EndStatus, _actor: Actor, now: datetime) -> None:
    """A status ends; facts follow."""
    ended: date = details.on or now
    if details.status == DIRECTION:
        courts.comply(state, details.reference, ended)
    else:
        stop(state, details.status, ended)
    show_unread(state, details)
    reckon(state)


def also_end_status(details: EndStatus) -> tuple[str, ...]:
    """By which name it is known: `end_status:NAME`."""
    return (f"end_status:{details.status}",)


def on_end_status(details: EndStatus, now: datetime) -> date:
    """The local day on which it ended."""
    return local_day(details.on) if details.on is not None else local(now).date()
