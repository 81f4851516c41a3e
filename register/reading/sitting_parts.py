"""The parts of a meeting as they are read from the register: people, the lines of an agenda, hearings, decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class Read(BaseModel):
    """A frozen value read from the register; what later releases add to it is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Person(Read):
    """Somebody, by staff reference and post key."""

    staff: str
    post: str | None = None


class By(Read):
    """Who did something, when (UTC), and on whose behalf."""

    staff: str
    post: str
    at: datetime
    on_behalf_of: str | None = None


class Absence(Read):
    """Apologies, and who was to come instead."""

    staff: str
    post: str | None = None
    substitute: str | None = None
    reasons: str | None = None


class Declared(Read):
    """An interest that somebody declared in a case; no case where the register does not say which."""

    by: By
    case: str | None
    reasons: str | None = None


class Line(Read):
    """One case of the agenda. `slot` is UTC; `reserve` counts from 1; `forum` is the part of the meeting, if any."""

    number: int
    referral_ref: str
    child_ref: str = ""
    journey: str
    state: str
    slot: datetime | None = None
    reserve: int | None = None
    emergency: bool = False
    carried_over: bool = False
    late: bool = False
    extra: bool = False
    provisional: bool = False
    forum: str = ""
    documents: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class Hearing(Read):
    """A case that was called: under whom, before whom, presented by whom."""

    case: str
    at: datetime
    chair: str | None
    panel: tuple[str, ...] = ()
    presented_by: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Owner(Read):
    """Who is to do something: a post, and the person where one is named."""

    post: str | None = None
    staff: str | None = None


class NewAction(Read):
    """One action as the panel set it."""

    what: str
    owner: Owner
    due: date


class Service(Read):
    """One service that the panel agreed."""

    service: str
    agency: str | None = None
    starts: date | None = None
    due: date | None = None
    hours: str | None = None
    weeks: str | None = None
    tier: str | None = None
    outcomes: tuple[str, ...] = ()


class Decided(Read):
    """A decision as it was recorded."""

    case: str
    by: By
    cites: tuple[str, ...] = ()
    decision: str = ""
    rationale: str = ""
    actions: tuple[NewAction, ...] = ()
    legal_section: str | None = None
    conditions: tuple[str, ...] = ()
    dissent: str | None = None
    decided_by_chair: bool = False
    missing: tuple[str, ...] = ()
    to_sitting: date | None = None
    refer_to: str | None = None
    review_on: date | None = None
    retain_review: bool = False
    checkpoints: Mapping[str, Any] = {}
    checkpoints_unanswered: tuple[str, ...] = ()
    learning: str | None = None
    starts: date | None = None
    ends: date | None = None
    renew_by: date | None = None
    budget_code: str | None = None
    placement_ref: str | None = None
    services: tuple[Service, ...] = ()
    exit: str | None = None
    recommend: tuple[str, ...] = ()
    skips: Mapping[str, str] = {}
    flags: tuple[str, ...] = ()
    approved: By | None = None


class CalledOff(Read):
    """A meeting that moved or fell away."""

    by: By
    what: str
    to: date | None = None
    reasons: str | None = None
