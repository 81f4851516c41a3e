"""`report` and `register export`: what people type and read."""

import json
from pathlib import Path

import openpyxl
import pytest

from console.errors import ExitStatus
from tests.console.conftest import Run


@pytest.mark.parametrize("name", ["activity", "placements", "timeliness"])
def test_a_report_is_shown_printed_and_written(run: Run, tmp_path: Path, name: str) -> None:
    asked = ("report", name, "--council", "hillingdon", "--quarter", "2025Q1")
    shown = run(*asked)
    assert shown.exit_code == ExitStatus.DONE
    assert "Quarter 1 of 2025/26 (April to June 2025)" in shown.output
    assert json.loads(run(*asked, "--json").stdout)["council"] == "hillingdon"
    for ending in ("xlsx", "html"):
        written = run(*asked, "--write", str(tmp_path / f"report.{ending}"))
        assert written.exit_code == ExitStatus.DONE
    assert openpyxl.load_workbook(tmp_path / "report.xlsx").sheetnames[0] == "About"
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--quarter", "2025Q5"), "'2025Q5' is no quarter"),
        (("--quarter", "2025Q1", "--month", "2025-05"), "Several periods were given"),
        (("--write", "report.pdf"), "report.pdf is no kind of file that a report is written to"),
        (("--write", "nowhere/report.html"), "nowhere/report.html cannot be written"),
        (("--year", "2200"), "has not begun"),
    ],
)
def test_what_cannot_be_reported_is_said_in_a_sentence(run: Run, more: tuple[str, ...], sentence: str) -> None:
    found = run("report", "activity", "--council", "hillingdon", *more)
    assert found.exit_code == ExitStatus.BAD_INPUT
    assert sentence in found.output


def test_a_report_or_a_council_that_there_is_not_is_said_so(run: Run) -> None:
    assert "There is no report" in run("report", "weather", "--council", "hillingdon").output
    assert run("report", "activity", "--council", "wayford").exit_code == ExitStatus.BAD_INPUT
