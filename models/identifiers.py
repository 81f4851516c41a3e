"""Every process id is built here, and nowhere else. References only: ids are never encrypted."""

import re
from datetime import date
from typing import NamedTuple
from zlib import crc32

REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$"
"""What a referral, child or package reference may look like."""
STAFF = r"^[A-Za-z0-9][A-Za-z0-9_.@\-]{0,63}$"
"""What a staff reference may look like: no spaces, so that nobody types a name."""


LONGEST_REFERENCE = 64


def reference_after(reference: str, suffix: str) -> str:
    """The reference of what follows from something: its own with a suffix, kept apart where it has to be cut.

    Args:
        reference: Of what it follows from.
        suffix: What it is, such as a forum's key.
    """
    whole = f"{reference}.{suffix}"
    if len(whole) <= LONGEST_REFERENCE:
        return whole
    tail = f"-{crc32(reference.encode()):08x}.{suffix}"
    return f"{reference[: LONGEST_REFERENCE - len(tail)]}{tail}"


class SittingKey(NamedTuple):
    """Which sitting: council, forum and local date."""

    council: str
    forum: str
    on: date


def journey_id(council: str, referral_ref: str) -> str:
    """The durable process of one referral.

    Args:
        council: The council's key, for example `hillingdon`.
        referral_ref: The referral reference of the case-management system.
    """
    return f"journey/{council}/{referral_ref}"


def sitting_id(council: str, forum: str, on: date) -> str:
    """The durable process of one meeting of one forum.

    Args:
        council: The council's key.
        forum: The forum's key, for example `harp`.
        on: The local date of the meeting.
    """
    return f"sitting/{council}/{forum}/{on.isoformat()}"


def sitting_key(process_id: str) -> SittingKey | None:
    """The parts of a sitting's id, or `None` when the id is not a sitting's.

    Args:
        process_id: Any process id.
    """
    found = re.fullmatch(r"sitting/([^/]+)/([^/]+)/(\d{4}-\d\d-\d\d)", process_id, re.ASCII)
    if found is None:
        return None
    try:
        return SittingKey(found[1], found[2], date.fromisoformat(found[3]))
    except ValueError:  # the thirteenth month, the thirtieth of February
        return None
