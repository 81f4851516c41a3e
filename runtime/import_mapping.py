"""Which column of a spreadsheet is which field of the intake form: written in TOML, or found by the headings.

`[columns]` says under which heading a field of the form stands (`child.reference = "Child ID"`), `[fixed]` what is the
same in every row, `[words.FIELD]` what a spreadsheet's words mean, `[file]` how the file itself is written.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.referral import Referral
from runtime.import_cells import Kind
from runtime.import_files import BadFile, Table

STAGE = "stage"
REFERRED_BY = "referred_by"
BESIDE_THE_FORM = (STAGE, REFERRED_BY)
"""Columns that are not of the form: how far a case has come, and who referred it."""
GIVEN = ("council", "forum")
"""Fields that the command itself says."""
FACTS = "facts"


class FileNotes(BaseModel):
    """What is said about the file as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    header_row: int = Field(default=1, ge=1, le=100)
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    dates: Literal["day_first", "month_first"] = "day_first"
    several: str | None = Field(default=None, min_length=1)


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    file: FileNotes = FileNotes()
    columns: dict[str, Any] = {}
    fixed: dict[str, Any] = {}
    words: dict[str, Any] = {}


@dataclass(frozen=True)
class ColumnMapping:
    """Which column is which field.

    Attributes:
        columns: Headings by field.
        fixed: Fields that are the same in every row.
        words: What a spreadsheet's words mean, by field; compared without regard to case.
        notes: What is said about the file.
    """

    columns: Mapping[str, str]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: FileNotes = field(default_factory=FileNotes)


@cache
def form_fields() -> dict[str, Kind]:
    """Every field of the intake form that a cell can fill, by its dotted path, with what it holds."""
    return dict(_fields_of(Referral, ""))


def _fields_of(shape: type[BaseModel], path: str) -> Iterable[tuple[str, Kind]]:
    for name, info in shape.model_fields.items():
        if path == "" and name in (*GIVEN, FACTS, "prior", "came_from"):
            continue
        inside = _inside(info.annotation)
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            yield from _fields_of(inside, f"{path}{name}.")
        else:
            yield f"{path}{name}", _kind_of(inside)


def _inside(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """An annotation without what says that it may be left out, and without its own notes."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _inside(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return next(_inside(one) for one in get_args(annotation) if one is not type(None))
    return annotation


def _kind_of(inside: Any) -> Kind:  # noqa: ANN401 - any annotation
    if get_origin(inside) is tuple:
        return Kind.SEVERAL
    return {date: Kind.DAY, bool: Kind.YES_NO, Decimal: Kind.NUMBER}.get(inside, Kind.TEXT)


def kind_of_field(path: str, facts: Mapping[str, Kind]) -> Kind:
    """What a field holds.

    Args:
        path: The field.
        facts: The fields that the council's own form has, with what they hold.
    """
    if path in BESIDE_THE_FORM:
        return Kind.TEXT
    return {**form_fields(), **facts}[path]


def read_mapping(path: Path, facts: Iterable[str]) -> ColumnMapping:
    """A mapping as a file has it.

    Args:
        path: The TOML file.
        facts: The fields of the council's own form, each as `facts.NAME`.

    Raises:
        BadFile: It cannot be read, or names fields that there are not.
    """
    try:
        written = _Written.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        raise BadFile(f"There is no mapping at {path}: check the path.") from None
    except OSError as error:
        raise BadFile(f"The mapping {path} cannot be read ({error.strerror}): name another.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(f"The mapping {path} is not TOML ({error}): correct it there.") from None
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise BadFile(
            f"The mapping {path} cannot be read at {where}: write [file], [columns], [fixed] and [words]."
        ) from None
    known = [*form_fields(), *BESIDE_THE_FORM, *facts]
    columns = _flat(written.columns)
    fixed = _flat(written.fixed)
    words = _flat(written.words, depth_of_words=True)
    for name in (*columns, *fixed, *words):
        _require_field(path, name, known)
    wrong = next((name for name, heading in columns.items() if not isinstance(heading, str)), None)
    if wrong is not None:
        raise BadFile(f'The mapping {path} names no column for {wrong}: write {wrong} = "HEADING".')
    plain = {
        name: {plain_words(word): str(meaning) for word, meaning in said.items()}
        for name, said in words.items()
        if isinstance(said, dict)
    }
    return ColumnMapping({name: " ".join(text.split()) for name, text in columns.items()}, fixed, plain, written.file)


def _flat(tables: Mapping[str, Any], path: str = "", *, depth_of_words: bool = False) -> dict[str, Any]:
    """Nested tables by dotted paths; the innermost tables of words stay tables."""
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        innermost = (
            depth_of_words and isinstance(value, dict) and not any(isinstance(one, dict) for one in value.values())
        )
        if isinstance(value, dict) and not innermost:
            flat |= _flat(value, f"{path}{key}.", depth_of_words=depth_of_words)
        else:
            flat[f"{path}{key}"] = value
    return flat


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _require_field(path: Path, name: str, known: list[str]) -> None:
    if name in known:
        return
    if name in GIVEN:
        raise BadFile(f"The mapping {path} maps {name}: leave it out, since --{name} says it for the whole file.")
    near = _nearest(name, known)
    raise BadFile(
        f"The mapping {path} maps {name}, which is no field of the form: {near} `starter.py schema refer` shows them."
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    by_word = {plain_words(one): one for one in known}
    found = get_close_matches(plain_words(name), by_word, 1, 0.5)
    return f"did you mean {by_word[found[0]]}?" if found else "correct it."


def plain_words(text: str) -> str:
    """A heading, a field or a word without what people vary: case, spaces and signs.

    Args:
        text: As somebody wrote it.
    """
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.casefold()).split())


def fitted(mapping: ColumnMapping | None, table: Table, facts: Iterable[str]) -> ColumnMapping:
    """A mapping that fits a file: without one, each column whose heading says a field's name.

    Args:
        mapping: What somebody wrote; `None` to go by the headings.
        table: The file.
        facts: The fields of the council's own form, each as `facts.NAME`.

    Raises:
        BadFile: It names a column that the file does not have, or no heading says a field.
    """
    if mapping is None:
        return ColumnMapping(_by_headings(table, facts))
    headings = {plain_words(heading): heading for heading in table.headings if heading}
    columns: dict[str, str] = {}
    for name, wanted in mapping.columns.items():
        found = wanted if wanted in table.headings else headings.get(plain_words(wanted))
        if found is None:
            near = _nearest(wanted, (heading for heading in table.headings if heading))
            raise BadFile(f"{table.path} has no column {wanted!r}, which the mapping names for {name}: {near}")
        columns[name] = found
    return ColumnMapping(columns, mapping.fixed, mapping.words, mapping.notes)


def _by_headings(table: Table, facts: Iterable[str]) -> dict[str, str]:
    fields = {plain_words(name): name for name in (*form_fields(), *BESIDE_THE_FORM, *facts)}
    fields |= {"child ref": "child.reference", "date of birth": "child.date_of_birth", "reference": "referral_ref"}
    found = {fields[plain_words(heading)]: heading for heading in table.headings if plain_words(heading) in fields}
    if not found:
        raise BadFile(
            f"No column of {table.path} is called like a field of the form: say with --mapping which column is which."
        )
    return found
