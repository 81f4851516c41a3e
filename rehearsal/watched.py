"""Which rules a story exercised of what is watched over: placements, episodes, packages, transfers, meetings, duties.

A deadline counts when its clock was there, a requirement when its act came and its condition held, whoever may act when
somebody tried, what else a file says when the story comes by its own citation or its key. A file as a whole never does.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from pydantic import BaseModel

from models.conditions import Conditions
from models.data import Cited
from models.deadlines import Deadline, WatchRequirement, WatchRules
from models.procedure import Council
from models.process import Entry
from models.watch import WatchedChild, WatchState, WatchView
from procedures.checks.sources import Place
from procedures.slices import switched_on
from rules.conditions import all_hold
from rules.watches.facts import known
from rules.working_days import local

OF_EVERY_KIND = frozenset(WatchRules.model_fields)
"""Parts of a file that are asked about one by one; a kind's own parts count by their citations and keys."""


@dataclass
class Watched:
    """What a story saw of one watch, in its order."""

    views: list[WatchView] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    @property
    def last(self) -> WatchView:
        """As it was seen last."""
        return self.views[-1]

    def tried(self) -> set[str]:
        """Its acts, with the `act:key` by which deadlines know them; refused ones too."""
        held = {key for view in self.views for key in view.held}
        return {entry.what for entry in self.entries} | held

    def child(self) -> WatchedChild | None:
        """The child, with the date of birth that it was started with."""
        for entry in self.entries:
            said = entry.details.get("child")
            if isinstance(said, dict) and {"reference", "date_of_birth"} <= said.keys():
                return WatchedChild.model_validate({k: v for k, v in said.items() if k in WatchedChild.model_fields})
        return WatchedChild(reference=self.last.child_ref) if self.last.child_ref else None


def came_by(council: Council, one: Watched, cited: set[str], begun: set[str]) -> Iterator[object]:
    """The parts of a council's procedure that a story came by with one watch.

    Args:
        council: The procedure.
        one: What the story saw of it.
        cited: The rules that the story cites in what it did: refusals, entries, flags, clocks.
        begun: The kinds of watch that there are in the story.
    """
    kind = one.last.kind
    if kind == "forum_duty":
        yield [duty for duty in council.duties if duty.key in one.last.reference.split("/")]
    rules: WatchRules | None = getattr(council, kind)
    if rules is None:
        return
    tried = one.tried()
    yield rules.cites
    yield [entry for entry in council.law if set(entry.cites) & cited]
    yield [rule for act, rule in rules.authority.items() if act in tried]
    deadlines = _deadlines(council, rules, kind)
    twice = {key for key, times in Counter(deadline.key for deadline in deadlines).items() if times > 1}
    ran = [deadline for deadline in deadlines if _ran(deadline, one)]
    yield [each for each in ran if each.key not in twice or _held_once(council, each.when, one)]
    yield [need for need in rules.requirements if set(need.steps) & tried and _asked(council, need, one, cited)]
    prompts = {prompt for view in one.views for prompt in view.prompts}
    yield [point for point in rules.prompts if point.prompt in prompts]
    yield [start for start in rules.begins if start.process in begun and set(start.on) & tried]
    yield from _own_parts(rules, one, cited)


def _deadlines(council: Council, rules: WatchRules, kind: str) -> list[Deadline]:
    law = [one for one in council.law_deadlines if one.process == kind and switched_on(rules, one.key)]
    return [*rules.deadlines, *law]


def _ran(deadline: Deadline, one: Watched) -> bool:
    """Whether its clock was there, which cites it: several deadlines may share one clock."""
    proposed = {(proposal.deadline, proposal.cites) for proposal in one.last.proposals}
    clocks = {(name, clock.cites) for view in one.views for name, clock in view.clocks.items()}
    return (deadline.key, deadline.cites[0]) in proposed | clocks


def _asked(council: Council, need: WatchRequirement, one: Watched, cited: set[str]) -> bool:
    """Whether a requirement was broken and said so, or held when it was asked."""
    if set(need.cites) & cited:
        return True
    return _held_once(council, need.when, one)


def _held_once(council: Council, conditions: Conditions, one: Watched) -> bool:
    """Whether conditions held at any time at which the story saw the watch."""
    child = one.child()
    return any(_hold(council, conditions, view, child) for view in one.views)


def _hold(council: Council, conditions: Conditions, view: WatchView, child: WatchedChild | None) -> bool:
    today = local(view.recent[-1].at).date() if view.recent else date.max
    since = min((held.at for held in view.held.values()), default=view.stage_since)
    seen = SimpleNamespace(facts=view.facts, stage=view.stage, held=view.held, child=child, started_at=since)
    return all_hold(conditions, known(cast("WatchState", seen), today), today, council)


def _own_parts(rules: WatchRules, one: Watched, cited: set[str]) -> Iterator[object]:
    """Parts that only this kind has, each inner part by itself."""
    values = {str(value) for view in one.views for value in _flat(view.facts.values())}
    for name in sorted(type(rules).model_fields.keys() - OF_EVERY_KIND):
        for _, part in Place("", _Held(part=getattr(rules, name))).parts():
            if isinstance(part, Cited) and (set(part.cites) & cited or getattr(part, "key", None) in values):
                yield part.cites


class _Held(BaseModel):
    """Holds a part of any shape, so that what is inside can be walked."""

    part: Any


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(value)
        else:
            yield value
