"""Reads a council's folder: `council.toml`, `local.toml` and one file a forum, into one `Council`.

A fault names the file, the key and the remedy, and all faults are named at once.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import ProcedureFault
from models.procedure import Council, Forum
from models.snapshot import shared
from procedures.checks import faults_of

HERE = Path(__file__).parent
COUNCIL_FILE = "council.toml"
LOCAL_FILE = "local.toml"
FORUM_PARTS = ("schedule", "cut_off", "capacity", "quorum", "by_post", "disagreement")
FORUM_LISTS = (
    "seats",
    "chain",
    "criteria",
    "requirements",
    "documents",
    "options",
    "checkpoints",
    "onward",
    "prompts",
)
COUNCIL_PARTS = ("council", "posts", "roles", "settings", "escalation", "emergency", "authority", "clocks", "shared")


class Local(BaseModel):
    """`local.toml`: what a council decides for itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    closure_days: tuple[date, ...] = ()
    settings: dict[str, int | float] = {}


def council_folders(root: Path = HERE) -> dict[str, Path]:
    """The folder of every council, by its key.

    Args:
        root: Where the folders lie.
    """
    return {path.parent.name: path.parent for path in sorted(root.glob(f"*/{COUNCIL_FILE}"))}


@cache
def load_council(key: str, root: Path = HERE) -> Council:
    """A council's whole procedure.

    Args:
        key: The council's key: the name of its folder.
        root: Where the folders lie.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    folders = council_folders(root)
    if key not in folders:
        raise ProcedureFault([f"There is no council {key}. Known councils: {', '.join(folders) or 'none'}."])
    return shared(read_council(folders[key]))


def read_council(folder: Path) -> Council:
    """Read one council's folder.

    Args:
        folder: Where its files lie.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    faults: list[str] = []
    whole = _read(folder / COUNCIL_FILE, faults)
    local = read_local(folder, faults)
    forums = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name not in (COUNCIL_FILE, LOCAL_FILE):
            forum = _forum(path, whole.get("shared", {}), faults)
            if forum is not None:
                forums[forum.key] = forum
    faults.extend(
        f"{folder.name}/{COUNCIL_FILE}: {key}: unknown key. Remove it." for key in whole if key not in COUNCIL_PARTS
    )
    settings = _settings(folder, whole.get("settings", {}), local, faults)
    if faults:
        raise ProcedureFault(faults)
    body = {part: whole[part] for part in COUNCIL_PARTS if part in whole and part not in ("council", "shared")}
    try:
        council = Council.model_validate({**whole.get("council", {}), **body, "settings": settings, "forums": forums})
    except ValidationError as error:
        raise ProcedureFault(_sentences(f"{folder.name}/{COUNCIL_FILE}", error)) from None
    faults = faults_of(council, folder.name)
    if faults:
        raise ProcedureFault(faults)
    return council


def read_local(folder: Path, faults: list[str]) -> Local:
    """The council's own decisions.

    Args:
        folder: Where its files lie.
        faults: Where faults are added.
    """
    try:
        return Local.model_validate(_read(folder / LOCAL_FILE, faults))
    except ValidationError as error:
        faults.extend(_sentences(f"{folder.name}/{LOCAL_FILE}", error))
        return Local()


def _read(path: Path, faults: list[str]) -> dict[str, Any]:
    name = f"{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        faults.append(f"{name}: the file is missing. Write it, as docs/procedures.md shows.")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{name}: not TOML: {error}. Correct that line.")
    return {}


def _forum(path: Path, shared: dict[str, Any], faults: list[str]) -> Forum | None:
    name = f"{path.parent.name}/{path.name}"
    body = _read(path, faults)
    if not body:
        return None
    parts: dict[str, Any] = {}
    for source in (*body.pop("includes", []), ""):
        if source and source not in shared:
            faults.append(f"{name}: includes: there is no [shared.{source}] in {COUNCIL_FILE}. Write it or remove it.")
            continue
        for key, value in (shared[source] if source else body).items():
            if key in FORUM_LISTS:
                parts[key] = [*parts.get(key, []), *value]
            elif key in FORUM_PARTS or key == "forum":
                parts[key] = value
            else:
                faults.append(f"{name}: {key}: unknown key. Remove it or move it where it belongs.")
    try:
        return Forum.model_validate({**parts.pop("forum", {}), **parts})
    except ValidationError as error:
        faults.extend(_sentences(name, error))
        return None


def _settings(folder: Path, declared: dict[str, Any], local: Local, faults: list[str]) -> dict[str, Any]:
    name = f"{folder.name}/{LOCAL_FILE}"
    faults.extend(
        f"{name}: settings.{key}: the procedure does not know it. Remove it."
        for key in local.settings
        if key not in declared
    )
    filled = {}
    for key, setting in declared.items():
        if key not in local.settings:
            faults.append(
                f"{name}: settings.{key}: is not set and has no default ({setting.get('title', key)}). "
                f"Write `{key} = ...` under [settings]."
            )
        else:
            filled[key] = {**setting, "value": local.settings[key]}
    return filled


def _sentences(name: str, error: ValidationError) -> list[str]:
    remedies = {"extra_forbidden": "unknown key. Remove it", "missing": "is missing. Write it"}
    return [
        f"{name}: {'.'.join(str(part) for part in fault['loc'])}: {remedies.get(fault['type'], fault['msg'])}."
        for fault in error.errors(include_url=False, include_context=False)
    ]
