from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.procedure import Council
from models.vocabulary import Stage
from rules.journeys.emergency import form_is_complete
from tests.builders import (
    AMIRA,
    CAROL,
    DIANA,
    HELEN,
    HILLINGDON,
    PANEL,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    council_with,
    journey,
    open_sitting,
    person,
    referral,
    refused,
)

SIMPLE: dict[str, Any] = {"posts": ["head_of_service"], "measures": ["accommodation"], "cites": "HIL-040"}
OTHER = person("omar", "head_of_service", "court")
MAY = {"authorise_emergency": {"posts": ["head_of_service", "director", "team_manager"], "cites": "HIL-040"}}


def having(chain: tuple[dict[str, Any], ...] | None = None, **parts: Any) -> Council:  # noqa: ANN401 - as the data has it
    forum = {"emergency": {**SIMPLE, **parts}, "authority": MAY}
    return council_with(harp=forum if chain is None else {**forum, "chain": chain})


def authorised(**parts: Any) -> tuple[Office, Any]:  # noqa: ANN401 - as the data has it
    here = Office(council=having(**parts))
    state = here.refer(referral())
    here.act(state, "authorise_emergency", HELEN, THURSDAY, measure="accommodation")
    return here, state


def test_a_simple_route_names_its_posts_and_nothing_else() -> None:
    here, state = authorised()
    assert (state.stage, state.booking.sitting, state.emergency.authorised_by) == (Stage.LISTED, PANEL, HELEN)
    assert refused(journey(council=having()), "authorise_emergency", TOM, THURSDAY).code is RefusalCode.NOT_AUTHORISED
    told = next(entry for entry in here.entries if entry.what == "authorise_emergency")
    assert told.cites == ("HIL-040",)


@pytest.mark.parametrize(
    ("unit", "who", "rota", "code"),
    [
        ("own", HELEN, None, None),
        ("own", CAROL, None, RefusalCode.NOT_AUTHORISED),
        ("same", CAROL, None, None),
        ("same", OTHER, None, RefusalCode.NOT_AUTHORISED),
        ("any", OTHER, None, None),
        ("own_or_chair", HELEN, "carol", None),
        ("own_or_chair", CAROL, "carol", None),
        ("own_or_chair", OTHER, "carol", RefusalCode.NOT_AUTHORISED),
        ("own_or_chair", OTHER, None, None),
        ("own_or_chair", TOM, None, RefusalCode.NOT_AUTHORISED),
    ],
)
def test_an_emergency_is_for_the_cases_own_head_or_the_chair(
    unit: str, who: Actor, rota: str | None, code: RefusalCode | None
) -> None:
    here = Office(council=having(unit=unit), rota={"harp": {PANEL: rota}} if rota else {})
    state = here.refer(referral())
    if code is not None:
        refusal = refused(state, "authorise_emergency", who, THURSDAY)
        assert (refusal.code, refusal.rule) == (code, "HIL-040")
    else:
        here.act(state, "authorise_emergency", who, THURSDAY)
        assert state.emergency is not None
        assert state.emergency.measure == "accommodation"


def test_at_a_post_there_is_no_chair_to_ask() -> None:
    route = {**SIMPLE, "unit": "own_or_chair"}
    council = council_with(high_cost_panel={"emergency": route, "authority": MAY})
    state = journey(referral(forum="high_cost_panel"), council=council)
    assert refused(state, "authorise_emergency", OTHER, THURSDAY).code is RefusalCode.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("accommodation", None),
        ("support package", RefusalCode.PROHIBITED),
        ("emergency protection order", RefusalCode.PROHIBITED),
        ("secure accommodation", RefusalCode.PROHIBITED),
        ("a holiday", RefusalCode.INVALID),
    ],
)
def test_only_measures_that_the_council_has_are_authorised(measure: str, code: RefusalCode | None) -> None:
    state = journey(council=having())
    if code is not None:
        assert refused(state, "authorise_emergency", HELEN, THURSDAY, measure=measure).code is code
    else:
        here, _ = authorised()
        assert here.journeys


def test_where_the_form_comes_first_nothing_is_authorised_before_it_is_whole() -> None:
    need = {"field": "request.service_difference", "sentence": "Say how.", "remedy": "Say.", "cites": "HIL-077"}
    waived = {**need, "waived_in_emergency": True}
    council = council_with(harp={"emergency": {**SIMPLE, "form": "first"}, "authority": MAY, "requirements": [waived]})
    state = journey(referral(**{"request.service_difference": "x"}), council=council)
    state.referral = referral()
    assert refused(state, "authorise_emergency", HELEN, THURSDAY).rule == "HIL-077"


def test_what_an_emergency_itself_requires_is_asked_for() -> None:
    need = {"field": "costs", "at": "emergency", "sentence": "Say what.", "remedy": "Say.", "cites": "HIL-076"}
    council = council_with(harp={"emergency": SIMPLE, "authority": MAY, "requirements": [need]})
    state = journey(referral(costs=None, **{"request.funding": False}), council=council)
    assert refused(state, "authorise_emergency", HELEN, THURSDAY).rule == "HIL-076"


def test_a_form_that_follows_is_watched_until_nothing_is_missing() -> None:
    here = Office(council=having(form_within_working_days=1))
    state = here.refer(referral(documents=["Access to resource panel form"]))
    assert not form_is_complete(state, THURSDAY)
    here.act(state, "authorise_emergency", HELEN, THURSDAY)
    clock = state.clocks["emergency_form"]
    assert (clock.due, clock.owner, state.stage) == (at("2031-03-07 17:00"), "social_worker", Stage.LISTED)
    here.act(state, "amend", AMIRA, PAST_NOON, analysis="What happened that night.")
    assert state.clocks["emergency_form"].state == "running"
    here.act(state, "supply_document", AMIRA, PAST_NOON, document="Section 20 checklist")
    assert state.clocks["emergency_form"].state == "met"
    assert refused(state, "amend", AMIRA, PAST_NOON, analysis="x").code is RefusalCode.ILLEGAL_MOVE


def test_an_amendment_may_be_what_completes_a_form_that_follows() -> None:
    here = Office(council=having(form_within_working_days=1))
    papers = ["Access to resource panel form"]
    state = here.refer(referral(documents=papers))
    here.act(state, "authorise_emergency", HELEN, THURSDAY)
    here.act(state, "amend", AMIRA, THURSDAY, documents=[*papers, "Section 20 checklist"])
    assert state.clocks["emergency_form"].state == "met"


def test_a_whole_form_has_nothing_to_follow() -> None:
    _, state = authorised(form_within_working_days=1)
    assert "emergency_form" not in state.clocks


def test_a_form_that_does_not_follow_breaches_and_ends_nothing() -> None:
    here = Office(council=having(form_within_working_days=1))
    state = here.refer(referral(documents=["Access to resource panel form"]))
    here.act(state, "authorise_emergency", HELEN, THURSDAY)
    here.advance(at("2031-03-10 09:00"))
    assert (state.clocks["emergency_form"].state, state.stage, state.escalated) == ("breached", Stage.LISTED, True)


def test_an_authorisation_that_lasts_until_the_next_sitting_lapses_and_ends_nothing() -> None:
    here, state = authorised(lasts="next_sitting", tells=["placement_team_manager"], lapse_tells=["director"])
    state.authorised = {"placement": "provisional", "other": "refused"}
    here.advance(at("2031-03-11 13:00"))
    assert state.emergency.lapsed_at == at("2031-03-11 12:00")
    assert (state.stage, state.escalated, state.overdue) == (Stage.LISTED, True, True)
    assert state.authorised == {"placement": "lapsed", "other": "refused"}
    lapse = next(entry for entry in here.entries if entry.what == "emergency_authorisation_lapsed")
    assert {"head_of_service", "placement_team_manager", "director"} <= {one.post for one in lapse.notices}


def test_a_panel_that_passes_an_emergency_over_lets_it_lapse_once() -> None:
    here, state = authorised(lasts="next_sitting")
    now = at("2031-03-11 10:00")
    there = here.sitting_on(PANEL, now)
    open_sitting(here, there, now)
    here.act(there, "carry_over", PAT, now, case="R-1")
    assert (state.emergency.lapsed_at, state.stage, state.booking.sitting) == (now, Stage.LISTED, SECOND_PANEL)
    here.advance(at("2031-03-19 09:00"))
    assert state.emergency.lapsed_at == now


def test_an_authorisation_until_it_is_decided_does_not_lapse() -> None:
    here, state = authorised()
    here.advance(at("2031-03-11 13:00"))
    assert (state.emergency.lapsed_at, state.escalated) == (None, True)


def test_authorising_again_may_be_prohibited() -> None:
    here, state = authorised(again="prohibited", lasts="next_sitting")
    here.advance(at("2031-03-11 13:00"))
    refusal = refused(state, "authorise_emergency", DIANA, at("2031-03-11 13:00"))
    assert refusal.code is RefusalCode.PROHIBITED


def test_a_forum_may_have_no_emergency_route_at_all() -> None:
    state = journey(council=council_with(harp={"no_emergency": ("HIL-044",)}))
    refusal = refused(state, "authorise_emergency", DIANA, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.PROHIBITED, "HIL-044")


def test_out_of_hours_posts_without_hours_may_always() -> None:
    council = having(out_of_hours_posts=["director"])
    here = Office(council=council)
    state = here.refer(referral())
    here.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert here.entries[-1].cites
    assert HILLINGDON.emergency is not None
    assert state.emergency is not None
    assert state.emergency.authorised_by == DIANA
