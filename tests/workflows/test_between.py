"""What processes do to each other, on a real server: begin once, tell, and put on record what nobody took."""

import asyncio
import dataclasses
import json
import random
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from sqlalchemy.exc import OperationalError
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment

from activities.messages import Messages
from activities.register import Register, open_register
from models.errors import RefusalCode, Refused
from models.identifiers import journey_id
from models.people import Actor
from models.procedure import WorkingCalendar
from models.process import Delivery, Entry, NotStarted, Starting, Word
from models.referral import Referral
from models.views import JourneyView
from models.watch import WatchStart, WatchView
from procedures.calendars import working_calendar
from procedures.loader import load_council
from procedures.slices import slice_for_watch
from register.tables import ANNOUNCED
from runtime.gateway import Gateway
from runtime.search_attributes import register_search_attributes
from tests.builders import journey
from tests.workflows.support import FORM, Running, running
from tests.workflows.test_kill import PATIENCE_SECONDS, connected, processes, start_again
from workflows.child_journey import ChildJourney
from workflows.errands import Errands
from workflows.watches import KINDS

RAPID_RESPONSE = FORM.parents[1] / "rehearsals" / "hackney" / "forms" / "rapid-response.json"
APPROVE = {"decision": "approve", "rationale": "In the child's interest."}
CASES = 6
ROUNDS = 4


def somebody(post: str) -> Actor:
    return Actor(staff=post, post=post, council="hackney", unit="children in need")


WORKER, MANAGER = somebody("social_worker"), somebody("rapid_response_manager")


def form(reference: str, **changes: Any) -> Referral:  # noqa: ANN401 - a form's fields
    whole = json.loads(RAPID_RESPONSE.read_text(encoding="utf-8"))
    return Referral.model_validate({**whole, "referral_ref": reference, **changes})


async def refer(run: Running, reference: str, **changes: Any) -> str:  # noqa: ANN401 - a form's fields
    return (await run.gateway.refer(form(reference, **changes), WORKER, datetime.now(UTC)))[0]


async def package(run: Running, process: str) -> WatchView:
    while True:
        try:
            view = await run.gateway.view(process)
        except Refused:
            continue
        assert isinstance(view, WatchView)
        return view


def whats(run: Running, process: str) -> list[str]:
    return [entry.what for entry in run.register.events(process)]


async def written(run: Running, process: str, what: str) -> None:
    """Wait until the register has something of a process."""
    while what not in whats(run, process):
        await run.gateway.view(process)


async def test_a_decision_begins_its_package_once_and_the_journey_ends_after_it(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await refer(run, "R-1")
        await asyncio.gather(*(run.act(process, "decide_as_post", MANAGER, APPROVE, "same") for _ in range(5)))
        await run.client.get_workflow_handle(process).result()
        assert (await run.journey(process)).begun == ["package/hackney/R-1.package"]
        begun = await package(run, "package/hackney/R-1.package")
        assert (begun.open, begun.came_from, begun.child_ref) == (True, process, "H-7910")
        assert whats(run, process).count("begun") == 1
        assert whats(run, begun.process).count("allocate") == 1
        assert "not_taken" not in whats(run, process)


async def test_what_a_closed_process_is_told_is_on_the_senders_record_once(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        process = await refer(run, "R-1")
        await run.act(process, "decide_as_post", MANAGER, APPROVE)
        first = await package(run, "package/hackney/R-1.package")
        await run.act(first.process, "end_package", MANAGER, {"reasons": "The family manages."})
        await run.client.get_workflow_handle(first.process).result()

        other = await refer(run, "R-2", came_from=first.process, forum="rapid_response")
        await run.at_rest(other)
        await run.act(other, "withdraw", WORKER, {})
        await run.client.get_workflow_handle(other).result()
        view = await run.journey(other)
        lost = [event for event in view.recent if event.what == "not_taken"]
        assert {event.note for event in lost} == {first.process}
        assert len(lost) == 2  # that it was referred, and that it is withdrawn
        assert whats(run, other).count("not_taken") == 2


async def test_no_care_episode_is_no_fault_and_a_watch_that_never_was_is_told_of(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        plain = await refer(run, "R-1")
        await run.at_rest(plain)
        assert "not_taken" not in whats(run, plain)
        named = await refer(run, "R-2", came_from="package/hackney/NEVER")
        await run.at_rest(named)
        await written(run, named, "not_taken")
        assert (await run.at_rest(named)).recent[-1].note == "package/hackney/NEVER"


def messages(run: Running) -> Messages:
    return Messages(run.client, run.settings.task_queue, load_council, working_calendar, KINDS, run.register)


async def started(sent: Messages, *starting: Starting) -> list[NotStarted]:
    here = ActivityEnvironment()
    here.info = dataclasses.replace(here.info, scheduled_time=datetime.now(UTC))
    refused: list[NotStarted] = await here.run(sent.start, "journey/hackney/R-0", starting)
    return refused


async def test_what_cannot_begin_is_told_and_what_can_begins_once_however_often_it_is_asked(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        sent = messages(run)
        good = Starting(
            kind="support_package",
            council="hackney",
            reference="P-1",
            by=WORKER,
            details={"child": {"reference": "C-1"}, "services": ["rapid_response"]},
        )
        bad = good.model_copy(update={"reference": "P-2", "details": {"priority": "9"}})
        formless = Starting(kind="journey", council="hackney", reference="R-9", by=WORKER)
        again = Starting(kind="journey", council="hackney", reference="R-8", by=WORKER, form=form("R-8"))
        for _ in range(2):
            refused = await started(sent, good, bad, formless, again)
            assert [(one.process_id, one.code) for one in refused] == [
                ("package/hackney/P-2", RefusalCode.INVALID),
                (journey_id("hackney", "R-9"), RefusalCode.INCOMPLETE),
            ]
        assert (await package(run, "package/hackney/P-1")).open
        assert (await run.at_rest("journey/hackney/R-8")).came_from == "journey/hackney/R-0"
        assert whats(run, "package/hackney/P-1").count("allocate") == 1


def a_package(reference: str, child: str = "C-1") -> Starting:
    details = {"child": {"reference": child}, "services": ["rapid_response"]}
    return Starting(kind="support_package", council="hackney", reference=reference, by=WORKER, details=details)


async def test_a_start_that_is_not_in_order_does_not_hold_up_the_others(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        bad_reference = a_package("P-1").model_copy(update={"form": form("R-8"), "kind": "journey", "council": "no"})
        elsewhere = a_package("P-2").model_copy(update={"council": "nowhere"})
        refused = await started(messages(run), bad_reference, elsewhere, a_package("P-3"))
        assert [one.process_id for one in refused] == ["journey/no/P-1", "package/nowhere/P-2"]
        assert all(one.sentence for one in refused)
        assert (await package(run, "package/hackney/P-3")).open


def broken(_key: str, _year: int) -> WorkingCalendar:
    return WorkingCalendar.model_validate({"first_year": "never"})


def at_odds(_key: str, _year: int) -> WorkingCalendar:
    raise ValueError("the family's words")


async def test_why_a_start_is_not_in_order_is_said_without_what_was_in_it(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        queue = run.settings.task_queue
        for calendar in (broken, at_odds):
            sent = Messages(run.client, queue, load_council, calendar, KINDS, run.register)
            (refused,) = await started(sent, a_package("P-1"))
            assert refused.code in (RefusalCode.INVALID, RefusalCode.INCOMPLETE)
            assert "family" not in refused.sentence
            assert "never" not in refused.sentence


async def test_a_reference_that_something_else_has_is_not_silently_taken_for_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        by_hand = {"child": {"reference": "C-1"}, "services": ["rapid_response"], "package_ref": "P-1"}
        await run.gateway.start("support_package", by_hand, MANAGER, datetime.now(UTC))
        await refer(run, "R-8")
        journey = Starting(kind="journey", council="hackney", reference="R-8", by=WORKER, form=form("R-8"))
        sent = messages(run)
        assert await started(sent, a_package("P-2")) == []
        refused = await started(sent, a_package("P-1"), a_package("P-2", "C-2"), a_package("P-2"), journey)
        assert [(one.process_id, one.sentence.rpartition(", ")[2]) for one in refused] == [
            ("package/hackney/P-1", "by something that began by hand."),
            ("package/hackney/P-2", "by something about another child."),
            ("journey/hackney/R-8", "by something that began by hand."),
        ]


async def test_the_open_episode_of_the_child_is_the_same_whoever_opened_it(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        child = {"child": {"reference": "C-9", "date_of_birth": "2020-06-30"}}
        worker = WORKER.model_copy(update={"council": "hillingdon"})
        process, _ = await run.gateway.start("care_episode", child, worker, datetime.now(UTC))
        again = Starting(kind="care_episode", council="hillingdon", reference="C-9", by=worker, details=child)
        assert await started(messages(run), again) == []
        await run.act(process, "close_episode", worker, {"reasons": "The family has moved away."})
        await run.client.get_workflow_handle(process).result()
        (refused,) = await started(messages(run), again)
        assert refused.sentence.endswith("by something that began by hand.")


async def test_what_refused_itself_may_begin_again_and_what_was_broken_off_may_not(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        sent = messages(run)
        good = a_package("P-1")
        watch = WatchStart(
            kind="support_package",
            council="hackney",
            reference="P-1",
            actor=WORKER,
            details={"priority": "9"},
            procedure=slice_for_watch(load_council("hackney"), "support_package"),
            calendar=working_calendar("hackney", 2026),
        )
        handle = await run.client.start_workflow(
            "SupportPackage", watch, id=watch.process_id, task_queue=run.settings.task_queue
        )
        with suppress(WorkflowFailureError):
            await handle.result()
        assert await started(sent, good) == []
        view = await package(run, watch.process_id)
        assert (view.open, view.came_from) == (True, "journey/hackney/R-0")
        await run.client.get_workflow_handle(watch.process_id).terminate()
        (refused,) = await started(sent, good)
        assert refused.sentence.endswith("by something that was broken off.")


def long_ago(process_id: str, what: str) -> Entry:
    return Entry(
        process_id=process_id,
        sequence=1,
        at=datetime(2020, 3, 2, tzinfo=UTC),
        what=what,
        staff="social_worker",
        post="social_worker",
        procedure_version="1",
    )


async def test_the_reference_of_what_is_long_closed_is_not_taken_again(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        run.register.write([long_ago("package/hackney/P-1", "allocate")])
        (refused,) = await started(messages(run), a_package("P-1"))
        assert refused.sentence == "package/hackney/P-1 is already taken, by something that is long closed."
        details = {"child": {"reference": "C-1"}, "services": ["rapid_response"], "package_ref": "P-1"}
        with pytest.raises(Refused) as caught:
            await run.gateway.start("support_package", details, MANAGER, datetime.now(UTC))
        assert caught.value.code is RefusalCode.INVALID
        assert "a reference of its own" in caught.value.remedy


async def test_a_word_arrives_once_however_often_it_is_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        sent = messages(run)
        process = await refer(run, "R-1")
        await run.act(process, "decide_as_post", MANAGER, APPROVE)
        begun = await package(run, "package/hackney/R-1.package")
        word = Word(message_id="m-1", what="heard", sender=process, by=WORKER, facts={"forum": "jarp"})
        nobody = Delivery(to="episode/hackney/NONE", word=word, optional=True)
        for _ in range(3):
            assert await sent.deliver([Delivery(to=begun.process, word=word), nobody]) == ([], [])
        await written(run, begun.process, "told_heard")
        view = await package(run, begun.process)
        assert view.facts["panel.jarp.stage"] == "heard"
        assert sum(event.what == "told_heard" for event in view.recent) == 1
        lost = await sent.deliver([Delivery(to="package/hackney/NONE", word=word), nobody])
        assert lost == (["package/hackney/NONE"], [])


async def test_a_care_episode_hears_what_happens_from_the_moment_it_was_asked_to_start(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        sent, episode = messages(run), "episode/hackney/C-9"
        handle = await run.client.start_workflow("CareEpisode", id=episode, task_queue="nobody listens here")
        word = Word(message_id="m-1", what="heard", sender="journey/hackney/R-1", by=WORKER, facts={"forum": "jarp"})
        heard = Delivery(to=episode, word=word, optional=True)

        assert await sent.deliver([heard]) == ([], [])
        assert await signals(handle) == 0  # nobody announced it: the server was not asked

        for _ in range(2):
            await run.register.announce(episode)
        assert await sent.deliver([heard]) == ([], [])
        assert await signals(handle) == 1

        await run.register.announce("episode/hackney/C-10")
        assert await sent.deliver([heard.model_copy(update={"to": "episode/hackney/C-10"})]) == ([], [])


async def signals(handle: WorkflowHandle[Any, Any]) -> int:
    history = await handle.fetch_history()
    return sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)


async def test_whatever_starts_a_care_episode_announces_it(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        worker = WORKER.model_copy(update={"council": "hillingdon"})
        first, other = [{"child": {"reference": name, "date_of_birth": "2020-06-30"}} for name in ("C-1", "C-2")]
        by_hand, _ = await run.gateway.start("care_episode", first, worker, datetime.now(UTC))
        asked = Starting(kind="care_episode", council="hillingdon", reference="C-2", by=worker, details=other)
        assert await started(messages(run), asked) == []

        with run.register.engine.connect() as connection:
            assert set(connection.scalars(sql.select(ANNOUNCED.c.process_id))) == {by_hand, "episode/hillingdon/C-2"}


async def test_what_cannot_be_sent_now_holds_up_only_what_else_is_for_the_same_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as run:
        sent, process = messages(run), await refer(run, "R-1")
        await run.act(process, "decide_as_post", MANAGER, APPROVE)
        begun = (await package(run, "package/hackney/R-1.package")).process
        words = [Word(message_id=f"m-{number}", what="heard", sender=process, by=WORKER) for number in range(2)]
        never, here = [[Delivery(to=to, word=word) for word in words] for to in ("package/hackney/NONE", begun)]

        async def away(_: str) -> bool:
            raise OperationalError("", None, ConnectionError())

        monkeypatch.setattr(run.register, "knows", away)
        assert await sent.deliver([never[0], here[0], never[1], here[1]]) == ([], [0, 2])
        with pytest.raises(OperationalError):
            await sent.deliver(never)
        monkeypatch.setattr(run.register, "expects", away)
        with pytest.raises(OperationalError):  # nor does the register say whether to expect an episode
            await sent.deliver([Delivery(to="episode/hackney/NONE", word=words[0], optional=True)])
        monkeypatch.undo()

        assert await sent.deliver([never[0], here[0], never[1], here[1]]) == (["package/hackney/NONE"], [])
        while whats(run, begun).count("told_heard") < len(words):
            await run.gateway.view(begun)
        assert whats(run, begun).count("told_heard") == len(words)


def test_what_is_for_a_process_that_is_yet_to_start_waits_until_it_has() -> None:
    process = ChildJourney(journey())
    word = Word(message_id="m-1", what="heard", sender=process.state.process_id, by=WORKER)
    later, now = Delivery(to="package/hackney/P-1", word=word), Delivery(to="package/hackney/P-2", word=word)
    process.state.starting = [a_package("P-1")]
    process.state.undelivered = [later, now, later]
    process.state.unrecorded = []
    errands = Errands(process)
    assert errands.deliverable() == [now]
    assert errands.stir()
    process.state.undelivered = [later]
    assert errands.deliverable() == []
    process.state.starting = []
    assert errands.deliverable() == [later]


async def until_done(gateway: Gateway, process: str) -> None:
    """Send the decision until it is acknowledged, whoever is killed meanwhile."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with asyncio.timeout(2):
                    await gateway.act(process, "decide_as_post", MANAGER, APPROVE, f"{process}-decision")
                    return
            except (TimeoutError, RPCError):
                continue
            except Refused:
                return  # it was done, and the journey is over by now


async def test_kills_of_worker_and_server_begin_nothing_twice_and_lose_nothing(tmp_path: Path) -> None:
    chance = random.Random(20310304)  # noqa: S311 - moments, not secrets
    with processes(tmp_path) as running_now:
        running_now.start_server()
        client = await connected(running_now.settings)
        await register_search_attributes(client)
        running_now.start_worker()
        engine = open_register(running_now.settings.register_url)
        register = Register(engine)
        gateway = Gateway(client, "waymark", register, load_council, working_calendar, lambda _: {})
        journeys = [(await gateway.refer(form(f"K-{number}"), WORKER, datetime.now(UTC)))[0] for number in range(CASES)]
        deciding = [asyncio.create_task(until_done(gateway, process)) for process in journeys]
        for round_number in range(ROUNDS):
            await asyncio.sleep(chance.random())
            name = ("worker", "server")[round_number % 2]
            running_now.kill(name)
            await start_again(running_now, name)
        await asyncio.gather(*deciding)

        for process in journeys:
            await client.get_workflow_handle(process).result()
            view = await gateway.view(process)
            assert isinstance(view, JourneyView)
            (begun,) = view.begun
            watch = await gateway.rested(begun, PATIENCE_SECONDS)
            assert watch.open
            for one in (process, begun):
                entries = [entry for entry in register.events(one) if entry.accepted]
                assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
            assert sum(entry.what == "begun" for entry in register.events(process)) == 1
            assert sum(entry.what == "allocate" for entry in register.events(begun)) == 1
        found = [one async for one in client.list_workflows("WorkflowType = 'SupportPackage'")]
        assert len(found) == CASES
        engine.dispose()
