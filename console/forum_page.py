"""A forum's procedure as a page: every part with the rules that it comes from, to hold against the original."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from pydantic import BaseModel

from console.rendering import words
from models.conditions import Condition
from models.data import Cited
from models.procedure import Council, Forum
from procedures.catalogue import catalogue
from procedures.slices import slice_for
from rules.conditions import paths_of

PARTS = {
    "schedule": "Meets",
    "cut_off": "Referrals in by",
    "capacity": "Places",
    "papers": "Papers go out",
    "papers_check": "Papers are looked through",
    "minutes": "Minutes",
    "booking": "Places ahead of the papers",
    "list_by": "Listed by a date of its own",
    "hear_by": "Heard in time for",
    "chairing": "Takes turns in the chair",
    "quorum": "Quorum",
    "independence": "Independence",
    "seats": "Seats",
    "presenters": "Presented by",
    "criteria": "Criteria",
    "scoring": "Score",
    "direct": "Goes straight through",
    "requirements": "Must be so",
    "documents": "Papers",
    "chain": "Signed by",
    "options": "May decide",
    "disagreement": "When members cannot agree",
    "checkpoints": "Looks at",
    "confirmations": "Confirmed by posts",
    "final_decision": "Decided in the end by",
    "by_post": "A post decides alone",
    "matrix": "Matrix of responsibility",
    "matters": "Matters",
    "exits": "Leaves its review by",
    "reviews": "Comes back",
    "renewal": "Approval for a time",
    "follow_ups": "Follows by rule",
    "alerts": "Told at once",
    "authorises": "Opens the way to",
    "onward": "Goes on to",
    "withdrawal": "Leaves the agenda by",
    "prompts": "Reminded of",
    "emergency": "Cannot wait",
}
"""The parts of a forum in the order in which a case meets them, with their headings; others follow after them."""
NAMED_BY = ("title", "name", "label", "text", "prompt", "sentence", "outcome", "act", "key", "forum", "post", "posts")
"""What a row is called after: the first of these that it has."""
SAID_ELSEWHERE = frozenset({"cites", "assumed", "remedy"})


@dataclass(frozen=True)
class Row:
    """One value of a procedure: what, how exactly, by which rules, and who assumed it."""

    what: str
    how: str
    cites: tuple[str, ...]
    assumed: str


@dataclass(frozen=True)
class Page:
    """A forum's page."""

    title: str
    facts: list[tuple[str, str]]
    sections: list[tuple[str, list[Row]]]

    def rules(self) -> list[tuple[str, str, str]]:
        """The rules that the page cites, in our words, with their sections."""
        known = catalogue()
        cited = {rule for _, rows in self.sections for row in rows for rule in row.cites}
        return [(rule, known[rule].rule, known[rule].source) for rule in sorted(cited) if rule in known]


def forum_page(council: Council, forum: Forum) -> Page:
    """A forum's page.

    Args:
        council: The procedure.
        forum: One of its forums.
    """
    until = f" until {forum.in_force_until}" if forum.in_force_until else ""
    decides = {"sitting": "the sitting", "elsewhere": "another body, elsewhere"}
    given = [
        ("Version", f"{forum.version}, in force from {forum.in_force_from}{until}"),
        ("Key", ", ".join((forum.key, *forum.also_known_as))),
        ("Decided by", decides.get(forum.body) or words(forum.decided_by) or "the posts of its matters"),
        ("Sits with", words(forum.sits_with)),
        ("Takes", ", ".join(map(words, forum.kinds))),
        ("Goes before", ", ".join(map(words, forum.outranks))),
        ("Oversight", "cases come without their criteria" if forum.oversight else ""),
        ("Form", "short" if forum.form == "short" else ""),
        ("Cites", ", ".join(forum.cites)),
        ("Assumed", forum.assumed or ""),
    ]
    heading = [("The forum itself", [Row(forum.title, "", forum.cites, forum.assumed or "")])]
    return Page(
        f"{forum.title}, {council.title}",
        [(name, said) for name, said in given if said],
        [*heading, *((name, rows) for name, rows in _sections(council, forum) if rows)],
    )


def _sections(council: Council, forum: Forum) -> Iterator[tuple[str, list[Row]]]:
    others = [name for name in Forum.model_fields if name not in PARTS and _is_part(getattr(forum, name))]
    for name in (*PARTS, *others):
        value = getattr(forum, name)
        parts = value if isinstance(value, tuple) else (value,) if value is not None else ()
        if name not in ("authority", "clocks", "roles"):
            yield (
                PARTS.get(name, words(name).capitalize()),
                [_row(part) for part in parts if isinstance(part, BaseModel)],
            )
    if forum.no_emergency:
        yield "No emergency route", [Row("Nothing is decided outside its meetings", "", forum.no_emergency, "")]
    acts = {**council.authority, **forum.authority} if forum.body != "elsewhere" else {}
    yield (
        "Who may",
        [Row(words(act), in_detail(rule, "cites"), rule.cites, rule.assumed or "") for act, rule in acts.items()],
    )
    clocks = {**council.clocks, **forum.clocks} if forum.body != "elsewhere" else {}
    yield "Clocks", [Row(words(name), in_detail(rule), rule.cites, rule.assumed or "") for name, rule in clocks.items()]
    asked = slice_for(council, forum.key)
    wanted = _paths(forum)
    yield "Fields of its own", [_row(one, name) for name, one in council.facts.items() if f"facts.{name}" in wanted]
    yield "Running totals", [_row(council.totals[name], name) for name in asked.totals if name in council.totals]
    yield "Set by the council", [_row(one, name) for name, one in council.settings.items()]
    duties = [duty for duty in council.duties if duty.forum in (None, forum.key)]
    yield "Recurring duties", [_row(duty) for duty in duties]


def _paths(forum: Forum) -> set[str]:
    """The fields of the form that a forum asks about."""
    needs = (*forum.requirements, *(one for matter in forum.matters for one in matter.needs))
    return {*paths_of(forum), *(path for need in needs for path in (need.field, *need.fields) if path)}


def _is_part(value: object) -> bool:
    return isinstance(value, BaseModel) or (
        isinstance(value, tuple) and bool(value) and isinstance(value[0], BaseModel)
    )


def _row(part: BaseModel, name: str = "") -> Row:
    called = next((key for key in NAMED_BY if getattr(part, key, None)), "")
    what = value_said(getattr(part, called)) if called else name
    cites = part.cites if isinstance(part, Cited) else ()
    assumed = part.assumed if isinstance(part, Cited) else None
    return Row(what, in_detail(part, called, "prompt" if called != "prompt" else ""), cites, assumed or "")


def in_detail(part: BaseModel, *left_out: str) -> str:
    """Everything else that a part says, in words.

    Args:
        part: Any part of a procedure.
        left_out: Fields that are said elsewhere.
    """
    told = []
    for key in type(part).model_fields:
        value = getattr(part, key)
        if key in SAID_ELSEWHERE or key in left_out or value == type(part).model_fields[key].get_default():
            continue
        if key in ("when", "unless", "must", "any_of"):
            told.append(f"{key.replace('_', ' ')} {when_said(value)}")
        else:
            told.append(f"{words(key)}: {value_said(value)}")
    return "; ".join(told)


def value_said(value: object) -> str:  # noqa: PLR0911 - one return a kind of value
    """A value as people write it.

    Args:
        value: Anything that a procedure file may hold.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Condition):
        return _condition(value)
    if isinstance(value, BaseModel):
        cites = f" ({', '.join(value.cites)})" if isinstance(value, Cited) else ""
        return f"{in_detail(value)}{cites}"
    if isinstance(value, tuple):
        apart = "; " if any(isinstance(one, BaseModel | tuple) for one in value) else ", "
        return apart.join(value_said(one) for one in value)
    return str(value).replace("_", " ") if str(value).islower() else str(value)


def when_said(conditions: Iterable[object]) -> str:
    """Conditions in words; nothing for none.

    Args:
        conditions: What must hold.
    """
    several = tuple(conditions)
    if any(isinstance(one, tuple) for one in several):
        return " or ".join(f"({when_said(one)})" for one in several if isinstance(one, tuple))
    return " and ".join(_condition(one) for one in several if isinstance(one, Condition))


def _condition(condition: Condition) -> str:
    if condition.any_of:
        return f"({' or '.join(f'({when_said(several)})' for several in condition.any_of)})"
    asked = condition.model_dump(exclude_defaults=True, exclude={"path"})
    said = [f"{words(key)} {', '.join(map(str, v)) if isinstance(v, tuple | list) else v}" for key, v in asked.items()]
    return f"{condition.path} {' '.join(said)}"


def as_markdown(page: Page) -> str:
    """A page as Markdown.

    Args:
        page: The page.
    """
    lines = [f"# {page.title}", "", GENERATED, ""]
    lines += [f"- **{name}:** {cell(said)}" for name, said in page.facts]
    for name, rows in page.sections:
        lines += ["", f"## {name}", "", "| what | how | cites | assumed |", "|---|---|---|---|"]
        lines += [
            f"| {' | '.join(map(cell, (row.what, row.how, ', '.join(row.cites), row.assumed)))} |" for row in rows
        ]
    lines += ["", "## The rules in our words", "", "| rule | what it says | section |", "|---|---|---|"]
    lines += [f"| {' | '.join(map(cell, rule))} |" for rule in page.rules()]
    return "\n".join(lines) + "\n"


GENERATED = "<!-- generated by `starter.py procedures pages --write docs/procedures`; do not edit -->"


def cell(text: str) -> str:
    """A text as a cell of a Markdown table.

    Args:
        text: In one line or several.
    """
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
