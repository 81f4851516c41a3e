"""Papers of meetings that were played on the real workflows: from the referrals to what the chair approved."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql
from typer.testing import CliRunner, Result

from console.app import app
from models.errors import RefusalCode, Refused
from models.identifiers import SittingKey
from models.people import Actor
from papers.content import Meeting
from papers.making import Made, make, papers_of
from papers.plain_text import text_of
from procedures.calendars import working_calendar
from procedures.loader import load_council
from register.database import open_register
from register.fold import catch_up, rebuild
from register.papers import PaperKind, files
from rehearsal.play import Player
from rehearsal.stage import theatre
from rehearsal.story import read_story
from runtime.circulating import circulate
from tests.papers.accessible import faults_of
from tests.papers.test_typesetting import text_in

ROOT = Path(__file__).parents[2]
HARP = SittingKey("hillingdon", "harp", date(2031, 3, 11))
PANEL = SittingKey("central_bedfordshire", "access_to_resources_panel", date(2031, 3, 11))
PAT = Actor(staff="pat", post="panel_administrator", council="central_bedfordshire")
NOW = datetime(2031, 3, 12, 10, tzinfo=UTC)


async def played(story_file: Path, to: Path) -> None:
    """Play a story on the real workflows, and keep its register."""
    story = read_story(story_file)
    async with theatre({}, story.folder) as stage:
        for result in await Player(story, story_file, stage).play():
            assert result.ok, result.told
        catch_up(stage.register.engine)
        with sqlite3.connect(str(stage.register.engine.url.database)) as here, sqlite3.connect(to) as there:
            here.backup(there)
        here.close()
        there.close()


@pytest.fixture(scope="module")
def harp_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The register of a whole HARP, played once."""
    there = tmp_path_factory.mktemp("harp") / "register.db"
    asyncio.run(played(Path(__file__).parent / "a_whole_meeting.toml", there))
    return there


@pytest.fixture
def harp(harp_register: Path, tmp_path: Path) -> Path:
    """A copy of that register."""
    return Path(shutil.copy(harp_register, tmp_path / "register.db"))


@pytest.fixture
def engine(harp: Path) -> Iterator[sql.Engine]:
    """That register, open."""
    found = open_register(f"sqlite:///{harp}")
    yield found
    found.dispose()


@pytest.fixture
def run(harp: Path) -> Callable[..., Result]:
    """The command line over that register."""
    own = {
        "WAYMARK_REGISTER_URL": f"sqlite:///{harp}",
        "WAYMARK_STATE_FOLDER": str(harp.parent / "state"),
        "WAYMARK_STAFF_DIRECTORY": str(ROOT / "examples" / "staff.toml"),
    }
    return lambda *words: CliRunner().invoke(app, ["papers", *map(str, words)], env=own)


def read_meeting(engine: sql.Engine, key: SittingKey) -> Meeting:
    with engine.connect() as connection:
        found = Meeting.read(connection, key, load_council(key.council), working_calendar(key.council, 2030))
    assert found is not None
    return found


def test_a_whole_meeting_has_all_its_papers_and_they_say_what_happened(engine: sql.Engine) -> None:
    meeting = read_meeting(engine, HARP)
    pages: dict[str, str] = {}
    for kind, reference in papers_of(meeting):
        made = make(engine, meeting, kind, reference, PAT, NOW)
        assert made is not None
        with engine.connect() as connection:
            says = files(connection, made.version)
        assert says is not None
        assert faults_of(says.html) == []
        pages[f"{kind}{reference}"] = text_of(says.html)
        assert "Hillingdon: HARP" in text_in(says.pdf)
    assert list(pages) == [
        "agenda",
        "pack_index",
        "decision_sheetHARP-2041",
        "decision_sheetHARP-2041-J2",
        "decision_sheetHARP-2041-J4",
        "minutes",
    ]
    assert "10:15 | HARP-2041-J4 | Accommodation | children in need | Emergency" in pages["agenda"]
    assert "Signed off | tom, Team manager: Wednesday 5 March 2031, 11:00 | 2 | None" in pages["pack_index"]
    sheet = pages["decision_sheetHARP-2041"]
    assert "APPROVED electronically by carol, Head of Service: Wednesday 12 March 2031, 09:00." in sheet
    assert "Finish the connected-person assessment | amira, Social worker | Friday 16 May 2031" in sheet
    assert "DRAFT" in pages["decision_sheetHARP-2041-J2"]
    assert "The chair, since the members did not agree" in pages["decision_sheetHARP-2041-J2"]
    assert "dev, Head of Service | HARP-2041-J3 | Knows the carer." in pages["minutes"]
    assert "* Say on the form which local service was tried." in pages["minutes"]
    assert "* HARP-2041-J3" in pages["minutes"]


def test_a_rebuilt_register_gives_no_new_version(engine: sql.Engine) -> None:
    def all_made() -> list[Made | None]:
        meeting = read_meeting(engine, HARP)
        return [make(engine, meeting, kind, reference, PAT, NOW) for kind, reference in papers_of(meeting)]

    assert [one.new for one in all_made() if one] == [True] * 6
    rebuild(engine)
    assert [one.new for one in all_made() if one] == [False] * 6


def test_papers_are_made_listed_shown_and_written_from_the_command_line(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    made = run("make", *HARP)
    assert made.exit_code == 0, made.output
    assert made.stdout.splitlines()[2] == "3 of 6: Decision sheet of HARP-2041, version 1 (approved): made."
    again = run("make", *HARP, "--kind", "agenda").stdout
    assert again == "1 of 1: Agenda, version 1 (current): says what it said before.\n"
    assert "approved by carol" in run("list", *HARP).stdout
    assert "Agenda: HARP, Tuesday 11 March 2031\n====" in run("show", *HARP).stdout
    whole = run("show", *HARP, "--case", "HARP-2041", "--json").stdout
    assert '"outcome": "Approved with conditions"' in whole
    written = run("write", *HARP, "--to", tmp_path / "pack", "--pdf", "--kind", "agenda").stdout
    assert written.split() == [str(tmp_path / "pack" / "2031-03-11-harp-agenda-v1.pdf")]
    both = run("write", *HARP, "--to", tmp_path / "pack", "--json").stdout
    assert both.count('.html"') == 6
    assert both.count('.pdf"') == 6
    assert run("due").stdout == "No papers have to go out this week.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("make", "hillingdon", "harp", "2031-03-12"),
            "The register has no meeting of HARP on Wed 12 Mar 2031: nothing was booked for it.",
        ),
        (
            ("make", "hillingdon", "harp", "2031-03-18", "--kind", "decision_sheet"),
            "HARP on Tue 18 Mar 2031 has decided nothing yet: decision sheets are made once a decision is recorded.",
        ),
        (
            ("make", "hillingdon", "harp", "2031-03-18", "--kind", "minutes"),
            "HARP on Tue 18 Mar 2031 has not been opened: its minutes are made from then on.",
        ),
        (
            ("make", "hillingdon", "harp", "2031-03-11", "--case", "HARP-2041-J3"),
            "HARP on Tue 11 Mar 2031 has not decided HARP-2041-J3: its sheet is made once a decision is recorded.",
        ),
        (
            ("make", "hillingdon", "harp", "2031-03-18", "--case", "HARP-9"),
            "HARP-9 is not on the agenda of HARP on Tue 18 Mar 2031: name one of HARP-2041-J3.",
        ),
        (
            ("show", "hillingdon", "harp", "2031-03-11", "--kind", "minutes"),
            "No version of the minutes of HARP on Tue 11 Mar 2031 has been made:",
        ),
        (("list", "hillingdon", "harp", "2031-03-11"), "No paper of HARP on Tue 11 Mar 2031 has been made:"),
        (("list", "hillingdon", "harps", "2031-03-11"), "There is no panel of Hillingdon that sits called harps:"),
        (("list", "hillingdon", "harp", "tomorrow"), "tomorrow is no date: write it like 2026-12-01."),
        (("make", "hillingdon", "harp", "2031-03-11", "--kind", "poem"), "There is no paper called poem: use one of"),
        (
            ("make", "hillingdon", "harp", "2031-03-11", "--kind", "agenda", "--case", "HARP-2041"),
            "Only decision sheets are of one case:",
        ),
        (("circulate", "hillingdon", "harp", "2031-03-11"), "The procedure of HARP sends no papers round:"),
        (("due", "--council", "camelot"), "There is no council camelot:"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Callable[..., Result], words: tuple[str, ...], sentence: str
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["make", "list", "show", "write", "due", "circulate"])
def test_every_command_teaches_with_examples(run: Callable[..., Result], name: str) -> None:
    assert f"starter.py papers {name}" in run(name, "--help").stdout.partition("Examples:")[2]


async def test_a_person_sends_the_papers_round_and_what_went_out_is_marked() -> None:
    story_file = ROOT / "rehearsals" / "central_bedfordshire" / "papers_go_out_two_days_before.toml"
    story = read_story(story_file)
    before_sending = story.model_copy(update={"step": story.step[:3]})
    async with theatre({}, story.folder) as stage:
        for result in await Player(before_sending, story_file, stage).play():
            assert result.ok, result.told
        engine = stage.register.engine
        stranger = PAT.model_copy(update={"staff": "rex", "post": "resource_officer"})
        with pytest.raises(Refused) as refused:
            await circulate(stage.gateway, engine, PANEL, stranger)
        assert refused.value.code is RefusalCode.NOT_AUTHORISED
        sent = await circulate(stage.gateway, engine, PANEL, PAT)
        assert [(one.version.kind, one.version.version, one.version.status) for one in sent] == [
            (PaperKind.AGENDA, 2, "current"),
            (PaperKind.PACK_INDEX, 2, "current"),
        ]
        went = read_meeting(engine, PANEL).sitting.circulated
        assert went is not None
        assert {one.version.circulated_at for one in sent} == {went.at}
        told = {notice.post for _, notice in stage.notices() if notice.subject == "papers_circulated"}
        assert "resource_officer" in told


async def test_minutes_are_final_once_the_chair_has_signed_them(tmp_path: Path) -> None:
    story = ROOT / "rehearsals" / "central_bedfordshire" / "the_minutes_are_final_when_the_chair_signs_them.toml"
    await played(story, tmp_path / "register.db")
    engine = open_register(f"sqlite:///{tmp_path}/register.db")
    made = make(engine, read_meeting(engine, PANEL), PaperKind.MINUTES, "", PAT, NOW)
    assert made is not None
    assert (made.version.status, made.version.approved_by) == ("approved", "ida")
    with engine.connect() as connection:
        says = files(connection, made.version)
    assert says is not None
    assert "APPROVED electronically by ida, Head of Service: Friday 14 March 2031, 10:00." in says.html
    engine.dispose()
