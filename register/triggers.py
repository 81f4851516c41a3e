"""Triggers that keep the log as it was written: what was added is neither changed nor taken away.

Content is the one exception: it may be deleted where an erasure is on record. Whoever owns the database can still drop
a trigger; that is what the chain is for.
"""

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
_POSTGRES_FUNCTIONS = (
    f"""
CREATE FUNCTION register_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{REFUSES}'; END $$
""",
    """
CREATE FUNCTION register_content_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.position = OLD.position) THEN
    RAISE EXCEPTION 'content is only erased when its erasure is on record';
  END IF;
  RETURN OLD;
END $$
""",
)
_POSTGRES = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def put_up(connection: sql.Connection) -> None:
    """Put the triggers up on tables that have none.

    Args:
        connection: To the register, in a transaction.
    """
    for statement in _for_postgres() if connection.dialect.name == "postgresql" else _for_sqlite():
        connection.exec_driver_sql(statement)


def _for_sqlite() -> list[str]:
    return [
        _SQLITE.format(
            table=table,
            verb=verb,
            when=_SQLITE_UNLESS_ERASED if _may_be_erased(table, verb) else "",
            sentence=UNTOLD if _may_be_erased(table, verb) else REFUSES,
        ).strip()
        for table in KEPT
        for verb in ("UPDATE", "DELETE")
    ]


def _for_postgres() -> list[str]:
    triggers = [
        _POSTGRES.format(
            name=f"{table}_{verb.lower()}",
            verb=verb,
            table=table,
            each="STATEMENT" if verb == "TRUNCATE" else "ROW",
            function="register_content_erased" if _may_be_erased(table, verb) else "register_refuses",
        )
        for table in KEPT
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    ]
    return [*_POSTGRES_FUNCTIONS, *triggers]


def _may_be_erased(table: str, verb: str) -> bool:
    return table == "event_content" and verb == "DELETE"
