"""What the inspectorate finds of a home while a child lives there: people are told, the risk is assessed, nobody moves.

HRW-088 to HRW-090, E7: a grade that falls is brought to people. No grade, and no clock, ends a placement.
"""

from datetime import datetime

from models.errors import RefusalCode, Refused
from models.people import Actor
from models.placement import FileRiskAssessment, PlacementState, RecordProviderGrade
from rules.placements.facts import day_of, put, require_past
from rules.process import ActRule
from rules.watches.kinds import WatchAct

GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
"""Ofsted's grades, from the best to the worst."""
UNRATED = "unrated"
BELOW_GOOD = GRADES[2:]


def fell(before: str | None, after: str) -> bool:
    """Whether a home is now below good and worse than it was known to be.

    Args:
        before: The grade known until now.
        after: The new one.
    """
    if after not in BELOW_GOOD:
        return False
    return before not in GRADES or GRADES.index(after) > GRADES.index(before)


def check_grade(_state: PlacementState, details: RecordProviderGrade, _actor: Actor, now: datetime) -> None:
    """A grade of the inspectorate's, or none yet; published, not to come."""
    require_past(details.graded_on, now, "HRW-089")
    if details.grade not in (*GRADES, UNRATED):
        raise Refused(
            RefusalCode.INVALID,
            "That is no grade of the inspectorate's.",
            f"Give one of {', '.join((*GRADES, UNRATED))}.",
            "HRW-089",
        )


def apply_grade(state: PlacementState, details: RecordProviderGrade, _actor: Actor, now: datetime) -> None:
    """Keep the grade; where it fell, the risk assessment is awaited, from now. The same grade again is no news."""
    before, grade = state.facts.get("provider.grade"), details.grade
    said = {
        "provider.grade": grade,
        "provider.grade_before": before,
        "provider.graded_on": day_of(details.graded_on, now),
        "provider.grade_news": grade != before,
    }
    if fell(before, grade):
        said |= {"provider.fell_at": now, "provider.risk_assessment": "awaited"}
    put(state, said)


def check_risk(_state: PlacementState, details: FileRiskAssessment, _actor: Actor, now: datetime) -> None:
    """An assessment that is written, not one to come."""
    require_past(details.filed_at, now, "HRW-089")


def apply_risk(state: PlacementState, details: FileRiskAssessment, _actor: Actor, now: datetime) -> None:
    """Keep that the risk is assessed, and what is meant to happen: only people move a child."""
    said = {
        "provider.risk_assessment": "filed",
        "provider.risk_assessed_on": day_of(details.filed_at, now),
        "provider.risk_plan": details.plan,
    }
    put(state, said)


def _planned(details: FileRiskAssessment) -> tuple[str, ...]:
    return (f"file_risk_assessment:{details.plan}",) if details.plan else ()


ACTS: dict[str, WatchAct[PlacementState]] = {
    "record_provider_grade": WatchAct(
        ActRule(RecordProviderGrade, check_grade, apply_grade),
        also=lambda details: (f"record_provider_grade:{details.grade}",),
        on=lambda details, now: day_of(details.graded_on, now),
    ),
    "file_risk_assessment": WatchAct(
        ActRule(FileRiskAssessment, check_risk, apply_risk),
        also=_planned,
        on=lambda details, now: day_of(details.filed_at, now),
    ),
}
"""The acts about a home's grade."""
