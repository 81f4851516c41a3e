"""Packages of Hackney, for the tests of packages."""

from datetime import datetime
from typing import Any

from models.acts import Act
from models.errors import Refused
from models.people import Actor
from models.procedure import Council
from models.snapshot import shared
from models.support_package import SupportPackageState
from models.watch import WatchStart
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.packages.acts import PACKAGE
from rules.watches import kernel
from tests.builders import at, refusal_of

HACKNEY = shared(slice_for_watch(load_council("hackney"), "support_package"))
CALENDAR = working_calendar("hackney", 2030)
TUESDAY = at("2031-04-08 10:30")
MENTORING = {"service": "Mentoring", "agency": "yot"}
GROUP = {"service": "Group work", "agency": "sub19"}


def person(post: str) -> Actor:
    """Somebody in a post."""
    return Actor(staff=post, post=post, council="hackney")


def start(council: Council = HACKNEY, **details: Any) -> WatchStart:  # noqa: ANN401 - any field
    """What starts a package."""
    return WatchStart(
        kind="support_package",
        council="hackney",
        reference="PK1",
        actor=person("jarp_coordinator"),
        details=details,
        procedure=council,
        calendar=CALENDAR,
    )


def package(now: datetime = TUESDAY, council: Council = HACKNEY, **details: Any) -> SupportPackageState:  # noqa: ANN401 - any field
    """A package of one service, mentoring, of priority 2 unless it says otherwise."""
    said = {"child": "C-1", "priority": 2, "services": [MENTORING], **details}
    return kernel.begin(PACKAGE, start(council, **said), now)


def rapid(now: datetime = TUESDAY, **details: Any) -> SupportPackageState:  # noqa: ANN401 - any field
    """A package of Rapid Response."""
    return package(now, priority=None, services=["Rapid Response"], **details)


def act(
    state: SupportPackageState,
    name: str,
    now: datetime,
    post: str = "group_manager",
    /,
    **details: Any,  # noqa: ANN401 - any field
) -> None:
    """Somebody does an act."""
    message = Act(actor=person(post), message_id=f"{name}-{state.sequence}", details=details)
    kernel.perform(PACKAGE, state, name, message, now)


def refused(
    state: SupportPackageState,
    name: str,
    now: datetime,
    post: str = "group_manager",
    /,
    **details: Any,  # noqa: ANN401 - any field
) -> Refused:
    """The refusal of an act, which leaves everything as it was."""
    before = state.model_dump_json()
    refusal = refusal_of(lambda: act(state, name, now, post, **details))
    assert state.model_dump_json() == before
    return refusal


def run_to(state: SupportPackageState, now: datetime) -> None:
    """Let the clocks do all that they do until then, each at its own time."""
    while (due := state.next_event) is not None and due <= now:
        kernel.run_clocks(PACKAGE, state, due)
