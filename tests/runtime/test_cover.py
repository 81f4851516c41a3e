"""Cover in the register, on both databases: given, ended, reassigned, and the same after a rebuild."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
import sqlalchemy as sql

from models.cover import Cover
from models.errors import RefusalCode, Refused
from models.people import Actor
from procedures.loader import load_council
from register.fold import catch_up, rebuild
from register.log import note_event
from register.read_models import COVER
from register.tables import EVENT, NOTICE
from rules.cover import acting_for
from runtime.cover import Arrangement, Covers, wall_clock
from tests.builders import AMIRA, CAROL, HELEN, TOM, at, person, refusal_of

TIA = person("tia", "team_manager", "court")
COUNCIL = load_council("hillingdon")
JOURNEY = "journey/hillingdon/R-1"
FRIDAY = date(2031, 3, 14)
ROUNDS = 5
"""How often two people arrange something in the same moment."""


class Clock:
    """A clock that a test sets."""

    def __init__(self, text: str) -> None:
        self.moment = at(text)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock("2031-03-10 09:00")


@pytest.fixture
def covers(engine: sql.Engine, clock: Clock) -> Covers:
    return Covers(engine, clock)


def toms(deputy: Actor, by: Actor = TOM) -> Arrangement:
    return Arrangement(COUNCIL, by, TOM, deputy)


def stored(engine: sql.Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [
            tuple(row) for row in connection.execute(sql.select(COVER).order_by(COVER.c.process_id, COVER.c.number))
        ]


def test_a_cover_is_given_acted_on_and_over_at_midnight(covers: Covers, clock: Clock) -> None:
    given = covers.give(toms(TIA), date(2031, 3, 10), FRIDAY, "leave")
    assert (given.staff, given.deputy, given.number, given.until) == ("tom", "tia", 1, FRIDAY)
    deputy = acting_for(TIA, TOM)
    covers.require(deputy, JOURNEY)
    covers.require(TIA, JOURNEY)
    assert [one.staff for one in covers.principals("tia")] == ["tom"]
    clock.moment = at("2031-03-14 23:59:59")
    covers.require(deputy, JOURNEY)
    clock.moment = at("2031-03-15 00:00")
    assert refusal_of(lambda: covers.require(deputy, JOURNEY)).code is RefusalCode.NOT_AUTHORISED
    assert covers.principals("tia") == []


def test_what_is_written_holds_who_and_when_and_tells_both(engine: sql.Engine, covers: Covers) -> None:
    covers.give(toms(TIA, HELEN), date(2031, 3, 10), FRIDAY, "leave")
    with engine.connect() as connection:
        event = connection.execute(sql.select(EVENT)).one()
        told = connection.execute(sql.select(NOTICE.c.staff, NOTICE.c.subject).order_by(NOTICE.c.staff)).all()
    assert (event.process_id, event.what, event.staff, event.post) == (
        "cover/hillingdon/tom",
        "give_cover",
        "helen",
        "head_of_service",
    )
    assert [tuple(one) for one in told] == [("tia", "give_cover"), ("tom", "give_cover")]


def test_what_the_rules_refuse_is_not_written(engine: sql.Engine, covers: Covers) -> None:
    covers.give(toms(TIA), date(2031, 3, 10), FRIDAY)
    with pytest.raises(Refused):
        covers.give(toms(AMIRA), FRIDAY, FRIDAY)
    with pytest.raises(Refused):
        covers.give(Arrangement(COUNCIL, TIA, TIA, AMIRA), FRIDAY, FRIDAY)
    with pytest.raises(Refused):
        covers.give(toms(AMIRA, TIA), date(2031, 4, 1), date(2031, 4, 2))
    assert len(stored(engine)) == 1


@pytest.mark.parametrize("by", [TOM, HELEN, TIA])
def test_the_person_their_manager_or_the_deputy_ends_a_cover(covers: Covers, by: Actor) -> None:
    covers.give(toms(TIA), date(2031, 3, 10), FRIDAY)
    assert [one.deputy for one in covers.end(COUNCIL, by, TOM)] == ["tia"]
    assert refusal_of(lambda: covers.require(acting_for(TIA, TOM), JOURNEY)).code is RefusalCode.NOT_AUTHORISED
    assert refusal_of(lambda: covers.end(COUNCIL, TOM, TOM)).code is RefusalCode.UNKNOWN
    covers.give(toms(AMIRA), date(2031, 3, 10), FRIDAY)
    assert [one.deputy for one in covers.listed("hillingdon", "tom")] == ["amira", "tia"]


def test_nobody_else_ends_it(covers: Covers) -> None:
    covers.give(toms(TIA), date(2031, 3, 10), FRIDAY)
    for by in (AMIRA, person("hana", "social_worker")):
        assert refusal_of(partial(covers.end, COUNCIL, by, TOM)).code is RefusalCode.NOT_AUTHORISED
    assert covers.end(COUNCIL, TOM, TOM, "tia")


def test_reassigned_work_is_the_new_owners_until_it_is_ended_or_goes_on(covers: Covers, clock: Clock) -> None:
    covers.give(toms(AMIRA), date(2031, 3, 10), FRIDAY)
    given = covers.reassign(toms(TIA, HELEN), "left")
    assert (given.reassigned, given.until, given.deputy) == (True, None, "tia")
    assert covers.principals("amira") == []
    clock.moment = at("2032-03-10 09:00")
    covers.require(acting_for(TIA, TOM), JOURNEY)
    sam = person("sam", "team_manager")
    covers.reassign(Arrangement(COUNCIL, CAROL, TIA, sam), "left too")
    assert {one.staff for one in covers.principals("sam")} == {"tia", "tom"}
    covers.reassign(toms(sam, HELEN), "to sam himself")
    assert covers.principals("tia") == []


def test_one_process_changes_hands_and_nothing_else_does(covers: Covers) -> None:
    covers.give(toms(AMIRA), date(2031, 3, 10), FRIDAY)
    covers.reassign(toms(TIA), "moves to court", JOURNEY)
    covers.require(acting_for(TIA, TOM), JOURNEY)
    covers.require(acting_for(AMIRA, TOM), "journey/hillingdon/R-2")
    with pytest.raises(Refused):
        covers.require(acting_for(TIA, TOM), "journey/hillingdon/R-2")


def test_a_process_that_changed_hands_before_stays_there_when_the_rest_goes(covers: Covers) -> None:
    covers.reassign(toms(AMIRA), "moves", JOURNEY)
    covers.reassign(toms(TIA), "left")
    assert [one.of_process for one in covers.principals("amira")] == [JOURNEY]
    assert [one.of_process for one in covers.principals("tia")] == [None]


def at_once(*arranging: Callable[[], Cover]) -> list[Cover | Refused]:
    """What several people get who arrange something in the same moment."""
    ready = Barrier(len(arranging))

    def arranged(one: Callable[[], Cover]) -> Cover | Refused:
        ready.wait()
        try:
            return one()
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(len(arranging)) as people:
        return list(people.map(arranged, arranging))


def each(covers: Covers, on: date, *whos: Arrangement) -> list[Callable[[], Cover]]:
    return [partial(covers.give, who, on, on) for who in whos]


def refusals_in(answers: Iterable[Cover | Refused]) -> list[RefusalCode]:
    return [one.code for one in answers if isinstance(one, Refused)]


def test_of_two_deputies_who_are_named_at_once_for_the_same_days_one_is_refused(covers: Covers) -> None:
    for number in range(ROUNDS):
        answers = at_once(*each(covers, FRIDAY + timedelta(number), toms(TIA), toms(AMIRA)))
        assert refusals_in(answers) == [RefusalCode.ILLEGAL_MOVE]
    assert len(covers.listed()) == ROUNDS


def test_two_covers_that_are_given_at_once_make_no_chain(covers: Covers) -> None:
    on = Arrangement(COUNCIL, TIA, TIA, AMIRA)
    for number in range(ROUNDS):
        answers = at_once(*each(covers, FRIDAY + timedelta(number), toms(TIA), on))
        assert refusals_in(answers) == [RefusalCode.ILLEGAL_MOVE]
    assert len(covers.listed()) == ROUNDS


def test_each_of_two_who_arrange_at_once_is_given_the_cover_that_they_wrote(covers: Covers) -> None:
    later = FRIDAY + timedelta(1)
    answers = at_once(*each(covers, FRIDAY, toms(TIA)), *each(covers, later, toms(AMIRA)))
    given = [(one.deputy, one.from_on) for one in answers if isinstance(one, Cover)]
    assert given == [("tia", FRIDAY), ("amira", later)]
    assert {one.number for one in answers if isinstance(one, Cover)} == {1, 2}
    assert sorted(covers.listed(), key=lambda one: one.from_on) == answers


def test_of_two_who_end_a_cover_at_once_one_finds_none(covers: Covers) -> None:
    for number in range(ROUNDS):
        covers.give(toms(TIA), FRIDAY + timedelta(number), FRIDAY + timedelta(number))
        answers = at_once(*[lambda: covers.end(COUNCIL, TOM, TOM)[0]] * 2)
        assert refusals_in(answers) == [RefusalCode.UNKNOWN]


def test_covers_folded_anew_are_the_same(engine: sql.Engine, covers: Covers) -> None:
    covers.give(toms(TIA), date(2031, 3, 10), FRIDAY)
    covers.end(COUNCIL, TOM, TOM)
    covers.reassign(toms(AMIRA), "moves", JOURNEY)
    covers.reassign(toms(TIA), "left")
    before = stored(engine)
    rebuild(engine)
    assert stored(engine) == before
    assert len(before) == 3


def test_what_else_is_said_of_somebodys_cover_changes_nothing(engine: sql.Engine, covers: Covers) -> None:
    covers.give(toms(TIA), date(2031, 3, 10), FRIDAY)
    before = stored(engine)
    for details in ({}, {"text": "x"}):
        note_event(
            engine,
            process_id="cover/hillingdon/tom",
            what="remark",
            staff="tom",
            post="x",
            at=wall_clock(),
            details=details,
        )
    catch_up(engine)
    assert stored(engine) == before


def test_a_cover_counts_from_when_somebody_else_wrote_it(engine: sql.Engine, clock: Callable[[], datetime]) -> None:
    Covers(engine, clock).give(toms(TIA), date(2031, 3, 10), FRIDAY)
    other = Covers(engine, clock).around(["tia"])
    assert [isinstance(one, Cover) for one in other] == [True]
