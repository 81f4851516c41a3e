"""What a command needs that only reads the register and the staff directory: no server and no worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sql

from console.session import quiet_logs
from register.database import open_register
from register.fold import catch_up
from runtime.cover import Covers
from runtime.settings import Settings
from runtime.staff import StaffDirectory, read_staff


@dataclass(frozen=True)
class Office:
    """An open register, up to date, and who is who.

    Attributes:
        settings: As the environment has them.
        engine: The register's.
        staff: The directory.
        covers: Who stands in for whom.
    """

    settings: Settings
    engine: sql.Engine
    staff: StaffDirectory
    covers: Covers


@contextmanager
def office() -> Iterator[Office]:
    """Open the register and read the staff directory.

    Raises:
        SettingsError: A setting is wrong.
        ProcedureFault: The staff directory is at fault.
    """
    settings = quiet_logs()
    staff = read_staff(settings.staff_directory)
    settings.state_folder.mkdir(parents=True, exist_ok=True)
    engine = open_register(settings.register_url)
    try:
        catch_up(engine)
        yield Office(settings, engine, staff, Covers(engine))
    finally:
        engine.dispose()
