"""`starter.py notices`."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from typer.testing import CliRunner, Result

from console.app import app
from models.process import Notice
from register.notices import begin
from tests.conftest import opened
from tests.notices.support import NOW, note

STAFF = """
[hillingdon]
tm-1 = { post = "team_manager", unit = "children in need", email = "tm-1@example.org" }
sw-1 = { post = "social_worker", unit = "children in need" }
"""
MANAGER = Notice(post="team_manager", subject="listed")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sql.Engine]:
    """The register that the commands open."""
    (tmp_path / "staff.toml").write_text(STAFF, encoding="utf-8")
    monkeypatch.setenv("WAYMARK_STATE_FOLDER", str(tmp_path))
    monkeypatch.setenv("WAYMARK_STAFF_DIRECTORY", str(tmp_path / "staff.toml"))
    with opened(f"sqlite:///{tmp_path}/register.db") as found:
        begin(found, datetime.fromtimestamp(0, UTC))
        yield found


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["notices", *words])


def rows(*words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*words, "--json").stdout)
    return found


def test_what_is_due_goes_to_the_outbox_and_is_listed(engine: sql.Engine, tmp_path: Path) -> None:
    note(engine, MANAGER)
    assert "\n1 notice more is not given to anybody yet: a worker does so" in run().stdout
    assert run("send").stdout == "1 notice sent.\n"
    assert [file.name for file in (tmp_path / "outbox").iterdir()] == ["000001-tm-1.eml"]
    (row,) = rows()
    assert (row["to"], row["state"], row["subject"], row["at"]) == ("tm-1", "sent", "listed", str(NOW))
    shown = run().stdout
    assert "HARP-1" in shown
    assert shown.endswith("1 notice shown. In all 0 to be sent, 0 not arrived for sure.\n")


def test_what_nobody_can_be_told_of_is_shown_as_failed(engine: sql.Engine) -> None:
    note(engine, Notice(post="director", subject="escalated:cut_off"), MANAGER)
    ended = run("send")
    assert ended.exit_code == 0
    assert [row["fault"] for row in rows("--failed")] == ["nobody holds the post director in the unit children in need"]
    assert "nobody holds the post director" in run("--failed").stdout
    assert [row["to"] for row in rows("--to", "tm-1")] == ["tm-1"]
    assert rows("--process", "journey/hillingdon/another") == []


def test_a_notice_is_shown_as_it_goes_out(engine: sql.Engine) -> None:
    note(engine, MANAGER)
    run("send")
    shown = run("show", "1").stdout
    assert "HARP-1 is listed" in shown
    assert "HARP-1 is on the agenda of HARP." in shown
    assert "Look here: http://127.0.0.1:8233/namespaces/default/workflows/journey%2Fhillingdon%2FHARP-1" in shown
    assert json.loads(run("show", "1", "--json").stdout)["title"] == "HARP-1 is listed"


def test_what_could_not_be_sent_is_told_and_sent_again_on_request(
    engine: sql.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(engine, Notice(post="social_worker", subject="listed"))
    monkeypatch.setenv("WAYMARK_NOTICES", "smtp://127.0.0.1:9")
    monkeypatch.setenv("WAYMARK_NOTICES_FROM", "panels@example.org")
    ended = run("send")
    assert ended.exit_code == 1
    assert ended.stderr == "Notice 1 to sw-1 is failed: the staff directory has no address for them.\n"
    assert [row["state"] for row in rows("retry", "1")] == ["waiting"]
    assert run("retry", "1").stdout.startswith("1 notice will be sent:")
    assert [row["id"] for row in rows("--waiting")] == [1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("show", "99"), "There is no notice 99: `starter.py notices` lists them.\n"),
        (("retry", "99"), "There is no notice 99: `starter.py notices` lists them.\n"),
        (("--failed", "--waiting"), "Choose one of --failed and --waiting, or neither for all.\n"),
        (("check", "--folder", "/nowhere"), "No folder in /nowhere holds a council.toml: name the folder that holds "),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(engine: sql.Engine, words: tuple[str, ...], sentence: str) -> None:
    del engine
    ended = run(*words)
    assert (ended.exit_code, ended.stderr[: len(sentence)]) == (2, sentence)


def test_what_was_sent_is_not_sent_again(engine: sql.Engine) -> None:
    note(engine, MANAGER)
    run("send")
    ended = run("retry", "1")
    assert ended.exit_code == 2
    assert "Notice 1 is sent: it is not sent twice" in ended.stderr


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"WAYMARK_NOTICES": "pigeon"}, "WAYMARK_NOTICES must be outbox, none, notify or a mail server without a"),
        ({"WAYMARK_NOTICES": "smtp://u:secret@mail.example.org"}, "WAYMARK_NOTICES must be outbox, none, notify or a"),
        ({"WAYMARK_NOTICES": "smtp://mail.example.org"}, "WAYMARK_NOTICES is smtp and needs WAYMARK_NOTICES_FROM: "),
        (
            {"WAYMARK_NOTICES": "smtp://u@mail.example.org", "WAYMARK_NOTICES_FROM": "p@example.org"},
            "WAYMARK_NOTICES is smtp and needs WAYMARK_NOTICES_PASSWORD: set it, or set WAYMARK_NOTICES=none.",
        ),
        (
            {"WAYMARK_NOTICES": "smtp://mail:99999", "WAYMARK_NOTICES_FROM": "p@e.org"},
            "WAYMARK_NOTICES has a port above",
        ),
        ({"WAYMARK_NOTICES": "notify"}, "WAYMARK_NOTICES is notify and needs WAYMARK_NOTIFY_KEY: "),
        ({"WAYMARK_NOTIFY_KEY": "short"}, "WAYMARK_NOTIFY_KEY must be an API key of GOV.UK Notify, whole"),
        ({"WAYMARK_NOTICES": "none"}, "WAYMARK_NOTICES is none: set it to outbox, a mail server or notify first."),
        ({"WAYMARK_LINK": "https://x/{case}"}, "WAYMARK_LINK must be where people look a case up, such as https://"),
    ],
)
def test_a_setting_that_is_wrong_or_missing_is_named_with_its_remedy(
    engine: sql.Engine, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    del engine
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ended = run("send")
    assert ended.exit_code == 2
    assert ended.stderr.startswith(sentence)
    assert ended.stderr.count("\n") == 1
    assert "secret" not in ended.stderr


def test_the_texts_of_all_councils_have_no_faults(engine: sql.Engine) -> None:
    del engine
    ended = run("check")
    assert (ended.exit_code, ended.stdout[-44:]) == (0, "texts and those of the councils have no faults.\n"[-44:])


def test_a_fault_of_a_councils_texts_is_named(engine: sql.Engine, tmp_path: Path) -> None:
    del engine
    folder = tmp_path / "ours" / "sixth"
    folder.mkdir(parents=True)
    sixth = Path(__file__).parents[1] / "procedures" / "sixth_council"
    council = next(path.parent for path in sixth.rglob("council.toml"))
    for file in council.glob("*.toml"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "notices").mkdir()
    (folder / "notices" / "texts.toml").write_text('[listed]\ntitle = "{child}"\ntext = []\n', encoding="utf-8")
    ended = run("check", "--folder", str(tmp_path / "ours"))
    assert ended.exit_code == 2
    assert "notices/texts.toml: listed: there is no placeholder {child}." in ended.stderr
