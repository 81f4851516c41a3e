"""Which records are past their time: what the register knows of each child, judged by the council's periods.

Nothing is erased here. What people add to a record as a whole (a hold, a death, an adoption order) is in the log under
`child/{council}/{child_ref}`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sql

from models.referral import Circumstances
from models.retention import Covers, KnownRecord, RecordKind, Records, Verdict
from register.read_models import CHILD, CHILD_PROCESS, JOURNEY, PROCESS
from register.tables import EVENT, EVENT_CONTENT
from rules.retention import verdict
from rules.working_days import local

HELD, RELEASED, DIED, ADOPTED = "held", "hold_released", "died", "adopted"
"""What people add to a record as a whole; `died` and `adopted` name the day under `on`."""
SERVED = frozenset({"approved", "approved_with_conditions", "ratified", "completed"})
"""Outcomes after which a service was given."""
SUBJECTS: Mapping[str, Covers] = {"applicants": "carers", "carers": "carers", "staff": "staff"}
"""Whom a form may be about beside a child, and what their record is."""
ALWAYS: frozenset[Covers] = frozenset({"child_in_need", "other_child"})
"""What a child's record is at least one of."""
FORMS = ("refer", "amend")
AT_ONCE = 500


@dataclass(frozen=True)
class Kept:
    """One record and its verdict.

    Attributes:
        council: The council's key.
        child_ref: The child's reference.
        record: What is known of it.
        verdict: Whether it is past its time, and why.
    """

    council: str
    child_ref: str
    record: KnownRecord
    verdict: Verdict


def kept(
    connection: sql.Connection, council: str, records: Records, today: date, *, past_only: bool = False
) -> Iterator[Kept]:
    """Every closed record of a council with its verdict: children first, then carers, applicants and staff.

    Args:
        connection: To a register whose read models are up to date.
        council: The council's key.
        records: Its periods.
        today: Local date.
        past_only: Whether only what may be past its time is looked at, which is quick while a register is young.
    """
    query = sql.select(CHILD).where(CHILD.c.council == council, CHILD.c.open_processes == 0).order_by(CHILD.c.child_ref)
    if past_only:
        query = query.where(_may_be_past(connection, council, records, today))
    children = [dict(row) for row in connection.execute(query).mappings()]
    for start in range(0, len(children), AT_ONCE):
        some = children[start : start + AT_ONCE]
        references = [row["child_ref"] for row in some]
        processes = _processes(connection, council, references, records)
        said = _said_of(connection, council, references)
        for row in some:
            reference = row["child_ref"]
            record = _record(row, processes.get(reference, []), said.get(reference, []), records)
            yield Kept(council, reference, record, verdict(record, records.kinds, today))
    for reference, record in _others(connection, council).items():
        if not record.open_processes:
            yield Kept(council, reference, record, verdict(record, records.kinds, today))


def _may_be_past(connection: sql.Connection, council: str, records: Records, today: date) -> sql.ColumnElement[bool]:
    """Every child's record is one of two kinds at least and lasts for as long as that one; a death may shorten it."""
    least = min((kind.years_after_last_entry or 0 for kind in records.kinds if kind.covers in ALWAYS), default=0)
    before = datetime.combine(today, time(), UTC) - timedelta(days=365 * least) + timedelta(days=1)
    prefix = f"child/{council}/"
    query = sql.select(EVENT.c.process_id).where(EVENT.c.what == DIED).distinct()
    died = [one.removeprefix(prefix) for one in connection.scalars(query) if one.startswith(prefix)]
    return (CHILD.c.last_at < before) | CHILD.c.child_ref.in_(died)


def kept_of(connection: sql.Connection, council: str, child_ref: str, records: Records, today: date) -> Kept | None:
    """One record with its verdict; `None` where the register knows nobody under this reference.

    Args:
        connection: To a register whose read models are up to date.
        council: The council's key.
        child_ref: The child's reference.
        records: The council's periods.
        today: Local date.
    """
    query = sql.select(CHILD).where(CHILD.c.council == council, CHILD.c.child_ref == child_ref)
    row = connection.execute(query).mappings().first()
    if row is None:
        other = _others(connection, council, child_ref).get(child_ref)
        return None if other is None else Kept(council, child_ref, other, verdict(other, records.kinds, today))
    processes = _processes(connection, council, [child_ref], records).get(child_ref, [])
    record = _record(dict(row), processes, _said_of(connection, council, [child_ref]).get(child_ref, []), records)
    return Kept(council, child_ref, record, verdict(record, records.kinds, today))


@dataclass(frozen=True)
class _Process:
    """What a process tells of the kind of record that it belongs to."""

    kind: str
    outcome: str | None
    words: frozenset[str]
    placement: str | None
    form_says: frozenset[str]

    def tells(self, kind: RecordKind) -> bool:
        """Whether it tells that the record is of a kind."""
        named = any(word in said for word in kind.told_by for said in self.words)
        return named or not self.form_says.isdisjoint(kind.told_by) or self.placement in kind.placements


def _processes(
    connection: sql.Connection, council: str, references: list[str], records: Records
) -> dict[str, list[_Process]]:
    columns = (CHILD_PROCESS.c.child_ref, *(PROCESS.c[name] for name in ("process_id", "kind", "forum", "outcome")))
    query = (
        sql.select(*columns, PROCESS.c.standing, JOURNEY.c.request_kind)
        .join(PROCESS, PROCESS.c.process_id == CHILD_PROCESS.c.process_id)
        .outerjoin(JOURNEY, JOURNEY.c.process_id == PROCESS.c.process_id)
        .where(CHILD_PROCESS.c.council == council, CHILD_PROCESS.c.child_ref.in_(references))
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    forms = _told_by_forms(connection, [row["process_id"] for row in rows], records)
    found: dict[str, list[_Process]] = {}
    for row in rows:
        facts = row["standing"].get("facts") or {}
        process = _Process(
            kind=row["kind"],
            outcome=row["outcome"],
            words=frozenset({row["forum"], row["request_kind"] or "", *_paths(facts)}),
            placement=str(facts.get("placement.type")),
            form_says=frozenset(forms.get(row["process_id"], ())),
        )
        found.setdefault(row["child_ref"], []).append(process)
    return found


def _told_by_forms(connection: sql.Connection, process_ids: list[str], records: Records) -> dict[str, set[str]]:
    """The words that forms of journeys fill in a field of: `child_protection_plan` where it has a day since when."""
    found: dict[str, set[str]] = {}
    words = {word for kind in records.kinds for word in kind.told_by}
    for word in sorted(word for word in words if f"{word}_since" in Circumstances.model_fields):
        for start in range(0, len(process_ids), AT_ONCE):
            query = (
                sql.select(EVENT.c.process_id)
                .join(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
                .where(EVENT.c.process_id.in_(process_ids[start : start + AT_ONCE]))
                .where(EVENT.c.what.in_(FORMS), EVENT_CONTENT.c.details.contains(f'{word}_since":"', autoescape=True))
            )
            for process_id in connection.scalars(query):
                found.setdefault(process_id, set()).add(word)
    return found


def _paths(facts: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(facts, dict):
        for key, value in facts.items():
            yield str(key)
            yield from _paths(value)


def _others(connection: sql.Connection, council: str, reference: str | None = None) -> dict[str, KnownRecord]:
    """Records of whom a journey is about that is about no child: carers, applicants, staff."""
    query = (
        sql.select(
            PROCESS.c.child_ref, PROCESS.c.process_id, PROCESS.c.last_at, PROCESS.c.open, EVENT_CONTENT.c.details
        )
        .outerjoin(CHILD_PROCESS, CHILD_PROCESS.c.process_id == PROCESS.c.process_id)
        .outerjoin(EVENT, (EVENT.c.process_id == PROCESS.c.process_id) & (EVENT.c.what == "refer") & EVENT.c.accepted)
        .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .where(PROCESS.c.council == council, PROCESS.c.kind == "journey", CHILD_PROCESS.c.process_id.is_(None))
        .where(PROCESS.c.child_ref.is_not(None) if reference is None else PROCESS.c.child_ref == reference)
        .order_by(PROCESS.c.child_ref)
    )
    found: dict[str, list[Mapping[Any, Any]]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["child_ref"], []).append(row)
    said = {one: _said_of(connection, council, [one]).get(one, []) for one in found}
    return {one: _of_others(rows, said[one]) for one, rows in found.items()}


def _of_others(rows: list[Mapping[Any, Any]], said: list[tuple[str, Mapping[str, Any]]]) -> KnownRecord:
    covers: set[Covers] = set()
    for row in rows:
        form = json.loads(row["details"]) if row["details"] else {}
        covers |= {kind for field, kind in SUBJECTS.items() if form.get(field)}
    last = max(row["last_at"] for row in rows)
    return KnownRecord(
        covers=tuple(sorted(covers)),
        date_of_birth=None,
        last_entry_on=local(last).date(),
        open_processes=len({row["process_id"] for row in rows if row["open"]}),
        held=_held(said),
    )


def _held(said: Iterable[tuple[str, Mapping[str, Any]]]) -> bool:
    last = None
    for what, _ in said:
        last = what if what in (HELD, RELEASED) else last
    return last == HELD


def _said_of(
    connection: sql.Connection, council: str, references: Iterable[str]
) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    ids = {f"child/{council}/{reference}": reference for reference in references}
    query = (
        sql.select(EVENT.c.process_id, EVENT.c.what, EVENT_CONTENT.c.details)
        .outerjoin(EVENT_CONTENT, EVENT_CONTENT.c.position == EVENT.c.position)
        .where(EVENT.c.process_id.in_(list(ids)))
        .order_by(EVENT.c.position)
    )
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for process_id, what, details in connection.execute(query):
        found.setdefault(ids[process_id], []).append((what, json.loads(details) if details else {}))
    return found


def _record(
    row: Mapping[str, Any],
    processes: list[_Process],
    said: list[tuple[str, Mapping[str, Any]]],
    records: Records,
) -> KnownRecord:
    days: dict[str, date] = {}
    for what, details in said:
        if what in (DIED, ADOPTED) and details.get("on"):
            days[what] = date.fromisoformat(details["on"])
    last: datetime = row["last_at"]
    covers = set(_covers(row, processes, records))
    if ADOPTED in days:
        covers.add("adoption")
    return KnownRecord(
        covers=tuple(sorted(covers)),
        date_of_birth=row["date_of_birth"],
        last_entry_on=local(last).date(),
        open_processes=row["open_processes"],
        died_on=days.get(DIED),
        adopted_on=days.get(ADOPTED),
        held=_held(said),
    )


def _covers(row: Mapping[str, Any], processes: list[_Process], records: Records) -> Iterator[Covers]:
    """What a child's record is: several at once, and the one that is kept for longest counts."""
    if row["looked_after"]:
        yield "looked_after"
    for kind in records.kinds:
        if any(process.tells(kind) for process in processes):
            yield kind.covers
    served = any(one.outcome in SERVED for one in processes) or any(one.kind != "journey" for one in processes)
    yield "child_in_need" if served else "other_child"
