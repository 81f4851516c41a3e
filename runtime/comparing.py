"""Compares the register with Temporal: nothing that a history has may be missing, event by event.

For every process that the namespace still has: each act that was accepted and each escalation stands in the register,
by name, person and number; the numbers have no gap up to the last that the process knows; its last events are the
register's; and it stands as the read models say.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import sqlalchemy as sql
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.process import Event
from models.vocabulary import JourneyAct
from models.watch import WatchView
from register.fold import catch_up
from register.log import replaced_by
from register.read_models import PROCESS
from register.tables import ERASURE, EVENT
from rules.placements.places import COUNTED
from rules.standing import Standing, standing_of
from runtime.gateway import View, view_shape

LOOKS = 3
"""How often a process that is busy is looked at before what differs counts."""
LOOK_PAUSE = 0.5
"""Seconds between two looks."""
SAID_AS: Final[Mapping[str, frozenset[str]]] = {
    JourneyAct.DECIDE_AS_POST: frozenset({"decided", "recommended"}),
    JourneyAct.WITHDRAW: frozenset({"withdraw", "withdrawal_agreed"}),
    JourneyAct.CLOSE: frozenset({"close", "closed"}),
    JourneyAct.AUTHORISE_EMERGENCY: frozenset({"authorise_emergency", "legal_planning_meeting_agreed"}),
    "answer_proposal": frozenset({"proposal_answered"}),
    JourneyAct.ESCALATE: frozenset({"escalate", "escalated"}),
}
"""Acts that stand in the register under what they led to."""
NOT_BY_PEOPLE: Final = frozenset({"book"})
"""Updates that one process sends another: what comes of them is on the record of both under names of its own."""
REPEATED: Final = frozenset({"heard"})
"""Events that are on another process's record too, and are written together with the next."""
OF_THE_MOMENT: Final = frozenset({"flags", "documents_missing", "score", "priority", "running_total"})
"""What a view reckons from the day on which it is asked, or from what other processes claimed."""
BROUGHT_TO: Final = "sitting"
"""So does a watch the sitting that it would be brought to."""


@dataclass(frozen=True)
class Difference:
    """Something that Temporal has otherwise than the register. `what` is a word for it, `sentence` says it."""

    process_id: str
    what: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        """The object that `--json` prints."""
        return asdict(self)


@dataclass
class Told:
    """What a process's histories tell: the acts that it accepted, and the escalations that it was sent."""

    acts: list["Accepted"] = field(default_factory=list)
    escalations: int = 0


@dataclass(frozen=True)
class Accepted:
    """An act that a process accepted: its name, who did it, and the number of the last event that it led to."""

    name: str
    staff: str
    sequence: int


async def compare(client: Client, engine: sql.Engine, query: str | None = None, looks: int = LOOKS) -> list[Difference]:
    """Compare the register with every process that the namespace still has.

    Args:
        client: Connected, with a worker that answers queries.
        engine: The register's.
        query: Which processes, as Temporal's visibility understands it; all of them when left out.
        looks: How often one that goes on is looked at before what differs counts.
    """
    found: list[Difference] = []
    seen: set[str] = set()
    async for execution in client.list_workflows(query):
        if execution.id not in seen:
            seen.add(execution.id)
            found += await compare_process(client, engine, execution.id, looks)
    return found


async def compare_process(client: Client, engine: sql.Engine, process_id: str, looks: int = LOOKS) -> list[Difference]:
    """Compare the register with one process. One that is busy is looked at several times.

    Args:
        client: Connected, with a worker that answers queries.
        engine: The register's.
        process_id: Which.
        looks: How often, at least once.
    """
    found: list[Difference] = []
    for look in range(looks):
        if look:
            await asyncio.sleep(LOOK_PAUSE)
        try:
            view = await _view(client, process_id)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return []  # the namespace forgot it meanwhile
        if view is None:
            return await _never_began(client, engine, process_id)
        told = await told_by(client, process_id)
        rows, standing = await asyncio.to_thread(_read, engine, process_id)
        found = [
            *_gaps(process_id, rows, view.recent),
            *_last_events(process_id, rows, view.recent),
            *_acts(process_id, rows, told),
            *_standing(process_id, standing, view, rows),
        ]
        if not found or not view.open:
            break
    return found


async def _view(client: Client, process_id: str) -> View | None:
    try:
        view: View = await client.get_workflow_handle(process_id).query("view", result_type=view_shape(process_id))
    except WorkflowQueryFailedError:
        return None
    return view


async def _never_began(client: Client, engine: sql.Engine, process_id: str) -> list[Difference]:
    """A start that its own rules refused shows nothing and took nothing; all else that shows nothing is a fault."""
    told = await told_by(client, process_id)
    if not told.acts:
        return []
    rows, _ = await asyncio.to_thread(_read, engine, process_id)
    return [
        Difference(process_id, "not_shown", f"{process_id} does not show itself: its code may fail."),
        *_acts(process_id, rows, told),
    ]


def _read(engine: sql.Engine, process_id: str) -> tuple[list[Any], Standing | None]:
    """What the register has of a process: its events in order, refusals by validators left out; and how it stands.

    Of a process of which anything was erased it no longer says how it stands.
    """
    catch_up(engine)
    mine = (EVENT.c.process_id == process_id) & (EVENT.c.sequence > 0)
    query = sql.select(EVENT).where(mine).order_by(EVENT.c.position)
    erased = sql.select(ERASURE.c.position).join(EVENT, EVENT.c.position == ERASURE.c.position).where(mine).limit(1)
    with engine.connect() as connection:
        counts = {row.sequence: row for row in connection.execute(query) if _is_of_process(row.message_id)}
        stands = sql.select(PROCESS.c.standing).where(PROCESS.c.process_id == process_id)
        whole = connection.scalar(erased) is None
        return [counts[number] for number in sorted(counts)], (connection.scalar(stands) or {}) if whole else None


def _is_of_process(message_id: str) -> bool:
    """Whether a process wrote an event, be it instead of an earlier one; what an erasure said again is nobody's act."""
    return message_id == "" or replaced_by(message_id) is not None


def _gaps(process_id: str, rows: Sequence[Any], recent: Sequence[Event]) -> list[Difference]:
    there = {row.sequence for row in rows}
    last = recent[-1].sequence if recent else 0
    awaited = {event.sequence for event in _yet_to_come(rows, recent)}
    missing = [number for number in range(1, last + 1) if number not in there and number not in awaited]
    beyond = [number for number in sorted(there) if number > last]
    said = f"{process_id} knows events 1 to {last}"
    found = []
    if missing:
        found.append(Difference(process_id, "missing", f"{said}; the register lacks {_numbers(missing)}."))
    if beyond:
        found.append(Difference(process_id, "beyond", f"{said}; the register has {_numbers(beyond)} besides."))
    return found


def _yet_to_come(rows: Sequence[Any], recent: Sequence[Event]) -> list[Event]:
    """The last events, as long as each only repeats what another process has on its record."""
    written = rows[-1].sequence if rows else 0
    left = [event for event in recent if event.sequence > written]
    return left if all(event.what in REPEATED for event in left) else []


def _numbers(numbers: Sequence[int]) -> str:
    few = ", ".join(str(number) for number in numbers[:10])
    return f"{few} and {len(numbers) - 10} more" if len(numbers) > 10 else few  # noqa: PLR2004 - what a line holds


def _last_events(process_id: str, rows: Sequence[Any], recent: Sequence[Event]) -> list[Difference]:
    by_number = {row.sequence: row for row in rows}
    found = []
    for event in recent:
        row = by_number.get(event.sequence)
        if row is None:
            continue  # said as missing
        here = (row.what, row.at, row.staff, row.post, row.accepted, row.code)
        there = (event.what, event.at, event.staff, event.post, event.accepted, event.code)
        if here != there:
            said = f"Event {event.sequence} of {process_id} is {event.what} there and {row.what} in the register,"
            found.append(Difference(process_id, "other", f"{said} or differs in time, person or code."))
    return found


def _acts(process_id: str, rows: Sequence[Any], told: Told) -> list[Difference]:
    found = []
    taken: set[int] = set()
    for act in told.acts:
        names = SAID_AS.get(act.name, frozenset({act.name}))
        fits = [
            row.sequence
            for row in rows
            if row.accepted and row.what in names and row.staff == act.staff and row.sequence <= act.sequence
        ]
        left = [number for number in fits if number not in taken]
        if left:
            taken.add(left[-1])
        else:
            said = f"{process_id} accepted {act.name} by {act.staff} up to event {act.sequence}"
            found.append(Difference(process_id, "act", f"{said}, and the register has no such event."))
    written = sum(1 for row in rows if row.what in SAID_AS[JourneyAct.ESCALATE])
    if written < told.escalations:
        said = f"{process_id} was sent {told.escalations} escalations, and the register has {written}."
        found.append(Difference(process_id, "escalation", said))
    return found


def _standing(process_id: str, standing: Standing | None, view: View, rows: Sequence[Any]) -> list[Difference]:
    """Where the read models differ from the view; what waits to be written with the next event is not yet there."""
    if standing is None or _yet_to_come(rows, view.recent):
        return []
    here, there = _settled(standing), _settled(standing_of(view))
    moment = OF_THE_MOMENT | {BROUGHT_TO} if isinstance(view, WatchView) else OF_THE_MOMENT
    keys = sorted(key for key in {*here, *there} - moment if here.get(key) != there.get(key))
    if not keys:
        return []
    return [Difference(process_id, "standing", f"{process_id} stands otherwise in the register: {', '.join(keys)}.")]


def _settled(standing: Standing) -> Standing:
    """A standing without what a process learns between two events, and writes down with the next."""
    facts = standing.get("facts", {})
    return {**standing, "facts": {path: value for path, value in facts.items() if path != COUNTED}}


async def told_by(client: Client, process_id: str) -> Told:
    """What the histories of a process tell, of its last run and of those before it.

    Args:
        client: Connected.
        process_id: Which.
    """
    told = Told()
    async for run in _runs(client, process_id):
        _take(client, run, told)
    return told


async def _runs(client: Client, process_id: str) -> AsyncIterator[list[HistoryEvent]]:
    """The histories of a process, the last first, as far back as the server still has them."""
    run_id: str | None = None
    while True:
        handle = client.get_workflow_handle(process_id, run_id=run_id)
        try:
            events = [event async for event in handle.fetch_history_events()]
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return
        yield events
        run_id = events[0].workflow_execution_started_event_attributes.continued_execution_run_id or None
        if run_id is None:
            return


def _take(client: Client, events: Sequence[HistoryEvent], told: Told) -> None:
    converter = client.data_converter.payload_converter
    asked: dict[str, tuple[str, str]] = {}
    seen: set[str] = set()
    for event in events:
        kind = event.WhichOneof("attributes")
        if kind == "workflow_execution_update_accepted_event_attributes":
            request = event.workflow_execution_update_accepted_event_attributes.accepted_request
            if request.input.name not in NOT_BY_PEOPLE:
                said = converter.from_payload(request.input.args.payloads[0])
                asked[request.meta.update_id] = (request.input.name, said["actor"]["staff"])
        elif kind == "workflow_execution_update_completed_event_attributes":
            done = event.workflow_execution_update_completed_event_attributes
            name = asked.get(done.meta.update_id)
            if name is not None and done.outcome.HasField("success"):  # else another act had come in between
                answer = converter.from_payload(done.outcome.success.payloads[0])
                if not answer["repeated"]:
                    told.acts.append(Accepted(*name, answer["sequence"]))
        elif kind == "workflow_execution_signaled_event_attributes":
            signal = event.workflow_execution_signaled_event_attributes
            told.escalations += signal.signal_name == JourneyAct.ESCALATE and _is_new(converter, signal, seen)


def _is_new(converter: Any, signal: Any, seen: set[str]) -> bool:  # noqa: ANN401 - of Temporal's own shapes
    """Whether an escalation did not come before: the same message does nothing more. What nobody can read is new."""
    try:
        said = converter.from_payload(signal.input.payloads[0])
        number = str(said["message_id"])
    except Exception:  # noqa: BLE001 - of any shape: anybody may send anything
        return True
    if number in seen:
        return False
    seen.add(number)
    return True
