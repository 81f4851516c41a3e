"""Approvals for a time: interim, emergency and time-limited ones, and the one extension that regulation 25 allows.

LAW-009 to LAW-011, D15, G1: a panel's interim approval makes no period of the law longer; only an extension does.
"""

from datetime import date, datetime, timedelta

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.placement import ExtendApproval, GrantInterimApproval, PlacementState
from models.vocabulary import ClockState
from rules.placements.facts import day_of, moment, put, require_past
from rules.placements.start import approval_facts
from rules.process import ActRule
from rules.watches.kinds import WatchAct
from rules.working_days import local

TEMPORARY = "temporary_approval"
"""The clock of a connected person's temporary approval."""
INTERIM = "interim"
LONGEST_EXTENSION = timedelta(weeks=8)
"""LAW-010."""
EXTENDED_SINCE = date(2011, 4, 1)
"""From this day on placements come under the regulations of 2010; those before end after six weeks (LAW-011)."""
EXTENSION = "LAW-010"
NOMINATED = frozenset({"nominated_officer", "agency_decision_maker"})
CONDITIONS = {
    "nominated_officer_approved_on": "the nominated officer approves it",
    "panel_views_on": "the fostering panel's views are sought",
    "reviewing_officer_told_on": "the Independent Reviewing Officer is told",
}


def check_grant(_state: PlacementState, details: GrantInterimApproval, _actor: Actor, now: datetime) -> None:
    """It is given, not to come."""
    require_past(details.since, now, "HAC-282")


def apply_grant(state: PlacementState, details: GrantInterimApproval, _actor: Actor, now: datetime) -> None:
    """Keep it: an interim approval beside what the placement is approved as, any other in its place."""
    if details.kind == INTERIM:
        put(
            state,
            {
                "approval.interim_on": day_of(details.since, now),
                "approval.interim_at": moment(details.since, now),
                "approval.interim_ends": details.ends,
                "approval.renew_by": details.renew_by,
                "check.kinship_review.review_on": details.review_on,
            },
        )
    else:
        put(state, approval_facts(details, now))


def check_extend(state: PlacementState, details: ExtendApproval, actor: Actor, _now: datetime) -> None:
    """Once, before it runs out, for at most eight weeks, and with all that the law asks (LAW-010)."""
    _require_extensible(state)
    due = local(state.clocks[TEMPORARY].due).date()
    if state.clocks[TEMPORARY].state is ClockState.BREACHED:
        raise _no(
            RefusalCode.PROHIBITED,
            "The temporary approval has run out: it cannot be extended any more.",
            "Bring it to the Head of Service and legal services today; the child stays meanwhile.",
        )
    missing = [said for name, said in CONDITIONS.items() if not _said(details, name, actor)]
    if missing:
        raise _no(
            RefusalCode.INCOMPLETE,
            f"An extension asks that {', and that '.join(missing)}.",
            f"Fill in {', '.join(name for name in CONDITIONS if not _said(details, name, actor))}.",
        )
    ends = _ends(details, due)
    if not due < ends <= due + LONGEST_EXTENSION:
        raise _no(
            RefusalCode.OVER_LIMIT,
            "A temporary approval is extended by eight weeks at most.",
            f"Extend it to a day from {due + timedelta(days=1)} to {due + LONGEST_EXTENSION}.",
        )


def _require_extensible(state: PlacementState) -> None:
    if "approval.extended_to" in state.facts:
        raise _no(
            RefusalCode.PROHIBITED,
            "The law lets a temporary approval be extended only once.",
            "Plan with the Head of Service and legal services where the child lives after it.",
        )
    if date.fromisoformat(state.facts["placement.starts_on"]) < EXTENDED_SINCE:
        raise Refused(
            RefusalCode.PROHIBITED,
            "Under the regulations of 2002 the six weeks cannot be extended.",
            "Plan with the Head of Service and legal services where the child lives after it.",
            "LAW-011",
        )
    clock = state.clocks.get(TEMPORARY)
    if clock is None or not clock.ticking:
        raise _no(
            RefusalCode.ILLEGAL_MOVE,
            "No temporary approval of a connected person runs here.",
            "An extension is for a connected person who is approved for a time.",
        )


def _said(details: ExtendApproval, name: str, actor: Actor) -> bool:
    """Whether a condition is met; a nominated officer who extends it approves it by that."""
    if name == "nominated_officer_approved_on" and {actor.post, details.approved_by} & NOMINATED:
        return True
    return bool(getattr(details, name))


def _ends(details: ExtendApproval, due: date) -> date:
    if details.ends is not None:
        return details.ends
    return due + (timedelta(weeks=details.weeks) if details.weeks is not None else LONGEST_EXTENSION)


def apply_extend(state: PlacementState, details: ExtendApproval, _actor: Actor, now: datetime) -> None:
    """The period ends later, once."""
    due = local(state.clocks[TEMPORARY].due).date()
    put(
        state,
        {
            "approval.extended_to": _ends(details, due),
            "approval.extended_at": moment(None, now),
            "approval.first_end": due,
        },
    )


def _no(code: RefusalCode, sentence: str, remedy: str) -> Refused:
    return Refused(code, sentence, remedy, EXTENSION)


GRANT_INTERIM_APPROVAL: WatchAct[PlacementState] = WatchAct(
    ActRule(GrantInterimApproval, check_grant, apply_grant),
    also=lambda details: (f"grant_interim_approval:{details.kind}",),
    on=lambda details, now: day_of(details.since, now),
)
EXTEND_APPROVAL: WatchAct[PlacementState] = WatchAct(ActRule(ExtendApproval, check_extend, apply_extend))
