"""What people do about a transfer: information, the joint visit, events, and the transfer itself."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from models.case_transfer import (
    AskForInformation,
    CaseTransferState,
    Closing,
    CompleteTransfer,
    RecordEvent,
    RecordJointVisit,
    ReturnCase,
    Stay,
    SupplyInformation,
    Telling,
    TransferStage,
)
from models.errors import RefusalCode, Refused
from models.people import Actor
from rules.conditions import as_day
from rules.transfers.moves import COVER, GO_ON, MOVES, OPEN
from rules.transfers.naming import (
    AGREED,
    SUPPLY,
    THE_FILE,
    agreeing,
    event_named,
    items_known,
    rules,
    service_of,
    sides,
    told,
    word,
)
from rules.transfers.routes import route_of
from rules.transfers.starting import require_side
from rules.transfers.timing import ASKED
from rules.watches.words import tell_episode
from rules.working_days import local


def _cited(state: CaseTransferState) -> str:
    return rules(state).due.cites[0]


def _today(now: datetime) -> date:
    return local(now).date()


def _require_past(day: date | None, now: datetime, what: str) -> None:
    if day is not None and day > _today(now):
        raise Refused(
            RefusalCode.INVALID, f"{what} cannot be dated ahead.", "Record it when it has happened, with its day."
        )


def move(state: CaseTransferState, trigger: str, now: datetime) -> None:
    """Make a move, and remember since when the new stage is.

    Args:
        state: The transfer.
        trigger: The move, checked to be legal.
        now: UTC.
    """
    before = state.stage
    MOVES.fire(trigger, state)
    if state.stage is not before:
        state.stage_since = now


def check_told(state: CaseTransferState, said: Telling, now: datetime) -> None:
    """What an act tells beside its own is understood; the expected date of a child who is born stays (D19)."""
    _require_unborn(state, told(rules(state), said, _today(now)))


def _require_unborn(state: CaseTransferState, facts: Mapping[str, Any]) -> None:
    before = route_of(state).before_birth
    if before is not None and before.expected in facts and state.facts.get(before.born) is not None:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "The child is born: the expected date does not change any more.",
            "Nothing is to be done; the transfer is due as it was.",
            route_of(state).cites[0],
        )


def take_told(state: CaseTransferState, said: Telling, now: datetime) -> None:
    """Keep what an act tells beside its own."""
    state.agreed = agreeing(rules(state), said, state.agreed)
    state.facts = {**state.facts, **told(rules(state), said, _today(now)), AGREED: len(state.agreed)}


def check_ask(state: CaseTransferState, _said: AskForInformation, actor: Actor, _now: datetime) -> None:
    """Only the receiving unit asks, and its asking holds nothing up for more than a day (HAC-081)."""
    require_side(state, actor, "joins", _cited(state))


def apply_ask(state: CaseTransferState, said: AskForInformation, _actor: Actor, now: datetime) -> None:
    """List what is missing as the sender's; asking again adds to the list, not to the time."""
    items = said.missing or tuple(state.facts.get("information.below_standards", ())) or (THE_FILE,)
    if not state.missing:
        state.facts = {**state.facts, ASKED: now.isoformat()}
    state.missing = tuple(dict.fromkeys((*state.missing, *items)))
    asked = int(state.facts.get("information.asked_times", 0)) + 1
    state.facts = {**state.facts, "information.asked_times": asked}
    _listed(state)
    move(state, "ask_for_information", now)


def _listed(state: CaseTransferState) -> None:
    state.facts = {
        **state.facts,
        "information.outstanding": bool(state.missing),
        "information.missing": items_known(state, state.missing),
    }


def check_supply(state: CaseTransferState, said: SupplyInformation, actor: Actor, now: datetime) -> None:
    """The sending unit supplies; what was not asked for may come too."""
    require_side(state, actor, "leaves", _cited(state))
    check_told(state, said, now)


def apply_supply(state: CaseTransferState, said: SupplyInformation, _actor: Actor, now: datetime) -> None:
    """Take things off the list; when nothing is left, the waiting is over. Reasons take the rest off as well."""
    take_told(state, said, now)
    came = {word(item) for item in said.items}
    everything = not came or said.reasons is not None
    left = tuple(item for item in state.missing if not everything and word(item) not in came)
    if state.missing and not left:
        asked = datetime.fromisoformat(str(state.facts[ASKED]))
        state.waited += round((now - asked).total_seconds())
        state.facts = {path: value for path, value in state.facts.items() if path != ASKED}
    gone = [item for item in state.missing if item not in left]
    state.missing = left
    have = items_known(state, (*state.facts.get("documents", ()), *(said.items or gone)))
    there = {word(one) for one in have}
    lacking = [one for one in state.facts.get("information.below_standards", ()) if word(one) not in there]
    state.facts = {**state.facts, "documents": have, "information.below_standards": lacking}
    _listed(state)
    if not left and state.stage is TransferStage.AWAITING_INFORMATION:
        move(state, GO_ON, now)


def supplied(state: CaseTransferState, said: SupplyInformation) -> tuple[str, ...]:
    """What came, as `supply_information:court_paperwork`; what the file does not know is `other`."""
    return tuple(f"{SUPPLY}{word(item).replace(' ', '_')}" for item in items_known(state, said.items))


def require_both(state: CaseTransferState, people: Iterable[Actor | str], rule: str, *, both: bool) -> None:
    """Refuse what takes both units where one was not there, as far as their units say.

    Args:
        state: The transfer.
        people: Who was there; nobody named: both.
        rule: The rule.
        both: What was said of it.

    Raises:
        Refused: `incomplete`.
    """
    there = tuple(people)
    unknown = [one for one in there if not sides(rules(state), state, [one])]
    enough = not there or len(sides(rules(state), state, there)) + len(unknown) > 1
    if both and enough:
        return
    raise Refused(
        RefusalCode.INCOMPLETE,
        "Only one of the two units was there.",
        "Both go together: name people of the sending and of the receiving unit.",
        rule,
    )


def check_visit(state: CaseTransferState, said: RecordJointVisit, _actor: Actor, now: datetime) -> None:
    """A joint visit has happened, and both units were there (HAC-087 and its like)."""
    _require_past(said.on, now, "A joint visit")
    require_both(state, said.present, route_of(state).cites[0], both=said.both_units)


def apply_visit(state: CaseTransferState, said: RecordJointVisit, _actor: Actor, now: datetime) -> None:
    """Keep the day of the latest joint visit."""
    day = said.on or _today(now)
    before = state.facts.get("visit.on")
    latest = max(day, as_day(before)) if before is not None else day
    state.facts = {**state.facts, "visit.on": latest.isoformat()}


def check_complete(state: CaseTransferState, said: CompleteTransfer, actor: Actor, now: datetime) -> None:
    """The receiving unit takes the case, on a day that has come and is not to be avoided (HAC-118)."""
    require_side(state, actor, "joins", _cited(state))
    _require_past(said.on, now, "A transfer")
    check_told(state, said, now)
    day = said.on or _today(now)
    if any(span.starts <= day <= span.ends for span in state.avoid):
        avoided = rules(state).avoided
        raise Refused(avoided.code, avoided.sentence, avoided.remedy, avoided.cites[0])


def completing(state: CaseTransferState, said: CompleteTransfer) -> Mapping[str, Any]:
    """What would be so with the transfer: its day, whether reasons are given, and what it tells of the case."""
    day = said.on or as_day(state.facts["transfer.requested_on"])
    facts = told(rules(state), said, day)
    facts[AGREED] = len(agreeing(rules(state), said, state.agreed))
    facts |= _joining(state, said)
    if said.on is not None:
        facts["completing.on"] = said.on.isoformat()
    if said.reasons:
        facts["completing.reasons"] = True
    return facts


def _joining(state: CaseTransferState, said: CompleteTransfer) -> dict[str, Any]:
    """The service that takes the case, where the request left it open; nobody redirects a case by completing it."""
    if said.joins is None or state.facts.get("transfer.joins") is not None:
        return {}
    return {"transfer.joins": service_of(rules(state), said.joins.service)}


def apply_complete(state: CaseTransferState, said: CompleteTransfer, actor: Actor, now: datetime) -> None:
    """The receiving unit holds the case; what is missing stays on the sender's list."""
    take_told(state, said, now)
    state.facts = {**state.facts, **_joining(state, said)}
    day = said.on or _today(now)
    temporary = bool(state.facts.get("transfer.temporary"))
    joins = state.facts.get("transfer.joins")
    state.facts = {
        **state.facts,
        "transfer.completed_on": day.isoformat(),
        "transfer.held_by": joins,
        "transfer.completed_with_reasons": said.reasons is not None,
    }
    state.outcome = "covered" if temporary else "transferred"
    news = {"transfer_ref": state.reference, "service": joins, "on": day, "temporary": temporary}
    tell_episode(state, "transferred", news, actor)
    move(state, COVER if temporary else "complete_transfer", now)


def check_event(state: CaseTransferState, said: RecordEvent, _actor: Actor, now: datetime) -> None:
    """An event that the file knows, and whose day may still change."""
    check_told(state, said, now)
    _require_unborn(state, recording(state, said))


def recording(state: CaseTransferState, said: RecordEvent) -> Mapping[str, Any]:
    """What would be so with an event: its day, who was there, who took the minutes, whether the family met them."""
    all_rules = rules(state)
    key = event_named(all_rules, said.event)
    facts: dict[str, Any] = {"recording.event": key}
    if said.on is not None:
        facts[f"events.{key}"] = said.on.isoformat()
    if said.present:
        there = sides(all_rules, state, said.present)
        facts[f"{key}.both_units"] = there == {"leaves", "joins"}
        facts[f"{key}.receiver_there"] = "joins" in there
    if said.minutes_by is not None:
        facts[f"{key}.minutes_by_sender"] = sides(all_rules, state, [said.minutes_by]) == {"leaves"}
    if said.family_met is not None:
        facts[f"{key}.family_met"] = said.family_met
    return facts


def apply_event(state: CaseTransferState, said: RecordEvent, _actor: Actor, now: datetime) -> None:
    """Keep the day of an event, and who was there."""
    take_told(state, said, now)
    facts = dict(recording(state, said))
    key = facts.pop("recording.event")
    state.facts = {**state.facts, f"events.{key}": _today(now).isoformat(), **facts}


def check_stay(state: CaseTransferState, _said: Stay, _actor: Actor, _now: datetime) -> None:
    """Only young people who would move to the Leaving Care service may ask to stay (HAC-120)."""
    route = route_of(state)
    if not route.may_stay:
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "A wish to stay is for young people who would move to the Leaving Care service.",
            "Complete the transfer, or let the sending unit take its request back.",
            route.cites[0],
        )


def apply_stay(state: CaseTransferState, _said: Stay, _actor: Actor, now: datetime) -> None:
    """The case stays where it is."""
    state.outcome = "stayed"
    move(state, "stay", now)


def check_withdraw(state: CaseTransferState, _said: Closing, actor: Actor, _now: datetime) -> None:
    """Only who asked takes a request back: the receiving unit rejects nothing (HAC-084, HAC-103)."""
    require_side(state, actor, "leaves", rules(state).disputes.no_grounds_cites[0])


def apply_withdraw(state: CaseTransferState, _said: Closing, _actor: Actor, now: datetime) -> None:
    """The sending unit keeps the case."""
    state.outcome = "withdrawn"
    move(state, "withdraw_request", now)


def check_return(_state: CaseTransferState, said: ReturnCase, _actor: Actor, now: datetime) -> None:
    """The case is back."""
    _require_past(said.on, now, "A return")


def apply_return(state: CaseTransferState, said: ReturnCase, _actor: Actor, now: datetime) -> None:
    """The unit that it came from holds it again."""
    day = (said.on or _today(now)).isoformat()
    leaves = state.facts.get("transfer.leaves")
    state.facts = {**state.facts, "transfer.returned_on": day, "transfer.held_by": leaves}
    state.outcome = "returned"
    move(state, "return_case", now)


def apply_close(state: CaseTransferState, _said: Closing, _actor: Actor, _now: datetime) -> None:
    """What is left over needs nobody any more, as somebody says with reasons."""
    state.missing = ()
    _listed(state)
    state.facts = {**state.facts, "transfer.closed": True}


def left_over(state: CaseTransferState) -> bool:
    """Whether something of a transfer that is done still waits for somebody: information, or what goes on after it.

    Args:
        state: The transfer.
    """
    if state.facts.get("transfer.closed"):
        return False
    goes_on = (state.clocks.get(name) for name in rules(state).due.carries_on)
    return bool(state.missing) or any(clock is not None and clock.ticking for clock in goes_on)


def over(state: CaseTransferState) -> bool:
    """Whether nothing about it waits for anybody any more.

    Args:
        state: The transfer.
    """
    if state.stage in OPEN or state.stage is TransferStage.COVERED:
        return False
    return state.stage is not TransferStage.TRANSFERRED or not left_over(state)
