"""Deadlines of a watch become clocks, and clocks that are due bring a person. None ends anything for a child."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from models.clocks import Clock
from models.deadlines import Deadline
from models.procedure import Forum
from models.process import Notice
from models.vocabulary import ClockState
from models.watch import Held, Proposal, WatchState
from rules import clocks
from rules.authority import system
from rules.conditions import all_hold
from rules.meetings import last_sitting_by, schedule_of
from rules.process import note
from rules.watches.facts import known
from rules.watches.reckoning import STARTED, Wanted, anchor_of, elapsed, held_of, wanted
from rules.watches.returning import bring_back
from rules.working_days import DAY, add_working_days, before_duration, instant, local

CLOSE_OF_BUSINESS = time(17)
"""Local time by which somebody answers a proposal, whenever on its day it was made."""
ANSWER = "referral"
"""Clocks of proposals are called `referral:` and their deadline's key."""
DAYS_KEPT = 8
"""Of how many days a watch remembers that something was done: more than any deadline has steps."""


def deadlines_of(state: WatchState) -> tuple[Deadline, ...]:
    """The deadlines that a watch runs by: its council's own, and those of the law that the council switched on.

    Args:
        state: The watch.
    """
    rules = getattr(state.procedure, state.kind)
    own: tuple[Deadline, ...] = rules.deadlines if rules else ()
    switched: tuple[str, ...] = rules.law if rules else ()
    law = tuple(
        one
        for one in state.procedure.law_deadlines
        if one.process == state.kind and ("all" in switched or one.key in switched)
    )
    return (*own, *law)


def happened(state: WatchState, keys: Iterable[str], on: date, now: datetime) -> None:
    """Remember that something was done, so that deadlines which it meets are met at the next `sync`.

    Args:
        state: The watch.
        keys: Acts, or `act:key`.
        on: Local date on which it was done.
        now: UTC.
    """
    for key in keys:
        before = state.held.get(key)
        days = tuple(sorted({*(before.days if before else ()), on}))[-DAYS_KEPT:]
        last = max(on, before.on) if before else on  # recorded late: the later one stays the last
        count = before.count + 1 if before else 1
        state.held = {**state.held, key: Held(on=last, at=now, count=count, days=days)}


def sync(state: WatchState, now: datetime, *, ended: bool = False) -> None:
    """Make clocks run as the deadlines ask now: start, move, meet and stop them. Doing it again changes nothing.

    Args:
        state: The watch, changed by an act, by word of another process or by a clock.
        now: UTC.
        ended: It is over: every clock stops but those that run on after the end.
    """
    if ended:
        _meet_what_is_done(state, now)
        lasting = {one.key for one in deadlines_of(state) if one.after_end}
        for name in [one for one in state.clocks if one not in lasting]:
            clocks.stop(state, name, now)
    today = local(now).date()
    facts = known(state, today)
    asked = _asked_now(state, facts, today)
    for deadline, found in asked.values():
        if ended and not deadline.after_end:
            continue
        _, limit = asked.get(deadline.no_later_than or "", (None, None))
        if found is not None and limit is not None and limit.due < found.due:
            found = found._replace(due=limit.due)  # noqa: PLW2901 - the nearer of the two
        _sync_one(state, deadline, found, facts, now)


def _meet_what_is_done(state: WatchState, now: datetime) -> None:
    """What the last act did is met by it, and not only stopped."""
    facts = known(state, local(now).date())
    for deadline in deadlines_of(state):
        clock = state.clocks.get(deadline.key)
        if clock is not None and clock.ticking and _is_done(state, deadline, facts, now):
            clocks.meet(state, deadline.key, now)


def due_before(state: WatchState, now: datetime) -> list[str]:
    """What was due before the watch began and nobody has recorded: not late here, but to be seen.

    Args:
        state: The watch.
        now: UTC.
    """
    today = local(now).date()
    facts = known(state, today)
    without = {path: value for path, value in facts.items() if path != STARTED}
    found: dict[str, str] = {}
    for deadline in deadlines_of(state):
        asked = wanted(deadline, without, state.held, state.procedure, state.calendar, today)
        only_shown = deadline.already_due == "shown" and deadline.on_due != "tell"
        if asked is None or not only_shown or asked.due >= state.started_at:
            continue
        last = held_of(deadline, state.held, anchor_of(deadline, facts))
        if last is None and not _is_done(state, deadline, facts, now):
            day = local(asked.due).date()
            what = deadline.key.replace("_", " ")
            found[deadline.key] = f"Was due on {day}, before this was opened: {what} ({deadline.cites[0]})"
    return list(found.values())


def _asked_now(state: WatchState, facts: Mapping[str, Any], today: date) -> dict[str, tuple[Deadline, Wanted | None]]:
    """By key, the deadline that runs now and when it is due; the first of its key where none does."""
    asked: dict[str, tuple[Deadline, Wanted | None]] = {}
    for deadline in deadlines_of(state):
        found = wanted(deadline, facts, state.held, state.procedure, state.calendar, today)
        if deadline.key not in asked or (found is not None and asked[deadline.key][1] is None):
            asked[deadline.key] = (deadline, found)
    return asked


def _sync_one(
    state: WatchState, deadline: Deadline, asked: Wanted | None, facts: Mapping[str, Any], now: datetime
) -> None:
    clock = state.clocks.get(deadline.key)
    ticking = clock is not None and clock.ticking
    if asked is None:
        over = bool(deadline.met_when) and all_hold(deadline.met_when, facts, local(now).date(), state.procedure)
        (clocks.meet if over else clocks.stop)(state, deadline.key, now)
        _unflag(state, deadline)
        return
    if _is_done(state, deadline, facts, now):
        if clock is None or (not ticking and clock.state is not ClockState.MET and deadline.key not in state.fired):
            _start(state, deadline, asked, now)
        clocks.meet(state, deadline.key, now)
        _unflag(state, deadline)
        return
    if state.fired.get(deadline.key) == asked.anchor:
        return
    if ticking and clock is not None and clock.due == asked.due:
        return
    if ticking:
        again = bool(deadline.repeat) and held_of(deadline, state.held, anchor_of(deadline, facts)) is not None
        (clocks.meet if again else clocks.stop)(state, deadline.key, now)
    _unflag(state, deadline)
    _start(state, deadline, asked, now)
    if not asked.fits:
        _want_a_sitting(state, deadline, now)


def _is_done(state: WatchState, deadline: Deadline, facts: Mapping[str, Any], now: datetime) -> bool:
    if deadline.met_when and all_hold(deadline.met_when, facts, local(now).date(), state.procedure):
        return True
    anchor = anchor_of(deadline, facts)
    return not deadline.repeat and anchor is not None and held_of(deadline, state.held, anchor) is not None


def _start(state: WatchState, deadline: Deadline, asked: Wanted, now: datetime) -> None:
    warns = _warns(state, deadline, asked.due)
    clocks.put(
        state,
        Clock(
            name=deadline.key,
            cites=deadline.cites[0],
            started=now,
            warns=warns if warns is not None and warns > now else None,
            due=asked.due,
            owner=deadline.owner,
            warn_tells=deadline.warn_tells,
        ),
    )


def _extra_sitting(deadline: Deadline) -> str:
    return f"No sitting falls in the window: an extra one is wanted ({deadline.cites[0]})"


def _want_a_sitting(state: WatchState, deadline: Deadline, now: datetime) -> None:
    posts = dict.fromkeys((deadline.owner, *deadline.tells))
    told = tuple(Notice(post=post, subject="extra_sitting_wanted") for post in posts)
    by = system(state.procedure)
    state.flags = [*state.flags, _extra_sitting(deadline)]
    note(state, now, "extra_sitting_wanted", by, cites=deadline.cites, notices=told, text=deadline.list_by)


def _warns(state: WatchState, deadline: Deadline, due: datetime) -> datetime | None:
    here = local(due)
    if deadline.warn is not None:
        hours = elapsed(deadline.warn)
        return due - hours if hours else instant(before_duration(here.date(), deadline.warn), here.time())
    if deadline.warn_working_days:
        return instant(add_working_days(here.date(), -deadline.warn_working_days, state.calendar), here.time())
    if deadline.warn_sittings and deadline.sitting is not None:
        return _sittings_before(here.date(), deadline.warn_sittings, state.procedure.forums[deadline.sitting], state)
    return None


def _sittings_before(day: date, count: int, forum: Forum, state: WatchState) -> datetime:
    for _ in range(count):
        day = last_sitting_by(day - DAY, forum, state.calendar)
    return instant(day, schedule_of(forum).starts)


def fall_due(state: WatchState, clock: Clock, now: datetime) -> None:
    """What a deadline does when it is due: it is late, proposes a referral, or tells people.

    Args:
        state: The watch.
        clock: Its clock.
        now: UTC.
    """
    today = local(now).date()
    facts = known(state, today)
    deadline, asked = _asked_now(state, facts, today).get(clock.name, (None, None))
    if deadline is None or deadline.on_due == "late":
        clocks.breach(state, clock, now)
        if deadline is not None:
            _tell(state, deadline, "deadline_passed", now)
        return
    state.fired = {**state.fired, deadline.key: asked.anchor if asked else str(anchor_of(deadline, facts))}
    clocks.stop(state, clock.name, now)
    if deadline.on_due == "propose":
        propose(state, deadline, now, asked.sitting if asked else None)
    else:
        _tell(state, deadline, "deadline_reached", now, owner=True)


def brought_to(state: WatchState, now: datetime) -> date | None:
    """The next sitting that a matter is brought to, by an open proposal or by a clock that runs.

    Args:
        state: The watch.
        now: UTC.
    """
    today = local(now).date()
    clocks_of = {key: found for key, (_, found) in _asked_now(state, known(state, today), today).items() if found}
    ticking = [key for key in clocks_of if key in state.clocks and state.clocks[key].ticking]
    sittings = [*(one.sitting for one in state.open_proposals), *(clocks_of[key].sitting for key in ticking)]
    return min((one for one in sittings if one is not None), default=None)


def _tell(state: WatchState, deadline: Deadline, subject: str, now: datetime, *, owner: bool = False) -> None:
    if deadline.flag is not None and deadline.flag not in state.flags:
        state.flags = [*state.flags, deadline.flag]
    posts = dict.fromkeys((*((deadline.owner,) if owner else ()), *deadline.tells))
    if posts:
        told = tuple(Notice(post=post, subject=f"{subject}:{deadline.key}") for post in posts)
        note(state, now, subject, system(state.procedure), cites=deadline.cites, notices=told, text=deadline.key)


def _unflag(state: WatchState, deadline: Deadline) -> None:
    gone = (deadline.flag, _extra_sitting(deadline))
    state.flags = [flag for flag in state.flags if flag not in gone]


def propose(state: WatchState, deadline: Deadline, now: datetime, sitting: date | None = None) -> None:
    """Propose a referral to a forum, and watch that somebody refers or says why not (A6).

    What nobody has answered yet is proposed anew, never twice.

    Args:
        state: The watch.
        deadline: What has come due; it names the forum.
        now: UTC.
        sitting: At which it is to be heard, where the deadline says so.
    """
    to, cites = deadline.proposed_to or deadline.owner, deadline.cites
    proposal = Proposal(
        deadline=deadline.key, forum=deadline.proposes or "", to=to, at=now, sitting=sitting, cites=cites[0]
    )
    others = [one for one in state.proposals if one.answer is not None or one.deadline != deadline.key]
    state.proposals = [*others, bring_back(state, deadline, proposal)]
    day = add_working_days(local(now).date(), deadline.answer_working_days, state.calendar)
    due = instant(day, CLOSE_OF_BUSINESS)
    name = f"{ANSWER}:{deadline.key}"
    asked = state.clocks.get(name)
    if asked is None or not asked.ticking:  # else somebody is still asked, and late if they are
        clocks.put(state, Clock(name=name, cites=cites[0], started=now, warns=None, due=due, owner=to))
    told = tuple(Notice(post=post, subject=f"referral_proposed:{deadline.proposes}") for post in (to, *deadline.tells))
    by = system(state.procedure)
    note(state, now, "referral_proposed", by, cites=cites, notices=told, text=deadline.key)
