"""A case is asked to move: the request, its route, and where it belongs."""

from datetime import date, datetime, time
from typing import Any

from models.case_transfer import CaseTransferState, Place, RequestTransfer
from models.errors import RefusalCode, Refused
from models.moving import TransferRules
from models.people import Actor
from models.watch import WatchStart
from rules.transfers.naming import AGREED, agreeing, items_known, rules, service_of, sides, told, word
from rules.transfers.routes import holder_for, require_holder, route_for, route_said
from rules.watches.kinds import started
from rules.watches.reckoning import as_instant, local_day
from rules.working_days import after_duration, local

LONGEST_COVER = "P2M"
"""How long a case may be with another unit for a time (HAC-140)."""
SECTION_20 = ("20", "v2")
"""How people write that a child is looked after by agreement: `section 20`, `S20`, or the code of the return."""


def begin(start: WatchStart, said: RequestTransfer, now: datetime) -> CaseTransferState:
    """Make a transfer from its request.

    Args:
        start: What starts it.
        said: The request.
        now: UTC.

    Raises:
        Refused: `unknown` route, `invalid` when something is not understood or lies ahead, and the code of the rule
            that says where the case belongs, where no reasons say why not.
    """
    state = CaseTransferState(**started(start, now), child=said.whole_child, avoid=said.avoid)
    all_rules, today = rules(state), local(now).date()
    requested = as_instant(said.requested_on, time(9)) if said.requested_on is not None else now
    if local_day(requested) > today:
        raise Refused(
            RefusalCode.INVALID,
            "A request cannot be dated ahead.",
            "Give the day on which the transfer was asked for, or leave it out for today.",
            all_rules.due.cites[0],
        )
    state.agreed = agreeing(all_rules, said, ())
    facts: dict[str, Any] = {
        **_services(all_rules, said),
        **told(all_rules, said, today),
        **_said(said, requested),
        AGREED: len(state.agreed),
        "documents": items_known(state, said.documents),
    }
    facts |= _belongs(all_rules, said, facts, today, state, came_from=start.came_from)
    state.facts = {path: value for path, value in facts.items() if value is not None}
    state.unit = str(facts.get("transfer.joins") or "")
    return state


def _services(all_rules: TransferRules, said: RequestTransfer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sides_said: dict[str, Place | None] = {"leaves": said.leaves, "joins": said.joins}
    for side, place in sides_said.items():
        if place is not None:
            found[f"transfer.{side}"] = service_of(all_rules, place.service)
            found[f"transfer.{side}_unit"] = place.unit
    known = {one.key for one in all_rules.services}
    given = {found[path] for path in ("transfer.leaves", "transfer.joins") if path in found}
    found["transfer.services_known"] = bool(given) and given <= known
    return found


def _said(said: RequestTransfer, requested: datetime) -> dict[str, Any]:
    status = (said.legal_status or "").casefold()
    identified = said.identified_on or local_day(requested)
    facts: dict[str, Any] = {
        "transfer.requested_at": requested.isoformat(),
        "transfer.requested_on": local_day(requested).isoformat(),
        "transfer.identified_on": identified.isoformat(),
        "transfer.latest_return": after_duration(local_day(requested), LONGEST_COVER).isoformat(),
        "transfer.returns_on": said.returns_on.isoformat() if said.returns_on else None,
        "transfer.reasons": True if said.reasons else None,
        "transfer.young_person_heard": True if said.young_person_view else None,
        "information.outstanding": False,
        "dispute.open": False,
    }
    if any(part in status for part in SECTION_20):
        facts["case.section_20"] = True
    if said.permanency_plan:
        facts["case.permanent_separation_planned"] = True
    return facts


def _belongs(  # noqa: PLR0913 - all that it is judged by
    all_rules: TransferRules,
    said: RequestTransfer,
    facts: dict[str, Any],
    today: date,
    state: CaseTransferState,
    *,
    came_from: str | None,
) -> dict[str, Any]:
    council, child = state.procedure, state.child
    born = child.date_of_birth if child else None
    known = {**facts, "child.date_of_birth": born, "today": today}
    route = route_said(all_rules, said) or route_for(all_rules, known, today, council)
    known |= {"transfer.route": route.key}
    holder = holder_for(all_rules, known, today, council)
    if came_from is None:
        require_holder(holder, known)
    joins = facts.get("transfer.joins")
    standards = council.lists.get(all_rules.standards or "", ())
    lacking = [one for one in standards if word(one) not in {word(paper) for paper in said.documents}]
    return {
        "transfer.route": route.key,
        "transfer.route_named": said.route is not None,
        "transfer.temporary": route.temporary,
        "transfer.held_by": facts.get("transfer.leaves"),
        "transfer.recommended": holder.service if holder else None,
        "transfer.departs": holder is not None and joins is not None and holder.service != joins,
        "transfer.joint_decision": holder is not None and holder.jointly,
        "information.below_standards": lacking,
    }


def require_side(state: CaseTransferState, actor: Actor, side: str, rule: str) -> None:
    """Refuse an act that is the other unit's; people whose unit is not known may be of either.

    Args:
        state: The transfer.
        actor: Who acts.
        side: `leaves` for the sending unit, `joins` for the receiving one.
        rule: The rule that says whose act it is.

    Raises:
        Refused: `not_authorised`.
    """
    found = sides(rules(state), state, [actor])
    if found and side not in found:
        which = "sending" if side == "leaves" else "receiving"
        raise Refused(
            RefusalCode.NOT_AUTHORISED,
            f"This is for the {which} unit.",
            f"Ask the Consultant Social Worker of the {which} unit.",
            rule,
        )
