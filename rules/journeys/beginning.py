"""A decision begins what it decided, once: a placement, a package of support, a transfer, a care episode.

What a process starts with comes from the form, the decision and the journey, as the forum's file has it; what nobody
said is not made up. A process that already runs is told of a later decision, and only if it is over does another begin.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from models.deadlines import Beginning, WatchKind
from models.identifiers import reference_after
from models.journey import DecisionRecord, JourneyState
from models.people import Actor
from models.process import Delivery, NotStarted, Starting
from models.referral import Prior, Referral
from models.watch import PREFIX, watch_id, watch_kind
from rules.authority import system
from rules.conditions import Facts, all_hold, fact
from rules.findings import with_decision
from rules.journeys.common import notices, role_here, today
from rules.journeys.knowing import band, known
from rules.process import not_started, note
from rules.watches.words import DECIDED

OWN_REFERENCE: tuple[WatchKind, ...] = ("placement", "care_episode")
"""Processes that have a reference of their own before they begin; others get one after the referral's."""
OF_THE_PROPOSAL = (
    "source",
    "area",
    "key_stage_4_moves",
    "nominated_officer_approved_on",
    "director_approved_on",
    "secretary_of_state_approved_on",
)
"""What the form says of the proposed placement in the words in which a placement begins."""
FIELDS: dict[WatchKind, dict[str, tuple[str, ...]]] = {
    "placement": {
        "placement_ref": ("decision.placement_ref", "proposal.placement_ref"),
        "started_at": ("decision.starts", "proposal.starts"),
        "type": ("proposal.kind",),
        **{name: (f"proposal.{name}",) for name in OF_THE_PROPOSAL},
        "provider.grade": ("proposal.provider_grade",),
        "provider.registration": ("proposal.registration",),
        "legal_status": ("circumstances.legal_status",),
        "looked_after_since": ("circumstances.looked_after_since",),
        "unit": ("journey.unit",),
        "authorised_by": ("journey.referral_ref",),
        "approval": ("journey.approval",),
    },
    "support_package": {
        "services": ("decision.services",),
        "unit": ("journey.unit",),
        "decided_at": ("journey.decided_at",),
        "referral_ref": ("journey.referral_ref",),
        "forum": ("journey.forum",),
        "starts": ("decision.starts",),
        "ends": ("decision.ends",),
    },
}
"""What fills the fields of a start where the forum's file says nothing else; the child is in every start."""
NEEDED: dict[WatchKind, tuple[str, ...]] = {
    "placement": ("placement_ref", "started_at"),
    "support_package": ("services",),
}
"""What must be known before something begins by itself: without it a person starts it."""
OF_THE_JOURNEY = (
    "referral_ref",
    "child",
    "unit",
    "forum",
    "sitting",
    "priority",
    "decided_at",
    "decided_on",
    "approval",
)
"""What a start may take from the journey itself, as `journey.NAME`."""


def begin_what_was_decided(state: JourneyState, record: DecisionRecord, facts: Facts, by: Actor, now: datetime) -> None:
    """Begin what a decision decided, as far as the forum's file has it.

    Args:
        state: The journey, decided.
        record: The decision.
        facts: What is known of the case, the decision included.
        by: Who decided.
        now: UTC.
    """
    for beginning in _beginnings(state, record, facts, now):
        starting = _starting(state, beginning, record, facts, now)
        if starting is not None and not _runs(state, starting):
            _begin(state, beginning, starting, by, now)


def _beginnings(state: JourneyState, record: DecisionRecord, facts: Facts, now: datetime) -> list[Beginning]:
    goes_on = {watch_kind(one) for one in (state.came_from, state.referral.came_from) if one is not None}
    return [
        one
        for one in state.forum.begins
        if record.decided.decision in one.on
        and one.process not in goes_on  # that one is told
        and all_hold(one.when, facts, today(now), state.procedure)
    ]


def _begin(state: JourneyState, beginning: Beginning, starting: Starting, by: Actor, now: datetime) -> None:
    state.starting = [*state.starting, starting]
    process = watch_id(beginning.process, starting.council, starting.reference)
    state.begun = [*state.begun, process]
    told = notices(f"begun:{beginning.process}", (state.referred_by.post, role_here(state, "manager")))
    note(state, now, "begun", by, cites=beginning.cites, notices=told, text=process)


def _runs(state: JourneyState, starting: Starting) -> bool:
    """Whether an earlier decision began the same, as far as is known."""
    kind = next(kind for kind in PREFIX if kind == starting.kind)
    first = watch_id(kind, starting.council, starting.reference)
    return any(one == first or one.startswith(f"{first}.") for one in state.begun)


def _starting(
    state: JourneyState, beginning: Beginning, record: DecisionRecord, facts: Facts, now: datetime
) -> Starting | None:
    """What the process starts with; `None` where something that it needs is not known."""
    details = _details(state, beginning, record, facts, now)
    if any(name not in details for name in NEEDED.get(beginning.process, ())):
        return None
    reference = details.get(f"{PREFIX[beginning.process]}_ref")
    if beginning.process == "care_episode" and state.referral.child is not None:
        reference = state.referral.child.reference
    return Starting(
        kind=beginning.process,
        council=state.procedure.key,
        reference=str(reference or reference_after(state.referral.referral_ref, PREFIX[beginning.process])),
        by=state.referred_by,
        details=details,
        form=_form(state, record, now),
    )


def _details(
    state: JourneyState, beginning: Beginning, record: DecisionRecord, facts: Facts, now: datetime
) -> dict[str, Any]:
    own = _of_the_journey(state, record, now)
    fields = {"child": ("journey.child",), **FIELDS.get(beginning.process, {}), **beginning.fields}
    details: dict[str, Any] = dict(beginning.says)
    for field, paths in fields.items():
        if field in details:
            continue
        values = (own[path] if path in own else fact(facts, path) for path in paths)
        value = next((one for one in values if one not in (None, ())), None)
        if value is not None:
            _put(details, field, to_jsonable_python(value))
    return details


def _put(details: dict[str, Any], field: str, value: Any) -> None:  # noqa: ANN401 - plain values
    """Set a field; a dotted one reaches inside."""
    first, _, rest = field.partition(".")
    if rest:
        _put(details.setdefault(first, {}), rest, value)
    else:
        details[first] = value


def _of_the_journey(state: JourneyState, record: DecisionRecord, now: datetime) -> Mapping[str, Any]:
    found, child = band(state, now), state.referral.child
    said = {
        "referral_ref": state.referral.referral_ref,
        "child": child and child.model_dump(include={"reference", "date_of_birth", "unaccompanied_asylum_seeking"}),
        "unit": state.referral.team.unit,
        "forum": record.forum,
        "sitting": record.sitting,
        "priority": found.key if found else state.priority,
        "decided_at": record.at,
        "decided_on": today(record.at),
        "approval": _approval(record),
    }
    return {f"journey.{name}": said[name] for name in OF_THE_JOURNEY}


def _approval(record: DecisionRecord) -> dict[str, Any] | None:
    """What is approved for a time; nothing where it is not said until when: a carer's approval is another matter."""
    said = record.decided
    if said.ends is None and said.renew_by is None:
        return None
    times = {"since": record.at, "ends": said.ends, "renew_by": said.renew_by}
    known_times = {name: value for name, value in times.items() if value is not None}
    return {"kind": "time_limited", "by": record.forum, **known_times}


def _form(state: JourneyState, record: DecisionRecord, now: datetime) -> Referral:
    """The referral as it stands, with what was decided: a later referral of the same matter begins with it."""
    reference = state.referral.referral_ref
    prior = Prior(outcome=record.decided.decision, on=today(now), reference=reference)
    whole = {"prior": {**state.referral.prior, record.forum: prior}, "documents": tuple(state.documents)}
    return state.referral.model_copy(update=whole)


def begin_another(state: JourneyState, delivery: Delivery, now: datetime) -> None:
    """A process that an earlier decision began is over, and was told of a new decision: another begins after it.

    Args:
        state: The journey.
        delivery: The word that was not taken.
        now: UTC.
    """
    if delivery.word is None or delivery.word.what != DECIDED or delivery.to not in state.begun:
        return
    state.begun = [one for one in state.begun if one != delivery.to]
    record = state.decisions[-1]
    facts = with_decision(known(state, today(now)), record.decided)
    for beginning in _beginnings(state, record, facts, now):
        starting = _starting(state, beginning, record, facts, now)
        same = watch_kind(delivery.to) == beginning.process and beginning.process not in OWN_REFERENCE
        if starting is not None and same and not _runs(state, starting):
            again = reference_after(starting.reference, str(len(state.decisions)))
            _begin(state, beginning, starting.model_copy(update={"reference": again}), system(state.procedure), now)


def not_begun(state: JourneyState, refused: NotStarted, now: datetime) -> None:
    """What a decision was to begin could not begin: a person starts it by hand, and sees why.

    Args:
        state: The journey.
        refused: What, and why.
        now: UTC.
    """
    state.begun = [one for one in state.begun if one != refused.process_id]
    flag = f"Start {refused.process_id} by hand: {refused.sentence}"
    state.flags = list(dict.fromkeys([*state.flags, flag]))
    not_started(state, refused, now, notices("not_started", (state.referred_by.post, role_here(state, "manager"))))
