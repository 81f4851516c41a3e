"""What a kind of watch is: its machine, its acts, how it starts, and whose move it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from models.acts import MaybeReasoned
from models.deadlines import WatchKind, WatchRules
from models.errors import RefusalCode, Refused
from models.process import Word
from models.watch import PREFIX, WatchStart, WatchState
from rules import clocks
from rules.escalation import apply_acknowledge, check_acknowledge
from rules.moves import Moves
from rules.process import ActRule
from rules.watches.proposals import ANSWER_PROPOSAL
from rules.working_days import local

S = TypeVar("S", bound=WatchState)
ACKNOWLEDGE = "acknowledge_escalation"


def _on_the_day(_details: BaseModel, now: datetime) -> date:
    return local(now).date()


def _itself(_details: BaseModel) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True)
class WatchAct(Generic[S]):
    """An act of a watch.

    `also` says by which `act:key` it is known beside its name; `on` the local date of what it tells. `would_be` are
    facts that it would set: its requirements are asked of what would be; `would_set` those that hang on the state, and
    `also_of` the keys that do: what people write becomes a key only where the council's file knows it.
    """

    rule: ActRule[S, Any]
    also: Callable[[Any], tuple[str, ...]] = _itself
    on: Callable[[Any, datetime], date] = _on_the_day
    would_be: Callable[[Any], Mapping[str, Any]] = lambda _details: {}
    would_set: Callable[[S, Any], Mapping[str, Any]] = lambda _state, _details: {}
    also_of: Callable[[S, Any], tuple[str, ...]] = lambda _state, _details: ()

    def keys(self, state: S, details: BaseModel) -> tuple[str, ...]:
        """Every `act:key` by which an act is known beside its name.

        Args:
            state: The watch, before the act.
            details: In the shape of the act.
        """
        return (*self.also(details), *self.also_of(state, details))


@dataclass(frozen=True)
class Kind(Generic[S]):
    """One kind of watch: its machine, its acts, how it starts, and whose move it is.

    `begin` makes the state from what starts it, without clocks. `word` takes word of another process. `after` runs
    after every change, before deadlines are looked at. `priority` is shown in the place of the common one.
    """

    kind: WatchKind
    starts: str
    shape: type[BaseModel]
    begin: Callable[[WatchStart, Any, datetime], S]
    moves: Moves
    acts: Mapping[str, WatchAct[S]]
    ended: Callable[[S], bool]
    waiting_on: Callable[[S], str | None]
    word: Callable[[S, Word, datetime], None] = lambda _state, _word, _now: None
    after: Callable[[S, datetime], None] = lambda _state, _now: None
    on_due: Mapping[str, clocks.OnDue[S]] = field(default_factory=dict)
    priority: Callable[[S], str | None] = lambda _state: None

    @cached_property
    def rules(self) -> dict[str, ActRule[S, Any]]:
        """Every act with its rule, the common ones included."""
        common: dict[str, ActRule[S, Any]] = {
            ACKNOWLEDGE: ActRule(MaybeReasoned, check_acknowledge, apply_acknowledge, lambda state: state.escalated),
            "answer_proposal": ANSWER_PROPOSAL,
        }
        return {**{name: act.rule for name, act in self.acts.items()}, **common}


def rules_of(state: WatchState) -> WatchRules:
    """The council's file for this kind of watch.

    Args:
        state: The watch.

    Raises:
        Refused: The council's procedure has nothing of the kind.
    """
    found: WatchRules | None = getattr(state.procedure, state.kind)
    if found is None:
        raise no_such_kind(state.procedure.title, state.kind)
    return found


def no_such_kind(council: str, kind: str) -> Refused:
    """The refusal of something that a council's procedure knows nothing of.

    Args:
        council: Its title.
        kind: What was to start.
    """
    return Refused(
        RefusalCode.UNKNOWN,
        f"{council} has no procedure for a {kind.replace('_', ' ')}.",
        f"Write procedures/<council>/processes/{kind}.toml, as docs/procedures.md shows.",
    )


def reference_of(kind: WatchKind, details: BaseModel, otherwise: str | None = None) -> str:
    """The reference of what is to start, as its details give it.

    Args:
        kind: What it is.
        details: In the shape of the act that starts it.
        otherwise: Where the details give none.

    Raises:
        Refused: `incomplete` when there is none.
    """
    said: dict[str, Any] = {name: getattr(details, name) for name in type(details).model_fields}
    found: Any = said.get("reference") or said.get(f"{PREFIX[kind]}_ref")
    if kind == "care_episode" and not found:
        child = said.get("child")
        found = getattr(child, "reference", child)
    if kind == "unit_meeting" and said.get("unit") and said.get("on"):
        found = f"{'_'.join(str(said['unit']).casefold().split())}/{said['on']}"
    if kind == "forum_duty" and said.get("duty"):
        found = "/".join(str(said[part]) for part in ("forum", "duty", "on") if said.get(part))
    if not (found or otherwise):
        remedy = f"Give it one: {PREFIX[kind]}_ref, or the child's reference."
        raise Refused(RefusalCode.INCOMPLETE, "It has no reference.", remedy)
    return str(found or otherwise)


def earliest_owner(state: WatchState, otherwise: str | None = None) -> str | None:
    """The post that owns the clock which is due first: whose move it is, where nothing else says so.

    Args:
        state: The watch.
        otherwise: When no clock ticks.
    """
    ticking = [clock for clock in state.clocks.values() if clock.ticking]
    first = min(ticking, key=lambda clock: (clock.due, clock.name), default=None)
    return first.owner if first else otherwise


def started(start: WatchStart, now: datetime) -> dict[str, Any]:
    """What every state begins with.

    Args:
        start: What starts it.
        now: UTC.
    """
    return {
        "process_id": start.process_id,
        "procedure": start.procedure,
        "calendar": start.calendar,
        "stage_since": now,
        "kind": start.kind,
        "reference": start.reference,
        "started_by": start.actor,
        "started_at": now,
        "came_from": start.came_from,
        "form": start.form,
    }
