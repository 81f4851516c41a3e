"""The tables of the register.

The **log** (`event`, `event_content`, `erasure`) is only ever added to: triggers refuse anything else. The **read
models** are folded from it and may be emptied and rebuilt at any time. What stands beside both is said at each table.
"""

import sqlalchemy as sql

from register.columns import BIG, JSON, KEY, REFERENCE, Instant

METADATA = sql.MetaData()

EVENT = sql.Table(
    "event",
    METADATA,
    sql.Column("position", BIG, primary_key=True, autoincrement=False),
    sql.Column("process_id", REFERENCE, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("message_id", REFERENCE, nullable=False),
    sql.Column("at", Instant, nullable=False),
    sql.Column("recorded_at", Instant, nullable=False),
    sql.Column("what", KEY, nullable=False),
    sql.Column("staff", sql.String(64), nullable=False),
    sql.Column("post", sql.String(64), nullable=False),
    sql.Column("on_behalf_of", sql.String(64)),
    sql.Column("accepted", sql.Boolean, nullable=False),
    sql.Column("code", sql.String(40)),
    sql.Column("cites", JSON, nullable=False),
    sql.Column("procedure_version", sql.String(40), nullable=False),
    sql.Column("content_digest", sql.String(64), nullable=False),
    sql.Column("previous", sql.String(64), nullable=False),
    sql.Column("hash", sql.String(64), nullable=False),
    sql.UniqueConstraint("process_id", "sequence", "message_id", name="event_once"),
    sql.Index("event_at", "at"),
    sql.Index("event_what", "what", "at"),
)
"""What happened, in one chain: `hash` covers the row, the digest of its content and the hash before it.

`position` counts from 1 without a gap. A refusal that a validator gave has sequence 0 and its message's id; everything
else has the sequence of its process and an empty message id.
"""

EVENT_CONTENT = sql.Table(
    "event_content",
    METADATA,
    sql.Column("position", BIG, sql.ForeignKey("event.position"), primary_key=True, autoincrement=False),
    sql.Column("salt", sql.String(32), nullable=False),
    sql.Column("details", sql.Text, nullable=False),
    sql.Column("standing", sql.Text),
)
"""What was said, and how the process stood afterwards (what changed in it): canonical JSON, covered by the digest.

It stands apart so that it can be erased while the chain stays verifiable; the salt keeps a digest from being guessed.
"""

ERASURE = sql.Table(
    "erasure",
    METADATA,
    sql.Column("position", BIG, sql.ForeignKey("event.position"), primary_key=True, autoincrement=False),
    sql.Column("erased_at", Instant, nullable=False),
    sql.Column("by_position", BIG, sql.ForeignKey("event.position"), nullable=False),
)
"""Whose content was erased, and the event that says who erased it and why. Only with this may content be deleted."""

NOTICE = sql.Table(
    "notice",
    METADATA,
    sql.Column("id", BIG, primary_key=True, autoincrement=True),
    sql.Column("position", BIG, nullable=False),
    sql.Column("process_id", REFERENCE, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("number", sql.Integer, nullable=False),
    sql.Column("post", sql.String(64), nullable=False),
    sql.Column("staff", sql.String(64)),
    sql.Column("subject", sql.String(120), nullable=False),
    sql.Column("at", Instant, nullable=False),
    sql.UniqueConstraint("position", "number", name="notice_once"),
    sql.Index("notice_process", "process_id"),
)
"""Who was to be told of what: written with its event (`position`) and sent to whoever holds the post."""

CLAIM = sql.Table(
    "claim",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("round", sql.Integer, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("total", KEY, nullable=False),
    sql.Column("of", REFERENCE, nullable=False),
    sql.Column("window", sql.String(20), nullable=False),
    sql.Column("pence", sql.BigInteger, nullable=False),
    sql.Column("number", sql.BigInteger, nullable=False),
    sql.Index("claim_total", "council", "total", "of", "window", "number"),
)
"""Who claims how much of which running total, in the order of `number`: see `activities.claims`."""

ANNOUNCED = sql.Table("announced", METADATA, sql.Column("process_id", REFERENCE, primary_key=True))
"""What was about to start and is told of what happens elsewhere, by then or later: see `Register.expects`."""
