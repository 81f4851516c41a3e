"""What every watch does alike: it begins, takes acts and words, asks what must be so, tells people, shows itself."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pydantic import BaseModel

from models.acts import Act
from models.clocks import Clock
from models.deadlines import Told, WatchRequirement
from models.deciding import Checkpoint
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Word
from rules import clocks
from rules.process import ActRule, note, nothing_more, renew_calendar
from rules.watches import kernel, kinds, views
from rules.watches.deadlines import sync
from rules.watches.kinds import Kind, WatchAct, earliest_owner, reference_of
from tests.builders import at
from tests.rules.watches.wayford import (
    CALENDAR,
    CITES,
    LOAN,
    MONDAY,
    LoanState,
    StartLoan,
    act,
    by_hand,
    deadline,
    entries,
    lend,
    person,
    run_to,
    say,
    start_of,
    told_posts,
    wayford,
)

LATER = at("2031-03-05 10:00")
SIGNED = WatchRequirement(
    steps=("end", "visit:brakes"),
    must=({"path": "loan.signed", "equals": True},),  # type: ignore[arg-type]  # as a file has it
    sentence="It has to be signed for.",
    remedy="Sign.",
    code=RefusalCode.MISSING_DOCUMENT,
    cites=CITES,
)


def refused(name: str, council: Any = None, **details: Any) -> Refused:  # noqa: ANN401 - any council, any field
    """Why an act is refused."""
    with pytest.raises(Refused) as caught:
        act(lend(council or wayford()), name, LATER, **details)
    return caught.value


# Beginning


def test_it_begins_on_the_record_with_its_clocks() -> None:
    state = lend(wayford(deadline(after="P1W")))
    (entry,) = entries(state, "lend")
    assert (entry.staff, entry.cites, entry.details) == ("clerk", CITES, {"since": "2031-03-03"})
    assert state.held["lend"].count == 1
    assert (state.process_id, state.started_at, state.kind) == ("package/wayford/L-1", MONDAY, "support_package")


def test_only_a_post_that_may_begins_it() -> None:
    with pytest.raises(Refused) as caught:
        kernel.begin(LOAN, start_of(wayford(), post="head"), MONDAY)
    assert caught.value.code == RefusalCode.NOT_AUTHORISED


def test_what_another_process_began_was_admitted_there() -> None:
    state = kernel.begin(LOAN, start_of(wayford(), post="head", came_from="R-1"), MONDAY)
    assert state.came_from == "R-1"


def test_a_council_without_a_file_of_the_kind_begins_none_and_says_which_to_write() -> None:
    council = wayford().model_copy(update={"support_package": None})
    with pytest.raises(Refused) as caught:
        kernel.begin(LOAN, start_of(council), MONDAY)
    assert (caught.value.code, caught.value.sentence) == (
        RefusalCode.UNKNOWN,
        "Wayford has no procedure for a support package.",
    )
    state = lend(wayford())
    state.procedure = council
    with pytest.raises(Refused):
        kinds.rules_of(state)


def test_what_is_not_understood_begins_nothing() -> None:
    with pytest.raises(Refused) as caught:
        kernel.begin(LOAN, start_of(wayford(), colour="red"), MONDAY)
    assert caught.value.code == RefusalCode.INVALID


def test_what_must_be_so_at_the_start_is_asked_of_the_facts_that_it_starts_with() -> None:
    need = SIGNED.model_copy(update={"steps": ("lend",)})
    with pytest.raises(Refused) as caught:
        lend(wayford(needs=(need,)))
    assert caught.value.code == RefusalCode.MISSING_DOCUMENT


class _Said(BaseModel):
    reference: str | None = None
    package_ref: str | None = None
    child: Any = None
    unit: str | None = None
    on: str | None = None
    forum: str | None = None
    duty: str | None = None


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("support_package", {"reference": "R-1", "package_ref": "P-1"}, "R-1"),
        ("support_package", {"package_ref": "P-1"}, "P-1"),
        ("care_episode", {"child": "C-1"}, "C-1"),
        ("care_episode", {"child": _Said(reference="C-2")}, "C-2"),
        ("unit_meeting", {"unit": "Children  in Need", "on": "2031-03-03"}, "children_in_need/2031-03-03"),
        ("unit_meeting", {"unit": "a", "reference": "R-1"}, "R-1"),
        ("forum_duty", {"forum": "wheels", "duty": "report", "on": "2031-03-03"}, "wheels/report/2031-03-03"),
        ("forum_duty", {"duty": "report"}, "report"),
        ("forum_duty", {"reference": "R-1"}, "R-1"),
        ("placement", {}, "S-1"),
    ],
)
def test_the_reference_is_what_the_details_give_or_that_of_the_story(
    kind: Any,  # noqa: ANN401 - any kind
    said: dict[str, Any],
    expected: str,
) -> None:
    assert reference_of(kind, _Said(**said), "S-1") == expected


def test_without_any_reference_nothing_starts() -> None:
    with pytest.raises(Refused) as caught:
        reference_of("placement", StartLoan())
    assert (caught.value.code, caught.value.remedy) == (
        RefusalCode.INCOMPLETE,
        "Give it one: placement_ref, or the child's reference.",
    )


# Acts


def test_an_act_that_is_only_written_down_stands_in_the_register_with_its_sort() -> None:
    state = lend(wayford())
    assert act(state, "visit", LATER, sort="brakes")
    (entry,) = entries(state, "visit")
    assert (entry.cites, entry.details) == (CITES, {"sort": "brakes"})
    assert state.recent[-1].note == "brakes"
    assert set(state.held) == {"lend", "visit", "visit:brakes"}


def test_a_message_that_comes_twice_is_one_act() -> None:
    state = lend(wayford())
    message = Act(actor=person(), message_id="m-1", details={})
    assert kernel.perform(LOAN, state, "visit", message, LATER)
    before = state.model_dump()
    assert not kernel.perform(LOAN, state, "visit", message, LATER)
    kernel.check(LOAN, state, "visit", message, LATER)
    assert state.model_dump() == before


def test_an_act_that_writes_its_own_entry_is_not_written_twice() -> None:
    state = lend(wayford(deadline(after="P1W")))
    run_to(state, at("2031-03-10 17:00"))
    act(state, "acknowledge_escalation", at("2031-03-11 09:00"))
    assert len(entries(state, "acknowledge_escalation")) == 1
    assert "acknowledge_escalation" not in state.held


def test_a_checked_act_leaves_everything_as_it_was() -> None:
    state = lend(wayford(deadline(after="P1W")))
    before = state.model_dump()
    kernel.check(LOAN, state, "end", Act(actor=person(), message_id="m-1", details={}), LATER)
    assert state.model_dump() == before


def test_after_the_end_nothing_is_possible() -> None:
    state = lend(wayford())
    act(state, "end", LATER)
    with pytest.raises(Refused) as caught:
        act(state, "visit", LATER)
    assert caught.value.code == RefusalCode.ILLEGAL_MOVE


# What must be so


@pytest.mark.parametrize(("name", "details"), [("end", {}), ("visit", {"sort": "brakes"})])
def test_an_act_for_which_something_is_not_so_is_refused_with_the_files_own_words(
    name: str, details: dict[str, Any]
) -> None:
    found = refused(name, wayford(needs=(SIGNED,)), **details)
    assert (found.code, found.sentence, found.remedy, found.rule) == (
        RefusalCode.MISSING_DOCUMENT,
        "It has to be signed for.",
        "Sign.",
        "WAY-001",
    )


def test_another_sort_of_the_act_is_not_asked() -> None:
    state = lend(wayford(needs=(SIGNED,)))
    assert act(state, "visit", LATER, sort="bell")


def test_it_passes_when_it_is_so() -> None:
    state = lend(wayford(needs=(SIGNED,)))
    say(state, LATER, loan__signed=True)
    assert act(state, "end", LATER)


@pytest.mark.parametrize(
    "part",
    [
        {"when": [{"path": "loan.new", "equals": True}]},
        {"unless": [{"path": "loan.since", "present": True}]},
        {"effect": "flag"},
    ],
)
def test_it_is_not_asked_where_it_does_not_apply_or_is_only_to_be_seen(part: dict[str, Any]) -> None:
    need = WatchRequirement.model_validate({**SIGNED.model_dump(exclude_defaults=True), **part})
    assert act(lend(wayford(needs=(need,))), "end", LATER)


def test_it_is_asked_of_what_would_be_so_after_the_act() -> None:
    need = WatchRequirement.model_validate(
        {
            **SIGNED.model_dump(exclude_defaults=True),
            "steps": "say",
            "must": (),
            "forbids": True,
            "when": [{"path": "loan.painted", "equals": True}],
        }
    )
    state = lend(wayford(needs=(need,)))
    with pytest.raises(Refused):
        say(state, LATER, loan__painted=True)
    assert "loan.painted" not in state.facts
    say(state, LATER, loan__painted=False)


def test_what_is_only_to_be_seen_is_flagged_until_it_is_so() -> None:
    flagged = {**SIGNED.model_dump(exclude_defaults=True), "effect": "flag"}
    needs = (
        WatchRequirement.model_validate(flagged),
        WatchRequirement.model_validate({**flagged, "when": [{"path": "loan.new", "equals": True}]}),
        WatchRequirement.model_validate({**flagged, "unless": [{"path": "loan.since", "present": True}]}),
        SIGNED,
    )
    state = lend(wayford(needs=needs))
    assert views.flags(state, LATER) == ["It has to be signed for. (WAY-001)"]
    say(state, LATER, loan__signed=True)
    assert views.flags(state, LATER) == []


# Whom it tells, and words


def test_who_learns_of_an_act_at_once_stands_in_the_file() -> None:
    told = (
        Told(on=("visit:brakes",), tells=("head",), subject="brakes_looked_after", cites=CITES),
        Told.model_validate(
            {
                "on": "visit",
                "tells": "director",
                "subject": "raced",
                "cites": CITES,
                "when": [{"path": "loan.racing", "equals": True}],
            }
        ),
    )
    state = lend(wayford(told=told))
    act(state, "visit", LATER, sort="bell")
    assert told_posts(state) == set()
    act(state, "visit", LATER, sort="brakes")
    assert told_posts(state) == {"head"}
    say(state, LATER, loan__racing=True)
    act(state, "visit", LATER)
    assert told_posts(state) == {"head", "director"}


def test_a_word_of_another_process_is_taken_once_and_clocks_follow() -> None:
    state = lend(wayford(deadline(after="P1W", when=[{"path": "word.stolen", "present": False}])))
    word = Word(message_id="w-1", what="stolen", sender="package/wayford/L-2", by=person("head"))
    kernel.take_word(LOAN, state, word, LATER)
    assert state.clocks["look"].state == "stopped"
    assert state.recent[-1].note == "package/wayford/L-2"
    before = state.model_dump()
    kernel.take_word(LOAN, state, word, LATER)
    assert state.model_dump() == before


def test_a_word_may_be_told_on() -> None:
    told = Told(on=("told_stolen",), tells=("head",), subject="stolen", cites=CITES)
    state = lend(wayford(told=(told,)))
    kernel.take_word(LOAN, state, Word(message_id="w-1", what="stolen", sender="x", by=person()), LATER)
    assert told_posts(state) == {"head"}


# Clocks, escalation and the view


def test_clocks_that_are_due_do_what_they_do_and_others_wait() -> None:
    state = lend(wayford(deadline(after="P1W")))
    assert not kernel.run_clocks(LOAN, state, LATER)
    assert kernel.run_clocks(LOAN, state, at("2031-03-10 17:00"))
    assert state.overdue


def test_a_clock_of_a_kind_that_stands_in_no_file_is_late_too() -> None:
    state = lend(wayford())
    own = Clock(name="own", cites="WAY-001", started=MONDAY, warns=None, due=LATER, owner="clerk")
    clocks.put(state, own)
    assert kernel.run_clocks(LOAN, state, LATER)
    assert state.clocks["own"].state == "breached"
    assert told_posts(state) == {"clerk", "manager"}


def test_when_it_is_over_no_clock_runs() -> None:
    state = lend(wayford(deadline(after="P1W")))
    act(state, "end", LATER)
    before = state.model_dump()
    assert not kernel.run_clocks(LOAN, state, at("2031-12-01 17:00"))
    assert state.model_dump() == before


def test_another_calendar_moves_what_counts_working_days() -> None:
    state = lend(wayford(deadline(working_days=5)))
    assert state.clocks["look"].due == at("2031-03-10 17:00")
    closed = CALENDAR.model_copy(update={"days_off": (*CALENDAR.days_off, at("2031-03-06 12:00").date())})
    renew_calendar(state, closed, LATER)
    sync(state, LATER)
    assert state.clocks["look"].due == at("2031-03-11 17:00")


def test_a_person_escalates_and_a_post_that_may_not_is_on_the_record() -> None:
    state = lend(wayford(deadline(after="P1W")))
    kernel.escalate(LOAN, state, {"staff": "helen", "post": "head", "reason": "Slow."}, LATER)
    assert state.escalated
    kernel.escalate(LOAN, state, "nonsense", LATER)
    assert state.recent[-1].code == RefusalCode.INVALID


def test_the_view_shows_it_as_it_stands() -> None:
    prompts = (
        Checkpoint(key="p", prompt="Is it clean?", cites=CITES),
        Checkpoint.model_validate(
            {"key": "q", "prompt": "?", "cites": CITES, "when": [{"path": "loan.new", "equals": True}]}
        ),
    )
    state = lend(wayford(deadline(after="P1W", owner="manager"), prompts=prompts), born="2015-05-14")
    shown = views.view(LOAN, state, LATER)
    assert (shown.stage, shown.open, shown.waiting_on, shown.child_ref) == ("out", True, "manager", "C-1")
    assert (shown.prompts, shown.proposed, shown.outcome, shown.settled) == (["Is it clean?"], [], None, False)
    assert shown.next_acts == ["visit", "say", "end"]
    assert shown.facts == {"loan.since": "2031-03-03"}
    act(state, "end", LATER)
    ended = views.view(LOAN, state, LATER)
    assert (ended.open, ended.outcome, ended.next_acts, ended.waiting_on) == (False, "returned", [], None)


def test_without_a_child_the_view_names_none() -> None:
    assert views.view(LOAN, lend(wayford()), LATER).child_ref == ""


def test_it_waits_on_whoever_owns_the_clock_that_is_due_first() -> None:
    council = wayford(deadline(key="a", after="P2W", owner="head"), deadline(key="b", after="P1W", owner="manager"))
    assert earliest_owner(lend(council)) == "manager"
    assert earliest_owner(lend(wayford()), "clerk") == "clerk"
    assert earliest_owner(lend(wayford())) is None


def test_the_defaults_of_a_kind_and_of_an_act_do_nothing() -> None:
    state = lend(wayford())
    plain: Kind[LoanState] = Kind(
        kind="support_package",
        starts="lend",
        shape=StartLoan,
        begin=LOAN.begin,
        moves=LOAN.moves,
        acts={"visit": WatchAct(ActRule(StartLoan, nothing_more, by_hand))},
        ended=LOAN.ended,
        waiting_on=LOAN.waiting_on,
    )
    before = state.model_dump()
    plain.word(state, Word(message_id="w", what="x", sender="y", by=person()), LATER)
    plain.after(state, LATER)
    assert state.model_dump() == before
    assert kernel.perform(plain, state, "visit", Act(actor=person(), message_id="m", details={}), LATER)
    assert state.held["visit"].on == LATER.date()
    assert set(plain.rules) == {"visit", "acknowledge_escalation", "answer_proposal"}


# What cannot be reckoned with


def test_an_act_that_cannot_be_reckoned_with_is_refused_and_changes_nothing() -> None:
    state = lend(wayford(deadline(after="P1W")))
    before = state.model_dump()
    with pytest.raises(Refused) as caught:
        say(state, LATER, loan__since="soon")
    assert caught.value.code is RefusalCode.INVALID
    assert state.model_dump() == before


def test_nothing_begins_on_a_day_beyond_the_calendar() -> None:
    with pytest.raises(Refused) as caught:
        lend(wayford(deadline(after="P1Y")), since="9999-12-31")
    assert caught.value.code is RefusalCode.INVALID


def test_a_word_that_cannot_be_reckoned_with_is_on_the_record_and_harms_nothing() -> None:
    state = lend(wayford(deadline(after="P1W")))
    facts = {"forum": "wheels", "on": "soon"}
    word = Word(message_id="w-1", what="decided", sender="journey/wayford/R-1", by=person("head"), facts=facts)
    kernel.take_word(LOAN, state, word, LATER)
    assert (state.recent[-1].what, state.recent[-1].code) == ("word_refused", RefusalCode.INVALID)
    assert state.clocks["look"].state == "running"
    sequence = state.sequence
    kernel.take_word(LOAN, state, word, LATER)
    assert state.sequence == sequence


def test_what_is_over_once_its_last_clock_is_met_stops_the_rest() -> None:
    done = replace(LOAN, ended=lambda state: state.clocks["look"].state == "met")
    council = wayford(deadline(after="P1W"), deadline(key="other", after="P1Y", met_by="say"))
    state = lend(council)
    assert kernel.perform(done, state, "visit", Act(actor=person(), message_id="m", details={}), LATER)
    assert {name: clock.state for name, clock in state.clocks.items()} == {"look": "met", "other": "stopped"}


def test_an_act_is_on_the_record_under_its_own_name_whatever_else_it_brings() -> None:
    def noted(state: LoanState, _details: BaseModel, actor: Actor, now: datetime) -> None:
        note(state, now, "something_else", actor)

    visits = {**LOAN.acts, "visit": replace(LOAN.acts["visit"], rule=replace(LOAN.acts["visit"].rule, apply=noted))}
    state = lend(wayford(deadline(after="P1W")))
    assert kernel.perform(
        replace(LOAN, acts=visits),
        state,
        "visit",
        Act(actor=person(), message_id="m", details={"sort": "tyres"}),
        LATER,
    )
    assert [entry.details for entry in entries(state, "visit")] == [{"sort": "tyres"}]
    assert len(entries(state, "something_else")) == 1
