"""A child's record goes whole, others lose nothing, and the chain goes on to verify."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from disclosure.archive import disclose
from disclosure.erasure import clean_up, erase_child, erased_before, plan
from disclosure.gathering import Held, child_id, gather
from models.errors import Refused
from models.identifiers import SittingKey
from models.vocabulary import JourneyAct
from papers.content import Meeting
from papers.making import make, papers_of, system_of
from procedures.loader import load_council
from procedures.records import records_of
from register.fold import catch_up, rebuild
from register.log import entries_of, note_event
from register.read_models import AGENDA_LINE, DECISION, PROCESS, READ_MODELS
from register.retention import kept, kept_of
from register.tables import ANNOUNCED, CLAIM, METADATA, NOTICE
from register.verify import verify
from register.working_tables import CALENDAR_ENTRY, DELIVERY, PAPER
from tests.builders import AMIRA, CALENDAR, CAROL, DIANA, SECOND_PANEL, THURSDAY, TOM, referral
from tests.disclosure.family import MINE, MY_JOURNEY, MY_WORDS, SIBLING, SITTING, THEIR_WORDS, UNIT, keep
from tests.register.cases import WrittenOffice, write
from tests.register.entries import entry

HILLINGDON = load_council("hillingdon")
RECORDS = records_of("hillingdon")
SOON = datetime(2031, 4, 1, 9, 30, tzinfo=UTC)
AFTER = datetime(2110, 4, 1, 9, 30, tzinfo=UTC)


def said_of(held: Held) -> list[str]:
    """What was said, without whether it had to be written again."""
    return sorted(str((row["what"], row["details"])) for row in held.events if row["details"])


def make_papers(engine: sql.Engine, now: datetime) -> None:
    with engine.connect() as connection:
        key = SittingKey("hillingdon", "harp", SECOND_PANEL)
        meeting = Meeting.read(connection, key, HILLINGDON, CALENDAR)
    assert meeting is not None
    for kind, reference in papers_of(meeting):
        make(engine, meeting, kind, reference, system_of("hillingdon"), now)


def papers(engine: sql.Engine) -> dict[tuple[str, str], str]:
    with engine.connect() as connection:
        return {(row.kind, row.reference): row.html for row in connection.execute(sql.select(PAPER))}


def every_text(engine: sql.Engine) -> str:
    """All that the database says, in every column of every table."""
    found = []
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            for row in connection.execute(sql.select(table)):
                found += [one.decode("latin-1") if isinstance(one, bytes) else str(one) for one in row]
    return "\n".join(found)


def test_nothing_that_was_said_of_the_child_is_left_in_any_table_or_in_the_files_bytes(
    engine: sql.Engine, tmp_path: Path
) -> None:
    keep(engine)
    disclose(engine, HILLINGDON, MINE, CAROL, "reason-with-mine-said", tmp_path / "out", SOON)
    before = every_text(engine)
    assert all(word in before for word in (*MY_WORDS, *THEIR_WORDS))

    done = erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    assert done.processes == (MY_JOURNEY,)
    assert set(done.shared) == {SITTING, UNIT}
    after = every_text(engine)
    assert [word for word in MY_WORDS if word in after] == []
    assert [word for word in THEIR_WORDS if word not in after] == []
    assert clean_up(engine)
    if engine.dialect.name == "sqlite":
        engine.dispose()
        whole = b"".join(path.read_bytes() for path in tmp_path.glob("register.db*"))
        assert [word for word in MY_WORDS if word.encode() in whole] == []
        assert b"sibling-rationale" in whole


def test_the_chain_verifies_and_says_who_erased_and_why(engine: sql.Engine) -> None:
    keep(engine)
    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    assert verify(engine).faults == ()
    with engine.connect() as connection:
        (said,) = entries_of(connection, child_id("hillingdon", MINE))
    assert (said.what, said.staff, said.details["reason"]) == ("erased", "diana", "Its time is over")
    assert said.details["processes"] == [MY_JOURNEY]
    assert erased_before(engine, "hillingdon", MINE) == sorted([MY_JOURNEY, SITTING, UNIT])


def test_others_keep_their_lines_their_decisions_and_what_was_said_of_them(engine: sql.Engine) -> None:
    keep(engine)
    with engine.connect() as connection:
        sibling = gather(connection, "hillingdon", SIBLING)

    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    def look() -> tuple[list[str], dict[str, object], set[str]]:
        with engine.connect() as connection:
            lines = sql.select(AGENDA_LINE.c.referral_ref).where(AGENDA_LINE.c.process_id == SITTING)
            order = list(connection.scalars(lines.order_by(AGENDA_LINE.c.number)))
            query = sql.select(PROCESS.c.standing, PROCESS.c.stage, PROCESS.c.open)
            standing = connection.execute(query.where(PROCESS.c.process_id == SITTING)).one()
            decided = set(connection.scalars(sql.select(DECISION.c.process_id)))
            return order, {**standing.standing, "stage": standing.stage, "open": standing.open}, decided

    order, standing, decided = look()
    assert order == ["SIB-1", "OTH-1"]
    assert not standing["open"]
    assert "MY-1" not in str(standing)
    assert decided == {"journey/hillingdon/SIB-1", "journey/hillingdon/OTH-1"}
    rebuild(engine)
    assert look() == (order, standing, decided)
    with engine.connect() as connection:
        again = gather(connection, "hillingdon", SIBLING)
    said = [(row["what"], row["details"]) for row in sibling.events if row["details"]]
    assert sorted(map(str, said)) == sorted(
        str((row["what"], row["details"])) for row in again.events if row["details"]
    )


def test_the_read_models_after_an_erasure_are_those_of_a_rebuild(engine: sql.Engine) -> None:
    keep(engine)
    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    def rows() -> dict[str, list[str]]:
        with engine.connect() as connection:
            return {table.name: sorted(map(str, connection.execute(sql.select(table)))) for table in READ_MODELS}

    erased = rows()
    rebuild(engine)
    assert rows() == erased


def test_a_child_who_comes_back_is_erased_again_and_the_chain_still_verifies(engine: sql.Engine) -> None:
    keep(engine)
    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)
    office = WrittenOffice()
    journey = office.refer(referral(referral_ref="BACK-1", **{"child.reference": MINE}))
    office.act(journey, JourneyAct.WITHDRAW, AMIRA, THURSDAY, reasons="Not needed.")
    write(engine, office.batches)
    again = erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER, early=True)
    assert again.processes == ("journey/hillingdon/BACK-1",)
    assert verify(engine).faults == ()
    with engine.connect() as connection:
        said = [one.details["processes"] for one in entries_of(connection, child_id("hillingdon", MINE))]
    assert said == [[MY_JOURNEY], ["journey/hillingdon/BACK-1"]]


def test_an_erased_child_is_nobody_to_the_register_any_more(engine: sql.Engine) -> None:
    keep(engine)
    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)
    with engine.connect() as connection:
        with pytest.raises(Refused) as refused:
            gather(connection, "hillingdon", MINE)
        assert refused.value.code == "unknown"
        assert [one.child_ref for one in kept(connection, "hillingdon", RECORDS, AFTER.date())] == ["C-OTHER", SIBLING]


def test_a_plan_changes_nothing(engine: sql.Engine) -> None:
    keep(engine)
    before = every_text(engine)
    wanted = plan(engine, HILLINGDON, MINE, DIANA, AFTER)
    assert wanted.events > 10
    assert every_text(engine) == before


def test_a_record_before_its_time_goes_only_where_somebody_says_so(engine: sql.Engine) -> None:
    keep(engine)
    with pytest.raises(Refused) as refused:
        erase_child(engine, HILLINGDON, MINE, DIANA, "By mistake", SOON)
    assert refused.value.code == "prohibited"
    assert "mine-summary" in every_text(engine)
    assert erase_child(engine, HILLINGDON, MINE, DIANA, "Court order 7", SOON, early=True).events


def test_a_hold_stands_against_every_erasure_until_it_is_released(engine: sql.Engine) -> None:
    keep(engine)

    def say(what: str) -> None:
        about = child_id("hillingdon", MINE)
        note_event(engine, process_id=about, what=what, staff="tom", post="team_manager", at=SOON, details={})

    say("held")
    for early in (False, True):
        with pytest.raises(Refused) as refused:
            erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER, early=early)
        assert "holds" in refused.value.sentence
    say("hold_released")
    assert erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER).events


def test_what_is_open_and_whoever_may_not_is_refused(engine: sql.Engine) -> None:
    keep(engine)
    with pytest.raises(Refused) as refused:
        erase_child(engine, HILLINGDON, MINE, TOM, "Its time is over", AFTER)
    assert refused.value.code == "not_authorised"
    office = WrittenOffice()
    office.refer(referral(referral_ref="NEW-1", **{"child.reference": MINE}))
    write(engine, office.batches)
    with pytest.raises(Refused) as refused:
        erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER, early=True)
    assert refused.value.code == "illegal_move"
    assert "journey/hillingdon/NEW-1" in refused.value.sentence
    assert "mine-summary" in every_text(engine)


def test_retention_judges_each_child_by_what_the_register_knows(engine: sql.Engine) -> None:
    keep(engine)
    with engine.connect() as connection:
        found = kept_of(connection, "hillingdon", MINE, RECORDS, date(2031, 4, 1))
        assert found is not None
        assert found.record.date_of_birth == date(2019, 5, 14)
        assert not found.verdict.past
        assert found.record.open_processes == 0
    about = child_id("hillingdon", MINE)
    died = {"on": "2031-03-30"}
    note_event(engine, process_id=about, what="died", staff="tom", post="team_manager", at=SOON, details=died)
    catch_up(engine)
    with engine.connect() as connection:
        found = kept_of(connection, "hillingdon", MINE, RECORDS, date(2031, 4, 1))
    assert found is not None
    assert found.record.died_on == date(2031, 3, 30)


def test_papers_that_others_share_are_made_anew_without_the_child(engine: sql.Engine) -> None:
    keep(engine)
    make_papers(engine, SOON)
    before = papers(engine)
    assert "mine-rationale" in before["minutes", ""]
    assert "mine-rationale" in before["decision_sheet", "MY-1"]

    done = erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    assert done.papers == sum("MY-1" in html for html in before.values())
    assert set(papers(engine)) == {("decision_sheet", "SIB-1"), ("decision_sheet", "OTH-1")}
    make_papers(engine, AFTER)
    after = papers(engine)
    assert set(after) == {key for key in before if key[1] != "MY-1"}
    for html in after.values():
        assert not any(word in html for word in (*MY_WORDS, "MY-1", MINE))
    assert all(word in after["minutes", ""] for word in ("sibling-rationale", "other-rationale", "Ask earlier."))


def test_notices_claims_and_calendars_go_and_those_of_others_stay(engine: sql.Engine) -> None:
    keep(engine)
    with engine.begin() as connection:
        notices = connection.execute(sql.select(NOTICE.c.id, NOTICE.c.process_id)).all()
        for number, process_id in notices:
            sent = {"notice_id": number, "recipient": "tom", "channel": "outbox", "state": "sent", "attempts": 1}
            connection.execute(sql.insert(DELIVERY), sent)
            assert process_id
        for reference in ("MY-1", "MY-12"):
            claim = {"round": 1, "council": "hillingdon", "total": "x", "of": "F", "window": "2031", "pence": 5}
            process = f"journey/hillingdon/{reference}"
            connection.execute(sql.insert(CLAIM), {**claim, "process_id": process, "number": len(reference)})
            says = {"feed": "team", "uid": f"{reference}@waymark", "body": f"Review of {reference}", "digest": "0" * 64}
            when = {"sequence": 0, "changed_at": SOON, "cancelled": False, "until": SOON.date()}
            connection.execute(sql.insert(CALENDAR_ENTRY), {**says, **when})
        for reference in (MINE, f"{MINE}.episode2", f"{MINE}2"):
            connection.execute(sql.insert(ANNOUNCED), {"process_id": f"episode/hillingdon/{reference}"})

    erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    with engine.connect() as connection:
        assert set(connection.scalars(sql.select(CLAIM.c.process_id))) == {"journey/hillingdon/MY-12"}
        assert set(connection.scalars(sql.select(ANNOUNCED.c.process_id))) == {f"episode/hillingdon/{MINE}2"}
        assert set(connection.scalars(sql.select(CALENDAR_ENTRY.c.uid))) == {"MY-12@waymark"}
        left = set(connection.scalars(sql.select(NOTICE.c.process_id)))
        assert MY_JOURNEY not in left
        assert "journey/hillingdon/SIB-1" in left
        sent_for = set(connection.scalars(sql.select(DELIVERY.c.notice_id)))
        assert sent_for == set(connection.scalars(sql.select(NOTICE.c.id)))


def test_a_protection_plan_that_only_the_form_names_is_kept_as_one(engine: sql.Engine) -> None:
    office = WrittenOffice()
    plan_since = {"circumstances.child_protection_plan_since": "2030-09-01", "circumstances.legal_status": None}
    journey = office.refer(referral(referral_ref="PLAN-1", **{"child.reference": "C-PLAN"}, **plan_since))
    office.act(journey, JourneyAct.WITHDRAW, AMIRA, THURSDAY, reasons="Not needed.")
    write(engine, office.batches)
    catch_up(engine)
    with engine.connect() as connection:
        found = kept_of(connection, "hillingdon", "C-PLAN", RECORDS, date(2031, 4, 1))
    assert found is not None
    assert "protection_plan" in found.record.covers


def test_what_is_past_its_time_is_found_without_looking_at_everybody(engine: sql.Engine) -> None:
    keep(engine)

    def past(today: date) -> list[list[str]]:
        with engine.connect() as connection:
            return [
                [
                    one.child_ref
                    for one in kept(connection, "hillingdon", RECORDS, today, past_only=only)
                    if one.verdict.past
                ]
                for only in (False, True)
            ]

    for today in (date(2031, 4, 1), date(2037, 3, 19), date(2044, 5, 14), date(2044, 5, 15), date(2110, 1, 1)):
        everybody, quickly = past(today)
        assert everybody == quickly
    assert past(date(2110, 1, 1))[0] == ["C-MINE", "C-OTHER", "C-SIBLING"]
    with engine.connect() as connection:
        assert list(kept(connection, "hillingdon", RECORDS, date(2032, 1, 1), past_only=True)) == []
    about = child_id("hillingdon", MINE)
    died = {"on": "2010-01-01"}
    note_event(engine, process_id=about, what="died", staff="tom", post="team_manager", at=SOON, details=died)
    everybody, quickly = past(date(2032, 1, 1))
    assert everybody == quickly


def test_records_of_carers_and_staff_have_their_own_time_and_go_like_a_childs(engine: sql.Engine) -> None:
    for reference, subject in (("CARER-1", "carers"), ("STAFF-1", "staff")):
        process = f"journey/hillingdon/F-{reference}"
        details = {subject: {"reference": reference}, "request": {"summary": f"narrative of {reference}"}}
        standing = {"process": process, "child_ref": reference, "stage": "closed", "open": False}
        write(engine, [([entry(1, process, details=details)], standing)])
    catch_up(engine)
    with engine.connect() as connection:
        found = {one.child_ref: one for one in kept(connection, "hillingdon", RECORDS, date(2041, 3, 7))}
    assert {one: kept.record.covers for one, kept in found.items()} == {"CARER-1": ("carers",), "STAFF-1": ("staff",)}
    assert found["CARER-1"].verdict.last_day == date(2041, 3, 6)
    assert found["STAFF-1"].verdict.last_day == date(2037, 3, 6)
    assert all(one.verdict.past for one in found.values())

    erase_child(engine, HILLINGDON, "CARER-1", DIANA, "Its time is over", AFTER)

    text = every_text(engine)
    assert "narrative of CARER-1" not in text
    assert "narrative of STAFF-1" in text


def test_an_erasure_that_fails_on_its_way_leaves_everything_as_it_was(engine: sql.Engine) -> None:
    keep(engine)
    before = every_text(engine)
    body = {
        "sqlite": "CREATE TRIGGER kept BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        "postgresql": "CREATE TRIGGER kept BEFORE DELETE ON notice FOR EACH ROW EXECUTE FUNCTION register_refuses()",
    }
    with engine.begin() as connection:
        connection.exec_driver_sql(body[engine.dialect.name])

    with pytest.raises(sql.exc.DBAPIError):
        erase_child(engine, HILLINGDON, MINE, DIANA, "Its time is over", AFTER)

    assert every_text(engine) == before
    assert verify(engine).faults == ()
