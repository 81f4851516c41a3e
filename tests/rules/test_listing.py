from datetime import date, timedelta
from typing import Any

import pytest

from models.acts import Reasoned
from models.errors import RefusalCode
from models.people import Actor
from models.procedure import Forum
from models.process import CaseNews, NewsKind
from models.sitting import BookingAnswer
from models.snapshot import pack
from models.vocabulary import Stage
from rules.journeys.agreements import apply_agree_extra
from rules.journeys.listing import answered, booking_request, papers_of, want_next_sitting
from rules.journeys.news import take_news
from rules.sittings.booking import book
from tests.builders import (
    AMIRA,
    CAROL,
    DEV,
    DIANA,
    HELEN,
    HILLINGDON,
    PANEL,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THIRD_PANEL,
    THURSDAY,
    TOM,
    Office,
    Placed,
    at,
    do,
    journey,
    journey_at,
    open_sitting,
    referral,
    refused,
    request,
)


def _listed(rota: dict[date, str] | None = None, /, **changes: Any) -> Placed:  # noqa: ANN401 - as `referral`
    """A journey that is in time for the panel of the 11th."""
    office = Office(rota={"harp": rota or {}})
    state = office.refer(referral(**changes))
    office.act(state, "sign_off", TOM, THURSDAY)
    office.act(state, "endorse", HELEN, THURSDAY)
    return Placed(office, state, THURSDAY)


def _sitting(placed: Placed) -> date | None:
    return placed.journey.booking.sitting if placed.journey.booking else None


def test_an_endorsed_case_has_a_slot_and_everybody_hears_of_it() -> None:
    placed = _listed()
    assert (placed.journey.stage, _sitting(placed)) == (Stage.LISTED, PANEL)
    told = next(entry for entry in placed.office.entries if entry.what == "listed")
    assert [notice.post for notice in told.notices] == ["panel_administrator", "social_worker", "team_manager"]


def test_the_chair_agrees_to_a_late_case_which_gives_its_later_place_back() -> None:
    office, state, now = journey_at(Stage.LISTED)
    office.act(state, "agree_late", CAROL, now, reasons="The child cannot wait.")
    assert state.booking is not None
    assert state.booking.sitting == PANEL
    assert [case.state for case in office.sitting_on(SECOND_PANEL, now).cases] == ["released"]


def test_only_the_chair_whom_the_rota_names_agrees() -> None:
    office = Office(rota={"harp": {PANEL: "carol"}})
    state = office.refer(referral())
    office.act(state, "sign_off", TOM, THURSDAY)
    office.act(state, "endorse", HELEN, PAST_NOON)
    refusal = refused(state, "agree_late", DEV, PAST_NOON, reasons="x")
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, "HIL-081")
    office.act(state, "agree_late", CAROL, PAST_NOON, reasons="x")
    assert state.booking is not None
    assert state.booking.sitting == PANEL


def test_without_a_rota_nobody_with_a_hand_in_the_case_agrees() -> None:
    _, state, now = journey_at(Stage.LISTED)
    assert refused(state, "agree_late", HELEN, now, reasons="x").code is RefusalCode.NOT_INDEPENDENT
    other_head = HELEN.model_copy(update={"staff": "hal"})
    assert refused(state, "agree_late", other_head, now, reasons="x").code is RefusalCode.NOT_INDEPENDENT


def test_a_case_that_has_its_place_needs_no_agreement() -> None:
    placed = _listed()
    assert refused(placed.journey, "agree_late", CAROL, THURSDAY, reasons="x").code is RefusalCode.ILLEGAL_MOVE
    assert refused(placed.journey, "agree_extra", CAROL, THURSDAY, reasons="x").code is RefusalCode.ILLEGAL_MOVE


def test_lateness_agreed_before_the_endorsement_counts_for_its_sitting() -> None:
    office, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    office.act(state, "agree_late", CAROL, PAST_NOON, reasons="x")
    assert (state.asking, state.booking) == (None, None)
    office.act(state, "endorse", HELEN, PAST_NOON)
    assert state.booking is not None
    assert state.booking.sitting == PANEL


def test_lateness_agreed_for_a_sitting_that_is_over_counts_for_nothing() -> None:
    office, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    office.act(state, "agree_late", CAROL, PAST_NOON, reasons="x")
    office.act(state, "endorse", HELEN, at("2031-03-11 12:00"))
    assert state.booking is not None
    assert state.booking.sitting == SECOND_PANEL


def test_lateness_agreed_for_a_sitting_that_it_is_in_time_for_anyway_changes_nothing() -> None:
    office, state, _ = journey_at(Stage.AWAITING_ENDORSEMENT)
    office.act(state, "agree_late", CAROL, THURSDAY, reasons="x")
    office.act(state, "endorse", HELEN, THURSDAY)
    assert office.sitting_on(PANEL, THURSDAY).cases[0].late is False


def test_a_late_case_whose_chair_the_sitting_does_not_know_keeps_its_later_place() -> None:
    office, state, now = journey_at(Stage.LISTED)
    office.sittings.clear()
    office.rota = {"harp": {PANEL: "dev"}}
    office.act(state, "agree_late", CAROL, now, reasons="x")
    assert state.booking is not None
    assert (state.booking.sitting, state.wanted) == (SECOND_PANEL, None)


def test_an_extra_place_is_the_decision_of_that_sittings_chair() -> None:
    office, state, now = journey_at(Stage.RESERVED)
    assert refused(state, "agree_extra", HELEN, now, reasons="x").code is RefusalCode.NOT_INDEPENDENT
    office.act(state, "agree_extra", CAROL, now, reasons="x")
    assert state.stage is Stage.LISTED
    assert state.booking is not None
    assert state.booking.slot == at("2031-03-18 12:00")


def test_a_sitting_that_is_full_or_closed_sends_a_case_to_the_next() -> None:
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["capacity"]["overflow"] = "next_sitting"
    state = journey(council=type(HILLINGDON).model_validate(whole))
    do(state, "sign_off", TOM, THURSDAY)
    do(state, "endorse", HELEN, THURSDAY)
    answered(state, BookingAnswer(status="refused", code=RefusalCode.SITTING_FULL, chair="carol"), THURSDAY)
    assert state.wanted is not None
    assert state.wanted.sitting == SECOND_PANEL
    assert state.rota["harp"][PANEL] == "carol"


def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    state = journey()
    before = state.model_dump_json()
    answered(state, BookingAnswer(status="listed", slot=THURSDAY), THURSDAY)
    assert state.model_dump_json() == before


def test_a_request_for_no_sitting_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="no sitting is wanted"):
        booking_request(journey())


def test_a_sitting_that_moved_is_followed_when_the_case_is_in_time_for_it() -> None:
    office = Office()
    there = office.sitting_on(PANEL, THURSDAY)
    office.act(there, "postpone", PAT, THURSDAY, to="2031-03-13")
    state = office.refer(referral())
    office.act(state, "sign_off", TOM, THURSDAY)
    office.act(state, "endorse", HELEN, THURSDAY)
    assert state.booking is not None
    assert state.booking.sitting == date(2031, 3, 13)


def test_an_emergency_follows_a_sitting_that_moved_whatever_its_cut_off() -> None:
    office = Office()
    there = office.sitting_on(PANEL, THURSDAY)
    office.act(there, "postpone", PAT, at("2031-03-11 08:00"), to="2031-03-12")
    state = office.refer(referral())
    office.act(state, "authorise_emergency", DIANA, at("2031-03-11 09:00"), measure="accommodation")
    assert state.booking is not None
    assert state.booking.sitting == date(2031, 3, 12)


def test_a_sitting_that_moves_takes_the_case_along_and_keeps_it() -> None:
    placed = _listed()
    there = placed.office.sitting_on(PANEL, THURSDAY)
    placed.office.act(there, "postpone", PAT, at("2031-03-10 09:00"), to="2031-03-12")
    assert (_sitting(placed), placed.journey.carried_over) == (date(2031, 3, 12), 0)


def test_a_case_that_is_not_heard_goes_on_to_the_next_sitting_first_among_the_reserves() -> None:
    placed = _listed()
    next_week = placed.office.sitting_on(SECOND_PANEL, THURSDAY)
    for number in range(1, 13):
        book(next_week, request(f"N-{number}"), THURSDAY)
    now = at("2031-03-11 11:59")
    there = placed.office.sitting_on(PANEL, now)
    open_sitting(placed.office, there, now)
    placed.office.act(there, "close_sitting", PAT, now)
    booking = placed.journey.booking
    assert booking is not None
    assert (booking.sitting, booking.reserve, placed.journey.stage) == (SECOND_PANEL, 1, Stage.RESERVED)


def test_a_case_that_loses_its_place_twice_is_brought_to_somebodys_eyes() -> None:
    placed = _listed()
    office, state, _ = placed
    for panel, escalated in ((PANEL, False), (SECOND_PANEL, True)):
        now = at(f"{panel} 11:00")
        office.act(office.sitting_on(panel, now), "cancel", PAT, now)
        assert state.escalated is escalated
    assert (_sitting(placed), state.carried_over) == (THIRD_PANEL, 2)


def test_a_redirected_case_goes_to_the_other_panel_and_gives_its_place_back() -> None:
    placed = _listed()
    office, state, now = placed
    office.act(state, "redirect", HELEN, now, forum="Complex", reasons="Needs are complex.")
    assert (state.forum_key, state.referral.forum, _sitting(placed)) == ("complex_harp", "complex_harp", PANEL)
    assert [case.state for case in office.sitting_on(PANEL, now).cases] == ["released"]
    assert [case.state for case in office.sitting_on(PANEL, now, "complex_harp").cases] == ["listed"]


@pytest.mark.parametrize(
    ("forum", "code"),
    [
        ("harp", RefusalCode.ILLEGAL_MOVE),
        ("high_cost_panel", RefusalCode.ILLEGAL_MOVE),
        ("secure panel", RefusalCode.UNKNOWN),
    ],
)
def test_a_case_is_redirected_to_another_panel_that_sits(forum: str, code: RefusalCode) -> None:
    assert refused(journey(), "redirect", HELEN, THURSDAY, forum=forum).code is code


def test_a_case_is_redirected_with_what_the_other_panel_requires() -> None:
    state = journey(referral(**{"discussions.supervision": None}))
    assert refused(state, "redirect", HELEN, THURSDAY, forum="complex_harp").rule == "HIL-024"


def test_the_sitting_knows_what_it_needs_to_know_of_a_case() -> None:
    placed = _listed(**{"child.in_custody": True, "circumstances.legal_status": "J1", "request.kind": "custody_plan"})
    known = papers_of(placed.journey)
    assert known.signed_by == ("amira", "tom", "helen")
    assert (known.looked_after, known.in_custody, known.authorised_by) == (True, True, None)
    home = _listed(**{"request.kind": "discussion"})
    assert papers_of(home.journey).looked_after is False


def test_a_child_who_would_become_looked_after_counts_as_one() -> None:
    assert papers_of(_listed().journey).looked_after is True


def _news(kind: NewsKind, sitting: date = PANEL, message_id: str = "n-1", **more: Any) -> CaseNews:  # noqa: ANN401
    return CaseNews(message_id=message_id, kind=kind, forum="harp", sitting=sitting, by=PAT, **more)


def test_news_about_another_place_does_nothing() -> None:
    placed = _listed()
    before = placed.journey.model_dump_json()
    take_news(placed.journey, _news(NewsKind.HEARD, SECOND_PANEL), THURSDAY)
    assert placed.journey.model_dump_json() == before


def test_news_arrives_once() -> None:
    placed = _listed()
    take_news(placed.journey, _news(NewsKind.HEARD), THURSDAY)
    assert placed.journey.stage is Stage.AT_PANEL
    before = placed.journey.model_dump_json()
    take_news(placed.journey, _news(NewsKind.CARRIED_OVER), THURSDAY)
    assert placed.journey.model_dump_json() == before


def test_news_that_does_not_fit_is_recorded_and_harms_nothing() -> None:
    placed = _listed()
    take_news(placed.journey, _news(NewsKind.DECIDED), THURSDAY)
    assert placed.journey.stage is Stage.LISTED
    last = placed.journey.unrecorded[-1]
    assert (last.what, last.accepted, last.code) == ("decided", False, "illegal_move")


def test_news_of_a_decision_without_one_decides_nothing() -> None:
    _, state, now = journey_at(Stage.AT_PANEL)
    take_news(state, _news(NewsKind.DECIDED, SECOND_PANEL), now)
    assert (state.stage, state.decisions) == (Stage.AT_PANEL, [])


def test_a_place_that_did_not_change_is_not_news() -> None:
    placed = _listed()
    before = placed.journey.sequence
    booking = placed.journey.booking
    assert booking is not None
    take_news(placed.journey, _news(NewsKind.LISTED, slot=booking.slot), THURSDAY)
    assert placed.journey.sequence == before


def test_a_reserve_that_moves_up_is_listed() -> None:
    office, state, now = journey_at(Stage.RESERVED)
    take_news(state, _news(NewsKind.LISTED, SECOND_PANEL, slot=at("2031-03-18 09:30")), now)
    assert state.stage is Stage.LISTED
    assert office.journeys[state.process_id] is state


def test_a_deferred_case_stays_deferred_until_nothing_is_missing() -> None:
    office, state, now = journey_at(Stage.DEFERRED)
    office.act(state, "agree_extra", CAROL, now, reasons="x")
    assert state.stage is Stage.DEFERRED
    office.act(state, "supply_document", AMIRA, now, document="risk assessment")
    assert (state.stage, state.missing_information) == (Stage.LISTED, [])


def test_a_deferred_case_on_the_reserve_list_waits_for_a_place() -> None:
    office, state, now = journey_at(Stage.DEFERRED)
    office.act(state, "supply_document", AMIRA, now, document="Risk assessment")
    assert (state.stage, state.missing_information) == (Stage.DEFERRED, [])


def test_an_amendment_brings_what_a_deferral_asked_for() -> None:
    office, state, now = journey_at(Stage.DEFERRED)
    office.act(state, "agree_extra", CAROL, now, reasons="x")
    signatures = state.signatures
    office.act(state, "amend", AMIRA, now, analysis="With the risk assessment.")
    assert (state.stage, state.signatures) == (Stage.LISTED, signatures)


def test_the_first_sitting_may_have_to_lie_after_a_day() -> None:
    _, state, now = journey_at(Stage.AWAITING_LISTING)
    want_next_sitting(state, now, SECOND_PANEL + timedelta(days=1))
    assert state.wanted is not None
    assert state.wanted.sitting == THIRD_PANEL


@pytest.mark.parametrize(
    ("name", "actor", "details"),
    [("agree_late", CAROL, {"reasons": "x"}), ("authorise_emergency", DIANA, {"measure": "accommodation"})],
)
def test_a_sitting_that_decided_a_case_does_not_list_it_again(name: str, actor: Actor, details: dict[str, Any]) -> None:
    placed = _listed()
    office, state, _ = placed
    now = at("2031-03-11 10:00")
    there = office.sitting_on(PANEL, now)
    open_sitting(office, there, now)
    office.act(there, "hear", PAT, now, case="R-1")
    office.act(there, "record_decision", PAT, now, case="R-1", decision="defer", rationale="x", missing=["Note"])
    office.act(state, name, actor, now, **details)
    assert _sitting(placed) == SECOND_PANEL


def test_news_of_a_place_may_overtake_the_answer_of_the_sitting() -> None:
    _, state, now = journey_at(Stage.AWAITING_LISTING)
    take_news(state, _news(NewsKind.LISTED, SECOND_PANEL, slot=at("2031-03-18 09:45")), now)
    assert (state.stage, state.wanted) == (Stage.LISTED, None)
    assert state.booking is not None
    assert state.booking.slot == at("2031-03-18 09:45")
    _, state, now = journey_at(Stage.AWAITING_LISTING)
    take_news(state, _news(NewsKind.RESERVED, SECOND_PANEL, reserve=2), now)
    assert (state.stage, state.booking and state.booking.reserve) == (Stage.RESERVED, 2)


def test_a_case_that_is_redirected_after_its_panel_was_over_goes_to_one_that_is_ahead() -> None:
    placed = _listed()
    later = at("2031-03-12 09:00")
    placed.office.act(placed.journey, "redirect", HELEN, later, forum="complex_harp")
    assert _sitting(placed) == SECOND_PANEL


def test_a_deferred_case_that_has_a_slot_needs_no_extra_place() -> None:
    office, state, now = journey_at(Stage.DEFERRED)
    office.act(state, "agree_extra", CAROL, now, reasons="x")
    refusal = refused(state, "agree_extra", CAROL, now, reasons="x")
    assert (refusal.code, refusal.remedy) == (RefusalCode.ILLEGAL_MOVE, "Nothing needs to be agreed.")


def test_an_extra_place_for_a_case_that_lost_its_place_in_between_asks_for_nothing() -> None:
    state = journey()
    before = state.model_dump_json()
    apply_agree_extra(state, Reasoned(reasons="x"), CAROL, THURSDAY)
    assert state.model_dump_json() == before


def test_where_nobody_may_exceed_the_limit_no_chair_agrees_to_it() -> None:
    _, state, now = journey_at(Stage.RESERVED)
    whole = HILLINGDON.model_dump()
    whole["forums"]["harp"]["capacity"]["beyond"] = "nobody"
    state.procedure = type(HILLINGDON).model_validate(whole)
    refusal = refused(state, "agree_extra", CAROL, now, reasons="x")
    assert (refusal.code, refusal.rule) == (RefusalCode.SITTING_FULL, "HIL-082")


def test_an_emergency_that_is_authorised_while_the_case_is_called_keeps_the_place_in_which_it_is_heard() -> None:
    office, state, _ = _listed()
    now = at(f"{PANEL} 10:00")
    there = office.sitting_on(PANEL, now)
    open_sitting(office, there, now)
    do(there, "hear", PAT, now, case="R-1")
    do(state, "authorise_emergency", DIANA, now)
    before = state.booking
    answered(state, office.ask(state, now), now)
    assert before is not None
    assert (state.wanted, state.booking) == (None, before)
    office.settle(now)
    assert state.stage is Stage.AT_PANEL


def test_a_sitting_is_told_once_of_a_form_that_changes_twice() -> None:
    unsigned = Forum.model_validate(HILLINGDON.forums["harp"].model_dump() | {"chain": ()})
    office = Office(council=HILLINGDON.model_copy(update={"forums": {**HILLINGDON.forums, "harp": unsigned}}))
    state = office.refer(referral())
    do(state, "amend", AMIRA, THURSDAY, documents=["Chronology"])
    wanted = state.wanted
    do(state, "amend", AMIRA, THURSDAY, documents=["Genogram"])
    assert wanted is not None
    assert (wanted.refresh, state.wanted) == (True, wanted)
    office.settle(THURSDAY)
    (case,) = office.sitting_on(PANEL, THURSDAY).cases
    assert {"Chronology", "Genogram"} <= set(case.papers.documents)


def test_a_case_that_carries_but_the_name_of_another_panel_is_redirected_with_its_procedure() -> None:
    office = Office(council=HILLINGDON.model_copy(update={"stubs": ("complex_harp",)}))
    state = office.refer(referral())
    to = {"forum": "complex_harp"}
    assert refused(state, "redirect", HELEN, THURSDAY, **to).sentence.startswith("The case carries no procedure of")
    assert refused(state, "redirect", HELEN, THURSDAY, **to, procedure=pack(state.procedure)).code is (
        RefusalCode.ILLEGAL_MOVE
    )
    office.act(state, "redirect", HELEN, THURSDAY, **to, procedure=pack(HILLINGDON))
    assert (state.forum_key, state.procedure.stubs) == ("complex_harp", ())
