"""Placements with family and connected persons, under the real files of Hillingdon and Hackney."""

from datetime import datetime
from typing import Any

import pytest

from models.errors import RefusalCode, Refused
from models.intake import Law
from models.placement import PlacementState
from models.referral import Referral
from models.watch import WatchStart
from rules.placements.acts import PLACEMENT
from rules.watches import kernel
from tests.builders import at
from tests.rules.placements.homes import act, calendar, rules, somebody

FRIDAY = at("2031-03-07 18:30")
STAY: dict[str, Any] = {"child": "C-1", "type": "connected_person", "regulation_24": True, "carer": "CARER-7"}
"""A Regulation 24 placement whose carers are known."""


def staying(  # noqa: PLR0913 - all that a start has
    council: str = "hillingdon",
    now: datetime = FRIDAY,
    *,
    post: str = "social_worker",
    came_from: str | None = None,
    form: Referral | None = None,
    law: tuple[Law, ...] | None = None,
    **details: Any,  # noqa: ANN401 - any field
) -> PlacementState:
    """A child with a connected person; fields that are `None` are left out."""
    said = {key: value for key, value in {**STAY, **details}.items() if value is not None}
    start = WatchStart(
        kind="placement",
        council=council,
        reference="P-1",
        actor=somebody(post, council),
        details=said,
        procedure=rules(council) if law is None else rules(council).model_copy(update={"law": law}),
        form=form,
        calendar=calendar(council),
        came_from=came_from,
    )
    return kernel.begin(PLACEMENT, start, now)


def not_started(code: RefusalCode, rule: str | None, **details: Any) -> None:  # noqa: ANN401 - any field
    """A placement is refused so."""
    with pytest.raises(Refused) as found:
        staying(**details)
    assert (found.value.code, found.value.rule) == (code, rule)


def refused(  # noqa: PLR0913 - all that a refusal is
    code: RefusalCode,
    rule: str | None,
    state: PlacementState,
    name: str,
    now: datetime,
    post: str,
    **details: Any,  # noqa: ANN401 - any field
) -> None:
    """An act is refused so, and changes nothing."""
    before = state.model_copy(deep=True)
    with pytest.raises(Refused) as found:
        act(state, name, now, post, **details)
    assert (found.value.code, found.value.rule) == (code, rule)
    assert state == before
