"""What the law forbids at the start, at changes and on birthdays, and how it brings people (LAW-001 to LAW-004)."""

from typing import Any

import pytest

from models.errors import RefusalCode
from tests.builders import at, referral
from tests.rules.placements.homes import act, due, rules, run_to, standing, told, view
from tests.rules.placements.kin import FRIDAY, not_started, refused, staying

REGISTERED: dict[str, Any] = {"type": "H5", "regulation_24": None, "registration": "registered"}


def child(born: str) -> dict[str, str]:
    """A child born on a day."""
    return {"reference": "C-1", "date_of_birth": born}


@pytest.mark.parametrize(
    ("kind", "born", "rule", "more"),
    [
        ("semi_independent", "2015-03-08", "LAW-001", {}),
        ("h5", "2015-03-08", "LAW-001", {"registration": "registered"}),
        ("bed_and_breakfast", "2013-03-08", "LAW-003", {}),
        ("p2", "2014-03-08", "LAW-002", {"registration": "unregistered"}),
        ("k2", "2014-03-08", "LAW-024", {"registration": "pending"}),
        ("k1", "2018-03-08", "LAW-004", {}),
    ],
)
def test_nobody_starts_a_placement_that_the_law_forbids(kind: str, born: str, rule: str, more: dict[str, str]) -> None:
    code = RefusalCode.PROHIBITED
    not_started(code, rule, type=kind, child=child(born), regulation_24=None, post="director", emergency=True, **more)


def test_who_may_not_start_one_hears_that_first() -> None:
    not_started(
        RefusalCode.NOT_AUTHORISED,
        "HIL-097",
        type="h5",
        child=child("2015-03-08"),
        regulation_24=None,
        post="panel_administrator",
    )


def test_the_sixteenth_birthday_itself_is_enough() -> None:
    assert str(staying(child=child("2015-03-07"), **REGISTERED).stage) == "active"


@pytest.mark.parametrize("kind", ["connected_carer", "kinship_foster", "family", "Kinship Care", "U3", "relatives"])
def test_family_and_friends_in_any_words_are_lawful_for_a_small_child(kind: str) -> None:
    assert staying(type=kind, child=child("2030-03-07")).unlawful == ()


def test_where_nobody_says_whether_it_is_registered_people_see_that() -> None:
    state = staying(child=child("2014-03-07"), type="h5", regulation_24=None)
    assert any("Nobody has said whether the home" in flag for flag in view(state, FRIDAY).flags)
    act(state, "change_terms", FRIDAY, provider={"registration": "excepted"})
    assert state.flags == []


def test_a_home_out_of_the_area_is_shown_until_the_nominated_officer_approved_it() -> None:
    state = staying(type="k2", regulation_24=None, area="Slough")
    assert any("out of the area" in flag for flag in state.flags)
    act(state, "change_terms", FRIDAY, nominated_officer="2031-03-07")
    assert state.flags == []


def test_a_change_to_a_home_that_the_law_forbids_is_refused() -> None:
    state = staying(child=child("2016-03-08"), type="u6", regulation_24=None)
    refused(RefusalCode.PROHIBITED, "LAW-001", state, "change_terms", FRIDAY, "social_worker", type="h5")


def test_a_registration_that_is_lost_brings_people_up_the_ladder_and_moves_nobody() -> None:
    state = staying(child=child("2014-03-08"), **REGISTERED)
    before = state.sequence
    act(state, "change_terms", FRIDAY, registration="unregistered")
    assert standing(state, "unlawful_placement") == "breached"
    assert {"social_worker", "team_manager", "head_of_service", "director"} <= told(state, before)
    assert state.escalated
    act(state, "change_terms", FRIDAY, carer="CARER-1")
    assert [name for name in state.clocks if name == "unlawful_placement"] == ["unlawful_placement"]
    act(state, "change_terms", at("2031-03-08 09:00"), registration="registered")
    assert standing(state, "unlawful_placement") == "stopped"
    assert str(state.stage) == "active"


def test_on_the_eighteenth_birthday_the_law_asks_no_more() -> None:
    state = staying(child=child("2013-03-10"), **REGISTERED)
    act(state, "change_terms", FRIDAY, registration="unregistered")
    assert due(state, "birthday:18") == "2031-03-10 00:00"
    before = state.sequence
    run_to(state, at("2031-03-10 00:00"))
    assert not state.unlawful
    assert standing(state, "unlawful_placement") == "stopped"
    assert {"social_worker", "head_of_service"} <= told(state, before)
    assert str(state.stage) == "active"


def test_a_birthday_that_makes_it_unlawful_brings_people() -> None:
    council = rules("hillingdon")
    strict = tuple(
        law.model_copy(update={"when": tuple(one for one in law.when if one.years_not_reached is None)})
        if law.key == "supported_accommodation_known_not_registered"
        else law
        for law in council.law
        if law.key != "under_16_other_arrangements"
    )
    state = staying(child=child("2015-03-10"), **{**REGISTERED, "registration": "unregistered"}, law=strict)
    assert not state.unlawful
    run_to(state, at("2031-03-10 00:00"))
    assert state.unlawful == ("supported_accommodation_known_not_registered",)
    assert state.escalated
    assert str(state.stage) == "active"


def test_somebody_born_on_a_leap_day_is_sixteen_on_the_first_of_march() -> None:
    state = staying(now=at("2031-01-06 09:00"), child=child("2016-02-29"), type="u6", regulation_24=None)
    assert due(state, "birthday:16") == "2032-02-29 00:00"
    older = staying(now=at("2031-01-06 09:00"), child=child("2015-02-28"), type="u6", regulation_24=None)
    assert due(older, "birthday:16") == "2031-02-28 00:00"


def test_an_adult_is_not_looked_after_and_the_form_that_led_here_tells_the_birthday() -> None:
    grown = staying(child=child("2013-03-07"), type="p2", regulation_24=None)
    assert grown.facts["child.looked_after"] is False
    assert not [name for name in grown.clocks if name.startswith("birthday")]
    young = staying(type="u6", regulation_24=None, form=referral())
    assert young.child is not None
    assert str(young.child.date_of_birth) == "2019-05-14"
    told_again = staying(type="u6", child=child("2019-05-15"), regulation_24=None, form=referral())
    assert told_again.child is not None
    assert str(told_again.child.date_of_birth) == "2019-05-15"


def test_without_any_law_no_birthday_is_watched() -> None:
    assert not [name for name in staying(child=child("2020-01-01"), law=()).clocks if name.startswith("birthday")]
