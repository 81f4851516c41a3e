from typing import Any

import pytest
from pydantic import ValidationError

from models.unit_meeting import CloseMeeting, OpenMeeting, RecordDiscussion
from rules.units.agenda import in_depth, rules
from rules.units.kind import UNIT_MEETING
from rules.watches import kernel
from tests.builders import at
from tests.rules.units.meeting import (
    CARL,
    GARY,
    MONDAY,
    SAM,
    UMA,
    begun,
    code,
    do,
    due,
    following,
    later,
    not_opened,
    opened,
    planned,
    refusal,
    seen,
    stood,
    told,
    who,
    whole,
)

QUIET = {"no_activity": True}


def test_every_case_is_discussed_before_the_meeting_closes() -> None:
    state = opened("C-1", "C-2")
    assert state.facts["meeting.undiscussed"] == ["C-1", "C-2"]
    do(state, MONDAY, UMA, "record_discussion", case="C-1", summary="School goes well.")
    refused = refusal(state, UMA, "close_meeting")
    assert refused is not None
    assert (refused.code, refused.rule) == ("incomplete", "HAC-065")
    assert "C-2" in refused.sentence
    do(state, MONDAY, UMA, "record_discussion", case="C-2", **QUIET)
    do(state, MONDAY, UMA, "record_discussion", case="C-2", summary="One more thing.")
    do(state, MONDAY, UMA, "close_meeting", summary="A good meeting.")
    view = seen(state)
    assert (view.stage, view.open, view.outcome, stood(state, "meeting_record")) == (
        "closed",
        False,
        "discussed",
        "met",
    )
    assert code(state, UMA, "record_discussion", case="C-1", **QUIET) == "illegal_move"


def test_an_entry_says_something_of_a_case_on_the_list_and_the_co_ordinator_types_it() -> None:
    state = opened("C-1")
    assert code(state, UMA, "record_discussion", case="C-1") == "incomplete"
    assert code(state, UMA, "record_discussion", case="C-9", **QUIET) == "unknown"
    assert code(state, SAM, "record_discussion", case="C-1", **QUIET) == "not_authorised"
    assert code(state, CARL, "record_discussion", case="C-1", decision="Go on.") is None
    assert code(state, UMA, "record_discussion", case="C-1", task="Call the school") is None
    assert code(opened(), UMA, "record_discussion", case="C-1", **QUIET) == "unknown"


def test_what_is_left_needs_a_reason_and_is_carried() -> None:
    state = opened("C-1", {"case": "C-2", "newly_allocated": True}, "C-3")
    do(state, MONDAY, UMA, "record_discussion", case="C-1", **QUIET)
    assert code(state, UMA, "close_meeting", carried=["C-2", "C-3"]) == "incomplete"
    assert code(state, UMA, "close_meeting", carried={"C-2": "No time."}) == "incomplete"
    assert code(state, UMA, "close_meeting", carried={"case": "C-9", "reason": "x"}) == "unknown"
    assert code(state, UMA, "close_meeting", reasons="The alarm rang.") is None
    assert code(state, UMA, "close_meeting", carried=["C-2", "C-3"], reasons="The alarm rang.") is None
    do(state, MONDAY, UMA, "close_meeting", not_discussed={"C-2": "No time.", "C-3": "No time."})
    assert (state.outcome, told(state)[-2:]) == ("carried", ["consultant_social_worker", "group_manager"])
    after = following(state, MONDAY)
    assert (after.stage, after.facts["meeting.carried"]) == ("planned", ["C-2", "C-3"])
    assert any("HAC-065" in flag for flag in seen(after).flags)
    later(after, "2031-03-11 10:00")
    do(after, "2031-03-11 10:00", CARL, "open_meeting", left=[{"case": "C-3", "reasons": "Closed."}])
    assert [one.case for one in after.cases] == ["C-1", "C-2"]
    assert after.cases[1].owed
    assert after.facts["meeting.in_depth"] == ["C-2"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param("2031-03-03", ["2031-03-10", "2031-03-17"], id="an ordinary week"),
        pytest.param("2031-04-28", ["2031-05-06", "2031-05-12"], id="a bank holiday Monday, and back"),
        pytest.param("2031-12-18", ["2031-12-29", "2032-01-02", "2032-01-08"], id="Christmas and New Year"),
        pytest.param("2032-02-22", ["2032-03-01", "2032-03-08"], id="leap day, a Sunday, is no day to meet"),
        pytest.param("2031-03-24", ["2031-03-31", "2031-04-07"], id="into summer time"),
    ],
)
def test_closing_one_plans_the_next_in_a_week(on: str, expected: list[str]) -> None:
    state = opened("C-1", when=f"{on} 10:00")
    for day in expected:
        when = f"{state.on} 11:00"
        if state.stage == "planned":
            do(state, when, CARL, "open_meeting", date=str(state.on))
        do(state, when, UMA, "record_discussion", case="C-1", in_depth=True, summary="x")
        do(state, when, UMA, "close_meeting")
        assert [one.reference for one in planned(state)] == [f"unit_1/{day}"]
        state = following(state, when)
        assert due(state, "unit_meeting") == f"{day} 17:00"


def test_weeks_without_a_meeting_are_not_made_up_for() -> None:
    state = opened("C-1")
    do(state, "2031-03-03 10:00", UMA, "record_discussion", case="C-1", **QUIET)
    later(state, "2031-03-04 17:00")
    assert (stood(state, "meeting_record"), seen(state, "2031-03-04 17:00").overdue) == ("breached", True)
    do(state, "2031-03-20 10:00", UMA, "close_meeting")
    assert [one.reference for one in planned(state)] == ["unit_1/2031-03-24"]


def test_a_unit_that_meets_no_more_says_why() -> None:
    state = opened()
    do(state, MONDAY, CARL, "close_meeting", no_next_because="The unit is dissolved.")
    assert planned(state) == []


def test_a_meeting_that_nobody_opens_climbs() -> None:
    state = opened("C-1")
    do(state, MONDAY, UMA, "record_discussion", case="C-1", **QUIET)
    do(state, MONDAY, UMA, "close_meeting")
    after = following(state, MONDAY)
    later(after, "2031-03-10 17:00")
    view = seen(after, "2031-03-10 17:00")
    assert (view.stage, view.overdue, view.escalated, stood(after, "unit_meeting")) == (
        "planned",
        True,
        True,
        "breached",
    )
    assert "acknowledge_escalation" in view.next_acts
    do(after, "2031-03-10 18:00", GARY, "acknowledge_escalation")
    assert not seen(after, "2031-03-10 18:00").escalated


def test_a_meeting_is_planned_ahead_and_prepared() -> None:
    state = begun(MONDAY, UMA, "U1", unit="unit_1", on="2031-03-10")
    assert (state.stage, due(state, "agenda"), due(state, "papers")) == (
        "planned",
        "2031-03-07 17:00",
        "2031-03-07 17:00",
    )
    assert seen(state).waiting_on == "unit_coordinator"
    assert code(state, SAM, "prepare_agenda", cases=["C-1"]) == "not_authorised"
    invited = [{"post": "clinical_manager", "case": "C-1"}, {"staff": "iris", "post": "astronaut"}, "ivy"]
    do(state, MONDAY, UMA, "prepare_agenda", cases=[{"case": "C-1", "minutes": 20}], invited=invited)
    assert (stood(state, "agenda"), stood(state, "papers")) == ("met", "running")
    assert told(state) == ["clinical_manager"]
    do(state, MONDAY, UMA, "prepare_agenda", papers=["Chronology"], invited=["ivan"])
    assert (stood(state, "papers"), state.facts["meeting.invited"]) == ("met", 4)
    assert code(state, CARL, "open_meeting") == "illegal_move"
    assert code(state, CARL, "open_meeting", "2031-03-10 10:00") is None


def test_a_reference_may_give_the_unit_and_the_day() -> None:
    state = begun(MONDAY, CARL, "unit_1/2031-03-03")
    assert (state.unit, str(state.on), state.stage) == ("unit_1", "2031-03-03", "in_session")
    assert str(begun(MONDAY, CARL, "U1").on) == "2031-03-03"


def test_a_person_cannot_carry_what_a_meeting_never_left() -> None:
    assert begun(MONDAY, CARL, "U1", carried={"cases": [{"case": "C-9"}]}).cases == ()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param({"chair": whole(who("pia", "panel_administrator"))}, "not_authorised", id="no post of the unit"),
        pytest.param({"chair": "head_of_service"}, "not_authorised", id="a post that is not of the unit"),
        pytest.param({"chair": whole(SAM)}, "incomplete", id="no reason"),
        pytest.param(
            {"chair": whole(SAM), "present": [whole(CARL)], "absent": ["uma"]}, "incomplete", id="carl is here"
        ),
    ],
)
def test_somebody_entitled_chairs(said: dict[str, Any], expected: str) -> None:
    refused = not_opened(**said)
    assert (refused.code, refused.rule) == (expected, "HAC-062")


@pytest.mark.parametrize(
    ("said", "chair", "post"),
    [
        pytest.param({"chair": whole(CARL)}, "carl", "consultant_social_worker", id="the Consultant Social Worker"),
        pytest.param({"chair": whole(GARY), "chair_reason": "Leave."}, "gary", "group_manager", id="with a reason"),
        pytest.param({"chair": whole(SAM), "absent": {"staff": "carl"}}, "sam", "social_worker", id="carl is not here"),
        pytest.param({"present": ["sam", whole(CARL)]}, "carl", "consultant_social_worker", id="whoever is there"),
        pytest.param({"chair": "group_manager", "reason": "Leave."}, None, "group_manager", id="a post"),
        pytest.param({"chair": "carl"}, "carl", None, id="a reference"),
        pytest.param({}, None, None, id="nobody"),
    ],
)
def test_the_chair_is_known(said: dict[str, Any], chair: str | None, post: str | None) -> None:
    state = begun(MONDAY, UMA, "U1", **said)
    assert (state.chair, state.chair_post) == (chair, post)
    named = any("Nobody is named as the chair" in flag for flag in seen(state).flags)
    assert named is (chair is None and post is None)


def test_whoever_is_accountable_learns_what_a_substitute_decided() -> None:
    state = begun(MONDAY, UMA, "U1", chair=whole(GARY), chair_reason="Leave.", cases="C-1")
    assert any("HAC-062" in flag for flag in seen(state).flags)
    do(state, MONDAY, UMA, "record_discussion", case="C-1", **QUIET)
    do(state, MONDAY, GARY, "close_meeting")
    assert told(state)[-1] == "consultant_social_worker"


def test_everybody_is_there_or_accounted_for() -> None:
    members = ["carl", "sam", "uma", "cleo"]
    said = {
        "members": members,
        "chair": whole(CARL),
        "present": [whole(UMA)],
        "absent": [{"staff": "sam", "reason": "Court."}],
    }
    assert (not_opened(**said).code, not_opened(**said).rule) == ("incomplete", "HAC-063")
    state = begun(MONDAY, UMA, "U1", **{**said, "absent": [*said["absent"], "cleo"]})
    assert (state.unexplained, state.actions_open) == (("cleo",), 1)
    assert told(state) == ["consultant_social_worker", "group_manager"]
    assert due(state, "absence") == "2031-03-10 17:00"
    assert code(state, CARL, "act_on_absence", staff="sam", what="x") == "unknown"
    assert code(state, UMA, "act_on_absence", staff="cleo", what="x") == "not_authorised"
    do(state, MONDAY, CARL, "close_meeting")
    after = following(state, MONDAY)
    assert (after.unexplained, after.members, due(after, "absence")) == (("cleo",), tuple(members), "2031-03-10 17:00")
    do(after, "2031-03-10 10:00", CARL, "open_meeting", present=[whole(UMA), "sam", "cleo"], absent=["sam"])
    do(after, "2031-03-10 10:00", CARL, "act_on_absence", staff="cleo", what="Spoken to.")
    assert (after.unexplained, stood(after, "absence")) == (("sam",), "running")
    do(after, "2031-03-10 10:00", CARL, "act_on_absence", staff="sam", what="Was at the door.")
    assert (after.actions_open, stood(after, "absence")) == (0, "met")


def test_who_is_there_need_not_be_said() -> None:
    assert begun(MONDAY, CARL, "U1", members=["carl", "sam"]).present == ("carl",)


def test_everybody_has_read_the_key_papers_of_a_new_case() -> None:
    new = {"case": "C-1", "newly_allocated": True}
    state = opened(new, present=[whole(CARL), whole(SAM), "guest"], members=["carl", "sam"])
    said = {"case": "C-1", "summary": "x", "in_depth": True}
    refused = refusal(state, UMA, "record_discussion", **said)
    assert refused is not None
    assert refused.rule == "HAC-068"
    assert code(state, UMA, "record_discussion", **said, read_by=["carl"]) == "incomplete"
    assert code(state, UMA, "record_discussion", **said, read_by=False) == "incomplete"
    assert code(state, UMA, "record_discussion", **said, read_by=[whole(CARL), "sam"]) is None
    assert code(state, UMA, "record_discussion", **said, papers_read=True) is None


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        pytest.param({"newly_allocated": True}, "HAC-074", id="new"),
        pytest.param({"incident_on": "2031-02-24"}, "HAC-075", id="an incident a week ago"),
        pytest.param({"incident_on": "2031-02-23"}, None, id="an incident eight days ago"),
        pytest.param({"incident_on": "2031-03-04"}, None, id="an incident that lies ahead"),
        pytest.param({"last_in_depth": "2031-02-02"}, "HAC-076", id="a month and a day ago"),
        pytest.param({"last_in_depth": "2031-02-03"}, None, id="a month ago to the day"),
        pytest.param({"since": "2031-01-03"}, "HAC-076", id="the unit's for longer than a month, and never"),
        pytest.param({}, None, id="nothing known"),
    ],
)
def test_some_cases_are_to_be_discussed_in_depth(case: dict[str, Any], rule: str | None) -> None:
    state = opened({"case": "C-1", **case})
    asked = in_depth(state.cases[0], state.on, rules(state).in_depth)
    assert (asked[0].cites[0] if asked else None) == rule
    said = {"case": "C-1", "summary": "x", "read_by": True}
    do(state, MONDAY, UMA, "record_discussion", **said, depth="brief")
    assert state.facts["meeting.in_depth"] == (["C-1"] if rule else []), "a short entry counts, and it stays shown"
    excused = opened({"case": "C-1", **case})
    do(excused, MONDAY, UMA, "record_discussion", **said, reasons="The assessment is coming.")
    assert excused.facts["meeting.in_depth"] == []
    do(state, MONDAY, UMA, "record_discussion", **said, in_depth=True)
    assert state.facts["meeting.in_depth"] == []


def test_what_was_not_discussed_in_depth_is_asked_for_again() -> None:
    state = opened({"case": "C-1", "newly_allocated": True}, {"case": "C-2", "newly_allocated": True})
    do(state, MONDAY, UMA, "record_discussion", case="C-1", summary="x", read_by=True)
    do(state, MONDAY, UMA, "record_discussion", case="C-2", summary="x", read_by=True, reasons="It comes next week.")
    do(state, MONDAY, UMA, "close_meeting")
    after = following(state, MONDAY)
    do(after, "2031-03-10 10:00", CARL, "open_meeting")
    assert after.facts["meeting.in_depth"] == ["C-1"]


def test_months_end_early() -> None:
    state = opened({"case": "C-1", "last_in_depth": "2031-01-31"}, when="2031-02-28 10:00")
    assert state.facts["meeting.in_depth"] == []
    state = opened({"case": "C-1", "last_in_depth": "2032-01-31"}, when="2032-03-01 10:00")
    assert state.facts["meeting.in_depth"] == ["C-1"]


def test_what_is_known_of_a_case_is_added_to() -> None:
    state = opened("C-1")
    do(state, MONDAY, UMA, "record_discussion", case="C-1", **QUIET)
    do(state, MONDAY, UMA, "close_meeting")
    after = following(state, MONDAY)
    do(after, "2031-03-10 10:00", CARL, "open_meeting", cases=[{"case": "C-1", "incident_on": "2031-03-09"}, "C-2"])
    assert [(one.case, str(one.since), str(one.incident_on)) for one in after.cases] == [
        ("C-1", "2031-03-03", "2031-03-09"),
        ("C-2", "2031-03-10", "None"),
    ]


def test_a_case_leaves_the_list_with_a_reason() -> None:
    assert not_opened(CARL, cases=["C-1"], left=["C-1"]).rule == "HAC-065"


def test_tasks_go_along_until_they_are_done() -> None:
    state = opened("C-1")
    tasks = [
        {"what": "Visit the school", "owner": {"staff": "sam", "post": "social_worker"}, "due": "2031-03-12"},
        {"what": "Read the file", "owner": {"staff": "carl"}, "due": "2031-03-05"},
        "Call the nurse",
    ]
    do(state, MONDAY, UMA, "record_discussion", case="C-1", summary="x", tasks=tasks)
    assert told(state) == ["social_worker", "consultant_social_worker", "consultant_social_worker"]
    assert (due(state, "task:1"), due(state, "task:2"), "task:3" in state.clocks) == (
        "2031-03-12 17:00",
        "2031-03-05 17:00",
        False,
    )
    assert code(state, SAM, "complete_task") == "invalid"
    assert code(state, SAM, "complete_task", task=9) == "unknown"
    later(state, "2031-03-05 17:00")
    assert stood(state, "task:2") == "breached"
    do(state, "2031-03-05 18:00", CARL, "complete_task", task="Read the file")
    assert (stood(state, "task:2"), state.actions_open) == ("met", 2)
    do(state, "2031-03-05 18:00", UMA, "close_meeting")
    assert stood(state, "task:1") == "stopped"
    after = following(state, "2031-03-05 18:00")
    assert (due(after, "task:1"), stood(after, "task:1"), after.actions_open) == ("2031-03-12 17:00", "running", 2)
    do(after, "2031-03-06 10:00", SAM, "complete_task", task=1)
    do(after, "2031-03-06 10:00", SAM, "complete_task")
    assert after.actions_open == 0
    do(after, "2031-03-10 10:00", CARL, "open_meeting")
    do(after, "2031-03-10 10:00", UMA, "record_discussion", case="C-1", summary="x", tasks="Write")
    assert after.tasks[0].number == 4, "numbers go on"


def test_the_order_of_discussion_is_recommended() -> None:
    assert [prompt[:2] for prompt in seen(opened("C-1")).prompts] == ["1.", "2.", "3.", "4.", "5.", "6."]


def test_papers_that_are_missing_are_shown() -> None:
    assert any("HAC-015" in flag for flag in seen(opened("C-1", papers_missing=["Assessment"])).flags)
    assert not any("HAC-015" in flag for flag in seen(opened("C-1", papers=True)).flags)


def test_people_write_in_many_ways() -> None:
    said = CloseMeeting.model_validate({"carried": [{"case": "C-1"}, "C-2"]})
    assert [one.case for one in said.carried] == ["C-1", "C-2"]
    assert CloseMeeting.model_validate({"carried": "C-1"}).carried[0].case == "C-1"
    assert RecordDiscussion.model_validate({"case": "C-1", "depth": "full"}).in_depth is True
    assert OpenMeeting.model_validate({"members": [CARL, {"staff": "sam"}, "uma"]}).members == ("carl", "sam", "uma")
    for shape, wrong in (
        (RecordDiscussion, {"case": "C-1", "depth": "deep"}),
        (OpenMeeting, "unit_1"),
        (OpenMeeting, {"unit": "unit/1"}),
        (CloseMeeting, {"carried": 7}),
    ):
        with pytest.raises(ValidationError):
            shape.model_validate(wrong)


def test_a_meeting_that_was_planned_by_hand_gets_what_the_one_before_left() -> None:
    ahead = begun(MONDAY, UMA, "unit_1/2031-03-10", unit="Unit 1", on="2031-03-10", cases=["C-9", "C-1"])
    state = opened("C-1", "C-2", members=["carl"], absent=["cleo"])
    task = {"what": "Call", "due": "2031-03-12"}
    do(state, MONDAY, UMA, "record_discussion", case="C-1", summary="x", tasks=[task])
    do(state, MONDAY, UMA, "close_meeting", carried={"C-2": "No time."})
    (sent,) = state.undelivered
    assert (sent.to, sent.optional, sent.word is not None) == ("unit/hackney/unit_1/2031-03-10", True, True)
    assert sent.word is not None
    broken = sent.word.model_copy(update={"message_id": "b", "facts": {"carried": "everything"}})
    kernel.take_word(UNIT_MEETING, ahead, broken, at(MONDAY))
    assert [one.case for one in ahead.cases] == ["C-9", "C-1"]
    for _ in range(2):
        kernel.take_word(UNIT_MEETING, ahead, sent.word, at(MONDAY))
    assert [(one.case, one.carried_over) for one in ahead.cases] == [("C-1", False), ("C-2", True), ("C-9", False)]
    assert (ahead.members, ahead.unexplained, due(ahead, "task:1")) == (("carl",), ("cleo",), "2031-03-12 17:00")
    after = following(state, MONDAY)
    before = after.model_copy(deep=True)
    kernel.take_word(UNIT_MEETING, after, sent.word, at(MONDAY))
    assert (after.cases, after.tasks) == (before.cases, before.tasks), "it has that already"
    kernel.take_word(UNIT_MEETING, after, sent.word.model_copy(update={"message_id": "w", "what": "x"}), at(MONDAY))
    assert after.cases == before.cases
