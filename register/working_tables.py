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
    sql.Column("on_behalf_of", sql.String(64)),
    sql.Column("channel", sql.String(20), nullable=False),
    sql.Column("state", sql.String(20), nullable=False),
    sql.Column("attempts", sql.Integer, nullable=False),
    sql.Column("next_try_at", Instant),
    sql.Column("taken_at", Instant),
    sql.Column("sent_at", Instant),
    sql.Column("provider_reference", REFERENCE),
    sql.Column("fault", REFERENCE),
    sql.UniqueConstraint("notice_id", "recipient", name="delivery_once"),
    sql.Index("delivery_waiting", "state", "next_try_at"),
    sql.Index("delivery_recipient", "recipient", "id"),
)
"""One notice to one person, in one of the states of `register.reading.notices.DeliveryState`.

`recipient` is a staff reference, or empty where nobody holds the post. `on_behalf_of`: whom they deputise for.
`channel`: how it was sent last. `fault` says why it was not, without addresses.
"""

DELIVERY_MARK = sql.Table(
    "delivery_mark",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("position", BIG, nullable=False),
)
"""Up to which event of the log notices were given to people: one row, id 1. What lies before the first is not sent."""

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
    sql.Column("substance", sql.String(64), nullable=False),
    sql.Column("status", sql.String(20), nullable=False),
    sql.Column("html", sql.Text, nullable=False),
    sql.Column("pdf", sql.LargeBinary, nullable=False),
    sql.Column("approved_at", Instant),
    sql.Column("approved_by", sql.String(64)),
    sql.Column("approved_for", sql.String(64)),
    sql.Column("circulated_at", Instant),
)
"""Agenda, pack index, decision sheets (`reference`: the referral's) and minutes, each version as it was made.

`digest` is of all that it says, `substance` of that without its status; a paper that would say the same again gets no
new version. What approval or circulation a version carries was on the log when it was made (`approved_for`: on whose
behalf), and never changes. Versions go only when what they say is erased.
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
