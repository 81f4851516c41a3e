"""Everything that the register holds about one child, and nothing about another.

Found by the child's reference through the read models and the log. Of what several children share (sittings, unit
meetings), only the child's own part comes along.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sql

from disclosure.sharing import BlackedOut, Parties, tokens
from models.errors import RefusalCode, Refused
from models.identifiers import REFERENCE, journey_id
from register.read_models import (
    ACTION,
    AGENDA_LINE,
    CHILD,
    CHILD_PROCESS,
    CLOCK,
    COST,
    DECISION,
    JOURNEY,
    PLACEMENT,
    PROCESS,
)
from register.tables import CLAIM, ERASURE, EVENT, EVENT_CONTENT, NOTICE
from register.working_tables import CALENDAR_ENTRY, DELIVERY, PAPER

Row = dict[str, Any]
BY_PROCESS: Mapping[str, sql.Table] = {
    "journeys": JOURNEY,
    "decisions": DECISION,
    "actions": ACTION,
    "clocks": CLOCK,
    "placements": PLACEMENT,
    "costs": COST,
    "claims": CLAIM,
}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
AT_ONCE = 400
"""How many processes one query asks for."""


def child_id(council: str, child_ref: str) -> str:
    """The id under which the log keeps what is done with a child's whole record.

    Args:
        council: The council's key.
        child_ref: The child's reference.
    """
    return f"child/{council}/{child_ref}"


@dataclass
class Held:
    """What is held about one child.

    Attributes:
        council: The council's key.
        child_ref: The child's reference.
        position: Up to which event of the log.
        child: What the register knows of the child, without narrative.
        processes: The child's own, with how each stands.
        events: Of the child's own processes, and the own part of shared ones, in order of time.
        shared: Ids of the shared processes, with whom each is shared with.
        tables: Rows of the read models, by table.
        agenda: The child's lines on agendas.
        notices: Who was told, with how it was sent.
        papers: Versions of papers; the child's own with their files.
        calendar: What calendars say.
        own: References and process ids of the child.
        touched: Positions of the events of each shared process that name the child, whomever they are about.
        blacked_out: References of other children that were taken out of texts.
        papers_naming: How many of the child's own papers name another child; they are as they were made.
    """

    council: str
    child_ref: str
    position: int
    child: Row = field(default_factory=dict)
    processes: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    shared: dict[str, Parties] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    agenda: list[Row] = field(default_factory=list)
    notices: list[Row] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    calendar: list[Row] = field(default_factory=list)
    own: frozenset[str] = frozenset()
    touched: dict[str, list[int]] = field(default_factory=dict)
    blacked_out: set[str] = field(default_factory=set)
    papers_naming: int = 0

    @property
    def own_ids(self) -> list[str]:
        """The child's own processes, and what was done with the record as a whole."""
        return [*(row["process_id"] for row in self.processes), child_id(self.council, self.child_ref)]


def gather(connection: sql.Connection, council: str, child_ref: str) -> Held:
    """Collect everything about one child.

    Args:
        connection: To a register whose read models are up to date.
        council: The council's key.
        child_ref: The child's reference.

    Raises:
        Refused: `unknown`: the register has nothing about this reference.
    """
    held = Held(council, child_ref, connection.scalar(sql.select(sql.func.max(EVENT.c.position))) or 0)
    ours = (PROCESS.c.council == council) & (PROCESS.c.child_ref == child_ref)
    theirs = (CHILD_PROCESS.c.council == council) & (CHILD_PROCESS.c.child_ref == child_ref)
    found = sql.select(PROCESS).where(
        ours | PROCESS.c.process_id.in_(sql.select(CHILD_PROCESS.c.process_id).where(theirs))
    )
    held.processes = _rows(connection, found.order_by(PROCESS.c.opened_at, PROCESS.c.process_id))
    if not held.processes:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"The register has nothing about {child_ref} in {council}.",
            "Check the reference; what happened within the last second may still be on its way.",
        )
    references = {row["reference"] for row in held.processes}
    held.own = frozenset({child_ref, *references, *held.own_ids})
    of_child = sql.select(CHILD).where(CHILD.c.council == council, CHILD.c.child_ref == child_ref)
    held.child = next(iter(_rows(connection, of_child)), {"council": council, "child_ref": child_ref})
    held.tables = {name: _of(connection, table, table.c.process_id, held.own_ids) for name, table in BY_PROCESS.items()}
    held.agenda = _of(connection, AGENDA_LINE, AGENDA_LINE.c.journey, held.own_ids)
    _events(connection, held)
    held.notices = _notices(connection, held)
    held.papers = _papers(connection, held)
    held.calendar = _calendar(connection, held)
    return held


def black_out_others(connection: sql.Connection, held: Held) -> None:
    """Take references of other children that the register knows out of what was said of the child.

    For whoever reads it: an erasure needs everything as it was said. Papers stay as they were made, and are counted.

    Args:
        connection: To the register.
        held: What is held; it is changed.
    """
    others = _of_other_children(connection, held, tokens([*_said(held), *_pages(held)]) - held.own)
    black = BlackedOut(others, held.own)
    for rows, columns in _SAYING:
        for row in rows(held):
            row.update({column: black.of(row[column]) for column in columns})
    held.blacked_out = black.found.union(*(parties.blacked_out for parties in held.shared.values()))
    held.papers_naming = sum(not others.isdisjoint(tokens(page)) for page in _pages(held))


_SAYING: tuple[tuple[Callable[[Held], list[Row]], tuple[str, ...]], ...] = (
    (lambda held: held.events, ("details", "standing")),
    (lambda held: held.processes, ("standing", "came_from")),
    (lambda held: held.calendar, ("body",)),
)
"""What of a record people wrote; all else are days, amounts, keys and the child's own references."""


def _said(held: Held) -> Iterator[Any]:
    for rows, columns in _SAYING:
        for row in rows(held):
            yield from (row[column] for column in columns)


def _pages(held: Held) -> list[str]:
    return [row["html"] for row in held.papers if row["html"]]


def _of_other_children(connection: sql.Connection, held: Held, words: Iterable[str]) -> frozenset[str]:
    """Which words are references of other children of the council, or of their referrals."""
    wanted = [word for word in words if re.fullmatch(REFERENCE, word)]
    found: set[str] = set()
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        children = sql.select(CHILD.c.child_ref).where(CHILD.c.council == held.council, CHILD.c.child_ref.in_(some))
        journeys = [journey_id(held.council, word) for word in some]
        referrals = sql.select(PROCESS.c.reference).where(
            PROCESS.c.process_id.in_(journeys), PROCESS.c.child_ref != held.child_ref
        )
        found |= {*connection.scalars(children), *connection.scalars(referrals)}
    return frozenset(found - held.own)


def _rows(connection: sql.Connection, query: sql.Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _of(connection: sql.Connection, table: sql.Table, column: sql.Column[Any], ids: Iterable[str]) -> list[Row]:
    wanted = list(ids)
    found: list[Row] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += _rows(connection, sql.select(table).where(column.in_(wanted[start : start + AT_ONCE])))
    return found


def _log() -> sql.Select[Any]:
    return (
        sql.select(EVENT, EVENT_CONTENT.c.details, EVENT_CONTENT.c.standing, ERASURE.c.erased_at)
        .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .outerjoin(ERASURE, ERASURE.c.position == EVENT.c.position)
        .order_by(EVENT.c.position)
    )


def _events(connection: sql.Connection, held: Held) -> None:
    """The child's own events, and of shared processes what is the child's own part of them."""
    ids = held.own_ids
    for start in range(0, len(ids), AT_ONCE):
        query = _log().where(EVENT.c.process_id.in_(ids[start : start + AT_ONCE]))
        held.events += [_event(row, shared=False) for row in _rows(connection, query)]
    for process_id in _shared_ids(connection, held):
        rows = [_event(row, shared=True) for row in _rows(connection, _log().where(EVENT.c.process_id == process_id))]
        parties = Parties(held.own)
        for row in rows:
            parties.learn(row["details"])
            parties.learn(row["standing"])
        if not any(parties.names_own([row["details"], row["standing"]]) for row in rows):
            continue
        held.shared[process_id] = parties
        for row in rows:
            if not (parties.names_own(row["details"]) or parties.names_own(row["standing"])):
                continue
            held.touched.setdefault(process_id, []).append(row["position"])
            if parties.names_others(row["details"]) and not parties.names_own(row["details"]):
                continue  # somebody else's, which moved the child's line too
            row["details"] = parties.own_part(row["details"]) if parties.names_own(row["details"]) else {}
            row["standing"] = parties.own_part(row["standing"]) if parties.names_own(row["standing"]) else None
            held.events.append(row)
    held.events.sort(key=lambda row: (row["at"], row["position"]))


def _event(row: Row, *, shared: bool) -> Row:
    read = {name: None if row[name] is None else json.loads(row[name]) for name in ("details", "standing")}
    return {**row, **read, "shared": shared, "erased": row["erased_at"] is not None}


def whole_events(connection: sql.Connection, positions: Iterable[int]) -> list[Row]:
    """Events with all that they say, whomever it is about, in the order of the log.

    Args:
        connection: To the register.
        positions: Which.
    """
    wanted = sorted(positions)
    found: list[Row] = []
    for start in range(0, len(wanted), AT_ONCE):
        found += _rows(connection, _log().where(EVENT.c.position.in_(wanted[start : start + AT_ONCE])))
    return [_event(row, shared=True) for row in found]


def _shared_ids(connection: sql.Connection, held: Held) -> list[str]:
    """Sittings on whose agenda the child stands or stood, and unit meetings that name the child."""
    found = {line["process_id"] for line in held.agenda} | _sittings_named(connection, held)
    named = sql.or_(
        *(
            column.contains(json.dumps(reference), autoescape=True)
            for reference in sorted({held.child_ref, *(row["reference"] for row in held.processes)})
            for column in (EVENT_CONTENT.c.details, EVENT_CONTENT.c.standing)
        )
    )
    query = (
        sql.select(EVENT.c.process_id)
        .join(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .where(EVENT.c.process_id.startswith(f"unit/{held.council}/", autoescape=True), named)
        .distinct()
    )
    return sorted(found | set(connection.scalars(query)))


def _sittings_named(connection: sql.Connection, held: Held) -> set[str]:
    """Sittings that the child's own processes speak of, also those whose agenda lost the line again."""
    forums = {row["forum"] for row in held.processes if row["forum"]}
    days: set[str] = set()
    for row in held.events:
        for key, value in _pairs(row["details"], row["standing"]):
            if key == "forum" and isinstance(value, str):
                forums.add(value)
            elif isinstance(value, str) and DAY.fullmatch(value):
                days.add(value)
    likely = [f"sitting/{held.council}/{forum}/{day}" for forum in sorted(forums) for day in sorted(days)]
    found: set[str] = set()
    for start in range(0, len(likely), AT_ONCE):
        there = sql.select(EVENT.c.process_id).where(EVENT.c.process_id.in_(likely[start : start + AT_ONCE])).distinct()
        found |= set(connection.scalars(there))
    return found


def _pairs(*values: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON value
    for value in values:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key, inner
                yield from _pairs(inner)
        elif isinstance(value, list):
            yield from _pairs(*value)


def _notices(connection: sql.Connection, held: Held) -> list[Row]:
    found = _of(connection, NOTICE, NOTICE.c.process_id, held.own_ids)
    sent = _of(connection, DELIVERY, DELIVERY.c.notice_id, [row["id"] for row in found])
    by_notice: dict[int, list[Row]] = {}
    for row in sent:
        by_notice.setdefault(row["notice_id"], []).append(row)
    return [{**row, "deliveries": by_notice.get(row["id"], [])} for row in sorted(found, key=lambda row: row["id"])]


def _papers(connection: sql.Connection, held: Held) -> list[Row]:
    """The child's own sheets with their files; of papers that others share, only that there are such."""
    mine = Parties(held.own)
    found: list[Row] = []
    for sitting in sorted(one for one in held.shared if one.startswith("sitting/")):
        _, council, forum, on = sitting.split("/")
        query = (
            sql.select(PAPER)
            .where(PAPER.c.council == council, PAPER.c.forum == forum, PAPER.c.on == date.fromisoformat(on))
            .order_by(PAPER.c.kind, PAPER.c.reference, PAPER.c.version)
        )
        for row in _rows(connection, query):
            own = row["reference"] in held.own
            if own:
                found.append({**row, "shared": False})
            elif row["reference"] == "" and mine.names_own(row["html"]):
                found.append({**row, "shared": True, "html": None, "pdf": None})
    return found


def _calendar(connection: sql.Connection, held: Held) -> list[Row]:
    named = sql.or_(
        *(
            column.contains(reference, autoescape=True)
            for reference in sorted(held.own)
            for column in (CALENDAR_ENTRY.c.uid, CALENDAR_ENTRY.c.body)
        )
    )
    mine = Parties(held.own)
    rows = _rows(connection, sql.select(CALENDAR_ENTRY).where(named).order_by(CALENDAR_ENTRY.c.feed))
    return [row for row in rows if mine.names_own([row["uid"], row["body"]])]
