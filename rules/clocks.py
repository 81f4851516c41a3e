"""Clocks: how one starts, warns, breaches and climbs the ladder. None of them ends anything for a child."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from models.clocks import Clock
from models.process import Notice, ProcessState
from models.vocabulary import ClockState
from rules.authority import clock_rule, next_up, system
from rules.escalation import raise_by_clock, resolve
from rules.process import note
from rules.working_days import add_working_days, instant, local, on_or_before

S = TypeVar("S", bound=ProcessState)
OnDue = Callable[[S, Clock, datetime], None]
"""What a clock does when it is due, instead of breaching."""

MINUTE = timedelta(minutes=1)
"""The grain of a cut-off: the minute itself is in time, the next is not."""
FINISHED_KEPT = 40
"""How many finished clocks a process keeps in sight; the register has them all."""


def start(  # noqa: PLR0913 - a clock has that many parts
    state: ProcessState,
    name: str,
    kind: str,
    due: datetime,
    owner: str,
    now: datetime,
    grace: timedelta = timedelta(0),
) -> None:
    """Start a clock, or start it again.

    It warns as many working days ahead as the procedure says; a clock started inside that time warns no more.

    Args:
        state: The process.
        name: The clock's name, unique in the process.
        kind: The rule of the procedure that it follows.
        due: UTC.
        owner: The post that has to act.
        now: UTC.
        grace: How long after `due` it still rings nobody.
    """
    rule = clock_rule(state.procedure, state.forum_key, kind)
    warns = None
    if rule.warn_working_days:
        day = add_working_days(local(due).date(), -rule.warn_working_days, state.calendar)
        warns = instant(day, local(due).time())
    put(
        state,
        Clock(
            name=name,
            cites=rule.cites[0],
            started=now,
            warns=warns if warns is not None and warns > now else None,
            due=due,
            grace=grace,
            owner=owner,
        ),
    )


def put(state: ProcessState, clock: Clock) -> None:
    """Run a clock, in the place of an earlier one of its name; of those that ended, the oldest are forgotten.

    Args:
        state: The process.
        clock: The clock.
    """
    state.clocks[clock.name] = clock
    _forget_old(state)


def due_on(state: ProcessState, kind: str, day: date) -> datetime:
    """Close of business on a day, as the procedure's clock rule has it.

    Args:
        state: The process.
        kind: The rule of the procedure.
        day: Local date.
    """
    return instant(day, clock_rule(state.procedure, state.forum_key, kind).at)


def due_after(state: ProcessState, kind: str, now: datetime) -> datetime:
    """Close of business so many working days from now, as the procedure's clock rule has it.

    Args:
        state: The process.
        kind: A rule with `due_working_days`.
        now: UTC.
    """
    rule = clock_rule(state.procedure, state.forum_key, kind)
    return due_on(state, kind, add_working_days(local(now).date(), rule.due_working_days or 0, state.calendar))


def meet(state: ProcessState, name: str, now: datetime) -> None:
    """Somebody did what a clock watches. An escalation that its breach raised is resolved.

    Args:
        state: The process.
        name: The clock; one that does not tick is left as it is.
        now: UTC.
    """
    _end(state, name, ClockState.MET, now)


def stop(state: ProcessState, name: str, now: datetime) -> None:
    """What a clock watches no longer applies.

    Args:
        state: The process.
        name: The clock; one that does not tick is left as it is.
        now: UTC.
    """
    _end(state, name, ClockState.STOPPED, now)


def stop_all(state: ProcessState, now: datetime) -> None:
    """Stop every clock that still ticks.

    Args:
        state: The process.
        now: UTC.
    """
    for name in list(state.clocks):
        stop(state, name, now)


def run(state: S, now: datetime, on_due: Mapping[str, OnDue[S]]) -> bool:
    """Let every clock do what is due by now, earliest first.

    Args:
        state: The process.
        now: UTC.
        on_due: For clocks by name (up to the first `:`) what they do when due; the others breach.

    Returns:
        Whether any clock did anything.
    """
    moved = False
    while True:
        ready = [c for c in state.clocks.values() if c.next_event is not None and c.next_event <= now]
        if not ready:
            return moved
        clock = min(ready, key=lambda c: (c.next_event or now, c.name))
        _advance(state, clock, now, on_due)
        moved = True


def _advance(state: S, clock: Clock, now: datetime, on_due: Mapping[str, OnDue[S]]) -> None:
    if clock.state is ClockState.BREACHED:
        _climb(state, clock, now)
    elif clock.state is ClockState.RUNNING and clock.warns is not None:
        state.clocks[clock.name] = clock.model_copy(update={"state": ClockState.WARNED})
        posts = dict.fromkeys((clock.owner, *clock.warn_tells))
        told = tuple(Notice(post=post, subject=f"clock_warned:{clock.name}") for post in posts)
        note(
            state,
            now,
            "clock_warned",
            system(state.procedure),
            cites=(clock.cites,),
            notices=told,
            text=clock.name,
        )
    elif (special := on_due.get(clock.name.split(":", maxsplit=1)[0])) is not None:
        special(state, clock, now)
    else:
        breach(state, clock, now)


def breach(state: ProcessState, clock: Clock, now: datetime) -> None:
    """A clock ran out: tell its owner and the next post up, and let it climb from there.

    Args:
        state: The process.
        clock: The clock.
        now: UTC.
    """
    state.clocks[clock.name] = clock.model_copy(
        update={"state": ClockState.BREACHED, "next_rung": _rung_after(state, now)}
    )
    raise_by_clock(state, clock, now, (clock.owner, next_up(state.procedure, clock.owner)))


def _climb(state: ProcessState, clock: Clock, now: datetime) -> None:
    post: str | None = clock.owner
    for _ in range(clock.climbed + 2):
        post = next_up(state.procedure, post) if post else None
    state.clocks[clock.name] = clock.model_copy(
        update={"climbed": clock.climbed + 1, "next_rung": _rung_after(state, now) if post else None}
    )
    if post:
        raise_by_clock(state, clock, now, (post,))


def _rung_after(state: ProcessState, now: datetime) -> datetime:
    here = local(now)
    day = add_working_days(here.date(), state.procedure.escalation.rung_working_days, state.calendar)
    return instant(on_or_before(day, state.calendar), here.time())


def _end(state: ProcessState, name: str, to: ClockState, now: datetime) -> None:
    clock = state.clocks.get(name)
    if clock is not None and clock.ticking:
        state.clocks[name] = clock.model_copy(update={"state": to, "next_rung": None})
        resolve(state, name, now)


def _forget_old(state: ProcessState) -> None:
    finished = [name for name, clock in state.clocks.items() if not clock.ticking]
    for name in finished[:-FINISHED_KEPT]:
        del state.clocks[name]
