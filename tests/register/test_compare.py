"""Comparing the register with Temporal's own histories: nothing is missing, and what is missing is named."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sql

from models.process import Entry
from register.database import writing
from register.fold import refold_processes
from register.log import erase, line_of, noted
from register.tables import EVENT
from register.writer import Writer
from runtime.comparing import Difference, compare
from tests.conftest import opened
from tests.workflows.support import CASE_HEAD, MANAGER, WORKER, Running, running

ALL = "WorkflowType IN ('ChildJourney', 'PanelSitting')"
SHORT_RUNS = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=30")


async def some_journeys(run: Running) -> str:
    """A journey with a sitting that continued as new on its way, beside another; and the first one's id."""
    first, second = await run.refer("R-1"), await run.refer("R-2")
    for number in range(12):
        await run.act(first, "supply_document", WORKER, {"document": "Genogram"}, f"paper-{number}")
    await run.act(first, "sign_off", MANAGER)
    await run.gateway.escalate(first, CASE_HEAD, {"reasons": "It cannot wait."}, "m-1")
    await run.act(first, "endorse", CASE_HEAD)
    await run.act(second, "return_for_changes", MANAGER, {"reasons": "Say more."})
    view = await run.at_rest(first)
    while view.sitting is None:
        view = await run.at_rest(first)
    await run.at_rest(second)
    seen: set[str] = set()
    while not {first, second, f"sitting/hillingdon/harp/{view.sitting}"} <= seen:
        seen = {found.id async for found in run.client.list_workflows(ALL)}
    return first


async def compared_without(run: Running, folder: Path, name: str, kept: Callable[[Entry], Entry | None]) -> list[str]:
    """What is said of a register that holds what `kept` leaves of the entries of all processes."""
    with opened(f"sqlite:///{folder}/{name}.db") as other:
        writer = Writer(other)
        async for found in run.client.list_workflows(ALL):
            entries = [left for one in run.register.events(found.id) if (left := kept(one)) is not None]
            if entries:
                writer.submit([line_of(one) for one in entries]).result()
        return [one.what for one in await compare(run.client, other, ALL, looks=1)]


async def test_the_register_has_all_that_the_histories_have_and_says_what_it_lacks(tmp_path: Path) -> None:
    async with running(tmp_path, *SHORT_RUNS) as run:
        process = await some_journeys(run)
        runs = [found.run_id async for found in run.client.list_workflows(f"WorkflowId = '{process}'")]
        assert len(runs) > 1, "it continued as new"

        found = await compare(run.client, run.register.engine)
        assert found == []

        def all_but(what: str) -> Callable[[Entry], Entry | None]:
            return lambda entry: None if entry.what == what else entry

        without, others, unheard = await asyncio.gather(
            compared_without(run, tmp_path, "without", all_but("sign_off")),
            compared_without(
                run,
                tmp_path,
                "others",
                lambda entry: entry.model_copy(update={"staff": "x"}) if entry.what == "return_for_changes" else entry,
            ),
            compared_without(run, tmp_path, "unheard", all_but("escalated")),
        )
        assert {"missing", "act"} <= set(without)
        assert {"other", "act"} <= set(others)
        assert {"missing", "escalation"} <= set(unheard)

        erased_content(run.register.engine, process)
        assert await compare(run.client, run.register.engine) == [], "what was erased is not missing"


def erased_content(engine: sql.Engine, process: str) -> None:
    now = datetime.now(UTC)
    with writing(engine) as connection:
        mine = list(connection.scalars(sql.select(EVENT.c.position).where(EVENT.c.process_id == process)))
        child = "child/hillingdon/C-1"
        said = {"positions": mine}
        by = noted(connection, process_id=child, what="erased", staff="d-1", post="director", at=now, details=said)
        erase(connection, mine, by, now)
    refold_processes(engine, [process])


def test_a_difference_is_a_word_and_a_sentence_in_json() -> None:
    said = Difference("journey/hillingdon/R-1", "missing", "The register lacks 2.").as_json()
    assert said == {"process_id": "journey/hillingdon/R-1", "what": "missing", "sentence": "The register lacks 2."}
