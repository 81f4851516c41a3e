"""When papers have to go out, and the agendas that a worker drafts by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sql

from papers.due import Due, due_papers, to_draft
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.fold import catch_up
from register.log import note_event
from register.papers import PaperKind, versions
from register.read_models import PROCESS, SITTING
from runtime.paper_making import PaperMaking
from tests.register.rows import a_process, a_sitting, insert

PANEL = "central_bedfordshire/access_to_resources_panel"
TUESDAY = f"sitting/{PANEL}/2031-03-11"
NOON_FRIDAY = datetime(2031, 3, 7, 12, tzinfo=UTC)


def a_meeting(engine: sql.Engine, process_id: str = TUESDAY, **columns: Any) -> None:  # noqa: ANN401 - any column
    """A meeting with two cases in the read models, as the fold leaves it."""
    catch_up(engine)
    note_event(engine, process_id=process_id, what="sitting_planned", staff="waymark", post="waymark", at=NOON_FRIDAY)
    catch_up(engine)
    with engine.begin() as connection:
        connection.execute(sql.delete(SITTING).where(SITTING.c.process_id == process_id))
        connection.execute(sql.delete(PROCESS).where(PROCESS.c.process_id == process_id))
    insert(engine, PROCESS, a_process(process_id))
    insert(
        engine,
        SITTING,
        a_sitting(process_id, **{"listed": 2, "cut_off": datetime(2031, 3, 6, 17, tzinfo=UTC), **columns}),
    )


def due(engine: sql.Engine, now: datetime, council: str | None = None) -> list[Due]:
    with engine.connect() as connection:
        return due_papers(connection, now, load_council, working_calendar, council)


@pytest.mark.parametrize(
    ("now", "when"),
    [
        (datetime(2031, 3, 4, 12, tzinfo=UTC), "this week"),
        (datetime(2031, 2, 27, 12, tzinfo=UTC), "later"),
        (datetime(2031, 3, 7, 0, tzinfo=UTC), "today"),
        (datetime(2031, 3, 7, 17, tzinfo=UTC), "today"),
        (datetime(2031, 3, 7, 17, 0, 1, tzinfo=UTC), "late"),
    ],
)
def test_papers_of_a_tuesday_go_out_two_working_days_before(engine: sql.Engine, now: datetime, when: str) -> None:
    a_meeting(engine)
    [found] = due(engine, now)
    assert found.due == datetime(2031, 3, 7, 17, tzinfo=UTC)
    assert (found.when(now), found.cites, found.cases, found.agenda) == (when, ("CBC-077",), 2, 0)


def test_papers_of_a_tuesday_after_easter_go_out_on_the_wednesday_before_it(engine: sql.Engine) -> None:
    a_meeting(engine, f"sitting/{PANEL}/2031-04-15")  # Good Friday is the 11th, Easter Monday the 14th
    [found] = due(engine, datetime(2031, 4, 1, tzinfo=UTC))
    assert found.due == datetime(2031, 4, 9, 16, tzinfo=UTC)


def test_what_went_out_what_began_and_what_has_no_case_is_not_due(engine: sql.Engine) -> None:
    a_meeting(engine, circulated_at=NOON_FRIDAY)
    a_meeting(engine, f"sitting/{PANEL}/2031-03-18", stage="in_session")
    a_meeting(engine, f"sitting/{PANEL}/2031-03-25", listed=0)
    assert due(engine, NOON_FRIDAY) == []


def test_a_forum_without_a_rule_owes_nobody_its_papers_and_is_drafted_at_its_cut_off(engine: sql.Engine) -> None:
    a_meeting(engine, "sitting/hillingdon/harp/2031-03-11", cut_off=NOON_FRIDAY)
    [found] = due(engine, NOON_FRIDAY, "hillingdon")
    assert not found.ruled
    assert due(engine, NOON_FRIDAY, "hackney") == []
    with engine.connect() as connection:
        before = to_draft(connection, datetime(2031, 3, 7, 11, 59, tzinfo=UTC), load_council, working_calendar)
        after = to_draft(connection, NOON_FRIDAY, load_council, working_calendar)
    assert (before, after) == ([], [found.sitting])


async def test_a_worker_drafts_the_agenda_on_the_day_and_once(engine: sql.Engine) -> None:
    a_meeting(engine)
    making = PaperMaking(engine)
    assert await making.round(datetime(2031, 3, 6, 23, 59, tzinfo=UTC)) == []
    made = await making.round(datetime(2031, 3, 7, 0, 1, tzinfo=UTC))
    assert [(one.kind, one.status, one.made_by) for one in made] == [
        (PaperKind.AGENDA, "draft", "waymark"),
        (PaperKind.PACK_INDEX, "draft", "waymark"),
    ]
    assert await making.round(datetime(2031, 3, 7, 0, 3, tzinfo=UTC)) == []
    [found] = due(engine, datetime(2031, 3, 7, 0, 3, tzinfo=UTC))
    assert found.agenda == 1


async def test_a_worker_asks_no_more_than_once_a_minute(engine: sql.Engine) -> None:
    making = PaperMaking(engine)
    await making.round(datetime(2031, 3, 7, 9, 0, tzinfo=UTC))
    a_meeting(engine)
    assert await making.round(datetime(2031, 3, 7, 9, 0, 59, tzinfo=UTC)) == []
    assert len(await making.round(datetime(2031, 3, 7, 9, 1, tzinfo=UTC))) == 2


async def test_a_register_that_is_away_is_asked_again_later() -> None:
    away = sql.create_engine("sqlite:////nowhere/at/all.db")
    assert await PaperMaking(away).round(NOON_FRIDAY) == []


async def test_drafting_leaves_what_people_made(engine: sql.Engine) -> None:
    a_meeting(engine)
    [first, _] = await PaperMaking(engine).round(datetime(2031, 3, 7, 9, tzinfo=UTC))
    assert await PaperMaking(engine).round(datetime(2031, 3, 7, 10, tzinfo=UTC)) == []
    with engine.connect() as connection:
        assert versions(connection, due(engine, NOON_FRIDAY)[0].sitting)[0] == first
