"""Temporal Schedules of recurring duties, exactly as the councils' files say.

A schedule holds calendars with Europe/London as its time zone, so that nine o'clock stays nine o'clock through both
clock changes. While an occurrence is still open the next one waits, and only one of them does: what is overdue does not
pile up (A9). What a schedule was made from is told by a digest in the comments of its calendars, so that to bring them
up to date twice changes nothing. Whoever pauses a schedule in the Temporal UI keeps it paused, and the reason too.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleDescription,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.messages import WATCH_WORKFLOWS
from models.procedure import Council, Duty, WorkingCalendar
from models.watch import PREFIX, WatchStart, watch_id
from procedures.slices import slice_for_watch
from rules.authority import system
from rules.duties.recurring import AT, Round, rounds, scheduled

TIME_ZONE = "Europe/London"
CATCH_UP = timedelta(days=365)
"""A server that was away does what it missed: nothing is forgotten, and no more than one of each waits."""
DIGEST_LENGTH = 12
SUNDAYS = 7
"""Temporal counts the days of the week from Sunday."""


@dataclass(frozen=True)
class Wanted:
    """A schedule as the council's file wants it.

    Attributes:
        id: Its id, which begins the ids of what it starts.
        council: The council's key.
        duty: What comes round.
        rounds: When.
        start: What each occurrence begins with.
        task_queue: Where it runs.
    """

    id: str
    council: str
    duty: Duty
    rounds: tuple[Round, ...]
    start: WatchStart
    task_queue: str

    @property
    def note(self) -> str:
        """What people read in the Temporal UI."""
        return f"{self.duty.title} ({', '.join(self.duty.cites)})"

    @property
    def digest(self) -> str:
        """What all that the schedule is made from comes to."""
        made_of = f"{self.note}{self.rounds}{AT}{self.start.model_dump_json()}{self.task_queue}"
        return hashlib.sha256(made_of.encode()).hexdigest()[:DIGEST_LENGTH]

    def schedule(self, found: ScheduleState | None = None) -> Schedule:
        """The schedule itself.

        Args:
            found: How it stands with the server, where it is there: who paused it, and why, stays.
        """
        calendars = [_calendar(one, self.digest) for one in self.rounds]
        state = found if found is not None and found.paused else ScheduleState(note=self.note)
        action = ScheduleActionStartWorkflow(
            WATCH_WORKFLOWS["forum_duty"],
            self.start,
            id=self.id,
            task_queue=self.task_queue,
            static_summary=f"{self.duty.title} ({self.duty.cites[0]})",
        )
        return Schedule(
            action=action,
            spec=ScheduleSpec(calendars=calendars, time_zone_name=TIME_ZONE),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=CATCH_UP),
            state=state,
        )


@dataclass(frozen=True)
class Change:
    """What is to be done about one schedule. `wanted` is `None` for one that no file asks for any more."""

    what: Literal["keep", "create", "update", "delete"]
    id: str
    wanted: Wanted | None = None
    paused: bool = False


def schedule_id(council: str, duty: Duty) -> str:
    """The id of a duty's schedule: `duty/{council}/{forum}/{duty}`, or without a forum.

    Args:
        council: The council's key.
        duty: The duty.
    """
    return watch_id("forum_duty", council, "/".join(part for part in (duty.forum, duty.key) if part))


def wanted_schedules(council: Council, calendar: WorkingCalendar, task_queue: str, today: date) -> list[Wanted]:
    """The schedules that a council's files ask for.

    Args:
        council: The whole procedure.
        calendar: Its days off.
        task_queue: Where occurrences run.
        today: Local date: what fits no calendar is written out from this year on.
    """
    procedure = slice_for_watch(council, "forum_duty")
    found = []
    for duty in scheduled(council):
        own = schedule_id(council.key, duty)
        start = WatchStart(
            kind="forum_duty",
            council=council.key,
            reference=own.removeprefix(f"{PREFIX['forum_duty']}/{council.key}/"),
            actor=system(council),
            details={"duty": duty.key} | ({"forum": duty.forum} if duty.forum else {}),
            procedure=procedure,
            calendar=calendar,
        )
        found.append(Wanted(own, council.key, duty, rounds(duty, today.year), start, task_queue))
    return found


async def changes(client: Client, wanted: Iterable[Wanted], councils: Iterable[str]) -> list[Change]:
    """What has to be done so that the schedules are as the files say; nothing is done yet.

    Args:
        client: Connected.
        wanted: Of all these councils.
        councils: Whose schedules are looked at: others' are left alone.
    """
    found = []
    asked = {one.id: one for one in wanted}
    for own, one in asked.items():
        there = await _described(client, own)
        if there is None:
            found.append(Change("create", own, one))
            continue
        what: Literal["keep", "update"] = "keep" if _is_as_wanted(there.schedule, one) else "update"
        found.append(Change(what, own, one, paused=there.schedule.state.paused))
    prefixes = tuple(f"{PREFIX['forum_duty']}/{council}/" for council in councils)
    gone = [own async for own in _listed(client) if own.startswith(prefixes) and own not in asked]
    found += [Change("delete", own) for own in gone if await _described(client, own) is not None]
    return found


def _is_as_wanted(there: Schedule, wanted: Wanted) -> bool:
    """Whether a schedule is what the file makes, and nobody has edited it since."""
    spec = there.spec
    edited = bool(spec.intervals or spec.cron_expressions or spec.skip) or spec.time_zone_name != TIME_ZONE
    comments = [each.comment for each in spec.calendars]
    same_policy = there.policy.overlap is ScheduleOverlapPolicy.BUFFER_ONE
    return comments == [wanted.digest] * len(wanted.rounds) and same_policy and not edited


async def apply(client: Client, change: Change) -> None:
    """Bring one schedule up to date. Occurrences that are open stay so.

    Args:
        client: Connected.
        change: From `changes`.
    """
    if change.what == "create" and change.wanted is not None:
        try:
            await client.create_schedule(change.id, change.wanted.schedule())
        except ScheduleAlreadyRunningError:
            await _update(client, change.wanted)
    elif change.what == "update" and change.wanted is not None:
        await _update(client, change.wanted)
    elif change.what == "delete":
        await client.get_schedule_handle(change.id).delete()


async def _update(client: Client, wanted: Wanted) -> None:
    def as_wanted(found: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(wanted.schedule(found.description.schedule.state))

    await client.get_schedule_handle(wanted.id).update(as_wanted)


async def _described(client: Client, own: str) -> ScheduleDescription | None:
    try:
        return await client.get_schedule_handle(own).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise


async def _listed(client: Client) -> AsyncIterator[str]:
    async for one in await client.list_schedules():
        yield one.id


def _calendar(one: Round, comment: str) -> ScheduleCalendarSpec:
    years = ScheduleRange(one.first_year, one.last_year, one.every_years)
    always = one == Round(months=one.months, days=one.days, weekdays=one.weekdays)
    everything = ScheduleCalendarSpec()
    return ScheduleCalendarSpec(
        hour=[ScheduleRange(AT.hour)],
        minute=[ScheduleRange(AT.minute)],
        year=() if always else [years],
        month=[ScheduleRange(month) for month in one.months] or everything.month,
        day_of_month=[ScheduleRange(day) for day in one.days] or everything.day_of_month,
        day_of_week=[ScheduleRange((day + 1) % SUNDAYS) for day in one.weekdays] or everything.day_of_week,
        comment=comment,
    )
