"""Where a register is and how far it has come, in a few numbers."""

from datetime import datetime

import sqlalchemy as sql

from models.process import Shape
from register import triggers
from register.database import VERSION, version_of
from register.fold import folded_until
from register.seen import end_missing, seen_until
from register.tables import ERASURE, EVENT


class State(Shape):
    """A register as it is.

    Attributes:
        address: Without a password.
        version: Of its tables; `None` while there are none. The rest is only known of this release's version.
        needs: The version of this release.
        events: How many there are.
        erased: How many of them have no content any more.
        last_at: When the last one happened, UTC.
        folded: The position that the read models have come to.
        seen: The highest position that other tables know of; where that is more than `events`, the end is missing.
        guards_gone: What the triggers stopped that are not up any more, such as "UPDATE of event".
    """

    address: str
    version: str | None
    needs: str = VERSION
    events: int = 0
    erased: int = 0
    last_at: datetime | None = None
    folded: int = 0
    seen: int = 0
    guards_gone: tuple[str, ...] = ()

    @property
    def up_to_date(self) -> bool:
        """Whether its tables have the version of this release."""
        return self.version == self.needs

    @property
    def end_missing(self) -> str | None:
        """A sentence when other tables have seen more of the log than there is."""
        return end_missing(self.events, self.seen)


def state_of(engine: sql.Engine) -> State:
    """How far a register is.

    Args:
        engine: From `connect_register` or `open_register`.
    """
    address = engine.url.render_as_string()
    with engine.connect() as connection:
        version = version_of(connection)
        if version != VERSION:
            return State(address=address, version=version)
        seen, folded = seen_until(connection), folded_until(connection).position  # before the end: it may grow
        last = connection.execute(sql.select(EVENT.c.position, EVENT.c.at).order_by(EVENT.c.position.desc()).limit(1))
        position, at = last.one_or_none() or (0, None)
        return State(
            address=address,
            version=version,
            events=position,
            erased=connection.scalar(sql.select(sql.func.count()).select_from(ERASURE)) or 0,
            last_at=at,
            folded=folded,
            seen=seen,
            guards_gone=tuple(guard.against for guard in triggers.gone(connection)),
        )
