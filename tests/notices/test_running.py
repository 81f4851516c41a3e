"""Sending as a worker does it: in a thread of its own, whatever is away, and as the settings say."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sql

from models.errors import ProcedureFault
from models.process import Notice
from notices.channels import Outgoing
from notices.notify import Notify
from notices.outbox import Outbox
from notices.smtp import Smtp
from register.working_tables import DELIVERY_MARK
from runtime.logs import configure_logs
from runtime.notice_sending import DirectoryFile, NoticeSending, channel_of, sending_by
from runtime.settings import Settings
from tests.notices.notify_server import KEY
from tests.notices.support import Carrier, all_of, note, the_only

MANAGER = Notice(post="team_manager", subject="listed")
STAFF = '[hillingdon]\ntm-1 = { post = "team_manager", unit = "children in need", email = "tm-1@example.org" }\n'
Here = Callable[..., Settings]


@pytest.fixture
def here(tmp_path: Path) -> Here:
    """Settings whose state and staff are this test's own."""
    (tmp_path / "staff.toml").write_text(STAFF, encoding="utf-8")

    def settings(**more: object) -> Settings:
        return Settings.model_validate({"state_folder": tmp_path, "staff_directory": tmp_path / "staff.toml", **more})

    return settings


class Slow(Carrier):
    """A mail server that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = Event(), Event()

    async def send(self, outgoing: Outgoing) -> str | None:
        self.asked.set()
        await asyncio.to_thread(self.may_answer.wait)
        return await super().send(outgoing)


async def test_a_worker_sends_to_the_outbox_unless_it_is_told_otherwise(sqlite_engine: sql.Engine, here: Here) -> None:
    said: list[str] = []
    sending = NoticeSending.of(here(), sqlite_engine, said.append)
    await sending.begin()
    note(sqlite_engine, MANAGER)
    assert [one.state for one in await sending.round()] == ["sent"]
    assert [line.partition(" (")[0] for line in said] == ["Notice to tm-1: HARP-1 is listed"]
    assert await sending.round() == []


async def test_a_worker_that_is_stopped_ends_the_message_that_is_on_its_way_and_takes_no_other(
    sqlite_engine: sql.Engine, here: Here
) -> None:
    slow = Slow()
    sending = NoticeSending(sqlite_engine, sending_by(here(), sqlite_engine, slow))
    await sending.begin()
    for number in range(3):
        note(sqlite_engine, MANAGER, process_id=f"journey/hillingdon/HARP-{number}")
    at_work = asyncio.create_task(sending.round())
    await asyncio.to_thread(slow.asked.wait)
    at_work.cancel()
    await asyncio.sleep(0)
    slow.may_answer.set()
    with pytest.raises(asyncio.CancelledError):
        await at_work
    assert sorted(one.state for one in all_of(sqlite_engine)) == ["sent", "waiting", "waiting"]
    assert len(slow.carried) == 1


async def test_where_nothing_is_sent_the_log_is_passed_over(sqlite_engine: sql.Engine, here: Here) -> None:
    await NoticeSending.of(here(), sqlite_engine).begin()
    nothing = NoticeSending.of(here(notices="none"), sqlite_engine)
    await nothing.begin()
    note(sqlite_engine, MANAGER)
    assert await nothing.round() == []
    with sqlite_engine.connect() as connection:
        assert connection.scalar(sql.select(DELIVERY_MARK.c.position)) == 1


async def test_a_directory_at_fault_keeps_notices_waiting_and_is_said_once(
    sqlite_engine: sql.Engine, here: Here, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(Settings(log_format="json", log_level="WARNING"))
    settings = here()
    sending = NoticeSending.of(settings, sqlite_engine)
    await sending.begin()
    note(sqlite_engine, MANAGER)
    (tmp_path / "staff.toml").write_text("[hillingdon]\ntm-1 = 3\n", encoding="utf-8")
    assert await sending.round() == []
    assert await sending.round() == []
    assert "".join(capsys.readouterr()).count("Notices wait") == 1
    (tmp_path / "staff.toml").write_text(STAFF, encoding="utf-8")
    await sending.round()
    assert the_only(all_of(sqlite_engine)).state == "sent"


async def test_a_register_that_is_away_keeps_notices_waiting(tmp_path: Path, here: Here) -> None:
    empty = sql.create_engine(f"sqlite:///{tmp_path}/empty.db")
    assert await NoticeSending.of(here(), empty).round() == []
    empty.dispose()


def test_the_directory_is_read_again_when_its_file_has_changed(tmp_path: Path, here: Here) -> None:
    read = DirectoryFile(here())
    assert read() is read()
    file = tmp_path / "staff.toml"
    file.write_text(STAFF.replace("tm-1", "tm-2"), encoding="utf-8")
    os.utime(file, (1.0, 1.0))
    assert list(read().actors) == ["tm-2"]
    file.unlink()
    with pytest.raises(ProcedureFault, match="There is no staff directory"):
        read()


@pytest.mark.parametrize(
    ("settings", "kind", "shown"),
    [
        ({"notices": "none"}, type(None), "None"),
        ({"notices": "outbox", "notices_from": "p@example.org"}, Outbox, ""),
        ({"notices": "smtp://mail.example.org", "notices_from": "p@example.org"}, Smtp, "Smtp(mail.example.org:587)"),
        ({"notices": "smtps://mail.example.org", "notices_from": "p@e.org"}, Smtp, "Smtp(mail.example.org:465)"),
        (
            {"notices": "smtp://a%40b@[::1]:25", "notices_from": "p@e.org", "notices_password": "secret"},
            Smtp,
            "Smtp(::1:25)",
        ),
        (
            {"notices": "notify", "notify_key": KEY, "notify_template": "t-1"},
            Notify,
            "Notify(https://api.notifications.service.gov.uk)",
        ),
    ],
)
def test_one_setting_says_how_notices_go_out(here: Here, settings: dict[str, str], kind: type, shown: str) -> None:
    found = channel_of(here(**settings))
    assert isinstance(found, kind)
    assert shown in repr(found)


def test_no_secret_shows_in_the_settings(here: Here) -> None:
    shown = repr(here(notify_key=KEY, notices_password="let-me-in"))  # noqa: S106 - of no server
    assert KEY not in shown
    assert "let-me-in" not in shown


async def test_what_was_recorded_before_the_very_first_start_is_not_sent(sqlite_engine: sql.Engine, here: Here) -> None:
    note(sqlite_engine, MANAGER)
    sending = NoticeSending.of(here(), sqlite_engine)
    await sending.begin()
    assert await sending.round() == []
    assert all_of(sqlite_engine) == []
