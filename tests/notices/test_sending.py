"""What becomes of a delivery: tried again, never twice, and every failure seen. On both kinds of database."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sql
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from activities.register import Register
from models.errors import ProcedureFault, Refused
from models.procedure import Council
from models.process import Entry, Notice
from notices.channels import CannotBeSent, MayHaveGoneOut, NotSentYet, Whereabouts
from notices.sending import ASK_AGAIN, FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, TAKEN_FOR, Sending, pause_after
from procedures.loader import load_council
from register import notices as kept
from register.fold import catch_up
from register.log import note_event
from register.reading.notices import DeliveryState, counts, deliveries, one
from register.working_tables import DELIVERY_MARK
from tests.notices.support import (
    CHILDREN_IN_NEED,
    JOURNEY,
    NOW,
    Carrier,
    Clock,
    all_of,
    directory,
    member,
    note,
    sending,
    the_only,
)

MANAGER = Notice(post="team_manager", subject="listed")
ADMINISTRATOR = Notice(post="panel_administrator", subject="listed")


async def rounds(sender: Sending, clock: Clock, count: int, pause: timedelta) -> None:
    for _ in range(count):
        await sender.round()
        clock.moves(pause)


async def test_what_is_due_goes_out_once_and_says_when(engine: sql.Engine) -> None:
    carrier, clock = Carrier(), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, 3, timedelta(minutes=30))
    sent = the_only(all_of(engine))
    assert [outgoing.address for outgoing in carrier.carried] == ["tm-1@example.org"]
    assert (sent.state, sent.sent_at, sent.attempts, sent.provider_reference) == ("sent", NOW, 1, "carried-1")


async def test_a_message_that_did_not_go_out_is_tried_again_after_ever_longer_pauses(engine: sql.Engine) -> None:
    carrier, clock = Carrier([NotSentYet("the server is away"), NotSentYet("the server is away")]), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await sender.round()
    waits = the_only(all_of(engine))
    assert (waits.state, waits.fault, waits.next_try_at) == ("waiting", "the server is away", NOW + FIRST_PAUSE)
    clock.moves(FIRST_PAUSE - timedelta(seconds=1))
    assert await sender.round() == []
    clock.moves(timedelta(seconds=1))
    await sender.round()
    assert the_only(all_of(engine)).next_try_at == NOW + FIRST_PAUSE + 2 * FIRST_PAUSE
    clock.moves(2 * FIRST_PAUSE)
    await sender.round()
    sent = the_only(all_of(engine))
    assert (sent.state, sent.fault, sent.attempts, len(carrier.carried)) == ("sent", None, 3, 1)


async def test_after_three_days_of_trying_people_have_to_look(engine: sql.Engine) -> None:
    carrier, clock = Carrier([NotSentYet("the server is away")] * (MOST_TRIES + 1)), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, MOST_TRIES + 3, LONGEST_PAUSE)
    given_up = the_only(all_of(engine))
    assert (given_up.state, given_up.fault) == ("failed", f"given up after {MOST_TRIES} tries: the server is away")


@given(tries=st.integers(min_value=1, max_value=10_000))
def test_a_pause_never_shrinks_and_never_outgrows_the_longest(tries: int) -> None:
    assert FIRST_PAUSE <= pause_after(tries) <= pause_after(tries + 1) <= LONGEST_PAUSE


def test_all_tries_together_take_about_three_days() -> None:
    whole = sum((pause_after(tries) for tries in range(1, MOST_TRIES)), timedelta())
    assert timedelta(days=2) < whole < timedelta(days=4)


async def test_what_is_refused_for_good_is_never_tried_again(engine: sql.Engine) -> None:
    carrier, clock = Carrier([CannotBeSent("the mail server refuses the address (550)")]), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, 3, timedelta(days=1))
    refused = the_only(all_of(engine))
    assert (refused.state, refused.attempts, carrier.carried) == ("failed", 1, [])


async def test_what_may_have_gone_out_is_never_sent_again_by_itself(engine: sql.Engine) -> None:
    carrier, clock = Carrier([MayHaveGoneOut("the connection broke")]), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, 5, timedelta(days=1))
    unknown = the_only(all_of(engine))
    assert (unknown.state, unknown.fault, carrier.carried) == ("unknown", "the connection broke", [])


async def test_a_fault_that_nobody_foresaw_does_not_send_a_message_twice(engine: sql.Engine) -> None:
    carrier, clock = Carrier([ZeroDivisionError()]), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, 3, timedelta(days=1))
    assert the_only(all_of(engine)).fault == "the carrier failed (ZeroDivisionError)"
    assert carrier.carried == []


@pytest.mark.parametrize(
    ("known", "state", "carried"),
    [
        (Whereabouts(went_out=True, provider_reference="n-1"), "sent", 0),
        (Whereabouts(went_out=False), "sent", 1),
        (Whereabouts(went_out=True, fault="Notify could not deliver it (permanent-failure)"), "failed", 0),
    ],
    ids=["it had gone out", "it had not", "it had and did not arrive"],
)
async def test_a_channel_that_knows_settles_what_is_unknown(
    engine: sql.Engine, known: Whereabouts, state: str, carried: int
) -> None:
    carrier, clock = Carrier([MayHaveGoneOut("no answer")], known=known), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await rounds(sender, clock, 2, FIRST_PAUSE)
    assert (the_only(all_of(engine)).state, len(carrier.carried)) == (state, carried)


async def test_a_worker_that_died_while_sending_leaves_what_nobody_sends_again(engine: sql.Engine) -> None:
    carrier, clock = Carrier(), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    sender.give()
    assert kept.take(engine, "carrier", NOW) is not None  # and here it dies
    clock.moves(TAKEN_FOR)
    await sender.round()
    assert the_only(all_of(engine)).state == "sending"  # it may only be slow
    clock.moves(timedelta(seconds=1))
    await rounds(sender, clock, 3, timedelta(days=1))
    lost = the_only(all_of(engine))
    assert (lost.state, carrier.carried) == ("unknown", [])
    assert lost.fault == "whoever sent it died before they knew whether it had gone out"


async def test_several_workers_at_once_send_everything_and_nothing_twice(engine: sql.Engine) -> None:
    carrier = Carrier()
    senders = [sending(engine, carrier) for _ in range(4)]
    for number in range(12):
        note(engine, MANAGER, ADMINISTRATOR, process_id=f"journey/hillingdon/HARP-{number}")
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, sender.round()) for sender in senders))
    while any(one.state is not DeliveryState.SENT for one in all_of(engine)):
        await senders[0].round()
    numbers = [outgoing.number for outgoing in carrier.carried]
    assert len(numbers) == 24
    assert len(set(numbers)) == 24
    assert len({outgoing.reference for outgoing in carrier.carried}) == 24


async def test_a_person_without_an_address_is_a_failure_that_is_shown(engine: sql.Engine) -> None:
    people = directory(member("tm-1", "team_manager", CHILDREN_IN_NEED, email=False))
    sender = sending(engine, Carrier(), people=lambda: people)
    note(engine, MANAGER)
    await sender.round()
    assert the_only(all_of(engine)).fault == "the staff directory has no address for them"
    assert counts(engine) == {"failed": 1}


async def test_what_was_noted_before_the_first_start_is_not_sent(engine: sql.Engine) -> None:
    note(engine, MANAGER)
    kept.begin(engine, datetime.now(UTC) + timedelta(seconds=1))
    carrier = Carrier()
    sender = sending(engine, carrier)  # begins again, which changes nothing
    await sender.round()
    note(engine, ADMINISTRATOR)
    await sender.round()
    assert [outgoing.staff for outgoing in carrier.carried] == ["admin-1"]


async def test_what_was_noted_while_nothing_was_sent_is_not_sent_later(engine: sql.Engine) -> None:
    carrier = Carrier()
    sender = sending(engine, carrier)
    note(engine, MANAGER)
    kept.pass_over(engine)
    note(engine, ADMINISTRATOR)
    await sender.round()
    assert [outgoing.staff for outgoing in carrier.carried] == ["admin-1"]


async def test_where_nothing_was_ever_sent_passing_over_marks_nothing(engine: sql.Engine) -> None:
    note(engine, MANAGER)
    kept.pass_over(engine)
    with engine.connect() as connection:
        assert connection.scalar(sql.select(DELIVERY_MARK.c.position)) is None


async def test_nobody_is_told_before_the_read_models_know_of_the_case(engine: sql.Engine) -> None:
    sender = sending(engine, carrier := Carrier())
    note_event(engine, process_id=JOURNEY, what="noted", staff="waymark", post="waymark", at=NOW, notices=[MANAGER])
    await sender.round()
    assert carrier.carried == []
    note(engine, ADMINISTRATOR)  # folds both
    await sender.round()
    assert [outgoing.staff for outgoing in carrier.carried] == ["tm-1", "admin-1"]


@pytest.mark.parametrize("given_between", [True, False], ids=["told already", "told together"])
async def test_what_was_done_again_since_a_worker_died_is_told_once_and_what_slipped_in_is_told_too(
    engine: sql.Engine, *, given_between: bool
) -> None:
    def entry(sequence: int, what: str, notice: Notice, seconds: int = 0) -> Entry:
        return Entry(
            process_id=JOURNEY,
            sequence=sequence,
            at=NOW + timedelta(seconds=seconds),
            what=what,
            staff="sw-1",
            post="social_worker",
            procedure_version="1",
            notices=(notice,),
        )

    sender = sending(engine, carrier := Carrier())
    register = Register(engine)
    register.write([entry(1, "sign_off", MANAGER)])
    if given_between:
        catch_up(engine)
        await sender.round()
    register.write([entry(1, "escalate", ADMINISTRATOR, 1), entry(2, "sign_off", MANAGER, 2)])
    catch_up(engine)
    await sender.round()
    assert sorted(outgoing.staff for outgoing in carrier.carried if outgoing.staff != "tm-9") == ["admin-1", "tm-1"]
    assert len(deliveries(engine, states=[DeliveryState.JOINED])) == 1


async def test_a_long_stretch_of_the_log_is_given_in_parts(engine: sql.Engine) -> None:
    sender = sending(engine, Carrier())
    for number in range(5):
        note(engine, MANAGER, process_id=f"journey/hillingdon/HARP-{number}")
    first = kept.next_noted(engine, window=2)
    assert first is not None
    assert ([n.process_id for n in first.notices], first.upto) == (
        ["journey/hillingdon/HARP-0", "journey/hillingdon/HARP-1"],
        2,
    )
    assert sender.give() == 5
    assert kept.next_noted(engine) is None


async def test_a_person_sends_what_failed_again_and_its_tries_count_anew(engine: sql.Engine) -> None:
    carrier, clock = Carrier([CannotBeSent("refused")]), Clock()
    sender = sending(engine, carrier, clock)
    note(engine, MANAGER)
    await sender.round()
    sender.retry(the_only(all_of(engine)))
    await sender.round()
    again = the_only(all_of(engine))
    assert (again.state, again.attempts, len(carrier.carried)) == ("sent", 1, 1)


async def test_what_was_sent_is_not_sent_again_for_anybody(engine: sql.Engine) -> None:
    sender = sending(engine, Carrier())
    note(engine, MANAGER)
    await sender.round()
    with pytest.raises(Refused, match="is sent: it is not sent twice"):
        sender.retry(the_only(all_of(engine)))


async def test_a_post_that_somebody_holds_now_is_told_when_a_person_asks(engine: sql.Engine) -> None:
    people = directory()
    carrier = Carrier()
    sender = sending(engine, carrier, people=lambda: people)
    note(engine, Notice(post="director", subject="listed"))
    await sender.round()
    with pytest.raises(Refused, match="nobody holds the post director"):
        sender.retry(all_of(engine)[0])
    people = directory(member("dir-1", "director"))
    sender.retry(all_of(engine)[0])
    await sender.round()
    assert [(d.recipient, d.state) for d in all_of(engine)] == [("", "joined"), ("dir-1", "sent")]


async def test_what_a_round_knew_while_the_register_was_away_is_not_lost(sqlite_engine: sql.Engine) -> None:
    carrier, away = Carrier(), [True]
    sender = sending(sqlite_engine, carrier)
    note(sqlite_engine, MANAGER)

    @sql.event.listens_for(sqlite_engine, "before_cursor_execute")
    def fails(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if away[0] and carrier.carried and statement.startswith("UPDATE delivery "):
            raise OperationalError(statement, None, Exception("away"))

    with pytest.raises(OperationalError):
        await sender.round()
    away[0] = False
    await sender.round()
    assert (the_only(all_of(sqlite_engine)).state, len(carrier.carried)) == ("sent", 1)


async def test_a_message_that_cannot_be_worded_waits_and_was_not_sent(sqlite_engine: sql.Engine) -> None:
    carrier = Carrier()
    sender = sending(sqlite_engine, carrier)
    note(sqlite_engine, Notice(post="team_manager", staff="tm-1", subject="listed"), process_id="journey/atlantis/A-1")
    await sender.round()
    assert the_only(all_of(sqlite_engine)).fault == "it could not be worded (ProcedureFault)"
    assert carrier.carried == []


async def test_what_is_unknown_and_cannot_be_worded_now_is_asked_about_later_and_keeps_nobody_waiting(
    sqlite_engine: sql.Engine,
) -> None:
    carrier, clock, faulty = Carrier([MayHaveGoneOut("no answer")]), Clock(), [False]
    carrier.known = Whereabouts(went_out=True, provider_reference="n-1")

    def council(key: str) -> Council:
        if faulty[0] and key == "hackney":
            raise ProcedureFault(["the file is gone"])
        return load_council(key)

    sender = sending(sqlite_engine, carrier, clock, council=council)
    note(sqlite_engine, Notice(post="team_manager", staff="tm-1", subject="listed"), process_id="journey/hackney/H-1")
    await sender.round()
    note(sqlite_engine, MANAGER)
    faulty[0] = True
    await rounds(sender, clock, 2, FIRST_PAUSE)

    unknown, other = all_of(sqlite_engine)
    assert (unknown.state, unknown.fault) == ("unknown", "it could not be worded (ProcedureFault)")
    assert unknown.next_try_at is not None
    assert (other.state, len(carrier.carried)) == ("sent", 1)
    faulty[0] = False
    clock.moves(ASK_AGAIN)
    await sender.round()
    assert all_of(sqlite_engine)[0].state == "sent"


async def test_a_channel_that_fails_when_it_is_asked_is_asked_later_and_keeps_nobody_waiting(
    sqlite_engine: sql.Engine,
) -> None:
    carrier, clock = Carrier([MayHaveGoneOut("no answer")], ask_fault=ZeroDivisionError()), Clock()
    sender = sending(sqlite_engine, carrier, clock)
    note(sqlite_engine, MANAGER)
    await rounds(sender, clock, 1, FIRST_PAUSE)
    note(sqlite_engine, ADMINISTRATOR)
    await sender.round()
    unknown, other = all_of(sqlite_engine)
    assert (unknown.state, unknown.fault) == ("unknown", "the carrier could not be asked (ZeroDivisionError)")
    assert unknown.next_try_at == clock() + ASK_AGAIN
    assert (other.state, len(carrier.carried)) == ("sent", 1)


def test_a_list_is_narrowed_by_state_person_and_process(engine: sql.Engine) -> None:
    sender = sending(engine, Carrier())
    note(engine, MANAGER, ADMINISTRATOR)
    note(engine, Notice(post="director", subject="listed"), process_id="journey/hillingdon/HARP-2")
    sender.give()
    assert [d.recipient for d in deliveries(engine, states=[DeliveryState.FAILED])] == [""]
    assert [d.recipient for d in deliveries(engine, recipient="admin-1")] == ["admin-1"]
    assert [d.recipient for d in deliveries(engine, process_id=JOURNEY)] == ["admin-1", "tm-1"]
    assert [d.id for d in deliveries(engine, limit=1)] == [max(d.id for d in all_of(engine))]
    assert one(engine, 10_000) is None
    assert counts(engine) == {"waiting": 2, "failed": 1}
