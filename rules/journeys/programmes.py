"""Reviews that come back by themselves: at every sitting of a forum, or once a year, until a decision ends them.

They come back where the procedure says, which may be another forum than the one that approved.
"""

from datetime import date, datetime

from models.acts import Decided
from models.deciding import ReviewProgramme
from models.journey import JourneyState, Programme
from models.procedure import Forum
from rules import clocks
from rules.authority import system
from rules.conditions import Facts, all_hold
from rules.journeys.common import REVIEW, today
from rules.journeys.review import plan_review
from rules.process import note
from rules.schedule import next_sitting_in_time, panel_key
from rules.working_days import after_duration

EVERY_SITTING = "sitting"
CLOSED = "closed"


def carry_on(state: JourneyState, decided: Decided, facts: Facts, now: datetime) -> None:
    """Start, carry on or end the reviews that follow from a decision.

    Args:
        state: The journey, decided.
        decided: The decision.
        facts: What is known of the case, the decision included.
        now: UTC.
    """
    running = state.programme
    if running is not None and (decided.exit is not None or _ends(running.ends_on, decided)):
        stop(state, now)
        return
    if running is not None and running.repeat is None and running.forum == state.forum_key:
        state.programme = None
    if state.programme is None:
        _start(state, decided, facts, now)
    if state.programme is not None:
        _plan_next(state, state.programme, decided.review_on, now)


def _ends(ends_on: tuple[str, ...], decided: Decided) -> bool:
    said = decided.checkpoints.get(CLOSED)
    closed = said is True or (isinstance(said, str) and said.casefold() not in ("no", "false"))
    return decided.decision in ends_on or (CLOSED in ends_on and closed)


def _start(state: JourneyState, decided: Decided, facts: Facts, now: datetime) -> None:
    if decided.exit is not None:
        return
    for rule in state.forum.reviews:
        if _begins(rule, decided) and all_hold(rule.when, facts, today(now), state.procedure):
            state.programme = Programme(forum=rule.forum, repeat=rule.repeat, ends_on=rule.ends_on, cites=rule.cites)
            note(state, now, "reviews_planned", system(state.procedure), cites=rule.cites, text=rule.forum)
            return


def _begins(rule: ReviewProgramme, decided: Decided) -> bool:
    return decided.decision in rule.outcomes and not _ends(rule.ends_on, decided)


def _plan_next(state: JourneyState, programme: Programme, review_on: date | None, now: datetime) -> None:
    """The next review, unless the panel itself named an earlier day."""
    forum = state.procedure.forums[panel_key(state.procedure, programme.forum)]
    day = _next_day(programme, forum, state, now)
    if review_on is None or day <= review_on:
        plan_review(state, day, now, programme.forum)


def _next_day(programme: Programme, forum: Forum, state: JourneyState, now: datetime) -> date:
    if programme.repeat not in (None, EVERY_SITTING):
        return after_duration(today(now), str(programme.repeat))
    if forum.body != "sitting":
        return today(now)
    return next_sitting_in_time(now, forum, state.calendar, today(now))


def take_up_again(state: JourneyState, now: datetime) -> None:
    """A request was taken back while reviews still come: the next one is planned again.

    Args:
        state: The journey, back with its actions.
        now: UTC.
    """
    review = state.clocks.get(REVIEW)
    if state.programme is not None and not (review is not None and review.ticking):
        _plan_next(state, state.programme, None, now)


def stop(state: JourneyState, now: datetime) -> None:
    """No review comes back any more.

    Args:
        state: The journey.
        now: UTC.
    """
    if state.programme is not None:
        note(state, now, "reviews_ended", system(state.procedure), cites=state.programme.cites)
    state.programme = None
    state.review_sitting = None
    state.review_forum = None
    clocks.stop(state, REVIEW, now)
