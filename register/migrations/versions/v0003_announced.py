"""What is about to start is announced."""

import sqlalchemy as sql
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table("announced", sql.Column("process_id", sql.String(200), primary_key=True))


def downgrade() -> None:
    """Never: what was recorded stays.

    Raises:
        RuntimeError: Always.
    """
    msg = "The register's tables go forward only: restore a backup from before the upgrade."
    raise RuntimeError(msg)
