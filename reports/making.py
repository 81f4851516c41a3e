"""Makes a report of one council and period from the register."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sql

from models.procedure import Council
from procedures.catalogue import catalogue
from register.reading.figures import Span, position
from reports.definitions import Definition
from reports.material import Material, days_off
from reports.periods import Period
from reports.shapes import Report
from reports.suppression import for_publication


@contextmanager
def one_moment(engine: sql.Engine) -> Iterator[sql.Connection]:
    """A connection that sees the register as it is at one moment, so that the figures of a report agree.

    Args:
        engine: The register's.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":  # SQLite does so by itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def made(  # noqa: PLR0913 - what a report is of
    connection: sql.Connection,
    definition: Definition,
    council: Council,
    period: Period,
    now: datetime,
    *,
    published: bool = False,
) -> Report:
    """A report, from the log up to where the read models have come.

    Args:
        connection: To the register, caught up; one transaction, so that all figures are of the same moment.
        definition: Which report.
        council: Whose.
        period: Of which days.
        now: UTC.
        published: Whether it leaves the service: without cases, and without small numbers.
    """
    span = Span(council=council.key, first=period.first, last=period.last, at=now)
    earlier = period.before
    before = Span(council=council.key, first=earlier.first, last=earlier.last, at=now)
    material = Material(connection, council, span, before, days_off(council.key, span))
    rules = material.cites(definition.asked_by)
    report = Report(
        key=definition.key,
        title=definition.title,
        council=council.key,
        council_title=council.title,
        period=period.name,
        span=span,
        made_at=now.astimezone(UTC),
        position=position(connection),
        cites=tuple((rule, catalogue()[rule].rule) for rule in rules),
        sections=tuple(build(material) for build in definition.sections),
    )
    return for_publication(report) if published else report
