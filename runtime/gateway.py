"""The way in: starting journeys, sending acts and escalations, asking for views.

The command line, the rehearsals and the web use the same gateway, so a refusal is the same everywhere: it is raised as
`Refused`, and recorded in the register even though history has nothing of it.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.booking import Rota
from activities.register import Register
from models.acts import Act, Answer, Reasoned, Redirect
from models.deadlines import WatchKind
from models.errors import ProcedureFault, RefusalCode, Refused
from models.journey import JourneyStart
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.process import Entry, Event
from models.referral import Referral
from models.snapshot import pack
from models.vocabulary import JourneyAct
from procedures.slices import slice_for
from rules.authority import rule_for, titles
from rules.journeys.referring import require_acceptable
from rules.process import message_key, read_details
from runtime.asking import NoAnswer, View, ask, view_shape
from runtime.cover import Covers
from runtime.journey_starts import JourneyStarts
from runtime.processes import status_of
from runtime.refusals import refusal_from, unknown_process
from runtime.watch_starts import WatchStarts
from workflows.watches import KINDS

__all__ = ["Gateway", "NoAnswer", "View", "view_shape"]

TRIES = 5
"""How often an act is sent that meets a process just as it continues as new."""

PATIENCE = timedelta(seconds=20)
"""How long a person waits for a worker's answer."""
REST_SECONDS = 5.0
REST_PAUSE = 0.05


class Gateway:
    """Sends what people do to the processes.

    Args:
        client: A connected client.
        task_queue: Where journeys run.
        register: Where refusals are recorded.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
        rota: Who chairs, by council.
        patience: How long to wait for a worker's answer.
        covers: Who stands in for whom; as the register has it, today, when left out.
    """

    def __init__(  # noqa: PLR0913 - what a gateway is made of
        self,
        client: Client,
        task_queue: str,
        register: Register,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
        rota: Callable[[str], Rota],
        patience: timedelta = PATIENCE,
        covers: Covers | None = None,
    ) -> None:
        self._patience = patience
        self._client = client
        self._register = register
        self._council = council
        self._covers = covers or Covers(register.engine)
        self._journeys = JourneyStarts(client, task_queue, register, council, calendar, rota)
        self._starting = WatchStarts(client, task_queue, register, council, calendar)

    async def refer(self, referral: Referral, actor: Actor, now: datetime) -> tuple[str, bool]:
        """Start a journey, or find the one that the same form already started.

        Args:
            referral: The intake form.
            actor: Who refers.
            now: UTC.

        Returns:
            The process id, and whether it was started now.

        Raises:
            Refused: The form is not acceptable, or another form already has its reference.
            ProcedureFault: The council's files are at fault.
        """
        start = self.prepared(referral, actor, now)
        try:
            require_acceptable(start, now)
            await self._require_cover(start.process_id, actor)
            return start.process_id, await self._journeys.begin(start)
        except Refused as refused:
            await self._record(
                start.process_id, start.procedure.version, JourneyAct.REFER, actor, now, refused, _new_id()
            )
            raise

    def prepared(self, referral: Referral, actor: Actor, now: datetime) -> JourneyStart:
        """What a referral would start, under the procedure in force; nothing is judged yet, and nothing starts.

        Args:
            referral: The intake form.
            actor: Who refers.
            now: UTC.

        Raises:
            ProcedureFault: The council's files are at fault.
        """
        return self._journeys.prepared(referral, actor, now)

    async def start(
        self, kind: WatchKind, details: Mapping[str, Any], actor: Actor, now: datetime, name: str | None = None
    ) -> tuple[str, bool]:
        """Start a placement, episode, package, transfer, unit meeting or duty, or find the one already started.

        Args:
            kind: What to start.
            details: In the shape of the act that starts it, as JSON has it.
            actor: Who starts it.
            now: UTC.
            name: Its reference, where the details give none.

        Returns:
            The process id, and whether it was started now.

        Raises:
            Refused: It is not acceptable, or something else already has its reference.
            ProcedureFault: The council's files are at fault.
        """
        rules = KINDS[kind]
        start = await self._starting.of_today(self._starting.prepared(kind, details, actor, now, name))
        if rules.starts in rules.acts and await status_of(self._client, start.process_id) is not None:
            await self.act(start.process_id, rules.starts, actor, details)
            return start.process_id, False
        try:
            await self._require_cover(start.process_id, actor)
            return start.process_id, await self._starting.begin(start, now)
        except Refused as refused:
            await self._record(start.process_id, start.procedure.version, rules.starts, actor, now, refused, _new_id())
            raise

    async def act(
        self,
        process_id: str,
        name: str,
        actor: Actor,
        details: Mapping[str, Any],
        message_id: str | None = None,
    ) -> Answer:
        """Send an act and wait for its answer.

        Args:
            process_id: The process.
            name: The act.
            actor: Who acts.
            details: What the act says, as JSON has it.
            message_id: The same id again is answered again and done once; made up when left out.

        Raises:
            Refused: With code, sentence and remedy.
            NoAnswer: It may still be done: sent again under the same message id, it is done once.
        """
        said = dict(details)
        if name == JourneyAct.REDIRECT:
            said |= self._procedure_there(process_id, said)
        act = Act(actor=actor, message_id=message_id or _new_id(), details=said)
        handle = self._client.get_workflow_handle(process_id)
        try:
            await self._require_cover(process_id, actor)
            answer = await self._send(handle, name, act)
        except Refused as no_cover:
            refused = no_cover
        except WorkflowUpdateFailedError as error:
            refused = refusal_from(error.cause)
        except RPCTimeoutOrCancelledError:
            _cancelled_is_cancelled()
            raise NoAnswer(
                f"No worker answered within {self._patience.total_seconds():.0f} seconds, and the act may still be"
                f" done: start one with `make up` and send it again with --message-id {act.message_id}, to do it once."
            ) from None
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            gone = await self._gone(process_id, name)
            if gone is None:
                view = await self.view(process_id)
                return Answer(sequence=0, stage=view.stage, waiting_on=None, repeated=True)
            refused = gone
        else:
            return answer
        await self._record(process_id, "", name, actor, datetime.now(UTC), refused, act.message_id)
        raise refused

    async def _require_cover(self, process_id: str, actor: Actor) -> None:
        """Refuse whoever acts on somebody's behalf and does not stand in for them today."""
        if actor.on_behalf_of is not None:
            await asyncio.to_thread(self._covers.require, actor, process_id)

    def _procedure_there(self, process_id: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """What a case takes along that is sent to another forum: that forum's procedure, which it may not carry."""
        with suppress(ValidationError, Refused, ProcedureFault, ValueError):
            council = self._council(process_id.split("/")[1])
            return {"procedure": pack(slice_for(council, Redirect.model_validate(details).forum))}
        return {}

    async def _send(self, handle: WorkflowHandle[Any, Any], name: str, act: Act) -> Answer:
        """Send an act; again when it came just as the process continued as new, which the server does not do itself."""
        left = TRIES
        while True:
            left -= 1
            try:
                answer: Answer = await handle.execute_update(
                    name, act, id=message_key(name, act.message_id), result_type=Answer, rpc_timeout=self._patience
                )
            except RPCError as error:
                if not left or error.status is not RPCStatusCode.FAILED_PRECONDITION:
                    raise
            else:
                return answer

    async def _gone(self, process_id: str, name: str) -> Refused | None:
        """Why a process takes no acts; `None` when a journey that is closed is closed once more."""
        status = await status_of(self._client, process_id)
        if status is None:
            return unknown_process(process_id)
        if name == JourneyAct.CLOSE and status is WorkflowExecutionStatus.COMPLETED:
            return None
        return Refused(
            RefusalCode.ILLEGAL_MOVE,
            "This process is closed and takes no more acts.",
            "Start a new referral; the record of this one stays.",
        )

    async def escalate(
        self, process_id: str, actor: Actor, details: Mapping[str, Any], message_id: str | None = None
    ) -> None:
        """Send an escalation signal, and find out whether it was taken.

        Args:
            process_id: The process.
            actor: Who escalates.
            details: With `reasons`.
            message_id: For idempotency; made up when left out.

        Raises:
            Refused: The process recorded it as refused, or there is no such process.
        """
        read_details(Reasoned, details)
        act = Act(actor=actor, message_id=message_id or _new_id(), details=dict(details))
        handle = self._client.get_workflow_handle(process_id)
        try:
            await self._require_cover(process_id, actor)
        except Refused as refused:
            await self._record(process_id, "", JourneyAct.ESCALATE, actor, datetime.now(UTC), refused, act.message_id)
            raise
        before = await self.view(process_id)
        try:
            await handle.signal("escalate", act)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            raise (await self._gone(process_id, "escalate")) or unknown_process(process_id) from None
        after = await self.view(process_id)
        seen = before.recent[-1].sequence if before.recent else 0
        for event in after.recent:
            if event.sequence > seen and event.what == "escalate" and event.staff == actor.staff and event.code:
                raise self._not_escalated(before.council, before.forum, event)

    def _not_escalated(self, council_key: str, forum_key: str, event: Event) -> Refused:
        council = self._council(council_key)
        rule = rule_for(council, forum_key, JourneyAct.ESCALATE)
        return Refused(
            RefusalCode(event.code or RefusalCode.INVALID),
            event.note or "The escalation was refused.",
            f"Ask the {titles(council, rule.posts)}.",
            rule.cites[0],
        )

    async def view(self, process_id: str) -> View:
        """A process as it stands.

        Args:
            process_id: The process.

        Raises:
            Refused: `unknown` process.
            NoAnswer: No worker answered.
        """
        shape = view_shape(process_id)
        view: View = await ask(self._client, process_id, "view", shape, self._patience)
        return view

    async def start_of(self, process_id: str) -> JourneyStart:
        """A journey's referral as it stands, with the procedure that applies to it.

        Args:
            process_id: The journey.

        Raises:
            Refused: `unknown` process.
            NoAnswer: No worker answered.
        """
        start: JourneyStart = await ask(self._client, process_id, "referral", JourneyStart, self._patience)
        return start

    async def rested(self, process_id: str, seconds: float = REST_SECONDS) -> View:
        """A process as it stands once it has booked, sent and written what an act asked of it, or when time is up.

        Args:
            process_id: The process.
            seconds: How long to wait at most.

        Raises:
            Refused: `unknown` process.
            NoAnswer: No worker answered.
        """
        view = await self.view(process_id)
        for _ in range(round(seconds / REST_PAUSE)):
            if view.settled:
                break
            await asyncio.sleep(REST_PAUSE)
            view = await self.view(process_id)
        return view

    async def _record(  # noqa: PLR0913 - an entry has that many parts
        self,
        process_id: str,
        version: str,
        what: str,
        actor: Actor,
        now: datetime,
        refused: Refused,
        message_id: str,
    ) -> None:
        entry = Entry(
            process_id=process_id,
            sequence=0,
            at=now,
            what=what,
            staff=actor.staff,
            post=actor.post,
            on_behalf_of=actor.on_behalf_of,
            accepted=False,
            code=refused.code,
            cites=(refused.rule,) if refused.rule else (),
            procedure_version=version,
            details={"sentence": refused.sentence},
        )
        await self._register.record_refusal(entry, message_id)


def _cancelled_is_cancelled() -> None:
    """The client tells a cancelled call like a late one; whoever presses Ctrl-C is not late."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _new_id() -> str:
    return str(uuid.uuid4())
