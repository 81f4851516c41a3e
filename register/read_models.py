"""The read models: what people read in bulk, folded from the log and from nothing else.

Every table but `child` is keyed by process, so that folding a process again replaces its rows. `register.fold` fills
them. Units are in small letters without blanks around them, as `rules.authority.same_unit` compares them. Money is in
pence; days are local (Europe/London), instants UTC.
"""

import sqlalchemy as sql

from register.columns import BIG, JSON, KEY, REFERENCE, Instant
from register.tables import METADATA

FOLDED = sql.Table(
    "folded",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("position", BIG, nullable=False),
    sql.Column("generation", sql.Integer, nullable=False, server_default="0"),
)
"""How far the read models have come: one row, id 1. `generation` rises when rows are folded anew from the beginning."""

PROCESS = sql.Table(
    "process",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("kind", KEY, nullable=False),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False, server_default=""),
    sql.Column("reference", REFERENCE, nullable=False),
    sql.Column("child_ref", sql.String(64)),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("team", KEY, nullable=False, server_default=""),
    sql.Column("stage", KEY, nullable=False),
    sql.Column("stage_since", Instant),
    sql.Column("waiting_on", KEY),
    sql.Column("priority", sql.String(40), nullable=False, server_default="normal"),
    sql.Column("overdue", sql.Boolean, nullable=False),
    sql.Column("escalated", sql.Boolean, nullable=False),
    sql.Column("open", sql.Boolean, nullable=False),
    sql.Column("next_deadline", Instant),
    sql.Column("outcome", KEY),
    sql.Column("opened_at", Instant, nullable=False),
    sql.Column("closed_at", Instant),
    sql.Column("last_at", Instant, nullable=False),
    sql.Column("sequence", sql.Integer, nullable=False),
    sql.Column("procedure_version", sql.String(40), nullable=False),
    sql.Column("came_from", REFERENCE),
    sql.Column("standing", JSON, nullable=False),
    sql.Index("process_waiting", "council", "waiting_on", "open", "unit", "stage", "next_deadline"),
    sql.Index("process_child", "council", "child_ref"),
    sql.Index("process_forum", "council", "forum", "stage"),
    sql.Index("process_unit", "council", "unit", "open"),
    sql.Index("process_team", "council", "team", "open"),
    sql.Index("process_escalated", "council", "escalated", "unit"),
    sql.Index("process_kind", "council", "kind", "open", "opened_at", "process_id"),
    sql.Index("process_opened", "council", "kind", "opened_at", "process_id"),
)
"""Every process as it stands. `kind` is the first word of its id: journey, sitting, placement, episode ...

`standing` is the whole of what its view showed (lists with a natural key as objects), for what needs more than columns.
"""

JOURNEY = sql.Table(
    "journey",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False),
    sql.Column("referral_ref", sql.String(64), nullable=False),
    sql.Column("request_kind", KEY, nullable=False, server_default=""),
    sql.Column("referred_by", sql.String(64), nullable=False),
    sql.Column("referred_at", Instant, nullable=False),
    sql.Column("sitting", sql.Date),
    sql.Column("slot", Instant),
    sql.Column("reserve", sql.Integer),
    sql.Column("provisional", sql.Boolean, nullable=False),
    sql.Column("review_on", sql.Date),
    sql.Column("actions_open", sql.Integer, nullable=False),
    sql.Column("carried_over", sql.Integer, nullable=False),
    sql.Column("deferred", sql.Integer, nullable=False),
    sql.Column("returned", sql.Integer, nullable=False),
    sql.Column("emergency", sql.Boolean, nullable=False),
    sql.Column("late", sql.Boolean, nullable=False),
    sql.Index("journey_sitting", "council", "forum", "sitting"),
    sql.Index("journey_referrer", "referred_by"),
    sql.Index("journey_review", "council", "review_on"),
)
"""Journeys: beside `process`, what only journeys have. The counts are of what happened so far."""

SITTING = sql.Table(
    "sitting",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False),
    sql.Column("on", sql.Date, nullable=False),
    sql.Column("starts", Instant, nullable=False),
    sql.Column("ends", Instant),
    sql.Column("cut_off", Instant),
    sql.Column("venue", sql.String(200)),
    sql.Column("stage", KEY, nullable=False),
    sql.Column("chair", sql.String(64)),
    sql.Column("capacity", sql.Integer),
    sql.Column("listed", sql.Integer, nullable=False),
    sql.Column("reserved", sql.Integer, nullable=False),
    sql.Column("circulated_at", Instant),
    sql.Column("minutes", sql.String(20)),
    sql.Column("moved_to", sql.Date),
    sql.Column("revision", sql.Integer, nullable=False),
    sql.Index("sitting_on", "council", "forum", "on"),
    sql.Index("sitting_chair", "chair", "on"),
)
"""Meetings. `revision` rises whenever day, time, venue, chair or stage change: calendars count by it."""

AGENDA_LINE = sql.Table(
    "agenda_line",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("referral_ref", sql.String(64), primary_key=True),
    sql.Column("number", sql.Integer, nullable=False),
    sql.Column("journey", REFERENCE, nullable=False),
    sql.Column("child_ref", sql.String(64)),
    sql.Column("state", KEY, nullable=False),
    sql.Column("slot", Instant),
    sql.Column("reserve", sql.Integer),
    sql.Column("emergency", sql.Boolean, nullable=False),
    sql.Column("carried_over", sql.Boolean, nullable=False),
    sql.Column("late", sql.Boolean, nullable=False),
    sql.Column("extra", sql.Boolean, nullable=False),
    sql.Column("provisional", sql.Boolean, nullable=False),
    sql.Column("outcome", KEY),
    sql.Index("agenda_journey", "journey"),
)
"""The lines of each sitting's agenda, in their order; `process_id` is the sitting's."""

DECISION = sql.Table(
    "decision",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("sitting", sql.Date),
    sql.Column("outcome", KEY, nullable=False),
    sql.Column("at", Instant, nullable=False),
    sql.Column("staff", sql.String(64), nullable=False),
    sql.Column("post", sql.String(64), nullable=False),
    sql.Column("legal_section", sql.String(80)),
    sql.Column("recommends", sql.Boolean, nullable=False),
    sql.Column("dissent", sql.Boolean, nullable=False),
    sql.Column("sheet_approved_at", Instant),
    sql.Column("review_on", sql.Date),
    sql.Index("decision_at", "council", "forum", "at"),
)
"""Decisions of each journey, numbered from 1. Their reasons are in the standing of the process."""

ACTION = sql.Table(
    "action",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("reference", sql.String(64), primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("owner_post", sql.String(64)),
    sql.Column("owner_staff", sql.String(64)),
    sql.Column("due", sql.Date, nullable=False),
    sql.Column("state", sql.String(20), nullable=False),
    sql.Column("opened_at", Instant, nullable=False),
    sql.Column("ended_at", Instant),
    sql.Index("action_staff", "owner_staff", "state", "due"),
    sql.Index(
        "action_desk",
        "council",
        "owner_post",
        "unit",
        "due",
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    ),
    sql.Index(
        "action_open",
        "council",
        "due",
        "state",
        "forum",
        "unit",
        "owner_post",
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    ),
)
"""Actions of decisions. What is to be done is in the standing of the process."""

CLOCK = sql.Table(
    "clock",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("name", sql.String(120), primary_key=True),
    sql.Column("started", Instant, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("kind", KEY, nullable=False),
    sql.Column("forum", KEY, nullable=False, server_default=""),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("child_ref", sql.String(64)),
    sql.Column("cites", sql.String(40), nullable=False),
    sql.Column("owner", sql.String(64), nullable=False),
    sql.Column("warns", Instant),
    sql.Column("due", Instant, nullable=False),
    sql.Column("state", sql.String(20), nullable=False),
    sql.Column("breached_at", Instant),
    sql.Column("ended_at", Instant),
    sql.Index("clock_due", "council", "state", "due"),
    sql.Index(
        "clock_open",
        "council",
        "due",
        "name",
        "kind",
        "forum",
        "unit",
        "owner",
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    ),
    sql.Index(
        "clock_desk",
        "council",
        "owner",
        "unit",
        "name",
        "state",
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    ),
    sql.Index("clock_name", "council", "name", "due"),
)
"""Every clock that ever ran, and how it ended: what is ahead, what is late, and how timely things were."""

PLACEMENT = sql.Table(
    "placement",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("placement_ref", sql.String(64), nullable=False),
    sql.Column("child_ref", sql.String(64)),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("type", KEY),
    sql.Column("provider", REFERENCE),
    sql.Column("provider_grade", KEY),
    sql.Column("legal_status", KEY),
    sql.Column("out_of_area", sql.Boolean),
    sql.Column("started_on", sql.Date),
    sql.Column("contract_ends_on", sql.Date),
    sql.Column("weekly_pence", BIG),
    sql.Column("ended_on", sql.Date),
    sql.Index("placement_contract", "council", "ended_on", "contract_ends_on"),
    sql.Index("placement_child", "council", "child_ref"),
)
"""Placements: where, since when, until when, at what price a week."""

COST = sql.Table(
    "cost",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("kind", sql.String(20), primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("forum", KEY, nullable=False, server_default=""),
    sql.Column("unit", KEY, nullable=False, server_default=""),
    sql.Column("weekly_pence", BIG),
    sql.Column("once_pence", BIG),
    sql.Column("heading", REFERENCE),
    sql.Column("decided", KEY),
    sql.Column("at", Instant, nullable=False),
    sql.Index("cost_kind", "council", "kind"),
)
"""Money: `present`, `proposed` and `difference` of a form (a week), `once`, and `contract` of a placement (a week).

`decided` is the outcome that allowed or declined it, once there is one.
"""

CHILD = sql.Table(
    "child",
    METADATA,
    sql.Column("council", sql.String(64), primary_key=True),
    sql.Column("child_ref", sql.String(64), primary_key=True),
    sql.Column("date_of_birth", sql.Date),
    sql.Column("looked_after", sql.Boolean, nullable=False),
    sql.Column("first_at", Instant, nullable=False),
    sql.Column("last_at", Instant, nullable=False),
    sql.Column("open_processes", sql.Integer, nullable=False),
)
"""Children by reference: what retention counts from. `looked_after`: ever, as far as the register knows."""

CHILD_PROCESS = sql.Table(
    "child_process",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("child_ref", sql.String(64), nullable=False),
    sql.Column("date_of_birth", sql.Date),
    sql.Column("looked_after", sql.Boolean, nullable=False),
    sql.Index("child_process_child", "council", "child_ref"),
)
"""Which processes are about a child (a journey may be about carers), and what each says of it: `child` adds them up."""

COVER = sql.Table(
    "cover",
    METADATA,
    sql.Column("process_id", REFERENCE, primary_key=True),
    sql.Column("number", sql.Integer, primary_key=True),
    sql.Column("council", sql.String(64), nullable=False),
    sql.Column("staff", sql.String(64), nullable=False),
    sql.Column("deputy", sql.String(64), nullable=False),
    sql.Column("from_on", sql.Date, nullable=False),
    sql.Column("until_on", sql.Date),
    sql.Column("of_process", REFERENCE),
    sql.Column("reassigned", sql.Boolean, nullable=False),
    sql.Column("ended_at", Instant),
    sql.Index("cover_staff", "staff"),
    sql.Index("cover_deputy", "deputy"),
)
"""Who does whose work, from when until when (both days included; no end: until it is ended).

`of_process`: only that one. `reassigned`: for good, since somebody left. `process_id` is `cover/{council}/{staff}`.
"""

READ_MODELS = (
    PROCESS,
    JOURNEY,
    SITTING,
    AGENDA_LINE,
    DECISION,
    ACTION,
    CLOCK,
    PLACEMENT,
    COST,
    CHILD_PROCESS,
    CHILD,
    COVER,
)
"""All of them, in the order in which they are emptied and compared."""
