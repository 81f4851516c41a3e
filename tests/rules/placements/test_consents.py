"""The Director's consent, and that of each person with parental responsibility (HIL-099, HIL-100)."""

from typing import Any

import pytest

from models.errors import RefusalCode
from tests.builders import at
from tests.rules.placements.homes import act, due, standing, told, view
from tests.rules.placements.kin import FRIDAY, not_started, refused, staying

NIGHT = at("2031-03-07 23:00")
BOTH = [{"person": "M-1", "capacity": True, "consent": True}, {"person": "F-1", "capacity": True, "consent": True}]


def test_the_director_has_until_the_next_working_day_over_easter() -> None:
    assert due(staying(now=at("2031-04-10 18:00")), "director_consent") == "2031-04-15 17:00"


def test_only_who_may_consent_records_the_consent() -> None:
    state = staying()
    refused(
        RefusalCode.NOT_AUTHORISED, "HIL-099", state, "record_check", NIGHT, "team_manager", check="director_consent"
    )
    act(state, "record_check", NIGHT, "director", check="director_s_consent")
    assert standing(state, "director_consent") == "met"


def test_a_delegates_consent_waits_for_the_directors_confirmation() -> None:
    state = staying(director_consent={"by": "director_delegate", "on": "2031-03-07"})
    assert standing(state, "director_consent") == "running"
    assert any("still to come" in flag for flag in view(state, FRIDAY).flags)
    act(state, "record_check", NIGHT, "director", check="director_consent")
    assert not any("still to come" in flag for flag in view(state, NIGHT).flags)


def test_a_director_who_does_not_consent_leaves_the_clock_running() -> None:
    state = staying()
    act(state, "record_check", NIGHT, "director", check="director_consent", consent=False)
    assert standing(state, "director_consent") == "running"
    assert "director" in told(staying(director_consent=False))


def test_everybody_with_parental_responsibility_is_asked() -> None:
    assert standing(staying(section_20=BOTH), "section_20_consent") == "met"
    assert standing(staying(section_20=[*BOTH, "G-1"]), "section_20_consent") == "running"
    assert standing(staying(section_20="M-1"), "section_20_consent") == "running"
    assert standing(staying(), "section_20_consent") == "running"


def test_without_capacity_no_consent_counts_and_people_see_it() -> None:
    state = staying(section_20=[{"person": "M-1", "capacity": False, "consent": True}])
    assert standing(state, "section_20_consent") == "running"
    assert any("lacks the capacity" in flag for flag in view(state, FRIDAY).flags)


def test_a_carer_without_parental_responsibility_cannot_sign() -> None:
    carer: dict[str, Any] = {"person": "CARER-7", "has_pr": False, "capacity": True, "consent": True}
    not_started(RefusalCode.INVALID, "HIL-100", section_20=[carer])
    state = staying(section_20=[{**carer, "consent": None}])
    assert state.responsible == ()
    said: dict[str, Any] = {"check": "section_20", "person": "CARER-7", "pr": False, "capacity": True, "consent": True}
    refused(RefusalCode.INVALID, "HIL-100", state, "record_check", NIGHT, "social_worker", **said)
    refused(RefusalCode.INVALID, "HIL-100", state, "change_terms", NIGHT, "social_worker", section_20=[carer])


def test_an_answer_names_its_person_and_their_capacity() -> None:
    state = staying()
    asked: dict[str, Any] = {"check": "section_20_consent"}
    refused(RefusalCode.INCOMPLETE, "HIL-100", state, "record_check", NIGHT, "social_worker", **asked)
    refused(
        RefusalCode.INCOMPLETE,
        "HIL-100",
        state,
        "record_check",
        NIGHT,
        "social_worker",
        person="M-1",
        result="given",
        **asked,
    )


@pytest.mark.parametrize(
    ("said", "consent"),
    [
        ({"result": "signed", "capacity": True}, True),
        ({"capacity": True}, True),
        ({"capacity": False}, False),
        ({"result": "refused", "capacity": True}, False),
        ({"result": "asked"}, None),
        ({"consent": True, "capacity": True}, True),
    ],
)
def test_an_answer_is_read_from_what_people_write(said: dict[str, Any], consent: object) -> None:
    state = staying()
    act(state, "record_check", NIGHT, check="section_20_consent", person="M-1", **said)
    assert [one.consent for one in state.responsible] == [consent]


def test_the_last_answer_of_a_person_counts() -> None:
    state = staying(section_20=BOTH)
    act(state, "change_terms", NIGHT, section_20=[{"person": "M-1", "capacity": True, "consent": False}])
    assert any("does not consent" in flag for flag in view(state, NIGHT).flags)
    assert len(state.responsible) == len(BOTH)


def test_where_a_court_has_decided_nobody_is_asked() -> None:
    assert "section_20_consent" not in staying(legal_status="C1").clocks
