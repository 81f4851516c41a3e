"""Placements of Harrow and Central Bedfordshire as the real rules and the councils' real files make them.

Everything happens in 2031 and later. Times are written as Europe/London wall time.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from models.acts import Act
from models.people import Actor
from models.placement import PlacementState
from models.procedure import Council, WorkingCalendar
from models.process import Word
from models.watch import WatchStart, WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.placements.acts import PLACEMENT
from rules.watches import kernel, views
from rules.working_days import local
from tests.builders import at

HARROW = "harrow"
BEDFORDSHIRE = "central_bedfordshire"
MONDAY = at("2031-03-03 09:00")
HOME: dict[str, Any] = {
    "child": {"reference": "C-1", "date_of_birth": "2019-05-14"},
    "type": "childrens_home",
    "provider": {"reference": "HOME-7", "grade": "good", "commissioned_by_us": True},
    "contract": {"signed": True, "service_level_agreement": True},
}
"""A child in a children's home, with all that Harrow asks for."""


@cache
def rules(council: str) -> Council:
    """What a placement of a council carries."""
    return slice_for_watch(load_council(council), "placement")


@cache
def calendar(council: str) -> WorkingCalendar:
    """The council's days off."""
    return working_calendar(council, 2031)


def somebody(post: str, council: str) -> Actor:
    """Somebody in a post."""
    return Actor(staff=post, post=post, council=council)


def placed(
    council: str = HARROW,
    now: datetime = MONDAY,
    *,
    post: str = "social_worker",
    **details: Any,  # noqa: ANN401 - any field
) -> PlacementState:
    """A child who was placed; in the home of `HOME`, unless it says otherwise."""
    start = WatchStart(
        kind="placement",
        council=council,
        reference="P-1",
        actor=somebody(post, council),
        details={**HOME, **details},
        procedure=rules(council),
        calendar=calendar(council),
    )
    return kernel.begin(PLACEMENT, start, now)


def act(state: PlacementState, name: str, now: datetime, post: str = "social_worker", **details: Any) -> bool:  # noqa: ANN401 - any field
    """Somebody does an act."""
    said = Act(actor=somebody(post, state.procedure.key), message_id=f"{name}-{state.sequence}", details=details)
    return kernel.perform(PLACEMENT, state, name, said, now)


def word(state: PlacementState, what: str, now: datetime, **facts: Any) -> None:  # noqa: ANN401 - any fact
    """A word of the panel arrives."""
    by = somebody("panel_administrator", state.procedure.key)
    said = Word(message_id=f"{what}-{state.sequence}", what=what, sender="journey/J-1", by=by, facts=facts)
    kernel.take_word(PLACEMENT, state, said, now)


def run_to(state: PlacementState, now: datetime) -> None:
    """Let the clocks do all that they do until then, each at its own time."""
    while (due := state.next_event) is not None and due <= now:
        kernel.run_clocks(PLACEMENT, state, due)


def due(state: PlacementState, clock: str) -> str:
    """When a clock is due, in local time."""
    return f"{local(state.clocks[clock].due):%Y-%m-%d %H:%M}"


def standing(state: PlacementState, clock: str) -> str:
    """Where a clock stands."""
    return str(state.clocks[clock].state)


def told(state: PlacementState, since: int = 0) -> set[str]:
    """Every post that had a notice after an entry of the register."""
    return {notice.post for entry in state.unrecorded for notice in entry.notices if entry.sequence > since}


def view(state: PlacementState, now: datetime) -> WatchView:
    """What people see."""
    return views.view(PLACEMENT, state, now)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
