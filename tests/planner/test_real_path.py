"""From a referral through the real processes and the real register to the planner and a calendar feed."""

from datetime import timedelta

from icalendar import Calendar

from models.views import JourneyView
from planner.feeds import Feeds, uid_of
from planner.pages import page
from planner.shapes import Kind, Wanted
from procedures.loader import load_council
from register.fold import catch_up
from rehearsal.stage import theatre
from rules.working_days import local
from tests.workflows.support import CASE_HEAD, MANAGER, WORKER, form, person

HILLINGDON = load_council("hillingdon")


async def test_a_case_that_is_endorsed_fills_a_place_in_the_planner_and_a_postponed_panel_moves_in_the_feed() -> None:
    async with theatre({}) as stage:
        now = await stage.now()
        process, _ = await stage.gateway.refer(form("HARP-77"), WORKER, now)
        stage.processes[process] = JourneyView
        await stage.gateway.act(process, "sign_off", MANAGER, {}, None)
        await stage.gateway.act(process, "endorse", CASE_HEAD, {"comments": "Agreed."}, None)
        await stage.settle()
        journey = await stage.view(process)
        assert isinstance(journey, JourneyView)
        assert journey.sitting is not None
        engine = stage.register.engine
        catch_up(engine)
        wanted = Wanted(first=local(now).date(), forum="harp", kinds=(Kind.SITTING,), weeks=5)
        with engine.connect() as connection:
            weeks = page(connection, [HILLINGDON], wanted, now).weeks
        meetings = {one.on: one.meeting for week in weeks for one in week.entries}
        booked = meetings[journey.sitting]
        assert booked is not None
        assert (booked.listed, booked.capacity) == (1, 10)
        assert [one.listed for day, one in meetings.items() if one and day != journey.sitting] == [0] * (
            len(meetings) - 1
        )

        sitting = f"sitting/hillingdon/harp/{journey.sitting}"
        feeds = Feeds(engine, HILLINGDON, now)
        before = {str(one["uid"]): one for one in Calendar.from_ical(feeds.of_forum("harp")).walk("VEVENT")}
        assert before[uid_of("sitting", sitting)]["status"] == "CONFIRMED"
        later = journey.sitting + timedelta(days=2)
        administrator = person("panel_administrator")
        await stage.gateway.act(sitting, "postpone", administrator, {"to": later, "reasons": "Room"}, None)
        await stage.settle()
        catch_up(engine)
        text = feeds.of_forum("harp")
        after = {str(one["uid"]): one for one in Calendar.from_ical(text).walk("VEVENT")}
        gone = after[uid_of("sitting", sitting)]
        assert (gone["status"], gone["sequence"]) == ("CANCELLED", 1)
        assert after[uid_of("sitting", f"sitting/hillingdon/harp/{later}")]["status"] == "CONFIRMED"
        assert feeds.of_forum("harp") == text
