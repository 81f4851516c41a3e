"""Which waiting cases are for a post to move, as the councils' own procedures have it."""

from models.vocabulary import Stage
from procedures.loader import load_council
from rules.desks import Reach, reaches
from tests.builders import HILLINGDON, council_with

SIGN_OFF, ENDORSE, DECIDE = Stage.AWAITING_SIGN_OFF, Stage.AWAITING_ENDORSEMENT, Stage.AWAITING_DECISION


def test_a_post_signs_for_the_units_that_authority_binds_it_to() -> None:
    heads = reaches(HILLINGDON, "head_of_service")
    assert Reach("harp", ENDORSE, "head_of_service", "own", four_eyes=True) in heads
    assert Reach("harp", SIGN_OFF, "team_manager", "same", four_eyes=True) in reaches(HILLINGDON, "team_manager")
    assert len(set(heads)) == len(heads)


def test_a_case_that_waits_for_the_first_of_several_posts_is_for_each_of_them() -> None:
    harrow = reaches(load_council("harrow"), "fostering_team_manager")
    assert Reach("permanence_panel", SIGN_OFF, "team_manager", "same", four_eyes=True) in harrow


def test_a_step_that_names_services_is_for_their_people() -> None:
    chain = [
        {"act": "sign_off", "posts": ["head_of_service"], "units": ["court"], "unit": "any", "cites": "HIL-078"},
        {"act": "endorse", "agreed_by": ["head_of_service", "director"], "cites": "HIL-079"},
    ]
    council = council_with(harp={"chain": chain})
    here = [one for one in reaches(council, "head_of_service") if one.forum == "harp"]
    assert Reach("harp", SIGN_OFF, "head_of_service", "any", ("court",), four_eyes=True) in here
    assert Reach("harp", ENDORSE, "head_of_service", "own", four_eyes=True) in here


def test_a_council_without_an_act_binds_nobody_by_it() -> None:
    bare = HILLINGDON.model_copy(
        update={
            "authority": {name: rule for name, rule in HILLINGDON.authority.items() if name != "decide_as_post"},
            "forums": {"harp": HILLINGDON.forums["harp"].model_copy(update={"authority": {}})},
        }
    )
    assert Reach("harp", DECIDE, "director", "any", four_eyes=True) in reaches(bare, "director")
    unsigned = bare.model_copy(update={"authority": {}})
    assert Reach("harp", SIGN_OFF, "director", "any") in reaches(unsigned, "director")


def test_every_post_of_every_council_reaches_what_waits_for_it_in_every_forum() -> None:
    for key in ("hackney", "harrow", "central_bedfordshire", "hertfordshire"):
        council = load_council(key)
        for post in council.posts:
            assert {one.forum for one in reaches(council, post) if one.waiting_on == post} == set(council.forums)


def test_what_who_referred_may_sign_or_decide_themselves_is_said() -> None:
    chain = [{"act": "sign_off", "posts": ["team_manager"], "by_referrer": True, "cites": "HIL-078"}]
    here = reaches(council_with(harp={"chain": chain}), "team_manager")
    assert Reach("harp", SIGN_OFF, "team_manager", "same", four_eyes=True, by_referrer=True) in here
    eyes = {
        one.forum: one.four_eyes for one in reaches(load_council("hackney"), "group_manager") if one.stage is DECIDE
    }
    assert (eyes["delegated_authority"], eyes["kinship_panel"]) == (False, True)
