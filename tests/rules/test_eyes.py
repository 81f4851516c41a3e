"""Four eyes and independence hold for both people: the deputy, and whom they stand in for."""

from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.vocabulary import Stage
from rules.cover import acting_for
from rules.eyes import Deed, had_a_hand, in_whose_place, is_among, references, same_person
from rules.independence import independent_of
from rules.journeys.listing import papers_of
from tests.builders import (
    AMIRA,
    CAROL,
    COURTNEY,
    DEV,
    DIANA,
    DUTY,
    ESI,
    HELEN,
    HILLINGDON,
    NEW_ACTION,
    PAST_NOON,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    council_with,
    do,
    journey,
    journey_at,
    open_sitting,
    papers,
    person,
    referral,
    refused,
    sitting,
    sitting_with,
)

SARA = person("sara", "team_manager")
HANA = person("hana", "head_of_service", "court")
DECISION_AT = at("2031-03-18 10:20")


def test_two_people_share_eyes_where_either_stands_in_for_the_other_or_for_a_third() -> None:
    stands_in = acting_for(SARA, TOM)
    assert same_person(stands_in, TOM)
    assert same_person(SARA, stands_in)
    assert same_person(stands_in, acting_for(HANA, TOM))
    assert not same_person(stands_in, AMIRA)
    assert is_among(TOM, [AMIRA, stands_in])
    assert references([AMIRA, stands_in, TOM]) == ("amira", "sara", "tom")
    assert (in_whose_place(stands_in), in_whose_place(SARA)) == ("tom", "sara")


def test_who_had_a_hand_in_a_case_is_found_in_what_is_on_record_of_its_present_round() -> None:
    referred, signed = Deed("refer", ("tom", "amira")), Deed("sign_off", ("helen", "hana"))
    for one in ("tom", "amira", "helen", "hana"):
        assert had_a_hand([one, "x"], [referred, Deed("supply_document", ("dev",)), signed])
    assert not had_a_hand(["dev"], [referred, Deed("supply_document", ("dev",)), signed])
    for anew in ("return_for_changes", "amend", "request_renewal"):
        assert not had_a_hand(["helen"], [referred, signed, Deed(anew, ("dev",))])
        assert had_a_hand(["amira"], [referred, signed, Deed(anew, ("dev",))])
    assert had_a_hand(["helen"], [referred, signed, Deed("amend", ("amira",))], to_decide=True)
    assert not had_a_hand(["helen"], [referred, signed, Deed("return_for_changes", ("dev",))], to_decide=True)


def test_who_referred_has_no_hand_in_a_signature_that_is_theirs_to_give() -> None:
    referred, theirs = Deed("refer", ("tom", "amira")), Deed("sign_off", ("amira",))
    assert not had_a_hand(["amira"], [referred, theirs], by_referrer=True)
    assert had_a_hand(["helen"], [referred, theirs, Deed("endorse", ("helen",))], by_referrer=True)


def test_a_deputy_acts_in_the_post_and_unit_of_the_other_and_the_record_says_so() -> None:
    state = journey()
    deputy = acting_for(person("sara", "social_worker", "court"), HELEN)
    assert (deputy.staff, deputy.post, deputy.unit, deputy.own_unit) == (
        "sara",
        "head_of_service",
        "children in need",
        "court",
    )
    do(state, "sign_off", TOM, THURSDAY)
    do(state, "endorse", deputy, THURSDAY)
    event, entry = state.recent[-1], state.unrecorded[-1]
    assert (event.what, event.staff, event.post, event.on_behalf_of) == ("endorse", "sara", "head_of_service", "helen")
    assert (entry.staff, entry.on_behalf_of) == ("sara", "helen")


@pytest.mark.parametrize("deputy", [acting_for(AMIRA, TOM), acting_for(TOM, AMIRA), acting_for(SARA, AMIRA)])
def test_whoever_wrote_a_referral_signs_it_neither_as_a_deputy_nor_through_one(deputy: Actor) -> None:
    signs = deputy.model_copy(update={"post": "team_manager"})
    assert refused(journey(), "sign_off", signs, THURSDAY).code is RefusalCode.SAME_PERSON


def test_a_referral_that_a_deputy_wrote_is_signed_by_neither_of_the_two() -> None:
    state = Office().refer(referral(), actor=acting_for(person("tim", "team_manager"), AMIRA))
    for signer in (person("tim", "team_manager"), person("amira", "team_manager")):
        assert refused(state, "sign_off", signer, THURSDAY).code is RefusalCode.SAME_PERSON
    do(state, "sign_off", TOM, THURSDAY)


def test_one_deputy_of_two_people_signs_for_one_of_them_only() -> None:
    state = journey()
    do(state, "sign_off", acting_for(HANA, TOM), THURSDAY)
    assert refused(state, "endorse", acting_for(HANA, HELEN), THURSDAY).code is RefusalCode.SAME_PERSON
    assert refused(state, "endorse", acting_for(TOM, HELEN), THURSDAY).code is RefusalCode.SAME_PERSON
    do(state, "endorse", HELEN, THURSDAY)


def test_a_post_does_not_decide_through_a_deputy_who_signed() -> None:
    _, state, now = journey_at(Stage.AWAITING_DECISION)
    said: dict[str, Any] = {"decision": "approve", "rationale": "Needed.", "actions": [NEW_ACTION]}
    assert refused(state, "decide_as_post", acting_for(TOM, CAROL), now, **said).code is RefusalCode.SAME_PERSON
    do(state, "decide_as_post", acting_for(SARA, CAROL), now, **said)


def test_whoever_signed_for_somebody_and_that_person_are_both_not_independent() -> None:
    state = journey()
    do(state, "sign_off", acting_for(DEV, TOM), THURSDAY)
    case, harp = papers_of(state), HILLINGDON.forums["harp"]
    assert case.signed_by == ("amira", "dev", "tom")
    assert not independent_of(harp, DEV, case, [])
    assert not independent_of(harp, acting_for(TOM, CAROL), case, [])
    assert not independent_of(harp, acting_for(person("nia", "head_of_service", "Children in Need"), CAROL), case, [])
    assert independent_of(harp, acting_for(HANA, CAROL), case, [])


def test_an_interest_that_a_deputy_declares_is_both_peoples() -> None:
    there = sitting_with(1)
    do(there, "declare_interest", acting_for(DEV, CAROL), THURSDAY, case="N-1")
    harp = HILLINGDON.forums["harp"]
    assert [independent_of(harp, one, papers("N-1"), there.interests) for one in (DEV, CAROL, ESI)] == [
        False,
        False,
        True,
    ]


def test_the_chair_of_the_rota_lets_a_late_case_in_through_a_deputy_without_a_hand_in_it() -> None:
    _, state, now = journey_at(Stage.LISTED)
    state.rota = {"harp": {at("2031-03-11 12:00").date(): "carol"}}
    for deputy in (acting_for(TOM, CAROL), acting_for(person("nia", "team_manager", "children in need"), CAROL)):
        assert refused(state, "agree_late", deputy, now, reasons="x").code is RefusalCode.NOT_INDEPENDENT
    assert refused(state, "agree_late", acting_for(CAROL, DEV), now, reasons="x").code is RefusalCode.NOT_AUTHORISED
    do(state, "agree_late", acting_for(DEV, CAROL), now, reasons="x")


def test_the_sitting_knows_its_chair_also_through_a_deputy() -> None:
    office = Office(rota={"harp": {at("2031-03-11 12:00").date(): "carol"}})
    state = office.refer(referral())
    office.act(state, "sign_off", TOM, THURSDAY)
    office.act(state, "endorse", HELEN, PAST_NOON)
    office.act(state, "agree_late", acting_for(DEV, CAROL), PAST_NOON, reasons="x")
    assert state.booking is not None
    assert state.booking.sitting == at("2031-03-11 12:00").date()


def test_two_who_agree_an_emergency_are_not_one_and_a_deputy() -> None:
    state = journey()
    do(state, "authorise_emergency", HELEN, THURSDAY)
    for second in (acting_for(HELEN, COURTNEY), acting_for(COURTNEY, HELEN).model_copy(update={"unit": "court"})):
        assert refused(state, "authorise_emergency", second, THURSDAY).code is RefusalCode.SAME_PERSON
    do(state, "authorise_emergency", acting_for(SARA, COURTNEY), THURSDAY)
    assert papers_of(state).agreed_by == ("helen", "sara", "courtney")


def test_an_emergency_that_a_deputy_authorised_is_ratified_by_neither_and_its_plan_is_the_principals() -> None:
    office = Office()
    state = office.refer(referral())
    office.act(state, "authorise_emergency", acting_for(DEV, DUTY), at("2031-03-08 11:00"), measure="accommodation")
    case = papers_of(state)
    assert (case.authorised_by, case.agreed_by) == ("dev", ("duty",))
    now = at("2031-03-11 10:00")
    there = office.sitting_on(now.date(), now)
    open_sitting(office, there, now)
    office.act(there, "hear", PAT, now, case="R-1")
    said: dict[str, Any] = {"case": "R-1", "decision": "not_ratify", "rationale": "No."}
    for recorder in (acting_for(PAT, PAT).model_copy(update={"on_behalf_of": "duty"}), person("duty", PAT.post)):
        assert refused(there, "record_decision", recorder, now, **said).code is RefusalCode.SAME_PERSON
    office.act(there, "record_decision", PAT, now, **said)
    assert state.actions[0].owner.staff == "duty"
    assert not state.decisions[0].same_person_flag


def test_an_emergency_of_one_person_names_nobody_else() -> None:
    state = journey()
    do(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert (papers_of(state).authorised_by, papers_of(state).agreed_by) == ("diana", ())


def test_each_consent_to_leave_an_agenda_is_another_pair_of_eyes() -> None:
    steps = [{"posts": ["social_worker"], "cites": "HIL-071"}, {"posts": ["team_manager"], "cites": "HIL-072"}]
    here = Office(council=council_with(harp={"withdrawal": steps, "chain": []}))
    state = here.refer(referral())
    here.act(state, "withdraw", AMIRA, THURSDAY)
    assert refused(state, "withdraw", acting_for(AMIRA, TOM), THURSDAY).code is RefusalCode.SAME_PERSON
    here.act(state, "withdraw", acting_for(SARA, TOM), THURSDAY)
    assert state.stage is Stage.CLOSED


def test_a_sheet_is_approved_for_its_chair_by_a_deputy_without_a_hand_in_the_case() -> None:
    office, _, now = journey_at(Stage.ACTIONS_OPEN)
    there = office.sitting_on(SECOND_PANEL, now)
    for deputy in (acting_for(TOM, CAROL), acting_for(person("nia", "team_manager", "children in need"), CAROL)):
        assert refused(there, "approve_decision", deputy, now).code is RefusalCode.NOT_INDEPENDENT
    assert refused(there, "approve_decision", acting_for(CAROL, DEV), now).code is RefusalCode.NOT_AUTHORISED
    office.act(there, "approve_decision", acting_for(DEV, CAROL), now)
    assert there.recent[-1].on_behalf_of == "carol"


def test_apologies_may_be_sent_for_whom_one_stands_in() -> None:
    there = sitting()
    do(there, "send_apologies", acting_for(DEV, CAROL), THURSDAY, substitute="esi")
    do(there, "send_apologies", acting_for(ESI, DEV), THURSDAY, absent="dev")
    assert [one.staff for one in there.apologies] == ["carol", "dev"]
    assert refused(there, "send_apologies", acting_for(DEV, CAROL), THURSDAY, absent="dev").code is (
        RefusalCode.NOT_AUTHORISED
    )


def test_an_action_is_reported_on_by_who_stands_in_for_its_owner_or_for_who_referred() -> None:
    nia, noor = person("nia", "virtual_school_head"), person("noor", "director")
    for whom in (nia, AMIRA.model_copy(update={"post": "virtual_school_head"})):
        _, state, now = journey_at(Stage.ACTIONS_OPEN)
        owner = state.actions[0].owner.model_copy(update={"staff": "nia", "post": "panel_administrator"})
        state.actions[0] = state.actions[0].model_copy(update={"owner": owner})
        other = acting_for(whom, noor).model_copy(update={"post": "virtual_school_head"})
        assert refused(state, "complete_action", other, now, evidence="E").code is RefusalCode.NOT_AUTHORISED
        do(state, "complete_action", acting_for(SARA, whom), now, evidence="E")


def test_who_stands_in_for_the_referrer_signs_with_the_form_where_that_step_is_theirs() -> None:
    chain = [
        {"act": "sign_off", "posts": ["social_worker"], "by_referrer": True, "cites": "HIL-078"},
        {"act": "endorse", "cites": "HIL-079"},
    ]
    here = Office(council=council_with(harp={"chain": chain}))
    state = here.refer(referral(), actor=acting_for(DEV, AMIRA))
    assert [one.actor.people for one in state.signatures] == [("dev", "amira")]
    assert refused(state, "endorse", DEV.model_copy(update={"unit": "children in need"}), THURSDAY).code is (
        RefusalCode.SAME_PERSON
    )
    do(state, "endorse", HELEN, THURSDAY)
