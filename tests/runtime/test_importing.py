"""Open journeys from a spreadsheet, through the gateway and a real worker."""

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql

from models.people import Actor
from models.vocabulary import Stage
from procedures.loader import load_council
from register.tables import EVENT
from runtime.import_files import open_table
from runtime.import_mapping import fitted, read_mapping
from runtime.import_rows import RowReader, facts_of
from runtime.importing import AT_ONCE, Effect, Importer, RowReport
from runtime.staff import StaffDirectory, read_staff
from tests.workflows.support import Running, running

ROOT = Path(__file__).parents[2]
SHEET = ROOT / "examples" / "import" / "panel-spreadsheet.csv"
MAPPING = ROOT / "examples" / "import" / "panel-spreadsheet.toml"
MANAGER = Actor(staff="tm-cin-1", post="team_manager", council="hillingdon", unit="children in need")


def staff() -> StaffDirectory:
    return read_staff(ROOT / "examples" / "staff.toml")


def sheet(path: Path, **changes: dict[str, str]) -> Path:
    """The example with cells changed: rows by reference, columns by heading; a new reference is a copy of the first."""
    with SHEET.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["Ref"]: row for row in csv.DictReader(file)}
    first = next(iter(rows.values()))
    for reference, cells in changes.items():
        name = reference.replace("_", "-")
        rows[name] = {**rows.get(name, first), "Ref": name, **cells}
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, list(first), delimiter=";")
        writer.writeheader()
        writer.writerows(rows.values())
    return path


def importer(way_in: Running, path: Path, mapping: Path = MAPPING) -> Importer:
    council = load_council("hillingdon")
    table, facts = open_table(path), facts_of(council)
    reader = RowReader(table, fitted(read_mapping(mapping, facts), table, facts), council, "harp")
    return Importer(reader, MANAGER, way_in.gateway, way_in.register, way_in.client, staff())


async def told(reports: AsyncIterator[RowReport]) -> dict[str | None, RowReport]:
    return {report.reference: report async for report in reports}


def events(way_in: Running) -> int:
    with way_in.register.engine.connect() as connection:
        return connection.scalar(sql.select(sql.func.count()).select_from(EVENT)) or 0


async def processes(way_in: Running, wanted: int) -> int:
    """How many there are, once the server's list has caught up with what is wanted: it is a moment behind."""
    async with asyncio.timeout(20):
        while (found := (await way_in.client.count_workflows()).count) < wanted:
            continue
    return found


@pytest.fixture
async def way_in(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as found:
        yield found


async def test_a_spreadsheet_is_looked_at_brought_in_and_found_again(way_in: Running, tmp_path: Path) -> None:
    path = sheet(tmp_path / "cases.csv")
    now = datetime.now(UTC)

    foreseen = await told(importer(way_in, path).look(now))
    assert [(one.effect, one.stage) for one in foreseen.values()] == [(Effect.STARTS, "awaiting_sign_off")] * 2
    assert all(one.sitting is not None and one.sitting > now.date() for one in foreseen.values())
    assert "sign off" in (foreseen["IMP-3002"].remark or "")  # whoever brings a referral in does not sign it off too
    assert (events(way_in), await processes(way_in, 0)) == (0, 0)

    brought = await told(importer(way_in, path).bring(now))
    assert [(one.effect, one.faults) for one in brought.values()] == [(Effect.STARTED, ())] * 2
    view = await way_in.at_rest("journey/hillingdon/IMP-3001")
    assert (view.stage, view.child_ref) == (Stage.AWAITING_SIGN_OFF, "C-60001")
    (entry,) = [one for one in way_in.register.events(view.process) if one.what == "refer"]
    assert (entry.staff, entry.post, entry.on_behalf_of) == ("tm-cin-1", "team_manager", None)

    before = await processes(way_in, len(brought))
    again = await told(importer(way_in, path).bring(now))
    assert [one.effect for one in again.values()] == [Effect.RUNS_ALREADY] * 2
    assert await processes(way_in, before) == before

    other = sheet(tmp_path / "changed.csv", IMP_3001={"What is asked for": "Something else."})
    (fault,) = (await told(importer(way_in, other).look(now)))["IMP-3001"].faults
    assert (fault.column, "request.summary" in fault.sentence) == ("What is asked for", True)
    assert "Something else" not in fault.sentence


async def test_every_fault_of_every_row_is_told_with_its_column_and_nothing_is_written(
    way_in: Running, tmp_path: Path
) -> None:
    path = sheet(
        tmp_path / "cases.csv",
        IMP_1={"DOB": "14/05/19", "Cost now (pw)": "a lot", "Funding?": "perhaps", "Child ID": "C 1"},
        IMP_2={"Request": "a boat"},
        IMP_3={"Criteria": "HIL-999", "Social worker": "tm-cin-1"},
        IMP_4={"Service": ""},
        IMP_5={"Where it stands": "decided"},
        IMP_6={"Social worker": "somebody"},
        IMP_8={"Social worker": "sw-cin-1"},
        IMP_7={"Child's views": "", "Social worker": "tm-cin-1"},
    )
    with path.open("a", encoding="cp1252") as file:
        file.write("IMP-3001;C-1\r\n")
    mapping = tmp_path / "mapping.toml"
    text = MAPPING.read_text(encoding="utf-8")
    mapping.write_text(text.replace("[columns]", '[columns]\nreferred_by = "Social worker"'), encoding="utf-8")

    found = await told(importer(way_in, path, mapping).look(datetime.now(UTC)))

    assert {fault.column for fault in found["IMP-1"].faults} == {"DOB", "Cost now (pw)", "Funding?", "Child ID"}
    assert all(found[f"IMP-{number}"].effect is Effect.FAULTY for number in range(1, 8))
    assert [fault.column for fault in found["IMP-4"].faults] == ["Service"]
    assert [fault.column for fault in found["IMP-5"].faults] == ["Where it stands"]
    assert [fault.column for fault in found["IMP-6"].faults] == ["Social worker"]
    assert "does not stand in for sw-cin-1" in found["IMP-8"].faults[0].sentence
    assert "unknown" in found["IMP-3"].faults[0].sentence
    assert "incomplete" in found["IMP-7"].faults[0].sentence
    assert any("Row 2 has the same reference" in fault.sentence for fault in found["IMP-3001"].faults)
    assert all(fault.remedy for report in found.values() for fault in report.faults)
    assert (events(way_in), await processes(way_in, 0)) == (0, 0)


async def test_what_broke_off_in_the_middle_goes_on_where_it_stopped(way_in: Running, tmp_path: Path) -> None:
    path = sheet(tmp_path / "cases.csv", **{f"IMP_{number}": {"Child ID": f"C-{number}"} for number in range(10, 22)})
    now = datetime.now(UTC)
    first = importer(way_in, path).bring(now)
    async for report in first:
        assert report.effect is Effect.STARTED
        break
    await first.aclose()  # type: ignore[attr-defined]  # an async generator
    assert await processes(way_in, AT_ONCE) == AT_ONCE

    rest = await told(importer(way_in, path).bring(now))

    assert len(rest) == 14
    assert sum(one.effect is Effect.RUNS_ALREADY for one in rest.values()) == AT_ONCE
    assert await processes(way_in, 14) == 14
