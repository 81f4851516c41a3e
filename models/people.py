"""Who acts."""

from pydantic import BaseModel, ConfigDict, Field

from models.identifiers import REFERENCE, STAFF


class Actor(BaseModel):
    """A member of staff acting in one post. The gateway that admits the act vouches for it.

    `unit` is the service that a manager answers for; `None` means that the directory does not say. A deputy acts in the
    post and unit of whom they stand in for: `on_behalf_of` is that person's reference, `own_unit` the deputy's service.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: str = Field(pattern=STAFF, description="Staff reference, never a name")
    post: str = Field(pattern=REFERENCE)
    council: str = Field(pattern=REFERENCE)
    unit: str | None = Field(default=None, max_length=80)
    on_behalf_of: str | None = Field(default=None, pattern=STAFF, description="Whom a deputy stands in for")
    own_unit: str | None = Field(default=None, max_length=80, description="Of a deputy: the unit of their own post")

    @property
    def people(self) -> tuple[str, ...]:
        """Whose eyes these are: the person, and the one whom they stand in for."""
        return (self.staff,) if self.on_behalf_of is None else (self.staff, self.on_behalf_of)


class Owner(BaseModel):
    """Who has to do an action: a post, and the person where one is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    post: str | None = None
    staff: str | None = None


SYSTEM = "waymark"
"""Staff reference and post under which clocks act."""
