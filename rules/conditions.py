"""Answers a council's conditions about a case, from the form or from the facts that a sitting was sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from models.acts import Decided
from models.conditions import Condition, Conditions
from models.procedure import Council
from models.referral import Prior, Referral
from models.sitting import CasePapers
from rules.working_days import after_duration, local, longer_than

SCHOOL_YEAR_STARTS = 9
"""September. A child is in Year 1 in the school year that starts six school years after that of their birth."""
BEFORE_YEAR_ONE = 5

ENGINE_PATHS = frozenset(
    ("route.emergency", "route.came_from", "route.direct", "heard_before", "stage", "would_be_looked_after")
)
"""What the engine itself knows of a case, beside its form."""


@dataclass(frozen=True)
class Known:
    """A form together with what else is known of its case: the engine's own paths, the decision being recorded."""

    referral: Referral
    more: Mapping[str, Any] = field(default_factory=dict)


Facts = Referral | Known | Mapping[str, Any]
"""Where facts are looked up. A mapping goes from dotted paths to plain values, days as dates or ISO text."""


def fact(facts: Facts, path: str) -> Any:  # noqa: ANN401 - a form's field may be of any type
    """The value at a dotted path; `None` when any part of the way is not filled in, or nobody told.

    Args:
        facts: The form, or what is known of the case.
        path: For example `circumstances.legal_status` or `facts.NAME`.

    Raises:
        AttributeError: The form has no such field: a fault of the procedure file, found when it is loaded.
    """
    if isinstance(facts, Known):
        if path in facts.more:
            return facts.more[path]
        facts = facts.referral
    elif not isinstance(facts, Referral):
        return facts.get(path)
    if path in ENGINE_PATHS or path.startswith("decision."):
        return None
    value: Any = facts
    for part in path.split("."):
        if value is None:
            return None
        value = value.get(part) if isinstance(value, dict) else getattr(value, part)
    return value


def path_exists(council: Council, path: str) -> bool:
    """Whether there can be a fact at a dotted path.

    Args:
        council: The procedure: it may declare fields of its own, asked for as `facts.NAME`.
        path: For example `child.date_of_birth`.
    """
    first, _, rest = path.partition(".")
    if path in ENGINE_PATHS:
        return True
    if first == "facts":
        return rest in council.facts
    if first == "decision":
        return rest in ("outcome", *Decided.model_fields) or rest.startswith("findings.")
    if first == "prior":
        forum, _, last = rest.partition(".")
        return forum in council.forums and last in ("", *Prior.model_fields)
    return _in_form(path)


def _in_form(path: str) -> bool:
    shape: Any = Referral
    for part in path.split("."):
        if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
            return False
        if part in shape.model_fields:
            kind = shape.model_fields[part].annotation
            options = [k for k in getattr(kind, "__args__", ()) if isinstance(k, type)]
            shape = next((k for k in options if issubclass(k, BaseModel)), kind)
        elif isinstance(getattr(shape, part, None), property):
            shape = None
        else:
            return False
    return True


def holds(condition: Condition, facts: Facts, today: date, council: Council) -> bool:
    """Whether one condition holds.

    Args:
        condition: What is asked.
        facts: The form, or what is known of the case.
        today: Local date; the day that the condition names goes before it where that day is known.
        council: The procedure: its settings and lists.
    """
    if condition.any_of:
        return any(all_hold(several, facts, today, council) for several in condition.any_of)
    value = fact(facts, condition.path)
    if condition.present is not None:
        return bool(value) is condition.present
    if value is None:
        return condition.not_equals is not None or bool(condition.not_one_of)
    on = today
    if condition.at is not None and (named := fact(facts, condition.at)) is not None:
        on = as_day(named)
    there = There(value, on, facts, council)
    return all(ANSWERS[name](asked, there) for name, asked in condition.questions)


def all_hold(conditions: Conditions, facts: Facts, today: date, council: Council) -> bool:
    """Whether every condition holds; no conditions always do.

    Args:
        conditions: What is asked.
        facts: The form, or what is known of the case.
        today: Local date.
        council: The procedure: its settings and lists.
    """
    for condition in conditions:  # noqa: SIM110 - a case is asked hundreds of these at every step, and a loop is quicker
        if not holds(condition, facts, today, council):
            return False
    return True


class There(NamedTuple):
    """A fact that is there, with what an answer may take beside it."""

    value: Any
    on: date
    facts: Facts
    council: Council


def _word(value: object) -> object:
    """A value as words are compared: `Section 20` is `section 20`."""
    if isinstance(value, bool):
        return value
    return " ".join(str(value).casefold().split())


@lru_cache(maxsize=4096)
def _several(words: tuple[str, ...]) -> frozenset[object]:
    """The words that a procedure names."""
    return frozenset(_word(word) for word in words)


def _words(value: Any) -> set[object]:  # noqa: ANN401
    """Every word of a value: a list has many."""
    return {_word(part) for part in value} if isinstance(value, list | tuple | set) else {_word(value)}


def _within_list(there: There, name: str) -> bool:
    return not _words(there.value).isdisjoint(_several(there.council.lists.get(name, ())))


def _outside_list(there: There, name: str) -> bool:
    """Not in a list that there is: of one that nobody wrote, nothing can be said."""
    return name in there.council.lists and not _within_list(there, name)


def _setting(there: There, key: str) -> Decimal:
    return _amount(there.council.settings[key].value)


def _up_to_path(there: There, path: str) -> bool:
    other = fact(there.facts, path)
    return other is not None and _amount(there.value) <= _amount(other)


ANSWERS: Mapping[str, Callable[[Any, There], bool]] = {
    "equals": lambda asked, there: _word(asked) in _words(there.value),
    "not_equals": lambda asked, there: _word(asked) not in _words(there.value),
    "one_of": lambda asked, there: not _words(there.value).isdisjoint(_several(asked)),
    "not_one_of": lambda asked, there: _words(there.value).isdisjoint(_several(asked)),
    "has": lambda asked, there: _word(asked) in _words(there.value),
    "in_list": lambda asked, there: _within_list(there, asked),
    "not_in_list": lambda asked, there: _outside_list(there, asked),
    "longer_than": lambda asked, there: longer_than(as_day(there.value), asked, there.on),
    "at_least_for": lambda asked, there: after_duration(as_day(there.value), asked) <= there.on,
    "within": lambda asked, there: after_duration(as_day(there.value), asked) >= there.on,
    "not_after_today": lambda asked, there: (as_day(there.value) <= there.on) is asked,
    "years_reached": lambda asked, there: _birthday(as_day(there.value), asked) <= there.on,
    "years_not_reached": lambda asked, there: _birthday(as_day(there.value), asked) > there.on,
    "school_years": lambda asked, there: school_year(as_day(there.value), there.on) in asked,
    "above": lambda asked, there: _amount(there.value) > asked,
    "at_most": lambda asked, there: _amount(there.value) <= asked,
    "at_least": lambda asked, there: _amount(there.value) >= asked,
    "above_setting": lambda asked, there: _amount(there.value) > _setting(there, asked),
    "not_above_setting": lambda asked, there: _amount(there.value) <= _setting(there, asked),
    "not_above_path": lambda asked, there: _up_to_path(there, asked),
    "not_zero": lambda asked, there: (_amount(there.value) != 0) is asked,
}
"""What each question of a condition asks of a fact that is there, by the question's key."""


def as_day(value: Any) -> date:  # noqa: ANN401 - a day in any of its forms
    """A day of a form, or of facts that came as text; of an instant, the local one.

    Args:
        value: A date, a datetime or ISO text.

    Raises:
        ValueError: It is not a day.
    """
    if isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return (local(value) if value.tzinfo else value).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def school_year(born: date, on: date) -> int:
    """The National Curriculum year that a child's age puts them in; 0 is Reception, below that they are younger.

    Args:
        born: Date of birth.
        on: Local date.
    """
    return _school_year_of(on) - _school_year_of(born) - BEFORE_YEAR_ONE


def _school_year_of(day: date) -> int:
    return day.year if day.month >= SCHOOL_YEAR_STARTS else day.year - 1


def _birthday(born: date, years: int) -> date:
    return born + relativedelta(years=years)


def _amount(value: Any) -> Decimal:  # noqa: ANN401
    return Decimal(str(value))


def asked(part: object) -> Iterator[Condition]:
    """Every condition inside a part of a procedure, those inside `any_of` too.

    Args:
        part: A part of a procedure, or several.
    """
    if isinstance(part, Condition):
        yield part
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from asked(getattr(part, name))
    elif isinstance(part, dict):
        yield from asked(tuple(part.values()))
    elif isinstance(part, tuple):
        for one in part:
            yield from asked(one)


def paths_of(part: object) -> Iterator[str]:
    """Every path that the conditions of a part ask about.

    Args:
        part: A part of a procedure, or several.
    """
    for condition in asked(part):
        yield from (path for path in (condition.path, condition.at, condition.not_above_path) if path)


def known_of(papers: CasePapers) -> dict[str, Any]:
    """What a sitting knows of a case, by the form's paths: whoever would become looked after counts as such there.

    Args:
        papers: What the journey sent.
    """
    always = {
        "circumstances.looked_after": papers.looked_after,
        "child.in_custody": papers.in_custody,
        "child.remand_expected": papers.remand_expected,
        "team.youth_justice": papers.youth_justice,
    }
    return {**papers.facts, **always}


PROCEDURES_KEPT = 256
_asked_of: dict[tuple[int, str], tuple[Council, tuple[str, ...]]] = {}
"""What forums ask, by the identity of the procedure, which is kept beside it so that its identity stays its own."""


def paths_asked(council: Council, forum: str) -> tuple[str, ...]:
    """What a sitting has to be told of its cases: the paths that it asks about when it seats, hears and decides.

    Args:
        council: The procedure.
        forum: The key of the forum of the case.
    """
    known = _asked_of.get((id(council), forum))
    if known is None:
        if len(_asked_of) >= PROCEDURES_KEPT:
            _asked_of.clear()
        known = _asked_of[id(council), forum] = (council, _paths_asked(council, forum))
    return known[1]


def _paths_asked(council: Council, forum: str) -> tuple[str, ...]:
    here = council.forums[forum]
    seated = council.forums.get(here.sits_with or forum, here)
    needs = [need for need in (*here.requirements, *council.law) if _at_decision(need.at)]
    parts = (
        here.seats,
        seated.seats,
        here.presenters,
        here.checkpoints,
        here.prompts,
        here.options,
        here.final_decision,
        here.confirmations,
        tuple(needs),
    )
    paths = [*paths_of(parts)]
    paths += [path for need in needs for path in (need.field, *need.fields) if path]
    paths += [law.judged_on for law in council.law if law.judged_on and _at_decision(law.at)]
    paths += [point.answered_by for point in here.checkpoints if point.answered_by]
    return tuple(path for path in dict.fromkeys(paths) if not path.startswith("decision."))


def _at_decision(at: str | tuple[str, ...]) -> bool:
    return "decision" in ((at,) if isinstance(at, str) else at)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """A fact as it travels between processes: JSON's own values, days and amounts as text.

    Args:
        value: A field of a form.
    """
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, bool | int | str) or value is None:
        return value.value if isinstance(value, StrEnum) else value
    return str(value)


def told(council: Council, forum: str, facts: Facts) -> dict[str, Any]:
    """What a journey tells a sitting of its case: what is asked there and known, and nothing more.

    Args:
        council: The procedure.
        forum: The key of the forum of the case.
        facts: What the journey knows.
    """
    found = {path: plain(fact(facts, path)) for path in paths_asked(council, forum)}
    return {path: value for path, value in found.items() if value is not None}
