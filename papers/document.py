"""What any paper is made of: headings, facts, tables and prose, whatever it is about. HTML and PDF are made from this.

Texts are data: nothing in them is ever read as markup.
"""

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Texts = tuple[str, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Facts(_Part):
    """Names with their values, each on a line."""

    kind: Literal["facts"] = "facts"
    rows: tuple[tuple[str, str], ...]


class Table(_Part):
    """A table with a caption and a row of headings.

    `widths`: how wide the columns are beside one another; none: all alike. `row_headings`: the first column names what
    the rest of its row is about.
    """

    kind: Literal["table"] = "table"
    caption: str = Field(min_length=1)
    headings: Texts = Field(min_length=1)
    rows: tuple[Texts, ...]
    widths: tuple[float, ...] = ()
    row_headings: bool = True

    @model_validator(mode="after")
    def cells_fit(self) -> Self:
        """Every row has a cell under each heading."""
        if any(len(row) != len(self.headings) for row in self.rows):
            msg = "every row has a cell under each heading"
            raise ValueError(msg)
        if self.widths and len(self.widths) != len(self.headings):
            msg = "every column has a width, or none has"
            raise ValueError(msg)
        return self


class Prose(_Part):
    """Paragraphs as somebody wrote them: each line is one."""

    kind: Literal["prose"] = "prose"
    text: str


class Bullets(_Part):
    """A list without an order."""

    kind: Literal["bullets"] = "bullets"
    items: Texts = Field(min_length=1)


class Remark(_Part):
    """A sentence that must not be overlooked."""

    kind: Literal["remark"] = "remark"
    text: str = Field(min_length=1)


Part = Annotated[Facts | Table | Prose | Bullets | Remark, Field(discriminator="kind")]


class Section(_Part):
    """A heading and what stands under it. `level` 2 stands under the title, 3 under the section before it."""

    title: str = Field(min_length=1)
    level: Literal[2, 3] = 2
    parts: tuple[Part, ...] = ()


class Status(StrEnum):
    """How far a paper can be relied upon; what that means in words stands beside it."""

    DRAFT = "draft"
    CURRENT = "current"
    APPROVED = "approved"
    CHANGED = "changed"


class Document(_Part):
    """A whole paper.

    Attributes:
        title: Its one heading of the first level, and the title of the file.
        author: The body whose paper it is.
        above: A line above the title, such as the council's name.
        reference: What the paper is called in the register; no name of a child.
        edition: A line for its foot, such as `Version 2`.
        status: How far it can be relied upon.
        status_text: That in words, the first thing under the title.
        dated: The instant (UTC) as of which it speaks; part of the file, so that the same says the same bytes.
        handling: A line for its foot that says how to keep it.
        introduction: What stands before the first section.
        sections: The rest, in order.
    """

    title: str = Field(min_length=1)
    author: str = Field(min_length=1)
    above: str = ""
    reference: str
    edition: str = ""
    status: Status = Status.CURRENT
    status_text: str = ""
    dated: datetime
    handling: str = ""
    introduction: tuple[Part, ...] = ()
    sections: tuple[Section, ...] = ()

    @model_validator(mode="after")
    def headings_in_order(self) -> Self:
        """No heading skips a level."""
        levels = [1, *(section.level for section in self.sections)]
        if any(after - before > 1 for before, after in pairwise(levels)):
            msg = "a heading of level 3 stands under one of level 2"
            raise ValueError(msg)
        return self
