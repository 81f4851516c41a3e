"""What people do about one occurrence of a duty: do it, or say why not. Its clock climbs until somebody does."""

from datetime import datetime, time

from models.clocks import Clock
from models.errors import RefusalCode, Refused
from models.forum_duty import CompleteDuty, DutyStage, ForumDutyState, SkipDuty, StartDuty
from models.people import Actor
from models.procedure import Council, Duty
from models.process import Notice
from models.watch import WatchStart
from rules import clocks
from rules.authority import next_up, system, title
from rules.duties.moves import DUTY_MOVES
from rules.process import ActRule, note
from rules.watches.kinds import Kind, WatchAct, earliest_owner, started
from rules.watches.saying import day, require_past, word
from rules.working_days import add_working_days, instant, local

CLOSE_OF_BUSINESS = time(17)


def duty_named(council: Council, name: str, forum: str | None = None) -> Duty:
    """A duty by its key, its title or a rule that it comes from.

    Args:
        council: The procedure.
        name: As somebody wrote it.
        forum: The forum, where several have such a duty.

    Raises:
        Refused: `unknown`, with the duties that there are.
    """
    found = [one for one in council.duties if word(name) in (one.key, word(one.title))]
    found = found or [one for one in council.duties if name.upper() in one.cites]
    here = [one for one in found if forum is not None and one.forum == forum]
    if not found:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{council.title} has no duty of that name.",
            f"Use one of: {', '.join(one.key for one in council.duties) or 'it has none'}.",
        )
    return (here or found)[0]


def begin(start: WatchStart, said: StartDuty, now: datetime) -> ForumDutyState:
    """One occurrence as it begins.

    Args:
        start: What starts it: a person, or a schedule.
        said: Which duty.
        now: UTC.

    Raises:
        Refused: `unknown`.
    """
    duty = duty_named(start.procedure, said.duty, said.forum)
    on = said.on or local(now).date()
    return ForumDutyState(
        **started(start, now),
        forum_key=duty.forum or "",
        duty=duty,
        on=on,
        asked=said.due,
        facts={"duty.key": duty.key, "duty.every": duty.every, "duty.on": on.isoformat(), "duty.owner": duty.owner},
    )


def after(state: ForumDutyState, now: datetime) -> None:
    """Run its one clock, and tell the owner that the duty has come round.

    Args:
        state: The occurrence.
        now: UTC.
    """
    duty = state.duty
    if duty.key in state.clocks or state.stage is not DutyStage.TO_DO:
        return
    last = state.asked or add_working_days(state.on, duty.within_working_days, state.calendar)
    due = instant(last, CLOSE_OF_BUSINESS)
    warns = instant(add_working_days(last, -duty.warn_working_days, state.calendar), CLOSE_OF_BUSINESS)
    clocks.put(
        state,
        Clock(
            name=duty.key,
            cites=duty.cites[0],
            started=now,
            warns=warns if duty.warn_working_days and warns > now else None,
            due=due,
            owner=duty.owner,
        ),
    )
    told = (Notice(post=duty.owner, subject=f"duty_has_come_round:{duty.key}"),)
    note(state, now, "duty_has_come_round", system(state.procedure), cites=duty.cites, notices=told, text=duty.key)


def _require_owner(state: ForumDutyState, actor: Actor) -> None:
    """Whoever owns it does it, or a post above; the ladder of posts has an end."""
    post: str | None = state.duty.owner
    for _ in state.procedure.posts:
        if post == actor.post:
            return
        post = next_up(state.procedure, post) if post else None
    owner = title(state.procedure, state.duty.owner)
    raise Refused(
        RefusalCode.NOT_AUTHORISED,
        f"This duty is the {owner.lower()}'s.",
        f"Ask the {owner.lower()}, or a post above.",
        state.duty.cites[0],
    )


def check_complete(state: ForumDutyState, said: CompleteDuty, actor: Actor, now: datetime) -> None:
    """Its owner, or a post above, says so once it is done."""
    _require_owner(state, actor)
    require_past(said.on, now)


def apply_complete(state: ForumDutyState, said: CompleteDuty, actor: Actor, now: datetime) -> None:
    """It is done: its clock is met."""
    state.facts = {**state.facts, "duty.done_on": day(said.on, now).isoformat()}
    state.facts |= {"duty.evidence": said.evidence} if said.evidence else {}
    _end(state, "complete_duty", "completed", now)
    said_so = said.model_dump(mode="json", exclude_none=True)
    note(state, now, "complete_duty", actor, cites=state.duty.cites, details=said_so, text=state.duty.key)


def check_skip(state: ForumDutyState, _said: SkipDuty, actor: Actor, _now: datetime) -> None:
    """Its owner, or a post above, leaves it out."""
    _require_owner(state, actor)


def apply_skip(state: ForumDutyState, said: SkipDuty, actor: Actor, now: datetime) -> None:
    """It is left out this time; the post that answers for the owner hears of it."""
    above = next_up(state.procedure, state.duty.owner) or state.duty.owner
    told = (Notice(post=above, subject=f"duty_skipped:{state.duty.key}"),)
    clocks.stop(state, state.duty.key, now)
    _end(state, "skip_duty", "skipped", now)
    details = {"reasons": said.reasons}
    note(state, now, "skip_duty", actor, cites=state.duty.cites, details=details, notices=told, text=state.duty.key)


def _end(state: ForumDutyState, trigger: str, outcome: str, now: datetime) -> None:
    clocks.meet(state, state.duty.key, now)
    DUTY_MOVES.fire(trigger, state)
    state.stage_since = now
    state.outcome = outcome


DUTY: Kind[ForumDutyState] = Kind(
    kind="forum_duty",
    starts="start_duty",
    shape=StartDuty,
    begin=begin,
    moves=DUTY_MOVES,
    acts={
        "complete_duty": WatchAct(
            ActRule(CompleteDuty, check_complete, apply_complete), on=lambda said, now: day(said.on, now)
        ),
        "skip_duty": WatchAct(ActRule(SkipDuty, check_skip, apply_skip)),
    },
    ended=lambda state: state.stage is not DutyStage.TO_DO,
    waiting_on=lambda state: earliest_owner(state, state.duty.owner),
    after=after,
)
"""Recurring duties."""
