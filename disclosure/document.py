"""What is held about somebody as a document that they can read: plain headings, in order of time, who did what."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from disclosure.gathering import Held, Row
from models.procedure import Council
from papers.document import Bullets, Document, Facts, Part, Prose, Remark, Section, Status, Table
from procedures.catalogue import catalogue, laws
from rules.working_days import local

HEADINGS = {"process_id": "Reference", "staff": "By whom", "at": "When", "on": "Day"}
LONG = 120
"""Characters from which a text is a paragraph of its own."""
CONFIDENTIAL = "Personal and confidential. Keep it where only you, and those whom you choose, can read it."
HOW_TO_READ = (
    "This is everything that the council's panel system holds about you, or about the child whom it is about. It was "
    "made for you to read. What happened is told in order of time: who did it, in which post, and under which rule. "
    "People are given by their staff references. What is about other children was left out of it.\n"
    "The file record.json in the same archive has the same, and every technical detail, for a computer to read."
)
ERASED = "What was said here was erased before, and the record of that stands."
SKIPPED = frozenset({"clocks", "council", "process", "procedure_version"})
"""Of how something stands, what other sections say or what is for computers."""
KEYS = frozenset({"outcome", "post", "state", "subject", "kind", "name", "type"})
"""Columns whose values are keys of the procedure."""
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
KEY = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")


def document_of(held: Held, council: Council, made_at: datetime) -> Document:
    """A disclosure as a document.

    Args:
        held: What is held.
        council: Its procedure, for titles.
        made_at: UTC.
    """
    sections = list(_sections(held, council))
    contents = Bullets(items=tuple(section.title for section in sections if section.level == 2))  # noqa: PLR2004 - a heading's level
    return Document(
        title=f"What is held about {held.child_ref}",
        author=council.title,
        above=council.title,
        reference=f"{held.council}/{held.child_ref}",
        edition=f"As of {_moment(made_at)}",
        status=Status.CURRENT,
        status_text=f"As the record stood on {_moment(made_at)}, at event {held.position} of the log.",
        dated=made_at,
        handling=CONFIDENTIAL,
        introduction=(Prose(text=HOW_TO_READ),),
        sections=(Section(title="Contents", parts=(contents,)), *sections),
    )


def _sections(held: Held, council: Council) -> Iterable[Section]:
    born = held.child.get("date_of_birth")
    about = [("Reference", held.child_ref), ("Date of birth", _said(born) if born else "not known here")]
    yield Section(title="Who this is about", parts=(Facts(rows=tuple(about)),))
    yield Section(title="What was, and is, under way", parts=(_processes(held.processes),))
    yield from _listed("Decisions", held.tables["decisions"], ("at", "outcome", "post", "staff", "legal_section"))
    yield from _listed("Placements", held.tables["placements"], ("placement_ref", "type", "provider", "started_on"))
    yield from _listed("Meetings", held.agenda, ("process_id", "state", "slot", "outcome"))
    yield from _listed("Deadlines", held.tables["clocks"], ("process_id", "name", "due", "state"))
    yield from _listed("Papers", held.papers, ("kind", "on", "version", "made_at", "approved_at"))
    yield from _listed("Who was told", held.notices, ("at", "post", "staff", "subject"))
    yield Section(
        title="What happened, in order of time",
        parts=() if held.events else (Remark(text="Nothing is on record."),),
    )
    for row in held.events:
        yield Section(title=f"{_moment(row['at'])}: {_words(row['what'])}", level=3, parts=tuple(_event(row, council)))
    yield from _standings(held.processes)


def _processes(rows: list[Row]) -> Table:
    cells = [
        (row["process_id"], _said(row["opened_at"]), _said(row["closed_at"]) or "still open", _words(row["stage"]))
        for row in rows
    ]
    headings = ("What", "Since", "Until", "Stage")
    return Table(caption="Each process, from its first day to its last", headings=headings, rows=tuple(cells))


def _listed(title: str, rows: list[Row], columns: tuple[str, ...]) -> Iterable[Section]:
    if rows:
        cells = tuple(tuple(_cell(row.get(column), column) for column in columns) for row in rows)
        headings = tuple(HEADINGS.get(column, _words(column)) for column in columns)
        caption = f"{title}, one a row"
        yield Section(title=title, parts=(Table(caption=caption, headings=headings, rows=cells, row_headings=False),))


def _cell(value: Any, column: str) -> str:  # noqa: ANN401 - any plain value
    return _words(value) if column in KEYS else _said(value)


def _event(row: Row, council: Council) -> Iterable[Part]:
    post = council.posts.get(row["post"])
    rows = [
        ("Who", row["staff"]),
        ("In which post", post.title if post else _words(row["post"])),
        ("On behalf of", row["on_behalf_of"] or ""),
        ("About", row["process_id"]),
        ("Written down", _moment(row["recorded_at"])),
        ("Taken", "yes" if row["accepted"] else f"no: refused ({_words(row['code'])})"),
        ("Under", "; ".join(_rule(cite) for cite in row["cites"])),
    ]
    yield Facts(rows=tuple((name, value) for name, value in rows if value))
    if row["erased"]:
        yield Remark(text=ERASED)
        return
    yield from _told(row["details"] or {})


def _rule(cite: str) -> str:
    found = catalogue().get(cite) or laws().get(cite)
    return f"{cite}: {found.rule}" if found else cite


def _told(details: Mapping[str, Any]) -> Iterable[Part]:
    """What an act says: short things as facts, long ones as paragraphs under their names."""
    flat = list(_flat(details))
    short = tuple((name, value) for name, value in flat if len(value) <= LONG and "\n" not in value)
    if short:
        yield Facts(rows=short)
    for name, value in flat:
        if (name, value) not in short:
            yield Facts(rows=((name, "as follows"),))
            yield Prose(text=value)


def _flat(value: Any, path: str = "") -> Iterable[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    match value:
        case dict():
            for key, inner in value.items():
                if key not in SKIPPED:
                    yield from _flat(inner, f"{path}, {_words(key).lower()}" if path else _words(key))
        case list() if any(isinstance(one, dict | list) for one in value):
            for number, one in enumerate(value, start=1):
                yield from _flat(one, f"{path} {number}")
        case list():
            if value:
                yield path, "; ".join(_said(one) for one in value)
        case _:
            if (said := _said(value)) != "":
                yield path or "Said", said


def _standings(rows: list[Row]) -> Iterable[Section]:
    yield Section(title="How each of them stands, in full")
    for row in rows:
        yield Section(title=row["process_id"], level=3, parts=tuple(_told(row["standing"])))


def _words(key: object) -> str:
    plain = str(key or "").replace("_", " ").strip()
    return plain[:1].upper() + plain[1:]


def _said(value: Any) -> str:  # noqa: ANN401 - any plain value
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return _moment(value)
        case date():
            return f"{value:%d %B %Y}"
        case _:
            return _text(str(value))


def _text(value: str) -> str:
    """A text; days, instants and keys as people write them."""
    if INSTANT.fullmatch(value):
        return _moment(datetime.fromisoformat(value))
    if DAY.fullmatch(value):
        return f"{date.fromisoformat(value):%d %B %Y}"
    return value.replace("_", " ") if KEY.fullmatch(value) else value


def _moment(value: datetime) -> str:
    return f"{local(value):%d %B %Y, %H:%M}"
