import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.sitting import Interest
from rules.independence import independent_of, independent_panel, require_quorum
from tests.builders import (
    CAROL,
    COURTNEY,
    DEV,
    ESI,
    HELEN,
    HILLINGDON,
    PAT,
    TOM,
    papers,
    person,
    refusal_of,
)

HARP = HILLINGDON.forums["harp"]
INTEREST = (Interest(staff="dev", referral_ref="R-1"),)


@pytest.mark.parametrize(
    ("actor", "independent"),
    [
        (CAROL, True),
        (COURTNEY, True),
        (HELEN, False),
        (person("hal", "head_of_service", " Children In Need"), False),
        (person("tom", "head_of_service"), False),
        (DEV, False),
    ],
)
def test_whoever_signed_answers_for_the_unit_or_has_an_interest_is_not_independent(
    actor: Actor, *, independent: bool
) -> None:
    assert independent_of(HARP, actor, papers(), INTEREST) is independent


def test_an_interest_in_one_case_is_none_in_another() -> None:
    assert independent_of(HARP, DEV, papers("R-2"), INTEREST)


@pytest.mark.parametrize(
    ("present", "enough"),
    [
        ([], False),
        ([DEV], False),
        ([DEV, PAT, TOM], False),
        ([CAROL, DEV], False),
        ([DEV, DEV], False),
        ([DEV, ESI], True),
        ([CAROL, DEV, ESI, PAT], True),
    ],
)
def test_a_quorum_is_the_chair_and_two_more_heads_of_service(present: list[Actor], *, enough: bool) -> None:
    if enough:
        require_quorum(HILLINGDON, HARP, CAROL, present)
        return
    refusal = refusal_of(lambda: require_quorum(HILLINGDON, HARP, CAROL, present))
    assert (refusal.code, refusal.rule) == (RefusalCode.INQUORATE, "HIL-047")


def test_a_forum_without_a_quorum_may_always_meet() -> None:
    free = HARP.model_copy(update={"quorum": None})
    require_quorum(HILLINGDON, free, CAROL, [])
    assert independent_panel(HILLINGDON, free, CAROL, [PAT], papers(), ()) == (CAROL, PAT)
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, free, HELEN, [PAT], papers(), ()))
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_INDEPENDENT, "HIL-048")


def test_the_chair_and_the_independent_members_decide_a_case() -> None:
    room = [CAROL, HELEN, DEV, ESI, PAT]
    assert independent_panel(HILLINGDON, HARP, CAROL, room, papers(), ()) == (CAROL, DEV, ESI)


def test_a_chair_with_a_hand_in_a_case_does_not_chair_it() -> None:
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, HARP, HELEN, [CAROL, DEV, ESI], papers(), ()))
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_INDEPENDENT, "HIL-047")


def test_too_few_members_without_a_hand_in_the_case_cannot_hear_it() -> None:
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, HARP, CAROL, [HELEN, DEV], papers(), ()))
    assert refusal.code is RefusalCode.NOT_INDEPENDENT
    assert "Only 1 of the members" in refusal.sentence


def test_too_few_members_at_all_are_no_quorum_for_a_case_either() -> None:
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, HARP, CAROL, [DEV], papers(), ()))
    assert refusal.code is RefusalCode.INQUORATE


def test_an_interest_declared_during_the_sitting_counts() -> None:
    room = [CAROL, DEV, ESI]
    assert independent_panel(HILLINGDON, HARP, CAROL, room, papers(), ())
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, HARP, CAROL, room, papers(), INTEREST))
    assert refusal.code is RefusalCode.NOT_INDEPENDENT
