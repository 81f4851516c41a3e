"""How a process stands, as plain data, and how one standing becomes the next."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.views import ProcessView
from models.vocabulary import SittingStage, Stage
from rules.journeys import views as journeys
from rules.sittings import views as sittings
from rules.standing import merged, patch_between, standing_of
from tests.builders import at, journey_at, sitting_at

KEYS = st.sampled_from("abcd")
PLAIN = st.one_of(st.integers(0, 3), st.text("xy", max_size=2))
VALUES: st.SearchStrategy[Any] = st.recursive(
    PLAIN | st.lists(PLAIN | st.none(), max_size=2),
    lambda inside: st.dictionaries(KEYS, inside, max_size=3),
    max_leaves=12,
)
STANDINGS = st.dictionaries(KEYS, VALUES, max_size=4).map(lambda found: {**found, "process": "journey/x/R-1"})
LATER = at("2031-04-01 10:00")


def journey_view(stage: Stage) -> ProcessView:
    placed = journey_at(stage)
    return journeys.view(placed.journey, placed.now)


@given(before=STANDINGS | st.just({}), after=STANDINGS)
def test_a_patch_makes_the_standing_before_it_the_one_after_it(before: dict[str, Any], after: dict[str, Any]) -> None:
    kept = json.loads(json.dumps(before))
    assert merged(before, json.loads(json.dumps(patch_between(before, after)))) == after
    assert before == kept


@given(standing=STANDINGS)
def test_nothing_is_said_when_nothing_changed(standing: dict[str, Any]) -> None:
    assert patch_between(standing, standing) == {}


@given(before=STANDINGS, after=STANDINGS)
def test_a_whole_standing_forgets_what_was_before(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert merged(before, patch_between({}, after)) == after


@pytest.mark.parametrize("stage", list(Stage))
def test_a_journey_of_every_stage_has_a_standing_without_empty_values(stage: Stage) -> None:
    standing = standing_of(journey_view(stage))
    assert standing["stage"] == stage
    assert not {"recent", "next_acts", "prompts", "settled"} & set(standing)
    assert all("climbed" not in clock for clock in standing["clocks"].values())
    assert "null" not in json.dumps(standing)


def test_actions_and_decisions_are_found_by_their_names() -> None:
    standing = standing_of(journey_view(Stage.ACTIONS_OPEN))
    assert standing["actions"]["A1"]["state"] == "open"
    assert standing["decisions"]["1"]["decided"]["decision"] == "approved"


@pytest.mark.parametrize("stage", list(SittingStage))
def test_agenda_lines_are_found_by_their_referral_and_keep_their_order(stage: SittingStage) -> None:
    state, now = sitting_at(stage)
    view = sittings.view(state, now)
    agenda = standing_of(view)["agenda"]
    in_order = sorted(agenda, key=lambda reference: int(agenda[reference]["number"]))
    assert in_order == [line.referral_ref for line in view.agenda]


def test_one_clock_that_changes_is_all_that_a_patch_says() -> None:
    view = journey_view(Stage.ACTIONS_OPEN)
    name, clock = next(iter(view.clocks.items()))
    moved = view.model_copy(update={"clocks": {**view.clocks, name: clock.model_copy(update={"due": LATER})}})
    assert patch_between(standing_of(view), standing_of(moved)) == {"clocks": {name: {"due": "2031-04-01T09:00:00Z"}}}


def test_what_a_watch_no_longer_knows_is_left_out_at_any_depth() -> None:
    class Free(ProcessView):
        facts: dict[str, Any]

    view = journey_view(Stage.LISTED)
    shown = {name: getattr(view, name) for name in ProcessView.model_fields}
    known = Free(**shown, facts={"a": None, "b": {"c": None, "d": 1}, "e": [None]})
    assert standing_of(known)["facts"] == {"b": {"d": 1}, "e": [None]}
