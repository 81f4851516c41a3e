"""What the words for homes mean (LAW-001 to LAW-003)."""

import pytest

from rules.placements.sorts import is_connected, kind_facts, sort_of


@pytest.mark.parametrize(
    ("said", "sort"),
    [
        ("foster_carer", "foster"),
        ("independent_fostering_agency", "foster"),
        ("ifa", "foster"),
        ("kinship_foster_care", "connected_person"),
        ("maternal_grandmother", "connected_person"),
        ("family", "connected_person"),
        ("residential_children's_home", "childrens_home"),
        ("residential_family_centre", "residential_family_centre"),
        ("residential_unit", "residential"),
        ("secure_unit", "secure_childrens_home"),
        ("semi_independent_placement", "semi_independent"),
        ("supported_housing", "supported_accommodation"),
        ("supported_lodgings", "supported_lodgings"),
        ("b_and_b", "bed_and_breakfast"),
        ("k2", "k2"),
        ("tent", "tent"),
    ],
)
def test_a_word_means_a_sort_of_home(said: str, sort: str) -> None:
    assert sort_of(said) == sort


def test_a_code_keeps_its_own_name_and_says_what_it_is() -> None:
    assert kind_facts("u3")["proposal.kind"] == "u3"
    assert is_connected("u3")
    assert kind_facts("u6")["placement.foster"] is True
    assert kind_facts("k2")["placement.residential"] is True


def test_what_is_the_councils_own_or_the_familys_is_not_external() -> None:
    assert [kind_facts(kind)["placement.external"] for kind in ("in_house_foster", "u3", "p1", "home")] == [False] * 4
    assert kind_facts("agency_foster")["placement.external"] is True
    assert kind_facts("in_house_foster")["placement.in_house"] is True
    assert kind_facts(None) == {}
