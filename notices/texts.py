"""What people are told of each subject: the default texts, and what a council words anew."""

import string
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import ProcedureFault
from models.procedure import Council
from procedures.catalogue import catalogue
from procedures.loader import HERE, load_council

DEFAULT = Path(__file__).parent / "templates" / "default.toml"
OWN = Path("notices") / "texts.toml"
"""Where in its folder a council words texts anew: below it, so that nobody takes the file for a forum."""
ANYTHING = "*"
ENDING = "ending"
NAMES = "names"
ALWAYS = ("reference", "council", "post", "matter")
"""Placeholders that every notice has something for."""
PLACEHOLDERS = (*ALWAYS, "forum", "due", "sitting", "covers", "link")


class Text(BaseModel):
    """What is said of one subject: a title, and sentences of which those without what they name are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    text: tuple[str, ...]
    cites: tuple[str, ...] = ()


class Texts(BaseModel):
    """All texts of one council, by subject or by how subjects begin.

    `ending` comes after each; `names` are of clocks, as people call them.
    """

    model_config = ConfigDict(frozen=True)

    entries: dict[str, Text] = {}
    ending: tuple[str, ...] = ()
    names: dict[str, str] = {}

    def of(self, subject: str) -> Text:
        """The text of a subject: its own, else the one with the longest beginning that it has.

        Args:
            subject: As the rules wrote it.
        """
        return self.entries[key_of(subject, self.entries)]


def key_of(subject: str, keys: Iterable[str]) -> str:
    """The key that fits a subject best: itself, else the longest that ends with `*` and that it begins with.

    Args:
        subject: As the rules wrote it.
        keys: To choose from; `*` fits everything.
    """
    known = list(keys)
    if subject in known:
        return subject
    fitting = [key for key in known if key.endswith(ANYTHING) and subject.startswith(key.removesuffix(ANYTHING))]
    return max(fitting, key=len, default=ANYTHING)


@cache
def default_texts() -> Texts:
    """The texts that come with Waymark.

    Raises:
        ProcedureFault: They are at fault.
    """
    faults: list[str] = []
    found = _read(DEFAULT, DEFAULT.name, faults)
    if faults:
        raise ProcedureFault(faults)
    return found


@cache
def texts_for(key: str) -> Texts:
    """The texts of a council: the default ones, and over them its own.

    Args:
        key: The council's key.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    return read_texts(load_council(key), HERE / key)


def read_texts(council: Council, folder: Path) -> Texts:
    """The texts of a council whose folder may lie anywhere.

    Args:
        council: Its procedure.
        folder: Its folder.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    default = default_texts()
    path = folder / OWN
    if not path.exists():
        return default
    faults: list[str] = []
    name = f"{folder.name}/{OWN.as_posix()}"
    own = _read(path, name, faults)
    faults += _strangers(name, own.entries, default.entries, own_subjects(council))
    if faults:
        raise ProcedureFault(faults)
    return Texts(
        entries={**default.entries, **own.entries},
        ending=own.ending or default.ending,
        names={**default.names, **own.names},
    )


def own_subjects(council: Council) -> set[str]:
    """The subjects that only a council's own files make: of those whom they tell when something is done.

    Args:
        council: Its procedure.
    """
    watches = (council.placement, council.care_episode, council.support_package, council.case_transfer)
    more = (council.unit_meeting, council.forum_duty)
    return {told.subject for rules in (*watches, *more) if rules is not None for told in rules.told}


def _strangers(name: str, entries: Mapping[str, Text], known: Mapping[str, Text], own: set[str]) -> list[str]:
    """Keys that no notice would ever have, such as a misspelt one."""
    faults = []
    for key in entries:
        subject = key.removesuffix(ANYTHING)
        if key not in known and key_of(subject, known) == ANYTHING and key not in own:
            faults.append(f"{name}: {key}: no notice has this subject. Use one that docs/notices.md names.")
    return faults


def _read(path: Path, name: str, faults: list[str]) -> Texts:
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        faults.append(f"{name}: cannot be read as TOML: {error}. Correct that line.")
        return Texts()
    ending = _ending(name, body.pop(ENDING, []), faults)
    names = _names(name, body.pop(NAMES, {}), faults)
    entries = {}
    for key, value in body.items():
        found = _text(f"{name}: {key}", value, faults)
        if found is not None:
            entries[key] = found
            faults += _misplaced(f"{name}: {key}", found)
    return Texts(entries=entries, ending=ending, names=names)


def _names(name: str, value: Any, faults: list[str]) -> dict[str, str]:  # noqa: ANN401 - any TOML value
    if not isinstance(value, dict) or not all(isinstance(said, str) for said in value.values()):
        faults.append(f"{name}: {NAMES}: is no table of names. Write [{NAMES}] and below it clock = 'its name'.")
        return {}
    return value


def _ending(name: str, value: Any, faults: list[str]) -> tuple[str, ...]:  # noqa: ANN401 - any TOML value
    if not isinstance(value, list) or not all(isinstance(sentence, str) for sentence in value):
        faults.append(f"{name}: {ENDING}: is no list of sentences. Write {ENDING} = ['...'].")
        return ()
    for sentence in value:
        faults += _unknown(f"{name}: {ENDING}", sentence)
    return tuple(value)


def _text(where: str, value: Any, faults: list[str]) -> Text | None:  # noqa: ANN401 - any TOML value
    if isinstance(value, dict) and isinstance(value.get("cites"), str):
        value = {**value, "cites": [value["cites"]]}
    try:
        found = Text.model_validate(value)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_input=False, include_context=False):
            key = ".".join([where, *map(str, fault["loc"])])
            remedy = {"extra_forbidden": "unknown key. Remove it.", "missing": "is missing. Write it."}
            said = remedy.get(fault["type"], "cannot be used. Write title = '...' and text = ['...'].")
            faults.append(f"{key}: {said}")
        return None
    for sentence in (found.title, *found.text):
        faults += _unknown(where, sentence)
    faults += [f"{where}.cites: there is no rule {id_}. Correct it." for id_ in found.cites if id_ not in catalogue()]
    return found


def _unknown(where: str, sentence: str) -> list[str]:
    try:
        parts = [part for part in string.Formatter().parse(sentence) if part[1] is not None]
    except ValueError:
        return [f"{where}: a brace stands alone. Write placeholders as {{reference}}."]
    return [
        *(
            f"{where}: there is no placeholder {{{name}}}. Use one of {', '.join(PLACEHOLDERS)}."
            for _, name, _, _ in parts
            if name not in PLACEHOLDERS
        ),
        *(
            f"{where}: {{{name}}} says more than its name. Write {{{name}}} and nothing more in the braces."
            for _, name, shape, turned in parts
            if shape or turned
        ),
    ]


def _misplaced(where: str, found: Text) -> list[str]:
    """A title is always shown, so that it may only name what every notice has."""
    faults = _unknown(where, found.title)
    named = () if faults else [name for _, name, _, _ in string.Formatter().parse(found.title) if name]
    return [
        f"{where}.title: not every notice has {{{name}}}. Name it in the text instead."
        for name in dict.fromkeys(named)
        if name in PLACEHOLDERS and name not in ALWAYS
    ]
