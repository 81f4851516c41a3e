"""A deputy's act, from the gateway through the process into the register and onto worklists, on a real server."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.views import JourneyView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.fold import catch_up
from register.reading.worklists import Part, worklist
from register.tables import EVENT
from rehearsal.stage import Theatre, theatre
from rules.cover import acting_for
from rules.working_days import local
from runtime.cover import Arrangement, Covers
from runtime.desks import desk_of, desks_covered
from runtime.staff import read_staff
from tests.workflows.support import CASE_HEAD, MANAGER, WORKER, form, person

DEPUTY = person("social_worker", staff="sara", unit="court")
STAFF = """
[hillingdon]
sara = { post = "social_worker", unit = "court" }
case-head = { post = "head_of_service", unit = "children in need" }
other-head = { post = "head_of_service", unit = "court" }
"""


async def code_of(stage: Theatre, process: str, act: str, actor: Actor) -> RefusalCode:
    with pytest.raises(Refused) as refused:
        await stage.gateway.act(process, act, actor, {})
    return refused.value.code


def cover(stage: Theatre, staff: Actor, deputy: Actor) -> None:
    covers = Covers(stage.register.engine)
    today = local(covers.now()).date()
    covers.give(Arrangement(load_council("hillingdon"), staff, staff, deputy), today, today, "leave")


async def test_a_deputy_signs_for_somebody_and_four_eyes_hold_for_both(tmp_path: Path) -> None:
    for_manager, for_head = acting_for(DEPUTY, MANAGER), acting_for(DEPUTY, CASE_HEAD)
    async with theatre({}) as stage:
        process, _ = await stage.gateway.refer(form("R-1"), WORKER, datetime.now(UTC))
        assert await code_of(stage, process, "sign_off", for_manager) is RefusalCode.NOT_AUTHORISED
        cover(stage, MANAGER, DEPUTY)
        cover(stage, CASE_HEAD, DEPUTY)
        assert await code_of(stage, process, "sign_off", acting_for(WORKER, MANAGER)) is RefusalCode.NOT_AUTHORISED
        await stage.gateway.act(process, "sign_off", for_manager, {})
        assert await code_of(stage, process, "endorse", for_head) is RefusalCode.SAME_PERSON
        view = await stage.gateway.rested(process)
        assert isinstance(view, JourneyView)
        signed = next(event for event in view.recent if event.what == "sign_off")
        assert (signed.staff, signed.post, signed.on_behalf_of) == (DEPUTY.staff, MANAGER.post, MANAGER.staff)
        _the_register_says_so(stage, process)
        _the_deputy_sees_the_heads_work(stage, tmp_path)


def _the_register_says_so(stage: Theatre, process: str) -> None:
    query = sql.select(EVENT.c.staff, EVENT.c.on_behalf_of, EVENT.c.accepted).where(
        EVENT.c.process_id == process, EVENT.c.what == "sign_off"
    )
    with stage.register.engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(query)}
    assert found == {
        ("sara", "team_manager", False),
        ("sara", "team_manager", True),
        ("social_worker", "team_manager", False),
    }


def _the_deputy_sees_the_heads_work(stage: Theatre, folder: Path) -> None:
    path = folder / "staff.toml"
    path.write_text(STAFF, encoding="utf-8")
    staff, covers, engine = read_staff(path), Covers(stage.register.engine), stage.register.engine
    catch_up(engine)
    now = covers.now()
    shown = {}
    for who in ("sara", "case-head", "other-head"):
        known = covers.around([who])
        desk, others = desk_of(staff, staff.actor(who), known, now), desks_covered(staff, staff.actor(who), known, now)
        with engine.connect() as connection:
            found = worklist(connection, desk, others, now, working_calendar("hillingdon", now.year - 1))
        shown[who] = [
            (line.reference, line.covering, line.acts, line.needs_other_eyes)
            for section in found.sections
            if section.part is Part.ENDORSEMENT
            for line in section.lines
        ]
    assert shown == {
        "sara": [("R-1", "case-head", ("return_for_changes",), True)],
        "case-head": [("R-1", None, ("endorse", "return_for_changes"), False)],
        "other-head": [],
    }
