"""One child's part of what several share."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.sharing import SOMEBODY_ELSE, BlackedOut, Parties, tokens

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


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("See R-12.", f"See {SOMEBODY_ELSE}."),
        ("R-12, R-12's and (R-12)", f"{SOMEBODY_ELSE}, {SOMEBODY_ELSE}'s and ({SOMEBODY_ELSE})"),
        ("journey/x/R-12", f"journey/x/{SOMEBODY_ELSE}"),
        ("R-123, HR-12, R-12-A, R-12.5 and r-12", "R-123, HR-12, R-12-A, R-12.5 and r-12"),
        ("R-1 and C-1", "R-1 and C-1"),
        ("", ""),
    ],
)
def test_a_reference_is_blacked_out_as_a_whole_word_only(text: str, read: str) -> None:
    assert BlackedOut(frozenset({"R-12"}), OWN).of(text) == read


def test_two_others_stay_two_lines_and_what_was_blacked_out_is_known() -> None:
    black = BlackedOut(frozenset({"C-2", "C-3", "C-4"}), OWN)
    said = {"C-2": 1, "C-3": 2, "C-1": ["with C-2", None, 3]}
    assert black.of(said) == {SOMEBODY_ELSE: 1, f"{SOMEBODY_ELSE} 2": 2, "C-1": [f"with {SOMEBODY_ELSE}", None, 3]}
    assert black.found == {"C-2", "C-3"}


@given(values)
def test_nothing_that_is_blacked_out_is_left_and_nothing_else_is_lost(value: Any) -> None:  # noqa: ANN401
    others = frozenset({"R-12", "C-2"})
    black = BlackedOut(others, OWN)
    assert tokens(black.of(value)).isdisjoint(others)
    if tokens(value).isdisjoint(others):
        assert black.of(value) == value


def test_a_hundred_thousand_references_do_not_make_a_long_record_slow() -> None:
    black = BlackedOut(frozenset(f"C-{number}" for number in range(100_000)), frozenset({"C-MINE"}))
    text = "C-MINE was seen with C-77 and C-99999, " * 20_000
    began = time.process_time()
    assert "C-77" not in black.of(text)
    assert time.process_time() - began < 5, "seconds: with a pattern of all of them it takes minutes"
    assert black.found == {"C-77", "C-99999"}
