from typing import Any

import pytest

from models.errors import RefusalCode
from models.people import Actor
from models.procedure import Forum
from models.sitting import Interest
from rules.independence import filled, independent_of, independent_panel, lacking, require_quorum
from rules.seating import chair_seats, lacks_outside_majority, may_chair, seated, unique
from tests.builders import CAROL, DEV, ESI, HELEN, HILLINGDON, PAT, papers, person, refusal_of
from tests.rules.boards import forum_like

DIRECTOR = person("diana", "director")
SCHOOL = person("vera", "virtual_school_head")
PLACES = person("petra", "placement_team_manager")
OFFICER = person("olu", "independent_reviewing_officer")


def _seat(role: str, *posts: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of a seat
    return {"title": " or ".join(posts), "role": role, "post": posts, "cites": "X-1", **more}


def _panel(**changes: Any) -> Forum:  # noqa: ANN401 - any part of a forum
    seats = [
        _seat("chair", "director"),
        _seat("chair", "head_of_service", units=["court"], stands_in=True),
        _seat("member", "head_of_service", "team_manager", count=2),
        _seat("member", "virtual_school_head", outside=True),
        _seat("member", "independent_reviewing_officer", votes=False),
        _seat("support", "panel_administrator"),
        _seat("case", "social_worker"),
    ]
    return forum_like(**{"seats": seats, "quorum": None, "independence": None, **changes})


COURT = person("courtney", "head_of_service", "court")
SEATS = {"cites": "X-2", "seats": 3}


def test_seats_are_filled_by_as_many_people_as_can_sit() -> None:
    forum = _panel()
    seats = forum.seats
    assert len(seated([COURT, DIRECTOR, DEV, DEV, SCHOOL], seats)) == 4
    both, only_school = _seat("member", "director", "virtual_school_head"), _seat("member", "virtual_school_head")
    tight = forum_like(seats=[only_school, both])
    assert [one.staff for one in dict(sorted(seated([SCHOOL, DIRECTOR], tight.seats).items())).values()] == [
        "vera",
        "diana",
    ]
    moved = forum_like(seats=[both, only_school])
    assert seated([SCHOOL, DIRECTOR], moved.seats) == {0: DIRECTOR, 1: SCHOOL}
    assert seated([PAT], moved.seats) == {}


def test_everybody_counts_once() -> None:
    assert unique([DEV, ESI, DEV]) == [DEV, ESI]


def test_support_case_and_non_voting_seats_never_count() -> None:
    forum = _panel(quorum=SEATS)
    assert filled(forum, DIRECTOR, [DIRECTOR, PAT, OFFICER, person("amira", "social_worker")]) == 1
    assert filled(forum, DIRECTOR, [DIRECTOR, DEV, SCHOOL]) == 3
    assert filled(forum, COURT, [COURT, DEV, SCHOOL]) == 3
    no_chairs = forum_like(seats=[_seat("member", "head_of_service")], quorum=SEATS)
    assert filled(no_chairs, DIRECTOR, [DEV]) == 2
    pair = forum_like(seats=[_seat("chair", "head_of_service", count=2)], quorum=SEATS)
    assert filled(pair, DEV, [DEV, ESI, CAROL]) == 2


def test_a_quorum_of_seats_and_of_each_post_is_asked_for_by_the_posts_titles() -> None:
    forum = _panel(quorum={**SEATS, "each_of": ["virtual_school_head"]})
    assert lacking(HILLINGDON, forum, DIRECTOR, [DEV, SCHOOL]) == []
    said = lacking(HILLINGDON, forum, DIRECTOR, [DEV])
    assert said == ["at least 3 of its seats filled, the chair's among them", "its Virtual School Head"]
    refusal = refusal_of(lambda: require_quorum(HILLINGDON, forum, DIRECTOR, [DEV]))
    assert (refusal.code, refusal.rule) == (RefusalCode.INQUORATE, "X-2")


def test_members_of_no_one_post_hold_a_seat_that_decides() -> None:
    forum = _panel(quorum={"independent": 2, "cites": "X-2"}, independence={"of": "declared", "cites": "X-3"})
    assert lacking(HILLINGDON, forum, DIRECTOR, [DEV, SCHOOL, PAT]) == []
    assert "independent members" in lacking(HILLINGDON, forum, DIRECTOR, [PAT, OFFICER])[0]


def test_independence_is_asked_only_where_the_forum_does() -> None:
    free, strict = _panel(), _panel(independence={"of": "all", "cites": "X-3"})
    old = _panel(quorum={"independent": 1, "post": "head_of_service", "cites": "X-2"})
    interest = (Interest(staff="dev", referral_ref="R-1"),)
    assert independent_of(free, HELEN, papers(), interest)
    assert not independent_of(free, DEV, papers(), interest)
    assert not independent_of(strict, HELEN, papers(), ())
    assert not independent_of(old, HELEN, papers(), ())
    assert independent_panel(HILLINGDON, free, DIRECTOR, [DEV, SCHOOL, PAT, DIRECTOR], papers(), interest) == (
        DIRECTOR,
        SCHOOL,
    )


def test_a_recused_member_counts_for_no_quorum_of_a_case() -> None:
    forum = _panel(quorum=SEATS)
    interest = (Interest(staff="dev", referral_ref="R-1"),)
    assert independent_panel(HILLINGDON, forum, DIRECTOR, [DEV, SCHOOL], papers(), ()) == (DIRECTOR, DEV, SCHOOL)
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, forum, DIRECTOR, [DEV, SCHOOL], papers(), interest))
    assert refusal.code is RefusalCode.NOT_INDEPENDENT


def test_a_recused_chair_of_a_forum_without_rules_names_none() -> None:
    interest = (Interest(staff="diana", referral_ref="R-1"),)
    refusal = refusal_of(lambda: independent_panel(HILLINGDON, _panel(), DIRECTOR, [DEV], papers(), interest))
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_INDEPENDENT, None)


@pytest.mark.parametrize(
    ("chair", "room", "may"), [(COURT, [DIRECTOR], False), (COURT, [DEV], True), (DIRECTOR, [COURT], True)]
)
def test_somebody_who_stands_in_chairs_only_when_no_other_chair_is_there(
    chair: Actor, room: list[Actor], *, may: bool
) -> None:
    if may:
        assert independent_panel(HILLINGDON, _panel(), chair, room, papers(), ())[0] == chair
    else:
        refusal = refusal_of(lambda: independent_panel(HILLINGDON, _panel(), chair, room, papers(), ()))
        assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, "X-1")


def test_the_seats_of_the_chair_say_who_may() -> None:
    forum = _panel()
    assert [seat.stands_in for seat in chair_seats(forum)] == [False, True]
    assert may_chair(COURT, forum)
    assert not may_chair(PLACES, forum)
    assert may_chair(PLACES, forum_like(seats=[]))


def test_a_majority_from_outside_is_more_than_half() -> None:
    forum = _panel()
    assert lacks_outside_majority([DIRECTOR, SCHOOL], forum)
    assert not lacks_outside_majority([SCHOOL], forum)
