"""Starts journeys: each referral once, under the procedure in force."""

from collections.abc import Callable
from datetime import datetime

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.booking import Rota
from activities.messages import JOURNEY_WORKFLOW
from activities.processes import status_of
from activities.register import Register
from models.errors import RefusalCode, Refused
from models.journey import JourneyStart
from models.people import Actor
from models.procedure import Council, WorkingCalendar
from models.process import Entry
from models.referral import Referral
from models.vocabulary import JourneyAct
from procedures.slices import slice_for
from rules.form import settled


class JourneyStarts:
    """Starts each journey once.

    Args:
        client: A connected client.
        task_queue: Where they run.
        register: Knows what was referred before.
        council: Loads a council's procedure by its key.
        calendar: Loads a council's calendar by its key and first year.
        rota: Who chairs, by council.
    """

    def __init__(  # noqa: PLR0913 - what a journey starts with
        self,
        client: Client,
        task_queue: str,
        register: Register,
        council: Callable[[str], Council],
        calendar: Callable[[str, int], WorkingCalendar],
        rota: Callable[[str], Rota],
    ) -> None:
        self._client = client
        self._task_queue = task_queue
        self._register = register
        self._council = council
        self._calendar = calendar
        self._rota = rota

    def prepared(self, referral: Referral, actor: Actor, now: datetime) -> JourneyStart:
        """What a referral would start, under the procedure in force; nothing is judged yet, and nothing starts.

        Args:
            referral: The intake form.
            actor: Who refers.
            now: UTC.

        Raises:
            ProcedureFault: The council's files are at fault.
        """
        council = self._council(referral.council)
        referral = settled(referral, council)
        rota = {
            forum: {day: staff for day, staff in sittings.items() if day >= now.date()}
            for forum, sittings in self._rota(referral.council).items()
        }
        return JourneyStart(
            referral=referral,
            actor=actor,
            procedure=slice_for(council, referral.forum),
            calendar=self._calendar(referral.council, now.year - 1),
            rota=rota,
        )

    async def begin(self, start: JourneyStart) -> bool:
        """Start a journey, or find the one that the same form already started.

        Args:
            start: From `prepared`, and acceptable.

        Returns:
            Whether it was started now.

        Raises:
            Refused: Another form already has its reference, or had it long ago.
        """
        forum = start.procedure.forums[start.referral.forum]
        # Temporal forgets closed journeys, and the register does not.
        if await self._referred(start) is not None and await status_of(self._client, start.process_id) is None:
            raise Refused(
                RefusalCode.INVALID,
                f"{start.referral.referral_ref} was referred before, and its journey is long closed.",
                "Give this referral a reference of its own; the register keeps the old one's history.",
            )
        try:
            await self._client.start_workflow(
                JOURNEY_WORKFLOW,
                start,
                id=start.process_id,
                task_queue=self._task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"{forum.title}: referral {start.referral.referral_ref}",
            )
        except WorkflowAlreadyStartedError:
            await self._same_form(start)
            return False
        return True

    async def _same_form(self, start: JourneyStart) -> None:
        first = await self._referred(start)
        if first is not None and first.details:
            original = Referral.model_validate(first.details)
        else:  # not recorded yet, or erased
            handle = self._client.get_workflow_handle(start.process_id)
            original = (await handle.query("referral", result_type=JourneyStart)).referral
        if original != start.referral:
            raise Refused(
                RefusalCode.INVALID,
                f"Another form was already referred under {start.referral.referral_ref}.",
                "Give this referral a reference of its own, or amend the journey that has it.",
            )

    async def _referred(self, start: JourneyStart) -> Entry | None:
        """The entry of the first form under its reference."""
        return await self._register.first(start.process_id, JourneyAct.REFER)
