from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import RefusalCode
from models.intake import DirectRoute, Scoring
from models.journey import JourneyState
from models.procedure import Council, Forum
from models.vocabulary import Stage
from rules.form import known_form
from rules.journeys.knowing import band as band_of
from rules.journeys.knowing import points, rank
from rules.journeys.listing import papers_of
from rules.journeys.views import view
from rules.scoring import band, counted, require_threshold, score
from tests.builders import HELEN, HILLINGDON, THURSDAY, at, journey, referral, refusal_of, refused

TODAY = date(2031, 3, 6)
POINTS = {
    "HAC-391": 3,
    "HAC-392": 3,
    "HAC-393": 3,
    "HAC-394": 3,
    "HAC-395": 3,
    "HAC-396": 3,
    "HAC-397": 3,
    "HAC-398": 2,
    "HAC-399": 2,
    "HAC-400": 3,
    "HAC-401": 2,
    "HAC-402": 2,
    "HAC-403": 2,
    "HAC-404": 2,
    "HAC-405": 2,
    "HAC-406": 2,
    "HAC-407": 2,
    "HAC-408": 2,
    "HAC-409": 2,
    "HAC-410": 1,
}
"""The twenty criteria of a joint allocation panel, with their points."""
DATED = {
    "HAC-392": "circumstances.looked_after_since",
    "HAC-400": "circumstances.child_protection_plan_since",
}
SCORING = Scoring.model_validate(
    {
        "on_carry_over": 2,
        "counts_as": "HAC-402",
        "not_together": [["HAC-396", "HAC-406"], ["HAC-404", "HAC-409"]],
        "bands": [
            {"key": "1", "at_least": 11, "elapsed_hours": 48, "cites": "HAC-388"},
            {"key": "2", "at_least": 7, "working_days": 5, "cites": "HAC-389"},
            {"key": "3", "at_least": 0, "working_days": 10, "flag_at_zero": True, "cites": "HAC-390"},
        ],
        "cites": "HAC-387",
    }
)
DIRECT = DirectRoute.model_validate(
    {
        "any_of": [[{"path": "circumstances.legal_status", "equals": "L1"}]],
        "services": ["contact_service"],
        "band": "1",
        "sentence": "Only the exceptions go straight to a service.",
        "remedy": "Have it scored.",
        "cites": "HAC-411",
    }
)


def _criterion(rule: str) -> dict[str, Any]:
    whole: dict[str, Any] = {"title": rule, "points": POINTS[rule], "cites": rule}
    if rule in DATED:
        whole |= {"when": [{"path": DATED[rule], "within": "P14D"}], "needs": DATED[rule]}
    return whole


def _council(**changes: Any) -> Council:  # noqa: ANN401
    threshold = {"title": "risk", "threshold": True, "implied_by": ["HAC-391", "HAC-394"], "cites": "HAC-369"}
    body = HILLINGDON.forums["harp"].model_dump()
    body |= {"criteria": [*map(_criterion, POINTS), threshold], "scoring": SCORING, "direct": DIRECT, **changes}
    return HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "harp": Forum.model_validate(body)}})


COUNCIL = _council()


def _score(*rules: str, today: date = TODAY, carried_over: bool = False, **changes: Any) -> int | None:  # noqa: ANN401
    form = referral(criteria=rules, **changes)
    return score(form, known_form(form, COUNCIL, today), COUNCIL, today, carried_over=carried_over)


def _journey(*rules: str, now: datetime = THURSDAY, **changes: Any) -> JourneyState:  # noqa: ANN401
    return journey(referral(criteria=["HAC-369", *rules], **changes), now, COUNCIL)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], 0),
        (["HAC-410"], 1),
        (["HAC-391", "HAC-398"], 5),
        (["HAC-396", "HAC-406"], 3),
        (["HAC-406"], 2),
        (["HAC-404", "HAC-409"], 2),
        (["HAC-393", "HAC-400"], 6),
        (list(POINTS), 43),
    ],
)
def test_points_add_up_and_what_says_the_same_counts_once(rules: list[str], expected: int) -> None:
    assert _score(*rules) == expected


@settings(deadline=None)
@given(st.sets(st.sampled_from(sorted(POINTS))))
def test_no_score_is_above_what_its_criteria_give(met: set[str]) -> None:
    found = counted(COUNCIL.forums["harp"], met)
    assert found.keys() <= met
    assert sum(found.values()) <= sum(POINTS[rule] for rule in met)
    assert not {"HAC-396", "HAC-406"} <= found.keys()
    assert not {"HAC-404", "HAC-409"} <= found.keys()


@pytest.mark.parametrize(("since", "expected"), [("2031-02-20", 3), ("2031-02-19", 0), ("2031-03-06", 3)])
def test_the_past_two_weeks_are_counted_back_and_a_date_goes_before_what_is_declared(since: str, expected: int) -> None:
    dated: dict[str, Any] = {"circumstances.looked_after_since": since}
    assert _score("HAC-392", **dated) == expected


def test_what_is_declared_without_its_date_counts_and_is_named_as_a_gap() -> None:
    assert _score("HAC-392") == 3
    assert view(_journey("HAC-392"), THURSDAY).data_quality == [
        "HAC-392: circumstances.looked_after_since is not filled in, so it cannot be checked"
    ]


@pytest.mark.parametrize(
    ("points", "key"), [(0, "3"), (6, "3"), (7, "2"), (10, "2"), (11, "1"), (20, "1"), (43, "1"), (-1, "3")]
)
def test_a_score_leads_to_a_band_and_has_no_upper_end(points: int, key: str) -> None:
    assert band(SCORING, points).key == key
    assert band(SCORING, points, direct="1").key == "1"


def test_waiting_counts_once_whether_declared_or_found() -> None:
    assert _score("HAC-391", carried_over=True) == 5
    assert _score("HAC-391", "HAC-402", carried_over=True) == 5
    assert _score("HAC-391", "HAC-402") == 5
    state = _journey("HAC-391")
    assert points(state, THURSDAY) == 3
    assert points(state.model_copy(update={"carried_over": 1}), THURSDAY) == 5
    assert points(state.model_copy(update={"carried_over": 3}), THURSDAY) == 5


def test_a_forum_that_does_not_count_points_has_no_score() -> None:
    form = referral()
    assert score(form, form, HILLINGDON, TODAY) is None
    assert counted(HILLINGDON.forums["harp"], ["HIL-004"]) == {}
    state = journey()
    assert (points(state, THURSDAY), band_of(state, THURSDAY), rank(state)) == (None, None, None)
    assert view(state, THURSDAY).score is None


def test_the_view_of_a_scored_case_shows_its_score_and_its_band_as_priority() -> None:
    shown = view(_journey("HAC-391", "HAC-393", "HAC-394", "HAC-398"), THURSDAY)
    assert (shown.score, shown.priority) == (11, "1")
    assert view(_journey("HAC-391"), THURSDAY).priority == "3"
    assert papers_of(_journey("HAC-391")).score == 3


def test_a_score_is_frozen_when_the_papers_are_in() -> None:
    since: dict[str, Any] = {"circumstances.looked_after_since": "2031-02-21"}
    state = _journey(**since)
    assert points(state, THURSDAY) == 3
    assert points(state, at("2031-03-08 09:00")) == 0
    state = state.model_copy(update={"received_at": THURSDAY})
    assert points(state, at("2031-06-08 09:00")) == 3


def test_a_score_of_nought_is_flagged_to_be_looked_at_by_hand() -> None:
    assert any("HAC-390" in flag for flag in view(_journey(), THURSDAY).flags)
    assert not any("HAC-390" in flag for flag in view(_journey("HAC-410"), THURSDAY).flags)


def test_without_one_of_the_indicators_a_case_is_not_taken() -> None:
    form = referral(criteria=["HAC-398"])
    refusal = refusal_of(lambda: require_threshold(form, form, COUNCIL, TODAY))
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "HAC-369")
    assert refusal_of(lambda: journey(form, council=COUNCIL)).rule == "HAC-369"
    require_threshold(referral(), referral(), HILLINGDON, TODAY)


def test_an_indicator_is_met_when_something_that_shows_it_is() -> None:
    form = referral(criteria=["HAC-394"])
    require_threshold(form, form, COUNCIL, TODAY)
    state = journey(form, council=COUNCIL)
    assert [(one.rule, one.found) for one in state.criteria] == [("HAC-369", True), ("HAC-394", False)]


def test_points_alone_recommend_no_forum() -> None:
    form = referral(forum="complex_harp", criteria=["HIL-020", "HAC-394"])
    assert journey(form, council=COUNCIL).recommended_forum == "complex_harp"


def test_what_only_counts_points_is_found_where_it_is_counted() -> None:
    dated = {"circumstances": {"looked_after_since": "2031-03-01"}}
    found = journey(referral(forum="complex_harp", criteria=["HIL-020"], **dated), council=COUNCIL).criteria
    assert [one.rule for one in found] == ["HIL-020"]
    declared = journey(referral(forum="complex_harp", criteria=["HIL-020", "HAC-392"], **dated), council=COUNCIL)
    assert [one.rule for one in declared.criteria] == ["HAC-392", "HIL-020"]


def test_a_direct_case_needs_no_papers_no_signatures_and_no_cut_off() -> None:
    form = referral(
        documents=[],
        criteria=[],
        views=None,
        **{"circumstances.legal_status": "L1", "request.direct": True, "request.services": ["contact_service"]},
    )
    state = journey(form, at("2031-03-10 17:00"), COUNCIL)
    assert state.stage is Stage.AWAITING_LISTING
    assert state.wanted is not None
    assert (state.wanted.sitting, state.wanted.emergency) == (date(2031, 3, 11), True)
    shown = view(state, THURSDAY)
    assert (shown.score, shown.priority, shown.documents_missing) == (0, "1", [])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, RefusalCode.PROHIBITED),
        ({"circumstances.legal_status": "L1", "request.services": ["cinema"]}, RefusalCode.PROHIBITED),
        ({"circumstances.legal_status": "L1", "forum": "complex_harp"}, RefusalCode.ILLEGAL_MOVE),
    ],
)
def test_only_the_exceptions_go_straight_to_a_service(changes: dict[str, Any], code: RefusalCode) -> None:
    form = referral(criteria=["HAC-394"], **{"request.direct": True, **changes})
    assert refusal_of(lambda: journey(form, council=COUNCIL)).code is code


def test_an_exception_that_comes_the_ordinary_way_is_signed_and_is_urgent() -> None:
    excepted: dict[str, Any] = {"circumstances.legal_status": "L1", "documents": []}
    state = _journey(**excepted)
    assert (state.stage, view(state, THURSDAY).priority) == (Stage.AWAITING_SIGN_OFF, "1")
    assert refused(state, "endorse", HELEN, THURSDAY).code is RefusalCode.ILLEGAL_MOVE


def test_criteria_with_a_rank_order_cases() -> None:
    ranked = [{"title": "x", "rank": 3, "cites": "HIL-004"}, {"title": "y", "rank": 1, "cites": "HIL-009"}]
    council = _council(criteria=ranked, scoring=None, direct=None)
    state = journey(referral(criteria=["HIL-004", "HIL-009"]), council=council)
    assert rank(state) == 1
    assert rank(journey(referral(criteria=["HIL-004"]), council=council)) == 3
    assert papers_of(state).rank == 1
