"""What every paper of a meeting is made from, read once from the register: the meeting, its cases and the procedure."""

from datetime import datetime
from typing import Self

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.identifiers import SittingKey
from models.procedure import Council, Forum, WorkingCalendar
from register.reading.decisions import Case, cases_of
from register.reading.sitting_parts import Line, Person
from register.reading.sittings import Sitting, sitting_of

LATE = "Late, by agreement"
"""How the flags of a case read."""


class Content(BaseModel):
    """A frozen part of what a paper says."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Meeting(BaseModel):
    """A meeting with its cases and rules."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    council: Council
    forum: Forum
    calendar: WorkingCalendar
    sitting: Sitting
    cases: dict[str, Case]

    @classmethod
    def read(
        cls, connection: sql.Connection, key: SittingKey, council: Council, calendar: WorkingCalendar
    ) -> Self | None:
        """Read a meeting; `None` where the register has none.

        Args:
            connection: To the register, caught up.
            key: Council, forum and local date.
            council: Its procedure.
            calendar: Its days off.
        """
        sitting = sitting_of(connection, key.council, key.forum, key.on)
        if sitting is None:
            return None
        cases = cases_of(connection, [line.journey for line in sitting.lines])
        return cls(council=council, forum=council.forums[key.forum], calendar=calendar, sitting=sitting, cases=cases)

    @property
    def position(self) -> int:
        """The last event of the register that papers of this meeting rest on."""
        return max((self.sitting.position, *(case.position for case in self.cases.values())))

    @property
    def as_of(self) -> datetime:
        """When that was, UTC."""
        return max((self.sitting.last_at, *(case.last_at for case in self.cases.values())))

    def part_of(self, line: Line) -> Forum:
        """The forum that a case goes to: a part of the meeting, or the forum that sits.

        Args:
            line: Of the agenda.
        """
        return self.council.forums.get(line.forum, self.forum)

    def person(self, staff: str) -> Person:
        """Somebody with the post in which they were in the room, where that is known.

        Args:
            staff: Staff reference.
        """
        return next((one for one in self.sitting.present if one.staff == staff), Person(staff=staff))


def flags_of(line: Line) -> tuple[str, ...]:
    """What is out of the ordinary about a case on an agenda.

    Args:
        line: Of the agenda.
    """
    said = {
        "Emergency": line.emergency,
        LATE: line.late,
        "Carried over": line.carried_over,
        "Beyond the limit, by agreement": line.extra,
        "Place held: its papers are to come": line.provisional,
    }
    return tuple(word for word, holds in said.items() if holds)
