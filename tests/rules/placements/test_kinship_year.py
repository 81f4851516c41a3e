"""The Kinship Panel's four weeks against a monthly panel, over every start of a year (D13, D14; HAC-277 to HAC-287)."""

from datetime import date, timedelta

import pytest

from models.data import Weekday
from models.procedure import Council, Forum
from models.timetable import Schedule
from procedures.calendars import working_calendar
from procedures.loader import load_council
from rules.meetings import meetings_between
from rules.watches.reckoning import Wanted, wanted
from rules.working_days import local
from tests.builders import at
from tests.rules.placements.homes import act, due, run_to, standing, told, word
from tests.rules.placements.kin import staying

YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
CALENDAR = working_calendar("hackney", 2026)
EARLIEST, TARGET, LATEST = timedelta(days=21), timedelta(days=28), timedelta(days=42)
HACKNEY = load_council("hackney")
PANEL = "kinship_panel"


def _with_first_wednesdays() -> Council:
    """Hackney with a panel on the first Wednesday of every month."""
    forum = HACKNEY.forums[PANEL]
    assert forum.schedule is not None
    schedule: Schedule = forum.schedule.model_copy(update={"nth": 1, "weekday": Weekday.WEDNESDAY, "dates": ()})
    changed: Forum = forum.model_copy(update={"schedule": schedule})
    return HACKNEY.model_copy(update={"forums": {**HACKNEY.forums, PANEL: changed}})


MONTHLY = _with_first_wednesdays()
FORUM = MONTHLY.forums[PANEL]


def _panels(first: date, last: date) -> list[date]:
    return meetings_between(first, last, FORUM, CALENDAR)


def _asked(start: date) -> Wanted:
    """When the first review is due for a child who goes to relatives and becomes looked after on a day."""
    assert MONTHLY.placement is not None
    listed = next(one for one in MONTHLY.placement.deadlines if one.list_by == PANEL)
    facts = {
        "placement.connected_person": True,
        "child.looked_after": True,
        "child.looked_after_since": start.isoformat(),
        "placement.started_at": f"{start}T10:00:00+00:00",
    }
    found = wanted(listed, facts, {}, MONTHLY, CALENDAR, start)
    assert found is not None
    return found


def test_of_the_starts_of_2026_only_181_have_a_monthly_panel_between_day_28_and_day_42() -> None:
    assert sum(bool(_panels(start + TARGET, start + LATEST)) for start in YEAR) == 181
    assert max((_panels(start + TARGET, start + timedelta(days=70))[0] - start).days for start in YEAR) == 62


def test_every_start_of_the_year_is_reviewed_by_day_42_or_an_extra_sitting_is_asked_for() -> None:
    for start in YEAR:
        found, window = _asked(start), _panels(start + EARLIEST, start + LATEST)
        assert local(found.due).date() <= start + LATEST
        assert found.fits is bool(window)
        assert found.sitting == (window[-1] if window else None)
        assert local(found.due).date() == (window[-1] if window else start + LATEST)


def test_bringing_the_panel_forward_to_day_21_helps_84_more_starts_and_100_need_an_extra_sitting() -> None:
    fits = [start for start in YEAR if _asked(start).fits]
    early = [start for start in fits if not _panels(start + TARGET, start + LATEST)]
    assert (len(fits), len(early), len(YEAR) - len(fits)) == (265, 84, 100)


@pytest.mark.parametrize(
    ("looked_after_since", "end"),
    [(None, "2031-04-16 17:00"), ("2031-03-20", "2031-04-16 17:00"), ("2029-02-01", "2031-04-16 17:00")],
)
def test_for_a_child_already_looked_after_the_weeks_count_from_the_placement(
    looked_after_since: str | None, end: str
) -> None:
    state = staying("hackney", at("2031-03-20 10:00"), looked_after_since=looked_after_since, legal_status="C2")
    assert due(state, "kinship_review") == end
    assert due(state, "emergency_period") == "2031-05-01 17:00"


def test_without_a_panel_in_the_window_an_extra_sitting_is_asked_for() -> None:
    state = staying("hackney", at("2031-01-02 10:00"), legal_status="V2")
    assert {"consultant_social_worker", "panel_manager"} <= told(state)
    assert any("an extra one is wanted" in flag for flag in state.flags)
    act(state, "record_check", at("2031-02-10 10:00"), "panel_manager", check="kinship_review")
    assert not any("an extra one is wanted" in flag for flag in state.flags)
    assert due(state, "kinship_review") == "2031-02-19 17:00"


def test_a_decision_of_the_panel_is_a_review_and_sets_the_next() -> None:
    state = staying("hackney", at("2031-03-06 10:00"), legal_status="V2")
    word(state, "decided", at("2031-04-16 12:00"), forum=PANEL, referral_ref="R-1", outcome="approved", on="2031-04-16")
    assert due(state, "kinship_review") == "2031-05-21 17:00"
    assert state.open_proposals == []
    word(state, "decided", at("2031-05-21 12:00"), forum=PANEL, outcome="approved", next_review="2031-08-19")
    assert due(state, "kinship_review") == "2031-07-16 17:00"


def test_six_weeks_tell_the_head_of_service_and_end_nothing() -> None:
    state = staying("hackney", at("2031-03-06 10:00"), legal_status="V2")
    before = state.sequence
    run_to(state, at("2031-04-17 17:00"))
    assert "head_of_service" in told(state, before)
    assert any("Six weeks have gone" in flag for flag in state.flags)
    assert str(state.stage) == "active"


def test_a_way_out_stops_the_reviews() -> None:
    state = staying("hackney", at("2031-03-06 10:00"), legal_status="V2")
    act(state, "record_check", at("2031-03-20 10:00"), check="permanent_outcome", result="adoption")
    assert {standing(state, name) for name in ("kinship_review", "emergency_period")} == {"stopped"}
