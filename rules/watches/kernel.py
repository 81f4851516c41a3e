"""What every watch does alike: begin, take an act, take word of another process, run its clocks."""

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from models.acts import Act
from models.deadlines import Told
from models.errors import RefusalCode, Refused
from models.process import Notice, Word
from models.watch import WatchStart, WatchState
from rules import clocks
from rules.authority import require_authority, system
from rules.conditions import all_hold
from rules.escalation import take_signal
from rules.process import check_act, message_key, note, read_details, remember
from rules.requirements import is_broken
from rules.watches import words
from rules.watches.deadlines import fall_due, happened, sync
from rules.watches.facts import known
from rules.watches.kinds import Kind, no_such_kind, rules_of
from rules.working_days import local

S = TypeVar("S", bound=WatchState)
CANNOT_BE_RECKONED = (ValueError, TypeError, ArithmeticError)
"""What arithmetic raises over a value that passed its shape: a refusal, and never a process that stands still."""


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


def perform(kind: Kind[S], state: S, name: str, act: Act, now: datetime, *, judged: bool = False) -> bool:  # noqa: PLR0913 - as `check`
    """Do an act.

    Args:
        kind: Its kind.
        state: The watch.
        name: The act.
        act: Who, and what it says.
        now: UTC.
        judged: Whether `check` let it pass at this very moment.

    Returns:
        Whether anything was done; a repeated message does nothing.

    Raises:
        Refused: The state is as it was.
    """
    if not judged:
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


def _plain(details: Mapping[str, Any]) -> dict[str, Any]:
    return dict(details)


def _said(also: tuple[str, ...]) -> str | None:
    return ", ".join(key.partition(":")[2] for key in also) or None
