"""Triggers that keep the log as it was written: what was added is neither changed nor taken away.

Content is the one exception: it may be deleted where an erasure is on record. Whoever owns the database can still drop
a trigger; that is what the chain is for. Which of them are gone is seen here, and they can be put up again.
"""

from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sql

KEPT = ("event", "event_content", "erasure")
"""The tables of the log."""
REFUSES = "the register is only ever added to"
UNTOLD = "content is only erased when its erasure is on record"

_SQLITE = """
CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{sentence}'); END
"""
_SQLITE_UNLESS_ERASED = "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.position = OLD.position)"
_SQLITE_IN_PLACE = "EXISTS (SELECT 1 FROM {table} WHERE position = NEW.position)"
_SQLITE_SAME_EVENT = (
    " OR EXISTS (SELECT 1 FROM event WHERE process_id = NEW.process_id"
    " AND sequence = NEW.sequence AND message_id = NEW.message_id)"
)
"""SQLite's REPLACE deletes what is in its way without asking the DELETE triggers, so it is stopped as an INSERT."""
_POSTGRES = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
_POSTGRES_FUNCTION = "CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
_REFUSING, _ERASING = "register_refuses", "register_content_erased"
_POSTGRES_BODIES = {
    _REFUSING: f"""
BEGIN RAISE EXCEPTION '{REFUSES}'; END """,
    _ERASING: """
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.position = OLD.position) THEN
    RAISE EXCEPTION 'content is only erased when its erasure is on record';
  END IF;
  RETURN OLD;
END """,
}
_POSTGRES_FOUND = """
SELECT pg_get_triggerdef(pg_trigger.oid, true) || ' ' || pg_proc.prosrc
FROM pg_trigger
JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid
JOIN pg_proc ON pg_proc.oid = pg_trigger.tgfoid
WHERE NOT pg_trigger.tgisinternal AND pg_trigger.tgenabled IN ('O', 'A') AND pg_table_is_visible(pg_class.oid)
"""
_SQLITE_FOUND = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"


class Guard(NamedTuple):
    """A trigger: what it stops on which table, and the statements that make it anew.

    Attributes:
        against: What it stops, such as "UPDATE of event".
        looks: What the database says of it while it is up.
        statements: Those that put it up, also where another of its name is there.
    """

    against: str
    looks: str
    statements: tuple[str, ...]


def gone(connection: sql.Connection) -> list[Guard]:
    """The guards that are not there, are switched off, or are not what they were.

    Args:
        connection: To a register whose tables are there.
    """
    of_postgres = connection.dialect.name == "postgresql"
    found = connection.exec_driver_sql(_POSTGRES_FOUND if of_postgres else _SQLITE_FOUND).scalars()
    there = {_bare(text) for text in found}
    return [guard for guard in (_for_postgres() if of_postgres else _for_sqlite()) if _bare(guard.looks) not in there]


def put_up(connection: sql.Connection) -> list[Guard]:
    """Put up the triggers that are gone: all of them, on tables that were just made.

    Args:
        connection: To the register, in a transaction.

    Returns:
        Those that were put up.
    """
    missing = gone(connection)
    for guard in missing:
        for statement in guard.statements:
            connection.exec_driver_sql(statement)
    return missing


def _bare(text: str) -> str:
    return " ".join(text.split())


def _for_sqlite() -> Iterator[Guard]:
    for table in KEPT:
        for verb in ("UPDATE", "DELETE", "INSERT"):
            may_be_erased = _may_be_erased(table, verb)
            text = _SQLITE.format(
                table=table,
                verb=verb,
                when=_SQLITE_UNLESS_ERASED if may_be_erased else _in_its_way(table) if verb == "INSERT" else "",
                sentence=UNTOLD if may_be_erased else REFUSES,
            ).strip()
            against = "REPLACE" if verb == "INSERT" else verb
            yield Guard(f"{against} of {table}", text, (f"DROP TRIGGER IF EXISTS {table}_{verb}", text))


def _in_its_way(table: str) -> str:
    return f"WHEN {_SQLITE_IN_PLACE.format(table=table)}{_SQLITE_SAME_EVENT if table == 'event' else ''}"


def _for_postgres() -> Iterator[Guard]:
    for table in KEPT:
        for verb in ("UPDATE", "DELETE", "TRUNCATE"):
            name = f"{table}_{verb.lower()}"
            function = _ERASING if _may_be_erased(table, verb) else _REFUSING
            text = _POSTGRES.format(
                name=name,
                verb=verb,
                table=table,
                each="STATEMENT" if verb == "TRUNCATE" else "ROW",
                function=function,
            )
            body = _POSTGRES_BODIES[function]
            statements = (
                _POSTGRES_FUNCTION.format(name=function, body=body),
                f"DROP TRIGGER IF EXISTS {name} ON {table}",
                text,
            )
            yield Guard(f"{verb} of {table}", f"{text} {body}", statements)


def _may_be_erased(table: str, verb: str) -> bool:
    return table == "event_content" and verb == "DELETE"
