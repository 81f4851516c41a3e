"""Every act in every stage: legal exactly when this table says so, whoever asks and whatever they say."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from transitions import MachineError

from models.errors import RefusalCode
from models.journey import JourneyState
from models.people import Actor
from models.sitting import SittingState
from models.vocabulary import JourneyAct, SittingAct, SittingStage, Stage
from rules.journeys.moves import JOURNEY_MOVES
from rules.sittings.moves import SITTING_MOVES
from tests.builders import (
    AMIRA,
    CAROL,
    DEV,
    DIANA,
    ESI,
    HELEN,
    HILLINGDON,
    PAT,
    TOM,
    do,
    escalate,
    journey_at,
    person,
    refused,
    sitting_at,
)

ALL_BUT_CLOSED = (
    "awaiting_sign_off returned awaiting_endorsement awaiting_listing listed reserved at_panel deferred "
    "awaiting_decision actions_open under_review"
)
BEFORE_A_DECISION = (
    "awaiting_sign_off returned awaiting_endorsement awaiting_listing listed reserved deferred awaiting_decision"
)
JOURNEY_TABLE: dict[JourneyAct, str] = {
    JourneyAct.REFER: "",
    JourneyAct.AMEND: "awaiting_sign_off returned deferred awaiting_listing listed reserved",
    JourneyAct.RETURN_FOR_CHANGES: (
        "awaiting_sign_off awaiting_endorsement awaiting_decision awaiting_listing listed reserved"
    ),
    JourneyAct.SIGN_OFF: "awaiting_sign_off",
    JourneyAct.ENDORSE: "awaiting_endorsement awaiting_decision",
    JourneyAct.AGREE_LATE: "awaiting_sign_off returned awaiting_endorsement awaiting_listing listed reserved deferred",
    JourneyAct.AGREE_EXTRA: "reserved deferred",
    JourneyAct.SUPPLY_DOCUMENT: BEFORE_A_DECISION,
    JourneyAct.REDIRECT: "awaiting_sign_off returned awaiting_endorsement listed reserved deferred",
    JourneyAct.WITHDRAW: BEFORE_A_DECISION,
    JourneyAct.AUTHORISE_EMERGENCY: BEFORE_A_DECISION,
    JourneyAct.DECIDE_AS_POST: "awaiting_endorsement awaiting_decision",
    JourneyAct.COMPLETE_ACTION: ALL_BUT_CLOSED,
    JourneyAct.REPORT_ACTION_NOT_DONE: ALL_BUT_CLOSED,
    JourneyAct.APPROVE_ALTERNATIVE: ALL_BUT_CLOSED,
    JourneyAct.REQUEST_RENEWAL: "actions_open under_review",
    JourneyAct.CLOSE: "actions_open under_review",
    JourneyAct.CONFIRM: ALL_BUT_CLOSED,
    JourneyAct.ACKNOWLEDGE_ESCALATION: ALL_BUT_CLOSED,
    JourneyAct.ESCALATE: ALL_BUT_CLOSED,
}
OF_A_DECISION = (JourneyAct.COMPLETE_ACTION, JourneyAct.REPORT_ACTION_NOT_DONE, JourneyAct.APPROVE_ALTERNATIVE)
"""Acts that the table allows in many stages, and that need a decision's actions to be done to."""
ONLY_UNSIGNED = {
    (stage, act)
    for stage in (Stage.AWAITING_LISTING, Stage.LISTED, Stage.RESERVED)
    for act in (JourneyAct.AMEND, JourneyAct.RETURN_FOR_CHANGES)
}
"""What the table allows where nobody signs the form; Hillingdon's are signed."""
SITTING_TABLE: dict[SittingAct, str] = {
    SittingAct.SEND_APOLOGIES: "planned closed_for_submissions in_session",
    SittingAct.DECLARE_INTEREST: "planned closed_for_submissions in_session",
    SittingAct.OPEN_SITTING: "planned closed_for_submissions",
    SittingAct.HEAR: "in_session",
    SittingAct.RECORD_DECISION: "in_session",
    SittingAct.APPROVE_DECISION: "in_session closed",
    SittingAct.CARRY_OVER: "planned closed_for_submissions in_session",
    SittingAct.CLOSE_SITTING: "in_session",
    SittingAct.POSTPONE: "planned closed_for_submissions",
    SittingAct.CANCEL: "planned closed_for_submissions",
    SittingAct.CIRCULATE_PAPERS: "planned closed_for_submissions",
    SittingAct.SET_PRIORITY: "planned closed_for_submissions",
    SittingAct.ADD_DATE: "planned closed_for_submissions",
    SittingAct.RECORD_MINUTES: "closed",
    SittingAct.APPROVE_MINUTES: "closed",
    SittingAct.ACKNOWLEDGE_ESCALATION: "planned closed_for_submissions in_session closed",
    SittingAct.ESCALATE: "planned closed_for_submissions in_session closed",
}
IN_WORDS: dict[str, tuple[Actor, dict[str, Any]]] = {
    JourneyAct.REFER: (AMIRA, {}),
    JourneyAct.AMEND: (AMIRA, {"analysis": "Risk has risen again."}),
    JourneyAct.RETURN_FOR_CHANGES: (TOM, {"reasons": "Say more."}),
    JourneyAct.SIGN_OFF: (TOM, {}),
    JourneyAct.ENDORSE: (HELEN, {}),
    JourneyAct.AGREE_LATE: (CAROL, {"reasons": "It cannot wait."}),
    JourneyAct.AGREE_EXTRA: (CAROL, {"reasons": "It cannot wait."}),
    JourneyAct.SUPPLY_DOCUMENT: (AMIRA, {"document": "School report"}),
    JourneyAct.REDIRECT: (HELEN, {"forum": "complex_harp"}),
    JourneyAct.WITHDRAW: (AMIRA, {}),
    JourneyAct.AUTHORISE_EMERGENCY: (DIANA, {"measure": "accommodation"}),
    JourneyAct.DECIDE_AS_POST: (CAROL, {"decision": "approve", "rationale": "It is needed."}),
    JourneyAct.COMPLETE_ACTION: (TOM, {"action": "A1", "evidence": "EV-1"}),
    JourneyAct.REPORT_ACTION_NOT_DONE: (TOM, {"action": "A1", "reasons": "Nobody was free."}),
    JourneyAct.APPROVE_ALTERNATIVE: (HELEN, {"action": "A1", "alternative": "Ask an agency"}),
    JourneyAct.REQUEST_RENEWAL: (TOM, {}),
    JourneyAct.CONFIRM: (PAT, {"key": "costs"}),
    JourneyAct.CLOSE: (TOM, {}),
    JourneyAct.ESCALATE: (CAROL, {"reasons": "It takes long."}),
    JourneyAct.ACKNOWLEDGE_ESCALATION: (TOM, {}),
    SittingAct.SEND_APOLOGIES: (DEV, {}),
    SittingAct.DECLARE_INTEREST: (DEV, {"case": "N-3"}),
    SittingAct.OPEN_SITTING: (
        PAT,
        {"chair": CAROL.model_dump(), "present": [DEV.model_dump(), ESI.model_dump()]},
    ),
    SittingAct.HEAR: (PAT, {"case": "N-3"}),
    SittingAct.RECORD_DECISION: (PAT, {"case": "N-2", "decision": "decline", "rationale": "No."}),
    SittingAct.APPROVE_DECISION: (CAROL, {"case": "N-1"}),
    SittingAct.CARRY_OVER: (PAT, {"case": "N-3"}),
    SittingAct.CLOSE_SITTING: (PAT, {}),
    SittingAct.POSTPONE: (PAT, {"to": "2031-03-13"}),
    SittingAct.CANCEL: (PAT, {}),
}
"""Each act by somebody who may do it, in words that fit wherever the stage lets it through."""

REFUSED_FOR_ANOTHER_REASON: dict[tuple[str, str], tuple[RefusalCode, str]] = {
    (Stage.AWAITING_ENDORSEMENT, JourneyAct.DECIDE_AS_POST): (RefusalCode.ILLEGAL_MOVE, "no post may decide it"),
    (Stage.UNDER_REVIEW, JourneyAct.COMPLETE_ACTION): (RefusalCode.UNKNOWN, "no such action"),
    (Stage.UNDER_REVIEW, JourneyAct.REPORT_ACTION_NOT_DONE): (RefusalCode.UNKNOWN, "no such action"),
    (Stage.UNDER_REVIEW, JourneyAct.APPROVE_ALTERNATIVE): (RefusalCode.UNKNOWN, "no such action"),
    (Stage.ACTIONS_OPEN, JourneyAct.CLOSE): (RefusalCode.INCOMPLETE, "neither done nor accounted for"),
    (SittingStage.IN_SESSION, SittingAct.CLOSE_SITTING): (RefusalCode.INCOMPLETE, "have no decision"),
}
"""Acts that the stage allows, and the case at hand does not."""

JOURNEY_UPDATES = [act for act in JourneyAct if act in HILLINGDON.authority and act is not JourneyAct.ESCALATE]
SITTING_UPDATES = [act for act in SittingAct if act in HILLINGDON.authority and act is not SittingAct.ESCALATE]
STRANGER = person("stan", "virtual_school_head")
OTHER_STRANGER = person("steve", "youth_justice_worker")
NOT_ENTITLED = {
    act: STRANGER if "virtual_school_head" not in rule.posts else OTHER_STRANGER
    for act, rule in HILLINGDON.authority.items()
    if not {"virtual_school_head", "youth_justice_worker"} <= set(rule.posts)
}
"""For each act somebody whose post may not do it; a few are open to everybody here."""


@cache
def _saved_journey(stage: Stage) -> tuple[str, datetime]:
    _, state, now = journey_at(stage)
    return state.model_dump_json(), now


def _journey(stage: Stage) -> tuple[JourneyState, datetime]:
    text, now = _saved_journey(stage)
    return JourneyState.model_validate_json(text), now


@cache
def _saved_sitting(stage: SittingStage) -> tuple[str, datetime]:
    state, now = sitting_at(stage)
    return state.model_dump_json(), now


def _sitting(stage: SittingStage) -> tuple[SittingState, datetime]:
    text, now = _saved_sitting(stage)
    return SittingState.model_validate_json(text), now


@pytest.mark.parametrize("act", JourneyAct)
@pytest.mark.parametrize("stage", Stage)
def test_the_table_of_a_journey_says_which_acts_a_stage_allows(stage: Stage, act: JourneyAct) -> None:
    assert (act in JOURNEY_MOVES.legal(stage)) == (stage in JOURNEY_TABLE[act].split())


@pytest.mark.parametrize("act", SittingAct)
@pytest.mark.parametrize("stage", SittingStage)
def test_the_table_of_a_sitting_says_which_acts_a_stage_allows(stage: SittingStage, act: SittingAct) -> None:
    assert (act in SITTING_MOVES.legal(stage)) == (stage in SITTING_TABLE[act].split())


@pytest.mark.parametrize("act", JOURNEY_UPDATES)
@pytest.mark.parametrize("stage", Stage)
def test_an_act_on_a_journey_is_done_where_it_is_legal_and_refused_elsewhere(stage: Stage, act: JourneyAct) -> None:
    state, now = _journey(stage)
    actor, details = IN_WORDS[act]
    if act is JourneyAct.ACKNOWLEDGE_ESCALATION and stage is not Stage.CLOSED:
        escalate(state, now)
    nothing_to_do_it_to = (act in OF_A_DECISION and not state.actions) or (stage, act) in ONLY_UNSIGNED
    if act is JourneyAct.CONFIRM:
        assert "nothing like confirm" in refused(state, act, actor, now, **details).sentence
    elif stage not in JOURNEY_TABLE[act].split() or nothing_to_do_it_to:
        refusal = refused(state, act, actor, now, **details)
        assert refusal.code is RefusalCode.ILLEGAL_MOVE
        assert f"not possible while this is {stage.replace('_', ' ')}" in refusal.sentence
    elif (stage, act) in REFUSED_FOR_ANOTHER_REASON:
        code, words = REFUSED_FOR_ANOTHER_REASON[stage, act]
        refusal = refused(state, act, actor, now, **details)
        assert (refusal.code, words in refusal.sentence) == (code, True)
    else:
        before = state.sequence
        do(state, act, actor, now, **details)
        assert state.sequence > before


@pytest.mark.parametrize("act", SITTING_UPDATES)
@pytest.mark.parametrize("stage", SittingStage)
def test_an_act_on_a_sitting_is_done_where_it_is_legal_and_refused_elsewhere(
    stage: SittingStage, act: SittingAct
) -> None:
    state, now = _sitting(stage)
    if act is SittingAct.OPEN_SITTING and stage is SittingStage.PLANNED:
        now += timedelta(days=5)
    actor, details = IN_WORDS[act]
    if act is SittingAct.ACKNOWLEDGE_ESCALATION and stage in SITTING_TABLE[act].split():
        escalate(state, now)
    if stage not in SITTING_TABLE[act].split():
        refusal = refused(state, act, actor, now, **details)
        assert refusal.code is RefusalCode.ILLEGAL_MOVE
        assert f"not possible while this is {stage.replace('_', ' ')}" in refusal.sentence
    elif (stage, act) in REFUSED_FOR_ANOTHER_REASON:
        code, words = REFUSED_FOR_ANOTHER_REASON[stage, act]
        refusal = refused(state, act, actor, now, **details)
        assert (refusal.code, words in refusal.sentence) == (code, True)
    else:
        before = state.sequence
        do(state, act, actor, now, **details)
        assert state.sequence > before


@pytest.mark.parametrize("act", [act for act in JOURNEY_UPDATES if act in NOT_ENTITLED])
@pytest.mark.parametrize("stage", Stage)
def test_a_post_without_authority_is_told_so_in_every_stage_of_a_journey(stage: Stage, act: JourneyAct) -> None:
    state, now = _journey(stage)
    assert refused(state, act, NOT_ENTITLED[act], now).code is RefusalCode.NOT_AUTHORISED


@pytest.mark.parametrize("act", [act for act in SITTING_UPDATES if act in NOT_ENTITLED])
@pytest.mark.parametrize("stage", SittingStage)
def test_a_post_without_authority_is_told_so_in_every_stage_of_a_sitting(stage: SittingStage, act: SittingAct) -> None:
    state, now = _sitting(stage)
    assert refused(state, act, NOT_ENTITLED[act], now).code is RefusalCode.NOT_AUTHORISED


@pytest.mark.parametrize("stage", Stage)
def test_nobody_of_another_council_acts_in_any_stage(stage: Stage) -> None:
    state, now = _journey(stage)
    there = person("tina", "team_manager", council="camden")
    assert all(refused(state, act, there, now).code is RefusalCode.NOT_AUTHORISED for act in JOURNEY_UPDATES)


def test_the_refusal_of_an_illegal_move_says_what_is_possible_instead() -> None:
    _, state, now = journey_at(Stage.AT_PANEL)
    assert "acknowledge_escalation" in refused(state, JourneyAct.ENDORSE, HELEN, now).remedy
    _, state, now = journey_at(Stage.CLOSED)
    assert refused(state, JourneyAct.ENDORSE, HELEN, now).remedy == "Possible now: nothing more."


def test_firing_a_move_that_was_not_checked_is_a_fault_of_the_program() -> None:
    _, state, _ = journey_at(Stage.CLOSED)
    with pytest.raises(MachineError):
        JOURNEY_MOVES.fire(JourneyAct.ENDORSE, state)
