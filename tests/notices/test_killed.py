"""A real process that is killed while a message is on its way."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import sqlalchemy as sql

from models.process import Notice
from notices.sending import TAKEN_FOR
from notices.smtp import Smtp
from register.notices import begin
from tests.conftest import opened
from tests.notices.mail import Answers, mail_server
from tests.notices.support import Clock, all_of, note, sending, the_only

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
STAFF = '[hillingdon]\ntm-1 = { post = "team_manager", unit = "children in need", email = "tm-1@example.org" }\n'


def sender_process(folder: Path, port: int) -> subprocess.Popen[str]:
    (folder / "staff.toml").write_text(STAFF, encoding="utf-8")
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(ROOT / "starter.py"), "notices", "send"],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("WAYMARK_")},
            "WAYMARK_STATE_FOLDER": str(folder),
            "WAYMARK_STAFF_DIRECTORY": str(folder / "staff.toml"),
            "WAYMARK_NOTICES": f"smtp://127.0.0.1:{port}",
            "WAYMARK_NOTICES_FROM": "panels@example.org",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def noted(engine: sql.Engine) -> None:
    begin(engine, datetime.fromtimestamp(0, UTC))
    note(engine, Notice(post="team_manager", subject="listed"))


async def test_a_message_whose_sender_was_killed_is_never_sent_a_second_time(tmp_path: Path) -> None:
    answers = Answers(arrived=Event())
    with mail_server(answers) as port, opened(f"sqlite:///{tmp_path}/register.db") as engine:
        noted(engine)
        process = sender_process(tmp_path, port)
        assert answers.arrived is not None
        assert answers.arrived.wait(PATIENCE_SECONDS), process.communicate()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert the_only(all_of(engine)).state == "sending"
        answers.arrived = None

        again = sender_process(tmp_path, port)  # as a worker that starts anew
        assert again.communicate()[0].startswith("0 notices sent")
        clock = Clock(datetime.now(UTC) + TAKEN_FOR + timedelta(seconds=1))
        sender = sending(engine, Smtp("127.0.0.1", port, "panels@example.org"), clock)
        for _ in range(3):
            await sender.round()
            clock.moves(timedelta(days=1))
        assert the_only(all_of(engine)).state == "unknown"
        assert len(answers.taken) == 1


def test_a_process_that_lives_sends_and_says_so(tmp_path: Path) -> None:
    with mail_server(answers := Answers()) as port, opened(f"sqlite:///{tmp_path}/register.db") as engine:
        noted(engine)
        said, errors = sender_process(tmp_path, port).communicate()
        assert (said, errors) == ("1 notice sent.\n", "")
        assert the_only(all_of(engine)).state == "sent"
    assert len(answers.taken) == 1
