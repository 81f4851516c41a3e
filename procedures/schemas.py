"""JSON Schemas of the procedure files, so that editors complete keys and point at faults while somebody writes."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from models.data import Data
from models.intake import Law
from models.procedure import Council, Forum
from procedures.loader import FROM_ELSEWHERE, HERE
from procedures.settings import Local
from procedures.shapes import parts_of

FOLDER = HERE / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
A_SETTING = {
    "type": "object",
    "description": "The council's own value, from [settings] of local.toml",
    "properties": {"setting": {"type": "string"}},
    "required": ["setting"],
    "additionalProperties": False,
}
MADE_ELSEWHERE = {"Setting": ("value",)}
"""Fields that the loader fills in."""


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by the name of its file."""
    return {
        "forum.json": _file("A forum of a council", Forum, "forum", {"includes": _names()}),
        "council.json": _file("What a whole council shares", Council, "council", {"shared": {"type": "object"}}),
        "local.json": _whole("What a council decides for itself", Local),
        "law.json": _law(),
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


def _law() -> dict[str, Any]:
    schema = _whole("The law above every council", Law)
    definitions = schema.pop("$defs", {})
    entry = _open_to_settings("Law", {key: one for key, one in schema.items() if key not in ("$schema", "title")})
    definitions = {name: _open_to_settings(name, one) for name, one in definitions.items()} | {"ASetting": A_SETTING}
    entries = {"type": "array", "items": {"$ref": "#/$defs/Law"}}
    return {
        "$schema": DIALECT,
        "title": schema["title"],
        "type": "object",
        "properties": {"law": entries},
        "additionalProperties": False,
        "$defs": {**definitions, "Law": entry},
    }


def _file(title: str, model: type[Data], plain_table: str, more: dict[str, Any]) -> dict[str, Any]:
    """A file whose plain fields stand in one table and whose other fields are tables of their own."""
    whole = model.model_json_schema()
    parts = parts_of(model)
    own = {name: field for name, field in whole["properties"].items() if name not in FROM_ELSEWHERE}
    plain = {name: field for name, field in own.items() if name in parts.plain}
    needed = [name for name in whole.get("required", []) if name in plain]
    table = {"type": "object", "properties": plain, "required": needed, "additionalProperties": False}
    definitions = {name: _open_to_settings(name, one) for name, one in whole.get("$defs", {}).items()}
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": {
            **more,
            plain_table: _open_to_settings(plain_table, table),
            **{name: field for name, field in own.items() if name not in parts.plain},
        },
        "required": [plain_table],
        "additionalProperties": False,
        "$defs": {key: one for key, one in definitions.items() if key != model.__name__} | {"ASetting": A_SETTING},
    }


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
