"""A forum that cannot meet: impossible schedules, contradictory limits, seats and a quorum that nobody fills."""

from collections.abc import Iterator

from models.data import Weekday
from models.procedure import Council, Forum
from models.timetable import Capacity, CutOff, Schedule
from procedures.checks.conditions import ANY_DAY
from rules.working_days import after_duration

OF_ITS_PANEL = ("schedule", "capacity", "quorum", "chairing")
"""What a part of another forum's meeting takes from that forum."""


def meets(council: Council, forum: Forum, where: str) -> Iterator[str]:
    """What keeps a forum from meeting.

    Args:
        council: The procedure.
        forum: The forum.
        where: Its file.
    """
    if forum.in_force_until is not None and forum.in_force_until < forum.in_force_from:
        yield f"{where}: forum.in_force_until: lies before in_force_from. Correct one of them."
    if forum.sits_with is not None:
        yield from _sits_with(council, forum, where)
    elif forum.body == "sitting":
        for part in ("schedule", "capacity", "quorum"):
            if getattr(forum, part) is None:
                yield f"{where}: {part}: is missing; a forum that sits needs it. Write [{part}]."
        if not any(seat.role == "chair" for seat in forum.seats):
            yield f"{where}: seats: nobody chairs. Give one seat the role chair."
    if forum.schedule is not None:
        yield from _schedule(forum.schedule, where)
    if forum.cut_off is not None:
        yield from _cut_off(forum.cut_off, where)
    if forum.capacity is not None:
        yield from _capacity(forum.capacity, where)
    yield from _quorum(forum, where)
    yield from _ahead(forum, where)


def _sits_with(council: Council, forum: Forum, where: str) -> Iterator[str]:
    panel = council.forums.get(str(forum.sits_with))
    if panel is None or panel.key == forum.key:
        yield f"{where}: forum.sits_with: there is no other forum {forum.sits_with}. Write its file or correct the key."
    elif panel.body != "sitting" or panel.sits_with is not None:
        yield f"{where}: forum.sits_with: {panel.key} has no meeting of its own. Name the forum that meets."
    if forum.body != "sitting":
        yield f'{where}: forum.body: a part of a meeting sits. Write body = "sitting".'
    for part in OF_ITS_PANEL:
        if getattr(forum, part):
            yield f"{where}: {part}: is that of {forum.sits_with}, with which this forum sits. Remove it."


def _schedule(schedule: Schedule, where: str) -> Iterator[str]:
    if schedule.weekday in (Weekday.SATURDAY, Weekday.SUNDAY):
        yield f"{where}: schedule.weekday: nobody works on a {schedule.weekday}. Name a working day."
    if schedule.every == "month" and schedule.nth in (None, 0):
        yield f"{where}: schedule.nth: which {schedule.weekday} of the month? Write 1 to 5, or -1: the last."
    if schedule.every == "week" and schedule.nth is not None:
        yield f'{where}: schedule.nth: belongs to every = "month". Remove it or correct every.'
    if schedule.interval > 1 and schedule.anchor is None:
        yield f"{where}: schedule.anchor: is missing: {schedule.interval} {schedule.every}s from when? Write a day."
    days = [meeting.on for meeting in schedule.dates]
    if len(set(days)) < len(days):
        yield f"{where}: schedule.dates: a day stands there twice. Remove one."
    for number, meeting in enumerate(schedule.dates):
        if meeting.papers_by is not None and meeting.papers_by.date() > meeting.on:
            yield f"{where}: schedule.dates.{number}.papers_by: lies after the meeting. Correct one of them."


def _cut_off(cut_off: CutOff, where: str) -> Iterator[str]:
    if (cut_off.weekday is None) == (cut_off.working_days_before is None):
        yield f"{where}: cut_off: needs weekday or working_days_before, and not both. Write one."
    if cut_off.weekday in (Weekday.SATURDAY, Weekday.SUNDAY):
        yield f"{where}: cut_off.weekday: nobody works on a {cut_off.weekday}. Name a working day."


def _capacity(capacity: Capacity, where: str) -> Iterator[str]:
    if capacity.cases is not None and capacity.target is not None and capacity.target > capacity.cases:
        yield f"{where}: capacity.target: {capacity.target} is more than the {capacity.cases} that it hears. Lower it."


def _quorum(forum: Forum, where: str) -> Iterator[str]:
    quorum = forum.quorum
    if quorum is None:
        return
    counted = [seat for seat in forum.seats if seat.role in ("chair", "independent", "member")]
    others = [seat for seat in counted if seat.role != "chair"]
    of_post = sum(seat.count for seat in others if quorum.post is None or quorum.post in seat.post)
    if of_post < quorum.independent:
        yield (
            f"{where}: quorum.independent: asks for {quorum.independent}, and only {of_post} seats are of "
            f"that post. Add seats or lower the quorum."
        )
    seats = sum(seat.count for seat in counted)
    if quorum.seats is not None and quorum.seats > seats:
        yield f"{where}: quorum.seats: asks for {quorum.seats}, and there are {seats}. Add seats or lower the quorum."
    held = {post for seat in forum.seats for post in seat.post}
    for post in quorum.each_of:
        if post not in held:
            yield f"{where}: quorum.each_of: no seat is held by a {post}. Add a seat or leave the post out."


def _ahead(forum: Forum, where: str) -> Iterator[str]:
    """Papers, minutes and dates of a case that contradict each other."""
    if forum.papers_check is not None and forum.body != "sitting":
        yield f"{where}: papers_check: only a forum that sits has papers to look through. Remove it."
    if forum.list_by is not None:
        try:
            order = [after_duration(ANY_DAY, getattr(forum.list_by, key)) for key in ("earliest", "target", "latest")]
        except ValueError:
            return
        if order != sorted(order):
            yield f"{where}: list_by: earliest, target and latest do not follow one another. Put them in order."
