from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.vocabulary import Outcome, Stage
from rules.journeys.views import next_acts, view
from tests.builders import (
    AMIRA,
    CAROL,
    HELEN,
    PANEL,
    PAT,
    THURSDAY,
    TOM,
    Office,
    at,
    council_with,
    open_sitting,
    person,
    referral,
    refused,
)

RES = person("rea", "head_of_service", "children's resources")
BOSS = person("beth", "team_manager", "court")
STEPS: list[dict[str, Any]] = [
    {"posts": ["social_worker"], "document": "Cancellation form", "cites": "HIL-071"},
    {"posts": ["team_manager", "social_worker"], "unit": "same", "cites": "HIL-072"},
    {"posts": ["head_of_service"], "units": ["children's resources"], "cites": "HIL-074"},
]


def listed() -> tuple[Office, Any]:
    here = Office(council=council_with(harp={"withdrawal": STEPS, "chain": []}))
    return here, here.refer(referral())


def test_a_case_with_a_place_leaves_it_with_every_consent_in_order() -> None:
    here, state = listed()
    assert state.stage is Stage.LISTED
    assert refused(state, "withdraw", TOM, THURSDAY).code is RefusalCode.ILLEGAL_MOVE
    assert refused(state, "withdraw", PAT, THURSDAY).code is RefusalCode.NOT_AUTHORISED
    refusal = refused(state, "withdraw", AMIRA, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.MISSING_DOCUMENT, "HIL-071")
    here.act(state, "supply_document", AMIRA, THURSDAY, document="cancellation_form")
    here.act(state, "withdraw", AMIRA, THURSDAY, reasons="The family found a way.")
    assert (state.stage, view(state, THURSDAY).waiting_on) == (Stage.LISTED, "team_manager")
    assert "withdraw" in next_acts(state)
    assert refused(state, "withdraw", BOSS, THURSDAY).code is RefusalCode.NOT_AUTHORISED
    assert refused(state, "withdraw", RES, THURSDAY).code is RefusalCode.ILLEGAL_MOVE
    assert refused(state, "withdraw", AMIRA, THURSDAY).code is RefusalCode.SAME_PERSON
    here.act(state, "withdraw", TOM, THURSDAY)
    refusal = refused(state, "withdraw", HELEN, THURSDAY)
    assert (refusal.code, "children's resources" in refusal.remedy) == (RefusalCode.NOT_AUTHORISED, True)
    here.act(state, "withdraw", RES, THURSDAY)
    assert (state.stage, state.outcome, state.booking) == (Stage.CLOSED, Outcome.WITHDRAWN, None)
    assert [entry.cites for entry in here.entries if entry.what == "withdraw"] == [("HIL-074",)]
    told = next(entry for entry in here.entries if entry.what == "withdrawal_agreed")
    assert {notice.post for notice in told.notices} == {"team_manager", "social_worker"}


def test_a_consent_that_has_not_come_by_the_sitting_keeps_nothing_from_being_heard() -> None:
    here, state = listed()
    here.act(state, "supply_document", AMIRA, THURSDAY, document="Cancellation form")
    here.act(state, "withdraw", AMIRA, THURSDAY)
    now = at("2031-03-11 10:00")
    there = here.sitting_on(PANEL, now)
    open_sitting(here, there, now)
    here.act(there, "hear", PAT, now, case="R-1")
    assert (state.stage, state.withdrawing, view(state, now).waiting_on) == (Stage.AT_PANEL, [], "panel_administrator")


@pytest.mark.parametrize("who", [AMIRA, TOM, CAROL])
def test_a_case_without_a_place_is_withdrawn_at_once(who: Actor) -> None:
    here = Office(council=council_with(harp={"withdrawal": STEPS}))
    state = here.refer(referral())
    here.act(state, "withdraw", who, THURSDAY)
    assert state.outcome is Outcome.WITHDRAWN
