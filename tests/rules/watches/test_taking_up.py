"""In every stage in which a process may be open, somebody can take up its escalation and answer what it proposes."""

from typing import Any

import pytest

from rules.moves import DO_NOT_MOVE
from rules.watches.kinds import Kind
from workflows.watches import KINDS

OVER = {
    "care_episode": {"closed"},
    "placement": {"ended"},
    "support_package": {"ended"},
    "forum_duty": {"done", "skipped"},
    "case_transfer": {"stayed", "returned", "withdrawn"},
    "unit_meeting": {"closed"},
}
"""The stages in which nothing of a process is open, whatever else it knows."""


def _staying(kind: Kind[Any], stage: Any) -> set[str]:  # noqa: ANN401 - a stage of any kind
    return {move.trigger for move in kind.moves.table if stage in move.sources and move.to == DO_NOT_MOVE}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: str(kind.kind))
def test_an_escalation_can_be_taken_up_and_a_proposal_answered_while_it_is_open(kind: Kind[Any]) -> None:
    stages = {str(one): one for one in kind.moves.stages}
    assert OVER[kind.kind] < set(stages)
    for name in set(stages) - OVER[kind.kind]:
        assert {"acknowledge_escalation", "answer_proposal"} <= _staying(kind, stages[name]), name
