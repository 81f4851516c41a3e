"""The rota: who chairs which sitting, so that only that person agrees to a late case or opens the meeting.

A TOML file, one table a forum of a council::

    [hillingdon.harp]
    2026-12-01 = "hos-court-1"

A sitting that it does not name may be chaired by any entitled, independent person.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from activities.booking import Rota
from models.errors import ProcedureFault
from procedures.loader import council_folders, load_council

log = structlog.stdlib.get_logger(__name__)

Rotas = Mapping[str, Rota]
"""The rota of every council, by its key."""


def read_rota(path: Path) -> Rotas:
    """Read the rota; a file that is not there is an empty one.

    Args:
        path: The file.

    Raises:
        ProcedureFault: Naming every fault with file, key and remedy.
    """
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ProcedureFault([f"{path}: cannot be read as TOML: {error}. Correct that line."]) from None
    faults: list[str] = []
    rotas = {council: _council(path, council, forums, faults) for council, forums in body.items()}
    if faults:
        raise ProcedureFault(faults)
    return rotas


def _council(path: Path, council: str, forums: Any, faults: list[str]) -> dict[str, dict[date, str]]:  # noqa: ANN401 - any TOML value
    if council not in council_folders() or not isinstance(forums, dict):
        faults.append(f"{path}: {council}: is no council. Put sittings under one of {', '.join(council_folders())}.")
        return {}
    known = load_council(council).forums
    rota: dict[str, dict[date, str]] = {}
    for forum, sittings in forums.items():
        if forum not in known or not isinstance(sittings, dict):
            sitting = [key for key, one in known.items() if one.body == "sitting"]
            faults.append(f"{path}: {council}.{forum}: is no forum that sits. Use one of {', '.join(sitting)}.")
            continue
        rota[forum] = {}
        for on, staff in sittings.items():
            try:
                day = date.fromisoformat(on)
            except ValueError:
                faults.append(f"{path}: {council}.{forum}.{on}: is no date. Write it like 2026-12-01.")
                continue
            if not isinstance(staff, str) or not staff:
                faults.append(f"{path}: {council}.{forum}.{on}: names nobody. Write one staff reference.")
                continue
            rota[forum][day] = staff
    return rota


class RotaFile:
    """The rota as its file has it now: an administrator changes it without a restart.

    A file that is spoilt while Waymark runs changes nothing until it is put right.

    Args:
        path: The file.

    Raises:
        ProcedureFault: It is at fault already.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = _changed_at(path)
        self._rotas = read_rota(path)

    def __call__(self, council: str) -> Rota:
        """Who chairs, of one council.

        Args:
            council: Its key.
        """
        changed = _changed_at(self._path)
        if changed != self._seen:
            self._seen = changed
            try:
                self._rotas = read_rota(self._path)
            except ProcedureFault as fault:
                log.warning(
                    "The rota is at fault, so the one before still counts", path=self._path, count=len(fault.faults)
                )
        return self._rotas.get(council, {})


def _changed_at(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None
