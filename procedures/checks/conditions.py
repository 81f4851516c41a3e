"""Conditions that ask for what there is not: fields, kinds, lists, settings, durations."""

from collections.abc import Iterable, Iterator
from datetime import date

from models.conditions import Condition
from models.data import Data
from models.intake import Law, LocalField, Requirement
from models.procedure import Council, Setting
from models.timetable import HearBy, ListBy
from models.vocabulary import RequestKind
from procedures.checks.sources import Place
from rules.conditions import path_exists
from rules.working_days import after_duration

ANY_DAY = date(2024, 1, 1)
DURATIONS = frozenset({"longer_than", "at_least_for", "within", "earliest", "target", "latest", "before"})
OR_SITTING = frozenset({"repeat", "every"})
"""Fields that hold a duration, or a word that the model knows."""
PATHS = frozenset({"needs", "answered_by", "hearing_on", "judged_on"})
"""Fields that hold a path where they hold a word."""
WHERE = frozenset({"path", "at"})
QUESTIONS = frozenset(Condition.model_fields) - WHERE - {"any_of"}


def conditions(council: Council, place: Place) -> Iterator[str]:
    """Everything that is asked and cannot be answered.

    Args:
        council: The procedure.
        place: A file.
    """
    for path, part in place.parts():
        key = f"{place.file}: {path}" if path else place.file
        yield from _durations(part, key)
        if isinstance(part, Condition):
            yield from one_question(part, key)
            yield from _known(council, part, key, lawful=isinstance(place.part, Law))
        if isinstance(part, Requirement):
            yield from _requirement(council, part, key, lawful=isinstance(place.part, Law))
        if "kinds" in type(part).model_fields and part is not council:
            yield from _kinds(council, part.kinds, f"{key}{'.' if path else ': forum.'}kinds")  # type: ignore[attr-defined]
    yield from _paths_of_others(council, place)


def is_duration(text: str) -> str | None:
    """What is wrong with a duration; nothing when it is one.

    Args:
        text: For example `P12M`.
    """
    try:
        after_duration(ANY_DAY, text)
    except ValueError as error:
        return str(error)
    return None


def _durations(part: object, key: str) -> Iterator[str]:
    for field in (DURATIONS | OR_SITTING) & set(type(part).model_fields if isinstance(part, Data | Condition) else ()):
        value = getattr(part, field)
        if not isinstance(value, str) or (field in OR_SITTING and value in ("sitting", "week", "month")):
            continue
        wrong = is_duration(value)
        if wrong:
            yield f"{key}: {field}: {wrong}. Correct it."


def one_question(condition: Condition, key: str) -> Iterator[str]:
    """A condition that asks nothing, or what does not go together.

    Args:
        condition: The condition.
        key: Where it stands.
    """
    asked = {name for name in condition.model_fields_set & QUESTIONS if getattr(condition, name) is not None}
    if condition.any_of:
        if condition.path or asked:
            yield f"{key}: any_of stands alone, without a path and other questions. Write those on their own."
    elif not condition.path:
        yield f"{key}.path: is missing. Write which field of the case is asked about."
    elif not asked:
        yield f"{key}: asks nothing about {condition.path}. Add one question, such as `present = true`."
    elif "present" in asked and len(asked) > 1:
        yield f"{key}: `present` stands alone; {', '.join(sorted(asked - {'present'}))} would not be asked. Split it."


def _known(council: Council, condition: Condition, key: str, *, lawful: bool) -> Iterator[str]:
    for path in (condition.path, condition.at, condition.not_above_path):
        yield from _path(council, path, key, lawful=lawful)
    yield from lists_and_settings(council, condition, key, lawful=lawful)
    words = _words(condition)
    if condition.path in ("request.kind", "request.kind.value"):
        yield from _kinds(council, words, key)
    field = council.facts.get(condition.path.removeprefix("facts.")) if condition.path.startswith("facts.") else None
    if field is not None:
        yield from _choices(field, words, condition.path, key)


def lists_and_settings(council: Council, condition: Condition, key: str, *, lawful: bool = False) -> Iterator[str]:
    """Lists and settings that a condition compares with and there are not.

    Args:
        council: The procedure.
        condition: The condition.
        key: Where it stands.
        lawful: The law may name a list that not every council has.
    """
    for setting in (condition.above_setting, condition.not_above_setting):
        if setting is not None:
            yield from _amount_setting(council.settings.get(setting), setting, key)
    for name in (condition.in_list, condition.not_in_list):
        if name is not None and name not in council.lists and not lawful:
            yield f"{key}: there is no list {name}. Write it under [lists]."


def _words(condition: Condition) -> tuple[str, ...]:
    single = (condition.equals, condition.not_equals, condition.has)
    return (*(word for word in single if isinstance(word, str)), *condition.one_of, *condition.not_one_of)


def _choices(field: LocalField, words: Iterable[str], path: str, key: str) -> Iterator[str]:
    for word in words:
        if field.of and word not in field.of:
            yield f"{key}: {path} is never {word}: it is one of {', '.join(field.of)}. Correct the word."


def _kinds(council: Council, kinds: Iterable[str], key: str) -> Iterator[str]:
    for kind in kinds:
        if kind not in council.kinds and kind not in set(RequestKind):
            yield f"{key}: there is no kind of request {kind}. Declare it under [kinds] or correct the word."


def _amount_setting(setting: Setting | None, name: str, key: str) -> Iterator[str]:
    if setting is None:
        yield f"{key}: there is no setting {name}. Declare it under [settings]."
    elif isinstance(setting.value, str | tuple | date | bool):
        folder = key.split("/", maxsplit=1)[0]
        yield f"{folder}/local.toml: settings.{name}: an amount is compared with it. Write a valid number."


def _path(council: Council, path: str | None, key: str, *, lawful: bool) -> Iterator[str]:
    """A field that there is not; the law may ask for one that not every council has."""
    if not path or (lawful and path.startswith("facts.")) or path_exists(council, path):
        return
    if path.startswith("facts."):
        yield f"{key}: there is no field {path}. Declare it under [facts] or correct the path."
    else:
        yield f"{key}: the intake form has no field {path}. Correct the path."


def _requirement(council: Council, need: Requirement, key: str, *, lawful: bool) -> Iterator[str]:
    asked = [name for name in ("field", "fields", "must", "forbids") if getattr(need, name)]
    if len(asked) != 1:
        yield f"{key}: needs exactly one of field, fields, must and forbids. Write one."
    yield from _path(council, need.field, f"{key}.field", lawful=lawful)
    for path in need.fields:
        yield from _path(council, path, f"{key}.fields", lawful=lawful)
    if need.outcomes and "decision" not in ((need.at,) if isinstance(need.at, str) else need.at):
        yield f'{key}.outcomes: only a decision has an outcome. Write at = "decision".'


def _paths_of_others(council: Council, place: Place) -> Iterator[str]:
    """Fields that parts other than conditions name by their path."""
    for path, part in place.parts():
        if isinstance(part, Condition):
            continue
        said = vars(part)
        named = [(field, said[field]) for field in PATHS & said.keys() if isinstance(said[field], str)]
        if isinstance(part, HearBy):
            named.append(("path", part.path))
        if isinstance(part, ListBy):
            named += [("anchor", one) for one in part.anchor]
        for field, value in named:
            yield from _path(council, value, f"{place.file}: {path}.{field}", lawful=isinstance(place.part, Law))
