from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sql
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from planner.icalendars import Item, icalendar
from register.calendars import Offered, Published, published
from rules.working_days import local
from tests.builders import at
from tests.conftest import opened

NOW = at("2031-03-05 10:00")
TODAY = date(2031, 3, 5)
FEEDS = (f"feed/{number}" for number in count())


def an_item(uid: str, moment: datetime, *, whole_day: bool = False) -> Item:
    if whole_day:
        return Item(uid=uid, category="deadline", summary="Review", on=local(moment).date())
    return Item(uid=uid, category="sitting", summary="Panel", starts=moment, ends=moment + timedelta(minutes=150))


def offered(*items: Item) -> list[Offered]:
    return [Offered(uid=one.uid, body=one.body, until=one.day) for one in items]


def seen(engine: sql.Engine, feed: str, *items: Item, now: datetime = NOW) -> dict[str, Published]:
    return {one.uid: one for one in published(engine, feed, lambda _: offered(*items), now)}


@pytest.fixture(scope="module")
def sqlite_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sql.Engine]:
    with opened(f"sqlite:///{tmp_path_factory.mktemp('calendars')}/register.db") as engine:
        yield engine


def test_what_is_new_changes_moves_goes_and_comes_back_counts_up(engine: sql.Engine) -> None:
    item, later = an_item("a", at("2031-03-11 09:30")), an_item("a", at("2031-03-12 09:30"))
    steps = [seen(engine, "f", *here)["a"] for here in ([item], [item], [later], [], [], [later])]
    assert [one.sequence for one in steps] == [0, 0, 1, 2, 2, 3]
    assert [one.cancelled for one in steps] == [False, False, False, True, True, False]
    assert steps[3].body == later.body


def test_when_it_changed_is_kept_until_it_changes_again(engine: sql.Engine) -> None:
    item = an_item("a", at("2031-03-11 09:30"))
    seen(engine, "f", item)
    again = seen(engine, "f", item, now=NOW + timedelta(hours=5))["a"]
    assert again.changed_at == NOW
    gone = seen(engine, "f", now=NOW + timedelta(hours=6, milliseconds=400))["a"]
    assert gone.changed_at == NOW + timedelta(hours=6)


def test_feeds_know_nothing_of_each_other(engine: sql.Engine) -> None:
    item = an_item("a", at("2031-03-11 09:30"))
    seen(engine, "f", item)
    assert seen(engine, "g") == {}
    assert not seen(engine, "f", item)["a"].cancelled


def test_what_was_cancelled_is_said_until_its_day_is_past_by_a_month(engine: sql.Engine) -> None:
    seen(engine, "f", an_item("a", at("2031-03-11 09:30")))
    last = at("2031-04-11 23:59")
    assert seen(engine, "f", now=last)["a"].cancelled
    assert seen(engine, "f", now=last + timedelta(minutes=1)) == {}


def test_what_took_place_leaves_without_being_cancelled_and_its_numbers_go_on(engine: sql.Engine) -> None:
    item = an_item("a", at("2031-03-11 09:30"))
    seen(engine, "f", item)
    assert seen(engine, "f", now=at("2031-05-01 10:00")) == {}
    again = seen(engine, "f", an_item("a", at("2031-06-11 09:30")), now=at("2031-05-02 10:00"))["a"]
    assert (again.sequence, again.cancelled) == (1, False)


def test_two_writers_at_once_change_a_feed_once(engine: sql.Engine) -> None:
    items = [an_item(f"u{number}", at("2031-03-11 09:30")) for number in range(20)]
    both = Barrier(2)

    def write(feed: str) -> list[Published]:
        both.wait()
        return published(engine, feed, lambda _: offered(*items), NOW)

    for feed in ("f", "g", "h"):
        with ThreadPoolExecutor(2) as people:
            first, second = people.map(write, [feed, feed])
        assert first == second
        assert {one.sequence for one in first} == {0}


def test_what_changed_while_a_writer_waited_for_its_turn_is_what_is_published(engine: sql.Engine) -> None:
    early, late = an_item("a", at("2031-03-11 09:30")), an_item("a", at("2031-03-12 09:30"))
    read = iter([offered(early), offered(late)])
    (found,) = published(engine, "f", lambda _: next(read), NOW)
    assert (found.body, found.sequence) == (late.body, 0)


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", "d"]),
        st.one_of(st.none(), st.integers(0, 30 * 24 * 4)),
        st.booleans(),
        st.integers(0, 40),
    ),
    max_size=12,
)
"""Which entry; when, in quarters of an hour from a clock change on, or gone; whole day; hours that pass."""


@given(changes=CHANGES, start=st.sampled_from(["2031-03-29 00:00", "2031-10-25 00:00", "2032-02-28 00:00"]))
@settings(max_examples=40, deadline=None)
def test_whatever_happens_numbers_rise_uids_stay_and_instants_are_read_back(
    sqlite_register: sql.Engine, changes: list[tuple[str, int | None, bool, int]], start: str
) -> None:
    feed, now = next(FEEDS), NOW
    here: dict[str, Item] = {}
    before: dict[str, Published] = {}
    for uid, quarters, whole_day, hours in changes:
        now += timedelta(hours=hours)
        if quarters is None:
            here.pop(uid, None)
        else:
            here[uid] = an_item(uid, at(start) + timedelta(minutes=15 * quarters), whole_day=whole_day)
        found = sorted(seen(sqlite_register, feed, *here.values(), now=now).values(), key=lambda one: one.uid)
        text = icalendar("Feed", found)
        again = sorted(seen(sqlite_register, feed, *here.values(), now=now).values(), key=lambda one: one.uid)
        assert icalendar("Feed", again) == text
        read: dict[str, Any] = {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}
        assert len(read) == len(found)
        for one in found:
            event, was = read[one.uid], before.get(one.uid)
            assert event["sequence"] == one.sequence
            assert event["status"] == ("CANCELLED" if one.cancelled else "CONFIRMED")
            assert one.cancelled == (one.uid not in here)
            if was is not None:
                same = (was.body, was.cancelled) == (one.body, one.cancelled)
                assert one.sequence == was.sequence + (not same)
                assert (one.changed_at == was.changed_at) if same else (one.changed_at >= was.changed_at)
            item = Item.model_validate_json(one.body)
            if item.starts is None:
                assert (event["dtend"].dt - event["dtstart"].dt).days == 1
                assert event["dtstart"].dt == item.on
            else:
                assert event["dtstart"].dt.astimezone(UTC) == item.starts
                assert event["dtend"].dt.astimezone(UTC) == item.ends
        before = {one.uid: one for one in found}


def test_a_register_on_disk_remembers_what_a_feed_said(tmp_path: Path) -> None:
    url, item = f"sqlite:///{tmp_path}/register.db", an_item("a", at("2031-03-11 09:30"))
    with opened(url) as engine:
        seen(engine, "f", item)
    with opened(url) as engine:
        assert seen(engine, "f")["a"].sequence == 1
