"""A report as one HTML page: no scripts, nothing from elsewhere, and beside every chart the table that it draws."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.charts import svg_of
from reports.notes import definitions
from reports.shapes import Report
from reports.writing import moment, written

TEMPLATES = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html_of(report: Report) -> str:
    """A report as a page.

    Args:
        report: Any.
    """
    template = _ENVIRONMENT.get_template("report.html.j2")
    numbers = ("count", "number", "percent", "points", "money")
    return template.render(
        report=report,
        definitions=definitions(report),
        written=written,
        moment=moment,
        svg=svg_of,
        numbers=numbers,
    )
