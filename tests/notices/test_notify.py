"""GOV.UK Notify, against a local service that speaks its protocol."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sql

from models.process import Notice
from notices.channels import CannotBeSent, MayHaveGoneOut, NotSentYet, Whereabouts
from notices.notify import Notify
from notices.sending import ASK_AGAIN, ASKED_FOR, FIRST_PAUSE
from runtime.server_process import free_port
from tests.notices.notify_server import KEY, SOMEBODY, TEMPLATE, notify_server
from tests.notices.support import Clock, all_of, note, sending, the_only
from tests.notices.test_outbox import OUTGOING

LISTED = Notice(post="team_manager", subject="listed")


async def test_a_message_is_handed_over_under_its_reference_and_found_by_it() -> None:
    with notify_server() as server:
        notify = Notify(KEY, TEMPLATE, server.address)
        reference = await notify.send(OUTGOING)
        found = await notify.ask(OUTGOING)
    (taken,) = server.taken
    assert (taken["email_address"], taken["reference"]) == ("tm-1@example.org", "waymark-7-abc")
    assert taken["personalisation"] == {"subject": "HARP-1 is listed", "body": OUTGOING.message.body}
    assert found == Whereabouts(went_out=True, provider_reference=reference)


async def test_what_never_reached_notify_is_not_found_there() -> None:
    with notify_server() as server:
        assert await Notify(KEY, TEMPLATE, server.address).ask(OUTGOING) == Whereabouts(went_out=False)


@pytest.mark.parametrize(
    ("answer", "fault", "says"),
    [
        ((429, "RateLimitError"), NotSentYet, "does not take it now (429: RateLimitError for the address)"),
        ((400, "ValidationError"), CannotBeSent, "Notify refuses it: ValidationError for the address"),
        ((500, "Exception"), MayHaveGoneOut, "Notify failed (500)"),
        ((503, "Exception"), MayHaveGoneOut, "Notify failed (503)"),
        ((0, ""), MayHaveGoneOut, "Notify did not answer"),
    ],
)
async def test_each_answer_means_one_thing(answer: tuple[int, str], fault: type[Exception], says: str) -> None:
    with notify_server(answer) as server, pytest.raises(fault) as raised:
        await Notify(KEY, TEMPLATE, server.address).send(OUTGOING)
    assert says in str(raised.value)
    assert "tm-1" not in str(raised.value)


async def test_a_wrong_key_is_about_us_and_not_about_the_message() -> None:
    wrong = KEY[:-1] + "1"
    with notify_server() as server, pytest.raises(NotSentYet, match="403: Invalid token"):
        await Notify(wrong, TEMPLATE, server.address).send(OUTGOING)
    assert server.taken == []


async def test_a_template_that_notify_does_not_have_is_said_so() -> None:
    with notify_server() as server, pytest.raises(CannotBeSent, match="Template not found"):
        await Notify(KEY, "another", server.address).send(OUTGOING)


async def test_a_notify_that_is_away_says_nothing_about_what_it_has() -> None:
    away = Notify(KEY, TEMPLATE, f"http://127.0.0.1:{free_port()}")
    with pytest.raises(NotSentYet, match="does not say whether it went out"):
        await away.ask(OUTGOING)
    with pytest.raises(MayHaveGoneOut, match="did not answer"):
        await away.send(OUTGOING)


async def test_an_address_that_does_not_exist_is_known_once_somebody_asks() -> None:
    with notify_server() as server:
        notify = Notify(KEY, TEMPLATE, server.address)
        outgoing = replace(OUTGOING, address=SOMEBODY)
        await notify.send(outgoing)
        found = await notify.ask(outgoing)
    assert found is not None
    assert found.fault == "Notify could not deliver it (permanent-failure)"


def test_notify_never_shows_its_key() -> None:
    assert repr(Notify(KEY, TEMPLATE)) == "Notify(https://api.notifications.service.gov.uk)"


@pytest.mark.parametrize(
    "answers",
    [((500, "Exception"),), ((0, ""),), ((500, "Exception"), (500, "Exception")), ((429, "RateLimitError"),)],
    ids=["it failed", "it took it and did not answer", "nor did it say whether it went out", "too many"],
)
async def test_whatever_notify_does_a_notice_arrives_and_only_once(
    sqlite_engine: sql.Engine, answers: tuple[tuple[int, str], ...]
) -> None:
    clock = Clock()
    with notify_server(*answers) as server:
        sender = sending(sqlite_engine, Notify(KEY, TEMPLATE, server.address), clock)
        note(sqlite_engine, LISTED)
        for _ in range(4):
            await sender.round()
            clock.moves(max(FIRST_PAUSE, ASK_AGAIN))
    sent = the_only(all_of(sqlite_engine))
    assert (sent.state, sent.provider_reference, sent.fault) == ("sent", server.taken[0]["id"], None)
    assert len(server.taken) == 1


async def test_a_notify_that_is_away_for_days_is_asked_no_more_and_people_see_it(sqlite_engine: sql.Engine) -> None:
    clock = Clock()
    sender = sending(sqlite_engine, Notify(KEY, TEMPLATE, f"http://127.0.0.1:{free_port()}"), clock)
    note(sqlite_engine, LISTED)
    await sender.round()
    clock.moves(ASKED_FOR + timedelta(minutes=1))
    await sender.round()
    lost = the_only(all_of(sqlite_engine))
    assert (lost.state, lost.next_try_at) == ("unknown", None)
