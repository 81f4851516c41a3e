"""The log and its notices, as version 0002 made them."""

import sqlalchemy as sql
from alembic import op

from register.columns import BIG, Instant


def make() -> None:
    """Make them, in the order in which they refer to each other."""
    _event()
    _notice()
    _erasure()
    _event_content()


def _event() -> None:
    op.create_table(
        "event",
        sql.Column("position", BIG, primary_key=True, autoincrement=False),
        sql.Column("process_id", sql.String(200), nullable=False),
        sql.Column("sequence", sql.Integer, nullable=False),
        sql.Column("message_id", sql.String(200), nullable=False),
        sql.Column("at", Instant, nullable=False),
        sql.Column("recorded_at", Instant, nullable=False),
        sql.Column("what", sql.String(80), nullable=False),
        sql.Column("staff", sql.String(64), nullable=False),
        sql.Column("post", sql.String(64), nullable=False),
        sql.Column("on_behalf_of", sql.String(64)),
        sql.Column("accepted", sql.Boolean, nullable=False),
        sql.Column("code", sql.String(40)),
        sql.Column("cites", sql.JSON, nullable=False),
        sql.Column("procedure_version", sql.String(40), nullable=False),
        sql.Column("content_digest", sql.String(64), nullable=False),
        sql.Column("previous", sql.String(64), nullable=False),
        sql.Column("hash", sql.String(64), nullable=False),
        sql.UniqueConstraint("process_id", "sequence", "message_id", name="event_once"),
    )
    op.create_index("event_at", "event", ["at"])
    op.create_index("event_what", "event", ["what", "at"])


def _notice() -> None:
    op.create_table(
        "notice",
        sql.Column("id", BIG, primary_key=True, autoincrement=True),
        sql.Column("position", BIG, nullable=False),
        sql.Column("process_id", sql.String(200), nullable=False),
        sql.Column("sequence", sql.Integer, nullable=False),
        sql.Column("number", sql.Integer, nullable=False),
        sql.Column("post", sql.String(64), nullable=False),
        sql.Column("staff", sql.String(64)),
        sql.Column("subject", sql.String(120), nullable=False),
        sql.Column("at", Instant, nullable=False),
        sql.UniqueConstraint("position", "number", name="notice_once"),
    )
    op.create_index("notice_process", "notice", ["process_id"])


def _erasure() -> None:
    op.create_table(
        "erasure",
        sql.Column("position", BIG, sql.ForeignKey("event.position"), primary_key=True, autoincrement=False),
        sql.Column("erased_at", Instant, nullable=False),
        sql.Column("by_position", BIG, sql.ForeignKey("event.position"), nullable=False),
    )


def _event_content() -> None:
    op.create_table(
        "event_content",
        sql.Column("position", BIG, sql.ForeignKey("event.position"), primary_key=True, autoincrement=False),
        sql.Column("salt", sql.String(32), nullable=False),
        sql.Column("details", sql.Text, nullable=False),
        sql.Column("standing", sql.Text),
    )
