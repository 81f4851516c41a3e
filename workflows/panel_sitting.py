"""A panel sitting: one meeting of one forum, with its agenda, cut-off, capacity, reserve list and decisions."""

from datetime import datetime

from temporalio import workflow
from temporalio.common import RawValue

from models.acts import Act
from models.process import Release
from models.sitting import BookingAnswer, BookingRequest, SittingStart, SittingState
from models.views import SittingView
from rules.process import remember
from rules.sittings import acts, views
from rules.sittings.booking import book, release
from workflows.process import Process, takes_acts
from workflows.signals import plain_message


@workflow.defn(name="PanelSitting")
@takes_acts(acts.SITTING_ACTS)
class PanelSitting(Process[SittingState]):
    """From its first booking to the approval of its last decision sheet."""

    @workflow.init
    def __init__(self, start: SittingStart | SittingState) -> None:
        """Begin, or go on where the run before left off.

        Args:
            start: Which meeting, or the whole state.
        """
        self.state = start if isinstance(start, SittingState) else acts.begin(start, workflow.now())

    @workflow.run
    async def run(self, start: SittingStart | SittingState) -> None:
        """Live until nothing is left to do here.

        Args:
            start: Which meeting, or the whole state.
        """
        del start
        await self.live()

    @workflow.query(description="The sitting as it stands: agenda, reserve list, attendance")
    def view(self) -> SittingView:
        """The sitting as it stands."""
        return self.look()

    @workflow.update(description="A journey asks for a place")
    def book(self, request: BookingRequest) -> BookingAnswer:
        """A journey asks for a place; the answer may be a refusal, which is an answer too."""
        answer = book(self.state, request, workflow.now())
        remember(self.state, request.message_id)
        return answer

    @workflow.signal(description="A journey gives its place back")
    def take_release(self, told: Release) -> None:
        """A journey gives its place back."""
        if isinstance(told, Release):  # anybody may send anything
            release(self.state, told, workflow.now())

    @workflow.signal(description='Escalate: {"staff": "...", "post": "head_of_service", "reason": "..."}')
    def escalate(self, message: RawValue) -> None:
        """A head of service brings the sitting to people's eyes."""
        acts.escalate(self.state, plain_message(message, workflow.payload_converter()), workflow.now())

    def check(self, name: str, act: Act, now: datetime) -> None:
        """Judge an act."""
        acts.check(self.state, name, act, now)

    def perform(self, name: str, act: Act, now: datetime, *, judged: bool) -> bool:
        """Do an act."""
        return acts.perform(self.state, name, act, now, judged=judged)

    def run_clocks(self, now: datetime) -> bool:
        """Let clocks do what is due."""
        return acts.run_clocks(self.state, now)

    def look(self) -> SittingView:
        """The view."""
        return views.view(self.state, workflow.now())

    def standing(self) -> tuple[str, str | None]:
        """The stage, and whose move it is."""
        return self.state.stage, acts.waiting_on(self.state)

    def is_finished(self) -> bool:
        """Nothing is left to do here."""
        return acts.is_over(self.state)
