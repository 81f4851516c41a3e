"""Who is told of what."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sql

from models.people import Actor
from models.process import Notice
from register.read_models import ACTION, COVER, JOURNEY, SITTING
from register.reading.notices import DeliveryState
from runtime.staff import StaffDirectory
from tests.notices.support import (
    CHILDREN_IN_NEED,
    NOW,
    Carrier,
    all_of,
    directory,
    member,
    note,
    sending,
    stands,
    the_only,
    told,
)
from tests.notices.support import JOURNEY as THIS
from tests.register.rows import Row, a_journey, a_sitting, an_action, insert

MANAGER = Notice(post="team_manager", subject="referral_received")
WORKER = Notice(post="social_worker", subject="returned_for_changes")


@pytest.fixture
def engine(sqlite_engine: sql.Engine) -> sql.Engine:
    return sqlite_engine


def cover(staff: str, deputy: str, **columns: object) -> Row:
    return {
        "process_id": f"cover/hillingdon/{staff}",
        "number": 1,
        "council": "hillingdon",
        "staff": staff,
        "deputy": deputy,
        "from_on": NOW.date(),
        "until_on": NOW.date() + timedelta(days=7),
        "of_process": None,
        "reassigned": False,
        "ended_at": None,
        **columns,
    }


def given(engine: sql.Engine, *notices: Notice, people: StaffDirectory | None = None) -> list[tuple[str, str]]:
    note(engine, *notices)
    sending(engine, Carrier(), people=lambda: people or directory()).give()
    return told(engine)


def test_a_post_is_told_in_the_unit_of_the_case_and_not_elsewhere(engine: sql.Engine) -> None:
    assert given(engine, MANAGER) == [("tm-1", "team_manager")]


def test_everybody_who_holds_the_post_is_told_where_the_case_is_nobodys_own(engine: sql.Engine) -> None:
    assert given(engine, WORKER) == [("sw-1", "social_worker"), ("sw-2", "social_worker")]


def test_of_a_post_whoever_referred_the_case_is_told_and_no_colleague(engine: sql.Engine) -> None:
    note(engine, WORKER)
    stands(engine, a_journey(THIS, referred_by="sw-2"), JOURNEY)
    sending(engine, Carrier()).give()
    assert told(engine) == [("sw-2", "social_worker")]


def test_of_an_action_its_own_person_is_told(engine: sql.Engine) -> None:
    note(engine, Notice(post="social_worker", subject="clock_warned:action:A2"))
    stands(engine, a_journey(THIS, referred_by="sw-2"), JOURNEY)
    insert(engine, ACTION, an_action(THIS, "A2", owner_post="social_worker", owner_staff="sw-1"))
    sending(engine, Carrier()).give()
    assert told(engine) == [("sw-1", "social_worker")]


def test_of_a_meeting_its_chair_is_told_and_no_other_head(engine: sql.Engine) -> None:
    sitting = "sitting/hillingdon/harp/2031-03-11"
    note(engine, Notice(post="head_of_service", subject="minutes_to_approve"), process_id=sitting, unit="")
    stands(engine, a_sitting(sitting, chair="hos-2"), SITTING)
    people = directory(member("hos-1", "head_of_service", "court"), member("hos-2", "head_of_service", "mash"))
    sending(engine, Carrier(), people=lambda: people).give()
    assert told(engine) == [("hos-2", "head_of_service")]


def test_a_named_person_is_told_alone(engine: sql.Engine) -> None:
    assert given(engine, WORKER.model_copy(update={"staff": "sw-2"})) == [("sw-2", "social_worker")]


def test_one_person_in_two_posts_is_told_once(engine: sql.Engine) -> None:
    insert(engine, COVER, cover("tm-1", "sw-1"))
    one = Notice(post="team_manager", subject="listed")
    assert given(engine, one, Notice(post="social_worker", subject="listed")) == [
        ("tm-1", "team_manager"),
        ("sw-1", "team_manager"),
        ("sw-1", "social_worker"),
        ("sw-2", "social_worker"),
    ]
    assert [d.state for d in all_of(engine)] == ["waiting", "waiting", "joined", "waiting"]


def test_a_deputy_is_told_together_with_whom_they_stand_in_for(engine: sql.Engine) -> None:
    insert(engine, COVER, cover("tm-1", "tm-9"))
    assert given(engine, MANAGER) == [("tm-1", "team_manager"), ("tm-9", "team_manager")]
    assert [d.on_behalf_of for d in all_of(engine)] == [None, "tm-1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"from_on": date(2031, 3, 4)},
        {"until_on": date(2031, 3, 2)},
        {"ended_at": NOW - timedelta(minutes=1)},
        {"of_process": "journey/hillingdon/HARP-2"},
    ],
    ids=["not yet", "no more", "ended", "of another case"],
)
def test_who_does_not_stand_in_today_is_not_told(engine: sql.Engine, changes: dict[str, object]) -> None:
    insert(engine, COVER, cover("tm-1", "tm-9", **changes))
    assert given(engine, MANAGER) == [("tm-1", "team_manager")]


def test_work_that_was_reassigned_is_told_to_its_new_owner_alone(engine: sql.Engine) -> None:
    insert(engine, COVER, cover("sw-1", "sw-2", until_on=None, reassigned=True))
    assert given(engine, WORKER.model_copy(update={"staff": "sw-1"})) == [("sw-2", "social_worker")]


def test_work_that_went_round_in_a_circle_still_tells_somebody(engine: sql.Engine) -> None:
    insert(engine, COVER, cover("sw-1", "sw-2", until_on=None, reassigned=True))
    insert(engine, COVER, cover("sw-2", "sw-1", until_on=None, reassigned=True))
    assert given(engine, WORKER.model_copy(update={"staff": "sw-1"})) == [("sw-2", "social_worker")]


def test_where_the_named_person_has_left_their_post_is_told(engine: sql.Engine) -> None:
    people = directory(member("sw-3", "social_worker", CHILDREN_IN_NEED, left=date(2031, 3, 1)))
    assert given(engine, WORKER.model_copy(update={"staff": "sw-3"}), people=people) == [
        ("sw-1", "social_worker"),
        ("sw-2", "social_worker"),
    ]


def test_a_post_that_nobody_holds_is_a_failure_that_says_so(engine: sql.Engine) -> None:
    assert given(engine, Notice(post="director", subject="escalated:cut_off")) == [("", "director")]
    found = the_only(all_of(engine))
    assert (found.state, found.fault) == (
        DeliveryState.FAILED,
        f"nobody holds the post director in the unit {CHILDREN_IN_NEED}",
    )


def test_a_person_whom_nobody_knows_is_a_failure_that_says_so(engine: sql.Engine) -> None:
    given(engine, Notice(post="director", staff="gone-1", subject="listed"))
    assert the_only(all_of(engine)).fault == (
        "nobody here has the staff reference gone-1, and nobody holds the post director"
    )


class Broken(StaffDirectory):
    """A directory that fails for one post."""

    def holders(self, council: str, post: str, unit: str | None = None) -> list[Actor]:
        if post == "director":
            raise ZeroDivisionError
        return super().holders(council, post, unit)


def test_a_notice_that_nobody_foresaw_holds_up_no_other(engine: sql.Engine) -> None:
    people = Broken(Path("staff.toml"), directory().members)
    assert given(engine, Notice(post="director", subject="listed"), MANAGER, people=people) == [
        ("", "director"),
        ("tm-1", "team_manager"),
    ]
    assert all_of(engine)[0].fault == "it could not be found out who is told (ZeroDivisionError)"
