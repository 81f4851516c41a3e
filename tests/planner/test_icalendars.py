from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from dateutil.tz import tzical
from icalendar import Calendar

from planner.icalendars import Item, icalendar
from register.calendars import Published
from rules.working_days import DAY, LONDON, instant, local
from tests.builders import at

CHANGED = at("2031-03-05 10:00")


def feed(*items: Item, cancelled: bool = False, remind_days: int | None = None) -> bytes:
    entries = [
        Published(uid=one.uid, sequence=3, changed_at=CHANGED, cancelled=cancelled, until=one.day, body=one.body)
        for one in items
    ]
    return icalendar('Panel; "HARP", Uxbridge', entries, remind_days)


def only(text: bytes) -> Any:  # noqa: ANN401 - icalendar's components
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def a_sitting(starts: datetime, minutes: int = 150) -> Item:
    return Item(uid="s", category="sitting", summary="HARP", starts=starts, ends=starts + timedelta(minutes=minutes))


def a_day(on: date) -> Item:
    return Item(uid="d", category="deadline", summary="Review", on=on, deadline=True)


@pytest.mark.parametrize(
    ("tuesday", "offset"),
    [
        ("2031-03-25", 0),
        ("2031-04-01", 1),
        ("2031-10-21", 1),
        ("2031-10-28", 0),
        ("2026-03-24", 0),
        ("2026-03-31", 1),
        ("2026-10-20", 1),
        ("2026-10-27", 0),
    ],
)
def test_half_past_nine_stays_half_past_nine_through_both_clock_changes(tuesday: str, offset: int) -> None:
    starts = at(f"{tuesday} 09:30")
    text = feed(a_sitting(starts))
    assert f"DTSTART;TZID=Europe/London:{tuesday.replace('-', '')}T093000".encode() in text
    event = only(text)
    assert event["dtstart"].dt == starts
    assert starts.hour == 9 - offset
    assert event["dtstart"].dt.astimezone(LONDON).time().isoformat() == "09:30:00"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=150)


@pytest.mark.parametrize("sunday", [date(2031, 3, 30), date(2031, 10, 26)])
def test_a_sitting_at_half_past_one_in_the_night_of_a_clock_change_is_read_as_it_was_meant(sunday: date) -> None:
    starts = instant(sunday, datetime(2031, 1, 1, 1, 30, tzinfo=UTC).time())
    event = only(feed(a_sitting(starts)))
    # A local time of the hour that comes twice equals no other zone's (PEP 495), so both are compared in UTC.
    assert event["dtstart"].dt.astimezone(UTC) == starts
    assert event["dtend"].dt.astimezone(UTC) == starts + timedelta(minutes=150)


def test_the_second_half_past_one_of_an_october_night_is_written_in_utc() -> None:
    second = datetime(2031, 10, 26, 1, 30, tzinfo=UTC)
    assert local(second).fold == 1
    text = feed(a_sitting(second))
    assert b"DTSTART:20311026T013000Z" in text
    assert only(text)["dtstart"].dt == second


def test_the_zone_says_the_same_as_the_worlds_own_table_for_every_day_of_fifty_years() -> None:
    zone: Any = next(iter(Calendar.from_ical(feed()).walk("VTIMEZONE")))
    first, last = (datetime(year, 1, 1) for year in (2020, 2070))  # noqa: DTZ001 - a zone's own times are local
    changes = [
        ((moment - part["tzoffsetfrom"].td).replace(tzinfo=UTC), part["tzoffsetto"].td)
        for part in zone.subcomponents
        for moment in rrulestr(part["rrule"].to_ical().decode(), dtstart=part["dtstart"].dt).between(first, last)
    ]
    changes.sort()
    assert len(changes) == 100
    for moment, offset in changes:
        before, after = (moment + timedelta(seconds=seconds) for seconds in (-1, 0))
        assert local(after).utcoffset() == offset
        assert local(before).utcoffset() != offset


def test_a_program_that_trusts_only_the_feeds_own_zone_reads_the_same_instants(tmp_path: Any) -> None:  # noqa: ANN401 - a path
    file = tmp_path / "zone.ics"
    file.write_bytes(feed())
    zone = tzical(str(file)).get("Europe/London")
    for text in ("2031-03-30 00:59", "2031-03-30 02:00", "2031-10-26 02:00", "2028-02-29 09:30", "2031-07-01 09:30"):
        moment = at(text)
        assert local(moment).replace(tzinfo=zone).astimezone(UTC) == moment


@pytest.mark.parametrize("on", [date(2028, 2, 28), date(2028, 2, 29), date(2031, 12, 31), date(2031, 3, 30)])
def test_a_whole_day_ends_before_the_next_one_begins(on: date) -> None:
    text = feed(a_day(on))
    assert f"DTSTART;VALUE=DATE:{on:%Y%m%d}".encode() in text
    assert f"DTEND;VALUE=DATE:{on + DAY:%Y%m%d}".encode() in text
    event = only(text)
    assert (event["dtstart"].dt, event["dtend"].dt) == (on, on + DAY)
    assert event["transp"] == "TRANSPARENT"


def test_a_feed_says_what_it_is_and_how_often_to_come_back() -> None:
    text = feed()
    calendar: Any = Calendar.from_ical(text)
    assert (calendar["method"], calendar["version"], calendar["x-wr-calname"]) == (
        "PUBLISH",
        "2.0",
        'Panel; "HARP", Uxbridge',
    )
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in text


def test_lines_are_folded_and_text_is_escaped() -> None:
    summary = "Entscheidung; über, " + "é" * 80 + "\\ and\nmore"
    text = feed(a_day(date(2031, 3, 11)).model_copy(update={"summary": summary}))
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert str(only(text)["summary"]) == summary


def test_what_was_cancelled_or_is_not_booked_yet_says_so() -> None:
    sitting = a_sitting(at("2031-03-11 09:30"))
    assert only(feed(sitting, cancelled=True))["status"] == "CANCELLED"
    assert only(feed(sitting.model_copy(update={"tentative": True})))["status"] == "TENTATIVE"
    event = only(feed(sitting))
    assert (event["status"], event["sequence"]) == ("CONFIRMED", 3)
    assert event["dtstamp"].dt == event["last-modified"].dt == CHANGED


@pytest.mark.parametrize("on", [date(2031, 3, 11), date(2031, 3, 31), date(2031, 10, 27)])
@pytest.mark.parametrize("days", [0, 2, 14])
def test_a_reminder_rings_at_nine_on_the_day_that_people_want(on: date, days: int) -> None:
    event = only(feed(a_day(on), remind_days=days))
    (alarm,) = event.walk("VALARM")
    begins = datetime(on.year, on.month, on.day, tzinfo=UTC)
    rings = begins + alarm["trigger"].dt  # a whole day has no zone: its distance is of the wall clock
    assert (rings.date(), rings.hour) == (on - days * DAY, 9)


def test_nobody_is_reminded_unless_they_want_it_and_never_of_what_was_cancelled_or_of_a_sitting() -> None:
    deadline = a_day(date(2031, 3, 11))
    assert b"VALARM" not in feed(deadline)
    assert b"VALARM" not in feed(deadline, cancelled=True, remind_days=2)
    assert b"VALARM" not in feed(a_sitting(at("2031-03-11 09:30")), remind_days=2)
