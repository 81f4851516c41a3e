"""Emails against a real mail server."""

import shutil
import ssl
import subprocess
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import sqlalchemy as sql

from models.process import Notice
from notices.channels import CannotBeSent, MayHaveGoneOut, NotSentYet
from notices.smtp import Smtp
from runtime.server_process import free_port
from tests.notices.mail import SECRET, Answers, mail_server
from tests.notices.support import Clock, all_of, note, sending, the_only
from tests.notices.test_outbox import OUTGOING

SENDER = "panels@example.org"
OPENSSL = shutil.which("openssl") or ""


def smtp(port: int, **more: object) -> Smtp:
    return Smtp("127.0.0.1", port, SENDER, timeout=5.0, **more)  # type: ignore[arg-type]


async def test_a_message_arrives_whole() -> None:
    with mail_server(answers := Answers()) as port:
        assert await smtp(port).send(OUTGOING) is None
    (envelope,) = answers.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["tm-1@example.org"])
    assert isinstance(envelope.content, bytes)
    read = message_from_bytes(envelope.content, policy=default)
    assert (read["Subject"], read["Message-ID"]) == ("HARP-1 is listed", "<waymark-7-abc@example.org>")
    assert read.get_content().split() == OUTGOING.message.body.split()


@pytest.mark.parametrize(
    ("answers", "fault", "says"),
    [
        (Answers(sender=["451 4.7.1 later"]), NotSentYet, r"does not take mail from this sender \(451 4.7.1\)"),
        (Answers(sender=["550 5.7.1 not you"]), NotSentYet, r"does not take mail from this sender \(550 5.7.1\)"),
        (Answers(sender=[None]), NotSentYet, "does not take mail from this sender"),
        (Answers(address=["450 4.2.1 busy"]), NotSentYet, r"does not take the address now \(450 4.2.1\)"),
        (Answers(address=["550 5.1.1 no tm-1@example.org"]), CannotBeSent, r"refuses the address \(550 5.1.1\)$"),
        (Answers(address=[None]), NotSentYet, "the connection broke before the message"),
        (Answers(message=["452 4.3.1 full"]), NotSentYet, r"does not take the message now \(452 4.3.1\)"),
        (Answers(message=["554 5.6.0 spam"]), CannotBeSent, r"refuses the message \(554 5.6.0\)"),
        (Answers(message=["554"]), CannotBeSent, r"refuses the message \(554\)"),
        (Answers(message=[None]), MayHaveGoneOut, "the connection broke before the mail server had answered"),
    ],
)
async def test_each_answer_means_one_thing(answers: Answers, fault: type[Exception], says: str) -> None:
    with mail_server(answers) as port, pytest.raises(fault, match=says) as raised:
        await smtp(port).send(OUTGOING)
    assert "tm-1" not in str(raised.value)


async def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(NotSentYet, match="the mail server cannot be reached"):
        await smtp(free_port()).send(OUTGOING)


async def test_an_address_that_no_mail_server_knows_is_refused_here() -> None:
    outgoing = OUTGOING.__class__(7, "waymark-7-abc", "tm-1", "tím@example.org", OUTGOING.message)
    with mail_server(answers := Answers()) as port, pytest.raises(CannotBeSent, match="letters that the mail server"):
        await smtp(port).send(outgoing)
    assert answers.taken == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine, made for these tests."""
    if not OPENSSL:
        pytest.skip("no openssl here that could make a certificate")
    folder = tmp_path_factory.mktemp("certificate")
    key, own = folder / "key.pem", folder / "own.pem"
    names = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    made = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    subprocess.run(  # noqa: S603 - our own arguments
        [OPENSSL, "req", "-x509", *made, "-keyout", str(key), "-out", str(own), *names],
        check=True,
        capture_output=True,
    )
    return own, key


def of_server(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


async def test_user_and_password_go_only_where_it_is_encrypted(certificate: tuple[Path, Path]) -> None:
    trusted = ssl.create_default_context(cafile=certificate[0])
    with mail_server(answers := Answers(), context=of_server(certificate), signs_in=True) as port:
        await smtp(port, user="waymark", password=SECRET, context=trusted).send(OUTGOING)
    assert answers.signed_in == ["waymark True"]
    assert answers.encrypted == [True]


async def test_a_wrong_password_is_about_us_and_not_about_the_message(certificate: tuple[Path, Path]) -> None:
    trusted = ssl.create_default_context(cafile=certificate[0])
    with (
        mail_server(answers := Answers(), context=of_server(certificate), signs_in=True) as port,
        pytest.raises(NotSentYet, match=r"accepts neither user nor password \(535\)"),
    ):
        await smtp(port, user="waymark", password="wrong", context=trusted).send(OUTGOING)  # noqa: S106
    assert answers.taken == []


async def test_a_server_that_nobody_vouches_for_gets_nothing(certificate: tuple[Path, Path]) -> None:
    with (
        mail_server(answers := Answers(), context=of_server(certificate)) as port,
        pytest.raises(NotSentYet, match="the mail server"),
    ):
        await smtp(port).send(OUTGOING)
    assert answers.taken == []


async def test_a_server_elsewhere_that_does_not_encrypt_gets_nothing() -> None:
    # This machine too, but by none of the names under which mail may go unencrypted.
    with mail_server(answers := Answers()) as port, pytest.raises(NotSentYet, match="the mail server"):
        await Smtp("127.1", port, SENDER, timeout=5.0).send(OUTGOING)
    assert answers.taken == []


def test_a_mail_server_never_shows_its_password() -> None:
    shown = repr(Smtp("mail.example.org", 587, SENDER, user="waymark", password=SECRET))
    assert shown == "Smtp(mail.example.org:587)"


async def test_a_notice_meets_a_busy_server_and_arrives_later(sqlite_engine: sql.Engine) -> None:
    clock = Clock()
    with mail_server(answers := Answers(address=["450 4.2.1 busy"])) as port:
        sender = sending(sqlite_engine, smtp(port), clock)
        note(sqlite_engine, Notice(post="team_manager", subject="listed"))
        await sender.round()
        assert the_only(all_of(sqlite_engine)).state == "waiting"
        clock.moves(timedelta(minutes=1))
        await sender.round()
    assert the_only(all_of(sqlite_engine)).state == "sent"
    assert len(answers.taken) == 1


async def test_a_notice_whose_connection_broke_after_its_last_line_is_not_sent_twice(sqlite_engine: sql.Engine) -> None:
    clock = Clock()
    with mail_server(answers := Answers(message=[None])) as port:
        sender = sending(sqlite_engine, smtp(port), clock)
        note(sqlite_engine, Notice(post="team_manager", subject="listed"))
        for _ in range(4):
            await sender.round()
            clock.moves(timedelta(days=1))
    assert the_only(all_of(sqlite_engine)).state == "unknown"
    assert len(answers.taken) == 1
