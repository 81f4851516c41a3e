"""What a notice may say beside its reference, read from the read models and the council's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sql

from models.deadlines import WatchRules
from models.procedure import Council
from models.watch import watch_kind
from register.read_models import ACTION, CLOCK, JOURNEY, PROCESS, SITTING
from register.reading.notices import Noted
from rules.working_days import local

OF_CLOCKS = frozenset({"clock_warned", "escalated", "deadline_passed", "deadline_reached"})
"""Subjects whose second part names a clock."""
OF_FORUMS = frozenset({"proposed", "referral_proposed", "referral_withdrawn"})
OF_DUTIES = frozenset({"duty_has_come_round", "duty_skipped"})
ON_A_DAY = frozenset({"sitting", "unit", "papers"})
"""Kinds of process whose id ends with a forum or unit and a day."""
DAY_LENGTH = 10
PARTS = 3


@dataclass(frozen=True)
class Case:
    """What the register knows of what a notice is about.

    Attributes:
        process_id: Its id.
        council: The council's key.
        forum: The forum's key, or empty.
        unit: The unit that answers for it, or empty where none does or none is known.
        own_staff: Staff references of its own people, the nearest first: they are told rather than all of their post.
        due: By when what the notice says is due, local date.
        sitting: The day of the panel, local date.
    """

    process_id: str
    council: str
    forum: str = ""
    unit: str = ""
    own_staff: tuple[str, ...] = ()
    due: date | None = None
    sitting: date | None = None


def case_of(connection: sql.Connection, notice: Noted) -> Case:
    """What the register knows of what a notice is about.

    Args:
        connection: To the register.
        notice: The notice.
    """
    kind, council, *_ = (*notice.process_id.split("/"), "", "")
    process = _row(connection, PROCESS, notice.process_id)
    journey = _row(connection, JOURNEY, notice.process_id) if kind == "journey" else {}
    sitting = _row(connection, SITTING, notice.process_id) if kind == "sitting" else {}
    action = _action(connection, notice)
    came_from = process.get("came_from") or ""
    before = _row(connection, JOURNEY, came_from) if came_from.startswith("journey/") else {}
    own = (action.get("owner_staff"), journey.get("referred_by"), sitting.get("chair"), before.get("referred_by"))
    return Case(
        process_id=notice.process_id,
        council=process.get("council") or council,
        forum=process.get("forum") or "",
        unit=process.get("unit") or "",
        own_staff=tuple(dict.fromkeys(staff for staff in own if staff)),
        due=_due(connection, notice, journey, action),
        sitting=journey.get("sitting") or sitting.get("on"),
    )


def _row(connection: sql.Connection, table: sql.Table, process_id: str) -> dict[str, Any]:
    found = connection.execute(sql.select(table).where(table.c.process_id == process_id)).mappings().first()
    return dict(found) if found else {}


def _action(connection: sql.Connection, notice: Noted) -> dict[str, Any]:
    """The action whose clock a notice is about."""
    family, _, name = notice.subject.partition(":")
    _, _, reference = name.partition(":")
    if family not in OF_CLOCKS or not reference:
        return {}
    query = sql.select(ACTION).where(ACTION.c.process_id == notice.process_id, ACTION.c.reference == reference)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else {}


def _due(connection: sql.Connection, notice: Noted, journey: dict[str, Any], action: dict[str, Any]) -> date | None:
    family, _, name = notice.subject.partition(":")
    if family == "renewal_due":
        return _day(name)
    if family == "review_coming":
        return journey.get("review_on")
    clock = "cut_off" if family == "cut_off_missed" else name if family in OF_CLOCKS else None
    if clock is None:
        return None
    query = (
        sql.select(CLOCK.c.due)
        .where(CLOCK.c.process_id == notice.process_id, CLOCK.c.name == clock, CLOCK.c.started <= notice.at)
        .order_by(CLOCK.c.started.desc())
        .limit(1)
    )
    due = connection.scalar(query)
    return local(due).date() if due is not None else action.get("due")


def reference_of(process_id: str, council: Council) -> str:
    """How people call what a notice is about: the case's own reference; of a meeting, its forum or unit and the day.

    Args:
        process_id: Any process id.
        council: Its procedure.
    """
    kind, _, rest = (*process_id.split("/", maxsplit=PARTS - 1), "", "")[:PARTS]
    if kind in ON_A_DAY:
        name, _, on = rest.partition("/")
        return f"{_forum(council, name) or words(name)}, {in_words(day)}" if (day := _day(on)) else rest
    if kind == "duty":
        forum, _, duty = rest.partition("/")
        return f"{_duty(council, duty.split('/')[0])} ({_forum(council, forum) or words(forum)})"
    return rest or process_id


def matter_of(notice: Noted, council: Council, names: Mapping[str, str]) -> str:
    """What the subject of a notice names, in words of the procedure and never in anybody's own.

    Args:
        notice: The notice.
        council: Its procedure.
        names: What people call clocks.
    """
    family, _, rest = notice.subject.partition(":")
    if not rest:
        return words(family)
    if family in OF_CLOCKS:
        return _clock(notice.process_id, rest, council, names)
    if family in OF_FORUMS:
        return _forum(council, rest) or words(rest)
    if family in OF_DUTIES:
        return _duty(council, rest)
    return in_words(day) if (day := _day(rest)) else rest if family == "unit_meeting_task" else words(rest)


def _clock(process_id: str, name: str, council: Council, names: Mapping[str, str]) -> str:
    key, _, of = name.partition(":")
    if key == "referral":  # that somebody answers a proposal
        key, of = of, ""
    kind = watch_kind(process_id)
    rules: WatchRules | None = getattr(council, kind) if kind is not None else None
    law = [one for one in council.law_deadlines if one.process == kind]
    titles = {one.key: one.title for one in (*law, *(rules.deadlines if rules else ()))}
    return titles.get(key) or f"{names.get(key) or words(key)} {of}".strip()


def _duty(council: Council, key: str) -> str:
    return next((duty.title for duty in council.duties if duty.key == key), words(key))


def _forum(council: Council, key: str) -> str | None:
    return council.forums[key].title if key in council.forums else None


def words(key: str) -> str:
    """A key such as `head_of_service` as people write it.

    Args:
        key: A key.
    """
    return key.replace("_", " ")


def in_words(day: date) -> str:
    """A day as people write it.

    Args:
        day: Local date.
    """
    return f"{day:%A} {day.day} {day:%B %Y}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == DAY_LENGTH else None
    except ValueError:
        return None
