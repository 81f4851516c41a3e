"""Which papers have to go out when: by the forum's own rule (HRT-044, CBC-077, HAC-243, HAC-374), else at the cut-off.

A forum without such a rule owes nobody its papers by a day; its agenda is drafted once referrals are closed.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.identifiers import SittingKey
from models.procedure import Council, WorkingCalendar
from register.papers import PaperKind, last_versions
from register.reading.sittings import Meeting, meetings_ahead
from rules.schedule import cut_off_for, papers_due
from rules.working_days import local

LOOKS_AHEAD = timedelta(days=42)
"""Further ahead than any forum sends its papers."""

Councils = Callable[[str], Council]
Calendars = Callable[[str, int], WorkingCalendar]


class Due(BaseModel):
    """Papers that have to go out. `due` is UTC; `agenda` is the last version of the agenda, 0 for none."""

    model_config = ConfigDict(frozen=True)

    sitting: SittingKey
    starts: datetime
    cases: int
    due: datetime
    ruled: bool
    cites: tuple[str, ...]
    agenda: int

    def when(self, now: datetime) -> str:
        """How soon they have to go out: `late`, `today`, `this week` (within seven days) or `later`.

        Args:
            now: UTC.
        """
        left = (local(self.due).date() - local(now).date()).days
        if self.due < now:
            return "late"
        if left == 0:
            return "today"
        return "this week" if left <= 7 else "later"  # noqa: PLR2004 - a week has seven days


def due_papers(
    connection: sql.Connection, now: datetime, councils: Councils, calendars: Calendars, council: str | None = None
) -> list[Due]:
    """The papers of meetings ahead that have not been circulated, the most urgent first.

    Args:
        connection: To the register, caught up.
        now: UTC.
        councils: Loads a council's procedure by its key.
        calendars: Loads a council's days off by its key and first year.
        council: Only this one's.
    """
    today = local(now).date()
    ahead = [one for one in meetings_ahead(connection, today, today + LOOKS_AHEAD, council) if not one.circulated_at]
    agendas = last_versions(connection, PaperKind.AGENDA, today)
    found = [_due(one, councils(one.council), calendars(one.council, one.on.year - 1), agendas) for one in ahead]
    return sorted((one for one in found if one is not None), key=lambda one: (one.due, one.sitting))


def to_draft(connection: sql.Connection, now: datetime, councils: Councils, calendars: Calendars) -> list[SittingKey]:
    """Meetings whose agenda is to be drafted today, and has not been yet.

    Args:
        connection: To the register, caught up.
        now: UTC.
        councils: Loads a council's procedure by its key.
        calendars: Loads a council's days off by its key and first year.
    """
    waiting = (one for one in due_papers(connection, now, councils, calendars) if not one.agenda)
    today = local(now).date()
    return [one.sitting for one in waiting if (_day(one) <= today if one.ruled else one.due <= now)]


def _day(one: Due) -> date:
    return local(one.due).date()


def _due(meeting: Meeting, council: Council, calendar: WorkingCalendar, agendas: dict[SittingKey, int]) -> Due | None:
    forum = council.forums.get(meeting.forum)
    if forum is None or forum.schedule is None:
        return None
    cut_off = meeting.cut_off or cut_off_for(meeting.on, forum, calendar)
    key = SittingKey(meeting.council, meeting.forum, meeting.on)
    rule = forum.papers
    return Due(
        sitting=key,
        starts=meeting.starts,
        cases=meeting.listed + meeting.reserved,
        due=papers_due(meeting.on, cut_off, rule, calendar) if rule else cut_off,
        ruled=rule is not None,
        cites=rule.cites if rule else (),
        agenda=agendas.get(key, 0),
    )
