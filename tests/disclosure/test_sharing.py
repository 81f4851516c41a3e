"""One child's part of what several share."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from disclosure.sharing import SOMEBODY_ELSE, Parties

OWN, OTHERS = frozenset({"R-1", "C-1", "journey/x/R-1"}), {"R-12", "C-2", "HR-1", "journey/x/R-12"}
words = st.sampled_from(sorted([*OWN, *OTHERS, "forum", "harp", "case", "agenda", "rationale", "Weighed.", "see R-12"]))
values = st.recursive(
    words | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


def parties() -> Parties:
    return Parties(OWN, set(OTHERS))


@given(values)
def test_the_childs_part_names_nobody_else_and_the_others_part_not_the_child(value: Any) -> None:  # noqa: ANN401
    both = parties()
    assert not both.names_others(both.own_part(value))
    assert not both.names_own(both.without_own(value))


@given(values)
def test_what_names_nobody_stays_as_it_is(value: Any) -> None:  # noqa: ANN401
    both = parties()
    if not both.names_others(value):
        assert both.own_part(value) == value or both.own_part(value) is None
    if not both.names_own(value) and value not in ({}, []):
        assert both.without_own(value) == value


def test_lines_are_told_apart_by_whom_they_name_and_texts_are_blacked_out() -> None:
    both = Parties(frozenset({"R-1", "C-1"}))
    agenda = {
        "R-1": {"child_ref": "C-1", "state": "listed", "flags": ["after R-12"]},
        "R-12": {"child_ref": "C-2", "state": "listed"},
    }
    whole = {"agenda": agenda, "chair": "carol", "order": ["R-12", "R-1"]}
    both.learn(whole)
    assert both.others == {"R-12", "C-2"}
    assert both.own_part(whole) == {
        "agenda": {"R-1": {"child_ref": "C-1", "state": "listed", "flags": [f"after {SOMEBODY_ELSE}"]}},
        "chair": "carol",
        "order": ["R-1"],
    }
    assert both.without_own(whole) == {"agenda": {"R-12": agenda["R-12"]}, "chair": "carol", "order": ["R-12"]}
