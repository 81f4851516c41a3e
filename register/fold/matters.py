"""One process in the read models: its rows as they are, and as the events that are folded make them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sql

from models.referral import Referral
from register.fold.events import Happened
from register.read_models import PROCESS
from rules.standing import Standing

Row = dict[str, Any]
Key = tuple[Any, ...]
PENCE = 100
WATCHES = frozenset({"placement", "episode", "package", "transfer", "unit", "duty"})
KINDS = frozenset({"journey", "sitting"}) | WATCHES
"""First words of the ids of processes that have a standing."""


@dataclass
class Matter:
    """One process, while its events are folded.

    Attributes:
        process_id: Which.
        rows: Its rows of each read model, by what follows the process id in their key.
        earlier: Reads its accepted events of these names before a position: for what needs the form as it was.
        form: The form as it stands, once something needed it; `None`: not known yet.
    """

    process_id: str
    rows: dict[sql.Table, dict[Key, Row]]
    earlier: Callable[[tuple[str, ...], int], list[Happened]]
    form: Referral | None = field(default=None)

    @property
    def kind(self) -> str:
        """The first word of its id."""
        return self.process_id.split("/", maxsplit=1)[0]

    @property
    def council(self) -> str:
        """The second word of its id."""
        return self.process_id.split("/", maxsplit=2)[1]

    @property
    def reference(self) -> str:
        """What follows the council in its id."""
        return self.process_id.split("/", maxsplit=2)[2]

    @property
    def process(self) -> Row:
        """Its row of `process`."""
        return self.rows[PROCESS][()]

    @property
    def standing(self) -> Standing:
        """How it stands; not to be changed."""
        standing: Standing = self.process["standing"]
        return standing

    def table(self, table: sql.Table) -> dict[Key, Row]:
        """Its rows of one read model, by what follows the process id in their key.

        Args:
            table: The read model.
        """
        return self.rows.setdefault(table, {})


def as_instant(text: Any) -> datetime | None:  # noqa: ANN401 - of a standing
    """An instant of a standing, UTC; `None` where there is none.

    Args:
        text: ISO text.
    """
    return datetime.fromisoformat(text).astimezone(UTC) if isinstance(text, str) else None


def as_day(text: Any) -> date | None:  # noqa: ANN401 - of a standing
    """A day of a standing or of what somebody said; `None` where there is none.

    Args:
        text: ISO text.
    """
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def as_pence(pounds: Any) -> int | None:  # noqa: ANN401 - of a form
    """An amount in pence; `None` where there is none.

    Args:
        pounds: Text or a number.
    """
    try:
        return None if pounds is None else round(Decimal(str(pounds)) * PENCE)
    except InvalidOperation:
        return None


def as_unit(name: Any) -> str:  # noqa: ANN401 - of a form or a standing
    """A unit as read models have it, so that the same unit is written the same.

    Args:
        name: As somebody wrote it, or nothing.
    """
    return short(str(name or "").strip().casefold()) or ""


def short(text: Any, longest: int = 80) -> str | None:  # noqa: ANN401 - of a form or a standing
    """A text that fits its column, and that every database takes; `None` where there is none.

    Args:
        text: Any.
        longest: Of the column.
    """
    return str(text).replace("\0", "")[:longest] if text not in (None, "") else None
