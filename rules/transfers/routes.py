"""Which kind of transfer this is, and which service should hold the case."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.case_transfer import CaseTransferState, RequestTransfer
from models.errors import RefusalCode, Refused
from models.moving import Holder, Route, TransferRules
from models.procedure import Council
from rules.conditions import all_hold
from rules.transfers.naming import named, rules


def route_said(all_rules: TransferRules, said: RequestTransfer) -> Route | None:
    """The route that the request names.

    Args:
        all_rules: The council's file.
        said: The request.

    Raises:
        Refused: `unknown` when the file has no such route.
    """
    if said.route is None:
        return None
    found = named(all_rules.routes, said.route)
    if found is None:
        raise Refused(
            RefusalCode.UNKNOWN,
            f"There is no point of transfer called {said.route}.",
            f"Use one of: {', '.join(one.key for one in all_rules.routes)}.",
        )
    return route_called(all_rules, found)


def route_called(all_rules: TransferRules, key: str) -> Route:
    """A route by its key.

    Args:
        all_rules: The council's file.
        key: The route.
    """
    return next(one for one in all_rules.routes if one.key == key)


def route_of(state: CaseTransferState) -> Route:
    """The route of a transfer.

    Args:
        state: The transfer.
    """
    return route_called(rules(state), str(state.facts["transfer.route"]))


def route_for(all_rules: TransferRules, facts: Mapping[str, Any], today: date, council: Council) -> Route:
    """The first route whose services and conditions fit; the last of the file fits every case.

    Args:
        all_rules: The council's file.
        facts: What is known of the transfer.
        today: Local date.
        council: The procedure.
    """
    leaves, joins = facts.get("transfer.leaves"), facts.get("transfer.joins")
    fits = (
        one
        for one in all_rules.routes
        if (leaves is None or not one.leaves or leaves in one.leaves)
        and (joins is None or not one.joins or joins in one.joins)
        and all_hold(one.when, facts, today, council)
    )
    return next(fits, all_rules.routes[-1])


def holder_for(all_rules: TransferRules, facts: Mapping[str, Any], today: date, council: Council) -> Holder | None:
    """The rule that says which service should hold the case; `None` when none speaks of it.

    Args:
        all_rules: The council's file.
        facts: What is known of the transfer.
        today: Local date.
        council: The procedure.
    """
    fits = (
        one
        for one in all_rules.holding
        if all_hold(one.when, facts, today, council)
        and not (one.unless and all_hold(one.unless, facts, today, council))
    )
    return next(fits, None)


def require_holder(holder: Holder | None, facts: Mapping[str, Any]) -> None:
    """Refuse to move a case away from the service that should hold it, unless reasons say why (HAC-080).

    Args:
        holder: The rule that speaks of the case.
        facts: What is known of the transfer.

    Raises:
        Refused: The code of the rule.
    """
    joins = facts.get("transfer.joins")
    if holder is None or joins is None or holder.service == joins or facts.get("transfer.reasons"):
        return
    raise Refused(
        holder.code,
        f"This case belongs with {holder.service}.",
        "Ask for the transfer to that service, or say in reasons why it departs from the protocol.",
        holder.cites[0],
    )
