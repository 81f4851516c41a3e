"""A paper's page as plain text, for a terminal: headings, facts and table rows, each on a line."""

from html.parser import HTMLParser

_BREAKS = frozenset(("p", "h1", "h2", "h3", "li", "dt", "tr", "caption", "ul", "dl", "table", "header", "footer"))
_HEADINGS = {"h1": "=", "h2": "-"}
_HIDDEN = frozenset(("style", "title", "head"))
_CELLS = frozenset(("td", "th"))


def text_of(page: str) -> str:
    """A page of HTML that this program made, as text.

    Args:
        page: From `papers.pages`.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._hidden = 0
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN or (tag == "a" and ("class", "skip") in attrs):
            self._hidden += 1
        if tag in _CELLS and self._line:
            self._line += " | "
        elif tag == "dd":
            self._line = f"{self._line.rstrip()}: "
        elif tag == "p" and self._inside and self._line and not self._line.endswith((": ", "| ")):
            self._line += "; "
        elif tag in _BREAKS and not self._inside:
            self._end()
        if tag in ("h1", "h2", "h3"):
            self._lines.append("")
        if tag == "li":
            self._line = "* "
        if tag in (*_CELLS, "dd", "li"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN or (tag == "a" and self._hidden):
            self._hidden -= 1
        if tag in (*_CELLS, "dd", "li") and self._inside:
            self._inside.pop()
        if tag in _HEADINGS and self._line:
            under = _HEADINGS[tag] * len(self._line)
            self._end()
            self._lines.append(under)
        elif (tag in _BREAKS or tag == "dd") and tag != "dt" and not self._inside:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            said = " ".join(data.split())
            spaced = self._line and data[:1].isspace() and not self._line.endswith(" ")
            self._line += (" " if spaced and said else "") + said

    def _end(self) -> None:
        if self._line.strip():
            self._lines.append(self._line.strip())
        self._line = ""

    def text(self) -> str:
        """What was read."""
        self._end()
        return "\n".join(self._lines).strip() + "\n"
