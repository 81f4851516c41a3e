"""Sends the papers of a meeting round: a person's act on the meeting, between two looks at what its papers say."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sql

from models.identifiers import SittingKey, sitting_id
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.vocabulary import SittingAct
from papers.content import Meeting
from papers.making import Made, make
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.fold import catch_up
from register.papers import PaperKind
from runtime.gateway import Gateway

SENT = (PaperKind.AGENDA, PaperKind.PACK_INDEX)


async def circulate(  # noqa: PLR0913 - whose papers, who sends them, and by which procedure
    gateway: Gateway,
    engine: sql.Engine,
    key: SittingKey,
    by: Actor,
    *,
    council: Callable[[str], Council] = load_council,
    calendar: Callable[[str, int], WorkingCalendar] = working_calendar,
) -> list[Made]:
    """Make agenda and pack index, do the act that sends them round, and mark the versions that went out.

    A refusal leaves drafts behind and nothing else; doing it again sends them again, on the record.

    Args:
        gateway: For the act.
        engine: The register's.
        key: Which meeting.
        by: Who sends them.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's days off by its key and first year.

    Returns:
        The versions that went out; none where the register has no such meeting.

    Raises:
        Refused: The meeting's rules do not allow it now, or not to this person.
    """

    def made() -> list[Made]:
        catch_up(engine)
        with engine.connect() as connection:
            days_off = calendar(key.council, key.on.year - 1)
            meeting = Meeting.read(connection, key, council(key.council), days_off)
        if meeting is None:
            return []
        found = (make(engine, meeting, kind, "", by, datetime.now(UTC)) for kind in SENT)
        return [one for one in found if one is not None]

    process_id = sitting_id(*key)
    await asyncio.to_thread(made)
    await gateway.act(process_id, SittingAct.CIRCULATE_PAPERS, by, {}, str(uuid.uuid4()))
    await gateway.rested(process_id)
    return await asyncio.to_thread(made)
