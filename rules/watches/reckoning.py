"""When a deadline is due: pure arithmetic over what a watch knows.

Hours elapse, through weekends and clock changes (A4). All else are local days, due at the deadline's own time of day in
Europe/London; months clamp to their end, and "more than" is due the day after the anniversary (A5).
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from models.deadlines import Deadline
from models.procedure import Council, Forum, WorkingCalendar
from models.timetable import ListBy
from models.watch import Held
from rules.conditions import all_hold, as_day
from rules.meetings import last_sitting_by, meetings_between, schedule_of, sittings_from
from rules.working_days import DAY, add_working_days, after_duration, before_duration, instant, local

HOURS = re.compile(r"PT(\d+)H")
STARTED = "watch.started_on"
"""Path of the local day on which a watch began."""
SERIES = 1_000
"""Occurrences of a deadline that are counted: far more than any childhood has."""


class Wanted(NamedTuple):
    """When a deadline is due (UTC), the anchor that it counts from as text, and the sitting it is brought to.

    `fits` is false when no sitting lies in the window that it asks for.
    """

    due: datetime
    anchor: str
    sitting: date | None = None
    fits: bool = True


def elapsed(duration: str) -> timedelta | None:
    """A duration in hours; `None` when it counts days.

    Args:
        duration: ISO 8601.
    """
    found = HOURS.fullmatch(duration)
    return timedelta(hours=int(found[1])) if found else None


def as_instant(value: Any, at: time) -> datetime:  # noqa: ANN401 - a day or an instant in any of its forms
    """An instant (UTC) of a fact: an instant as it is, a day at a time of that day in Europe/London.

    Args:
        value: A date, a datetime or ISO text.
        at: Local time for a value that is only a day.
    """
    if isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else instant(value.date(), value.time())).astimezone(UTC)
    return instant(as_day(value), at)


def local_day(value: Any) -> date:  # noqa: ANN401 - a day or an instant in any of its forms
    """The local date of a fact.

    Args:
        value: A date, a datetime or ISO text.
    """
    return local(as_instant(value, time(12))).date()


def anchor_of(deadline: Deadline, facts: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a day or an instant
    """The latest of the days or instants that a deadline counts from; `None` when none is known.

    Args:
        deadline: The deadline.
        facts: What the watch knows.
    """
    known = [facts[path] for path in deadline.anchor if facts.get(path) is not None]
    return max(known, key=lambda value: as_instant(value, time(0)), default=None)


def in_force(deadline: Deadline, facts: Mapping[str, Any], anchor: Any) -> bool:  # noqa: ANN401 - a day or an instant
    """Whether a deadline of a dated regime applies: by the day that it is judged on, else the anchor.

    Args:
        deadline: The deadline.
        facts: What the watch knows.
        anchor: What it counts from.
    """
    judged = facts.get(deadline.judged_on) if deadline.judged_on else anchor
    if judged is None:
        return False
    day = local_day(judged)
    late_enough = deadline.in_force_from is None or deadline.in_force_from <= day
    return late_enough and (deadline.in_force_until is None or day <= deadline.in_force_until)


def held_of(deadline: Deadline, held: Mapping[str, Held], anchor: Any) -> Held | None:  # noqa: ANN401 - a day or an instant
    """When what meets a deadline was last done; one that repeats or counts afresh forgets what lies before its anchor.

    Args:
        deadline: The deadline.
        held: What was done, by act or `act:key`.
        anchor: What it counts from.
    """
    done = [held[key] for key in deadline.met_by if key in held]
    if deadline.repeat or deadline.counts_afresh:
        done = [one for one in done if one.on >= local_day(anchor)]
    return max(done, key=lambda one: (one.on, one.at), default=None)


def times_since(last: Held, anchor: Any) -> int:  # noqa: ANN401 - a day or an instant
    """How often something was done since an anchor, as far as it is remembered: the same day counts once.

    Args:
        last: When it was last done, on or after the anchor.
        anchor: What is counted from.
    """
    return len({day for day in last.days if day >= local_day(anchor)}) or last.count


def wanted(  # noqa: PLR0913 - all that a deadline is reckoned from
    deadline: Deadline,
    facts: Mapping[str, Any],
    held: Mapping[str, Held],
    council: Council,
    calendar: WorkingCalendar,
    today: date,
) -> Wanted | None:
    """When a deadline is due; `None` when it does not run now. Whether it is met already is not asked here.

    Args:
        deadline: The deadline.
        facts: What the watch knows.
        held: What was done.
        council: The procedure.
        calendar: The days off that the process carries.
        today: Local date.
    """
    anchor = anchor_of(deadline, facts)
    if anchor is None or not in_force(deadline, facts, anchor):
        return None
    if not all_hold(deadline.when, facts, today, council):
        return None
    last = held_of(deadline, held, anchor)
    if deadline.repeat and last is not None:
        again = deadline.repeat[min(times_since(last, anchor), len(deadline.repeat)) - 1]
        return _brought(deadline, after_duration(last.on, again), last.on, council, calendar, today)
    if (due := _to_the_hour(deadline, anchor)) is not None:
        return Wanted(due, str(anchor))
    if deadline.list_by is not None:
        return _in_window(deadline, council.forums[deadline.list_by], local_day(anchor), str(anchor), calendar)
    found = _brought(deadline, _day(deadline, local_day(anchor), calendar), anchor, council, calendar, today)
    return _from_the_start(deadline, _once_heard(deadline, found, local_day(anchor), facts), facts)


def _from_the_start(deadline: Deadline, asked: Wanted, facts: Mapping[str, Any]) -> Wanted | None:
    """What was due before the watch began and is only shown does not run; the next of a series does."""
    start = facts.get(STARTED)
    if deadline.already_due == "late" or start is None or local(asked.due).date() >= as_day(start):
        return asked
    day = local(asked.due).date()
    for number in range(SERIES if deadline.repeat else 0):
        day = after_duration(day, deadline.repeat[min(number, len(deadline.repeat) - 1)])
        if day >= as_day(start):
            return asked._replace(due=instant(day, deadline.at))
    return None


def _once_heard(deadline: Deadline, asked: Wanted, since: date, facts: Mapping[str, Any]) -> Wanted:
    """Where the forum heard the case since the anchor: not before its own next review, or `rearm` after it (A6)."""
    forum = deadline.proposes
    told = [facts.get(f"held.told_{what}:{forum}") for what in ("heard", "decided")]
    heard = max((as_day(day) for day in told if day is not None), default=None)
    if deadline.rearm is None or heard is None or heard < since:
        return asked
    review = facts.get(f"panel.{forum}.next_review")
    own = as_day(review) if review is not None else heard
    day = own if own > heard else after_duration(heard, deadline.rearm)
    return asked._replace(due=max(asked.due, instant(day, deadline.at)), anchor=f"{asked.anchor}, heard {heard}")


def _to_the_hour(deadline: Deadline, anchor: Any) -> datetime | None:  # noqa: ANN401 - a day or an instant
    """Where hours elapse: after an anchor (a day begins at midnight) or before it (a day comes at `at`)."""
    if deadline.after is not None and (hours := elapsed(deadline.after)) is not None:
        return as_instant(anchor, time(0)) + hours
    if deadline.before is not None and (hours := elapsed(deadline.before)) is not None:
        return as_instant(anchor, deadline.at) - hours
    return None


def _day(deadline: Deadline, anchor: date, calendar: WorkingCalendar) -> date:
    if deadline.working_days is not None:
        return add_working_days(anchor, deadline.working_days, calendar)
    if deadline.before is not None:
        return before_duration(anchor, deadline.before)
    return after_duration(anchor, deadline.after or "P0D") + (DAY if deadline.more_than else timedelta(0))


def _brought(  # noqa: PLR0913 - a day, and all that its sitting is found by
    deadline: Deadline,
    day: date,
    anchor: Any,  # noqa: ANN401 - a day or an instant
    council: Council,
    calendar: WorkingCalendar,
    today: date,
) -> Wanted:
    if deadline.sitting is None:
        return Wanted(instant(day, deadline.at), str(anchor))
    forum = council.forums[deadline.sitting]
    if deadline.sitting_is == "on_or_after":
        sitting = _next_sitting(day, anchor, forum, calendar)
    else:
        sitting = last_sitting_by(day, forum, calendar)
        if sitting < today and deadline.on_due == "propose":
            sitting = next(sittings_from(today, forum, calendar))
    due = add_working_days(sitting, -deadline.sitting_working_days, calendar)
    return Wanted(instant(due, deadline.at), str(anchor), sitting)


def _next_sitting(day: date, anchor: Any, forum: Forum, calendar: WorkingCalendar) -> date:  # noqa: ANN401
    """The next sitting on or after a day; one that had begun before the anchor's own instant is past (A10)."""
    sitting = next(sittings_from(day, forum, calendar))
    begins = instant(sitting, schedule_of(forum).starts)
    return next(sittings_from(day + DAY, forum, calendar)) if as_instant(anchor, time(0)) > begins else sitting


def _in_window(deadline: Deadline, forum: Forum, since: date, anchor: str, calendar: WorkingCalendar) -> Wanted:
    """The last sitting of the forum's window, even before the target; else the last day of it (D13)."""
    rule = forum.list_by or ListBy(anchor=(), earliest="P0D", target="P0D", latest="P0D", cites=deadline.cites)
    latest = after_duration(since, rule.latest)
    window = meetings_between(after_duration(since, rule.earliest), latest, forum, calendar)
    if window:
        return Wanted(instant(window[-1], deadline.at), anchor, window[-1])
    return Wanted(instant(latest, deadline.at), anchor, None, fits=False)
