"""The engine of every watch: the workflows beside journeys and sittings are this, each with the rules of its kind."""

from abc import ABC
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from models.acts import Act
from models.errors import Refused
from models.process import NotStarted, Word
from models.watch import WatchStart, WatchState, WatchView
from rules.watches import kernel
from rules.watches.deadlines import sync
from rules.watches.kinds import Kind
from rules.watches.returning import not_returned
from rules.watches.views import view as view_of
from workflows.process import Process, refuse
from workflows.signals import plain_message

S = TypeVar("S", bound=WatchState)


class Watch(Process[S], ABC):
    """A watch: placement, care episode, support package, transfer, unit meeting or duty."""

    kind: ClassVar[Kind[Any]]

    def begin(self, start: WatchStart | WatchState) -> None:
        """Begin, or go on where the run before left off.

        Args:
            start: What starts it, or the whole state.
        """
        self._refusal: Refused | None = None
        if not isinstance(start, WatchStart):
            self.state = start  # type: ignore[assignment]  # each workflow's own state
            return
        try:
            self.state = kernel.begin(self.kind, start, workflow.now())
        except Refused as refused:
            self._refusal = refused

    async def keep(self) -> None:
        """Live until it is over.

        Raises:
            ApplicationError: What was to start is not acceptable; its code is the type.
        """
        if self._refusal is not None:
            refuse(self._refusal)
        await self.live()

    @workflow.query(description="It as it stands")
    def view(self) -> WatchView:
        """It as it stands."""
        return self.look()

    @workflow.signal(description='Escalate: {"staff": "...", "post": "head_of_service", "reason": "..."}')
    def escalate(self, message: RawValue) -> None:
        """A head of service brings it to people's eyes."""
        if self._refusal is not None:
            return  # it never began, and whoever starts it learns why
        said = plain_message(message, workflow.payload_converter())
        kernel.escalate(self.kind, self.state, said, workflow.now())

    @workflow.signal(description="What happened in another process")
    def take_word(self, word: Word) -> None:
        """What happened in another process."""
        if isinstance(word, Word) and self._refusal is None:  # anybody may send anything
            kernel.take_word(self.kind, self.state, word, workflow.now())

    def check(self, name: str, act: Act, now: datetime) -> None:
        """Judge an act."""
        kernel.check(self.kind, self.state, name, act, now)

    def perform(self, name: str, act: Act, now: datetime, *, judged: bool) -> bool:
        """Do an act."""
        return kernel.perform(self.kind, self.state, name, act, now, judged=judged)

    def run_clocks(self, now: datetime) -> bool:
        """Let clocks do what is due."""
        return kernel.run_clocks(self.kind, self.state, now)

    def look(self) -> WatchView:
        """The view."""
        return view_of(self.kind, self.state, workflow.now())

    def standing(self) -> tuple[str, str | None]:
        """The stage, and whose move it is."""
        return str(getattr(self.state, "stage", "")), self.kind.waiting_on(self.state)

    def calendar_renewed(self, now: datetime) -> None:
        """Deadlines beyond the old calendar may fall on bank holidays that it did not know."""
        if not self.kind.ended(self.state):
            sync(self.state, now)

    def is_finished(self) -> bool:
        """Over, nothing left to start, and nothing to watch after the end."""
        return self.kind.ended(self.state) and not self.state.starting and self.state.next_deadline is None

    def was_not_started(self, refused: NotStarted, now: datetime) -> None:
        """A referral that could not begin by itself stays a proposal to a person."""
        not_returned(self.state, refused, now)
