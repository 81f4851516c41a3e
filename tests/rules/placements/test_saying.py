"""How leniently a placement's acts are read: other names, fields at the top, days and instants (rehearsals.md)."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from models.errors import RefusalCode
from models.placement import ChangeTerms, FileViability, RecordCheck, StartPlacement
from models.placement_phrasing import (
    and_besides,
    checked,
    contract_said,
    laid_out,
    notice_said,
    persons_said,
    yes_said,
)
from rules.placements.facts import OWN, contract_facts, moment, provider_facts
from tests.builders import at
from tests.rules.placements.homes import act, told, view
from tests.rules.placements.kin import FRIDAY, not_started, refused, staying

PROCEDURES = Path(__file__).parents[3] / "procedures"


@pytest.mark.parametrize(
    ("said", "part", "name", "value"),
    [
        ({"contract_ends": "2031-09-01"}, "contract", "ends", date(2031, 9, 1)),
        ({"weekly_cost": "1200.00"}, "contract", "weekly_cost", 1200),
        ({"provider": "HOME-7", "grade": "Good"}, "provider", "grade", "good"),
        ({"provider": "HOME-7", "provider_grade": "Good"}, "provider", "reference", "HOME-7"),
        ({"provider": {"reference": "HOME-7"}, "in_house": True}, "provider", "in_house", True),
        ({"approval_kind": "emergency"}, "approval", "kind", "emergency"),
        ({"child": {"reference": "C-1"}, "dob": "2020-01-01"}, "child", "date_of_birth", date(2020, 1, 1)),
        ({"child": {"child_ref": "C-1", "uasc": True}}, "child", "unaccompanied_asylum_seeking", True),
        ({"child_ref": "C-1"}, "child", "reference", "C-1"),
        ({"consents": {"director_consent": "2031-03-01"}}, "director_consent", "at", date(2031, 3, 1)),
        ({"director_consent": True}, "director_consent", "approved", True),
        ({"suitability": {"approved": False}}, "suitability", "approved", False),
    ],
)
def test_what_people_write_at_the_top_goes_where_it_belongs(
    said: dict[str, Any], part: str, name: str, value: object
) -> None:
    whole = said if "child" in said or "child_ref" in said else {"child": "C-1", **said}
    assert getattr(getattr(StartPlacement.model_validate(whole), part), name) == value


@pytest.mark.parametrize("name", ["started_at", "starts", "start_date", "from", "started_on"])
def test_the_start_has_many_names(name: str) -> None:
    read = StartPlacement.model_validate({"child": "C-1", name: "2031-03-06T10:00:00"})
    assert read.started_at == datetime.fromisoformat("2031-03-06T10:00:00")


def test_a_day_stays_a_day_and_a_slip_of_the_keyboard_is_refused() -> None:
    assert FileViability.model_validate({"on": "2031-03-06"}).filed_at == date(2031, 3, 6)
    assert FileViability.model_validate({"at": date(2031, 3, 6)}).filed_at == date(2031, 3, 6)
    for wrong in ("9999-12-31", "yesterday", "1031-03-06T10:00:00"):
        with pytest.raises(ValidationError):
            FileViability.model_validate({"on": wrong})


@pytest.mark.parametrize("wrong", [{"What colour?": "blue"}, {"child": "a name of two"}, {"child": 7}, {"type": "a/b"}])
def test_what_nobody_understands_is_refused_and_never_lost(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StartPlacement.model_validate({"child": "C-1", **wrong})


def test_what_is_not_an_act_is_left_to_the_model() -> None:
    assert laid_out("nothing") == "nothing"
    assert yes_said({"approved": True}) == {"approved": True}
    assert persons_said("M-1") == ({"person": "M-1"},)


def test_nothing_is_now_and_another_day_begins_at_midnight_in_london() -> None:
    assert moment(None, FRIDAY) == FRIDAY
    assert moment(date(2031, 3, 7), FRIDAY) == FRIDAY
    assert moment(date(2031, 6, 1), FRIDAY) == at("2031-06-01 00:00")
    assert moment(datetime.fromisoformat("2031-06-01T10:00:00"), FRIDAY) == at("2031-06-01 10:00")


def test_who_says_nothing_changes_nothing() -> None:
    assert contract_facts(None) == {}
    assert provider_facts(None) == {}


def test_what_a_council_asks_besides_is_kept_as_it_is_said() -> None:
    state = staying(facts={"distance_miles": 4, "accredited": True}, provider={"area": "Hillingdon"})
    assert state.facts["placement.distance_miles"] == 4
    assert state.facts["placement.accredited"] is True
    assert state.facts["proposal.area"] == "Hillingdon"
    act(state, "record_check", FRIDAY, check="visit", facts={"seen_alone": True})
    assert state.facts["check.visit.seen_alone"] is True
    assert RecordCheck.model_validate({"what": "visit"}).check == "visit"
    assert RecordCheck.model_validate({"what": "Director's consent"}).check == "directors_consent"
    with pytest.raises(ValidationError):
        RecordCheck.model_validate({"what": 7.5})


def test_what_a_council_asks_besides_never_takes_the_place_of_what_acts_tell() -> None:
    state = staying(facts={"started_at": "soon", "regulation_24": False, "until_18": True})
    assert (state.facts["placement.started_at"], state.facts["placement.until_18"]) == (FRIDAY.isoformat(), True)
    assert (state.facts["facts.started_at"], state.facts["facts.regulation_24"]) == ("soon", False)
    act(state, "change_terms", FRIDAY, facts={"mosaic": "updated"}, changed_at="soon", started_on="soon")
    assert state.facts["placement.mosaic"] == "awaited"
    assert state.facts["placement.changed_at"] == FRIDAY.isoformat()
    act(state, "end_placement", at("2031-03-08 09:00"), facts={"ended_on": "soon"})
    mine = {path.removeprefix("placement.") for path in state.facts if path.startswith("placement.")}
    assert mine - {"until_18", "started_on"} <= OWN


def test_every_fact_of_a_placement_that_councils_ask_for_is_told_by_its_own_act() -> None:
    asked = set()
    for file in [*PROCEDURES.glob("*/processes/placement.toml"), PROCEDURES / "law" / "deadlines.toml"]:
        asked |= set(re.findall(r'"placement\.([a-z_0-9]+)"', file.read_text(encoding="utf-8")))
    assert asked - OWN == {"until_18"}


@pytest.mark.parametrize(
    "path",
    [
        *("contract.ends", "contract.notice_period", "panel.access_to_resources_panel.outcome", "placement.mosaic"),
        *("consent.director_given", "actor.post", "change.specified_by_panel", ".", ""),
    ],
)
@pytest.mark.parametrize("name", ["change_terms", "grant_interim_approval", "end_placement", "record_check"])
def test_a_fact_with_dots_in_its_name_is_refused(name: str, path: str) -> None:
    needed = {"check": "visit"} if name == "record_check" else {}
    refused(RefusalCode.INVALID, None, staying(), name, FRIDAY, "head_of_service", facts={path: "soon"}, **needed)
    not_started(RefusalCode.INVALID, None, facts={path: "soon"})


@pytest.mark.parametrize("name", ["on", "result", "by", "review_on"])
def test_a_fact_of_a_check_never_takes_the_place_of_its_parts(name: str) -> None:
    said = {"check": "visit", "facts": {name: "soon"}}
    refused(RefusalCode.INVALID, None, staying(), "record_check", FRIDAY, "social_worker", **said)


def test_a_change_is_known_by_everything_that_it_tells() -> None:
    state = staying()
    before = state.sequence
    act(state, "change_terms", FRIDAY, carer="CARER-8", provider="AGENCY-1", looked_after=True, legal_status="V2")
    assert {"change_terms:carer", "change_terms:provider", "change_terms:legal_status"} <= set(state.held)
    assert "placement_team_manager" in told(state, before)
    assert ChangeTerms.model_validate({"from": "2031-03-07"}).on == date(2031, 3, 7)


def test_a_child_who_was_looked_after_before_is_known_to_be() -> None:
    assert staying(looked_after_since="2029-01-01").facts["child.already_looked_after"] is True
    assert staying().facts["child.already_looked_after"] is False
    assert staying(already_looked_after=True).facts["child.already_looked_after"] is True
    assert staying(looked_after=False, regulation_24=False).facts["child.looked_after"] is False
    assert staying(looked_after=False).facts["child.looked_after"] is True


def test_a_placement_that_a_decision_began_asks_nobody_for_a_post() -> None:
    assert str(staying(post="panel_administrator", came_from="journey/hillingdon/R-1").stage) == "active"
    not_started(RefusalCode.NOT_AUTHORISED, "HIL-097", post="panel_administrator")


def test_what_lies_ahead_is_not_recorded_as_done() -> None:
    state = staying()
    refused(RefusalCode.INVALID, None, state, "record_check", FRIDAY, "social_worker", check="visit", on="2031-03-09")
    refused(RefusalCode.INVALID, None, state, "end_placement", FRIDAY, "social_worker", ended_at="2031-03-09")
    refused(RefusalCode.INVALID, "HIL-102", state, "file_viability", FRIDAY, "social_worker", on="2031-03-09")


def test_the_guide_to_the_options_is_shown_for_family_only() -> None:
    assert any("appendix 1" in prompt for prompt in view(staying(), FRIDAY).prompts)
    assert view(staying(type="u6", regulation_24=None), FRIDAY).prompts == []


def test_the_referral_that_a_placement_names_learns_that_it_began() -> None:
    said = staying(authorised_by="R-1").undelivered
    assert ("journey/hillingdon/R-1", True) in [(one.to, one.optional) for one in said]
    begun = staying(authorised_by="R-1", came_from="journey/hillingdon/R-1").undelivered
    assert {one.to for one in begun} == {"episode/hillingdon/C-1"}


def test_the_care_episode_learns_once_that_the_child_is_looked_after_now() -> None:
    def statuses(**details: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any field
        words = [one.word for one in staying(**details).undelivered if one.word is not None]
        return [(one.facts["status"], one.facts["since"]) for one in words if one.what == "status_recorded"]

    assert statuses() == [("looked_after", "2031-03-07")]
    assert statuses(legal_status="V2") == [("v2", "2031-03-07")]
    assert statuses(looked_after_since="2029-01-01") == []
    assert statuses(regulation_24=False) == []


def test_what_nobody_understands_at_the_start_is_kept_and_shown() -> None:
    state = staying(colour="blue", remarks="Two words.", started_at=None)
    assert any("colour, remarks" in flag for flag in state.flags)
    assert (state.facts["placement.colour"], state.facts["placement.remarks"]) == ("blue", True)
    act(state, "change_terms", FRIDAY, mood="good")
    assert any("not understood: mood" in flag for flag in state.flags)


def test_a_connected_person_may_be_said_by_a_yes_and_police_protection_by_its_code() -> None:
    state = staying(type=None, regulation_24=None, connected_person=True, legal_status="L1", carer={"reference": "C-9"})
    assert state.facts["placement.connected_person"] is True
    assert state.facts["placement.police_protection"] is True
    assert state.facts["carer.reference"] == "C-9"
    assert staying(carer=["C-8", "C-9"]).facts["carer.reference"] == "C-8"
    assert staying(approval="emergency").facts["approval.kind"] == "emergency"
    assert "placement.police_protection" not in staying(legal_status="V2").facts


@pytest.mark.parametrize(("said", "suitable"), [("Not suitable", False), ("positive", True), (True, True)])
def test_a_verdict_may_be_a_word(said: object, suitable: object) -> None:
    assert FileViability.model_validate({"outcome": said}).suitable is suitable


def test_a_yes_to_section_20_says_not_whose_it_is_and_does_not_count() -> None:
    assert staying(section_20_consent=True).facts["consent.section_20_given"] is False


def test_what_is_no_table_is_left_for_the_model_to_judge() -> None:
    assert checked("nothing", RecordCheck) == "nothing"
    assert and_besides("nothing", StartPlacement) == "nothing"
    assert notice_said(28) == "P28D"
    assert notice_said("whenever") == "whenever"
    assert contract_said(value=True) == {"signed": True}
    assert checked({"check": "visit", "seen_on": date(2031, 3, 6)}, RecordCheck)["facts"] == {"seen_on": "2031-03-06"}


def test_a_home_of_the_councils_own_is_not_external() -> None:
    assert staying(type="k2", regulation_24=None, source="in_house").facts["placement.external"] is False
