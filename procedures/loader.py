"""Reads a council's folder: `council.toml`, `local.toml` and one file a forum, into one `Council`.

A fault names the file, the key and the remedy, and all faults are named at once.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import ProcedureFault
from models.intake import Law
from models.procedure import Council, Forum
from procedures.catalogue import catalogue
from procedures.checks import faults_of
from procedures.settings import LOCAL_FILE, Settings, read_local
from procedures.shapes import Tables, Validated, merged, parts_of, validated
from procedures.toml import read_toml
from procedures.watches import KINDS, LAW, law_deadlines, read_watches

HERE = Path(__file__).parent
COUNCIL_FILE = "council.toml"
LAW_FOLDER = "law"
FROM_ELSEWHERE = frozenset({"forums", "law", "law_deadlines", "stubs", "watches", *KINDS})
"""Fields of a council that `council.toml` may not have: they come from other files."""


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
    return read_council(folders[key])


def read_council(folder: Path) -> Council:
    """Read one council's folder.

    Args:
        folder: Where its files lie.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    faults: list[str] = []
    name = f"{folder.name}/{COUNCIL_FILE}"
    whole = read_toml(folder / COUNCIL_FILE, faults)
    forum_files = {
        path: read_toml(path, faults)
        for path in sorted(folder.glob("*.toml"))
        if path.name not in (COUNCIL_FILE, LOCAL_FILE)
    }
    settings = Settings(folder.name, _table(whole, "settings"), read_local(folder, faults), faults)
    parts = settings.resolved(whole.pop("shared", {}), name, "shared")
    settings.check_timetables({path.stem: body for path, body in forum_files.items()})
    forums = [
        _forum(f"{folder.name}/{path.name}", path.stem, settings.resolved(body, f"{folder.name}/{path.name}"), parts)
        for path, body in ((path, settings.timetabled(body, path.stem)) for path, body in forum_files.items())
        if body
    ]
    for forum in forums:
        faults += forum.faults
    watches = read_watches(folder, settings)
    deadlines, wrong = law_deadlines(HERE / LAW_FOLDER)
    faults += [*wrong, *(fault for watch in watches.values() for fault in watch.faults)]
    council = _council(name, folder.name, whole, settings)
    faults += council.faults
    if council.value is not None:
        known = {forum.value.key: forum.value for forum in forums if forum.value is not None}
        kept = {kind: watch.value for kind, watch in watches.items() if watch.value is not None}
        more = {"forums": known, "law": law(faults), "law_deadlines": deadlines, **kept}
        complete = council.value.model_copy(update=more)
        faults += _beyond_shape(complete, folder.name, council, forums, faults)
        if not faults:
            return complete
    raise ProcedureFault(faults or [f"{name}: cannot be read. Write it, as docs/procedures.md shows."])


def law(faults: list[str]) -> tuple[Law, ...]:
    """What the law asks of every council, from `procedures/law`: no council's file can loosen it.

    Args:
        faults: Where faults are added.
    """
    found, wrong = _law()
    faults += wrong
    return found


@cache
def _law() -> tuple[tuple[Law, ...], tuple[str, ...]]:
    faults: list[str] = []
    found: list[Law] = []
    for path in sorted((HERE / LAW_FOLDER).glob("*.toml")):
        body = read_toml(path, faults)
        known = ("law", LAW)
        faults += [f"{LAW_FOLDER}/{path.name}: {key}: unknown key. Remove it." for key in body if key not in known]
        for number, entry in enumerate(body.get("law", [])):
            made = validated(Law, entry, f"{LAW_FOLDER}/{path.name}: law.{number}", {})
            faults += made.faults
            found += [made.value] if made.value is not None and not made.faults else []
    return tuple(found), tuple(faults)


def _table(whole: Tables, key: str) -> dict[str, Any]:
    found = whole.get(key, {})
    return found if isinstance(found, dict) else {}


def _forum(name: str, stem: str, body: Tables, shared_parts: Tables) -> Validated[Forum]:
    faults: list[str] = []
    sources: list[Tables] = []
    for source in body.pop("includes", []):
        if source in shared_parts:
            sources.append(shared_parts[source])
        else:
            faults.append(f"{name}: includes: there is no [shared.{source}] in {COUNCIL_FILE}. Write it or remove it.")
    whole, unknown = merged(Forum, "forum", [*sources, body])
    faults += [f"{name}: {key}: unknown key. Remove it or move it where it belongs." for key in unknown]
    cites = next(iter(catalogue()))
    stand_ins = {"key": stem, "title": stem, "version": "", "in_force_from": date.min, "body": "elsewhere"}
    made = validated(Forum, whole, name, {**stand_ins, "cites": cites})
    if made.value is not None and made.value.key != stem:
        faults.append(
            f"{name}: forum.key: is {made.value.key}, and the file has another name. Give both the same name."
        )
    return Validated(made.value, [*faults, *made.faults], made.left_out)


def _council(name: str, folder: str, whole: Tables, settings: Settings) -> Validated[Council]:
    body = settings.resolved({key: value for key, value in whole.items() if key != "settings"}, name)
    made_of, unknown = merged(Council, "council", [body])
    unknown += [key for key in FROM_ELSEWHERE if made_of.pop(key, None) is not None]
    faults = [f"{name}: {key}: unknown key. Remove it." for key in unknown]
    made_of["settings"] = settings.filled()
    made_of["lists"] = {**_table(made_of, "lists"), **settings.local.lists}
    cites = next(iter(catalogue()))
    post = next(iter(_table(made_of, "posts")), "")
    roles = dict.fromkeys(("worker", "manager", "head", "administrator", "informed"), post)
    stand_ins = {
        "key": folder,
        "title": folder,
        "version": "",
        "authority": {},
        "clocks": {},
        "posts": {},
        "roles": {**roles, "cites": cites},
        "escalation": {"rung_working_days": 1, "cites": cites},
    }
    made = validated(Council, {**made_of, "forums": {}}, name, stand_ins)
    return Validated(made.value, [*faults, *made.faults], made.left_out)


def _beyond_shape(
    council: Council, folder: str, read: Validated[Council], forums: list[Validated[Forum]], shape: list[str]
) -> list[str]:
    """What is wrong beside the shapes, without what only follows from a part that was left out for its shape."""
    left_out = {f"{folder}/{COUNCIL_FILE}: {key}" for key in read.left_out}
    left_out |= {
        f"{folder}/{forum.value.key}.toml: {key}"
        for forum in forums
        if forum.value is not None
        for key in forum.left_out
    }
    told = {fault.rsplit(": ", 1)[0] for fault in shape}
    return [
        fault
        for fault in faults_of(council, folder)
        if not any(fault.startswith(start) for start in left_out) and fault.rsplit(": ", 1)[0] not in told
    ]


__all__ = ["HERE", "council_folders", "law", "load_council", "parts_of", "read_council", "read_local"]
