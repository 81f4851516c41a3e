from datetime import date

import pytest

from models.errors import Refused
from reports.periods import chosen, days_named, last_quarter, month_named, quarter_named, year_named

TODAY = date(2026, 11, 22)


def test_the_first_quarter_of_a_financial_year_begins_in_april() -> None:
    quarter = quarter_named("2026Q1")
    assert (quarter.first, quarter.last) == (date(2026, 4, 1), date(2026, 6, 30))


def test_the_fourth_quarter_lies_in_the_next_calendar_year() -> None:
    quarter = quarter_named("2026q4")
    assert (quarter.first, quarter.last) == (date(2027, 1, 1), date(2027, 3, 31))
    assert quarter.name == "Quarter 4 of 2026/27 (January to March 2027)"


def test_a_financial_year_runs_from_april_to_march() -> None:
    year = year_named("2027")
    assert (year.first, year.last) == (date(2027, 4, 1), date(2028, 3, 31))


def test_the_period_before_has_the_same_calendar_length() -> None:
    assert quarter_named("2026Q1").before.first == date(2026, 1, 1)
    assert quarter_named("2026Q1").before.last == date(2026, 3, 31)
    assert month_named("2028-03").before.last == date(2028, 2, 29)
    assert days_named("2026-05-11", "2026-05-20").before.first == date(2026, 5, 1)


def test_without_a_period_it_is_the_last_quarter_that_is_over() -> None:
    assert last_quarter(TODAY) == quarter_named("2026Q2")
    assert last_quarter(date(2026, 4, 1)) == quarter_named("2025Q4")
    assert last_quarter(date(2026, 2, 1)) == quarter_named("2025Q3")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"quarter": "2026Q5"}, "'2026Q5' is no quarter."),
        ({"month": "2026-13"}, "'2026-13' is no month."),
        ({"year": "26"}, "'26' is no year."),
        ({"days": ("2026-05-02", "2026-05-01")}, "2026-05-01 lies before 2026-05-02."),
        ({"days": ("2026-05-02", None)}, "A period of days needs both its ends."),
        ({"days": ("yesterday", "2026-05-01")}, "'yesterday' is no date."),
        ({"days": ("0001-01-01", "2026-05-01")}, "'0001-01-01' is no date that a register has."),
        ({"month": "2026-05", "year": "2026"}, "Several periods were given."),
        ({"year": "2027"}, "Financial year 2027/28 has not begun."),
    ],
)
def test_what_is_no_period_is_refused_in_a_sentence(asked: dict[str, object], sentence: str) -> None:
    given = {"quarter": None, "month": None, "year": None, "days": (None, None), **asked}
    with pytest.raises(Refused) as refused:
        chosen(**given, today=TODAY)  # type: ignore[arg-type]  # whatever people type
    assert refused.value.sentence == sentence
