"""Reads a council's `processes/*.toml`: placements, episodes, packages, transfers, unit meetings and duties."""

from functools import cache
from pathlib import Path
from typing import get_args

from models.deadlines import LawDeadline, WatchKind, WatchRules
from models.moving import TransferRules, UnitMeetingRules
from procedures.settings import Settings
from procedures.shapes import Validated, merged, validated
from procedures.toml import read_toml

PROCESSES = "processes"
"""The folder of a council's long-lived processes, beside its forums."""
SHAPES: dict[str, type[WatchRules]] = {"case_transfer": TransferRules, "unit_meeting": UnitMeetingRules}
KINDS: tuple[str, ...] = get_args(WatchKind)
LAW = "deadline"


def read_watches(folder: Path, settings: Settings) -> dict[str, Validated[WatchRules]]:
    """What each file of the folder says, by its kind.

    Args:
        folder: The council's folder.
        settings: Its settings; faults are added there.
    """
    found: dict[str, Validated[WatchRules]] = {}
    for path in sorted((folder / PROCESSES).glob("*.toml")):
        name = f"{folder.name}/{PROCESSES}/{path.name}"
        faults: list[str] = []
        body = settings.resolved(read_toml(path, faults), name)
        if path.stem not in KINDS:
            faults.append(f"{name}: there is no process {path.stem}. Name the file after one of {', '.join(KINDS)}.")
            found[path.stem] = Validated(None, faults)
            continue
        shape = SHAPES.get(path.stem, WatchRules)
        plain = {key: body.pop(key) for key in list(body) if not isinstance(body[key], dict | list) or key in _PLAIN}
        whole, unknown = merged(shape, "process", [{**body, "process": plain}])
        faults += [f"{name}: {key}: unknown key. Remove it." for key in unknown]
        stand_ins = {"title": path.stem, "version": "", "in_force_from": "2000-01-01", "cites": "A1"}
        made = validated(shape, whole, name, stand_ins)
        found[path.stem] = Validated(made.value, [*faults, *made.faults], made.left_out)
    return found


_PLAIN = frozenset({"cites", "law"})


@cache
def law_deadlines(folder: Path) -> tuple[tuple[LawDeadline, ...], tuple[str, ...]]:
    """The law's deadlines, and the faults of their files.

    Args:
        folder: Where the law's files lie.
    """
    faults: list[str] = []
    found: list[LawDeadline] = []
    for path in sorted(folder.glob("*.toml")):
        for number, entry in enumerate(read_toml(path, []).get(LAW, [])):
            made = validated(LawDeadline, entry, f"{folder.name}/{path.name}: {LAW}.{number}", {})
            faults += made.faults
            found += [made.value] if made.value is not None and not made.faults else []
    return tuple(found), tuple(faults)
