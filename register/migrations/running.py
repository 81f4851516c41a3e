"""Running the migrations on an open connection, without a configuration file."""

from pathlib import Path

import sqlalchemy as sql
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

HERE = Path(__file__).parent


def knows(version: str) -> bool:
    """Whether there is a migration of that name.

    Args:
        version: The version of a register's tables.
    """
    return version in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def migrate(connection: sql.Connection, before: str | None, to: str = "head") -> None:
    """Bring tables to a version, in the transaction of the connection.

    Args:
        connection: To the register, in a transaction under which nobody else writes.
        before: The version that the tables have; `None` when there are none.
        to: The version to reach.
    """
    config = _config()
    config.attributes["connection"] = connection
    if before is not None:
        command.stamp(config, before)
    command.upgrade(config, to)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
