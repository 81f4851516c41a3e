"""The register: what happened, for longer than Temporal remembers; and the notices that go with it.

Idempotent by (process id, sequence): retries and worker deaths write nothing twice. Refusals carry sequence 0 and
are written by whoever met them, under their message id. How it is kept: `register`.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import sqlalchemy as sql
from sqlalchemy.exc import IntegrityError

from models.process import Entry, Notice
from register.database import open_register, writing
from register.log import Line, announce, entries_of, is_expected, is_known, line_of
from register.tables import NOTICE
from register.writer import Writer

__all__ = ["Register", "open_register"]


class Register:
    """The register of one installation.

    Args:
        engine: From `open_register`.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine)
        self._asked = Writer(engine)  # on a thread and connection of its own: questions wait for nobody's writing

    @property
    def engine(self) -> sql.Engine:
        """The database, for what else is kept in it."""
        return self._engine

    async def record(self, entries: Sequence[Entry], standing: dict[str, Any] | None = None) -> None:
        """Write entries and their notices in one transaction; what is already there stays as it is.

        Args:
            entries: Of one process, in order; any number.
            standing: What changed in how the process stands since it was recorded last, as a JSON merge patch.
        """
        if entries:
            await asyncio.wrap_future(self._writer.submit(_lines(entries, standing)))

    def write(self, entries: Sequence[Entry], standing: dict[str, Any] | None = None) -> None:
        """Do what `record` does, for whoever has no event loop.

        Args:
            entries: Of one process, in order; any number.
            standing: What changed, as a JSON merge patch.
        """
        if entries:
            self._writer.submit(_lines(entries, standing)).result()

    async def record_refusal(self, entry: Entry, message_id: str) -> None:
        """Write a refusal that a validator gave: history has nothing of it.

        Args:
            entry: The refusal, with sequence 0.
            message_id: The refused message.
        """
        await asyncio.wrap_future(self._writer.submit([line_of(entry, message_id)]))

    def events(self, process_id: str) -> list[Entry]:
        """Everything that the register has of a process, in order; refusals that validators gave come first.

        Args:
            process_id: The process.
        """
        with self._engine.connect() as connection:
            return entries_of(connection, process_id)

    async def first(self, process_id: str, what: str) -> Entry | None:
        """The first time that something was accepted in a process.

        Args:
            process_id: The process.
            what: An act.
        """
        if not await self.knows(process_id):
            return None
        entries = await asyncio.to_thread(self.events, process_id)
        return next((one for one in entries if one.what == what and one.accepted), None)

    async def knows(self, process_id: str) -> bool:
        """Whether the register has anything of a process.

        Args:
            process_id: The process.
        """
        return await asyncio.wrap_future(self._asked.ask(partial(is_known, process_id=process_id)))

    async def announce(self, process_id: str) -> None:
        """Keep that a process is about to start, so that from now on it is `expected`. Before it starts, not after.

        Args:
            process_id: The process.
        """
        await asyncio.to_thread(self._announce, process_id)

    def _announce(self, process_id: str) -> None:
        with suppress(IntegrityError), writing(self._engine) as connection:  # somebody else may have been quicker
            announce(connection, process_id)

    async def expects(self, process_id: str) -> bool:
        """Whether there is such a process, was one, or will be in a moment.

        Args:
            process_id: The process.
        """
        return await asyncio.wrap_future(self._asked.ask(partial(is_expected, process_id=process_id)))

    def notices(self) -> list[tuple[str, Notice]]:
        """Every notice with the process that it is about, in the order of writing."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql.select(NOTICE).order_by(NOTICE.c.id)).mappings().all()
        return [
            (row["process_id"], Notice(post=row["post"], staff=row["staff"], subject=row["subject"])) for row in rows
        ]


def _lines(entries: Sequence[Entry], standing: dict[str, Any] | None) -> list[Line]:
    *before, last = entries
    return [*(line_of(entry) for entry in before), line_of(last, standing=standing)]
