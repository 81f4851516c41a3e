"""Brings open journeys in from a spreadsheet: looks at every row first, and starts what is right of them.

Whatever starts goes through the gateway like any referral, so that a refusal is the same everywhere. Looking writes
nothing: no process, no refusal. A row that was brought in before is found again by its reference, so an import that
broke off goes on where it stopped.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from temporalio.client import Client, WorkflowExecutionStatus

from activities.register import Register
from models.acts import Act
from models.errors import Refused
from models.identifiers import journey_id
from models.journey import JourneyStart, JourneyState
from models.people import Actor
from models.referral import Referral
from models.views import JourneyView
from models.vocabulary import JourneyAct, Stage
from rules.journeys import acts as journeys
from rules.journeys.referring import begin, require_acceptable
from rules.journeys.windows import sitting_wanted
from rules.schedule import panel_of
from runtime.cover import Covers
from runtime.gateway import Gateway
from runtime.import_rows import ENDORSE, SIGN_OFF, Fault, ReadRow, RowReader
from runtime.processes import status_of
from runtime.staff import StaffDirectory, UnknownStaff

NEXT_ACT = {Stage.AWAITING_SIGN_OFF: SIGN_OFF, Stage.AWAITING_ENDORSEMENT: ENDORSE}
AT_ONCE = 8
"""How many rows are brought in at the same time."""
MOST_SIGNATURES = 8
"""More than any council's chain has."""


class Effect(StrEnum):
    """What becomes of a row."""

    STARTS = "starts"
    STARTED = "started"
    RUNS_ALREADY = "runs_already"
    FAULTY = "faulty"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowReport:
    """What an import does, or did, with a row: references, dates and codes, never narrative.

    Attributes:
        row: As the spreadsheet numbers it.
        reference: The referral's, where the row says one.
        effect: What becomes of it.
        process: The journey that it is.
        stage: Where the journey begins, or stands.
        acts: What is done in the name of whoever imports.
        sitting: The local date of the sitting that it is in time for, were all signatures given now.
        remark: What else there is to know, such as why it begins at the sign-off.
        faults: All that is wrong with it.
    """

    row: int
    reference: str | None
    effect: Effect
    process: str | None = None
    stage: str | None = None
    acts: tuple[str, ...] = ()
    sitting: date | None = None
    remark: str | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


class Importer:
    """Looks at the rows of one file, and brings them in.

    Args:
        reader: The file, read by a mapping.
        actor: Who imports.
        gateway: The way in.
        register: What was referred before.
        client: Connected: what runs already.
        staff: Who may have referred, where a column says so.
    """

    def __init__(  # noqa: PLR0913 - what an import is made of
        self,
        reader: RowReader,
        actor: Actor,
        gateway: Gateway,
        register: Register,
        client: Client,
        staff: StaffDirectory,
    ) -> None:
        self._reader = reader
        self._actor = actor
        self._gateway = gateway
        self._register = register
        self._client = client
        self._staff = staff
        self._covers = Covers(register.engine)

    async def look(self, now: datetime) -> AsyncIterator[RowReport]:
        """What would become of every row. Nothing is written anywhere.

        Args:
            now: UTC.

        Raises:
            BadFile: The file cannot be read to its end.
        """
        seen: dict[str, int] = {}
        for number, cells in self._reader.table.rows():
            read = self._reader.read(number, cells)
            first = seen.setdefault(read.reference, number) if read.reference else number
            if first != number:
                read = replace(read, referral=None, faults=(*read.faults, self._twice(first)))
            yield await self._report(read, now)

    async def bring(self, now: datetime) -> AsyncIterator[RowReport]:
        """Start every good row, do what the row says was done already, and leave the others alone.

        Args:
            now: UTC.

        Raises:
            BadFile: The file cannot be read to its end.
            NoAnswer: No worker answered; what was started stays, and is found again.
        """
        taken: set[str] = set()
        waiting: list[tuple[ReadRow, RowReport]] = []
        for number, cells in self._reader.table.rows():
            read = self._reader.read(number, cells)
            if read.referral is None or read.referral.referral_ref in taken:
                continue
            taken.add(read.referral.referral_ref)
            report = await self._report(read, now)
            if report.good:
                waiting.append((read, report))
            if len(waiting) >= AT_ONCE:
                for brought in await asyncio.gather(*(self._brought(*one, now) for one in waiting)):
                    yield brought
                waiting.clear()
        for brought in await asyncio.gather(*(self._brought(*one, now) for one in waiting)):
            yield brought

    def _twice(self, first: int) -> Fault:
        return Fault(
            self._reader.mapping.columns.get("referral_ref", ""),
            f"Row {first} has the same reference.",
            "Leave one of the two out, or give this one a reference of its own.",
        )

    async def _report(self, read: ReadRow, now: datetime) -> RowReport:
        if read.referral is None:
            return RowReport(read.number, read.reference, Effect.FAULTY, faults=read.faults)
        process_id = journey_id(read.referral.council, read.referral.referral_ref)
        try:
            start = self._gateway.prepared(read.referral, self._referrer(read), now)
            known = await self._known(process_id)
            if known is not None:
                return await self._as_known(read, start, known, now)
            require_acceptable(start, now)
            self._covers.require(start.actor, process_id)
        except UnknownStaff:
            column = self._reader.mapping.columns.get("referred_by", "")
            fault = Fault(column, "Nobody in the staff directory has this reference.", "Write a staff reference.")
            return RowReport(read.number, read.reference, Effect.FAULTY, process_id, faults=(fault,))
        except Refused as refused:
            return self._refused(read, process_id, refused)
        return self._foreseen(read, start, now)

    def _referrer(self, read: ReadRow) -> Actor:
        """Who refers: whoever imports, for the one whom the row names."""
        if read.referred_by is None or read.referred_by == self._actor.staff:
            return self._actor
        referrer = self._staff.actor(read.referred_by)
        return referrer.model_copy(update={"staff": self._actor.staff, "on_behalf_of": referrer.staff})

    async def _known(self, process_id: str) -> Referral | None:
        """The form that was referred under an id before."""
        for entry in self._register.events(process_id):
            if entry.what == JourneyAct.REFER and entry.accepted:
                return Referral.model_validate(entry.details)
        if await status_of(self._client, process_id) is None:
            return None
        return (await self._gateway.start_of(process_id)).referral

    async def _as_known(self, read: ReadRow, start: JourneyStart, known: Referral, now: datetime) -> RowReport:
        process_id, differs = start.process_id, _differences(known, start.referral)
        if not differs:
            acts = await self._left(read, start, now) if read.acts else ()
            remark = "It was referred before and is found again."
            return RowReport(read.number, read.reference, Effect.RUNS_ALREADY, process_id, acts=acts, remark=remark)
        columns = self._reader.mapping.columns
        fault = Fault(
            ", ".join(columns[name] for name in differs if name in columns),
            f"Another form was already referred under {start.referral.referral_ref}: {', '.join(differs)} differ.",
            "Give this row a reference of its own, or amend the journey that has it.",
        )
        return RowReport(read.number, read.reference, Effect.FAULTY, process_id, faults=(fault,))

    async def _left(self, read: ReadRow, start: JourneyStart, now: datetime) -> tuple[str, ...]:
        """What an import that broke off left undone: the signatures from the one on that the journey waits for."""
        if await status_of(self._client, start.process_id) is not WorkflowExecutionStatus.RUNNING:
            return ()
        view = await self._gateway.view(start.process_id)
        waits_for = NEXT_ACT.get(Stage(view.stage)) if isinstance(view, JourneyView) else None
        acts = self._foreseen(read, start, now).acts
        return acts[acts.index(waits_for) :] if waits_for in acts else ()

    def _refused(self, read: ReadRow, process_id: str, refused: Refused) -> RowReport:
        columns = self._reader.mapping.columns
        named = next((heading for name, heading in columns.items() if name in refused.sentence.split()), "")
        because = f" ({', '.join(filter(None, (str(refused.code), refused.rule)))})"
        fault = Fault(named, f"Refused{because}: {refused.sentence}", refused.remedy)
        return RowReport(read.number, read.reference, Effect.FAULTY, process_id, faults=(fault,))

    def _foreseen(self, read: ReadRow, start: JourneyStart, now: datetime) -> RowReport:
        """What the rules make of a good row: played on a state that nobody keeps."""
        state = begin(start, now)
        done: list[str] = []
        remark = None
        while (act := NEXT_ACT.get(state.stage)) in read.acts and act is not None and len(done) < MOST_SIGNATURES:
            try:
                message = Act(actor=self._actor, message_id=f"{act}-{len(done)}", details={})
                journeys.perform(state, act, message, now)
            except Refused as refused:
                begins = str(state.stage).removeprefix("awaiting_").replace("_", " ")
                remark = f"It begins at the {begins}: {refused.sentence}"
                break
            done.append(act)
        return RowReport(
            read.number,
            read.reference,
            Effect.STARTS,
            start.process_id,
            str(state.stage),
            tuple(done),
            _sitting_of(state, now),
            remark,
        )

    async def _brought(self, read: ReadRow, report: RowReport, now: datetime) -> RowReport:
        if read.referral is None:
            return report
        try:
            process_id, started = await self._gateway.refer(read.referral, self._referrer(read), now)
            for left, act in zip(range(len(report.acts), 0, -1), report.acts, strict=True):
                # The same id after a break: what was done is answered again.
                message_id = f"import-{read.referral.referral_ref}-{act}-{left}"
                await self._gateway.act(process_id, act, self._actor, {}, message_id)
        except Refused as refused:
            return replace(self._refused(read, report.process or "", refused), effect=Effect.REFUSED)
        return replace(report, effect=Effect.STARTED if started else Effect.RUNS_ALREADY)


def _sitting_of(state: JourneyState, now: datetime) -> date | None:
    if state.wanted is not None:
        return state.wanted.sitting
    if panel_of(state).schedule is None or state.stage is Stage.CLOSED:
        return None
    with suppress(Refused):  # nothing is ahead in its timetable
        return sitting_wanted(state, now, now, None)
    return None


def _differences(before: Referral, after: Referral) -> list[str]:
    """The fields in which two forms differ, by their paths; never what they say."""
    if before == after:
        return []
    old, new = _flat(before.model_dump(mode="json")), _flat(after.model_dump(mode="json"))
    return [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]


def _flat(part: Mapping[str, object], path: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in part.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{path}{key}.")
        elif value is not None:
            found[f"{path}{key}"] = value
    return found
