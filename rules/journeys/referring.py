"""Starting a journey, changing its form, and the signatures before a panel (HIL-071 to HIL-079)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from models.acts import Amend, SupplyDocument
from models.errors import RefusalCode, Refused
from models.journey import JourneyStart, JourneyState, WantedSitting
from models.people import Actor
from models.procedure import Council
from models.referral import Referral
from models.vocabulary import JourneyAct, Stage
from rules.authority import require_authority, rule_for
from rules.conditions import Known, fact
from rules.criteria import assess
from rules.form import (
    known_form,
    plain_name,
    require_at,
    require_direct_possible,
    require_known_facts,
    require_known_kind,
    require_whole,
    settled,
)
from rules.journeys.ahead import book_ahead
from rules.journeys.claiming import claim
from rules.journeys.common import (
    move,
    reassess,
    require_known_criteria,
    to_whose_move,
    today,
)
from rules.journeys.emergency import form_has_come
from rules.journeys.knowing import is_direct, known
from rules.journeys.moves import PLACED
from rules.journeys.noticing import look_at_form
from rules.journeys.passing import pass_on, start_again
from rules.journeys.responding import watch_response
from rules.journeys.signing import go_on, is_unsigned, require_before_cut_off, sign_with_the_form
from rules.journeys.telling import tell_referred
from rules.matters import require_matter
from rules.papers import require_may_be_supplied, require_papers
from rules.process import note, refusal_of
from rules.scoring import require_threshold

UNCHANGEABLE = ("referral_ref", "council", "child.reference", "forum")
"""What an amendment cannot touch: they make the journey the one it is; `redirect` changes the forum."""


def _require_forum(council: Council, referral: Referral) -> None:
    if referral.council != council.key:
        raise Refused(
            RefusalCode.UNKNOWN, f"This is not {referral.council}'s procedure.", "Send it to its own council."
        )
    if referral.forum not in council.forums:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"{council.title} has no forum {referral.forum}.",
            f"Name the panel that is to hear the case: {', '.join(council.forums)}.",
            rule_for(council, None, JourneyAct.REFER).cites[0],
        )


def require_acceptable(start: JourneyStart, now: datetime) -> None:
    """Refuse a referral that cannot start a journey.

    Args:
        start: The form, who refers and under which rules.
        now: UTC.

    Raises:
        Refused: `unknown` forum, post or criterion; `not_authorised`; or what the forum's requirements say.
    """
    council = start.procedure
    referral = settled(start.referral, council)
    _require_forum(council, referral)
    forum, day = council.forums[referral.forum], today(now)
    if day < forum.in_force_from or (forum.in_force_until is not None and day > forum.in_force_until):
        raise Refused(
            RefusalCode.PROHIBITED,
            f"The procedure of {forum.title} is not in force today.",
            "Refer under the procedure that is; the council's digital team keeps its files.",
            forum.cites[0],
        )
    if forum.body == "elsewhere":
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            f"{forum.title} has no procedure here.",
            "Refer to it in its own way; a panel here can recommend it.",
            forum.cites[0],
        )
    if start.came_from is None:
        require_authority(council, JourneyAct.REFER, start.actor, referral.team.unit, referral.forum)
        require_complete(referral, start, now)


def require_complete(referral: Referral, start: JourneyStart | JourneyState, now: datetime) -> None:
    """Refuse a form without what its forum requires before it is quality-assured.

    Args:
        referral: The form.
        start: Where the procedure is.
        now: UTC.

    Raises:
        Refused: `incomplete` parts of the form, `invalid` kinds and fields, `unknown` criteria, `missing_document`, or
            what the law and the requirements say.
    """
    council, day = start.procedure, today(now)
    require_known_kind(referral, council)
    require_matter(referral, council)
    require_known_facts(referral, council)
    facts = _facts(referral, start, day)
    require_direct_possible(facts, council)
    if not fact(facts, "route.direct"):
        require_whole(referral, council)
    found = assess(referral, council, day, facts)
    require_known_criteria(found.unknown)
    require_threshold(referral, facts, council, day)
    met = [criterion.rule for criterion in found.met]
    require_at("refer", facts, council, referral.forum, met, day)
    have = start.documents + list(start.not_applicable) if isinstance(start, JourneyState) else referral.documents
    unsigned = is_unsigned(referral, start, day)
    require_papers(referral, council, have, day, with_form_only=not unsigned)
    if unsigned:  # nobody looks at it again before the panel
        require_at("sign_off", facts, council, referral.forum, met, day)
        require_at("endorse", facts, council, referral.forum, met, day)


def _facts(referral: Referral, start: JourneyStart | JourneyState, day: date) -> Known:
    if isinstance(start, JourneyState):
        return known(start.model_copy(update={"referral": referral}), day)
    return known_form(referral, start.procedure, day, {"route.came_from": start.from_forum})


def begin(start: JourneyStart, now: datetime) -> JourneyState:
    """The state of a new journey.

    Args:
        start: A referral that is acceptable.
        now: UTC.
    """
    referral = settled(start.referral, start.procedure)
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
        from_forum=start.from_forum,
        documents=list(referral.documents),
    )
    reassess(state, now)
    sign_with_the_form(state, start.actor, now)
    pass_on(state, now)
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
    tell_referred(state, start.actor, now)
    claim(state, now)
    look_at_form(state, now)
    if is_direct(state, now):
        watch_response(state, now)
    go_on(state, now)
    return state


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
    """The changed form must be a whole one; one that has its place changes until the cut-off."""
    require_before_cut_off(state, now)
    require_complete(amended(state.referral, details.root), state, now)


def apply_amend(state: JourneyState, details: Amend, actor: Actor, now: datetime) -> None:
    """Change the form; the chain of signatures starts again, unless a deferral asked for more."""
    state.referral = amended(state.referral, details.root)
    state.documents = list(dict.fromkeys([*state.documents, *state.referral.documents]))
    reassess(state, now)
    deferred, placed = state.stage is Stage.DEFERRED, state.stage in PLACED
    if deferred:
        state.missing_information = []
    elif not placed:
        start_again(state)
    move(state, JourneyAct.AMEND, now)
    if not (deferred or placed):
        sign_with_the_form(state, actor, now)
        pass_on(state, now)
    told = to_whose_move(state, "referral_amended")
    note(state, now, JourneyAct.AMEND, actor, details=details.model_dump(mode="json"), notices=told)
    if deferred:
        list_when_complete(state, now)
    elif not placed:
        go_on(state, now)
    if deferred or placed:
        _send_papers_again(state)
    claim(state, now)
    form_has_come(state, now)
    look_at_form(state, now)


def _send_papers_again(state: JourneyState) -> None:
    """The sitting on which the case has its place learns what the form says now."""
    here = state.booking
    if here is not None and state.wanted is None:
        state.wanted = WantedSitting(forum=here.forum, sitting=here.sitting, provisional=here.provisional, refresh=True)


def check_supply(state: JourneyState, details: SupplyDocument, _actor: Actor, now: datetime) -> None:
    """A paper that always applies is not left out, and of some only copies are taken."""
    require_may_be_supplied(
        details.document,
        state.referral,
        state.procedure,
        today(now),
        left_out=details.not_applicable is not None,
        original=details.original,
    )


def apply_supply(state: JourneyState, details: SupplyDocument, actor: Actor, now: datetime) -> None:
    """Attach a paper, or say why it does not apply; a deferred case whose last missing item it was is listed again."""
    state.not_applicable.pop(details.document, None)
    if details.not_applicable is not None:
        state.not_applicable[details.document] = details.not_applicable
    elif details.document not in state.documents:
        state.documents.append(details.document)
    state.missing_information = [
        item for item in state.missing_information if plain_name(item) != plain_name(details.document)
    ]
    told = to_whose_move(state, "document_supplied")
    note(state, now, JourneyAct.SUPPLY_DOCUMENT, actor, details=details.model_dump(exclude_defaults=True), notices=told)
    if state.stage is Stage.DEFERRED:
        list_when_complete(state, now)
    book_ahead(state, now)
    form_has_come(state, now)


def list_when_complete(state: JourneyState, now: datetime) -> None:
    """A deferred case with nothing missing and a place is listed like any other.

    Args:
        state: The journey, deferred.
        now: UTC.
    """
    placed = state.booking is not None and state.booking.slot is not None
    if placed and not state.missing_information:
        move(state, "nothing_missing", now)
