"""The chain: how an event's content becomes a digest, and an event with the hash before it a hash.

Everything here can be computed again from what the database holds, by anybody, with SHA-256 and JSON alone:
`docs/register.md` says how.
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic_core import to_jsonable_python

GENESIS = "0" * 64
"""What stands for the hash before the first event."""
SALT_BYTES = 16
HASHED = (
    "position",
    "process_id",
    "sequence",
    "message_id",
    "at",
    "recorded_at",
    "what",
    "staff",
    "post",
    "on_behalf_of",
    "accepted",
    "code",
    "cites",
    "procedure_version",
    "content_digest",
    "previous",
)
"""What a hash covers, in this order: every column of an event but the hash itself."""

_INSTANTS = (HASHED.index("at"), HASHED.index("recorded_at"))

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=to_jsonable_python).encode


def canonical(value: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    """A value as JSON in its one form: keys sorted, no spaces, ASCII only. What is no number becomes null.

    Args:
        value: Plain JSON, or what pydantic can turn into it.
    """
    try:
        return _encode(value)
    except (ValueError, TypeError):  # not a number, or keys that JSON has not
        return _encode(_plain(to_jsonable_python(value)))


def instant(at: datetime) -> str:
    """An instant as it is hashed: UTC, to the microsecond, as `2031-03-06 09:30:00.000000`.

    Args:
        at: With its zone.
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def new_salt() -> str:
    """A salt that nobody can guess."""
    return os.urandom(SALT_BYTES).hex()


def digest_of(salt: str, details: str, standing: str | None) -> str:
    """The digest of an event's content.

    Args:
        salt: The content's own.
        details: Canonical JSON.
        standing: Canonical JSON, where the event has any.
    """
    return hashlib.sha256(_encode([salt, details, standing]).encode()).hexdigest()


def hash_of(row: Mapping[str, Any]) -> str:
    """The hash of an event.

    Args:
        row: The columns of `HASHED`, its instants with their zones, or as `instant` writes them.
    """
    values = [row[name] for name in HASHED]
    for place in _INSTANTS:
        if isinstance(values[place], datetime):
            values[place] = instant(values[place])
    return hashlib.sha256(_encode(values).encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can say
    match value:
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case list() | tuple():
            return [_plain(one) for one in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
