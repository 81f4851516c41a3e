"""Recurring duties on a real server: the time-skipping one has no schedules."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.workflowservice.v1 import ListScheduleMatchingTimesRequest
from temporalio.client import Client, ScheduleOverlapPolicy, ScheduleUpdate, ScheduleUpdateInput

from models.people import Actor
from models.procedure import Council, Duty
from models.watch import WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from rules.duties.recurring import occurrences
from rules.working_days import local
from runtime.duty_schedules import Change, Wanted, apply, changes, schedule_id, wanted_schedules
from tests.workflows.support import Running, running

TODAY = date(2031, 1, 15)
HILLINGDON = "hillingdon"
PAUSE = 0.05
TRIES = 400
A_SECOND = 1.1


@pytest.fixture(name="server")
async def _server(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as server:
        yield server


def with_duties(key: str, *duties: Duty) -> Council:
    return load_council(key).model_copy(update={"duties": duties})


def wanted(council: Council, task_queue: str = "nobody") -> list[Wanted]:
    return wanted_schedules(council, working_calendar(council.key, TODAY.year - 1), task_queue, TODAY)


async def brought(client: Client, *councils: Council, task_queue: str = "nobody") -> dict[str, str]:
    """What was done, by schedule."""
    asked = [one for council in councils for one in wanted(council, task_queue)]
    found = await changes(client, asked, [council.key for council in councils])
    for change in found:
        await apply(client, change)
    return {change.id: change.what for change in found}


async def eventually(client: Client, *councils: Council) -> dict[str, str]:
    """Once the server lists what was just created."""
    for _ in range(TRIES):
        listed = [one.id async for one in await client.list_schedules()]
        if listed:
            break
        await asyncio.sleep(PAUSE)
    return await brought(client, *councils)


async def times(client: Client, own: str, first: datetime, last: datetime) -> list[datetime]:
    """When a schedule would act, as the server reckons it, in Europe/London."""
    since, until = Timestamp(), Timestamp()
    since.FromDatetime(first)
    until.FromDatetime(last)
    request = ListScheduleMatchingTimesRequest(
        namespace=client.namespace, schedule_id=own, start_time=since, end_time=until
    )
    found = await client.workflow_service.list_schedule_matching_times(request)
    return [local(one.ToDatetime(tzinfo=UTC)) for one in found.start_time]


async def test_schedules_are_made_as_the_files_say_and_a_second_time_changes_nothing(server: Running) -> None:
    hillingdon = load_council(HILLINGDON)
    own = {
        "duty/hillingdon/activity_review",
        "duty/hillingdon/arrangements_review",
        "duty/hillingdon/staff_survey",
    }
    assert await brought(server.client, hillingdon) == dict.fromkeys(own, "create")
    assert await brought(server.client, hillingdon) == dict.fromkeys(own, "keep")
    described = await server.client.get_schedule_handle("duty/hillingdon/activity_review").describe()
    assert described.schedule.policy.overlap is ScheduleOverlapPolicy.BUFFER_ONE
    assert described.schedule.spec.time_zone_name == "Europe/London"
    assert (described.schedule.state.note or "").startswith("Review the panels' activity")
    assert all(local(at).hour == 9 and local(at).day == 1 for at in described.info.next_action_times)


async def test_a_changed_file_updates_its_schedule_and_keeps_it_paused(server: Running) -> None:
    duty = Duty(key="look", title="Look", every="P1M", owner="head_of_service", scheduled=True, cites=("HIL-108",))
    await brought(server.client, with_duties(HILLINGDON, duty))
    handle = server.client.get_schedule_handle("duty/hillingdon/look")
    await handle.pause(note="Waits for the new head of service")
    assert await brought(server.client, with_duties(HILLINGDON, duty)) == {"duty/hillingdon/look": "keep"}
    later = duty.model_copy(update={"on_day": 15})
    assert await brought(server.client, with_duties(HILLINGDON, later)) == {"duty/hillingdon/look": "update"}
    described = await handle.describe()
    assert (described.schedule.state.paused, described.schedule.state.note) == (
        True,
        "Waits for the new head of service",
    )
    found = await times(server.client, handle.id, datetime(2031, 1, 1, tzinfo=UTC), datetime(2031, 3, 1, tzinfo=UTC))
    assert [at.date() for at in found] == [date(2031, 1, 15), date(2031, 2, 15)]


async def test_what_somebody_edits_by_hand_is_brought_back(server: Running) -> None:
    duty = Duty(key="look", title="Look", every="P1M", owner="head_of_service", scheduled=True, cites=("HIL-108",))
    council = with_duties(HILLINGDON, duty)
    await brought(server.client, council)

    def edit(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule = found.description.schedule
        schedule.policy.overlap = ScheduleOverlapPolicy.ALLOW_ALL
        schedule.spec.time_zone_name = "America/New_York"
        return ScheduleUpdate(schedule)

    await server.client.get_schedule_handle("duty/hillingdon/look").update(edit)
    assert await brought(server.client, council) == {"duty/hillingdon/look": "update"}
    assert await brought(server.client, council) == {"duty/hillingdon/look": "keep"}


async def test_a_duty_that_is_gone_loses_its_schedule_and_another_councils_stays(server: Running) -> None:
    look = Duty(key="look", title="Look", every="P1M", owner="head_of_service", scheduled=True, cites=("HIL-108",))
    there = Duty(key="there", title="There", every="P1Y", owner="panel_manager", scheduled=True, cites=("HAC-302",))
    await brought(server.client, with_duties(HILLINGDON, look), with_duties("hackney", there))
    assert await eventually(server.client, with_duties(HILLINGDON)) == {"duty/hillingdon/look": "delete"}
    assert await brought(server.client, with_duties("hackney", there)) == {"duty/hackney/there": "keep"}


async def test_nine_o_clock_stays_nine_o_clock_through_both_clock_changes(server: Running) -> None:
    weekly = Duty(key="weekly", title="W", every="P1W", owner="director", scheduled=True, cites=("HIL-108",))
    daily = Duty(key="daily", title="D", every="P1D", owner="director", scheduled=True, cites=("HIL-108",))
    sixth = Duty(key="sixth", title="S", every="P6W", owner="director", scheduled=True, cites=("HIL-108",))
    council = with_duties(HILLINGDON, weekly, daily, sixth, *load_council(HILLINGDON).duties)
    await brought(server.client, council)
    first, last = date(2031, 1, 1), date(2032, 12, 31)
    for duty in council.duties:
        own = schedule_id(HILLINGDON, duty)
        found = await times(
            server.client, own, datetime(2031, 1, 1, tzinfo=UTC), datetime(2032, 12, 31, 23, tzinfo=UTC)
        )
        assert {(at.hour, at.minute) for at in found} == {(9, 0)}, own
        assert [at.date() for at in found] == list(occurrences(duty, first, last)), own
    offsets = {
        at.utcoffset()
        for at in await times(
            server.client,
            "duty/hillingdon/weekly",
            datetime(2031, 3, 1, tzinfo=UTC),
            datetime(2031, 11, 30, tzinfo=UTC),
        )
    }
    assert len(offsets) == 2  # winter and summer


async def test_eighteen_months_come_round_in_february_and_august(server: Running) -> None:
    await brought(server.client, load_council(HILLINGDON))
    own = "duty/hillingdon/arrangements_review"
    found = await times(server.client, own, datetime(2022, 1, 1, tzinfo=UTC), datetime(2032, 12, 31, tzinfo=UTC))
    assert [(at.year, at.month, at.hour) for at in found] == [
        *((2022, 2, 9), (2023, 8, 9), (2025, 2, 9), (2026, 8, 9), (2028, 2, 9), (2029, 8, 9)),
        *((2031, 2, 9), (2032, 8, 9)),
    ]


async def test_what_is_overdue_does_not_pile_up_and_the_next_begins_when_it_is_done(server: Running) -> None:
    council = load_council(HILLINGDON)
    await brought(server.client, council, task_queue=server.settings.task_queue)
    own = "duty/hillingdon/activity_review"
    schedule = server.client.get_schedule_handle(own)
    for _ in range(3):
        await schedule.trigger(overlap=ScheduleOverlapPolicy.BUFFER_ONE)
        await asyncio.sleep(A_SECOND)  # an occurrence is known by its second
    first = await _running(server)
    view = await server.gateway.view(first)
    assert isinstance(view, WatchView)
    assert view.process == first  # the schedule adds the moment to the id, and the record knows it
    assert (view.stage, view.waiting_on, list(view.clocks)) == ("to_do", "head_of_service", ["activity_review"])
    head = Actor(staff="hana", post="head_of_service", council=HILLINGDON)
    await server.gateway.act(first, "complete_duty", head, {"evidence": "QA-1"})
    second = await _running(server, but=first)
    await server.gateway.act(second, "skip_duty", head, {"reasons": "Just done."})
    for _ in range(20):  # three were asked for, and one waited: there is no third
        await asyncio.sleep(PAUSE)
        assert not [one for one in await _ids(server) if one not in (first, second)]


async def _ids(server: Running) -> list[str]:
    query = 'WorkflowType = "ForumDuty" AND ExecutionStatus = "Running"'
    return [one.id async for one in server.client.list_workflows(query)]


async def _running(server: Running, but: str = "") -> str:
    for _ in range(TRIES):
        found = [one for one in await _ids(server) if one != but]
        if found:
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(PAUSE)
    msg = "no occurrence began"
    raise AssertionError(msg)


async def test_a_schedule_that_somebody_else_just_made_is_brought_up_to_date(server: Running) -> None:
    council = load_council(HILLINGDON)
    asked = wanted(council)[0]
    change = Change("create", asked.id, asked)
    await apply(server.client, change)
    await apply(server.client, change)
    assert (await brought(server.client, council))[asked.id] == "keep"
