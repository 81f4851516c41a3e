from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from models.acts import (
    JOURNEY_DETAILS,
    SITTING_DETAILS,
    Act,
    ActionNotDone,
    Alternative,
    CompleteAction,
    Decided,
    NewAction,
    OneAction,
    OpenSitting,
    Postpone,
    Reasoned,
    SupplyDocument,
)
from models.clocks import Clock
from models.conditions import Condition
from models.data import Weekday
from models.errors import ProcedureFault, RefusalCode, Refused
from models.identifiers import SittingKey, journey_id, sitting_id, sitting_key
from models.journey import JourneyState
from models.procedure import Council
from models.referral import Costs, Referral
from models.snapshot import pack, shared, unpack
from models.vocabulary import ClockState, JourneyAct, Outcome, SittingAct
from tests.builders import CAROL, FORM, HILLINGDON, THURSDAY, form, journey, referral, sitting_with, start

WHOLE_DECISION = {"decision": "approve", "rationale": "Weighed."}


@pytest.mark.parametrize(
    ("shape", "said", "field", "value"),
    [
        (Reasoned, {"reason": "x"}, "reasons", "x"),
        (Reasoned, {"circumstances": " x "}, "reasons", "x"),
        (Reasoned, {"reasons": ["x", "y"]}, "reasons", "x; y"),
        (SupplyDocument, {"name": "Plan"}, "document", "Plan"),
        (OneAction, {"what": 1}, "action", "1"),
        (CompleteAction, {"evidence_reference": "EV-1"}, "evidence", "EV-1"),
        (Alternative, {"instead": "x"}, "alternative", "x"),
        (Postpone, {"date": "2031-03-12"}, "to", date(2031, 3, 12)),
        (NewAction, {"what": "x", "owner": "amira", "due": "2031-03-12"}, "due", date(2031, 3, 12)),
        (Decided, {**WHOLE_DECISION, "disagreement": "x"}, "dissent", "x"),
        (Decided, {**WHOLE_DECISION, "missing_information": "Plan"}, "missing", ("Plan",)),
        (Decided, {**WHOLE_DECISION, "defer_to": "2031-03-12"}, "to_sitting", date(2031, 3, 12)),
        (Decided, {**WHOLE_DECISION, "referred_to": "harp"}, "refer_to", "harp"),
        (Decided, {**WHOLE_DECISION, "review_date": "2031-09-12"}, "review_on", date(2031, 9, 12)),
    ],
)
def test_people_are_understood_in_their_own_words(
    shape: type[BaseModel], said: dict[str, Any], field: str, value: object
) -> None:
    assert getattr(shape.model_validate(said), field) == value


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("approve", Outcome.APPROVED),
        ("approved", Outcome.APPROVED),
        ("not_ratify", Outcome.NOT_RATIFIED),
        ("refer_on", Outcome.REFERRED_ON),
        (Outcome.NOTED, Outcome.NOTED),
    ],
)
def test_a_decision_is_said_as_a_verb_or_as_its_outcome(said: object, outcome: Outcome) -> None:
    assert Decided.model_validate({"decision": said, "rationale": "x"}).decision is outcome


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Reasoned, {}),
        (Reasoned, {"reasons": ""}),
        (Reasoned, {"reasons": 5}),
        (Reasoned, {"reasons": "x" * 20_001}),
        (Reasoned, {"reasons": "x", "more": "y"}),
        (SupplyDocument, {"document": True}),
        (ActionNotDone, {"action": "A1"}),
        (Decided, {"decision": "perhaps", "rationale": "x"}),
        (Decided, {"decision": 5, "rationale": "x"}),
        (Decided, {"decision": "approve"}),
        (Decided, {**WHOLE_DECISION, "conditions": [" "]}),
        (NewAction, {"what": "x", "owner": 5, "due": "2031-03-12"}),
        (NewAction, {"what": "x", "owner": {"name": "Amira"}, "due": "2031-03-12"}),
        (NewAction, {"what": "x", "owner": "amira", "due": "soon"}),
        (OpenSitting, {"chair": "carol", "present": []}),
    ],
)
def test_what_is_not_understood_is_refused(shape: type[BaseModel], said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        shape.model_validate(said)


@pytest.mark.parametrize("shape", [Reasoned, CompleteAction])
def test_blanks_are_no_reasons_and_no_evidence(shape: type[BaseModel]) -> None:
    with pytest.raises(ValidationError):
        shape.model_validate({"reasons" if shape is Reasoned else "evidence": "   "})


def test_every_act_has_a_shape_but_the_one_that_starts_a_journey() -> None:
    assert set(JOURNEY_DETAILS) == set(JourneyAct) - {JourneyAct.REFER}
    assert set(SITTING_DETAILS) == set(SittingAct)


@pytest.mark.parametrize("message_id", ["", "x" * 129])
def test_a_message_has_an_id_of_a_sensible_length(message_id: str) -> None:
    with pytest.raises(ValidationError):
        Act(actor=CAROL, message_id=message_id)


@pytest.mark.parametrize("shape", [*JOURNEY_DETAILS.values(), *SITTING_DETAILS.values(), Referral, Act])
def test_every_shape_that_people_fill_in_has_a_schema(shape: type[BaseModel]) -> None:
    Draft202012Validator.check_schema(shape.model_json_schema())


def test_the_schema_of_the_form_accepts_the_form_and_names_what_is_wrong() -> None:
    schema = Draft202012Validator(Referral.model_json_schema())
    assert schema.is_valid(form())
    assert schema.is_valid(form(analysis=None))
    assert not schema.is_valid(form(team=None))
    assert not schema.is_valid({**FORM, "shoe_size": 3})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("referral_ref", "R 1"),
        ("referral_ref", ""),
        ("referral_ref", "-R1"),
        ("referral_ref", "R-1\n"),
        ("referral_ref", "R/1"),
        ("referral_ref", "R" * 65),
        ("forum", "ha rp"),
        ("child.reference", "../etc"),
        ("child.date_of_birth", "soon"),
        ("request.kind", "holi/day"),
        ("proposal.starts", "soon"),
        ("money.amount", "-1"),
        ("prior", {"harp": {"on": "2031-03-06"}}),
        ("request.funding", "perhaps"),
        ("circumstances.legal_status", "S20"),
        ("circumstances.placement", "Q9"),
        ("views.child", "   "),
        ("analysis", ""),
        ("desired_outcomes", []),
        ("desired_outcomes", [" "]),
        ("team.name", ""),
        ("costs.present", "-1.00"),
        ("costs.present", "0.001"),
        ("costs.present", "NaN"),
        ("costs.difference", "479.99"),
        ("shoe_size", 3),
        ("child.name", "Sam"),
    ],
)
def test_a_form_with_something_wrong_is_refused(path: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        referral(**{path: value})
    assert caught.value.errors()[0]["loc"][0] == path.split(".", maxsplit=1)[0]


def test_words_of_a_form_are_understood_however_they_are_written() -> None:
    said = referral(**{"request.kind": "Placement move", "request.services": "Contact Service"})
    assert (said.request.kind, said.request.services) == ("placement_move", ("contact_service",))
    assert (
        referral(proposal={"kind": "Bed-and-breakfast"}).proposal
        == referral(proposal={"kind": "bed_and_breakfast"}).proposal
    )
    assert referral(prior={"harp": "Advised"}).prior == referral(prior={"harp": {"outcome": "advised"}}).prior


def test_a_form_comes_back_whole_from_json() -> None:
    whole = referral(
        facts={"held_on": "2031-03-06"},
        views=None,
        desired_outcomes=None,
        money={"amount": "12.50"},
        prior={"harp": "noted"},
    )
    assert Referral.model_validate_json(whole.model_dump_json()) == whole


def test_a_form_about_nobody_has_no_reference_of_its_subject() -> None:
    assert referral().subject_reference == "C-1"
    assert referral(child=None).subject_reference is None


@pytest.mark.parametrize("name", ["referral_ref", "referral_reference", "reference"])
def test_the_reference_of_a_form_goes_by_any_of_its_names(name: str) -> None:
    assert referral(**{"referral_ref": None, name: "R-7"}).referral_ref == "R-7"


def test_a_form_without_costs_has_none_and_with_costs_they_add_up() -> None:
    assert referral(costs=None).costs is None
    cheaper = Costs.model_validate({"present": "10.00", "proposed": "4.50", "difference": "-5.50"})
    assert str(cheaper.difference) == "-5.50"
    with pytest.raises(ValidationError, match="difference must be proposed less present"):
        Costs.model_validate({"present": "10", "proposed": "4", "difference": "6"})


@pytest.mark.parametrize(
    ("status", "looked_after", "section_20"),
    [(None, False, None), ("V2", True, date(2031, 1, 1)), ("C2", True, None), ("J1", True, None)],
)
def test_every_legal_status_means_looked_after_and_only_v2_section_20(
    status: str | None, section_20: date | None, *, looked_after: bool
) -> None:
    facts = referral(**{"circumstances.legal_status": status, "circumstances.legal_status_since": "2031-01-01"})
    assert facts.circumstances.looked_after is looked_after
    assert facts.circumstances.section_20_since == section_20


def test_a_refusal_carries_its_code_sentence_remedy_and_rule() -> None:
    refused = Refused(RefusalCode.PAST_CUT_OFF, "Too late.", "Wait.", "HIL-080")
    assert str(refused) == refused.sentence == "Too late."
    assert (refused.code, refused.remedy, refused.rule) == ("past_cut_off", "Wait.", "HIL-080")


def test_a_fault_of_a_procedure_names_every_fault() -> None:
    assert str(ProcedureFault(["one", "two"])) == "one\ntwo"


def test_process_ids_are_built_and_read_in_one_place() -> None:
    assert journey_id("hillingdon", "R-1") == "journey/hillingdon/R-1" == start(referral()).process_id
    name = sitting_id("hillingdon", "harp", date(2031, 3, 11))
    assert name == "sitting/hillingdon/harp/2031-03-11" == sitting_with(0).process_id
    assert sitting_key(name) == SittingKey("hillingdon", "harp", date(2031, 3, 11))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "journey/hillingdon/R-1",
        "sitting/hillingdon/harp",
        "sitting/hillingdon/harp/today",
        "sitting/a/b/c/2031-03-11",
    ],
)
def test_what_is_not_a_sittings_id_has_no_key(name: str) -> None:
    assert sitting_key(name) is None


@pytest.mark.parametrize("day", ["2031-13-45", "2031-02-29", "２０３１-０３-１１"])  # noqa: RUF001 - digits, and yet not
def test_an_id_with_a_day_that_there_is_not_has_no_key(day: str) -> None:
    assert sitting_key(f"sitting/hillingdon/harp/{day}") is None


@given(st.dates(), st.from_regex(r"[a-z_]{1,20}", fullmatch=True))
def test_the_key_of_a_sitting_comes_back_from_its_id(on: date, forum: str) -> None:
    assert sitting_key(sitting_id("hillingdon", forum, on)) == SittingKey("hillingdon", forum, on)


def test_one_procedure_is_one_object_however_many_processes_carry_it() -> None:
    text = journey().model_dump_json()
    first, second = JourneyState.model_validate_json(text), JourneyState.model_validate_json(text)
    assert first.procedure is second.procedure is HILLINGDON
    assert sitting_with(1).procedure is HILLINGDON


def test_a_procedure_comes_back_whole_from_history() -> None:
    packed = pack(HILLINGDON)
    assert (packed["council"], packed["version"]) == ("hillingdon", "2022-02")
    assert unpack(packed) is HILLINGDON
    assert len(packed["packed"]) < 20_000


def test_a_procedure_that_nobody_packed_before_is_unpacked_and_shared_from_then_on() -> None:
    other = HILLINGDON.model_copy(update={"version": "2031-01"})
    packed = pack(other)
    fresh = unpack(packed)
    assert fresh == other
    assert fresh is not other
    assert unpack(packed) is fresh
    assert shared(other) is fresh
    assert pack(fresh) == packed


def test_anything_else_is_left_to_the_model() -> None:
    assert unpack(HILLINGDON) is HILLINGDON
    plain = HILLINGDON.model_dump()
    assert unpack(plain) is plain
    assert Council.model_validate(plain) == HILLINGDON


def test_a_state_is_carried_whole_across_continue_as_new() -> None:
    for state in (journey(), sitting_with(11)):
        text = state.model_dump_json()
        assert type(state).model_validate_json(text).model_dump_json() == text


def test_models_are_frozen_and_refuse_unknown_fields() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        referral().forum = "complex_harp"  # type: ignore[misc]  # that it is refused is the point
    with pytest.raises(ValidationError, match="Extra inputs"):
        Condition.model_validate({"path": "costs", "is": 5})


def test_monday_is_the_first_day() -> None:
    assert Weekday.MONDAY.number == date(2031, 3, 10).weekday() == 0
    assert Weekday.FRIDAY.number == 4


@pytest.mark.parametrize(
    ("state", "ticks"),
    [("running", True), ("warned", True), ("breached", True), ("met", False), ("stopped", False)],
)
def test_a_clock_ticks_until_somebody_ends_it(state: str, *, ticks: bool) -> None:
    clock = Clock(
        name="x", cites="HIL-080", started=THURSDAY, warns=None, due=THURSDAY, owner="x", state=ClockState(state)
    )
    assert clock.ticking is ticks
    assert (clock.next_event is not None) is (state in ("running", "warned"))
