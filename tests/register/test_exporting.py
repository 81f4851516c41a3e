import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sql
from pyarrow import parquet  # type: ignore[import-untyped]  # it has no types

from register import exporting
from register.exporting import cell_of, export, exportable, rows_of
from register.log import note_event
from register.read_models import JOURNEY, PROCESS
from register.tables import METADATA
from tests.register.rows import a_journey, a_process, insert


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_table_becomes_csv_with_iso_instants(engine: sql.Engine, tmp_path: Path) -> None:
    insert(engine, JOURNEY, a_journey(sitting=date(2031, 3, 11)), a_journey("journey/hackney/CRP-2", late=True))
    to = tmp_path / "journey.csv"
    assert export(engine, exportable()["journey"], "csv", to) == 2
    second, first = read_csv(to)
    assert (first["process_id"], first["sitting"]) == ("journey/hillingdon/HARP-1", "2031-03-11")
    assert (first["referred_at"], first["late"], first["slot"]) == ("2031-03-03T10:00:00+00:00", "false", "")
    assert second["late"] == "true"


def test_parquet_keeps_types(engine: sql.Engine, tmp_path: Path) -> None:
    insert(engine, JOURNEY, a_journey(sitting=date(2031, 3, 11)))
    to = tmp_path / "journey.parquet"
    export(engine, exportable()["journey"], "parquet", to)
    table = parquet.read_table(to)
    (row,) = table.to_pylist()
    assert str(table.schema.field("referred_at").type) == "timestamp[us, tz=UTC]"
    assert row["referred_at"] == datetime(2031, 3, 3, 10, tzinfo=UTC)
    assert (row["sitting"], row["reserve"], row["emergency"]) == (date(2031, 3, 11), None, False)


@pytest.mark.parametrize("kind", exporting.FORMATS)
def test_every_table_can_be_exported_while_it_is_empty(
    engine: sql.Engine, tmp_path: Path, kind: exporting.Format
) -> None:
    tables = exportable(with_content=True)
    assert set(tables) == set(METADATA.tables)
    for name, columns in tables.items():
        assert export(engine, columns, kind, tmp_path / f"{name}.{kind}") == 0
    header = (tmp_path / f"journey.{kind}").read_bytes()
    assert b"process_id" in header


def test_what_was_said_of_people_goes_only_when_it_is_asked_for(engine: sql.Engine, tmp_path: Path) -> None:
    insert(engine, PROCESS, a_process(standing={"decisions": {"1": {"rationale": "what the panel found"}}}))
    note_event(
        engine,
        process_id="child/hillingdon/C-1",
        what="disclosed",
        staff="tm-1",
        post="team_manager",
        at=datetime(2031, 3, 3, tzinfo=UTC),
        details={"reasons": "what the panel found"},
    )
    for name, columns in exportable().items():
        for kind in exporting.FORMATS:
            export(engine, columns, kind, tmp_path / f"{name}.{kind}")
            assert b"what the panel found" not in (tmp_path / f"{name}.{kind}").read_bytes()
    whole = exportable(with_content=True)
    export(engine, whole["process"], "csv", tmp_path / "process.csv")
    export(engine, whole["event_content"], "csv", tmp_path / "content.csv")
    assert "what the panel found" in (tmp_path / "process.csv").read_text(encoding="utf-8")
    assert "what the panel found" in (tmp_path / "content.csv").read_text(encoding="utf-8")
    assert "event_content" not in exportable()
    assert rows_of(engine, "event") == 1


def test_a_text_that_looks_like_a_formula_is_marked_as_text() -> None:
    assert cell_of("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert cell_of("+44") == "'+44"
    assert cell_of("-1+1") == "'-1+1"
    assert cell_of("@SUM(A1)") == "'@SUM(A1)"
    assert cell_of("\t=1") == "'\t=1"
    assert cell_of("HARP-1") == "HARP-1"
    assert cell_of(-1) == "-1"


def test_more_rows_than_fit_into_one_batch_are_written_once_each(engine: sql.Engine, tmp_path: Path) -> None:
    rows = [a_journey(f"journey/hillingdon/HARP-{number:05}") for number in range(exporting.AT_ONCE + 3)]
    with engine.begin() as connection:
        connection.execute(sql.insert(JOURNEY), rows)
    told: list[int] = []
    assert export(engine, exportable()["journey"], "csv", tmp_path / "journey.csv", told.append) == len(rows)
    assert told == [exporting.AT_ONCE, 3]
    assert [row["process_id"] for row in read_csv(tmp_path / "journey.csv")] == [row["process_id"] for row in rows]


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    to = tmp_path / "journey.csv"
    to.write_text("as it was", encoding="utf-8")
    broken = sql.create_engine("sqlite://")  # it has no tables
    with pytest.raises(sql.exc.OperationalError):
        export(broken, exportable()["journey"], "csv", to)
    assert to.read_text(encoding="utf-8") == "as it was"
    assert list(tmp_path.iterdir()) == [to]
