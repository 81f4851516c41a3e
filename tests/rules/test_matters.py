from decimal import Decimal
from typing import Any

import pytest

from models.errors import RefusalCode
from models.journey import Claim, JourneyState, Recommendation
from models.people import Actor
from models.procedure import Council
from models.vocabulary import Stage
from rules.journeys.claiming import claim_answered, financial_year
from rules.journeys.referring import begin, require_acceptable
from rules.journeys.views import view
from rules.matters import above, deciders, require_matter, running_total, whose
from tests.builders import (
    AMIRA,
    CAROL,
    DIANA,
    HELEN,
    HILLINGDON,
    PAT,
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

C = "HIL-019"
BEN = person("ben", "social_worker")
TESS = person("tess", "team_manager")
PLACES = person("petra", "placement_team_manager", "children's resources")
APPROVE = {"decision": "approve", "rationale": "It is needed."}
DECLINE = {"decision": "decline", "rationale": "It is not."}


def by(post: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - as the data has it
    return {"post": post, **parts}


TIERS = [
    {"up_to": 50, "lowest": [by("social_worker"), by("personal_adviser")], "four_eyes": False, "cites": "HIL-015"},
    {"up_to_setting": "head_of_service_approval_level", "lowest": [by("team_manager")], "cites": "HIL-016"},
    {"lowest": [by("head_of_service")], "cites": "HIL-017"},
]
IN_COURT = [{"path": "team.unit", "equals": "court"}]
MATTERS: list[dict[str, Any]] = [
    {"key": "passport", "title": "A passport", "lowest": [by("team_manager")], "cites": C},
    {"key": "attendance", "title": "Who goes", "lowest": [by("social_worker")], "four_eyes": False, "cites": C},
    {
        "key": "allowance",
        "title": "An allowance",
        "lowest": [by("placement_team_manager", units=["children's resources"])],
        "cites": C,
    },
    {
        "key": "enquiry",
        "title": "An enquiry",
        "lowest": [by("panel_administrator", when=IN_COURT), by("team_manager")],
        "cites": C,
    },
    {"key": "nobody", "title": "Nobody's", "lowest": [by("director", when=IN_COURT)], "cites": C},
    {"key": "payment", "title": "A payment", "tiers": TIERS, "total": "payments", "cites": ["HIL-018"]},
    {"key": "single_sum", "title": "A sum alone", "tiers": TIERS, "cites": "HIL-018"},
    {"key": "residence", "title": "A room", "lowest": [by("team_manager")], "total": "rooms", "cites": C},
    {"key": "accommodation_by_agreement", "title": "Accommodation", "goes_to": "harp", "cites": "HIL-004"},
    {
        "key": "expert_report",
        "title": "A report",
        "lowest": [by("head_of_service")],
        "chain": [{"act": "sign_off", "posts": ["team_manager"], "cites": "HIL-079"}],
        "needs": [{"field": "costs", "sentence": "Say what it costs.", "remedy": "Say.", "cites": "HIL-076"}],
        "documents": [{"name": "Letter of instruction", "cites": "HIL-073"}],
        "prompts": [{"key": "court", "prompt": "What did the court ask?", "cites": C}],
        "cites": C,
    },
]
TOTALS = {
    "payments": {
        "title": "Payments to a family",
        "of": "child.family_reference",
        "watch_above": 400,
        "tells": ["director"],
        "cites": "HIL-020",
    },
    "rooms": {"title": "Rooms", "of": "council", "window": "open", "limit": 1, "cites": "HIL-021"},
}
MATRIX: dict[str, Any] = {
    "body": "post",
    "form": "short",
    "matrix": {"or_higher": True, "cites": C},
    "matters": MATTERS,
    "chain": [],
    "criteria": [],
    "documents": [],
    "requirements": [],
    "onward": [],
    "by_post": None,
    "options": [{"outcome": "approved", "cites": C}, {"outcome": "declined", "cites": C}],
    "authority": {
        "decide_as_post": {
            "posts": [post for post in HILLINGDON.posts if post != "independent_reviewing_officer"],
            "cites": C,
        }
    },
}


def council(**parts: Any) -> Council:  # noqa: ANN401 - as the data has it
    whole = council_with(matrix={**MATRIX, **parts}).model_dump()
    return Council.model_validate({**whole, "totals": TOTALS})


WITH_MATRIX = council()


def asks(matter: str | None, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a form's field may be of any type
    return {"forum": "matrix", "request.matter": matter, **changes}


def sum_of(amount: object, ref: str = "R-1", family: str | None = "F-1") -> dict[str, Any]:
    return asks("payment", **{"referral_ref": ref, "money": {"amount": amount}, "child.family_reference": family})


def matter(key: str, **changes: Any) -> JourneyState:  # noqa: ANN401 - a form's field may be of any type
    return journey(referral(**asks(key, **changes)), council=WITH_MATRIX)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        (asks(None, **{"request.kind": "therapy"}), RefusalCode.INCOMPLETE, "request.matter"),
        (asks("passports"), RefusalCode.UNKNOWN, "no such matter"),
        (asks("zzzz"), RefusalCode.UNKNOWN, "no such matter"),
        (asks("accommodation_by_agreement"), RefusalCode.ILLEGAL_MOVE, "for HARP to decide"),
        (asks("payment", costs=None), RefusalCode.INCOMPLETE, "money.amount"),
        (asks("expert_report", costs=None, **{"request.funding": False}), RefusalCode.INCOMPLETE, "what it costs"),
    ],
)
def test_a_matrix_decides_only_its_own_matters(changes: dict[str, Any], code: RefusalCode, words: str) -> None:
    begins = start(referral(**changes), council=WITH_MATRIX)
    refusal = refusal_of(lambda: require_acceptable(begins, THURSDAY))
    assert refusal.code is code
    assert words in refusal.sentence


def test_an_unknown_matter_lists_those_whose_names_are_close() -> None:
    begins = start(referral(**asks("pasport")), council=WITH_MATRIX)
    assert refusal_of(lambda: require_acceptable(begins, THURSDAY)).remedy.startswith("Close to it: passport")


def test_a_matter_is_understood_in_words_and_as_the_kind_of_request() -> None:
    assert matter("Single sum", money={"amount": 5}).stage is Stage.AWAITING_DECISION
    whole = WITH_MATRIX.model_dump()
    whole["kinds"] = {"passport": {"title": "A passport", "cites": C}}
    sent = referral(**asks(None, **{"request.kind": "passport"}))
    require_matter(sent, Council.model_validate(whole))


def test_a_forum_without_a_matrix_takes_no_notice_of_a_matter() -> None:
    state = journey(referral(**{"request.matter": "whatever"}))
    assert (state.stage, running_total(state)) == (Stage.AWAITING_SIGN_OFF, None)


def test_the_posts_above_are_those_that_the_ladder_reaches() -> None:
    assert above(WITH_MATRIX, "social_worker") == ("team_manager", "head_of_service", "director")
    assert above(WITH_MATRIX, "director") == ()


@pytest.mark.parametrize(
    ("key", "who", "code"),
    [
        ("passport", AMIRA, RefusalCode.NOT_AUTHORISED),
        ("passport", TOM, None),
        ("passport", HELEN, None),
        ("passport", DIANA, None),
        ("passport", PLACES, RefusalCode.NOT_AUTHORISED),
        ("attendance", AMIRA, None),
        ("allowance", PLACES, None),
        ("allowance", person("pia", "placement_team_manager"), None),
        ("allowance", person("pia", "placement_team_manager", "court"), RefusalCode.NOT_AUTHORISED),
        ("allowance", person("hugo", "head_of_service", "court"), None),
        ("enquiry", TOM, None),
        ("enquiry", PAT, RefusalCode.NOT_AUTHORISED),
        ("nobody", DIANA, RefusalCode.NOT_AUTHORISED),
    ],
)
def test_the_lowest_post_or_any_above_it_decides(key: str, who: Actor, code: RefusalCode | None) -> None:
    state = matter(key)
    assert state.stage is Stage.AWAITING_DECISION
    if code is not None:
        assert refused(state, "decide_as_post", who, THURSDAY, **APPROVE).code is code
    else:
        do(state, "decide_as_post", who, THURSDAY, **APPROVE)
        assert (state.stage, state.outcome) == (Stage.CLOSED, "approved")


def test_who_decides_may_depend_on_the_case() -> None:
    state = matter("enquiry", **{"team.unit": "Court"})
    assert view(state, THURSDAY).waiting_on == "panel_administrator"
    do(state, "decide_as_post", PAT, THURSDAY, **APPROVE)
    assert view(matter("nobody"), THURSDAY).waiting_on == "head_of_service"


def test_without_the_ladder_only_the_post_itself_decides() -> None:
    only = council(matrix={"cites": C})
    state = journey(referral(**asks("passport")), council=only)
    assert refused(state, "decide_as_post", HELEN, THURSDAY, **APPROVE).code is RefusalCode.NOT_AUTHORISED
    do(state, "decide_as_post", TOM, THURSDAY, **APPROVE)


def test_four_eyes_are_a_matter_of_the_matter() -> None:
    begins = start(referral(**asks("passport")), TOM, WITH_MATRIX)
    assert refused(begin(begins, THURSDAY), "decide_as_post", TOM, THURSDAY, **APPROVE).code is RefusalCode.SAME_PERSON


def office() -> Office:
    return Office(council=WITH_MATRIX)


@pytest.mark.parametrize(
    ("amount", "waits_on", "who", "over", "rule"),
    [
        ("50", "social_worker", AMIRA, None, None),
        ("50.01", "team_manager", TOM, BEN, "HIL-016"),
        ("500", "team_manager", TOM, BEN, "HIL-016"),
        ("500.01", "head_of_service", HELEN, TOM, "HIL-017"),
        ("9000", "head_of_service", DIANA, BEN, "HIL-017"),
    ],
)
def test_a_sum_is_decided_by_the_tier_that_it_falls_in(
    amount: str, waits_on: str, who: Actor, over: Actor | None, rule: str | None
) -> None:
    here = office()
    state = here.refer(referral(**sum_of(amount)))
    assert (view(state, THURSDAY).waiting_on, view(state, THURSDAY).running_total) == (waits_on, Decimal(amount))
    if over is not None:
        refusal = refused(state, "decide_as_post", over, THURSDAY, **APPROVE)
        assert (refusal.code, refusal.rule) == (RefusalCode.OVER_LIMIT, rule)
        assert waits_on.replace("_", " ") in refusal.remedy
    assert refused(state, "decide_as_post", PAT, THURSDAY, **APPROVE).code is RefusalCode.NOT_AUTHORISED
    here.act(state, "decide_as_post", who, THURSDAY, **APPROVE)


def test_splitting_a_sum_lowers_nobodys_limit() -> None:
    here = office()
    first = here.refer(referral(**sum_of("300")))
    second = here.refer(referral(**sum_of("300", "R-2")))
    other = here.refer(referral(**sum_of("300", "R-3", "F-2")))
    assert [running_total(one) for one in (first, second, other)] == [300, 600, 300]
    assert [view(one, THURSDAY).waiting_on for one in (first, second)] == ["team_manager", "head_of_service"]
    assert second.clocks["post_decision"].owner == "head_of_service"
    assert refused(second, "decide_as_post", TOM, THURSDAY, **APPROVE).code is RefusalCode.OVER_LIMIT
    here.act(first, "decide_as_post", TOM, THURSDAY, **APPROVE)
    third = here.refer(referral(**sum_of("1", "R-4")))
    assert running_total(third) == 601


def test_asking_again_for_the_same_keeps_the_place_in_the_line() -> None:
    here = office()
    state = here.refer(referral(**sum_of("100")))
    known = state.claim
    here.act(state, "return_for_changes", HELEN, THURSDAY, reasons="More.")
    here.act(state, "amend", AMIRA, THURSDAY, **{"request.summary": "Shoes."})
    assert state.claim is known


def test_what_is_declined_or_withdrawn_counts_no_more() -> None:
    here = office()
    declined, withdrawn = here.refer(referral(**sum_of("300"))), here.refer(referral(**sum_of("100", "R-2")))
    here.act(declined, "decide_as_post", TOM, THURSDAY, **DECLINE)
    here.act(withdrawn, "withdraw", AMIRA, THURSDAY)
    assert withdrawn.settled
    assert running_total(here.refer(referral(**sum_of("10", "R-3")))) == 10


def test_another_financial_year_is_another_total() -> None:
    here = office()
    here.refer(referral(**sum_of("300")), at("2031-03-31 23:30"))
    assert running_total(here.refer(referral(**sum_of("300", "R-2")), at("2031-04-01 00:30"))) == 300
    assert financial_year(THURSDAY.date()) == "2030-31"
    assert financial_year(at("2099-06-01 12:00").date()) == "2099-00"


def test_an_amended_sum_goes_to_the_end_of_the_line() -> None:
    here = office()
    first, _ = here.refer(referral(**sum_of("100"))), here.refer(referral(**sum_of("400", "R-2")))
    here.act(first, "return_for_changes", HELEN, THURSDAY, reasons="More.")
    here.act(first, "amend", AMIRA, THURSDAY, money={"amount": 101})
    assert running_total(first) == 501
    before = len(here.entries)
    here.act(first, "return_for_changes", HELEN, THURSDAY, reasons="More.")
    here.act(first, "amend", AMIRA, THURSDAY, **{"request.matter": "passport"})
    assert (running_total(first), first.claiming) == (None, None)
    assert not [one for one in here.entries[before:] if one.what.startswith("total")]


def test_a_family_that_is_not_named_is_the_childs_own() -> None:
    here = office()
    here.refer(referral(**sum_of("300", family=None)))
    assert running_total(here.refer(referral(**sum_of("300", "R-2", None)))) == 600


def test_a_total_needs_somebody_to_count_by() -> None:
    whole = WITH_MATRIX.model_dump()
    whole["totals"]["payments"]["of"] = "team.case_opened_on"
    begins = start(referral(**sum_of("300")), council=Council.model_validate(whole))
    assert "team.case_opened_on" in refusal_of(lambda: require_acceptable(begins, THURSDAY)).sentence
    assert whose("no.such.path", referral()) is None


def test_a_total_that_passes_a_mark_is_told_once() -> None:
    here = office()
    for number in range(1, 4):
        here.refer(referral(**sum_of("250", f"R-{number}")))
    told = [entry for entry in here.entries if entry.what == "total_above"]
    assert [(entry.process_id[-3:], entry.notices[0].post, entry.cites) for entry in told] == [
        ("R-2", "director", ("HIL-020",))
    ]


def test_a_sum_alone_is_counted_with_no_other() -> None:
    here = office()
    for number in (1, 2):
        sent = asks("single_sum", referral_ref=f"R-{number}", money={"amount": 300})
        assert running_total(here.refer(referral(**sent))) == 300


def test_a_sum_that_is_not_named_is_the_proposed_cost() -> None:
    assert running_total(office().refer(referral(**asks("single_sum")))) == 480


def test_a_ceiling_is_nobodys_to_pass() -> None:
    here = office()
    changes = {"costs": None, "request.funding": False}
    one = here.refer(referral(**asks("residence", **changes)))
    two = here.refer(referral(**asks("residence", referral_ref="R-2", **changes)))
    refusal = refused(two, "decide_as_post", TOM, THURSDAY, **APPROVE)
    assert (refusal.code, refusal.rule) == (RefusalCode.SITTING_FULL, "HIL-021")
    here.act(one, "decide_as_post", TOM, THURSDAY, **APPROVE)
    here.act(two, "decide_as_post", TOM, THURSDAY, **DECLINE)


def test_nothing_is_decided_while_the_total_is_looked_up() -> None:
    state = journey(referral(**sum_of("40")), council=WITH_MATRIX)
    assert not state.settled
    assert refused(state, "decide_as_post", BEN, THURSDAY, **APPROVE).code is RefusalCode.INCOMPLETE


def test_an_answer_to_a_claim_that_has_changed_is_no_answer() -> None:
    state = journey(referral(**sum_of("40")), council=WITH_MATRIX)
    assert state.claim is not None
    stale = Claim(total="payments", of="F-1", window="2030-31", amount=Decimal(1))
    claim_answered(state, stale, Decimal(0), THURSDAY)
    assert state.claiming is not None


def test_a_total_that_the_procedure_no_longer_has_is_only_recorded() -> None:
    state = journey(referral(**sum_of("40")), council=WITH_MATRIX)
    asked = state.claim
    state.procedure = Council.model_validate({**WITH_MATRIX.model_dump(), "totals": {}})
    assert asked is not None
    claim_answered(state, asked, Decimal(500), THURSDAY)
    assert view(state, THURSDAY).waiting_on == "head_of_service"


def test_a_matter_brings_its_own_chain_papers_and_prompts() -> None:
    state = matter("expert_report")
    assert (state.stage, view(state, THURSDAY).waiting_on) == (Stage.AWAITING_SIGN_OFF, "team_manager")
    assert view(state, THURSDAY).documents_missing == ["Letter of instruction"]
    assert "What did the court ask?" in view(state, THURSDAY).prompts
    assert refused(state, "sign_off", TOM, THURSDAY).code is RefusalCode.MISSING_DOCUMENT
    do(state, "supply_document", AMIRA, THURSDAY, document="Letter of instruction")
    do(state, "sign_off", TOM, THURSDAY)
    do(state, "decide_as_post", CAROL, THURSDAY, **APPROVE)
    assert state.outcome == "approved"


def test_after_a_recommendation_its_post_decides() -> None:
    state = journey()
    assert deciders(state) is not None  # Hillingdon leaves some packages to the head of service
    state.recommendation = Recommendation.model_construct(post="director", units=("court",), cites=(C,))
    entitled = deciders(state)
    assert entitled is not None
    assert (entitled.posts, entitled.fits(state.procedure, DIANA)) == (("director",), True)
    assert not entitled.fits(state.procedure, person("dan", "director", "adoption"))


def test_a_forum_that_leaves_nothing_to_a_post_has_no_decider() -> None:
    state = journey(council=council_with(harp={"by_post": None}))
    assert deciders(state) is None
    assert TESS.unit is None
