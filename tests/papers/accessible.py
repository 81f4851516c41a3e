"""Reads a page of HTML as a tree, and names what keeps somebody from reading it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset(("meta", "link", "br", "hr", "img", "input"))
FROM_ELSEWHERE = frozenset(("src", "srcset", "data", "poster", "action", "background"))
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
NAMED_PLACES = ("region", "navigation", "complementary")


@dataclass
class Element:
    """One element with what is inside it."""

    tag: str
    attributes: dict[str, str]
    children: "list[Element]" = field(default_factory=list)
    text: str = ""

    def every(self, *tags: str) -> "list[Element]":
        """All elements of some kinds below this one, in order."""
        found = [self] if self.tag in tags else []
        return found + [one for child in self.children for one in child.every(*tags)]

    @property
    def said(self) -> str:
        """All text inside."""
        return "".join([self.text, *(child.said for child in self.children)]).strip()


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice")
        one = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(one)
        if tag not in VOID:
            self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes <{self._open[-1].tag}>")
        while len(self._open) > 1 and self._open.pop().tag != tag:
            continue

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(Element("", {}, text=data))


def tree_of(page: str) -> tuple[Element, list[str]]:
    """A page as a tree, and what is wrong with its nesting."""
    tree = _Tree()
    tree.feed(page)
    tree.close()
    left = [one.tag for one in tree._open[1:]]  # noqa: SLF001 - our own
    return tree.root, tree.faults + [f"<{tag}> is never closed" for tag in left]


def faults_of(page: str) -> list[str]:
    """Everything that keeps somebody from reading a page; none: it can be read by all."""
    root, faults = tree_of(page)
    html = root.every("html")
    if [one.attributes.get("lang") for one in html] != ["en-GB"]:
        faults.append("the language is not said")
    if [bool(one.said) for one in root.every("title")] != [True]:
        faults.append("there is no title")
    if not any("width=device-width" in one.attributes.get("content", "") for one in root.every("meta")):
        faults.append("it does not fit narrow screens")
    return faults + _headings(root) + _tables(root) + _places(root) + _from_elsewhere(root, page)


def _headings(root: Element) -> list[str]:
    found = root.every(*HEADINGS)
    levels = [int(one.tag[1]) for one in found]
    faults = [f"<{one.tag}> says nothing" for one in found if not one.said]
    if levels[:1] != [1] or levels.count(1) != 1:
        faults.append("there is not exactly one heading of the first level, first")
    skips = [after for before, after in pairwise(levels) if after > before + 1]
    return faults + [f"a heading skips to level {level}" for level in skips]


def _tables(root: Element) -> list[str]:
    faults = []
    for table in root.every("table"):
        captions = [one.said for one in table.every("caption")]
        if len(captions) != 1 or not captions[0]:
            faults.append("a table has no caption")
        head = [one for part in table.every("thead") for one in part.every("th")]
        if not head or any(one.attributes.get("scope") != "col" for one in head):
            faults.append("a table's columns have no headings")
        if any(not one.said for one in head):
            faults.append("a column's heading is empty")
        for row in [row for body in table.every("tbody") for row in body.every("tr")]:
            cells = row.every("th", "td")
            if len(cells) != len(head):
                faults.append("a row has not a cell under each heading")
            if any(one.attributes.get("scope") != "row" for one in row.every("th")):
                faults.append("a row's heading has no scope")
            if any(not one.said for one in cells):
                faults.append("a cell is empty")
    return faults


def _places(root: Element) -> list[str]:
    faults = [] if len(root.every("main")) == 1 else ["there is not exactly one main part"]
    ids = {one.attributes["id"] for one in _all(root) if "id" in one.attributes}
    links = [one for one in root.every("a") if one.attributes.get("href", "").startswith("#")]
    faults += [f"{one.attributes['href']} leads nowhere" for one in links if one.attributes["href"][1:] not in ids]
    named = [one for one in _all(root) if one.attributes.get("role") in NAMED_PLACES]
    return faults + ["a place has no name" for one in named if not one.attributes.get("aria-label")]


def _from_elsewhere(root: Element, page: str) -> list[str]:
    faults = [f"<{one.tag}> is not ours" for one in root.every("script", "iframe", "object", "embed", "link", "img")]
    for one in _all(root):
        faults += [f"<{one.tag}> asks for {name}" for name in one.attributes if name in FROM_ELSEWHERE]
        faults += [f"<{one.tag}> runs {name}" for name in one.attributes if name.startswith("on")]
        if one.tag != "a" and "href" in one.attributes:
            faults.append(f"<{one.tag}> asks for href")
    styles = "".join(one.said for one in root.every("style"))
    faults += [f"the style asks for something: {word}" for word in ("url(", "@import", "http") if word in styles]
    return faults + (["it names a web address"] if "http" in page.partition("<body>")[0] else [])


def _all(root: Element) -> list[Element]:
    return [root, *(one for child in root.children for one in _all(child))]
