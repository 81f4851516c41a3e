"""JSON Schemas of the procedure files, so that editors complete keys and point at faults while somebody writes."""

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from models.data import Data
from models.deadlines import LawDeadline, WatchRules
from models.intake import Law
from models.procedure import Council, Forum
from models.retention import Records
from procedures.loader import FROM_ELSEWHERE, HERE
from procedures.settings import Local
from procedures.shapes import parts_of
from procedures.watches import LAW, SHAPES

FOLDER = HERE / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
A_SETTING = {
    "type": "object",
    "description": "The council's own value, from [settings] of local.toml",
    "properties": {"setting": {"type": "string"}},
    "required": ["setting"],
    "additionalProperties": False,
}
REFERS = re.compile(r'"#/\$defs/([^"]+)"')
MADE_ELSEWHERE = {"Setting": ("value",)}
"""Fields that the loader fills in."""


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by the name of its file."""
    return {
        "forum.json": _file("A forum of a council", Forum, "forum", {"includes": _names()}),
        "council.json": _file("What a whole council shares", Council, "council", {"shared": {"type": "object"}}),
        "local.json": _whole("What a council decides for itself", Local),
        "process.json": _process(),
        "law.json": _law(),
        "records.json": _records(),
    }


def write(folder: Path = FOLDER) -> list[Path]:
    """Write every schema to a file of its own.

    Args:
        folder: Where to; made when it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        path = folder / name
        path.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _names() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": "Take [shared.NAME] of council.toml first"}


def _whole(title: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"$schema": DIALECT, **model.model_json_schema(), "title": title}


def _process() -> dict[str, Any]:
    """A file of one kind of long-lived process: the parts that only some kinds have may stand in it too."""
    whole: dict[str, Any] = {"properties": {}, "$defs": {}}
    shapes: tuple[type[WatchRules], ...] = (WatchRules, *SHAPES.values())
    for model in shapes:
        made = model.model_json_schema()
        whole["properties"] |= made["properties"]
        whole["$defs"] |= made.get("$defs", {})
    needed = WatchRules.model_json_schema()["required"]
    table = {"type": "object", "properties": whole["properties"], "required": needed, "additionalProperties": False}
    definitions = {name: _open_to_settings(name, one) for name, one in whole["$defs"].items()}
    return {
        "$schema": DIALECT,
        "title": "A long-lived process of a council",
        **_open_to_settings("process", table),
        "$defs": {**definitions, "ASetting": A_SETTING},
    }


def _law() -> dict[str, Any]:
    """The law's files: requirements (`law`) and deadlines."""
    definitions: dict[str, Any] = {"ASetting": A_SETTING}
    tables: dict[str, type[BaseModel]] = {"law": Law, LAW: LawDeadline}
    for model in tables.values():
        entry = model.model_json_schema()
        inside = {**entry.pop("$defs", {}), model.__name__: entry}
        definitions |= {name: _open_to_settings(name, one) for name, one in inside.items()}
    return {
        "$schema": DIALECT,
        "title": "The law above every council",
        "type": "object",
        "properties": {
            key: {"type": "array", "items": {"$ref": f"#/$defs/{model.__name__}"}} for key, model in tables.items()
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _records() -> dict[str, Any]:
    """How long records are kept, and who may do what with them."""
    whole = Records.model_json_schema()
    definitions = {name: _open_to_words(one) for name, one in whole.pop("$defs").items()}
    return {"$schema": DIALECT, **whole, "title": "How long records are kept", "$defs": definitions}


def _open_to_words(shape: dict[str, Any]) -> dict[str, Any]:
    """A table in which a list of one word may be that word alone."""
    fields = {
        key: {"anyOf": [field, {"type": "string"}]} if field.get("items") == {"type": "string"} else field
        for key, field in shape["properties"].items()
    }
    return {**shape, "properties": fields}


def _file(title: str, model: type[Data], plain_table: str, more: dict[str, Any]) -> dict[str, Any]:
    """A file whose plain fields stand in one table and whose other fields are tables of their own."""
    whole = model.model_json_schema()
    parts = parts_of(model)
    own = {name: field for name, field in whole["properties"].items() if name not in FROM_ELSEWHERE}
    plain = {name: field for name, field in own.items() if name in parts.plain}
    needed = [name for name in whole.get("required", []) if name in plain]
    table = {"type": "object", "properties": plain, "required": needed, "additionalProperties": False}
    definitions = {name: _open_to_settings(name, one) for name, one in whole.get("$defs", {}).items()}
    properties = {
        **more,
        plain_table: _open_to_settings(plain_table, table),
        **{name: field for name, field in own.items() if name not in parts.plain},
    }
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": properties,
        "required": [plain_table],
        "additionalProperties": False,
        "$defs": _used(properties, definitions | {"ASetting": A_SETTING}),
    }


def _used(part: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions that a part refers to, and those that they refer to."""
    found: dict[str, Any] = {}
    left: list[Any] = [part]
    while left:
        for name in sorted(set(REFERS.findall(json.dumps(left.pop()))) - found.keys()):
            found[name] = definitions[name]
            left.append(definitions[name])
    return {name: one for name, one in definitions.items() if name in found}


def _open_to_settings(name: str, shape: dict[str, Any]) -> dict[str, Any]:
    """A table in which any value may be `{ setting = "name" }`, and a list of one word that word alone."""
    if "properties" not in shape:
        return shape
    left_out = MADE_ELSEWHERE.get(name, ())
    setting = {"$ref": "#/$defs/ASetting"}
    fields = {
        key: {"anyOf": [field, *_words(field), setting]}
        for key, field in shape["properties"].items()
        if key not in left_out
    }
    needed = [key for key in shape.get("required", []) if key not in left_out]
    return {**shape, "properties": fields, "required": needed}


def _words(field: dict[str, Any]) -> list[dict[str, Any]]:
    """A list of words may be one word alone, and any of its words the council's own."""
    if not any(one.get("items") == {"type": "string"} for one in (field, *field.get("anyOf", []))):
        return []
    either = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/ASetting"}]}
    return [{"type": "string"}, {"type": "array", "items": either}]
