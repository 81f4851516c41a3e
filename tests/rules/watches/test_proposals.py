"""A referral that a deadline proposed is answered: somebody refers, or says why not."""

import pytest

from models.errors import RefusalCode, Refused
from tests.builders import at
from tests.rules.watches.wayford import LoanState, act, deadline, entries, forum, lend, run_to, told_posts, wayford

LATER = at("2031-03-11 09:00")


def proposing(*forums: str) -> LoanState:
    """A loan for which a referral to each of these forums was proposed on the 10th, at 17:00."""
    asked = [
        deadline(key=f"d{n}", after="P1W", on_due="propose", proposes=name, met_by=(), proposed_to="manager")
        for n, name in enumerate(forums)
    ]
    state = lend(wayford(*asked, forums=tuple(forum(name) for name in dict.fromkeys(forums))))
    run_to(state, at("2031-03-10 17:00"))
    return state


def test_whoever_it_was_put_to_refers() -> None:
    state = proposing("wheels")
    act(state, "answer_proposal", LATER, "manager", decision="refer", referral_ref="R-9")
    (one,) = state.proposals
    assert (one.answer, one.referral_ref, one.because) == ("refer", "R-9", None)
    assert one.answered_by is not None
    assert one.answered_by.post == "manager"
    assert state.clocks["referral:d0"].state == "met"
    assert entries(state, "proposal_answered")[0].cites == ("WAY-001",)
    assert not entries(state, "answer_proposal")


def test_whoever_does_not_refer_says_why() -> None:
    state = proposing("wheels")
    with pytest.raises(Refused) as caught:
        act(state, "answer_proposal", LATER, decision="not")
    assert (caught.value.code, caught.value.rule) == (RefusalCode.INCOMPLETE, "WAY-001")
    act(state, "answer_proposal", LATER, decision="not", reasons="It is as good as new.")
    assert state.proposals[0].because == "It is as good as new."
    assert not state.open_proposals


@pytest.mark.parametrize("named", [{"proposal": "wheels"}, {"forum": "wheels"}, {"deadline": "d0"}])
def test_of_several_the_one_that_is_named_is_answered(named: dict[str, str]) -> None:
    state = proposing("wheels", "saddles")
    act(state, "answer_proposal", LATER, decision="refer", **named)
    assert [one.forum for one in state.open_proposals] == ["saddles"]


def test_of_several_forums_one_has_to_be_named() -> None:
    state = proposing("wheels", "saddles")
    with pytest.raises(Refused) as caught:
        act(state, "answer_proposal", LATER, decision="refer")
    assert caught.value.code == RefusalCode.INVALID
    assert caught.value.remedy == "Name one of: wheels, saddles."


def test_two_that_are_proposed_to_the_same_forum_are_answered_together() -> None:
    state = proposing("wheels", "wheels")
    act(state, "answer_proposal", LATER, decision="refer", proposal="wheels")
    assert not state.open_proposals
    assert {state.clocks[name].state for name in ("referral:d0", "referral:d1")} == {"met"}


def test_one_that_nobody_proposed_is_not_answered() -> None:
    state = proposing("wheels")
    with pytest.raises(Refused) as caught:
        act(state, "answer_proposal", LATER, decision="refer", proposal="saddles")
    assert caught.value.code == RefusalCode.UNKNOWN
    assert caught.value.remedy == "Name one of: wheels."


def test_where_nothing_is_proposed_nothing_can_be_answered() -> None:
    with pytest.raises(Refused) as caught:
        act(lend(wayford()), "answer_proposal", LATER, decision="refer")
    assert caught.value.code == RefusalCode.ILLEGAL_MOVE


def test_an_answer_that_does_not_come_in_time_climbs_the_ladder() -> None:
    state = proposing("wheels")
    assert state.clocks["referral:d0"].due == at("2031-03-17 17:00")
    run_to(state, at("2031-03-17 17:00"))
    assert (state.overdue, state.escalated) == (True, True)
    assert {"manager", "head"} <= told_posts(state)
    act(state, "answer_proposal", LATER, decision="refer")
    assert (state.overdue, state.escalated) == (False, False)
