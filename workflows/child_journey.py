"""A child's journey: one referral of one child to one forum, and everything that follows."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, TimeoutError  # noqa: A004 - Temporal's own

from activities.booking import Ask, Bookings
from activities.claims import Claimed, Claims
from activities.messages import Messages
from models.acts import Act
from models.errors import Refused
from models.journey import JourneyStart, JourneyState, WantedSitting
from models.process import CaseNews, Delivery, NotStarted, Word
from models.views import JourneyView
from models.vocabulary import Stage
from rules.journeys import acts, views
from rules.journeys.beginning import begin_another, not_begun
from rules.journeys.claiming import claim_answered
from rules.journeys.common import waiting_on
from rules.journeys.listing import answered, booking_request, came_too_late
from rules.journeys.news import take_news
from rules.journeys.referring import begin, require_acceptable
from rules.journeys.review import plan_review
from rules.journeys.telling import take_placed
from workflows.errands import LOCAL_RETRIES, PATIENCE, RECORD_TIMEOUT, Errand
from workflows.process import Process, refuse, takes_acts
from workflows.signals import plain_message

BOOKING_TIMEOUT = timedelta(seconds=30)
A_MOMENT = timedelta(seconds=5)
"""How long a sitting may take to answer before the journey shows that it waits."""


@workflow.defn(name="ChildJourney")
@takes_acts(acts.JOURNEY_ACTS)
class ChildJourney(Process[JourneyState]):
    """From referral through sign-off, panel, decision, actions and review to its end."""

    unanswered: WantedSitting | None = None
    """A place that was asked for, and the sitting did not answer within a moment."""

    @workflow.init
    def __init__(self, start: JourneyStart | JourneyState) -> None:
        """Begin, or go on where the run before left off.

        Args:
            start: A referral, or the whole state.
        """
        self._refusal: Refused | None = None
        if isinstance(start, JourneyState):
            self.state = start
            return
        try:
            require_acceptable(start, workflow.now())
            self.state = begin(start, workflow.now())
        except Refused as refused:
            self._refusal = refused

    @workflow.run
    async def run(self, start: JourneyStart | JourneyState) -> None:
        """Live until the journey is closed.

        Args:
            start: A referral, or the whole state.

        Raises:
            ApplicationError: The referral is not acceptable; its code is the type.
        """
        del start
        if self._refusal is not None:
            refuse(self._refusal)
        await self.live()

    @workflow.query(description="The journey as it stands")
    def view(self) -> JourneyView:
        """The journey as it stands."""
        return self.look()

    @workflow.query(description="The whole referral with the procedure that applies")
    def referral(self) -> JourneyStart:
        """The referral as it stands, with the procedure and calendar that apply to it."""
        return JourneyStart(
            referral=self.state.referral,
            actor=self.state.referred_by,
            procedure=self.state.procedure,
            calendar=self.state.calendar,
            came_from=self.state.came_from,
        )

    @workflow.signal(description='Escalate: {"staff": "...", "post": "head_of_service", "reason": "..."}')
    def escalate(self, message: RawValue) -> None:
        """A head of service brings the journey to people's eyes."""
        if self._refusal is not None:
            return  # it never began, and whoever refers learns why
        acts.escalate(self.state, plain_message(message, workflow.payload_converter()), workflow.now())

    @workflow.signal(description="What a sitting says about the case")
    def take_news(self, news: CaseNews) -> None:
        """What a sitting says about the case."""
        if isinstance(news, CaseNews) and self._refusal is None:  # anybody may send anything
            take_news(self.state, news, workflow.now())

    @workflow.signal(description="What happened in another process")
    def take_word(self, word: Word) -> None:
        """A child was placed on the word of this case."""
        if isinstance(word, Word) and self._refusal is None:  # anybody may send anything
            take_placed(self.state, word, workflow.now())

    def check(self, name: str, act: Act, now: datetime) -> None:
        """Judge an act."""
        acts.check(self.state, name, act, now)

    def perform(self, name: str, act: Act, now: datetime, *, judged: bool) -> bool:
        """Do an act."""
        return acts.perform(self.state, name, act, now, judged=judged)

    def run_clocks(self, now: datetime) -> bool:
        """Let clocks do what is due."""
        return acts.run_clocks(self.state, now)

    def look(self) -> JourneyView:
        """The view."""
        return views.view(self.state, workflow.now())

    def standing(self) -> tuple[str, str | None]:
        """The stage, and whose move it is."""
        return self.state.stage, waiting_on(self.state)

    def calendar_renewed(self, now: datetime) -> None:
        """A review that lay beyond the old calendar may fall on a bank holiday that it did not know."""
        plan_review(self.state, self.state.review_on if self.state.review_sitting else None, now)

    def is_finished(self) -> bool:
        """Closed, and nothing left to start."""
        left = self.state.onward or self.state.starting or self.state.claiming
        return self.state.stage is Stage.CLOSED and not left

    def waits_for_answer(self) -> bool:
        """A sitting was asked for a place, and has not been slow so far."""
        return self.state.asking is not None and self.state.asking != self.unanswered

    def errands(self) -> list[Errand]:
        """Booking sittings, claiming from running totals, and starting journeys onward."""
        return [
            Errand("book", lambda: self.state.asking is not None, self._book),
            Errand("claim", lambda: self.state.claiming is not None, self._claim),
            Errand("refer onward", lambda: bool(self.state.onward), self._refer_onward),
        ]

    def was_not_taken(self, delivery: Delivery, now: datetime) -> None:
        """What an earlier decision began is over, and another begins in its place."""
        begin_another(self.state, delivery, now)

    def was_not_started(self, refused: NotStarted, now: datetime) -> None:
        """A person starts by hand what could not begin."""
        not_begun(self.state, refused, now)

    async def _book(self) -> None:
        wanted = self.state.asking
        if wanted is None:
            return
        ask = Ask(
            council=self.state.procedure.key,
            forum=wanted.forum,
            sitting=wanted.sitting,
            request=booking_request(self.state),
        )
        self.in_flight = True
        try:
            answer = await workflow.execute_activity_method(
                Bookings.book,
                ask,
                start_to_close_timeout=BOOKING_TIMEOUT,
                schedule_to_close_timeout=None if wanted == self.unanswered else A_MOMENT,
                retry_policy=PATIENCE,
                summary=f"{wanted.forum} {wanted.sitting}",
            )
        except ActivityError as error:
            if not isinstance(error.cause, TimeoutError):
                raise
            self.unanswered = wanted  # show that it waits, and ask again for as long as it takes
            return
        finally:
            self.in_flight = False
        if self.state.asking == wanted:
            answered(self.state, answer, workflow.now())
        else:
            came_too_late(self.state, wanted, answer)

    async def _claim(self) -> None:
        asked = self.state.claiming
        if asked is None:
            return
        before = await workflow.execute_local_activity_method(
            Claims.claim,
            Claimed(process_id=self.state.process_id, council=self.state.procedure.key, claim=asked),
            start_to_close_timeout=RECORD_TIMEOUT,
            local_retry_threshold=LOCAL_RETRIES,
            retry_policy=PATIENCE,
            summary=f"{asked.total} {asked.window}",
        )
        claim_answered(self.state, asked, before, workflow.now())

    async def _refer_onward(self) -> None:
        batch = list(self.state.onward)
        refused = await workflow.execute_activity_method(
            Messages.start_onward,
            args=[batch],
            start_to_close_timeout=BOOKING_TIMEOUT,
            retry_policy=PATIENCE,
            summary=", ".join(start.referral.forum for start in batch),
        )
        del self.state.onward[: len(batch)]
        for one in refused or ():
            self.was_not_started(one, workflow.now())
