import asyncio
import gzip
import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from models.vocabulary import SittingStage, Stage
from runtime.workers import WORKFLOWS, sandbox

HERE = Path(__file__).parent
RECORDED = sorted(HERE.glob("*/*.json.gz"))
PASSING = {Stage.AWAITING_LISTING}
"""Stages that a process leaves by itself within the same moment: no history ends in them."""


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: f"{file.parent.name}-{file.name.removesuffix('.json.gz')}")
def test_a_case_under_way_is_carried_on_by_this_code(file: Path) -> None:
    events = json.loads(gzip.decompress(file.read_bytes()))
    replayer = Replayer(workflows=list(WORKFLOWS), data_converter=pydantic_data_converter, workflow_runner=sandbox())
    asyncio.run(replayer.replay_workflow(WorkflowHistory.from_json(file.name, events)))


def test_every_stage_of_every_process_has_a_history() -> None:
    recorded = {file.name.removesuffix(".json.gz") for file in RECORDED}
    wanted = {f"journey-{stage}" for stage in Stage if stage not in PASSING}
    wanted |= {f"sitting-{stage}" for stage in SittingStage}
    assert wanted - recorded == set()
