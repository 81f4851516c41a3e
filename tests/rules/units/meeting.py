"""Meetings of a unit as Hackney's own file makes them. Times are Europe/London wall time."""

from itertools import count
from typing import Any

from models.acts import Act
from models.errors import Refused
from models.people import Actor
from models.process import Starting
from models.snapshot import shared
from models.unit_meeting import UnitMeetingState
from models.watch import WatchStart, WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.units.kind import UNIT_MEETING
from rules.watches import kernel, views
from rules.working_days import local
from tests.builders import at, person

HACKNEY = shared(slice_for_watch(load_council("hackney"), "unit_meeting"))
CALENDAR = working_calendar("hackney", 2030)
MONDAY = "2031-03-03 10:00"
_numbers = count(1)


def who(staff: str, post: str) -> Actor:
    """Somebody of Hackney."""
    return person(staff, post, "children in need", "hackney")


CARL = who("carl", "consultant_social_worker")
SAM = who("sam", "social_worker")
UMA = who("uma", "unit_coordinator")
GARY = who("gary", "group_manager")


def whole(actor: Actor) -> dict[str, Any]:
    """A person as an act carries them."""
    return actor.model_dump(mode="json", exclude_none=True)


def begun(when: str, actor: Actor, reference: str = "unit_1", /, **said: Any) -> UnitMeetingState:  # noqa: ANN401 - fields of a start
    """A meeting that somebody starts."""
    start = WatchStart(
        kind="unit_meeting",
        council="hackney",
        reference=reference,
        actor=actor,
        details=said,
        procedure=HACKNEY,
        calendar=CALENDAR,
    )
    state: UnitMeetingState = kernel.begin(UNIT_MEETING, start, at(when))
    return state


def opened(*cases: str | dict[str, Any], when: str = MONDAY, **said: Any) -> UnitMeetingState:  # noqa: ANN401 - fields of a start
    """A meeting of unit 1 in session, which Carl opened."""
    return begun(when, CARL, "unit_1", unit="Unit 1", on=when[:10], cases=list(cases), **said)


def not_opened(actor: Actor = UMA, /, **said: Any) -> Refused:  # noqa: ANN401 - fields of a start
    """The refusal of a meeting."""
    try:
        begun(MONDAY, actor, "unit_1", **said)
    except Refused as refused:
        return refused
    msg = "it was accepted"
    raise AssertionError(msg)


def following(state: UnitMeetingState, when: str) -> UnitMeetingState:
    """The meeting that the one before planned."""
    (one,) = planned(state)
    start = WatchStart(
        kind="unit_meeting",
        council=one.council,
        reference=one.reference,
        actor=one.by,
        details=one.details,
        procedure=HACKNEY,
        calendar=CALENDAR,
        came_from=state.process_id,
    )
    found: UnitMeetingState = kernel.begin(UNIT_MEETING, start, at(when))
    return found


def planned(state: UnitMeetingState) -> list[Starting]:
    """What a meeting that closed begins."""
    return state.starting


def do(state: UnitMeetingState, when: str, actor: Actor, name: str, **said: Any) -> None:  # noqa: ANN401 - as acts have it
    """Do an act, after whatever clocks did until then."""
    later(state, when)
    kernel.perform(UNIT_MEETING, state, name, Act(actor=actor, message_id=f"m{next(_numbers)}", details=said), at(when))


def refusal(state: UnitMeetingState, actor: Actor, name: str, when: str = MONDAY, /, **said: Any) -> Refused | None:  # noqa: ANN401 - as acts have it
    """What an act is refused with; `None` when it is accepted, and it is not done either way."""
    try:
        act = Act(actor=actor, message_id=f"m{next(_numbers)}", details=said)
        kernel.check(UNIT_MEETING, state, name, act, at(when))
    except Refused as refused:
        return refused
    return None


def code(state: UnitMeetingState, actor: Actor, name: str, when: str = MONDAY, /, **said: Any) -> str | None:  # noqa: ANN401 - as acts have it
    """The code with which an act is refused."""
    refused = refusal(state, actor, name, when, **said)
    return None if refused is None else str(refused.code)


def later(state: UnitMeetingState, when: str) -> None:
    """Let clocks do what is due by a moment."""
    kernel.run_clocks(UNIT_MEETING, state, at(when))


def seen(state: UnitMeetingState, when: str = MONDAY) -> WatchView:
    """The meeting as people see it."""
    return views.view(UNIT_MEETING, state, at(when))


def due(state: UnitMeetingState, name: str) -> str:
    """When a clock is due, as London wall time."""
    return f"{local(state.clocks[name].due):%Y-%m-%d %H:%M}"


def stood(state: UnitMeetingState, name: str) -> str:
    """How a clock stands."""
    return str(state.clocks[name].state)


def told(state: UnitMeetingState) -> list[str]:
    """The posts that its notices went to."""
    return [notice.post for entry in state.unrecorded for notice in entry.notices]
