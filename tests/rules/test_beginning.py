"""What a decision begins, whom a journey tells, and how a watch takes it and brings a matter back."""

from datetime import date
from typing import Any

import pytest

from models.acts import Decided
from models.conditions import Condition
from models.deadlines import Beginning, Deadline, WatchRules
from models.errors import RefusalCode
from models.identifiers import reference_after
from models.journey import DecisionRecord, JourneyState
from models.people import Actor
from models.procedure import Council
from models.process import CaseNews, Delivery, NewsKind, NotStarted, Release, Starting, Word
from models.vocabulary import Outcome
from models.watch import Proposal, WatchedChild, WatchState, id_of_starting
from rules.authority import system
from rules.conditions import fact
from rules.findings import with_decision
from rules.journeys.beginning import begin_another, begin_what_was_decided, not_begun
from rules.journeys.knowing import known
from rules.journeys.telling import tell_closed, tell_decided, tell_heard, tell_referred, watchers
from rules.process import not_started, not_taken
from rules.watches.deadlines import propose
from rules.watches.returning import not_returned
from rules.watches.words import (
    CLOSED,
    DECIDED,
    HEARD,
    PLACEMENT_CHANGED,
    PLACEMENT_ENDED,
    PLACEMENT_STARTED,
    REFERRED,
    take,
    tell,
    tell_episode,
)
from tests.builders import AMIRA, CALENDAR, HILLINGDON, PAT, THURSDAY, TOM, at, council_with, journey, referral

TUESDAY = at("2031-03-11 10:00")
PACKAGE = Beginning(
    process="support_package",
    on=("approved",),
    fields={"priority": ("journey.priority",), "events.approved": ("journey.decided_on",)},
    says={"direct": False, "forum": "HARP"},
    cites=("HIL-090",),
)
PLACEMENT = Beginning(
    process="placement",
    on=("approved",),
    cites=("HIL-097",),
)
EPISODE = Beginning(process="care_episode", on=("approved",), cites=("HIL-045",))


def with_begins(*begins: Beginning) -> Council:
    council = council_with(harp={"begins": [one.model_dump() for one in begins]})
    return council.model_copy(update={"watches": ("care_episode", "placement", "support_package")})


def decision(**said: Any) -> DecisionRecord:  # noqa: ANN401 - as a decision says it
    services = [{"service": "Mentoring", "agency": "youth_service"}]
    whole = {"decision": "approve", "rationale": "In the child's interest.", "services": services, **said}
    decided = Decided.model_validate(whole)
    return DecisionRecord(
        decided=decided, legal_section=None, by=PAT, at=TUESDAY, forum="harp", sitting=date(2031, 3, 11)
    )


def decided(state: JourneyState, **said: Any) -> None:  # noqa: ANN401 - as a decision says it
    record = decision(**said)
    state.decisions.append(record)
    facts = with_decision(known(state, date(2031, 3, 11)), record.decided)
    begin_what_was_decided(state, record, facts, PAT, TUESDAY)


def words(state: JourneyState | WatchState) -> list[tuple[str, str]]:
    return [(one.to, one.word.what) for one in state.undelivered if one.word is not None]


def test_an_approval_begins_the_package_with_what_is_known_and_nothing_more() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state, starts="2031-03-17")
    (one,) = state.starting
    assert (one.kind, one.reference, one.by) == ("support_package", "R-1.package", AMIRA)
    assert one.details == {
        "direct": False,
        "forum": "HARP",
        "events": {"approved": "2031-03-11"},
        "services": one.details["services"],
        "unit": "children in need",
        "referral_ref": "R-1",
        "child": {"reference": "C-1", "date_of_birth": "2019-05-14", "unaccompanied_asylum_seeking": False},
        "decided_at": "2031-03-11T10:00:00Z",
        "priority": "normal",
        "starts": "2031-03-17",
    }
    assert state.begun == ["package/hillingdon/R-1.package"]
    assert state.recent[-1].what == "begun"
    assert not state.settled


def test_what_begins_takes_the_form_along_with_what_was_decided() -> None:
    state = journey(council=with_begins(PACKAGE))
    state.documents.append("Genogram")
    decided(state)
    form = state.starting[0].form
    assert form is not None
    assert fact(form, "prior.harp.outcome") == "approved"
    assert fact(form, "prior.harp.reference") == "R-1"
    assert "Genogram" in form.documents


def test_another_outcome_begins_nothing() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state, decision="decline")
    assert state.starting == []


def test_a_condition_that_does_not_hold_begins_nothing() -> None:
    disabled = Condition(path="child.disabled", equals=True)
    state = journey(council=with_begins(PACKAGE.model_copy(update={"when": (disabled,)})))
    decided(state)
    assert state.starting == []


def test_a_package_begins_only_where_the_decision_names_services() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state, services=())
    assert state.starting == []


@pytest.mark.parametrize("said", [{}, {"placement_ref": "P-7"}, {"starts": "2031-03-17"}])
def test_a_placement_without_a_reference_and_a_first_day_is_started_by_hand(said: dict[str, str]) -> None:
    state = journey(council=with_begins(PLACEMENT))
    decided(state, **said)
    assert state.starting == []


def test_a_placement_begins_under_its_reference_on_its_first_day() -> None:
    state = journey(council=with_begins(PLACEMENT))
    decided(state, placement_ref="P-7", starts="2031-03-17", ends="2031-09-17")
    (one,) = state.starting
    assert (one.reference, one.details["started_at"]) == ("P-7", "2031-03-17")
    assert one.details["approval"] == {
        "kind": "time_limited",
        "by": "harp",
        "since": "2031-03-11T10:00:00Z",
        "ends": "2031-09-17",
    }


def test_what_is_approved_without_an_end_says_nothing_of_the_carers_approval() -> None:
    state = journey(council=with_begins(PLACEMENT))
    decided(state, placement_ref="P-7", starts="2031-03-17")
    assert "approval" not in state.starting[0].details


def test_the_form_may_name_the_placement_already() -> None:
    proposal = {"placement_ref": "P-8", "starts": "2031-03-17"}
    state = journey(referral(proposal=proposal), council=with_begins(PLACEMENT))
    decided(state)
    assert [one.reference for one in state.starting] == ["P-8"]


def test_a_care_episode_goes_by_the_childs_own_reference() -> None:
    state = journey(council=with_begins(EPISODE))
    decided(state)
    assert [one.reference for one in state.starting] == ["C-1"]


def test_a_second_approval_begins_nothing_while_the_first_runs() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state)
    decided(state)
    assert len(state.starting) == 1


def test_a_journey_that_a_package_brought_back_or_proposed_begins_no_other_package() -> None:
    for form, came_from in ((referral(), "package/hillingdon/P"), (referral(came_from="package/hillingdon/P"), None)):
        state = journey(form, council=with_begins(PACKAGE))
        state.came_from = came_from
        decided(state)
        assert state.starting == []


def test_another_begins_when_the_first_is_over_and_the_panel_approves_again() -> None:
    state = journey(council=with_begins(PACKAGE, EPISODE))
    decided(state)
    decided(state)
    word = Word(message_id="m", what=DECIDED, sender=state.process_id, by=PAT)
    begin_another(state, Delivery(to="package/hillingdon/R-1.package", word=word), TUESDAY)
    assert [one.reference for one in state.starting] == ["R-1.package", "C-1", "R-1.package.2"]
    assert state.begun == ["episode/hillingdon/C-1", "package/hillingdon/R-1.package.2"]
    begin_another(state, Delivery(to="package/hillingdon/R-1.package", word=word), TUESDAY)
    assert len(state.starting) == 3


def test_a_placement_that_is_over_does_not_begin_again_by_itself() -> None:
    state = journey(council=with_begins(PLACEMENT))
    decided(state, placement_ref="P-7", starts="2031-03-17")
    word = Word(message_id="m", what=DECIDED, sender=state.process_id, by=PAT)
    begin_another(state, Delivery(to="placement/hillingdon/P-7", word=word), TUESDAY)
    assert len(state.starting) == 1


def test_a_closed_process_that_missed_other_news_begins_no_other() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state)
    heard = Word(message_id="m", what="heard", sender=state.process_id, by=PAT)
    begin_another(state, Delivery(to=state.begun[0], word=heard), TUESDAY)
    begin_another(state, Delivery(to=state.begun[0]), TUESDAY)
    assert len(state.starting) == 1


def test_what_could_not_begin_is_flagged_and_put_to_the_team() -> None:
    state = journey(council=with_begins(PACKAGE))
    decided(state)
    refused = NotStarted(process_id=state.begun[0], code=RefusalCode.INCOMPLETE, sentence="Missing: services.")
    not_begun(state, refused, TUESDAY)
    assert state.begun == []
    assert state.flags == ["Start package/hillingdon/R-1.package by hand: Missing: services."]
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["social_worker", "team_manager"]
    assert state.unrecorded[-1].code == RefusalCode.INCOMPLETE


def test_a_journey_tells_the_care_episode_the_watch_it_came_from_and_the_one_its_form_names() -> None:
    council = with_begins()
    state = journey(referral(came_from="placement/hillingdon/P-7"), council=council)
    assert watchers(state) == {"episode/hillingdon/C-1": True, "placement/hillingdon/P-7": False}
    state.came_from = "package/hillingdon/R-0.package"
    assert "package/hillingdon/R-0.package" in watchers(state)


@pytest.mark.parametrize("named", ["placement/hackney/P-7", "journey/hillingdon/R-0", "transfer/hillingdon/T-1"])
def test_a_process_that_is_none_of_this_councils_watches_is_told_nothing(named: str) -> None:
    state = journey(referral(came_from=named), council=with_begins())
    assert list(watchers(state)) == ["episode/hillingdon/C-1"]


def test_a_council_without_care_episodes_is_not_asked_for_one() -> None:
    state = journey()
    state.came_from = "journey/hillingdon/R-0"
    assert watchers(state) == {}


def test_a_case_that_is_not_about_a_child_has_no_care_episode() -> None:
    state = journey(council=with_begins())
    state.referral = state.referral.model_copy(update={"child": None})
    assert watchers(state) == {}


def test_a_journey_tells_what_becomes_of_it_in_references_codes_and_days() -> None:
    state = journey(council=with_begins())
    state.begun = ["package/hillingdon/R-1.package"]
    state.undelivered.clear()
    tell_referred(state, AMIRA, THURSDAY)
    tell_heard(state, PAT, TUESDAY)
    tell_decided(state, decision(ends="2031-06-01"), PAT, TUESDAY, ("package/hillingdon/R-1.package",))
    tell_closed(state, PAT, TUESDAY)
    state.outcome = Outcome.WITHDRAWN
    tell_closed(state, PAT, TUESDAY)
    assert [what for to, what in words(state) if to.startswith("episode/")] == [
        *("referred", "heard", "decided", "closed", "closed"),
    ]
    assert [what for to, what in words(state) if to.startswith("package/")] == ["heard", "decided"]
    told = [one.word.facts for one in state.undelivered if one.word is not None and one.word.what == DECIDED]
    assert told[0] == {
        "forum": "harp",
        "referral_ref": "R-1",
        "child_ref": "C-1",
        "referred_at": THURSDAY.isoformat(),
        "told": ["package/hillingdon/R-1.package"],
        "outcome": "approved",
        "on": "2031-03-11",
        "sitting": "2031-03-11",
        "ends": "2031-06-01",
    }


def test_a_place_at_a_sitting_is_told_with_the_hearing() -> None:
    state = journey(council=with_begins())
    state.booking = None
    state.undelivered.clear()
    tell_heard(state, PAT, TUESDAY)
    assert state.undelivered[0].word is not None
    assert "sitting" not in state.undelivered[0].word.facts


def test_what_was_not_taken_is_on_record_once_for_each_process() -> None:
    state = journey()
    sequence = state.sequence
    word = Word(message_id="m", what=REFERRED, sender=state.process_id, by=PAT)
    news = CaseNews(message_id="n", kind=NewsKind.HEARD, forum="harp", sitting=date(2031, 3, 11), by=PAT)
    approved = news.model_copy(update={"kind": NewsKind.APPROVED})
    given_back = Release(message_id="r", referral_ref="R-1", by=AMIRA)
    sent = [
        *(Delivery(to="a", word=word), Delivery(to="a", news=news), Delivery(to="b", word=word)),
        *(Delivery(to="a", news=approved), Delivery(to="a", release=given_back)),
        Delivery(to="journey/hillingdon/R-0", word=word),
    ]
    assert not_taken(state, sent, ["a", "journey/hillingdon/R-0"], TUESDAY, "team_manager") == sent[:2]
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["team_manager"]
    assert state.sequence == sequence + 1
    assert (state.recent[-1].what, state.recent[-1].note) == ("not_taken", "a")
    not_taken(state, [Delivery(to="a", news=news)], ["a"], TUESDAY, "team_manager")
    not_taken(state, [Delivery(to="a", word=word)], ["a"], TUESDAY)
    assert [entry.notices for entry in state.unrecorded[-2:]] == [(), ()]


def test_what_could_not_start_is_on_record_with_its_reason() -> None:
    state = journey()
    not_started(state, NotStarted(process_id="p", code=RefusalCode.UNKNOWN, sentence="Nothing of it."), TUESDAY)
    assert (state.recent[-1].what, state.recent[-1].accepted) == ("not_started", False)


def test_a_reference_that_would_be_too_long_is_cut_and_kept_apart() -> None:
    first, second = ("A" * 63 + "1", "A" * 63 + "2")
    assert reference_after("R-1", "package") == "R-1.package"
    assert len(reference_after(first, "package")) == 64
    assert reference_after(first, "package") != reference_after(second, "package")


# What a watch does with words.


def watch(by: Actor = AMIRA, *deadlines: Deadline, **more: Any) -> WatchState:  # noqa: ANN401 - parts of a state
    rules = WatchRules(
        title="Placements", version="1", in_force_from=date(2000, 1, 1), deadlines=deadlines, cites=("HIL-097",)
    )
    whole = {
        "process_id": "placement/hillingdon/P-7",
        "procedure": HILLINGDON.model_copy(update={"placement": rules}),
        "calendar": CALENDAR,
        "stage_since": THURSDAY,
        "kind": "placement",
        "reference": "P-7",
        "started_by": by,
        "started_at": THURSDAY,
        "child": WatchedChild(reference="C-1"),
    }
    return WatchState.model_validate({**whole, **more})


DUE = Deadline(
    key="contract_end",
    title="Contract end",
    anchor=("contract.ends",),
    owner="team_manager",
    on_due="propose",
    proposes="harp",
    brings_back=True,
    cites=("HIL-097",),
)
PROPOSED = Proposal(deadline="contract_end", forum="harp", to="team_manager", at=THURSDAY, cites="HIL-097")


def word(what: str, **facts: Any) -> Word:  # noqa: ANN401 - plain facts
    return Word(message_id="m-1", what=what, sender="journey/hillingdon/R-2", by=TOM, facts=facts)


def test_a_referral_answers_the_proposal_of_its_forum_and_no_other() -> None:
    other = PROPOSED.model_copy(update={"forum": "complex_harp"})
    state = watch(proposals=[PROPOSED, other])
    take(state, word(REFERRED, forum="harp", referral_ref="R-2", on="2031-03-06"), THURSDAY)
    first, second = state.proposals
    assert (first.answer, first.referral_ref, first.answered_by) == ("refer", "R-2", TOM)
    assert second.answer is None
    assert state.facts["panel.harp.stage"] == "referred"
    assert state.held["told_referred:harp"].on == date(2031, 3, 6)


@pytest.mark.parametrize("what", [REFERRED, HEARD, DECIDED, CLOSED])
def test_a_case_that_went_to_the_forum_before_a_referral_was_proposed_does_not_answer_it(what: str) -> None:
    state = watch(proposals=[PROPOSED.model_copy(update={"at": TUESDAY})])
    earlier = {"forum": "harp", "referral_ref": "R-0", "referred_at": THURSDAY.isoformat(), "outcome": "approved"}
    take(state, word(what, **earlier), TUESDAY)
    assert state.proposals[0].answer is None
    assert "panel.harp.referred_at" not in state.facts


@pytest.mark.parametrize(
    ("what", "proposed", "facts", "answer"),
    [
        (HEARD, None, {"referred_at": TUESDAY.isoformat()}, "refer"),
        (DECIDED, None, {"referred_at": TUESDAY.isoformat()}, "refer"),
        (CLOSED, None, {"referred_at": TUESDAY.isoformat()}, None),
        (CLOSED, "R-2", {}, None),
        (HEARD, "R-2", {"referred_at": THURSDAY.isoformat()}, "refer"),
        (HEARD, None, {}, None),
        (DECIDED, None, {}, None),
        (REFERRED, None, {}, "refer"),
    ],
)
def test_one_that_went_there_since_or_that_the_proposal_names_answers_it(
    what: str, proposed: str | None, facts: dict[str, str], answer: str | None
) -> None:
    state = watch(proposals=[PROPOSED.model_copy(update={"at": TUESDAY, "referral_ref": proposed})])
    take(state, word(what, forum="harp", referral_ref="R-2", **facts), TUESDAY)
    assert state.proposals[0].answer == answer


def test_a_referral_of_another_child_that_names_this_placement_by_mistake_answers_nothing() -> None:
    state = watch(proposals=[PROPOSED])
    take(state, word(REFERRED, forum="harp", referral_ref="R-2", child_ref="C-2"), THURSDAY)
    assert state.proposals[0].answer is None
    assert (state.recent[-1].what, state.recent[-1].accepted) == ("word_refused", False)
    take(state, word(REFERRED, forum="harp", referral_ref="R-3", child_ref="C-1"), THURSDAY)
    assert state.proposals[0].answer == "refer"


def test_a_decision_is_kept_as_facts_that_deadlines_can_ask_for() -> None:
    state = watch()
    take(state, word(DECIDED, forum="harp", referral_ref="R-2", outcome="approved", ends="2031-09-01"), TUESDAY)
    assert state.facts["panel.harp.outcome"] == "approved"
    assert state.facts["panel.harp.ends"] == "2031-09-01"
    assert {"told_decided", "told_decided:harp", "told_decided:harp:approved"} <= state.held.keys()


def test_a_referral_that_is_withdrawn_is_told_to_whoever_it_was_proposed_to() -> None:
    state = watch(proposals=[PROPOSED.model_copy(update={"answer": "refer", "referral_ref": "R-2"})])
    take(state, word(CLOSED, forum="harp", referral_ref="R-2", outcome="withdrawn"), TUESDAY)
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["team_manager"]
    sequence = state.sequence
    take(state, word(CLOSED, forum="harp", referral_ref="R-3", outcome="withdrawn"), TUESDAY)
    assert state.sequence == sequence


def test_words_of_another_kind_are_left_to_the_kind() -> None:
    state = watch()
    take(state, word("something_else"), TUESDAY)
    assert state.facts == {}


def test_an_episode_knows_where_the_child_is() -> None:
    state = watch()
    take(state, word(PLACEMENT_STARTED, placement_ref="P-7", on="2031-03-06", kind="foster"), THURSDAY)
    assert state.facts["placements.open"] == ["P-7"]
    assert state.facts["placement.kind"] == "foster"
    assert state.facts["placement.started_on"] == "2031-03-06"
    take(state, word(PLACEMENT_STARTED, placement_ref="P-8", on="2031-03-10"), TUESDAY)
    assert "placement.kind" not in state.facts
    take(state, word(PLACEMENT_ENDED, placement_ref="P-7", on="2031-03-10"), TUESDAY)
    assert state.facts["placements.open"] == ["P-8"]
    assert state.facts.get("placement.open") is True
    take(state, word(PLACEMENT_CHANGED, placement_ref="P-8", ends="2031-05-01"), TUESDAY)
    assert state.facts["placement.ends"] == "2031-05-01"
    take(state, word(PLACEMENT_ENDED, placement_ref="P-8"), TUESDAY)
    assert state.facts["placements.open"] == []
    assert state.facts.get("placement.open") is False
    assert state.facts["placement.ended_on"] == "2031-03-11"


def test_an_episode_passes_on_what_a_forum_says_to_the_placements_that_run() -> None:
    state = watch(kind="care_episode", process_id="episode/hillingdon/C-1", facts={"placements.open": ["P-7", "P-8"]})
    take(state, word(DECIDED, forum="harp", outcome="approved", told=["placement/hillingdon/P-8"]), TUESDAY)
    assert words(state) == [("placement/hillingdon/P-7", DECIDED)]
    assert "panel.harp.told" not in state.facts
    other = watch(facts={"placements.open": ["P-7"]})
    take(other, word(DECIDED, forum="harp", outcome="approved"), TUESDAY)
    assert words(other) == []


def test_a_watch_tells_the_care_episode_of_its_child() -> None:
    state = watch()
    tell_episode(state, PLACEMENT_STARTED, {"placement_ref": "P-7", "on": date(2031, 3, 6), "kind": None}, AMIRA)
    (one,) = state.undelivered
    assert (one.to, one.optional) == ("episode/hillingdon/C-1", True)
    assert one.word is not None
    assert one.word.facts == {"placement_ref": "P-7", "on": "2031-03-06"}
    nobody = watch(child=None)
    tell_episode(nobody, PLACEMENT_STARTED, {}, AMIRA)
    assert nobody.undelivered == []


def test_a_word_goes_out_under_an_id_of_its_own() -> None:
    state = watch()
    tell(state, "placement/hillingdon/P-9", "moved", {}, AMIRA)
    assert state.undelivered[0].word is not None
    assert state.undelivered[0].word.message_id == "placement/hillingdon/P-7#0:moved"


def test_a_deadline_brings_the_matter_back_with_its_history() -> None:
    form = referral(
        **{
            "request.sitting": "2031-03-11",
            "request.direct": True,
            "prior": {"harp": {"outcome": "approved", "reference": "R-1"}},
        }
    )
    facts = {
        "panel.complex_harp.outcome": "advised",
        "panel.complex_harp.on": "2031-03-04",
        "panel.complex_harp.referral_ref": "R-9",
        "contract.ends": "2031-09-01",
    }
    state = watch(AMIRA, DUE, form=form, facts=facts)
    propose(state, DUE, THURSDAY)
    (one,) = state.starting
    assert (one.kind, one.reference, one.by) == ("journey", "P-7.contract_end.1", AMIRA)
    assert one.form is not None
    assert one.form.came_from == "placement/hillingdon/P-7"
    assert one.form.referral_ref == "P-7.contract_end.1"
    assert (one.form.request.sitting, one.form.request.direct) == (None, False)
    assert {key: (said.outcome, said.reference) for key, said in one.form.prior.items()} == {
        "harp": ("approved", "R-1"),
        "complex_harp": ("advised", "R-9"),
    }
    assert state.proposals[0].referral_ref == "P-7.contract_end.1"
    state.proposals = [state.proposals[0].model_copy(update={"answer": "refer"})]
    propose(state, DUE, TUESDAY)
    assert state.starting[-1].reference == "P-7.contract_end.2"


def test_without_a_form_or_where_the_council_does_not_ask_for_it_a_person_is_asked() -> None:
    for deadline, form in ((DUE, None), (DUE.model_copy(update={"brings_back": False}), referral())):
        state = watch(AMIRA, deadline, form=form)
        propose(state, deadline, THURSDAY)
        assert state.starting == []
        assert state.proposals[0].answer is None


def test_a_referral_that_could_not_begin_stays_a_persons_to_make() -> None:
    mine = PROPOSED.model_copy(update={"referral_ref": "P-7.contract_end.1"})
    state = watch(proposals=[PROPOSED, mine])
    refused = NotStarted(
        process_id="journey/hillingdon/P-7.contract_end.1", code=RefusalCode.INCOMPLETE, sentence="Missing: analysis."
    )
    not_returned(state, refused, TUESDAY)
    assert [one.referral_ref for one in state.proposals] == [None, None]
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["team_manager"]
    not_returned(state, refused.model_copy(update={"process_id": "package/hillingdon/X"}), TUESDAY)
    assert [notice.post for notice in state.unrecorded[-1].notices] == ["social_worker"]
    assert system(state.procedure).staff == state.unrecorded[-1].staff


def test_what_the_system_began_and_cannot_carry_on_goes_to_the_manager() -> None:
    state = watch(system(HILLINGDON))
    not_returned(state, NotStarted(process_id="package/x/Y", code=RefusalCode.INVALID, sentence="No."), TUESDAY)
    assert [notice.post for notice in state.unrecorded[-1].notices] == [HILLINGDON.roles.manager]


def test_what_is_yet_to_start_is_known_by_the_id_that_it_will_have() -> None:
    one = Starting(kind="journey", council="hillingdon", reference="R-2", by=AMIRA)
    assert id_of_starting(one) == "journey/hillingdon/R-2"
    assert id_of_starting(one.model_copy(update={"kind": "support_package"})) == "package/hillingdon/R-2"
