"""What people might do next: acts by anybody, in words that are right, nearly right and wrong."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from models.people import Actor
from models.vocabulary import JourneyAct, SittingAct
from tests.builders import (
    AMIRA,
    CAROL,
    COURTNEY,
    DEV,
    DIANA,
    DUTY,
    ESI,
    HELEN,
    MANY,
    NEW_ACTION,
    PAT,
    TOM,
    person,
)


class Did(NamedTuple):
    """One thing that one person does."""

    name: str
    actor: Actor
    details: dict[str, Any]


Details = st.SearchStrategy[dict[str, Any]]

WHY: Details = st.sampled_from([{"reasons": "Because."}, {"reason": "Because."}, {}, {"reasons": ""}, {"why": "?"}])
MAYBE_WHY: Details = st.sampled_from([{}, {}, {"reasons": "Because."}, {"because": "?"}])
NOTHING: Details = st.just({})
FORUMS = ("complex_harp", "harp", "high cost", "secure panel")
FRIDAYS = ("2031-05-09", "2031-09-19", "2031-03-21", "2030-01-04")
DATES = ("2031-03-12", "2031-03-20", "2031-04-02", "2031-04-11", "2031-03-15")
ACTION: Details = st.sampled_from([{}, {"action": "A1"}, {"action": "A2"}, {"action": "A9"}])
DECISION: Details = st.fixed_dictionaries(
    {
        "decision": st.sampled_from(
            [
                "approve",
                "approve",
                "approve_with_conditions",
                "decline",
                "refer_on",
                "ratify",
                "not_ratify",
                "note",
                "?",
            ]
        ),
        "rationale": st.just("Weighed."),
    },
    optional={
        "actions": st.lists(st.just({**NEW_ACTION, "due": "2031-12-01"}), max_size=2),
        "conditions": st.just(["Review in May."]),
        "refer_to": st.sampled_from(FORUMS),
        "review_on": st.sampled_from(FRIDAYS),
        "dissent": st.just("Dev disagrees."),
        "decided_by_chair": st.booleans(),
        "retain_review": st.booleans(),
        "legal_section": st.just("section 17"),
        "learning": st.just("Ask earlier."),
    },
)
DEFERRAL: Details = st.fixed_dictionaries(
    {"decision": st.just("defer"), "rationale": st.just("Not yet.")},
    optional={"missing": st.just(["Note"]), "to_sitting": st.sampled_from(DATES)},
)
CASES = ("R-1", "R-1", "R-2", "X-1")


def one_case(cases: tuple[str, ...]) -> Details:
    """An act on one case of a sitting."""
    return st.fixed_dictionaries({"case": st.sampled_from(cases)})


def room(chair: Actor) -> dict[str, Any]:
    """A meeting of four under a chair."""
    return {"chair": chair.model_dump(), "present": [one.model_dump() for one in (CAROL, DEV, ESI, PAT)]}


def deciding(cases: tuple[str, ...]) -> Details:
    """A decision on one case of a sitting."""
    return st.builds(lambda one, said: {**one, **said}, one_case(cases), DECISION | DEFERRAL)


JOURNEY_ACTS: dict[str, tuple[Actor, Details]] = {
    JourneyAct.AMEND: (
        AMIRA,
        st.sampled_from(
            [
                {"analysis": "Risk has risen again."},
                {"documents": ["Note"]},
                {"child.uasc": True},
                {"referral_ref": "R-9"},
                {"views": 3},
                {"request.kind": "placement_move"},
            ]
        ),
    ),
    JourneyAct.RETURN_FOR_CHANGES: (TOM, WHY),
    JourneyAct.SIGN_OFF: (TOM, st.sampled_from([{}, {"comments": "Supported."}])),
    JourneyAct.ENDORSE: (HELEN, NOTHING),
    JourneyAct.AGREE_LATE: (CAROL, WHY),
    JourneyAct.AGREE_EXTRA: (CAROL, WHY),
    JourneyAct.SUPPLY_DOCUMENT: (AMIRA, st.sampled_from([{"document": "Note"}, {"name": "Plan"}, {}])),
    JourneyAct.REDIRECT: (HELEN, st.builds(lambda forum: {"forum": forum}, st.sampled_from(FORUMS))),
    JourneyAct.WITHDRAW: (AMIRA, MAYBE_WHY),
    JourneyAct.AUTHORISE_EMERGENCY: (DIANA, st.sampled_from([{}, {"measure": "accommodation"}, {"delegated": True}])),
    JourneyAct.DECIDE_AS_POST: (CAROL, DECISION),
    JourneyAct.COMPLETE_ACTION: (TOM, st.builds(lambda one: {"evidence": "EV-1", **one}, ACTION)),
    JourneyAct.REPORT_ACTION_NOT_DONE: (AMIRA, st.builds(lambda one: {"reasons": "x", **one}, ACTION)),
    JourneyAct.APPROVE_ALTERNATIVE: (HELEN, st.builds(lambda one: {"instead": "Ask an agency", **one}, ACTION)),
    JourneyAct.REQUEST_RENEWAL: (TOM, MAYBE_WHY),
    JourneyAct.CLOSE: (TOM, MAYBE_WHY),
    JourneyAct.ACKNOWLEDGE_ESCALATION: (TOM, MAYBE_WHY),
}


def sitting_acts(cases: tuple[str, ...]) -> dict[str, tuple[Actor, Details]]:
    """What people do to a sitting, each by somebody who may, on one of these cases."""
    return {
        SittingAct.SEND_APOLOGIES: (DEV, st.sampled_from([{}, {"substitute": "courtney"}])),
        SittingAct.DECLARE_INTEREST: (DEV, one_case(cases)),
        SittingAct.OPEN_SITTING: (PAT, st.sampled_from([room(CAROL), room(DEV), room(PAT), {}])),
        SittingAct.HEAR: (PAT, one_case(cases)),
        SittingAct.RECORD_DECISION: (PAT, deciding(cases)),
        SittingAct.APPROVE_DECISION: (CAROL, NOTHING | one_case(cases)),
        SittingAct.CARRY_OVER: (PAT, one_case(cases)),
        SittingAct.CLOSE_SITTING: (PAT, st.sampled_from([{}, {"learning": "Ask earlier."}])),
        SittingAct.POSTPONE: (PAT, st.builds(lambda day: {"to": day}, st.sampled_from(DATES))),
        SittingAct.CANCEL: (PAT, MAYBE_WHY),
        SittingAct.ACKNOWLEDGE_ESCALATION: (PAT, MAYBE_WHY),
    }


ANYBODY = st.sampled_from(
    [*MANY, COURTNEY, DUTY, person("tina", "team_manager", council="camden"), person("x", "wizard")]
)


def acts_of(table: dict[str, tuple[Actor, Details]], names: tuple[str, ...] | None = None) -> st.SearchStrategy[Did]:
    """An act of a table: mostly by somebody who may do it, now and then by anybody."""

    def with_name(name: str) -> st.SearchStrategy[Did]:
        actor, details = table[name]
        who = st.integers(0, 4).flatmap(lambda number: ANYBODY if number == 0 else st.just(actor))
        return st.builds(Did, st.just(name), who, details)

    return st.sampled_from([name for name in table if names is None or name in names]).flatmap(with_name)
