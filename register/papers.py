"""The versions of papers: kept as they were made, each with an event in the log.

A version never changes. One is taken away only when what it says has to be erased; the log keeps its digest.
"""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sql
from pydantic import BaseModel, ConfigDict

from models.identifiers import SittingKey, sitting_key
from models.people import Actor
from register.database import writing
from register.log import lock_chain, noted
from register.read_models import AGENDA_LINE
from register.working_tables import PAPER

MADE = "paper_made"
"""What the log calls it."""


class PaperKind(StrEnum):
    """What papers there are of a meeting."""

    AGENDA = "agenda"
    PACK_INDEX = "pack_index"
    DECISION_SHEET = "decision_sheet"
    MINUTES = "minutes"


class PaperKey(NamedTuple):
    """Which paper: the meeting, the kind, and the referral of a decision sheet."""

    sitting: SittingKey
    kind: PaperKind
    reference: str = ""

    @property
    def process_id(self) -> str:
        """What the log keeps it under: the papers of one meeting together."""
        return papers_id(self.sitting)


class Version(BaseModel):
    """One version of a paper, without what it says. Instants are UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    council: str
    forum: str
    on: date
    kind: PaperKind
    reference: str
    version: int
    made_at: datetime
    made_by: str
    from_position: int
    digest: str
    substance: str
    status: str
    approved_at: datetime | None
    approved_by: str | None
    approved_for: str | None
    circulated_at: datetime | None


class Files(NamedTuple):
    """What a version says."""

    html: str
    pdf: bytes


_DESCRIBED = [column for column in PAPER.columns if column.name not in ("html", "pdf")]


def papers_id(sitting: SittingKey) -> str:
    """The process id of the papers of one meeting.

    Args:
        sitting: Which.
    """
    return f"papers/{sitting.council}/{sitting.forum}/{sitting.on.isoformat()}"


def versions(connection: sql.Connection, sitting: SittingKey) -> list[Version]:
    """Every version of the papers of a meeting, by kind and reference, the oldest first.

    Args:
        connection: To the register.
        sitting: Which.
    """
    query = sql.select(*_DESCRIBED).where(*_of(sitting)).order_by(PAPER.c.kind, PAPER.c.reference, PAPER.c.version)
    return [Version.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def versions_of(connection: sql.Connection, key: PaperKey) -> list[Version]:
    """Every version of one paper, the oldest first.

    Args:
        connection: To the register.
        key: Which paper.
    """
    query = sql.select(*_DESCRIBED).where(*_is(key)).order_by(PAPER.c.version)
    return [Version.model_validate(dict(row)) for row in connection.execute(query).mappings()]


def last_versions(connection: sql.Connection, kind: PaperKind, first: date) -> dict[SittingKey, int]:
    """The number of the last version of a paper of each meeting from a day on that has any.

    Args:
        connection: To the register.
        kind: Which paper.
        first: Local date.
    """
    meeting = (PAPER.c.council, PAPER.c.forum, PAPER.c.on)
    query = (
        sql.select(*meeting, sql.func.max(PAPER.c.version))
        .where(PAPER.c.kind == kind, PAPER.c.on >= first)
        .group_by(*meeting)
    )
    return {SittingKey(row[0], row[1], row[2]): row[3] for row in connection.execute(query)}


def files(connection: sql.Connection, version: Version) -> Files | None:
    """What a version says; `None` when it has been erased.

    Args:
        connection: To the register.
        version: Which.
    """
    key = PaperKey(SittingKey(version.council, version.forum, version.on), version.kind, version.reference)
    query = sql.select(PAPER.c.html, PAPER.c.pdf).where(*_is(key), PAPER.c.version == version.version)
    row = connection.execute(query).first()
    return None if row is None else Files(row.html, bytes(row.pdf))


def keep(engine: sql.Engine, made: Version, says: Files, by: Actor, procedure_version: str) -> bool:
    """Keep a version that was made, together with its event.

    Args:
        engine: The register's.
        made: The version; its number follows the last one.
        says: The files.
        by: Who made it.
        procedure_version: Of the procedure that it was made under.

    Returns:
        Whether it was kept: not when somebody else kept a version of that number first.
    """
    key = PaperKey(SittingKey(made.council, made.forum, made.on), made.kind, made.reference)
    with writing(engine) as connection:
        lock_chain(connection)
        last = connection.scalar(sql.select(sql.func.max(PAPER.c.version)).where(*_is(key)))
        if made.version != (last or 0) + 1:
            return False
        connection.execute(sql.insert(PAPER).values(**made.model_dump(), html=says.html, pdf=says.pdf))
        noted(
            connection,
            process_id=key.process_id,
            what=MADE,
            staff=by.staff,
            post=by.post,
            on_behalf_of=by.on_behalf_of,
            at=made.made_at,
            details=made.model_dump(
                mode="json", include={"kind", "reference", "version", "digest", "status", "from_position"}
            ),
            procedure_version=procedure_version,
        )
    return True


def forget(connection: sql.Connection, council: str, referral_refs: Iterable[str]) -> int:
    """Take away every version that may say something of some cases: their decision sheets, and all of their meetings.

    The papers of a meeting are made anew from what is left of it when somebody asks for them.

    Args:
        connection: In a transaction from `register.database.writing`.
        council: Its key.
        referral_refs: The cases.

    Returns:
        How many versions were taken away.
    """
    wanted = list(referral_refs)
    lines = sql.select(AGENDA_LINE.c.process_id).where(AGENDA_LINE.c.referral_ref.in_(wanted)).distinct()
    sittings = [
        key for key in map(sitting_key, connection.scalars(lines)) if key is not None and key.council == council
    ]
    sheets = sql.delete(PAPER).where(PAPER.c.council == council, PAPER.c.reference.in_(wanted))
    gone = connection.execute(sheets).rowcount
    for sitting in sittings:
        whole = sql.delete(PAPER).where(*_of(sitting), PAPER.c.kind != PaperKind.DECISION_SHEET)
        gone += connection.execute(whole).rowcount
    return gone


def _of(sitting: SittingKey) -> tuple[sql.ColumnElement[bool], ...]:
    return PAPER.c.council == sitting.council, PAPER.c.forum == sitting.forum, PAPER.c.on == sitting.on


def _is(key: PaperKey) -> tuple[sql.ColumnElement[bool], ...]:
    return (*_of(key.sitting), PAPER.c.kind == key.kind, PAPER.c.reference == key.reference)
