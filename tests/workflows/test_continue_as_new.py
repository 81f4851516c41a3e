import asyncio
import statistics
import time
from pathlib import Path

from models.views import SittingView
from models.vocabulary import Stage
from tests.workflows.support import CASE_HEAD, MANAGER, WORKER, Running, running
from workflows.process import EVENTS_A_RUN

ACTS = 1_000
LOOKED_AT = 80
AS_FAST = 1.5
"""How much slower an old journey may be than a new one, measured in turn: a busy machine varies."""


async def supply(run: Running, process: str, number: int) -> float:
    began = time.perf_counter()
    await run.act(process, "supply_document", WORKER, {"document": "Genogram"}, f"paper-{number}")
    return time.perf_counter() - began


async def test_a_journey_with_a_thousand_acts_answers_like_a_new_one_and_loses_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await run.refer("R-1")
        before = await run.at_rest(process)
        for number in range(ACTS):
            await supply(run, process, number)
        after = await run.at_rest(process)

        assert await run.events(process) <= EVENTS_A_RUN + 100
        assert after.clocks == before.clocks
        assert after.recent[-1].sequence == before.recent[-1].sequence + ACTS
        entries = run.register.events(process)
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert sum(entry.what == "supply_document" for entry in entries) == ACTS

        new = await run.refer("R-2")
        pairs = [(await supply(run, process, ACTS + n), await supply(run, new, n)) for n in range(LOOKED_AT)]
        of_old, of_new = (statistics.median(times) for times in zip(*pairs, strict=True))
        assert of_old <= AS_FAST * of_new

        again = await run.act(process, "supply_document", WORKER, {"document": "Genogram"}, "paper-0")
        assert again.repeated
        await run.act(process, "sign_off", MANAGER)
        await run.act(process, "endorse", CASE_HEAD)
        view = await run.at_rest(process)
        assert view.stage is Stage.LISTED


async def test_a_run_that_ends_in_the_middle_of_anything_loses_nothing(tmp_path: Path) -> None:
    short_runs = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=12")
    async with running(tmp_path, *short_runs) as run:
        process = await run.refer("R-1")
        first_run = (await run.client.get_workflow_handle(process).describe()).run_id
        await asyncio.gather(*(supply(run, process, number) for number in range(40)))
        await run.act(process, "sign_off", MANAGER)
        await run.act(process, "endorse", CASE_HEAD)
        await asyncio.gather(*(supply(run, process, number) for number in range(40, 60)))
        view = await run.at_rest(process)
        while view.stage is not Stage.LISTED:
            view = await run.at_rest(process)
        assert (await run.client.get_workflow_handle(process).describe()).run_id != first_run
        entries = run.register.events(process)
        assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
        assert sum(entry.what == "supply_document" for entry in entries) == 60
        assert sum(entry.what == "listed" for entry in entries) == 1
        sitting = await run.gateway.view(f"sitting/hillingdon/harp/{view.sitting}")
        assert isinstance(sitting, SittingView)
        assert [line.referral_ref for line in sitting.agenda] == ["R-1"]
