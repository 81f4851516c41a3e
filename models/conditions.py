"""Conditions on a referral, as data: what a council's file may ask about a case."""

from pydantic import BaseModel, ConfigDict, Field


class Condition(BaseModel):
    """One question about a referral; a list of them must all hold.

    `path` is a dotted path into the intake form. Exactly one of the other keys says what is asked of it.
    Durations are ISO 8601 (`P12M`, `P6M`): `longer_than` is strict, true from the day after the anniversary.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    path: str
    equals: bool | str | None = None
    one_of: tuple[str, ...] = ()
    present: bool | None = None
    longer_than: str | None = None
    years_reached: int | None = Field(default=None, ge=0, description="A birthday reached, for a date of birth")
    above_setting: str | None = Field(default=None, description="An amount above the council's setting")
    not_above_setting: str | None = Field(default=None, description="An amount up to the council's setting")
    not_zero: bool | None = None


Conditions = tuple[Condition, ...]
