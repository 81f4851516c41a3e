import pytest
from pydantic import ValidationError

from models.acts import NewAction, Reasoned
from models.errors import RefusalCode
from models.referral import Referral
from models.vocabulary import JourneyAct
from rules import process
from rules.journeys import acts
from rules.process import (
    ANSWERED,
    RECENT,
    calendar_runs_out,
    message_key,
    note,
    read_details,
    refusal_of,
    remember,
    renew_calendar,
)
from rules.sittings import acts as sitting_acts
from tests.builders import AMIRA, PAT, THURSDAY, TOM, act, at, journey, refused, sitting
from tests.builders import refusal_of as refusal_from


def test_the_same_message_is_done_once_and_answered_again() -> None:
    state = journey()
    message = act(AMIRA, {"document": "School report"})
    assert acts.perform(state, JourneyAct.SUPPLY_DOCUMENT, message, THURSDAY)
    before = state.model_dump_json()
    assert not acts.perform(state, JourneyAct.SUPPLY_DOCUMENT, message, THURSDAY)
    assert state.model_dump_json() == before
    assert state.answered[message_key(JourneyAct.SUPPLY_DOCUMENT, message.message_id)] == state.sequence


def test_a_repeated_message_is_not_judged_again() -> None:
    state = journey()
    message = act(TOM)
    acts.perform(state, JourneyAct.SIGN_OFF, message, THURSDAY)
    acts.check(state, JourneyAct.SIGN_OFF, message, THURSDAY)
    assert not acts.perform(state, JourneyAct.SIGN_OFF, message, THURSDAY)


def test_judging_an_act_changes_nothing() -> None:
    state, there = journey(), sitting()
    before = state.model_dump_json(), there.model_dump_json()
    acts.check(state, JourneyAct.SIGN_OFF, act(TOM), THURSDAY)
    sitting_acts.check(there, "send_apologies", act(PAT), THURSDAY)
    assert (state.model_dump_json(), there.model_dump_json()) == before


def test_message_ids_are_kept_to_the_limit_and_the_oldest_go_first() -> None:
    state = journey()
    for number in range(ANSWERED + 3):
        remember(state, f"m-{number}")
    assert len(state.answered) == ANSWERED
    assert next(iter(state.answered)) == "m-3"
    assert list(state.answered)[-1] == f"m-{ANSWERED + 2}"


def test_a_message_older_than_the_limit_is_judged_like_a_new_one() -> None:
    state = journey()
    message = act(AMIRA, {"document": "School report"})
    acts.perform(state, JourneyAct.SUPPLY_DOCUMENT, message, THURSDAY)
    for number in range(ANSWERED):
        remember(state, f"m-{number}")
    assert acts.perform(state, JourneyAct.SUPPLY_DOCUMENT, message, THURSDAY)


def test_entries_are_numbered_without_a_gap_and_the_timeline_keeps_the_latest() -> None:
    state = journey()
    for number in range(RECENT + 5):
        note(state, THURSDAY, f"event {number}", AMIRA)
    assert [entry.sequence for entry in state.unrecorded] == list(range(1, state.sequence + 1))
    assert len(state.recent) == RECENT
    assert state.recent[-1].sequence == state.sequence
    assert {entry.procedure_version for entry in state.unrecorded} == {"2022-02"}


def test_what_is_missing_is_incomplete_and_what_is_wrong_invalid() -> None:
    assert refused(journey(), "return_for_changes", TOM, THURSDAY).code is RefusalCode.INCOMPLETE
    wrong = refused(journey(), "return_for_changes", TOM, THURSDAY, reasons=5)
    assert wrong.code is RefusalCode.INVALID
    assert wrong.sentence == "Not understood: reasons: input should be a valid string."
    both = refused(journey(), "supply_document", AMIRA, THURSDAY, paper="x")
    assert both.code is RefusalCode.INVALID


def test_a_refusal_names_fields_and_never_what_was_in_them() -> None:
    private = "Mrs Smith of 5 High Street"
    for refusal in (
        refusal_from(lambda: read_details(NewAction, {"what": "x", "owner": 7, "due": private})),
        refusal_from(lambda: read_details(Reasoned, {"reasons": {"a": private}})),
    ):
        assert refusal.code is RefusalCode.INVALID
        assert private not in refusal.sentence + refusal.remedy


def test_at_most_five_faults_are_named() -> None:
    with pytest.raises(ValidationError) as caught:
        Referral.model_validate({})
    refusal = refusal_of(caught.value)
    assert refusal.code is RefusalCode.INCOMPLETE
    assert refusal.sentence.count(";") == 4
    assert refusal.sentence.startswith("Missing: referral_ref: field required;")


def test_a_fault_of_the_whole_is_named_so() -> None:
    with pytest.raises(ValidationError) as caught:
        Reasoned.model_validate("text")
    assert "the whole: " in refusal_of(caught.value).sentence


def test_an_act_that_only_post_and_stage_can_refuse_is_checked_no_further() -> None:
    process.nothing_more(journey(), Reasoned(reasons="x"), AMIRA, THURSDAY)


def test_a_calendar_is_renewed_a_year_before_its_last_day_and_the_register_says_so() -> None:
    state = journey()
    last = state.calendar.until
    assert not calendar_runs_out(state, THURSDAY)
    assert calendar_runs_out(state, at(f"{last.year - 1}-12-31 09:00"))
    later = state.calendar.model_copy(update={"until": last.replace(year=last.year + 3)})
    renew_calendar(state, later, at(f"{last.year - 1}-12-31 09:00"))
    assert not calendar_runs_out(state, at(f"{last.year}-06-01 09:00"))
    assert (state.unrecorded[-1].what, state.recent[-1].note) == ("calendar_renewed", str(later.until))


def test_an_act_that_was_judged_at_this_moment_is_not_judged_once_more_and_still_done_once() -> None:
    state, nobodys = journey(), act(AMIRA)
    found = refusal_from(lambda: acts.perform(state, JourneyAct.SIGN_OFF, nobodys, THURSDAY))
    assert found.code is RefusalCode.NOT_AUTHORISED
    assert acts.perform(state, JourneyAct.SIGN_OFF, nobodys, THURSDAY, judged=True)
    assert not acts.perform(state, JourneyAct.SIGN_OFF, nobodys, THURSDAY, judged=True)
