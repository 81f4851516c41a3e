"""When a case is to be transferred: three working days from the later of the request and the point of transfer.

HAC-081, HAC-083, HAC-085, HAC-090 to HAC-093; D18 to D20. Information that is missing moves it by the hours that it is
waited for, and by no more than 24. What is due before the birth moves with the expected date, until the birth.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from models.case_transfer import CaseTransferState
from models.moving import BackPlanned, BeforeBirth, Route, TransferDue
from models.procedure import WorkingCalendar
from rules.conditions import as_day
from rules.transfers.moves import OPEN
from rules.transfers.naming import rules
from rules.transfers.routes import route_of
from rules.watches.facts import known
from rules.working_days import add_working_days, before_duration, instant, is_working_day, local, on_or_before

DUE = "transfer.due_at"
POINT = "transfer.point_on"
LATE = "transfer.stays_until_hearing"
ASKED = "information.asked_at"


def keep_time(state: CaseTransferState, now: datetime) -> None:
    """Reckon anew what follows from what is known: runs after every change, and twice changes nothing.

    Args:
        state: The transfer.
        now: UTC.
    """
    all_rules = rules(state)
    facts = dict(state.facts)
    if state.stage in OPEN:
        facts |= _point(route_of(state), known(state, local(now).date()))
        facts[DUE] = due_at(all_rules.due, route_of(state), facts, state).isoformat()
    for planned in all_rules.back_planned:
        facts |= _back_planned(planned, facts, state, now)
    state.facts = facts


def _day_of(facts: Mapping[str, Any], path: str) -> date | None:
    found = facts.get(path)
    return None if found is None else as_day(found)


def _point(route: Route, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The point of transfer, and whether a case that came up late stays until its event (HAC-092)."""
    before = route.before_birth
    late = before is not None and is_late(before, facts)
    paths = (before.until,) if before is not None and late else route.point
    days = [day for day in (_day_of(facts, path) for path in paths) if day is not None]
    asked = bool(paths) and (route.point_needed or bool(days))
    point = (min if route.point_is == "first" else max)(days, default=None)
    return {
        LATE: late,
        POINT: point.isoformat() if point else None,
        "transfer.has_point": asked,
        "transfer.visit_needed": route.visit,
    }


def is_late(before: BeforeBirth, facts: Mapping[str, Any]) -> bool:
    """Whether a case came up so shortly before the expected birth that it stays (D19): at exactly four weeks it does.

    Args:
        before: The rule.
        facts: What is known of the transfer.
    """
    expected, identified = _day_of(facts, before.expected), _day_of(facts, "transfer.identified_on")
    if expected is None or identified is None:
        return False
    return identified >= before_duration(expected, before.stays_within)


def due_at(due: TransferDue, route: Route, facts: Mapping[str, Any], state: CaseTransferState) -> datetime:
    """When the case is to be transferred, UTC.

    Args:
        due: How soon.
        route: The kind of transfer.
        facts: What is known of it, its point included.
        state: The transfer, for how long information was waited for.
    """
    asked = local(datetime.fromisoformat(str(facts["transfer.requested_at"]))).date()
    day = _due_day(due, route, facts, asked, state.calendar)
    return instant(day, due.at) + _waited(due, state, facts)


def _due_day(due: TransferDue, route: Route, facts: Mapping[str, Any], asked: date, calendar: WorkingCalendar) -> date:
    point, before = _day_of(facts, POINT), route.before_birth
    if route.same_day and point is not None and point >= asked:
        return point
    soonest = add_working_days(max(asked, point or asked), due.working_days, calendar)
    expected = _day_of(facts, before.expected) if before is not None else None
    if before is None or expected is None or facts[LATE]:
        return soonest
    return max(soonest, on_or_before(before_duration(expected, before.target), calendar))


def _waited(due: TransferDue, state: CaseTransferState, facts: Mapping[str, Any]) -> timedelta:
    """What waiting for information adds (elapsed hours): while it lasts all that it may, then what it took."""
    most = timedelta(hours=due.information_hours)
    if state.missing and facts.get(ASKED) is not None:
        return most
    return min(most, timedelta(seconds=state.waited))


def _back_planned(
    planned: BackPlanned, facts: Mapping[str, Any], state: CaseTransferState, now: datetime
) -> dict[str, Any]:
    """When something is due before an event; where less time is left when the event becomes known, at once (D20)."""
    event = _day_of(facts, f"events.{planned.event}")
    if event is None or facts.get(f"{planned.due}_for") == event.isoformat():
        return {}
    day = on_or_before(before_duration(event, planned.before), state.calendar)
    at = rules(state).due.at
    short = before_duration(event, planned.before) < local(now).date()
    if short:
        day = _at_once(now, at, state.calendar)
    return {
        planned.due: instant(day, at).isoformat(),
        planned.short: short,
        f"{planned.due}_for": event.isoformat(),
    }


def _at_once(now: datetime, at: time, calendar: WorkingCalendar) -> date:
    """Close of business today; of the next working day where today's has passed."""
    today = local(now)
    day = today.date()
    if is_working_day(day, calendar) and today.time() < at:
        return day
    return add_working_days(day, 1, calendar)
