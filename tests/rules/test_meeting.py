from datetime import datetime
from typing import Any

import pytest

from models.acts import Hear, OneCase, RecordDecision
from models.errors import RefusalCode
from models.people import Actor
from models.sitting import SittingState
from models.vocabulary import CaseState, Outcome, SittingAct, SittingStage
from rules.sittings import deciding, meeting, views
from rules.sittings.acts import is_over, run_clocks, waiting_on
from rules.sittings.booking import book
from rules.sittings.order import case_of
from tests.builders import (
    CAROL,
    COURTNEY,
    DEV,
    DIANA,
    ESI,
    HELEN,
    HILLINGDON,
    NEW_ACTION,
    PAT,
    THURSDAY,
    Office,
    at,
    do,
    escalate,
    open_sitting,
    papers,
    refused,
    request,
    sitting,
    sitting_at,
    sitting_with,
)

DAY = at("2031-03-11 09:30")


def _open(state: SittingState, chair: Actor, *present: Actor, now: datetime = DAY) -> None:
    room = [one.model_dump() for one in present]
    do(state, SittingAct.OPEN_SITTING, PAT, now, chair=chair.model_dump(), present=room)


def _refused_to_open(state: SittingState, chair: Actor, *present: Actor, now: datetime = DAY) -> RefusalCode:
    room = [one.model_dump() for one in present]
    return refused(state, SittingAct.OPEN_SITTING, PAT, now, chair=chair.model_dump(), present=room).code


def _in_session(cases: int = 2, **changes: Any) -> SittingState:  # noqa: ANN401 - as `sitting`
    state = sitting_with(cases, **changes)
    _open(state, CAROL, DEV, ESI, HELEN, PAT)
    return state


def _state_of(state: SittingState, ref: str) -> CaseState:
    return next(case.state for case in state.cases if case.papers.referral_ref == ref)


def _news(state: SittingState) -> list[str]:
    return [one.news.kind for one in state.undelivered if one.news]


def test_a_sitting_opens_on_its_day_with_its_chair_and_two_more_heads_of_service() -> None:
    state = sitting_with(1)
    _open(state, CAROL, CAROL, DEV, ESI, PAT)
    assert state.stage is SittingStage.IN_SESSION
    assert [one.staff for one in state.present] == ["carol", "dev", "esi", "pat"]
    assert state.clocks["sitting_opening"].state == "met"


def test_a_sitting_does_not_open_before_its_day() -> None:
    code = _refused_to_open(sitting_with(1), CAROL, DEV, ESI, now=at("2031-03-10 23:59"))
    assert code is RefusalCode.ILLEGAL_MOVE
    _open(sitting_with(1), CAROL, DEV, ESI, now=at("2031-03-11 00:00"))
    _open(sitting_with(1), CAROL, DEV, ESI, now=at("2031-03-12 09:30"))


def test_a_sitting_does_not_open_without_its_quorum() -> None:
    assert _refused_to_open(sitting_with(1), CAROL, DEV, PAT) is RefusalCode.INQUORATE


def test_only_the_post_of_its_seat_chairs_a_sitting() -> None:
    assert _refused_to_open(sitting_with(1), PAT, CAROL, DEV, ESI) is RefusalCode.NOT_AUTHORISED
    assert _refused_to_open(sitting(forum="complex_harp"), HELEN, CAROL, DEV) is RefusalCode.NOT_AUTHORISED
    _open(sitting(forum="complex_harp"), COURTNEY, CAROL, DEV)


def test_the_rota_names_the_chair_until_the_chair_sends_apologies() -> None:
    state = sitting(chair="carol")
    assert _refused_to_open(state, DEV, CAROL, ESI) is RefusalCode.NOT_AUTHORISED
    do(state, SittingAct.SEND_APOLOGIES, CAROL, THURSDAY, substitute="dev")
    assert state.apologies[0].substitute == "dev"
    _open(state, DEV, COURTNEY, ESI)
    assert state.chair == DEV


def test_seats_that_nobody_fills_are_shown() -> None:
    state = sitting()
    _open(state, CAROL, DEV, ESI, PAT)
    assert state.flags == ["Absent: Virtual School Head (HIL-054)", "Absent: Placement Team manager (HIL-056)"]


def test_a_case_is_called_with_the_panel_that_may_decide_it() -> None:
    state = _in_session()
    state.undelivered = []
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1")
    case = case_of(state, "N-1")
    assert case is not None
    assert (case.state, case.heard_at) == (CaseState.BEING_HEARD, DAY)
    assert [one.staff for one in case.panel] == ["carol", "dev", "esi"]
    assert _news(state) == ["heard"]


def test_a_case_that_is_not_here_or_was_called_already_is_not_called() -> None:
    state = _in_session()
    assert refused(state, SittingAct.HEAR, PAT, DAY, case="X-1").code is RefusalCode.UNKNOWN
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1")
    assert refused(state, SittingAct.HEAR, PAT, DAY, case="N-1").code is RefusalCode.ILLEGAL_MOVE
    empty = sitting()
    _open(empty, CAROL, DEV, ESI)
    assert "no case" in refused(empty, SittingAct.HEAR, PAT, DAY, case="X-1").remedy


def test_a_reserve_is_not_called() -> None:
    state = _in_session(11)
    assert refused(state, SittingAct.HEAR, PAT, DAY, case="N-11").code is RefusalCode.ILLEGAL_MOVE


def test_a_member_with_an_interest_does_not_count_for_that_case() -> None:
    state = _in_session()
    do(state, SittingAct.DECLARE_INTEREST, DEV, DAY, case="N-1")
    assert refused(state, SittingAct.HEAR, PAT, DAY, case="N-1").code is RefusalCode.NOT_INDEPENDENT
    do(state, SittingAct.HEAR, PAT, DAY, case="N-2")


def test_an_interest_is_declared_in_a_case_that_is_here() -> None:
    state = sitting_with(1)
    assert refused(state, SittingAct.DECLARE_INTEREST, DEV, THURSDAY, case="X-1").code is RefusalCode.UNKNOWN


def test_a_case_of_the_chair_is_called_under_another() -> None:
    state = sitting()
    book(state, request(papers=papers(signed_by=("amira", "tom", "carol"))), THURSDAY)
    _open(state, CAROL, DEV, ESI, COURTNEY)
    assert refused(state, SittingAct.HEAR, PAT, DAY, case="R-1").code is RefusalCode.NOT_INDEPENDENT
    wrong = refused(state, SittingAct.HEAR, PAT, DAY, case="R-1", chair=PAT.model_dump())
    assert wrong.code is RefusalCode.NOT_AUTHORISED
    do(state, SittingAct.HEAR, PAT, DAY, case="R-1", chair=DEV.model_dump())
    case = case_of(state, "R-1")
    assert case is not None
    assert [one.staff for one in case.panel] == ["dev", "esi", "courtney"]


def _decide(state: SittingState, ref: str = "N-1", actor: Actor = PAT, **decision: Any) -> None:  # noqa: ANN401
    do(
        state,
        SittingAct.RECORD_DECISION,
        actor,
        DAY,
        case=ref,
        **{"decision": "approve", "rationale": "Yes.", **decision},
    )


def _undecided(state: SittingState, ref: str = "N-1", actor: Actor = PAT, **decision: Any) -> RefusalCode:  # noqa: ANN401
    said = {"decision": "approve", "rationale": "Yes.", **decision}
    return refused(state, SittingAct.RECORD_DECISION, actor, DAY, case=ref, **said).code


def _being_heard(**changes: Any) -> SittingState:  # noqa: ANN401 - as `request`
    state = sitting()
    book(state, request("N-1", **changes), THURSDAY)
    _open(state, CAROL, DEV, ESI, PAT)
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1")
    return state


def test_a_decision_reaches_the_journey_and_its_sheet_waits_for_the_chair() -> None:
    state = _being_heard()
    state.undelivered = []
    _decide(state, actions=[NEW_ACTION], learning="Ask earlier.", checkpoints={"drift": "None."})
    assert _state_of(state, "N-1") is CaseState.DECIDED
    assert _news(state) == ["decided"]
    assert state.undelivered[0].news is not None
    assert state.undelivered[0].news.decision is not None
    assert state.clocks["decision_sheet:N-1"].due == at("2031-03-18 17:00")
    assert state.learning == ["Ask earlier."]
    assert state.unrecorded[-1].details["checkpoints_unanswered"] == ["family_options", "value_for_money"]


def test_a_case_that_was_not_called_is_not_decided() -> None:
    assert _undecided(_in_session()) is RefusalCode.ILLEGAL_MOVE


def test_a_case_is_decided_once() -> None:
    state = _being_heard()
    _decide(state)
    assert _undecided(state) is RefusalCode.ILLEGAL_MOVE


def test_the_legal_section_of_the_request_is_good_enough() -> None:
    _decide(_being_heard())
    without = _being_heard(papers=papers("N-1", legal_section=None))
    assert _undecided(without) is RefusalCode.INCOMPLETE
    _decide(without, legal_section="section 17")


@pytest.mark.parametrize("day", ["2031-03-11", "2031-03-15", "2031-04-11"])
def test_a_case_is_deferred_to_a_later_working_day(day: str) -> None:
    state = _being_heard()
    assert _undecided(state, decision="defer", to_sitting=day) is RefusalCode.INVALID
    _decide(state, decision="defer", to_sitting="2031-03-12")


def test_a_case_is_referred_on_to_a_forum_that_there_is_by_any_of_its_names() -> None:
    state = _being_heard()
    assert _undecided(state, decision="refer_on", refer_to="secure panel") is RefusalCode.UNKNOWN
    _decide(state, decision="refer_on", refer_to="14+ Permanency Panel")


def test_disagreement_makes_it_the_decision_of_the_chair() -> None:
    state = _being_heard()
    _decide(state, dissent="Dev thinks it too dear.")
    case = case_of(state, "N-1")
    assert case is not None
    assert case.decision is not None
    assert case.decision.decided_by_chair
    assert state.unrecorded[-1].cites == ("HIL-105", "HIL-106")


def test_whoever_authorised_an_emergency_does_not_record_its_ratification() -> None:
    state = _being_heard(emergency=True, papers=papers("N-1", authorised_by="esi"))
    assert _undecided(state, actor=ESI, decision="ratify") is RefusalCode.SAME_PERSON
    _decide(state, actor=PAT, decision="ratify")


def test_a_chair_who_authorised_an_emergency_does_not_decide_it_alone() -> None:
    state = _being_heard(emergency=True, papers=papers("N-1", authorised_by="carol"))
    assert _undecided(state, decision="ratify", dissent="Too soon.") is RefusalCode.SAME_PERSON
    _decide(state, decision="ratify")


def test_only_the_chair_approves_a_decision_sheet() -> None:
    state = _being_heard()
    _decide(state)
    assert refused(state, SittingAct.APPROVE_DECISION, DEV, DAY).code is RefusalCode.NOT_AUTHORISED
    do(state, SittingAct.APPROVE_DECISION, CAROL, DAY)
    assert _state_of(state, "N-1") is CaseState.APPROVED
    assert state.clocks["decision_sheet:N-1"].state == "met"


def test_whoever_chaired_one_case_approves_its_sheet() -> None:
    state = _in_session()
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1", chair=DEV.model_dump())
    _decide(state)
    do(state, SittingAct.APPROVE_DECISION, DEV, DAY, case="N-1")


def test_with_several_sheets_waiting_the_chair_says_which() -> None:
    state = _in_session()
    assert refused(state, SittingAct.APPROVE_DECISION, CAROL, DAY).code is RefusalCode.INCOMPLETE
    for ref in ("N-1", "N-2"):
        do(state, SittingAct.HEAR, PAT, DAY, case=ref)
        _decide(state, ref)
    refusal = refused(state, SittingAct.APPROVE_DECISION, CAROL, DAY)
    assert (refusal.code, refusal.remedy) == (RefusalCode.INCOMPLETE, "Decisions to approve: N-1, N-2.")
    do(state, SittingAct.APPROVE_DECISION, CAROL, DAY, case="N-2")


def test_a_closed_sitting_is_over_when_its_last_sheet_is_approved() -> None:
    state, now = sitting_at(SittingStage.CLOSED)
    assert (waiting_on(state), is_over(state)) == ("head_of_service", False)
    do(state, SittingAct.APPROVE_DECISION, CAROL, now)
    assert (waiting_on(state), is_over(state)) == (None, True)


def test_a_case_that_is_carried_over_leaves_the_agenda() -> None:
    state = _in_session()
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1")
    state.undelivered = []
    do(state, SittingAct.CARRY_OVER, PAT, DAY, case="N-1", reasons="The interpreter is ill.")
    assert _state_of(state, "N-1") is CaseState.CARRIED_OVER
    assert _news(state) == ["carried_over"]
    assert refused(state, SittingAct.CARRY_OVER, PAT, DAY, case="N-1").code is RefusalCode.UNKNOWN


def test_closing_carries_over_what_was_not_heard_reserves_too() -> None:
    state = _in_session(11)
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1")
    assert refused(state, SittingAct.CLOSE_SITTING, PAT, DAY).code is RefusalCode.INCOMPLETE
    _decide(state)
    state.undelivered = []
    do(state, SittingAct.CLOSE_SITTING, PAT, DAY)
    assert _news(state) == ["carried_over"] * 10
    assert state.unrecorded[-1].notices[-1].subject == "learning_wanted"


def test_learning_is_kept_and_not_asked_for_twice() -> None:
    state = _being_heard()
    _decide(state)
    do(state, SittingAct.CLOSE_SITTING, PAT, DAY, learning="Ask earlier.")
    assert state.learning == ["Ask earlier."]
    assert [notice.subject for notice in state.unrecorded[-1].notices] == ["sitting_closed"]


@pytest.mark.parametrize("to", ["2031-03-06", "2031-03-11", "2031-03-15", "2031-04-11", "2031-03-05"])
def test_a_sitting_moves_only_to_a_working_day_ahead(to: str) -> None:
    refusal = refused(sitting_with(1), SittingAct.POSTPONE, PAT, THURSDAY, to=to)
    assert (refusal.code, refusal.rule) == (RefusalCode.INVALID, "HIL-070")


def test_a_sitting_that_moves_takes_its_whole_agenda_along() -> None:
    state = sitting_with(11)
    state.undelivered = []
    do(state, SittingAct.POSTPONE, PAT, THURSDAY, to="2031-03-12")
    assert _news(state) == ["moved"] * 11
    assert {one.news.moved_to.isoformat() for one in state.undelivered if one.news and one.news.moved_to} == {
        "2031-03-12"
    }
    assert (is_over(state), waiting_on(state)) == (True, None)
    assert not any(clock.ticking for clock in state.clocks.values())


def test_a_sitting_that_is_cancelled_carries_everybody_over() -> None:
    state = sitting_with(11)
    state.undelivered = []
    do(state, SittingAct.CANCEL, PAT, THURSDAY, reasons="Snow.")
    assert _news(state) == ["carried_over"] * 11
    assert "head_of_service" in [notice.post for notice in _entry(state, "cancel").notices]


def _entry(state: SittingState, what: str) -> Any:  # noqa: ANN401 - an entry
    return next(entry for entry in state.unrecorded if entry.what == what)


def test_submissions_close_the_minute_after_the_cut_off() -> None:
    state = sitting_with(1)
    stages = []
    for moment in ("2031-03-07 12:00", "2031-03-07 12:01"):
        run_clocks(state, at(moment))
        stages.append(state.stage)
    assert stages == [SittingStage.PLANNED, SittingStage.CLOSED_FOR_SUBMISSIONS]
    assert _entry(state, "closed_for_submissions").cites == ("HIL-080",)


def test_a_sitting_with_cases_that_nobody_opens_is_escalated() -> None:
    office = Office(sittings={"s": sitting_with(1)})
    office.advance(at("2031-03-11 09:31"))
    state = office.sittings["s"]
    assert state.escalated
    assert state.clocks["sitting_opening"].state == "breached"
    office.advance(at("2031-03-12 09:00"))
    assert state.stage is SittingStage.CLOSED_FOR_SUBMISSIONS
    open_sitting(office, state, at("2031-03-12 09:30"))
    assert not state.escalated


def test_a_sitting_that_nobody_booked_ends_itself_in_the_evening() -> None:
    office = Office(sittings={"s": sitting()})
    state = office.sittings["s"]
    office.advance(at("2031-03-11 19:59"))
    assert not state.escalated
    assert not is_over(state)
    office.advance(at("2031-03-11 20:00"))
    assert (state.stage, is_over(state)) == (SittingStage.CLOSED, True)


def test_a_sitting_in_session_does_not_end_itself() -> None:
    state = _in_session()
    run_clocks(state, at("2031-03-11 20:00"))
    assert state.stage is SittingStage.IN_SESSION


def test_submissions_do_not_close_a_sitting_that_was_opened_before_its_clock_rang() -> None:
    state = _in_session()
    run_clocks(state, DAY)
    assert state.stage is SittingStage.IN_SESSION


def test_a_sitting_shows_its_agenda_with_times_reserves_and_invitations() -> None:
    state = sitting_with(11, chair="carol")
    book(state, request("J-1", papers=papers("J-1", in_custody=True, looked_after=False), emergency=True), THURSDAY)
    do(state, SittingAct.CARRY_OVER, PAT, THURSDAY, case="N-1")
    shown = views.view(state, THURSDAY)
    lines = {line.referral_ref: line for line in shown.agenda}
    assert lines["N-2"].slot == at("2031-03-11 09:45")
    assert lines["N-11"].reserve == 1
    assert (lines["N-1"].slot, lines["N-1"].state) == (None, CaseState.CARRIED_OVER)
    assert "Independent Reviewing Officer of the child" in lines["N-2"].invited
    assert "Independent Reviewing Officer of the child" not in lines["J-1"].invited
    assert (shown.chair, shown.capacity, shown.open) == ("carol", 10, True)
    assert "acknowledge_escalation" not in shown.next_acts
    escalate(state, THURSDAY)
    assert "acknowledge_escalation" in views.view(state, THURSDAY).next_acts


def test_a_sitting_shows_who_chairs_who_came_and_what_was_decided() -> None:
    state = _being_heard(papers=papers("N-1", in_custody=True, remand_expected=True, youth_justice=True))
    _decide(state)
    shown = views.view(state, DAY)
    assert shown.chair == "carol"
    assert shown.present[0] == "carol (head_of_service)"
    assert shown.agenda[0].outcome == "approved"


def test_complex_harp_invites_youth_justice_for_a_child_in_custody() -> None:
    state = sitting(forum="complex_harp")
    book(state, request(papers=papers(in_custody=True, remand_expected=True)), THURSDAY)
    assert views.view(state, THURSDAY).agenda[0].invited == [
        "Team manager and allocated worker of the case",
        "Youth Justice Head of Service and workers",
        "Designated custody Independent Reviewing Officer",
    ]


def test_an_escalation_of_a_sitting_is_acknowledged() -> None:
    state = sitting_with(1)
    refusal = refused(state, SittingAct.ACKNOWLEDGE_ESCALATION, PAT, THURSDAY)
    assert refusal.code is RefusalCode.ILLEGAL_MOVE
    escalate(state, THURSDAY)
    do(state, SittingAct.ACKNOWLEDGE_ESCALATION, DIANA, THURSDAY)
    assert not state.escalated


def test_a_forum_without_quorum_cut_off_or_chair_may_still_meet() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"].update(quorum=None, cut_off=None, seats=[])
    free = type(HILLINGDON).model_validate(whole)
    state = sitting_with(1, council=free, chair="carol")
    run_clocks(state, at("2031-03-11 09:31"))
    assert state.stage is SittingStage.CLOSED_FOR_SUBMISSIONS
    assert _entry(state, "closed_for_submissions").cites == ()
    refusal = refused(state, SittingAct.OPEN_SITTING, PAT, DAY, chair=PAT.model_dump(), present=[])
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, None)
    _open(state, CAROL)
    do(state, SittingAct.HEAR, PAT, DAY, case="N-1", chair=CAROL.model_dump())
    _decide(state)
    assert state.clocks["decision_sheet:N-1"].owner == "panel_administrator"
    do(state, SittingAct.CLOSE_SITTING, PAT, DAY)
    assert [notice.subject for notice in state.unrecorded[-1].notices] == ["sitting_closed"]


def test_a_case_of_nobody_in_particular_is_invited_with_nobody_more() -> None:
    state = sitting()
    book(state, request(papers=papers(looked_after=False)), THURSDAY)
    assert views.view(state, THURSDAY).agenda[0].invited == ["Team manager of the case", "Allocated worker"]


@pytest.mark.parametrize("stage", [SittingStage.PLANNED, SittingStage.IN_SESSION])
def test_a_sitting_that_is_not_closed_waits_for_its_administrator(stage: SittingStage) -> None:
    state, _ = sitting_at(stage)
    assert (waiting_on(state), is_over(state)) == ("panel_administrator", False)


def test_what_is_done_to_a_case_that_left_in_between_does_nothing() -> None:
    state = _in_session()
    before = state.model_dump_json()
    meeting.apply_hear(state, Hear(case="X-1"), PAT, DAY)
    deciding.apply_decision(state, RecordDecision(case="X-1", decision=Outcome.DECLINED, rationale="x"), PAT, DAY)
    meeting.apply_carry_over(state, OneCase(case="X-1"), PAT, DAY)
    assert state.model_dump_json() == before


def test_nobody_judges_the_independence_of_a_chair_who_is_not_known_yet() -> None:
    state = sitting_with(1)
    before = state.model_dump_json()
    meeting.check_hear(state, Hear(case="N-1"), PAT, DAY)
    assert state.model_dump_json() == before


def test_an_act_that_leaves_a_sitting_where_it_is_leaves_since_when() -> None:
    state = sitting_with(1)
    meeting.move(state, SittingAct.SEND_APOLOGIES, DAY)
    assert (state.stage, state.stage_since) == (SittingStage.PLANNED, THURSDAY)


def test_the_chair_of_a_case_approves_its_sheet_whoever_chaired_the_sitting() -> None:
    state = _being_heard()
    _decide(state)
    state.chair = None
    assert refused(state, SittingAct.APPROVE_DECISION, DEV, DAY).code is RefusalCode.NOT_AUTHORISED
    do(state, SittingAct.APPROVE_DECISION, CAROL, DAY)
