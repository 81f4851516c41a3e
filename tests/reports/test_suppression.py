from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.shapes import Adds, Cell, Column, Hidden, Table
from reports.suppression import suppressed
from tests.reports.tables import table_of, what_fits

SMALL = Hidden(small=True)
WITHHELD = Hidden(small=False)


def shown(counts: Sequence[Sequence[int]], adds: Adds) -> list[tuple[Cell, ...]]:
    table = suppressed(table_of(counts, adds))
    return [row[1:] for row in (*table.rows, *([table.total] if table.total is not None else []))]


def test_counts_from_one_to_four_are_hidden_and_nought_and_five_are_shown() -> None:
    assert shown([[0], [1], [4], [5]], "no") == [(0,), (SMALL,), (SMALL,), (5,)]


def test_a_single_small_number_in_a_column_with_its_total_takes_the_next_smallest_with_it() -> None:
    assert shown([[3], [9], [30]], "down") == [(SMALL,), (WITHHELD,), (30,), (42,)]


def test_two_small_numbers_that_could_only_be_four_each_take_another_with_them() -> None:
    # 4 + 4 = 8: two numbers below five that make eight are four and four.
    assert shown([[4], [4], [9]], "down") == [(SMALL,), (SMALL,), (WITHHELD,), (17,)]


def test_two_small_numbers_that_could_be_many_stay_the_only_ones() -> None:
    assert shown([[2], [3], [9]], "down") == [(SMALL,), (SMALL,), (9,), (14,)]


def test_a_total_goes_too_when_nothing_else_would_help() -> None:
    assert shown([[4], [4]], "down") == [(SMALL,), (SMALL,), (WITHHELD,)]


def test_a_small_number_in_a_table_with_both_sums_is_hidden_in_its_row_and_its_column() -> None:
    rows = shown([[3, 10, 20], [11, 12, 13], [14, 15, 16]], "both")
    hidden = [(r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if isinstance(cell, Hidden)]
    assert len(hidden) == 4
    assert {r for r, _ in hidden} == {0, 1}
    assert {c for _, c in hidden} == {0, 1}


def test_four_ones_below_a_sum_of_fewer_than_five_hide_the_nought_beside_them() -> None:
    assert shown([[1], [1], [0], [1], [1]], "down") == [(SMALL,)] * 6


def test_medians_and_shares_go_with_a_hidden_count_of_their_row() -> None:
    columns = (
        Column(title="Deadline", kind="text"),
        Column(title="In time", kind="percent", about=True),
        Column(title="Met"),
        Column(title="Late"),
    )
    table = Table(columns=columns, rows=(("Action", 0.4, 2, 3), ("Review", 0.5, 6, 6)))
    assert suppressed(table).rows == (("Action", WITHHELD, SMALL, SMALL), ("Review", 0.5, 6, 6))


def test_the_change_against_the_period_before_is_withheld() -> None:
    columns = (Column(title="Of", kind="text"), Column(title="Change", kind="points", about=True), Column(title="Met"))
    table = Table(columns=columns, rows=(("Action", 0.1, 20), ("Review", None, 30)))
    assert suppressed(table).rows == (("Action", WITHHELD, 20), ("Review", None, 30))


def test_a_sum_of_money_goes_where_one_of_its_parts_is_hidden() -> None:
    columns = (
        Column(title="Type", kind="text"),
        Column(title="Open"),
        Column(title="A week", kind="money", about=True),
    )
    table = Table(
        columns=columns, rows=(("A", 3, 900), ("B", 2, 500), ("C", 8, 100)), total=("Total", 13, 1500), adds="down"
    )
    found = suppressed(table)
    assert found.total == ("Total", 13, WITHHELD)
    assert found.rows[2] == ("C", 8, 100)


def test_rows_that_stood_by_size_stand_by_name() -> None:
    from reports.shapes import Section  # noqa: PLC0415
    from reports.suppression import _published  # noqa: PLC0415 - the one part of a report that is needed

    rows: tuple[tuple[Cell, ...], ...] = (("Therapy", 9), ("Care", 6))
    table = Table(columns=(Column(title="Asked", kind="text"), Column(title="All")), rows=rows, ranked=True)
    section = Section(key="requests", title="Asked", says="", table=table)
    assert [row[0] for row in _published(section).table.rows] == ["Care", "Therapy"]


COUNTS = st.integers(0, 8) | st.integers(0, 3)


@pytest.mark.parametrize("adds", ["down", "across", "both"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_no_hidden_number_can_be_worked_out_from_what_is_shown(adds: Adds, data: st.DataObject) -> None:
    wide = 1 if adds == "down" else 3 if adds == "across" else 2
    rows = st.lists(st.lists(COUNTS, min_size=wide, max_size=wide), min_size=1, max_size=1 if adds == "across" else 3)
    counts = data.draw(rows)
    assert_nothing_told(counts, adds)


def test_a_table_of_ones_and_noughts_tells_nothing() -> None:
    assert_nothing_told([[0, 1], [1, 1], [1, 0]], "both")


def assert_nothing_told(counts: list[list[int]], adds: Adds) -> None:
    table = suppressed(table_of(counts, adds))
    assert all(len(numbers) > 1 for numbers in what_fits(table).values())


@pytest.mark.parametrize("adds", ["no", "down", "across", "both"])
@given(counts=st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_number_that_is_shown_is_right_and_none_is_small(adds: Adds, counts: list[list[int]]) -> None:
    table, hidden = table_of(counts, adds), suppressed(table_of(counts, adds))
    for before, after in zip((*table.rows, table.total or ()), (*hidden.rows, hidden.total or ()), strict=True):
        for was, now in zip(before, after, strict=True):
            assert isinstance(now, Hidden) or now == was
            assert not isinstance(now, int) or not 1 <= now <= 4
