from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.conditions import ABOUT_THE_FACT, Condition
from models.intake import LocalField, Requirement
from models.membership import Seat
from models.procedure import Council, Setting
from rules.conditions import (
    ANSWERS,
    PROCEDURES_KEPT,
    Known,
    all_hold,
    as_day,
    asked,
    fact,
    holds,
    known_of,
    path_exists,
    paths_asked,
    plain,
    school_year,
    told,
)
from rules.sittings.order import agenda
from tests.builders import HILLINGDON, referral, sitting_with

TODAY = date(2031, 3, 6)
COUNCIL = HILLINGDON.model_copy(
    update={
        "settings": {"level": Setting(title="Level", value=Decimal(500), cites=("HIL-017",))},
        "lists": {"home_area": ("Hillingdon",)},
        "facts": {
            "held_on": LocalField(title="Held", type="date", cites=("HIL-004",)),
            "drivers": LocalField(title="Drivers", type="choices", of=("school", "health"), cites=("HIL-004",)),
        },
    }
)


def _holds(path: str, today: date = TODAY, asked: dict[str, Any] | None = None, **changes: Any) -> bool:  # noqa: ANN401
    condition = Condition.model_validate({"path": path, **(asked or {})})
    return holds(condition, referral(**changes), today, COUNCIL)


def _of(value: object, today: date = TODAY, **question: Any) -> bool:  # noqa: ANN401
    return holds(Condition.model_validate({"path": "x", **question}), {"x": value}, today, COUNCIL)


@pytest.mark.parametrize(
    ("path", "asked", "changes", "answer"),
    [
        ("request.kind", {"equals": "accommodation"}, {}, True),
        ("request.kind", {"equals": "therapy"}, {}, False),
        ("request.funding", {"equals": True}, {}, True),
        ("request.funding", {"equals": False}, {}, False),
        ("request.kind", {"one_of": ["therapy", "accommodation"]}, {}, True),
        ("request.kind", {"one_of": ["therapy"]}, {}, False),
        ("request.kind", {"not_equals": "therapy"}, {}, True),
        ("request.kind", {"not_equals": "accommodation"}, {}, False),
        ("request.kind", {"not_one_of": ["therapy"]}, {}, True),
        ("request.kind", {"not_one_of": ["accommodation"]}, {}, False),
        ("documents", {"has": "section 20 checklist"}, {}, True),
        ("documents", {"has": "Genogram"}, {}, False),
        ("team.unit", {"in_list": "home_area"}, {"team.unit": "hillingdon"}, True),
        ("team.unit", {"in_list": "home_area"}, {}, False),
        ("team.unit", {"in_list": "nowhere"}, {}, False),
        ("team.unit", {"not_in_list": "home_area"}, {"team.unit": "Hillingdon"}, False),
        ("team.unit", {"not_in_list": "home_area"}, {}, True),
        ("team.unit", {"not_in_list": "nowhere"}, {}, False),
        ("costs", {"present": True}, {}, True),
        ("costs", {"present": False}, {}, False),
        ("costs", {"present": False}, {"costs": None}, True),
        ("costs.proposed", {"present": True}, {"costs": None}, False),
        ("circumstances.looked_after", {"present": True}, {"circumstances.legal_status": "V2"}, True),
        ("circumstances.looked_after", {"present": True}, {}, False),
        ("costs.proposed", {"above_setting": "level"}, {}, False),
        ("costs.proposed", {"not_above_setting": "level"}, {}, True),
        ("costs.proposed", {"above": 479}, {}, True),
        ("costs.proposed", {"above": 480}, {}, False),
        ("costs.proposed", {"at_most": 480}, {}, True),
        ("costs.proposed", {"at_most": 479}, {}, False),
        ("costs.proposed", {"at_least": 480}, {}, True),
        ("costs.proposed", {"at_least": 481}, {}, False),
        ("costs.present", {"not_above_path": "costs.proposed"}, {}, True),
        ("costs.proposed", {"not_above_path": "costs.present"}, {}, False),
        ("costs.proposed", {"not_above_path": "money.amount"}, {}, False),
        ("costs.difference", {"not_zero": True}, {}, True),
        ("costs.difference", {"not_zero": False}, {}, False),
        ("costs.difference", {"not_zero": True}, {"costs": None}, False),
        ("facts.drivers", {"one_of": ["health"]}, {"facts": {"drivers": ["school", "health"]}}, True),
        ("facts.drivers", {"one_of": ["health"]}, {"facts": {"drivers": "school"}}, False),
        ("facts.held_on", {"not_after_today": True}, {"facts": {"held_on": "2031-03-06"}}, True),
        ("facts.held_on", {"not_after_today": True}, {"facts": {"held_on": "2031-03-07"}}, False),
        ("facts.held_on", {"not_after_today": False}, {"facts": {"held_on": "2031-03-07"}}, True),
    ],
)
def test_a_condition_asks_one_thing_of_the_form(
    path: str, asked: dict[str, Any], changes: dict[str, Any], *, answer: bool
) -> None:
    assert _holds(path, asked=asked, **changes) is answer


@pytest.mark.parametrize(("pounds", "above"), [("499.99", False), ("500.00", False), ("500.01", True)])
def test_the_level_itself_is_not_above_the_level(pounds: str, *, above: bool) -> None:
    costs = {"present": "0", "proposed": pounds, "difference": pounds}
    assert _holds("costs.proposed", asked={"above_setting": "level"}, costs=costs) is above
    assert _holds("costs.proposed", asked={"not_above_setting": "level"}, costs=costs) is not above


@pytest.mark.parametrize("difference", ["-1.00", "1.00", "0.01"])
def test_any_change_of_cost_is_one_up_or_down(difference: str) -> None:
    costs = {"present": "10.00", "proposed": str(Decimal(10) + Decimal(difference)), "difference": difference}
    assert _holds("costs.difference", asked={"not_zero": True}, costs=costs)


@pytest.mark.parametrize(("today", "reached"), [(date(2033, 5, 13), False), (date(2033, 5, 14), True)])
def test_a_birthday_is_reached_on_the_day(today: date, *, reached: bool) -> None:
    assert _holds("child.date_of_birth", today, {"years_reached": 14}) is reached
    assert _holds("child.date_of_birth", today, {"years_not_reached": 14}) is not reached


@pytest.mark.parametrize(("today", "reached"), [(date(2034, 2, 27), False), (date(2034, 2, 28), True)])
def test_a_child_born_on_the_29th_of_february_has_a_birthday_every_year(today: date, *, reached: bool) -> None:
    assert (
        _holds("child.date_of_birth", today, {"years_reached": 14}, **{"child.date_of_birth": "2020-02-29"}) is reached
    )


@pytest.mark.parametrize(("starts", "reached"), [("2033-05-13", False), ("2033-05-14", True), (None, False)])
def test_an_age_can_be_judged_on_another_day_than_today(starts: str | None, *, reached: bool) -> None:
    question = {"years_reached": 14, "at": "proposal.starts"}
    proposal = {"starts": starts} if starts else {}
    assert _holds("child.date_of_birth", TODAY, question, proposal=proposal) is reached


@pytest.mark.parametrize(("today", "longer"), [(date(2031, 3, 6), False), (date(2031, 3, 7), True)])
def test_a_duration_has_to_be_strictly_longer(today: date, *, longer: bool) -> None:
    path = "circumstances.child_protection_plan_since"
    assert _holds(path, today, {"longer_than": "P12M"}, **{path: "2030-03-06"}) is longer


@pytest.mark.parametrize(("today", "lasted"), [(date(2031, 3, 5), False), (date(2031, 3, 6), True)])
def test_thirteen_weeks_or_more_begin_on_the_day_itself(today: date, *, lasted: bool) -> None:
    assert _of("2030-12-05", today, at_least_for="P13W") is lasted


@pytest.mark.parametrize(("today", "within"), [(date(2031, 3, 20), True), (date(2031, 3, 21), False)])
def test_the_past_two_weeks_hold_the_fourteenth_day(today: date, *, within: bool) -> None:
    assert _of(TODAY, today, within="P14D") is within


@pytest.mark.parametrize(
    ("born", "on", "year"),
    [
        (date(2014, 8, 31), date(2031, 3, 6), 12),
        (date(2015, 8, 31), date(2031, 3, 6), 11),
        (date(2015, 9, 1), date(2031, 3, 6), 10),
        (date(2015, 9, 1), date(2031, 9, 1), 11),
        (date(2026, 9, 1), date(2031, 9, 1), 0),
    ],
)
def test_a_school_year_begins_in_september(born: date, on: date, year: int) -> None:
    assert school_year(born, on) == year
    assert _of(born, on, school_years=[year]) is True
    assert _of(born, on, school_years=[year + 1]) is False


@settings(deadline=None)
@given(born=st.dates(date(2000, 1, 1), date(2031, 1, 1)), on=st.dates(date(2031, 1, 1), date(2049, 1, 1)))
def test_a_school_year_follows_the_age_at_the_end_of_august(born: date, on: date) -> None:
    ends = date(on.year + (on.month > 8), 8, 31)
    age = ends.year - born.year - ((born.month, born.day) > (8, 31))
    assert school_year(born, on) == age - 5


@settings(deadline=None)
@given(since=st.dates(date(2020, 1, 1), date(2031, 1, 1)), days=st.integers(0, 400))
def test_strictly_longer_begins_the_day_after_at_least(since: date, days: int) -> None:
    on = since + timedelta(days=days)
    assert _of(since, on, longer_than="P13W") is (_of(since, on - timedelta(days=1), at_least_for="P13W"))


def test_what_is_not_filled_in_meets_no_condition_but_absence_and_difference() -> None:
    path = "circumstances.child_protection_plan_since"
    assert not _holds(path, asked={"longer_than": "P12M"})
    assert _holds(path, asked={"present": False})
    assert _holds("request.matter", asked={"not_equals": "passport"})
    assert _holds("request.matter", asked={"not_one_of": ["passport"]})
    assert not _holds("request.matter", asked={"equals": "passport"})
    assert not _holds("request.matter", asked={"not_in_list": "home_area"})


def test_all_conditions_must_hold_and_none_always_do() -> None:
    money = Condition(path="request.funding", equals=True)
    therapy = Condition(path="request.kind", equals="therapy")
    assert all_hold((), referral(), TODAY, COUNCIL)
    assert all_hold((money,), referral(), TODAY, COUNCIL)
    assert not all_hold((money, therapy), referral(), TODAY, COUNCIL)
    assert holds(Condition(any_of=((therapy,), (money,))), referral(), TODAY, COUNCIL)
    assert not holds(Condition(any_of=((therapy,), (money, therapy))), referral(), TODAY, COUNCIL)


def test_a_fact_lies_at_its_dotted_path() -> None:
    assert fact(referral(), "child.reference") == "C-1"
    assert fact(referral(costs=None), "costs.proposed") is None
    assert fact(referral(prior={"harp": "advised"}), "prior.harp.outcome") == "advised"
    assert fact(referral(), "prior.harp.outcome") is None
    with pytest.raises(AttributeError):
        fact(referral(), "child.shoe_size")


def test_what_the_engine_knows_goes_before_the_form() -> None:
    form = referral(proposal={"kind": "foster"})
    assert fact(form, "route.emergency") is None
    assert fact(form, "decision.outcome") is None
    known = Known(form, {"route.emergency": True, "proposal.kind": "hostel"})
    assert fact(known, "route.emergency") is True
    assert fact(known, "proposal.kind") == "hostel"
    assert fact(known, "child.reference") == "C-1"


@pytest.mark.parametrize("value", [TODAY, datetime(2031, 3, 6, 9, 30), "2031-03-06"])  # noqa: DTZ001 - a TOML's own
def test_a_day_is_a_day_however_it_is_written(value: object) -> None:
    assert as_day(value) == TODAY


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("child", True),
        ("child.date_of_birth", True),
        ("costs.proposed", True),
        ("circumstances.looked_after", True),
        ("circumstances.section_20_since", True),
        ("documents", True),
        ("facts.held_on", True),
        ("facts.never_declared", False),
        ("route.emergency", True),
        ("would_be_looked_after", True),
        ("decision.outcome", True),
        ("decision.review_on", True),
        ("decision.findings.anything", True),
        ("decision.weather", False),
        ("prior.harp", True),
        ("prior.harp.outcome", True),
        ("prior.harp.weather", False),
        ("prior.nowhere.outcome", False),
        ("child.shoe_size", False),
        ("shoe_size", False),
        ("child.date_of_birth.year", False),
        ("circumstances.looked_after.since", False),
        ("documents.0", False),
        ("costs.difference_adds_up", False),
        ("", False),
    ],
)
def test_the_paths_of_a_case_are_known(path: str, *, exists: bool) -> None:
    assert path_exists(COUNCIL, path) is exists


def _with_seat(**seat: Any) -> Council:  # noqa: ANN401
    harp = HILLINGDON.forums["harp"]
    whole = {"title": "Somebody", "role": "case", "post": ["social_worker"], "cites": ["HIL-067"], **seat}
    need = Requirement.model_validate(
        {
            "fields": ["proposal.matching"],
            "must": [{"path": "decision.review_on", "present": True}],
            "at": ["sign_off", "decision"],
            "sentence": "x",
            "remedy": "x",
            "cites": "HIL-004",
        }
    )
    bare = dict.fromkeys(("checkpoints", "prompts", "presenters", "options", "confirmations"), ())
    seats = (Seat.model_validate(whole),)
    forum = harp.model_copy(update={**bare, "seats": seats, "requirements": (need,), "final_decision": None})
    part = forum.model_copy(update={"key": "part", "seats": (), "sits_with": "harp", "requirements": ()})
    return HILLINGDON.model_copy(update={"forums": {"harp": forum, "part": part}, "law": ()})


def test_a_sitting_is_told_what_it_asks_about_and_no_more() -> None:
    council = _with_seat(
        when=[
            {"path": "request.funding", "equals": True},
            {"path": "child.date_of_birth", "years_reached": 16, "at": "proposal.starts"},
            {"any_of": [[{"path": "costs.proposed", "above": 1}]]},
        ]
    )
    paths = ["request.funding", "child.date_of_birth", "proposal.starts", "costs.proposed", "proposal.matching"]
    assert list(paths_asked(council, "harp")) == paths
    assert list(paths_asked(council, "part")) == paths[:-1]
    assert told(council, "harp", referral()) == {
        "request.funding": True,
        "child.date_of_birth": "2019-05-14",
        "costs.proposed": "480.00",
    }


def test_a_sitting_of_hillingdon_is_told_what_the_law_asks_at_a_decision() -> None:
    assert "proposal.kind" in paths_asked(HILLINGDON, "harp")
    assert "would_be_looked_after" in paths_asked(HILLINGDON, "harp")


def test_a_seat_may_ask_whatever_the_form_says() -> None:
    papers = agenda(sitting_with(1))[0].papers
    known = known_of(papers.model_copy(update={"facts": {"request.funding": True, "child.in_custody": True}}))
    assert known["request.funding"] is True
    assert known["child.in_custody"] is False


def test_facts_travel_as_plain_values() -> None:
    form = referral(proposal={"planned": True, "distance_miles": "2.5"})
    assert plain(form.request.kind) == "accommodation"
    assert plain(form.circumstances.legal_status) is None
    assert plain(HILLINGDON.forums["harp"].options[0].outcome) == "approved"
    assert plain(form.documents) == ["Access to resource panel form", "Section 20 checklist"]
    assert plain(form.costs) == {"present": "0.00", "proposed": "480.00", "difference": "480.00"}
    assert plain(fact(form, "proposal.planned")) is True
    assert plain(fact(form, "proposal.distance_miles")) == "2.5"


def test_conditions_are_found_wherever_they_stand() -> None:
    inner = Condition(path="request.funding", equals=True)
    outer = Condition(any_of=((inner,),))
    assert list(asked(({"a": (outer,)}, "text"))) == [outer, inner]


def test_what_a_forum_asks_stays_the_same_however_many_procedures_there_are() -> None:
    asked = paths_asked(HILLINGDON, "harp")
    copies = [HILLINGDON.model_copy() for _ in range(PROCEDURES_KEPT + 1)]
    assert {paths_asked(copy, "harp") for copy in copies} == {asked}
    assert paths_asked(HILLINGDON, "harp") == asked


def test_a_condition_knows_its_questions_and_each_has_an_answer() -> None:
    assert Condition(path="stage", equals=False).questions == (("equals", False),)
    assert Condition(path="stage", years_reached=0, at="decision.on").questions == (("years_reached", 0),)
    assert Condition(path="stage", present=True).questions == ()
    both = Condition(path="child.date_of_birth", within="P1Y", at_least_for="P1M")
    assert both.questions == (("at_least_for", "P1M"), ("within", "P1Y"))  # in one order, whatever the file says
    assert set(ANSWERS) == set(Condition.model_fields) - set(ABOUT_THE_FACT)
