from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sql
from icalendar import Calendar

from models.people import Actor
from planner.feeds import Feeds, uid_of
from procedures.loader import load_council
from register.read_models import ACTION, CLOCK, PLACEMENT, PROCESS, SITTING
from tests.builders import at
from tests.register.rows import a_clock, a_placement, a_process, a_sitting, an_action, insert

HILLINGDON = load_council("hillingdon")
HACKNEY = load_council("hackney")
NOW = at("2031-03-05 10:00")
SITTING_ID = "sitting/hillingdon/harp/2031-03-11"
CHILD = "C-20417"
MANAGER = Actor(staff="tm-1", post="team_manager", council="hillingdon", unit="MASH")
HEAD = Actor(staff="hos-court-1", post="head_of_service", council="hillingdon", unit="court")


def feeds(engine: sql.Engine, now: datetime = NOW, **more: Any) -> Feeds:  # noqa: ANN401 - fields of many types
    return Feeds(engine, more.pop("council", HILLINGDON), now, **more)


def events(text: bytes) -> dict[str, Any]:
    found = Calendar.from_ical(text).walk("VEVENT")
    read: dict[str, Any] = {str(event["uid"]): event for event in found}
    assert len(read) == len(found)
    return read


def by_summary(text: bytes) -> dict[str, Any]:
    return {str(event["summary"]): event for event in events(text).values()}


def sittings(text: bytes) -> dict[date, Any]:
    found = [event for event in events(text).values() if event["categories"].to_ical() == b"sitting"]
    return {event["dtstart"].dt.date(): event for event in found}


def test_a_forums_feed_holds_what_its_schedule_brings_for_half_a_year(engine: sql.Engine) -> None:
    found = sittings(feeds(engine).of_forum("harp"))
    assert min(found) == date(2031, 3, 11)
    assert date(2031, 8, 26) <= max(found) <= date(2031, 9, 3)
    assert {event["status"] for event in found.values()} == {"TENTATIVE"}
    assert all(event["dtstart"].dt.isoformat()[11:16] == "09:30" for event in found.values())


def test_a_meeting_keeps_its_uid_once_somebody_has_booked_it(engine: sql.Engine) -> None:
    before = sittings(feeds(engine).of_forum("harp"))[date(2031, 3, 11)]
    insert(engine, SITTING, a_sitting(SITTING_ID, chair="hos-court-1", venue="Room 5"))
    after = sittings(feeds(engine).of_forum("harp"))[date(2031, 3, 11)]
    assert before["uid"] == after["uid"] == uid_of("sitting", SITTING_ID)
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert (after["status"], after["location"]) == ("CONFIRMED", "Room 5")


def test_a_feed_written_again_is_the_same_to_the_byte_the_next_hour_and_when_places_are_taken(
    engine: sql.Engine,
) -> None:
    insert(engine, SITTING, a_sitting(SITTING_ID))
    first = feeds(engine).of_forum("harp")
    with engine.begin() as connection:
        connection.execute(sql.update(SITTING).values(listed=4, reserved=1))
    assert feeds(engine, NOW + timedelta(hours=3)).of_forum("harp") == first


def test_a_postponed_sitting_is_cancelled_on_its_day_and_there_on_the_new_one(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(SITTING_ID))
    feeds(engine).of_forum("harp")
    with engine.begin() as connection:
        connection.execute(sql.update(SITTING).values(stage="postponed", moved_to=date(2031, 3, 13)))
    found = sittings(feeds(engine).of_forum("harp"))
    assert (found[date(2031, 3, 11)]["status"], found[date(2031, 3, 11)]["sequence"]) == ("CANCELLED", 1)
    assert found[date(2031, 3, 13)]["status"] == "TENTATIVE"


def test_a_sitting_that_starts_later_that_day_keeps_its_uid(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(SITTING_ID))
    first = sittings(feeds(engine).of_forum("harp"))[date(2031, 3, 11)]
    moved = at("2031-03-11 13:30")
    with engine.begin() as connection:
        connection.execute(sql.update(SITTING).values(starts=moved, ends=moved + timedelta(hours=2)))
    second = sittings(feeds(engine).of_forum("harp"))[date(2031, 3, 11)]
    assert (second["uid"], second["sequence"], second["dtstart"].dt) == (first["uid"], 1, moved)


def test_a_sitting_stays_in_the_feed_for_a_month_after_its_day(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(SITTING_ID))
    feeds(engine).of_forum("harp")
    held = {**a_sitting(SITTING_ID), "stage": "closed"}
    with engine.begin() as connection:
        connection.execute(sql.update(SITTING).values(stage=held["stage"]))
    assert sittings(feeds(engine, at("2031-04-11 10:00")).of_forum("harp"))[date(2031, 3, 11)]["status"] == "CONFIRMED"
    assert date(2031, 3, 11) not in sittings(feeds(engine, at("2031-04-12 10:00")).of_forum("harp"))


def test_a_meeting_that_nobody_booked_falls_away_once_its_day_is_past(engine: sql.Engine) -> None:
    feeds(engine).of_forum("harp")
    found = sittings(feeds(engine, at("2031-03-12 10:00")).of_forum("harp"))
    assert found[date(2031, 3, 11)]["status"] == "CANCELLED"
    assert found[date(2031, 3, 18)]["status"] == "TENTATIVE"


def test_a_cut_off_is_a_day_of_its_own_with_its_time_in_words(engine: sql.Engine) -> None:
    found = by_summary(feeds(engine).of_forum("harp"))["Cut-off, HARP of Tue 15 Apr, by 12:00"]
    assert found["dtstart"].dt == date(2031, 4, 10)
    assert found["description"] == "Rule HIL-080"


def test_people_see_the_sittings_that_they_chair_or_are_members_of(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(SITTING_ID, chair="hos-court-1"))
    assert date(2031, 3, 11) in sittings(feeds(engine).of_person(HEAD))
    assert not sittings(feeds(engine).of_person(MANAGER))


def test_whoever_could_only_chair_does_not_come_when_somebody_else_does(engine: sql.Engine) -> None:
    forum, chair = next(
        (key, seat)
        for key, one in HACKNEY.forums.items()
        for seat in one.seats
        if seat.role == "chair"
        and one.schedule
        and not one.sits_with
        and all(seat.post[0] not in other.post for other in one.seats if other.role != "chair")
    )
    actor = Actor(staff="chair-9", post=chair.post[0], council="hackney", unit=chair.units[0] if chair.units else None)
    mine = [
        day
        for day, event in sittings(feeds(engine, council=HACKNEY).of_person(actor)).items()
        if event["summary"] == HACKNEY.forums[forum].title
    ]
    own = f"sitting/hackney/{forum}/{min(mine)}"
    insert(engine, SITTING, a_sitting(own, chair="somebody-else", starts=at(f"{min(mine)} 09:30")))
    found = events(feeds(engine, council=HACKNEY).of_person(actor))[uid_of("sitting", own)]
    assert found["status"] == "CANCELLED"


def test_a_rota_names_the_chair_before_anybody_has_booked(engine: sql.Engine) -> None:
    rota = {"harp": {date(2031, 3, 11): "hos-court-1"}}
    found = sittings(feeds(engine, rota=rota).of_forum("harp"))[date(2031, 3, 11)]
    assert "Chair: hos-court-1" in found["description"]


def test_a_persons_feed_holds_their_own_actions_and_what_their_post_has_to_do_in_their_unit(engine: sql.Engine) -> None:
    insert(
        engine,
        ACTION,
        an_action("journey/hillingdon/A", owner_post=None, owner_staff="tm-1"),
        an_action("journey/hillingdon/B"),
        an_action("journey/hillingdon/C", owner_staff="tm-2"),
        an_action("journey/hillingdon/D", unit="court"),
        an_action("journey/hillingdon/E", state="completed"),
    )
    insert(
        engine,
        CLOCK,
        a_clock("journey/hillingdon/A", "renewal"),
        a_clock("journey/hillingdon/D", "renewal", unit="court"),
        a_clock("journey/hillingdon/B", "listing", owner="panel_administrator"),
        a_clock("journey/hillingdon/B", "action:A1"),
    )
    assert sorted(by_summary(feeds(engine).of_person(MANAGER))) == [
        "Action A1, A, HARP",
        "Action A1, B, HARP",
        "Renewal of what was approved, A, HARP, by 10:00",
    ]
    deputy = Actor(staff="tm-2", post="social_worker", council="hillingdon", unit="court")
    only = feeds(engine).of_person(deputy, [(MANAGER, "journey/hillingdon/B")])
    assert sorted(by_summary(only)) == ["Action A1, B, HARP", "Action A1, C, HARP"]


def test_an_action_that_is_done_is_cancelled_and_one_that_moves_keeps_its_uid(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action("journey/hillingdon/A"), an_action("journey/hillingdon/B"))
    feeds(engine).of_person(MANAGER)
    with engine.begin() as connection:
        mine = ACTION.c.process_id == "journey/hillingdon/A"
        connection.execute(sql.update(ACTION).where(mine).values(state="completed", ended_at=NOW))
        connection.execute(sql.update(ACTION).where(~mine).values(due=date(2031, 5, 1)))
    found = by_summary(feeds(engine).of_person(MANAGER))
    done, moved = found["Action A1, A, HARP"], found["Action A1, B, HARP"]
    assert (done["status"], done["sequence"]) == ("CANCELLED", 1)
    assert (moved["status"], moved["sequence"], moved["dtstart"].dt) == ("CONFIRMED", 1, date(2031, 5, 1))


def test_what_is_late_stays_on_its_day_until_it_is_done(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action(due=date(2031, 1, 7)))
    found = by_summary(feeds(engine).of_person(MANAGER))["Action A1, HARP-1, HARP"]
    assert (found["dtstart"].dt, found["status"]) == (date(2031, 1, 7), "CONFIRMED")


def test_a_units_feed_holds_everything_that_is_due_in_its_cases(engine: sql.Engine) -> None:
    insert(engine, CLOCK, a_clock(), a_clock("journey/hillingdon/X", unit="court"), a_clock(name="listing", owner="x"))
    insert(engine, PLACEMENT, a_placement(contract_ends_on=date(2031, 9, 30)))
    found = by_summary(feeds(engine).of_unit(" Mash"))
    assert set(found) == {"Contract ends, PL-1", "Place at a sitting, HARP-1, HARP, by 10:00"}


def test_no_feed_tells_a_childs_reference(engine: sql.Engine) -> None:
    own = f"journey/hillingdon/{CHILD}.HIL-100"
    sheet = f"decision_sheet:{CHILD}.HIL-100"
    insert(engine, PROCESS, a_process(own, child_ref=CHILD), a_process(f"episode/hillingdon/{CHILD}", child_ref=CHILD))
    insert(engine, ACTION, an_action(own))
    insert(
        engine,
        CLOCK,
        a_clock(f"episode/hillingdon/{CHILD}", "first_review", child_ref=CHILD),
        a_clock(SITTING_ID, sheet),
        a_clock("placement/hillingdon/PL-1", "birthday:16"),
    )
    linked = feeds(engine, links=lambda process: f"https://waymark.example.org/{process}")
    for text in (linked.of_person(MANAGER), linked.of_unit("mash")):
        whole = text.replace(b"\r\n ", b"")
        assert CHILD.encode() not in whole
        assert b"irthday" not in whole
        assert len(events(text)) == 3


def test_a_link_is_there_where_the_deployment_has_one(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action())
    linked = feeds(engine, links=lambda process: f"https://waymark.example.org/{process}").of_person(MANAGER)
    (event,) = events(linked).values()
    assert event["url"] == "https://waymark.example.org/journey/hillingdon/HARP-1"


@pytest.mark.parametrize("on", [date(2032, 2, 29), date(2031, 3, 30), date(2031, 10, 26)])
def test_an_action_that_is_due_on_an_odd_day_stands_on_that_day(engine: sql.Engine, on: date) -> None:
    insert(engine, ACTION, an_action(due=on))
    (event,) = events(feeds(engine).of_person(MANAGER)).values()
    assert (event["dtstart"].dt, event["dtend"].dt) == (on, on + timedelta(days=1))
