"""How a placement starts: who is placed where, as what, and whether the law and the gates before a stay allow it."""

from datetime import datetime
from typing import Any

from models.placement import PlacementStage, PlacementState, StartPlacement
from models.placement_parts import ApprovalSaid, SuitabilitySaid
from models.process import Notice
from models.vocabulary import Priority
from models.watch import WatchedChild, WatchStart
from rules.authority import require_authority, role, system
from rules.placements.consents import require_responsible, take_answers, take_director
from rules.placements.facts import (
    WRITTEN_UP_WITHIN,
    is_looked_after,
    moment,
    not_understood,
    put,
    require_past,
    source_facts,
    terms_facts,
)
from rules.placements.lawful import require_lawful_start
from rules.process import note
from rules.watches.kinds import rules_of, started
from rules.working_days import local

STARTS = "start_placement"
CLASSIFIED_AT = "placement.regulation_24_at"


def begin(start: WatchStart, details: StartPlacement, now: datetime) -> PlacementState:
    """The state of a placement that starts.

    Args:
        start: What starts it.
        details: What is said of it.
        now: UTC.

    Raises:
        Refused: `prohibited` for what the law forbids; `invalid` for a consent that nobody can give.
    """
    unit = details.unit or start.actor.unit or ""
    if start.came_from is None and start.actor.staff != system(start.procedure).staff:
        require_authority(start.procedure, STARTS, start.actor, unit)
    at = moment(details.started_at, now)
    state = PlacementState(
        **started(start, now),
        stage=PlacementStage.PLANNED if at > now else PlacementStage.ACTIVE,
        unit=unit,
        child=_child(start, details.child),
    )
    put(state, terms_facts(details, {}))
    put(state, _of_the_start(details, at, now))
    put(state, approval_facts(details.approval, now))
    put(state, _suitability(details.suitability, now))
    require_responsible(details.section_20)
    take_answers(state, details.section_20)
    take_director(state, details.director_consent, now)
    if details.viability_filed_at is not None:
        require_past(details.viability_filed_at, now, "HIL-102")
        put(state, {"viability.filed_at": moment(details.viability_filed_at, now), "viability.suitable": True})
    not_understood(state, details)
    settle(state, now)
    require_lawful_start(state, now)
    return state


def _child(start: WatchStart, child: WatchedChild) -> WatchedChild:
    """The child, with the date of birth of the form that led here where nobody said it again."""
    form = start.form.child if start.form is not None else None
    if child.date_of_birth is not None or form is None:
        return child
    return child.model_copy(
        update={
            "date_of_birth": form.date_of_birth,
            "unaccompanied_asylum_seeking": form.unaccompanied_asylum_seeking,
        }
    )


def _of_the_start(details: StartPlacement, at: datetime, now: datetime) -> dict[str, Any]:
    day = local(at).date()
    return {
        **start_facts(at),
        "placement.ahead": at > now,
        "placement.planned": details.planned if details.planned is not None else not details.emergency,
        "placement.source": details.source,
        **source_facts(details.source),
        "placement.authorised_by": details.authorised_by,
        "placement.recorded_at": now,
        "placement.identified_at": min(moment(details.identified_at, now), now),
        "child.looked_after_said": details.looked_after,
        "child.already_looked_after": details.already_looked_after
        if details.already_looked_after is not None
        else details.looked_after_since is not None and details.looked_after_since < day,
    }


def start_facts(at: datetime) -> dict[str, Any]:
    """When a placement starts, in its own paths and those of the law.

    Args:
        at: UTC.
    """
    day = local(at).date()
    return {"placement.started_at": at, "placement.starts_on": day, "proposal.starts": day}


def approval_facts(approval: ApprovalSaid | None, now: datetime) -> dict[str, Any]:
    """What a placement is approved as.

    Args:
        approval: What is said of it, or nothing.
        now: UTC.
    """
    if approval is None:
        return {}
    return {
        "approval.kind": approval.kind,
        "approval.since": moment(approval.since, now),
        "approval.ends": approval.ends,
        "approval.renew_by": approval.renew_by,
        "approval.by": approval.by,
    }


def _suitability(said: SuitabilitySaid | None, now: datetime) -> dict[str, Any]:
    if said is None:
        return {}
    return {"suitability.approved": said.approved, "suitability.at": moment(said.at, now), "suitability.by": said.by}


def settle(state: PlacementState, now: datetime) -> None:
    """What follows from what is known: whether the child is looked after, and since when the gates count.

    A Regulation 24 placement that nobody recorded within 24 hours of its start counts from now, and is shown as
    discovered late (HIL-102, B4). A child who becomes looked after by it is so from its first day (HIL-098).

    Args:
        state: The placement: started, or changed.
        now: UTC.
    """
    facts = state.facts
    looked_after = is_looked_after(state, local(now).date())
    put(state, {"child.looked_after": looked_after, "would_be_looked_after": looked_after})
    if looked_after and "child.looked_after_since" not in facts:
        put(state, {"child.looked_after_since": facts["placement.starts_on"]})
    if facts.get("placement.connected_person") and facts.get("approval.kind") != "full":
        put(state, {"approval.temporary": True})
    if facts.get("placement.regulation_24") and CLASSIFIED_AT not in facts:
        _classified(state, now)


def _classified(state: PlacementState, now: datetime) -> None:
    at = datetime.fromisoformat(state.facts["placement.started_at"])
    starts_so = not state.held  # else a change has told it, now
    known = datetime.fromisoformat(state.facts["placement.identified_at"]) if starts_so else now
    late = known - at > WRITTEN_UP_WITHIN
    put(
        state,
        {
            CLASSIFIED_AT: max(at, known),
            "placement.regulation_24_counts_from": known if late else at,
            "placement.discovered_late": late,
        },
    )


def tell_classified(state: PlacementState, now: datetime) -> None:
    """Say once, at once, that this is a Regulation 24 placement: it is acted on immediately (HIL-101).

    Args:
        state: The placement.
        now: UTC.
    """
    if not state.facts.get("placement.regulation_24") or state.facts.get("placement.regulation_24_told"):
        return
    put(state, {"placement.regulation_24_told": True})
    state.priority = Priority.EMERGENCY if state.facts.get("placement.police_protection") else Priority.HIGH
    posts = dict.fromkeys(role(state.procedure, None, name) for name in ("worker", "manager", "head"))
    told = tuple(Notice(post=post, subject="regulation_24_identified") for post in posts)
    text = "discovered_late" if state.facts["placement.discovered_late"] else None
    cites = rules_of(state).cites
    note(state, now, "regulation_24_identified", system(state.procedure), cites=cites, notices=told, text=text)
