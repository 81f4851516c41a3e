"""What the law forbids of where a child lives: asked at the start, at every change, and on birthdays 16 and 18.

The day on which the placement started decides which law applies to it; the child's age is that of today. Whatever the
law says, nothing here ends a placement: it brings a person.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from models.clocks import Clock
from models.intake import Law
from models.placement import PlacementState
from models.process import Notice
from rules import clocks
from rules.authority import role, system
from rules.conditions import all_hold
from rules.law import applies, require_lawful
from rules.process import note
from rules.requirements import is_broken
from rules.watches.facts import birthday, known
from rules.working_days import instant, local

START: Final = "start_placement"
UNLAWFUL = "unlawful_placement"
BIRTHDAY = "birthday"
BIRTHDAYS = (16, 18)
"""Birthdays on which the law says something else of where a child may live."""


def require_lawful_start(state: PlacementState, now: datetime, would_be: Mapping[str, Any] | None = None) -> None:
    """Refuse a placement that the law forbids, or a change to another sort of home that it forbids.

    Any other change is let pass: what it reveals is shown, and brought to a person.

    Args:
        state: The placement.
        now: UTC.
        would_be: Facts that a change would set.

    Raises:
        Refused: `prohibited`, or what else the law says.
    """
    if would_be is not None and "proposal.kind" not in would_be:
        return
    today = local(now).date()
    facts = {**known(state, today), **(would_be or {})}
    if would_be is not None:
        facts["proposal.starts"] = today
    require_lawful(START, facts, state.procedure, today)


def _broken(state: PlacementState, today: date) -> list[Law]:
    """The laws that a placement breaks today."""
    facts = known(state, today)
    now_aged = {**facts, "proposal.starts": max(today, date.fromisoformat(state.facts["proposal.starts"]))}
    council = state.procedure
    return [
        law
        for law in council.law
        if START in ((law.at,) if isinstance(law.at, str) else law.at)
        and applies(law, facts, today)
        and all_hold(law.when, now_aged, today, council)
        and not (law.unless and all_hold(law.unless, now_aged, today, council))
        and is_broken(law, now_aged, council, today)
    ]


def look_at_the_law(state: PlacementState, now: datetime) -> None:
    """See whether the placement is lawful today, and bring a person when that changes.

    Args:
        state: The placement.
        now: UTC.
    """
    broken = _broken(state, local(now).date())
    sentences = tuple(f"{law.sentence} ({law.cites[0]})" for law in broken)
    kept = [flag for flag in state.flags if flag not in state.law_flags]
    state.flags, state.law_flags = [*kept, *sentences], sentences
    forbidden = tuple(law.key for law in broken if law.effect == "refuse")
    before, state.unlawful = state.unlawful, forbidden
    if set(forbidden) - set(before):
        _bring_a_person(state, [law for law in broken if law.key in forbidden], now)
    elif before and not forbidden:
        clocks.stop(state, UNLAWFUL, now)
        _say(state, "placement_lawful_again", (), now)


def _bring_a_person(state: PlacementState, laws: list[Law], now: datetime) -> None:
    """It climbs the ladder until somebody finds a lawful home, or the law asks no more."""
    owner = role(state.procedure, None, "head")
    clock = Clock(name=UNLAWFUL, cites=laws[0].cites[0], started=now, warns=None, due=now, owner=owner)
    clocks.put(state, clock)
    clocks.breach(state, clock, now)
    _say(state, "placement_unlawful", tuple(cite for law in laws for cite in law.cites), now)


def _say(state: PlacementState, subject: str, cites: tuple[str, ...], now: datetime) -> None:
    posts = dict.fromkeys(role(state.procedure, None, name) for name in ("worker", "manager", "head"))
    told = tuple(Notice(post=post, subject=subject) for post in posts)
    note(state, now, subject, system(state.procedure), cites=cites, notices=told)


def await_birthdays(state: PlacementState, now: datetime) -> None:
    """Wake on the birthdays on which the law changes.

    Args:
        state: The placement.
        now: UTC.
    """
    born = state.child.date_of_birth if state.child else None
    cites = next((law.cites[0] for law in state.procedure.law), None)
    if born is None or cites is None:
        return
    for years in BIRTHDAYS:
        name, due = f"{BIRTHDAY}:{years}", instant(birthday(born, years), time(0))
        clock = state.clocks.get(name)
        if due > now and (clock is None or clock.due != due):
            owner = role(state.procedure, None, "worker")
            clocks.put(state, Clock(name=name, cites=cites, started=now, warns=None, due=due, owner=owner))


def on_birthday(state: PlacementState, clock: Clock, now: datetime) -> None:
    """A birthday has come: what the law says of it is looked at after every change, so after this one.

    Args:
        state: The placement.
        clock: Its clock.
        now: UTC.
    """
    clocks.stop(state, clock.name, now)
    note(state, now, "birthday_reached", system(state.procedure), cites=(clock.cites,), text=clock.name)
