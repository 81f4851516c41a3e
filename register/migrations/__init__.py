"""The versions of the register's tables, and how one becomes the next (alembic)."""
