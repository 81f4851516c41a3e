"""Deputies: the first day and the last, midnight in London, overlaps, chains, and who may arrange it."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cover import Cover
from models.errors import RefusalCode
from models.people import Actor
from rules.cover import (
    acting_for,
    in_force,
    is_manager_of,
    may_stand_in,
    require_cover,
    require_stands_in,
    stands_in_for,
)
from tests.builders import AMIRA, CAROL, DIANA, HELEN, HILLINGDON, PAT, TOM, at, person, refusal_of

NOW = at("2031-03-06 09:30")
MONDAY, FRIDAY = date(2031, 3, 10), date(2031, 3, 14)
TIA = person("tia", "team_manager", "children in need")
TED = person("ted", "team_manager", "court")
JOURNEY = "journey/hillingdon/R-1"


def cover(staff: str = "tom", deputy: str = "tia", **changes: Any) -> Cover:  # noqa: ANN401 - any field
    whole = {"council": "hillingdon", "staff": staff, "deputy": deputy, "number": 1, "from_on": MONDAY, "until": FRIDAY}
    return Cover.model_validate({**whole, **changes})


def reassigned(staff: str, deputy: str, **changes: Any) -> Cover:  # noqa: ANN401 - any field
    return cover(staff, deputy, until=None, reassigned=True, **changes)


def require(wanted: Cover, by: Actor, staff: Actor, deputy: Actor, *known: Cover, now: datetime = NOW) -> None:
    require_cover(HILLINGDON, wanted, by, staff, deputy, known, now)


def code_of(wanted: Cover, by: Actor, staff: Actor, deputy: Actor, *known: Cover) -> RefusalCode:
    return refusal_of(lambda: require(wanted, by, staff, deputy, *known)).code


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        ("2031-03-09 23:59:59", False),
        ("2031-03-10 00:00", True),
        ("2031-03-14 23:59:59", True),
        ("2031-03-15 00:00", False),
    ],
)
def test_a_cover_holds_from_midnight_before_its_first_day_to_midnight_after_its_last(moment: str, holds: bool) -> None:  # noqa: FBT001 - a case
    assert in_force(cover(), at(moment)) is holds


def test_midnight_is_londons_also_in_summer() -> None:
    summer = cover(from_on=date(2031, 7, 1), until=date(2031, 7, 1))
    assert in_force(summer, datetime.fromisoformat("2031-06-30T23:00:00+00:00"))
    assert not in_force(summer, datetime.fromisoformat("2031-07-01T23:00:00+00:00"))


def test_a_cover_that_was_ended_holds_until_that_moment() -> None:
    ended = cover(ended_at=at("2031-03-12 10:00"))
    assert in_force(ended, at("2031-03-12 09:59:59"))
    assert not in_force(ended, at("2031-03-12 10:00"))


@given(st.integers(min_value=-3, max_value=10), st.integers(min_value=0, max_value=23))
def test_a_cover_holds_on_just_its_days(offset: int, hour: int) -> None:
    moment = at(f"2031-03-{10 + offset:02d} {hour:02d}:30")
    assert in_force(cover(), moment) is (MONDAY <= date(2031, 3, 10 + offset) <= FRIDAY)


def test_a_cover_stands_in_the_register_under_whose_work_it_is() -> None:
    assert cover().process_id == "cover/hillingdon/tom"


def test_a_deputy_stands_in_for_whom_they_cover_now_and_for_nobody_else() -> None:
    known = [cover(), cover("helen", "tia", from_on=date(2031, 3, 20), until=date(2031, 3, 21)), cover("amira", "ted")]
    during, before = at("2031-03-12 12:00"), NOW
    assert [one.staff for one in stands_in_for("tia", known, during)] == ["tom"]
    assert stands_in_for("tia", known, before) == []
    assert may_stand_in("tia", "tom", JOURNEY, known, during)
    assert not may_stand_in("tia", "helen", JOURNEY, known, during)


def test_cover_does_not_reach_through_the_deputy_to_whom_they_cover_for() -> None:
    chain = [cover("amira", "tom"), cover("tom", "tia")]
    assert [one.staff for one in stands_in_for("tia", chain, at("2031-03-12 12:00"))] == ["tom"]


def test_what_was_reassigned_to_somebody_comes_along_with_their_work_however_often_it_was() -> None:
    known = [reassigned("amira", "sam"), reassigned("sam", "tom"), cover("tom", "tia")]
    during = at("2031-03-12 12:00")
    assert {one.staff for one in stands_in_for("tia", known, during)} == {"tom", "sam", "amira"}
    assert [one.staff for one in stands_in_for("tom", known, at("2031-08-01 12:00"))] == ["sam", "amira"]


def test_one_process_that_was_reassigned_is_no_more_than_that() -> None:
    other = "journey/hillingdon/R-2"
    known = [
        reassigned("amira", "sam", of_process=JOURNEY),
        reassigned("noor", "sam", of_process=other),
        reassigned("sam", "tom", of_process=JOURNEY),
        reassigned("paz", "amira"),
    ]
    during = at("2031-03-12 12:00")
    assert may_stand_in("tom", "amira", JOURNEY, known, during)
    assert may_stand_in("tom", "paz", JOURNEY, known, during)
    assert not may_stand_in("tom", "amira", other, known, during)
    assert not may_stand_in("tom", "noor", other, known, during)


def test_work_that_went_round_in_a_circle_ends_somewhere() -> None:
    known = [reassigned("amira", "sam"), reassigned("sam", "amira")]
    assert [one.staff for one in stands_in_for("amira", known, at("2031-03-12 12:00"))] == ["sam"]


def test_acting_on_somebodys_behalf_needs_a_cover_that_is_in_force() -> None:
    during, deputy = at("2031-03-12 12:00"), acting_for(TIA, TOM)
    require_stands_in(deputy, JOURNEY, [cover()], during)
    require_stands_in(TIA, JOURNEY, [], during)
    refusal = refusal_of(lambda: require_stands_in(deputy, JOURNEY, [cover()], NOW))
    assert refusal.code is RefusalCode.NOT_AUTHORISED
    assert "tia does not stand in for tom today" in refusal.sentence


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (TOM, True),
        (HELEN, True),
        (CAROL, True),
        (DIANA, True),
        (person("hana", "head_of_service", "court"), False),
        (TIA, False),
        (AMIRA, False),
        (PAT, False),
        (person("helen", "head_of_service", council="hackney"), False),
        (acting_for(TIA, TOM), False),
    ],
)
def test_a_person_or_who_stands_above_them_arranges_their_cover(by: Actor, may: bool) -> None:  # noqa: FBT001 - a case
    tom = TOM.model_copy(update={"unit": "children in need"})
    if may:
        require(cover(), by, tom, TIA)
    else:
        assert code_of(cover(), by, tom, TIA) is RefusalCode.NOT_AUTHORISED


def test_a_manager_of_no_unit_or_of_somebody_without_one_answers_for_them() -> None:
    assert is_manager_of(HILLINGDON, CAROL, TED)
    assert is_manager_of(HILLINGDON, HELEN, TOM)
    assert not is_manager_of(HILLINGDON, HELEN, TED)
    assert not is_manager_of(HILLINGDON, AMIRA, DIANA)


def test_a_ladder_of_posts_that_goes_round_ends() -> None:
    posts = {
        key: post.model_copy(update={"next_up": "team_manager"}) if key == "head_of_service" else post
        for key, post in HILLINGDON.posts.items()
    }
    round_about = HILLINGDON.model_copy(update={"posts": posts})
    assert not is_manager_of(round_about, DIANA, TOM)


def test_at_the_top_of_the_ladder_only_they_themselves_can_be_asked() -> None:
    refusal = refusal_of(lambda: require(cover("diana", "tia"), TOM, DIANA, TIA))
    assert refusal.remedy == "Ask diana."
    refusal = refusal_of(lambda: require(cover(), PAT, TOM, TIA))
    assert refusal.remedy == "Ask tom or the head of service."


def test_nobody_stands_in_for_themselves_or_for_another_council() -> None:
    assert code_of(cover("tom", "tom"), TOM, TOM, TOM) is RefusalCode.SAME_PERSON
    stranger = person("tia", "team_manager", council="hackney")
    assert code_of(cover(), TOM, TOM, stranger) is RefusalCode.NOT_AUTHORISED


def test_a_deputy_in_any_post_of_the_council_will_do() -> None:
    require(cover("tom", "amira"), TOM, TOM, AMIRA)


def test_a_cover_has_a_last_day_and_none_that_is_gone() -> None:
    require(cover(from_on=date(2031, 3, 6), until=date(2031, 3, 6)), TOM, TOM, TIA)
    for days in ({"until": None}, {"until": date(2031, 3, 9)}, {"from_on": date(2031, 3, 5)}):
        assert code_of(cover(**days), TOM, TOM, TIA) is RefusalCode.INVALID


@pytest.mark.parametrize(
    ("days", "code"),
    [
        ((date(2031, 3, 7), date(2031, 3, 9)), None),
        ((date(2031, 3, 7), date(2031, 3, 10)), RefusalCode.ILLEGAL_MOVE),
        ((date(2031, 3, 14), date(2031, 3, 20)), RefusalCode.ILLEGAL_MOVE),
        ((date(2031, 3, 15), date(2031, 3, 20)), None),
    ],
)
def test_one_person_has_one_deputy_at_a_time(days: tuple[date, date], code: RefusalCode | None) -> None:
    wanted = cover("tom", "ted", from_on=days[0], until=days[1])
    if code is None:
        require(wanted, TOM, TOM, TED, cover())
    else:
        refusal = refusal_of(lambda: require(wanted, TOM, TOM, TED, cover()))
        assert refusal.code is code
        assert "tia already stands in for tom" in refusal.sentence


def test_what_is_over_or_was_ended_or_is_of_one_process_hinders_no_cover() -> None:
    old = cover(from_on=date(2031, 3, 1), until=date(2031, 3, 5))
    ended = cover(ended_at=at("2031-03-05 10:00"))
    require(cover("tom", "ted"), TOM, TOM, TED, old, ended, cover(of_process=JOURNEY))
    require(cover("tom", "ted"), TOM, TOM, TED, reassigned("tom", "tia"))


def test_nobody_covers_who_is_away_themselves() -> None:
    refusal = refusal_of(lambda: require(cover("tom", "tia"), TOM, TOM, TIA, cover("tia", "ted")))
    assert refusal.code is RefusalCode.ILLEGAL_MOVE
    assert "tia is away" in refusal.sentence


def test_nobody_goes_away_who_covers_before_that_work_has_another_deputy() -> None:
    known = cover("helen", "tom")
    refusal = refusal_of(lambda: require(cover("tom", "tia"), TOM, TOM, TIA, known))
    assert refusal.code is RefusalCode.ILLEGAL_MOVE
    assert "Give helen another deputy first" in refusal.remedy
    require(cover("tom", "tia", from_on=date(2031, 3, 15), until=date(2031, 3, 16)), TOM, TOM, TIA, known)


def test_work_is_reassigned_whatever_cover_there_is_but_never_in_a_circle() -> None:
    require(reassigned("tom", "tia"), HELEN, TOM, TIA, cover(), cover("tia", "ted"))
    given = reassigned("tia", "tom", from_on=date(2031, 3, 1))
    assert code_of(reassigned("tom", "tia"), HELEN, TOM, TIA, given) is RefusalCode.ILLEGAL_MOVE
    further = [reassigned("tia", "ted", from_on=date(2031, 3, 1)), reassigned("ted", "tom", from_on=date(2031, 3, 1))]
    assert code_of(reassigned("tom", "tia"), HELEN, TOM, TIA, *further) is RefusalCode.ILLEGAL_MOVE
    require(reassigned("tom", "tia", of_process=JOURNEY), HELEN, TOM, TIA, given)
    require(reassigned("tom", "tia"), HELEN, TOM, TIA, given.model_copy(update={"ended_at": NOW}))
