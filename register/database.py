"""Opening the register: SQLite for one machine, PostgreSQL in production, each with the tables of this version.

Readers use `engine.connect()`. Whoever writes uses `writing(engine)`: on SQLite it asks for the one write lock at the
start, where waiting for it helps; a transaction that reads first and writes later may find that it cannot any more.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sql

from models.errors import RefusalCode, Refused
from register import read_models, tables, triggers, working_tables  # noqa: F401 - the tables have to be known
from register.tables import METADATA

VERSION = "0003"
"""The version of the tables, by the name of the last migration."""
BEFORE_VERSIONS = "0001"
"""The version of a register that was made before versions were kept."""
BUSY_SECONDS = 30.0
"""How long SQLite waits for another process's write."""
LOOK_AGAIN = 0.005
MIGRATION_LOCK = 0x5741_594D_0001
"""PostgreSQL's advisory lock under which the tables are made or changed."""

ALEMBIC_VERSION = sql.Table(
    "alembic_version",
    sql.MetaData(),
    sql.Column("version_num", sql.String(32), nullable=False),
    sql.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def open_register(url: str) -> sql.Engine:
    """Open the register and bring its tables up to date. Its errors never show what was written.

    Args:
        url: An SQLAlchemy URL: SQLite for one machine, PostgreSQL in production.

    Raises:
        Refused: `invalid`: a newer release of Waymark made it.
        SQLAlchemyError: It cannot be reached, or not be written to.
    """
    engine = connect_register(url)
    try:
        bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect_register(url: str) -> sql.Engine:
    """Connect to the register as it is, whatever version its tables have.

    Args:
        url: An SQLAlchemy URL.
    """
    if not url.startswith("sqlite"):
        return sql.create_engine(
            url,
            pool_pre_ping=True,
            hide_parameters=True,
            isolation_level="READ COMMITTED",  # whoever waited for the chain must see what was added meanwhile
        )
    shared = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = sql.create_engine(url, connect_args=shared, hide_parameters=True)
    sql.event.listen(engine, "connect", _set_up_sqlite)
    sql.event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: sql.Engine) -> Iterator[sql.Connection]:
    """A transaction that writes: committed at the end, rolled back when something is raised.

    Args:
        engine: The register's.
    """
    with engine.connect() as connection, writing_on(connection):
        yield connection


@contextmanager
def writing_on(connection: sql.Connection) -> Iterator[None]:
    """A transaction that writes, on a connection that is open already.

    Args:
        connection: To the register, outside of any transaction.
    """
    connection.execution_options(register_writes=True)
    with connection.begin():
        yield


@contextmanager
def reading_on(connection: sql.Connection) -> Iterator[None]:
    """A transaction that only reads, on a connection that may have written before.

    Args:
        connection: To the register, outside of any transaction.
    """
    connection.execution_options(register_writes=False)
    with connection.begin():
        yield


def version_of(connection: sql.Connection) -> str | None:
    """The version of the tables; `None` when there are none yet.

    Args:
        connection: To the register.
    """
    known = sql.inspect(connection)
    if known.has_table(ALEMBIC_VERSION.name):
        found: str | None = connection.scalar(sql.select(ALEMBIC_VERSION.c.version_num))
        if found is not None:
            return found
    return BEFORE_VERSIONS if known.has_table(tables.EVENT.name) else None


def bring_up_to_date(engine: sql.Engine) -> str | None:
    """Make the tables, or change older ones to this version's; several processes may do so at once.

    Args:
        engine: From `connect_register`.

    Returns:
        The version that was found; `None` when there were no tables.

    Raises:
        Refused: `invalid`: a newer release of Waymark made them.
    """
    with engine.connect() as connection:
        found = version_of(connection)
    if found == VERSION:
        return found
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        before = version_of(connection)  # another process may have been quicker
        if before is None:
            _make(connection)
        elif before != VERSION:
            _migrate(connection, before)
    return found


def put_guards_back(engine: sql.Engine) -> list[str]:
    """Put up the triggers of the log that are gone. Opening does not do so by itself: somebody should hear of it.

    Args:
        engine: From `connect_register`, with tables of this version.

    Returns:
        What those stop that were put up, such as "UPDATE of event".
    """
    with engine.connect() as connection:
        if not triggers.gone(connection):
            return []
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sql.select(sql.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        return [guard.against for guard in triggers.put_up(connection)]


def _make(connection: sql.Connection) -> None:
    """Everything at once, as if all migrations had been run; a test compares the two."""
    METADATA.create_all(connection, checkfirst=False)
    triggers.put_up(connection)
    ALEMBIC_VERSION.create(connection)
    connection.execute(sql.insert(ALEMBIC_VERSION).values(version_num=VERSION))


def _migrate(connection: sql.Connection, before: str) -> None:
    # Loaded here: a register that is up to date, as nearly all are, opens without it.
    from register.migrations.running import knows, migrate  # noqa: PLC0415

    if not knows(before):
        raise Refused(
            RefusalCode.INVALID,
            f"The register has tables of version {before}, and this release knows versions up to {VERSION}.",
            "Use the release that made it, or a later one.",
        )
    migrate(connection, before)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
    connection.isolation_level = None  # the driver begins no transactions by itself: `_begin_sqlite` does
    cursor = connection.cursor()
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Keep a write-ahead log, as a file does from its first opening on.

    Alone of all statements this one does not wait for its turn when several processes open a new file at once.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(LOOK_AGAIN)
        else:
            return


def _begin_sqlite(connection: sql.Connection) -> None:
    writes = connection.get_execution_options().get("register_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
