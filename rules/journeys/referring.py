"""Starting a journey, changing its form, and the signatures before a panel (HIL-071 to HIL-079)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from models.acts import Amend, Commented, MaybeReasoned, Reasoned, SupplyDocument
from models.errors import RefusalCode, Refused
from models.journey import JourneyStart, JourneyState, Signature
from models.people import Actor
from models.process import Notice
from models.referral import Referral
from models.vocabulary import JourneyAct, Outcome, Stage
from rules import clocks
from rules.authority import require_authority, require_other_eyes
from rules.conditions import all_hold, fact
from rules.criteria import assess
from rules.form import plain_name, require_filled_in
from rules.journeys.common import (
    CUT_OFF,
    everybody_so_far,
    missing_documents,
    move,
    reassess,
    require_known_criteria,
    to_whose_move,
    today,
    waiting_on,
    watch_cut_off,
)
from rules.journeys.listing import give_back, want_next_sitting
from rules.process import note, refusal_of

UNCHANGEABLE = ("referral_ref", "council", "child.reference", "forum")
"""What an amendment cannot touch: they make the journey the one it is; `redirect` changes the forum."""


def require_acceptable(start: JourneyStart, now: datetime) -> None:
    """Refuse a referral that cannot start a journey.

    Args:
        start: The form, who refers and under which rules.
        now: UTC.

    Raises:
        Refused: `unknown` forum, post or criterion; `not_authorised`; or what the forum's requirements say.
    """
    referral, council = start.referral, start.procedure
    if referral.council != council.key:
        raise Refused(
            RefusalCode.UNKNOWN, f"This is not {referral.council}'s procedure.", "Send it to its own council."
        )
    if referral.forum not in council.forums:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{council.title} has no forum {referral.forum}.",
            f"Name the panel that is to hear the case: {', '.join(council.forums)}.",
            council.authority[JourneyAct.REFER].cites[0],
        )
    forum, day = council.forums[referral.forum], today(now)
    if day < forum.in_force_from or (forum.in_force_until is not None and day > forum.in_force_until):
        raise Refused(
            RefusalCode.PROHIBITED,
            f"The procedure of {forum.title} is not in force today.",
            "Refer under the procedure that is; the council's digital team keeps its files.",
            forum.cites[0],
        )
    if start.came_from is None:
        require_authority(council, JourneyAct.REFER, start.actor, referral.team.unit)
        require_complete(referral, start, now)


def require_complete(referral: Referral, start: JourneyStart | JourneyState, now: datetime) -> None:
    """Refuse a form without what its forum requires before it is quality-assured.

    Args:
        referral: The form.
        start: Where the procedure is.
        now: UTC.

    Raises:
        Refused: `unknown` criteria, or what the requirements say.
    """
    found = assess(referral, start.procedure, today(now))
    require_known_criteria(found.unknown)
    met = [criterion.rule for criterion in found.met]
    require_filled_in(referral, start.procedure, met, today(now), "refer")


def begin(start: JourneyStart, now: datetime) -> JourneyState:
    """The state of a new journey.

    Args:
        start: A referral that is acceptable.
        now: UTC.
    """
    referral = start.referral
    state = JourneyState(
        process_id=start.process_id,
        procedure=start.procedure,
        calendar=start.calendar,
        stage_since=now,
        referral=referral,
        forum_key=referral.forum,
        referred_by=start.actor,
        rota=start.rota,
        came_from=start.came_from,
        documents=list(referral.documents),
    )
    reassess(state, now)
    pass_on_unsigned(state, now)
    note(
        state,
        now,
        JourneyAct.REFER,
        start.actor,
        cites=(state.forum.cites[0],),
        details=referral.model_dump(mode="json"),
        notices=to_whose_move(state, "referral_received"),
        text=state.forum_key,
    )
    _go_on(state, now)
    return state


def pass_on_unsigned(state: JourneyState, now: datetime) -> None:
    """Pass a form straight to a forum that asks for no signatures.

    Args:
        state: The journey, before its first signature.
        now: UTC.
    """
    if not state.forum.chain:
        move(state, "pass_to_post" if state.forum.body == "post" else "pass_to_panel", now)


def _go_on(state: JourneyState, now: datetime) -> None:
    if state.stage is Stage.AWAITING_LISTING:
        want_next_sitting(state, now)
    else:
        watch_cut_off(state, now)


def amended(referral: Referral, changes: Mapping[str, Any]) -> Referral:
    """The form with changes; dotted keys reach inside.

    Args:
        referral: The form as it is.
        changes: Fields and their new values.

    Raises:
        Refused: `invalid` or `incomplete`, naming the fields; `prohibited` for what cannot be changed.
    """
    whole = referral.model_dump(mode="json", exclude_defaults=True)
    for path, value in changes.items():
        if path in UNCHANGEABLE:
            raise Refused(
                RefusalCode.PROHIBITED,
                f"{path} cannot be amended: it makes this referral the one it is.",
                "Withdraw it and refer again, or use redirect to change the forum.",
            )
        part = whole
        *way, last = path.split(".")
        for step in way:
            part = part.setdefault(step, {})
            if not isinstance(part, dict):
                raise Refused(RefusalCode.INVALID, f"{path} is not a field of the form.", "Check the key.")
        part[last] = value
    try:
        changed = Referral.model_validate(whole)
    except ValidationError as error:
        raise refusal_of(error) from None
    if any(fact(changed, path) != fact(referral, path) for path in UNCHANGEABLE):
        raise Refused(RefusalCode.PROHIBITED, "The reference cannot be amended.", "Refer again.")
    return changed


def check_amend(state: JourneyState, details: Amend, _actor: Actor, now: datetime) -> None:
    """The changed form must be a whole one."""
    require_complete(amended(state.referral, details.root), state, now)


def apply_amend(state: JourneyState, details: Amend, actor: Actor, now: datetime) -> None:
    """Change the form; the chain of signatures starts again, unless a deferral asked for more."""
    state.referral = amended(state.referral, details.root)
    state.documents = list(dict.fromkeys([*state.documents, *state.referral.documents]))
    reassess(state, now)
    deferred = state.stage is Stage.DEFERRED
    if deferred:
        state.missing_information = []
    else:
        state.signatures = []
    move(state, JourneyAct.AMEND, now)
    if not deferred:
        pass_on_unsigned(state, now)
    told = to_whose_move(state, "referral_amended")
    note(state, now, JourneyAct.AMEND, actor, details=details.model_dump(mode="json"), notices=told)
    if deferred:
        list_when_complete(state, now)
    else:
        _go_on(state, now)


def apply_return(state: JourneyState, details: Reasoned, actor: Actor, now: datetime) -> None:
    """Give the form back, with reasons."""
    move(state, JourneyAct.RETURN_FOR_CHANGES, now)
    state.signatures = []
    told = to_whose_move(state, "returned_for_changes")
    note(
        state,
        now,
        JourneyAct.RETURN_FOR_CHANGES,
        actor,
        cites=state.procedure.authority[JourneyAct.RETURN_FOR_CHANGES].cites,
        details={"reasons": details.reasons},
        notices=told,
    )
    watch_cut_off(state, now)


def check_sign_off(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Four eyes, a whole form with its papers, and the signer's own comments (HIL-078)."""
    require_other_eyes(state.procedure, JourneyAct.SIGN_OFF, actor, everybody_so_far(state))
    missing = missing_documents(state, now)
    if missing:
        raise Refused(
            RefusalCode.MISSING_DOCUMENT,
            f"These papers are missing: {', '.join(missing)}.",
            "Attach each of them with supply_document, then sign off.",
            state.forum.documents[0].cites[0],
        )
    met = [criterion.rule for criterion in state.criteria]
    require_filled_in(state.referral, state.procedure, met, today(now), "sign_off")
    step = state.forum.chain[0]
    if step.comments and not (details.comments or state.referral.team_manager_comments):
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The team manager's comments are missing.",
            "Sign off with comments, or fill in that section of the form.",
            step.cites[0],
        )


def apply_sign_off(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Sign, and pass the form on to whoever is next in the chain."""
    comments = details.comments or state.referral.team_manager_comments
    state.signatures.append(Signature(act=JourneyAct.SIGN_OFF, actor=actor, at=now, comments=comments))
    endorsed_next = any(step.act == "endorse" for step in state.forum.chain)
    if may_be_decided_by_post(state, now):
        move(state, "pass_to_post", now)
    elif endorsed_next:
        move(state, "pass_to_head_of_service", now)
    else:
        move(state, "pass_to_panel", now)
    note(
        state,
        now,
        JourneyAct.SIGN_OFF,
        actor,
        cites=state.forum.chain[0].cites,
        details={"comments": comments},
        notices=to_whose_move(state, "signed_off"),
    )
    _go_on(state, now)


def may_be_decided_by_post(state: JourneyState, now: datetime) -> bool:
    """Whether a post may decide this alone, within its limit (HIL-019), unless more scrutiny was asked for (HIL-018).

    Args:
        state: The journey.
        now: UTC.
    """
    rule = state.forum.by_post
    if rule is None or any(criterion.rule in rule.unless_criteria for criterion in state.criteria):
        return False
    return all_hold(rule.when, state.referral, today(now), state.procedure.settings)


def check_endorse(state: JourneyState, _details: Commented, actor: Actor, _now: datetime) -> None:
    """Four eyes, and a forum that sits."""
    if state.forum.body != "sitting":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{state.forum.title} has no sitting to endorse this for.",
            "Decide it, or return it for changes.",
        )
    require_other_eyes(state.procedure, JourneyAct.ENDORSE, actor, everybody_so_far(state))


def apply_endorse(state: JourneyState, details: Commented, actor: Actor, now: datetime) -> None:
    """Endorse: the referral is submitted, and wants a place at the first sitting that it is in time for (HIL-080)."""
    state.signatures.append(Signature(act=JourneyAct.ENDORSE, actor=actor, at=now, comments=details.comments))
    clocks.meet(state, CUT_OFF, now)
    move(state, JourneyAct.ENDORSE, now)
    note(
        state,
        now,
        JourneyAct.ENDORSE,
        actor,
        cites=state.procedure.authority[JourneyAct.ENDORSE].cites,
        details={"comments": details.comments},
        notices=to_whose_move(state, "endorsed"),
    )
    want_next_sitting(state, now)


def apply_supply(state: JourneyState, details: SupplyDocument, actor: Actor, now: datetime) -> None:
    """Attach a paper; a deferred case whose last missing item it was is listed again."""
    if details.document not in state.documents:
        state.documents.append(details.document)
    state.missing_information = [
        item for item in state.missing_information if plain_name(item) != plain_name(details.document)
    ]
    told = to_whose_move(state, "document_supplied")
    note(state, now, JourneyAct.SUPPLY_DOCUMENT, actor, details={"document": details.document}, notices=told)
    if state.stage is Stage.DEFERRED:
        list_when_complete(state, now)


def list_when_complete(state: JourneyState, now: datetime) -> None:
    """A deferred case with nothing missing and a place is listed like any other.

    Args:
        state: The journey, deferred.
        now: UTC.
    """
    placed = state.booking is not None and state.booking.slot is not None
    if placed and not state.missing_information:
        move(state, "nothing_missing", now)


def apply_withdraw(state: JourneyState, details: MaybeReasoned, actor: Actor, now: datetime) -> None:
    """The team takes its request back; the place at the sitting is free again.

    A matter that came back with actions of its decision still open goes back to them: they have to be carried out.
    """
    told = [post for post in (waiting_on(state), state.procedure.roles.head) if post]
    give_back(state, actor, now)
    state.wanted = None
    if state.open_actions:
        clocks.stop(state, CUT_OFF, now)
        move(state, "go_back_to_actions", now)
    else:
        clocks.stop_all(state, now)
        move(state, JourneyAct.WITHDRAW, now)
        state.outcome = Outcome.WITHDRAWN
    note(
        state,
        now,
        JourneyAct.WITHDRAW,
        actor,
        details={"reasons": details.reasons},
        notices=tuple(Notice(post=post, subject="withdrawn") for post in dict.fromkeys(told)),
    )
