from datetime import date
from typing import Any

import pytest

from models.errors import RefusalCode
from models.vocabulary import ActionState, Stage
from rules.journeys.tasks import open_by_rule
from rules.journeys.views import view
from tests.builders import (
    AMIRA,
    CAROL,
    DIANA,
    HILLINGDON,
    NEW_ACTION,
    PAT,
    THURSDAY,
    TOM,
    Office,
    at,
    referral,
    refused,
)
from tests.rules.boards import DAY, council_with, decided, forum_like, heard, listed, opened

IRO = "independent_reviewing_officer"
LATER = at("2031-03-06 11:00")


def _rule(key: str, *on: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of the rule
    return {"key": key, "on": on, "cites": "X-1", **more}


def _told(office: Office, what: str) -> list[tuple[str, str]]:
    return [(one.post, one.subject) for entry in office.entries if entry.what == what for one in entry.notices]


FOLLOW = [
    _rule("pathway", "approved", action="Follow the pathway", owner="team_manager", due_working_days=3),
    _rule("funding", "decision", action="Ask for joint funding", tells=[IRO]),
    _rule("fixed", "decision", action="Tell the family", skippable=False, kinds=["accommodation"]),
    _rule("other", "decision", action="Not this", kinds=["therapy"]),
    _rule("never", "decision", action="Not this", when=[{"path": "decision.dissent", "present": True}]),
    _rule("seek", "emergency", action="Seek a placement"),
    _rule("listed", "listing", tells=[IRO]),
]


def test_what_follows_from_a_decision_opens_after_its_own_actions() -> None:
    office, state, _ = decided(
        council_with(follow_ups=FOLLOW), actions=[NEW_ACTION], skips={"funding": "Paid for.", "fixed": "No."}
    )
    assert [(one.what, one.owner.post, one.due) for one in state.actions[1:]] == [
        ("Follow the pathway", "team_manager", date(2031, 3, 14)),
        ("Tell the family", "social_worker", date(2031, 3, 18)),
    ]
    assert _told(office, "follow_up_skipped") == []
    assert _told(office, "followed_up") == [(IRO, "follow_up:listed")]
    _, state, _ = decided(council_with(follow_ups=FOLLOW), decision="decline")
    assert [one.follow_up for one in state.actions] == ["funding", "fixed"]


def test_the_first_place_and_an_emergency_have_their_own_consequences_once() -> None:
    office, state = listed(council_with(follow_ups=FOLLOW))
    office.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert state.followed == ["listed", "seek"]
    assert [one.what for one in state.actions] == ["Seek a placement"]
    open_by_rule(state, "seek", "Seek a placement", None, 1, THURSDAY)
    assert len(state.actions) == 1
    state.actions = [one.model_copy(update={"state": ActionState.COMPLETED}) for one in state.actions]
    open_by_rule(state, "seek", "Seek a placement", None, 1, THURSDAY)
    assert len(state.actions) == 2


def test_each_agreed_service_is_allocated_by_its_agency_where_the_council_has_a_clock_for_it() -> None:
    services = ["Mentor", {"service": "Course", "agency": "team_manager", "due": "2031-03-12"}]
    _, state, _ = decided(council_with(), services=services)
    assert state.actions == []
    clocks = {"allocation": {"due_working_days": 2, "cites": "X-2"}}
    _, state, _ = decided(council_with(clocks=clocks), services=services)
    assert [(one.what, one.owner.post, one.due) for one in state.actions] == [
        ("Allocate: Mentor", "social_worker", date(2031, 3, 13)),
        ("Allocate: Course", "team_manager", date(2031, 3, 12)),
    ]
    assert "allocation:A1" in state.clocks
    whole = HILLINGDON.model_copy(
        update={"clocks": {**HILLINGDON.clocks, **council_with(clocks=clocks).forums["harp"].clocks}}
    )
    _, state, _ = decided(whole, services=services)
    assert len(state.actions) == 2


CUSTODY = [{"path": "child.in_custody", "equals": True}]
ALERTS = [
    {
        "key": "move",
        "when": CUSTODY,
        "tells": [IRO],
        "hold": "review_held",
        "action": "Hold the review",
        "cites": "X-3",
    },
    {"key": "plain", "when": CUSTODY, "tells": [IRO], "cites": "X-4"},
]
CONFIRMATIONS: list[dict[str, Any]] = [
    {"key": "review_held", "title": "Review held", "posts": [IRO], "when": CUSTODY, "cites": "X-5"},
    {"key": "costs", "title": "Costs", "posts": ["panel_administrator"], "before_decision": "required", "cites": "X-6"},
]


def test_posts_are_told_once_when_a_fact_first_becomes_true() -> None:
    office = Office(council=council_with(alerts=ALERTS, confirmations=CONFIRMATIONS))
    state = office.refer(referral())
    assert _told(office, "alert") == []
    office.act(state, "amend", AMIRA, THURSDAY, **{"child.in_custody": True})
    office.act(state, "amend", AMIRA, LATER, analysis="More.")
    assert _told(office, "alert") == [(IRO, "alert:move"), (IRO, "alert:plain")]
    assert (view(state, LATER).holds, [one.what for one in state.actions]) == (["review_held"], ["Hold the review"])
    iro = AMIRA.model_copy(update={"staff": "olu", "post": IRO})
    office.act(state, "confirm", iro, LATER, key="Review held", on="2031-03-06", note="Agreed.")
    assert (view(state, LATER).holds, view(state, LATER).confirmed) == ([], ["review_held"])


def test_what_was_confirmed_before_its_alert_holds_nothing() -> None:
    office = Office(council=council_with(alerts=ALERTS, confirmations=CONFIRMATIONS))
    state = office.refer(referral())
    iro = AMIRA.model_copy(update={"staff": "olu", "post": IRO})
    office.act(state, "confirm", iro, THURSDAY, key="review_held")
    office.act(state, "amend", AMIRA, LATER, **{"child.in_custody": True})
    assert (state.holds, state.alerted) == ([], ["move", "plain"])


def test_a_confirmation_is_its_posts_and_of_what_has_happened() -> None:
    office, state = listed(council_with(confirmations=CONFIRMATIONS))
    assert "confirm" in view(state, THURSDAY).next_acts
    assert refused(state, "confirm", PAT, THURSDAY, key="taste").code is RefusalCode.UNKNOWN
    assert refused(state, "confirm", TOM, THURSDAY, key="costs").code is RefusalCode.NOT_AUTHORISED
    assert refused(state, "confirm", PAT, THURSDAY, key="review_held").rule == "X-5"
    assert refused(state, "confirm", PAT, THURSDAY, key="costs", on="2031-03-07").code is RefusalCode.INVALID
    office.act(state, "confirm", PAT, THURSDAY, key="costs")
    assert "confirm" not in view(listed(council_with())[1], THURSDAY).next_acts


def test_a_sitting_decides_once_what_it_needs_is_confirmed() -> None:
    office, state = listed(council_with(confirmations=CONFIRMATIONS))
    there = opened(office)
    office.act(there, "hear", PAT, DAY, case="R-1")
    said = {"case": "R-1", "decision": "approve", "rationale": "Weighed."}
    refusal = refused(there, "record_decision", PAT, DAY, **said)
    assert (refusal.code, refusal.sentence) == (RefusalCode.INCOMPLETE, "Not confirmed yet: Costs.")
    office.act(there, "record_decision", PAT, DAY, **{**said, "decision": "defer"})
    assert state.stage is Stage.DEFERRED
    office, state = listed(council_with(confirmations=CONFIRMATIONS))
    office.act(state, "confirm", PAT, LATER, key="costs")
    there = opened(office)
    office.act(there, "hear", PAT, DAY, case="R-1")
    office.act(there, "record_decision", PAT, DAY, **said)
    assert state.flags == []


def test_a_decision_without_a_confirmation_that_is_only_wished_is_flagged() -> None:
    wished = [{**CONFIRMATIONS[1], "before_decision": "flag"}]
    _, state, _ = decided(council_with(confirmations=wished))
    assert state.flags == ["Decided without: Costs (X-6)"]


def test_a_post_decides_once_what_it_needs_is_confirmed() -> None:
    place = forum_like("high_cost_panel", confirmations=CONFIRMATIONS)
    office = Office(council=council_with(place))
    state = office.refer(referral(forum="high_cost_panel"))
    said = {"decision": "approve", "rationale": "Agreed."}
    assert refused(state, "decide_as_post", CAROL, THURSDAY, **said).rule == "X-6"
    office.act(state, "confirm", PAT, THURSDAY, key="costs")
    office.act(state, "decide_as_post", CAROL, THURSDAY, **said)
    assert state.stage is Stage.CLOSED


AUTHORISES = [
    {"key": "place", "title": "A place", "cites": "X-7"},
    {"key": "custody", "title": "A plan", "when": CUSTODY, "cites": "X-8"},
]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("approve", "authorised"), ("decline", "refused"), ("advise", "pending")],
)
def test_a_decision_authorises_or_refuses_what_was_asked(outcome: str, said: str) -> None:
    _, state = listed(council_with(authorises=AUTHORISES))
    assert state.authorised == {"place": "pending"}
    _, state, _ = decided(council_with(authorises=AUTHORISES), decision=outcome)
    assert view(state, DAY).authorised == {"place": said}


@pytest.mark.parametrize(("outcome", "said"), [("ratify", "authorised"), ("not_ratify", "not_ratified")])
def test_an_emergency_authorises_for_now(outcome: str, said: str) -> None:
    office, state = listed(council_with(authorises=AUTHORISES))
    office.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert state.authorised == {"place": "provisional"}
    there = opened(office)
    office.act(there, "hear", PAT, DAY, case="R-1")
    office.act(there, "record_decision", PAT, DAY, case="R-1", decision=outcome, rationale="Seen.")
    assert state.authorised == {"place": said}


ELSEWHERE = {
    "key": "adoption_panel",
    "title": "Adoption Panel",
    "version": "1",
    "in_force_from": "2020-01-01",
    "body": "elsewhere",
    "cites": "X-9",
}


def _with_elsewhere(**changes: Any) -> Any:  # noqa: ANN401 - any part of HARP
    return council_with(type(HILLINGDON.forums["harp"]).model_validate(ELSEWHERE), **changes)


def test_a_forum_elsewhere_is_proposed_and_somebody_takes_the_case_there() -> None:
    office, state, _ = decided(_with_elsewhere(), decision="refer_on", refer_to="adoption_panel")
    assert (state.proposed, [one.what for one in state.actions]) == (["adoption_panel"], ["Refer to Adoption Panel"])
    assert len(office.journeys) == 1
    _, state, _ = decided(_with_elsewhere(), recommend=["adoption_panel", "complex_harp"])
    assert state.proposed == ["adoption_panel", "complex_harp"]
    assert len(state.actions) == 1
    refusal = refused(
        heard(_with_elsewhere())[2],
        "record_decision",
        PAT,
        DAY,
        case="R-1",
        decision="approve",
        rationale="So.",
        recommend="nowhere",
    )
    assert refusal.code is RefusalCode.UNKNOWN


def test_a_proposal_by_rule_is_made_at_once_or_with_its_outcome() -> None:
    onward = [
        {"forum": "adoption_panel", "on": "proposal", "when": CUSTODY, "cites": "X-10"},
        {"forum": "complex_harp", "on": "proposal", "outcomes": ["advised"], "cites": "X-11"},
    ]
    office, state = listed(_with_elsewhere(onward=onward), THURSDAY, **{"child.in_custody": True})
    assert (state.proposed, state.actions) == (["adoption_panel"], [])
    assert _told(office, "proposed")[0] == ("social_worker", "proposed:adoption_panel")
    _, state, _ = decided(_with_elsewhere(onward=onward), decision="advise")
    assert state.proposed == ["complex_harp"]


def test_an_outcome_starts_a_journey_about_a_matter() -> None:
    onward = [
        {"forum": "high_cost_panel", "on": "decision", "outcomes": ["advised"], "matter": "L17", "cites": "X-12"},
        {"forum": "permanency_panel_14_plus", "on": "approval", "when": CUSTODY, "cites": "X-13"},
    ]
    office, state, _ = decided(council_with(onward=onward), decision="advise")
    there = office.journeys["journey/hillingdon/R-1.high_cost_panel"]
    assert (there.referral.request.matter, there.came_from) == ("L17", state.process_id)
    office, state, _ = decided(council_with(onward=onward), decision="approve")
    assert state.proposed == []


def test_prompts_are_shown_in_their_stage() -> None:
    points = [
        {
            "key": "risk",
            "prompt": "Risk?",
            "when": [{"path": "decision.outcome", "equals": "approved"}],
            "cites": "X-14",
        }
    ]
    _, state = listed(council_with(checkpoints=points))
    assert "Risk?" in view(state, DAY).prompts
    assert not any("HIL-095" in said for said in view(state, DAY).prompts)


def test_a_paper_whose_lack_stops_nothing_becomes_an_action_with_the_decision() -> None:
    papers = [
        {"name": "Viability report", "missing": "action", "cites": "X-15"},
        {"name": "Checks", "missing": "action", "cites": "X-15"},
        {"name": "Access to resource panel form", "cites": "X-15"},
    ]
    form = {"documents": ["Access to resource panel form", "Checks"]}
    _, state, _ = decided(council_with(documents=papers), form=form)
    assert [(one.what, one.owner.post, one.due) for one in state.actions] == [
        ("Supply Viability report", "social_worker", date(2031, 3, 18)),
    ]


def test_an_allocation_that_was_made_meets_its_clock() -> None:
    clocks = {"allocation": {"due_working_days": 2, "cites": "X-2"}}
    office, state, _ = decided(council_with(clocks=clocks), services=["Mentor"])
    office.act(state, "complete_action", AMIRA, DAY, evidence="Letter of the service")
    assert state.clocks["allocation:A1"].state == "met"


def test_a_paper_whose_gap_stops_nothing_becomes_an_action_with_the_decision() -> None:
    papers = [
        {"name": "Chronology", "missing": "action", "cites": "X-7"},
        {"name": "Section 20 checklist", "missing": "action", "cites": "X-8"},
    ]
    _, state, _ = decided(council_with(documents=papers))
    assert [(one.what, one.owner.post) for one in state.actions] == [("Supply Chronology", "social_worker")]
    _, state, _ = decided(
        council_with(documents=[{"name": "Chronology", "cites": "X-7"}]), form={"documents": ["Chronology"]}
    )
    assert state.actions == []


def test_an_emergency_that_was_heard_without_a_paper_is_asked_for_no_more_of_it() -> None:
    office = Office(council=council_with(documents=[{"name": "Chronology", "cites": "X-7"}]))
    state = office.refer(referral())
    office.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    there = opened(office)
    office.act(there, "hear", PAT, DAY, case="R-1")
    office.act(there, "record_decision", PAT, DAY, case="R-1", decision="ratify", rationale="It could not wait.")
    assert (view(state, DAY).documents_missing, state.actions) == (["Chronology"], [])
