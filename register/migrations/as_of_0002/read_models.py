"""The read models, as version 0002 made them."""

import sqlalchemy as sql
from alembic import op

from register.columns import BIG, Instant


def make() -> None:
    """Make them, in the order in which they refer to each other."""
    _action()
    _agenda_line()
    _child()
    _child_process()
    _clock()
    _cost()
    _cover()
    _decision()
    _folded()
    _journey()
    _placement()
    _process()
    _sitting()


def _action() -> None:
    op.create_table(
        "action",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("reference", sql.String(64), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("owner_post", sql.String(64)),
        sql.Column("owner_staff", sql.String(64)),
        sql.Column("due", sql.Date, nullable=False),
        sql.Column("state", sql.String(20), nullable=False),
        sql.Column("opened_at", Instant, nullable=False),
        sql.Column("ended_at", Instant),
    )
    op.create_index(
        "action_desk",
        "action",
        ["council", "owner_post", "unit", "due"],
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    )
    op.create_index(
        "action_open",
        "action",
        ["council", "due", "state", "forum", "unit", "owner_post"],
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    )
    op.create_index("action_staff", "action", ["owner_staff", "state", "due"])


def _agenda_line() -> None:
    op.create_table(
        "agenda_line",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("referral_ref", sql.String(64), primary_key=True),
        sql.Column("number", sql.Integer, nullable=False),
        sql.Column("journey", sql.String(200), nullable=False),
        sql.Column("child_ref", sql.String(64)),
        sql.Column("state", sql.String(80), nullable=False),
        sql.Column("slot", Instant),
        sql.Column("reserve", sql.Integer),
        sql.Column("emergency", sql.Boolean, nullable=False),
        sql.Column("carried_over", sql.Boolean, nullable=False),
        sql.Column("late", sql.Boolean, nullable=False),
        sql.Column("extra", sql.Boolean, nullable=False),
        sql.Column("provisional", sql.Boolean, nullable=False),
        sql.Column("outcome", sql.String(80)),
    )
    op.create_index("agenda_journey", "agenda_line", ["journey"])


def _child() -> None:
    op.create_table(
        "child",
        sql.Column("council", sql.String(64), primary_key=True),
        sql.Column("child_ref", sql.String(64), primary_key=True),
        sql.Column("date_of_birth", sql.Date),
        sql.Column("looked_after", sql.Boolean, nullable=False),
        sql.Column("first_at", Instant, nullable=False),
        sql.Column("last_at", Instant, nullable=False),
        sql.Column("open_processes", sql.Integer, nullable=False),
    )


def _child_process() -> None:
    op.create_table(
        "child_process",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("child_ref", sql.String(64), nullable=False),
        sql.Column("date_of_birth", sql.Date),
        sql.Column("looked_after", sql.Boolean, nullable=False),
    )
    op.create_index("child_process_child", "child_process", ["council", "child_ref"])


def _clock() -> None:
    op.create_table(
        "clock",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("name", sql.String(120), primary_key=True),
        sql.Column("started", Instant, primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("kind", sql.String(80), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False, server_default=""),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("child_ref", sql.String(64)),
        sql.Column("cites", sql.String(40), nullable=False),
        sql.Column("owner", sql.String(64), nullable=False),
        sql.Column("warns", Instant),
        sql.Column("due", Instant, nullable=False),
        sql.Column("state", sql.String(20), nullable=False),
        sql.Column("breached_at", Instant),
        sql.Column("ended_at", Instant),
    )
    op.create_index(
        "clock_desk",
        "clock",
        ["council", "owner", "unit", "name", "state"],
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    )
    op.create_index("clock_due", "clock", ["council", "state", "due"])
    op.create_index("clock_name", "clock", ["council", "name", "due"])
    op.create_index(
        "clock_open",
        "clock",
        ["council", "due", "name", "kind", "forum", "unit", "owner"],
        sqlite_where=sql.text("ended_at IS NULL"),
        postgresql_where=sql.text("ended_at IS NULL"),
    )


def _cost() -> None:
    op.create_table(
        "cost",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("kind", sql.String(20), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False, server_default=""),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("weekly_pence", BIG),
        sql.Column("once_pence", BIG),
        sql.Column("heading", sql.String(200)),
        sql.Column("decided", sql.String(80)),
        sql.Column("at", Instant, nullable=False),
    )
    op.create_index("cost_kind", "cost", ["council", "kind"])


def _cover() -> None:
    op.create_table(
        "cover",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("number", sql.Integer, primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("staff", sql.String(64), nullable=False),
        sql.Column("deputy", sql.String(64), nullable=False),
        sql.Column("from_on", sql.Date, nullable=False),
        sql.Column("until_on", sql.Date),
        sql.Column("of_process", sql.String(200)),
        sql.Column("reassigned", sql.Boolean, nullable=False),
        sql.Column("ended_at", Instant),
    )
    op.create_index("cover_deputy", "cover", ["deputy"])
    op.create_index("cover_staff", "cover", ["staff"])


def _decision() -> None:
    op.create_table(
        "decision",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("number", sql.Integer, primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("sitting", sql.Date),
        sql.Column("outcome", sql.String(80), nullable=False),
        sql.Column("at", Instant, nullable=False),
        sql.Column("staff", sql.String(64), nullable=False),
        sql.Column("post", sql.String(64), nullable=False),
        sql.Column("legal_section", sql.String(80)),
        sql.Column("recommends", sql.Boolean, nullable=False),
        sql.Column("dissent", sql.Boolean, nullable=False),
        sql.Column("sheet_approved_at", Instant),
        sql.Column("review_on", sql.Date),
    )
    op.create_index("decision_at", "decision", ["council", "forum", "at"])


def _folded() -> None:
    op.create_table(
        "folded",
        sql.Column("id", sql.Integer, primary_key=True, autoincrement=False),
        sql.Column("position", BIG, nullable=False),
        sql.Column("generation", sql.Integer, nullable=False, server_default="0"),
    )


def _journey() -> None:
    op.create_table(
        "journey",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False),
        sql.Column("referral_ref", sql.String(64), nullable=False),
        sql.Column("request_kind", sql.String(80), nullable=False, server_default=""),
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
    )
    op.create_index("journey_referrer", "journey", ["referred_by"])
    op.create_index("journey_review", "journey", ["council", "review_on"])
    op.create_index("journey_sitting", "journey", ["council", "forum", "sitting"])


def _placement() -> None:
    op.create_table(
        "placement",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("placement_ref", sql.String(64), nullable=False),
        sql.Column("child_ref", sql.String(64)),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("type", sql.String(80)),
        sql.Column("provider", sql.String(200)),
        sql.Column("provider_grade", sql.String(80)),
        sql.Column("legal_status", sql.String(80)),
        sql.Column("out_of_area", sql.Boolean),
        sql.Column("started_on", sql.Date),
        sql.Column("contract_ends_on", sql.Date),
        sql.Column("weekly_pence", BIG),
        sql.Column("ended_on", sql.Date),
    )
    op.create_index("placement_child", "placement", ["council", "child_ref"])
    op.create_index("placement_contract", "placement", ["council", "ended_on", "contract_ends_on"])


def _process() -> None:
    op.create_table(
        "process",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("kind", sql.String(80), nullable=False),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False, server_default=""),
        sql.Column("reference", sql.String(200), nullable=False),
        sql.Column("child_ref", sql.String(64)),
        sql.Column("unit", sql.String(80), nullable=False, server_default=""),
        sql.Column("team", sql.String(80), nullable=False, server_default=""),
        sql.Column("stage", sql.String(80), nullable=False),
        sql.Column("stage_since", Instant),
        sql.Column("waiting_on", sql.String(80)),
        sql.Column("priority", sql.String(40), nullable=False, server_default="normal"),
        sql.Column("overdue", sql.Boolean, nullable=False),
        sql.Column("escalated", sql.Boolean, nullable=False),
        sql.Column("open", sql.Boolean, nullable=False),
        sql.Column("next_deadline", Instant),
        sql.Column("outcome", sql.String(80)),
        sql.Column("opened_at", Instant, nullable=False),
        sql.Column("closed_at", Instant),
        sql.Column("last_at", Instant, nullable=False),
        sql.Column("sequence", sql.Integer, nullable=False),
        sql.Column("procedure_version", sql.String(40), nullable=False),
        sql.Column("came_from", sql.String(200)),
        sql.Column("standing", sql.JSON, nullable=False),
    )
    op.create_index("process_child", "process", ["council", "child_ref"])
    op.create_index("process_escalated", "process", ["council", "escalated", "unit"])
    op.create_index("process_forum", "process", ["council", "forum", "stage"])
    op.create_index("process_kind", "process", ["council", "kind", "open", "opened_at", "process_id"])
    op.create_index("process_opened", "process", ["council", "kind", "opened_at", "process_id"])
    op.create_index("process_team", "process", ["council", "team", "open"])
    op.create_index("process_unit", "process", ["council", "unit", "open"])
    op.create_index("process_waiting", "process", ["council", "waiting_on", "open", "unit", "stage", "next_deadline"])


def _sitting() -> None:
    op.create_table(
        "sitting",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("forum", sql.String(80), nullable=False),
        sql.Column("on", sql.Date, nullable=False),
        sql.Column("starts", Instant, nullable=False),
        sql.Column("ends", Instant),
        sql.Column("cut_off", Instant),
        sql.Column("venue", sql.String(200)),
        sql.Column("stage", sql.String(80), nullable=False),
        sql.Column("chair", sql.String(64)),
        sql.Column("capacity", sql.Integer),
        sql.Column("listed", sql.Integer, nullable=False),
        sql.Column("reserved", sql.Integer, nullable=False),
        sql.Column("circulated_at", Instant),
        sql.Column("minutes", sql.String(20)),
        sql.Column("moved_to", sql.Date),
        sql.Column("revision", sql.Integer, nullable=False),
    )
    op.create_index("sitting_chair", "sitting", ["chair", "on"])
    op.create_index("sitting_on", "sitting", ["council", "forum", "on"])
