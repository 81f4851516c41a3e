from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sql
from hypothesis import given
from hypothesis import strategies as st

from procedures.calendars import working_calendar
from register.read_models import ACTION, CLOCK, JOURNEY
from register.reading.figures import Span
from register.reading.timeliness import (
    Timeliness,
    WorkingDays,
    by_key,
    deadline_of,
    drift,
    overdue_actions,
    percentile,
    spread,
    timeliness,
)
from rules.working_days import DAY, is_working_day
from tests.register.rows import a_clock, a_journey, an_action, insert

SPAN = Span(council="hillingdon", first=date(2031, 4, 1), last=date(2031, 6, 30), at=datetime(2031, 9, 1, tzinfo=UTC))
DUE = datetime(2031, 5, 7, 16, tzinfo=UTC)
STARTED = datetime(2031, 4, 30, 16, tzinfo=UTC)
CALENDAR = working_calendar("hillingdon", 2030)


def a_deadline(number: int, **columns: object) -> dict[str, object]:
    row = a_clock(f"journey/hillingdon/HARP-{number}", "action:A1", started=STARTED, due=DUE)
    return {**row, "state": "met", "ended_at": DUE, **columns}


def the_only(engine: sql.Engine, span: Span = SPAN) -> Timeliness:
    with engine.connect() as connection:
        (found,) = timeliness(connection, span, CALENDAR)
    return found


def test_each_deadline_is_counted_by_how_it_was_met(engine: sql.Engine) -> None:
    insert(
        engine,
        CLOCK,
        a_deadline(1),
        a_deadline(2, ended_at=DUE - timedelta(days=4)),
        a_deadline(3, ended_at=DUE + timedelta(days=2)),
        a_deadline(4, state="breached", ended_at=None),
        a_deadline(5, state="stopped"),
        a_deadline(6, due=SPAN.begins - timedelta(minutes=1)),
        a_deadline(7, due=SPAN.ends),
        a_deadline(8, council="hackney"),
    )
    found = the_only(engine)
    assert (found.kind, found.name, found.cites) == ("journey", "action", ("HIL-101",))
    assert (found.in_time, found.late, found.still_late, found.stopped, found.fell_due) == (2, 1, 1, 1, 4)
    assert found.share == 0.5
    assert found.elapsed is not None
    assert (found.elapsed.count, found.elapsed.median) == (3, 7.0)
    assert found.beyond is not None
    assert found.beyond.median == 2.0


@pytest.mark.parametrize(("seconds", "how"), [(59, "in_time"), (60, "late")])
def test_the_minute_in_which_something_is_due_is_in_time(engine: sql.Engine, seconds: int, how: str) -> None:
    insert(engine, CLOCK, a_deadline(1, ended_at=DUE + timedelta(seconds=seconds)))
    assert getattr(the_only(engine), how) == 1


def test_what_was_done_after_the_period_was_late_when_it_ended(engine: sql.Engine) -> None:
    insert(engine, CLOCK, a_deadline(1, ended_at=SPAN.ends + timedelta(days=3)))
    assert the_only(engine).still_late == 1


def test_while_the_period_runs_what_is_not_due_yet_is_open(engine: sql.Engine) -> None:
    insert(engine, CLOCK, a_deadline(1, state="running", ended_at=None))
    assert the_only(engine, SPAN.model_copy(update={"at": DUE - timedelta(days=1)})).still_open == 1


def test_an_action_that_was_done_late_was_overdue_at_the_end_of_the_period_before(engine: sql.Engine) -> None:
    insert(engine, JOURNEY, a_journey())
    opened: dict[str, Any] = {"opened_at": STARTED, "due": date(2031, 6, 20)}
    insert(
        engine,
        ACTION,
        an_action(reference="A1", **opened, state="completed", ended_at=SPAN.ends + timedelta(days=1)),
        an_action(reference="A2", **opened, state="completed", ended_at=SPAN.ends - timedelta(days=1)),
        an_action(reference="A3", opened_at=STARTED, due=date(2031, 6, 30)),
        an_action(reference="A4", **opened, owner_post=None, owner_staff="sw-1"),
    )
    with engine.connect() as connection:
        found = overdue_actions(connection, SPAN)
    assert [(one.reference, one.owner, one.days) for one in found] == [("A1", "team_manager", 10), ("A4", "sw-1", 10)]


def test_a_clock_is_named_after_its_deadline() -> None:
    assert deadline_of("action:A1") == "action"
    assert deadline_of("referral:contract_end") == "referral:contract_end"
    assert deadline_of("viability_assessment") == "viability_assessment"


def test_percentiles_lie_between_neighbours_as_in_a_spreadsheet() -> None:
    assert percentile([1, 2, 3, 4], 0.5) == 2.5
    assert percentile([1, 2, 3, 4], 0.9) == pytest.approx(3.7)
    assert percentile([7], 0.9) == 7
    assert spread([]) is None


@given(st.lists(st.floats(0, 1000), min_size=1))
def test_half_lie_at_or_below_the_median_and_the_90th_percentile_is_not_below_it(values: list[float]) -> None:
    found = spread(values)
    assert found is not None
    assert sum(value <= found.median for value in values) * 2 >= len(values)
    assert found.median <= found.ninth + 1e-9


@given(st.dates(date(2030, 6, 1), date(2032, 12, 1)), st.integers(-5, 200))
def test_working_days_between_two_days_are_those_that_one_counts(first: date, days: int) -> None:
    last = first + DAY * days
    counted = sum(is_working_day(first + DAY * number, CALENDAR) for number in range(1, days + 1))
    assert WorkingDays(CALENDAR).between(first, last) == counted


def test_drift_is_the_change_of_the_share_in_time() -> None:
    now = Timeliness(kind="journey", name="action", cites=(), in_time=1, late=3)
    before = Timeliness(kind="journey", name="action", cites=(), in_time=3, late=1)
    assert drift(now, by_key([before])) == -0.5
    assert drift(now, {}) is None
