"""Deadlines as data: what must be done about a placement, an episode, a package or a transfer, from when, by when.

A deadline counts from a day or instant that the process knows, under its dotted path, and becomes a clock.
"""

from datetime import date, time
from typing import Literal

from pydantic import Field

from models.conditions import Conditions
from models.data import Cited, Texts
from models.deciding import Checkpoint
from models.intake import Requirement
from models.membership import Authority

WatchKind = Literal["placement", "care_episode", "support_package", "case_transfer", "unit_meeting", "forum_duty"]
"""The long-lived processes beside journeys and sittings: each watches over one thing."""


class Deadline(Cited):
    """Something that must be done by a time, once or again and again.

    `anchor`: paths of days or instants; it counts from the latest of those known, and does not run without any. Exactly
    one of `after`, `before` (ISO 8601; hours elapse, all else is local days) and `working_days` says how far from
    there. `more_than`: due on the day after the anniversary. Days are due at `at`, Europe/London. `sitting`: brought to
    the sitting of that forum on or before the day, or on or after it; a proposal for one that is past goes to the next.
    `list_by`: due at the sitting that this forum's own window gives. `repeat`: again so long after it was last held;
    several for the first, second and later times.
    `met_by`: acts, or `act:key`, done at any time; where it repeats or `counts_afresh`, from the anchor on. `on_due`:
    it is late; a referral to `proposes` is proposed; or people are only told.
    """

    key: str
    title: str
    when: Conditions = ()
    anchor: Texts
    after: str | None = None
    before: str | None = None
    working_days: int | None = None
    more_than: bool = False
    at: time = time(17)
    sitting: str | None = None
    sitting_is: Literal["on_or_before", "on_or_after"] = "on_or_before"
    sitting_working_days: int = Field(default=0, ge=0, description="Due so many working days before that sitting")
    list_by: str | None = None
    repeat: Texts = ()
    met_by: Texts = ()
    counts_afresh: bool = Field(default=False, description="Only what was done from its anchor on meets it")
    met_when: Conditions = Field(default=(), description="It is done when these hold, whoever did it")
    warn: str | None = Field(default=None, description="How long before (ISO 8601)")
    warn_working_days: int = Field(default=0, ge=0)
    warn_sittings: int = Field(default=0, ge=0, description="How many sittings of its forum before")
    warn_tells: Texts = Field(default=(), description="Posts told when it warns, beside the owner")
    no_later_than: str | None = Field(default=None, description="Key of a deadline that it is never due after")
    owner: str
    on_due: Literal["late", "propose", "tell"] = "late"
    proposes: str | None = Field(default=None, description="Forum to which a referral is proposed")
    proposed_to: str | None = Field(default=None, description="Post that refers, or says why not; the owner else")
    answer_working_days: int = Field(default=5, ge=0, description="How long that post has to answer")
    rearm: str | None = Field(
        default=None,
        description="Heard by that forum, it is proposed again on the forum's own next review, or so long after (A6)",
    )
    brings_back: bool = Field(default=False, description="Refers by itself, where the form that began it is kept")
    tells: Texts = Field(default=(), description="Posts told when it is due, beside the owner")
    flag: str | None = Field(default=None, description="What is shown once it is due, until it is done")
    already_due: Literal["late", "shown"] = Field(
        default="late",
        description="What was due before the watch began: late, or only shown, and the next of a series is watched",
    )
    after_end: bool = Field(default=False, description="Runs on when all else is over, until it is done")
    judged_on: str | None = Field(default=None, description="Path of the day that decides whether it is in force")
    in_force_from: date | None = None
    in_force_until: date | None = None


class LawDeadline(Deadline):
    """A deadline of the law, above every council; a council switches it on."""

    process: WatchKind


class Told(Cited):
    """Who learns of an act at once. `on`: acts, or `act:key`."""

    on: Texts
    when: Conditions = ()
    tells: Texts
    subject: str


class WatchRequirement(Requirement):
    """What must be so before an act of a long-lived process; `steps` are its acts, or `act:key`."""

    steps: Texts


class Beginning(Cited):
    """A process that a decision begins by itself.

    `on`: outcomes; in the file of a long-lived process its acts, or `act:key`. `fields`: fields of its start, each with
    the paths of the form, of the decision or of the journey that fill it, the first that says something; a dotted field
    reaches inside. `says`: fields with a value of their own.
    """

    process: WatchKind
    on: Texts
    when: Conditions = ()
    fields: dict[str, Texts] = {}
    says: dict[str, str | bool | int] = {}


class WatchRules(Cited):
    """What one council's file says of one kind of long-lived process.

    `law`: the keys of the law's deadlines that are switched on, or `all`.
    """

    title: str
    version: str
    in_force_from: date
    authority: dict[str, Authority] = {}
    deadlines: tuple[Deadline, ...] = ()
    requirements: tuple[WatchRequirement, ...] = ()
    told: tuple[Told, ...] = ()
    prompts: tuple[Checkpoint, ...] = ()
    begins: tuple[Beginning, ...] = ()
    law: Texts = ()
