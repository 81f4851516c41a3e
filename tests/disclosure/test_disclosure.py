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
from register.working_tables import PAPER
from tests.builders import CAROL, SECOND_PANEL, TOM
from tests.disclosure.family import MINE, MY_JOURNEY, MY_WORDS, SIBLING, SITTING, THEIR_WORDS, UNIT, keep
from tests.register.cases import write
from tests.register.entries import entry
from tests.register.rows import insert

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


def test_references_of_other_children_are_blacked_out_of_the_childs_own_texts_and_counted(
    engine: sql.Engine, tmp_path: Path
) -> None:
    keep(engine)
    process = f"placement/hillingdon/{MINE}-9"
    said = {"reasons": f"With {SIBLING}, who is {MINE}'s sister, and OTH-1; not C-SIBLINGS.", "with": [SIBLING]}
    standing = {"process": process, "child_ref": MINE, "stage": "ended", "open": False, "facts": said}
    write(engine, [([entry(1, process, details=said)], standing)])

    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)

    record, text, _ = opened(made.path)
    read = f"With [somebody else], who is {MINE}'s sister, and [somebody else]; not C-SIBLINGS."
    blacked = {"reasons": read, "with": ["[somebody else]"]}
    assert [row["details"] for row in record["events"] if row["process_id"] == process] == [blacked]
    assert [row["standing"]["facts"] for row in record["processes"] if row["process_id"] == process] == [blacked]
    assert "With [somebody else], who is" in text.replace("\n", " ")
    assert "OTH-1" not in text
    assert (made.blacked_out, made.papers_naming) == (2, 0)
    with engine.connect() as connection:
        assert next(one.details for one in entries_of(connection, process)) == said


def test_a_paper_of_the_child_that_names_another_stays_as_made_and_is_counted(
    engine: sql.Engine, tmp_path: Path
) -> None:
    keep(engine)
    paper = {"council": "hillingdon", "forum": "harp", "on": SECOND_PANEL, "kind": "decision_sheet", "version": 1}
    made_of = {"made_at": NOW, "made_by": "pat", "from_position": 1, "digest": "d", "substance": "s", "status": "draft"}
    html = f"<p>Seen with {SIBLING}.</p>"
    insert(engine, PAPER, {**paper, **made_of, "reference": "MY-1", "html": html, "pdf": b"%PDF"})

    made = disclose(engine, HILLINGDON, MINE, CAROL, "Request 1", tmp_path, NOW)

    _, _, archive = opened(made.path)
    (name,) = [name for name in archive.namelist() if name.endswith(".html")]
    assert archive.read(name).decode() == html
    assert made.papers_naming == 1
