"""Messages between processes: signals that arrive at least once and are taken once; and journeys started onward."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any, NamedTuple, cast

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from temporalio import activity
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowQueryFailedError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.processes import status_of
from activities.register import Register
from models.deadlines import WatchKind
from models.errors import ProcedureFault, RefusalCode, Refused
from models.journey import JourneyStart
from models.procedure import Council, WorkingCalendar
from models.process import Delivery, NewsKind, NotStarted, Starting
from models.watch import WatchStart, id_of_starting, later_episode, watch_kind
from procedures.slices import slice_for, slice_for_watch
from rules.journeys.referring import require_acceptable
from rules.process import refusal_of
from rules.watches.kernel import begin
from rules.watches.kinds import Kind

JOURNEY = "journey"
"""What `Starting` calls a journey; all else is a kind of watch."""
JOURNEY_WORKFLOW = "ChildJourney"
WATCH_WORKFLOWS: dict[WatchKind, str] = {
    "placement": "Placement",
    "care_episode": "CareEpisode",
    "support_package": "SupportPackage",
    "case_transfer": "CaseTransfer",
    "unit_meeting": "UnitMeeting",
    "forum_duty": "ForumDuty",
}
NEWS_SIGNAL = "take_news"
RELEASE_SIGNAL = "take_release"
WORD_SIGNAL = "take_word"
LIVED = (
    WorkflowExecutionStatus.RUNNING,
    WorkflowExecutionStatus.COMPLETED,
    WorkflowExecutionStatus.CONTINUED_AS_NEW,
)
"""How a process stands that began and that nobody broke off."""
NAMED_BY_ITSELF: tuple[WatchKind, ...] = ("care_episode", "unit_meeting", "forum_duty")
"""Kinds whose reference says which it is: the child's, the unit's of a day, the forum's of a day."""
ANNOUNCED_KIND: WatchKind = "care_episode"
"""What everything about a child is told to, if the child has one: it is announced to the register before it starts."""
LOOK = timedelta(seconds=5)
"""How long to wait for another process to show itself."""


SIDE_BY_SIDE = frozenset({NewsKind.HEARD, NewsKind.DECIDED, NewsKind.APPROVED})
"""News that may go to several journeys at once. For all else, whoever is first in line hears it first: a case that is
carried over asks at once for the next place."""
REGISTER_SECONDS = 5.0
"""How long the register may take while messages wait."""


class Delivered(NamedTuple):
    """What became of messages.

    `nobody`: the processes that are over, or that never were and had to be there: the sender puts them on its record.
    `left`: the numbers of the messages that could not be sent now, from 0.
    """

    nobody: list[str]
    left: list[int]


class _End(NamedTuple):
    """How far it went with the messages for one process, and what stopped it."""

    sent: int
    nobody: bool = False
    away: Exception | None = None


class Messages:
    """Sends messages to other processes.

    Args:
        client: A connected client.
        task_queue: Where journeys that are started onward run.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
        kinds: The rules of every kind of watch, to see before it starts whether it can.
        register: Knows what was started before and is long forgotten by Temporal.
    """

    def __init__(  # noqa: PLR0913 - what starting takes
        self,
        client: Client,
        task_queue: str,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
        kinds: Mapping[WatchKind, Kind[Any]],
        register: Register,
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._council = council
        self._calendar = calendar
        self._kinds = kinds
        self._register = register

    async def deliver(self, deliveries: Sequence[Delivery]) -> Delivered:
        """Send each message in order; one that cannot be sent now holds up no other process.

        Args:
            deliveries: In order.

        Returns:
            Whom nobody is there to take it for, and what is left to send.

        Raises:
            Exception: None could be sent; the server or the register said why, or did not answer.
        """
        numbers: dict[str, list[int]] = {}
        for number, delivery in enumerate(deliveries):
            numbers.setdefault(delivery.to, []).append(number)
        to = list(numbers)
        parts = [[deliveries[one] for one in numbers[each]] for each in to]
        if all(one.news is not None and one.news.kind in SIDE_BY_SIDE for one in deliveries):
            ends = await asyncio.gather(*(self._deliver_to(part) for part in parts))
        else:
            ends = [await self._deliver_to(part) for part in parts]
        left = sorted(one for each, end in zip(to, ends, strict=True) for one in numbers[each][end.sent :])
        away = next((end.away for end in ends if end.away is not None), None)
        if away is not None and len(left) == len(deliveries):
            raise away
        return Delivered([each for each, end in zip(to, ends, strict=True) if end.nobody], left)

    async def _deliver_to(self, deliveries: Sequence[Delivery]) -> _End:
        """Send what is for one process, in order, for as long as it arrives.

        Care episodes are announced to the register before they start. Most children have none, and then the server need
        not be asked for it.
        """
        to = deliveries[0].to
        if watch_kind(to) == ANNOUNCED_KIND and all(one.optional for one in deliveries) and await self._is_nobody(to):
            return _End(len(deliveries))
        for sent, delivery in enumerate(deliveries):
            try:
                if not await self._arrives(delivery):
                    return _End(len(deliveries), nobody=True)
            except Exception as error:  # noqa: BLE001 - whatever it is, it holds up no other process
                return _End(sent, away=error)
        return _End(len(deliveries))

    async def _send(self, delivery: Delivery) -> bool:
        """Whether there was somebody to take it."""
        handle = self._client.get_workflow_handle(delivery.to)
        try:
            if delivery.news is not None:
                await handle.signal(NEWS_SIGNAL, delivery.news)
            if delivery.release is not None:
                await handle.signal(RELEASE_SIGNAL, delivery.release)
            if delivery.word is not None:
                await handle.signal(WORD_SIGNAL, delivery.word)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return False
        return True

    async def _arrives(self, delivery: Delivery) -> bool:
        """Whether somebody takes it, or nobody is there and nobody need be.

        A process ends only when the register has all of it, so the register knows who was there before.
        """
        if await self._send(delivery):
            return True
        was_there = await self._was_there(delivery.to)
        if was_there and watch_kind(delivery.to) == ANNOUNCED_KIND:
            return await self._send_to_later_episode(delivery)
        return delivery.optional and not was_there

    async def _is_nobody(self, process_id: str) -> bool:
        """Whether there is surely no such process; where the register does not answer, the server is asked."""
        try:
            async with asyncio.timeout(REGISTER_SECONDS):
                return not await self._register.expects(process_id)
        except (SQLAlchemyError, TimeoutError):
            return False

    async def _was_there(self, process_id: str) -> bool:
        async with asyncio.timeout(REGISTER_SECONDS):
            return await self._register.knows(process_id)

    async def _send_to_later_episode(self, delivery: Delivery) -> bool:
        """Send to the care episode that the child has now: the first one is over."""
        for number in count(2):
            there = later_episode(delivery.to, number)
            if await self._send(delivery.model_copy(update={"to": there})):
                return True
            if not await self._was_there(there):
                return False
        raise AssertionError  # counting does not end

    @activity.defn(name="start_onward")
    async def start_onward(self, starts: Sequence[JourneyStart]) -> list[NotStarted]:
        """Start journeys that a decision sent on to another forum, each exactly once, under that forum's procedure.

        Args:
            starts: What each of them starts with.

        Returns:
            Those whose reference something else has: the sender brings them to a person.
        """
        refused: list[NotStarted] = []
        for start in starts:
            there = slice_for(self._council(start.referral.council), start.referral.forum)
            try:
                await self._begin(JOURNEY_WORKFLOW, start.model_copy(update={"procedure": there}))
            except Refused as why:
                refused.append(NotStarted(process_id=start.process_id, code=why.code, sentence=why.sentence))
        return refused

    @activity.defn(name="start")
    async def start(self, sender: str, starting: Sequence[Starting]) -> list[NotStarted]:
        """Start what a process begins, each exactly once, under the procedure in force today.

        Args:
            sender: The process that begins them.
            starting: What each of them starts with.

        Returns:
            Those that cannot begin, and why: the sender brings them to a person.

        Raises:
            RPCError: The server did not answer for one of them; the others were tried.
        """
        refused: list[NotStarted] = []
        away: RPCError | None = None
        for one in starting:
            try:
                await self._start_one(sender, one)
            except RPCError as error:
                away = error
            except (Refused, ProcedureFault, ValueError) as error:
                why = _refusal(error)
                refused.append(NotStarted(process_id=id_of_starting(one), code=why.code, sentence=why.sentence))
        if away is not None:
            raise away
        return refused

    async def _start_one(self, sender: str, one: Starting) -> None:
        now = activity.info().scheduled_time
        if one.kind == JOURNEY:
            journey = self._journey(sender, one)
            require_acceptable(journey, now)
            await self._begin(JOURNEY_WORKFLOW, journey)
            return
        kind = cast("WatchKind", one.kind)
        watch = self._watch(sender, kind, one)
        child = begin(self._kinds[kind], watch, now).child if kind in self._kinds else None
        await self._begin(WATCH_WORKFLOWS[kind], watch, child.reference if child else None)

    def _watch(self, sender: str, kind: WatchKind, one: Starting) -> WatchStart:
        return WatchStart(
            kind=kind,
            council=one.council,
            reference=one.reference,
            actor=one.by,
            details=one.details,
            procedure=slice_for_watch(self._council(one.council), kind),
            calendar=self._calendar(one.council, activity.info().scheduled_time.year - 1),
            came_from=sender,
            form=one.form,
        )

    def _journey(self, sender: str, one: Starting) -> JourneyStart:
        if one.form is None:
            raise Refused(RefusalCode.INCOMPLETE, "A journey starts with a form.", "Refer the case with its form.")
        return JourneyStart(
            referral=one.form,
            actor=one.by,
            procedure=slice_for(self._council(one.council), one.form.forum),
            calendar=self._calendar(one.council, activity.info().scheduled_time.year - 1),
            came_from=sender,
        )

    async def _begin(self, workflow: str, start: WatchStart | JourneyStart, child: str | None = None) -> None:
        before = await status_of(self._client, start.process_id)
        if before is None and await self._was_started(start.process_id):
            # Temporal forgets what is closed, and the register does not: what began anew would not be written there.
            raise _taken(start, "by something that is long closed")
        if before is WorkflowExecutionStatus.FAILED and await self._refused_itself(start):
            await self._start_workflow(workflow, start, WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
            return
        try:
            await self._start_workflow(workflow, start, WorkflowIDReusePolicy.REJECT_DUPLICATE)
        except WorkflowAlreadyStartedError:
            await self._require_same(start, child)

    async def _was_started(self, process_id: str) -> bool:
        if not await self._register.knows(process_id):
            return False
        return any(one.accepted for one in await asyncio.to_thread(self._register.events, process_id))

    async def _start_workflow(
        self, workflow: str, start: WatchStart | JourneyStart, reuse: WorkflowIDReusePolicy
    ) -> None:
        if watch_kind(start.process_id) == ANNOUNCED_KIND:
            await self._register.announce(start.process_id)
        await self._client.start_workflow(
            workflow,
            start,
            id=start.process_id,
            task_queue=self._task_queue,
            id_reuse_policy=reuse,
            static_summary=start.process_id,
        )

    async def _refused_itself(self, start: WatchStart | JourneyStart) -> bool:
        """Whether a run that failed never began: only a refusal of the whole start ends a process with its code."""
        try:
            await self._client.get_workflow_handle(start.process_id).result(rpc_timeout=LOOK)
        except WorkflowFailureError as error:
            return isinstance(error.cause, ApplicationError) and error.cause.type in list(RefusalCode)
        return False

    async def _require_same(self, start: WatchStart | JourneyStart, child: str | None) -> None:
        """Refuse a reference that something else has; what the same sender began is there already.

        What its own reference names is the same whoever began it, as long as it is open.
        """
        if await status_of(self._client, start.process_id) not in LIVED:
            raise _taken(start, "by something that was broken off")
        handle = self._client.get_workflow_handle(start.process_id)
        try:
            view: dict[str, Any] = await handle.query("view", rpc_timeout=LOOK)
        except WorkflowQueryFailedError:
            raise _taken(start, "by something that does not show itself") from None
        if child is not None and view["child_ref"] != child:
            raise _taken(start, "by something about another child")
        shared = isinstance(start, WatchStart) and start.kind in NAMED_BY_ITSELF and view["open"]
        if view["came_from"] != start.came_from and not shared:
            raise _taken(start, f"by something that began by {'hand' if view['came_from'] is None else 'another case'}")


def _taken(start: WatchStart | JourneyStart, how: str) -> Refused:
    return Refused(
        RefusalCode.INVALID,
        f"{start.process_id} is already taken, {how}.",
        "Give it a reference of its own, or act on the one that has it.",
    )


def _refusal(error: Refused | ProcedureFault | ValueError) -> Refused:
    """Why something could not be made ready, without what was in it."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, ValidationError):
        return refusal_of(error)
    remedy = "Start it by hand."
    if isinstance(error, ProcedureFault):
        return Refused(RefusalCode.INVALID, f"The council's files are at fault: {error.faults[0]}", remedy)
    return Refused(RefusalCode.INVALID, "What it was to start with is not in order.", remedy)
