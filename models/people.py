"""Who acts."""

from pydantic import BaseModel, ConfigDict, Field

from models.identifiers import REFERENCE, STAFF


class Actor(BaseModel):
    """A member of staff acting in one post. The gateway that admits the act vouches for it.

    `unit` is the service that a manager answers for; `None` means that the directory does not say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: str = Field(pattern=STAFF, description="Staff reference, never a name")
    post: str = Field(pattern=REFERENCE)
    council: str = Field(pattern=REFERENCE)
    unit: str | None = Field(default=None, max_length=80)


class Owner(BaseModel):
    """Who has to do an action: a post, and the person where one is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str | None = None
    staff: str | None = None


SYSTEM = "waymark"
"""Staff reference and post under which clocks act."""
