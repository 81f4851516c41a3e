"""Drafts agendas by itself: on the day on which papers are due, so that they are ready. A person sends them out."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import sqlalchemy as sql
import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.errors import ProcedureFault
from models.identifiers import SittingKey
from models.procedure import Council, WorkingCalendar
from papers.content import Meeting
from papers.due import to_draft
from papers.making import Overtaken, make, system_of
from papers.typesetting import NotSet
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.fold import catch_up
from register.papers import PaperKind, Version

EVERY = timedelta(minutes=1)
"""How often it is asked which agendas are wanted."""
log = structlog.stdlib.get_logger(__name__)


class PaperMaking:
    """What a worker does about papers.

    Args:
        engine: The register's.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's days off by its key and first year.
    """

    def __init__(
        self,
        engine: sql.Engine,
        council: Callable[[str], Council] = load_council,
        calendar: Callable[[str, int], WorkingCalendar] = working_calendar,
    ) -> None:
        self._engine = engine
        self._council = council
        self._calendar = calendar
        self._asked: datetime | None = None

    async def round(self, now: datetime | None = None) -> list[Version]:
        """Draft what is wanted, at most once a minute; what cannot be done is logged and tried again.

        Args:
            now: UTC; the clock's when left out.
        """
        moment = now or datetime.now(UTC)
        if self._asked is not None and timedelta(0) <= moment - self._asked < EVERY:
            return []
        self._asked = moment
        try:
            return await asyncio.to_thread(self.drafted, moment)
        except (SQLAlchemyError, ProcedureFault) as error:
            log.warning("Agendas could not be drafted", error_type=type(error).__name__)
            return []

    def drafted(self, now: datetime) -> list[Version]:
        """Draft the agendas and packs of meetings whose papers are due today and that have none yet.

        Args:
            now: UTC.
        """
        catch_up(self._engine)
        with self._engine.connect() as connection:
            wanted = to_draft(connection, now, self._council, self._calendar)
        return [made for key in wanted for made in self._draft(key, now)]

    def _draft(self, key: SittingKey, now: datetime) -> list[Version]:
        council, calendar = self._council(key.council), self._calendar(key.council, key.on.year - 1)
        with self._engine.connect() as connection:
            meeting = Meeting.read(connection, key, council, calendar)
        if meeting is None:
            return []
        found = []
        for kind in (PaperKind.AGENDA, PaperKind.PACK_INDEX):
            try:
                made = make(self._engine, meeting, kind, "", system_of(key.council), now)
            except (NotSet, Overtaken) as error:
                # One paper that cannot be made must not keep the others from being drafted.
                log.exception("An agenda could not be drafted", error_type=type(error).__name__, council=key.council)
                continue
            found += [made.version] if made else []
        return found
