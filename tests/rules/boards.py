"""A council for tests: Hillingdon's people and HARP, with other rules for deciding and for what follows."""

from datetime import date, datetime
from typing import Any

from models.journey import JourneyState
from models.people import Actor
from models.procedure import Council, Forum
from models.sitting import SittingState
from models.vocabulary import JourneyAct, SittingAct
from tests.builders import (
    CAROL,
    DEV,
    ESI,
    HELEN,
    HILLINGDON,
    PANEL,
    PAT,
    THURSDAY,
    TOM,
    Office,
    at,
    referral,
)

HARP = HILLINGDON.forums["harp"]
DAY = at("2031-03-11 10:00")
ROOM = (CAROL, DEV, ESI, PAT)


def forum_like(key: str = "harp", /, **changes: Any) -> Forum:  # noqa: ANN401 - any part of a forum
    """A forum of Hillingdon with other parts."""
    whole = HILLINGDON.forums[key].model_dump(exclude_defaults=True)
    return Forum.model_validate({**whole, **changes})


def council_with(*others: Forum, **changes: Any) -> Council:  # noqa: ANN401 - any part of HARP
    """Hillingdon with other rules for HARP, and with forums of which it knows nothing."""
    forums = {**HILLINGDON.forums, "harp": forum_like(**changes), **{one.key: one for one in others}}
    return HILLINGDON.model_copy(update={"forums": forums})


def listed(council: Council, now: datetime = THURSDAY, **form: Any) -> tuple[Office, JourneyState]:  # noqa: ANN401 - any field
    """A case that was signed in time for the panel of the 11th."""
    office = Office(council=council)
    state = office.refer(referral(**form), now)
    office.act(state, JourneyAct.SIGN_OFF, TOM, now)
    office.act(state, JourneyAct.ENDORSE, HELEN, now)
    return office, state


def opened(
    office: Office, on: date = PANEL, now: datetime = DAY, room: tuple[Actor, ...] = ROOM, forum: str = "harp"
) -> SittingState:
    """The sitting of a day, in session under the first of these people."""
    there = office.sitting_on(on, now, forum)
    people = [one.model_dump() for one in room]
    office.act(there, SittingAct.OPEN_SITTING, PAT, now, chair=people[0], present=people)
    return there


def heard(council: Council, **form: Any) -> tuple[Office, JourneyState, SittingState]:  # noqa: ANN401 - any field
    """A case that was called on the 11th."""
    office, state = listed(council, **form)
    there = opened(office)
    office.act(there, SittingAct.HEAR, PAT, DAY, case="R-1")
    return office, state, there


def decided(council: Council, **said: Any) -> tuple[Office, JourneyState, SittingState]:  # noqa: ANN401 - any decision
    """A case that was decided on the 11th; `form` changes its form."""
    office, state, there = heard(council, **said.pop("form", {}))
    whole = {"decision": "approve", "rationale": "Weighed.", **said}
    office.act(there, SittingAct.RECORD_DECISION, PAT, DAY, case="R-1", **whole)
    return office, state, there
