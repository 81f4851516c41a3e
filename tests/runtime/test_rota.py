"""The rota: who chairs which sitting, read anew when its file changes."""

import os
from datetime import date
from pathlib import Path

import pytest

from models.errors import ProcedureFault
from procedures.loader import council_folders
from runtime.rota import RotaFile, read_rota
from runtime.staff import read_staff

EXAMPLES = Path(__file__).parents[2] / "examples"
TUESDAY = date(2031, 3, 11)


def write(path: Path, text: str, written_at: int) -> None:
    path.write_text(text, encoding="utf-8")
    # A file system's clock may be too coarse for a test.
    os.utime(path, (written_at, written_at))


def test_a_rota_names_the_chair_of_a_sitting(tmp_path: Path) -> None:
    write(tmp_path / "rota.toml", '[hillingdon.harp]\n2031-03-11 = "hos-court-1"', 1)

    assert read_rota(tmp_path / "rota.toml") == {"hillingdon": {"harp": {TUESDAY: "hos-court-1"}}}


def test_without_a_file_the_rota_is_empty(tmp_path: Path) -> None:
    rota = RotaFile(tmp_path / "rota.toml")

    assert rota("hillingdon") == {}


def test_everybody_on_the_example_rota_is_in_the_example_directory() -> None:
    staff = read_staff(EXAMPLES / "staff.toml").actors
    named = {who for forum in read_rota(EXAMPLES / "rota.toml")["hillingdon"].values() for who in forum.values()}

    assert named
    assert named <= staff.keys()


def test_every_fault_of_the_rota_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "rota.toml"
    text = """
        [hillingdon.harp]
        tuesday = "hos-court-1"
        2031-03-11 = 7

        [hillingdon.high_cost]
        2031-03-11 = "hos-court-1"

        [camden.panel]
        2031-03-11 = "hos-court-1"
    """
    write(path, text, 1)

    with pytest.raises(ProcedureFault) as fault:
        read_rota(path)

    assert [line.removeprefix(f"{path}: ") for line in fault.value.faults] == [
        "hillingdon.harp.tuesday: is no date. Write it like 2026-12-01.",
        "hillingdon.harp.2031-03-11: names nobody. Write one staff reference.",
        "hillingdon.high_cost: is no forum that sits. Use one of complex_harp, harp.",
        f"camden: is no council. Put sittings under one of {', '.join(council_folders())}.",
    ]


def test_a_change_of_the_file_counts_at_once_and_a_spoilt_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rota.toml"
    rota = RotaFile(path)

    write(path, '[hillingdon.harp]\n2031-03-11 = "hos-court-1"', 1)
    assert rota("hillingdon") == {"harp": {TUESDAY: "hos-court-1"}}
    write(path, "[hillingdon.harp", 2)
    assert rota("hillingdon") == {"harp": {TUESDAY: "hos-court-1"}}
    write(path, '[hillingdon.harp]\n2031-03-11 = "hos-lac-1"', 3)
    assert rota("hillingdon") == {"harp": {TUESDAY: "hos-lac-1"}}


def test_a_rota_that_is_spoilt_from_the_start_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path / "rota.toml", "[hillingdon.harp", 1)

    with pytest.raises(ProcedureFault, match="cannot be read as TOML"):
        RotaFile(tmp_path / "rota.toml")
