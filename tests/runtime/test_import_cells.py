"""What spreadsheets hold in their cells, and how their files are written."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.import_cells import (
    BadCell,
    Kind,
    excel_number,
    read_cell,
    read_day,
    read_number,
    read_several,
    read_yes_no,
)
from runtime.import_files import BadFile, open_table
from runtime.import_mapping import fitted, read_mapping

SENSIBLE_DAYS = st.dates(date(1930, 1, 1), date(2150, 12, 31))
WAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%A %d %B %Y", "%Y-%m-%d 00:00:00")


@given(SENSIBLE_DAYS, st.sampled_from(WAYS))
def test_a_day_is_read_in_every_way_that_people_write_it(day: date, way: str) -> None:
    assert read_day(day.strftime(way)) == day


@given(SENSIBLE_DAYS)
def test_a_day_is_read_from_the_number_that_excel_keeps(day: date) -> None:
    assert read_day(str(excel_number(day))) == day
    assert read_day(f"{excel_number(day)}.0") == day


def test_the_numbers_are_those_of_excel() -> None:
    assert read_day("46359") == date(2026, 12, 3)
    assert read_day("43831") == date(2020, 1, 1)


def test_the_day_comes_first_unless_the_mapping_says_otherwise() -> None:
    assert read_day("03/12/2026") == date(2026, 12, 3)
    assert read_day("03/12/2026", month_first=True) == date(2026, 3, 12)


@pytest.mark.parametrize("text", ["03/12/26", "31/02/2026", "2026", "soon", "12/2026", "3/12/2026 14:30", "99", "1e5"])
def test_what_is_no_day_is_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(BadCell) as bad:
        read_day(text)
    assert "03/12/2026" in bad.value.remedy


@pytest.mark.parametrize("text", ["Yes", "y", "TRUE", "1", " x ", "\u2713"])
def test_yes_in_several_words(text: str) -> None:
    assert read_yes_no(text) is True


@pytest.mark.parametrize("text", ["No", "n", "FALSE", "0"])
def test_no_in_several_words(text: str) -> None:
    assert read_yes_no(text) is False


@given(st.decimals(min_value=-99_999_999, max_value=99_999_999, places=2))
def test_money_is_read_with_its_sign_commas_and_pounds(amount: Decimal) -> None:
    for text in (f"{amount:,.2f}", f"{amount:.2f}", f"\u00a3{amount:,.2f}"):
        assert Decimal(read_number(text)) == amount
    whole = f"({abs(amount):,.2f})"
    assert Decimal(read_number(whole)) == -abs(amount)


@pytest.mark.parametrize("text", ["1.234,50", "12,34", "480 pw", "about 500", "--3", "1,2345"])
def test_a_number_that_may_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_number(text)


@given(st.lists(st.text("abcdef ghi,'.", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_several_values_in_one_cell_come_back_as_they_were_joined(values: list[str]) -> None:
    for separator in (";", "; ", "\n", " | "):
        assert read_several(separator.join(values)) == values
    assert read_several("/".join(values), "/") == values


def test_a_reference_that_a_formula_keeps_its_noughts_for_is_read_as_it_shows() -> None:
    assert read_cell('="00417"', Kind.TEXT) == "00417"
    assert read_cell('=""', Kind.TEXT) is None


@given(st.text(), st.sampled_from(Kind))
def test_any_cell_is_read_or_refused_and_nothing_else(text: str, kind: Kind) -> None:
    with suppress(BadCell):
        found = read_cell(text, kind)
        assert found is None or isinstance(found, str | bool | list)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_file_is_read_whatever_its_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    path = tmp_path / "cases.csv"
    cells = ["A-1", '"Caf\u00e9; a, b | c\t\nnext line"', "\u00a31,200" if separator != "," else "1200"]
    lines = [separator.join(["Ref", '"What, is asked"', "Cost"]), separator.join(cells), separator * 2, ""]
    path.write_bytes("\r\n".join(lines).encode(encoding))

    table = open_table(path)

    assert table.headings == ("Ref", "What, is asked", "Cost")
    ((number, row),) = table.rows()
    assert number == 2
    assert row[1] == "Caf\u00e9; a, b | c\t\nnext line"


def test_excels_own_first_line_and_rows_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("sep=;\nRef;Cost, weekly\nA;1\n", encoding="utf-8")
    table = open_table(path)
    assert (table.separator, table.headings) == (";", ("Ref", "Cost, weekly"))
    assert list(table.rows()) == [(3, ["A", "1"])]
    path.write_text("Panel list,\n,\nRef,Cost\nA,1\n", encoding="utf-8")
    assert list(open_table(path, 3).rows()) == [(4, ["A", "1"])]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no headings"),
        (b",,,\n1,2,3\n", "no headings"),
        (b"PK\x03\x04rest", "workbook"),
        (b"a,a\n1,2\n", "two columns"),
        (b"a\x00b,c\n", "no text"),
        (b"a,\x81\n", "no text"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_a_sentence_with_the_remedy(
    tmp_path: Path, content: bytes, word: str
) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile) as bad:
        open_table(path)
    assert word in str(bad.value)
    assert ": " in str(bad.value)


def test_a_quotation_mark_that_does_not_end_is_told_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text('a,b\n1,2\n3,"4\n5,6\n', encoding="utf-8")
    with pytest.raises(BadFile, match="from row 3 on"):
        list(open_table(path).rows())


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ('[columns]\nreferral_ref = "Reff"', "has no column 'Reff', which the mapping names for referral_ref: did you"),
        ('[columns]\nchild.dob = "Ref"', "did you mean"),
        ('[columns]\ncouncil = "Ref"', "--council"),
        ('[colums]\nreferral_ref = "Ref"', "at colums"),
        ("[columns]\nreferral_ref = 3", "names no column for referral_ref"),
        ("[columns", "is not TOML"),
    ],
)
def test_a_mapping_that_does_not_fit_says_what_was_meant(tmp_path: Path, mapping: str, told: str) -> None:
    file, path = tmp_path / "cases.csv", tmp_path / "mapping.toml"
    file.write_text("Ref,Child ID\nA,C-1\n", encoding="utf-8")
    path.write_text(mapping, encoding="utf-8")
    with pytest.raises(BadFile) as bad:
        fitted(read_mapping(path, ()), open_table(file), ())
    assert told in str(bad.value)


def test_without_a_mapping_the_headings_say_which_field_a_column_is(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("Referral ref,CHILD.REFERENCE,date of birth,Notes\nA,C-1,,\n", encoding="utf-8")
    assert fitted(None, open_table(file), ()).columns == {
        "referral_ref": "Referral ref",
        "child.reference": "CHILD.REFERENCE",
        "child.date_of_birth": "date of birth",
    }
    file.write_text("One,Two\n1,2\n", encoding="utf-8")
    with pytest.raises(BadFile, match="--mapping"):
        fitted(None, open_table(file), ())
