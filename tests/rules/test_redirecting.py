"""A case is sent to a forum of which it carries no more than the name: that forum's procedure comes along."""

from typing import Any

from models.errors import RefusalCode
from models.procedure import Council
from models.snapshot import pack
from procedures.slices import slice_for
from tests.builders import HELEN, HILLINGDON, THURSDAY, do, journey, refused

OTHER = HILLINGDON.forums["harp"].model_copy(update={"key": "other", "title": "Another panel", "criteria": ()})
WHOLE: Council = HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "other": OTHER}})
HERE = slice_for(WHOLE, "harp")


def there(forum: str) -> dict[str, Any]:
    return {"forum": "other", "procedure": pack(slice_for(WHOLE, forum))}


def test_the_procedure_of_the_other_forum_comes_along_and_is_the_cases_from_then_on() -> None:
    state = journey(council=HERE)
    do(state, "redirect", HELEN, THURSDAY, **there("other"))
    assert state.forum_key == "other"
    assert state.procedure is slice_for(WHOLE, "other")
    assert state.forum.schedule is not None


def test_a_case_is_not_sent_where_it_has_no_procedure() -> None:
    without = refused(journey(council=HERE), "redirect", HELEN, THURSDAY, forum="other")
    with_another = refused(journey(council=HERE), "redirect", HELEN, THURSDAY, **there("high_cost_panel"))
    assert without.code is with_another.code is RefusalCode.ILLEGAL_MOVE
    assert "withdraw it and refer it there" in without.remedy


def test_within_its_slice_a_case_keeps_the_procedure_that_it_started_under() -> None:
    state = journey(council=HERE)
    sent = {"forum": "complex_harp", "procedure": pack(slice_for(WHOLE, "other"))}
    do(state, "redirect", HELEN, THURSDAY, **sent)
    assert state.forum_key == "complex_harp"
    assert state.procedure is HERE
