"""What stands on the front of every report: how to read it."""

from reports.shapes import Report
from reports.writing import moment


def front(report: Report) -> list[tuple[str, str]]:
    """What a report is: names and values.

    Args:
        report: Any.
    """
    return [
        ("Council", report.council_title),
        ("Period", report.period),
        ("From", f"{report.span.first:%d %B %Y}"),
        ("Until", f"{report.span.last:%d %B %Y}"),
        ("Made", moment(report.made_at)),
        ("From the log up to position", f"{report.position:,}"),
        ("For", "Publication: small numbers are hidden" if report.for_publication else "The service itself"),
    ]


def definitions(report: Report) -> list[str]:
    """How its figures are to be read.

    Args:
        report: Any.
    """
    said = [
        (
            "Days are those of Europe/London. A period is counted from its first to its last day, both included. "
            "Quarters are those of the financial year: quarter 1 begins in April."
        ),
        "What is counted stood so when the period ended, or when the report was made where the period still runs.",
        (
            "A deadline belongs to the period in which it was due. What is done in the minute in which it is due is in "
            "time."
        ),
    ]
    if report.for_publication:
        said.append(
            "Counts from 1 to 4 are shown as fewer than 5. Counts, amounts and percentages from which one of them "
            "could be worked out are withheld. Lines stand by name and not by size. Single cases are left out."
        )
    else:
        said.append("This report names cases by reference and holds small numbers: it does not leave the service.")
    return said
