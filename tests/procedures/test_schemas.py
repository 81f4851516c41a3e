"""The JSON Schemas of the procedure files: as committed, and every file of every council fits them."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from procedures.loader import HERE
from procedures.schemas import FOLDER, schemas, write

VALIDATORS = {name: Draft202012Validator(schema) for name, schema in schemas().items()}
FILES = sorted([*HERE.glob("*/*.toml"), *HERE.glob("*/processes/*.toml")])
KINDS = {"council": "council.json", "local": "local.json"}


def plain(value: Any) -> Any:  # noqa: ANN401 - any TOML value
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def test_the_committed_schemas_are_those_of_the_models() -> None:
    committed = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
    assert committed == json.loads(json.dumps(schemas())), "run starter.py procedures schema --write procedures/schema"


def test_schemas_can_be_written_anywhere(tmp_path: Path) -> None:
    assert sorted(path.name for path in write(tmp_path / "new")) == sorted(schemas())


@pytest.mark.parametrize("path", FILES, ids=lambda path: "-".join(path.relative_to(HERE).with_suffix("").parts))
def test_every_file_fits_its_schema(path: Path) -> None:
    folders = {"law": "law.json", "processes": "process.json", "records": "records.json"}
    kind = folders.get(path.parent.name) or KINDS.get(path.stem, "forum.json")
    body = plain(tomllib.loads(path.read_text(encoding="utf-8")))
    assert [f"{error.json_path}: {error.message}" for error in VALIDATORS[kind].iter_errors(body)] == []


@pytest.mark.parametrize(
    ("body", "key"),
    [({"forum": {"key": "x"}}, "title"), ({"forum": {}, "shedule": {}}, "shedule"), ({}, "forum")],
)
def test_what_is_wrong_does_not_fit(body: dict[str, Any], key: str) -> None:
    assert any(key in error.message for error in VALIDATORS["forum.json"].iter_errors(body))
