from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.conditions import Condition
from models.procedure import Setting
from rules.conditions import all_hold, fact, holds, path_exists
from tests.builders import referral

TODAY = date(2031, 3, 6)
LEVEL = {"level": Setting(title="Level", value=Decimal(500), cites=("HIL-017",))}


def _holds(path: str, today: date = TODAY, asked: dict[str, Any] | None = None, **changes: Any) -> bool:  # noqa: ANN401
    condition = Condition.model_validate({"path": path, **(asked or {})})
    return holds(condition, referral(**changes), today, LEVEL)


@pytest.mark.parametrize(
    ("path", "asked", "changes", "answer"),
    [
        ("request.kind", {"equals": "accommodation"}, {}, True),
        ("request.kind", {"equals": "therapy"}, {}, False),
        ("request.funding", {"equals": True}, {}, True),
        ("request.funding", {"equals": False}, {}, False),
        ("request.kind", {"one_of": ["therapy", "accommodation"]}, {}, True),
        ("request.kind", {"one_of": ["therapy"]}, {}, False),
        ("costs", {"present": True}, {}, True),
        ("costs", {"present": False}, {}, False),
        ("costs", {"present": False}, {"costs": None}, True),
        ("costs.proposed", {"present": True}, {"costs": None}, False),
        ("circumstances.looked_after", {"present": True}, {"circumstances.legal_status": "V2"}, True),
        ("circumstances.looked_after", {"present": True}, {}, False),
        ("costs.proposed", {"above_setting": "level"}, {}, False),
        ("costs.proposed", {"not_above_setting": "level"}, {}, True),
        ("costs.difference", {"not_zero": True}, {}, True),
        ("costs.difference", {"not_zero": False}, {}, False),
        ("costs.difference", {"not_zero": True}, {"costs": None}, False),
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


@pytest.mark.parametrize(("today", "reached"), [(date(2034, 2, 27), False), (date(2034, 2, 28), True)])
def test_a_child_born_on_the_29th_of_february_has_a_birthday_every_year(today: date, *, reached: bool) -> None:
    assert (
        _holds("child.date_of_birth", today, {"years_reached": 14}, **{"child.date_of_birth": "2020-02-29"}) is reached
    )


@pytest.mark.parametrize(("today", "longer"), [(date(2031, 3, 6), False), (date(2031, 3, 7), True)])
def test_a_duration_has_to_be_strictly_longer(today: date, *, longer: bool) -> None:
    path = "circumstances.child_protection_plan_since"
    assert _holds(path, today, {"longer_than": "P12M"}, **{path: "2030-03-06"}) is longer


def test_what_is_not_filled_in_meets_no_condition_but_absence() -> None:
    assert not _holds("circumstances.child_protection_plan_since", asked={"longer_than": "P12M"})
    assert _holds("circumstances.child_protection_plan_since", asked={"present": False})


def test_all_conditions_must_hold_and_none_always_do() -> None:
    money = Condition(path="request.funding", equals=True)
    therapy = Condition(path="request.kind", equals="therapy")
    assert all_hold((), referral(), TODAY, {})
    assert all_hold((money,), referral(), TODAY, {})
    assert not all_hold((money, therapy), referral(), TODAY, {})


def test_a_fact_lies_at_its_dotted_path() -> None:
    assert fact(referral(), "child.reference") == "C-1"
    assert fact(referral(costs=None), "costs.proposed") is None
    with pytest.raises(AttributeError):
        fact(referral(), "child.shoe_size")


@pytest.mark.parametrize(
    ("path", "exists"),
    [
        ("child", True),
        ("child.date_of_birth", True),
        ("costs.proposed", True),
        ("circumstances.looked_after", True),
        ("circumstances.section_20_since", True),
        ("documents", True),
        ("child.shoe_size", False),
        ("shoe_size", False),
        ("child.date_of_birth.year", False),
        ("circumstances.looked_after.since", False),
        ("documents.0", False),
        ("costs.difference_adds_up", False),
        ("", False),
    ],
)
def test_the_paths_of_the_form_are_known(path: str, *, exists: bool) -> None:
    assert path_exists(path) is exists
