from datetime import date, timedelta

import pytest
import sqlalchemy as sql
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import Refused
from planner.pages import page
from planner.shapes import Entry, Kind, Page, Wanted
from procedures.loader import load_council
from register.read_models import ACTION, CLOCK, JOURNEY, PLACEMENT, PROCESS, SITTING
from tests.builders import at
from tests.register.rows import (
    a_clock,
    a_journey,
    a_placement,
    a_process,
    a_sitting,
    an_action,
    insert,
)

HILLINGDON = load_council("hillingdon")
BEDFORDSHIRE = load_council("central_bedfordshire")
HACKNEY = load_council("hackney")
NOW = at("2031-03-05 10:00")
TODAY = date(2031, 3, 5)
BY_HAND = tuple(kind for kind in Kind if kind not in (Kind.SITTING, Kind.DUTY))
"""What is in a register only because a test put it there."""


def shown(engine: sql.Engine, *councils: object, **wanted: object) -> Page:
    asked = Wanted.model_validate({"first": TODAY, **wanted})
    with engine.connect() as connection:
        return page(connection, councils or (HILLINGDON,), asked, NOW)  # type: ignore[arg-type]


def entries(found: Page) -> list[Entry]:
    return [one for week in found.weeks for one in week.entries]


def test_an_empty_register_still_shows_the_sittings_that_the_schedule_brings(engine: sql.Engine) -> None:
    found = shown(engine, forum="harp", kinds=(Kind.SITTING,), weeks=2)
    assert [(one.on, one.meeting.stage if one.meeting else "") for one in entries(found)] == [(date(2031, 3, 11), None)]
    assert [week.counts for week in found.weeks] == [{}, {Kind.SITTING: 1}]


def test_what_is_late_comes_first_and_the_oldest_of_it_first(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action(due=date(2031, 3, 4)), an_action(reference="A2", due=TODAY))
    insert(
        engine,
        CLOCK,
        a_clock(name="renewal", due=at("2031-02-03 17:00"), state="breached"),
        a_clock(name="listing", due=at("2031-03-05 09:59")),
        a_clock(name="post_decision", due=at("2031-03-05 10:00")),
        a_clock(name="response", due=at("2031-02-01 17:00"), state="met"),
    )
    found = shown(engine, kinds=BY_HAND)
    assert [(one.title, one.state) for one in found.late] == [
        ("Renewal of what was approved", "late"),
        ("Action A1", "late"),
        ("Place at a sitting", "late"),
    ]
    assert found.late_counts == {Kind.RENEWAL: 1, Kind.ACTION: 1, Kind.DEADLINE: 1}
    assert [one.title for one in entries(found)] == ["Action A2", "Decision by a post"]


def test_what_is_late_now_is_not_shown_to_whoever_asks_about_later_weeks(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action(due=date(2031, 3, 4)))
    found = shown(engine, kinds=BY_HAND, first=TODAY + timedelta(days=1))
    assert found.late == ()
    assert found.late_counts == {}


def test_an_action_shows_the_day_on_which_its_owner_was_reminded_and_its_rule(engine: sql.Engine) -> None:
    insert(engine, ACTION, an_action(due=date(2031, 3, 10)))
    insert(
        engine,
        CLOCK,
        a_clock(
            name="action:A1", warns=at("2031-03-04 17:00"), due=at("2031-03-10 17:00"), state="warned", cites="HIL-090"
        ),
    )
    (found,) = entries(shown(engine, kinds=BY_HAND))
    assert (found.kind, found.state, found.warns, found.cites) == (
        Kind.ACTION,
        "warned",
        date(2031, 3, 4),
        ("HIL-090",),
    )


def test_a_review_stands_on_its_own_day_and_says_when_it_is_listed(engine: sql.Engine) -> None:
    insert(engine, JOURNEY, a_journey(review_on=date(2031, 4, 9)), a_journey("journey/hillingdon/X", review_on=TODAY))
    insert(engine, CLOCK, a_clock(name="review", due=at("2031-03-20 12:00")))
    (found,) = entries(shown(engine, kinds=BY_HAND))
    assert (found.kind, found.on, found.list_by) == (Kind.REVIEW, date(2031, 4, 9), date(2031, 3, 20))


def test_a_contract_that_ends_says_by_when_the_panel_lists_it(engine: sql.Engine) -> None:
    own = "placement/central_bedfordshire/PL-1"
    insert(
        engine,
        PLACEMENT,
        a_placement(own, contract_ends_on=date(2031, 4, 25)),
        a_placement("placement/central_bedfordshire/PL-2", contract_ends_on=date(2031, 4, 25), ended_on=TODAY),
    )
    listing = at("2031-04-25 09:00") - timedelta(days=60)
    insert(
        engine,
        CLOCK,
        a_clock(own, "contract_listing", due=listing, state="stopped"),
        a_clock(own, "contract_end", due=at("2031-04-25 17:00"), owner="resources_team", cites="CBC-012"),
    )
    (found,) = entries(shown(engine, BEDFORDSHIRE, kinds=BY_HAND))
    assert (found.kind, found.on, found.owner, found.cites) == (
        Kind.CONTRACT_END,
        date(2031, 4, 25),
        "resources_team",
        ("CBC-012",),
    )
    assert found.list_by == listing.date()
    assert shown(engine, BEDFORDSHIRE, kinds=BY_HAND, forum="access_to_resources_panel").weeks[7].counts
    assert not entries(shown(engine, BEDFORDSHIRE, kinds=BY_HAND, forum=next(reversed(BEDFORDSHIRE.forums))))


def test_a_deadline_of_a_placement_is_called_as_the_councils_file_calls_it(engine: sql.Engine) -> None:
    insert(
        engine,
        CLOCK,
        a_clock("placement/hillingdon/PL-1", "viability_assessment", due=at("2031-03-06 14:35")),
        a_clock("placement/hillingdon/PL-1", "referral:kinship_review", due=at("2031-03-07 17:00")),
    )
    first, second = entries(shown(engine, kinds=BY_HAND))
    assert (first.title, first.at) == ("Written viability assessment", at("2031-03-06 14:35"))
    assert second.title.startswith("Refer, or say why not: ")


def test_clocks_that_nobody_plans_by_are_left_out_until_they_are_late(engine: sql.Engine) -> None:
    own = "sitting/hillingdon/harp/2031-03-11"
    insert(
        engine,
        CLOCK,
        a_clock(own, "sitting_opening", due=at("2031-03-11 09:31")),
        a_clock(own, "sitting_end", due=at("2031-03-11 20:00")),
        a_clock(own, "submissions", due=at("2031-03-07 12:00")),
    )
    assert [one.title for one in entries(shown(engine, kinds=BY_HAND))] == ["Cut-off for submissions"]
    with engine.connect() as connection:
        late = page(connection, [HILLINGDON], Wanted(first=date(2031, 3, 11)), at("2031-03-11 10:00")).late
    assert [one.name for one in late] == ["submissions", "sitting_opening"]


def test_a_sitting_shows_how_full_it_is(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(listed=5, reserved=2, capacity=6, chair="hos-court-1"))
    (found,) = entries(shown(engine, forum="harp", kinds=(Kind.SITTING,), weeks=2))
    assert found.meeting is not None
    assert (found.meeting.listed, found.meeting.capacity, found.meeting.reserved) == (5, 6, 2)
    assert found.meeting.chair == "hos-court-1"


def test_a_postponed_sitting_is_shown_on_both_days_and_counted_once(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(stage="postponed", moved_to=date(2031, 3, 13)))
    found = shown(engine, forum="harp", kinds=(Kind.SITTING,), weeks=2)
    assert [(one.on, one.meeting and one.meeting.stands) for one in entries(found)] == [
        (date(2031, 3, 11), False),
        (date(2031, 3, 13), True),
    ]
    assert found.weeks[1].counts == {Kind.SITTING: 1}


def test_a_sitting_that_moves_beyond_the_weeks_is_shown_in_the_week_that_it_moved_to(engine: sql.Engine) -> None:
    insert(engine, SITTING, a_sitting(stage="postponed", moved_to=date(2031, 3, 26)))
    found = shown(engine, forum="harp", kinds=(Kind.SITTING,), first=date(2031, 3, 24), weeks=1)
    assert [one.on for one in entries(found)] == [date(2031, 3, 25), date(2031, 3, 26)]


def test_monday_panels_of_hackney_move_off_bank_holidays(engine: sql.Engine) -> None:
    weekly = [
        key
        for key, one in HACKNEY.forums.items()
        if one.schedule and one.schedule.weekday == "monday" and one.schedule.every == "week" and not one.sits_with
    ]
    assert weekly
    with engine.connect() as connection:
        found = page(
            connection,
            [HACKNEY],
            Wanted(first=date(2026, 3, 30), weeks=10, kinds=(Kind.SITTING,)),
            at("2026-03-29 12:00"),
        )
    days = {one.on for one in entries(found) if one.forum in weekly}
    mondays_off = {date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25)}
    assert not days & mondays_off
    assert {day + timedelta(days=1) for day in mondays_off} & days
    assert date(2026, 4, 3) not in {one.on for one in entries(found)}


def test_duties_come_round_with_their_owner_and_their_rule(engine: sql.Engine) -> None:
    found = entries(shown(engine, kinds=(Kind.DUTY,), first=date(2031, 3, 31), weeks=1))
    assert [(one.on, one.owner, one.cites, one.at) for one in found] == [
        (date(2031, 4, 1), "head_of_service", ("HIL-108", "HIL-109"), at("2031-04-01 09:00"))
    ]


def test_each_filter_leaves_only_what_it_names(engine: sql.Engine) -> None:
    insert(
        engine,
        PROCESS,
        a_process("journey/hillingdon/A", team="east"),
        a_process("journey/hillingdon/B", team="west"),
    )
    insert(
        engine,
        CLOCK,
        a_clock("journey/hillingdon/A", "listing", forum="harp", unit="court", owner="panel_administrator"),
        a_clock("journey/hillingdon/B", "renewal", forum="complex_harp", unit="mash"),
        a_clock("journey/hackney/C", "renewal", forum="harp", unit="mash"),
    )

    def seen(**wanted: object) -> list[str]:
        return [one.reference for one in entries(shown(engine, **{"kinds": BY_HAND, **wanted}))]

    assert seen() == ["A", "B"]
    assert seen(forum="harp") == ["A"]
    assert seen(unit="MASH ") == ["B"]
    assert seen(team="east") == ["A"]
    assert seen(post="team_manager") == ["B"]
    assert seen(kinds=(Kind.RENEWAL,)) == ["B"]
    assert seen(kinds=(Kind.DEADLINE,)) == ["A"]
    assert seen(weeks=1) == []
    both = shown(engine, HILLINGDON, HACKNEY, kinds=(Kind.RENEWAL,))
    assert [one.council for one in entries(both)] == ["hackney", "hillingdon"]


def test_a_place_that_no_page_ends_at_is_refused(engine: sql.Engine) -> None:
    for after in ("nonsense", "late|x|1|p|n", "soon|2031-03-05T00:00:00+00:00|1|p|n"):
        with pytest.raises(Refused, match="No page"):
            shown(engine, after=after)


@pytest.fixture(scope="module")
def small_register() -> sql.Engine:
    """Many things that fall on few moments, so that pages end among what is due together."""
    engine = sql.create_engine("sqlite://")
    PROCESS.metadata.create_all(engine)
    own = [f"journey/hillingdon/J-{number}" for number in range(3)]
    days = [TODAY + timedelta(days=number) for number in range(-2, 5)]
    midnight = [at(f"{day} 00:00") for day in days]
    insert(engine, ACTION, *(an_action(one, f"A{day.day}", due=day) for one in own for day in days))
    insert(engine, JOURNEY, *(a_journey(one, review_on=days[4]) for one in own))
    insert(engine, CLOCK, *(a_clock(one, "review", due=midnight[5]) for one in own))
    insert(
        engine,
        CLOCK,
        *(
            a_clock(one, f"renewal:{number}:{state}", due=moment, state=state)
            for one in own
            for number, moment in enumerate(midnight)
            for state in (("breached",) if number < 3 else ("running", "warned"))[: 1 + number % 2]
        ),
    )
    insert(
        engine,
        PLACEMENT,
        *(a_placement(f"placement/hillingdon/P{n}", contract_ends_on=day) for n, day in enumerate(days)),
    )
    return engine


@given(limit=st.integers(1, 12), weeks=st.integers(1, 2))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_follow_each_other_without_a_gap_and_show_nothing_twice(
    small_register: sql.Engine, limit: int, weeks: int
) -> None:
    whole = shown(small_register, weeks=weeks, limit=2_000)
    expected = [(one.process, one.name, one.on) for one in (*whole.late, *entries(whole))]
    assert whole.following is None
    assert sum(whole.late_counts.values()) + sum(sum(week.counts.values()) for week in whole.weeks) == len(expected)
    seen, after = [], None
    while True:
        part = shown(small_register, weeks=weeks, limit=limit, after=after)
        found = [*part.late, *entries(part)]
        assert len(found) <= limit
        assert part.late_counts == whole.late_counts
        assert [week.counts for week in part.weeks] == [week.counts for week in whole.weeks]
        seen += [(one.process, one.name, one.on) for one in found]
        after = part.following
        if after is None:
            break
    assert seen == expected
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize(
    ("first", "weeks"),
    [
        (date(2027, 1, 1), [(2026, 53), (2027, 1)]),
        (date(2026, 12, 31), [(2026, 53), (2027, 1)]),
        (date(2029, 1, 1), [(2029, 1), (2029, 2)]),
        (date(2030, 12, 30), [(2031, 1), (2031, 2)]),
        (date(2032, 2, 29), [(2032, 9), (2032, 10)]),
        (date(2033, 1, 2), [(2032, 53), (2033, 1)]),
    ],
)
def test_weeks_are_those_of_iso_8601_over_the_turn_of_a_year(
    small_register: sql.Engine, first: date, weeks: list[tuple[int, int]]
) -> None:
    with small_register.connect() as connection:
        found = page(connection, [HILLINGDON], Wanted(first=first, weeks=2), at(f"{first} 08:00"))
    assert [(week.year, week.number) for week in found.weeks] == weeks
    assert all(week.monday.weekday() == 0 and (week.sunday - week.monday).days == 6 for week in found.weeks)
    assert found.weeks[0].monday <= first <= found.weeks[0].sunday


def test_a_deadline_late_on_sunday_night_in_summer_belongs_to_that_week(engine: sql.Engine) -> None:
    insert(
        engine,
        CLOCK,
        a_clock(name="renewal", due=at("2031-06-08 23:59")),
        a_clock("journey/hillingdon/B", "renewal", due=at("2031-06-09 00:00")),
    )
    found = shown(engine, kinds=(Kind.RENEWAL,), first=date(2031, 6, 2), weeks=2)
    assert [week.counts for week in found.weeks] == [{Kind.RENEWAL: 1}, {Kind.RENEWAL: 1}]
    assert [[one.on for one in week.entries] for week in found.weeks] == [[date(2031, 6, 8)], [date(2031, 6, 9)]]
