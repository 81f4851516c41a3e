"""How soon services respond, by the band of a score."""

from datetime import timedelta
from typing import Any

import pytest

from models.deciding import Decider
from models.journey import JourneyState
from models.procedure import Council
from models.vocabulary import ClockState
from rules.authority import keeper
from rules.journeys.responding import RESPONSE, watch_response
from rules.journeys.views import next_acts
from rules.matters import Entitled
from tests.builders import CAROL, HILLINGDON, THURSDAY, at, council_with, journey, person, referral

C = "HIL-019"
BANDS: list[dict[str, Any]] = [
    {"key": "1", "at_least": 3, "elapsed_hours": 48, "cites": C},
    {"key": "2", "at_least": 2, "working_days": 5, "cites": C},
    {"key": "3", "at_least": 0, "cites": C},
]


def scored(points: int) -> JourneyState:
    criteria = [{"title": "Told", "points": points, "cites": "HIL-004"}]
    council = council_with(harp={"scoring": {"bands": BANDS, "cites": C}, "criteria": criteria})
    return journey(referral(criteria=["HIL-004"]), council=council)


def test_hours_are_elapsed_and_days_are_working_days() -> None:
    urgent, next_best, last = scored(3), scored(2), scored(1)
    for state in (urgent, next_best, last):
        watch_response(state, THURSDAY)
    assert urgent.clocks[RESPONSE].due == THURSDAY + timedelta(hours=48)
    assert next_best.clocks[RESPONSE].due == at("2031-03-13T17:00")
    assert RESPONSE not in last.clocks


def test_what_is_watched_already_goes_on() -> None:
    state = scored(3)
    watch_response(state, THURSDAY)
    watch_response(state, THURSDAY + timedelta(days=1))
    assert state.clocks[RESPONSE].due == THURSDAY + timedelta(hours=48)
    assert state.clocks[RESPONSE].state is ClockState.RUNNING


def test_a_forum_that_scores_nothing_watches_nothing() -> None:
    state = journey()
    watch_response(state, THURSDAY)
    assert RESPONSE not in state.clocks


def _kept_by(post: str) -> Council:
    return council_with(harp={"roles": {"administrator": post}})


@pytest.mark.parametrize(
    ("post", "keeps"), [("head_of_service", "head_of_service"), ("director", "panel_administrator")]
)
def test_the_administrator_keeps_the_agenda_where_that_post_may(post: str, keeps: str) -> None:
    assert keeper(_kept_by(post), "harp") == keeps
    assert keeper(HILLINGDON, "harp") == "panel_administrator"


def test_what_nobody_may_agree_to_is_offered_to_nobody() -> None:
    forum = HILLINGDON.model_dump()["forums"]["harp"]
    closed = {"cut_off": {**forum["cut_off"], "late": "nobody"}, "capacity": {**forum["capacity"], "beyond": "nobody"}}
    assert "agree_late" in next_acts(journey())
    assert not {"agree_late", "agree_extra"} & set(next_acts(journey(council=council_with(harp=closed))))


def test_a_higher_post_decides_only_where_the_procedure_says_so() -> None:
    team_manager = (Decider(post="team_manager"),)
    assert Entitled(team_manager, or_higher=True, cites=(C,)).fits(HILLINGDON, CAROL)
    assert not Entitled(team_manager, or_higher=False, cites=(C,)).fits(HILLINGDON, CAROL)
    assert not Entitled(team_manager, or_higher=True, cites=(C,)).fits(HILLINGDON, person("amira", "social_worker"))
