"""A watch as people see it."""

from datetime import datetime
from typing import TypeVar

from models.watch import WatchState, WatchView
from rules.conditions import all_hold
from rules.process import possible_acts, shown
from rules.requirements import is_broken
from rules.watches.deadlines import brought_to, due_before
from rules.watches.facts import known
from rules.watches.kinds import Kind, earliest_owner, rules_of
from rules.working_days import local

S = TypeVar("S", bound=WatchState)


def flags(state: WatchState, now: datetime) -> list[str]:
    """What people should see: what deadlines have flagged, and what should be so and is not.

    Args:
        state: The watch.
        now: UTC.
    """
    today = local(now).date()
    facts = known(state, today)
    wanting = [
        f"{need.sentence} ({need.cites[0]})"
        for need in rules_of(state).requirements
        if need.effect == "flag"
        and all_hold(need.when, facts, today, state.procedure)
        and not (need.unless and all_hold(need.unless, facts, today, state.procedure))
        and is_broken(need, facts, state.procedure, today)
    ]
    return list(dict.fromkeys([*state.flags, *due_before(state, now), *wanting]))


def view(kind: Kind[S], state: S, now: datetime) -> WatchView:
    """What the watch looks like now.

    Args:
        kind: Its kind.
        state: The watch.
        now: UTC.
    """
    today = local(now).date()
    facts = known(state, today)
    acts = [name for name in possible_acts(state, kind.moves, kind.rules) if name in kind.rules]
    return WatchView(
        **shown(state),
        kind=state.kind,
        stage=str(getattr(state, "stage", "")),
        reference=state.reference,
        child_ref=state.child.reference if state.child else "",
        came_from=state.came_from,
        priority=kind.priority(state) or state.priority,
        waiting_on=earliest_owner(state) if kind.ended(state) else kind.waiting_on(state),
        open=not kind.ended(state),
        next_acts=acts,
        flags=flags(state, now),
        settled=state.settled,
        outcome=state.outcome,
        proposed=list(dict.fromkeys(one.forum for one in state.proposals)),
        proposals=state.proposals,
        held=state.held,
        facts=state.facts,
        sitting=brought_to(state, now),
        actions_open=state.actions_open,
        unit=state.unit,
        prompts=[
            point.prompt for point in rules_of(state).prompts if all_hold(point.when, facts, today, state.procedure)
        ],
    )
