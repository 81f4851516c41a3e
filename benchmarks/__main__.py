"""`make bench`: prints Waymark and a bare Temporal workflow side by side, as measured now on this machine."""

import argparse
import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table
from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer, Worker, WorkflowRunner

from activities.register import Register, open_register
from benchmarks.bare import Bare, trivial
from benchmarks.bare_timer import HANDLED, BareTimer
from benchmarks.clocks import bare_timers, breached_together
from benchmarks.council import calendar, council, form, staff
from benchmarks.driving import BareDriver, Drive, WaymarkDriver
from benchmarks.kinds import STARTS, starter
from benchmarks.register_pages import run as read_register
from benchmarks.register_pages import show as show_register
from models.deadlines import WatchKind
from models.errors import Refused
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for
from rules.working_days import local
from runtime.connection import connect
from runtime.embedded_server import embedded_server
from runtime.gateway import Gateway
from runtime.payloads import DATA_CONVERTER
from runtime.settings import Settings
from runtime.workers import build_worker, get_ready, runner, sandbox
from workflows.child_journey import ChildJourney

LEVELS = (1, 20, 100)
START_SECONDS = 0.06
"""How long it may take to start one process, while many start."""
REACH = {"journeys": 0.8, "p99": 1.25, "events": 1.5, "memory": 70.0, "largest": 1.1, "clocks": 1.5}
"""What Waymark has to reach: ratios to the bare workflow, and MB a thousand open journeys."""


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    waymark: float
    bare: float
    ratio: float | None = None
    reach: str = ""
    ok: bool | None = None


async def compare(client: Client, register: Register, settings: Settings, scale: float) -> list[Line]:
    """Everything that is measured, in the order of the table."""
    lines: list[Line] = []
    waymark, bare = WaymarkDriver(client, register, settings.task_queue), BareDriver(client, "bare")
    await waymark.drive(10, 5)
    await bare.drive(10, 5)
    last: dict[str, Drive] = {}
    for at_once in LEVELS:
        journeys = max(10, int({1: 20, 20: 100, 100: 200}[at_once] * scale) // 10 * 10)
        rounds = [(await bare.drive(journeys, at_once), await waymark.drive(journeys, at_once)) for _ in range(2)]
        lines += _speed(rounds, at_once)
        last = {"bare": rounds[-1][0], "waymark": rounds[-1][1]}
    lines += await _size(client, last["waymark"], last["bare"])
    lines.append(await _refused(client, register, settings))
    lines += await _replayed(client, settings, last["waymark"], last["bare"])
    return [*lines, await _largest(client, register, settings, int(60 * min(scale, 1.0)))]


def _speed(rounds: list[tuple[Drive, Drive]], at_once: int) -> list[Line]:
    label = f"{at_once} at once"
    speed_bare = statistics.mean(b.a_second for b, _ in rounds)
    speed = statistics.mean(w.a_second for _, w in rounds)
    lines = [_more(f"journeys a second, {label}", speed, speed_bare, REACH["journeys"])]
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        mine = statistics.mean(w.percentile(share) for _, w in rounds)
        theirs = statistics.mean(b.percentile(share) for b, _ in rounds)
        limit = REACH["p99"] if name == "p99" else None
        lines.append(_less(f"{name} of an act (ms), {label}", mine, theirs, limit))
    return lines


def _more(what: str, mine: float, theirs: float, limit: float) -> Line:
    ratio = mine / theirs
    return Line(what, mine, theirs, ratio, f"at least {limit}", ratio >= limit)


def _less(what: str, mine: float, theirs: float, limit: float | None) -> Line:
    ratio = mine / theirs
    return Line(what, mine, theirs, ratio, f"at most {limit}" if limit else "", ratio <= limit if limit else None)


async def _history(client: Client, process: str) -> tuple[int, int]:
    info = (await client.get_workflow_handle(process).describe()).raw_description.workflow_execution_info
    return info.history_length, info.history_size_bytes


async def _size(client: Client, waymark: Drive, bare: Drive) -> list[Line]:
    mine = [await _history(client, process) for process in [*waymark.processes, *waymark.sittings]]
    theirs = [await _history(client, process) for process in bare.processes]
    events = sum(e for e, _ in mine) / waymark.journeys, sum(e for e, _ in theirs) / bare.journeys
    size = sum(b for _, b in mine) / waymark.journeys / 1024, sum(b for _, b in theirs) / bare.journeys / 1024
    return [
        _less("events a journey, its share of the sitting included", *events, REACH["events"]),
        _less("history a journey (KB)", *size, None),
    ]


async def _refused(client: Client, register: Register, settings: Settings) -> Line:
    gateway = Gateway(client, settings.task_queue, register, council, calendar, lambda _: {})
    key = "bench-refused"
    referral = form(key, 0, f"r{time.time_ns()}")
    process, _ = await gateway.refer(referral, staff(key, "social_worker"), datetime.now(UTC))
    while not (await gateway.view(process)).settled:
        continue
    before = (await _history(client, process))[0]
    for _ in range(10):
        try:
            await gateway.act(process, "endorse", staff(key, "social_worker"), {})
        except Refused:
            continue
    after = (await _history(client, process))[0]
    return Line("events that ten refused acts cost", after - before, 0, None, "0", after == before)


async def _replayed(client: Client, settings: Settings, waymark: Drive, bare: Drive) -> list[Line]:
    async def fetch(drive: Drive) -> list[WorkflowHistory]:
        return [await client.get_workflow_handle(p).fetch_history() for p in drive.processes[:50]]

    async def speed(workflow: type, how: WorkflowRunner, histories: list[WorkflowHistory]) -> float:
        replayer = Replayer(workflows=[workflow], data_converter=DATA_CONVERTER, workflow_runner=how)
        began = time.perf_counter()
        for history in histories:
            await replayer.replay_workflow(history)
        return sum(len(h.events) for h in histories) / (time.perf_counter() - began)

    mine = await speed(ChildJourney, runner(settings), await fetch(waymark))
    theirs = await speed(Bare, sandbox(), await fetch(bare))
    return [Line("replayed events a second", mine, theirs, mine / theirs)]


async def _largest(client: Client, register: Register, settings: Settings, acts: int) -> Line:
    """What an act costs under the largest procedure of a panel of Hackney's, beside Hillingdon's, in turns."""
    gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, lambda _: {})
    hackney = load_council("hackney")
    sits = [key for key, forum in hackney.forums.items() if forum.body == "sitting"]
    largest = max(sits, key=lambda key: len(slice_for(hackney, key).model_dump_json(exclude_defaults=True)))
    took: dict[str, list[float]] = {"hillingdon": [], "hackney": []}
    cases: dict[str, str] = {}
    for key, forum in (("hillingdon", "harp"), ("hackney", largest)):
        referral = form(key, 0, f"p{time.time_ns()}").model_copy(update={"forum": forum, "criteria": ()})
        cases[key], _ = await gateway.refer(referral, staff(key, "social_worker"), datetime.now(UTC))
    for number in range(acts):
        for key, process in cases.items():
            began = time.perf_counter()
            worker = staff(key, "social_worker")
            await gateway.act(process, "supply_document", worker, {"document": f"Note {number}"})
            took[key].append(time.perf_counter() - began)
    mine, theirs = statistics.median(took["hackney"]) * 1000, statistics.median(took["hillingdon"]) * 1000
    ratio = mine / theirs
    what = "act under Hackney's largest procedure (ms), beside Hillingdon's"
    return Line(what, mine, theirs, ratio, f"at most {REACH['largest']}", ratio <= REACH["largest"])


async def due_together(client: Client, register: Register, settings: Settings, clocks: int) -> Line:
    """Many clocks due at the same second, beside as many bare timers."""
    ahead = 10 + clocks * START_SECONDS
    theirs = await bare_timers(client, clocks, ahead)
    mine = await breached_together(client, register, settings.task_queue, clocks, ahead)
    ratio = mine / theirs
    what = f"{clocks} clocks due at the same second, until all are handled (s)"
    return Line(what, mine, theirs, ratio, f"at most {REACH['clocks']}", ratio <= REACH["clocks"])


async def memory_of_kind(kind: WatchKind, each: int) -> float:
    """MB that a thousand open watches of a kind take in a worker that keeps them all in memory."""
    gate = asyncio.Semaphore(20)
    async with bench(Settings(max_cached_workflows=5000)) as (client, settings, register):
        gateway = Gateway(client, settings.task_queue, register, load_council, working_calendar, lambda _: {})

        async def one(reference: str) -> None:
            async with gate:
                now = datetime.now(UTC)
                process, _ = await gateway.start(kind, STARTS[kind](reference, now), starter(kind), now)
                await gateway.view(process)

        await asyncio.gather(*(one(f"w{number}") for number in range(50)))
        gc.collect()
        before = resident_mb()
        await asyncio.gather(*(one(f"k{number}") for number in range(each)))
        gc.collect()
        return (resident_mb() - before) * 1000 / each


def memory_of_kinds(scale: float) -> list[Line]:
    """The same for each kind, in a process of its own: memory that another gave back would hide what this one takes."""
    lines = []
    for kind in STARTS:
        command = [sys.executable, "-m", "benchmarks", "--memory-of", kind, "--scale", str(scale)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this program itself
        lines.append(Line(f"MB a thousand open processes: {kind.replace('_', ' ')}", float(told.stdout), 0))
    return lines


def resident_mb() -> float:
    """Memory of this process in MB, as `ps` says on Linux and macOS alike."""
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return int(told.stdout) / 1024


async def memory(client: Client, register: Register, settings: Settings, journeys: int) -> list[Line]:
    """MB that a thousand open journeys add to a worker as it is set up, and what an act costs on one that rests."""
    gateway = Gateway(client, settings.task_queue, register, council, calendar, lambda _: {})
    run = f"m{time.time_ns()}"
    gate = asyncio.Semaphore(20)
    worker, manager = staff("bench-memory", "social_worker"), staff("bench-memory", "team_manager")

    async def one(number: int) -> str:
        async with gate:
            process, _ = await gateway.refer(form("bench-memory", number, run), worker, datetime.now(UTC))
            await gateway.view(process)  # so that the worker has taken it up
            return process

    async def acts(processes: list[str]) -> float:
        began = time.perf_counter()
        for process in processes:
            await gateway.act(process, "sign_off", manager, {})
        return (time.perf_counter() - began) * 1000 / len(processes)

    await asyncio.gather(*(one(number) for number in range(50)))
    gc.collect()
    before = resident_mb()
    processes = await asyncio.gather(*(one(number) for number in range(50, 50 + journeys)))
    gc.collect()
    grown = (resident_mb() - before) * 1000 / journeys
    reach = f"at most {REACH['memory']:.0f}"
    moving, resting = await acts(processes[-20:]), await acts(processes[:20])
    return [
        Line("MB a thousand open journeys", grown, 0, None, reach, grown <= REACH["memory"]),
        Line("act on a resting journey (ms), beside a moving one", resting, moving, resting / moving),
    ]


async def measure(scale: float) -> list[Line]:
    """Measure memory on a worker as it is set up, then speed on one that keeps everything in memory."""
    # Memory first: what a process once had, it fills again before it grows.
    async with bench(Settings()) as (client, settings, register):
        rest = await memory(client, register, settings, max(int(1000 * min(scale, 1.0)), settings.max_cached_workflows))
    rest += memory_of_kinds(scale)
    async with bench(Settings(max_cached_workflows=5000)) as (client, settings, register):
        lines = [*await compare(client, register, settings, scale), *rest]
    async with bench(Settings(max_cached_workflows=5000)) as (client, settings, register):
        return [*lines, await due_together(client, register, settings, int(2000 * scale))]


@asynccontextmanager
async def bench(wanted: Settings) -> AsyncIterator[tuple[Client, Settings, Register]]:
    """A server with a worker of each kind, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as folder:
        get_ready()
        base = Settings(state_folder=Path(folder), max_cached_workflows=wanted.max_cached_workflows)
        engine = open_register(base.register_url)
        register = Register(engine)
        async with embedded_server(base, headless=True) as server:
            settings = server.applied_to(base)
            client = await connect(settings)
            bare_worker = Worker(
                client,
                task_queue="bare",
                workflows=[Bare, BareTimer],
                activities=[trivial, HANDLED.one_more],
                workflow_runner=sandbox(),
                max_cached_workflows=settings.max_cached_workflows,
            )
            async with _waymark_worker(client, settings, register), bare_worker:
                yield client, settings, register
        engine.dispose()


def _waymark_worker(client: Client, settings: Settings, register: Register) -> Worker:
    return build_worker(client, settings, register, lambda _: {}, council=council, calendar=calendar)


def show(lines: list[Line]) -> None:
    """Print the table."""
    table = Table(title=f"Waymark beside a bare workflow, {local(datetime.now(UTC)):%d %b %Y}", title_justify="left")
    for name in ("measured", "Waymark", "bare", "ratio", "reach", ""):
        table.add_column(name, justify="left" if name in ("measured", "reach") else "right")
    for line in lines:
        ratio = f"{line.ratio:.2f}" if line.ratio is not None else ""
        mark = "" if line.ok is None else ("yes" if line.ok else "NO")
        table.add_row(
            line.what, f"{line.waymark:.1f}", f"{line.bare:.1f}" if line.bare else "", ratio, line.reach, mark
        )
    Console().print(table)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="less than 1 for a quick look")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument("--memory-of", choices=list(STARTS), help="only the memory of one kind of watch, in MB")
    parser.add_argument("--without-register", action="store_true", help="leave out reading a register of many years")
    parser.add_argument("--register-journeys", type=int, default=100_000, help="how many journeys that register has")
    asked = parser.parse_args()
    if asked.memory_of:
        print(asyncio.run(memory_of_kind(asked.memory_of, max(100, int(500 * min(asked.scale, 1.0))))))
        return
    lines = asyncio.run(measure(asked.scale))
    journeys = int(asked.register_journeys * min(asked.scale, 1.0))
    pages = [] if asked.without_register else read_register(journeys)
    if asked.json:
        print(json.dumps([vars(line) for line in (*lines, *pages)], indent=2))
        return
    show(lines)
    if pages:
        show_register(pages, journeys)


if __name__ == "__main__":
    main()
