from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sql

from register.log import note_event
from register.read_models import (
    AGENDA_LINE,
    CLOCK,
    COST,
    DECISION,
    JOURNEY,
    PLACEMENT,
    PROCESS,
    SITTING,
)
from register.reading.figures import (
    ForumActivity,
    Span,
    Tally,
    activity,
    by_month,
    decisions,
    deferrals,
    emergencies,
    referrals,
)
from register.reading.placement_figures import (
    contracts_ending,
    costs,
    drifting,
    most_expensive,
    placements_by_type,
)
from tests.register.rows import (
    a_clock,
    a_cost,
    a_decision,
    a_journey,
    a_placement,
    a_process,
    a_sitting,
    an_agenda_line,
    insert,
)

SPAN = Span(council="hillingdon", first=date(2031, 4, 1), last=date(2031, 6, 30), at=datetime(2031, 9, 1, tzinfo=UTC))
IN_MAY = datetime(2031, 5, 6, 10, tzinfo=UTC)
A_DAY = timedelta(days=1)


def refer(engine: sql.Engine, number: int, at: datetime = IN_MAY, **columns: Any) -> str:  # noqa: ANN401 - of a row
    process = f"journey/hillingdon/HARP-{number}"
    whole = {name: value for name, value in columns.items() if name in PROCESS.c}
    insert(engine, PROCESS, a_process(process, opened_at=at, **whole))
    insert(engine, JOURNEY, a_journey(process, referred_at=at, **{k: v for k, v in columns.items() if k in JOURNEY.c}))
    return process


def happens(engine: sql.Engine, process: str, what: str, at: datetime = IN_MAY) -> None:
    note_event(engine, process_id=process, what=what, staff="hos-1", post="head_of_service", at=at)


def test_a_forum_is_told_what_it_did_and_nothing_of_other_periods_and_councils(engine: sql.Engine) -> None:
    refer(engine, 1, SPAN.begins)
    refer(engine, 2, SPAN.begins - A_DAY, closed_at=SPAN.ends + A_DAY, open=False)
    refer(engine, 3, SPAN.ends)
    insert(engine, JOURNEY, a_journey("journey/hackney/CRP-1", referred_at=IN_MAY))
    returned = refer(engine, 4, closed_at=IN_MAY + A_DAY, open=False)
    happens(engine, returned, "return_for_changes")
    happens(engine, returned, "cut_off_missed")
    happens(engine, returned, "escalate", SPAN.ends)
    with engine.connect() as connection:
        (found,) = activity(connection, SPAN)
    assert found == ForumActivity(forum="harp", referred=2, returned=1, missed_cut_off=1, open_at_end=2)


def test_a_sitting_that_nobody_opened_was_not_held(engine: sql.Engine) -> None:
    for day, stage in ((6, "closed"), (13, "closed"), (20, "postponed"), (27, "cancelled")):
        sitting = f"sitting/hillingdon/harp/2031-05-{day:02}"
        insert(engine, PROCESS, a_process(sitting))
        insert(engine, SITTING, a_sitting(sitting, stage=stage))
    held = "sitting/hillingdon/harp/2031-05-06"
    happens(engine, held, "open_sitting")
    lines = (("decided", False), ("approved", True), ("heard", False), ("carried_over", True), ("released", True))
    for number, (state, late) in enumerate(lines):
        insert(engine, AGENDA_LINE, an_agenda_line(held, f"HARP-{number}", state=state, late=late))
    with engine.connect() as connection:
        (found,) = activity(connection, SPAN)
    assert (found.held, found.postponed, found.cancelled) == (1, 1, 1)
    assert (found.heard, found.carried_over, found.late, found.a_sitting) == (3, 1, 2, 3.0)


def test_referrals_and_decisions_are_counted_by_forum_and_kind(engine: sql.Engine) -> None:
    refer(engine, 1, request_kind="therapy")
    refer(engine, 2, request_kind="therapy")
    refer(engine, 3, request_kind="accommodation")
    insert(
        engine,
        DECISION,
        a_decision("journey/hillingdon/HARP-1", outcome="approved", at=IN_MAY),
        a_decision("journey/hillingdon/HARP-2", outcome="declined", at=IN_MAY, recommends=True),
    )
    with engine.connect() as connection:
        asked = referrals(connection, SPAN)
        decided = decisions(connection, SPAN)
        recommended = decisions(connection, SPAN, recommends=True)
    assert asked == [Tally(key="harp", by="accommodation", count=1), Tally(key="harp", by="therapy", count=2)]
    assert decided == [Tally(key="harp", by="approved", count=1)]
    assert recommended == [Tally(key="harp", by="declined", count=1)]


def test_deferrals_are_counted_by_whether_information_was_missing(engine: sql.Engine) -> None:
    lacked = {"decisions": {"1": {"decided": {"decision": "deferred", "missing": ["An assessment"]}}}}
    for number, standing in ((1, lacked), (2, {}), (3, lacked)):
        process = refer(engine, number, standing=standing)
        insert(engine, DECISION, a_decision(process, outcome="deferred", at=IN_MAY))
    with engine.connect() as connection:
        found = deferrals(connection, SPAN)
    assert [(one.by, one.count) for one in found] == [("missing_information", 2), ("other", 1)]


@pytest.mark.parametrize(
    ("outcomes", "became"),
    [
        (["ratified"], "ratified"),
        (["deferred", "not_ratified"], "not_ratified"),
        (["approved"], "decided"),
        (["deferred"], "waiting"),
        ([], "waiting"),
    ],
)
def test_an_emergency_is_told_with_what_became_of_it(engine: sql.Engine, outcomes: list[str], became: str) -> None:
    process = refer(engine, 1)
    happens(engine, process, "authorise_emergency")
    happens(engine, process, "became_emergency", IN_MAY + A_DAY)
    for number, outcome in enumerate(outcomes, start=1):
        insert(engine, DECISION, a_decision(process, number, outcome=outcome, at=IN_MAY + number * A_DAY))
    with engine.connect() as connection:
        assert emergencies(connection, SPAN) == [Tally(key="harp", by=became, count=1)]


def test_what_was_ratified_after_the_period_was_waiting_when_it_ended(engine: sql.Engine) -> None:
    process = refer(engine, 1)
    happens(engine, process, "authorise_emergency")
    insert(engine, DECISION, a_decision(process, outcome="ratified", at=SPAN.ends + A_DAY))
    with engine.connect() as connection:
        assert [one.by for one in emergencies(connection, SPAN)] == ["waiting"]


def test_months_are_local(engine: sql.Engine) -> None:
    refer(engine, 1, datetime(2031, 4, 30, 23, 30, tzinfo=UTC))  # half past midnight on 1 May
    with engine.connect() as connection:
        found = dict(by_month(connection, SPAN))
    assert found[date(2031, 4, 1)]["referred"] == 0
    assert found[date(2031, 5, 1)]["referred"] == 1


def placed(engine: sql.Engine, number: int, **columns: Any) -> None:  # noqa: ANN401 - of a row
    process = f"placement/hillingdon/PL-{number}"
    insert(engine, PROCESS, a_process(process))
    insert(engine, PLACEMENT, a_placement(process, **{"child_ref": f"C-{number}", **columns}))


def test_placements_are_counted_as_they_stood_when_the_period_ended(engine: sql.Engine) -> None:
    placed(engine, 1, weekly_pence=100, out_of_area=True)
    placed(engine, 2, started_on=date(2031, 5, 1), ended_on=date(2031, 6, 1))
    placed(engine, 3, started_on=date(2031, 5, 1), ended_on=date(2031, 7, 1), weekly_pence=None)
    placed(engine, 4, started_on=date(2031, 7, 1))
    with engine.connect() as connection:
        (found,) = placements_by_type(connection, SPAN)
    assert (found.open, found.began, found.ended, found.out_of_area) == (2, 2, 1, 1)
    assert (found.priced, found.weekly) == (1, 100)


def test_contracts_are_told_that_end_within_eight_weeks(engine: sql.Engine) -> None:
    for number, day in enumerate((date(2031, 6, 29), SPAN.last, date(2031, 8, 25), date(2031, 8, 26)), start=1):
        placed(engine, number, contract_ends_on=day)
    with engine.connect() as connection:
        assert [one.placement_ref for one in contracts_ending(connection, SPAN)] == ["PL-2", "PL-3"]


def test_the_most_expensive_placements_come_first_and_those_without_a_price_not_at_all(engine: sql.Engine) -> None:
    for number, pence in enumerate((100, None, 300, 200), start=1):
        placed(engine, number, weekly_pence=pence)
    with engine.connect() as connection:
        assert [one.placement_ref for one in most_expensive(connection, SPAN, most=2)] == ["PL-3", "PL-4"]


def test_a_placement_drifts_when_something_of_it_or_of_its_child_is_late(engine: sql.Engine) -> None:
    for number in (1, 2, 3, 4):
        placed(engine, number, contract_ends_on=date(2031, 6, 1) if number == 3 else None)
    late = {"state": "breached", "due": IN_MAY}
    insert(
        engine,
        CLOCK,
        a_clock("placement/hillingdon/PL-1", "placement_plan", **late),
        a_clock("episode/hillingdon/C-2", "looked_after_review", child_ref="C-2", **late),
        a_clock("placement/hillingdon/PL-4", "placement_plan", state="met", due=IN_MAY, ended_at=IN_MAY + A_DAY),
    )
    with engine.connect() as connection:
        found = drifting(connection, SPAN)
    assert [(one.placement.placement_ref, one.late, one.contract_over) for one in found] == [
        ("PL-1", (("placement", "placement_plan"),), False),
        ("PL-2", (("episode", "looked_after_review"),), False),
        ("PL-3", (), True),
    ]


def test_money_is_added_up_by_what_became_of_it(engine: sql.Engine) -> None:
    for number, decided in enumerate(("approved", "approved", None), start=1):
        insert(engine, COST, a_cost(f"journey/hillingdon/HARP-{number}", decided=decided, at=IN_MAY, weekly_pence=250))
    insert(engine, COST, a_cost("journey/hillingdon/HARP-9", "once", at=IN_MAY, once_pence=70))
    insert(engine, COST, a_cost("journey/hillingdon/HARP-9", "difference", at=IN_MAY))
    with engine.connect() as connection:
        found = {(one.kind, one.decided): (one.count, one.weekly, one.once) for one in costs(connection, SPAN)}
    assert found == {
        ("proposed", "approved"): (2, 500, 0),
        ("proposed", None): (1, 250, 0),
        ("once", None): (1, 0, 70),
    }
