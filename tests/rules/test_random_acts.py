"""Anybody does anything in any order: journeys and their sittings stay whole, and only refusals are ever raised."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from models.errors import Refused
from models.journey import JourneyState
from models.process import ProcessState
from models.sitting import SittingState
from models.vocabulary import CaseState, SittingStage, Stage
from rules.journeys import views as journey_views
from rules.journeys.moves import JOURNEY_MOVES
from rules.sittings import views as sitting_views
from rules.sittings.booking import book
from rules.sittings.moves import SITTING_MOVES
from rules.sittings.order import agenda
from tests.builders import (
    AMIRA,
    CAROL,
    COURTNEY,
    HELEN,
    PACKAGE,
    PANEL,
    PAT,
    SECOND_PANEL,
    THURSDAY,
    TOM,
    Office,
    do,
    escalate,
    referral,
    request,
)
from tests.strategies import CASES, DECISION, DEFERRAL, JOURNEY_ACTS, Did, acts_of, room, sitting_acts

SITTING_ACTS = sitting_acts(CASES)
WAITS_OR_IS_HEARD = (CaseState.LISTED, CaseState.RESERVED, CaseState.BEING_HEARD)
BOOKED = (Stage.LISTED, Stage.RESERVED, Stage.AT_PANEL)


class AnybodyDoesAnything(RuleBasedStateMachine):
    """Two referrals, the sittings that they come to, and people who make mistakes."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office()
        self.now: datetime = THURSDAY

    @initialize(
        forum=st.sampled_from(["harp", "harp", "complex_harp"]),
        asks=st.sampled_from([{}, {}, PACKAGE]),
        full=st.booleans(),
    )
    def two_referrals(self, forum: str, asks: dict[str, Any], *, full: bool) -> None:
        if full:
            for panel in (PANEL, SECOND_PANEL):
                there = self.office.sitting_on(panel, self.now)
                for number in range(10):
                    book(there, request(f"N-{number}"), self.now)
        for ref in ("R-1", "R-2"):
            self.office.refer(referral(referral_ref=ref, forum=forum, **asks), self.now)

    @rule(ref=st.sampled_from(["R-1", "R-1", "R-2"]), data=st.data())
    def somebody_does_what_the_stage_of_a_journey_allows(self, ref: str, data: st.DataObject) -> None:
        state = self.office.journeys[f"journey/hillingdon/{ref}"]
        legal = tuple(name for name in JOURNEY_MOVES.legal(state.stage) if name in JOURNEY_ACTS)
        if legal:
            self.try_it(state, data.draw(acts_of(JOURNEY_ACTS, legal)))

    @rule(ref=st.sampled_from(["R-1", "R-1", "R-2"]), times=st.integers(1, 4), data=st.data())
    def a_case_goes_its_usual_way(self, ref: str, times: int, data: st.DataObject) -> None:
        state = self.office.journeys[f"journey/hillingdon/{ref}"]
        for _ in range(times):
            self.usual_step(state, data)

    @rule(ref=st.sampled_from(["R-1", "R-1", "R-2"]), data=st.data())
    def a_case_goes_on_its_usual_way(self, ref: str, data: st.DataObject) -> None:
        self.a_case_goes_its_usual_way(ref=ref, times=2, data=data)

    def usual_step(self, state: JourneyState, data: st.DataObject) -> None:
        """What usually happens next to a case in its stage."""
        booking = state.booking
        there = self.office.sitting_on(booking.sitting, self.now, booking.forum) if booking else None
        case = {"case": state.referral.referral_ref}
        match state.stage:
            case Stage.AWAITING_SIGN_OFF:
                self.try_it(state, Did("sign_off", TOM, {}))
            case Stage.RETURNED:
                self.try_it(state, Did("amend", AMIRA, {"analysis": "Said again.", "request.kind": "accommodation"}))
            case Stage.AWAITING_ENDORSEMENT:
                self.try_it(state, Did("endorse", HELEN, {}))
            case Stage.AWAITING_DECISION:
                self.try_it(state, Did("decide_as_post", CAROL, data.draw(DECISION)))
            case Stage.LISTED | Stage.RESERVED | Stage.DEFERRED if there is not None:
                self.time_passes(max(there.starts - self.now, timedelta(0)))
                chair = COURTNEY if there.forum_key == "complex_harp" else CAROL
                self.try_it(there, Did("open_sitting", PAT, room(chair)))
                self.try_it(there, Did("hear", PAT, case))
            case Stage.AT_PANEL if there is not None:
                said = data.draw(DECISION | DECISION | DEFERRAL)
                self.try_it(there, Did("record_decision", PAT, {**case, **said}))
            case Stage.ACTIONS_OPEN if state.open_actions:
                done = {"action": state.open_actions[0].reference, "evidence": "EV-1"}
                self.try_it(state, Did("complete_action", TOM, done))
            case Stage.UNDER_REVIEW:
                self.time_passes(timedelta(days=90))
            case _:
                self.try_it(state, data.draw(acts_of(JOURNEY_ACTS)))

    @rule(ref=st.sampled_from(["R-1", "R-2"]), did=acts_of(JOURNEY_ACTS))
    def somebody_does_anything_to_a_journey(self, ref: str, did: Did) -> None:
        self.try_it(self.office.journeys[f"journey/hillingdon/{ref}"], did)

    @precondition(lambda self: bool(self.office.sittings))
    @rule(data=st.data())
    def somebody_does_what_the_stage_of_a_sitting_allows(self, data: st.DataObject) -> None:
        state = data.draw(st.sampled_from(list(self.office.sittings.values())))
        legal = tuple(name for name in SITTING_MOVES.legal(state.stage) if name in SITTING_ACTS)
        if legal:
            self.try_it(state, data.draw(acts_of(SITTING_ACTS, legal)))

    @precondition(lambda self: bool(self.office.sittings))
    @rule(data=st.data(), did=acts_of(SITTING_ACTS))
    def somebody_does_anything_to_a_sitting(self, data: st.DataObject, did: Did) -> None:
        self.try_it(data.draw(st.sampled_from(list(self.office.sittings.values()))), did)

    @precondition(lambda self: any(s.stage is not SittingStage.CLOSED for s in self.office.sittings.values()))
    @rule()
    def the_day_of_the_next_sitting_comes(self) -> None:
        ahead = [state.starts for state in self.office.sittings.values() if state.starts > self.now]
        if ahead:
            self.time_passes(min(ahead) - self.now)

    @rule(wait=st.sampled_from([timedelta(minutes=7), timedelta(hours=5), timedelta(days=1), timedelta(days=6)]))
    def time_passes(self, wait: timedelta) -> None:
        self.now += wait
        self.office.advance(self.now)

    @rule(ref=st.sampled_from(["R-1", "R-2"]))
    def somebody_escalates(self, ref: str) -> None:
        state = self.office.journeys[f"journey/hillingdon/{ref}"]
        if state.stage is not Stage.CLOSED:
            escalate(state, self.now)
            self.office.settle(self.now)

    def try_it(self, state: ProcessState, did: Did) -> None:
        """Do an act: it is done, or it is refused and the state is byte for byte as it was."""
        before = state.model_dump_json()
        refusal: Refused | None = None
        try:
            do(state, did.name, did.actor, self.now, **did.details)
        except Refused as refused:
            refusal = refused
        assert (state.model_dump_json() == before) is (refusal is not None)
        assert refusal is None or (refusal.sentence and refusal.remedy)
        self.office.settle(self.now)

    @invariant()
    def every_entry_has_its_number(self) -> None:
        for state in self.office.everything():
            numbers = [e.sequence for e in self.office.entries if e.process_id == state.process_id]
            assert numbers == list(range(1, state.sequence + 1))

    @invariant()
    def every_process_can_be_looked_at(self) -> None:
        for state in self.office.everything():
            if isinstance(state, JourneyState):
                assert journey_views.view(state, self.now).stage in Stage
                assert state.settled
            elif isinstance(state, SittingState):
                assert sitting_views.view(state, self.now).stage in SittingStage
                assert state.settled

    @invariant()
    def what_was_decided_has_an_outcome(self) -> None:
        for state in self.office.journeys.values():
            assert (state.outcome is not None) or not (state.decisions or state.stage is Stage.CLOSED)

    @invariant()
    def nothing_is_open_or_ticks_in_what_is_closed(self) -> None:
        for state in self.office.journeys.values():
            if state.stage is Stage.CLOSED:
                assert not state.open_actions
                assert not any(clock.ticking for clock in state.clocks.values())
                assert state.booking is None

    @invariant()
    def a_case_is_on_one_agenda_and_its_journey_knows_which(self) -> None:
        for state in self.office.journeys.values():
            ref = state.referral.referral_ref
            on = [
                (there.forum_key, there.on)
                for there in self.office.sittings.values()
                for case in there.cases
                if case.papers.referral_ref == ref and case.state in WAITS_OR_IS_HEARD
            ]
            booked = [(state.booking.forum, state.booking.sitting)] if state.booking else []
            assert on == booked
            assert bool(booked) or state.stage not in BOOKED

    @invariant()
    def no_two_cases_have_the_same_slot(self) -> None:
        for state in self.office.sittings.values():
            slots = [case.slot for case in agenda(state)]
            assert len(slots) == len(set(slots))
            assert None not in slots
            refs = [case.papers.referral_ref for case in state.cases]
            assert len(refs) == len(set(refs))

    @invariant()
    def whatever_is_open_waits_for_somebody(self) -> None:
        for state in self.office.journeys.values():
            waits_for = journey_views.view(state, self.now).waiting_on
            assert (waits_for is None) == (state.stage is Stage.CLOSED)

    def teardown(self) -> None:
        """What happened can be carried across continue-as-new."""
        for state in self.office.everything():
            text = state.model_dump_json()
            assert type(state).model_validate_json(text).model_dump_json() == text


TestAnybodyDoesAnything = AnybodyDoesAnything.TestCase
TestAnybodyDoesAnything.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
