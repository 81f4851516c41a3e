"""Events as iCalendar text (RFC 5545, RFC 7986): the library folds and escapes, this says what there is to say.

Times are local with their zone, which every feed brings along; days without a time end on the day after, as the
standard has it. One hour in October is there twice: its second pass can only be written in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration
from pydantic import BaseModel, ConfigDict

from register.calendars import Published
from rules.working_days import DAY, LONDON, local

PRODUCT = "-//Waymark//Panels and deadlines//EN"
ZONE = "Europe/London"
DOMAIN = "waymark.invalid"
"""What uids end in: a domain that nobody will ever own."""
REFRESHED = timedelta(hours=1)
REMINDED_AT = timedelta(hours=9)
"""At what time of its day a reminder of a whole day rings."""
HOUR = timedelta(hours=1)


class Item(BaseModel):
    """Something that a feed shows: from an instant (UTC) to another, or a whole local day.

    `tentative`: it takes place by the schedule, and nobody has booked it yet. `deadline`: people may want a reminder.
    """

    model_config = ConfigDict(frozen=True)

    uid: str
    category: str
    summary: str
    description: str = ""
    location: str = ""
    link: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    on: date | None = None
    tentative: bool = False
    deadline: bool = False

    @property
    def day(self) -> date:
        """Its local day."""
        if self.on is not None:
            return self.on
        if self.starts is None:
            msg = "an item has a day or an instant"
            raise ValueError(msg)
        return local(self.starts).date()

    @property
    def body(self) -> str:
        """All of it as text: the same for the same, also when a later release knows more of an item."""
        return self.model_dump_json(exclude_defaults=True)


def icalendar(name: str, entries: Sequence[Published], remind_days: int | None = None) -> bytes:
    """A feed.

    Args:
        name: What it is called.
        entries: What it has, each with an item as its body.
        remind_days: How many days before a deadline people are reminded, at nine; not at all when left out.
    """
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE)
    made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESHED))
    made.add_component(london())
    for entry in entries:
        made.add_component(_event(entry, remind_days))
    found: bytes = made.to_ical()
    return found


def london() -> Timezone:
    """British time since 1996: an hour ahead from the last Sunday in March to the last in October, at 01:00 UTC."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    daylight, standard = TimezoneDaylight(), TimezoneStandard()
    for part, called, month, begins, before, after in (
        (daylight, "BST", 3, datetime(1996, 3, 31, 1), 0 * HOUR, HOUR),  # noqa: DTZ001 - a zone's own beginning is local
        (standard, "GMT", 10, datetime(1996, 10, 27, 2), HOUR, 0 * HOUR),  # noqa: DTZ001 - likewise
    ):
        part.add("tzname", called)
        part.add("dtstart", begins)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1SU"})
        zone.add_component(part)
    return zone


def _event(entry: Published, remind_days: int | None) -> Event:
    item = Item.model_validate_json(entry.body)
    made = Event()
    made.add("uid", item.uid)
    made.add("sequence", entry.sequence)
    made.add("dtstamp", entry.changed_at)
    made.add("last-modified", entry.changed_at)
    for name, moment in zip(("dtstart", "dtend"), _span(item), strict=True):
        made.add(name, moment)
    made.add("summary", item.summary)
    for name in ("description", "location"):
        if getattr(item, name):
            made.add(name, getattr(item, name))
    if item.link:
        made.add("url", item.link)
    made.add("categories", [item.category])
    made.add("status", "CANCELLED" if entry.cancelled else "TENTATIVE" if item.tentative else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if item.on is not None else "OPAQUE")
    if item.deadline and remind_days is not None and not entry.cancelled:
        made.add_component(_alarm(item, remind_days))
    return made


def _span(item: Item) -> tuple[Any, Any]:
    if item.starts is None:
        return item.day, item.day + DAY
    ends = item.ends or item.starts
    span = item.starts.astimezone(LONDON), ends.astimezone(LONDON)
    # Clocks that were put back show an hour again. A local time of it means its first pass to whoever reads it.
    return (item.starts.astimezone(UTC), ends.astimezone(UTC)) if any(one.fold for one in span) else span


def _alarm(item: Item, days: int) -> Alarm:
    """A reminder, told by its distance on the wall clock from the first instant of the day."""
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", item.summary)
    made.add("trigger", REMINDED_AT - days * DAY)
    return made
