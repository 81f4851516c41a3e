"""The register as it was before its tables had versions."""

import sqlalchemy as sql
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables `event`, `notice` and `claim`."""
    op.create_table(
        "event",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("sequence", sql.Integer, primary_key=True),
        sql.Column("message_id", sql.String(200), primary_key=True),
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
    op.create_table(
        "notice",
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
    op.create_table(
        "claim",
        sql.Column("process_id", sql.String(200), primary_key=True),
        sql.Column("round", sql.Integer, primary_key=True),
        sql.Column("council", sql.String(64), nullable=False),
        sql.Column("total", sql.String(80), nullable=False),
        sql.Column("of", sql.String(200), nullable=False),
        sql.Column("window", sql.String(20), nullable=False),
        sql.Column("pence", sql.BigInteger, nullable=False),
        sql.Column("number", sql.BigInteger, nullable=False),
    )
    op.create_index("claim_total", "claim", ["council", "total", "of", "window", "number"])


def downgrade() -> None:
    """Never: what was recorded stays.

    Raises:
        RuntimeError: Always.
    """
    msg = "The register's tables go forward only: restore a backup from before the upgrade."
    raise RuntimeError(msg)
