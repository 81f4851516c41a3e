"""What is hashed has one form, whatever wrote it and whichever database holds it."""

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.chain import canonical, digest_of, instant, new_salt

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(plain)
def test_what_was_written_and_read_has_the_same_form_again(value: object) -> None:
    once = canonical(value)

    assert once.isascii()
    assert "\n" not in once
    assert json.loads(once) == value
    assert canonical(json.loads(once)) == once


@given(st.dictionaries(st.text(), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_count(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@pytest.mark.parametrize(
    ("odd", "form"),
    [
        (math.nan, "null"),
        ({"a": [-math.inf, 1.5]}, '{"a":[null,1.5]}'),
        (date(2031, 3, 6), '"2031-03-06"'),
        (Decimal("12.50"), '"12.50"'),
        ({2: "two", "b": ("x",)}, '{"2":"two","b":["x"]}'),
    ],
)
def test_what_json_cannot_say_is_said_as_nearly_as_it_can(odd: object, form: str) -> None:
    assert canonical(odd) == form


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-11))])))
def test_an_instant_has_one_form_whatever_its_zone(at: datetime) -> None:
    if not 2 <= at.year <= 9998:  # beyond these an instant may not exist in UTC
        return
    assert instant(at) == instant(at.astimezone(UTC))
    assert datetime.fromisoformat(instant(at)).replace(tzinfo=UTC) == at


contents = st.tuples(st.text(max_size=8), st.text(max_size=8), st.none() | st.text(max_size=8))


@given(contents, contents)
def test_contents_that_differ_have_digests_that_differ(
    one: tuple[str, str, str | None], other: tuple[str, str, str | None]
) -> None:
    assert (digest_of(*one) == digest_of(*other)) == (one == other)


@pytest.mark.parametrize("moved", [("ab", "", None), ("a", "b", ""), ("", "ab", None), ('a","b', "", None)])
def test_what_moves_from_one_column_to_another_is_seen(moved: tuple[str, str, str | None]) -> None:
    assert digest_of(*moved) != digest_of("a", "b", None)


def test_no_two_salts_are_alike() -> None:
    assert len({new_salt() for _ in range(1000)}) == 1000
