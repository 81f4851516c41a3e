"""What every part of a procedure file is made of: unknown keys are refused, and values cite their source."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Citations = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Data(BaseModel):
    """A part of a procedure file: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(Data):
    """A part that names its source; `assumed` says who chose it and why where the source is silent."""

    cites: Citations
    assumed: str | None = None


class Weekday(StrEnum):
    """Days that a panel may meet on."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        """Monday is 0, as in `date.weekday()`."""
        return list(Weekday).index(self)
