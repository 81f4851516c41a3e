"""How long records are kept, to the day (LAW-036 to LAW-040)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.retention import KnownRecord, RecordKind, Who
from procedures.loader import load_council
from procedures.records import records_of
from rules.retention import anniversary, posts_of, require_may, verdict
from tests.builders import CAROL, DIANA, TOM, person, refusal_of

KINDS = records_of("hillingdon").kinds
DAY = timedelta(days=1)


def record(**changes: Any) -> KnownRecord:  # noqa: ANN401 - fields of any type
    usual: dict[str, Any] = {
        "covers": ("looked_after",),
        "date_of_birth": date(2010, 5, 14),
        "last_entry_on": date(2028, 5, 14),
        "open_processes": 0,
    }
    return KnownRecord.model_validate({**usual, **changes})


@pytest.mark.proves("LAW-036")
def test_a_looked_after_childs_record_is_kept_on_the_75th_anniversary_and_past_its_time_the_day_after() -> None:
    assert not verdict(record(), KINDS, date(2085, 5, 14)).past
    found = verdict(record(), KINDS, date(2085, 5, 15))
    assert found.past
    assert found.cites == ("LAW-036",)
    assert found.last_day == date(2085, 5, 14)


@pytest.mark.proves("LAW-036")
def test_a_child_born_on_29_february_has_the_75th_anniversary_on_1_march() -> None:
    leapling = record(date_of_birth=date(2012, 2, 29))
    assert not verdict(leapling, KINDS, date(2087, 3, 1)).past
    assert verdict(leapling, KINDS, date(2087, 3, 2)).past


@pytest.mark.proves("LAW-036")
def test_fifteen_years_from_the_death_of_a_child_who_died_the_day_before_18() -> None:
    died = record(died_on=date(2028, 5, 13))
    assert verdict(died, KINDS, date(2043, 5, 14)).past
    assert not verdict(died, KINDS, date(2043, 5, 13)).past


@pytest.mark.proves("LAW-036")
def test_whoever_died_on_the_18th_birthday_is_kept_until_the_75th_anniversary_of_birth() -> None:
    assert verdict(record(died_on=date(2028, 5, 14)), KINDS, date(2084, 1, 1)).last_day == date(2085, 5, 14)


def test_a_death_without_a_known_birth_shortens_nothing() -> None:
    found = verdict(record(date_of_birth=None, died_on=date(2028, 1, 1)), KINDS, date(2199, 1, 1))
    assert not found.past
    assert "the birth" in found.because


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"open_processes": 1}, "open"),
        ({"held": True}, "hold"),
        ({"date_of_birth": None}, "nobody knows"),
        ({"covers": ()}, "No kind"),
        ({"covers": ("looked_after", "adoption")}, "the adoption order"),
    ],
)
def test_what_is_open_held_or_unknown_is_never_past_its_time_by_itself(changes: dict[str, Any], word: str) -> None:
    found = verdict(record(**changes), KINDS, date(2300, 1, 1))
    assert not found.past
    assert found.last_day is None
    assert word in found.because


@pytest.mark.proves("LAW-037")
def test_an_adoption_record_is_kept_for_100_years_from_the_order_however_old_the_child() -> None:
    adopted = record(covers=("adoption", "looked_after"), adopted_on=date(2015, 6, 1))
    assert verdict(adopted, KINDS, date(2115, 6, 1)).last_day == date(2115, 6, 1)
    assert not verdict(adopted, KINDS, date(2115, 6, 1)).past
    assert verdict(adopted, KINDS, date(2115, 6, 2)).past


def test_a_record_of_several_kinds_is_kept_for_the_longest_of_them() -> None:
    both = record(covers=("child_in_need", "looked_after"))
    assert verdict(both, KINDS, date(2030, 1, 1)).kind == "looked_after_child"


def test_a_child_in_need_is_kept_until_the_later_of_25th_birthday_and_six_years_after_the_last_entry() -> None:
    need = record(covers=("child_in_need",))
    assert verdict(need, KINDS, date(2030, 1, 1)).last_day == date(2035, 5, 14)
    late = record(covers=("child_in_need",), last_entry_on=date(2032, 1, 1))
    assert verdict(late, KINDS, date(2030, 1, 1)).last_day == date(2038, 1, 1)


def test_a_referral_without_a_service_needs_no_birthday() -> None:
    assert verdict(record(covers=("other_child",), date_of_birth=None), KINDS, date(2034, 5, 15)).past


@pytest.mark.proves("LAW-038")
def test_carers_are_kept_for_ten_years_after_the_last_entry() -> None:
    carers = record(covers=("carers",), date_of_birth=None)
    assert not verdict(carers, KINDS, date(2038, 5, 14)).past
    assert verdict(carers, KINDS, date(2038, 5, 15)).past


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.integers(1, 120))
def test_an_anniversary_is_never_before_the_day_that_it_remembers(of: date, years: int) -> None:
    found = anniversary(of, years)
    assert found.year == of.year + years
    assert (found.month, found.day) in {(of.month, of.day), (3, 1)}
    assert anniversary(of + DAY, years) >= found


def test_who_may_is_a_part_of_each_council_and_whoever_stands_above_it() -> None:
    hillingdon = load_council("hillingdon")
    above = Who(parts=("head",), and_above=True, cites=("LAW-039",))
    assert list(posts_of(above, hillingdon)) == ["head_of_service", "director"]
    named = Who(parts=("manager",), posts=("director", "nobody"), cites=("LAW-039",))
    assert list(posts_of(named, hillingdon)) == ["director", "team_manager"]


def test_a_law_s_kind_that_no_council_may_shorten_has_a_law() -> None:
    assert all(kind.cites[0].startswith("LAW-") for kind in KINDS)
    assert {kind.key for kind in KINDS if kind.fixed} == {"looked_after_child", "adoption", "carers"}
    assert isinstance(KINDS[0], RecordKind)


@pytest.mark.proves("LAW-039")
def test_only_a_head_of_that_council_or_whoever_is_above_hands_out_a_record() -> None:
    hillingdon, records = load_council("hillingdon"), records_of("hillingdon")
    for actor in (CAROL, DIANA):
        require_may(actor, hillingdon, records, "disclose")
    elsewhere = person("x", "head_of_service", council="hackney")
    for actor in (TOM, elsewhere):
        refused = refusal_of(lambda actor=actor: require_may(actor, hillingdon, records, "disclose"))  # type: ignore[misc]
        assert refused.code == "not_authorised"
        assert "head of service" in refused.remedy
    require_may(TOM, hillingdon, records, "hold")
