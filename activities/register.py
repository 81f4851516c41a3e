"""The register: what happened, for longer than Temporal remembers; and the notices that go with it.

Idempotent by (process id, sequence): retries and worker deaths write nothing twice. Refusals carry sequence 0 and
are written by whoever met them, under their message id.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import sqlalchemy as sql
from sqlalchemy.dialects import postgresql, sqlite
from temporalio import activity

from models.process import Entry, Notice

METADATA = sql.MetaData()
EVENTS = sql.Table(
    "event",
    METADATA,
    sql.Column("process_id", sql.String(200), primary_key=True),
    sql.Column("sequence", sql.Integer, primary_key=True),
    sql.Column("message_id", sql.String(200), primary_key=True, default=""),
    sql.Column("at", sql.String(40), nullable=False),
    sql.Column("recorded_at", sql.String(40), nullable=False),
    sql.Column("what", sql.String(80), nullable=False),
    sql.Column("staff", sql.String(64), nullable=False),
    sql.Column("post", sql.String(64), nullable=False),
    sql.Column("accepted", sql.Boolean, nullable=False),
    sql.Column("code", sql.String(40)),
    sql.Column("cites", sql.JSON, nullable=False),
    sql.Column("procedure_version", sql.String(40), nullable=False),
    sql.Column("details", sql.JSON, nullable=False),
)
NOTICES = sql.Table(
    "notice",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=True),
    sql.Column("process_id", sql.String(200), nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("number", sql.Integer, nullable=False),
    sql.Column("post", sql.String(64), nullable=False),
    sql.Column("staff", sql.String(64)),
    sql.Column("subject", sql.String(120), nullable=False),
    sql.Column("at", sql.String(40), nullable=False),
    sql.UniqueConstraint("process_id", "sequence", "number"),
)

CLAIMS = sql.Table(
    "claim",
    METADATA,
    sql.Column("process_id", sql.String(200), primary_key=True),
    sql.Column("round", sql.Integer, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("total", sql.String(80), nullable=False),
    sql.Column("of", sql.String(200), nullable=False),
    sql.Column("window", sql.String(20), nullable=False),
    sql.Column("pence", sql.BigInteger, nullable=False),
    sql.Column("number", sql.BigInteger, nullable=False),
    sql.Index("claim_total", "council", "total", "of", "window", "number"),
)
"""Who claims how much of which running total, in the order of `number`: see `activities.claims`."""


def open_register(url: str) -> sql.Engine:
    """Open the register and make its tables where they are missing. Its errors never show what was written.

    Args:
        url: An SQLAlchemy URL: SQLite for one machine, PostgreSQL in production.
    """
    if url.startswith("sqlite"):
        quiet_sqlite = {"timeout": 30, "check_same_thread": False}
        engine = sql.create_engine(url, connect_args=quiet_sqlite, hide_parameters=True)
        sql.event.listen(engine, "connect", _write_ahead)
    else:
        engine = sql.create_engine(url, pool_pre_ping=True, hide_parameters=True)
    METADATA.create_all(engine)
    return engine


def _write_ahead(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API connection
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


class Register:
    """The register of one installation.

    Args:
        engine: From `open_register`.
    """

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    @property
    def engine(self) -> sql.Engine:
        """The database, for what else is kept in it."""
        return self._engine

    @activity.defn(name="record")
    def record(self, entries: Sequence[Entry]) -> None:
        """Write entries and their notices in one transaction; what is already there stays as it is.

        Args:
            entries: In order; any number.
        """
        self._write([(entry, "") for entry in entries])

    def record_refusal(self, entry: Entry, message_id: str) -> None:
        """Write a refusal that a validator gave: history has nothing of it.

        Args:
            entry: The refusal, with sequence 0.
            message_id: The refused message.
        """
        self._write([(entry, message_id)])

    def _write(self, entries: Sequence[tuple[Entry, str]]) -> None:
        now = datetime.now(UTC).isoformat()
        events = [_event_row(entry, message_id, now) for entry, message_id in entries]
        notices = [
            _notice_row(entry, number, notice) for entry, _ in entries for number, notice in enumerate(entry.notices)
        ]
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        with self._engine.begin() as connection:
            connection.execute(insert(EVENTS).on_conflict_do_nothing(), events)
            if notices:
                connection.execute(insert(NOTICES).on_conflict_do_nothing(), notices)

    def events(self, process_id: str) -> list[Entry]:
        """Everything that the register has of a process, in order, refusals last.

        Args:
            process_id: The process.
        """
        query = sql.select(EVENTS).where(EVENTS.c.process_id == process_id).order_by(EVENTS.c.sequence, EVENTS.c.at)
        with self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [
            Entry.model_validate({key: value for key, value in row.items() if key not in ("message_id", "recorded_at")})
            for row in rows
        ]

    def notices(self) -> list[tuple[str, Notice]]:
        """Every notice with the process that it is about, in the order of writing."""
        with self._engine.connect() as connection:
            rows = connection.execute(sql.select(NOTICES).order_by(NOTICES.c.id)).mappings().all()
        return [
            (row["process_id"], Notice(post=row["post"], staff=row["staff"], subject=row["subject"])) for row in rows
        ]


def _event_row(entry: Entry, message_id: str, now: str) -> dict[str, object]:
    return {
        "process_id": entry.process_id,
        "sequence": entry.sequence,
        "message_id": message_id,
        "at": entry.at.isoformat(),
        "recorded_at": now,
        "what": entry.what,
        "staff": entry.staff,
        "post": entry.post,
        "accepted": entry.accepted,
        "code": entry.code,
        "cites": list(entry.cites),
        "procedure_version": entry.procedure_version,
        "details": entry.model_dump(mode="json")["details"],
    }


def _notice_row(entry: Entry, number: int, notice: Notice) -> dict[str, object]:
    return {
        "process_id": entry.process_id,
        "sequence": entry.sequence,
        "number": number,
        "post": notice.post,
        "staff": notice.staff,
        "subject": notice.subject,
        "at": entry.at.isoformat(),
    }
