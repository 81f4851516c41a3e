"""What a placement knows, from what people say of it: plain values under dotted paths."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from models.errors import RefusalCode, Refused
from models.placement import PlacementState, PlacementTerms
from models.placement_parts import ContractSaid, ProviderSaid
from rules.placements.sorts import is_connected, kind_facts
from rules.working_days import instant, local

POLICE_PROTECTION = ("l1", "police_protection")
SEEN_AS_REGULATION_24 = frozenset({"refuse", "police_protection", "legal_advice"})
"""Answers to what the service would do if the parent asked for the child back (HIL-097)."""
WRITTEN_UP_WITHIN = timedelta(hours=24)
"""A Regulation 24 placement that nobody recorded for longer counts from when it is recorded (HIL-102, B4)."""
ADULT = 18
OWN = frozenset(
    {
        *("type", "connected_person", "foster", "residential", "external", "in_house", "source", "authorised_by"),
        *("regulation_24", "regulation_24_at", "regulation_24_counts_from", "regulation_24_told", "discovered_late"),
        *("started_at", "starts_on", "ahead", "planned", "recorded_at", "identified_at", "emergency", "out_of_area"),
        *("police_protection", "if_parent_asked", "changed_at", "changed_on", "mosaic", "ended_on", "exit", "next"),
    }
)
"""What is known of a placement by its acts only, as `placement.NAME`."""
OUR_OWN = frozenset({"in_house", "own", "internal", "council", "local_authority"})
FROM_PROVIDERS = frozenset({"external", "independent", "agency", "framework", "block", "spot", "private", "voluntary"})


def moment(value: date | None, now: datetime) -> datetime:
    """The instant (UTC) of what somebody said: nothing is now, and so is today; another day begins at midnight.

    Args:
        value: An instant, without an offset in Europe/London; a local day; or nothing.
        now: UTC.
    """
    if value is None:
        return now
    if isinstance(value, datetime):
        return (value if value.tzinfo else instant(value.date(), value.time())).astimezone(UTC)
    return now if value == local(now).date() else instant(value, time(0))


def day_of(value: date | None, now: datetime) -> date:
    """The local day of what somebody said.

    Args:
        value: An instant, a local day, or nothing for today.
        now: UTC.
    """
    return local(moment(value, now)).date()


def require_past(value: date | None, now: datetime, rule: str | None = None) -> None:
    """Refuse to record something as done that lies ahead.

    Args:
        value: An instant, a local day, or nothing for now.
        now: UTC.
        rule: The rule that asks for it.

    Raises:
        Refused: `invalid`.
    """
    if moment(value, now) > now:
        raise Refused(
            RefusalCode.INVALID,
            "What lies ahead cannot be recorded as done.",
            "Record it when it has happened, with the day or the time.",
            rule,
        )


def plain(value: Any) -> Any:  # noqa: ANN401 - any field of an act
    """A value as facts keep it: days and instants as ISO text, amounts as text, lists of words.

    Args:
        value: Of an act.
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def put(state: PlacementState, facts: Mapping[str, Any]) -> None:
    """Take facts in; what is not said stays as it is.

    Args:
        state: The placement.
        facts: By dotted path.
    """
    said = {path: plain(value) for path, value in facts.items() if value is not None}
    state.facts = {**state.facts, **said}


def _parts(name: str, part: BaseModel | None) -> dict[str, Any]:
    """The fields of a part that somebody filled in, under its name."""
    if part is None:
        return {}
    return {f"{name}.{key}": getattr(part, key) for key in part.model_fields_set}


def contract_facts(part: ContractSaid | None) -> dict[str, Any]:
    """What was said of the contract.

    Args:
        part: The contract, or nothing.
    """
    return {path: value for path, value in _parts("contract", part).items() if path.removeprefix("contract.") in TERMS}


TERMS = frozenset(ContractSaid.model_fields)


def provider_facts(part: ProviderSaid | None) -> dict[str, Any]:
    """What was said of the provider, and what the law asks of it.

    Args:
        part: The provider, or nothing.
    """
    if part is None:
        return {}
    law = {"proposal.registration": part.registration, "proposal.provider_grade": part.grade}
    said = {} if part.in_house is None else {"placement.in_house": part.in_house}
    return {**_parts("provider", part), **law, **source_facts(part.kind), **said}


def source_facts(source: str | None) -> dict[str, Any]:
    """What it means where a home comes from: the council's own, or a provider's under some contract.

    Args:
        source: In-house, block, framework, spot or another word; `None` says nothing.
    """
    if source in OUR_OWN:
        return {"placement.in_house": True, "placement.external": False}
    return {"placement.external": True} if source in FROM_PROVIDERS else {}


def is_regulation_24(terms: PlacementTerms, kind: str | None) -> bool | None:
    """Whether this is a Regulation 24 placement; `None` when nobody has said enough (HIL-097).

    Args:
        terms: What is said.
        kind: The sort of home, where it is known.
    """
    if terms.regulation_24 is not None:
        return terms.regulation_24
    if not terms.if_parent_asked or (kind is not None and not is_connected(kind)):
        return None
    return bool(SEEN_AS_REGULATION_24.intersection(terms.if_parent_asked))


def free_path(name: str) -> str:
    """Where a fact of a council's own is kept: beside the placement's, and never in the place of one of them.

    Args:
        name: A plain name.
    """
    return f"facts.{name}" if name in OWN else f"placement.{name}"


def terms_facts(terms: PlacementTerms, known: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a placement, as facts, in the paths of its own and of the law.

    Args:
        terms: What is said.
        known: What was known before.
    """
    kind = terms.type or known.get("placement.type")
    regulation_24 = is_regulation_24(terms, kind)
    facts: dict[str, Any] = {
        **kind_facts(terms.type),
        **provider_facts(terms.provider),
        **contract_facts(terms.contract),
        **{free_path(name): value for name, value in terms.facts.items()},
        "placement.regulation_24": regulation_24,
        "placement.police_protection": _under_police_protection(terms),
        "placement.emergency": terms.emergency,
        "placement.out_of_area": terms.out_of_area,
        "placement.if_parent_asked": terms.if_parent_asked or None,
        "carer.reference": terms.carer,
        "legal.status": terms.legal_status,
        "child.looked_after_since": terms.looked_after_since,
        "proposal.area": terms.area,
        "proposal.key_stage_4_moves": terms.key_stage_4_moves,
        "proposal.nominated_officer_approved_on": terms.nominated_officer_approved_on,
        "proposal.director_approved_on": terms.director_approved_on,
        "proposal.secretary_of_state_approved_on": terms.secretary_of_state_approved_on,
    }
    if terms.connected_person is not None:
        facts["placement.connected_person"] = terms.connected_person
    if regulation_24:  # the carers are connected persons, and the child is looked after (HIL-098, HIL-103)
        facts |= {"placement.connected_person": True, "carer.connected_person": True, "child.looked_after": True}
        facts |= {"proposal.kind": "connected_person"} if kind is None else {}
    if terms.looked_after is not None:
        facts["child.looked_after"] = terms.looked_after
    if facts["proposal.area"] is None and terms.provider is not None:
        facts["proposal.area"] = terms.provider.area
    if (ours := facts.get("placement.in_house", known.get("placement.in_house"))) is not None:
        facts["placement.external"] = not ours
    return {path: plain(value) for path, value in facts.items() if value is not None}


def _under_police_protection(terms: PlacementTerms) -> bool | None:
    if terms.police_protection is None and terms.legal_status in POLICE_PROTECTION:
        return True
    return terms.police_protection


def not_understood(state: PlacementState, terms: PlacementTerms) -> None:
    """Show what somebody wrote that nobody here understands: it is kept, and may be a slip of the keyboard.

    Args:
        state: The placement.
        terms: What was said.
    """
    if terms.not_understood:
        flag = f"Kept as said, but not understood: {', '.join(terms.not_understood)}"
        state.flags = list(dict.fromkeys([*state.flags, flag]))


def is_looked_after(state: PlacementState, today: date) -> bool:
    """Whether the child is looked after: whoever is placed is, unless somebody said not, or the child is an adult.

    Through a Regulation 24 placement a child is so whatever anybody says (HIL-098).

    A child who stays with family by the family's own arrangement is not (HIL-097).

    Args:
        state: The placement.
        today: Local date.
    """
    if state.facts.get("placement.regulation_24"):
        return True
    said = state.facts.get("child.looked_after_said")
    if said is not None:
        return bool(said)
    born = state.child.date_of_birth if state.child else None
    if born is not None and today.year - born.year - ((today.month, today.day) < (born.month, born.day)) >= ADULT:
        return False
    by_family = state.facts.get("placement.regulation_24") is False and "legal.status" not in state.facts
    return not by_family
