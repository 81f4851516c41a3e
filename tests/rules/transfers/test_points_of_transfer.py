from typing import Any

import pytest

from models.process import Word
from rules.transfers.kind import CASE_TRANSFER
from rules.watches import kernel
from tests.builders import at
from tests.rules.transfers.moving import (
    AA,
    ALMA,
    CARL,
    CIN,
    CWD,
    GARY,
    GINA,
    LAC,
    LC,
    MONDAY,
    code,
    do,
    due,
    later,
    not_started,
    refusal,
    requested,
    seen,
    starting,
    stood,
    who,
    whole,
)

LENA = who("lena", unit=LAC)
LOU = who("lou", unit=LC)


@pytest.mark.parametrize(
    ("said", "route"),
    [
        pytest.param({}, "child_in_need", id="nothing else known"),
        pytest.param({"child_protection": True}, "child_protection", id="a protection plan"),
        pytest.param({"rcpc": "2031-05-16"}, "child_protection", id="a review conference"),
        pytest.param({"edd": "2031-07-04"}, "pre_birth", id="an expected date"),
        pytest.param({"first_hearing": "2031-03-20"}, "court", id="a hearing"),
        pytest.param({"first_review_on": "2031-03-20"}, "looked_after", id="a review"),
        pytest.param({"legal_status": "S20"}, "looked_after", id="accommodated"),
        pytest.param({"to": "CWD"}, "disability", id="to the disability service"),
        pytest.param({"from_": CIN, "to": LAC, "permanency_plan": "P-1"}, "permanence", id="a plan for permanence"),
        pytest.param(
            {"from_": CIN, "to": "adoption", "final_hearing": "2031-03-20"}, "permanence_in_court", id="a final hearing"
        ),
        pytest.param({"from_": LAC, "to": LC}, "leaving_care", id="leaving care"),
        pytest.param({"from_": "rapid response", "to": CIN}, "rapid_response", id="out of Rapid Response"),
        pytest.param({"from_": CWD, "to": LAC}, "disability_final_order", id="a disabled child in care"),
        pytest.param({"temporary": True}, "cover", id="for a time"),
        pytest.param({"from_": "unit 3", "to": "unit 8"}, "other", id="units that no service is known of"),
        pytest.param({"route": "CP"}, "child_protection", id="named"),
    ],
)
def test_the_route_follows_from_what_is_known(said: dict[str, Any], route: str) -> None:
    assert requested(**said).facts["transfer.route"] == route


def test_a_case_of_which_no_service_is_known_is_transferred_all_the_same() -> None:
    state = kernel.begin(CASE_TRANSFER, starting({}), at(MONDAY))
    assert (state.facts["transfer.route"], due(state)) == ("other", "2031-03-06 17:00")
    assert code(state, MONDAY, CARL, "complete_transfer") == "incomplete"
    do(state, MONDAY, CARL, "record_joint_visit")
    do(state, MONDAY, CARL, "complete_transfer")
    assert state.stage == "transferred"


def test_what_the_file_does_not_know_is_named() -> None:
    assert not_started(route="teleport").code == "unknown"
    assert "grand_opening" in not_started(grand_opening="2031-03-20").sentence
    assert "left_handed" in not_started(left_handed=True).sentence
    assert not_started(approvals={"bake_off": True}).code == "invalid"
    assert not_started(colour="blue").code == "invalid"
    assert not_started(child=7).code == "invalid"


def test_outside_the_points_of_transfer_reasons_are_needed() -> None:
    refused = not_started(from_=LAC, to=AA)
    assert (refused.code, refused.rule) == ("incomplete", "HAC-457")
    state = requested(from_=LAC, to=AA, reasons="A new enquiry.")
    assert any("HAC-457" in flag for flag in seen(state, MONDAY).flags)


@pytest.mark.parametrize(
    ("said", "code_", "rule"),
    [
        pytest.param({"from_": CWD, "to": CIN, "disabled": True, "court": True}, "prohibited", "HAC-046", id="court"),
        pytest.param({"from_": CWD, "to": CIN, "disabled": True, "cp_plan": True}, "incomplete", "HAC-048", id="plan"),
        pytest.param({"to": "adoption", "court": True}, "incomplete", "HAC-025", id="proceedings"),
        pytest.param({"from_": CIN, "to": LAC, "cp_plan": True}, "incomplete", "HAC-024", id="a protection plan"),
        pytest.param({"from_": CIN, "to": LC, "section_20": True}, "incomplete", "HAC-023", id="section 20"),
        pytest.param({"from_": CIN, "to": AA, "child_in_need": True}, "incomplete", "HAC-022", id="in need"),
        pytest.param({"to": LAC, "first_review": "2031-03-03"}, "incomplete", "HAC-095", id="LAC without a plan"),
        pytest.param({"from_": CIN, "to": LAC}, "incomplete", "HAC-112", id="no plan of separation"),
        pytest.param(
            {"from_": CIN, "to": LC, "dob": "2015-03-03"},
            "incomplete",
            "HAC-112",
            id="sixteen, and no plan of separation",
        ),
    ],
)
def test_a_case_belongs_somewhere(said: dict[str, Any], code_: str, rule: str) -> None:
    refused = not_started(**said)
    assert (refused.code, refused.rule) == (code_, rule)
    state = requested(**said, reasons="Agreed between us.")
    assert state.facts["transfer.reasons"] is True


def test_a_transfer_that_another_process_begins_is_not_sent_back_to_it() -> None:
    start = starting({"from": CIN, "to": LC, "section_20": True}, came_from="package/hackney/P-1")
    state = kernel.begin(CASE_TRANSFER, start, at(MONDAY))
    assert state.facts["transfer.departs"] is True
    assert any("HAC-080" in flag for flag in seen(state, MONDAY).flags)


def test_group_managers_decide_together_about_a_disabled_child_with_a_plan() -> None:
    state = requested(from_=CIN, to=CWD, disabled=True, cp_plan=True)
    do(state, MONDAY, CARL, "record_joint_visit")
    dora = who("dora", unit=CWD)
    assert code(state, MONDAY, dora, "complete_transfer") == "incomplete"
    assert code(state, MONDAY, dora, "complete_transfer", agreed_by=[whole(GARY), whole(CARL)]) == "incomplete"
    assert code(state, MONDAY, dora, "complete_transfer", agreed_by=[whole(GARY), whole(GARY)]) == "incomplete"
    assert code(state, MONDAY, dora, "complete_transfer", group_managers_agreed=True) is None
    do(state, MONDAY, ALMA, "record_event", event="assessment", agreed_by="gwen")
    do(state, MONDAY, dora, "complete_transfer", agreed_by=[whole(GARY)])
    assert state.agreed == ("gwen", "gary")


def test_a_case_moves_at_its_point_or_with_reasons() -> None:
    state = requested(first_review="2031-03-20")
    assert due(state) == "2031-03-25 17:00"
    do(state, MONDAY, CARL, "record_joint_visit")
    assert code(state, MONDAY, CARL, "complete_transfer") == "illegal_move"
    assert code(state, MONDAY, CARL, "complete_transfer", reasons="The child knows the worker.") is None
    do(state, "2031-03-04 09:00", ALMA, "record_event", event="first_lac_review", on="2031-03-04")
    assert due(state) == "2031-03-07 17:00"
    assert code(state, "2031-03-04 09:00", CARL, "complete_transfer") is None


def test_a_point_that_nobody_knows_lets_the_clock_run_from_the_request() -> None:
    state = requested(looked_after=True)
    assert due(state) == "2031-03-06 17:00"
    assert code(state, MONDAY, CARL, "complete_transfer") == "illegal_move"


def test_court_cases_are_due_on_the_day_of_the_hearing() -> None:
    state = requested(first_hearing="2031-05-27")
    assert (due(state), due(state, "court_paperwork")) == ("2031-05-27 17:00", "2031-05-23 17:00")
    assert due(requested(first_hearing="2031-02-20")) == "2031-03-06 17:00", "a hearing before the request"
    do(state, "2031-05-27 10:00", ALMA, "record_event", event="first_hearing", present=[whole(ALMA)])
    assert code(state, "2031-05-27 10:00", CARL, "complete_transfer") == "incomplete"
    do(state, "2031-05-27 11:00", ALMA, "record_event", event="first_hearing", present=[AA, CIN])
    do(state, "2031-05-27 12:00", CARL, "complete_transfer")
    view = seen(state, "2031-05-27 12:00")
    assert (view.stage, view.open, view.overdue) == ("transferred", True, True), "the paperwork is still to come"
    do(state, "2031-05-28 12:00", ALMA, "supply_information", items="Court paperwork")
    assert not seen(state, "2031-05-28 12:00").open


@pytest.mark.parametrize(
    ("expected", "due_by"),
    [
        pytest.param("2031-07-04", "2031-05-09 17:00", id="long before"),
        pytest.param("2031-06-30", "2031-05-02 17:00", id="eight weeks before lies on a bank holiday"),
        pytest.param("2031-04-20", "2031-03-06 17:00", id="between eight and four weeks"),
        pytest.param("2031-04-01", "2031-03-06 17:00", id="four weeks and a day"),
    ],
)
def test_before_birth_eight_weeks_or_three_working_days(expected: str, due_by: str) -> None:
    state = requested(edd=expected)
    assert (due(state), state.facts["transfer.stays_until_hearing"]) == (due_by, False)


def test_at_four_weeks_or_less_the_case_stays_until_the_hearing() -> None:
    state = requested(edd="2031-03-31")
    refused = refusal(state, MONDAY, CARL, "complete_transfer", reasons="We want it.")
    assert refused is not None
    assert (refused.code, refused.rule) == ("prohibited", "HAC-092")
    do(state, "2031-03-20 09:00", ALMA, "record_event", event="initial_hearing")
    assert due(state) == "2031-03-25 17:00"
    do(state, "2031-03-20 09:00", CARL, "complete_transfer")
    assert state.stage == "transferred"


def test_the_window_moves_with_the_expected_date_until_the_birth() -> None:
    state = requested(edd="2031-07-04", identified_on="2031-03-01")
    do(state, "2031-03-04 09:00", ALMA, "supply_information", edd="2031-03-20")
    assert state.facts["transfer.stays_until_hearing"] is True
    do(state, "2031-03-05 09:00", ALMA, "record_event", event="expected_delivery", on="2031-07-11")
    assert (state.facts["transfer.stays_until_hearing"], due(state)) == (False, "2031-05-16 17:00")
    do(state, "2031-03-06 09:00", ALMA, "record_event", event="birth")
    assert code(state, "2031-03-07 09:00", ALMA, "record_event", event="edd", on="2031-08-01") == "illegal_move"
    assert code(state, "2031-03-07 09:00", ALMA, "supply_information", edd="2031-08-01") == "illegal_move"
    assert due(state) == "2031-05-16 17:00"
    assert due(requested(pre_birth=True)) == "2031-03-06 17:00", "no date is known"


def test_the_core_group_is_planned_back_from_the_conference() -> None:
    state = requested(rcpc="2031-05-16")
    assert due(state, "core_group") == "2031-04-04 17:00"
    do(state, MONDAY, ALMA, "record_event", event="rcpc", on="2031-06-05")
    assert due(state, "core_group") == "2031-04-24 17:00"
    assert not any("HAC-085" in flag for flag in seen(state, MONDAY).flags)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        pytest.param("2031-03-03 09:00", "2031-03-03 17:00", id="in the morning"),
        pytest.param("2031-03-03 17:00", "2031-03-04 17:00", id="at close of business"),
        pytest.param("2031-03-01 09:00", "2031-03-03 17:00", id="on a Saturday"),
    ],
)
def test_with_less_than_six_weeks_left_it_is_at_once_and_shown(asked: str, by: str) -> None:
    state = requested(asked, rcpc="2031-04-10")
    assert due(state, "core_group") == by
    assert any("Fewer than six weeks" in flag for flag in seen(state, asked).flags)


def test_the_new_worker_takes_the_minutes_and_meets_the_family() -> None:
    state = requested(rcpc="2031-05-16")
    sent = {"event": "core_group", "present": [whole(ALMA)]}
    assert code(state, MONDAY, CARL, "record_event", **sent) == "incomplete"
    here = {"event": "core_group", "present": [whole(ALMA), whole(CARL)]}
    assert code(state, MONDAY, CARL, "record_event", **here) == "incomplete"
    assert code(state, MONDAY, CARL, "record_event", **here, minutes_by=whole(ALMA)) == "incomplete"
    do(state, MONDAY, CARL, "record_event", **here, minutes_by=whole(CARL), family_met=False)
    assert any("HAC-088" in flag for flag in seen(state, MONDAY).flags)
    assert stood(state, "core_group") == "met"
    refused = refusal(state, MONDAY, CARL, "complete_transfer")
    assert refused is not None
    assert refused.rule == "HAC-087", "the introduction replaces no visit"


def test_the_core_group_goes_on_after_the_transfer() -> None:
    state = requested(rcpc="2031-05-16")
    do(state, MONDAY, CARL, "record_joint_visit")
    do(state, MONDAY, CARL, "complete_transfer")
    assert seen(state, MONDAY).open
    do(state, "2031-03-10 09:00", CARL, "record_event", event="core_group", minutes_by="carl", family_met=True)
    assert not seen(state, "2031-03-10 09:00").open


@pytest.mark.parametrize(
    ("born", "when", "expected"),
    [
        pytest.param("2016-02-29", "2032-02-28 10:00", "prohibited", id="the day before the birthday on leap day"),
        pytest.param("2016-02-29", "2032-06-30 10:00", "prohibited", id="the last day before July of Year 11"),
        pytest.param("2016-02-29", "2032-07-01 10:00", "incomplete", id="1 July: only the visit is missing"),
        pytest.param("2016-08-20", "2032-08-19 10:00", "prohibited", id="Year 11 is over, not yet sixteen"),
        pytest.param("2016-08-20", "2032-08-20 10:00", "incomplete", id="the sixteenth birthday"),
        pytest.param(None, "2032-08-20 10:00", "prohibited", id="nobody knows the date of birth"),
    ],
)
def test_leaving_care_comes_after_sixteen_and_the_exams(born: str | None, when: str, expected: str) -> None:
    state = requested(from_=LAC, to=LC, **({"dob": born} if born else {}))
    assert code(state, when, LOU, "complete_transfer") == expected


def test_leaving_care_is_due_after_the_later_of_birthday_and_exams() -> None:
    child = {"reference": "C-1", "dob": "2015-08-20"}
    assert due(requested(child=child, from_=LAC, to=LC)) == "2031-08-26 17:00", "over the bank holiday"


@pytest.mark.parametrize(
    "avoid",
    [
        ["2031-03-05", "2031-03-07"],
        [["2031-03-05", "2031-03-07"]],
        [{"from": "2031-03-05", "to": "2031-03-07", "what": "A trial."}],
        {"starts": "2031-03-05", "ends": "2031-03-07"},
        ["2031-03-05", "2031-03-06", "2031-03-07"],
    ],
)
def test_days_to_be_avoided_are_avoided(avoid: object) -> None:
    state = requested(dob="2013-01-10", from_=LAC, to=LC, exams=avoid, exams_end="2031-03-04")
    do(state, "2031-03-04 09:00", LOU, "record_joint_visit")
    days = {day: code(state, f"2031-03-{day:02} 10:00", LOU, "complete_transfer") for day in range(3, 9)}
    assert days == {3: "prohibited", 4: None, 5: "prohibited", 6: "prohibited", 7: "prohibited", 8: None}


def test_one_day_may_be_avoided_too() -> None:
    state = requested(dob="2013-01-10", from_=LAC, to=LC, avoid="2031-03-05")
    assert (len(state.avoid), state.avoid[0].starts) == (1, state.avoid[0].ends)
    assert not_started(avoid=[[]]).code == "invalid"


def test_a_young_person_may_stay_and_nobody_else() -> None:
    state = requested(dob="2014-01-10", from_=LAC, to=LC, wishes="Wants to stay.")
    do(state, MONDAY, LENA, "stay", reasons="Asked to stay.")
    assert (state.stage, state.outcome) == ("stayed", "stayed")
    assert code(requested(), MONDAY, ALMA, "stay", reasons="We keep it.") == "illegal_move"


def test_at_fifteen_both_group_managers_agree() -> None:
    state = requested(dob="2016-03-05", from_=CIN, to=LC)
    do(state, MONDAY, CARL, "record_joint_visit")
    both = [whole(GARY), whole(GINA)]
    assert code(state, "2031-03-04 09:00", LOU, "complete_transfer", agreed_by=both) == "prohibited"
    assert code(state, "2031-03-05 09:00", LOU, "complete_transfer", agreed_by=both[:1]) == "incomplete"
    assert code(state, "2031-03-05 09:00", LOU, "complete_transfer", agreed_by=both) is None


def test_out_of_rapid_response_with_the_panels_approval() -> None:
    state = requested(from_="rapid response", to=LAC, permanency_plan=True, approved_by="fostering_panel")
    assert code(state, MONDAY, LENA, "complete_transfer") == "prohibited"
    assert code(state, MONDAY, LENA, "complete_transfer", approvals={"crp": False}) == "prohibited"
    assert code(state, MONDAY, LENA, "complete_transfer", approved_by=["crp"]) is None
    facts = {"forum": "childrens_resource_panel", "outcome": "approved", "on": "2031-03-03"}
    word = Word(message_id="w1", what="decided", sender="journey/hackney/R-1", by=GARY, facts=facts)
    kernel.take_word(CASE_TRANSFER, state, word, at(MONDAY))
    assert code(state, MONDAY, LENA, "complete_transfer") is None


def test_where_to_may_be_said_when_it_is_completed() -> None:
    start = starting({"from": "rapid response", "route": "rapid_response"}, came_from="package/hackney/P-1")
    state = kernel.begin(CASE_TRANSFER, start, at(MONDAY))
    assert code(state, MONDAY, CARL, "complete_transfer") == "incomplete"
    assert code(state, MONDAY, CARL, "complete_transfer", to="lac") == "prohibited"
    do(state, MONDAY, CARL, "complete_transfer", to="cin")
    assert (state.facts["transfer.held_by"], state.undelivered[-1].to) == (CIN, "episode/hackney/C-1")
    other = requested()
    do(other, MONDAY, CARL, "record_joint_visit")
    do(other, MONDAY, CARL, "complete_transfer", to=LAC)
    assert other.facts["transfer.held_by"] == CIN, "completing redirects nothing"


def test_cover_lasts_two_months_and_never_returns_by_itself() -> None:
    assert not_started(temporary=True, until="2031-05-04").rule == "HAC-140"
    state = requested("2031-12-31 09:00", temporary=True, until="2032-02-29")
    do(state, "2031-12-31 10:00", CARL, "complete_transfer")
    assert (state.stage, due(state, "temporary_allocation")) == ("covered", "2032-02-29 17:00")
    later(state, "2032-02-29 17:00")
    view = seen(state, "2032-02-29 17:00")
    assert (view.stage, view.overdue, view.open, view.waiting_on) == ("covered", True, True, "group_manager")
    assert code(state, "2032-03-01 09:00", ALMA, "return_case", on="2032-03-02") == "invalid"
    do(state, "2032-03-01 09:00", ALMA, "return_case")
    assert (state.stage, state.facts["transfer.held_by"], seen(state, "2032-03-01 09:00").open) == (
        "returned",
        AA,
        False,
    )


def test_the_plan_comes_with_a_case_that_needs_more_work() -> None:
    state = requested(core_assessment_recommends_work=True)
    do(state, MONDAY, CARL, "record_joint_visit")
    refused = refusal(state, MONDAY, CARL, "complete_transfer")
    assert refused is not None
    assert refused.rule == "HAC-102"
    assert code(state, MONDAY, CARL, "complete_transfer", plan="PLAN-7", circumstances={"temporary": False}) is None
    assert code(state, MONDAY, CARL, "complete_transfer", events={"core_group": "2031-03-03"}) == "incomplete"
