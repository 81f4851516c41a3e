"""Requests for money that count in one running total, on a real server with the real register."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.client import WorkflowUpdateFailedError

from models.errors import Refused
from models.people import Actor
from models.vocabulary import Stage
from tests.workflows.support import Running, form, running

APPROVE = {"decision": "approve", "rationale": "It is needed."}
UNIT = "children in need"


def somebody(post: str) -> Actor:
    return Actor(staff=post, post=post, council="hackney", unit=UNIT)


async def ask(run: Running, reference: str, amount: int) -> str:
    """Ask for a section 17 payment to one family."""
    sent = form(
        reference,
        council="hackney",
        forum="delegated_authority",
        request={"kind": "support_package", "matter": "section_17_payment", "summary": "Food and heating."},
        money={"amount": amount},
        child={"reference": "C-1", "date_of_birth": "2019-05-14", "family_reference": "F-1"},
        criteria=[],
    )
    return (await run.gateway.refer(sent, somebody("social_worker"), datetime.now(UTC)))[0]


async def test_two_requests_at_the_same_moment_never_both_count_as_the_first(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        processes = await asyncio.gather(*(ask(run, f"S17-{number}", 300) for number in range(3)))
        views = [await run.at_rest(process) for process in processes]
        assert sorted(view.running_total or Decimal(0) for view in views) == [300, 600, 900]
        first = min(views, key=lambda view: view.running_total or Decimal(0))
        assert first.waiting_on == "consultant_social_worker"
        assert {view.waiting_on for view in views if view is not first} == {"group_manager"}
        second = next(view for view in views if view.running_total == Decimal(600))
        with pytest.raises((Refused, WorkflowUpdateFailedError)):
            await run.act(second.process, "decide_as_post", somebody("consultant_social_worker"), APPROVE)
        await run.act(first.process, "decide_as_post", somebody("consultant_social_worker"), APPROVE)
        await run.act(second.process, "decide_as_post", somebody("group_manager"), APPROVE)


async def test_a_request_that_is_declined_gives_its_part_of_the_total_up_before_it_ends(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await ask(run, "S17-1", 300)
        await run.at_rest(process)
        decline = {"decision": "decline", "rationale": "Another fund pays."}
        await run.act(process, "decide_as_post", somebody("consultant_social_worker"), decline)
        assert (await run.at_rest(process)).stage is Stage.CLOSED
        other = await run.at_rest(await ask(run, "S17-2", 100))
        assert other.running_total == 100
