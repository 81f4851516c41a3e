"""Makes the papers of a meeting from the register: a new version only where what it says has changed.

A decision sheet and minutes are approved by the chair's own acts on the meeting; the version that is made of the
approved record says so on its face. Whatever says something else later says that, and from which version it differs.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sql

from models.identifiers import SittingKey
from models.people import SYSTEM, Actor
from models.vocabulary import SittingStage
from papers import agenda, minutes, pack, sheet
from papers.content import Content, Meeting
from papers.document import Document, Part, Section, Status
from papers.pages import html_of
from papers.typesetting import pdf_of
from papers.wording import KEEP, day, moment, signed
from register.papers import Files, PaperKey, PaperKind, Version, keep, papers_id, versions_of
from register.reading.sitting_parts import By

TITLES = {
    PaperKind.AGENDA: "Agenda",
    PaperKind.PACK_INDEX: "Pack index",
    PaperKind.DECISION_SHEET: "Decision sheet",
    PaperKind.MINUTES: "Minutes",
}
APPROVED_KINDS = (PaperKind.DECISION_SHEET, PaperKind.MINUTES)
_TRIES = 5


class Said(NamedTuple):
    """What a paper says: as a shape for programs, and as parts for people."""

    content: Content
    introduction: tuple[Part, ...]
    sections: tuple[Section, ...]


class Standing(NamedTuple):
    """How far a paper can be relied upon, in words, and by whose act."""

    status: Status
    text: str
    approved: By | None = None
    circulated: By | None = None


class Made(NamedTuple):
    """A version, and whether it is new."""

    version: Version
    new: bool


class Overtaken(Exception):  # noqa: N818 - it names what happened
    """Others made versions of the same paper all the while."""


def system_of(council: str) -> Actor:
    """Who makes papers by itself.

    Args:
        council: Its key.
    """
    return Actor(staff=SYSTEM, post=SYSTEM, council=council)


def key_of(meeting: Meeting) -> SittingKey:
    """Which meeting it is.

    Args:
        meeting: From the register.
    """
    return SittingKey(meeting.sitting.council, meeting.sitting.forum, meeting.sitting.on)


def said_by(meeting: Meeting, kind: PaperKind, reference: str = "") -> Said | None:
    """What a paper says; `None` where there is nothing to say yet: no decision, no meeting opened.

    Args:
        meeting: From the register.
        kind: Which paper.
        reference: The referral of a decision sheet.
    """
    if kind is PaperKind.AGENDA:
        listed = agenda.agenda_of(meeting)
        return Said(listed, agenda.introduction(listed), agenda.sections(listed))
    if kind is PaperKind.PACK_INDEX:
        index = pack.pack_of(meeting)
        return Said(index, pack.introduction(index, meeting), pack.sections(index))
    if kind is PaperKind.DECISION_SHEET:
        decided = sheet.sheet_of(meeting, reference)
        return Said(decided, sheet.introduction(decided, meeting), sheet.sections(decided)) if decided else None
    taken = minutes.minutes_of(meeting)
    return Said(taken, minutes.introduction(taken, meeting), minutes.sections(taken)) if taken else None


def papers_of(meeting: Meeting) -> Iterator[tuple[PaperKind, str]]:
    """The papers that a meeting has by now, in the order in which they come about.

    Args:
        meeting: From the register.
    """
    yield PaperKind.AGENDA, ""
    yield PaperKind.PACK_INDEX, ""
    for reference in sheet.decided_cases(meeting):
        yield PaperKind.DECISION_SHEET, reference
    if meeting.sitting.opened is not None:
        yield PaperKind.MINUTES, ""


def make(  # noqa: PLR0913 - which paper of what, for whom, when
    engine: sql.Engine, meeting: Meeting, kind: PaperKind, reference: str, by: Actor, now: datetime
) -> Made | None:
    """Make a paper, and keep it where it says something that its last version did not.

    Args:
        engine: The register's.
        meeting: From the register, caught up.
        kind: Which paper.
        reference: The referral of a decision sheet, else empty.
        by: Who asks for it.
        now: UTC.

    Returns:
        The last version, new or not; `None` where there is nothing to say yet.

    Raises:
        Overtaken: Others make the same paper at the same time, again and again.
    """
    said = said_by(meeting, kind, reference)
    if said is None:
        return None
    key = PaperKey(key_of(meeting), kind, reference)
    for _ in range(_TRIES):
        with engine.connect() as connection:
            before = versions_of(connection, key)
        made, document = _next(meeting, key, said, before, by, now)
        if before and before[-1].digest == made.digest:
            return Made(before[-1], new=False)
        says = Files(html_of(document), pdf_of(document))
        if keep(engine, made, says, by, meeting.sitting.procedure_version):
            return Made(made, new=True)
    raise Overtaken(f"{key.process_id} {kind}")


def _next(  # noqa: PLR0913 - what a version is made of
    meeting: Meeting, key: PaperKey, said: Said, before: list[Version], by: Actor, now: datetime
) -> tuple[Version, Document]:
    substance = _digest([part.model_dump(mode="json") for part in (*said.introduction, *said.sections)])
    standing = _standing(meeting, key, substance, before)
    number = before[-1].version + 1 if before else 1
    document = Document(
        title=_title(meeting, key),
        author=meeting.council.title,
        above=f"{meeting.council.title}: {meeting.forum.title}",
        reference="/".join(part for part in (papers_id(key.sitting), key.kind, key.reference) if part),
        edition=f"Version {number}",
        status=standing.status,
        status_text=standing.text,
        dated=meeting.as_of,
        handling=KEEP,
        introduction=said.introduction,
        sections=said.sections,
    )
    made = Version(
        **key.sitting._asdict(),
        kind=key.kind,
        reference=key.reference,
        version=number,
        made_at=now,
        made_by=by.staff,
        from_position=meeting.position,
        digest=_digest(document.model_dump(mode="json", exclude={"edition", "dated"})),
        substance=substance,
        status=standing.status,
        approved_at=standing.approved.at if standing.approved else None,
        approved_by=standing.approved.staff if standing.approved else None,
        approved_for=standing.approved.on_behalf_of if standing.approved else None,
        circulated_at=standing.circulated.at if standing.circulated else None,
    )
    return made, document


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _title(meeting: Meeting, key: PaperKey) -> str:
    return f"{TITLES[key.kind]}: {key.reference or meeting.forum.title}, {day(key.sitting.on)}"


def _standing(meeting: Meeting, key: PaperKey, substance: str, before: list[Version]) -> Standing:
    if key.kind not in APPROVED_KINDS:
        return _of_circulation(meeting, substance, before)
    approval = _approval(meeting, key)
    if approval is None:
        return _unapproved(meeting, key)
    last = next((one for one in reversed(before) if one.approved_at is not None), None)
    who = signed(meeting.council, approval)
    if last is None or last.approved_at != approval.at or last.substance == substance:
        return Standing(Status.APPROVED, f"APPROVED electronically by {who}.", approved=approval)
    text = f"CHANGED since its approval: this differs from version {last.version}, approved by {who}."
    return Standing(Status.CHANGED, text)


def _approval(meeting: Meeting, key: PaperKey) -> By | None:
    """The chair's act that approves a decision sheet or the minutes."""
    if key.kind is PaperKind.MINUTES:
        return meeting.sitting.minutes_approved
    decided = meeting.sitting.decisions.get(key.reference)
    return decided.approved if decided else None


def _unapproved(meeting: Meeting, key: PaperKey) -> Standing:
    if key.kind is PaperKind.MINUTES and meeting.forum.minutes is None:
        closed = meeting.sitting.closed
        if closed is None:
            return Standing(Status.DRAFT, "DRAFT: the meeting goes on.")
        return Standing(Status.CURRENT, "Record of the meeting. The procedure asks for no approval of minutes.")
    return Standing(Status.DRAFT, "DRAFT: the chair has not approved this.")


def _of_circulation(meeting: Meeting, substance: str, before: list[Version]) -> Standing:
    sitting, rule = meeting.sitting, meeting.forum.papers
    went = sitting.circulated
    if went is not None:
        last = next((one for one in reversed(before) if one.circulated_at is not None), None)
        who = signed(meeting.council, went)
        if last is None or last.circulated_at != went.at or last.substance == substance:
            return Standing(Status.CURRENT, f"Circulated by {who}.", circulated=went)
        text = f"CHANGED since it was circulated: this differs from version {last.version}, sent out by {who}."
        return Standing(Status.CHANGED, text)
    if sitting.stage is SittingStage.PLANNED:
        return Standing(Status.DRAFT, f"DRAFT: referrals are taken until {moment(sitting.cut_off)}.")
    if sitting.stage is SittingStage.CLOSED_FOR_SUBMISSIONS and rule is not None:
        return Standing(Status.DRAFT, "DRAFT: not circulated yet.")
    return Standing(Status.CURRENT, "")
