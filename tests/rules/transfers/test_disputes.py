from tests.rules.transfers.moving import (
    ALMA,
    CARL,
    GARY,
    GINA,
    MONDAY,
    code,
    do,
    later,
    refusal,
    requested,
    seen,
    stood,
    who,
)


def test_thresholds_are_no_grounds() -> None:
    for said in ({"about": "thresholds"}, {"about": "It is not for us.", "grounds": "no social work role"}):
        refused = refusal(requested(), MONDAY, CARL, "raise_dispute", **said)
        assert refused is not None
        assert (refused.code, refused.rule) == ("prohibited", "HAC-103")


def test_a_dispute_is_settled_face_to_face_only() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Who goes to the core group.")
    assert (state.stage, seen(state, MONDAY).waiting_on) == ("in_dispute", "consultant_social_worker")
    assert code(state, MONDAY, CARL, "settle_dispute", agreed="x", how="email", met_on="2031-03-03") == "prohibited"
    assert code(state, MONDAY, CARL, "settle_dispute", agreed="x") == "incomplete"
    assert code(state, MONDAY, CARL, "settle_dispute", agreed="x", met_on="2031-03-04") == "incomplete"
    do(state, MONDAY, ALMA, "settle_dispute", agreed="x", how="meeting", met_on="2031-03-03")
    assert (state.stage, stood(state, "dispute")) == ("requested", "met")


def test_it_climbs_to_the_group_managers_after_a_working_day_or_when_raised_again() -> None:
    state = requested("2031-03-07 09:00")
    do(state, "2031-03-07 10:00", CARL, "raise_dispute", about="Dates.")
    later(state, "2031-03-10 17:00")
    assert (seen(state, "2031-03-10 17:00").waiting_on, stood(state, "dispute")) == ("group_manager", "breached")
    assert code(state, "2031-03-10 18:00", CARL, "settle_dispute", met_on="2031-03-10", agreed="x") == "not_authorised"
    head = who("hana", "head_of_service")
    assert code(state, "2031-03-10 18:00", head, "settle_dispute", met_on="2031-03-10", agreed="x") is None
    do(state, "2031-03-10 18:00", GARY, "settle_dispute", met_on="2031-03-10", agreed="x")
    assert stood(state, "dispute") == "met"
    do(state, "2031-03-11 09:00", CARL, "raise_dispute", about="Dates.")
    assert (stood(state, "dispute"), seen(state, "2031-03-11 09:00").waiting_on) == (
        "running",
        "consultant_social_worker",
    )
    do(state, "2031-03-11 10:00", GINA, "raise_dispute", about="They do not agree.")
    assert seen(state, "2031-03-11 10:00").waiting_on == "group_manager"
    do(state, "2031-03-11 11:00", GINA, "raise_dispute", about="Nor do we.")
    assert seen(state, "2031-03-11 11:00").waiting_on == "group_manager", "the last of the list"


def test_a_dispute_holds_nothing_up() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Dates.")
    do(state, MONDAY, CARL, "record_joint_visit")
    do(state, MONDAY, CARL, "complete_transfer")
    assert (state.stage, seen(state, MONDAY).open) == ("transferred", False)
    done = [entry.what for entry in state.unrecorded if entry.what != "told"]
    assert done[-2:] == ["complete_transfer", "dispute_ended"]


def test_a_transfer_that_is_completed_ends_its_dispute_on_the_record() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Dates.")
    do(state, MONDAY, GINA, "raise_dispute", about="They do not agree.")
    do(state, MONDAY, CARL, "ask_for_information")
    do(state, MONDAY, CARL, "record_joint_visit")
    do(state, "2031-03-03 12:00", CARL, "complete_transfer")
    assert (stood(state, "dispute"), seen(state, "2031-03-03 12:00").open) == ("met", True)
    facts = {path: state.facts[path] for path in ("dispute.open", "dispute.level", "dispute.ended_by")}
    assert facts == {"dispute.open": False, "dispute.level": 0, "dispute.ended_by": "transferred"}
    (ended,) = (entry for entry in state.unrecorded if entry.what == "dispute_ended")
    assert [(one.post, one.subject) for one in ended.notices] == [("group_manager", "transfer_dispute_ended")]
    before = [one for one in state.escalations if one.clock == "dispute"]
    later(state, "2031-03-20 12:00")
    assert [one for one in state.escalations if one.clock == "dispute"] == before, "it climbs no more"
    assert [entry.what for entry in state.unrecorded].count("dispute_ended") == 1


def test_a_dispute_ends_with_a_request_that_is_taken_back() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Dates.")
    do(state, MONDAY, ALMA, "withdraw_request", reasons="The family moves.")
    assert (state.facts["dispute.open"], state.facts["dispute.ended_by"]) == (False, "withdrawn")
    assert not state.clocks["dispute"].ticking


def test_what_a_dispute_is_about_is_in_the_register_and_nowhere_else() -> None:
    state = requested()
    do(state, MONDAY, CARL, "raise_dispute", about="Jane Doe will not go.", grounds="dates")
    (entry,) = (one for one in state.unrecorded if one.what == "raise_dispute")
    assert entry.details == {"about": "Jane Doe will not go.", "grounds": "dates"}
    assert "Jane" not in seen(state, MONDAY).model_dump_json()


def test_a_transfer_that_is_late_can_be_taken_up_in_every_open_stage() -> None:
    state = requested()
    later(state, "2031-03-07 09:00")
    for when, act in (("2031-03-07 10:00", None), ("2031-03-10 10:00", "raise_dispute")):
        if act is not None:
            do(state, when, CARL, act, about="Dates.")
            later(state, "2031-03-12 09:00")
        assert seen(state, when).escalated
        assert "acknowledge_escalation" in seen(state, when).next_acts
        do(state, "2031-03-12 10:00" if act else when, GINA, "acknowledge_escalation")
        assert not seen(state, when).escalated
