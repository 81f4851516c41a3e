from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.procedure import Council
from models.vocabulary import Outcome, Stage
from rules.chain import current_step, is_complete, open_posts, steps
from rules.journeys.listing import submitted_at
from rules.journeys.referring import require_acceptable
from rules.journeys.signing import may_be_returned
from rules.journeys.views import view
from tests.builders import (
    AMIRA,
    CAROL,
    DIANA,
    HELEN,
    PACKAGE,
    PANEL,
    PAST_NOON,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    at,
    council_with,
    do,
    journey,
    person,
    referral,
    refusal_of,
    refused,
    start,
)

CITE = "HIL-078"
VERA = person("vera", "virtual_school_head", "children in need")
ALL_SIGN = {
    "sign_off": {"posts": ["team_manager", "social_worker", "virtual_school_head"], "four_eyes": True, "cites": CITE},
    "endorse": {"posts": ["head_of_service", "director"], "four_eyes": True, "cites": "HIL-079"},
    "return_for_changes": {"posts": ["team_manager", "panel_administrator"], "cites": CITE},
}
"""Who may sign and return in these stories: the steps say who of them."""
CHECKER = person("paula", "panel_administrator")


def step(act: str = "sign_off", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - as the data has it
    return {"act": act, "cites": CITE, **parts}


def chained(*chain: dict[str, Any], **parts: Any) -> Council:  # noqa: ANN401 - as the data has it
    return council_with(harp={"chain": chain, "authority": ALL_SIGN, **parts})


def office(*chain: dict[str, Any], **parts: Any) -> Office:  # noqa: ANN401 - as the data has it
    return Office(council=chained(*chain, **parts))


def test_what_a_post_may_decide_is_endorsed_for_the_panel_without_a_step_for_it() -> None:
    here = office(step())
    state = here.refer(referral(**PACKAGE))
    here.act(state, "sign_off", TOM, THURSDAY)
    assert view(state, THURSDAY).stage is Stage.AWAITING_DECISION
    here.act(state, "endorse", HELEN, THURSDAY)
    assert state.stage is Stage.LISTED


def test_a_form_that_nobody_signs_asks_for_a_place_at_once_and_was_received_when_it_came() -> None:
    here = office()
    state = here.refer(referral(), PAST_NOON)
    assert (state.stage, steps(state), is_complete(state)) == (Stage.LISTED, (), True)
    assert state.booking is not None
    assert (state.booking.sitting, submitted_at(state)) == (SECOND_PANEL, PAST_NOON)


def test_the_time_of_receipt_stays_when_a_place_is_asked_for_again() -> None:
    here = office()
    state = here.refer(referral())
    there = here.sitting_on(PANEL, THURSDAY)
    here.act(there, "cancel", CHECKER, at("2031-03-10 09:00"))
    assert submitted_at(state) == THURSDAY


@pytest.mark.parametrize(
    ("changes", "code", "rule"),
    [
        ({"documents": []}, RefusalCode.MISSING_DOCUMENT, "HIL-071"),
        ({"request.kind": "placement_move"}, RefusalCode.INCOMPLETE, "HIL-038"),
    ],
)
def test_a_form_that_nobody_signs_has_to_be_whole_when_it_comes(
    changes: dict[str, Any], code: RefusalCode, rule: str
) -> None:
    begins = start(referral(**changes), council=chained())
    refusal = refusal_of(lambda: require_acceptable(begins, THURSDAY))
    assert (refusal.code, refusal.rule) == (code, rule)


def test_a_listed_form_that_nobody_signs_is_amended_until_its_cut_off() -> None:
    here = office()
    state = here.refer(referral())
    here.act(state, "amend", AMIRA, THURSDAY, analysis="Risk has risen again.")
    assert here.sitting_on(PANEL, THURSDAY).cases[0].papers.looked_after
    here.act(state, "amend", AMIRA, THURSDAY, **{"request.legal_section": "section 17"})
    assert here.sitting_on(PANEL, THURSDAY).cases[0].papers.legal_section == "section 17"
    assert len([entry for entry in here.entries if entry.what == "listed"]) == 1
    assert (state.stage, state.referral.analysis, submitted_at(state)) == (
        Stage.LISTED,
        "Risk has risen again.",
        THURSDAY,
    )
    refusal = refused(state, "amend", AMIRA, PAST_NOON, analysis="And again.")
    assert (refusal.code, refusal.rule) == (RefusalCode.PAST_CUT_OFF, "HIL-080")


def test_a_listed_form_that_nobody_signs_is_given_back_with_its_place_and_comes_anew() -> None:
    here = office()
    state = here.refer(referral())
    here.act(state, "return_for_changes", TOM, THURSDAY, reasons="Say more.")
    assert (state.stage, state.booking, state.received_at) == (Stage.RETURNED, None, None)
    assert [case.state for case in here.sitting_on(PANEL, THURSDAY).cases] == ["released"]
    here.act(state, "amend", AMIRA, PAST_NOON, analysis="More.")
    assert state.booking is not None
    assert (state.booking.sitting, submitted_at(state)) == (SECOND_PANEL, PAST_NOON)


def test_an_emergency_keeps_its_place_whoever_would_return_its_form() -> None:
    here = office()
    state = here.refer(referral())
    here.act(state, "authorise_emergency", DIANA, THURSDAY, measure="accommodation")
    assert not may_be_returned(state)
    assert refused(state, "return_for_changes", TOM, THURSDAY, reasons="More.").code is RefusalCode.ILLEGAL_MOVE


def test_who_checks_a_panels_papers_gives_a_signed_form_back_from_its_place() -> None:
    check = {"posts": ["panel_administrator"], "cites": "HIL-057"}
    here = office(step(), papers_check=check)
    state = here.refer(referral())
    here.act(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.LISTED
    refusal = refused(state, "return_for_changes", TOM, THURSDAY, reasons="More.")
    assert (refusal.code, refusal.remedy) == (RefusalCode.NOT_AUTHORISED, "Ask the panel administrator.")
    assert refused(state, "amend", AMIRA, THURSDAY, analysis="x").code is RefusalCode.ILLEGAL_MOVE
    here.act(state, "return_for_changes", CHECKER, THURSDAY, reasons="A page is missing.")
    assert (state.stage, state.booking, state.signatures) == (Stage.RETURNED, None, [])


def test_an_endorsement_alone_is_a_whole_chain() -> None:
    here = office(step("endorse", cites="HIL-079"))
    state = here.refer(referral(documents=["Access to resource panel form"]))
    assert (state.stage, view(state, THURSDAY).waiting_on) == (Stage.AWAITING_ENDORSEMENT, "head_of_service")
    assert refused(state, "sign_off", TOM, THURSDAY).code is RefusalCode.ILLEGAL_MOVE
    assert refused(state, "endorse", HELEN, THURSDAY).code is RefusalCode.MISSING_DOCUMENT
    here.act(state, "supply_document", AMIRA, THURSDAY, document="Section 20 checklist")
    here.act(state, "endorse", HELEN, THURSDAY, attendees=["director", "the school"])
    assert (state.stage, state.received_at) == (Stage.LISTED, THURSDAY)
    told = next(entry for entry in here.entries if entry.what == "endorse")
    assert "director" in {notice.post for notice in told.notices}


def test_several_sign_offs_follow_one_another_each_by_its_own_post_and_another_person() -> None:
    here = office(step(posts=["virtual_school_head"]), step(), step("endorse"))
    state = here.refer(referral())
    assert (open_posts(state), view(state, THURSDAY).waiting_on) == (("virtual_school_head",), "virtual_school_head")
    refusal = refused(state, "sign_off", TOM, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, CITE)
    here.act(state, "sign_off", VERA, THURSDAY)
    assert (state.stage, view(state, THURSDAY).waiting_on) == (Stage.AWAITING_SIGN_OFF, "team_manager")
    acting_up = person("vera", "team_manager", "children in need")
    assert refused(state, "sign_off", acting_up, THURSDAY).code is RefusalCode.SAME_PERSON
    here.act(state, "sign_off", TOM, THURSDAY)
    here.act(state, "endorse", HELEN, THURSDAY)
    assert state.stage is Stage.LISTED


def test_two_endorsements_and_a_signature_after_them_are_walked_in_order() -> None:
    here = office(step("endorse", posts=["head_of_service"]), step("endorse", posts=["director"]), step())
    state = here.refer(referral())
    here.act(state, "endorse", HELEN, THURSDAY)
    assert (state.stage, open_posts(state)) == (Stage.AWAITING_ENDORSEMENT, ("director",))
    here.act(state, "endorse", DIANA, THURSDAY)
    assert (state.stage, view(state, THURSDAY).waiting_on) == (Stage.AWAITING_SIGN_OFF, "team_manager")
    here.act(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.LISTED


@pytest.mark.parametrize(
    ("parts", "who", "code"),
    [
        ({"unit": "own"}, person("tim", "team_manager"), RefusalCode.NOT_AUTHORISED),
        ({"unit": "own"}, person("tim", "team_manager", "children in need"), None),
        ({"unit": "any"}, person("tim", "team_manager", "court"), None),
        ({"units": ["court"]}, person("tim", "team_manager", "children in need"), RefusalCode.NOT_AUTHORISED),
        ({"units": ["court"]}, person("tim", "team_manager", "Court"), None),
    ],
)
def test_a_step_may_be_for_a_unit(parts: dict[str, Any], who: Actor, code: RefusalCode | None) -> None:
    state = journey(council=chained(step(**parts)))
    if code is not None:
        assert refused(state, "sign_off", who, THURSDAY).code is code
    else:
        do(state, "sign_off", who, THURSDAY)


def test_a_step_that_does_not_apply_falls_away() -> None:
    only_youth_justice = [{"path": "team.youth_justice", "equals": True}]
    state = journey(council=chained(step(), step("endorse", when=only_youth_justice)))
    assert [one.act for one in steps(state)] == ["sign_off"]
    do(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.AWAITING_LISTING


@pytest.mark.parametrize(
    ("by", "other", "code"),
    [(AMIRA, TOM, RefusalCode.NOT_AUTHORISED), (TOM, AMIRA, RefusalCode.SAME_PERSON)],
)
def test_a_step_agreed_by_two_posts_belongs_to_the_one_still_missing(
    by: Actor, other: Actor, code: RefusalCode
) -> None:
    here = office(step(agreed_by=["social_worker", "team_manager"]))
    state = here.refer(referral(), THURSDAY, by)
    assert (open_posts(state), view(state, THURSDAY).waiting_on) == ((other.post,), other.post)
    assert refused(state, "sign_off", person("b", by.post), THURSDAY).code is RefusalCode.NOT_AUTHORISED
    assert refused(state, "sign_off", by, THURSDAY).code is code
    here.act(state, "sign_off", other, THURSDAY)
    assert state.stage is Stage.LISTED


def test_a_step_agreed_by_two_posts_may_need_two_signatures_and_leaves_later_ones_alone() -> None:
    here = office(step(agreed_by=["social_worker", "team_manager"]), step(posts=["virtual_school_head"]))
    state = here.refer(referral(), THURSDAY, person("jo", "youth_justice_worker"))
    here.act(state, "sign_off", TOM, THURSDAY)
    assert open_posts(state) == ("social_worker",)
    here.act(state, "sign_off", AMIRA, THURSDAY)
    assert open_posts(state) == ("virtual_school_head",)
    here.act(state, "sign_off", VERA, THURSDAY)
    assert open_posts(state) == ()


ATTESTS = [
    {"key": "fit", "text": "It is fit for purpose.", "required": True, "cites": "HIL-076"},
    {"key": "clear", "text": "The question is clear.", "required": True, "cites": "HIL-077"},
    {"key": "kind", "text": "The child may read it.", "cites": CITE},
]


@pytest.mark.parametrize(
    ("said", "missing", "rule"),
    [({}, "fit, clear", "HIL-076"), ({"confirmed": ["fit"]}, "clear", "HIL-077"), ({"confirmed": False}, "fit", None)],
)
def test_a_signature_has_to_confirm_what_it_vouches_for(said: dict[str, Any], missing: str, rule: str | None) -> None:
    refusal = refused(journey(council=chained(step(attests=ATTESTS))), "sign_off", TOM, THURSDAY, **said)
    assert refusal.code is RefusalCode.INCOMPLETE
    assert missing in refusal.sentence
    assert rule in (None, refusal.rule)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"confirmed": True}, ("fit", "clear", "kind")),
        ({"confirms": ["fit", "clear"]}, ("fit", "clear")),
        ({"confirmed": {"fit": True, "clear": True, "kind": False}}, ("fit", "clear")),
    ],
)
def test_everything_is_confirmed_at_once_or_key_by_key(said: dict[str, Any], kept: tuple[str, ...]) -> None:
    state = journey(council=chained(step(attests=ATTESTS)))
    do(state, "sign_off", TOM, THURSDAY, **said)
    assert state.signatures[0].confirmed == kept


def test_who_refers_signs_with_the_form_when_the_step_is_theirs_and_nothing_is_missing() -> None:
    here = office(step(posts=["team_manager"], by_referrer=True), step("endorse"))
    state = here.refer(referral(), THURSDAY, TOM)
    assert (state.stage, [one.actor for one in state.signatures]) == (Stage.AWAITING_ENDORSEMENT, [TOM])
    theirs = here.refer(referral(referral_ref="R-2"), THURSDAY, AMIRA)
    assert theirs.stage is Stage.AWAITING_SIGN_OFF


def test_who_refers_with_a_paper_missing_signs_later_and_so_once_only() -> None:
    here = office(step(posts=["team_manager"], by_referrer=True), step("endorse"))
    state = here.refer(referral(documents=["Access to resource panel form"]), THURSDAY, TOM)
    assert (state.stage, state.signatures) == (Stage.AWAITING_SIGN_OFF, [])
    here.act(state, "supply_document", AMIRA, THURSDAY, document="Section 20 checklist")
    here.act(state, "sign_off", TOM, THURSDAY)
    assert state.stage is Stage.AWAITING_ENDORSEMENT


def test_an_amendment_by_who_referred_signs_again_and_by_another_does_not() -> None:
    here = office(step(posts=["team_manager"], by_referrer=True), step("endorse"))
    state = here.refer(referral(), THURSDAY, TOM)
    here.act(state, "return_for_changes", CHECKER, THURSDAY, reasons="More.")
    here.act(state, "amend", AMIRA, THURSDAY, analysis="More.")
    assert view(state, THURSDAY).stage is Stage.AWAITING_SIGN_OFF
    here.act(state, "amend", TOM, THURSDAY, analysis="Still more.")
    assert state.stage is Stage.AWAITING_ENDORSEMENT


def test_a_renewal_without_signatures_asks_for_a_place_again() -> None:
    here = office()
    state = here.refer(referral())
    state.stage, state.booking, state.outcome = Stage.UNDER_REVIEW, None, Outcome.APPROVED
    here.act(state, "request_renewal", TOM, at("2031-03-13 10:00"))
    assert state.stage is Stage.LISTED
    assert submitted_at(state) == at("2031-03-13 10:00")


def test_a_requirement_of_the_endorsement_is_asked_for_at_the_last_signature() -> None:
    need = {
        "field": "discussions.team_manager_and_head_of_service",
        "at": "endorse",
        "sentence": "They talk first.",
        "remedy": "Talk.",
        "cites": "HIL-023",
    }
    for chain in ((step(),), (step(), step("endorse"))):
        council = chained(*chain, requirements=[need])
        state = journey(referral(**{"discussions.team_manager_and_head_of_service": None}), council=council)
        if len(chain) > 1:
            do(state, "sign_off", TOM, THURSDAY)
            assert refused(state, "endorse", HELEN, THURSDAY).rule == "HIL-023"
        else:
            assert refused(state, "sign_off", TOM, THURSDAY).rule == "HIL-023"


def test_a_forum_may_say_who_may_its_own_way() -> None:
    council = chained(step("endorse"), roles={"manager": "virtual_school_head", "informed": []})
    state = journey(council=council)
    assert refused(state, "endorse", person("z", "team_manager"), THURSDAY).code is RefusalCode.NOT_AUTHORISED
    assert current_step(state) is not None
    assert CAROL.unit is None
