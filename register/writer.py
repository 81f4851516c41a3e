"""The writer: one thread of a process that gathers what is to be recorded and writes it in one transaction.

Whoever has something to record hands it over and waits for the answer. While one transaction is on its way, what comes
in gathers for the next: the more there is to do, the less each costs. A fault of one batch is that batch's alone; a
database that is away is everybody's trouble, and everybody is told, so that Temporal tries again.

Small questions to the log are answered in the same way, by a writer that does nothing else: a thread of the loop's own
pool and a connection of the engine's would cost more than the answer.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from weakref import WeakMethod

import sqlalchemy as sql
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from register.appending import append_new
from register.database import reading_on, writing_on
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


@dataclass(frozen=True)
class Question:
    """What one caller wants to know, and where the answer goes."""

    ask: Callable[[sql.Connection], bool]
    done: "Future[bool]" = field(default_factory=Future)


class Writer:
    """Writes batches of lines to the log of one database.

    Its thread starts with the first batch, and ends when there was nothing to do for a while or the engine is disposed.

    Args:
        engine: The register's.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine
        self._waiting: deque[Batch | Question] = deque()
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
        self._take(batch)
        return batch.done

    def ask(self, ask: Callable[[sql.Connection], bool]) -> "Future[bool]":
        """Have a question answered.

        Args:
            ask: Reads a row or two, in a transaction.

        Returns:
            What carries the answer, or the error because of which there is none.
        """
        question = Question(ask)
        self._take(question)
        return question.done

    def _take(self, wanted: Batch | Question) -> None:
        with self._changed:
            self._waiting.append(wanted)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="register-writer", daemon=True)
                self._thread.start()
            self._changed.notify()

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
            wanted = self._next()
            if wanted:
                try:
                    self._do(wanted)
                except BaseException as error:  # noqa: BLE001 - whoever waits is told, whatever it is
                    _fail(wanted, error)
                    self._disconnect()
                continue
            with self._changed:
                if not self._waiting:
                    self._disconnect()
                    self._thread, self._stopping = None, False
                    return

    def _next(self) -> list[Batch | Question]:
        """What waits, once something does; nothing when it is time to go."""
        found: list[Batch | Question] = []
        lines = 0
        with self._changed:
            if not self._waiting and not self._stopping:
                self._changed.wait(IDLE_SECONDS)
            while self._waiting and lines < LINES_AT_ONCE:
                wanted = self._waiting.popleft()
                if wanted.done.set_running_or_notify_cancel():
                    found.append(wanted)
                    lines += len(wanted.lines) if isinstance(wanted, Batch) else 1
        return found

    def _do(self, wanted: Sequence[Batch | Question]) -> None:
        if self._connection is not None:
            try:
                _do_all(self._connection, wanted)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                self._disconnect()  # it broke while nobody used it: what is there already is seen on the next
            else:
                return
        self._connection = self._engine.connect()
        self._connection.detach()  # this thread's own: no pool looks after it for every act
        _do_all(self._connection, wanted)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(DBAPIError):  # a connection that broke need not be able to say goodbye
                connection.close()


def _do_all(connection: sql.Connection, wanted: Sequence[Batch | Question]) -> None:
    batches = [one for one in wanted if isinstance(one, Batch) and not one.done.done()]
    if batches:
        _write_all(connection, batches)
    questions = [one for one in wanted if isinstance(one, Question) and not one.done.done()]
    if questions:
        with reading_on(connection):
            for question in questions:
                question.done.set_result(question.ask(connection))


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
        _fail([batch], error)
    else:
        _answer([batch])


def _answer(batches: Sequence[Batch]) -> None:
    for batch in batches:
        if not batch.done.done():
            batch.done.set_result(None)


def _fail(wanted: Sequence[Batch | Question], error: BaseException) -> None:
    for one in wanted:
        if not one.done.done():
            one.done.set_exception(error)
