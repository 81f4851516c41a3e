"""A family on one agenda: a child whose record is asked for, a sibling, and somebody else's child."""

from datetime import timedelta
from functools import cache
from typing import Any

import sqlalchemy as sql

from models.vocabulary import JourneyAct, SittingAct
from register.fold import catch_up
from tests.builders import AMIRA, CAROL, HELEN, PAST_NOON, PAT, SECOND_PANEL, THURSDAY, TOM, at, open_sitting, referral
from tests.register.cases import WrittenOffice, write
from tests.register.entries import entry

MINE, SIBLING, OTHER = "C-MINE", "C-SIBLING", "C-OTHER"
MY_JOURNEY = "journey/hillingdon/MY-1"
SITTING = f"sitting/hillingdon/harp/{SECOND_PANEL}"
UNIT = "unit/hillingdon/court/2031-03-12"
HEARING = at("2031-03-18 10:00")
MY_WORDS = ("mine-summary", "mine-views", "mine-analysis", "mine-rationale", "mine-discussed", "mine-said")
"""What was written about the child, wherever: all of it must come out, and all of it must go."""
THEIR_WORDS = ("sibling-summary", "sibling-rationale", "sibling-discussed", "other-summary", "other-rationale")


def _form(reference: str, child: str, word: str) -> dict[str, Any]:
    return {
        "referral_ref": reference,
        "child.reference": child,
        "child.family_reference": "F-9" if word != "other" else None,
        "request.summary": f"{word}-summary",
        "views.child": f"{word}-views",
        "analysis": f"{word}-analysis",
    }


CASES = (("MY-1", MINE, "mine"), ("SIB-1", SIBLING, "sibling"), ("OTH-1", OTHER, "other"))


@cache
def family() -> WrittenOffice:
    """Three referrals heard and declined at one sitting that is over."""
    office = WrittenOffice()
    for reference, child, word in CASES:
        journey = office.refer(referral(**_form(reference, child, word)))
        office.act(journey, JourneyAct.RETURN_FOR_CHANGES, TOM, THURSDAY, reasons=f"{word}-said")
        office.act(journey, JourneyAct.AMEND, AMIRA, THURSDAY, analysis=f"{word}-analysis, again")
        office.act(journey, JourneyAct.SIGN_OFF, TOM, THURSDAY)
        office.act(journey, JourneyAct.ENDORSE, HELEN, PAST_NOON)
    office.advance(HEARING)
    there = office.sitting_on(SECOND_PANEL, HEARING)
    open_sitting(office, there, HEARING, CAROL)
    for reference, _, word in CASES:
        office.act(there, SittingAct.HEAR, PAT, HEARING, case=reference)
        declined = {"case": reference, "decision": "decline", "rationale": f"{word}-rationale"}
        office.act(there, SittingAct.RECORD_DECISION, PAT, HEARING, **declined)
    office.act(there, SittingAct.CLOSE_SITTING, PAT, HEARING, learning="Ask earlier.")
    for reference, _, _ in CASES:
        office.act(there, SittingAct.APPROVE_DECISION, CAROL, HEARING, case=reference)
    office.advance(HEARING + timedelta(days=1))
    return office


def keep(engine: sql.Engine) -> None:
    """Write the family's log: journeys, the sitting, and a unit meeting that discussed two of the children."""
    write(engine, family().batches)
    spoken = [
        entry(number, UNIT, what="record_discussion", details={"case": child, "summary": f"{word}-discussed"})
        for number, (_, child, word) in enumerate(CASES[:2], start=1)
    ]
    standing = {"process": UNIT, "stage": "closed", "open": False, "facts": {"cases": [MINE, SIBLING]}}
    write(engine, [(spoken, standing)])
    catch_up(engine)
