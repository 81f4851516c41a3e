import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner

from runtime.payloads import DATA_CONVERTER
from runtime.workers import WORKFLOWS, sandbox
from tests.histories.record import missing
from workflows.signals import OneMessageASignal

HERE = Path(__file__).parent
RECORDED = sorted(HERE.glob("*/*.json.gz"))


@pytest.mark.parametrize("run", [sandbox, UnsandboxedWorkflowRunner], ids=["sandboxed", "free"])
@pytest.mark.parametrize("file", RECORDED, ids=lambda file: f"{file.parent.name}-{file.name.removesuffix('.json.gz')}")
def test_a_case_under_way_is_carried_on_by_this_code(file: Path, run: Callable[[], WorkflowRunner]) -> None:
    events = json.loads(gzip.decompress(file.read_bytes()))
    replayer = Replayer(
        workflows=list(WORKFLOWS),
        data_converter=DATA_CONVERTER,
        workflow_runner=run(),
        interceptors=[OneMessageASignal()],
    )
    asyncio.run(replayer.replay_workflow(WorkflowHistory.from_json(file.name, events)))


@pytest.mark.parametrize("version", sorted({file.parent for file in RECORDED}), ids=lambda folder: folder.name)
def test_a_release_has_a_history_of_every_stage_of_every_process(version: Path) -> None:
    assert missing(version) == []
