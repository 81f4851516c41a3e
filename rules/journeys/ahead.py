"""Places beside the ordinary one: a provisional place ahead of the papers, and a firm place behind a reserve place.

Rules HAC-301 to HAC-305, HAC-322, HAC-333, HAC-334 and HAC-349; decisions D34 and D35.
"""

from datetime import datetime

from models.identifiers import sitting_id
from models.journey import AHEAD_OF_PAPERS, Booking, JourneyState, WantedSitting
from models.people import Actor
from models.process import CaseNews, Delivery, NewsKind, Release
from models.timetable import BookingAhead
from rules import clocks
from rules.authority import system
from rules.form import plain_name
from rules.journeys.common import notices, role_here, team
from rules.journeys.windows import day_of, sitting_wanted
from rules.process import note, remember
from rules.schedule import cut_off_for, in_time, next_sitting, panel_of

COURT_DATE = "court_date"
OFF = (NewsKind.CARRIED_OVER, NewsKind.MOVED)
"""News that a sitting does not hold a place any more."""


def release_place(state: JourneyState, booking: Booking, actor: Actor) -> None:
    """Tell a sitting that it need not hold a place.

    Args:
        state: The journey.
        booking: The place.
        actor: On whose account.
    """
    state.undelivered.append(
        Delivery(
            to=sitting_id(state.procedure.key, booking.forum, booking.sitting),
            release=Release(
                message_id=f"{state.process_id}#{state.sequence}#release#{booking.sitting}",
                referral_ref=state.referral.referral_ref,
                by=actor,
            ),
        )
    )


def is_provisional(state: JourneyState) -> bool:
    """Whether the journey's place waits for its papers.

    Args:
        state: The journey.
    """
    return state.booking is not None and state.booking.provisional


def _rule(state: JourneyState) -> BookingAhead | None:
    return state.forum.booking or panel_of(state).booking


def book_ahead(state: JourneyState, now: datetime) -> None:
    """Ask for a place while the papers are still to come, and watch the court date that it is wanted by (HAC-301).

    Where the forum has a paper that asks for it, no place is held before that paper came.

    Args:
        state: The journey.
        now: UTC.
    """
    rule = _rule(state)
    if rule is None or state.stage not in AHEAD_OF_PAPERS:
        return
    hearing = day_of(state, rule.hearing_on) if rule.hearing_on else None
    if hearing is not None and COURT_DATE not in state.clocks:
        due = clocks.due_on(state, COURT_DATE, hearing)
        clocks.start(state, COURT_DATE, COURT_DATE, due, state.referred_by.post, now)
    asked = rule.form is None or plain_name(rule.form) in {plain_name(paper) for paper in state.documents}
    if asked and state.booking is None and state.wanted is None:
        sitting = sitting_wanted(state, now, now, None)
        state.wanted = WantedSitting(forum=panel_of(state).key, sitting=sitting, provisional=True)


def place_ahead(state: JourneyState, booking: Booking, now: datetime) -> None:
    """Hold a provisional place: it counts, and the stage stays what it is (D35).

    Args:
        state: The journey, its papers still to come.
        booking: The place.
        now: UTC.
    """
    state.booking = booking
    clocks.meet(state, COURT_DATE, now)
    rule = _rule(state)
    told = notices("place_held", (*team(state), role_here(state, "administrator")))
    note(
        state,
        now,
        "place_held",
        system(state.procedure),
        cites=rule.cites if rule else (),
        details={"forum": booking.forum, "sitting": booking.sitting.isoformat(), "reserve": booking.reserve},
        notices=told,
        text=f"{booking.forum} {booking.sitting}",
    )


def lose_what_came_too_late(state: JourneyState, now: datetime) -> None:
    """Give a provisional place back when its cut-off passed without the papers, and ask for one at the next sitting.

    Args:
        state: The journey.
        now: UTC.
    """
    held, panel = state.booking, panel_of(state)
    if held is None or not held.provisional or in_time(now, cut_off_for(held.sitting, panel, state.calendar)):
        return
    release_place(state, held, system(state.procedure))
    state.booking = None
    rule = _rule(state)
    told = notices("place_lost", (*team(state), role_here(state, "administrator")))
    note(
        state,
        now,
        "place_lost",
        system(state.procedure),
        cites=rule.cites if rule else (),
        notices=told,
        text=f"{held.forum} {held.sitting}",
    )
    book_ahead(state, now)


def want_firm_place(state: JourneyState, now: datetime, lost: CaseNews | None = None) -> None:
    """Behind a reserve place, ask for a firm one at the next sitting that has one (HAC-322, HAC-349).

    Args:
        state: The journey.
        now: UTC.
        lost: What the sitting said that held one so far.
    """
    capacity, booking = panel_of(state).capacity, state.booking
    firm = capacity is not None and capacity.overflow == "reserve_and_next"
    if not firm or booking is None or booking.reserve is None or state.fallback or state.wanted:
        return
    after = max(booking.sitting, lost.sitting) if lost else booking.sitting
    moved_to = lost.moved_to if lost else None
    sitting = moved_to or next_sitting(now, panel_of(state), state.calendar, after)
    state.wanted = WantedSitting(forum=booking.forum, sitting=sitting, firm=True)


def keep_fallback(state: JourneyState, booking: Booking, now: datetime) -> None:
    """Hold the firm place behind a reserve place.

    Args:
        state: The journey.
        booking: The firm place.
        now: UTC.
    """
    state.fallback = booking
    capacity = panel_of(state).capacity
    note(
        state,
        now,
        "firm_place_held",
        system(state.procedure),
        cites=capacity.cites if capacity else (),
        notices=notices("firm_place_held", team(state)),
        text=f"{booking.forum} {booking.sitting}",
    )


def let_go_of_fallback(state: JourneyState, actor: Actor) -> None:
    """Give the firm place behind a reserve place back, if there is one, and stop asking for one.

    Args:
        state: The journey.
        actor: On whose account.
    """
    if state.fallback is not None:
        release_place(state, state.fallback, actor)
        state.fallback = None
    if state.wanted is not None and state.wanted.firm:
        state.wanted = None


def fall_back(state: JourneyState, news: CaseNews) -> Booking | None:
    """The firm place that a case goes to when its sitting passed; it keeps a sitting that only moved if that is sooner.

    Args:
        state: The journey, without its place.
        news: What the sitting said.
    """
    held = state.fallback
    if held is None or (news.moved_to is not None and news.moved_to < held.sitting):
        return None
    state.fallback = None
    return held


def takes(state: JourneyState, news: CaseNews, now: datetime) -> bool:
    """Take news about a firm or a provisional place, which moves the journey nowhere.

    Args:
        state: The journey.
        news: What a sitting says.
        now: UTC.

    Returns:
        Whether the news was about one of these.
    """
    here = (news.forum, news.sitting)
    firm, held = state.fallback, state.booking
    if firm is not None and (firm.forum, firm.sitting) == here:
        remember(state, news.message_id)
        _firm_place_changed(state, firm, news, now)
        return True
    ahead = held is not None and held.provisional and state.stage in AHEAD_OF_PAPERS
    if held is None or not ahead or (held.forum, held.sitting) != here:
        return False
    remember(state, news.message_id)
    if news.kind in OFF:
        state.booking = None
        sitting = news.moved_to or sitting_wanted(state, now, now, news.sitting)
        state.wanted = WantedSitting(forum=held.forum, sitting=sitting, provisional=True, carried_over=True)
        told = notices("place_lost", team(state))
        note(state, now, news.kind, news.by, notices=told, text=f"{news.forum} {news.sitting}")
    else:
        state.booking = held.model_copy(update={"slot": news.slot, "reserve": news.reserve})
    return True


def _firm_place_changed(state: JourneyState, firm: Booking, news: CaseNews, now: datetime) -> None:
    if news.kind in OFF:
        state.fallback = None
        want_firm_place(state, now, news)
    else:
        state.fallback = firm.model_copy(update={"slot": news.slot, "reserve": news.reserve})
