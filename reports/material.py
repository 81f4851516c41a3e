"""What the sections of a report are made from, and the words for keys that the register holds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sql

from models.procedure import Council, WorkingCalendar
from procedures.calendars import working_calendar
from procedures.catalogue import catalogue
from register.reading.figures import ForumActivity, Span, Tally, activity
from register.reading.placement_figures import Drifting, PlacementLine, contracts_ending, drifting
from register.reading.timeliness import ANSWER, OverdueAction, Timeliness, overdue_actions, timeliness
from reports.shapes import Cell, Chart, Column, Section, Table, summed

YEARS_OF_A_CALENDAR = 4
YEARS_BACK = 3
"""Clocks of a report may have started before its period; from further back, only bank holidays are not left out."""
WATCHES = {
    "placement": "placement",
    "episode": "care_episode",
    "package": "support_package",
    "transfer": "case_transfer",
    "unit": "unit_meeting",
    "duty": "forum_duty",
}
"""Where a council keeps the deadlines of each kind of process, by the first word of its ids."""
CLOCKS = {
    "cut_off": "Submitted by the cut-off",
    "post_decision": "A post decides",
    "listing": "A place at a sitting is found",
    "review": "A review is brought back",
    "action": "An action is done",
    "alternative_plan": "A safe alternative after a panel did not ratify",
    "not_done": "An action that was not done is replaced or closed",
    "emergency_hearing": "An emergency goes before the panel",
    "decision_sheet": "The chair approves the decision sheet",
    "sitting_opening": "A sitting with cases opens",
    "sitting_end": "A sitting is closed on its day",
    "response": "The response to a request",
    "list_by": "Listed in time",
    "renewal": "A renewal is asked for",
}
"""Clocks of journeys and sittings; those of a council's files have their titles there."""


@dataclass(frozen=True)
class Material:
    """What a section is made from.

    Attributes:
        connection: To the register, caught up.
        council: Its whole procedure.
        span: Council and period.
        before: The period before.
        calendar: Days off of the years that the report looks at.
    """

    connection: sql.Connection
    council: Council
    span: Span
    before: Span
    calendar: WorkingCalendar

    @cached_property
    def activity(self) -> list[ForumActivity]:
        """What each forum did."""
        return activity(self.connection, self.span)

    @cached_property
    def timeliness(self) -> list[Timeliness]:
        """How every deadline was met."""
        return timeliness(self.connection, self.span, self.calendar)

    @cached_property
    def overdue(self) -> list[OverdueAction]:
        """Actions that nobody has done."""
        return overdue_actions(self.connection, self.span)

    @cached_property
    def ending(self) -> list[PlacementLine]:
        """Placements whose contract ends soon."""
        return contracts_ending(self.connection, self.span)

    @cached_property
    def drifting(self) -> list[Drifting]:
        """Placements that drift."""
        return drifting(self.connection, self.span)

    def forum(self, key: str) -> str:
        """A forum's title.

        Args:
            key: Of the forum.
        """
        forum = self.council.forums.get(key)
        return forum.title if forum else said(key) or "No forum"

    def deadline(self, kind: str, name: str) -> str:
        """What a deadline is called.

        Args:
            kind: The first word of the ids of its processes.
            name: Of the clock, without the part that numbers it.
        """
        start, _, rest = name.partition(":")
        key = rest if start == ANSWER and rest else name
        rules = getattr(self.council, WATCHES.get(kind, ""), None)
        for deadline in (*(rules.deadlines if rules else ()), *self.council.law_deadlines):
            if deadline.key == key:
                return f"Answer to the proposal: {deadline.title}" if key == rest else deadline.title
        return CLOCKS.get(name, said(name).capitalize())

    def cites(self, rules: Iterable[str]) -> tuple[str, ...]:
        """Those rules that are of this council's procedure.

        Args:
            rules: Ids.
        """
        known = catalogue()
        return tuple(rule for rule in rules if rule in known and known[rule].council == self.council.title)


Builder = Callable[[Material], Section]


def said(key: str) -> str:
    """A key as people write it.

    Args:
        key: Such as `head_of_service`.
    """
    return key.replace("_", " ")


def title_of(key: str) -> str:
    """A key as it begins a line.

    Args:
        key: Such as `approved_with_conditions`.
    """
    words = said(key)
    return words[:1].upper() + words[1:] if words else "Not said"


def days_off(council: str, span: Span) -> WorkingCalendar:
    """The days off of the years that a report looks at, and of some before.

    Args:
        council: The council's key.
        span: Its period.
    """
    years = range(span.first.year - YEARS_BACK, span.last.year + 1, YEARS_OF_A_CALENDAR)
    found = [working_calendar(council, year) for year in years]
    days = sorted({day for calendar in found for day in calendar.days_off})
    return found[-1].model_copy(update={"days_off": tuple(days)})


def crossed(material: Material, tallies: Sequence[Tally], first: str, words: Mapping[str, str] | None = None) -> Table:
    """Tallies by forum as a table with a column for each forum, a row for each second key, and all sums.

    Args:
        material: For the forums' titles.
        tallies: By forum (`key`) and something else (`by`).
        first: What the first column is called.
        words: What the second keys are called, where not as they stand.
    """
    forums = sorted({tally.key for tally in tallies})
    counts = {(tally.by, tally.key): tally.count for tally in tallies}
    columns = (Column(title=first, kind="text"), *(Column(title=material.forum(key)) for key in forums))
    columns = (*columns, Column(title="All"))
    rows: list[tuple[Cell, ...]] = []
    for by in sorted({tally.by for tally in tallies}, key=lambda by: -sum(counts.get((by, key), 0) for key in forums)):
        cells = [counts.get((by, forum), 0) for forum in forums]
        rows.append(((words or {}).get(by, title_of(by)), *cells, sum(cells)))
    total = summed(rows, columns) if rows else None
    return Table(columns=columns, rows=tuple(rows), total=total, adds="both", ranked=True)


def all_of(table: Table, title: str) -> tuple[Chart, ...]:
    """A bar chart of the last column of a table.

    Args:
        table: With sums.
        title: Of the chart.
    """
    return (Chart(kind="bar", title=title, columns=(len(table.columns) - 1,)),) if table.rows else ()
