"""Sections on what panels did: referrals, sittings, decisions, deferrals, delays and emergencies."""

from dateutil.relativedelta import relativedelta

from register.reading.figures import (
    ForumActivity,
    breaches,
    by_month,
    decisions,
    deferrals,
    emergencies,
    referrals,
)
from reports.material import Material, all_of, crossed, title_of
from reports.shapes import Cell, Chart, Column, Section, Table, summed

MONTHS = 12
EMERGENCIES = {
    "ratified": "Ratified",
    "not_ratified": "Not ratified",
    "decided": "Decided otherwise",
    "closed": "Closed without a decision",
    "waiting": "Waiting for the panel",
}
PROCESSES = {
    "journey": "Journeys of children",
    "sitting": "Sittings",
    "placement": "Placements",
    "episode": "Care episodes",
    "package": "Support packages",
    "transfer": "Transfers of cases",
    "unit": "Unit meetings",
    "duty": "Recurring duties",
}


def panels(material: Material) -> Section:
    """What each forum did."""
    columns = (
        Column(title="Forum", kind="text"),
        Column(title="Referred"),
        Column(title="Sittings held", kind="number"),
        Column(title="Heard"),
        Column(title="Heard a sitting", kind="number"),
        Column(title="Deferred"),
        Column(title="Emergencies"),
        Column(title="Open at the end"),
    )
    found = material.activity
    rows: list[tuple[Cell, ...]] = [
        (
            material.forum(one.forum),
            one.referred,
            one.held,
            one.heard,
            None if one.a_sitting is None else round(one.a_sitting, 1),
            one.deferred,
            one.emergencies,
            one.open_at_end,
        )
        for one in found
    ]
    table = Table(columns=columns, rows=tuple(rows), total=_with_rate(rows, columns, found), adds="down")
    chart = Chart(kind="bar", title="Cases referred and heard, by forum", columns=(1, 3))
    return Section(
        key="panels",
        title="What each panel did",
        says="Referred: referrals that began in the period. Heard: cases on the agenda of a sitting in the period that "
        "was not carried over. Open at the end: referrals that were not closed when the period ended.",
        table=table,
        charts=(chart,) if rows else (),
        cites=material.cites(("HIL-108", "HAC-223", "CBC-113")),
    )


def _with_rate(
    rows: list[tuple[Cell, ...]], columns: tuple[Column, ...], found: list[ForumActivity]
) -> tuple[Cell, ...] | None:
    if not rows:
        return None
    held, heard = sum(one.held for one in found), sum(one.heard for one in found)
    total = list(summed(rows, columns))
    total[2], total[4] = held, round(heard / held, 1) if held else None
    return tuple(total)


def months(material: Material) -> Section:
    """How referrals, hearings and decisions went over a year."""
    span = material.span
    first = span.last.replace(day=1) - relativedelta(months=MONTHS - 1)
    found = by_month(material.connection, span.model_copy(update={"first": min(first, span.first)}))
    columns = (
        Column(title="Month", kind="text"),
        Column(title="Referred"),
        Column(title="Heard"),
        Column(title="Decided"),
    )
    rows = tuple((f"{day:%b %Y}", one["referred"], one["heard"], one["decided"]) for day, one in found)
    chart = Chart(kind="line", title="Cases referred, heard and decided, month by month", columns=(1, 2, 3))
    return Section(
        key="months",
        title="Month by month",
        says="The twelve months up to the end of the period, or the whole period where it is longer. A case may be "
        "heard and decided more than once.",
        table=Table(columns=columns, rows=rows),
        charts=(chart,),
        cites=material.cites(("HIL-109", "HAC-223")),
    )


def requests(material: Material) -> Section:
    """What was asked for."""
    table = crossed(material, referrals(material.connection, material.span), "Asked for")
    return Section(
        key="requests",
        title="What was asked for",
        says="Referrals that began in the period, by what they ask for and the forum that they went to.",
        table=table,
        charts=all_of(table, "Referrals by what they ask for"),
        cites=material.cites(("HIL-108",)),
        published=True,
    )


def sittings(material: Material) -> Section:
    """The meetings of each forum."""
    columns = (
        Column(title="Forum", kind="text"),
        Column(title="Held", kind="number"),
        Column(title="Postponed", kind="number"),
        Column(title="Cancelled", kind="number"),
    )
    found = material.activity
    rows = tuple(
        (material.forum(one.forum), one.held, one.postponed, one.cancelled)
        for one in found
        if one.held or one.postponed or one.cancelled
    )
    return Section(
        key="sittings",
        title="Sittings",
        says="Meetings on days of the period. A sitting that nobody opened was not held.",
        table=Table(columns=columns, rows=rows),
        cites=material.cites(("HIL-108",)),
        published=True,
    )


def decided(material: Material) -> Section:
    """Decisions by kind."""
    table = crossed(material, decisions(material.connection, material.span), "Decision")
    return Section(
        key="decisions",
        title="Decisions",
        says="Decisions taken in the period. A case that comes back is decided again.",
        table=table,
        charts=all_of(table, "Decisions by kind"),
        cites=material.cites(("HIL-108",)),
        published=True,
    )


def recommended(material: Material) -> Section:
    """Recommendations, where a panel only recommends."""
    table = crossed(material, decisions(material.connection, material.span, recommends=True), "Recommendation")
    return Section(
        key="recommendations",
        title="Recommendations",
        says="What panels recommended in the period to the post that decides.",
        table=table,
        cites=material.cites(("HIL-108",)),
        published=True,
        nothing="No panel recommended anything.",
    )


def deferred(material: Material) -> Section:
    """Deferrals by why."""
    words = {"missing_information": "Information was missing", "other": "For another reason"}
    table = crossed(material, deferrals(material.connection, material.span), "Deferred", words)
    return Section(
        key="deferrals",
        title="Deferrals",
        says="Decisions of the period that deferred a case. Information was missing: the panel named what it lacked.",
        table=table,
        cites=material.cites(("HIL-108", "HIL-109")),
        nothing="Nothing was deferred.",
    )


def delays(material: Material) -> Section:
    """What came late or came back."""
    columns = (
        Column(title="Forum", kind="text"),
        Column(title="Returned for changes"),
        Column(title="Cut-off missed"),
        Column(title="Taken late"),
        Column(title="Carried over"),
        Column(title="Escalated by a person"),
    )
    rows: list[tuple[Cell, ...]] = [
        (material.forum(one.forum), *cells)
        for one in material.activity
        if any(cells := (one.returned, one.missed_cut_off, one.late, one.carried_over, one.escalated))
    ]
    table = Table(columns=columns, rows=tuple(rows), total=summed(rows, columns) if rows else None, adds="down")
    chart = Chart(kind="column", title="What was late or came back, by forum", columns=(1, 2, 3, 4, 5))
    return Section(
        key="delays",
        title="Returned, late and carried over",
        says="Returned for changes: how often. Cut-off missed: how often a cut-off passed without a submission. Taken "
        "late: cases on an agenda that the chair accepted after the cut-off.",
        table=table,
        charts=(chart,) if rows else (),
        cites=material.cites(("HIL-108", "HIL-109")),
        published=True,
    )


def emergency(material: Material) -> Section:
    """Emergencies and what became of them."""
    table = crossed(material, emergencies(material.connection, material.span), "What became of them", EMERGENCIES)
    return Section(
        key="emergencies",
        title="Emergencies and their ratification",
        says="Cases that became emergencies in the period, and what had become of them when it ended.",
        table=table,
        charts=all_of(table, "Emergencies by what became of them"),
        cites=material.cites(("HIL-044", "HIL-108")),
        published=True,
        nothing="No case became an emergency.",
    )


def missed(material: Material) -> Section:
    """Deadlines that were missed and so escalated by themselves."""
    columns = (Column(title="Of", kind="text"), Column(title="Missed"))
    found = breaches(material.connection, material.span)
    rows: list[tuple[Cell, ...]] = [(PROCESSES.get(one.key, title_of(one.key)), one.count) for one in found]
    table = Table(columns=columns, rows=tuple(rows), total=summed(rows, columns) if rows else None, adds="down")
    return Section(
        key="missed",
        title="Deadlines missed",
        says="Deadlines that passed in the period without having been met, and were brought to the next post up.",
        table=table,
        charts=all_of(table, "Deadlines missed, by what they belong to"),
        nothing="No deadline was missed.",
    )
