"""Worklists on both databases: whose work it is, in which order, and what nobody else sees."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql

from models.cover import Cover
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.log import note_event
from register.read_models import ACTION, AGENDA_LINE, CLOCK, JOURNEY, PROCESS, SITTING
from register.reading.overviews import overview
from register.reading.worklists import PAGE, Line, Part, Worklist, worklist
from runtime.desks import desk_of, desk_of_post, desks_covered
from runtime.staff import StaffDirectory, read_staff
from tests.register.rows import Row, a_clock, a_journey, a_process, a_sitting, an_action, an_agenda_line, insert

STAFF = """
[hillingdon]
sw-1 = { post = "social_worker", unit = "mash" }
sw-2 = { post = "social_worker", unit = "mash" }
sw-9 = { post = "social_worker", unit = "mash", left = 2031-03-01 }
tm-1 = { post = "team_manager", unit = "MASH" }
tm-2 = { post = "team_manager", unit = "court" }
hos-1 = { post = "head_of_service", unit = "mash" }
hos-2 = { post = "head_of_service", unit = "court" }
hos-0 = { post = "head_of_service" }
pa-1 = { post = "panel_administrator" }
"""
NOW = datetime(2031, 3, 10, 12, tzinfo=UTC)
CALENDAR = working_calendar("hillingdon", 2030)


@pytest.fixture
def staff(tmp_path: Path) -> StaffDirectory:
    path = tmp_path / "staff.toml"
    path.write_text(STAFF, encoding="utf-8")
    read = read_staff(path)
    return StaffDirectory(path, read.members, NOW.date)


def journey(reference: str, **columns: Any) -> Row:  # noqa: ANN401 - any column
    return a_process(f"journey/hillingdon/{reference}", **columns)


def put(engine: sql.Engine, *processes: Row, **of_journey: Any) -> None:  # noqa: ANN401 - any column
    insert(engine, PROCESS, *processes)
    journeys = [one for one in processes if one["kind"] == "journey"]
    insert(engine, JOURNEY, *(a_journey(one["process_id"], **of_journey) for one in journeys))


def shown(engine: sql.Engine, staff: StaffDirectory, who: str, *covers: Cover) -> Worklist:
    actor = staff.known(who)
    with engine.connect() as connection:
        others = desks_covered(staff, actor, covers, NOW)
        return worklist(connection, desk_of(staff, actor, covers, NOW), others, NOW, CALENDAR)


def lines(found: Worklist, part: Part) -> tuple[Line, ...]:
    return next((section.lines for section in found.sections if section.part is part), ())


def references(found: Worklist, part: Part) -> list[str]:
    return [line.reference for line in lines(found, part)]


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def test_what_awaits_an_endorsement_is_the_own_units_the_longest_waiting_first(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(
        engine,
        journey("HARP-1", stage_since=ago(2)),
        journey("HARP-2", stage_since=ago(7)),
        journey("HARP-3", unit="court"),
        journey("HARP-4", open=False),
        journey("HARP-5", stage="awaiting_sign_off", waiting_on="team_manager"),
    )
    found = shown(engine, staff, "hos-1")
    assert references(found, Part.ENDORSEMENT) == ["HARP-2", "HARP-1"]
    assert [line.working_days for line in lines(found, Part.ENDORSEMENT)] == [5, 1]
    assert lines(found, Part.ENDORSEMENT)[0].acts[0] == "endorse"
    assert references(shown(engine, staff, "hos-2"), Part.ENDORSEMENT) == ["HARP-3"]
    assert shown(engine, staff, "hos-0").empty
    assert references(shown(engine, staff, "tm-1"), Part.SIGN_OFF) == ["HARP-5"]
    assert shown(engine, staff, "tm-2").empty


def test_what_binds_nobody_is_the_own_units_and_what_is_of_a_unit_that_nobody_of_the_post_holds(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    waits = {"stage": "awaiting_decision", "waiting_on": "head_of_service"}
    put(
        engine,
        journey("HCP-1", unit="mash", **waits),
        journey("HCP-2", unit="court", **waits),
        journey("HCP-3", unit="nobody's", **waits),
    )
    assert set(references(shown(engine, staff, "hos-1"), Part.DECISION)) == {"HCP-1", "HCP-3"}
    assert set(references(shown(engine, staff, "hos-0"), Part.DECISION)) == {"HCP-1", "HCP-2", "HCP-3"}


def test_referrals_come_back_to_whoever_wrote_them_and_their_reviews_too(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    waits = {"waiting_on": "social_worker"}
    put(
        engine,
        journey("HARP-1", stage="returned", **waits),
        journey("HARP-2", stage="deferred", **waits),
        referred_by="sw-1",
    )
    put(engine, journey("HARP-3", stage="under_review", **waits), referred_by="sw-1", review_on=date(2031, 4, 21))
    put(engine, journey("HARP-4", stage="under_review", **waits), referred_by="sw-1", review_on=date(2031, 4, 22))
    found = shown(engine, staff, "sw-1")
    assert references(found, Part.RETURNED) == ["HARP-1", "HARP-2"]
    assert references(found, Part.REVIEWS) == ["HARP-3"]
    assert shown(engine, staff, "sw-2").empty


def test_actions_are_whom_they_name_or_the_posts_that_are_no_colleagues_case(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(engine, journey("HARP-1", stage="actions_open", waiting_on="social_worker"), referred_by="sw-1")
    put(engine, journey("HARP-2", stage="actions_open", waiting_on="social_worker"), referred_by="somebody")
    one, two = "journey/hillingdon/HARP-1", "journey/hillingdon/HARP-2"
    mine: dict[str, Any] = {"owner_post": "social_worker"}
    insert(
        engine,
        ACTION,
        an_action(one, "A1", due=date(2031, 3, 12), **mine),
        an_action(one, "A2", due=date(2031, 3, 9), **mine),
        an_action(one, "A3", owner_post="team_manager", owner_staff="sw-1", due=date(2031, 3, 10)),
        an_action(one, "A4", state="completed", ended_at=NOW, **mine),
        an_action(two, "A1", due=date(2031, 3, 20), **mine),
    )
    found = shown(engine, staff, "sw-1")
    whats = [(line.reference, line.what, line.overdue) for line in lines(found, Part.ACTIONS)]
    assert whats == [
        ("HARP-1", "A2", True),
        ("HARP-1", "A3", False),
        ("HARP-1", "A1", False),
        ("HARP-2", "A1", False),
    ]
    assert [(line.reference, line.what) for line in lines(shown(engine, staff, "sw-2"), Part.ACTIONS)] == [
        ("HARP-2", "A1")
    ]
    assert shown(engine, staff, "tm-1").empty


def test_a_chair_sees_the_next_sittings_sheets_and_minutes(engine: sql.Engine, staff: StaffDirectory) -> None:
    past, today, later = (f"sitting/hillingdon/harp/2031-03-{day}" for day in ("04", "10", "18"))
    insert(engine, PROCESS, *(a_process(one) for one in (past, today, later)))
    insert(
        engine,
        SITTING,
        a_sitting(past, chair="hos-1", stage="closed", minutes="draft"),
        a_sitting(today, chair="hos-1", listed=1),
        a_sitting(later, chair="hos-1", listed=3),
    )
    insert(
        engine,
        AGENDA_LINE,
        an_agenda_line(past, "HARP-1", state="decided"),
        an_agenda_line(past, "HARP-2", state="approved"),
    )
    found = shown(engine, staff, "hos-1")
    assert [(line.on, line.what) for line in lines(found, Part.CHAIRING)] == [
        (date(2031, 3, 10), "1 case"),
        (date(2031, 3, 18), "3 cases"),
    ]
    assert [line.what for line in lines(found, Part.SHEETS)] == ["HARP-1"]
    assert [line.process for line in lines(found, Part.MINUTES)] == [past]
    assert shown(engine, staff, "hos-2").empty


def test_an_administrator_sees_what_is_to_be_listed_and_the_sittings_of_two_weeks(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    waits = {"waiting_on": "panel_administrator"}
    put(
        engine,
        journey("HARP-1", stage="awaiting_listing", **waits),
        journey("HARP-2", stage="listed", **waits),
        journey("HARP-3", stage="reserved", unit="court", **waits),
    )
    near, far = "sitting/hillingdon/harp/2031-03-24", "sitting/hillingdon/harp/2031-03-25"
    insert(engine, PROCESS, a_process(near), a_process(far))
    insert(engine, SITTING, a_sitting(near), a_sitting(far))
    found = shown(engine, staff, "pa-1")
    assert set(references(found, Part.ADMINISTER)) == {"HARP-1", "HARP-3"}
    assert [line.process for line in lines(found, Part.MEETINGS)] == [near]


def test_proposals_and_what_is_watched_over_come_when_they_are_due(engine: sql.Engine, staff: StaffDirectory) -> None:
    soon, later = "placement/hillingdon/PL-1", "placement/hillingdon/PL-2"
    insert(
        engine,
        PROCESS,
        a_process(soon, next_deadline=NOW + timedelta(days=14)),
        a_process(later, next_deadline=NOW + timedelta(days=15)),
    )
    insert(
        engine,
        CLOCK,
        a_clock(soon, "referral:long_stay", state="breached"),
        a_clock(soon, "referral:old", state="met"),
        a_clock(later, "visit"),
    )
    found = shown(engine, staff, "tm-1")
    assert [line.process for line in lines(found, Part.WATCHES)] == [soon]
    assert [(line.what, line.overdue) for line in lines(found, Part.PROPOSALS)] == [("long_stay", True)]
    assert shown(engine, staff, "tm-2").empty


def test_an_escalation_is_shown_to_whom_it_was_told_until_somebody_takes_it_up(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    note = {"at": ago(3).isoformat(), "post": "team_manager", "staff": "tm-1", "told": ["head_of_service"]}
    taken_up = {**note, "acknowledged_at": NOW.isoformat()}
    put(
        engine,
        journey("HARP-1", escalated=True, standing={"escalations": [taken_up, note]}),
        journey("HARP-2", escalated=True, standing={"escalations": [taken_up]}),
        journey("HARP-3", escalated=True, unit="court", standing={"escalations": [note]}),
        journey("HARP-4", escalated=True, standing={}),
    )
    found = shown(engine, staff, "hos-1")
    assert [(line.reference, line.since) for line in lines(found, Part.ESCALATED)] == [("HARP-1", ago(3))]
    assert lines(shown(engine, staff, "tm-1"), Part.ESCALATED) == ()


def did(engine: sql.Engine, what: str, reference: str, staff: str, on_behalf_of: str | None = None) -> None:
    process = f"journey/hillingdon/{reference}"
    note_event(engine, process_id=process, what=what, staff=staff, on_behalf_of=on_behalf_of, post="x", at=ago(1))


def with_eyes(found: Worklist, part: Part) -> dict[str, tuple[tuple[str, ...], bool]]:
    return {line.reference: (line.acts, line.needs_other_eyes) for line in lines(found, part)}


SIGN_OFF: dict[str, Any] = {"stage": "awaiting_sign_off", "waiting_on": "team_manager"}
TO_SIGN = ("sign_off", "return_for_changes")


def test_what_one_referred_oneself_or_for_somebody_is_not_ones_own_to_sign_and_others_are_told(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(engine, *(journey(f"HARP-{number}", **SIGN_OFF) for number in (1, 2, 3)))
    did(engine, "refer", "HARP-1", "tm-1", on_behalf_of="sw-1")
    did(engine, "refer", "HARP-2", "sw-1")
    did(engine, "sign_off", "HARP-3", "tm-1")
    did(engine, "amend", "HARP-3", "sw-1")
    mine = {
        "HARP-1": (("return_for_changes",), True),
        "HARP-2": (TO_SIGN, False),
        "HARP-3": (TO_SIGN, False),
    }
    assert with_eyes(shown(engine, staff, "tm-1"), Part.SIGN_OFF) == mine
    assert with_eyes(shown(engine, staff, "hos-1", a_cover("tm-1", "hos-1")), Part.SIGN_OFF) == mine
    sections = shown(engine, staff, "tm-2").sections
    assert [(section.part, section.total) for section in sections] == [(Part.SIGN_OFF, 1)]
    assert with_eyes(shown(engine, staff, "tm-2"), Part.SIGN_OFF) == {"HARP-1": ((), True)}


def test_a_deputy_is_not_offered_what_they_wrote_themselves(engine: sql.Engine, staff: StaffDirectory) -> None:
    put(engine, journey("HARP-1", **SIGN_OFF))
    did(engine, "refer", "HARP-1", "sw-1")
    found = shown(engine, staff, "sw-1", a_cover("tm-1", "sw-1"))
    assert with_eyes(found, Part.SIGN_OFF) == {"HARP-1": (("return_for_changes",), True)}
    assert with_eyes(shown(engine, staff, "tm-1"), Part.SIGN_OFF) == {"HARP-1": (TO_SIGN, False)}
    assert shown(engine, staff, "tm-2").empty


def test_a_case_that_a_colleague_of_the_unit_can_sign_is_told_to_nobody_elsewhere(
    engine: sql.Engine, tmp_path: Path
) -> None:
    path = tmp_path / "more.toml"
    path.write_text(STAFF + 'hos-3 = { post = "head_of_service", unit = "mash" }\n', encoding="utf-8")
    staff = StaffDirectory(path, read_staff(path).members, NOW.date)
    put(engine, journey("HARP-1"))
    did(engine, "sign_off", "HARP-1", "hos-1", on_behalf_of="tm-1")
    assert with_eyes(shown(engine, staff, "hos-1"), Part.ENDORSEMENT) == {"HARP-1": (("return_for_changes",), True)}
    assert with_eyes(shown(engine, staff, "hos-3"), Part.ENDORSEMENT)["HARP-1"][0] == ("endorse", "return_for_changes")
    assert shown(engine, staff, "hos-2").empty
    assert shown(engine, staff, "hos-0").empty
    did(engine, "sign_off", "HARP-1", "hos-3")
    for who in ("hos-2", "hos-0"):
        assert with_eyes(shown(engine, staff, who), Part.ENDORSEMENT) == {"HARP-1": ((), True)}


def test_what_no_unit_binds_is_decided_by_whoever_holds_the_post_elsewhere(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(engine, journey("HCP-1", stage="awaiting_decision"), journey("HCP-2", stage="awaiting_decision"))
    did(engine, "sign_off", "HCP-1", "hos-1", on_behalf_of="tm-1")
    assert with_eyes(shown(engine, staff, "hos-1"), Part.DECISION) == {
        "HCP-1": ((), True),
        "HCP-2": (("decide_as_post",), False),
    }
    assert with_eyes(shown(engine, staff, "hos-2"), Part.DECISION) == {"HCP-1": (("decide_as_post",), True)}


def test_the_worklist_of_a_post_says_what_nobody_who_holds_it_can_sign(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(engine, journey("HARP-1"), journey("HARP-2"))
    did(engine, "sign_off", "HARP-1", "hos-1")
    desk = desk_of_post(staff, load_council("hillingdon"), "head_of_service", "mash")
    with engine.connect() as connection:
        found = worklist(connection, desk.model_copy(update={"adopts": False}), [], NOW, CALENDAR)
    assert {one: eyes for one, (_, eyes) in with_eyes(found, Part.ENDORSEMENT).items()} == {
        "HARP-1": True,
        "HARP-2": False,
    }


def a_cover(of: str, deputy: str, **changes: Any) -> Cover:  # noqa: ANN401 - any field
    whole = {
        "council": "hillingdon",
        "staff": of,
        "deputy": deputy,
        "number": 1,
        "from_on": "2031-03-10",
        "until": "2031-03-14",
    }
    return Cover.model_validate({**whole, **changes})


def test_a_deputy_sees_the_work_of_whom_they_cover_marked_as_theirs(engine: sql.Engine, staff: StaffDirectory) -> None:
    put(engine, journey("HARP-1"), journey("HARP-2", unit="court"), journey("HARP-3", stage="returned"))
    found = shown(engine, staff, "hos-2", a_cover("hos-1", "hos-2"), a_cover("sw-1", "hos-2"))
    assert {(line.reference, line.covering) for line in lines(found, Part.ENDORSEMENT)} == {
        ("HARP-1", "hos-1"),
        ("HARP-2", None),
    }
    assert [(line.reference, line.covering) for line in lines(found, Part.RETURNED)] == [("HARP-3", "sw-1")]
    assert found.covering == ("hos-1", "sw-1")
    over = shown(engine, staff, "hos-2", a_cover("hos-1", "hos-2", ended_at=ago(0)))
    assert (references(over, Part.ENDORSEMENT), over.covering) == (["HARP-2"], ())


def test_who_covers_for_a_colleague_of_the_same_unit_sees_everything_once(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    waits: dict[str, Any] = {"stage": "actions_open", "waiting_on": "social_worker"}
    put(engine, journey("HARP-1", **waits), referred_by="nobody-any-more")
    insert(engine, ACTION, an_action("journey/hillingdon/HARP-1", "A1", owner_post="social_worker"))
    (section,) = shown(engine, staff, "sw-2", a_cover("sw-1", "sw-2")).sections
    assert (section.total, [line.covering for line in section.lines]) == (1, [None])


def test_what_was_reassigned_is_the_new_owners_and_not_the_old_ones(engine: sql.Engine, staff: StaffDirectory) -> None:
    for number in (1, 2):
        put(engine, journey(f"HARP-{number}", stage="returned"), referred_by="sw-1")
    one = "journey/hillingdon/HARP-1"
    single = a_cover("sw-1", "sw-2", until=None, reassigned=True, of_process=one)
    assert references(shown(engine, staff, "sw-1", single), Part.RETURNED) == ["HARP-2"]
    assert references(shown(engine, staff, "sw-2", single), Part.RETURNED) == ["HARP-1"]
    whole = single.model_copy(update={"of_process": None})
    assert shown(engine, staff, "sw-1", whole).empty
    assert references(shown(engine, staff, "sw-2", whole), Part.RETURNED) == ["HARP-1", "HARP-2"]
    rest = whole.model_copy(update={"deputy": "tm-2"})
    assert references(shown(engine, staff, "tm-2", single, rest), Part.RETURNED) == ["HARP-2"]


def test_the_work_of_somebody_whom_the_directory_lost_can_still_be_done(
    engine: sql.Engine, staff: StaffDirectory
) -> None:
    put(engine, journey("HARP-1", stage="returned"), referred_by="ghost")
    given = a_cover("ghost", "sw-2", until=None, reassigned=True)
    assert references(shown(engine, staff, "sw-2", given), Part.RETURNED) == ["HARP-1"]


def test_a_post_that_nobody_holds_has_a_worklist_too(engine: sql.Engine, staff: StaffDirectory) -> None:
    put(engine, journey("HARP-1", stage="awaiting_decision", waiting_on="director"))
    desk = desk_of_post(staff, load_council("hillingdon"), "director")
    with engine.connect() as connection:
        found = worklist(connection, desk, [], NOW, CALENDAR)
    assert (references(found, Part.DECISION), found.staff) == (["HARP-1"], None)


def test_the_worklist_of_a_post_in_a_unit_has_no_other_units_cases(engine: sql.Engine, staff: StaffDirectory) -> None:
    waits = {"stage": "awaiting_decision", "waiting_on": "director"}
    put(engine, journey("HARP-1", unit="mash", **waits), journey("HARP-2", unit="court", **waits))
    desk = desk_of_post(staff, load_council("hillingdon"), "director", "Mash")
    with engine.connect() as connection:
        everybodys = worklist(connection, desk, [], NOW, CALENDAR)
        units = worklist(connection, desk.model_copy(update={"adopts": False}), [], NOW, CALENDAR)
    assert set(references(everybodys, Part.DECISION)) == {"HARP-1", "HARP-2"}
    assert references(units, Part.DECISION) == ["HARP-1"]


def test_a_long_section_shows_a_page_and_says_how_much_there_is(engine: sql.Engine, staff: StaffDirectory) -> None:
    put(engine, *(journey(f"HARP-{number}", stage_since=ago(number)) for number in range(PAGE + 3)))
    (section,) = shown(engine, staff, "hos-1").sections
    assert (section.total, len(section.lines)) == (PAGE + 3, PAGE)
    assert section.lines[0].reference == f"HARP-{PAGE + 2}"


def test_a_unit_is_seen_with_what_waits_for_each_post_and_what_is_nobodys(engine: sql.Engine) -> None:
    put(
        engine,
        journey("HARP-1", stage="returned", waiting_on="social_worker", stage_since=ago(3), team="Team 3"),
        journey("HARP-2", overdue=True, escalated=True, stage_since=ago(9)),
        journey("HARP-3", stage_since=ago(2)),
        journey("HARP-4", unit="court"),
        referred_by="sw-9",
    )
    insert(engine, ACTION, an_action("journey/hillingdon/HARP-1", "A1", owner_staff="sw-2", due=date(2031, 3, 9)))
    with engine.connect() as connection:
        found = overview(connection, "hillingdon", NOW.date(), unit=" Mash")
        team = overview(connection, "hillingdon", NOW.date(), team="Team 3")
    assert [(one.post, one.waiting, one.overdue, one.escalated, one.since) for one in found.posts] == [
        ("head_of_service", 2, 1, 1, ago(9)),
        ("social_worker", 1, 0, 0, ago(3)),
    ]
    assert [one.model_dump() for one in found.people] == [
        {"staff": "sw-2", "referrals": 0, "returned": 0, "actions": 1, "actions_overdue": 1},
        {"staff": "sw-9", "referrals": 3, "returned": 1, "actions": 0, "actions_overdue": 0},
    ]
    assert [one.post for one in team.posts] == ["social_worker"]
