"""Erasure: a child's record goes, and that it went stays. One transaction: all of it is done, or nothing.

What the child's own processes said goes whole. Of what several children share, what names the child goes, and what it
said of the others is written down again without the child, so that nobody else loses anything. The chain of the log
goes on to verify: it holds digests of what was said, salted, and not what was said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sql

from disclosure.gathering import Held, child_id, gather, whole_events
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.procedure import Council
from models.process import Entry
from models.retention import Records, Verdict
from models.watch import watch_id
from procedures.records import records_of
from register.database import writing
from register.fold import catch_up, refold
from register.log import INSTEAD, append, entries_of, erase, line_of, lock_chain, noted
from register.papers import forget
from register.read_models import CHILD, PROCESS
from register.retention import kept_of
from register.tables import ANNOUNCED, CLAIM, NOTICE
from register.working_tables import CALENDAR_ENTRY, DELIVERY, PAPER
from rules.retention import require_may
from rules.standing import WHOLE
from rules.working_days import local

ERASED = "erased"
RESTATED = "restated_without_a_case"
"""What the log calls it when a shared process's standing is written down again."""
AT_ONCE = 400


@dataclass(frozen=True)
class Plan:
    """What an erasure takes away.

    Attributes:
        council: The council's key.
        child_ref: The child's reference.
        processes: The child's own.
        shared: Sittings and unit meetings that name the child.
        events: How many events lose what they said.
        notices: How many notices go.
        papers: How many versions of papers go, those that name others too: they are made anew without the child.
        calendar: How many entries of calendars go.
        verdict: What retention says.
        sittings: Sittings whose papers are made anew.
    """

    council: str
    child_ref: str
    processes: tuple[str, ...]
    shared: tuple[str, ...]
    events: int
    notices: int
    papers: int
    calendar: int
    verdict: Verdict
    sittings: tuple[str, ...] = field(default=())


def plan(  # noqa: PLR0913 - what an erasure is judged by
    engine: sql.Engine, council: Council, child_ref: str, actor: Actor, now: datetime, *, early: bool = False
) -> Plan:
    """What an erasure would take away; nothing is changed.

    Args:
        engine: The register's.
        council: The council's procedure.
        child_ref: The child's reference.
        actor: Who would erase.
        now: UTC.
        early: Whether it is meant although the record's time is not over.

    Raises:
        Refused: `not_authorised`; `unknown` reference; `illegal_move` while something is open; `prohibited` while
            somebody holds the record, or before its time.
    """
    records = records_of(council.key)
    require_may(actor, council, records, "erase")
    catch_up(engine)
    with engine.connect() as connection:
        held = gather(connection, council.key, child_ref)
        return _planned(connection, held, records, now, early=early)


def erase_child(  # noqa: PLR0913 - what an erasure is made of
    engine: sql.Engine,
    council: Council,
    child_ref: str,
    actor: Actor,
    reason: str,
    now: datetime,
    *,
    early: bool = False,
) -> Plan:
    """Erase everything about a child.

    Args:
        engine: The register's.
        council: The council's procedure.
        child_ref: The child's reference.
        actor: Who erases.
        reason: Why, without narrative: it stays.
        now: UTC.
        early: Whether it is meant although the record's time is not over.

    Returns:
        What was taken away.

    Raises:
        Refused: As `plan` says; nothing was changed.
    """
    records = records_of(council.key)
    require_may(actor, council, records, "erase")
    catch_up(engine)
    with writing(engine) as connection:
        lock_chain(connection)
        held = gather(connection, council.key, child_ref)
        planned = _planned(connection, held, records, now, early=early)
        positions = _to_erase(held)
        by_position = noted(
            connection,
            process_id=child_id(council.key, child_ref),
            what=ERASED,
            staff=actor.staff,
            post=actor.post,
            on_behalf_of=actor.on_behalf_of,
            at=now,
            cites=(*records.who["erase"].cites, *planned.verdict.cites),
            procedure_version=council.version,
            details={**_details(planned, reason, early=early), "positions": positions},
        )
        _write_again(connection, held, by_position)
        erase(connection, positions, by_position, now)
        forget(connection, council.key, sorted(held.own))
        _forget_the_rest(connection, held)
        refold(connection, [*planned.processes, *planned.shared])
        of_child = (CHILD.c.council == council.key) & (CHILD.c.child_ref == child_ref)
        connection.execute(sql.delete(CHILD).where(of_child))
    catch_up(engine)
    return planned


def _planned(connection: sql.Connection, held: Held, records: Records, now: datetime, *, early: bool) -> Plan:
    _require_over(connection, held)
    kept = kept_of(connection, held.council, held.child_ref, records, local(now).date())
    found = kept.verdict if kept else Verdict(past=False, last_day=None, kind=None, because="Nobody knows its kind.")
    if kept is not None and kept.record.held:
        raise Refused(
            RefusalCode.PROHIBITED,
            "Somebody holds this record.",
            "Release the hold first, if its reason is gone: `starter.py hold ... --release`.",
        )
    if not found.past and not early:
        raise Refused(
            RefusalCode.PROHIBITED,
            f"The time of this record is not over: {found.because}",
            "Wait, or erase it with --early where the law or a court asks for that.",
            found.cites[0] if found.cites else None,
        )
    return Plan(
        council=held.council,
        child_ref=held.child_ref,
        processes=tuple(row["process_id"] for row in held.processes),
        shared=tuple(sorted(held.shared)),
        events=len(_to_erase(held)),
        notices=len(held.notices),
        papers=len(held.papers),
        calendar=len(held.calendar),
        verdict=found,
        sittings=tuple(sorted(one for one in held.shared if one.startswith("sitting/"))),
    )


def _require_over(connection: sql.Connection, held: Held) -> None:
    still = [row["process_id"] for row in held.processes if row["open"]]
    shared = sql.select(PROCESS.c.process_id).where(PROCESS.c.process_id.in_(list(held.shared)), PROCESS.c.open)
    still += connection.scalars(shared)
    if still:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"Still open: {', '.join(sorted(still))}.",
            "Close them first: nothing of what is under way is erased.",
        )


def _to_erase(held: Held) -> list[int]:
    """Positions of what says something; what says of earlier erasures stays, since the chain's proof rests on it."""
    own = {row["position"] for row in held.events if not (row["shared"] or row["erased"] or row["what"] == ERASED)}
    return sorted(own.union(*held.touched.values()))


def _details(planned: Plan, reason: str, *, early: bool) -> dict[str, Any]:
    return {
        "reason": reason,
        "early": early,
        "kind": planned.verdict.kind,
        "processes": list(planned.processes),
        "shared": list(planned.shared),
        "events": planned.events,
        "notices": planned.notices,
        "papers": planned.papers,
        "calendar": planned.calendar,
    }


def _write_again(connection: sql.Connection, held: Held, by_position: int) -> None:
    """What shared events said of others, and how each shared process stands, both without the child.

    An event that is written again keeps its number, its time and who did it, and says by its message id which one it
    stands for. Standings are not merged from pieces again: the last one is whole.
    """
    for process_id, parties in held.shared.items():
        rows = whole_events(connection, held.touched.get(process_id, ()))
        lines = [
            line_of(_entry(row, said), f"{INSTEAD}{row['position']}")
            for row in rows
            if (said := parties.without_own(row["details"]) or {})
        ]
        now = connection.execute(sql.select(PROCESS).where(PROCESS.c.process_id == process_id)).mappings().first()
        standing = parties.without_own(now["standing"]) if now is not None else None
        if rows and now is not None and standing and WHOLE in standing:
            last = {**rows[-1], "sequence": now["sequence"], "what": RESTATED, "cites": []}
            lines.append(line_of(_entry(last, {}), f"restated/{by_position}", standing))
        if lines:
            append(connection, lines)


def _entry(row: Mapping[str, Any], details: Mapping[str, Any]) -> Entry:
    return Entry(
        process_id=row["process_id"],
        sequence=row["sequence"],
        at=row["at"],
        what=row["what"],
        staff=row["staff"],
        post=row["post"],
        on_behalf_of=row["on_behalf_of"],
        accepted=row["accepted"],
        code=row["code"],
        cites=tuple(row["cites"]),
        procedure_version=row["procedure_version"],
        details=dict(details),
    )


def _forget_the_rest(connection: sql.Connection, held: Held) -> None:
    """Notices and their sending, claims, announcements, papers that `forget` did not find, calendars."""
    ids = [row["id"] for row in held.notices]
    for some in _parts(ids):
        connection.execute(sql.delete(DELIVERY).where(DELIVERY.c.notice_id.in_(some)))
        connection.execute(sql.delete(NOTICE).where(NOTICE.c.id.in_(some)))
    for some in _parts(held.own_ids):
        connection.execute(sql.delete(CLAIM).where(CLAIM.c.process_id.in_(some)))
    episode = watch_id("care_episode", held.council, held.child_ref)
    announced = connection.scalars(sql.select(ANNOUNCED.c.process_id).where(ANNOUNCED.c.process_id.startswith(episode)))
    mine = [one for one in announced if one == episode or one.startswith(f"{episode}.episode")]
    connection.execute(sql.delete(ANNOUNCED).where(ANNOUNCED.c.process_id.in_(mine)))
    for row in held.papers:
        this = [PAPER.c[column.name] == row[column.name] for column in PAPER.primary_key]
        connection.execute(sql.delete(PAPER).where(*this))
    for row in held.calendar:
        this = (CALENDAR_ENTRY.c.feed == row["feed"]) & (CALENDAR_ENTRY.c.uid == row["uid"])
        connection.execute(sql.delete(CALENDAR_ENTRY).where(this))


def _parts(whole: list[Any]) -> list[list[Any]]:
    return [whole[start : start + AT_ONCE] for start in range(0, len(whole), AT_ONCE)]


def clean_up(engine: sql.Engine) -> bool:
    """Let the database overwrite what was deleted: until then it may still lie in free pages of its files.

    Args:
        engine: The register's.

    Returns:
        Whether it could: not while somebody else uses it.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if engine.dialect.name == "postgresql":
            connection.rollback()
            connection.driver_connection.autocommit = True  # type: ignore[union-attr]  # psycopg's
            cursor.execute("VACUUM")
            connection.driver_connection.autocommit = False  # type: ignore[union-attr]
        else:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
            return answer is None or not answer[0]
    except engine.dialect.loaded_dbapi.Error:
        return False
    finally:
        connection.close()
    return True


def erased_before(engine: sql.Engine, council: str, child_ref: str) -> list[str]:
    """The processes of a child whose record was erased: what else may still remember them.

    Args:
        engine: The register's.
        council: The council's key.
        child_ref: The child's reference.
    """
    with engine.connect() as connection:
        said = [one.details for one in entries_of(connection, child_id(council, child_ref)) if one.what == ERASED]
    return sorted({one for details in said for key in ("processes", "shared") for one in details.get(key, [])})
