"""Conditions on a case, as data: what a council's file may ask about it."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ABOUT_THE_FACT = ("path", "any_of", "present", "at")
"""Keys that say where a fact is or whether it is there; all others ask something of what it says."""


class Condition(BaseModel):
    """One question about a case; a list of them must all hold.

    `path` is a dotted path: into the intake form (`request.kind`, `facts.NAME` for a field that the council declares),
    into the decision being recorded (`decision.outcome`), or one of the engine's own (`route.emergency`,
    `route.came_from`, `heard_before`, `would_be_looked_after`). Exactly one of the other keys says what is asked of it.
    A fact that is not there answers no to every question except `present = false`, `not_equals` and `not_one_of`; so
    does a list that nobody wrote. Durations are ISO 8601 (`P12M`, `P13W`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    path: str = ""
    any_of: tuple["Conditions", ...] = Field(default=(), description="At least one list holds; without a path")
    equals: bool | str | None = None
    not_equals: bool | str | None = None
    one_of: tuple[str, ...] = ()
    not_one_of: tuple[str, ...] = ()
    has: str | None = Field(default=None, description="A list holds this word")
    in_list: str | None = Field(default=None, description="One of a named list that the council sets for itself")
    not_in_list: str | None = None
    present: bool | None = None
    longer_than: str | None = Field(default=None, description="Strict: true from the day after the anniversary")
    at_least_for: str | None = Field(default=None, description="Inclusive: true from the anniversary itself")
    within: str | None = Field(default=None, description="A day no longer ago than this, inclusive")
    not_after_today: bool | None = Field(default=None, description="A day that has come: something was held")
    years_reached: int | None = Field(default=None, ge=0, description="A birthday reached, for a date of birth")
    years_not_reached: int | None = Field(default=None, ge=0, description="A birthday still to come")
    school_years: tuple[int, ...] = Field(default=(), description="National Curriculum year, for a date of birth")
    at: str | None = Field(default=None, description="Path of the day on which it is judged; else today")
    above: Decimal | None = None
    at_most: Decimal | None = None
    at_least: Decimal | None = None
    above_setting: str | None = Field(default=None, description="An amount above the council's setting")
    not_above_setting: str | None = Field(default=None, description="An amount up to the council's setting")
    not_above_path: str | None = Field(default=None, description="An amount up to another field's")
    not_zero: bool | None = None

    @cached_property
    def questions(self) -> tuple[tuple[str, Any], ...]:
        """What is asked of what the fact says: the keys that are filled in, with their values, in the order above.

        A procedure is asked thousands of times what it asks, so each condition finds it out once.
        """
        names = [name for name in type(self).model_fields if name not in ABOUT_THE_FACT]
        return tuple((name, asked) for name in names if (asked := getattr(self, name)) not in (None, ()))


Conditions = tuple[Condition, ...]
