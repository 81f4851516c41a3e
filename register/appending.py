"""Adding what may be in the log already: what comes again stands once, and what came otherwise is put right.

A worker may die after its act was recorded and before Temporal kept that it had been done. Then Temporal has the act
done again, at its own time, and perhaps in another order. What Temporal keeps is what happened: an event of the same
number that says something else is added, and stands instead of the first. The first stays in the chain.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sql

from models.process import Entry
from register.log import INSTEAD, Head, Line, append, head, line_of, lock_chain
from register.tables import EVENT, EVENT_CONTENT
from rules.standing import Standing, merged, patch_between

Key = tuple[str, int, str]
Said = tuple[Any, ...]
_ONE = (EVENT.c.process_id, EVENT.c.sequence)
_SAID = (
    EVENT.c.at,
    EVENT.c.what,
    EVENT.c.staff,
    EVENT.c.post,
    EVENT.c.on_behalf_of,
    EVENT.c.accepted,
    EVENT.c.code,
)


class There(NamedTuple):
    """An event of the log: where it is, and what it says."""

    position: int
    said: Said


def append_new(connection: sql.Connection, batches: Sequence[Sequence[Line]]) -> Head:
    """Add what is not in the log yet, or is there as something that did not happen so.

    Args:
        connection: In a transaction from `register.database.writing`.
        batches: Of one process each; the last line of a batch carries the standing.

    Returns:
        The new head.
    """
    lock_chain(connection)
    there = _there(connection, batches)
    end = head(connection)
    for batch in batches:
        new = [one for line in batch if (one := _new(line, there)) is not None]
        if not new:
            continue
        as_it_came = len(new) == len(batch) and not any(one.message_id.startswith(INSTEAD) for one in new)
        end = append(connection, new if as_it_came else _standing_anew(connection, batch, new))
        for position, line in enumerate(new, start=end.position - len(new) + 1):
            there[_key(line.entry, line.message_id)] = There(position, _said(line.entry))
    return end


def _there(connection: sql.Connection, batches: Sequence[Sequence[Line]]) -> dict[Key, There]:
    """What the log has under the numbers of these lines; of several events of one number the last one."""
    numbers = {(line.entry.process_id, line.entry.sequence) for batch in batches for line in batch}
    query = sql.select(EVENT.c.position, *_ONE, EVENT.c.message_id, *_SAID).where(sql.tuple_(*_ONE).in_(numbers))
    found: dict[Key, There] = {}
    for position, process_id, sequence, message_id, *said in connection.execute(query.order_by(EVENT.c.position)):
        as_of = "" if message_id.startswith(INSTEAD) else message_id
        found[process_id, sequence, as_of] = There(position, tuple(said))
    return found


def _new(line: Line, there: dict[Key, There]) -> Line | None:
    """The line as it has to be added; `None` when the log has it.

    A refusal that comes again, perhaps at another time, is the same refusal.
    """
    known = there.get(_key(line.entry, line.message_id))
    if known is None:
        return line
    if line.entry.sequence == 0 or known.said == _said(line.entry):
        return None
    return replace(line, message_id=f"{INSTEAD}{known.position}")


def _key(entry: Entry, message_id: str) -> Key:
    return entry.process_id, entry.sequence, "" if message_id.startswith(INSTEAD) else message_id


def _said(entry: Entry) -> Said:
    return entry.at, entry.what, entry.staff, entry.post, entry.on_behalf_of, entry.accepted, entry.code


def _standing_anew(connection: sql.Connection, batch: Sequence[Line], new: list[Line]) -> list[Line]:
    """The new lines of a batch of which something was there, the patch counting from what is there.

    The process counts from how it stood before the whole batch: it never heard that a part had been written.
    """
    last = new[-1]
    query = (
        sql.select(EVENT.c.sequence, EVENT_CONTENT.c.standing)
        .join(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .where(EVENT.c.process_id == last.entry.process_id, EVENT_CONTENT.c.standing.is_not(None))
        .order_by(EVENT.c.position)
    )
    before: Standing = {}
    there: Standing = {}
    for sequence, standing in connection.execute(query):
        patch = json.loads(standing)
        there = merged(there, patch)
        if sequence < batch[0].entry.sequence:
            before = merged(before, patch)
    now = merged(before, json.loads(batch[-1].standing or "{}"))
    return [*new[:-1], line_of(last.entry, last.message_id, patch_between(there, now) or None)]
