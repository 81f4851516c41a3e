"""The signatures before a panel or a post: signing off, endorsing, and giving a form back (HIL-078, HIL-079)."""

from datetime import date, datetime

from models.acts import Commented, Reasoned
from models.errors import RefusalCode, Refused
from models.journey import JourneyStart, JourneyState, Signature
from models.membership import SignOffStep
from models.people import Actor
from models.referral import Referral
from models.vocabulary import JourneyAct, Stage
from rules import clocks
from rules.authority import of_units, require_other_eyes, rule_for, titles, unit_fits
from rules.chain import current_step, first_open, is_complete, open_posts, steps, steps_for
from rules.eyes import in_whose_place
from rules.journeys.ahead import book_ahead
from rules.journeys.common import (
    CUT_OFF,
    EMERGENCY_FORM,
    everybody_so_far,
    move,
    to_whose_move,
    today,
    unit_of,
    watch_cut_off,
)
from rules.journeys.knowing import require_step
from rules.journeys.listing import give_back, want_next_sitting
from rules.journeys.moves import PLACED
from rules.journeys.passing import pass_on, start_again
from rules.papers import require_papers
from rules.process import note
from rules.schedule import cut_off_for, in_time


def go_on(state: JourneyState, now: datetime) -> None:
    """Ask for a place when the form is submitted, and watch the cut-off until it is.

    Args:
        state: The journey.
        now: UTC.
    """
    if state.stage is Stage.AWAITING_LISTING:
        if CUT_OFF not in state.clocks:
            watch_cut_off(state, now)
        clocks.meet(state, CUT_OFF, now)
        want_next_sitting(state, now)
    else:
        watch_cut_off(state, now)
        book_ahead(state, now)


def sign_with_the_form(state: JourneyState, actor: Actor, now: datetime) -> None:
    """Count who sent the form as the signer of a step that is theirs, when nothing is missing.

    Args:
        state: The journey: referred, amended or asked for again, and not signed yet.
        actor: Who sent the form.
        now: UTC.
    """
    step = current_step(state)
    if step is None or not step.by_referrer or in_whose_place(actor) != in_whose_place(state.referred_by):
        return
    said = Commented()
    try:
        _require_theirs(state, step, actor)
        _require_whole(state, step, actor, now)
        _require_said(state, step, said)
    except Refused:
        return
    comments = state.referral.team_manager_comments
    state.signatures.append(Signature(act=step.act, actor=actor, at=now, comments=comments))


def is_unsigned(referral: Referral, start: JourneyStart | JourneyState, day: date) -> bool:
    """Whether nobody signs a form any more before its panel: it has to be whole when it comes.

    Args:
        referral: The form, as it comes.
        start: What it starts, or changes.
        day: Local date.
    """
    sender = start.referred_by if isinstance(start, JourneyState) else start.actor
    later = isinstance(start, JourneyState) and (start.stage is Stage.DEFERRED or start.emergency is not None)
    return not later and first_open(steps_for(referral, start.procedure, referral.forum, day), sender, ()) is None


def may_be_changed(state: JourneyState) -> bool:
    """Whether a form that has its place, or waits for one, may be amended: nobody's signature stands under it.

    Args:
        state: The journey.
    """
    if state.stage not in PLACED:
        return True
    form = state.clocks.get(EMERGENCY_FORM)
    return not steps(state) or (form is not None and form.ticking)


def may_be_returned(state: JourneyState) -> bool:
    """Whether the form may be given back: where it has its place, only one that nobody signs or somebody checks.

    Args:
        state: The journey.
    """
    if state.recommendation is not None:
        return False
    if state.stage not in PLACED:
        return True
    if state.emergency is not None and state.emergency.listed:
        return False
    return not steps(state) or bool(_checkers(state))


def _checkers(state: JourneyState) -> tuple[str, ...]:
    """The posts that look through the papers of a case that has its place."""
    panel = state.procedure.forums[state.forum.sits_with or state.forum_key]
    check = state.forum.papers_check or panel.papers_check
    return check.posts if check else ()


def require_before_cut_off(state: JourneyState, now: datetime) -> None:
    """Refuse a change to a form after the cut-off of the sitting that is to hear it.

    Args:
        state: The journey.
        now: UTC.

    Raises:
        Refused: `past_cut_off`.
    """
    booking = state.booking
    panel = state.procedure.forums[state.forum.sits_with or state.forum_key]
    if state.stage not in PLACED or booking is None or panel.cut_off is None:
        return
    emergency = state.emergency is not None and state.emergency.listed
    if not emergency and not in_time(now, cut_off_for(booking.sitting, panel, state.calendar)):
        raise Refused(
            RefusalCode.PAST_CUT_OFF,
            f"The cut-off for the sitting of {booking.sitting} has passed: its papers stay as they are.",
            "Bring what has changed to the sitting, or withdraw and refer again.",
            panel.cut_off.cites[0],
        )


def check_return(state: JourneyState, _details: Reasoned, actor: Actor, _now: datetime) -> None:
    """A case that has its place is given back by whoever checks its papers, where the procedure names somebody."""
    checkers = _checkers(state)
    if state.stage in PLACED and steps(state) and actor.post not in checkers:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            "The form is signed and submitted: only who checks the panel's papers can give it back now.",
            f"Ask the {titles(state.procedure, checkers)}.",
            rule_for(state.procedure, state.forum_key, JourneyAct.RETURN_FOR_CHANGES).cites[0],
        )


def apply_return(state: JourneyState, details: Reasoned, actor: Actor, now: datetime) -> None:
    """Give the form back, with reasons; a place at a sitting is given up."""
    if state.stage in PLACED:
        give_back(state, actor, now)
        state.wanted = None
    move(state, JourneyAct.RETURN_FOR_CHANGES, now)
    start_again(state)
    told = to_whose_move(state, "returned_for_changes")
    note(
        state,
        now,
        JourneyAct.RETURN_FOR_CHANGES,
        actor,
        cites=rule_for(state.procedure, state.forum_key, JourneyAct.RETURN_FOR_CHANGES).cites,
        details={"reasons": details.reasons},
        notices=told,
    )
    watch_cut_off(state, now)


def check_sign_off(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Four eyes, a whole form with its papers, and the signer's own comments (HIL-078)."""
    _check_signature(state, JourneyAct.SIGN_OFF, details, actor, now)


def check_endorse(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Four eyes, and a forum that sits or a chain that asks for it."""
    if is_complete(state) and state.forum.body != "sitting":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{state.forum.title} has no sitting to endorse this for.",
            "Decide it, or return it for changes.",
        )
    _check_signature(state, JourneyAct.ENDORSE, details, actor, now)


def _check_signature(state: JourneyState, act: JourneyAct, details: Commented, actor: Actor, now: datetime) -> None:
    step = current_step(state)
    earlier = everybody_so_far(state)
    if step is not None and step.act == act:
        if step.agreed_by and actor.post != state.procedure.roles.worker:
            require_other_eyes(state.procedure, act, actor, earlier, state.forum_key)
        _require_theirs(state, step, actor)
        if step.by_referrer:
            referrer = set(state.referred_by.people)
            earlier = [person for person in earlier if not referrer.issuperset(person.people)]
    require_other_eyes(state.procedure, act, actor, earlier, state.forum_key)
    if step is not None and step.act == act:
        _require_whole(state, step, actor, now)
        _require_said(state, step, details)


def _require_theirs(state: JourneyState, step: SignOffStep, actor: Actor) -> None:
    posts = open_posts(state)
    fits = unit_fits(step.unit, actor, unit_of(state)) and of_units(actor, step.units)
    if actor.post not in posts or not fits:
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This signature is for the {titles(state.procedure, posts)} to give.",
            f"Ask the {titles(state.procedure, posts)} for {' or '.join(step.units) or unit_of(state)}.",
            step.cites[0],
        )


def _require_whole(state: JourneyState, step: SignOffStep, actor: Actor, now: datetime) -> None:
    """The papers, with the first signature; and what the form has to hold at this step."""
    if not state.signatures:
        supplied = (*state.documents, *state.not_applicable)
        require_papers(state.referral, state.procedure, supplied, today(now))
        require_step(state, "sign_off", now)
    signed = [*state.signatures, Signature(act=step.act, actor=actor, at=now)]
    if step.act == "endorse" or first_open(steps(state), state.referred_by, signed) is None:
        require_step(state, "endorse", now)


def _require_said(state: JourneyState, step: SignOffStep, details: Commented) -> None:
    """The signer's comments and confirmations, where the step asks for them."""
    if step.comments and not (details.comments or state.referral.team_manager_comments):
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The team manager's comments are missing.",
            "Sign off with comments, or fill in that section of the form.",
            step.cites[0],
        )
    said = confirmed(step, details)
    missing = [one for one in step.attests if one.required and one.key not in said]
    if missing:
        raise Refused(
            RefusalCode.INCOMPLETE,
            f"This signature has to confirm: {', '.join(one.key for one in missing)}.",
            "Sign with confirmed = true, or name these keys in confirmed.",
            missing[0].cites[0],
        )


def confirmed(step: SignOffStep, details: Commented) -> tuple[str, ...]:
    """The keys of what a signature vouches for.

    Args:
        step: The step that it does.
        details: What its signer said.
    """
    if isinstance(details.confirmed, bool):
        return tuple(one.key for one in step.attests) if details.confirmed else ()
    return details.confirmed


def apply_sign_off(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Sign, and pass the form on to whoever is next in the chain."""
    comments = details.comments or state.referral.team_manager_comments
    _sign(state, JourneyAct.SIGN_OFF, details.model_copy(update={"comments": comments}), actor, now)


def apply_endorse(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Endorse: the referral is submitted, and wants a place at the first sitting that it is in time for (HIL-080)."""
    _sign(state, JourneyAct.ENDORSE, details, actor, now)


def _sign(state: JourneyState, act: JourneyAct, details: Commented, actor: Actor, now: datetime) -> None:
    step = current_step(state)
    keys = confirmed(step, details) if step is not None else ()
    state.signatures.append(Signature(act=act, actor=actor, at=now, comments=details.comments, confirmed=keys))
    pass_on(state, now)
    attendees = tuple(post for post in details.attendees if post in state.procedure.posts)
    note(
        state,
        now,
        act,
        actor,
        cites=step.cites if step else rule_for(state.procedure, state.forum_key, act).cites,
        details={"comments": details.comments, "confirmed": keys, "attendees": details.attendees},
        notices=to_whose_move(state, "signed_off" if act is JourneyAct.SIGN_OFF else "endorsed", *attendees),
    )
    go_on(state, now)
