"""What people say of when and of which: moments, days, and names as conditions know them."""

from datetime import date, datetime, time

from models.errors import RefusalCode, Refused
from rules.watches.reckoning import as_instant
from rules.working_days import instant, local

START_OF_DAY = time(9)
"""When a day counts from of which no hour is known, Europe/London."""


def word(text: str) -> str:
    """A service or agency as conditions know it: `Parenting support` is `parenting_support`.

    Args:
        text: As somebody wrote it.
    """
    return "_".join(text.replace("-", " ").casefold().split())


def moment(said: date | None, now: datetime) -> datetime:
    """The instant (UTC) that somebody means: none is now, today is now, another day is its morning.

    Args:
        said: What they said.
        now: UTC.
    """
    if said is None or said == local(now).date():
        return now
    return as_instant(said, START_OF_DAY) if isinstance(said, datetime) else instant(said, START_OF_DAY)


def day(said: date | None, now: datetime) -> date:
    """The local date that somebody means.

    Args:
        said: What they said; `None` is today.
        now: UTC.
    """
    return local(moment(said, now)).date()


def require_past(said: date | None, now: datetime) -> None:
    """Refuse to record what has not happened yet.

    Args:
        said: When it is said to have happened.
        now: UTC.

    Raises:
        Refused: `invalid`.
    """
    if moment(said, now) > now:
        raise Refused(
            RefusalCode.INVALID,
            "What is still to come cannot be recorded as done.",
            "Correct the date, or record it on the day.",
        )
