from typing import Any

from models.errors import RefusalCode
from models.sitting import SittingState
from rules.sittings.booking import book
from rules.sittings.room import chair_seat_post, forum_of
from rules.sittings.views import view
from tests.builders import AMIRA, CAROL, DEV, ESI, PAT, SECOND_PANEL, TOM, at, papers, person, refused, request, sitting
from tests.rules.boards import DAY, ROOM, council_with, decided, forum_like, listed, opened

FIRST = {"post": ["social_worker"], "must": "first", "cites": "X-1"}
ALWAYS = {"post": ["social_worker", "team_manager"], "must": "always", "cites": "X-2"}
EXPECTED = {"post": ["team_manager"], "cites": "X-3"}
DIRECTOR = person("diana", "director")
DELEGATE = person("della", "director_delegate")


def test_who_must_present_a_case_is_in_the_room_when_it_is_called() -> None:
    office, _ = listed(council_with(presenters=[FIRST, EXPECTED]))
    there = opened(office)
    refusal = refused(there, "hear", PAT, DAY, case="R-1")
    assert (refusal.code, refusal.rule) == (RefusalCode.INCOMPLETE, "X-1")
    office.act(there, "hear", PAT, DAY, case="R-1", present=[AMIRA.model_dump()])
    assert there.cases[0].flags == ("R-1: not presented by the team manager (X-3)",)
    assert view(there, DAY).agenda[0].flags == list(there.cases[0].flags)
    told = [notice.subject for entry in office.entries for notice in entry.notices if entry.what == "hear"]
    assert told == ["presenter_absent"]


def test_the_first_time_is_when_no_panel_has_decided_on_the_case_before() -> None:
    council = council_with(presenters=[{**FIRST, "must": "first"}])
    office, _ = listed(council)
    there = opened(office, room=(*ROOM, AMIRA))
    office.act(there, "hear", PAT, DAY, case="R-1")
    office.act(there, "record_decision", PAT, DAY, case="R-1", decision="defer", rationale="Later.")
    later = at("2031-03-18 10:00")
    office.advance(later)
    again = opened(office, SECOND_PANEL, later)
    office.act(again, "hear", PAT, later, case="R-1")
    assert again.cases[0].flags == ("R-1: not presented by the social worker (X-1)",)


def test_somebody_always_presents() -> None:
    office, _ = listed(council_with(presenters=[ALWAYS]))
    there = opened(office)
    assert refused(there, "hear", PAT, DAY, case="R-1").rule == "X-2"
    office.act(there, "hear", PAT, DAY, case="R-1", present=[TOM.model_dump()])
    assert there.cases[0].flags == ()


SEATS: list[dict[str, Any]] = [
    {"title": "Director", "role": "chair", "post": "director", "cites": "X-4"},
    {"title": "Delegate", "role": "chair", "post": "director_delegate", "stands_in": True, "cites": "X-5"},
    {"title": "Head", "role": "member", "post": "head_of_service", "outside": True, "cites": "X-6"},
]


def _planned(**changes: object) -> SittingState:
    return sitting(council=council_with(seats=SEATS, quorum=None, independence=None, **changes))


def test_a_deputy_opens_only_without_the_chair() -> None:
    there = _planned()
    room = [one.model_dump() for one in (DELEGATE, DIRECTOR)]
    refusal = refused(there, "open_sitting", PAT, DAY, chair=room[0], present=room)
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, "X-5")
    refusal = refused(there, "open_sitting", PAT, DAY, chair=CAROL.model_dump(), present=room)
    assert "Director or Delegate" in refusal.sentence


def test_a_deputy_whom_the_rota_names_may_chair() -> None:
    there = _planned()
    there.rota_chair = "della"
    office, _ = listed(there.procedure)
    office.sittings[there.process_id] = there
    opened(office, room=(DELEGATE, DIRECTOR))
    assert there.chair == DELEGATE


def test_a_majority_from_outside_is_wished_and_not_asked() -> None:
    quorum = {"seats": 1, "outside_majority": "warn", "cites": "X-7"}
    office, _ = listed(council_with(seats=SEATS, quorum=quorum, independence={"of": "declared", "cites": "X-8"}))
    there = opened(office, room=(DIRECTOR, CAROL))
    assert "No majority of members from outside the service (X-7)" in there.flags
    assert "Absent: Delegate (X-5)" not in there.flags
    calm, _ = listed(council_with(seats=[{**SEATS[0], "outside": True}, *SEATS[1:]], quorum=quorum))
    assert opened(calm, room=(DIRECTOR, CAROL)).flags == []


def test_a_forum_without_seats_has_no_post_that_chairs() -> None:
    there = sitting(council=council_with(seats=[]))
    assert chair_seat_post(there) is None
    there.rota_chair = "carol"
    refusal = refused(there, "open_sitting", PAT, DAY, chair=DEV.model_dump(), present=[ESI.model_dump()])
    assert (refusal.code, refusal.rule) == (RefusalCode.NOT_AUTHORISED, None)


def test_disagreement_may_be_for_another_post_than_the_chairs() -> None:
    council = council_with(disagreement={"decided_by": "director", "cites": "X-9"})
    _, state, there = decided(council, dissent="The cost.")
    assert there.cases[0].decision is not None
    assert not there.cases[0].decision.decided_by_chair
    assert (state.stage, state.outcome) == ("awaiting_decision", None)


def test_a_part_of_a_meeting_decides_as_the_meeting_unless_it_says_otherwise() -> None:
    part = forum_like(key="part", sits_with="harp", options=[], also_known_as=[])
    there = sitting(council=council_with(part))
    book(there, request("R-1", papers=papers(forum="part")), at("2031-03-06 09:30"))
    forum = forum_of(there, there.cases[0])
    assert (forum.key, forum.options) == ("part", there.forum.options)
