"""Pages of HTML that everybody can read, and that hold nothing but what they should."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.characters import plain
from papers.document import Bullets, Document, Facts, Prose, Remark, Section, Table
from papers.making import said_by
from papers.pages import html_of
from papers.plain_text import text_of
from register.papers import PaperKind
from tests.papers.accessible import faults_of, tree_of
from tests.papers.meetings import a_decided_meeting, a_decision, a_line, a_meeting

DATED = datetime(2031, 3, 5, 10, tzinfo=UTC)


def a_page(text: str) -> str:
    table = Table(caption="Cases", headings=("Time", "Case"), rows=(("09:30", text),))
    return html_of(
        Document(
            title="Agenda",
            author="Hillingdon",
            reference="papers/hillingdon/harp/2031-03-11/agenda",
            dated=DATED,
            status_text="DRAFT",
            introduction=(Facts(rows=(("Name", text),)), Remark(text="Look.")),
            sections=(Section(title="One", parts=(table, Bullets(items=(text,)), Prose(text=text))),),
        )
    )


def test_a_page_can_be_read_by_everybody() -> None:
    assert faults_of(a_page("A case")) == []


@pytest.mark.parametrize("kind", PaperKind)
def test_every_paper_can_be_read_by_everybody(kind: PaperKind) -> None:
    meeting = a_decided_meeting(
        a_decision(dissent="One member.", conditions=("Soon.",), checkpoints={"drift": "None."})
    )
    said = said_by(meeting, kind, "HARP-1")
    assert said is not None
    page = html_of(
        Document(
            title="A paper",
            author="Hillingdon",
            reference="x",
            dated=DATED,
            introduction=said.introduction,
            sections=said.sections,
        )
    )
    assert faults_of(page) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ('<html lang="en-GB">', "the language is not said"),
        ('scope="col"', "a table's columns have no headings"),
        ("<caption>Cases</caption>", "a table has no caption"),
        ("<h1>Agenda</h1>", "there is not exactly one heading of the first level, first"),
        ('id="content"', "#content leads nowhere"),
        ('aria-label="Cases"', "a place has no name"),
    ],
)
def test_the_check_finds_what_is_missing(broken: str, fault: str) -> None:
    page = a_page("A case")
    assert broken in page
    assert fault in faults_of(page.replace(broken, "<html>" if broken.startswith("<html") else ""))


def test_the_check_finds_what_comes_from_elsewhere_and_what_skips() -> None:
    page = a_page("A case")
    assert "<img> is not ours" in faults_of(page.replace("<main", '<img src="https://a.example/x.png"><main'))
    assert "a heading skips to level 4" in faults_of(page.replace("</main>", "<h4>Deep</h4></main>"))
    assert "the style asks for something: url(" in faults_of(page.replace("<style>", "<style>a{b:url(x)}"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7 * 7 }}{% for x in y %}",
        "</td></table>",
        "&lt;b&gt; & <b>",
        "\u202eevil",
        "x" * 20_000,
    ],
)
def test_what_people_write_is_text_and_never_markup(text: str) -> None:
    page = a_page(text)
    assert faults_of(page) == []
    root, _ = tree_of(page)
    assert plain(text) in [one.said for one in root.every("td")]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80))
def test_any_text_leaves_the_page_as_it_is(text: str) -> None:
    assert faults_of(a_page(f"a {text}")) == []


def test_a_page_is_told_in_lines_for_a_terminal() -> None:
    told = text_of(a_page("first\nsecond"))
    assert "Agenda\n======" in told
    assert "Name: first; second" in told
    assert "09:30 | first; second" in told
    assert "Skip to" not in told
    assert "font" not in told


def test_a_meeting_without_a_case_still_has_an_agenda() -> None:
    meeting = a_meeting(a_line(state="carried_over", slot=None))
    said = said_by(meeting, PaperKind.AGENDA)
    assert said is not None
    assert Prose(text="No case has a place yet.") in said.sections[0].parts
