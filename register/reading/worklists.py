"""Worklists: what is for somebody to do now, in sections, the longest waiting first.

A **desk** is what somebody may see: their post and unit, and the references under which work is theirs by name. The
posts' work is matched by post and unit, so that nobody sees another unit's; what names a person is only theirs.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, assert_never

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.procedure import WorkingCalendar
from models.vocabulary import Stage
from register.reading import worklist_queries as queries
from register.reading.desks import Desk, Eyes, Found, with_orphans
from register.reading.working_age import WorkingAge
from register.reading.worklist_queries import Wanted
from rules.working_days import local

PAGE = 50
"""Lines that a section shows; its total says how many there are."""
SOON = timedelta(days=14)
"""How far ahead the work of an administrator, and of what is watched over, is shown."""
REVIEWS_AHEAD = timedelta(days=42)
"""How far ahead a review is whoever referred's to prepare."""


class Part(StrEnum):
    """The sections of a worklist, in their order."""

    ESCALATED = "escalated"
    ACTIONS = "actions"
    SIGN_OFF = "sign_off"
    ENDORSEMENT = "endorsement"
    DECISION = "decision"
    SHEETS = "sheets"
    MINUTES = "minutes"
    RETURNED = "returned"
    PROPOSALS = "proposals"
    ADMINISTER = "administer"
    MEETINGS = "meetings"
    WATCHES = "watches"
    CHAIRING = "chairing"
    REVIEWS = "reviews"


TITLES: dict[Part, str] = {
    Part.ESCALATED: "Escalated, and taken up by nobody yet",
    Part.ACTIONS: "My open actions",
    Part.SIGN_OFF: "Awaiting my sign-off",
    Part.ENDORSEMENT: "Awaiting my endorsement",
    Part.DECISION: "Awaiting my decision",
    Part.SHEETS: "Decision sheets to approve",
    Part.MINUTES: "Minutes to approve",
    Part.RETURNED: "Returned or deferred to me",
    Part.PROPOSALS: "Proposed: to refer, or not",
    Part.ADMINISTER: "To be listed or heard",
    Part.MEETINGS: "Sittings to run",
    Part.WATCHES: "Due soon, or late: placements, packages and more",
    Part.CHAIRING: "Sittings that I chair",
    Part.REVIEWS: "Reviews to prepare",
}
"""What each section is called."""
ACTS: dict[Part, tuple[str, ...]] = {
    Part.ESCALATED: ("acknowledge_escalation",),
    Part.ACTIONS: ("complete_action", "report_action_not_done"),
    Part.SIGN_OFF: ("sign_off", "return_for_changes"),
    Part.ENDORSEMENT: ("endorse", "return_for_changes"),
    Part.DECISION: ("decide_as_post",),
    Part.SHEETS: ("approve_decision",),
    Part.MINUTES: ("approve_minutes",),
    Part.RETURNED: ("amend", "supply_document", "withdraw"),
    Part.PROPOSALS: ("answer_proposal",),
    Part.ADMINISTER: ("hear", "supply_document"),
    Part.MEETINGS: ("open_sitting", "hear", "record_decision", "close_sitting"),
    Part.WATCHES: (),
    Part.CHAIRING: ("send_apologies", "declare_interest"),
    Part.REVIEWS: ("amend",),
}
"""What one mostly does about each; `starter.py show` says what is legal now."""


BY_DAY = (Part.ACTIONS, Part.CHAIRING, Part.MEETINGS, Part.REVIEWS)
FIRST = datetime.min.replace(tzinfo=UTC)


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True)


class Line(_Shape):
    """One thing to do.

    `since` is since when it waits (UTC), `working_days` for how many of the council's working days; `due` is an
    instant, `on` a local day where there is no more than that. `what` is a short text of references and keys.
    `covering` is whom it is done for. `needs_other_eyes`: whoever holds the post in the case's unit, or whose worklist
    it is, referred or signed the case before; `acts` are what can be done about it all the same.
    """

    part: Part
    process: str
    reference: str
    kind: str
    forum: str
    child_ref: str | None
    unit: str
    stage: str
    since: datetime | None
    working_days: int | None
    due: datetime | None
    on: date | None
    overdue: bool
    escalated: bool
    priority: str
    what: str
    acts: tuple[str, ...]
    covering: str | None = None
    needs_other_eyes: bool = False


class Section(_Shape):
    """One kind of work: how much there is, and the first lines of it."""

    part: Part
    title: str
    total: int
    lines: tuple[Line, ...]


class Worklist(_Shape):
    """What is for somebody, or for a post, to do. `covering` are those whose work they do besides."""

    council: str
    staff: str | None
    post: str
    unit: str | None
    at: datetime
    covering: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not any(section.total for section in self.sections)


def worklist(
    connection: sql.Connection, desk: Desk, others: Iterable[Desk], now: datetime, calendar: WorkingCalendar
) -> Worklist:
    """What is for somebody to do.

    Args:
        connection: To the register, caught up.
        desk: Whose worklist.
        others: The desks of those for whom they stand in.
        now: UTC.
        calendar: The council's days off.
    """
    age = WorkingAge(calendar, local(now).date())
    desk, *covered = [with_orphans(connection, one) for one in (desk, *others)]
    sections = []
    for part in Part:
        lines, total, seen = [], 0, set()
        for whose in (desk, *covered):
            found, count = ASKED[part](Wanted(connection, whose, PAGE), now)
            new = [one for one in found if (one.process, one.what) not in seen]
            seen |= {(one.process, one.what) for one in new}
            total += count - (len(found) - len(new))
            lines += [_line(part, one, age, now, whose.covering) for one in new]
        if lines:
            lines.sort(key=_order(part))
            sections.append(Section(part=part, title=TITLES[part], total=total, lines=tuple(lines[:PAGE])))
    return Worklist(
        council=desk.council,
        staff=desk.staff[0] if desk.staff else None,
        post=desk.post,
        unit=desk.unit,
        at=now,
        covering=tuple(dict.fromkeys(one.covering for one in covered if one.covering)),
        sections=tuple(sections),
    )


def _today(now: datetime) -> date:
    return local(now).date()


ASKED: dict[Part, Callable[[Wanted, datetime], queries.Answer]] = {
    Part.ESCALATED: lambda wanted, _: queries.escalated(wanted),
    Part.ACTIONS: lambda wanted, _: queries.actions(wanted),
    Part.SIGN_OFF: lambda wanted, _: queries.to_sign(wanted, Stage.AWAITING_SIGN_OFF),
    Part.ENDORSEMENT: lambda wanted, _: queries.to_sign(wanted, Stage.AWAITING_ENDORSEMENT),
    Part.DECISION: lambda wanted, _: queries.to_sign(wanted, Stage.AWAITING_DECISION),
    Part.SHEETS: lambda wanted, _: queries.sheets(wanted),
    Part.MINUTES: lambda wanted, _: queries.minutes(wanted),
    Part.RETURNED: lambda wanted, _: queries.returned(wanted),
    Part.PROPOSALS: lambda wanted, _: queries.proposals(wanted),
    Part.ADMINISTER: lambda wanted, _: queries.to_administer(wanted),
    Part.MEETINGS: lambda wanted, now: queries.meetings(wanted, _today(now) + SOON),
    Part.WATCHES: lambda wanted, now: queries.watches(wanted, now + SOON),
    Part.CHAIRING: lambda wanted, now: queries.chairing(wanted, _today(now)),
    Part.REVIEWS: lambda wanted, now: queries.reviews(wanted, _today(now) + REVIEWS_AHEAD),
}
"""What each section asks for."""


def _order(part: Part) -> Callable[[Line], Any]:
    """The longest waiting first; what has a day or a deadline to keep, by that."""
    if part is Part.WATCHES:
        return lambda line: (line.due or FIRST, line.process)
    by_day = part in BY_DAY
    return lambda line: (line.on if by_day and line.on else date.min, line.since or FIRST, line.process, line.what)


def _acts(part: Part, eyes: Eyes) -> tuple[str, ...]:
    """What one can do: the act for which eyes count is the first of its section."""
    acts = ACTS[part]
    match eyes:
        case Eyes.MINE:
            return acts
        case Eyes.OTHERS:
            return acts[1:]
        case Eyes.INSTEAD:
            return acts[:1]
        case Eyes.TOLD:
            return ()
        case _:
            assert_never(eyes)


def _line(part: Part, found: Found, age: WorkingAge, now: datetime, covering: str | None) -> Line:
    late = found.overdue
    if part is Part.ACTIONS and found.on is not None:
        late = found.on < _today(now)
    return Line(
        part=part,
        process=found.process,
        reference=found.reference,
        kind=found.kind,
        forum=found.forum,
        child_ref=found.child_ref,
        unit=found.unit,
        stage=found.stage,
        since=found.since,
        working_days=age.of(found.since) if found.since else None,
        due=found.due,
        on=found.on,
        overdue=late,
        escalated=found.escalated,
        priority=found.priority,
        what=found.what,
        acts=_acts(part, found.eyes),
        covering=covering,
        needs_other_eyes=found.eyes is not Eyes.MINE,
    )
