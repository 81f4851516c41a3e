"""A worker that dies at the worst moment: its act stands in the register, and Temporal has not kept it yet."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from activities.register import Register, open_register
from models.process import Entry
from runtime.connection import connect
from runtime.settings import Settings
from runtime.workers import build_worker

READY = "ready"


class DyingRegister(Register):
    """A register whose worker dies as soon as it holds a certain act."""

    deadly = ""

    async def record(self, entries: Sequence[Entry], standing: dict[str, Any] | None = None) -> None:
        await super().record(entries, standing)
        if any(entry.what == self.deadly for entry in entries):
            os.kill(os.getpid(), signal.SIGKILL)


async def main(address: str, register_url: str, deadly: str) -> None:
    """Work until the act comes.

    Args:
        address: Temporal's.
        register_url: The register's.
        deadly: The act.
    """
    settings = Settings(temporal_address=address, register_url=register_url)
    register = DyingRegister(open_register(register_url))
    register.deadly = deadly
    async with build_worker(await connect(settings), settings, register, lambda _: {}):
        print(READY, flush=True)  # noqa: T201 - what the test listens for
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
