"""What stands beside log and read models, as version 0002 made them."""

import sqlalchemy as sql
from alembic import op

from register.columns import BIG, Instant


def make() -> None:
    """Make them, in the order in which they refer to each other."""
    _calendar_entry()
    _delivery_mark()
    _paper()
    _delivery()


def _calendar_entry() -> None:
    op.create_table(
        "calendar_entry",
        sql.Column("feed", sql.String(200), primary_key=True),
        sql.Column("uid", sql.String(200), primary_key=True),
        sql.Column("sequence", sql.Integer, nullable=False),
        sql.Column("digest", sql.String(64), nullable=False),
        sql.Column("changed_at", Instant, nullable=False),
        sql.Column("cancelled", sql.Boolean, nullable=False),
        sql.Column("until", sql.Date, nullable=False),
        sql.Column("body", sql.Text, nullable=False),
    )


def _delivery_mark() -> None:
    op.create_table(
        "delivery_mark",
        sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("position", BIG, nullable=False),
    )


def _paper() -> None:
    op.create_table(
        "paper",
        sql.Column("council", sql.String(64), primary_key=True),
        sql.Column("forum", sql.String(80), primary_key=True),
        sql.Column("on", sql.Date, primary_key=True),
        sql.Column("kind", sql.String(40), primary_key=True),
        sql.Column("reference", sql.String(64), primary_key=True, server_default=""),
        sql.Column("version", sql.Integer, primary_key=True),
        sql.Column("made_at", Instant, nullable=False),
        sql.Column("made_by", sql.String(64), nullable=False),
        sql.Column("from_position", BIG, nullable=False),
        sql.Column("digest", sql.String(64), nullable=False),
        sql.Column("substance", sql.String(64), nullable=False),
        sql.Column("status", sql.String(20), nullable=False),
        sql.Column("html", sql.Text, nullable=False),
        sql.Column("pdf", sql.LargeBinary, nullable=False),
        sql.Column("approved_at", Instant),
        sql.Column("approved_by", sql.String(64)),
        sql.Column("approved_for", sql.String(64)),
        sql.Column("circulated_at", Instant),
    )


def _delivery() -> None:
    op.create_table(
        "delivery",
        sql.Column("id", BIG, primary_key=True, autoincrement=True),
        sql.Column("notice_id", BIG, sql.ForeignKey("notice.id"), nullable=False),
        sql.Column("recipient", sql.String(64), nullable=False),
        sql.Column("on_behalf_of", sql.String(64)),
        sql.Column("channel", sql.String(20), nullable=False),
        sql.Column("state", sql.String(20), nullable=False),
        sql.Column("attempts", sql.Integer, nullable=False),
        sql.Column("next_try_at", Instant),
        sql.Column("taken_at", Instant),
        sql.Column("sent_at", Instant),
        sql.Column("provider_reference", sql.String(200)),
        sql.Column("fault", sql.String(200)),
        sql.UniqueConstraint("notice_id", "recipient", name="delivery_once"),
    )
    op.create_index("delivery_recipient", "delivery", ["recipient", "id"])
    op.create_index("delivery_waiting", "delivery", ["state", "next_try_at"])
