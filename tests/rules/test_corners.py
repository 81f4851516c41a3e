"""Corners that were once wrong: answers that cross, people who are not there, dates that cannot be."""

from typing import Any

import pytest
from pydantic import ValidationError

from models.acts import Decided
from models.errors import RefusalCode, Refused
from models.journey import WantedSitting
from models.people import Actor
from models.procedure import Council
from models.sitting import BookingAnswer, SittingState
from models.vocabulary import CaseState, Stage
from rules.journeys.acts import run_clocks
from rules.journeys.deciding import decide
from rules.journeys.listing import came_too_late
from rules.sittings.acts import run_clocks as run_sitting_clocks
from rules.sittings.booking import book
from tests.builders import (
    AMIRA,
    CAROL,
    DEV,
    DIANA,
    ESI,
    HELEN,
    HILLINGDON,
    PACKAGE,
    PANEL,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Placed,
    at,
    do,
    journey,
    journey_at,
    person,
    referral,
    refused,
    request,
    sitting,
    sitting_with,
)

DAY = at("2031-03-11 09:30")


def _council(change: dict[str, Any], forum: str = "harp") -> Council:
    whole = HILLINGDON.model_dump()
    whole["forums"][forum].update(change)
    return Council.model_validate(whole)


def _decided(**decision: Any) -> Placed:  # noqa: ANN401 - any decision
    placed = journey_at(Stage.AT_PANEL)
    there = placed.office.sitting_on(SECOND_PANEL, placed.now)
    said = {"case": "R-1", "decision": "approve", "rationale": "x", **decision}
    placed.office.act(there, "record_decision", PAT, placed.now, **said)
    return placed


def test_a_case_that_is_withdrawn_while_a_sitting_is_asked_leaves_no_place_behind() -> None:
    office, state, now = journey_at(Stage.AWAITING_LISTING)
    wanted, answer = state.wanted, office.ask(state, now)
    assert wanted is not None
    office.act(state, "withdraw", AMIRA, now)
    came_too_late(state, wanted, answer)
    office.settle(now)
    assert [case.state for case in office.sitting_on(SECOND_PANEL, now).cases] == [CaseState.RELEASED]


def test_an_emergency_while_a_sitting_is_asked_is_on_one_agenda() -> None:
    office, state, now = journey_at(Stage.AWAITING_LISTING)
    wanted, answer = state.wanted, office.ask(state, now)
    assert wanted is not None
    office.act(state, "authorise_emergency", DIANA, now)
    came_too_late(state, wanted, answer)
    office.settle(now)
    listed = [case for there in office.sittings.values() for case in there.cases if case.state is CaseState.LISTED]
    assert len(listed) == 1


def test_an_answer_for_a_place_that_the_journey_already_has_gives_nothing_back() -> None:
    office, state, _ = journey_at(Stage.LISTED)
    assert state.booking is not None
    wanted = WantedSitting(forum="harp", sitting=state.booking.sitting)
    came_too_late(state, wanted, BookingAnswer(status="listed", slot=state.booking.slot))
    assert state.undelivered == []
    assert office.sittings


def test_a_sitting_is_not_chaired_and_attended_by_another_council() -> None:
    abroad = [person(name, "head_of_service", council="camden").model_dump() for name in ("a", "b", "c")]
    refused(sitting_with(1), "open_sitting", PAT, DAY, chair=abroad[0], present=abroad)


def test_a_case_is_not_chaired_by_somebody_who_is_not_there() -> None:
    state = sitting_with(1)
    do(state, "open_sitting", PAT, DAY, chair=CAROL.model_dump(), present=[DEV.model_dump(), ESI.model_dump()])
    refused(state, "hear", PAT, DAY, case="N-1", chair=person("ghost", "head_of_service").model_dump())


@pytest.mark.parametrize("path", ["circumstances.child_protection_plan_since", "child.date_of_birth"])
@pytest.mark.parametrize("day", ["9999-06-01", "1066-10-14"])
def test_a_form_with_an_impossible_date_is_refused(path: str, day: str) -> None:
    with pytest.raises(ValidationError, match=path):
        referral(**{path: day})


@pytest.mark.parametrize("decision", [{"review_on": "9999-12-28"}, {"decision": "defer", "to_sitting": "9999-12-30"}])
def test_a_decision_with_an_impossible_date_is_refused_or_done(decision: dict[str, Any]) -> None:
    try:
        stage = _decided(**decision).journey.stage
    except Refused:
        stage = Stage.AT_PANEL
    assert stage in (Stage.AT_PANEL, Stage.UNDER_REVIEW, Stage.DEFERRED)


def test_where_nobody_may_exceed_the_limit_no_chair_does() -> None:
    capacity = {**HILLINGDON.forums["harp"].model_dump()["capacity"], "beyond": "nobody"}
    full = sitting_with(10, council=_council({"capacity": capacity}))
    assert book(full, request(extra_agreed_by=CAROL), THURSDAY).status == "reserved"


def test_a_review_that_a_post_sets_is_not_forgotten() -> None:
    state = journey(referral(forum="high_cost_panel"))
    said = {"decision": "approve", "rationale": "x", "review_on": "2031-09-16"}
    do(state, "decide_as_post", CAROL, THURSDAY, **said)
    assert state.stage is Stage.UNDER_REVIEW
    assert state.next_event is not None
    run_clocks(state, state.next_event)
    assert state.outcome == "approved"
    assert state.clocks["post_decision"].ticking


def test_what_was_missing_is_recognised_however_its_name_is_written() -> None:
    _, state, now = _decided(decision="defer", missing=["Risk assessment"])
    do(state, "supply_document", AMIRA, now, document="risk_assessment")
    assert state.missing_information == []


def test_section_20_is_section_20_with_a_capital_letter_too() -> None:
    state = journey(referral(documents=["Access to resource panel form"], **{"request.legal_section": "Section 20"}))
    assert refused(state, "sign_off", TOM, THURSDAY).code is RefusalCode.MISSING_DOCUMENT


def test_a_case_redirected_to_a_forum_without_a_cut_off_has_none_to_watch() -> None:
    state = journey(council=_council({"cut_off": None}, "complex_harp"))
    do(state, "redirect", HELEN, THURSDAY, forum="complex_harp")
    run_clocks(state, at("2031-03-08 09:00"))


def test_an_agreement_to_lateness_ends_with_the_decision() -> None:
    state = journey(referral(forum="complex_harp", **PACKAGE))
    do(state, "sign_off", TOM, THURSDAY)
    do(state, "agree_late", CAROL, THURSDAY, reasons="x")
    do(state, "redirect", HELEN, THURSDAY, forum="harp")
    said = {"decision": "approve", "rationale": "x", "review_on": "2031-09-16"}
    do(state, "decide_as_post", CAROL, THURSDAY, **said)
    assert state.asking is None


def test_a_meeting_that_is_never_closed_is_brought_to_somebodys_eyes() -> None:
    state = sitting_with(1)
    do(state, "open_sitting", PAT, DAY, chair=CAROL.model_dump(), present=[DEV.model_dump(), ESI.model_dump()])
    run_sitting_clocks(state, at("2031-03-14 09:00"))
    assert state.overdue


def test_an_emergency_on_an_empty_agenda_after_its_opening_time_is_not_forgotten() -> None:
    state = sitting(PANEL)
    run_sitting_clocks(state, at("2031-03-11 09:31"))
    book(state, request(emergency=True), at("2031-03-11 09:40"))
    run_sitting_clocks(state, at("2031-03-12 09:40"))
    assert state.overdue


def _in_session(*more: Actor) -> SittingState:
    state = sitting_with(2)
    present = [person.model_dump() for person in (DEV, ESI, *more)]
    do(state, "open_sitting", PAT, DAY, chair=CAROL.model_dump(), present=present)
    return state


def test_an_interest_that_comes_to_light_during_the_hearing_counts() -> None:
    state = _in_session()
    do(state, "hear", PAT, DAY, case="N-1")
    do(state, "declare_interest", ESI, DAY, case="N-1")
    said = {"case": "N-1", "decision": "decline", "rationale": "x"}
    assert refused(state, "record_decision", PAT, DAY, **said).code is RefusalCode.NOT_INDEPENDENT


def test_a_substitute_who_comes_after_the_opening_counts_for_the_case() -> None:
    state = _in_session()
    do(state, "declare_interest", ESI, DAY, case="N-1")
    assert refused(state, "hear", PAT, DAY, case="N-1").code is RefusalCode.NOT_INDEPENDENT
    do(state, "hear", PAT, DAY, case="N-1", present=[person("fay", "head_of_service").model_dump()])
    assert [actor.staff for actor in state.present] == ["carol", "dev", "esi", "fay"]


def test_a_case_is_chaired_by_somebody_who_may_chair() -> None:
    state = _in_session(TOM)
    assert refused(state, "hear", PAT, DAY, case="N-1", chair=TOM.model_dump()).code is RefusalCode.NOT_AUTHORISED


def test_a_forum_that_the_journeys_older_procedure_does_not_know_is_proposed_and_flagged() -> None:
    placed = journey_at(Stage.AT_PANEL)
    said = {"decision": "refer_on", "rationale": "x", "refer_to": "risk_panel"}
    decide(placed.journey, Decided.model_validate(said), PAT, placed.now, SECOND_PANEL)
    assert placed.journey.proposed == ["risk_panel"]
    assert "risk_panel" in placed.journey.flags[-1]
    assert placed.journey.stage is Stage.CLOSED


def test_a_sitting_moves_to_a_later_day_only() -> None:
    state = sitting_with(1)
    assert refused(state, "postpone", PAT, THURSDAY, to="2031-03-10").code is RefusalCode.INVALID
