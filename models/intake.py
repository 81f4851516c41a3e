"""What a council asks of a referral, as data: its own fields, kinds of request, criteria, papers and points."""

from datetime import date
from typing import Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Cited, Texts
from models.errors import RefusalCode


class LocalField(Cited):
    """A field that this council's form has beside the common ones; it is filled in under `facts`."""

    title: str
    type: Literal["flag", "date", "text", "number", "amount", "choice", "choices"]
    of: Texts = Field(default=(), description="The words to choose from")
    stands_for: str | None = Field(default=None, description="The common field that it fills in")


class Kind(Cited):
    """A kind of request of this council, beside the common ones."""

    title: str
    subject: Literal["child", "applicants", "carers", "staff"] = "child"
    would_be_looked_after: bool = Field(default=False, description="Asks for the child to become looked after")
    proposes: str | None = Field(default=None, description="The sort of home that it means, as in `proposal.kind`")
    also_known_as: Texts = ()


class Criterion(Cited):
    """A reason to come to a forum. With `when` it is found from the form's facts; else the team declares it."""

    title: str
    when: Conditions = ()
    unless: Conditions = ()
    needs: str | None = Field(default=None, description="The date without which it cannot be checked")
    points: int = 0
    threshold: bool = Field(default=False, description="At least one criterion so marked has to be met")
    implied_by: Texts = Field(default=(), description="Met when one of these criteria is")
    rank: int | None = Field(default=None, description="Orders the agenda of a forum that hears cases by rank, 1 first")
    in_use: str | None = Field(default=None, description="Only where the council gives this setting")


class Requirement(Cited):
    """Something that must be so at a step, in some cases.

    Exactly one of `field` (must be filled), `fields` (one of them must be), `must` (must hold) and `forbids` (may not
    be at all when `when` holds). `effect = "flag"` lets the act pass and says so.
    """

    field: str | None = None
    fields: Texts = ()
    must: Conditions = ()
    forbids: bool = False
    when: Conditions = ()
    unless: Conditions = ()
    criteria: Texts = Field(default=(), description="Only for these criteria")
    outcomes: Texts = Field(default=(), description="At the decision: only for these outcomes")
    at: (
        tuple[Literal["refer", "sign_off", "endorse", "emergency", "decision", "start_placement"], ...]
        | Literal["refer", "sign_off", "endorse", "emergency", "decision", "start_placement"]
    ) = "refer"
    effect: Literal["refuse", "flag"] = "refuse"
    waived_in_emergency: bool = False
    code: RefusalCode = RefusalCode.INCOMPLETE
    sentence: str
    remedy: str


class Law(Requirement):
    """A prohibition or duty of the law, above every council: no council's file can loosen it.

    `judged_on` is the path of the day that decides which law applies, else today. `cites` names the statute's own ids.
    """

    key: str
    judged_on: str | None = None
    in_force_from: date
    in_force_until: date | None = None


class Document(Cited):
    """A paper that must be attached, in some cases.

    `not_applicable`: whether a reason may stand instead. `missing = "action"`: a gap becomes an action, not a refusal.
    """

    name: str
    when: Conditions = ()
    unless: Conditions = ()
    kinds: Texts = Field(default=(), description="Only for these kinds of request")
    instead_of: str | None = None
    not_applicable: Literal["never", "with_reason"] = "never"
    missing: Literal["refuse", "action"] = "refuse"
    at: Literal["refer", "chain"] = Field(default="chain", description="With the referral, or the last signature")
    copies_only: bool = False
    obtained_from: str | None = None


class Band(Cited):
    """What a score leads to: a priority, and within how long services respond (elapsed hours or working days)."""

    key: str
    at_least: int
    elapsed_hours: int | None = None
    working_days: int | None = None
    flag_at_zero: bool = False


class Scoring(Cited):
    """Points of the criteria, added up when the papers are in; bands from the highest to the lowest."""

    bands: tuple[Band, ...] = Field(min_length=1)
    on_carry_over: int = Field(default=0, description="Points added once when the panel could not hear it in time")
    counts_as: str | None = Field(default=None, description="The criterion that those points stand for: never both")
    not_together: tuple[tuple[str, ...], ...] = Field(default=(), description="Of these only the highest counts")


class DirectRoute(Cited):
    """Cases that go straight to a forum's services, without score, papers or cut-off, and to its next sitting."""

    any_of: tuple[Conditions, ...] = Field(min_length=1)
    services: Texts = ()
    band: str | None = None
    code: RefusalCode = RefusalCode.PROHIBITED
    sentence: str
    remedy: str
