"""How the tables of a file become a model, whatever parts the model has; and its faults, all of them at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from models.data import Data

Shape = TypeVar("Shape", bound=Data)
Tables = dict[str, Any]
REMEDIES = {"extra_forbidden": "unknown key. Remove it", "missing": "is missing. Write it"}


class NotSet:
    """Stands where a setting was asked for that `local.toml` does not have; that is a fault already."""


@dataclass(frozen=True)
class Parts:
    """The fields of a model by how a file writes them.

    `plain` stand together in one table, such as `[forum]`; `single` are tables of their own, `several` arrays of
    tables, `named` tables whose keys are names.
    """

    plain: frozenset[str]
    single: frozenset[str]
    several: frozenset[str]
    named: frozenset[str]


@cache
def parts_of(model: type[Data]) -> Parts:
    """The fields of a model by how a file writes them.

    Args:
        model: The model.
    """
    kinds: dict[str, set[str]] = {"plain": set(), "single": set(), "several": set(), "named": set()}
    for name, field in model.model_fields.items():
        kinds[_kind(field.annotation)].add(name)
    return Parts(**{kind: frozenset(names) for kind, names in kinds.items()})


def _kind(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return next((kind for kind in map(_kind, inside) if kind != "plain"), "plain")
    if origin is dict:
        return "named"
    if origin is tuple:
        return "several" if isinstance(inside[0], type) and issubclass(inside[0], BaseModel) else "plain"
    return "single" if isinstance(annotation, type) and issubclass(annotation, BaseModel) else "plain"


def merged(model: type[Data], plain_table: str, sources: Iterable[Tables]) -> tuple[Tables, list[str]]:
    """The parts of several sources as one: arrays add up, named entries and plain values replace, tables replace.

    Args:
        model: What they are parts of.
        plain_table: The table of the plain fields, such as `forum`.
        sources: In order; later ones go before.

    Returns:
        What the model is made from, and the keys that nothing knows.
    """
    parts = parts_of(model)
    whole: Tables = {}
    unknown: list[str] = []
    for source in sources:
        for key, value in source.items():
            if key == plain_table and isinstance(value, dict):
                unknown += [f"{key}.{name}" for name in value if name in model.model_fields and name not in parts.plain]
                whole.update({name: one for name, one in value.items() if f"{key}.{name}" not in unknown})
            elif key in parts.several and isinstance(value, list) and isinstance(whole.get(key, []), list):
                whole[key] = [*whole.get(key, []), *value]
            elif key in parts.named and isinstance(value, dict) and isinstance(whole.get(key, {}), dict):
                whole[key] = {**whole.get(key, {}), **value}
            elif key in parts.single | parts.several | parts.named:
                whole[key] = value
            else:
                unknown.append(key)
    return whole, unknown


@dataclass(frozen=True)
class Validated(Generic[Shape]):
    """A model of what is right of a file, the faults of the rest, and the keys that were left out with them."""

    value: Shape | None
    faults: list[str]
    left_out: frozenset[str] = frozenset()


def validated(model: type[Shape], body: Tables, name: str, stand_ins: Mapping[str, Any]) -> Validated[Shape]:
    """Make a model; when something is at fault, of the rest, so that the rest can be checked too.

    Args:
        model: What to make.
        body: What the file says.
        name: The file, for the faults.
        stand_ins: What stands for a field that is needed and at fault.
    """
    try:
        return Validated(model.model_validate(body), [])
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
    faults = [sentence(name, fault) for fault in found if not isinstance(fault["input"], NotSet)]
    wrong = {fault["loc"][:2] if _reaches_inside(model, fault["loc"]) else fault["loc"][:1] for fault in found}
    lighter = {key: _without(key, value, wrong) for key, value in body.items() if (key,) not in wrong}
    left_out = frozenset(".".join(map(str, loc)) for loc in wrong)
    try:
        return Validated(model.model_validate({**stand_ins, **lighter}), faults, left_out)
    except ValidationError:
        return Validated(None, faults, left_out)


def _reaches_inside(model: type[Data], loc: tuple[int | str, ...]) -> bool:
    parts = parts_of(model)
    return len(loc) > 1 and loc[0] in parts.several | parts.named


def _without(key: str, value: Any, wrong: set[tuple[int | str, ...]]) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(value, list):
        return [one for number, one in enumerate(value) if (key, number) not in wrong]
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if (key, name) not in wrong}
    return value


def sentence(name: str, fault: Any) -> str:  # noqa: ANN401 - pydantic's own shape
    """A fault of pydantic in our words: file, key and remedy.

    Args:
        name: The file.
        fault: One of `ValidationError.errors()`.
    """
    key = ".".join(str(part) for part in fault["loc"]) or "the file"
    return f"{name}: {key}: {REMEDIES.get(fault['type'], fault['msg'])}."
