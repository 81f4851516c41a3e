"""Everything about one child, and nothing about another."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sql

from disclosure.archive import disclose
from models.errors import Refused
from procedures.loader import load_council
from register.log import entries_of
from register.verify import verify
from tests.builders import CAROL, TOM
from tests.disclosure.family import MINE, MY_JOURNEY, MY_WORDS, SITTING, THEIR_WORDS, UNIT, keep
from tests.register.cases import write
from tests.register.entries import entry

NOW = datetime(2031, 4, 1, 9, 30, tzinfo=UTC)
HILLINGDON = load_council("hillingdon")


def opened(path: Path) -> tuple[dict[str, Any], str, zipfile.ZipFile]:
    archive = zipfile.ZipFile(path)
    pdf = pypdf.PdfReader(io.BytesIO(archive.read("record.pdf")))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    return json.loads(archive.read("record.json")), text, archive


def test_all_that_was_said_of_a_child_comes_along_and_nothing_of_a_sibling_on_the_same_agenda(
    engine: sql.Engine, tmp_path: Path
) -> None:
    keep(engine)

    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)

    record, text, archive = opened(made.path)
    whole = json.dumps(record)
    for word in MY_WORDS:
        assert word in whole, word
        assert word in text.replace("\n", ""), word
    for name in archive.namelist():
        said = text if name.endswith(".pdf") else archive.read(name).decode()
        for word in (*THEIR_WORDS, "SIB-1", "OTH-1", "C-SIBLING", "C-OTHER"):
            assert word not in said, (name, word)
    assert {MY_JOURNEY} == {row["process_id"] for row in record["processes"]}
    assert {SITTING, UNIT} == set(record["shared_with_others"])
    assert [line["referral_ref"] for line in record["agenda_lines"]] == ["MY-1"]
    spoken = [row for row in record["events"] if row["process_id"] == UNIT]
    assert [row["details"]["summary"] for row in spoken] == ["mine-discussed"]
    times = [row["at"] for row in record["events"]]
    assert times == sorted(times)


def test_a_disclosure_is_on_record_with_the_digest_of_the_archive(engine: sql.Engine, tmp_path: Path) -> None:
    keep(engine)

    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)

    with engine.connect() as connection:
        (said,) = entries_of(connection, f"child/hillingdon/{MINE}")
    assert (said.what, said.staff, said.details["reason"]) == ("disclosed", "carol", "Request 1")
    assert said.details["archive"] == hashlib.sha256(made.path.read_bytes()).hexdigest() == made.digest
    assert verify(engine).faults == ()
    assert made.path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob("*.part")) == []
    second = disclose(engine, HILLINGDON, MINE, CAROL, "Request 2", tmp_path, NOW)
    assert "Request 1" in zipfile.ZipFile(second.path).read("record.json").decode()


def test_the_record_is_a_tagged_pdf_with_a_title_and_a_language(engine: sql.Engine, tmp_path: Path) -> None:
    keep(engine)
    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)
    pdf = pypdf.PdfReader(io.BytesIO(zipfile.ZipFile(made.path).read("record.pdf")))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"What is held about {MINE}"


@pytest.mark.parametrize(("child", "code"), [("C-NOBODY", "unknown"), (MINE, "not_authorised")])
def test_a_disclosure_that_is_refused_leaves_no_file_and_no_event(
    engine: sql.Engine, tmp_path: Path, child: str, code: str
) -> None:
    keep(engine)
    folder = tmp_path / "out"
    with pytest.raises(Refused) as refused:
        disclose(engine, HILLINGDON, child, TOM if code == "not_authorised" else CAROL, "Request 1", folder, NOW)
    assert refused.value.code == code
    assert not folder.exists()
    with engine.connect() as connection:
        assert entries_of(connection, f"child/hillingdon/{child}") == []


def test_every_kind_of_process_about_the_child_comes_along_and_no_other_councils(
    engine: sql.Engine, tmp_path: Path
) -> None:
    ids = [f"{kind}/hillingdon/{MINE}-9" for kind in ("placement", "episode", "package", "transfer")]
    for process in (*ids, f"placement/hackney/{MINE}-9", "placement/hillingdon/THEIRS-9"):
        child = "C-THEIRS" if "THEIRS" in process else MINE
        standing = {"process": process, "child_ref": child, "stage": "ended", "open": False, "facts": {}}
        write(engine, [([entry(1, process, details={"reasons": f"narrative of {process}"})], standing)])

    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)

    record, text, _ = opened(made.path)
    assert {row["process_id"] for row in record["processes"]} == set(ids)
    said = {row["details"]["reasons"] for row in record["events"]}
    assert said == {f"narrative of {process}" for process in ids}
    assert "hackney" not in text
    assert "THEIRS" not in text
