"""What is checked, visited, received and signed while a placement lasts, and concerns about its provider.

HRW-102 to HRW-111 and HRW-120, CBC-126. A check is known by its key; what follows stands in the council's file.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from models.people import Actor
from models.placement import PlacementStage, PlacementState, RecordCheck
from rules.placements.facts import day_of, plain, require_past
from rules.process import ActRule
from rules.watches.kinds import WatchAct

Facts = dict[str, Any]

OTHER_NAMES = {
    "information": "placement_information",
    "information_given": "placement_information",
    "placement_information_given": "placement_information",
    "visit_before_move": "pre_move_visit",
    "pre_placement_visit": "pre_move_visit",
    "visit_before_placement": "pre_move_visit",
    "introductory_visit": "pre_move_visit",
    "monthly_progress_report": "monthly_report",
    "progress_report": "monthly_report",
    "provider_report": "monthly_report",
    "supervision_visit": "supervising_visit",
    "carer_visit": "supervising_visit",
    "visit_to_carers": "supervising_visit",
    "supervisory_visit": "supervising_visit",
    "supervising_social_worker_visit": "supervising_visit",
    "provider_visit": "monitoring_visit",
    "quarterly_monitoring_visit": "monitoring_visit",
    "quarterly_visit": "monitoring_visit",
    "annual_monitoring_visit": "monitoring_visit",
    "yearly_monitoring_visit": "monitoring_visit",
    "extra_visit": "monitoring_visit",
    "sample_visit": "monitoring_visit",
    "provider_monitoring": "monitoring_visit",
    "monitoring": "monitoring_visit",
    "individual_placement_agreement": "placement_agreement",
    "agreement_reviewed": "agreement_review",
    "placement_agreement_review": "agreement_review",
    "review_of_agreement": "agreement_review",
    "contract_reviewed": "contract_review",
    "sla": "service_level_agreement",
    "provider_signature": "placement_agreement",
    "agreement_signed_by_provider": "placement_agreement",
    "authority_signature": "placement_agreement",
    "agreement_signed_by_authority": "placement_agreement",
    "provider_concern": "concern",
    "issue_raised": "concern",
    "issue": "concern",
    "issues_resolved": "concern_resolved",
    "issue_resolved": "concern_resolved",
    "concern_raised": "concern",
    "concern_opened": "concern",
    "underperformance": "concern",
    "provider_meeting": "concern_meeting",
    "concerns_meeting": "concern_meeting",
    "provider_concern_resolved": "concern_resolved",
    "concerns_resolved": "concern_resolved",
    "concern_closed": "concern_resolved",
    "mosaic": "mosaic_update",
    "mosaic_updated": "mosaic_update",
    "update_mosaic": "mosaic_update",
}
"""Other names of what is checked."""
BAD = ("failed", "refused", "unsuitable", "not_suitable", "negative", "declined", "no", "not_given", "unsatisfactory")
"""Results after which something is not done: it is known by its result only."""
SIGNED_BY = {"provider_signature": "provider", "agreement_signed_by_provider": "provider"}
SIGNED_BY |= {"authority_signature": "authority", "agreement_signed_by_authority": "authority"}
BOTH = ("both", "all", "everybody", "provider_and_authority")
PROVIDER = ("provider", "home", "agency", "carer")
VIEWS = ("child_views", "views", "childs_views", "views_of_child", "child_s_views", "views_included", "views_child")
LEADS = ("lead_authority", "lead", "led_by", "joint_with", "with")


def check_named(word: str) -> str:
    """What is checked, by the name that procedures use.

    Args:
        word: As somebody wrote it, in lower case; one that has no other name comes back as it is.
    """
    return OTHER_NAMES.get(word, word)


def keys_of(details: RecordCheck) -> tuple[str, ...]:
    """By which keys a check is known: a bad result by that result only.

    Args:
        details: The check.
    """
    name = f"record_check:{check_named(details.check)}"
    keys: tuple[str, ...] = () if details.result in BAD else (name,)
    keys += (f"{name}:{details.result}",) if details.result else ()
    return keys + ((f"{name}:by:{details.by}",) if details.by else ())


def facts_of(details: RecordCheck, now: datetime) -> Facts:
    """What is kept of a check: day, result, by whom, and the plain values that came with it.

    Args:
        details: The check.
        now: UTC.
    """
    key = check_named(details.check)
    said: Facts = {"on": day_of(details.on, now), "result": details.result, "by": details.by}
    said |= {"review_on": details.review_on, **details.facts}
    return {f"check.{key}.{name}": plain(value) for name, value in said.items()}


def _first(details: RecordCheck, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - a plain value
    return next((details.facts[name] for name in names if details.facts.get(name) is not None), None)


def _concern(facts: Facts, details: RecordCheck, day: date) -> Facts:
    """A concern about the provider: it stays open until somebody records that it is resolved (HRW-111)."""
    kind = _first(details, ("concern", "about", "kind", "of")) or details.result
    under = details.check == "underperformance" or str(kind).replace("-", "").startswith(("underperform", "under_perf"))
    lead = _first(details, LEADS) or details.by
    said: Facts = {"concern.kind": "underperformance" if under else kind}
    if lead is not None:
        said["concern.lead_authority"] = lead
    if facts.get("concern.open") is not True:
        fresh = {"concern.open": True, "concern.opened_at": day.isoformat(), "concern.lead_authority": None}
        said = {**fresh, "concern.agreement_reviewed": False, "concern.contract_action": False, **said}
    return said


def _resolved(_facts: Facts, _details: RecordCheck, day: date) -> Facts:
    return {"concern.open": False, "concern.resolved_on": day.isoformat()}


def _joint_work(_facts: Facts, details: RecordCheck, _day: date) -> Facts:
    return {"concern.lead_authority": _first(details, LEADS) or details.by or details.result or "wla"}


def _agreement(_facts: Facts, details: RecordCheck, _day: date) -> Facts:
    """Who signed the individual placement agreement: both must, each by a record of its own or in one (HRW-108)."""
    by = details.by or SIGNED_BY.get(details.check, "both")
    provider = _first(details, ("provider", "signed_by_provider"))
    authority = _first(details, ("authority", "signed_by_authority", "local_authority", "council"))
    if provider is None and authority is None:
        provider, authority = by in (*BOTH, *PROVIDER), by not in PROVIDER
    said = {"agreement.signed_by_provider": provider, "agreement.signed_by_authority": authority}
    return {name: True for name, signed in said.items() if signed}


def _report(_facts: Facts, details: RecordCheck, day: date) -> Facts:
    views = _first(details, VIEWS)
    return {"report.received_on": day.isoformat(), "report.child_views": views not in (None, False, "", "no")}


def _said(**facts: Any) -> Callable[[Facts, RecordCheck, date], Facts]:  # noqa: ANN401 - plain values
    plain = {name.replace("__", "."): value for name, value in facts.items()}
    return lambda _facts, _details, _day: plain


FOLLOWS: dict[str, Callable[[Facts, RecordCheck, date], Facts]] = {
    "concern": _concern,
    "concern_resolved": _resolved,
    "joint_work": _joint_work,
    "agreement_review": _said(concern__agreement_reviewed=True),
    "contract_action": _said(concern__contract_action=True),
    "placement_agreement": _agreement,
    "monthly_report": _report,
    "contract": _said(contract__signed=True),
    "service_level_agreement": _said(contract__service_level_agreement=True),
    "mosaic_update": _said(placement__mosaic="updated"),
}
"""What else a check changes, beside its own facts."""


def followed(facts: Facts, details: RecordCheck, now: datetime) -> Facts:
    """All that is known once a check is recorded.

    Args:
        facts: What was known.
        details: The check.
        now: UTC.
    """
    after = {**facts, **facts_of(details, now)}
    follows = FOLLOWS.get(check_named(details.check))
    if follows is None or details.result in BAD:
        return after
    return {**after, **follows(facts, details, day_of(details.on, now))}


def check_check(_state: PlacementState, details: RecordCheck, _actor: Actor, now: datetime) -> None:
    """Something that was done, not something to come."""
    require_past(details.on, now)


def apply_check(state: PlacementState, details: RecordCheck, _actor: Actor, now: datetime) -> None:
    """Keep what was checked, and what follows from it."""
    state.facts = followed(state.facts, details, now)


def is_watched(state: PlacementState) -> bool:
    """Whether anything can still be checked: once a placement has ended, only what runs on after its end (CBC-126).

    Args:
        state: The placement.
    """
    return state.stage is not PlacementStage.ENDED or state.next_deadline is not None


ACTS: dict[str, WatchAct[PlacementState]] = {
    "record_check": WatchAct(
        ActRule(RecordCheck, check_check, apply_check, is_watched),
        also=keys_of,
        on=lambda details, now: day_of(details.on, now),
    ),
}
"""The act that records a check."""
