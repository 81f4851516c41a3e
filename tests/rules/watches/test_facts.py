"""What a watch knows of a child without being told: birthdays and the end of school."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.conditions import school_year
from rules.watches.facts import BIRTHDAYS, birthday, known, leaves_school
from tests.builders import at
from tests.rules.watches.wayford import act, deadline, lend, say, wayford

TODAY = date(2031, 3, 3)
BORN = st.dates(date(2000, 1, 1), date(2031, 1, 1))


@pytest.mark.parametrize(
    ("born", "years", "expected"),
    [
        (date(2015, 5, 14), 16, date(2031, 5, 14)),
        (date(2016, 2, 29), 16, date(2032, 2, 29)),
        (date(2016, 2, 29), 18, date(2034, 3, 1)),
        (date(2012, 2, 29), 21, date(2033, 3, 1)),
        (date(2015, 12, 31), 25, date(2040, 12, 31)),
    ],
)
def test_who_was_born_on_the_29th_of_february_has_a_birthday_on_the_1st_of_march(
    born: date, years: int, expected: date
) -> None:
    assert birthday(born, years) == expected


@settings(deadline=None)
@given(BORN, st.sampled_from(BIRTHDAYS))
def test_nobody_is_of_an_age_before_all_those_years_have_passed(born: date, years: int) -> None:
    there = birthday(born, years)
    assert (there.year - born.year, there >= born.replace(year=there.year, day=min(born.day, 28))) == (years, True)
    assert (there.month, there.day) == ((3, 1) if (born.month, born.day) == (2, 29) else (born.month, born.day)) or (
        there.month,
        there.day,
    ) == (2, 29)


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        (date(2014, 9, 1), date(2031, 8, 31)),
        (date(2015, 8, 31), date(2031, 8, 31)),
        (date(2015, 9, 1), date(2032, 8, 31)),
    ],
)
def test_year_11_ends_in_the_summer_after_the_16th_birthday_of_its_youngest(born: date, expected: date) -> None:
    assert leaves_school(born) == expected


@settings(deadline=None)
@given(BORN)
def test_the_last_day_of_year_11_is_in_year_11_and_the_next_day_is_not(born: date) -> None:
    end = leaves_school(born)
    assert (school_year(born, end), school_year(born, end + timedelta(days=1))) == (11, 12)


def test_a_watch_knows_its_own_facts_and_when_each_act_was_last_done() -> None:
    state = lend(wayford(deadline(after="P1W")))
    say(state, at("2031-03-04 09:00"), loan__wet=True)
    act(state, "visit", at("2031-03-05 09:00"), sort="brakes")
    facts = known(state, TODAY)
    assert {name: facts[name] for name in ("loan.wet", "loan.since", "stage", "today")} == {
        "loan.wet": True,
        "loan.since": "2031-03-03",
        "stage": "out",
        "today": TODAY,
    }
    assert facts["held.lend"] == date(2031, 3, 3)
    assert facts["held.visit"] == facts["held.visit:brakes"] == date(2031, 3, 5)
    assert not any(name.startswith("child.") for name in facts)


def test_of_a_child_it_knows_the_birthdays_and_the_end_of_school() -> None:
    facts = known(lend(wayford(), born="2015-05-14"), TODAY)
    assert facts["child.birthday_16"] == date(2031, 5, 14)
    assert facts["child.birthday_25"] == date(2040, 5, 14)
    assert (facts["child.exams_over"], facts["child.year_11_ends"]) == (date(2031, 7, 1), date(2031, 7, 31))


def test_of_a_child_whose_birthday_nobody_said_it_knows_no_birthdays() -> None:
    state = lend(wayford(), born="2015-05-14")
    assert state.child is not None
    state.child = state.child.model_copy(update={"date_of_birth": None})
    facts = known(state, TODAY)
    assert facts["child.reference"] == "C-1"
    assert facts["child.date_of_birth"] is None
    assert "child.birthday_16" not in facts
