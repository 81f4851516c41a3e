"""Processes that a care episode begins by itself, once: a transfer on the final order or on a plan of permanence."""

from datetime import datetime

from models.care_episode import EpisodeState
from models.deadlines import Beginning
from models.identifiers import reference_after
from models.process import Notice, Starting
from models.watch import PREFIX, watch_id
from rules.authority import system
from rules.conditions import all_hold
from rules.process import note
from rules.watches.facts import known
from rules.working_days import local


def begin_others(state: EpisodeState, now: datetime) -> None:
    """Begin what the council's file begins once its conditions hold, by whichever act, and once (HAC-027, HAC-047).

    Nothing of the episode ends by that: a person carries the transfer through.

    Args:
        state: The episode.
        now: UTC.
    """
    rules = state.procedure.care_episode
    today = local(now).date()
    for one in rules.begins if rules else ():
        mark = f"begins:{one.cites[0]}"
        if mark in state.fired or not all_hold(one.when, known(state, today), today, state.procedure):
            continue
        state.fired = {**state.fired, mark: today.isoformat()}
        _begin(state, one, now)


def _begin(state: EpisodeState, one: Beginning, now: datetime) -> None:
    facts = known(state, local(now).date())
    said = {
        field: next((facts[path] for path in paths if facts.get(path) is not None), None)
        for field, paths in one.fields.items()
    }
    details = {**one.says, **{field: value for field, value in said.items() if value is not None}}
    child = state.child.model_dump(mode="json", exclude_none=True)
    reference = reference_after(state.reference, one.cites[0])
    start = Starting(
        kind=one.process,
        council=state.procedure.key,
        reference=reference,
        by=system(state.procedure),
        details={"child": child, f"{PREFIX[one.process]}_ref": reference, **details},
        form=state.form,
    )
    state.starting = [*state.starting, start]
    told = tuple(
        Notice(post=post, subject=f"begun:{one.process}")
        for post in (state.procedure.roles.worker, state.procedure.roles.manager)
    )
    process = watch_id(one.process, start.council, reference)
    note(state, now, "begun", system(state.procedure), cites=one.cites, notices=told, text=process)
