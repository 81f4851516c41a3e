"""Sending a case to another forum, or to another part of the same meeting (HIL-075, HRT-001 to HRT-009; B1)."""

from datetime import datetime

from models.acts import Redirect
from models.errors import RefusalCode, Refused
from models.journey import JourneyState, WantedSitting
from models.people import Actor
from models.procedure import Council
from models.vocabulary import JourneyAct, Stage
from rules.authority import rule_for
from rules.chain import current_step, is_complete
from rules.form import require_at
from rules.forums import forum_named
from rules.journeys.ahead import book_ahead, is_provisional
from rules.journeys.common import move, reassess, team, to_whose_move, today, watch_cut_off
from rules.journeys.knowing import known
from rules.journeys.listing import give_back, want_next_sitting
from rules.journeys.noticing import look_at_form
from rules.journeys.passing import SIGNED_IN, pass_on
from rules.journeys.telling import tell_referred
from rules.process import note
from rules.schedule import panel_key


def check_redirect(state: JourneyState, details: Redirect, _actor: Actor, now: datetime) -> None:
    """The other forum must exist, be another one, and have what it requires (B1)."""
    forum = forum_named(state.procedure, details.forum)
    if forum.key == state.forum_key:
        raise Refused(RefusalCode.ILLEGAL_MOVE, f"The case already goes to {forum.title}.", "Name another forum.")
    if forum.body != "sitting":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{forum.title} takes cases by referral only.",
            "Refer to it, or let the panel refer the case on.",
        )
    there = state.referral.model_copy(update={"forum": forum.key})
    facts = known(state.model_copy(update={"referral": there, "forum_key": forum.key}), today(now))
    met = [criterion.rule for criterion in state.criteria]
    require_at("refer", facts, state.procedure, forum.key, met, today(now))


def apply_redirect(state: JourneyState, details: Redirect, actor: Actor, now: datetime) -> None:
    """Another forum hears the case; a place at the first one is given back.

    Between the parts of one meeting it keeps its place, unless the other part asks for a signature that it lacks.
    """
    forum = forum_named(state.procedure, details.forum)
    state.procedure = _procedure_of(state, details, forum.key)
    came_from, panel = state.forum_key, panel_key(state.procedure, state.forum_key)
    state.forum_key = forum.key
    state.referral = state.referral.model_copy(update={"forum": forum.key})
    stays = panel == panel_key(state.procedure, forum.key) and (is_complete(state) or is_provisional(state))
    if not stays:
        give_back(state, actor, now)
    reassess(state, now)
    move(state, JourneyAct.REDIRECT, now)
    _to_whoever_signs_next(state, now)
    note(
        state,
        now,
        JourneyAct.REDIRECT,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.REDIRECT).cites,
        details={"forum": forum.key, "reasons": details.reasons},
        notices=to_whose_move(state, "redirected", *team(state)),
        text=f"{came_from} to {forum.key}",
    )
    tell_referred(state, actor, now)
    look_at_form(state, now)
    _find_place(state, now)


def _procedure_of(state: JourneyState, details: Redirect, forum: str) -> Council:
    """The procedure under which the case goes on: its own, where that has more of the forum than its name."""
    if forum not in state.procedure.stubs:
        return state.procedure
    if details.procedure is None or forum not in details.procedure.forums or forum in details.procedure.stubs:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"The case carries no procedure of {state.procedure.forums[forum].title}.",
            "Redirect it with `starter.py act`, which sends that along, or withdraw it and refer it there.",
        )
    return details.procedure


def _to_whoever_signs_next(state: JourneyState, now: datetime) -> None:
    """The other forum may ask for other signatures: the form goes to whose turn it is there."""
    if state.stage is Stage.RETURNED:
        return
    step = current_step(state)
    if state.stage is not (SIGNED_IN[step.act] if step is not None else Stage.AWAITING_LISTING):
        pass_on(state, now)


def _find_place(state: JourneyState, now: datetime) -> None:
    if state.stage is not Stage.AWAITING_LISTING:
        watch_cut_off(state, now)
        book_ahead(state, now)
    elif state.booking is not None:
        # The meeting is the same: it keeps its place there, and the meeting learns which part the case is now.
        state.wanted = WantedSitting(forum=state.booking.forum, sitting=state.booking.sitting)
    else:
        want_next_sitting(state, now)
