"""News of a sitting: a place, a hearing, a decision, an approved sheet, or a place that was lost."""

from datetime import datetime
from typing import Literal, assert_never

from models.errors import RefusalCode
from models.journey import Booking, JourneyState
from models.process import CaseNews, NewsKind
from models.sitting import BookingAnswer
from rules import clocks
from rules.authority import system
from rules.escalation import raise_by
from rules.journeys import ahead
from rules.journeys.common import EMERGENCY_HEARING, move
from rules.journeys.deciding import decide
from rules.journeys.listing import answered, chairs, must_be_seen, place, slipped
from rules.journeys.moves import JOURNEY_MOVES
from rules.journeys.telling import tell_heard
from rules.journeys.windows import heard_at_last
from rules.process import note, remember

NEEDS_MOVE: dict[NewsKind, tuple[str, ...]] = {
    NewsKind.LISTED: ("list", "hear"),
    NewsKind.RESERVED: ("reserve", "hear"),
    NewsKind.HEARD: ("hear",),
    NewsKind.DECIDED: ("defer",),
    NewsKind.APPROVED: tuple(move.trigger for move in JOURNEY_MOVES.table),
    NewsKind.CARRIED_OVER: ("carry_over",),
    NewsKind.MOVED: ("carry_over",),
}
"""Of these moves, one must be legal for news to make sense; news that does not is recorded, and harms nothing."""


def take_news(state: JourneyState, news: CaseNews, now: datetime) -> None:  # noqa: C901, PLR0912 - one case a kind of news
    """What a sitting tells about the case. News that was taken before, or is about a place long given up, does nothing.

    Args:
        state: The journey.
        news: What the sitting says.
        now: UTC.
    """
    if news.message_id in state.answered:
        return
    _catch_up(state, news, now)
    if ahead.takes(state, news, now):
        remember(state, news.message_id)
        return
    here = state.booking
    ours = here is not None and (here.forum, here.sitting) == (news.forum, news.sitting)
    decided_there = any(record.sitting == news.sitting for record in state.decisions)
    if ahead.takes(state, news, now) or not (ours or (news.kind is NewsKind.APPROVED and decided_there)):
        return
    remember(state, news.message_id)
    if not set(NEEDS_MOVE[news.kind]).intersection(JOURNEY_MOVES.legal(state.stage)):
        note(state, now, news.kind, news.by, code=RefusalCode.ILLEGAL_MOVE, text=f"{news.forum} {news.sitting}")
        return
    match news.kind:
        case NewsKind.LISTED | NewsKind.RESERVED:
            booking = Booking(forum=news.forum, sitting=news.sitting, slot=news.slot, reserve=news.reserve)
            if booking != here:
                place(state, booking, now)
        case NewsKind.HEARD:
            _heard(state, news, now)
        case NewsKind.DECIDED:
            if news.decision is not None:
                decide(state, news.decision, news.by, now, news.sitting)
        case NewsKind.APPROVED:
            _sheet_approved(state, news, now)
        case NewsKind.CARRIED_OVER | NewsKind.MOVED:
            slipped(state, news, now)
            if must_be_seen(state):
                raise_by(state, system(state.procedure), "carried over again", now, chairs(state))
        case _:
            assert_never(news.kind)


def _catch_up(state: JourneyState, news: CaseNews, now: datetime) -> None:
    """News of a sitting that was asked for says that it gave a place, even before its own answer arrives.

    A journey that already has a place there asks for a better one: only the answer itself tells of that.
    """
    wanted, here = state.asking, state.booking
    has_place = here is not None and (here.forum, here.sitting) == (news.forum, news.sitting)
    if wanted is not None and not has_place and (wanted.forum, wanted.sitting) == (news.forum, news.sitting):
        status: Literal["listed", "reserved"] = "reserved" if news.reserve is not None else "listed"
        answered(state, BookingAnswer(status=status, slot=news.slot, reserve=news.reserve), now)


def _heard(state: JourneyState, news: CaseNews, now: datetime) -> None:
    move(state, "hear", now)
    clocks.meet(state, EMERGENCY_HEARING, now)
    ahead.let_go_of_fallback(state, news.by)
    heard_at_last(state, now)
    note(state, now, "heard", news.by, text=f"{news.forum} {news.sitting}", repeats=True)
    tell_heard(state, news.by, now)


def _sheet_approved(state: JourneyState, news: CaseNews, now: datetime) -> None:
    approved = {"sheet_approved_at": now}
    state.decisions = [
        record.model_copy(update={**approved, "decided": news.decision or record.decided})
        if record.sitting == news.sitting
        else record
        for record in state.decisions
    ]
    note(state, now, "decision_sheet_approved", news.by, text=f"{news.forum} {news.sitting}")
