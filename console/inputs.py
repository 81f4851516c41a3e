"""Reads what people type and the files that they name; what cannot be used is told in one sentence."""

import json
import sys
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from console.errors import BadInput
from console.shapes import ACTS_OF, STARTS, kind_of
from models.referral import Referral
from procedures.loader import load_council
from runtime.people import with_people
from runtime.staff import StaffDirectory

M = TypeVar("M", bound=BaseModel)

FAULTS_TOLD = 5
STANDARD_INPUT = "-"
REMEDIES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field that is known here",
}


def read_form(path: Path) -> Referral:
    """An intake form.

    Args:
        path: A JSON file.

    Raises:
        BadInput: It is not there, not JSON, or not a whole form.
    """
    form = _json(_text_of(path, "form"), str(path))
    return _shaped(Referral, form, str(path), "refer")


def read_with(given: str | None) -> dict[str, Any]:
    """What `--with` says: JSON as it stands, or `@file`, or `@-` for standard input.

    Args:
        given: As typed; nothing is an empty object.

    Raises:
        BadInput: It is not a JSON object.
    """
    if given is None:
        return {}
    if not given.startswith("@"):
        return _json(given, "--with")
    name = given[1:]
    if name == STANDARD_INPUT:
        return _json(sys.stdin.read(), "standard input")
    return _json(_text_of(Path(name), "file"), name)


def _text_of(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput(f"There is no {what} at {path}: check the path.") from None
    except OSError as error:
        raise BadInput(f"The {what} {path} cannot be read ({error.strerror}): name another.") from None
    except UnicodeDecodeError:
        raise BadInput(f"The {what} {path} is not text in UTF-8: save it as UTF-8.") from None


def _json(text: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{name} is not JSON (line {error.lineno}, column {error.colno}: {error.msg}): correct it there."
        ) from None
    if not isinstance(found, dict):
        raise BadInput(f"{name} holds a JSON {_kind(found)}: write an object, such as {{}}.")
    return found


def _kind(value: object) -> str:
    match value:
        case list():
            return "list"
        case str():
            return "text"
        case bool() | None:
            return "word"
        case _:
            return "number"


def _shaped(shape: type[M], value: Any, name: str, schema: str) -> M:  # noqa: ANN401 - any JSON value
    try:
        # As JSON, so that a fault speaks of arrays and objects, as whoever wrote it does.
        return shape.model_validate_json(json.dumps(value))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False, include_input=False)
    told = [_fault(fault["loc"], fault["type"], fault["msg"]) for fault in faults[:FAULTS_TOLD]]
    more = f" and {len(faults) - FAULTS_TOLD} more" if len(faults) > FAULTS_TOLD else ""
    raise BadInput(f"{name}: {'; '.join(told)}{more}: correct it, as `starter.py schema {schema}` shows.")


def _fault(where: tuple[int | str, ...], kind: str, message: str) -> str:
    path = ".".join(str(part) for part in where)
    said = REMEDIES.get(kind) or message.removeprefix("Value error, ").removeprefix("Input ")
    return f"{path}: {said}" if path and kind not in REMEDIES else f"{path} {said}".lstrip()


def details_of(process_id: str, act: str, given: dict[str, Any], staff: StaffDirectory, council: str) -> dict[str, Any]:
    """What an act says, checked in its shape, with people in the place of their references.

    Args:
        process_id: The process.
        act: The act.
        given: As read.
        staff: Who is who.
        council: The council of the process.

    Raises:
        BadInput: A field is missing, unknown or of the wrong kind.
        UnknownStaff: It names somebody whom the directory does not have.
    """
    details = with_people(given, staff.actor, load_council(council).posts)
    _shaped(ACTS_OF[kind_of(process_id)][act], details, act, act)
    return details


def beginning_of(act: str, given: dict[str, Any], staff: StaffDirectory, council: str) -> dict[str, Any]:
    """What starts a watch, checked in its shape, with people in the place of their references.

    Args:
        act: The act that starts it.
        given: As read.
        staff: Who is who.
        council: The council of whoever starts it.

    Raises:
        BadInput: A field is missing, unknown or of the wrong kind.
        UnknownStaff: It names somebody whom the directory does not have.
    """
    details = with_people(given, staff.actor, load_council(council).posts)
    _shaped(STARTS[act], details, act, act)
    return details
