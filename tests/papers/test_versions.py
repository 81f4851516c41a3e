"""Versions: a new one only when a paper says something new, each on the log, and what the chair approved marked so."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sql

from models.identifiers import SittingKey
from models.people import Actor
from models.vocabulary import SittingStage
from papers.content import Meeting
from papers.making import Made, make, papers_of
from register.database import writing
from register.log import note_event
from register.papers import (
    Files,
    PaperKey,
    PaperKind,
    Version,
    files,
    forget,
    keep,
    last_versions,
    versions,
    versions_of,
)
from register.read_models import AGENDA_LINE
from register.reading.sitting_parts import By
from register.tables import EVENT, EVENT_CONTENT
from tests.papers.meetings import CAROL, ON, PAT, a_decided_meeting, a_decision, a_line, a_meeting
from tests.register.rows import an_agenda_line, insert

NOW = datetime(2031, 3, 12, 10, tzinfo=UTC)
BY = Actor(staff="pat", post="panel_administrator", council="hillingdon", on_behalf_of="pam")
KEY = SittingKey("hillingdon", "harp", ON)


def made(engine: sql.Engine, meeting: Meeting, kind: PaperKind, reference: str = "") -> Made:
    found = make(engine, meeting, kind, reference, BY, NOW)
    assert found is not None
    return found


def page_of(engine: sql.Engine, version: Version) -> str:
    with engine.connect() as connection:
        found = files(connection, version)
    assert found is not None
    assert found.pdf.startswith(b"%PDF")
    return found.html


def test_a_paper_that_says_the_same_again_gets_no_new_version(engine: sql.Engine) -> None:
    first = made(engine, a_meeting(), PaperKind.AGENDA)
    again = made(engine, a_meeting(position=99, last_at=NOW), PaperKind.AGENDA)
    assert (first.new, first.version.version) == (True, 1)
    assert (again.new, again.version) == (False, first.version)
    other = made(engine, a_meeting(venue="Room 4"), PaperKind.AGENDA)
    assert (other.new, other.version.version) == (True, 2)
    assert "Room 4" in page_of(engine, other.version)
    assert "Room 4" not in page_of(engine, first.version)


def test_every_version_is_an_event_of_the_meetings_papers(engine: sql.Engine) -> None:
    made(engine, a_meeting(), PaperKind.AGENDA)
    version = made(engine, a_meeting(venue="Room 4"), PaperKind.AGENDA).version
    query = sql.select(EVENT, EVENT_CONTENT.c.details).join(EVENT_CONTENT).order_by(EVENT.c.position)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    assert [(row["process_id"], row["sequence"], row["what"]) for row in rows] == [
        ("papers/hillingdon/harp/2031-03-11", 1, "paper_made"),
        ("papers/hillingdon/harp/2031-03-11", 2, "paper_made"),
    ]
    assert (rows[1]["staff"], rows[1]["on_behalf_of"], rows[1]["at"]) == ("pat", "pam", NOW)
    assert json.loads(rows[1]["details"]) == {
        "kind": "agenda",
        "reference": "",
        "version": 2,
        "digest": version.digest,
        "status": "draft",
        "from_position": 7,
    }


def test_a_draft_says_so_on_its_face(engine: sql.Engine) -> None:
    agenda = made(engine, a_meeting(), PaperKind.AGENDA).version
    assert "DRAFT: referrals are taken until Friday 7 March 2031, 12:00." in page_of(engine, agenda)
    sheet = made(engine, a_decided_meeting(), PaperKind.DECISION_SHEET, "HARP-1").version
    assert (sheet.status, sheet.approved_at) == ("draft", None)
    assert "DRAFT: the chair has not approved this." in page_of(engine, sheet)


def test_the_approved_sheet_says_by_whom_and_when_and_on_whose_behalf(engine: sql.Engine) -> None:
    made(engine, a_decided_meeting(), PaperKind.DECISION_SHEET, "HARP-1")
    approved = CAROL.model_copy(update={"on_behalf_of": "cleo"})
    version = made(engine, a_decided_meeting(a_decision(approved=approved)), PaperKind.DECISION_SHEET, "HARP-1").version
    assert (version.version, version.status) == (2, "approved")
    assert (version.approved_by, version.approved_for, version.approved_at) == ("carol", "cleo", CAROL.at)
    told = "APPROVED electronically by carol, Head of Service, on behalf of cleo: Wednesday 12 March 2031, 09:00."
    assert told in page_of(engine, version)


def test_what_says_something_else_later_says_which_approved_version_it_differs_from(engine: sql.Engine) -> None:
    sheet = a_decision(approved=CAROL)
    first = made(engine, a_decided_meeting(sheet), PaperKind.DECISION_SHEET, "HARP-1").version
    other = sheet.model_copy(update={"rationale": "Not what was approved."})
    second = made(engine, a_decided_meeting(other), PaperKind.DECISION_SHEET, "HARP-1").version
    assert (second.version, second.status, second.approved_at) == (2, "changed", None)
    assert "CHANGED since its approval: this differs from version 1, approved by carol" in page_of(engine, second)
    third = made(engine, a_decided_meeting(sheet), PaperKind.DECISION_SHEET, "HARP-1").version
    assert (third.version, third.status, third.substance) == (3, "approved", first.substance)


def test_minutes_are_a_draft_until_the_chair_signs_them(engine: sql.Engine) -> None:
    forum = "access_to_resources_panel"

    def minutes(approved: By | None) -> Version:
        meeting = a_decided_meeting(council="central_bedfordshire", forum=forum, minutes_approved=approved)
        return made(engine, meeting, PaperKind.MINUTES).version

    assert minutes(None).status == "draft"
    assert (minutes(CAROL).version, minutes(CAROL).status) == (2, "approved")


def test_minutes_that_nobody_has_to_approve_are_no_draft_once_the_meeting_is_over(engine: sql.Engine) -> None:
    running = a_decided_meeting(closed=None, stage=SittingStage.IN_SESSION)
    assert made(engine, running, PaperKind.MINUTES).version.status == "draft"
    version = made(engine, a_decided_meeting(), PaperKind.MINUTES).version
    assert version.status == "current"
    assert "The procedure asks for no approval of minutes." in page_of(engine, version)


def test_the_agenda_that_went_round_is_marked_and_a_later_one_says_that_it_differs(engine: sql.Engine) -> None:
    forum = "access_to_resources_panel"

    def agenda(**changes: Any) -> Version:  # noqa: ANN401 - as the shape has it
        meeting = a_meeting(council="central_bedfordshire", forum=forum, stage="closed_for_submissions", **changes)
        return made(engine, meeting, PaperKind.AGENDA).version

    assert agenda().status == "draft"
    sent = agenda(circulated=PAT)
    assert (sent.version, sent.status, sent.circulated_at) == (2, "current", PAT.at)
    later = agenda(circulated=PAT, venue="Elsewhere")
    assert (later.version, later.status, later.circulated_at) == (3, "changed", None)
    assert "CHANGED since it was circulated: this differs from version 2" in page_of(engine, later)


def test_nothing_is_made_of_nothing(engine: sql.Engine) -> None:
    assert make(engine, a_meeting(), PaperKind.MINUTES, "", BY, NOW) is None
    assert make(engine, a_meeting(), PaperKind.DECISION_SHEET, "HARP-1", BY, NOW) is None
    with engine.connect() as connection:
        assert versions(connection, KEY) == []


def test_papers_come_about_with_the_meeting() -> None:
    agenda, pack = (PaperKind.AGENDA, ""), (PaperKind.PACK_INDEX, "")
    assert list(papers_of(a_meeting())) == [agenda, pack]
    decided = a_decided_meeting(a_decision("HARP-1"), a_decision("HARP-2"))
    sheets = [(PaperKind.DECISION_SHEET, "HARP-1"), (PaperKind.DECISION_SHEET, "HARP-2")]
    assert list(papers_of(decided)) == [agenda, pack, *sheets, (PaperKind.MINUTES, "")]


def test_two_who_make_the_same_version_at_once_keep_one(engine: sql.Engine) -> None:
    first = made(engine, a_meeting(), PaperKind.AGENDA).version
    same_number = first.model_copy(update={"digest": "another"})
    assert not keep(engine, same_number, Files("<p>", b"%PDF"), BY, "2022-02")
    with engine.connect() as connection:
        assert versions_of(connection, PaperKey(KEY, PaperKind.AGENDA)) == [first]
        assert connection.scalar(sql.select(sql.func.count()).select_from(EVENT)) == 1


def test_the_last_agendas_of_meetings_ahead_are_found_at_once(engine: sql.Engine) -> None:
    made(engine, a_meeting(), PaperKind.AGENDA)
    made(engine, a_meeting(venue="Room 4"), PaperKind.AGENDA)
    with engine.connect() as connection:
        assert last_versions(connection, PaperKind.AGENDA, ON) == {KEY: 2}
        assert last_versions(connection, PaperKind.AGENDA, date(2031, 3, 12)) == {}


def test_erasing_a_case_takes_its_sheets_and_its_meetings_papers_and_no_others(engine: sql.Engine) -> None:
    insert(engine, AGENDA_LINE, an_agenda_line("sitting/hillingdon/harp/2031-03-11", "HARP-1"))
    decided = a_decided_meeting(a_decision("HARP-1"), a_decision("HARP-2"))
    for kind, reference in papers_of(decided):
        made(engine, decided, kind, reference)
    with writing(engine) as connection:
        assert forget(connection, "hillingdon", ["HARP-1"]) == 4
    with engine.connect() as connection:
        left = versions(connection, KEY)
        assert [(one.kind, one.reference) for one in left] == [("decision_sheet", "HARP-2")]
        gone = Version.model_validate({**left[0].model_dump(), "reference": "HARP-1"})
        assert files(connection, gone) is None
        assert connection.scalar(sql.select(sql.func.count()).select_from(EVENT)) == 5


def test_papers_stand_in_one_chain_with_everything_else(engine: sql.Engine) -> None:
    note_event(engine, process_id="cover/hillingdon/pat", what="named", staff="pat", post="x", at=NOW)
    made(engine, a_meeting(), PaperKind.AGENDA)
    with engine.connect() as connection:
        rows = connection.execute(sql.select(EVENT.c.position, EVENT.c.previous, EVENT.c.hash)).all()
    assert [row.position for row in rows] == [1, 2]
    assert rows[1].previous == rows[0].hash


@pytest.mark.parametrize("kind", [PaperKind.AGENDA, PaperKind.PACK_INDEX])
def test_a_meeting_that_called_all_its_cases_off_still_has_papers(engine: sql.Engine, kind: PaperKind) -> None:
    meeting = a_meeting(a_line(state="carried_over", slot=None), stage=SittingStage.CANCELLED)
    assert made(engine, meeting, kind).version.status == "current"
