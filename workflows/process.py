"""What every durable process does: take acts, keep the register, send messages, watch one timer, show itself.

A process holds its whole state in one model. Handlers change the state and return at once; the errands of `live` carry
what has to go out into the world, so that an act is never held up by it, and nothing is lost when a process continues
as new: whatever is not confirmed yet is still in the state.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from models.acts import Act, Answer
from models.errors import RefusalCode, Refused
from models.process import Delivery, NotStarted, ProcessState
from models.views import ProcessView
from rules.authority import system
from rules.process import (
    message_key,
    not_started,
    note,
    refusal_of,
)
from rules.standing import Standing, standing_of
from workflows.errands import Errand, Errands
from workflows.present import Attributes, attributes_of, details_of, updates_between

S = TypeVar("S", bound=ProcessState)
P = TypeVar("P", bound="type[Process[Any]]")

EVENTS_A_RUN = 1_500
"""A run continues as new after so many history events, or when the server suggests it."""


def refuse(refused: Refused) -> NoReturn:
    """Tell Temporal of a refusal: its type is the code, its details the remedy and the rule.

    Args:
        refused: What the rules said.

    Raises:
        ApplicationError: Always.
    """
    raise ApplicationError(
        refused.sentence,
        {"remedy": refused.remedy, "rule": refused.rule},
        type=refused.code,
        non_retryable=True,
    )


def read_act(message: object) -> Act:
    """An act as it came, from whoever sent it.

    Args:
        message: Anything that JSON can say.

    Raises:
        ApplicationError: `invalid` or `incomplete`, naming the fields.
    """
    try:
        return Act.model_validate(message)
    except ValidationError as error:
        refuse(refusal_of(error))


class Process(ABC, Generic[S]):
    """The engine of a process. Subclasses are the workflows; `rules` say what acts, clocks and views are."""

    state: S
    _let_pass: tuple[str, object, int, datetime] | None = None
    in_flight: bool = False
    """Whether somebody was asked for something whose answer has to be waited for, even when the process is over."""

    @abstractmethod
    def check(self, name: str, act: Act, now: datetime) -> None:
        """Judge an act; subclasses ask their rules."""

    @abstractmethod
    def perform(self, name: str, act: Act, now: datetime, *, judged: bool) -> bool:
        """Do an act, which `check` may have let pass at this very moment; subclasses ask their rules."""

    @abstractmethod
    def run_clocks(self, now: datetime) -> bool:
        """Let clocks do what is due; subclasses ask their rules."""

    @abstractmethod
    def look(self) -> ProcessView:
        """The view; subclasses ask their rules."""

    @abstractmethod
    def standing(self) -> tuple[str, str | None]:
        """The stage, and the post whose move it is; subclasses ask their rules."""

    def calendar_renewed(self, now: datetime) -> None:
        """Look again at dates that lay beyond the old calendar; a process without any has nothing to do."""

    @abstractmethod
    def is_finished(self) -> bool:
        """Whether the process is over; subclasses ask their rules."""

    def waits_for_answer(self) -> bool:
        """Whether another process was asked for something and answers within moments.

        Meanwhile nothing is shown, set or written down that the answer would change: that would be work for nothing.
        """
        return False

    def errands(self) -> list[Errand]:
        """What only this process may have to do in the world, beside what every process does."""
        return []

    def was_not_taken(self, delivery: Delivery, now: datetime) -> None:
        """A message found its process over; subclasses may do more than the note that is on record."""

    def was_not_started(self, refused: NotStarted, now: datetime) -> None:
        """Something could not begin; subclasses bring it to whoever should do it by hand."""
        not_started(self.state, refused, now)

    def take(self, name: str, message: object) -> Answer:
        """Do an act that its validator let pass.

        Args:
            name: The act.
            message: The act, as it came.

        Raises:
            ApplicationError: Another act came in between and made this one illegal.
        """
        judged, self._let_pass = self._let_pass == self._asked(name, message), None
        act = read_act(message)
        try:
            done = self.perform(name, act, workflow.now(), judged=judged)
        except Refused as refused:
            refuse(refused)
        stage, waiting_on = self.standing()
        return Answer(
            sequence=self.state.answered[message_key(name, act.message_id)],
            stage=stage,
            waiting_on=waiting_on,
            repeated=not done,
        )

    def judge(self, name: str, message: object) -> None:
        """Refuse an act before it becomes history.

        Args:
            name: The act.
            message: The act, as it came.

        Raises:
            ApplicationError: The refusal, its code as the type.
        """
        try:
            self.check(name, read_act(message), workflow.now())
        except Refused as refused:
            refuse(refused)
        self._let_pass = self._asked(name, message)

    def _asked(self, name: str, message: object) -> tuple[str, object, int, datetime]:
        """An act that is asked for, and the moment: a handler that follows its validator need not judge once more."""
        return name, message, self.state.sequence, workflow.now()

    async def live(self) -> None:
        """Live until the process is over, or its history is long enough to continue as new."""
        self._shown: Attributes = {}
        self._shown_at: tuple[int, datetime | None] | None = None
        self._view: ProcessView | None = None
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at: datetime | None = None
        self._errands = Errands(self)
        while not (self._may_end() or self._must_continue()):
            if not self.waits_for_answer():
                self._show()
                self._set_alarm()
            self._errands.run()
            await self._until(lambda: self._may_end() or self._must_continue() or self._stirs())
        self._let_go()
        self._show()
        if not self._may_end():
            # In the same moment in which all handlers were seen to be finished: nothing can come in between.
            workflow.continue_as_new(self.state)

    def _let_go(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._errands.cancel()

    def _stirs(self) -> bool:
        """Whether there is anything to do: nothing else wakes a process, so that an idle one costs next to nothing."""
        if not self.waits_for_answer() and (
            self._mark() != self._shown_at
            or self.state.next_event != self._alarm_at
            or (self._alarm is not None and self._alarm.done())
        ):
            return True
        return self._errands.stir()

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait, and live on when somebody asks Temporal to cancel: only people's acts end a child's matter."""
        while True:
            try:
                await workflow.wait_condition(condition)
            except asyncio.CancelledError:
                by = system(self.state.procedure)
                note(self.state, workflow.now(), "cancellation", by, code=RefusalCode.PROHIBITED)
            else:
                return

    def _may_end(self) -> bool:
        quiet = not (self.state.unrecorded or self.state.undelivered or self.state.starting)
        return self.is_finished() and quiet and not self.in_flight and workflow.all_handlers_finished()

    def _must_continue(self) -> bool:
        info = workflow.info()
        long = info.get_current_history_length() > EVENTS_A_RUN or info.is_continue_as_new_suggested()
        return long and not self.in_flight and not self.is_finished() and workflow.all_handlers_finished()

    def standing_now(self) -> Standing:
        """How the process stands for the register, from the view that was just shown where nothing happened since."""
        view, self._view = self._view, None
        return standing_of(view if view is not None and self._mark() == self._shown_at else self.look())

    def _set_alarm(self) -> None:
        """Sleep on one timer: the earliest thing that any clock will do."""
        if self._alarm is not None and self._alarm.done():
            self._alarm.result()  # a clock whose rule fails must show as a failing task
            self._alarm, self._alarm_at = None, None
        if self.state.next_event == self._alarm_at:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = self.state.next_event
        self._alarm = asyncio.create_task(self._ring(self._alarm_at)) if self._alarm_at is not None else None

    async def _ring(self, at: datetime) -> None:
        wait = at - workflow.now()
        if wait > timedelta(0):
            names = [name for name, clock in self.state.clocks.items() if clock.next_event == at]
            await workflow.sleep(wait, summary=", ".join(names)[:200])
        self.run_clocks(workflow.now())

    def _show(self) -> None:
        """Keep the search attributes and the current details of the Temporal UI as the process is."""
        mark = self._mark()
        if mark == self._shown_at:
            return
        self._shown_at = mark
        view = self._view = self.look()
        now_shown = attributes_of(view)
        changed = updates_between(self._shown, now_shown)
        if changed:
            workflow.upsert_search_attributes(changed)
        self._shown = now_shown
        workflow.set_current_details(details_of(view))

    def _mark(self) -> tuple[int, datetime | None]:
        """What changes whenever there is something new to show."""
        return self.state.sequence, self.state.next_deadline


def takes_acts(names: Iterable[str]) -> Callable[[P], P]:
    """Give a workflow class one update for each act, with a validator that asks the rules.

    Args:
        names: The acts; each becomes the name of an update.
    """

    def decorate(cls: P) -> P:
        for name in names:
            setattr(cls, str(name), _update_for(str(name)))
        return cls

    return decorate


def _update_for(name: str) -> object:
    def handler(self: Process[Any], message: Any) -> Answer:  # noqa: ANN401 - read_act says what is wrong with it
        return self.take(name, message)

    def validator(self: Process[Any], message: Any) -> None:  # noqa: ANN401 - read_act says what is wrong with it
        self.judge(name, message)

    handler.__name__ = handler.__qualname__ = name
    handler.__doc__ = f"{name.replace('_', ' ').capitalize()}: an act of a person."
    validator.__name__ = f"validate_{name}"
    update = workflow.update(name=name, description=handler.__doc__)(handler)
    update.validator(validator)
    return update
