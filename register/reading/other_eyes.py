"""Four eyes in worklists: which waiting cases somebody had a hand in, by what the log has of them.

Whoever referred or signed a case does not give its next signature, nor does anybody who stands in for them. Where that
goes for everybody who holds the post in the case's unit, the case would stand still unless others hear of it.
"""

from collections.abc import Iterable

import sqlalchemy as sql

from models.vocabulary import Stage
from register.read_models import PROCESS
from register.reading.desks import Desk, Eyes, Found
from register.tables import EVENT
from rules.desks import Reach
from rules.eyes import BEGINS_ANEW, HANDS, Deed, had_a_hand


def touched_by(staff: Iterable[str]) -> sql.ColumnElement[bool]:
    """Cases that any of these people referred or signed, in whatever round.

    Args:
        staff: Staff references.
    """
    some = tuple(dict.fromkeys(staff))
    # Counted, so that no planner makes a join with the whole log of it: a look at the events of each case is quick.
    theirs = sql.select(sql.func.count()).where(
        EVENT.c.process_id == PROCESS.c.process_id,
        EVENT.c.accepted,
        EVENT.c.what.in_(HANDS),
        sql.or_(EVENT.c.staff.in_(some), EVENT.c.on_behalf_of.in_(some)),
    )
    return theirs.correlate(PROCESS).scalar_subquery() > 0


def seen(connection: sql.Connection, desk: Desk, stage: Stage, found: list[Found]) -> list[Found]:
    """Cases of a desk, each with whose eyes it needs.

    Args:
        connection: To the register.
        desk: Whose they are.
        stage: In which they wait.
        found: The cases: a page of them.
    """
    deeds = _deeds(connection, (one.process for one in found if _guarded(desk, stage, one)))
    return [one._replace(eyes=Eyes.OTHERS) if _is_refused(desk, stage, one, deeds) else one for one in found]


def instead(
    connection: sql.Connection, desk: Desk, stage: Stage, found: Iterable[Found], *, bound: bool
) -> list[Found]:
    """Of other units' cases those that nobody who holds the post there can move, and this desk had no hand in.

    Args:
        connection: To the register.
        desk: Who might.
        stage: In which they wait.
        found: Cases of other units.
        bound: Only whoever is of the unit may sign: the desk is told, and can do no more.
    """
    there = [one for one in found if _guarded(desk, stage, one)]
    deeds = _deeds(connection, (one.process for one in there))
    return [
        one._replace(eyes=Eyes.TOLD if bound else Eyes.INSTEAD)
        for one in there
        if _stands_still(desk, stage, one, deeds) and not _any_of(desk.eyes, desk, stage, one, deeds)
    ]


def _reaches(desk: Desk, stage: Stage, one: Found) -> list[Reach]:
    return [reach for reach in desk.reach if reach.stage is stage and reach.forum == one.forum]


def _guarded(desk: Desk, stage: Stage, one: Found) -> bool:
    """Whether two pairs of eyes are needed there, whichever signature it is that the case waits for."""
    reached = _reaches(desk, stage, one)
    return bool(reached) and all(reach.four_eyes for reach in reached)


def _is_refused(desk: Desk, stage: Stage, one: Found, deeds: dict[str, list[Deed]]) -> bool:
    """Whether who sits at the desk is refused; where that is nobody in person, everybody who holds the post there."""
    return _any_of(desk.eyes, desk, stage, one, deeds) if desk.eyes else _stands_still(desk, stage, one, deeds)


def _stands_still(desk: Desk, stage: Stage, one: Found, deeds: dict[str, list[Deed]]) -> bool:
    holders = desk.held.get(one.unit, ())
    return bool(holders) and all(_any_of((person,), desk, stage, one, deeds) for person in holders)


def _any_of(people: tuple[str, ...], desk: Desk, stage: Stage, one: Found, deeds: dict[str, list[Deed]]) -> bool:
    by_referrer = any(reach.by_referrer for reach in _reaches(desk, stage, one))
    to_decide = stage is Stage.AWAITING_DECISION
    return had_a_hand(people, deeds.get(one.process, ()), by_referrer=by_referrer, to_decide=to_decide)


def _deeds(connection: sql.Connection, process_ids: Iterable[str]) -> dict[str, list[Deed]]:
    wanted = tuple(process_ids)
    found: dict[str, list[Deed]] = {}
    if not wanted:
        return found
    query = (
        sql.select(EVENT.c.process_id, EVENT.c.what, EVENT.c.staff, EVENT.c.on_behalf_of)
        .where(EVENT.c.process_id.in_(wanted), EVENT.c.accepted, EVENT.c.what.in_((*HANDS, *BEGINS_ANEW)))
        .order_by(EVENT.c.process_id, EVENT.c.sequence, EVENT.c.position)
    )
    for row in connection.execute(query):
        people = (row.staff,) if row.on_behalf_of is None else (row.staff, row.on_behalf_of)
        found.setdefault(row.process_id, []).append(Deed(row.what, people))
    return found
