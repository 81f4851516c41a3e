"""Papers as HTML: one page that stands alone, for screens of any width, for print and for screen readers.

Whatever people wrote is escaped. No page asks for anything from elsewhere.
"""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from papers.characters import plain
from papers.document import Document
from papers.typesetting import TEMPLATES


def html_of(document: Document) -> str:
    """A document as a page of HTML.

    Args:
        document: Any paper.
    """
    return _environment().get_template("paper.html").render(paper=document)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    environment.filters["lines"] = _lines
    return environment


def _visible(value: object) -> object:
    return plain(value) if type(value) is str else value


def _lines(text: str) -> list[str]:
    """A text's lines that say something."""
    return [line for line in plain(text).split("\n") if line.strip()]
