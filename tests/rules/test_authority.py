from typing import Any

import pytest

from models.errors import RefusalCode, Refused
from models.membership import Authority, Seat
from models.people import Actor
from rules.authority import (
    answers_for,
    clock_rule,
    emergency_of,
    holds_seat,
    informed,
    may_do,
    next_up,
    post_playing,
    require_authority,
    require_other_eyes,
    role,
    rule_for,
    same_unit,
    system,
    title,
    titles,
)
from tests.builders import (
    AMIRA,
    CAROL,
    HELEN,
    HILLINGDON,
    THURSDAY,
    TOM,
    council_with,
    journey,
    person,
    refusal_of,
    refused,
)

CASE = "children in need"


def _allowed(act: str, actor: Actor) -> bool:
    try:
        require_authority(HILLINGDON, act, actor, CASE)
    except Refused as refused:
        return refused.code is not RefusalCode.NOT_AUTHORISED
    return True


@pytest.mark.parametrize(
    ("unit", "own", "same", "whichever"),
    [
        ("children in need", True, True, True),
        (" Children in NEED ", True, True, True),
        (None, False, True, True),
        ("court", False, False, True),
        ("", False, False, True),
    ],
)
def test_a_unit_may_have_to_be_ones_own_the_same_or_any(
    unit: str | None, *, own: bool, same: bool, whichever: bool
) -> None:
    head = person("hana", "head_of_service", unit)
    assert _allowed("endorse", head) is own
    assert _allowed("return_for_changes", head) is same
    assert _allowed("agree_late", head) is whichever


def test_only_the_head_of_service_of_the_case_endorses_it() -> None:
    refusal = refusal_of(lambda: require_authority(HILLINGDON, "endorse", CAROL, CASE))
    assert refusal.code is RefusalCode.NOT_AUTHORISED
    assert refusal.rule == "HIL-079"
    assert "head of service for children in need" in refusal.remedy


def test_a_post_that_may_not_do_an_act_is_told_who_may() -> None:
    refusal = refusal_of(lambda: require_authority(HILLINGDON, "sign_off", AMIRA, CASE))
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, "HIL-078")
    assert refusal.sentence == "A social worker cannot sign off."
    assert refusal.remedy == "Ask the team manager."


def test_a_post_that_the_council_does_not_have_is_unknown() -> None:
    refusal = refusal_of(lambda: require_authority(HILLINGDON, "sign_off", person("x", "wizard"), CASE))
    assert refusal.code is RefusalCode.UNKNOWN


def test_staff_of_another_council_act_on_nothing_here() -> None:
    abroad = person("tom", "team_manager", council="camden")
    assert (
        refusal_of(lambda: require_authority(HILLINGDON, "sign_off", abroad, CASE)).code is RefusalCode.NOT_AUTHORISED
    )


def test_whoever_referred_a_case_does_not_sign_it() -> None:
    manager = person("amira", "team_manager")
    refusal = refused(journey(), "sign_off", manager, THURSDAY)
    assert (refusal.code, refusal.rule) == (RefusalCode.SAME_PERSON, "HIL-078")


def test_whoever_signed_a_case_does_not_endorse_it() -> None:
    tom_acting_up = person("tom", "head_of_service", CASE)
    refusal = refusal_of(lambda: require_other_eyes(HILLINGDON, "endorse", tom_acting_up, [AMIRA, TOM]))
    assert refusal.code is RefusalCode.SAME_PERSON
    require_other_eyes(HILLINGDON, "endorse", HELEN, [AMIRA, TOM])


def test_acts_without_four_eyes_may_be_done_by_the_same_person() -> None:
    require_other_eyes(HILLINGDON, "amend", AMIRA, [AMIRA])


def test_an_unknown_unit_is_nobodys() -> None:
    assert not same_unit(None, None)
    assert not same_unit("court", None)
    assert same_unit("Court ", "court")


def _seat(**changes: object) -> Seat:
    whole = {"title": "Seat", "role": "member", "post": "head_of_service", "cites": "HIL-047", **changes}
    return Seat.model_validate(whole)


@pytest.mark.parametrize(
    ("actor", "seat", "holds"),
    [
        (CAROL, _seat(), True),
        (TOM, _seat(), False),
        (HELEN, _seat(units=["court"]), False),
        (HELEN, _seat(units=["court", "Children in need"]), True),
        (CAROL, _seat(units=["court"]), True),
    ],
)
def test_a_seat_is_for_its_post_and_for_its_units_where_they_are_known(
    actor: Actor, seat: Seat, *, holds: bool
) -> None:
    assert holds_seat(actor, seat) is holds


def test_the_ladder_ends_at_the_top() -> None:
    assert next_up(HILLINGDON, "social_worker") == "team_manager"
    assert next_up(HILLINGDON, "head_of_service") == "director"
    assert next_up(HILLINGDON, "director") is None
    assert next_up(HILLINGDON, "wizard") is None


def test_posts_are_named_by_their_titles() -> None:
    assert title(HILLINGDON, "director") == "Director of Social Care"
    assert title(HILLINGDON, "chief_wizard") == "chief wizard"
    assert titles(HILLINGDON, ["director", "team_manager"]) == "director of social care or team manager"


def test_clocks_act_under_a_name_of_their_own() -> None:
    assert system(HILLINGDON).staff == system(HILLINGDON).post == "waymark"


def test_one_post_may_be_written_without_a_list() -> None:
    assert Authority.model_validate({"posts": "director", "cites": "HIL-040"}).posts == ("director",)


HERE = council_with(
    harp={
        "authority": {"hear": {"posts": ["director"], "units": ["court"], "cites": "HIL-088"}},
        "roles": {"administrator": "placement_team_manager", "informed": ["director"]},
        "clocks": {"action": {"owner": "director", "cites": "HIL-090"}},
        "emergency": {"posts": ["director"], "cites": "HIL-040"},
    },
    part={"sits_with": "harp", "authority": {}, "roles": None, "clocks": {}, "emergency": None},
    without={"no_emergency": ["HIL-044"], "emergency": None},
)


@pytest.mark.parametrize("forum", ["harp", "part"])
def test_a_forums_own_rules_go_before_the_councils_also_for_a_part_of_its_meeting(forum: str) -> None:
    assert rule_for(HERE, forum, "hear").posts == ("director",)
    assert rule_for(HERE, forum, "sign_off") == HILLINGDON.authority["sign_off"]
    assert role(HERE, forum, "administrator") == "placement_team_manager"
    assert role(HERE, forum, "head") == "head_of_service"
    assert informed(HERE, forum) == ("director",)
    assert clock_rule(HERE, forum, "action").owner == "director"
    assert emergency_of(HERE, forum) == HERE.forums["harp"].emergency


@pytest.mark.parametrize("forum", [None, "complex_harp", "elsewhere"])
def test_a_forum_without_rules_of_its_own_has_the_councils(forum: str | None) -> None:
    assert rule_for(HERE, forum, "hear") == HILLINGDON.authority["hear"]
    assert role(HERE, forum, "administrator") == "panel_administrator"
    assert informed(HERE, forum) == HILLINGDON.roles.informed
    assert clock_rule(HERE, forum, "action") == HILLINGDON.clocks["action"]
    assert emergency_of(HERE, forum) == HILLINGDON.emergency
    assert emergency_of(HERE, "without") is None


def test_a_clock_that_nobody_wrote_down_still_runs_and_an_act_is_nobodys() -> None:
    assert clock_rule(HILLINGDON, None, "new_clock").warn_working_days == 0
    assert refusal_of(lambda: rule_for(HILLINGDON, None, "fly")).code is RefusalCode.ILLEGAL_MOVE


def test_an_act_may_be_for_people_of_certain_units() -> None:
    refusal = refusal_of(lambda: require_authority(HERE, "hear", person("d", "director", "adoption"), CASE, "harp"))
    assert (refusal.code, refusal.remedy) == (RefusalCode.NOT_AUTHORISED, "Ask the director of social care of court.")
    require_authority(HERE, "hear", person("d", "director", "Court"), CASE, "harp")
    require_authority(HERE, "hear", person("d", "director"), CASE, "harp")


@pytest.mark.parametrize(
    "parts",
    [
        {"final_decision": {"post": "director", "cites": "HIL-092"}},
        {"disagreement": {"decided_by": "director", "cites": "HIL-105"}},
    ],
)
def test_the_post_that_decides_after_a_panel_decides_as_a_post(parts: dict[str, Any]) -> None:
    there = council_with(harp=parts)
    assert rule_for(there, "harp", "decide_as_post").posts[-1] == "director"
    assert rule_for(there, "complex_harp", "decide_as_post") == HILLINGDON.authority["decide_as_post"]


def test_a_rule_above_the_councils_means_the_post_that_plays_the_part() -> None:
    assert post_playing(HILLINGDON, "worker") == "social_worker"
    assert post_playing(HILLINGDON, "director") == "director"
    assert post_playing(HILLINGDON, "chair") == "chair"


def test_whether_a_post_may_do_an_act_can_be_asked_without_being_refused() -> None:
    assert may_do(HILLINGDON, "endorse", HELEN, "children in need")
    assert not may_do(HILLINGDON, "endorse", HELEN, "court")
    assert not may_do(HILLINGDON, "endorse", TOM, "children in need")


def test_a_deputy_answers_for_the_unit_of_either_post() -> None:
    deputy = HELEN.model_copy(update={"staff": "sara", "on_behalf_of": "helen", "own_unit": "Court"})
    assert [answers_for(deputy, unit) for unit in ("children in need", "court", "mash")] == [True, True, False]
