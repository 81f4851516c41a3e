"""What is read of the log for papers: each event once, as it stands, also where it was written again or erased."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sql

from models.process import Entry
from register.database import writing
from register.log import INSTEAD, append, erase, line_of
from register.read_models import PROCESS
from register.reading.decisions import cases_of
from register.reading.happenings import happenings
from tests.register.rows import JOURNEY_ID, SITTING_ID, a_process, insert

AT = datetime(2031, 3, 5, 10, tzinfo=UTC)


def entry(sequence: int, what: str, details: dict[str, Any], process_id: str = JOURNEY_ID) -> Entry:
    return Entry(
        process_id=process_id,
        sequence=sequence,
        at=AT,
        what=what,
        staff="amira",
        post="social_worker",
        procedure_version="1",
        details=details,
    )


def write(engine: sql.Engine, *entries: Entry, message_id: str = "") -> int:
    with writing(engine) as connection:
        return append(connection, [line_of(one, message_id) for one in entries]).position


def test_the_form_stands_as_it_was_amended_and_signatures_say_on_which_version(engine: sql.Engine) -> None:
    write(
        engine,
        entry(1, "refer", {"request": {"kind": "therapy", "summary": "One."}, "documents": ["Form"]}),
        entry(2, "sign_off", {"comments": "Good.", "confirmed": ["papers"]}),
        entry(3, "amend", {"request.summary": "Two.", "money.amount": "5.00"}),
        entry(4, "supply_document", {"document": "Form"}),
        entry(5, "supply_document", {"document": "Checklist", "not_applicable": "The court decides."}),
        entry(6, "endorse", {}),
    )
    insert(engine, PROCESS, a_process(standing={"documents_missing": ["Genogram"]}))
    with engine.connect() as connection:
        [case] = cases_of(connection, [JOURNEY_ID]).values()
    assert case.form["request"] == {"kind": "therapy", "summary": "Two."}
    assert case.form["money"] == {"amount": "5.00"}
    assert (case.kind, case.form_version) == ("therapy", 2)
    assert [(one.act, one.form_version, one.confirmed) for one in case.signatures] == [
        ("sign_off", 1, ("papers",)),
        ("endorse", 2, ()),
    ]
    assert [(one.name, one.version, one.not_applicable) for one in case.papers] == [
        ("Form", 2, None),
        ("Checklist", 0, "The court decides."),
    ]
    assert case.missing == ("Genogram",)


def test_an_event_that_stands_instead_of_another_counts_and_the_other_does_not(engine: sql.Engine) -> None:
    first = write(engine, entry(1, "hear", {"case": "HARP-1"}, SITTING_ID))
    write(engine, entry(1, "hear", {"case": "HARP-2"}, SITTING_ID), message_id=f"{INSTEAD}{first}")
    with engine.connect() as connection:
        found = happenings(connection, [SITTING_ID])[SITTING_ID]
    assert [one.details["case"] for one in found] == ["HARP-2"]


def test_what_was_erased_is_an_event_without_words(engine: sql.Engine) -> None:
    position = write(engine, entry(1, "refer", {"request": {"kind": "therapy"}}))
    by = write(engine, entry(1, "erased", {}, "child/hillingdon/C-1"))
    with writing(engine) as connection:
        erase(connection, [position], by, AT)
    insert(engine, PROCESS, a_process())
    with engine.connect() as connection:
        [case] = cases_of(connection, [JOURNEY_ID]).values()
    assert (case.kind, dict(case.form)) == (None, {})


def test_refusals_are_no_part_of_papers(engine: sql.Engine) -> None:
    write(engine, entry(1, "refer", {}))
    refused = entry(0, "sign_off", {}).model_copy(update={"accepted": False, "code": "same_person"})
    write(engine, refused, message_id="m-1")
    with engine.connect() as connection:
        assert [one.what for one in happenings(connection, [JOURNEY_ID])[JOURNEY_ID]] == ["refer"]


def test_a_case_that_the_register_does_not_know_is_left_out(engine: sql.Engine) -> None:
    with engine.connect() as connection:
        assert cases_of(connection, ["journey/hillingdon/NONE"]) == {}
