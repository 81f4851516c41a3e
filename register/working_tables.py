"""Tables that are neither log nor read model: what has to be remembered about sending, papers and calendars."""

import sqlalchemy as sql

from register.columns import BIG, KEY, REFERENCE, Instant
from register.tables import METADATA

DELIVERY = sql.Table(
    "delivery",
    METADATA,
    sql.Column("id", BIG, primary_key=True, autoincrement=True),
    sql.Column("notice_id", BIG, sql.ForeignKey("notice.id"), nullable=False),
    sql.Column("recipient", sql.String(64), nullable=False),
    sql.Column("channel", sql.String(20), nullable=False),
    sql.Column("state", sql.String(20), nullable=False),
    sql.Column("attempts", sql.Integer, nullable=False),
    sql.Column("next_try_at", Instant),
    sql.Column("taken_at", Instant),
    sql.Column("sent_at", Instant),
    sql.Column("provider_reference", REFERENCE),
    sql.Column("fault", REFERENCE),
    sql.UniqueConstraint("notice_id", "recipient", "channel", name="delivery_once"),
    sql.Index("delivery_waiting", "state", "next_try_at"),
)
"""One notice to one person. `state`: waiting, sending, sent, failed, unknown (it may have gone out: never sent again).

`recipient` is a staff reference, or the post where nobody holds it. `fault` says why, without addresses.
"""

PAPER = sql.Table(
    "paper",
    METADATA,
    sql.Column("council", sql.String(64), primary_key=True),
    sql.Column("forum", KEY, primary_key=True),
    sql.Column("on", sql.Date, primary_key=True),
    sql.Column("kind", sql.String(40), primary_key=True),
    sql.Column("reference", sql.String(64), primary_key=True, server_default=""),
    sql.Column("version", sql.Integer, primary_key=True),
    sql.Column("made_at", Instant, nullable=False),
    sql.Column("made_by", sql.String(64), nullable=False),
    sql.Column("from_position", BIG, nullable=False),
    sql.Column("digest", sql.String(64), nullable=False),
    sql.Column("html", sql.Text, nullable=False),
    sql.Column("pdf", sql.LargeBinary, nullable=False),
    sql.Column("approved_at", Instant),
    sql.Column("approved_by", sql.String(64)),
    sql.Column("circulated_at", Instant),
)
"""Agenda, pack index, decision sheets (`reference`: the referral's) and minutes, each version as it was made.

`digest` is of what it says; a paper that would say the same again gets no new version. `approved_*` and `circulated_at`
are set once, from the log.
"""

CALENDAR_ENTRY = sql.Table(
    "calendar_entry",
    METADATA,
    sql.Column("feed", REFERENCE, primary_key=True),
    sql.Column("uid", REFERENCE, primary_key=True),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("digest", sql.String(64), nullable=False),
    sql.Column("changed_at", Instant, nullable=False),
    sql.Column("cancelled", sql.Boolean, nullable=False),
    sql.Column("until", sql.Date, nullable=False),
    sql.Column("body", sql.Text, nullable=False),
)
"""What each iCalendar feed said last, so that a change raises its SEQUENCE and what is gone is cancelled."""
