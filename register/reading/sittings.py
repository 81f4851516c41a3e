"""One meeting as its papers need it: agenda, who was there, what was heard, decided, approved and circulated.

What the meeting looks like comes from its read model, who said what and when from the log. Decisions as the panel took
them stand here; what became of them in the child's journey is in `register.reading.decisions`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sql

from models.identifiers import sitting_id
from models.vocabulary import SittingAct, SittingStage
from register.read_models import PROCESS, SITTING
from register.reading.happenings import Happening, happenings
from register.reading.sitting_parts import (
    Absence,
    By,
    CalledOff,
    Decided,
    Declared,
    Hearing,
    Line,
    Person,
    Read,
)

_PERSON = re.compile(r"^(?P<staff>\S+) \((?P<post>[^)]+)\)$")


class Sitting(Read):
    """A whole meeting. Instants are UTC; `position` is the last event of the register that it is read from.

    `carried` says why somebody carried a case over, by referral reference.
    """

    process_id: str
    council: str
    forum: str
    on: date
    starts: datetime
    ends: datetime | None
    cut_off: datetime | None
    venue: str | None
    stage: SittingStage
    chair: str | None
    capacity: int | None
    procedure_version: str
    lines: tuple[Line, ...]
    present: tuple[Person, ...]
    apologies: tuple[Absence, ...]
    interests: tuple[Declared, ...]
    empty_seats: tuple[str, ...]
    flags: tuple[str, ...]
    learning: tuple[str, ...]
    hearings: Mapping[str, Hearing]
    decisions: Mapping[str, Decided]
    opened: By | None
    closed: By | None
    called_off: CalledOff | None
    carried: Mapping[str, str]
    circulated: By | None
    minutes: Literal["draft", "final"] | None
    minutes_recorded: By | None
    minutes_named: str | None
    minutes_approved: By | None
    position: int
    last_at: datetime

    @property
    def places(self) -> tuple[Line, ...]:
        """The cases with a place, in the order in which they are taken."""
        return tuple(line for line in self.lines if line.reserve is None and line.state != "carried_over")

    @property
    def reserves(self) -> tuple[Line, ...]:
        """The reserve list, the first first."""
        return tuple(line for line in self.lines if line.reserve is not None)

    @property
    def gone(self) -> tuple[Line, ...]:
        """Cases that went on to another meeting."""
        return tuple(line for line in self.lines if line.state == "carried_over")


class Meeting(Read):
    """A meeting in a list: what is needed to say when its papers are due."""

    process_id: str
    council: str
    forum: str
    on: date
    starts: datetime
    cut_off: datetime | None
    stage: SittingStage
    listed: int
    reserved: int
    circulated_at: datetime | None


def sitting_of(connection: sql.Connection, council: str, forum: str, on: date) -> Sitting | None:
    """A meeting; `None` where the register knows of none.

    Args:
        connection: To the register, caught up.
        council: Its key.
        forum: The key of the forum that sits.
        on: Local date.
    """
    process_id = sitting_id(council, forum, on)
    query = (
        sql.select(SITTING, PROCESS.c.standing, PROCESS.c.procedure_version, PROCESS.c.last_at)
        .join(PROCESS, PROCESS.c.process_id == SITTING.c.process_id)
        .where(SITTING.c.process_id == process_id)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    return _sitting(row, happenings(connection, [process_id])[process_id])


def meetings_ahead(connection: sql.Connection, first: date, last: date, council: str | None = None) -> list[Meeting]:
    """Meetings of some days with at least one case, that have not begun, in order.

    Args:
        connection: To the register, caught up.
        first: Local date, included.
        last: Local date, included.
        council: Only this one's.
    """
    query = (
        sql.select(SITTING)
        .where(SITTING.c.on.between(first, last))
        .where(SITTING.c.stage.in_((SittingStage.PLANNED, SittingStage.CLOSED_FOR_SUBMISSIONS)))
        .where(SITTING.c.listed + SITTING.c.reserved > 0)
        .order_by(SITTING.c.on, SITTING.c.council, SITTING.c.forum)
    )
    if council is not None:
        query = query.where(SITTING.c.council == council)
    return [Meeting.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def _sitting(row: sql.RowMapping, log: Sequence[Happening]) -> Sitting:
    standing = row["standing"]
    last = {event.what: event for event in log}
    called_off = last.get(SittingAct.POSTPONE) or last.get(SittingAct.CANCEL)
    recorded = last.get(SittingAct.RECORD_MINUTES)
    present = _people(standing.get("present", ()))
    return Sitting(
        **{name: row[name] for name in _COLUMNS},
        lines=_lines(standing.get("agenda", {})),
        present=present,
        apologies=_apologies(log),
        interests=_interests(log),
        empty_seats=tuple(_said(last.get(SittingAct.OPEN_SITTING), "empty") or ()),
        flags=tuple(standing.get("flags", ())),
        learning=tuple(standing.get("learning", ())),
        hearings=_hearings(log),
        decisions=_decisions(log),
        opened=_by(last.get(SittingAct.OPEN_SITTING)),
        closed=_by(last.get(SittingAct.CLOSE_SITTING)),
        called_off=_called_off(called_off),
        carried=_carried(log),
        circulated=_by(last.get(SittingAct.CIRCULATE_PAPERS)),
        minutes_recorded=_by(recorded),
        minutes_named=_said(recorded, "minutes"),
        minutes_approved=_by(last.get(SittingAct.APPROVE_MINUTES)),
        position=log[-1].position if log else 0,
    )


_COLUMNS = (
    "process_id",
    "council",
    "forum",
    "on",
    "starts",
    "ends",
    "cut_off",
    "venue",
    "stage",
    "chair",
    "capacity",
    "minutes",
    "procedure_version",
    "last_at",
)


def _by(event: Happening | None) -> By | None:
    return None if event is None else By.model_validate(event.model_dump(include=set(By.model_fields)))


def _who(event: Happening) -> By:
    return By.model_validate(event.model_dump(include=set(By.model_fields)))


def _said(event: Happening | None, key: str) -> Any:  # noqa: ANN401 - any JSON value
    return None if event is None else event.details.get(key)


def _called_off(event: Happening | None) -> CalledOff | None:
    if event is None:
        return None
    return CalledOff(by=_who(event), what=event.what, to=event.details.get("to"), reasons=event.details.get("reasons"))


def _people(said: Iterable[str]) -> tuple[Person, ...]:
    """People as a view writes them, `carol (head_of_service)`."""
    found = ((_PERSON.match(one), one) for one in said)
    return tuple(
        Person(staff=match["staff"], post=match["post"]) if match else Person(staff=whole) for match, whole in found
    )


def _lines(agenda: Mapping[str, Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(sorted((Line.model_validate(line) for line in agenda.values()), key=lambda line: line.number))


def _carried(log: Iterable[Happening]) -> dict[str, str]:
    moved = (event.details for event in log if event.what == SittingAct.CARRY_OVER)
    return {said["case"]: said["reasons"] for said in moved if said.get("case") and said.get("reasons")}


def _apologies(log: Iterable[Happening]) -> tuple[Absence, ...]:
    """The last word on each person's absence; whoever found a substitute does not change whose absence it is."""
    found: dict[str, Absence] = {}
    for event in log:
        if event.what != SittingAct.SEND_APOLOGIES:
            continue
        absent = event.details.get("absent") or event.on_behalf_of or event.staff
        before = found.get(absent)
        own = absent in (event.staff, event.on_behalf_of)
        found[absent] = Absence(
            staff=absent,
            post=before.post if before else event.post if own else None,
            substitute=event.details.get("substitute") or (before.substitute if before else None),
            reasons=event.details.get("reasons") or (before.reasons if before else None),
        )
    return tuple(found.values())


def _interests(log: Iterable[Happening]) -> tuple[Declared, ...]:
    return tuple(
        Declared(by=_who(event), case=event.details.get("case"), reasons=event.details.get("reasons"))
        for event in log
        if event.what == SittingAct.DECLARE_INTEREST
    )


def _hearings(log: Iterable[Happening]) -> dict[str, Hearing]:
    found = {}
    for event in log:
        if event.what == SittingAct.HEAR and "case" in event.details:
            hearing = Hearing.model_validate({"chair": None, **event.details, "at": event.at})
            found[hearing.case] = hearing
    return found


def _decisions(log: Sequence[Happening]) -> dict[str, Decided]:
    found: dict[str, Decided] = {}
    for event in log:
        case = event.details.get("case")
        if event.what == SittingAct.RECORD_DECISION and case is not None:
            said = {key: value for key, value in event.details.items() if value is not None}
            found[case] = Decided.model_validate({**said, "by": _who(event), "cites": event.cites})
        elif event.what == SittingAct.APPROVE_DECISION and case in found:
            answers = {**event.details.get("checkpoints", {}), **found[case].checkpoints}
            left = tuple(key for key in found[case].checkpoints_unanswered if key not in answers)
            found[case] = found[case].model_copy(
                update={"approved": _who(event), "checkpoints": answers, "checkpoints_unanswered": left}
            )
    return found
