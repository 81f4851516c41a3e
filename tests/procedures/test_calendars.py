import shutil
from datetime import date
from pathlib import Path

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped]  # it has no types

from procedures.calendars import bank_holidays, working_calendar
from procedures.loader import HERE

FIRST, LAST = 2012, 2027
PUBLISHED = BankHolidays(use_cached_holidays=True)


@pytest.mark.parametrize("year", range(FIRST, LAST + 1))
def test_the_bank_holidays_are_those_that_the_government_publishes(year: int) -> None:
    published = PUBLISHED.get_holidays(division=BankHolidays.ENGLAND_AND_WALES, year=year)
    assert published
    assert list(bank_holidays(year, year)) == sorted(event["date"] for event in published)


def test_bank_holidays_that_were_moved_or_added_once_are_known() -> None:
    assert {date(2020, 5, 8), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)} <= set(bank_holidays(2020, 2023))
    assert date(2020, 5, 4) not in bank_holidays(2020, 2020)


def test_a_calendar_speaks_of_four_years_in_order_without_weekends() -> None:
    calendar = working_calendar("hillingdon", 2030)
    assert calendar.until == date(2033, 12, 31)
    assert list(calendar.days_off) == sorted(set(calendar.days_off))
    assert {day.year for day in calendar.days_off} == {2030, 2031, 2032, 2033}
    assert all(day.weekday() < 5 for day in calendar.days_off)


def test_closure_days_of_the_council_are_days_off_from_the_first_year_on(tmp_path: Path) -> None:
    folder = tmp_path / "hillingdon"
    shutil.copytree(HERE / "hillingdon", folder)
    local = folder / "local.toml"
    closed = "closure_days = [2029-12-27, 2031-12-29, 2031-12-25]"
    local.write_text(local.read_text(encoding="utf-8").replace("closure_days = []", closed), encoding="utf-8")
    days = working_calendar("hillingdon", 2030, tmp_path).days_off
    assert date(2031, 12, 29) in days
    assert date(2029, 12, 27) not in days
    assert days.count(date(2031, 12, 25)) == 1
