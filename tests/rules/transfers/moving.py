"""Transfers as Hackney's own file makes them, and the people who act on them. Times are Europe/London wall time."""

from datetime import datetime
from itertools import count
from typing import Any

from models.acts import Act
from models.case_transfer import CaseTransferState
from models.errors import Refused
from models.people import Actor
from models.procedure import Council
from models.snapshot import shared
from models.watch import WatchStart, WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from rules.transfers.kind import CASE_TRANSFER
from rules.watches import kernel, views
from rules.working_days import LONDON, local
from tests.builders import at, person

HACKNEY = shared(slice_for_watch(load_council("hackney"), "case_transfer"))
CALENDAR = working_calendar("hackney", 2030)
MONDAY = "2031-03-03 09:00"
AA, CIN, LAC, LC, CWD = (
    "access and assessment",
    "children in need",
    "looked after children",
    "leaving care",
    "children with disabilities",
)


def who(staff: str, post: str = "consultant_social_worker", unit: str | None = None) -> Actor:
    """Somebody of Hackney."""
    return person(staff, post, unit, "hackney")


ALMA = who("alma", unit=AA)
CARL = who("carl", unit=CIN)
CORA = who("cora", "consultant_social_worker")
GINA = who("gina", "group_manager", AA)
GARY = who("gary", "group_manager", CIN)
_numbers = count(1)


def whole(actor: Actor) -> dict[str, Any]:
    """A person as an act carries them."""
    return actor.model_dump(mode="json", exclude_none=True)


def starting(said: dict[str, Any], council: Council = HACKNEY, actor: Actor = ALMA, **more: Any) -> WatchStart:  # noqa: ANN401 - as the model has it
    """What starts a transfer."""
    return WatchStart(
        kind="case_transfer",
        council="hackney",
        reference="T-1",
        actor=actor,
        details={"child": "C-1", **said},
        procedure=council,
        calendar=CALENDAR,
        **more,
    )


def requested(when: str = MONDAY, /, **said: Any) -> CaseTransferState:  # noqa: ANN401 - fields of a request
    """A transfer that was just asked for; from Access and Assessment to Children in Need where nothing else is said."""
    said = {"from": AA, "to": CIN, **{key.rstrip("_"): value for key, value in said.items()}}
    state: CaseTransferState = kernel.begin(CASE_TRANSFER, starting(said), at(when))
    return state


def do(state: CaseTransferState, when: str, actor: Actor, name: str, **said: Any) -> None:  # noqa: ANN401 - as acts have it
    """Do an act, after whatever clocks did until then."""
    kernel.run_clocks(CASE_TRANSFER, state, at(when))
    kernel.perform(
        CASE_TRANSFER, state, name, Act(actor=actor, message_id=f"m{next(_numbers)}", details=said), at(when)
    )


def refusal(state: CaseTransferState, when: str, actor: Actor, name: str, **said: Any) -> Refused | None:  # noqa: ANN401 - as acts have it
    """What an act is refused with; `None` when it is accepted, and it is not done either way."""
    try:
        act = Act(actor=actor, message_id=f"m{next(_numbers)}", details=said)
        kernel.check(CASE_TRANSFER, state, name, act, at(when))
    except Refused as refused:
        return refused
    return None


def code(state: CaseTransferState, when: str, actor: Actor, name: str, **said: Any) -> str | None:  # noqa: ANN401 - as acts have it
    """The code with which an act is refused."""
    refused = refusal(state, when, actor, name, **said)
    return None if refused is None else str(refused.code)


def not_started(**said: Any) -> Refused:  # noqa: ANN401 - fields of a request
    """The refusal of a request."""
    try:
        requested(MONDAY, **said)
    except Refused as refused:
        return refused
    msg = "it was accepted"
    raise AssertionError(msg)


def later(state: CaseTransferState, when: str) -> None:
    """Let clocks do what is due by a moment."""
    kernel.run_clocks(CASE_TRANSFER, state, at(when))


def seen(state: CaseTransferState, when: str) -> WatchView:
    """The transfer as people see it."""
    return views.view(CASE_TRANSFER, state, at(when))


def due(state: CaseTransferState, name: str = "transfer") -> str:
    """When a clock is due, as London wall time."""
    return f"{local(state.clocks[name].due):%Y-%m-%d %H:%M}"


def stood(state: CaseTransferState, name: str = "transfer") -> str:
    """How a clock stands."""
    return str(state.clocks[name].state)


def now(when: str) -> datetime:
    """An instant from wall time."""
    return datetime.fromisoformat(when).replace(tzinfo=LONDON)
