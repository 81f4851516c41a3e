"""What every watch does alike: begin, take an act, run its clocks, show itself."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from models.acts import Act, MaybeReasoned
from models.deadlines import Told, WatchKind, WatchRules
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Notice, Word
from models.watch import PREFIX, WatchStart, WatchState, WatchView
from rules import clocks
from rules.authority import require_authority, system
from rules.conditions import all_hold
from rules.escalation import apply_acknowledge, check_acknowledge, take_signal
from rules.moves import Moves
from rules.process import ActRule, check_act, message_key, note, possible_acts, read_details, remember, shown
from rules.requirements import is_broken
from rules.watches import words
from rules.watches.deadlines import brought_to, due_before, fall_due, happened, sync
from rules.watches.facts import known
from rules.watches.proposals import ANSWER_PROPOSAL
from rules.working_days import local

S = TypeVar("S", bound=WatchState)
ACKNOWLEDGE = "acknowledge_escalation"
CANNOT_BE_RECKONED = (ValueError, TypeError, ArithmeticError)
"""What arithmetic raises over a value that passed its shape: a refusal, and never a process that stands still."""


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


def begin(kind: Kind[S], start: WatchStart, now: datetime) -> S:
    """Start a watch, or refuse it.

    Args:
        kind: Its kind.
        start: What starts it.
        now: UTC.

    Raises:
        Refused: With code, sentence and remedy.
    """
    if getattr(start.procedure, kind.kind) is None:
        raise no_such_kind(start.procedure.title, kind.kind)
    details = read_details(kind.shape, start.details)
    try:
        return _begun(kind, start, details, now)
    except CANNOT_BE_RECKONED:
        raise _not_reckoned() from None


def _begun(kind: Kind[S], start: WatchStart, details: BaseModel, now: datetime) -> S:
    state = kind.begin(start, details, now)
    if start.came_from is None and start.actor.staff != system(start.procedure).staff:
        require_authority(state.procedure, kind.starts, start.actor, state.unit)
    said = {"actor.post": start.actor.post, "came_from": start.came_from}
    require_so(state, kind.starts, (), said, now)
    note(state, now, kind.starts, start.actor, cites=rules_of(state).cites, details=_plain(start.details))
    happened(state, (kind.starts,), local(now).date(), now)
    _changed(kind, state, kind.starts, (), now)
    return state


def check(kind: Kind[S], state: S, name: str, act: Act, now: datetime) -> None:
    """Judge an act without doing it.

    Args:
        kind: Its kind.
        state: The watch; only read.
        name: The act.
        act: Who, and what it says.
        now: UTC.

    Raises:
        Refused: With code, sentence and remedy.
    """
    details = check_act(state, name, act, now, rules=kind.rules, moves=kind.moves, unit=state.unit)
    if details is not None and name in kind.acts:
        mine = kind.acts[name]
        would_be = {"actor.post": act.actor.post, **mine.would_be(details), **mine.would_set(state, details)}
        require_so(state, name, mine.keys(state, details), would_be, now)
    if details is not None:
        try:
            _do(kind, _tried(state), name, act, now)
        except CANNOT_BE_RECKONED:
            raise _not_reckoned() from None


def _not_reckoned() -> Refused:
    return Refused(
        RefusalCode.INVALID,
        "Something in this cannot be reckoned with: a day, an amount or a word is not what it should be.",
        "Look at every field again; `starter.py schema` prints what is expected.",
    )


def perform(kind: Kind[S], state: S, name: str, act: Act, now: datetime) -> bool:
    """Do an act.

    Args:
        kind: Its kind.
        state: The watch.
        name: The act.
        act: Who, and what it says.
        now: UTC.

    Returns:
        Whether anything was done; a repeated message does nothing.

    Raises:
        Refused: The state is as it was.
    """
    check(kind, state, name, act, now)
    if message_key(name, act.message_id) in state.answered:
        return False
    _do(kind, state, name, act, now)
    return True


def _do(kind: Kind[S], state: S, name: str, act: Act, now: datetime) -> None:
    """Do an act that was judged; what it said is on the register under its own name, whatever else follows."""
    rule = kind.rules[name]
    details = read_details(rule.details, act.details)
    mine = kind.acts.get(name)
    also = mine.keys(state, details) if mine else ()
    before = state.sequence
    rule.apply(state, details, act.actor, now)
    noted = any(event.what == name for event in state.recent if event.sequence > before)
    if state.sequence == before or (mine and not noted):
        note(state, now, name, act.actor, cites=rules_of(state).cites, details=_plain(act.details), text=_said(also))
    if mine:
        happened(state, (name, *also), mine.on(details, now), now)
    remember(state, message_key(name, act.message_id))
    _changed(kind, state, name, also, now)


def _tried(state: S) -> S:
    """A copy to try something on; the procedure and the calendar never change and stay the same objects."""
    kept: dict[int, Any] = {id(part): part for part in (state.procedure, state.calendar)}
    return copy.deepcopy(state, kept)


def take_word(kind: Kind[S], state: S, word: Word, now: datetime) -> None:
    """Take word of another process, once.

    Args:
        kind: Its kind.
        state: The watch.
        word: What happened there.
        now: UTC.
    """
    if message_key("word", word.message_id) in state.answered:
        return
    try:
        _take(kind, _tried(state), word, now)
    except CANNOT_BE_RECKONED:
        note(state, now, "word_refused", word.by, code=RefusalCode.INVALID, text=word.sender)
    else:
        _take(kind, state, word, now)
    remember(state, message_key("word", word.message_id))


def _take(kind: Kind[S], state: S, word: Word, now: datetime) -> None:
    note(state, now, f"told_{word.what}", word.by, text=word.sender)
    words.take(state, word, now)
    kind.word(state, word, now)
    _changed(kind, state, f"told_{word.what}", (), now)


def _changed(kind: Kind[S], state: S, name: str, also: tuple[str, ...], now: datetime) -> None:
    _tell(state, (name, *also), now)
    kind.after(state, now)
    before = kind.ended(state)
    sync(state, now, ended=before)
    if kind.ended(state) and not before:
        sync(state, now, ended=True)


def _tell(state: WatchState, keys: tuple[str, ...], now: datetime) -> None:
    facts = known(state, local(now).date())
    for told in rules_of(state).told:
        if not set(told.on).intersection(keys) or not all_hold(told.when, facts, facts["today"], state.procedure):
            continue
        _note_told(state, told, now)


def _note_told(state: WatchState, told: Told, now: datetime) -> None:
    notices = tuple(Notice(post=post, subject=told.subject) for post in told.tells)
    note(state, now, "told", system(state.procedure), cites=told.cites, notices=notices, text=told.subject)


def require_so(state: WatchState, name: str, also: tuple[str, ...], would_be: Mapping[str, Any], now: datetime) -> None:
    """Refuse an act for which something that its procedure asks is not so; flag what is only to be seen.

    Args:
        state: The watch.
        name: The act.
        also: By which `act:key` it is known besides.
        would_be: Facts that it would set.
        now: UTC.

    Raises:
        Refused: The code, sentence and remedy that the requirement gives.
    """
    today = local(now).date()
    facts = {**known(state, today), **would_be}
    for need in rules_of(state).requirements:
        if not set(need.steps).intersection((name, *also)):
            continue
        if not all_hold(need.when, facts, today, state.procedure):
            continue
        if need.unless and all_hold(need.unless, facts, today, state.procedure):
            continue
        if need.effect == "refuse" and is_broken(need, facts, state.procedure, today):
            raise Refused(need.code, need.sentence, need.remedy, need.cites[0])


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


def run_clocks(kind: Kind[S], state: S, now: datetime) -> bool:
    """Let every clock do what is due by now.

    Args:
        kind: Its kind.
        state: The watch.
        now: UTC.

    Returns:
        Whether any clock did anything.
    """
    ended = kind.ended(state)
    if ended and state.next_deadline is None:
        return False
    sync(state, now, ended=ended)  # an age or a duration may have changed by itself what is asked
    by_deadline: dict[str, clocks.OnDue[S]] = {
        name.split(":", maxsplit=1)[0]: fall_due for name in state.clocks if not name.startswith("referral:")
    }
    moved = clocks.run(state, now, {**by_deadline, **kind.on_due})
    if moved:
        kind.after(state, now)
        sync(state, now, ended=kind.ended(state))
    return moved


def escalate(kind: Kind[S], state: S, message: object, now: datetime) -> None:
    """Take an escalation signal; never raises.

    Args:
        kind: Its kind.
        state: The watch.
        message: Whatever came.
        now: UTC.
    """
    take_signal(state, message, now, state.unit, kind.waiting_on(state))


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
        prompts=[
            point.prompt for point in rules_of(state).prompts if all_hold(point.when, facts, today, state.procedure)
        ],
    )


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


def not_so(code: RefusalCode, sentence: str, remedy: str, rule: str | None = None) -> Refused:
    """A refusal.

    Args:
        code: Its code.
        sentence: What a social worker understands.
        remedy: What to do next.
        rule: The rule that it comes from.
    """
    return Refused(code, sentence, remedy, rule)


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return dict(details)


def _said(also: tuple[str, ...]) -> str | None:
    return ", ".join(key.partition(":")[2] for key in also) or None


def by_hand(_state: WatchState, _details: BaseModel, _actor: Actor, _now: datetime) -> None:
    """The effect of an act that is only written down: what it meets and whom it tells stands in the file."""
