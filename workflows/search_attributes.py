"""The search attributes by which a stuck case is found: their names and types, once.

Temporal never encrypts them, so each holds a reference, a post or a date, and none holds a name.
The server allows at most ten Keyword attributes, and three each of Bool and Datetime.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.common import SearchAttributeKey

COUNCIL: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("Council")
FORUM: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("Forum")
STAGE: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("Stage")
WAITING_ON: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("WaitingOn")
PRIORITY: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("Priority")
CHILD_REF: Final[SearchAttributeKey[str]] = SearchAttributeKey.for_keyword("ChildRef")
OVERDUE: Final[SearchAttributeKey[bool]] = SearchAttributeKey.for_bool("Overdue")
ESCALATED: Final[SearchAttributeKey[bool]] = SearchAttributeKey.for_bool("Escalated")
STAGE_SINCE: Final[SearchAttributeKey[datetime]] = SearchAttributeKey.for_datetime("StageSince")
NEXT_DEADLINE: Final[SearchAttributeKey[datetime]] = SearchAttributeKey.for_datetime("NextDeadline")
SITTING_DATE: Final[SearchAttributeKey[datetime]] = SearchAttributeKey.for_datetime("SittingDate")

_KEYS: tuple[SearchAttributeKey[Any], ...] = (
    COUNCIL,
    FORUM,
    STAGE,
    WAITING_ON,
    PRIORITY,
    CHILD_REF,
    OVERDUE,
    ESCALATED,
    STAGE_SINCE,
    NEXT_DEADLINE,
    SITTING_DATE,
)

SEARCH_ATTRIBUTES: Final[Mapping[str, IndexedValueType.ValueType]] = MappingProxyType(
    {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in _KEYS}
)
"""Every search attribute's name and type, as the server wants them registered."""
