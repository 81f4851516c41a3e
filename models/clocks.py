"""A clock: something that must not be forgotten, and what happens when it is."""

from datetime import datetime, timedelta
from typing import assert_never

from pydantic import BaseModel, ConfigDict

from models.vocabulary import ClockState


class Clock(BaseModel):
    """One running promise. All instants are UTC.

    `grace` is how long after `due` it still rings nobody: a form that arrives in the minute of noon is in by noon.
    `warn_tells` are posts that hear of the warning beside the owner.
    `climbed` counts the rungs of the ladder that a breach has reached; `next_rung` is when the next post is told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    cites: str
    started: datetime
    warns: datetime | None
    due: datetime
    grace: timedelta = timedelta(0)
    owner: str
    warn_tells: tuple[str, ...] = ()
    state: ClockState = ClockState.RUNNING
    climbed: int = 0
    next_rung: datetime | None = None

    @property
    def ticking(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in (ClockState.RUNNING, ClockState.WARNED, ClockState.BREACHED)

    @property
    def next_event(self) -> datetime | None:
        """The next instant at which something happens by itself; `None` when nothing will."""
        match self.state:
            case ClockState.RUNNING:
                return self.warns if self.warns is not None else self.due + self.grace
            case ClockState.WARNED:
                return self.due + self.grace
            case ClockState.BREACHED:
                return self.next_rung
            case ClockState.MET | ClockState.STOPPED:
                return None
            case _:
                assert_never(self.state)
