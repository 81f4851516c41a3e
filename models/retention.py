"""How long records are kept, and who may hand them out or erase them: the shapes of `procedures/records`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.data import Cited, Data, Texts

Years = Annotated[int, Field(ge=1, le=200)]
Part = Literal["worker", "manager", "head", "administrator"]
Covers = Literal["looked_after", "adoption", "protection_plan", "child_in_need", "other_child", "carers", "staff"]
"""Whose records: told from what the register knows of somebody."""


class RecordKind(Cited):
    """A kind of record and how long it is kept.

    It is kept until the latest of what it names: an anniversary of birth, so many years after the last entry, or after
    an adoption order. Where the child died before 18, `years_after_death` stands alone, if it is set. `fixed`: a
    council may keep for longer, and not for less.
    """

    key: str
    title: str
    covers: Covers
    told_by: Texts = Field(default=(), description="Words in a forum's key, a fact or a field of the form that tell it")
    placements: Texts = Field(default=(), description="SSDA903 placement codes that tell it")
    until_age: Years | None = None
    years_after_last_entry: Years | None = None
    years_after_adoption: Years | None = None
    years_after_death: Years | None = None
    fixed: bool = False


class Who(Cited):
    """Who may do something with whole records: posts by the part that they play, or by name, and who is above them."""

    parts: tuple[Part, ...] = ()
    posts: Texts = ()
    and_above: bool = False


class Records(Data):
    """What a council's records are subject to."""

    kinds: tuple[RecordKind, ...] = ()
    who: dict[str, Who] = {}


class KnownRecord(BaseModel):
    """What the register knows of a record that retention asks about. Days are local.

    `covers` is everything that the record is; a record that is several is kept for as long as the longest of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    covers: tuple[Covers, ...]
    date_of_birth: date | None
    last_entry_on: date
    open_processes: int
    died_on: date | None = None
    adopted_on: date | None = None
    held: bool = False


class Verdict(BaseModel):
    """Whether a record is past its time, and why; `because` is one sentence without narrative.

    `last_day` is the last local day on which it is kept; `None` where it has no end by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    past: bool
    last_day: date | None
    kind: str | None
    cites: tuple[str, ...] = ()
    because: str
