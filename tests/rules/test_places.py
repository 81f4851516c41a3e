"""A journey's place where councils differ: who lets a late case in, full sittings, parts of a meeting, own dates."""

from datetime import date, datetime
from typing import Any

import pytest

from models.errors import RefusalCode
from models.journey import JourneyState
from models.people import Actor
from models.procedure import Council
from models.vocabulary import Stage
from rules.journeys.acts import run_clocks
from rules.journeys.listing import answered, came_too_late
from rules.journeys.news import take_news
from rules.journeys.views import view
from rules.sittings.booking import book
from rules.sittings.order import agenda
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
    at,
    council_with,
    do,
    open_sitting,
    referral,
    refused,
    request,
)

HARP = HILLINGDON.model_dump()["forums"]["harp"]
FIRM = {**HARP["capacity"], "cases": 1, "beyond": "nobody", "overflow": "reserve_and_next"}
ROLLS = {**HARP["capacity"], "cases": 1, "beyond": "nobody", "overflow": "next_sitting"}
AHEAD = {"form": "Booking form", "hearing_on": "circumstances.next_review_on", "cites": ["HAC-303", "HAC-301"]}
FRIDAY_NOON = at("2031-03-07 12:00")


def office(**parts: Any) -> Office:  # noqa: ANN401 - parts of a forum
    """An office whose HARP is otherwise."""
    return Office(council=council_with(harp=parts))


def submitted(there: Office, now: datetime = THURSDAY, /, **changes: Any) -> JourneyState:  # noqa: ANN401 - as `referral`
    """A journey that was referred, signed off and endorsed at once."""
    state = there.refer(referral(**changes), now)
    there.act(state, "sign_off", TOM, now, comments="Supported.")
    there.act(state, "endorse", HELEN, now)
    return state


def place_of(state: JourneyState) -> tuple[str, date | None, int | None]:
    """Stage, sitting and position on the reserve list."""
    booking = state.booking
    return state.stage, booking.sitting if booking else None, booking.reserve if booking else None


def told(there: Office, state: JourneyState, subject: str) -> set[str]:
    """The posts that had notices of a kind about a journey."""
    return {
        notice.post
        for entry in there.entries
        if entry.process_id == state.process_id
        for notice in entry.notices
        if notice.subject == subject
    }


def _late(late: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a cut-off
    return {**HARP["cut_off"], "late": late, "cites": ["HIL-080", "HRT-043"], **more}


@pytest.mark.parametrize("actor", [CAROL, HELEN])
def test_where_nobody_may_let_a_late_case_in_everybody_is_refused_with_the_way_out(actor: Actor) -> None:
    there = office(cut_off=_late("nobody"))
    state = submitted(there, PAST_NOON)
    refusal = refused(state, "agree_late", actor, PAST_NOON, reasons="Urgent.")
    assert (refusal.code, refusal.rule) == (RefusalCode.PAST_CUT_OFF, "HRT-043")
    assert "emergency" in refusal.remedy
    assert place_of(state) == (Stage.LISTED, SECOND_PANEL, None)


def test_an_emergency_still_goes_past_a_cut_off_that_nobody_may_waive() -> None:
    there = office(cut_off=_late("nobody"))
    state = submitted(there, PAST_NOON)
    there.act(state, "authorise_emergency", DIANA, PAST_NOON, measure="accommodation", reasons="Tonight.")
    assert place_of(state) == (Stage.LISTED, PANEL, None)


@pytest.mark.parametrize(("actor", "rota"), [(HELEN, "dev"), (DEV, "dev"), (CAROL, None), (HELEN, None)])
def test_the_chair_or_the_own_head_of_service_lets_a_late_case_in(actor: Actor, rota: str | None) -> None:
    there = office(cut_off=_late("chair_or_head"))
    there.rota = {"harp": {PANEL: rota}} if rota else {}
    state = submitted(there, PAST_NOON)
    there.act(state, "agree_late", actor, PAST_NOON, reasons="Same day.")
    assert place_of(state) == (Stage.LISTED, PANEL, None)


def test_another_head_of_service_than_the_chair_and_the_own_one_does_not() -> None:
    there = office(cut_off=_late("chair_or_head"))
    there.rota = {"harp": {PANEL: "dev"}}
    state = submitted(there, PAST_NOON)
    refusal = refused(state, "agree_late", CAROL, PAST_NOON, reasons="Same day.")
    assert refusal.code is RefusalCode.NOT_AUTHORISED
    assert refused(state, "agree_late", AMIRA, PAST_NOON, reasons="Please.").code is RefusalCode.NOT_AUTHORISED


def test_a_post_that_the_procedure_names_lets_a_late_case_in_whoever_chairs() -> None:
    mine = {"agree_late": {"posts": ["panel_administrator"], "cites": ["HAC-307"]}}
    there = office(cut_off=_late("posts"), authority=mine)
    there.rota = {"harp": {PANEL: "dev"}}
    state = submitted(there, PAST_NOON)
    assert refused(state, "agree_late", DEV, PAST_NOON, reasons="Mine.").code is RefusalCode.NOT_AUTHORISED
    there.act(state, "agree_late", PAT, PAST_NOON, reasons="Special circumstances.")
    assert place_of(state) == (Stage.LISTED, PANEL, None)


def _fill(there: Office, on: date, how_many: int = 1) -> None:
    state = there.sitting_on(on, THURSDAY)
    for number in range(how_many):
        book(state, request(f"N-{number}-{on}"), THURSDAY)


def test_the_second_full_sitting_brings_a_case_before_the_chair() -> None:
    there = office(capacity=ROLLS)
    _fill(there, PANEL)
    first = submitted(there)
    assert place_of(first) == (Stage.LISTED, SECOND_PANEL, None)
    assert (first.slips, first.escalated) == (1, False)
    second = submitted(there, **{"referral_ref": "R-2", "child.reference": "C-2"})
    assert place_of(second) == (Stage.LISTED, THIRD_PANEL, None)
    assert (second.slips, second.escalated) == (2, True)


def test_a_case_without_room_and_then_carried_over_has_slipped_twice() -> None:
    there = office(capacity=ROLLS)
    _fill(there, PANEL)
    state = submitted(there)
    now = at("2031-03-17 09:00")
    there.act(there.sitting_on(SECOND_PANEL, now), "carry_over", PAT, now, case="R-1", reasons="No time.")
    assert place_of(state) == (Stage.LISTED, THIRD_PANEL, None)
    assert state.escalated


def test_behind_a_reserve_place_a_firm_one_is_held_at_the_next_sitting() -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = submitted(there)
    assert place_of(state) == (Stage.RESERVED, PANEL, 1)
    assert view(state, THURSDAY).firm_place == SECOND_PANEL
    assert "social_worker" in told(there, state, "firm_place_held")
    assert refused(state, "agree_extra", CAROL, THURSDAY, reasons="One more.").code is RefusalCode.SITTING_FULL


def test_a_firm_place_goes_past_sittings_that_are_full() -> None:
    there = office(capacity=FIRM)
    for on in (PANEL, SECOND_PANEL):
        _fill(there, on)
    state = submitted(there)
    assert state.fallback is not None
    assert state.fallback.sitting == THIRD_PANEL
    assert state.slips == 0


def test_when_its_sitting_is_over_a_case_has_its_firm_place_at_once() -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = submitted(there)
    morning = at("2031-03-11 09:30")
    meeting = there.sitting_on(PANEL, morning)
    open_sitting(there, meeting, morning)
    there.act(meeting, "close_sitting", PAT, at("2031-03-11 12:00"))
    assert place_of(state) == (Stage.LISTED, SECOND_PANEL, None)
    assert (state.fallback, state.wanted, state.carried_over) == (None, None, 1)


def _second_agenda(there: Office) -> list[str]:
    return [case.papers.referral_ref for case in agenda(there.sitting_on(SECOND_PANEL, THURSDAY))]


def test_a_case_that_moves_up_from_the_reserve_list_gives_its_firm_place_back() -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = submitted(there)
    assert _second_agenda(there) == ["R-1"]
    there.act(there.sitting_on(PANEL, THURSDAY), "carry_over", PAT, THURSDAY, case=f"N-0-{PANEL}")
    assert place_of(state) == (Stage.LISTED, PANEL, None)
    assert (state.fallback, _second_agenda(there)) == (None, [])


@pytest.mark.parametrize("act", ["withdraw", "redirect", "authorise_emergency"])
def test_a_case_that_leaves_gives_both_its_places_back(act: str) -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = submitted(there)
    said: dict[str, tuple[Actor, dict[str, str]]] = {
        "withdraw": (AMIRA, {"reasons": "Not needed."}),
        "redirect": (HELEN, {"forum": "complex_harp"}),
        "authorise_emergency": (DIANA, {"measure": "accommodation"}),
    }
    actor, details = said[act]
    there.act(state, act, actor, THURSDAY, **details)
    assert (state.fallback, _second_agenda(there)) == (None, [])


def test_a_firm_place_at_a_sitting_that_moves_or_falls_away_is_asked_for_again() -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = submitted(there)
    there.act(there.sitting_on(SECOND_PANEL, THURSDAY), "postpone", PAT, THURSDAY, to="2031-03-20")
    assert state.fallback is not None
    assert state.fallback.sitting == date(2031, 3, 20)
    there.act(there.sitting_on(date(2031, 3, 20), THURSDAY), "cancel", PAT, THURSDAY)
    assert state.fallback.sitting == THIRD_PANEL
    assert place_of(state) == (Stage.RESERVED, PANEL, 1)


def test_news_of_a_firm_place_changes_it_and_nothing_else() -> None:
    mine = {"set_priority": {"posts": ["panel_administrator"], "cites": ["HAC-323"]}}
    there = office(capacity={**FIRM, "cases": 2}, authority=mine)
    _fill(there, PANEL, 2)
    _fill(there, SECOND_PANEL, 1)
    state = submitted(there)
    before = state.fallback
    there.act(there.sitting_on(SECOND_PANEL, THURSDAY), "set_priority", PAT, THURSDAY, order=["R-1"])
    assert state.fallback is not None
    assert before is not None
    assert (before.slot, state.fallback.slot) == (at("2031-03-18 09:45"), at("2031-03-18 09:30"))
    assert place_of(state) == (Stage.RESERVED, PANEL, 1)


@pytest.mark.parametrize(("to", "stage"), [("2031-03-13", Stage.LISTED), ("2031-03-20", Stage.LISTED)])
def test_an_extra_date_takes_the_reserve_list_unless_the_firm_place_is_sooner(to: str, stage: Stage) -> None:
    mine = {"add_date": {"posts": ["panel_administrator"], "cites": ["HAC-297"]}}
    there = office(capacity=FIRM, authority=mine)
    _fill(there, PANEL)
    state = submitted(there)
    there.act(there.sitting_on(PANEL, THURSDAY), "add_date", PAT, THURSDAY, to=to)
    sooner = min(date.fromisoformat(to), SECOND_PANEL)
    assert place_of(state) == (stage, sooner, None)
    assert (state.fallback, state.carried_over) == (None, 0)
    assert _second_agenda(there) == (["R-1"] if sooner == SECOND_PANEL else [])


WITH_FORM = {"documents": ["Access to resource panel form", "Section 20 checklist", "Booking form"]}
COURT = {"circumstances.next_review_on": "2031-03-20"}


def test_a_place_is_held_ahead_of_the_papers_and_is_the_cases_own_once_they_are_in() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**WITH_FORM, **COURT))
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, PANEL, None)
    assert (view(state, THURSDAY).provisional, state.clocks["court_date"].state) == (True, "met")
    assert told(there, state, "place_held") == {"social_worker", "team_manager", "panel_administrator"}
    there.act(state, "sign_off", TOM, FRIDAY_NOON, comments="Supported.")
    assert view(state, THURSDAY).provisional
    there.act(state, "endorse", HELEN, FRIDAY_NOON)
    assert place_of(state) == (Stage.LISTED, PANEL, None)
    assert not view(state, THURSDAY).provisional
    assert not there.sitting_on(PANEL, THURSDAY).cases[0].provisional


def test_a_held_place_is_lost_at_the_cut_off_and_held_again_at_the_next_sitting() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**WITH_FORM))
    there.advance(at("2031-03-07 12:00"))
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, PANEL, None)
    there.advance(PAST_NOON)
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, SECOND_PANEL, None)
    assert "panel_administrator" in told(there, state, "place_lost")
    assert [case.state for case in there.sitting_on(PANEL, PAST_NOON).cases] == ["released"]
    there.act(state, "sign_off", TOM, PAST_NOON, comments="Supported.")
    there.act(state, "endorse", HELEN, PAST_NOON)
    assert place_of(state) == (Stage.LISTED, SECOND_PANEL, None)


def test_without_the_paper_that_asks_for_it_no_place_is_held_until_it_comes() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral())
    assert state.booking is None
    there.act(state, "supply_document", AMIRA, THURSDAY, document="Booking form")
    assert view(state, THURSDAY).provisional


def test_a_court_date_without_a_place_is_watched_until_it_comes() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**COURT))
    assert (state.clocks["court_date"].state, state.clocks["court_date"].due) == ("running", at("2031-03-20 17:00"))
    there.advance(at("2031-03-20 17:00"))
    assert state.clocks["court_date"].state == "breached"


def test_a_returned_form_keeps_its_held_place_until_the_cut_off() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**WITH_FORM))
    there.act(state, "return_for_changes", TOM, THURSDAY, reasons="Say more.")
    assert place_of(state) == (Stage.RETURNED, PANEL, None)
    there.advance(PAST_NOON)
    assert place_of(state) == (Stage.RETURNED, SECOND_PANEL, None)


@pytest.mark.parametrize(("act", "on"), [("postpone", date(2031, 3, 13)), ("cancel", SECOND_PANEL)])
def test_a_held_place_follows_a_sitting_that_moves_or_falls_away(act: str, on: date) -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**WITH_FORM))
    details = {"to": str(on)} if act == "postpone" else {}
    there.act(there.sitting_on(PANEL, THURSDAY), act, PAT, THURSDAY, **details)
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, on, None)
    assert view(state, THURSDAY).provisional


def test_a_held_reserve_place_moves_up_without_moving_the_case() -> None:
    there = office(booking=AHEAD, capacity={**FIRM, "overflow": "reserve"})
    _fill(there, PANEL)
    state = there.refer(referral(**WITH_FORM))
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, PANEL, 1)
    there.act(there.sitting_on(PANEL, THURSDAY), "carry_over", PAT, THURSDAY, case=f"N-0-{PANEL}")
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, PANEL, None)


def test_an_emergency_takes_over_a_held_place() -> None:
    there = office(booking=AHEAD)
    state = there.refer(referral(**WITH_FORM))
    there.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert place_of(state) == (Stage.LISTED, PANEL, None)
    assert not view(state, THURSDAY).provisional


PART = {"sits_with": "harp", "schedule": None, "cut_off": None, "capacity": None, "quorum": None, "seats": ()}


def _parts(**more: Any) -> Council:  # noqa: ANN401 - parts of a forum
    unsigned = {**PART, "chain": (), "documents": (), "also_known_as": ("part_1",)}
    return council_with(harp={"capacity": ROLLS, **more}, first_part=unsigned, second_part=PART)


def test_a_part_of_a_meeting_is_listed_at_that_meeting_and_known_there_as_its_part() -> None:
    there = Office(council=_parts())
    state = there.refer(referral(forum="first_part"))
    assert place_of(state) == (Stage.LISTED, PANEL, None)
    assert state.booking is not None
    assert (state.booking.forum, view(state, THURSDAY).forum) == ("harp", "first_part")
    assert there.sitting_on(PANEL, THURSDAY).cases[0].papers.forum == "first_part"


def test_the_parts_of_a_meeting_share_its_limit_and_its_cut_off() -> None:
    there = Office(council=_parts())
    there.refer(referral(forum="first_part"))
    other = submitted(there, forum="second_part", referral_ref="R-2", **{"child.reference": "C-2"})
    assert place_of(other) == (Stage.LISTED, SECOND_PANEL, None)
    assert other.clocks["cut_off"].due == FRIDAY_NOON
    late = there.refer(referral(forum="first_part", referral_ref="R-3", **{"child.reference": "C-3"}), PAST_NOON)
    assert place_of(late) == (Stage.LISTED, THIRD_PANEL, None)


def test_between_the_parts_a_case_keeps_its_place() -> None:
    there = Office(council=_parts())
    state = submitted(there, forum="second_part")
    slot = state.booking.slot if state.booking else None
    there.act(state, "redirect", HELEN, THURSDAY, forum="part_1")
    assert (state.forum_key, place_of(state)) == ("first_part", (Stage.LISTED, PANEL, None))
    assert state.booking is not None
    assert state.booking.slot == slot
    assert there.sitting_on(PANEL, THURSDAY).cases[0].papers.forum == "first_part"


def test_a_part_that_asks_for_a_signature_takes_the_case_back_to_whoever_signs() -> None:
    there = Office(council=_parts())
    state = there.refer(referral(forum="first_part"))
    there.act(state, "redirect", HELEN, THURSDAY, forum="second_part")
    assert place_of(state) == (Stage.AWAITING_SIGN_OFF, None, None)
    assert there.sitting_on(PANEL, THURSDAY).cases[0].state == "released"
    there.act(state, "redirect", HELEN, THURSDAY, forum="first_part")
    assert place_of(state) == (Stage.LISTED, PANEL, None)


def test_an_emergency_and_a_late_case_of_a_part_go_to_its_meeting() -> None:
    there = Office(council=_parts(capacity=HARP["capacity"]))
    there.rota = {"harp": {PANEL: "carol"}}
    urgent = there.refer(referral(forum="first_part"), PAST_NOON)
    there.act(urgent, "authorise_emergency", DIANA, PAST_NOON, measure="accommodation")
    late = there.refer(referral(forum="first_part", referral_ref="R-2", **{"child.reference": "C-2"}), PAST_NOON)
    there.act(late, "agree_late", CAROL, PAST_NOON, reasons="Same day.")
    assert place_of(urgent) == place_of(late) == (Stage.LISTED, PANEL, None)


@pytest.mark.parametrize(
    ("asked", "on"),
    [
        ("2031-03-18", SECOND_PANEL),
        ("2031-03-19", THIRD_PANEL),
        ("2031-03-11", PANEL),
        ("2031-03-01", PANEL),
        ("2031-04-15", date(2031, 4, 15)),
    ],
)
def test_the_sitting_that_was_asked_for_or_the_next_one_after_it(asked: str, on: date) -> None:
    assert place_of(submitted(office(), **{"request.sitting": asked})) == (Stage.LISTED, on, None)


def test_a_sitting_that_was_asked_for_too_late_gives_the_next_one_in_time() -> None:
    state = submitted(office(), PAST_NOON, **{"request.sitting": "2031-03-11"})
    assert place_of(state) == (Stage.LISTED, SECOND_PANEL, None)


HEAR_BY = {
    "path": "circumstances.next_review_on",
    "before": "P3W",
    "tells": ["independent_reviewing_officer"],
    "cites": ["CBC-061"],
}


@pytest.mark.parametrize(("review", "flagged"), [("2031-04-01", False), ("2031-03-31", True)])
def test_a_place_later_than_three_weeks_before_the_review_is_told_of_and_not_refused(
    review: str, *, flagged: bool
) -> None:
    there = office(hear_by=(HEAR_BY,))
    state = submitted(there, **{"circumstances.next_review_on": review})
    assert place_of(state) == (Stage.LISTED, PANEL, None)
    assert ("Its place is later than" in " ".join(view(state, THURSDAY).flags)) is flagged
    assert (told(there, state, "heard_too_late") == {"independent_reviewing_officer"}) is flagged


def test_a_day_to_be_heard_by_counts_neither_without_a_date_nor_where_it_is_waived() -> None:
    assert not view(submitted(office(hear_by=(HEAR_BY,))), THURSDAY).flags
    waived = {**HEAR_BY, "unless": ({"path": "team.unit", "equals": "children in need"},)}
    state = submitted(office(hear_by=(waived,)), **{"circumstances.next_review_on": "2031-03-12"})
    assert not view(state, THURSDAY).flags


def test_a_later_place_that_is_in_time_again_takes_the_flag_away() -> None:
    there = office(hear_by=(HEAR_BY,))
    state = submitted(there, PAST_NOON, **{"circumstances.next_review_on": "2031-04-02"})
    assert any("later than 2031-03-12" in flag for flag in state.flags)
    there.act(state, "authorise_emergency", DIANA, PAST_NOON, measure="accommodation")
    assert not any("later than" in flag for flag in state.flags)


LIST_BY = {
    "anchor": ["circumstances.looked_after_since", "circumstances.kinship_placement_since"],
    "earliest": "P21D",
    "target": "P28D",
    "latest": "P42D",
    "cites": ["HAC-280"],
}


def test_a_case_with_a_window_goes_to_its_last_panel_and_is_watched_until_it_is_heard() -> None:
    there = office(list_by=LIST_BY)
    state = submitted(there, **{"circumstances.looked_after_since": "2031-03-04"})
    assert place_of(state) == (Stage.LISTED, date(2031, 4, 15), None)
    assert (state.clocks["list_by"].due, state.clocks["list_by"].owner) == (
        at("2031-04-15 17:00"),
        "panel_administrator",
    )
    morning = at("2031-04-15 09:30")
    there.advance(morning)
    meeting = there.sitting_on(date(2031, 4, 15), morning)
    open_sitting(there, meeting, morning)
    there.act(meeting, "hear", PAT, morning, case="R-1")
    assert state.clocks["list_by"].state == "met"


def test_of_two_days_the_later_one_counts() -> None:
    both = {"circumstances.looked_after_since": "2030-01-01", "circumstances.kinship_placement_since": "2031-03-04"}
    assert place_of(submitted(office(list_by=LIST_BY), **both))[1] == date(2031, 4, 15)


def test_without_its_days_a_case_is_listed_like_any_other() -> None:
    state = submitted(office(list_by=LIST_BY))
    assert (place_of(state)[1], "list_by" in state.clocks) == (PANEL, False)


def test_a_window_without_a_panel_wants_an_extra_sitting_and_takes_the_next() -> None:
    monthly = {**HARP["schedule"], "every": "month", "nth": 1}
    there = office(list_by=LIST_BY, schedule=monthly)
    state = submitted(there, **{"circumstances.looked_after_since": "2031-03-04"})
    in_window = place_of(state)[1]
    assert in_window == date(2031, 4, 1)
    none = submitted(
        there, referral_ref="R-2", **{"child.reference": "C-2", "circumstances.looked_after_since": "2031-02-10"}
    )
    assert place_of(none)[1] == date(2031, 4, 1)
    assert any("extra sitting" in flag for flag in none.flags)
    assert told(there, none, "extra_sitting_wanted") == {"panel_administrator"}


def test_a_window_that_has_passed_is_overdue_at_once_and_the_case_goes_to_the_next_panel() -> None:
    there = office(list_by=LIST_BY)
    state = submitted(there, **{"circumstances.looked_after_since": "2031-01-02"})
    run_clocks(state, THURSDAY)
    assert (place_of(state)[1], state.clocks["list_by"].state) == (PANEL, "breached")


def test_an_amended_day_moves_the_window() -> None:
    there = office(list_by=LIST_BY)
    state = there.refer(referral(**{"circumstances.looked_after_since": "2031-03-04"}))
    there.act(state, "sign_off", TOM, THURSDAY, comments="Supported.")
    there.act(state, "return_for_changes", HELEN, THURSDAY, reasons="The date is wrong.")
    there.act(state, "amend", AMIRA, THURSDAY, **{"circumstances.looked_after_since": "2031-02-25"})
    there.act(state, "sign_off", TOM, THURSDAY, comments="Supported.")
    there.act(state, "endorse", HELEN, THURSDAY)
    assert state.clocks["list_by"].due == at("2031-04-08 17:00")


def test_a_place_that_comes_while_a_firm_one_is_asked_for_ends_the_asking() -> None:
    there = office(capacity=FIRM)
    _fill(there, PANEL)
    state = there.refer(referral())
    there.act(state, "sign_off", TOM, THURSDAY, comments="Supported.")
    do(state, "endorse", HELEN, THURSDAY)
    answered(state, there.ask(state, THURSDAY), THURSDAY)
    asked = state.wanted
    assert asked is not None
    assert asked.firm
    answer = there.ask(state, THURSDAY)
    do(there.sitting_on(PANEL, THURSDAY), "carry_over", PAT, THURSDAY, case=f"N-0-{PANEL}")
    for message in there.sitting_on(PANEL, THURSDAY).undelivered:
        if message.news is not None and message.to == state.process_id:
            take_news(state, message.news, THURSDAY)
    assert (place_of(state), state.wanted) == ((Stage.LISTED, PANEL, None), None)
    came_too_late(state, asked, answer)
    there.settle(THURSDAY)
    assert _second_agenda(there) == []


def test_a_flag_that_stays_is_told_of_once() -> None:
    there = office(hear_by=(HEAR_BY,))
    state = submitted(there, **{"circumstances.next_review_on": "2031-03-12"})
    there.act(there.sitting_on(PANEL, THURSDAY), "carry_over", PAT, THURSDAY, case="R-1")
    assert place_of(state)[1] == SECOND_PANEL
    assert sum(entry.what == "heard_too_late" for entry in there.entries) == 1


def test_a_case_that_slips_out_of_its_window_keeps_its_clock() -> None:
    there = office(list_by=LIST_BY)
    state = submitted(there, **{"circumstances.looked_after_since": "2031-02-04"})
    before = state.clocks["list_by"]
    assert place_of(state)[1] == SECOND_PANEL
    there.act(state, "redirect", HELEN, THURSDAY, forum="complex_harp")
    there.act(state, "redirect", HELEN, THURSDAY, forum="harp")
    assert (place_of(state)[1], state.clocks["list_by"]) == (SECOND_PANEL, before)


def test_a_returned_form_that_is_redirected_stays_with_its_worker() -> None:
    there = Office(council=_parts())
    state = there.refer(referral(forum="second_part"))
    there.act(state, "return_for_changes", TOM, THURSDAY, reasons="Say more.")
    there.act(state, "redirect", HELEN, THURSDAY, forum="first_part")
    assert place_of(state) == (Stage.RETURNED, None, None)
