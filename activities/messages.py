"""Messages between processes: signals that arrive at least once and are taken once; and journeys started onward."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from temporalio import activity
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.processes import status_of
from models.deadlines import WatchKind
from models.errors import RefusalCode, Refused
from models.identifiers import journey_id
from models.journey import JourneyStart
from models.procedure import Council, WorkingCalendar
from models.process import Delivery, NotStarted, Starting
from models.watch import WatchStart, watch_id
from procedures.slices import slice_for, slice_for_watch
from rules.journeys.referring import require_acceptable
from rules.watches.kernel import Kind, begin

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


class Messages:
    """Sends messages to other processes.

    Args:
        client: A connected client.
        task_queue: Where journeys that are started onward run.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
        kinds: The rules of every kind of watch, to see before it starts whether it can.
    """

    def __init__(
        self,
        client: Client,
        task_queue: str,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
        kinds: Mapping[WatchKind, Kind[Any]],
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._council = council
        self._calendar = calendar
        self._kinds = kinds

    @activity.defn(name="deliver")
    async def deliver(self, deliveries: Sequence[Delivery]) -> list[str]:
        """Send each message.

        Args:
            deliveries: In order.

        Returns:
            The processes that are over, or that never were and had to be there: the sender puts them on its record.
        """
        nobody: list[str] = []
        for delivery in deliveries:
            if delivery.to not in nobody and not await self._send(delivery) and await self._is_missed(delivery):
                nobody.append(delivery.to)
        return nobody

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

    async def _is_missed(self, delivery: Delivery) -> bool:
        return not delivery.optional or await status_of(self._client, delivery.to) is not None

    @activity.defn(name="start_onward")
    async def start_onward(self, starts: Sequence[JourneyStart]) -> None:
        """Start journeys that a decision sent on to another forum, each exactly once, under that forum's procedure.

        Args:
            starts: What each of them starts with.
        """
        for start in starts:
            whole = self._council(start.referral.council)
            there = slice_for(whole, start.referral.forum)
            try:
                await self._client.start_workflow(
                    JOURNEY_WORKFLOW,
                    start.model_copy(update={"procedure": there}),
                    id=start.process_id,
                    task_queue=self._task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    static_summary=f"{start.referral.forum}: {start.referral.referral_ref}",
                )
            except WorkflowAlreadyStartedError:
                continue

    @activity.defn(name="start")
    async def start(self, sender: str, starting: Sequence[Starting]) -> list[NotStarted]:
        """Start what a process begins, each exactly once, under the procedure in force today.

        Args:
            sender: The process that begins them.
            starting: What each of them starts with.

        Returns:
            Those that their own rules refuse, and why: the sender brings them to a person.
        """
        refused: list[NotStarted] = []
        for one in starting:
            try:
                await self._start_one(sender, one)
            except Refused as error:
                process_id = _process_of(one)
                refused.append(NotStarted(process_id=process_id, code=error.code, sentence=error.sentence))
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
        if kind in self._kinds:
            begin(self._kinds[kind], watch, now)
        await self._begin(WATCH_WORKFLOWS[kind], watch)

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

    async def _begin(self, workflow: str, start: WatchStart | JourneyStart) -> None:
        with suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                workflow,
                start,
                id=start.process_id,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=start.process_id,
            )


def _process_of(one: Starting) -> str:
    if one.kind == JOURNEY:
        return journey_id(one.council, one.reference)
    return watch_id(cast("WatchKind", one.kind), one.council, one.reference)
