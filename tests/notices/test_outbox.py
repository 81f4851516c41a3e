"""The embedded default: a folder that any mail program reads."""

import os
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from notices.channels import NotSentYet, Outgoing, Whereabouts
from notices.outbox import Outbox
from notices.wording import Message

MESSAGE = Message(title="HARP-1 is listed", sentences=("HARP-1 is on the agenda of HARP.", "Look here: https://x/1"))
OUTGOING = Outgoing(number=7, reference="waymark-7-abc", staff="tm-1", address="tm-1@example.org", message=MESSAGE)


async def test_a_message_is_a_file_that_a_mail_program_reads(tmp_path: Path) -> None:
    said: list[str] = []
    outbox = Outbox(tmp_path / "outbox", "panels@example.org", said.append)
    assert await outbox.send(OUTGOING) == "000007-tm-1.eml"
    file = tmp_path / "outbox" / "000007-tm-1.eml"
    read = message_from_bytes(file.read_bytes(), policy=default)
    assert (read["From"], read["To"], read["Subject"]) == ("panels@example.org", "tm-1@example.org", "HARP-1 is listed")
    assert read["Message-ID"] == "<waymark-7-abc@example.org>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read.get_content().split() == MESSAGE.body.split()
    assert said == [f"Notice to tm-1: HARP-1 is listed ({file})"]


async def test_somebody_without_an_address_has_a_file_all_the_same(tmp_path: Path) -> None:
    await Outbox(tmp_path).send(Outgoing(8, "waymark-8-abc", "tm-2", None, MESSAGE))
    assert "To: nobody@example.invalid" in (tmp_path / "000008-tm-2.eml").read_text(encoding="utf-8")


async def test_the_same_message_again_makes_no_second_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    assert await outbox.ask(OUTGOING) == Whereabouts(went_out=False, provider_reference="000007-tm-1.eml")
    await outbox.send(OUTGOING)
    await outbox.send(OUTGOING)
    assert os.listdir(tmp_path) == ["000007-tm-1.eml"]  # noqa: PTH208 - as quick in a coroutine as anywhere
    assert await outbox.ask(OUTGOING) == Whereabouts(went_out=True, provider_reference="000007-tm-1.eml")


async def test_an_outbox_that_cannot_be_written_to_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(NotSentYet, match="the outbox cannot be written to"):
        await Outbox(tmp_path / "outbox").send(OUTGOING)
