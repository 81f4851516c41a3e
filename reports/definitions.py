"""The reports that councils' procedures ask for: what each is for, by which rules, and its sections in order."""

from dataclasses import dataclass

from reports import activity, placements, timeliness
from reports.material import Builder


@dataclass(frozen=True)
class Definition:
    """One report.

    Attributes:
        key: What people type.
        title: What it is called.
        asked_by: Rules that ask for it; a report shows those of its own council.
        sections: What it is made of, in order.
    """

    key: str
    title: str
    asked_by: tuple[str, ...]
    sections: tuple[Builder, ...]


REPORTS = {
    one.key: one
    for one in (
        Definition(
            key="activity",
            title="Panel activity review",
            asked_by=("HIL-108", "HIL-109", "HAC-223", "HAC-421", "HRW-038", "CBC-113"),
            sections=(
                activity.panels,
                activity.months,
                activity.requests,
                activity.sittings,
                activity.decided,
                activity.recommended,
                activity.deferred,
                activity.delays,
                activity.emergency,
                timeliness.deadlines,
                activity.missed,
                timeliness.overdue,
                timeliness.overdue_cases,
                placements.money,
            ),
        ),
        Definition(
            key="placements",
            title="Placement report",
            asked_by=("CBC-113", "CBC-115", "CBC-116", "CBC-141", "HRW-058", "HRW-092", "HIL-056"),
            sections=(
                placements.by_type,
                placements.ending_by_week,
                placements.ending,
                placements.expensive,
                placements.drift_by_deadline,
                placements.drift,
                placements.money,
            ),
        ),
        Definition(
            key="timeliness",
            title="Timeliness report",
            asked_by=("HIL-108", "HIL-090", "HAC-014", "HAC-223", "HRW-058", "CBC-094", "CBC-111"),
            sections=(
                timeliness.deadlines,
                timeliness.ahead,
                activity.missed,
                timeliness.overdue,
                timeliness.overdue_cases,
            ),
        ),
    )
}
"""Every report by its key."""
