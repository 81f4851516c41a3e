import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

from models.errors import Refused
from models.people import Actor
from models.views import SittingView
from tests.workflows.support import CASE_HEAD, MANAGER, WORKER, Running, form, person, running


async def outcomes(run: Running, process: str, acts: list[tuple[str, Actor, dict[str, Any]]]) -> list[str]:
    async def one(act: str, actor: Actor, details: dict[str, Any]) -> str:
        try:
            await run.act(process, act, actor, details)
        except Refused as refused:
            return refused.code
        return "accepted"

    return await asyncio.gather(*(one(*act) for act in acts))


async def test_a_refused_act_costs_no_history_and_stands_in_the_register(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        await run.at_rest(process)
        before = await run.events(process)
        with pytest.raises(Refused) as refused:
            await run.act(process, "endorse", WORKER)
        assert refused.value.code == "not_authorised"
        assert refused.value.remedy
        assert await run.events(process) == before
        entries = run.register.events(process)
        assert [(e.what, e.code) for e in entries if not e.accepted] == [("endorse", "not_authorised")]


async def test_the_same_message_twice_is_done_once_and_answered_twice(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        first = await run.act(process, "sign_off", MANAGER, {}, "one-and-the-same")
        handle = run.client.get_workflow_handle(process)
        message = {"actor": MANAGER.model_dump(), "message_id": "one-and-the-same"}
        again = await handle.execute_update("sign_off", message, id="another-update")
        assert (again["sequence"], again["stage"]) == (first.sequence, first.stage)
        assert again["repeated"] is True
        whats = [event.what for event in (await run.journey(process)).recent]
        assert whats.count("sign_off") == 1


async def test_of_conflicting_acts_exactly_one_wins(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        managers = [person("team_manager", staff=f"manager-{number}") for number in range(10)]
        found = await outcomes(run, process, [("sign_off", manager, {}) for manager in managers])
        assert found.count("accepted") == 1
        assert set(found) == {"accepted", "illegal_move"}


async def test_the_same_form_finds_the_same_journey_and_another_under_its_reference_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        assert await run.refer("R-1") == process
        await run.act(process, "amend", WORKER, {"views.child": "Something else"})
        assert await run.refer("R-1") == process
        with pytest.raises(Refused) as refused:
            await run.gateway.refer(form("R-1", analysis="Another case."), WORKER, datetime.now(UTC))
        assert refused.value.code == "invalid"


MALFORMED: list[Any] = [
    None,
    "help",
    7,
    [],
    {},
    {"staff": "case-head"},
    {"staff": "case-head", "post": "head_of_service"},
    {"staff": "case-head", "post": "head_of_service", "reason": "x", "extra": 1},
    {"actor": {"staff": "x"}, "message_id": "m", "details": {"reason": "x"}},
]


async def test_an_escalation_typed_into_the_temporal_ui_counts_and_a_malformed_one_harms_nothing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        handle = run.client.get_workflow_handle(process)
        for message in MALFORMED:
            await handle.signal("escalate", message)
        await handle.signal("escalate")
        valid = {"staff": "case-head", "post": "head_of_service", "reason": "Twice."}
        await handle.signal("escalate", args=[valid, "and more"])
        await handle.signal("escalate", RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"{not json")))
        await handle.signal("escalate", RawValue(Payload(metadata={"encoding": b"of another world"}, data=b"?")))
        await handle.signal("take_news", args=["no news", "at all"])
        view = await run.journey(process)
        refused = [event for event in view.recent if event.what == "escalate"]
        assert len(refused) == len(MALFORMED) + 4
        assert all(event.code for event in refused)
        assert not view.escalated
        await handle.signal("escalate", {"staff": "case-head", "post": "head_of_service", "reason": "The child waits."})
        view = await run.journey(process)
        assert view.escalated
        assert view.priority == "high"
        assert view.escalations[-1].told == ("team_manager", "head_of_service")
        with pytest.raises(Refused) as not_entitled:
            await run.gateway.escalate(process, WORKER, {"reason": "I am not entitled."})
        assert not_entitled.value.code == "not_authorised"
        await run.act(process, "sign_off", MANAGER)


async def test_a_malformed_update_from_the_temporal_ui_is_refused_by_its_fields(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        handle = run.client.get_workflow_handle(process)
        for message in (None, 3, {"actor": {"staff": "x"}}):
            with pytest.raises(WorkflowUpdateFailedError) as failed:
                await handle.execute_update("sign_off", message)
            cause = failed.value.cause
            assert isinstance(cause, ApplicationError)
            assert cause.type in {"invalid", "incomplete"}


async def test_a_referral_that_is_not_acceptable_starts_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        with pytest.raises(Refused) as refused:
            await run.gateway.refer(form("R-9", costs=None), WORKER, datetime.now(UTC))
        assert refused.value.rule == "HIL-076"
        with pytest.raises(Refused) as unknown:
            await run.journey("journey/hillingdon/R-9")
        assert unknown.value.code == "unknown"


async def test_an_endorsed_case_is_listed_and_the_search_attributes_say_so(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        await run.act(process, "sign_off", MANAGER)
        await run.act(process, "endorse", CASE_HEAD)
        view = await run.journey(process)
        while view.stage != "listed":
            view = await run.journey(process)
        described = await run.client.get_workflow_handle(process).describe()
        found = {str(key): value for key, value in described.search_attributes.items()}
        assert found["Stage"] == ["listed"]
        assert found["WaitingOn"] == ["panel_administrator"]
        assert found["ChildRef"] == ["C-50117"]
        await run.act(process, "withdraw", person("social_worker"))
        await run.client.get_workflow_handle(process).result()


async def test_a_cancellation_asked_of_temporal_ends_nothing_and_is_recorded(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        await run.at_rest(process)
        handle = run.client.get_workflow_handle(process)
        await handle.cancel()
        answer = await run.act(process, "sign_off", MANAGER)
        assert answer.stage == "awaiting_endorsement"
        view = await run.at_rest(process)
        assert [(event.what, event.code) for event in view.recent][1] == ("cancellation", "prohibited")
        await handle.cancel()
        await run.act(process, "withdraw", WORKER)
        await handle.result()
        assert (await run.journey(process)).outcome == "withdrawn"


async def test_a_reference_that_temporal_has_forgotten_is_not_used_again(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        await run.at_rest(await run.refer("R-1"))
    async with running(tmp_path) as another:  # the same register, a server that knows nothing
        with pytest.raises(Refused) as refused:
            await another.refer("R-1")
        assert refused.value.code == "invalid"
        assert "referred before" in refused.value.sentence


async def test_a_case_withdrawn_while_a_sitting_is_asked_leaves_no_place_behind(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        await run.act(process, "sign_off", MANAGER)
        await run.act(process, "endorse", CASE_HEAD)
        await run.act(process, "withdraw", WORKER)
        await run.client.get_workflow_handle(process).result()
        async for found in run.client.list_workflows("WorkflowType = 'PanelSitting'"):
            view = await run.gateway.view(found.id)
            assert isinstance(view, SittingView)
            assert [line.referral_ref for line in view.agenda] == []
