"""What people do to a support package: allocate, respond, report, review, end.

Rules HAC-379 to HAC-385, HAC-388 to HAC-390, HAC-125 and HAC-126. Who may do what, and every deadline, stands in the
council's `processes/support_package.toml`. Only people end a service or a package.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from dateutil.relativedelta import relativedelta

from models.deadlines import Beginning
from models.errors import RefusalCode, Refused
from models.people import Actor
from models.process import Starting
from models.support_package import (
    Allocate,
    ConfirmAllocation,
    EndPackage,
    PackageService,
    PackageStage,
    RecordReview,
    ReviewOutcome,
    StartService,
    SubmitProgress,
    SupportPackageState,
)
from models.watch import WatchStart
from rules.conditions import all_hold
from rules.packages.moves import PACKAGE_MOVES
from rules.packages.services import (
    UNNAMED,
    agreed,
    meant,
    named,
    no_such_service,
    refresh,
    replaced,
)
from rules.process import ActRule
from rules.scoring import band
from rules.watches.deadlines import happened
from rules.watches.facts import known
from rules.watches.kinds import Kind, WatchAct, earliest_owner, rules_of, started
from rules.watches.reckoning import local_day
from rules.watches.saying import day, moment, require_past, word
from rules.working_days import local

ALL_REPORTED = "submit_progress:all"
"""How it is known that every provider has reported since the last round."""
ENDING = (ReviewOutcome.END, ReviewOutcome.TIER_2)
"""Outcomes of a review with which a package is over."""


def begin(start: WatchStart, said: Allocate, now: datetime) -> SupportPackageState:
    """A package as it begins.

    Args:
        start: What starts it.
        said: What was allocated.
        now: UTC.
    """
    services = agreed(said.services) or [PackageService(service=UNNAMED)]
    if said.allocated_on is not None:
        on = day(said.allocated_on, now)
        services = [one.model_copy(update={"allocated_on": on}) for one in services]
    facts = {path: value for path, value in _facts(start, said, now).items() if value is not None}
    forum = facts.get("package.forum", "")
    state = SupportPackageState(
        **started(start, now),
        unit=said.unit or (start.form.team.unit if start.form else ""),
        child=said.child,
        forum_key=forum if forum in start.procedure.forums else "",
        facts=facts,
        services=services,
    )
    refresh(state)
    return state


def _facts(start: WatchStart, said: Allocate, now: datetime) -> dict[str, Any]:
    """What is known from the start; a response counts from the decision, or from the receipt where it was direct."""
    decided = moment(said.decided_at, now)
    received = moment(said.received_at, now) if said.received_at is not None else decided
    counts_from = (received if said.direct else decided).isoformat()
    return {
        "package.priority": _priority(start, said),
        "package.score": said.score,
        "package.direct": said.direct,
        "package.decided_at": decided.isoformat(),
        "package.received_at": received.isoformat(),
        "package.response_from": counts_from,
        "package.allocation_from": counts_from,
        "package.agreed_on": local(decided).date().isoformat(),
        "package.forum": word(said.forum) if said.forum else None,
        "package.referral": said.referral_ref,
        "package.starts": said.starts.isoformat() if said.starts else None,
        "package.ends": said.ends.isoformat() if said.ends else None,
        "package.child_at_home": said.child_at_home,
    }


def _priority(start: WatchStart, said: Allocate) -> str | None:
    """The priority, by what was said, by the direct route or by the score of the forum that scores (D2, D3, D9)."""
    if said.priority is not None:
        return said.priority
    forum = next((one for one in start.procedure.forums.values() if one.scoring is not None), None)
    if forum is None or forum.scoring is None:
        return None
    if said.direct:
        return forum.scoring.bands[0].key
    return band(forum.scoring, said.score).key if said.score is not None else None


def check_confirm(state: SupportPackageState, said: ConfirmAllocation, _actor: Actor, now: datetime) -> None:
    """The service is of this package, and the day has come."""
    meant(state, said)
    require_past(said.on, now)


def apply_confirm(state: SupportPackageState, said: ConfirmAllocation, _actor: Actor, now: datetime) -> None:
    """The unit knows who does the work (HAC-380)."""
    replaced(state, meant(state, said), allocated_on=day(said.on, now))


def check_start(state: SupportPackageState, said: StartService, _actor: Actor, now: datetime) -> None:
    """The service is of this package and has not started, and the day has come."""
    require_past(said.on, now)
    if all(one.started_on is not None for one in meant(state, said)):
        raise Refused(
            RefusalCode.ILLEGAL_MOVE,
            "This service has started already.",
            f"Still to start: {', '.join(one.service for one in state.services if one.started_on is None)}.",
        )


def apply_start(state: SupportPackageState, said: StartService, _actor: Actor, now: datetime) -> None:
    """A service responds; whoever has started is allocated too."""
    on = day(said.on, now)
    waiting = [one for one in meant(state, said) if one.started_on is None]
    replaced(state, [one for one in waiting if one.allocated_on is None], allocated_on=on)
    replaced(state, [one for one in meant(state, said) if one.started_on is None], started_on=on)


def check_progress(state: SupportPackageState, said: SubmitProgress, _actor: Actor, now: datetime) -> None:
    """The service is of this package, and the day has come."""
    meant(state, said)
    require_past(said.on, now)


def apply_progress(state: SupportPackageState, said: SubmitProgress, _actor: Actor, now: datetime) -> None:
    """A provider reports; the next six weeks run once every provider has (HAC-382)."""
    replaced(state, meant(state, said), reported=True)
    if all(one.reported for one in state.services):
        happened(state, (ALL_REPORTED,), day(said.on, now), now)
        replaced(state, state.services, reported=False)


def check_review(state: SupportPackageState, said: RecordReview, _actor: Actor, now: datetime) -> None:
    """What is added is named, and what is reduced or transferred is of this package (HAC-385)."""
    require_past(said.on, now)
    if said.outcome is ReviewOutcome.ADD and not said.services:
        raise Refused(
            RefusalCode.INCOMPLETE,
            "The review adds a service and does not say which.",
            "Name it under services, with the agency that provides it.",
            rules_of(state).cites[0],
        )
    if said.outcome in (ReviewOutcome.REDUCE, ReviewOutcome.TRANSFER):
        for one in said.services:
            if not named(state, one.service):
                raise no_such_service(state)


def apply_review(state: SupportPackageState, said: RecordReview, actor: Actor, now: datetime) -> None:
    """A review was held: services are added, reduced or go to another agency, or it is over (HAC-384, HAC-385)."""
    on = day(said.on, now)
    worked = relativedelta(on, local_day(state.facts["package.agreed_on"]))
    state.facts = {
        **state.facts,
        **_would_be(said),
        "package.reviewed_after_months": worked.years * 12 + worked.months,
    }
    match said.outcome:
        case ReviewOutcome.ADD:
            _count_response_from(state, moment(said.on, now))
            state.services = [*state.services, *agreed(said.services)]
        case ReviewOutcome.REDUCE:
            found = [one for each in said.services for one in named(state, each.service)] or state.services
            replaced(state, found, reduced=True)
        case ReviewOutcome.TRANSFER:
            _to_other_agencies(state, said, moment(said.on, now))
            _begin_others(state, f"record_review:{said.outcome}", actor, now)
        case ReviewOutcome.END | ReviewOutcome.TIER_2:
            _end(state, said.outcome, now)
        case ReviewOutcome.CONTINUE:
            pass
        case _:
            assert_never(said.outcome)
    refresh(state)


def _count_response_from(state: SupportPackageState, since: datetime) -> None:
    """The response to what is new counts from its review; while an earlier one is owed, that one's deadline stays."""
    new = {}
    if state.facts["package.all_started"]:
        new["package.response_from"] = since.isoformat()
    if state.facts["package.all_allocated"]:
        new["package.allocation_from"] = since.isoformat()
    state.facts = {**state.facts, **new}


def _to_other_agencies(state: SupportPackageState, said: RecordReview, since: datetime) -> None:
    for one in said.services:
        if one.agency is None:
            continue
        found = [held for held in named(state, one.service) if held.agency != one.agency]
        if found:
            _count_response_from(state, since)
            replaced(state, found, agency=one.agency, allocated_on=None, started_on=None, reported=False)


def _begin_others(state: SupportPackageState, key: str, actor: Actor, now: datetime) -> None:
    """What the council's file begins by itself with this act, once in the life of a package."""
    facts = known(state, local(now).date())
    for other in rules_of(state).begins:
        if key not in other.on or other.process in state.began:
            continue
        if not all_hold(other.when, facts, local(now).date(), state.procedure):
            continue
        details = {**other.says, **_filled(other, facts), **_child(state)}
        state.began = [*state.began, other.process]
        state.starting.append(
            Starting(
                kind=other.process,
                council=state.procedure.key,
                reference=state.reference,
                by=actor,
                details=details,
                form=state.form,
            )
        )


def _filled(other: Beginning, facts: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        name: [facts[path] for path in paths if facts.get(path) is not None] for name, paths in other.fields.items()
    }
    return {name: values[0] for name, values in found.items() if values}


def _child(state: SupportPackageState) -> dict[str, Any]:
    return {"child": state.child.model_dump(mode="json")} if state.child else {}


def _would_be(said: RecordReview | EndPackage) -> dict[str, Any]:
    facts: dict[str, Any] = {} if said.child_at_home is None else {"package.child_at_home": said.child_at_home}
    if isinstance(said, RecordReview):
        facts["package.review_outcome"] = str(said.outcome)
        facts |= {"package.transfers_to": said.to} if said.to else {}
    return facts


def check_end(_state: SupportPackageState, said: EndPackage, _actor: Actor, now: datetime) -> None:
    """The day has come."""
    require_past(said.on, now)


def apply_end(state: SupportPackageState, said: EndPackage, _actor: Actor, now: datetime) -> None:
    """A person ends the package; its clocks stop."""
    _end(state, said.outcome or "ended", now)


def _end(state: SupportPackageState, outcome: str, now: datetime) -> None:
    state.outcome = "ended" if outcome == ReviewOutcome.END else word(outcome)
    _move(state, "end_package", now)


def _move(state: SupportPackageState, trigger: str, now: datetime) -> None:
    PACKAGE_MOVES.fire(trigger, state)
    state.stage_since = now


def after(state: SupportPackageState, now: datetime) -> None:
    """The package is in place once every service has started.

    Args:
        state: The package.
        now: UTC.
    """
    all_started = state.facts["package.all_started"]
    if state.stage is PackageStage.ALLOCATED and all_started:
        _move(state, "all_started", now)
    elif state.stage is PackageStage.IN_PLACE and not all_started:
        _move(state, "wait_for_service", now)


def _waits(state: SupportPackageState) -> bool:
    return not state.facts["package.all_started"]


def _unallocated(state: SupportPackageState) -> bool:
    return not state.facts["package.all_allocated"]


def _on(said: Any, now: datetime) -> Any:  # noqa: ANN401 - every act that says when
    return day(said.on, now)


ACTS: dict[str, WatchAct[SupportPackageState]] = {
    "confirm_allocation": WatchAct(ActRule(ConfirmAllocation, check_confirm, apply_confirm, _unallocated), on=_on),
    "start_service": WatchAct(ActRule(StartService, check_start, apply_start, _waits), on=_on),
    "submit_progress": WatchAct(ActRule(SubmitProgress, check_progress, apply_progress), on=_on),
    "record_review": WatchAct(
        ActRule(RecordReview, check_review, apply_review),
        also=lambda said: (f"record_review:{said.outcome}",),
        on=_on,
        would_be=_would_be,
    ),
    "end_package": WatchAct(ActRule(EndPackage, check_end, apply_end), on=_on, would_be=_would_be),
}

PACKAGE: Kind[SupportPackageState] = Kind(
    kind="support_package",
    starts="allocate",
    shape=Allocate,
    begin=begin,
    moves=PACKAGE_MOVES,
    acts=ACTS,
    ended=lambda state: state.stage is PackageStage.ENDED,
    waiting_on=lambda state: earliest_owner(state, state.procedure.roles.manager),
    after=after,
    priority=lambda state: state.facts.get("package.priority"),
)
"""Support packages."""
