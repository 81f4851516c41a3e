"""PDFs read back: tagged, titled, in British English, and saying what was said."""

import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.characters import BREAK_HERE, Characters, plain
from papers.document import Bullets, Document, Facts, Part, Prose, Remark, Section, Table
from papers.typesetting import NotSet, pdf_of, typeset

DATED = datetime(2031, 3, 5, 10, tzinfo=UTC)
HOSTILE = [
    '#panic("x") #import "@preview/x:1.0.0" $x^2$ *a* _b_ `c` = d @ref <label> \\ //e /*f*/ [g] {h} "i" ~ --- - j + k',
    "<script>alert(1)</script> &amp; {{ 7 * 7 }} {% raw %}",
    "x" * 400,
    "A word " * 2_800,
    "\u202e\u2066backwards\u2069 \x00\x1b[31m \ufeff\ue000",
]


_FOOT = re.compile(r"papers/\S+ · Version 1\s+Page \d+ of \d+\s*$")


def a_document(*parts: Part, **changes: object) -> Document:
    whole = {
        "title": "Agenda: HARP, Tuesday 11 March 2031",
        "author": "Hillingdon",
        "reference": "papers/hillingdon/harp/2031-03-11/agenda",
        "edition": "Version 1",
        "dated": DATED,
        "introduction": parts,
    }
    return Document.model_validate({**whole, **changes})


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def inside(reader: pypdf.PdfReader, *way: str) -> Any:  # noqa: ANN401 - a PDF's objects are of many kinds
    """What lies in a PDF's catalogue under some names."""
    found: Any = reader.trailer["/Root"]
    for name in way:
        found = found[name]
    return found


def text_in(pdf: bytes) -> str:
    pages = (page.extract_text() for page in read(pdf).pages)
    found = " ".join(_FOOT.sub("", page.replace(BREAK_HERE, "")) for page in pages)
    return " ".join(found.split())


def squeezed(text: str) -> str:
    """A text without the spaces that lines end with."""
    return re.sub(r"\s", "", text)


def tags_of(pdf: bytes) -> list[str]:
    found: list[str] = []

    def walk(node: object) -> None:
        whole = node.get_object() if isinstance(node, pypdf.generic.IndirectObject) else node
        if isinstance(whole, pypdf.generic.ArrayObject):
            for one in whole:
                walk(one)
        elif isinstance(whole, pypdf.generic.DictionaryObject):
            found.append(str(whole.get("/S", "")).removeprefix("/"))
            walk(whole.get("/K"))

    walk(inside(read(pdf), "/StructTreeRoot", "/K"))
    return [tag for tag in found if tag]


def test_a_pdf_is_tagged_and_says_its_language_title_author_and_standards() -> None:
    pdf = pdf_of(a_document(Facts(rows=(("Date", "11 March"),))))
    reader = read(pdf)
    assert inside(reader, "/MarkInfo", "/Marked").value is True
    assert inside(reader, "/Lang") == "en-GB"
    assert inside(reader, "/ViewerPreferences", "/DisplayDocTitle").value is True
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Agenda: HARP, Tuesday 11 March 2031", "Hillingdon")
    marks = inside(reader, "/Metadata").get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in marks
    assert "<pdfaid:part>2</pdfaid:part>" in marks
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in marks


def test_headings_tables_and_lists_have_their_tags() -> None:
    table = Table(caption="Cases", headings=("Time", "Case"), rows=(("09:30", "HARP-1"),), widths=(1, 3))
    sections = (Section(title="One", parts=(table, Bullets(items=("a", "b")))), Section(title="Under", level=3))
    tags = tags_of(pdf_of(a_document(sections=sections)))
    assert [tag for tag in tags if tag.startswith("H")] == ["H1", "H2", "H3"]
    assert tags.count("TH") == 2
    assert tags.count("TD") == 2
    assert "Caption" in tags
    assert tags.count("LI") == 2


def test_a_long_table_names_its_columns_on_every_page() -> None:
    rows = tuple((str(number), "A case") for number in range(120))
    reader = read(pdf_of(a_document(Table(caption="Cases", headings=("Number", "What it is"), rows=rows))))
    assert len(reader.pages) > 2
    assert all("What it is" in page.extract_text() for page in reader.pages)


def test_the_same_says_the_same_bytes_and_another_day_others() -> None:
    one = a_document(Prose(text="Words."))
    assert pdf_of(one) == pdf_of(one)
    assert pdf_of(one) != pdf_of(one.model_copy(update={"dated": datetime(2031, 3, 6, tzinfo=UTC)}))


@pytest.mark.parametrize("text", HOSTILE, ids=["typst", "html", "long word", "long text", "unseen"])
def test_what_people_write_is_never_markup(text: str) -> None:
    pdf = pdf_of(
        a_document(
            Prose(text=text),
            Facts(rows=((text[:200], text),)),
            Table(caption="Cases", headings=("A", "B"), rows=((text[:500], text[:500]),)),
            Remark(text=text[:500]),
            Bullets(items=(text[:500],)),
        )
    )
    assert squeezed(plain(text)) in squeezed(text_in(pdf))


def test_other_scripts_are_set_and_what_no_font_has_is_named() -> None:
    found = text_in(pdf_of(a_document(Prose(text="Zażółć Ελλάδα Кириллица naïve “so” £5 ½ ✓ 🙂 中"))))
    assert "Zażółć Ελλάδα Кириллица naïve “so” £5 ½ ✓" in found
    assert "[slightly smiling face]" in found
    assert "[cjk unified ideograph-4e2d]" in found


def test_arabic_and_hebrew_are_set() -> None:
    found = text_in(pdf_of(a_document(Prose(text="مرحبا שלום"))))
    assert "[" not in found
    assert {"م", "ש"} <= set(found)


def test_every_sign_of_the_basic_plane_can_come_in_one_paper() -> None:
    found = text_in(pdf_of(a_document(Prose(text="".join(map(chr, range(0x20, 0x3000)))))))
    assert "ABC" in found
    assert "[tibetan mark" in found


STUMBLES = r"""#set document(title: [Rare signs])
#let data = json(bytes(sys.inputs.data))
#data.text
#if data.text.contains("\u{0915}") [#for sign in range(0x7c0, 0x800) [#str.from-unicode(sign) ]]
"""
"""A template on whose Devanagari the compiler itself breaks down: a line of N'Ko signs that no font has."""


def test_where_the_compiler_itself_breaks_down_all_but_latin_is_named(tmp_path: Path) -> None:
    template = tmp_path / "stumbles.typ"
    template.write_text(STUMBLES)
    assert "[devanagari letter ka] ok" in text_in(typeset({"text": "\u0915 ok"}, DATED, template))


def test_a_template_that_cannot_be_set_at_all_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    template = tmp_path / "stumbles.typ"
    template.write_text(STUMBLES.replace(r'data.text.contains("\u{0915}")', "true"))
    with pytest.raises(NotSet, match="the compiler cannot set it"):
        typeset({"text": "ok"}, DATED, template)


def test_a_fault_of_a_template_is_told_without_what_people_wrote(tmp_path: Path) -> None:
    template = tmp_path / "broken.typ"
    template.write_text("#set document(title: [x])\n#nothing-of-that-name(1)\n")
    with pytest.raises(NotSet, match=r"broken\.typ: unknown variable") as told:
        typeset({"secret": "Nobody reads this"}, DATED, template)
    assert "Nobody" not in str(told.value)


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "nosy.typ"
    template.parent.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    template.write_text('#set document(title: [x])\n#read("../secret.txt")\n')
    with pytest.raises(NotSet):
        typeset({}, DATED, template)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_set(text: str) -> None:
    assert pdf_of(a_document(Prose(text=text), Facts(rows=((text, text),)))).startswith(b"%PDF")


@given(st.text(max_size=200), st.sets(st.characters(min_codepoint=0x80), max_size=5))
def test_no_sign_is_left_that_cannot_be_set_and_every_sign_is_asked_for_once(text: str, lacking: set[str]) -> None:
    asked: list[str] = []

    def probe(signs: Iterable[str]) -> frozenset[str]:
        asked.extend(signs)
        return frozenset(asked) & frozenset(lacking)

    characters = Characters(probe)
    first = characters.fitted({"a": [text, 1, None], "b": text})
    assert characters.fitted({"a": [text, 1, None], "b": text}) == first
    assert not (set(first["b"]) - {BREAK_HERE}) & lacking
    assert len(asked) == len(set(asked))
    assert max((len(word) for word in re.split(rf"[\s{BREAK_HERE}]", first["b"])), default=0) <= 24


def test_a_paper_without_a_cell_for_each_heading_is_no_paper() -> None:
    with pytest.raises(ValueError, match="a cell under each heading"):
        Table(caption="Cases", headings=("A", "B"), rows=(("1",),))


def test_a_heading_of_the_third_level_needs_one_of_the_second() -> None:
    with pytest.raises(ValueError, match="stands under one of level 2"):
        a_document(sections=(Section(title="Under", level=3),))
