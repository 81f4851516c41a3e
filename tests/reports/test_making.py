"""Reports as files, and from what really happened."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sql

from procedures.catalogue import catalogue
from procedures.loader import council_folders, load_council
from register.fold import catch_up
from register.read_models import COST, DECISION, JOURNEY, PLACEMENT, PROCESS
from rehearsal.play import Player
from rehearsal.stage import theatre
from rehearsal.story import read_story
from reports.definitions import REPORTS
from reports.making import made, one_moment
from reports.page import html_of
from reports.periods import quarter_named
from reports.plain import plain
from reports.shapes import Report
from reports.workbook import workbook_of
from tests.register.rows import a_cost, a_decision, a_journey, a_placement, a_process, insert

ROOT = Path(__file__).parents[2]
QUARTER = quarter_named("2031Q1")
NOW = datetime(2031, 9, 1, tzinfo=UTC)
IN_MAY = datetime(2031, 5, 6, 10, tzinfo=UTC)
KINDS = ["therapy"] * 6 + ["accommodation"] * 7 + ["discussion"] * 2


def filled(engine: sql.Engine) -> None:
    for number, kind in enumerate(KINDS):
        process = f"journey/hillingdon/HARP-{number}"
        insert(engine, PROCESS, a_process(process, opened_at=IN_MAY))
        insert(engine, JOURNEY, a_journey(process, referred_at=IN_MAY, request_kind=kind))
        insert(engine, DECISION, a_decision(process, outcome="approved", at=IN_MAY))
        insert(engine, COST, a_cost(process, at=IN_MAY, weekly_pence=12_345))
        placement = f"placement/hillingdon/PL-{number}"
        insert(engine, PROCESS, a_process(placement))
        ends = {"contract_ends_on": date(2031, 7, 10), "weekly_pence": 100_000 + number, "type": "U6"}
        insert(engine, PLACEMENT, a_placement(placement, **ends))


def report(engine: sql.Engine, key: str, *, published: bool = False, council: str = "hillingdon") -> Report:
    with one_moment(engine) as connection:
        return made(connection, REPORTS[key], load_council(council), QUARTER, NOW, published=published)


@pytest.mark.parametrize("key", REPORTS)
def test_every_council_can_report_on_a_register_in_which_nothing_happened(engine: sql.Engine, key: str) -> None:
    for council in council_folders():
        found = report(engine, key, council=council)
        assert "<main>" in html_of(found)
        assert workbook_of(found)[:2] == b"PK"


def test_the_rules_that_ask_for_a_report_are_in_the_catalogue() -> None:
    for definition in REPORTS.values():
        assert set(definition.asked_by) <= set(catalogue())


def test_a_spreadsheet_has_a_sheet_a_section_with_frozen_headings_and_native_charts(engine: sql.Engine) -> None:
    filled(engine)
    found = report(engine, "placements")
    book = openpyxl.load_workbook(BytesIO(workbook_of(found)))
    assert book.sheetnames[0] == "About"
    assert len(book.sheetnames) == len(found.sections) + 1
    assert book.properties.title == "Placement report: Hillingdon"
    front = {row[0].value: row[1].value for row in book["About"].iter_rows() if row[0].value}
    assert front["Period"] == QUARTER.name
    assert front["From the log up to position"] == "0"
    dearest = book["The most expensive placements"]
    assert dearest.freeze_panes == "B5"
    assert (dearest["H5"].value, dearest["H5"].number_format) == (1000.14, "£#,##0.00")
    assert dearest["G5"].value == datetime(2031, 7, 10)  # noqa: DTZ001 - a cell has no zone
    assert sum(len(sheet._charts) for sheet in book.worksheets) >= 3  # type: ignore[attr-defined,misc]  # noqa: SLF001


def test_a_reference_that_looks_like_a_formula_stays_a_text(engine: sql.Engine) -> None:
    insert(engine, PROCESS, a_process("placement/hillingdon/=1+1"))
    insert(engine, PLACEMENT, a_placement("placement/hillingdon/=1+1"))
    sheet = openpyxl.load_workbook(BytesIO(workbook_of(report(engine, "placements"))))["The most expensive placements"]
    assert (sheet["A5"].value, sheet["A5"].data_type) == ("=1+1", "s")


class Outline(HTMLParser):
    """What a browser and a screen reader find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [found for name, found in self.tags if name == tag]


@pytest.mark.parametrize("key", REPORTS)
def test_a_page_can_be_read_by_everybody_and_asks_nothing_of_others(engine: sql.Engine, key: str) -> None:
    filled(engine)
    text = html_of(report(engine, key))
    page = Outline(text)
    assert page.of("html") == [{"lang": "en-GB"}]
    assert not page.of("script") + page.of("link") + page.of("img")
    assert not re.search(r"(src|href)=\"(?!#)", text)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert set(levels[1:]) == {2}
    assert all(heading["scope"] in {"col", "row"} for heading in page.of("th"))
    ids = [str(found["id"]) for _, found in page.tags if "id" in found]
    assert len(ids) == len(set(ids))
    labels = [str(found["aria-labelledby"]).split() for _, found in page.tags if "aria-labelledby" in found]
    assert {one for label in labels for one in label} <= set(ids)
    charts = page.of("svg")
    assert all(chart["role"] == "img" for chart in charts)
    assert len(page.of("desc")) == len(charts)
    assert len(page.of("caption")) >= len(charts)


def test_what_is_published_names_no_case_and_no_small_number(engine: sql.Engine) -> None:
    filled(engine)
    for key in REPORTS:
        found = report(engine, key, published=True)
        text = html_of(found)
        assert not re.search(r"HARP-\d|PL-\d|C-\d|provider-", text)
        book = openpyxl.load_workbook(BytesIO(workbook_of(found)))
        cells = [str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert not any(re.search(r"HARP-\d|PL-\d|C-\d", cell) for cell in cells)
    requests = next(one for one in report(engine, "activity", published=True).sections if one.key == "requests")
    assert [(row[0], str(row[1])) for row in requests.table.rows] == [
        ("Accommodation", "7"),
        ("Discussion", "fewer than 5"),
        ("Therapy", "withheld"),
    ]


def test_no_quantity_is_published_in_two_tables_of_one_report(engine: sql.Engine) -> None:
    for key, definition in REPORTS.items():
        published = [section.key for section in report(engine, key).sections if section.published]
        assert len(published) == len(set(published))
        assert definition.key == key
        assert not {"panels", "months", "deferrals"} & set(published)


def test_a_report_says_the_same_when_it_is_made_again(engine: sql.Engine) -> None:
    filled(engine)
    assert html_of(report(engine, "activity")) == html_of(report(engine, "activity"))
    assert workbook_of(report(engine, "activity")) == workbook_of(report(engine, "activity"))


async def test_a_deferred_emergency_that_is_ratified_shows_in_every_figure() -> None:
    file = ROOT / "rehearsals" / "hillingdon" / "a_deferred_emergency_can_still_be_ratified.toml"
    story = read_story(file)
    async with theatre(story.rota) as stage:
        assert all(result.ok for result in await Player(story, file, stage).play())
        engine = stage.register.engine
        catch_up(engine)
        with one_moment(engine) as connection:
            period = quarter_named("2030Q4")
            found = made(connection, REPORTS["activity"], load_council("hillingdon"), period, await stage.now())
    rows: dict[str, list[dict[str, Any]]] = {one["key"]: one["rows"] for one in plain(found)["sections"]}
    (panel,) = rows["panels"]
    assert (panel["Referred"], panel["Sittings held"], panel["Heard"], panel["Deferred"]) == (1, 2, 2, 1)
    assert [row["Deferred"] for row in rows["deferrals"]] == ["Information was missing"]
    assert [(row["What became of them"], row["All"]) for row in rows["emergencies"]] == [("Ratified", 1)]
    assert {row["Decision"]: row["All"] for row in rows["decisions"]} == {"Deferred": 1, "Ratified": 1}
    hearing = next(row for row in rows["deadlines"] if row["Deadline"] == "An emergency goes before the panel")
    assert (hearing["Met in time"], hearing["All that were due"]) == (1, 1)
    assert (hearing["Median days"], hearing["Median working days"]) == (7.0, 5.0)
