"""The writer: one thread of a process that gathers what is to be recorded and writes it in one transaction.

Whoever has something to record hands it over and waits for the answer. While one transaction is on its way, what comes
in gathers for the next: the more there is to do, the less each costs. A fault of one batch is that batch's alone; a
database that is away is everybody's trouble, and everybody is told, so that Temporal tries again.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakMethod

import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from register.appending import append_new
from register.database import writing_on
from register.log import Line, append

IDLE_SECONDS = 5.0
"""How long the thread and its connection wait for more before they go."""
LINES_AT_ONCE = 500
"""How much goes into one transaction."""
STOP_SECONDS = 60.0
"""How long closing waits for what is being written."""


@dataclass(frozen=True)
class Batch:
    """What one caller wants written, and where the answer goes."""

    lines: Sequence[Line]
    done: "Future[None]" = field(default_factory=Future)


class Writer:
    """Writes batches of lines to the log of one database.

    Its thread starts with the first batch, and ends when there was nothing to do for a while or the engine is disposed.

    Args:
        engine: The register's.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine
        self._waiting: deque[Batch] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._connection: sql.Connection | None = None
        close = WeakMethod(self.close)
        sql.event.listen(engine, "engine_disposed", lambda _: found() if (found := close()) else None)

    def submit(self, lines: Sequence[Line]) -> "Future[None]":
        """Have lines written.

        Args:
            lines: In order, of one process, at least one.

        Returns:
            What is done when they are in the log, or carries the error because of which they are not.
        """
        batch = Batch(lines)
        with self._changed:
            self._waiting.append(batch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="register-writer", daemon=True)
                self._thread.start()
            self._changed.notify()
        return batch.done

    def close(self) -> None:
        """Write what waits, and end the thread. More may be submitted later: it starts again."""
        with self._changed:
            thread = self._thread
            self._stopping = thread is not None
            self._changed.notify()
        if thread is not None and thread is not threading.current_thread():
            thread.join(STOP_SECONDS)

    def _run(self) -> None:
        while True:
            batches = self._next()
            if batches:
                try:
                    self._write(batches)
                except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                    _answer(batches, error)
                    self._disconnect()
                continue
            with self._changed:
                if not self._waiting:
                    self._disconnect()
                    self._thread, self._stopping = None, False
                    return

    def _next(self) -> list[Batch]:
        """What waits, once something does; nothing when it is time to go."""
        batches: list[Batch] = []
        lines = 0
        with self._changed:
            if not self._waiting and not self._stopping:
                self._changed.wait(IDLE_SECONDS)
            while self._waiting and lines < LINES_AT_ONCE:
                batch = self._waiting.popleft()
                if batch.done.set_running_or_notify_cancel():
                    batches.append(batch)
                    lines += len(batch.lines)
        return batches

    def _write(self, batches: Sequence[Batch]) -> None:
        if self._connection is not None:
            try:
                _write_all(self._connection, batches)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self._disconnect()  # it broke while nobody used it: what is there already is seen on the next
            else:
                return
        self._connection = self._engine.connect()
        self._connection.detach()  # this thread's own: no pool looks after it for every act
        _write_all(self._connection, batches)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):  # a connection that broke need not be able to say goodbye
                connection.close()


def _write_all(connection: sql.Connection, batches: Sequence[Batch]) -> None:
    """Write batches together; if one of them cannot be written, each alone, so that it holds up no other.

    Raises:
        DBAPIError: The database is away, full or busy; nothing that was not answered is in the log.
    """
    try:
        _write_together(connection, [batch.lines for batch in batches])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(batches) == 1 or (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise
        for batch in batches:
            _write_alone(connection, batch)
    else:
        _answer(batches)


def _write_together(connection: sql.Connection, batches: Sequence[Sequence[Line]]) -> None:
    try:
        with writing_on(connection):
            append(connection, [line for lines in batches for line in lines])
    except IntegrityError:  # something is there already: it was written, and nobody heard the answer
        with writing_on(connection):
            append_new(connection, batches)


def _write_alone(connection: sql.Connection, batch: Batch) -> None:
    try:
        _write_together(connection, [batch.lines])
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - told to whoever wanted it written
        _answer([batch], error)
    else:
        _answer([batch])


def _answer(batches: Sequence[Batch], error: BaseException | None = None) -> None:
    for batch in batches:
        if batch.done.done():
            continue
        if error is None:
            batch.done.set_result(None)
        else:
            batch.done.set_exception(error)
