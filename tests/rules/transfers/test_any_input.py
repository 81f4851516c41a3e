"""Whatever somebody sends is understood or refused in words: nothing breaks a transfer or a meeting."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pydantic import BaseModel, ValidationError

from models.case_transfer import RequestTransfer
from rules.transfers.kind import ACTS
from rules.units.kind import ACTS as MEETINGS

SHAPES: list[type[BaseModel]] = [
    RequestTransfer,
    *(act.rule.details for act in ACTS.values()),
    *(act.rule.details for act in MEETINGS.values()),
]
PLAIN = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.text(max_size=12)
    | some.sampled_from(["2031-03-03", "2031-03-03T10:00:00", "2031-13-01", "C-1"])
)
ANYTHING = some.recursive(
    PLAIN, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3)
)


def _names(shape: type[BaseModel]) -> list[str]:
    properties = list(shape.model_fields)
    extra = ["approved_by", "from", "to", "from_service", "from_unit", "case", "exams", "anything"]
    return [*properties, *extra]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=some.data())
def test_any_act_is_understood_or_refused(shape: type[BaseModel], data: some.DataObject) -> None:
    said = data.draw(some.dictionaries(some.sampled_from(_names(shape)), ANYTHING, max_size=4))
    try:
        shape.model_validate(said)
    except ValidationError:
        return
