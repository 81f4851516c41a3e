"""Cover: who does somebody's work while they are away, or for good once they have left."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict


class Cover(BaseModel):
    """Somebody stands in for somebody: days are local (Europe/London), both included.

    `number` counts the covers of one person from 1. `until` is `None` for work that was reassigned: it lasts until it
    is ended. `of_process` narrows it to one process. `reassigned`: the work is the deputy's own from then on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    council: str
    staff: str
    number: int
    deputy: str
    from_on: date
    until: date | None = None
    of_process: str | None = None
    reassigned: bool = False
    ended_at: datetime | None = None

    @property
    def process_id(self) -> str:
        """Under which id of the register it stands."""
        return cover_id(self.council, self.staff)


class StandsInFor(BaseModel):
    """Whose work somebody does, and since when and until when; `of_process` where it is only one process."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: str
    of_process: str | None = None
    from_on: date
    until: date | None = None
    reassigned: bool = False


def cover_id(council: str, staff: str) -> str:
    """Under which id the register keeps who stands in for somebody.

    Args:
        council: The council's key.
        staff: Whose work it is.
    """
    return f"cover/{council}/{staff}"
